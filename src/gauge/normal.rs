//! The normal form of a network: one network for each function (B9, `proofs/identity.md`).
//!
//! With V_l and B_l of the collapsed form cut at layer l ([`identity`](crate::identity)), the normal form has the largest
//! o_l that a network of the function can have, and for V_l the factor of N_l - o_l e eᵀ in row echelon form with positive
//! first entries, which is unique. W_l and ψ_l follow. It is as narrow as any network of the function.
//!
//! It is reached without forming N_l, which would square the condition, by one sweep of exact operations. Let B_l = Q T
//! with T in row echelon form and orthonormal columns in Q, found column by column; layer l is rotated by Qᵀ, and what b_l
//! has outside of the range of B_l is a constant neuron that is absorbed (D2):
//!
//! ```text
//! b⊥ = b_l - Q Qᵀ b_l
//! (W, b, ψ)_l → Qᵀ (W, b, ψ)_l     o_l → o_l + ‖b⊥‖²     ψ_{l+1} → ψ_{l+1} + W_{l+1} b⊥     W_{l+1} → W_{l+1} Q
//! ```

use crate::{
    error::Error,
    linalg::{Matrix, Vector, column, norm2, product, product_tn},
    network::{Layer, Network},
    scalar::{Field, Real},
};

/// A normal form, and how surely its ranks are known.
#[derive(Clone, Debug)]
pub struct NormalForm<S> {
    /// The network.
    pub network: Network<S>,
    /// One for each hidden layer.
    pub echelons: Vec<Echelon<S>>,
}

/// The row echelon form of one hidden layer.
#[derive(Clone, Debug)]
pub struct Echelon<S> {
    /// The columns of B_l, from 0, that are no combination of those before them: rank B_l of them.
    pub pivots: Vec<usize>,
    /// How far the weakest of them stands above what rounding the given numbers can move it by: more than 1.
    pub weakest: S,
    /// How far the strongest of the others does: at most 1 where no rank was given.
    pub strongest: S,
}

