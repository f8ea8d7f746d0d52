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
//! and R_L = I. The columns of the residual R_l N - N' say which parameter differs; what does not
//! reach a layer is reported and not judged. Weak directions keep their small weight in N, so an error
//! in R_l there costs no more than it does in the function.

use std::ops::Range;

use crate::{
    error::Error,
    linalg::{
        Matrix, column, column_mut, frobenius, norm2, product, product_nt, qr, qr_pivoted, svd,
    },
    network::{Layer, Network},
    scalar::Real,
};

/// One parameter of one layer of two networks, held against each other.
#[derive(Clone, Debug)]
pub struct Part<S> {
    /// Layer, from 1 to L.
    pub layer: usize,
    /// `weight`, `bias`, `ψ` or `o`.
    pub parameter: &'static str,
    /// ‖R N - N'‖_F over the columns of this parameter (|o - o'| for o).
    pub residual: S,
    /// Its share in each row, that is in each neuron of the second network; none for o.
    pub rows: Vec<S>,
    /// What rounding at unit roundoff 1 could explain; times u it is the allowance.
    pub scale: S,
}

/// The outcome of [`compare`].
#[derive(Clone, Debug)]
pub struct Comparison<S> {
    /// A difference that ends the comparison at once: widths, gain or threshold.
    pub structure: Option<String>,
    /// Every parameter of every layer, in forward order.
    pub parts: Vec<Part<S>>,
    /// ‖·‖_F of the weights that nothing reaches, in the first and the second network, by layer.
    pub unreachable: Vec<(S, S)>,
}

impl<S: Real> Comparison<S> {
    /// The first part whose residual exceeds `u` times its scale.
    pub fn parting(&self, u: &S) -> Option<&Part<S>> {
        self.parts.iter().find(|part| part.exceeds(u))
    }

    /// Whether the networks are the same up to gauge and rounding at unit roundoff `u`.
    pub fn agrees(&self, u: &S) -> bool {
        self.structure.is_none() && !self.parts.is_empty() && self.parting(u).is_none()
    }

    /// The largest residual as a multiple of `u` times its scale; at most 1 means agreement.
    pub fn ratio(&self, u: &S) -> S {
        let ratio = |part: &Part<S>| {
            if part.residual.is_zero() {
                S::zero()
            } else {
                part.residual.clone() / (part.scale.clone() * u)
            }
        };
        self.parts
            .iter()
            .map(ratio)
            .fold(S::zero(), |a, b| S::larger(b, a))
    }

    /// The largest residual itself.
    pub fn residual(&self) -> S {
        self.parts
            .iter()
            .map(|part| part.residual.clone())
            .fold(S::zero(), |a, b| S::larger(b, a))
    }
}

impl<S: Real> Part<S> {
    pub(super) fn exceeds(&self, u: &S) -> bool {
        let allowed = self.scale.clone() * u;
        // Written so that a NaN exceeds.
        !matches!(
            self.residual.partial_cmp(&allowed),
            Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
        )
    }
}

/// Rounding errors of a rotation in each of its two dimensions: a dot product (1 per term), the
/// orthogonality of a computed factor (measured below 3 per dimension, see `tests/svd.rs`), doubled
/// because either network may be the rotated one.
pub(super) const PER_DIMENSION: i64 = 8;

/// Holds two networks against each other. Work at 256 bits or more whatever the networks were stored
/// in, and judge with the unit roundoff of the stored arithmetic: the precision inside must cover the
/// squared condition of every layer.
///
/// # Errors
/// Those of [`svd`](crate::linalg::svd()). Different widths or gains are not errors: they are the
/// outcome.
pub fn compare<S: Real>(a: &Network<S>, b: &Network<S>) -> Result<Comparison<S>, Error> {
    compare_suspecting(a, b, None)
}

/// A parameter that is to have next to no say in the rotation of its layer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspect {
    /// Layer, from 1.
    pub(super) layer: usize,
    /// One of [`PARAMETERS`].
    pub(super) parameter: &'static str,
}

/// The columns of N, in order.
pub(super) const PARAMETERS: [&str; 3] = ["weight", "bias", "ψ"];

/// The weight of a suspect is 2^-40: a mistake in it then turns the rotation by no more than rounding in
/// double precision does, and where the others leave the rotation open it still decides, with 176 of 256 bits.
const SUSPECT_WEIGHT: i64 = -40;

