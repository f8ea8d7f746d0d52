//! D11 over a ball: a map that goes through p neurons takes two opposite points of any sphere of dimension p to the same
//! value (Borsuk–Ulam), and one of the two is off by half of what y differs by there.
//!
//! The closed form for L = 2 about 0: where b₁ᵀW₁x = 0, x and -x have the same r, so that y(x) - y(-x) = 2γ W₂W₁ x, and
//! with E spanned by the p + 1 leading right singular vectors of W₂W₁ on that hyperplane, for a gain that falls,
//!
//! ```text
//! ½‖y(x) - y(-x)‖ ≥ g(R²s₁² + ‖b₁‖² + o) R σ_{p+1},   x ∈ E, ‖x‖ = R.
//! ```
//!
//! The opposite points are found: by a kernel where y' has one hidden layer, by bisection of a half circle where its second
//! one has a single neuron.

use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement,
    case::{entry, matrix, vector},
    magnitude,
    ranks::generic,
    support::*,
};
use crate::{
    bound::lipschitz_above,
    error::Error,
    linalg::{
        Matrix, Vector, accumulate, complete_basis, norm2, operator_norm, product, product_tn, svd,
    },
    network::{Course, Layer, Network, Scalar, evaluate, trace},
    resize::truncate,
    scalar::{Field, Rational, Real},
};

/// What a control gets wrong about the opposite points; nothing, if it is none of theirs.
#[derive(Clone, Copy)]
pub(super) struct Mistake {
    /// They leave the hyperplane on which r is the same at both.
    pub unrestricted: bool,
    /// The gain is taken at 0 and not where they are.
    pub gain_at_centre: bool,
}

/// Inputs that a network is given at least: a plane and the direction that the hyperplane leaves out, and one more.
const INPUTS: usize = 4;

/// Wider networks are left alone: two factorisations at every rung.
const WIDE: usize = 16;

/// The two layers of the case, with [`INPUTS`] inputs and three outputs at least.
fn two_layers(case: &Case, rng: &mut ChaCha8Rng) -> Result<Network<Rational>, Error> {
    let network = head(&case.network, 2)?;
    altered(&network, |layers, _, _| {
        let fill = |old: &Matrix<Rational>, rows: usize, columns: usize, rng: &mut ChaCha8Rng| {
            let (m, n) = (rows.max(old.nrows()), columns.max(old.ncols()));
            Matrix::from_fn(m, n, |i, j| match old.get((i, j)) {
                Some(x) => x.clone(),
                None => entry(rng),
            })
        };
        let longer = |old: &Vector<Rational>, rng: &mut ChaCha8Rng| {
            let n = old.len().max(3);
            Vector::from_fn(n, |i, _| match old.get(i) {
                Some(x) => x.clone(),
                None => entry(rng),
            })
        };
        layers[0].weight = fill(&layers[0].weight, 1, INPUTS, rng);
        layers[1].weight = fill(&layers[1].weight, 3, 1, rng);
        layers[1].bias = longer(&layers[1].bias, rng);
        layers[1].psi = Some(longer(&layers[1].psi_or_zero(), rng));
    })
}

/// The floor over a ball against the larger error at a pair of opposite points.
pub(super) fn floors<S: Real>(
    measurement: &mut Measurement,
    mistake: Mistake,
    case: &Case,
) -> Result<(), Error> {
    let mut rng = case.rng();
    let exact = two_layers(case, &mut rng)?;
    if exact.widths().iter().any(|n| *n > WIDE) {
        return Ok(());
    }
    let network = exact.cast::<S>()?;
    let known = network.gain().properties();
    let Some(d) = known.d.filter(|_| known.course == Course::Falls) else {
        return Ok(());
    };
    let ball = Ball::new(mistake, &network, &d, &mut rng)?;
    let Some(ball) = ball else {
        return Ok(());
    };
    let n1 = network.layer(1).width();
    for q in 1..n1.min(ball.sigma.len()) {
        let mut narrower = vec![];
        if absorbs(&network) {
            narrower.push(truncate(&network, 1, q)?.0);
        }
        let (first, last) = (network.layer(1).weight.ncols(), network.layer(2).width());
        let draw = |rng: &mut ChaCha8Rng| S::from_rational(&entry(rng));
        narrower.push(generic(
            &[first, q, last],
            network.gain().clone(),
            &mut rng,
            draw,
        )?);
        for other in narrower {
            let x = ball.opposite(&other, q)?;
            ball.hold(measurement, &other, 1, q, &x)?;
        }
        // Bits of bisection take as many evaluations.
        if q == 1 && case.seed.is_multiple_of(8) {
            let widths = [first, 3, 1, 2, last];
            let other = generic(&widths, network.gain().clone(), &mut rng, draw)?;
            let x = ball.bisected(&other)?;
            ball.hold(measurement, &other, 2, q, &x)?;
        }
    }
    Ok(())
}

