//! How far rounding can move the output of a network: a rigorous bound, first order through the network's
//! own Jacobian with the remainder in intervals. Derived in `proofs/rounding-bound.md`.
//!
//! Boxes Z_l and (H_l, Γ_l) are computed forwards that contain the exact states, the computed ones, and
//! everything between. With J_l = ∂y/∂z_l enclosed over these boxes, the mean value theorem gives
//!
//! ```text
//! |ŷ - y| ≤ u Σ_l |J_l| (e_l + κ_l (‖W_l‖_F ‖h_{l-1}‖ + ‖b_l‖ + γ_{l-1} ‖ψ_l‖)) + activations
//! e_l = Σ_k (|s_k| + |p_k|)
//! ```
//!
//! e_l is a *running* bound: s_k are the partial sums of z_l in the order in which
//! [`evaluate`](crate::network::evaluate) forms them, p_k the products, each of which is rounded once. κ_l allows
//! for parameters that were themselves computed. The activation contributes [`ACTIVATION`] u in h and γ, o
//! its own rounding. Nothing of second order is left out: the boxes are as wide as the errors.
//!
//! The bound is in units of u, whatever the arithmetic it is for; it is computed in intervals of f64, or
//! of 64 bits with the range of MPFR where those overflow.

use num_traits::{One, Signed, Zero};

use crate::{
    error::Error,
    linalg::{Matrix, column, product},
    network::{Layer, Network, Scalar},
    scalar::{
        Field, Mp,
        interval::{Endpoint, Interval, Toward, norm, sum_of_squares},
    },
};

/// Relative error of the activation and its gain, in units of u (see [`Scalar::activate`]).
const ACTIVATION: f64 = 8.0;

/// Relative error of a stored o that was computed by an update o ± β², in units of u.
const LENGTH: f64 = 4.0;

/// κ_l for each layer: the normwise relative error of its parameters, in units of u. Layers beyond the
/// list have exact parameters.
pub type Allowance = Vec<f64>;

/// An upper bound on ‖ŷ - y‖ / u for one input: ŷ from [`evaluate`](crate::network::evaluate) in the arithmetic
/// `S`, y exact.
///
/// # Errors
/// [`Error::InputLength`]; [`Error::Overflow`] if the bound is beyond f64: nothing is known then.
pub fn rounding_units<S: Scalar>(
    network: &Network<S>,
    x: &[S],
    allowance: &Allowance,
) -> Result<f64, Error> {
    RoundingUnits::of(network).narrow_at(x, allowance)
}

/// [`rounding_units`] in a number that does not overflow where f64 does.
#[cfg(feature = "verify")]
pub(crate) fn wide_rounding_units<S: Scalar>(
    network: &Network<S>,
    x: &[S],
    allowance: &Allowance,
) -> Result<Mp<64>, Error> {
    RoundingUnits::of(network).at(x, allowance)
}

/// The bounds of one network at many inputs: its parameters are enclosed once.
pub(crate) struct RoundingUnits<'a, S> {
    network: &'a Network<S>,
    /// `None` where a parameter, an o of β² say, is outside the range of f64.
    narrow: Option<Network<Interval<f64>>>,
}

impl<'a, S: Scalar> RoundingUnits<'a, S> {
    pub fn of(network: &'a Network<S>) -> Self {
        let narrow = network.map(&narrowed).ok();
        RoundingUnits { network, narrow }
    }

    /// [`rounding_units`] at one input.
    pub fn narrow_at(&self, x: &[S], allowance: &Allowance) -> Result<f64, Error> {
        let units = f64::from_float_toward(self.at(x, allowance)?.as_float(), Toward::Up);
        finite(units, self.network, "the rounding bound, which is an f64,")
    }

    /// [`wide_rounding_units`] at one input.
    pub fn at(&self, x: &[S], allowance: &Allowance) -> Result<Mp<64>, Error> {
        let expected = self.network.layer(1).weight.ncols();
        if x.len() != expected {
            let found = x.len();
            return Err(Error::InputLength { found, expected });
        }
        let narrow = self.narrow.as_ref().map(|network| {
            let x: Vec<_> = x.iter().map(narrowed).collect();
            units_in::<S, f64>(network, &x, allowance)
        });
        let units = match narrow {
            Some(units) if units.is_finite() => Mp::from_f64(units),
            _ => {
                let x: Vec<_> = x.iter().map(wide).collect();
                units_in::<S, Mp<64>>(&self.network.map(&wide)?, &x, allowance)
            }
        };
        finite(units, self.network, "the rounding bound")
    }
}

fn finite<T: Field, S: Field>(units: T, network: &Network<S>, what: &str) -> Result<T, Error> {
    if units.is_finite() {
        return Ok(units);
    }
    Err(Error::Overflow {
        layer: network.depth(),
        row: 1,
        scalar: what.into(),
    })
}

