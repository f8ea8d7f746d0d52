//! What the measurements share: comparing two networks on inputs, and editing one of them wrongly.

pub(super) use crate::network::edit::{altered, head};

use super::{Magnitude, Measurement, magnitude};
use crate::{
    bound::wide_rounding_units,
    error::Error,
    linalg::{Matrix, Vector, column, insert_column, insert_entry, insert_row},
    network::{Network, Scalar, evaluate},
    scalar::{Field, Mp, Rational, Real},
};

/// ‖x‖₂ as a magnitude.
pub(super) fn size<S: Field>(x: &[S]) -> Magnitude {
    let squares = x.iter().map(magnitude).map(|x| x.clone() * x);
    squares
        .fold(Magnitude::from_int(0), |sum, square| sum + square)
        .sqrt()
}

/// ‖x - y‖₂ as a magnitude: the differences are formed in the scalar.
pub(super) fn distance<S: Field>(x: &[S], y: &[S]) -> Magnitude {
    let difference: Vec<S> = x.iter().zip(y).map(|(x, y)| x.clone() - y).collect();
    size(&difference)
}

/// `units` roundings of the scalar: 0 over ℚ.
pub(super) fn roundings<S: Field>(units: f64) -> Magnitude {
    magnitude(&S::unit_roundoff()) * Magnitude::from_f64(units)
}

/// As many roundings of the scalar as a bound says: 0 over ℚ.
pub(super) fn times_u<S: Field>(units: &Magnitude) -> Magnitude {
    magnitude(&S::unit_roundoff()) * units
}

/// The smallest positive number of the hardware formats; MPFR's is out of reach.
pub(super) fn smallest<S: Field>() -> Magnitude {
    match S::precision() {
        Some(24) => magnitude(&f32::from_bits(1)),
        Some(53) => magnitude(&f64::from_bits(1)),
        _ => Magnitude::from_int(0),
    }
}

/// ‖y - y'‖ on every input, against the rounding bounds of both evaluations. `computed` holds, for
/// each layer of the second network, the relative error of its parameters in units of u, where they
/// were computed from those of the first.
pub(super) fn same_outputs<S: Scalar>(
    a: &Network<S>,
    b: &Network<S>,
    inputs: &[Vec<S>],
    computed: &[f64],
) -> Result<Measurement, Error> {
    let mut measurement = Measurement::default();
    for x in inputs {
        let (y, y_image) = (evaluate(a, x)?, evaluate(b, x)?);
        let units = units(a, x, &[])? + units(b, x, computed)?;
        let residual = distance(y.as_slice(), y_image.as_slice());
        measurement.push(
            residual,
            times_u::<S>(&units),
            Magnitude::from_int(1) + size(y.as_slice()),
        );
        measurement.compared((a, b), x, [y.as_slice(), y_image.as_slice()]);
    }
    Ok(measurement)
}

/// Whether o_l + ‖b_l‖² can be held for every hidden layer, so that any bias can be absorbed: a bias of
/// 1e300 cannot in f64.
pub(super) fn absorbs<S: Field>(network: &Network<S>) -> bool {
    network.hidden().all(|l| {
        let bias = network.layer(l).bias.as_slice();
        let squares = S::dot(bias, bias) * S::from_int(bias.len() as i64);
        (squares + network.length_squared(l)).is_finite()
    })
}

/// κ for a network in which the hidden layers `rotated` were rotated: each touches its own layer and
/// the next. An entry of R W is a sum of n products; its rounding error is at most λ √n u (|R| |W|)_ij
/// with probability 1 - 2 exp(-λ²/2) (Higham and Mary 2019), and ‖|R| |W|‖_F ≤ √n ‖W‖_F: λ n u ‖W‖_F,
/// with λ = 4. The factor's own distance from orthogonality is below 4 n u too (`tests/it/linalg/svd.rs`).
pub(super) fn rotated<S: Field>(network: &Network<S>, rotated: &[usize]) -> Vec<f64> {
    let mut computed = vec![0.0; network.depth()];
    for &l in rotated {
        let n = network.layer(l).width() as f64;
        computed[l - 1] += 4.0 * n;
        computed[l] += 4.0 * n;
    }
    computed
}

