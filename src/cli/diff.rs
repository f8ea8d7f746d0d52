//! `isotropic diff`

mod diagnose;
mod exact;
mod explain;

use std::path::PathBuf;

use clap::Args;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::{
    Bounding, Failure, Kind, Outcome, Reading, ScalarName, Touched, print, remark, short, with_real,
};
use crate::{
    Error, Network,
    bound::{Allowance, rounding_units},
    gauge::{AtCeilings, Comparison, compare, compare_at_ceilings},
    io::{FileError, Stored},
    linalg::{Matrix, column, frobenius, norm2},
    network::evaluate,
    scalar::{Mp, Real},
};

/// Inputs drawn where none are given.
const RANDOM_INPUTS: usize = 8;

/// Tell whether two networks are the same function up to hidden rotations; exit 0 if so, else 1.
///
/// Works at 256 bits or more, and judges at the unit roundoff of --scalar; with --diagnose at the precision that the
/// numbers of the files have.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "A")]
    a: PathBuf,
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "B")]
    b: PathBuf,
    /// Seed of the random inputs
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Say whether a difference is rounding (exit 0), by the precision of the numbers in the files, or a mistake
    /// (exit 1), and where
    #[arg(long, conflicts_with = "scalar")]
    diagnose: bool,
    /// Decide exactly whether the numbers in the files make the same function, rounding or not: exit 0 equal, proved,
    /// 1 different, proved, 3 undecided
    #[arg(long, conflicts_with_all = ["diagnose", "scalar", "ball", "inputs", "certificate", "json"])]
    exact: bool,
    #[command(flatten)]
    bounding: Bounding,
    #[command(flatten)]
    reading: Reading,
}

impl Diff {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("A", Kind::Network, &self.a);
        touched.reads("B", Kind::Network, &self.b);
        self.bounding.check(None, &mut touched)?;
        touched.check()?;
        let (a, b) = self.reading.read_two(&self.a, &self.b)?;
        if self.exact {
            return exact::run(&a, &b, self.seed);
        }
        self.bounding.check_inputs(&a)?;
        let outcome = if self.diagnose {
            self.run_diagnosis(&a, &b)?
        } else {
            self.compare(&a, &b)?
        };
        let certified = with_real!(self.reading.scalar,
            S => self.bounding.run::<S>((&a, &self.a), (&b, &self.b))?,
            rational => Outcome::Done);
        // Different networks stay different whatever is known of their distance.
        Ok(match outcome {
            Outcome::Done => certified,
            _ => outcome,
        })
    }

    fn compare(&self, a: &Stored, b: &Stored) -> Result<Outcome, Failure> {
        // The comparison squares condition numbers: work well beyond the precision judged at.
        match self.reading.scalar {
            ScalarName::F32 => self.run_in::<Mp<256>>(a, b, 24),
            ScalarName::F64 => self.run_in::<Mp<256>>(a, b, 53),
            ScalarName::Mp64 => self.run_in::<Mp<256>>(a, b, 64),
            ScalarName::Mp128 => self.run_in::<Mp<256>>(a, b, 128),
            ScalarName::Mp256 => self.run_in::<Mp<512>>(a, b, 256),
            ScalarName::Mp512 => self.run_in::<Mp<1024>>(a, b, 512),
            ScalarName::Mp1024 => {
                remark("1024 bits is the widest arithmetic: judging at the precision worked in");
                self.run_in::<Mp<1024>>(a, b, 1024)
            }
            ScalarName::Rational => Err(self.reading.not_rational("diff")),
        }
    }

    fn run_in<S: Real>(&self, a: &Stored, b: &Stored, bits: u32) -> Result<Outcome, Failure> {
        let names = (a.file(), b.file());
        let (a, b) = (a.network::<S>()?, b.network::<S>()?);
        let both = format!("{} and {}", names.0, names.1);
        let u = S::one().scale_by_power_of_two(-i64::from(bits));
        let same = a == b;
        let b = if same_threshold(&a, &b, &u) {
            b.with_gain(a.gain().clone())
                .map_err(FileError::network(names.1))?
        } else {
            b
        };
        let (inputs, origin) = self.inputs_for(&a)?;
        let comparison = compare(&a, &b).map_err(FileError::network(&both))?;
        let (before, after) = (a.widths(), b.widths());
        // Different widths, or neurons that do nothing: the ceilings decide.
        let ends_equal = before.len() == after.len()
            && before.first() == after.first()
            && before.last() == after.last()
            && a.gain() == b.gain();
        let undecided = comparison.structure.is_some() || !(same || comparison.agrees(&u));
        let mut ceilings = String::new();
        let (a, b, comparison) = if ends_equal && undecided {
            let at = compare_at_ceilings(&a, &b, &u).map_err(FileError::network(&both))?;
            // Of equal widths that part at the ceilings too, the parameters as they are say more.
            let decides = before != after || at.comparison.agrees(&u);
            if decides && at.reduced(&a, &b) {
                ceilings = reduction(&at, (&before, &after));
                (at.a, at.b, at.comparison)
            } else {
                (a, b, comparison)
            }
        } else {
            (a, b, comparison)
        };
        if let Some(structure) = &comparison.structure {
            print(&format!("differ: {structure}\n{ceilings}"))?;
            return Ok(Outcome::Refuted);
        }
        let difference = output_difference(&a, &b, &inputs).map_err(FileError::network(&both))?;
        let mut out = if same {
            // However small some parameters are beside others: nothing is left to compute.
            format!(
                "agree: every parameter is the same, computed in {}\n",
                S::name()
            )
        } else {
            format!(
                "{}\ngauge residual: {}, {} of what rounding explains\n",
                verdict(&comparison, &u, bits),
                short(&comparison.residual()),
                short(&comparison.ratio(&u)),
            )
        };
        out += &ceilings;
        out +=
            &explain::explain(&a, &b, &comparison, &u, names).map_err(FileError::network(&both))?;
        out += &format!(
            "largest relative output difference: {} over {origin}\n",
            short(&difference)
        );
        for (l, (left, right)) in (1..).zip(&comparison.unreachable) {
            if *left > frobenius(&a.layer(l).weight) * &u
                || *right > frobenius(&b.layer(l).weight) * &u
            {
                out += &format!(
                    "layer {l}: weights of norm {} and {} that nothing reaches, not judged\n",
                    short(left),
                    short(right)
                );
            }
        }
        print(&out)?;
        if same || comparison.agrees(&u) {
            return Ok(Outcome::Done);
        }
        if outputs_agree(&a, &b, &inputs, &u) {
            remark("the outputs agree to rounding on these inputs all the same");
        }
        Ok(Outcome::Refuted)
    }

    fn inputs_for<S: Real>(&self, network: &Network<S>) -> Result<(Matrix<S>, String), Failure> {
        let inputs = network.layer(1).weight.ncols();
        match &self.bounding.inputs {
            Some(path) => {
                let read = self.bounding.tabling.read::<S>(path, &network.widths())?;
                let origin = format!("the {} inputs of {}", read.lines.len(), path.display());
                Ok((read.x, origin))
            }
            None => {
                let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
                let x = Matrix::from_fn(inputs, RANDOM_INPUTS, |_, _| {
                    S::from_f64(rng.sample(StandardNormal))
                });
                Ok((
                    x,
                    format!("{RANDOM_INPUTS} random inputs (seed {})", self.seed),
                ))
            }
        }
    }
}

