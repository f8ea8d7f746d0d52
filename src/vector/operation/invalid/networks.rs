//! Files that do not hold a network: a value that is not finite, shapes that do not fit.

use serde_json::{Value, json};

use super::super::draft::{Draft, Source};
use crate::{
    Error,
    network::Gain,
    vector::{draw::Digits, input::Input},
};

/// Files that do not hold a network: a value that is not finite, shapes that do not fit.
pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    type Spoil = fn(&mut Value);
    let cases: [(&str, &str, &'static str, Spoil); 12] = [
        ("nan-weight", "A weight is NaN.", "NotFiniteAccepted", |n| {
            n["layers"][0]["weight"][1][0] = json!("nan")
        }),
        (
            "infinite-bias",
            "A bias is infinite.",
            "NotFiniteAccepted",
            |n| n["layers"][1]["bias"][0] = json!("-inf"),
        ),
        (
            "nan-psi",
            "An entry of ψ is NaN.",
            "NotFiniteAccepted",
            |n| n["layers"][1]["psi"][1] = json!("nan"),
        ),
        ("infinite-o", "o is infinite.", "NotFiniteAccepted", |n| {
            n["o"][0] = json!("inf")
        }),
        ("negative-o", "o is -1.", "NegativeO", |n| {
            n["o"][0] = json!("-0x1p+0")
        }),
        (
            "short-bias",
            "A bias of 2 entries for 3 rows.",
            "ShapeUnchecked",
            |n| n["layers"][0]["bias"] = json!(["0x1p+0", "0x1p+0"]),
        ),
        (
            "long-psi",
            "A ψ of 3 entries for 2 rows.",
            "ShapeUnchecked",
            |n| n["layers"][1]["psi"] = json!(["0x1p+0", "0x1p+0", "0x1p+0"]),
        ),
        (
            "ragged-weight",
            "Rows of different lengths.",
            "ShapeUnchecked",
            |n| n["layers"][0]["weight"][1] = json!(["0x1p+0"]),
        ),
        (
            "two-lengths",
            "Two o for one hidden layer.",
            "ShapeUnchecked",
            |n| n["o"] = json!(["0x1p+0", "0x1p+0"]),
        ),
        (
            "first-psi",
            "The first layer has no gain before it, so no ψ.",
            "ShapeUnchecked",
            |n| n["layers"][0]["psi"] = json!(["0x1p+0", "0x1p+0", "0x1p+0"]),
        ),
        (
            "unknown-gain",
            "There is no gain `relu`.",
            "UnknownAccepted",
            |n| n["gain"] = json!("relu"),
        ),
        (
            "narrow-weight",
            "Two columns of W_2 for a hidden layer of 3.",
            "ShapeUnchecked",
            |n| n["layers"][1]["weight"] = json!([["0x1p+0", "0x1p+0"], ["0x1p+0", "0x1p+0"]]),
        ),
    ];
    let mut drafts = vec![];
    for (name, comment, flag, spoil) in cases {
        let name = format!("forward-{name}");
        let mut stream = source.stream(&name, Digits::Single);
        let network = stream.network(&[2, 3, 2], &Gain::Tanh, (true, true))?;
        let mut value = crate::vector::input::network_value(&network);
        spoil(&mut value);
        let input = Input::default()
            .with("operation", "forward")
            .with("network", value)
            .with_vector("x", &stream.vector(2));
        let draft = Draft::new(source.id(&name), comment, "B1", input).without("y");
        drafts.push(draft.flags(&[flag]));
    }
    let name = "forward-short-input";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[2, 3, 2], &Gain::Tanh, (true, true))?;
    let input = Input::default()
        .with("operation", "forward")
        .with_network(&network)
        .with_vector("x", &stream.vector(1));
    let draft = Draft::new(source.id(name), "One number for two inputs.", "B1", input);
    drafts.push(draft.without("y").flags(&["ShapeUnchecked"]));
    let name = "forward-unknown-gain-no-hidden";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[3, 2], &Gain::Tanh, (false, false))?;
    let mut value = crate::vector::input::network_value(&network);
    value["gain"] = json!("relu");
    let input = Input::default()
        .with("operation", "forward")
        .with("network", value)
        .with_vector("x", &stream.vector(3));
    let comment = "There is no gain `relu`, though no layer asks for it.";
    let draft = Draft::new(source.id(name), comment, "B1", input).without("y");
    drafts.push(draft.flags(&["UnknownAccepted"]));
    Ok(drafts)
}
