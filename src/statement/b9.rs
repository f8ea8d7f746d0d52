//! B9: a function and its matrices N_1 … N_{L-1}, V_L.
//!
//! Three things are measured. In every arithmetic: y = V_L w_L and r_l = w_lᵀ N_l w_l, of which (i) is a consequence. Over
//! ℚ besides: copies that are rotated and grown have the same matrices. And of (ii), which is proved on paper, what numbers
//! can see of it, (iv): at 512 bits the rank of ∂(outputs)/∂θ is that of d(N, V_L), exact modulo a prime, at parameters
//! where ranks are lost.

use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, b8,
    case::{matrix, sizeable},
    magnitude,
    ranks::{GAP, degenerate, generic},
    support::*,
};
use crate::{
    error::Error,
    gauge::rotate,
    identity::{dimension, invariants, invariants_jacobian},
    linalg::{Matrix, accumulate, independent_columns, singular_values},
    network::{Gain, Network, Scalar, inputs_for_rank, stacked_jacobian, trace},
    resize::grow,
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct B9;

controls! {
    ScaledCopies = "scaled-copies",
    LengthNotSquared = "length-not-squared",
    PsiLeftOut = "psi-left-out",
    ScalingRanks = "scaling-ranks",
}

/// Larger ones are left to smaller cases: modulo a prime this takes a hundredth of a second.
const PARAMETERS: usize = 120;

impl Statement for B9 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B9.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_lengths()?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        let mut rng = case.rng();
        if S::precision() == Some(53) {
            // For suites without ℚ; the modulus is of no arithmetic under test.
            scaling_ranks(&mut measurement, variant, case, &mut rng)?;
        }
        let (network, inputs) = case.cast::<S>()?;
        if !values(&mut measurement, variant, &network, &inputs)? {
            return Ok(None);
        }
        scaled(&mut measurement, variant, &network, &mut rng)?;
        let sampled = S::precision() == Some(512) && case.seed.is_multiple_of(4);
        if variant == Variant::Faithful && sampled {
            ranks_agree::<S>(&mut measurement, &mut rng)?;
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        let mut rng = case.rng();
        scaling_ranks(&mut measurement, variant, case, &mut rng)?;
        let (network, inputs) = case.cast::<Rational>()?;
        values(&mut measurement, variant, &network, &inputs)?;
        scaled(&mut measurement, variant, &network, &mut rng)?;
        if variant == Variant::Faithful {
            let mut copy = network.clone();
            for l in network.hidden() {
                let columns = matrix(network.layer(l + 1).width(), 1, &mut rng);
                copy = grow(&copy, l, &columns)?;
                let r = exact_orthogonal(copy.layer(l).width(), &mut rng);
                copy = rotate(&copy, l, &r)?;
            }
            differing(&mut measurement, &network, &copy);
        }
        Ok(Some(measurement))
    }
}

/// y = V_L w_L and r_l = w_lᵀ N_l w_l with the gains of a forward pass; false where a square overflows.
///
/// Rounding: with these gains as they were computed, both sides are sums of the same products of parameters, gains and
/// inputs. With absolute values throughout, a_l = γ_{l-1}(|W_l| a_{l-1} + |ψ_l|) + |b_l| bounds z_l on either way, and a term
/// meets K = Σ_{j≤l} (n_{j-1} + 12) + n_0 + 2l roundings: the sums that it goes through, 8 of an activation, the products of
/// gains. So 2 K u ‖a_L‖ for y, and for r_l the same twice over and two more sums, (4 K + 2 n_l + 2 n_0 + 2 l + 8) u (‖a_l‖² + o_l).
fn values<S: Scalar>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    network: &Network<S>,
    inputs: &[Vec<S>],
) -> Result<bool, Error> {
    let (network, shown) = match variant {
        Variant::Faithful => (network.clone(), network.clone()),
        Variant::Control(Control::LengthNotSquared) => {
            // The numbers of the case are λ, and o = λ².
            let squared = altered(network, |_, _, lengths| {
                lengths.iter_mut().for_each(|o| *o = o.clone() * &*o);
            })?;
            (squared, network.clone())
        }
        Variant::Control(Control::PsiLeftOut) => {
            let without = altered(network, |layers, _, _| {
                layers.iter_mut().for_each(|layer| layer.psi = None);
            })?;
            (network.clone(), without)
        }
        Variant::Control(Control::ScaledCopies | Control::ScalingRanks) => return Ok(true),
    };
    let found = invariants(&shown);
    let absolute = |x: &[S]| -> Vec<Magnitude> { x.iter().map(magnitude).collect() };
    let n0 = network.layer(1).weight.ncols();
    for x in inputs {
        let trace = trace(&network, x)?;
        let mut w: Vec<S> = x.iter().cloned().chain([S::one()]).collect();
        let mut bound = absolute(x);
        let (mut roundings, mut growth) = (n0 as f64, Magnitude::one());
        for (l, layer) in (1..).zip(network.layers()) {
            let mut next = vec![Magnitude::zero(); layer.width()];
            accumulate(&mut next, &layer.weight.map(|x| magnitude(&x)), &bound);
            if l > 1 {
                let gamma = magnitude(&trace.gains[l - 2]);
                let psi = absolute(layer.psi_or_zero().as_slice());
                Magnitude::axpy(&mut next, &Magnitude::one(), &psi);
                Magnitude::scale(&mut next, &gamma);
                let last = trace.gains[l - 2].clone();
                S::scale(&mut w, &last);
                w.push(S::one());
            }
            let bias = absolute(layer.bias.as_slice());
            Magnitude::axpy(&mut next, &Magnitude::one(), &bias);
            bound = next;
            roundings += (layer.weight.ncols() + 14) as f64;
            growth *= Magnitude::one() + size(layer.weight.as_slice());
            // What underflow in V and N can make, carried through weights and weighed by w.
            let weighed = absolute(&w).iter().fold(Magnitude::one(), |sum, w| sum + w);
            let count = roundings * (w.len() * layer.width()) as f64;
            let underflow = smallest::<S>()
                * Magnitude::from_f64(16.0 * count)
                * &growth
                * &growth
                * &weighed
                * &weighed;
            let length = size(&bound);
            let z = &trace.pre_activations[l - 1];
            if l == network.depth() {
                let mut y = vec![S::zero(); z.len()];
                accumulate(&mut y, &found.output, &w);
                let allowance =
                    times_u::<S>(&(length.clone() * Magnitude::from_f64(2.0 * roundings)));
                measurement.push(distance(z, &y), allowance + underflow, or_one(length));
                break;
            }
            let o = network.length_squared(l);
            let own = S::dot(z, z) + &o;
            let mut image = vec![S::zero(); w.len()];
            accumulate(&mut image, &found.gram[l - 1], &w);
            let formed = S::dot(&w, &image);
            if !own.is_finite() || !formed.is_finite() {
                return Ok(false);
            }
            let scale = length.clone() * length + magnitude(&o);
            let sums = 4.0 * roundings + (2 * layer.width() + 2 * w.len() + 8) as f64;
            let allowance = times_u::<S>(&(scale.clone() * Magnitude::from_f64(sums)));
            measurement.push(
                magnitude(&(own - formed)),
                allowance + underflow,
                or_one(scale),
            );
        }
    }
    Ok(true)
}

