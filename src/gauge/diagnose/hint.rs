//! What a difference looks like: mistakes that leave a trace.

use crate::{
    linalg::norm2,
    network::Network,
    scalar::{Field, Mp, Real},
};

/// 2^-18: numbers this close in relation are taken for the same in a hint, single precision included.
const ALIKE: i64 = -18;

/// Whether the thresholds of the gains are two roundings, at u, of one number.
pub fn same_threshold<S: Real>(a: &Network<S>, b: &Network<S>, u: &S) -> bool {
    match (a.gain().threshold(), b.gain().threshold()) {
        (Some(t), Some(t_image)) => {
            let size = S::larger(t.clone(), t_image.clone());
            (t.clone() - t_image).abs() <= size * S::from_int(2) * u
        }
        (None | Some(_), None) | (None, Some(_)) => false,
    }
}

/// A number in four digits, whatever its size.
fn shown<S: Field>(x: &S) -> String {
    match x.to_rational() {
        Some(q) => format!("{:.3}", Mp::<64>::from_rational(&q)),
        None => x.to_f64().to_string(),
    }
}

/// What may have happened where `parameter` of layer l differs, in words, with these names for the two networks.
pub fn hint<S: Real>(
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
                shown(&o),
                shown(&o_image),
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
