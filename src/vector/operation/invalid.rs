//! What has to be refused.

use serde_json::{Value, json};

use super::{
    allow::{Allowances, of_output},
    draft::{Draft, Source, Wide, ratio},
    remove::constant,
};
use crate::{
    Error,
    network::{Gain, Network, evaluate},
    scalar::Real,
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
    },
};

pub(super) const DESCRIPTION: &str = "Inputs: operation (the name of another one) and its inputs, of which one is bad. The operation has to be refused. Where the network itself is good the answer also has y, its output at x AFTER the refusal: the network must be what it was.";

pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = bad_operations(source)?;
    drafts.extend(bad_networks(source)?);
    drafts.extend(bad_points(source));
    drafts.extend(bad_tensors(source)?);
    Ok(drafts)
}

/// A good network and an operation that it does not admit.
fn bad_operations(source: &Source) -> Result<Vec<Draft>, Error> {
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

/// Networks that are none.
fn bad_networks(source: &Source) -> Result<Vec<Draft>, Error> {
    type Spoil = fn(&mut Value);
    let cases: [(&str, &str, &'static str, Spoil); 11] = [
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
    Ok(drafts)
}

/// Bad points for the activation.
fn bad_points(source: &Source) -> Vec<Draft> {
    let cases: [(&str, &str, &'static str, Value); 4] = [
        (
            "activation-negative-o",
            "o is -1: there is no such length.",
            "NegativeO",
            json!({ "gain": "tanh", "z": ["0x1p-12"], "o": "-0x1p+0" }),
        ),
        (
            "activation-nan",
            "z is NaN.",
            "NotFiniteAccepted",
            json!({ "gain": "tanh", "z": ["nan", "0x1p+0"], "o": "0x1p+0" }),
        ),
        (
            "activation-no-threshold",
            "soft-threshold needs its t.",
            "UnknownAccepted",
            json!({ "gain": "soft-threshold", "z": ["0x1p+0"], "o": "0x1p+0" }),
        ),
        (
            "activation-threshold-0",
            "t must be positive.",
            "UnknownAccepted",
            json!({ "gain": "soft-threshold", "threshold": "0x0p+0", "z": ["0x1p+0"], "o": "0x1p+0" }),
        ),
    ];
    let draft = |(name, comment, flag, value): (&str, &str, &'static str, Value)| {
        let parts = value.as_object().into_iter().flatten();
        let start = Input::default().with("operation", "activation");
        let input = parts.fold(start, |input, (name, value)| {
            input.with(name, value.clone())
        });
        Draft::new(source.id(name), comment, "A5", input)
            .flags(&[flag])
            .without("y")
    };
    cases.into_iter().map(draft).collect()
}

/// State dictionaries that hold no network.
fn bad_tensors(source: &Source) -> Result<Vec<Draft>, Error> {
    let tensor = |shape: Value, data: Value| json!({ "shape": shape, "data": data });
    let one = json!(["0x1p+0"]);
    let two = json!(["0x1p+0", "-0x1p-1"]);
    let good = |name: &str| match name {
        "weight_parameters.0" => Some(tensor(json!([1, 2]), two.clone())),
        "weight_parameters.1" => Some(tensor(json!([2, 1]), two.clone())),
        "bias_parameters.0" => Some(tensor(json!([1]), one.clone())),
        "bias_parameters.1" => Some(tensor(json!([2]), two.clone())),
        "psi_parameters.0" => Some(tensor(json!([2]), two.clone())),
        "activation.0.o_const" => Some(tensor(json!([]), one.clone())),
        _ => None,
    };
    let cases: [(&str, &str, &'static str, &str, Option<Value>); 5] = [
        (
            "missing-bias",
            "A tensor is missing.",
            "ShapeUnchecked",
            "bias_parameters.1",
            None,
        ),
        (
            "two-rows",
            "The outputs of layer 1 are not the inputs of layer 2.",
            "ShapeUnchecked",
            "weight_parameters.1",
            Some(tensor(json!([1, 2]), two.clone())),
        ),
        (
            "nan",
            "A weight is NaN.",
            "NotFiniteAccepted",
            "weight_parameters.0",
            Some(tensor(json!([1, 2]), json!(["nan", "0x1p+0"]))),
        ),
        (
            "negative-o",
            "o_const is negative.",
            "NegativeO",
            "activation.0.o_const",
            Some(tensor(json!([]), json!(["-0x1p+0"]))),
        ),
        (
            "width-0",
            "A layer without neurons.",
            "",
            "weight_parameters.0",
            Some(tensor(json!([0, 2]), json!([]))),
        ),
    ];
    let mut drafts = vec![];
    for (name, comment, flag, at, bad) in cases {
        let name = format!("import-{name}");
        let names = [
            "activation.0.o_const",
            "bias_parameters.0",
            "bias_parameters.1",
            "psi_parameters.0",
            "weight_parameters.0",
            "weight_parameters.1",
        ];
        let mut tensors = serde_json::Map::new();
        for known in names {
            let tensor = if known == at {
                bad.clone()
            } else {
                good(known)
            };
            if let Some(tensor) = tensor {
                tensors.insert(known.into(), tensor);
            }
        }
        let input = Input::default()
            .with("operation", "import")
            .with("gain", "tanh")
            .with("tensors", Value::Object(tensors))
            .with_vector("x", &source.stream(&name, Digits::Single).vector(2));
        let draft = Draft::new(source.id(&name), comment, "B1", input).without("y");
        drafts.push(draft.flag_if(!flag.is_empty(), flag));
    }
    Ok(drafts)
}

/// y of the network after a refusal: this crate's operations never change what they are given.
pub(super) fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
    let network: Network<S> = input.network()?;
    let y = evaluate(&network, &input.vector("x")?)?;
    Answer::default().vector("y", y.as_slice())
}

pub(super) fn allowances(input: &Input) -> Allowances {
    let network: Network<Wide> = input.network()?;
    Ok(vec![(
        "y",
        of_output(&network, &input.vector::<Wide>("x")?)?,
    )])
}
