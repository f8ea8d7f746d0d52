//! Where two networks part, layer by layer, and what it looks like.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    Error, Network,
    cli::short,
    gauge::{Comparison, Line, diagnose::hint, locate, locate_in_doubles},
    scalar::Real,
};

/// What is said of a difference.
pub(super) struct Explained {
    pub(super) text: String,
    /// For `--json`.
    pub(super) place: Value,
    pub(super) hint: Option<String>,
}

/// The line in words, after the parameter.
pub(super) fn line(line: Line) -> String {
    match line {
        Line::Whole => String::new(),
        Line::Column(j) => format!(" in column {j}"),
        Line::Row(i) => format!(" in row {i}"),
        Line::Entry(i, j) => format!(" in row {i}, column {j}"),
    }
}

/// The parts up to the first that rounding does not explain, and what may have happened there. `quick`: the comparison
/// was made in f64. `names` are those of the files.
pub(super) fn explain<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    (comparison, quick): (&Comparison<S>, bool),
    u: &S,
    names: (&str, &str),
) -> Result<Explained, Error> {
    let Some(parting) = comparison.parting(u) else {
        return Ok(Explained {
            text: String::new(),
            place: Value::Null,
            hint: None,
        });
    };
    let mut text = String::from("layer  parameter  residual   rounding explains\n");
    for part in &comparison.parts {
        let here = std::ptr::eq(part, parting);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:>5}  {:<9}  {:<9}  {:<9}{}",
            part.layer,
            part.parameter,
            short(&part.residual),
            short(&(part.scale.clone() * u)),
            if here { "  here they part" } else { "" },
        );
        if here {
            break;
        }
    }
    // The rotation that fits best spreads a mistake over its layer: the place of the mistake may be another.
    let located = if quick {
        locate_in_doubles(a, b, comparison, u)?
    } else {
        locate(a, b, comparison, u)?
    };
    let place = match located.as_ref().map(|p| (p.layer, &p.parameters[..])) {
        Some((layer, [parameter])) => (layer, *parameter),
        _ => (parting.layer, parting.parameter),
    };
    let hint = hint(a, b, place, names);
    if let Some(hint) = &hint {
        text += hint;
        text.push('\n');
    }
    if parting.layer < a.depth() {
        text += "what comes after it receives other values and says nothing\n";
    }
    let (row, column) = match parting.line {
        Line::Whole => (None, None),
        Line::Column(j) => (None, Some(j)),
        Line::Row(i) => (Some(i), None),
        Line::Entry(i, j) => (Some(i), Some(j)),
    };
    Ok(Explained {
        text,
        place: json!({ "layer": place.0, "parameter": place.1, "row": row, "column": column }),
        hint,
    })
}
