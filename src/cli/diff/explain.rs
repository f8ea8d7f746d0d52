//! Where two networks part, layer by layer, and what it looks like.

use std::fmt::Write;

use crate::{
    Error, Network,
    cli::short,
    gauge::{Comparison, locate},
    linalg::norm2,
    scalar::Real,
};

/// 2^-18: numbers this close in relation are taken for the same in a hint, single precision included.
const ALIKE: i64 = -18;

/// The parts up to the first that rounding does not explain, and what may have happened there. `names` are
/// those of the files.
pub(super) fn explain<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    comparison: &Comparison<S>,
    u: &S,
    names: (&str, &str),
) -> Result<String, Error> {
    let Some(parting) = comparison.parting(u) else {
        return Ok(String::new());
    };
    let mut out = String::from("layer  parameter  residual   rounding explains\n");
    for part in &comparison.parts {
        let here = std::ptr::eq(part, parting);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
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
    let located = locate(a, b, comparison, u)?;
    let place = match located.as_ref().map(|p| (p.layer, &p.parameters[..])) {
        Some((layer, [parameter])) => (layer, *parameter),
        _ => (parting.layer, parting.parameter),
    };
    if let Some(hint) = hint(a, b, place, names) {
        out += &hint;
        out.push('\n');
    }
    if parting.layer < a.depth() {
        out += "what comes after it receives other values and says nothing\n";
    }
    Ok(out)
}

fn hint<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    (l, parameter): (usize, &str),
    (first, second): (&str, &str),
) -> Option<String> {
    match parameter {
        "o" => {
            let (o, o_image) = (a.length_squared(l), b.length_squared(l));
            let what = of_lengths(&o, &o_image).map(|(what, forward)| {
                let (this, other) = if forward { (second, first) } else { (first, second) };
                format!(": that of {this} is {what} that of {other}")
            });
            Some(format!(
                "o of layer {l} is {} in {first} and {} in {second}{}",
                short(&o),
                short(&o_image),
                what.unwrap_or_default(),
            ))
        }
        "weight" => (l > 1 && !alike(a.layer(l - 1).weight.as_slice(), b.layer(l - 1).weight.as_slice()))
            .then(|| {
                format!(
                    "layer {} is rotated between the two: perhaps W_{l} was multiplied by R where Rᵀ belongs, or left as it was",
                    l - 1
                )
            }),
        name => {
            let (x, y) = if name == "bias" {
                (a.layer(l).bias.clone(), b.layer(l).bias.clone())
            } else {
                (a.layer(l).psi_or_zero(), b.layer(l).psi_or_zero())
            };
            let zero = |x: &[S]| x.iter().all(|x| x.is_zero());
            let rotated = !alike(a.layer(l).weight.as_slice(), b.layer(l).weight.as_slice());
            if zero(x.as_slice()) || zero(y.as_slice()) {
                let without = if zero(x.as_slice()) { first } else { second };
                Some(format!("{name} of layer {l} is 0 in {without}: perhaps it was left out"))
            } else if rotated && alike(x.as_slice(), y.as_slice()) {
                Some(format!(
                    "layer {l} is rotated between the two, and its {name} is the same in both: perhaps it stayed behind"
                ))
            } else {
                None
            }
        }
    }
}

/// How two different lengths are related, and whether it is the second that was made from the first.
fn of_lengths<S: Real>(o: &S, o_image: &S) -> Option<(&'static str, bool)> {
    let made = |from: &S, to: &S| {
        if to.is_zero() {
            return Some("0, and not");
        }
        if near(&(from.clone() * from), to) {
            return Some("the square of");
        }
        (from.above_zero() && near(&from.ln(), to)).then_some("the logarithm of")
    };
    made(o, o_image)
        .map(|what| (what, true))
        .or_else(|| made(o_image, o).map(|what| (what, false)))
}

fn near<S: Real>(x: &S, y: &S) -> bool {
    alike(std::slice::from_ref(x), std::slice::from_ref(y))
}

fn alike<S: Real>(x: &[S], y: &[S]) -> bool {
    if x.len() != y.len() {
        return false;
    }
    let difference: Vec<S> = x.iter().zip(y).map(|(x, y)| x.clone() - y).collect();
    norm2(&difference) <= norm2(x).scale_by_power_of_two(ALIKE)
}
