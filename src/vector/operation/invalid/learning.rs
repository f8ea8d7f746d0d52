//! Losses, steps and pairs of networks that cannot be.

use serde_json::{Value, json};

use super::super::draft::{Draft, Source};
use crate::vector::input::Input;

pub(super) fn drafts(source: &Source) -> Vec<Draft> {
    let network = || {
        json!({
            "gain": "tanh",
            "layers": [
                { "weight": [["0x1p+0", "0x1p-1"]], "bias": ["0x1p-2"] },
                { "weight": [["0x1p+0"], ["0x1p-1"]], "bias": ["0x0p+0", "0x1p-2"] },
            ],
        })
    };
    let gradient = |targets: Value, loss: &str| {
        Input::default()
            .with("operation", "gradient")
            .with("network", network())
            .with(
                "inputs",
                json!([["0x1p+0", "0x1p-1"], ["0x1p-2", "0x1p+0"]]),
            )
            .with("targets", targets)
            .with("loss", loss)
    };
    let step = |optimiser: &str, step: usize, gradient: Value| {
        Input::default()
            .with("operation", "optimiser-step")
            .with("optimiser", optimiser)
            .with("parameter", json!([["0x1p+0", "0x1p-1"]]))
            .with("gradient", gradient)
            .with("momentum", json!([["0x0p+0", "0x0p+0"]]))
            .with("step", step)
            .with("rate", "0x1p-3")
            .with("decay", "0x0p+0")
            .with("friction", "0x1p-1")
    };
    let fits = || json!([["0x1p+0", "0x1p-2"]]);
    let units = || json!([["0x1p+0", "0x0p+0"], ["0x0p+0", "0x1p+0"]]);
    let halves = json!([["0x1p-1", "0x1p-1"], ["0x0p+0", "0x1p+0"]]);
    let wide = gradient(units(), "squared").with(
        "inputs",
        json!([
            ["0x1p+0", "0x1p-1", "0x1p+0"],
            ["0x1p-2", "0x1p+0", "0x1p+1"]
        ]),
    );
    let narrow = gradient(units(), "squared").with("inputs", json!([["0x1p+0"], ["0x1p-2"]]));
    let cases: [(&str, &str, &'static str, Input); 10] = [
        (
            "gradient-wide-inputs",
            "Inputs of three entries for a network of two inputs.",
            "ShapeUnchecked",
            wide,
        ),
        (
            "gradient-narrow-inputs",
            "Inputs of one entry for a network of two inputs.",
            "ShapeUnchecked",
            narrow,
        ),
        (
            "gradient-fewer-targets",
            "Two inputs and one target.",
            "ShapeUnchecked",
            gradient(json!([["0x1p+0", "0x0p+0"]]), "squared"),
        ),
        (
            "gradient-narrow-targets",
            "Targets of one entry for two outputs.",
            "ShapeUnchecked",
            gradient(json!([["0x1p+0"], ["0x0p+0"]]), "squared"),
        ),
        (
            "gradient-narrow-labels",
            "Targets of one entry for two outputs, for the cross-entropy.",
            "ShapeUnchecked",
            gradient(json!([["0x1p+0"], ["0x1p+0"]]), "cross-entropy"),
        ),
        (
            "gradient-no-unit-vector",
            "A target of two halves: no label.",
            "UnknownAccepted",
            gradient(halves, "cross-entropy"),
        ),
        (
            "gradient-unknown-loss",
            "There is no loss `hinge`.",
            "UnknownAccepted",
            gradient(units(), "hinge"),
        ),
        (
            "optimiser-step-unknown",
            "There is no optimiser `lion`.",
            "UnknownAccepted",
            step("lion", 1, fits()),
        ),
        (
            "optimiser-step-0",
            "Steps count from 1.",
            "UnknownAccepted",
            step("momentum", 0, fits()),
        ),
        (
            "optimiser-step-other-shape",
            "A gradient of another shape than the parameter.",
            "ShapeUnchecked",
            step("momentum", 1, json!([["0x1p+0"], ["0x1p-2"]])),
        ),
    ];
    cases
        .into_iter()
        .map(|(name, comment, flag, input)| {
            let draft = Draft::new(source.id(name), comment, "F1", input);
            draft.flags(&[flag]).without("y")
        })
        .collect()
}
