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
    /// ‖R N - N'‖_F over the columns of this parameter (|o - o'| for o), or over that of its lines which is worst.
    pub residual: S,
    /// Its share in each row, that is in each neuron of the second network; none for o.
    pub rows: Vec<S>,
    /// What rounding at unit roundoff 1 explains, by the [leeway](Leeway); times u it is the allowance.
    pub scale: S,
    /// The size of what differs: the norm of these columns, or of the line, in N (o itself for o).
    pub size: S,
    /// Which of its lines these are of.
    pub line: Line,
}

/// What of a parameter is judged: inputs and outputs are not rotated, so that each has a size of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// All of it.
    Whole,
    /// A column of W_1, from 1.
    Column(usize),
    /// A row of W_L, b_L or ψ_L, from 1.
    Row(usize),
    /// Row and column of W_1 where that is W_L.
    Entry(usize, usize),
}

/// How much rounding is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leeway {
    /// All roundings in league: no honest copy exceeds it, and deep layers are allowed much more than they need.
    Certain,
    /// [`USUAL`] times what independent roundings of a rotation leave. Copies by rotations stay below it, and what
    /// exceeds 2⁶ times the residual of such a copy is found (`tests/identity/honest.rs` measures both).
    Usual,
}

/// 2³: what [`Leeway::Usual`] allows beyond independent roundings.
pub const USUAL: i64 = 8;

/// The outcome of [`compare`].
#[derive(Clone, Debug)]
pub struct Comparison<S> {
    /// What was allowed.
    pub leeway: Leeway,
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

    /// The same in another arithmetic.
    pub fn map<T: Real>(&self, f: &impl Fn(&S) -> T) -> Comparison<T> {
        let part = |part: &Part<S>| Part {
            layer: part.layer,
            parameter: part.parameter,
            residual: f(&part.residual),
            rows: part.rows.iter().map(f).collect(),
            size: f(&part.size),
            scale: f(&part.scale),
            line: part.line,
        };
        Comparison {
            leeway: self.leeway,
            structure: self.structure.clone(),
            parts: self.parts.iter().map(part).collect(),
            unreachable: self.unreachable.iter().map(|(a, b)| (f(a), f(b))).collect(),
        }
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

/// One line of a parameter: its residual, its size, and the size of the weights that what arrives goes through.
struct Judged<S> {
    line: Line,
    residual: S,
    size: S,
    through: S,
}

/// Rounding errors of a rotation in each of its two dimensions: a dot product (1 per term), the
/// orthogonality of a computed factor (measured below 3 per dimension, see `tests/svd.rs`), doubled
/// because either network may be the rotated one.
pub(super) const PER_DIMENSION: i64 = 8;

/// Up to so many bits there is no room for squares.
const DOUBLE: u32 = 53;

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
    compare_suspecting(a, b, leeway, None)
}

impl Leeway {
    /// The allowance at unit roundoff 1 for `size` that `dimensions` roundings each have gone into, behind weights of
    /// norm `through` that receive `error`.
    fn allowed<S: Real>(self, size: &S, dimensions: &S, through: &S, error: &S) -> S {
        let arriving = through.clone() * error;
        match self {
            Leeway::Certain => size.clone() * dimensions * S::from_int(PER_DIMENSION) + arriving,
            Leeway::Usual => {
                let own = size.clone() * dimensions.sqrt() * S::from_int(USUAL);
                norm2(&[own, arriving])
            }
        }
    }

    /// The allowance at unit roundoff 1 for `size` alone.
    pub(super) fn alone<S: Real>(self, size: &S, dimensions: &S) -> S {
        self.allowed(size, dimensions, &S::zero(), &S::zero())
    }

    /// What all of a layer is allowed, from its parts.
    fn together<S: Real>(self, parts: &[S]) -> S {
        match self {
            Leeway::Certain => parts.iter().fold(S::zero(), |sum, part| sum + part),
            Leeway::Usual => norm2(parts),
        }
    }

