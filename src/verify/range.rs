//! Whether the numbers of a case leave the range of an arithmetic.

use crate::{
    network::{Gain, Network, trace},
    scalar::{Field, Rational, Real},
    statement::{Arithmetic, Case, Magnitude, magnitude},
};

/// The binary exponents between which a hardware format holds numbers with all of their bits.
fn exponents(arithmetic: Arithmetic) -> Option<(i64, i64)> {
    match arithmetic {
        Arithmetic::F32 => Some((-126, 128)),
        Arithmetic::F64 => Some((-1022, 1024)),
        Arithmetic::Rational
        | Arithmetic::Mp64
        | Arithmetic::Mp128
        | Arithmetic::Mp256
        | Arithmetic::Mp512
        | Arithmetic::Mp1024 => None,
    }
}

/// How the numbers of a case leave the range of the arithmetic; empty if they stay inside.
///
/// Measuring a statement forms squares of numbers (norms, Gram matrices, β²) and products along the depth
/// (Lipschitz constants, Jacobians): both are looked at, evaluated where nothing overflows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Leaves {
    /// Too large, in words.
    pub(super) overflow: Option<String>,
    /// Too small, in words.
    pub(super) underflow: Option<String>,
}

pub(super) fn leaves(case: &Case, arithmetic: Arithmetic) -> Leaves {
    let Some((lowest, highest)) = exponents(arithmetic) else {
        return Leaves::default();
    };
    let reach = Reach::of(case);
    let name = arithmetic.title();
    Leaves {
        overflow: (reach.highest > highest).then(|| {
            format!(
                "overflow: products of its numbers reach 2^{}, {name} ends at 2^{highest}",
                reach.highest
            )
        }),
        underflow: (reach.lowest < lowest).then(|| {
            format!(
                "underflow: products of its numbers fall to 2^{}, {name} loses bits below 2^{lowest}",
                reach.lowest
            )
        }),
    }
}

/// Binary exponents of the largest and the smallest square of a number or of a product along the depth.
struct Reach {
    lowest: i64,
    highest: i64,
}

impl Reach {
    fn of(case: &Case) -> Self {
        let mut single = Reach {
            lowest: 0,
            highest: 0,
        };
        let mut depth = Reach {
            lowest: 0,
            highest: 0,
        };
        let network = &case.network;
        for layer in network.layers() {
            let psi = layer.psi.iter().flat_map(|psi| psi.iter());
            let numbers = layer.weight.iter().chain(layer.bias.iter()).chain(psi);
            let sizes: Vec<Magnitude> = numbers.map(magnitude).collect();
            sizes.iter().for_each(|x| single.include(x));
            let largest = sizes
                .into_iter()
                .fold(Magnitude::from_int(0), Magnitude::larger);
            if let Some(e) = largest.as_float().get_exp() {
                depth.lowest += i64::from(e).min(0);
                depth.highest += i64::from(e).max(0);
            }
        }
        for l in network.hidden() {
            single.include(&magnitude(&network.length_squared(l)).sqrt());
        }
        if let Gain::SoftThreshold { t } = network.gain() {
            single.include(&magnitude(t));
        }
        case.inputs
            .iter()
            .flatten()
            .map(magnitude)
            .for_each(|x| single.include(&x));
        single.states(network, case);
        Reach {
            lowest: 2 * single.lowest.min(depth.lowest),
            highest: 2 * single.highest.max(depth.highest),
        }
    }

    /// Every pre-activation, activation and gain.
    fn states(&mut self, network: &Network<Rational>, case: &Case) {
        let Ok(wide) = network.cast::<Magnitude>() else {
            return;
        };
        for x in &case.inputs {
            let x: Vec<Magnitude> = x.iter().map(Magnitude::from_rational).collect();
            let Ok(trace) = trace(&wide, &x) else {
                continue;
            };
            let states = trace.pre_activations.iter().chain(&trace.activations);
            states
                .flatten()
                .chain(&trace.gains)
                .for_each(|x| self.include(&magnitude(x)));
        }
    }

    fn include(&mut self, x: &Magnitude) {
        if let Some(e) = x.as_float().get_exp() {
            self.lowest = self.lowest.min(i64::from(e));
            self.highest = self.highest.max(i64::from(e));
        }
    }
}