/// A network with one hidden layer, a radius, and what the closed form needs.
struct Ball<'a, S: Real> {
    network: &'a Network<S>,
    radius: S,
    /// γ at ‖z₁‖² = R²s₁² + ‖b₁‖².
    gain: S,
    /// Of W₂W₁ on the hyperplane.
    sigma: Vec<S>,
    /// Its right singular vectors, in all coordinates.
    axes: Matrix<S>,
    /// ‖W₁‖_F, ‖W₂‖_F ‖W₁‖_F and what b₁ᵀW₁x ≠ 0 by rounding takes from the closed form, all in units of u.
    rounding: Magnitude,
}

impl<'a, S: Real> Ball<'a, S> {
    fn new(
        mistake: Mistake,
        network: &'a Network<S>,
        d: &S,
        rng: &mut ChaCha8Rng,
    ) -> Result<Option<Self>, Error> {
        let (first, second) = (network.layer(1), network.layer(2));
        let s1 = operator_norm(&first.weight)?;
        if s1.is_zero() {
            return Ok(None);
        }
        let radius = S::from_int(1 << rng.random_range(0..4)) / &s1;
        let b1 = Matrix::from_column_slice(first.width(), 1, first.bias.as_slice());
        let normal = product_tn(&first.weight, &b1);
        let n0 = normal.nrows();
        let length = norm2(normal.as_slice());
        let plane = match length.is_zero() || mistake.unrestricted {
            true => Matrix::identity(n0, n0),
            false => {
                let unit = normal.map(|x| x / &length);
                complete_basis(&unit, n0).columns(1, n0 - 1).into_owned()
            }
        };
        let product_on_plane = product(&product(&second.weight, &first.weight), &plane);
        let numbers = [product_on_plane.as_slice(), first.bias.as_slice()];
        if !numbers.iter().all(|x| S::dot(x, x).is_finite()) {
            return Ok(None);
        }
        let factors = svd(&product_on_plane)?;
        let spread = match mistake.gain_at_centre {
            true => S::zero(),
            false => radius.clone() * &s1,
        };
        let mut z = [spread, norm2(first.bias.as_slice())];
        let gain = S::activate(network.gain(), &network.length_squared(1), &mut z)?;
        let size = |x: &[S]| magnitude(&norm2(x));
        let (w1, w2) = (
            size(first.weight.as_slice()),
            size(second.weight.as_slice()),
        );
        let (b, psi) = (
            size(first.bias.as_slice()),
            size(second.psi_or_zero().as_slice()),
        );
        let r = magnitude(&radius);
        let count = (n0 + first.width() + second.width()) as f64;
        let through = w2.clone() * &w1 * &r;
        let units = Magnitude::from_f64(32.0 + 20.0 * count);
        // γ at x and -x differ by at most D times 4 b₁ᵀW₁x, which is 0 up to 16 n u ‖b₁‖‖W₁‖R.
        let off = Magnitude::from_f64(64.0 * count) * magnitude(d) * &b * &w1 * &r;
        let rounding = units * &through + off * (through + w2 * b + psi);
        Ok(Some(Ball {
            network,
            radius,
            gain,
            sigma: factors.sigma,
            axes: product(&plane, &factors.v),
            rounding,
        }))
    }

    /// x = R E c/‖E c‖.
    fn point(&self, c: &[S]) -> Vec<S> {
        let mut x = vec![S::zero(); self.axes.nrows()];
        accumulate(&mut x, &self.axes.columns(0, c.len()).into_owned(), c);
        let scale = self.radius.clone() / norm2(&x);
        S::scale(&mut x, &scale);
        x
    }

    /// Where a network of one hidden layer of q neurons takes x and -x to the same output: in the kernel of its first weight.
    fn opposite(&self, other: &Network<S>, q: usize) -> Result<Vec<S>, Error> {
        let onto = product(
            &other.layer(1).weight,
            &self.axes.columns(0, q + 1).into_owned(),
        );
        let basis = svd(&onto.transpose())?.u_complete();
        Ok(self.point(basis.column(q).as_slice()))
    }

    /// The same where hidden layer 2 has one neuron: z₂(x) - z₂(-x) changes its sign along half a circle.
    fn bisected(&self, other: &Network<S>) -> Result<Vec<S>, Error> {
        let difference = |c: &[S]| -> Result<(S, Vec<S>), Error> {
            let x = self.point(c);
            let minus: Vec<S> = x.iter().map(|x| -x.clone()).collect();
            let z = |x: &[S]| Ok::<S, Error>(trace(other, x)?.pre_activations[1][0].clone());
            Ok((z(&x)? - z(&minus)?, x))
        };
        let (one, zero) = (S::one(), S::zero());
        let (start, middle) = ([one.clone(), zero.clone()], [zero.clone(), one.clone()]);
        let rises = difference(&start)?.0.is_negative();
        let (mut from, mut to) = match difference(&middle)?.0.is_negative() == rises {
            // Opposite to the start the sign is the other one.
            true => (middle, [-one, zero]),
            false => (start, middle),
        };
        let half = S::one() / S::from_int(2);
        for _ in 0..S::precision().unwrap_or(64) + 4 {
            let between = [0, 1].map(|i| (from[i].clone() + &to[i]) * &half);
            match difference(&between)?.0.is_negative() == rises {
                true => from = between,
                false => to = between,
            }
        }
        Ok(difference(&from)?.1)
    }