/// The f64 nearest to `x` and its neighbours; `x` itself where f64 holds it.
fn narrowed<S: Field>(x: &S) -> Interval<f64> {
    let nearest = x.to_f64();
    if x.is_zero() || S::precision().is_some_and(|bits| bits <= 53) {
        Interval::point(nearest)
    } else {
        Interval::new(nearest.next_down(), nearest.next_up()).unwrap_or_else(|_| Interval::none())
    }
}

fn wide<S: Field>(x: &S) -> Interval<Mp<64>> {
    x.to_rational()
        .map_or_else(Interval::none, |q| Interval::enclosing(&q))
}

/// The properties of the arithmetic that is judged, as the bound needs them.
struct Rounding<E> {
    /// At least u, and no smaller than the endpoints resolve: what the boxes grow by.
    u: Interval<E>,
    /// The smallest positive number divided by u; for MPFR, whose range is practically unbounded, the smallest f64,
    /// which is far more.
    underflow: Interval<E>,
}

impl<E: Endpoint> Rounding<E> {
    fn of<S: Field>() -> Self {
        let power = |e: i64| Interval::point(E::one().scale_by_power_of_two(e));
        let bits = i64::from(S::precision().unwrap_or(0));
        let underflow = match bits {
            24 => power(-149 + 24),
            53 => power(-1074 + 53),
            _ => power(-1074),
        };
        Rounding {
            u: power(-bits.min(53)),
            underflow,
        }
    }
}

/// What the forward pass leaves for the backward one, at one layer. Lengths are in units of u.
struct Step<E> {
    /// Z_l.
    z: Vec<Interval<E>>,
    /// e_l, entry by entry.
    local: Vec<Interval<E>>,
    /// ‖W_l‖_F ‖h_{l-1}‖ + ‖b_l‖ + γ_{l-1} ‖ψ_l‖.
    whole: Interval<E>,
    /// H_l and Γ_l, of hidden layers.
    h: Vec<Interval<E>>,
    gamma: Interval<E>,
    /// ‖h_l‖.
    size: Interval<E>,
    /// 2g' over Z_l.
    slope: Interval<E>,
}

/// The bound computed with endpoints `E`, ∞ or NaN where they overflow.
fn units_in<S: Field, E: Endpoint>(
    network: &Network<Interval<E>>,
    x: &[Interval<E>],
    allowance: &Allowance,
) -> E {
    let rounding = Rounding::<E>::of::<S>();
    let kappa = |l: usize| Interval::from_f64(allowance.get(l - 1).copied().unwrap_or(0.0));
    let mut steps: Vec<Step<E>> = vec![];
    for l in 1..=network.depth() {
        let (h, gamma) = match steps.last() {
            None => (x, Interval::zero()),
            Some(step) => (step.h.as_slice(), step.gamma.clone()),
        };
        let mut step = pre_activation(network.layer(l), h, &gamma, &kappa(l), &rounding);
        if l < network.depth() {
            activation(network, l, &mut step, &rounding);
        }
        steps.push(step);
    }
    backwards(network, &steps, kappa, &rounding.underflow)
}

/// Z_l with its rounding errors, from (H_{l-1}, Γ_{l-1}).
fn pre_activation<E: Endpoint>(
    layer: &Layer<Interval<E>>,
    h: &[Interval<E>],
    gamma: &Interval<E>,
    kappa: &Interval<E>,
    rounding: &Rounding<E>,
) -> Step<E> {
    let rows = layer.width();
    let mut sums = vec![Interval::<E>::zero(); rows];
    let mut running = vec![E::zero(); rows];
    let mut product = Interval::zero();
    let mut add = |sum: &mut Interval<E>, running: &mut E, a: &Interval<E>, b: &Interval<E>| {
        a.multiply_into(b, &mut product);
        running.add_to(&product.magnitude(), Toward::Up);
        let first = sum.is_zero();
        *sum += &product;
        // Adding to zero, or adding zero, is exact.
        if !first && !product.is_zero() {
            running.add_to(&sum.magnitude(), Toward::Up);
        }
    };
    for (j, h) in h.iter().enumerate() {
        for ((sum, running), w) in sums
            .iter_mut()
            .zip(&mut running)
            .zip(column(&layer.weight, j))
        {
            add(sum, running, w, h);
        }
    }
    for ((sum, running), b) in sums.iter_mut().zip(&mut running).zip(layer.bias.iter()) {
        *sum += b;
        running.add_to(&sum.magnitude(), Toward::Up);
    }
    if let Some(psi) = &layer.psi {
        for ((sum, running), psi) in sums.iter_mut().zip(&mut running).zip(psi.iter()) {
            add(sum, running, gamma, psi);
        }
    }
    let psi = layer.psi_or_zero();
    let whole = norm(layer.weight.as_slice()) * norm(h)
        + norm(layer.bias.as_slice())
        + norm(psi.as_slice()) * gamma;

    // |e| ≤ Σ |ŝ_k| + |p̂_k| with |p̂_k| ≤ (1 + u)|p_k| and |ŝ_k| ≤ |s_k| + u|e|: n terms, N roundings.
    let roundings = Interval::<E>::from_int(2 * h.len() as i64 + 3);
    let one = Interval::<E>::one;
    let rest = one() - roundings.clone() * &rounding.u;
    let growth = if rest.above_zero() {
        (one() + Interval::from_int(2) * &rounding.u) / rest
    } else {
        Interval::whole().abs()
    };
    let lost = roundings * &rounding.underflow;
    let local: Vec<_> = running
        .into_iter()
        .map(|running| (Interval::point(running) + &lost) * &growth)
        .collect();
    let moved = kappa.clone() * &whole;
    let z = (sums.into_iter().zip(&local))
        .map(|(sum, local)| sum + Interval::symmetric(&((local.clone() + &moved) * &rounding.u)))
        .collect();
    Step {
        z,
        local,
        whole,
        h: vec![],
        gamma: Interval::zero(),
        size: Interval::zero(),
        slope: Interval::zero(),
    }
}

