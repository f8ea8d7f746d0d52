//! Networks of different widths, or with neurons that do nothing, held against each other (THEORY B7 after D5).
//!
//! A neuron that is dead or constant is in no gauge: the function does not determine it. The width ceiling takes
//! all of them away and puts what they did into o and ψ, so that two networks of one function which differ by
//! neurons that were grown, or by biases that were absorbed, come out with equal widths and equal up to rotations.
//!
//! # What rounding does to a ceiling
//!
//! The numbers of [W_l ψ_l] err by E, known by columns of W_1 and by blocks behind it. Let M be that matrix with every
//! column divided by what it errs by, so that ‖E‖ ≤ ε u with ε about 1 for every part, M' = M - E what it should be, p its
//! rank, and U, V the leading p singular vectors of M. Then σ_{p+1} ≤ ε u: what is not above that counts as 0. With U_⊥ beside
//! U, U_⊥ᵀ M V = 0, so U_⊥ᵀ M' V = -U_⊥ᵀ E V; and M' V spans the range of M' with no singular value below σ_p - ε u. So the
//! directions that are kept are off the right ones by an angle Θ with
//!
//! ```text
//! sin Θ ≤ ε u / (σ_p - ε u) = θ u.
//! ```
//!
//! Kept along U in place of the right directions, W_l errs by Θ² beside its own rounding, since it lies in its range;
//! b_l by Θ ‖b_l‖; o_l, which takes up ‖b_⊥‖², by 2 Θ ‖b_l‖²; a row w of W_{l+1} by Θ ‖w‖ and that of ψ_{l+1}, which takes up
//! w b_⊥, by Θ ‖w‖ ‖b_l‖. These and the roundings of the projection itself, at the sizes before it, are the [`Blur`] of the
//! reduced network; that of W_{l+1} and ψ_{l+1} is part of E at the next layer.
//!
//! Where errors are independent (`Leeway::Usual`), an entry of U_⊥ᵀ E V is E's share of one entry, ε u / √(m n): over the m - p
//! directions outside and the p inside, each divided by its σ_i - ε u,
//!
//! ```text
//! θ = ε √((m - p) / (m n) Σ_i (σ_i - ε u)⁻²).
//! ```

use super::{Blur, Comparison, Leeway, align::weighted, blur::LayerBlur, compare_blurred};
use crate::{
    error::Error,
    linalg::{Matrix, frobenius, norm2, svd},
    network::Network,
    resize::project,
    scalar::Real,
};

/// Two networks at their ceilings, and what [`compare`](super::compare()) says of those.
#[derive(Clone, Debug)]
pub struct AtCeilings<S> {
    /// The first network, compressed.
    pub a: Network<S>,
    /// The second one.
    pub b: Network<S>,
    /// The comparison of the two.
    pub comparison: Comparison<S>,
}

impl<S: Real> AtCeilings<S> {
    /// Whether a ceiling was below a width: else this is the comparison of the networks as they are.
    pub fn reduced(&self, a: &Network<S>, b: &Network<S>) -> bool {
        self.a.widths() != a.widths() || self.b.widths() != b.widths()
    }
}

/// Brings both networks to their ceilings and compares them, allowing for what that rounds. `u` is the unit roundoff that
/// their parameters were rounded at: a singular value that such rounding explains counts as 0, column by column at the input.
/// Work at 256 bits or more, as with [`compare`](super::compare()).
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()).
pub fn compare_at_ceilings<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    u: &S,
    leeway: Leeway,
) -> Result<AtCeilings<S>, Error> {
    let ((a, of_a), (b, of_b)) = (reduced(a, u, leeway)?, reduced(b, u, leeway)?);
    let comparison = compare_blurred(&a, &b, leeway, of_a.or(of_b))?;
    Ok(AtCeilings { a, b, comparison })
}

/// A network at its ceilings, and how far its parameters may be off.
fn reduced<S: Real>(
    network: &Network<S>,
    u: &S,
    leeway: Leeway,
) -> Result<(Network<S>, Blur<S>), Error> {
    let mut found = network.clone();
    let mut blur = Blur::none();
    blur.layers = vec![LayerBlur::none(); network.depth()];
    for l in network.hidden() {
        let (matrix, error) = whitened(&found, l, &blur, leeway);
        let svd = svd(&matrix)?;
        let least = error.clone() * u;
        let rank = svd.sigma.iter().take_while(|s| **s > least).count();
        let layer = found.layer(l);
        if rank.max(1) >= layer.width() {
            continue;
        }
        let angle = angle(leeway, matrix.shape(), &svd.sigma[..rank], &error, u);
        loosen(&mut blur, &found, l, &angle, leeway);
        let bias = norm2(layer.bias.as_slice());
        let basis = if rank > 0 {
            svd.u.columns(0, rank).into_owned()
        } else if bias.is_zero() {
            Matrix::identity(layer.width(), 1)
        } else {
            // Nothing arrives: a constant, held by one neuron along it.
            Matrix::from_fn(layer.width(), 1, |i, _| layer.bias[i].clone() / &bias)
        };
        found = project(&found, l, &basis)?;
    }
    Ok((found, blur))
}

