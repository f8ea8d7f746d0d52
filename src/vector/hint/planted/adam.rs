//! Mistakes in what Adam divides by.

use super::{
    super::evidence::Prediction,
    Predicted,
    optimiser::{rows, word},
};
use crate::{linalg::Matrix, vector::input::Input};

/// What Adam divides by.
#[derive(Clone, Copy)]
pub(super) struct Adam {
    /// 1 - β₁ᵗ, and beside it 1 - β₂ᵗ.
    pub(super) first: f64,
    pub(super) second: f64,
    /// ε stands under the root.
    pub(super) inside: bool,
}

/// Adam with one of its divisors changed.
pub(super) fn adam(input: &Input, change: impl Fn(Adam) -> Adam) -> Predicted {
    let optimiser = word(input)?;
    if !optimiser.starts_with("adam") {
        return Ok(Prediction::default());
    }
    let [theta, g, v]: [Matrix<f64>; 3] = [
        input.matrix("parameter")?,
        input.matrix("gradient")?,
        input.matrix("momentum")?,
    ];
    let (beta_1, beta_2): (f64, f64) = (input.number("beta_1")?, input.number("beta_2")?);
    let [epsilon, rate, decay]: [f64; 3] = [
        input.number("epsilon")?,
        input.number("rate")?,
        input.number("decay")?,
    ];
    let step = i32::try_from(input.index("step")?).unwrap_or(i32::MAX);
    let by = change(Adam {
        first: 1.0 - beta_1.powi(step),
        second: 1.0 - beta_2.powi(step),
        inside: false,
    });
    let v = v * beta_1 + &g * (1.0 - beta_1);
    let divisor = |mean: f64| match by.inside {
        true => (mean / by.second + epsilon).sqrt(),
        false => (mean / by.second).sqrt() + epsilon,
    };
    let kept = theta * (1.0 - rate * decay);
    let (second, moved) = match optimiser.as_str() {
        "adamw" => {
            let s: Matrix<f64> = input.matrix("second_moments")?;
            let s = s * beta_2 + g.map(|g| g * g) * (1.0 - beta_2);
            let moved = kept - v.zip_map(&s, |v, s| rate * v / by.first / divisor(s));
            (("second_moments", rows(&s)), moved)
        }
        _ => {
            let s = input.number::<f64>("second")? * beta_2 + g.norm_squared() * (1.0 - beta_2);
            let divisor = divisor(s / input.index("count")? as f64);
            let moved = kept - v.map(|v| rate * v / by.first / divisor);
            (("second", vec![s]), moved)
        }
    };
    Ok(Prediction::of([
        ("parameter", rows(&moved)),
        ("momentum", rows(&v)),
        second,
    ]))
}