/// What the ceilings made of the widths.
fn reduction<S: Real>(at: &AtCeilings<S>, before: (&[usize], &[usize])) -> String {
    let shown = |widths: &[usize]| {
        let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
        widths.join("-")
    };
    format!(
        "compared at their width ceilings: {} is {}, and {} is {}\n",
        shown(before.0),
        shown(&at.a.widths()),
        shown(before.1),
        shown(&at.b.widths()),
    )
}

/// Whether the thresholds of the gains are two roundings of one number.
fn same_threshold<S: Real>(a: &Network<S>, b: &Network<S>, u: &S) -> bool {
    match (a.gain().threshold(), b.gain().threshold()) {
        (Some(t), Some(t_image)) => {
            let size = S::larger(t.clone(), t_image.clone());
            (t.clone() - t_image).abs() <= size * S::from_int(2) * u
        }
        _ => false,
    }
}

/// The verdict, first of all.
fn verdict<S: Real>(comparison: &Comparison<S>, u: &S, bits: u32) -> String {
    match comparison.parting(u) {
        None => format!(
            "agree: the same up to hidden rotations, judged at u = 2^-{bits}, computed in {}",
            S::name()
        ),
        Some(part) => format!(
            "differ: they part in layer {}, {}, by {} where rounding at u = 2^-{bits} explains {}",
            part.layer,
            part.parameter,
            short(&part.residual),
            short(&(part.scale.clone() * u)),
        ),
    }
}

/// Whether on every input the outputs differ by no more than rounding at unit roundoff u explains.
fn outputs_agree<S: Real>(a: &Network<S>, b: &Network<S>, inputs: &Matrix<S>, u: &S) -> bool {
    // The parameters may come from a factorisation: an error of u for each dimension.
    let widths = a.widths();
    let allowance: Allowance = widths
        .windows(2)
        .map(|pair| (pair[0] + pair[1]) as f64)
        .collect();
    (0..inputs.ncols()).all(|j| {
        let x = column(inputs, j);
        let explained = |network| rounding_units(network, x, &allowance);
        let (Ok(y), Ok(y_image)) = (evaluate(a, x), evaluate(b, x)) else {
            return false;
        };
        let (Ok(here), Ok(there)) = (explained(a), explained(b)) else {
            return false;
        };
        norm2((y - y_image).as_slice()) <= S::from_f64(here + there) * u
    })
}

/// max ‖y - y'‖ / max(‖y‖, ‖y'‖) over the columns of `inputs`.
fn output_difference<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    inputs: &Matrix<S>,
) -> Result<S, Error> {
    let mut largest = S::zero();
    for j in 0..inputs.ncols() {
        let x = column(inputs, j);
        let (y, y_image) = (evaluate(a, x)?, evaluate(b, x)?);
        let size = S::larger(norm2(y.as_slice()), norm2(y_image.as_slice()));
        let difference = norm2((y - y_image).as_slice());
        if !difference.is_zero() {
            largest = S::larger(difference / size, largest);
        }
    }
    Ok(largest)
}