/// The normal form of a network.
///
/// `pivots` are the columns of every B_l that are no combination of those before them, where they are known exactly
/// ([`pivots`](crate::identity::pivots)); without them a column counts that stands above what rounding explains.
/// `unit` is the unit roundoff of the numbers as they are given; the computation rounds in `S`, which should have
/// twice the bits. A column of B_l moves by at most l·unit times the same product of absolute values; it is taken
/// max(rows, columns) times, since copies were computed by sums of as many terms.
///
/// For tanh and a function that is not constant, two networks have the same function iff they have the same normal form.
/// For other gains it is one network of the function among several (B8).
///
/// ```
/// use isotropic::{Gain, Layer, Network, gauge::normal_form, linalg::{Matrix, Vector}};
/// let layer = |m, n, w: &[f64], b: &[f64]| Layer {
///     weight: Matrix::from_row_slice(m, n, w),
///     bias: Vector::from_row_slice(b),
///     psi: None,
/// };
/// // Two neurons on one input: one of them is enough, and o takes up what the biases leave.
/// let network = Network::new(vec![layer(2, 1, &[3.0, 4.0], &[4.0, -3.0]), layer(1, 2, &[1.0, 1.0], &[0.0])], Gain::Tanh, None)?;
/// let found = normal_form(&network, None, &f64::EPSILON)?.network;
/// assert_eq!(found.widths(), [1, 1, 1]);
/// // W_1 is a norm of two numbers: squares, a sum and a root, at most 4 u. What b_1 = (4, -3) leaves passes two projections of
/// // at most 5 roundings each, a norm of 4 and a square: at most 30 u of 25.
/// let u = f64::EPSILON / 2.0;
/// assert!((found.layer(1).weight[0] - 5.0).abs() <= 4.0 * u * 5.0);
/// assert!((found.length_squared(1) - 25.0).abs() <= 30.0 * u * 25.0);
/// # Ok::<(), isotropic::Error>(())
/// ```
///
/// # Errors
/// [`Error::Undecided`] where a rank that is known exactly does not stand above rounding, [`Error::Constant`].
pub fn normal_form<S: Real>(
    network: &Network<S>,
    pivots: Option<&[Vec<usize>]>,
    unit: &S,
) -> Result<NormalForm<S>, Error> {
    let unit = S::larger(unit.clone(), S::unit_roundoff());
    let sizes = sizes(network);
    let mut layers = network.layers().to_vec();
    let (mut lengths, mut echelons) = (vec![], vec![]);
    let mut before: Option<Matrix<S>> = None;
    for l in 1..=network.depth() {
        let b = cut(&layers[l - 1], before.as_ref());
        let allowed = allowances(&b, &sizes[l - 1], l, &unit);
        if l == network.depth() {
            let moves = |(j, allowed): (usize, &S)| norm2(column(&b, j)) > *allowed;
            if !allowed.iter().enumerate().any(moves) {
                return Err(Error::Constant { layer: l });
            }
            break;
        }
        let known = pivots.and_then(|all| all.get(l - 1)).map(Vec::as_slice);
        let (q, t, echelon) = echelon(&b, known, &allowed, l)?;
        if echelon.pivots.is_empty() {
            return Err(Error::Constant { layer: l });
        }
        let layer = &layers[l - 1];
        let (bias, lost) = parted(&q, layer.bias.as_slice());
        let mut weight = product_tn(&q, &layer.weight);
        if l == 1 {
            // B_1 is W_1, whose staircase is known to be 0.
            weight.clone_from(&t);
        }
        let psi = layer.psi.as_ref().map(|psi| turned(&q, psi.as_slice()));
        let square = norm2(&lost);
        lengths.push(network.length_squared(l) + square.clone() * &square);
        layers[l - 1] = Layer {
            weight,
            bias: Vector::from_vec(bias.clone()),
            psi: psi.map(Vector::from_vec),
        };
        let next = &mut layers[l];
        if !square.is_zero() {
            let lost = Matrix::from_vec(lost.len(), 1, lost);
            let moved = product(&next.weight, &lost);
            let mut psi = next.psi_or_zero();
            for (psi, moved) in psi.iter_mut().zip(moved.iter()) {
                *psi += moved;
            }
            next.psi = Some(psi);
        }
        next.weight = product(&next.weight, &q);
        before = Some(with_column(&t, &bias));
        echelons.push(echelon);
    }
    Ok(NormalForm {
        network: Network::new(layers, network.gain().clone(), Some(lengths))?,
        echelons,
    })
}

/// B_l = W_l V_{l-1} + ψ_l eᵀ, W_1 for l = 1.
fn cut<S: Field>(layer: &Layer<S>, before: Option<&Matrix<S>>) -> Matrix<S> {
    let Some(v) = before else {
        return layer.weight.clone();
    };
    let mut b = product(&layer.weight, v);
    let last = b.ncols() - 1;
    if let Some(psi) = &layer.psi {
        for (entry, psi) in b.column_mut(last).iter_mut().zip(psi.iter()) {
            *entry += psi;
        }
    }
    b
}

/// B_1 … B_L with every number replaced by its absolute value, so that nothing cancels.
fn sizes<S: Real>(network: &Network<S>) -> Vec<Matrix<S>> {
    let mut all: Vec<Matrix<S>> = vec![];
    let mut v: Option<Matrix<S>> = None;
    for layer in network.layers() {
        let absolute = Layer {
            weight: layer.weight.map(|x| x.abs()),
            bias: layer.bias.map(|x| x.abs()),
            psi: layer.psi.as_ref().map(|psi| psi.map(|x| x.abs())),
        };
        let b = cut(&absolute, v.as_ref());
        v = Some(with_column(&b, absolute.bias.as_slice()));
        all.push(b);
    }
    all
}

