//! E6: width is not capacity. Beyond m_l = n_0 + l - 1 neurons a layer adds parameters and no functions.
//!
//! Two things are measured. The functional dimension at widths beyond m, generic parameters and modulo a prime, is
//! what B6 counts at m. And the network of the case reduces to widths of at most m with the same outputs.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, magnitude, ranks::generic, support::*};
use crate::{
    error::Error,
    linalg::{independent_columns, norm2},
    network::{Gain, Parameters, generic_dimension, stacked_jacobian},
    resize::compress,
    scalar::{Real, Residue},
};

pub(super) struct E6;

controls! {
    WidthCounts = "width-counts",
    PsiForgotten = "psi-forgotten",
}

/// Modulo a prime a rank takes a hundredth of a second at 100 parameters.
const PARAMETERS: usize = 200;

impl Statement for E6 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/E6.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        let n0 = case.network.layer(1).weight.ncols();
        if n0 <= 8 {
            case.ensure_width(1, n0 + 1, rng)?;
            case.ensure_width(2, n0 + 2, rng)?;
        }
        case.ensure_psi(rng)
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        if S::precision() == Some(53) {
            // For suites without ℚ; the modulus is of no arithmetic under test.
            dimension(&mut measurement, variant, case)?;
        }
        if variant == Variant::Faithful {
            let (network, inputs) = case.cast::<S>()?;
            if absorbs(&network) && network.depth() > 1 {
                let resized = compress(&network)?;
                let computed = rotated(&network, &hidden(&network));
                let mut outputs = same_outputs(&network, &resized.network, &inputs, &computed)?;
                for (sample, x) in outputs.samples.iter_mut().zip(&inputs) {
                    // A numerical rank drops what lies below rounding: by D4 no more than this.
                    sample.allowance += magnitude(&resized.bound(&norm2(x)));
                }
                measurement.extend(outputs);
                let (found, most) = (resized.network.widths(), most(&network.widths()));
                measurement.require(found.iter().zip(&most).all(|(n, most)| n <= most), || {
                    format!("reduced to {found:?}, where {most:?} is enough")
                });
            }
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        dimension(&mut measurement, variant, case)?;
        Ok(Some(measurement))
    }
}

/// n_0, m_1 … m_{L-1}, n_L with m_l = n_0 + l - 1: what any network of these inputs, outputs and depth reduces to.
fn most(widths: &[usize]) -> Vec<usize> {
    let last = widths.len() - 1;
    let most = |(l, n): (usize, &usize)| match l {
        0 => *n,
        l if l == last => *n,
        l => widths[0] + l - 1,
    };
    widths.iter().enumerate().map(most).collect()
}

/// The dimension at widths beyond m against that at m.
fn dimension(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    case: &Case,
) -> Result<(), Error> {
    let widths = case.network.widths();
    if widths.len() < 3 {
        return Ok(());
    }
    let most = most(&widths);
    let wide: Vec<usize> = widths.iter().zip(&most).map(|(n, m)| *n.max(m)).collect();
    let expected = match variant {
        Variant::Faithful => generic_dimension(&most, Parameters::All),
        Variant::Control(Control::PsiForgotten) => {
            let inputs = most[0];
            let narrow: Vec<usize> = most.iter().map(|m| (*m).min(inputs)).collect();
            let ends = |(l, m): (usize, &usize)| if l + 1 == most.len() { most[l] } else { *m };
            let narrow: Vec<usize> = narrow.iter().enumerate().map(ends).collect();
            generic_dimension(&narrow, Parameters::All)
        }
        Variant::Control(Control::WidthCounts) => unreduced(&wide),
    };
    let mut rng = case.rng();
    let draw = |rng: &mut ChaCha8Rng| Residue::new(rng.random());
    let network = generic(&wide, Gain::RationalTanh, &mut rng, draw)?;
    if network.parameter_count() > PARAMETERS {
        return Ok(());
    }
    // As many inputs as the dimension always do; fewer mostly do, and a rank can only grow with them.
    let enough = network.parameter_count();
    let outputs = widths[widths.len() - 1];
    let mut found = 0;
    for count in [(expected / outputs + 4).min(enough), enough] {
        let inputs: Vec<Vec<Residue>> = (0..count)
            .map(|_| (0..widths[0]).map(|_| draw(&mut rng)).collect())
            .collect();
        found = independent_columns(&stacked_jacobian(&network, &inputs)?).len();
        if found >= expected {
            break;
        }
    }
    measurement.push_count(found.abs_diff(expected));
    measurement.require(found == expected, || {
        format!("widths {wide:?} have dimension {found}, expected {expected}")
    });
    Ok(())
}

/// P - Σ n_l(n_l-1)/2 at these widths: as though every neuron were worth its parameters. Layers far wider than what
/// reaches them have more rotations than parameters; 0 stands for what is then below it.
fn unreduced(widths: &[usize]) -> usize {
    let last = widths.len() - 1;
    let (parameters, rotations) = (1..=last).fold((0, 0), |(parameters, rotations), l| {
        let (n, below) = (widths[l], widths[l - 1]);
        let of_layer = n * (below + 1 + usize::from(l > 1)) + usize::from(l < last);
        let turns = if l < last { n * (n - 1) / 2 } else { 0 };
        (parameters + of_layer, rotations + turns)
    });
    parameters.saturating_sub(rotations)
}