fn or_one(size: Magnitude) -> Magnitude {
    if size.is_zero() {
        Magnitude::one()
    } else {
        size
    }
}

/// Entries of N and V_L in which two networks differ.
fn differing<S: Field>(measurement: &mut Measurement, a: &Network<S>, b: &Network<S>) {
    let (a, b) = (invariants(a), invariants(b));
    let count =
        |a: &Matrix<S>, b: &Matrix<S>| a.iter().zip(b.iter()).filter(|(a, b)| a != b).count();
    let grams = a.gram.iter().zip(&b.gram).map(|(a, b)| count(a, b));
    measurement.push_count(grams.sum::<usize>() + count(&a.output, &b.output));
}

/// The control: "only if" for 1/(1+r), of which B8's copy is the same function.
fn scaled<S: Scalar>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    network: &Network<S>,
    rng: &mut ChaCha8Rng,
) -> Result<(), Error> {
    if !variant.is(Control::ScaledCopies) {
        return Ok(());
    }
    let network = network.with_gain(Gain::Rational)?;
    let mut copy = network.clone();
    for l in network.hidden() {
        // Above 1, so that c²(1 + o) - 1 is a length whatever o is.
        let c = num_traits::Signed::abs(&sizeable(rng)) + Rational::from(1);
        let c = S::from_rational(&c);
        copy = b8::scale(Variant::Faithful, &copy, l, &c, true)?;
    }
    differing(measurement, &network, &copy);
    Ok(())
}

/// The control: (iv) for 1/(1+r), where B8's scaling moves N_l and no output.
fn scaling_ranks(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    case: &Case,
    rng: &mut ChaCha8Rng,
) -> Result<(), Error> {
    let widths = case.network.widths();
    if !variant.is(Control::ScalingRanks) || widths.len() < 3 {
        return Ok(());
    }
    let draw = |rng: &mut ChaCha8Rng| Residue::new(rng.random());
    let network = generic(&widths, Gain::Rational, rng, draw)?;
    if network.parameter_count() > PARAMETERS {
        return Ok(());
    }
    let inputs =
        (0..inputs_for_rank(&network)).map(|_| (0..widths[0]).map(|_| draw(rng)).collect());
    let outputs = stacked_jacobian(&network, &inputs.collect::<Vec<_>>())?;
    let rank = independent_columns(&outputs).len();
    let of_matrices = independent_columns(&invariants_jacobian(&network)).len();
    measurement.push_count(rank.abs_diff(of_matrices));
    Ok(())
}

/// (iv) at a network of a few parameters, of which some are missing, depend on one another or vanish.
fn ranks_agree<S: Real>(measurement: &mut Measurement, rng: &mut ChaCha8Rng) -> Result<(), Error> {
    let network = degenerate(rng)?;
    let Some(found) = dimension(&network).filter(|found| found.of_function) else {
        return Ok(());
    };
    let real = network.cast::<S>()?;
    let inputs: Vec<Vec<S>> = (0..inputs_for_rank(&real))
        .map(|_| {
            let entry = |_| S::from_f64(rng.random_range(-1.5..1.5));
            (0..network.layer(1).weight.ncols()).map(entry).collect()
        })
        .collect();
    let stacked = stacked_jacobian(&real, &inputs)?;
    let sigma = singular_values(&stacked)?;
    let floor = sigma[0].clone() * S::unit_roundoff() * S::from_int(stacked.nrows() as i64);
    let at = |j: usize| sigma.get(j).cloned().unwrap_or_else(S::zero);
    let below = S::larger(at(found.rank), floor);
    // A rank below shows as a small numerator, one above as a large denominator.
    let gap = (at(found.rank - 1) / below).to_f64();
    measurement.require(gap > GAP, || {
        let widths = network.widths();
        format!(
            "{widths:?}: σ_{}/σ_{} = {gap:e} of the outputs, where d(N, V_L) has rank {}",
            found.rank,
            found.rank + 1,
            found.rank
        )
    });
    Ok(())
}
