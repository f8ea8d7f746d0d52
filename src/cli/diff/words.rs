//! What a diagnosis says, in words.

use std::fmt::Write;

use crate::{
    cli::short,
    gauge::{Comparison, Parting, diagnose::Digit},
    scalar::{Field, Mp, Real},
};

/// Where rounding and a mistake look the same.
pub(super) const GREY_ZONE: &str = "unknown: in the grey zone, up to 4 times what rounding explains, and the outputs agree to rounding";

type Wide = Mp<256>;

/// The first of them, and how many there are.
pub(super) fn of_digits(found: &[Digit], (a, b): (&str, &str)) -> String {
    let Some(first) = found.first() else {
        return String::new();
    };
    let mut place = format!("layer {}, {}", first.layer, first.parameter);
    if let Some(row) = first.row {
        place += &format!(", row {row}");
    }
    if let Some(column) = first.column {
        place += &format!(", column {column}");
    }
    let more = match found.len() {
        1 => "the one number that differs".into(),
        n => format!("the first of {n} numbers that differ"),
    };
    format!(
        "a difference in {place}: {} in {b} where {a} has {}, {more} from a signed permutation\n",
        short(&first.b),
        short(&first.a),
    )
}

/// To how many bits the parameters agree, the worst of them: -log2 of the difference beside the norm.
pub(super) fn agreement(comparison: &Comparison<Wide>) -> String {
    let relative = |parameter: &dyn Fn(&str) -> bool| {
        let parts = comparison
            .parts
            .iter()
            .filter(|part| parameter(part.parameter));
        let ratios = parts
            .filter(|part| part.size > Wide::from_int(0))
            .map(|part| part.residual.clone() / &part.size);
        let worst = ratios.fold(Wide::from_int(0), |a, b| Wide::larger(b, a));
        match worst.ln().to_f64() {
            ln if ln.is_finite() => format!("{:.1} bits", -ln / std::f64::consts::LN_2),
            _ => "every bit".into(),
        }
    };
    format!(
        "{} (-log2 |dW|/|W|; b, ψ and o to {})",
        relative(&|name| name == "weight"),
        relative(&|name| name != "weight"),
    )
}

pub(super) fn place(parting: &Parting<Wide>, file: &str, bits: u32) -> String {
    let mut text = format!(
        "a difference in layer {}, {}",
        parting.layer,
        parting.parameters.join(" and ")
    );
    // Writing to a string cannot fail.
    let _ = match parting.neuron {
        Some(neuron) => write!(text, ", most of it in row {neuron} of {file}"),
        None => Ok(()),
    };
    let _ = writeln!(
        text,
        ": {} where rounding to {bits} bits explains {}",
        short(&parting.residual),
        short(&parting.explained)
    );
    text
}
