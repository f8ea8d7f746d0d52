//! Are two networks the same up to hidden rotations? (THEORY B7)
//!
//! Two networks of equal widths are compared layer by layer. A rotation R_l of hidden layer l is
//! determined only where z_l can lie: on the range of what reaches it. With X_{l-1} a weighted basis
//! of the reachable part of h_{l-1} (the identity for the input) and X'_{l-1} its image,
//!
//! ```text
//! N = [W X, b, ψ],   N' = [W' X', b', ψ'],   R_l = the isometry on range N that minimises ‖R_l N - N'‖,
//! ```
//!
//! and R_L = I. Inputs and outputs are not rotated: a column of W_1 is judged by its own size as well, and so is a row
//! of the last layer. The columns of the residual R_l N - N' say which parameter differs; what does not
//! reach a layer is reported and not judged. Weak directions keep their small weight in N, so an error
//! in R_l there costs no more than it does in the function.

use super::{
    Blur, Comparison, Leeway, Line, Part,
    align::{Reach, aligned, missed, weights},
    lines::{Judge, blocks, joined},
};
use crate::{error::Error, linalg::norm2, network::Network, scalar::Real};

/// Holds two networks against each other. Work at 256 bits or more whatever the networks were stored
/// in, and judge with the unit roundoff of the stored arithmetic: the precision inside must cover the
/// squared condition of every layer.
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()). Different widths or gains are not errors: they are the
/// outcome.
pub fn compare<S: Real>(a: &Network<S>, b: &Network<S>) -> Result<Comparison<S>, Error> {
    compare_allowing(a, b, Leeway::Certain)
}

/// [`compare`] with a choice of how much rounding is allowed.
///
/// # Errors
/// As [`compare`].
pub fn compare_allowing<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    leeway: Leeway,
) -> Result<Comparison<S>, Error> {
    compare_blurred(a, b, leeway, Blur::none())
}

/// [`compare_allowing`] for parameters that may be off by more than a rounding of their own.
///
/// # Errors
/// As [`compare`].
pub fn compare_blurred<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    leeway: Leeway,
    blur: Blur<S>,
) -> Result<Comparison<S>, Error> {
    compare_suspecting(a, b, leeway, blur, None)
}

/// A parameter that is to have next to no say in the rotation of its layer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspect {
    /// Layer, from 1.
    pub(super) layer: usize,
    /// One of [`PARAMETERS`](super::lines::PARAMETERS).
    pub(super) parameter: &'static str,
}

/// The weight of a suspect is 2^-40: a mistake in it then turns the rotation by no more than rounding in
/// double precision does, and where the others leave the rotation open it still decides, with 176 of 256 bits.
const SUSPECT_WEIGHT: i64 = -40;

/// [`compare_blurred`] up to the layer of the suspect, if there is one, the rotation of which is then found from the
/// other parameters.
pub(super) fn compare_suspecting<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    leeway: Leeway,
    blur: Blur<S>,
    suspect: Option<Suspect>,
) -> Result<Comparison<S>, Error> {
    let mut comparison = Comparison {
        leeway,
        blur,
        structure: structure(a, b),
        parts: vec![],
        unreachable: vec![],
    };
    if comparison.structure.is_some() {
        return Ok(comparison);
    }
    let mut reach = Reach::of_inputs(a.layer(1).weight.ncols());
    for l in 1..=a.depth() {
        let (la, lb) = (a.layer(l), b.layer(l));
        comparison.unreachable.push((
            missed(&la.weight, &reach.basis),
            missed(&lb.weight, &reach.image),
        ));
        let (n, n_image) = (joined(la, &reach.basis), joined(lb, &reach.image));
        let length = |l: usize| {
            if l == 0 || l == a.depth() {
                return S::zero();
            }
            S::larger(a.length_squared(l), b.length_squared(l)).sqrt()
        };
        let judge = Judge {
            l,
            ends: (l == 1, l == a.depth()),
            layer: la,
            leeway,
            blur: &comparison.blur,
            dimensions: S::from_int((la.width() + la.weight.ncols()) as i64),
            arriving: reach.error,
            length_before: length(l - 1),
            length: length(l),
        };
        let blocks = blocks(reach.basis.ncols());
        let suspected = suspect.filter(|suspect| suspect.layer == l);
        let (residual, next) = if l == a.depth() {
            (n.clone() - &n_image, None)
        } else {
            let mut weights = weights(leeway, n.ncols(), &judge.errors(&blocks, &n));
            let of_suspect = blocks
                .iter()
                .filter(|(name, _)| suspected.is_some_and(|suspect| suspect.parameter == *name));
            for e in of_suspect.flat_map(|(_, columns)| columns.clone()) {
                weights.exponents[e] += SUSPECT_WEIGHT;
            }
            let (residual, found) = aligned(&n, &n_image, &weights, leeway)?;
            (residual, Some(found))
        };
        let mut parts = vec![];
        for (parameter, columns) in &blocks {
            let rows = residual.columns(columns.start, columns.len());
            let rows = rows
                .row_iter()
                .map(|row| norm2(&row.iter().cloned().collect::<Vec<S>>()));
            let whole = judge.whole(columns, &residual, &n);
            let scale = judge.allowed(parameter, &whole);
            let mut worst = (whole, scale);
            for judged in judge.lines(parameter, columns, &residual, (&n, &n_image)) {
                let scale = judge.allowed(parameter, &judged);
                // r/s > r'/s', written so that s = 0 is no obstacle.
                if judged.residual.clone() * &worst.1 > worst.0.residual.clone() * &scale {
                    worst = (judged, scale);
                }
            }
            parts.push(Part {
                layer: l,
                parameter,
                residual: worst.0.residual,
                rows: rows.collect(),
                size: worst.0.size,
                scale: worst.1,
                line: worst.0.line,
            });
        }
        let of_length = judge.of_length();
        comparison.parts.extend(parts);
        if suspected.is_some() {
            break;
        }
        let Some(next) = next else { break };
        let (o, o_image) = (a.length_squared(l), b.length_squared(l));
        let size = S::larger(o.clone(), o_image.clone());
        comparison.parts.push(Part {
            layer: l,
            parameter: "o",
            residual: (o - o_image).abs(),
            rows: vec![],
            scale: of_length,
            size,
            line: Line::Whole,
        });
        reach = next;
    }
    Ok(comparison)
}

fn structure<S: Real>(a: &Network<S>, b: &Network<S>) -> Option<String> {
    if a.widths() != b.widths() {
        return Some(format!(
            "the widths are {:?} and {:?}",
            a.widths(),
            b.widths()
        ));
    }
    if a.gain() != b.gain() {
        let shown = |n: &Network<S>| match n.gain().threshold() {
            Some(t) => format!("{} with threshold {t}", n.gain().name()),
            None => n.gain().name().to_string(),
        };
        return Some(format!("the gains are {} and {}", shown(a), shown(b)));
    }
    None
}