/// The arithmetic of references: twice the widest rung, and no overflow. What is evaluated in it has no
/// rounding to speak of, in any arithmetic under test.
pub(super) type Reference = Mp<2112>;

/// x in a wider arithmetic, exactly; NaN and ∞ become NaN.
pub(super) fn lift<S: Field, W: Field>(x: &S) -> W {
    x.to_rational()
        .map_or_else(|| W::from_f64(f64::NAN), |q| W::from_rational(&q))
}

/// Every entry of x in a wider arithmetic, exactly.
pub(super) fn lifted<S: Field, W: Field>(x: &[S]) -> Vec<W> {
    x.iter().map(lift).collect()
}

/// ‖(y - y') - predicted‖, the prediction being of a wider arithmetic: the first difference is formed in
/// the scalar, the second without rounding.
pub(super) fn misprediction<S: Field, W: Field>(
    y: &[S],
    y_image: &[S],
    predicted: &[W],
) -> Magnitude {
    let differences = y.iter().zip(y_image).map(|(y, image)| y.clone() - image);
    let rest: Vec<W> = differences
        .zip(predicted)
        .map(|(difference, predicted)| lift::<S, W>(&difference) - predicted)
        .collect();
    size(&rest)
}

/// The rounding bound of one evaluation in units of u, `computed` as in [`same_outputs`]; 0 over ℚ.
pub(super) fn units<S: Scalar>(
    network: &Network<S>,
    x: &[S],
    computed: &[f64],
) -> Result<Magnitude, Error> {
    match S::precision() {
        Some(_) => wide_rounding_units(network, x, &computed.to_vec()),
        None => Ok(Magnitude::from_int(0)),
    }
}

/// Every hidden layer, as a list.
pub(super) fn hidden<S: Field>(network: &Network<S>) -> Vec<usize> {
    network.hidden().collect()
}

/// 2^-e x with e the exponent of the largest entry: products of entries then stay in range. Exact,
/// barring underflow of entries that are negligible beside the largest.
pub(super) fn unit_sized<S: Field>(x: &[S]) -> Vec<S> {
    let largest = x
        .iter()
        .map(magnitude)
        .fold(Magnitude::from_int(0), Magnitude::larger);
    let e = largest.exponent().unwrap_or(0).clamp(-1_000_000, 1_000_000) as i32;
    // In two steps: 2^-e itself may be out of range.
    let power = |e: i32| S::from_rational(&Rational(rug::Rational::from(1) >> e));
    let (half, rest) = (power(e / 2), power(e - e / 2));
    x.iter().map(|x| x.clone() * &half * &rest).collect()
}

/// A network evaluated with an activation of the caller's own, which gets (l, z) and returns h and γ:
/// for controls whose activation is not isotropic.
pub(super) fn evaluate_with<S: Scalar>(
    network: &Network<S>,
    x: &[S],
    activation: impl Fn(usize, &[S]) -> Result<(Vec<S>, S), Error>,
) -> Result<Vec<S>, Error> {
    let (mut h, mut gamma) = (x.to_vec(), S::one());
    let mut z = vec![];
    for (l, layer) in (1..).zip(network.layers()) {
        z = vec![S::zero(); layer.width()];
        crate::linalg::accumulate(&mut z, &layer.weight, &h);
        S::axpy(&mut z, &S::one(), layer.bias.as_slice());
        S::axpy(&mut z, &gamma, layer.psi_or_zero().as_slice());
        if l < network.depth() {
            (h, gamma) = activation(l, &z)?;
        }
    }
    Ok(z)
}

/// Appends a neuron to hidden layer `l` (0-based position `at`) with the given row, bias, ψ entry and
/// outgoing column.
pub(super) fn with_neuron<S: Field>(
    network: &Network<S>,
    l: usize,
    at: usize,
    (row, bias, psi): (&[S], S, S),
    outgoing: &[S],
) -> Result<Network<S>, Error> {
    altered(network, |layers, _, _| {
        let layer = &mut layers[l - 1];
        layer.weight = insert_row(&layer.weight, at, row);
        layer.bias = insert_entry(&layer.bias, at, bias);
        layer.psi = layer.psi.take().map(|old| insert_entry(&old, at, psi));
        layers[l].weight = insert_column(&layers[l].weight, at, outgoing);
    })
}

