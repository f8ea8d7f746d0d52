//! Bad points for the activation.

use serde_json::{Value, json};

use super::super::draft::{Draft, Source};
use crate::vector::input::Input;

/// Bad points for the activation.
pub(super) fn drafts(source: &Source) -> Vec<Draft> {
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