/// θ: for unit roundoff 1, by how much the directions with the singular values `kept` are off.
fn angle<S: Real>(leeway: Leeway, (m, n): (usize, usize), kept: &[S], error: &S, u: &S) -> S {
    let over = |sigma: &S| S::one() / (sigma.clone() - error.clone() * u);
    match leeway {
        Leeway::Certain => kept.last().map_or_else(S::zero, |last| over(last) * error),
        Leeway::Usual => {
            let over: Vec<S> = kept.iter().map(over).collect();
            let outside = S::from_int((m - kept.len()) as i64);
            let entries = S::from_int((m * n) as i64);
            error.clone() * norm2(&over) * (outside / entries).sqrt()
        }
    }
}

/// [W_l ψ_l] with its columns divided by what they err by for unit roundoff 1, in powers of two, and what is left of the errors.
fn whitened<S: Real>(
    network: &Network<S>,
    l: usize,
    blur: &Blur<S>,
    leeway: Leeway,
) -> (Matrix<S>, S) {
    let layer = network.layer(l);
    let dimensions = S::from_int((layer.width() + layer.weight.ncols()) as i64);
    let mut errors = vec![];
    if l == 1 {
        for column in layer.weight.column_iter() {
            let column: Vec<S> = column.iter().cloned().collect();
            errors.push((leeway.alone(&norm2(&column), &dimensions), 1));
        }
    } else {
        let (weight, psi) = (frobenius(&layer.weight), layer.psi_or_zero());
        let length = network.length_squared(l - 1).sqrt();
        let of_psi = norm2(&[norm2(psi.as_slice()), weight.clone() * length]);
        let extra = &blur.layers[l - 1];
        let own = |size: &S, extra: &[S]| leeway.alone(size, &dimensions) + norm2(extra);
        errors.push((own(&weight, &extra.weight), layer.weight.ncols()));
        errors.push((own(&of_psi, &extra.psi), 1));
    }
    let exponent = |error: &S| -error.exponent().unwrap_or(0);
    let exponents: Vec<i64> = errors
        .iter()
        .flat_map(|(error, columns)| std::iter::repeat_n(exponent(error), *columns))
        .collect();
    let left = errors
        .iter()
        .map(|(error, _)| error.scale_by_power_of_two(exponent(error)));
    let left: Vec<S> = left.collect();
    let matrix = if l == 1 {
        layer.weight.clone()
    } else {
        let psi = layer.psi_or_zero();
        let data = layer.weight.iter().chain(psi.iter()).cloned().collect();
        Matrix::from_vec(layer.width(), layer.weight.ncols() + 1, data)
    };
    (weighted(&matrix, exponents.into_iter()), norm2(&left))
}

/// What a projection of layer l leaves in its bias and o, and in the layer behind it.
fn loosen<S: Real>(blur: &mut Blur<S>, network: &Network<S>, l: usize, angle: &S, leeway: Leeway) {
    let (layer, next) = (network.layer(l), network.layer(l + 1));
    let dimensions = layer.width() + layer.weight.ncols() + next.width();
    let dimensions = S::from_int(dimensions as i64);
    // A rounding at the size before, and the angle.
    let factor = leeway.alone(&S::one(), &dimensions) + angle;
    // All of the bias there ever was: what an earlier projection took is in o.
    let length = network.length_squared(l);
    let squared = norm2(layer.bias.as_slice());
    let squared = squared.clone() * squared + &length;
    let bias = squared.sqrt();
    let rows: Vec<S> = next
        .weight
        .row_iter()
        .map(|row| norm2(&row.iter().cloned().collect::<Vec<S>>()) * &factor)
        .collect();
    let two = S::from_int(2);
    let of_o = leeway.alone(&squared, &dimensions);
    blur.layers[l - 1].bias += factor * &bias;
    blur.layers[l - 1].o += two * (of_o + angle.clone() * squared);
    blur.layers[l].psi = rows.iter().map(|row| row.clone() * &bias).collect();
    blur.layers[l].weight = rows;
}