/// (H_l, Γ_l) and 2g' over Z_l.
fn activation<E: Endpoint>(
    network: &Network<Interval<E>>,
    l: usize,
    step: &mut Step<E>,
    rounding: &Rounding<E>,
) {
    let relative = |units: f64| Interval::<E>::from_f64(units) * &rounding.u;
    let o = network.length_squared(l);
    let o = o.clone() + Interval::symmetric(&(relative(LENGTH) * o));
    let r = sum_of_squares(&step.z) + o;
    let gamma = network.gain().enclose(&r);
    step.slope = network.gain().enclose_derivative(&r) * Interval::from_int(2);
    step.h = step.z.iter().map(|z| z.clone() * &gamma).collect();
    step.size = norm(&step.h);
    let error = relative(ACTIVATION) * &step.size + rounding.underflow.clone() * &rounding.u;
    let error = Interval::symmetric(&error);
    step.h.iter_mut().for_each(|h| *h += &error);
    let error = relative(ACTIVATION) * &gamma + rounding.underflow.clone() * &rounding.u;
    step.gamma = gamma + Interval::symmetric(&error);
}

/// Carries every error to the output by the Jacobian over the boxes, last layer first.
fn backwards<E: Endpoint>(
    network: &Network<Interval<E>>,
    steps: &[Step<E>],
    kappa: impl Fn(usize) -> Interval<E>,
    underflow: &Interval<E>,
) -> E {
    let outputs = network.layer(network.depth()).width();
    // ∂y/∂z_l, one row an output.
    let mut sensitivity = Matrix::<Interval<E>>::identity(outputs, outputs);
    let mut error = vec![Interval::<E>::zero(); outputs];
    for l in (1..=network.depth()).rev() {
        let here = &steps[l - 1];
        for (k, error) in error.iter_mut().enumerate() {
            let row: Vec<_> = sensitivity.row(k).iter().map(Signed::abs).collect();
            *error += Interval::dot(&row, &here.local) + kappa(l) * &here.whole * norm(&row);
        }
        if l == 1 {
            break;
        }
        // Through the activation of layer l - 1: ∂h/∂z = γ I + 2g' z zᵀ and ∂γ/∂z = 2g' zᵀ.
        let layer = network.layer(l);
        let below = &steps[l - 2];
        let o = network.length_squared(l - 1);
        let through = product(&sensitivity, &layer.weight);
        let of_gain = &sensitivity * layer.psi_or_zero();
        sensitivity = through.map(|x| x * &below.gamma);
        for (k, error) in error.iter_mut().enumerate() {
            let row: Vec<_> = through.row(k).iter().cloned().collect();
            let of_activation = norm(&row) * &below.size + of_gain[k].abs() * &below.gamma;
            *error += Interval::from_f64(ACTIVATION) * of_activation;
            let entries = Interval::from_int(row.len() as i64).sqrt();
            *error += (norm(&row) * entries + of_gain[k].abs()) * underflow;
            let along = Interval::dot(&row, &below.z) + &of_gain[k];
            let slope = below.slope.clone() * along;
            *error += Interval::from_f64(0.5 * LENGTH) * (slope.clone() * &o).abs();
            for (next, z) in sensitivity.row_mut(k).iter_mut().zip(&below.z) {
                *next += slope.clone() * z;
            }
        }
    }
    norm(&error).hi().clone()
}
