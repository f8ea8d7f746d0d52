//! E1: the collapsed form, in which only scalars are sequential.

use num_traits::Signed;
use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    linalg::{accumulate, norm2},
    network::{Layer, Network, Scalar, evaluate},
    scalar::{Field, Rational, Real},
};

pub(super) struct E1;

controls! {
    GainMissing = "gain-missing",
    PsiOneEarly = "psi-one-early",
}

impl Statement for E1 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/E1.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S>(variant, case).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational>(variant, case).map(Some)
    }
}

fn measure<S: Scalar>(variant: Variant<Control>, case: &Case) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    let mut measurement = Measurement::default();
    for x in &inputs {
        let y = evaluate(&network, x)?;
        let collapsed = collapse(variant, &network, x)?;
        let units = match S::precision() {
            Some(_) => units(&network, x, &[])? + collapsed_units(&network, x)?,
            None => Magnitude::from_int(0),
        };
        let scale = Magnitude::from_int(1) + size(y.as_slice());
        measurement.push(
            distance(y.as_slice(), &collapsed),
            times_u::<S>(&units),
            scale,
        );
    }
    Ok(measurement)
}

/// The vectors v_0, v_1, … v_l of z_l = Γ_1 v_0 + Σ_k Γ_k v_k, Γ_k = γ_k ⋯ γ_{l-1}: products of weights
/// with the input, the biases and the corrections, in which no gain occurs.
struct Terms<S>(Vec<Vec<S>>);

impl<S: Scalar> Terms<S> {
    /// l = 0: the input.
    fn new(x: &[S]) -> Self {
        Terms(vec![x.to_vec()])
    }

    /// From z_{l-1} to z_l: every vector goes through W_l, ψ_l joins the vector of index `with_psi`, and
    /// b_l is a new one.
    fn through(&mut self, layer: &Layer<S>, with_psi: usize) {
        for v in &mut self.0 {
            let mut image = vec![S::zero(); layer.width()];
            accumulate(&mut image, &layer.weight, v);
            *v = image;
        }
        if let Some(psi) = &layer.psi {
            S::axpy(&mut self.0[with_psi], &S::one(), psi.as_slice());
        }
        self.0.push(layer.bias.iter().cloned().collect());
    }

    /// Σ_k Γ_k v_k, where Γ_k is the product of `gains` from `first(k)` on; one of them, `without`, may
    /// be left out, which gives the derivative with respect to it.
    fn sum(&self, gains: &[S], first: impl Fn(usize) -> usize, without: Option<usize>) -> Vec<S> {
        let mut sum = vec![S::zero(); self.0.last().map_or(0, Vec::len)];
        for (k, v) in self.0.iter().enumerate() {
            if without.is_some_and(|j| j < first(k)) {
                continue;
            }
            let factors = gains.iter().enumerate().skip(first(k));
            let gamma = factors
                .filter(|(j, _)| Some(*j) != without)
                .fold(S::one(), |product, (_, gamma)| product * gamma);
            S::axpy(&mut sum, &gamma, v);
        }
        sum
    }
}

/// The first gain (from 0) of Γ_k: v_0 = A x and v_1 share Γ_1.
fn first_gain(k: usize) -> usize {
    k.saturating_sub(1)
}

/// y = Γ_1 A x + Σ_k Γ_k c_k, every r_l from the same form cut at layer l.
fn collapse<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    x: &[S],
) -> Result<Vec<S>, Error> {
    let mut terms = Terms::new(x);
    let mut gains: Vec<S> = vec![];
    let mut z = vec![];
    for (l, layer) in (1..).zip(network.layers()) {
        // ψ_l belongs with b_{l-1}, whose scalar is Γ_{l-1}; the control gives it Γ_{l-2}.
        let early = usize::from(variant.is(Control::PsiOneEarly) && l > 2);
        terms.through(layer, l - 1 - early);
        let missing = |k: usize| usize::from(variant.is(Control::GainMissing) && k == 1);
        z = terms.sum(&gains, |k| first_gain(k) + missing(k), None);
        if l < network.depth() {
            let mut h = z.clone();
            gains.push(S::activate(
                network.gain(),
                &network.length_squared(l),
                &mut h,
            )?);
        }
    }
    Ok(z)
}

/// A running bound for the collapsed form, in units of u: each term meets as many roundings as there
/// are columns on its way, and each gain is off by what its z is off and by its own 8 u,
///
/// ```text
/// |δz_l| ≤ N_l Σ_k Γ_k |W_l| ⋯ |W_{k+1}| |b_k| + … + Σ_j δγ_j |∂z_l/∂γ_j|,   N_l = 4 + Σ_{j≤l} (n_{j-1} + 4).
/// ```
fn collapsed_units<S: Scalar>(network: &Network<S>, x: &[S]) -> Result<Magnitude, Error> {
    // Products of weights leave the range of f64 long before the weights do.
    match collapsed_units_in::<S, f64>(network, x) {
        Ok(units) if units.is_finite() => Ok(Magnitude::from_f64(units)),
        _ => collapsed_units_in::<S, Magnitude>(network, x),
    }
}

fn collapsed_units_in<S: Scalar, T: Real>(network: &Network<S>, x: &[S]) -> Result<T, Error> {
    let network = network.map(&lift::<S, T>)?;
    let absolute = network.map(&|x: &T| x.abs())?;
    let x: Vec<T> = lifted(x);
    let mut terms = Terms::new(&x);
    let mut sizes = Terms::new(&x.iter().map(Signed::abs).collect::<Vec<T>>());
    let (mut gains, mut gain_errors): (Vec<T>, Vec<T>) = (vec![], vec![]);
    let mut roundings = 4;
    let mut error = vec![];
    for (l, (layer, layer_size)) in (1..).zip(network.layers().iter().zip(absolute.layers())) {
        roundings += layer.weight.ncols() as i64 + 4;
        terms.through(layer, l - 1);
        sizes.through(layer_size, l - 1);
        error = sizes.sum(&gains, first_gain, None);
        T::scale(&mut error, &T::from_int(roundings));
        for (j, gain_error) in gain_errors.iter().enumerate() {
            let derivative = terms.sum(&gains, first_gain, Some(j));
            for (e, d) in error.iter_mut().zip(derivative) {
                *e += d.abs() * gain_error;
            }
        }
        if l == network.depth() {
            break;
        }
        let z = terms.sum(&gains, first_gain, None);
        let rho = norm2(&[norm2(&z), network.length_squared(l).sqrt()]);
        let gamma = T::activate(network.gain(), &network.length_squared(l), &mut z.clone())?;
        // dγ = (dγ/dρ) (z·δz)/ρ, and ‖z‖ ≤ ρ.
        let of_activation = T::from_int(8) * &gamma;
        gain_errors.push(network.gain().slope(&rho).abs() * norm2(&error) + of_activation);
        gains.push(gamma);
    }
    Ok(norm2(&error))
}
