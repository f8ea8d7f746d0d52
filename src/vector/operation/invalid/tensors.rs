//! State dictionaries that hold no network.

use serde_json::{Value, json};

use super::super::draft::{Draft, Source};
use crate::{
    Error,
    vector::{draw::Digits, input::Input},
};

/// State dictionaries that hold no network.
pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
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
    let cases: [(&str, &str, &'static str, &str, Option<Value>); 13] = [
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
        (
            "unknown-name",
            "A tensor that no part of a network is stored in.",
            "ShapeUnchecked",
            "scale_parameters.0",
            Some(tensor(json!([1]), one.clone())),
        ),
        (
            "weight-without-bias",
            "A third weight, without its bias.",
            "ShapeUnchecked",
            "weight_parameters.2",
            Some(tensor(json!([1, 2]), two.clone())),
        ),
        (
            "psi-too-many",
            "Two ψ for two layers: the first layer has none.",
            "ShapeUnchecked",
            "psi_parameters.1",
            Some(tensor(json!([2]), two.clone())),
        ),
        (
            "o-too-many",
            "Two o for one hidden layer.",
            "ShapeUnchecked",
            "activation.1.o_const",
            Some(tensor(json!([]), one.clone())),
        ),
        (
            "o-twice",
            "o_const and intrinsic_length of one layer.",
            "ShapeUnchecked",
            "activation.0.intrinsic_length",
            Some(tensor(json!([]), one.clone())),
        ),
        (
            "o-two-entries",
            "An o of two entries.",
            "ShapeUnchecked",
            "activation.0.o_const",
            Some(tensor(json!([2]), json!(["0x1p+0", "0x1p-1"]))),
        ),
        (
            "bias-matrix",
            "A bias of 1 × 1.",
            "ShapeUnchecked",
            "bias_parameters.0",
            Some(tensor(json!([1, 1]), one.clone())),
        ),
        (
            "weight-vector",
            "A weight of one dimension.",
            "ShapeUnchecked",
            "weight_parameters.0",
            Some(tensor(json!([2]), two.clone())),
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
        if let Some(bad) = bad.as_ref().filter(|_| !names.contains(&at)) {
            tensors.insert(at.into(), bad.clone());
        }
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
    let name = "import-unknown-lengths";
    let names = ["weight_parameters.0", "bias_parameters.0"];
    let tensors = names
        .iter()
        .filter_map(|name| Some(((*name).to_string(), good(name)?)));
    let input = Input::default()
        .with("operation", "import")
        .with("gain", "tanh")
        .with("tensors", Value::Object(tensors.collect()))
        .with("lengths", "cubed")
        .with_vector("x", &source.stream(name, Digits::Single).vector(2));
    let comment = "`lengths` is neither log nor squared.";
    let draft = Draft::new(source.id(name), comment, "B1", input).without("y");
    drafts.push(draft.flags(&["UnknownAccepted"]));
    Ok(drafts)
}
