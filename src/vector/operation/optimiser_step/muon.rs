//! What Muon's polynomial makes of rounding.

use super::super::{
    allow::{abs, whole, zero},
    draft::{Wide, ratio},
};
use crate::{
    bound::Units,
    linalg::{Matrix, frobenius, product, singular_values},
    scalar::{Field, Real},
    vector::input::{Input, Refusal},
};
use num_traits::Signed;

/// What Muon's parameter may be off by, however the products of the polynomial are grouped.
///
/// p(X) = a X + b (X Xᵀ) X + c (X Xᵀ)² X is an odd function of the singular values. Its derivative at X, in Frobenius norm, is at
/// most Λ = max |p'| over [-‖X‖₂, ‖X‖₂] (Daleckii and Krein, for the symmetric matrix with X and Xᵀ beside its diagonal: divided
/// differences are mean values of p'). So an error E of X becomes Λ E, and a step adds at most (3 (m + n) + 8) roundings of
/// |a| |X| + |b| |X| |Xᵀ| |X| + |c| |X| |Xᵀ| |X| |Xᵀ| |X|, whatever is multiplied first.
pub(super) fn of_muon(input: &Input) -> Result<Units<Wide>, Refusal> {
    let [g, v]: [Matrix<Wide>; 2] = [input.matrix("gradient")?, input.matrix("momentum")?];
    let (mu, rate, decay): (Wide, Wide, Wide) = (
        input.number("friction")?,
        input.number("rate")?,
        input.number("decay")?,
    );
    let theta: Matrix<Wide> = input.matrix("parameter")?;
    let (m, n) = g.shape();
    let moved = v.clone() * mu.clone() + &g;
    let direction = &g + moved.clone() * mu.clone();
    let size_of = |a: &Matrix<Wide>| frobenius(a);
    let norm = size_of(&direction);
    // What underflows: a number for each product, carried on as the roundings are.
    let products = whole(3 * (m + n) * m * n);
    let mut lost = products.clone();
    let of_parameter = whole(4) * size_of(&theta) * (whole(1) + rate.clone() * decay);
    if !norm.above_zero() {
        return Ok(Units {
            rounding: of_parameter,
            underflow: lost,
        });
    }
    // Six roundings of |g| (1 + μ) + μ² |v|; division by a norm doubles an error at most.
    let of_direction = whole(6) * (size_of(&g) * (whole(1) + &mu) + mu.clone() * &mu * size_of(&v));
    let mut error = whole(2) * of_direction / &norm + whole(m * n + 6);
    let mut x = direction / norm;
    let [a, b, c] = [34445, -47750, 20315].map(|k| Wide::from_rational(&ratio(k, 10_000)));
    for _ in 0..5 {
        let largest = singular_values(&x)?.into_iter().fold(zero(), Wide::larger);
        let sizes = abs(&x);
        let gram = product(&sizes, &sizes.transpose());
        let cube = product(&gram, &sizes);
        let fifth = product(&gram, &cube);
        let local = sizes * a.clone() + cube * b.abs() + fifth * c.clone();
        let slope = steepest([&a, &b, &c], &largest);
        lost = lost * &slope + &products;
        error = error * slope + size_of(&local) * whole(3 * (m + n) + 8);
        let gram = product(&x, &x.transpose());
        let inner = gram.clone() * b.clone() + product(&gram, &gram) * c.clone();
        x = x.clone() * a.clone() + product(&inner, &x);
    }
    let factor = (whole(m.max(n)) / whole(n)).sqrt();
    let of_sign = (error + size_of(&x) * whole(8)) * &factor * &rate;
    Ok(Units {
        rounding: of_parameter + of_sign,
        underflow: lost * factor * rate + products,
    })
}

/// The largest |p'(s)| = |a + 3 b s² + 5 c s⁴| for 0 ≤ s ≤ `end`.
fn steepest([a, b, c]: [&Wide; 3], end: &Wide) -> Wide {
    let slope = |square: &Wide| (whole(3) * b * square + whole(5) * c * square * square + a).abs();
    let square = end.clone() * end;
    let turn = -(whole(3) * b) / (whole(10) * c);
    let at_turn = if turn < square { slope(&turn) } else { zero() };
    [slope(&zero()), slope(&square), at_turn]
        .into_iter()
        .fold(zero(), Wide::larger)
}