/// Zeros that a gauge promises: the entries of W_l outside `kept` must be exactly zero.
pub(super) fn require_zeros<S: Field>(
    measurement: &mut Measurement,
    network: &Network<S>,
    l: usize,
    kept: impl Fn(usize, usize) -> bool,
) {
    let weight = &network.layer(l).weight;
    for j in 0..weight.ncols() {
        for (i, x) in column(weight, j).iter().enumerate() {
            measurement.require(kept(i, j) || x.is_zero(), || {
                format!(
                    "W_{l}, row {}, column {}: {x} where the gauge promises 0",
                    i + 1,
                    j + 1
                )
            });
        }
    }
}

/// A rational orthogonal matrix for exact cases: Cayley transforms and products of reflections in
/// turn.
pub(super) fn exact_orthogonal(n: usize, rng: &mut impl rand::Rng) -> Matrix<Rational> {
    use rand::RngExt;
    if rng.random() {
        crate::linalg::cayley(n, rng)
    } else {
        crate::linalg::householder(n, rng)
    }
}

/// diag(s, s-1, …, 1)/2 in an m × n matrix of rank `rank`: distinct singular values for exact cases.
pub(super) fn exact_spectrum(m: usize, n: usize, rank: usize) -> Matrix<Rational> {
    Matrix::from_fn(m, n, |i, j| {
        let value = if i == j && i < rank {
            (rank - i) as i64
        } else {
            0
        };
        Rational(rug::Rational::from((value, 2)))
    })
}

/// The largest difference of two networks' parameters relative to `allowed(u)`, as samples: one for
/// each kind of parameter and layer.
pub(super) fn same_parameters<S: Field>(a: &Network<S>, b: &Network<S>, units: f64) -> Measurement {
    let mut measurement = Measurement::default();
    measurement.require(a.widths() == b.widths(), || {
        format!("the widths are {:?}, expected {:?}", b.widths(), a.widths())
    });
    if measurement.broken.is_some() {
        return measurement;
    }
    let mut hold = |x: &[S], y: &[S], scale: Magnitude| {
        let allowance = roundings::<S>(units) * &scale;
        measurement.push(distance(x, y), allowance, scale);
    };
    let one = Magnitude::from_int(1);
    for (la, lb) in a.layers().iter().zip(b.layers()) {
        hold(
            la.weight.as_slice(),
            lb.weight.as_slice(),
            one.clone() + size(la.weight.as_slice()),
        );
        hold(
            la.bias.as_slice(),
            lb.bias.as_slice(),
            one.clone() + size(la.bias.as_slice()),
        );
        let (pa, pb): (Vector<S>, Vector<S>) = (la.psi_or_zero(), lb.psi_or_zero());
        hold(
            pa.as_slice(),
            pb.as_slice(),
            one.clone() + size(pa.as_slice()),
        );
    }
    for l in a.hidden() {
        let (oa, ob) = (a.length_squared(l), b.length_squared(l));
        hold(
            std::slice::from_ref(&oa),
            std::slice::from_ref(&ob),
            one.clone() + magnitude(&oa),
        );
    }
    measurement
}

/// W = U S Vᵀ over ℚ, with exact orthogonal factors and distinct singular values.
pub(super) struct ExactFactors {
    pub u: Matrix<Rational>,
    pub s: Matrix<Rational>,
    pub v: Matrix<Rational>,
}

impl ExactFactors {
    pub(super) fn draw(m: usize, n: usize, rank: usize, rng: &mut impl rand::Rng) -> Self {
        ExactFactors {
            u: exact_orthogonal(m, rng),
            s: exact_spectrum(m, n, rank),
            v: exact_orthogonal(n, rng),
        }
    }

    pub(super) fn product(&self) -> Matrix<Rational> {
        crate::linalg::product_nt(&crate::linalg::product(&self.u, &self.s), &self.v)
    }
}
