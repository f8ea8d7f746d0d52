//! Operations that a good network does not admit.

use serde_json::json;

use super::super::{
    draft::{Draft, Source, ratio},
    remove::constant,
};
use crate::{
    Error,
    network::Gain,
    vector::{draw::Digits, input::Input},
};

/// A good network and an operation that it does not admit.
pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    let mut push = |name: &str,
                    comment: &str,
                    flags: &[&'static str],
                    statement: &'static str,
                    widths: &[usize],
                    bad: &dyn Fn(Input) -> Input| {
        let mut stream = source.stream(name, Digits::Single);
        let network = stream.network(widths, &Gain::Tanh, (true, true))?;
        let network = constant(&network, 1, 1, &ratio(3, 4))?;
        // The last one as well: an index from the end must be refused as an index.
        let network = constant(&network, 1, widths[1], &ratio(3, 4))?;
        let input = Input::default()
            .with_network(&network)
            .with_vector("x", &stream.vector(widths[0]));
        drafts.push(Draft::new(source.id(name), comment, statement, bad(input)).flags(flags));
        Ok::<(), Error>(())
    };
    let plain: &[usize] = &[2, 3, 2];
    push(
        "remove-not-constant",
        "The neuron's row is not 0.",
        &["NotConstantRemoved", "NotAtomic"],
        "D2",
        plain,
        &|input| {
            input
                .with("operation", "remove")
                .with("layer", 1)
                .with("neuron", 2)
        },
    )?;
    push(
        "remove-last-neuron",
        "The only neuron of its layer.",
        &["WidthZero", "NotAtomic"],
        "D2",
        &[2, 1, 2],
        &|input| {
            input
                .with("operation", "remove")
                .with("layer", 1)
                .with("neuron", 1)
        },
    )?;
    push(
        "remove-neuron-0",
        "Neurons count from 1.",
        &["UnknownAccepted"],
        "D2",
        plain,
        &|input| {
            input
                .with("operation", "remove")
                .with("layer", 1)
                .with("neuron", 0)
        },
    )?;
    push(
        "remove-neuron-4",
        "There are 3.",
        &["UnknownAccepted"],
        "D2",
        plain,
        &|input| {
            input
                .with("operation", "remove")
                .with("layer", 1)
                .with("neuron", 4)
        },
    )?;
    push(
        "truncate-to-0",
        "A layer keeps at least one neuron.",
        &["WidthZero", "NotAtomic"],
        "D4",
        plain,
        &|input| {
            input
                .with("operation", "truncate")
                .with("layer", 1)
                .with("width", 0)
        },
    )?;
    push(
        "truncate-to-more",
        "Truncation does not grow.",
        &["UnknownAccepted"],
        "D4",
        plain,
        &|input| {
            input
                .with("operation", "truncate")
                .with("layer", 1)
                .with("width", 5)
        },
    )?;
    push(
        "truncate-output",
        "The output layer is not hidden.",
        &["UnknownAccepted"],
        "D4",
        plain,
        &|input| {
            input
                .with("operation", "truncate")
                .with("layer", 2)
                .with("width", 1)
        },
    )?;
    for (name, beta) in [("grow-beta-2", 2), ("grow-beta-minus-2", -2)] {
        push(
            name,
            "β² is more than o has.",
            &["BetaClipped", "NotAtomic"],
            "C2",
            plain,
            &|input| {
                let column = json!(["0x1p+0", "-0x1p-1"]);
                let input = input.with("operation", "grow-with-bias").with("layer", 1);
                input
                    .with_number("beta", &beta.into())
                    .with("column", column)
            },
        )?;
    }
    push(
        "grow-short-column",
        "An outgoing column of 1 entry for 2 rows.",
        &["ShapeUnchecked"],
        "C1",
        plain,
        &|input| {
            input
                .with("operation", "grow")
                .with("layer", 1)
                .with("columns", json!([["0x1p+0"]]))
        },
    )?;
    push(
        "grow-infinite-column",
        "Outgoing weights must be finite.",
        &["NotFiniteAccepted"],
        "C1",
        plain,
        &|input| {
            let columns = json!([["0x1p+0"], ["inf"]]);
            input
                .with("operation", "grow")
                .with("layer", 1)
                .with("columns", columns)
        },
    )?;
    push(
        "rotate-wrong-size",
        "R is 2 × 2 for a layer of 3.",
        &["ShapeUnchecked"],
        "B1",
        plain,
        &|input| {
            let r = json!([["0x0p+0", "0x1p+0"], ["0x1p+0", "0x0p+0"]]);
            input
                .with("operation", "rotate")
                .with("layer", 1)
                .with("rotation", r)
        },
    )?;
    push(
        "rotate-layer-0",
        "The input layer is not hidden.",
        &["UnknownAccepted"],
        "B1",
        plain,
        &|input| {
            let r = json!([["0x0p+0", "0x1p+0"], ["0x1p+0", "0x0p+0"]]);
            input
                .with("operation", "rotate")
                .with("layer", 0)
                .with("rotation", r)
        },
    )?;
    push(
        "full-layer-1",
        "The full gauge needs a hidden layer before it.",
        &["UnknownAccepted"],
        "B3",
        plain,
        &|input| input.with("operation", "full").with("layer", 1),
    )?;
    push(
        "left-layer-3",
        "There is no layer 3.",
        &["UnknownAccepted"],
        "B2",
        plain,
        &|input| input.with("operation", "left").with("layer", 3),
    )?;
    // Layer 0 is the input and layer 2 the output: an index from the end must be refused as well.
    for (layer, comment) in [
        (0, "The input layer is not hidden."),
        (2, "The output layer is not hidden."),
    ] {
        let columns = match layer {
            0 => json!([["0x1p+0"], ["0x1p+0"], ["0x1p+0"]]),
            _ => json!([["0x1p+0"], ["0x1p+0"]]),
        };
        let column = match layer {
            0 => json!(["0x1p+0", "0x1p+0", "0x1p+0"]),
            _ => json!(["0x1p+0", "0x1p+0"]),
        };
        let on = |operation: &'static str| {
            move |input: Input| input.with("operation", operation).with("layer", layer)
        };
        let flags: &[&'static str] = &["UnknownAccepted"];
        push(
            &format!("grow-layer-{layer}"),
            comment,
            flags,
            "C1",
            plain,
            &|input| on("grow")(input).with("columns", columns.clone()),
        )?;
        push(
            &format!("grow-with-bias-layer-{layer}"),
            comment,
            flags,
            "C2",
            plain,
            &|input| {
                let input = on("grow-with-bias")(input).with("column", column.clone());
                input.with_number("beta", &ratio(1, 1024))
            },
        )?;
        push(
            &format!("remove-layer-{layer}"),
            comment,
            flags,
            "D2",
            plain,
            &|input| on("remove")(input).with("neuron", 1),
        )?;
        push(
            &format!("left-layer-{layer}"),
            comment,
            flags,
            "B2",
            plain,
            &|input| on("left")(input),
        )?;
    }
    push(
        "truncate-layer-0",
        "The input layer is not hidden.",
        &["UnknownAccepted"],
        "D4",
        plain,
        &|input| {
            input
                .with("operation", "truncate")
                .with("layer", 0)
                .with("width", 1)
        },
    )?;
    push(
        "adapt-negative",
        "θ must not be negative.",
        &["UnknownAccepted"],
        "F4",
        plain,
        &|input| {
            input
                .with("operation", "adapt")
                .with_number("theta", &(-1).into())
                .with("buffer", 1)
        },
    )?;
    Ok(drafts)
}