/// How far rounding the given numbers can move each column of B_l.
fn allowances<S: Real>(b: &Matrix<S>, sizes: &Matrix<S>, l: usize, unit: &S) -> Vec<S> {
    let terms = sizes.nrows().max(b.ncols()) * l;
    let factor = S::from_int(terms as i64) * unit;
    let one = |j: usize| norm2(column(sizes, j)) * &factor;
    (0..b.ncols()).map(one).collect()
}

/// Q, T, and where T has its steps.
type Factors<S> = (Matrix<S>, Matrix<S>, Echelon<S>);

/// B = Q T, column by column: Q with orthonormal columns, T in row echelon form with positive first entries.
fn echelon<S: Real>(
    b: &Matrix<S>,
    known: Option<&[usize]>,
    allowed: &[S],
    layer: usize,
) -> Result<Factors<S>, Error> {
    let rows = b.nrows();
    let mut basis: Vec<Vec<S>> = vec![];
    let mut columns: Vec<Vec<S>> = vec![];
    let mut pivots = vec![];
    let (mut weakest, mut strongest): (Option<S>, S) = (None, S::zero());
    for (j, allowed) in allowed.iter().enumerate() {
        let mut rest = column(b, j).to_vec();
        let mut entries = vec![S::zero(); basis.len()];
        // Twice is enough: what a projection leaves of the basis is of the size of its rounding.
        for _ in 0..2 {
            for (entry, q) in entries.iter_mut().zip(&basis) {
                let along = S::dot(q, &rest);
                S::axpy(&mut rest, &-along.clone(), q);
                *entry += &along;
            }
        }
        let size = norm2(&rest);
        let stands = match allowed.is_zero() {
            true => size.clone(),
            false => size.clone() / allowed,
        };
        let counts = match known {
            Some(known) => known.contains(&j),
            None => size > *allowed,
        };
        let full = basis.len() == rows;
        if counts && !full {
            if size <= *allowed {
                return Err(Error::Undecided {
                    layer,
                    column: j + 1,
                    size: size.to_string(),
                    allowed: allowed.to_string(),
                });
            }
            let scale = S::one() / &size;
            S::scale(&mut rest, &scale);
            basis.push(rest);
            entries.push(size);
            pivots.push(j);
            weakest = Some(match weakest {
                Some(least) if least <= stands => least,
                _ => stands,
            });
        } else if !full {
            strongest = S::larger(strongest, stands);
        }
        columns.push(entries);
    }
    let rank = basis.len();
    let q = Matrix::from_vec(rows, rank, basis.concat());
    let t = Matrix::from_fn(rank, b.ncols(), |i, j| {
        columns[j].get(i).cloned().unwrap_or_else(S::zero)
    });
    let echelon = Echelon {
        pivots,
        weakest: weakest.unwrap_or_else(S::zero),
        strongest,
    };
    Ok((q, t, echelon))
}

/// Qᵀ x, and x less its projection; 0 where Q spans everything or what is left is rounding.
fn parted<S: Real>(q: &Matrix<S>, x: &[S]) -> (Vec<S>, Vec<S>) {
    let mut rest = x.to_vec();
    let mut along = vec![S::zero(); q.ncols()];
    for _ in 0..2 {
        for (j, along) in along.iter_mut().enumerate() {
            let here = S::dot(column(q, j), &rest);
            S::axpy(&mut rest, &-here.clone(), column(q, j));
            *along += &here;
        }
    }
    let rounding = norm2(x) * S::from_int(4 * x.len() as i64) * S::unit_roundoff();
    if q.ncols() == q.nrows() || norm2(&rest) <= rounding {
        rest.fill(S::zero());
    }
    (along, rest)
}

/// Qᵀ x.
fn turned<S: Field>(q: &Matrix<S>, x: &[S]) -> Vec<S> {
    (0..q.ncols()).map(|j| S::dot(column(q, j), x)).collect()
}

/// [M v].
fn with_column<S: Field>(m: &Matrix<S>, v: &[S]) -> Matrix<S> {
    let mut data = m.as_slice().to_vec();
    data.extend_from_slice(v);
    Matrix::from_vec(v.len(), m.ncols() + 1, data)
}
