//! B8: with 1/(1+r) and 1/√(1+r) a hidden layer can be scaled, and the intrinsic length pays for it.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::sizeable, support::*};
use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    network::{Gain, Network, Scalar},
    scalar::{Rational, Real},
};

pub(super) struct B8;

controls! {
    PsiAsWeight = "psi-as-weight",
    LengthAsSquare = "length-as-square",
    OtherGain = "other-gain",
}

impl Statement for B8 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/B8.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_psi(rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure(variant, case, Gain::Algebraic, |o: &S, rng| {
            // A multiple of 1/8, whose square is exact, with c²(1+o) ≥ 3: then the subtraction leaves o right
            // to 4 u, which the rounding bound allows any o that was computed.
            let c = |eighths: i64| S::from_int(eighths) / S::from_int(8);
            let eighths = rng.random_range(4..=40);
            let scaled = c(eighths) * c(eighths) * (S::one() + o);
            if scaled >= S::from_int(3) {
                c(eighths)
            } else {
                c(eighths + 14)
            }
        })
        .map(Some)
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        measure(variant, case, Gain::Rational, |o: &Rational, rng| {
            // Of either sign, and below 1 where o leaves room.
            let one = Rational::from(1);
            let c = sizeable(rng);
            if c.clone() * &c * (one.clone() + o) >= one {
                c
            } else {
                one / c
            }
        })
        .map(Some)
    }
}

fn measure<S: Scalar>(
    variant: Variant<Control>,
    case: &Case,
    default: Gain<S>,
    draw: impl Fn(&S, &mut ChaCha8Rng) -> S,
) -> Result<Measurement, Error> {
    let (network, inputs) = case.cast::<S>()?;
    if network.depth() == 1 {
        return Ok(Measurement::default());
    }
    // Networks of other gains are measured with one of the two that the statement is about.
    let mut network = match network.gain() {
        Gain::Rational | Gain::Algebraic => network,
        _ => network.with_gain(default)?,
    };
    let of_rational = *network.gain() == Gain::Rational;
    if variant.is(Control::OtherGain) {
        network = network.with_gain(Gain::RationalTanh)?;
    }
    let mut rng = case.rng();
    let mut image = network.clone();
    let mut computed = vec![0.0; network.depth()];
    for l in network.hidden() {
        let c = draw(&network.length_squared(l), &mut rng);
        image = scale(variant, &image, l, &c, of_rational)?;
        // One rounding for each product with c or c², which are exact.
        computed[l - 1] += 1.0;
        computed[l] += 1.0;
    }
    same_outputs(&network, &image, &inputs, &computed)
}

/// Hidden layer `l` scaled by c, in the way of 1/(1+r) or in that of 1/√(1+r).
pub(super) fn scale<S: Scalar>(
    variant: Variant<Control>,
    network: &Network<S>,
    l: usize,
    c: &S,
    of_rational: bool,
) -> Result<Network<S>, Error> {
    let squared = c.clone() * c;
    let (of_weight, of_psi) = if of_rational {
        (c.clone(), squared.clone())
    } else {
        (S::one(), c.clone())
    };
    let of_psi = if variant.is(Control::PsiAsWeight) {
        of_weight.clone()
    } else {
        of_psi
    };
    altered(network, |layers, _, lengths| {
        let times = |x: &mut S, by: &S| *x *= by;
        let by_c = |v: &mut Vector<S>| v.iter_mut().for_each(|x| times(x, c));
        let layer = &mut layers[l - 1];
        layer.weight.iter_mut().for_each(|x| times(x, c));
        by_c(&mut layer.bias);
        layer.psi.iter_mut().for_each(by_c);
        let next = &mut layers[l];
        let weight: &mut Matrix<S> = &mut next.weight;
        weight.iter_mut().for_each(|x| times(x, &of_weight));
        let psi = next.psi.iter_mut().flat_map(|psi| psi.iter_mut());
        psi.for_each(|x| times(x, &of_psi));
        let o = &mut lengths[l - 1];
        *o = if variant.is(Control::LengthAsSquare) {
            squared * &*o
        } else {
            squared * (S::one() + &*o) - S::one()
        };
    })
}