/// [`compare`] up to the layer of the suspect, if there is one, the rotation of which is then found from the
/// other parameters.
pub(super) fn compare_suspecting<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    suspect: Option<Suspect>,
) -> Result<Comparison<S>, Error> {
    let mut comparison = Comparison {
        structure: structure(a, b),
        parts: vec![],
        unreachable: vec![],
    };
    if comparison.structure.is_some() {
        return Ok(comparison);
    }
    let inputs = a.layer(1).weight.ncols();
    let mut reach = Reach {
        basis: Matrix::identity(inputs, inputs),
        image: Matrix::identity(inputs, inputs),
        error: S::zero(),
    };
    for l in 1..=a.depth() {
        let (la, lb) = (a.layer(l), b.layer(l));
        comparison.unreachable.push((
            missed(&la.weight, &reach.basis),
            missed(&lb.weight, &reach.image),
        ));
        let mut n = joined(la, &reach.basis);
        let mut n_image = joined(lb, &reach.image);
        let dimensions = S::from_int(PER_DIMENSION * (la.width() + la.weight.ncols()) as i64);
        let through = frobenius(&la.weight) * &reach.error;
        let blocks = blocks(reach.basis.ncols());
        let scales = blocks
            .clone()
            .map(|(_, columns)| norm2(block(&n, &columns)) * &dimensions + &through);
        let suspected = blocks.iter().find(|(parameter, _)| {
            suspect
                == Some(Suspect {
                    layer: l,
                    parameter,
                })
        });
        if let Some((_, columns)) = suspected {
            for m in [&mut n, &mut n_image] {
                scale_block(m, columns, SUSPECT_WEIGHT);
            }
        }
        let (mut residual, next) = if l == a.depth() {
            (n.clone() - &n_image, None)
        } else {
            let (residual, found) = aligned(&n, &n_image)?;
            (residual, Some(found))
        };
        if let Some((_, columns)) = suspected {
            scale_block(&mut residual, columns, -SUSPECT_WEIGHT);
        }
        for ((parameter, columns), scale) in blocks.iter().zip(&scales) {
            let residual = residual.columns(columns.start, columns.len());
            let rows = residual
                .row_iter()
                .map(|row| norm2(&row.iter().cloned().collect::<Vec<S>>()));
            let rows: Vec<S> = rows.collect();
            comparison.parts.push(Part {
                layer: l,
                parameter,
                residual: norm2(&rows),
                rows,
                scale: scale.clone(),
            });
        }
        if suspect.is_some_and(|suspect| suspect.layer == l) {
            break;
        }
        if let Some(mut found) = next {
            let (o, o_image) = (a.length_squared(l), b.length_squared(l));
            let size = S::larger(o.clone(), o_image.clone());
            // o may have absorbed biases on either side: a few roundings of the larger.
            comparison.parts.push(Part {
                layer: l,
                parameter: "o",
                residual: (o - o_image).abs(),
                rows: vec![],
                scale: size * S::from_int(PER_DIMENSION),
            });
            let total = scales.into_iter().fold(S::zero(), |sum, scale| sum + scale);
            found.reach.error = S::from_int(2) * total / &found.size;
            reach = found.reach;
        }
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

/// What can arrive at a layer: a weighted basis, its image in the second network, and how far the
/// image may be off for unit roundoff 1.
struct Reach<S> {
    basis: Matrix<S>,
    image: Matrix<S>,
    error: S,
}

struct Found<S> {
    reach: Reach<S>,
    /// The factor by which the basis was divided.
    size: S,
}

/// [W X, b, ψ], ψ = 0 where none is stored.
fn joined<S: Real>(layer: &Layer<S>, reach: &Matrix<S>) -> Matrix<S> {
    let mut data = product(&layer.weight, reach).as_slice().to_vec();
    data.extend(layer.bias.iter().cloned());
    data.extend(layer.psi_or_zero().iter().cloned());
    Matrix::from_vec(layer.width(), reach.ncols() + 2, data)
}

/// ‖W (I - P)‖_F for the projection P onto the range of the basis.
fn missed<S: Real>(weight: &Matrix<S>, basis: &Matrix<S>) -> S {
    let qr = qr_pivoted(basis);
    let r = qr.r();
    let floor = if r.nrows() == 0 {
        S::zero()
    } else {
        r[(0, 0)].clone() * S::unit_roundoff() * S::from_int(basis.nrows() as i64)
    };
    let rank = (0..r.nrows()).take_while(|&k| r[(k, k)] > floor).count();
    if rank == basis.nrows() {
        return S::zero();
    }
    let q = qr.q(rank);
    let seen = product_nt(&product(weight, &q), &q);
    frobenius(&(weight.clone() - seen))
}

/// The columns of N that belong to each parameter, W X having so many.
fn blocks(reached: usize) -> [(&'static str, Range<usize>); 3] {
    let [weight, bias, psi] = PARAMETERS;
    [
        (weight, 0..reached),
        (bias, reached..reached + 1),
        (psi, reached + 1..reached + 2),
    ]
}

/// Some columns as one slice.
fn block<'a, S: Real>(m: &'a Matrix<S>, columns: &Range<usize>) -> &'a [S] {
    &m.as_slice()[columns.start * m.nrows()..columns.end * m.nrows()]
}

fn scale_block<S: Real>(m: &mut Matrix<S>, columns: &Range<usize>, e: i64) {
    for j in columns.clone() {
        for x in column_mut(m, j) {
            *x = x.scale_by_power_of_two(e);
        }
    }
}

/// The residual R N - N', and what reaches the next layer.
fn aligned<S: Real>(n: &Matrix<S>, n_image: &Matrix<S>) -> Result<(Matrix<S>, Found<S>), Error> {
    // Reduce to the triangular factors first: N = Q T, N' = Q' T', R = Q' Y Qᵀ.
    let (here, there) = (qr(n), qr(n_image));
    let (t, t_image) = (here.r(), there.r());
    let k = t.nrows();
    let (q, q_image) = (here.q(k), there.q(k));
    let svd = svd(&product_nt(&t_image, &t))?;
    let y = product_nt(&svd.u, &svd.v);
    let residual = product(&q_image, &(product(&y, &t) - &t_image));
    // T = Lᵀ Q₂ᵀ: the columns of Q Lᵀ have the Gram matrix of N in k columns instead of all.
    let mut lower = qr(&t.transpose()).r().transpose();
    let largest = (0..lower.ncols())
        .map(|j| norm2(column(&lower, j)))
        .fold(S::zero(), |a, b| S::larger(b, a));
    let size = if largest.is_zero() { S::one() } else { largest };
    lower.iter_mut().for_each(|x| *x /= &size);
    let basis = product(&q, &lower);
    let image = product(&q_image, &product(&y, &lower));
    let reach = Reach {
        basis,
        image,
        error: S::zero(),
    };
    Ok((residual, Found { reach, size }))
}