    /// The error of what arrives at the next layer, for `total` in a layer of `neurons` that was divided by `size`.
    fn passed_on<S: Real>(self, total: S, size: &S, neurons: usize) -> S {
        match self {
            Leeway::Certain => S::from_int(2) * total / size,
            // Spread over the neurons: the next weight sees a share of it.
            Leeway::Usual => total / size / S::from_int(neurons as i64).sqrt(),
        }
    }
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
    leeway: Leeway,
    suspect: Option<Suspect>,
) -> Result<Comparison<S>, Error> {
    let mut comparison = Comparison {
        leeway,
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
        let (n, n_image) = (joined(la, &reach.basis), joined(lb, &reach.image));
        let dimensions = S::from_int((la.width() + la.weight.ncols()) as i64);
        let blocks = blocks(reach.basis.ncols());
        let (residual, next) = if l == a.depth() {
            (n.clone() - &n_image, None)
        } else {
            let noise = |parameter: &str, size: S| {
                let through = match parameter {
                    "weight" => frobenius(&la.weight),
                    _ => S::zero(),
                };
                leeway.allowed(&size, &dimensions, &through, &reach.error)
            };
            let mut weights = weights(l == 1, &blocks, &n, noise);
            let is = |parameter| {
                suspect
                    == Some(Suspect {
                        layer: l,
                        parameter,
                    })
            };
            for (_, columns) in blocks.iter().filter(|(parameter, _)| is(*parameter)) {
                weights[columns.clone()]
                    .iter_mut()
                    .for_each(|e| *e += SUSPECT_WEIGHT);
            }
            let (residual, found) = aligned(&n, &n_image, &weights)?;
            (residual, Some(found))
        };
        let allowed = |judged: &Judged<S>| {
            leeway.allowed(&judged.size, &dimensions, &judged.through, &reach.error)
        };
        let mut scales = vec![];
        for (parameter, columns) in &blocks {
            let rows = residual.columns(columns.start, columns.len());
            let rows = rows
                .row_iter()
                .map(|row| norm2(&row.iter().cloned().collect::<Vec<S>>()));
            let rows: Vec<S> = rows.collect();
            let whole = Judged {
                line: Line::Whole,
                residual: norm2(&rows),
                size: norm2(block(&n, columns)),
                through: frobenius(&la.weight),
            };
            let scale = allowed(&whole);
            scales.push(scale.clone());
            let ends = (l == 1, l == a.depth());
            let mut worst = (whole, scale);
            for judged in lines(ends, parameter, columns, &residual, (&n, &n_image), la) {
                let scale = allowed(&judged);
                // r/s > r'/s', written so that s = 0 is no obstacle.
                if judged.residual.clone() * &worst.1 > worst.0.residual.clone() * &scale {
                    worst = (judged, scale);
                }
            }
            comparison.parts.push(Part {
                layer: l,
                parameter,
                residual: worst.0.residual,
                rows,
                size: worst.0.size,
                scale: worst.1,
                line: worst.0.line,
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
                scale: size.clone() * S::from_int(PER_DIMENSION),
                size,
                line: Line::Whole,
            });
            let total = leeway.together(&scales);
            found.reach.error = leeway.passed_on(total, &found.size, la.width());
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

/// The lines that are judged by themselves: columns at the input, rows at the output, entries where both ends meet.
fn lines<S: Real>(
    (first, last): (bool, bool),
    parameter: &str,
    columns: &Range<usize>,
    residual: &Matrix<S>,
    (n, n_image): (&Matrix<S>, &Matrix<S>),
    layer: &Layer<S>,
) -> Vec<Judged<S>> {
    let norm = |m: &Matrix<S>, rows: Range<usize>, columns: Range<usize>| {
        let entries = columns.flat_map(|j| rows.clone().map(move |i| (i, j)));
        norm2(&entries.map(|at| m[at].clone()).collect::<Vec<S>>())
    };
    let judged = |line, rows: Range<usize>, columns: Range<usize>| {
        let through = match line {
            Line::Row(i) if parameter == PARAMETERS[0] => {
                let row = layer.weight.row(i - 1);
                norm2(&row.iter().cloned().collect::<Vec<S>>())
            }
            // What arrives at the first layer is exact, and nothing arrives through b and ψ.
            Line::Row(_) | Line::Whole | Line::Column(_) | Line::Entry(..) => S::zero(),
        };
        Judged {
            line,
            residual: norm(residual, rows.clone(), columns.clone()),
            size: S::larger(
                norm(n, rows.clone(), columns.clone()),
                norm(n_image, rows, columns),
            ),
            through,
        }
    };
    let all = 0..n.nrows();
    match (first && parameter == PARAMETERS[0], last) {
        (true, true) => columns
            .clone()
            .flat_map(|j| all.clone().map(move |i| (i, j)))
            .map(|(i, j)| judged(Line::Entry(i + 1, j + 1), i..i + 1, j..j + 1))
            .collect(),
        (true, false) => columns
            .clone()
            .map(|j| judged(Line::Column(j + 1), all.clone(), j..j + 1))
            .collect(),
        (false, true) => all
            .clone()
            .map(|i| judged(Line::Row(i + 1), i..i + 1, columns.clone()))
            .collect(),
        (false, false) => vec![],
    }
}

/// Some columns as one slice.
fn block<'a, S: Real>(m: &'a Matrix<S>, columns: &Range<usize>) -> &'a [S] {
    &m.as_slice()[columns.start * m.nrows()..columns.end * m.nrows()]
}

/// The exponents of powers of two that give every column of N its say in the rotation, in inverse proportion to its
/// error: that goes with the size of a column of W_1, and of a whole block behind it. What is small there is no less
/// well known.
fn weights<S: Real>(
    first: bool,
    blocks: &[(&'static str, Range<usize>)],
    n: &Matrix<S>,
    noise: impl Fn(&str, S) -> S,
) -> Vec<i64> {
    let mut weights = vec![0; n.ncols()];
    for (parameter, columns) in blocks {
        let parts = if first { columns.len() } else { 1 };
        let step = (columns.len() / parts.max(1)).max(1);
        for start in columns.clone().step_by(step) {
            let part = start..(start + step).min(columns.end);
            let error = noise(parameter, norm2(block(n, &part)));
            let exponent = error.exponent().unwrap_or(0);
            weights[part].iter_mut().for_each(|e| *e = -exponent);
        }
    }
    weights
}

/// The columns times powers of two.
fn weighted<S: Real>(m: &Matrix<S>, exponents: impl Iterator<Item = i64>) -> Matrix<S> {
    let mut m = m.clone();
    for (j, e) in exponents.enumerate() {
        for x in column_mut(&mut m, j) {
            *x = x.scale_by_power_of_two(e);
        }
    }
    m
}

/// The orthogonal factor Y of T' Tᵀ, which minimises ‖Y T - T'‖_F.
fn polar<S: Real>(t: &Matrix<S>, t_image: &Matrix<S>) -> Result<Matrix<S>, Error> {
    if S::precision().is_some_and(|bits| bits > DOUBLE) {
        let svd = svd(&product_nt(t_image, t))?;
        return Ok(product_nt(&svd.u, &svd.v));
    }
    // With T = U S Vᵀ the product is ((T' V) S) Uᵀ: its columns are scaled, which a Jacobi SVD does not mind, and
    // nothing is squared.
    let of_t = svd(t)?;
    let mut graded = product(t_image, &of_t.v);
    for (j, sigma) in of_t.sigma.iter().enumerate() {
        S::scale(column_mut(&mut graded, j), sigma);
    }
    let svd = svd(&graded)?;
    Ok(product_nt(&product_nt(&svd.u, &svd.v), &of_t.u))
}

/// The residual R N - N', R found from the weighted columns, and what reaches the next layer.
fn aligned<S: Real>(
    n: &Matrix<S>,
    n_image: &Matrix<S>,
    weights: &[i64],
) -> Result<(Matrix<S>, Found<S>), Error> {
    // Reduce to the triangular factors first: N = Q T, N' = Q' T', R = Q' Y Qᵀ.
    let up = || weights.iter().copied();
    let (here, there) = (qr(&weighted(n, up())), qr(&weighted(n_image, up())));
    let (t, t_image) = (here.r(), there.r());
    let k = t.nrows();
    let (q, q_image) = (here.q(k), there.q(k));
    let y = polar(&t, &t_image)?;
    let down = || weights.iter().map(|e| -e);
    let (t, t_image) = (weighted(&t, down()), weighted(&t_image, down()));
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
