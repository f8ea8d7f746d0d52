//! E3: a network with intrinsic lengths and ψ is a plain one, one neuron wider in every hidden layer.

use num_traits::Zero;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::matrix, support::*};
use crate::{
    error::Error,
    network::{Network, Scalar, evaluate},
    resize::grow,
    scalar::{Rational, Real},
};

pub(super) struct E3;

controls! {
    PsiLost = "psi-lost",
    LengthNotRooted = "length-not-rooted",
    LengthKept = "length-kept",
}

impl Statement for E3 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/E3.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_lengths()?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let (network, inputs) = case.cast::<S>()?;
        let roots = network
            .hidden()
            .map(|l| network.length_squared(l).sqrt())
            .collect::<Vec<S>>();
        measure(variant, case, &network, &inputs, &roots).map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        // Squares in place of the lengths, so that they have rational roots.
        let (network, inputs) = case.cast::<Rational>()?;
        let roots = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect::<Vec<Rational>>();
        let network = altered(&network, |_, _, lengths| {
            lengths.iter_mut().for_each(|o| *o = o.clone() * &*o);
        })?;
        measure(variant, case, &network, &inputs, &roots).map(Some)
    }
}

fn measure<S: Scalar>(
    variant: Variant<Control>,
    case: &Case,
    network: &Network<S>,
    inputs: &[Vec<S>],
    roots: &[S],
) -> Result<Measurement, Error> {
    let mut measurement = Measurement::default();
    if network.depth() == 1 {
        return Ok(measurement);
    }
    if variant == Variant::Faithful {
        let mut rng = case.rng();
        let mut wider = network.clone();
        for l in network.hidden() {
            let column = matrix(wider.layer(l + 1).width(), 1, &mut rng);
            wider = grow(&wider, l, &column.map(|x| S::from_rational(&x)))?;
        }
        for x in inputs {
            let (y, y_wider) = (evaluate(network, x)?, evaluate(&wider, x)?);
            measurement.push_count(y.iter().zip(y_wider.iter()).filter(|(a, b)| a != b).count());
        }
    }
    let Some(plain) = plain(variant, network, roots)? else {
        return Ok(measurement);
    };
    // ψ/λ is a rounding off, and λ one: that of the bias of the constant neuron.
    let mut computed = vec![4.0; network.depth()];
    computed[0] = 1.0;
    measurement.extend(same_outputs(network, &plain, inputs, &computed)?);
    Ok(measurement)
}

/// The plain network; `None` where o_l = 0 and ψ_{l+1} ≠ 0, which only a limit reaches.
fn plain<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    roots: &[S],
) -> Result<Option<Network<S>>, Error> {
    let mut plain = network.clone();
    for (l, root) in (1..).zip(roots) {
        let (layer, next) = (network.layer(l), network.layer(l + 1));
        let psi = next.psi_or_zero();
        let none = psi.iter().all(Zero::is_zero);
        if root.is_zero() && !none {
            return Ok(None);
        }
        let outgoing: Vec<S> = match variant {
            Variant::Control(Control::PsiLost) => vec![S::zero(); next.width()],
            _ if none => vec![S::zero(); next.width()],
            _ => psi.iter().map(|psi| psi.clone() / root).collect(),
        };
        let bias = match variant {
            Variant::Control(Control::LengthNotRooted) => root.clone() * root,
            _ => root.clone(),
        };
        let row = vec![S::zero(); plain.layer(l).weight.ncols()];
        let neuron = (&row[..], bias, S::zero());
        plain = with_neuron(&plain, l, layer.width(), neuron, &outgoing)?;
    }
    let keeps_lengths = variant.is(Control::LengthKept);
    let plain = altered(&plain, |layers, _, lengths| {
        layers.iter_mut().for_each(|layer| layer.psi = None);
        if !keeps_lengths {
            lengths.fill(S::zero());
        }
    })?;
    Ok(Some(plain))
}
