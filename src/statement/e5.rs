//! E5: a network of one hidden layer classifies like a linear map, whatever its width.
//!
//! y - b_L = γ_1 (A x + c) with A = W_2 W_1 and c = W_2 b_1 + ψ_2, and γ_1 > 0 is one number for all outputs. If the
//! entries of b_L are all the same, the outputs are in the order of A x + c. Means are taken off both, so that what
//! is the same for all outputs plays no part.

use rand_chacha::ChaCha8Rng;

use super::{Case, Magnitude, Measurement, Statement, Variant, support::*};
use crate::{
    error::Error,
    linalg::accumulate,
    network::{Network, Scalar, evaluate},
    scalar::{Field, Rational, Real},
};

pub(super) struct E5;

controls! {
    BiasesDiffer = "biases-differ",
    TwoHiddenLayers = "two-hidden-layers",
    Elementwise = "elementwise",
}

impl Statement for E5 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/E5.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        // Three outputs after two layers and after three, for the control that has one more.
        case.ensure_hidden(3, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 3, rng)?;
        case.ensure_width(3, 3, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<S, Reference>(variant, case)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure::<Rational, Rational>(variant, case)
    }
}

fn measure<S: Scalar, W: Field>(
    variant: Variant<Control>,
    case: &Case,
) -> Result<Option<Measurement>, Error> {
    let (network, inputs) = case.cast::<S>()?;
    let depth = if variant.is(Control::TwoHiddenLayers) {
        3
    } else {
        2
    };
    if network.depth() < depth || network.layer(depth).width() < 2 {
        return Ok(None);
    }
    let network = altered(&head(&network, depth)?, |layers, _, _| {
        let bias = &mut layers[depth - 1].bias;
        if !variant.is(Control::BiasesDiffer) {
            bias.fill(bias[0].clone());
        }
    })?;
    let mut measurement = Measurement::default();
    for x in &inputs {
        let y = match variant {
            Variant::Control(Control::Elementwise) => evaluate_with(&network, x, |l, z| {
                elementwise(&network, l, z).map(|h| (h, S::one()))
            })?,
            _ => evaluate(&network, x)?.as_slice().to_vec(),
        };
        let allowance = times_u::<S>(&units(&network, x, &[])?);
        let linear = linear::<S, W>(&network, x);
        compare(&mut measurement, &y, &linear, allowance);
    }
    Ok(Some(measurement))
}

/// The activation that treats each neuron as a layer of its own.
fn elementwise<S: Scalar>(network: &Network<S>, l: usize, z: &[S]) -> Result<Vec<S>, Error> {
    let (gain, length) = (network.gain(), network.length_squared(l));
    let mut h = z.to_vec();
    for h in h.chunks_mut(1) {
        S::activate(gain, &length, h)?;
    }
    Ok(h)
}

/// A x + c_{L,1} = W_L ⋯ (W_2 (W_1 x + b_1) + ψ_2): the network with its first gain taken out and nothing else.
fn linear<S: Scalar, W: Field>(network: &Network<S>, x: &[S]) -> Vec<W> {
    let mut v: Vec<W> = lifted(x);
    for (l, layer) in (1..).zip(network.layers()) {
        let mut next = vec![W::zero(); layer.width()];
        accumulate(
            &mut next,
            &layer.weight.map_with_location(|_, _, w| lift(&w)),
            &v,
        );
        let constant = match l {
            1 => Some(lifted(layer.bias.as_slice())),
            2 => Some(lifted(layer.psi_or_zero().as_slice())),
            _ => None,
        };
        if let Some(constant) = constant {
            W::axpy(&mut next, &W::one(), &constant);
        }
        v = next;
    }
    v
}

/// x without its mean.
fn centred<W: Field>(x: &[W]) -> Vec<W> {
    let mean = x.iter().fold(W::zero(), |sum, x| sum + x)
        / W::from_int(i64::try_from(x.len()).unwrap_or(1));
    x.iter().map(|x| x.clone() - &mean).collect()
}

/// Whether y is, but for a constant, a positive multiple of `linear`, and of the same class. ŷ - y is at most
/// `allowance` in norm; taking the mean off is a projection, and so is what lies across `linear`.
fn compare<S: Field, W: Field>(
    measurement: &mut Measurement,
    y: &[S],
    linear: &[W],
    allowance: Magnitude,
) {
    let scale = Magnitude::from_int(1) + size(y);
    let (v, u) = (centred(&lifted::<S, W>(y)), centred(linear));
    let square = W::dot(&u, &u);
    if square.is_zero() {
        measurement.push(size(&v), allowance, scale);
        return;
    }
    let gain = W::dot(&v, &u) / square;
    let image: Vec<W> = u.iter().map(|u| u.clone() * &gain).collect();
    let beyond = |x: &Magnitude, times: i64| *x > allowance.clone() * Magnitude::from_int(times);
    // γ ‖u‖ > ‖δ‖ where ‖v‖ = ‖γ u + δ‖ > 2 ‖δ‖: the sign of v·u is then that of γ.
    measurement.require(gain.above_zero() || !beyond(&size(&v), 2), || {
        "the outputs are in the reverse order of A x + c".into()
    });
    // γ (w_i - w_j) = y_i - y_j, with 2 ‖δ‖ for the outputs and as much for γ.
    let (expected, found) = (largest(linear), largest(y));
    let margin = super::magnitude(&((linear[expected].clone() - &linear[found]) * &gain));
    measurement.require(expected == found || !beyond(&margin, 4), || {
        format!("class {found} where A x + c has class {expected}")
    });
    measurement.push(distance(&v, &image), allowance, scale);
}

/// The first index of the largest entry.
fn largest<W: Field>(x: &[W]) -> usize {
    (1..x.len()).fold(0, |best, i| if x[i] > x[best] { i } else { best })
}