    /// The floor at q neurons in hidden layer `l` of `other`, against the larger of its two errors.
    fn hold(
        &self,
        measurement: &mut Measurement,
        other: &Network<S>,
        l: usize,
        q: usize,
        x: &[S],
    ) -> Result<(), Error> {
        let minus: Vec<S> = x.iter().map(|x| -x.clone()).collect();
        let mut largest = Magnitude::zero();
        let mut rounding = Magnitude::zero();
        for x in [x, &minus] {
            let (y, image) = (evaluate(self.network, x)?, evaluate(other, x)?);
            largest = Magnitude::larger(distance(y.as_slice(), image.as_slice()), largest);
            rounding += units(self.network, x, &[])? + units(other, x, &[])?;
        }
        // z'_l is the same at both points up to the rounding of a kernel, or of a bisection.
        let below = head(other, l)?;
        let size = |layer: &Layer<S>| magnitude(&norm2(layer.weight.as_slice()));
        let moved = magnitude(&self.radius)
            * match l {
                1 => size(below.layer(1)),
                _ => magnitude(&lipschitz_above(&below, 1)?) * size(below.layer(1)),
            };
        let count = 16.0 * (x.len() + q + 4) as f64;
        let mut moved = moved * Magnitude::from_f64(count);
        if l > 1 {
            moved += units(&below, x, &[])? + units(&below, &minus, &[])?;
        }
        rounding += moved * magnitude(&lipschitz_above(other, l)?) + &self.rounding;
        let floor = magnitude(&(self.gain.clone() * &self.radius * &self.sigma[q]));
        let scale = match floor.is_zero() {
            true => Magnitude::one(),
            false => floor.clone(),
        };
        measurement.push(floor, largest + times_u::<S>(&rounding), scale);
        Ok(())
    }
}

/// Over ℚ: where b₁ᵀW₁x = 0, y(x) - y(-x) is 2γ W₂W₁ x, and a network whose W₁' takes x to 0 cannot tell x from -x.
pub(super) fn exactly(
    measurement: &mut Measurement,
    mistake: Mistake,
    case: &Case,
) -> Result<(), Error> {
    let mut rng = case.rng();
    let network = two_layers(case, &mut rng)?;
    let (first, second) = (network.layer(1), network.layer(2));
    let n0 = first.weight.ncols();
    let b1 = Matrix::from_column_slice(first.width(), 1, first.bias.as_slice());
    let normal = product_tn(&first.weight, &b1);
    let mut x = vector(n0, &mut rng).as_slice().to_vec();
    if !mistake.unrestricted {
        across(&mut x, normal.as_slice());
    }
    let minus: Vec<Rational> = x.iter().map(|x| -x.clone()).collect();
    let found = trace(&network, &x)?;
    let mut gamma = found.gains[0].clone();
    if mistake.gain_at_centre {
        gamma = trace(&network, &vec![Rational::zero(); n0])?.gains[0].clone();
    }
    let (mut z, mut image) = (
        vec![Rational::zero(); first.width()],
        vec![Rational::zero(); second.width()],
    );
    accumulate(&mut z, &first.weight, &x);
    accumulate(&mut image, &second.weight, &z);
    Rational::scale(&mut image, &(gamma * Rational::from(2)));
    let opposite = evaluate(&network, &minus)?;
    let apart = found.output().iter().zip(opposite.iter());
    let apart = apart.map(|(a, b)| a.clone() - b);
    measurement.push_count(apart.zip(&image).filter(|(a, b)| a != *b).count());
    // One neuron less, and x in the kernel.
    let q = first.width().saturating_sub(1).max(1);
    let mut weight = matrix(n0, q, &mut rng);
    for mut row in weight.column_iter_mut() {
        across(row.as_mut_slice(), &x);
    }
    let (bias, outgoing) = (vector(q, &mut rng), matrix(second.width(), q, &mut rng));
    let narrower = altered(&network, |layers, _, _| {
        layers[0].weight = weight.transpose();
        layers[0].bias = bias;
        layers[1].weight = outgoing;
    })?;
    let (y, opposite) = (evaluate(&narrower, &x)?, evaluate(&narrower, &minus)?);
    measurement.push_count(
        y.iter()
            .zip(opposite.iter())
            .filter(|(a, b)| a != b)
            .count(),
    );
    Ok(())
}

/// Takes from v what lies along `normal`.
fn across(v: &mut [Rational], normal: &[Rational]) {
    let square = Rational::dot(normal, normal);
    if square.is_zero() {
        return;
    }
    let factor = -(Rational::dot(v, normal) / square);
    Rational::axpy(v, &factor, normal);
}
