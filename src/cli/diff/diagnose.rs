//! `isotropic diff --diagnose`: is a difference rounding, or a mistake, and where?
//!
//! A port that exports single precision cannot agree better than its format. What the formats of the two files
//! explain is rounding; what they do not is a difference, with its place.

use std::fmt::Write;

use super::{Diff, output_difference, same_threshold};
use crate::{
    Network,
    cli::{Failure, Outcome, print, remark, short},
    gauge::{Comparison, Parting, compare, locate},
    io::{FileError, Lengths, Stored},
    linalg::Matrix,
    scalar::{Field, Mp, Real},
};

/// What is compared in.
type Wide = Mp<256>;

/// The precision judged at where nothing in either file was rounded, and the most there is room for in [`Wide`],
/// since a comparison squares condition numbers.
const EXACT_BITS: u32 = 128;

impl Diff {
    pub(super) fn run_diagnosis(&self, a: &Stored, b: &Stored) -> Result<Outcome, Failure> {
        let (text, outcome) = self.diagnosis(a, b)?;
        print(&text)?;
        if let Some(hint) = outcome.1 {
            remark(hint);
        }
        Ok(outcome.0)
    }

    fn diagnosis(
        &self,
        a: &Stored,
        b: &Stored,
    ) -> Result<(String, (Outcome, Option<&'static str>)), Failure> {
        let held = [a, b].map(|file| file.precision().map(|bits| bits.min(EXACT_BITS)));
        let coarse = held.into_iter().flatten().min().unwrap_or(EXACT_BITS);
        let fine = held.into_iter().flatten().max().unwrap_or(EXACT_BITS);
        let roundoff = |bits: u32| Wide::from_int(1).scale_by_power_of_two(-i64::from(bits));
        let u = roundoff(coarse);
        let both = format!("{} and {}", a.file(), b.file());
        let failed = FileError::network(&both);
        let (first, second) = (a.network::<Wide>()?, b.network::<Wide>()?);
        let second = if same_threshold(&first, &second, &u) {
            second.with_gain(first.gain().clone()).map_err(&failed)?
        } else {
            second
        };
        let mut comparison = compare(&first, &second).map_err(&failed)?;
        if let Some(structure) = &comparison.structure {
            let hint = "the functions may still be equal: bring both to their width ceilings with `isotropic compress`, then diagnose again";
            let hint = (first.widths() != second.widths()).then_some(hint);
            return Ok((
                format!("a difference: {structure}\n"),
                (Outcome::Refuted, hint),
            ));
        }
        allow_for_logarithms(&mut comparison, &first, [a, b]);
        let parting = locate(&first, &second, &comparison, &u).map_err(&failed)?;
        // A copy of rounded numbers may be much closer to them than they are to what they were rounded from.
        let bits = if comparison.agrees(&roundoff(fine)) {
            fine
        } else {
            coarse
        };
        let (inputs, origin) = self.inputs_for(&first)?;
        let wide = output_difference(&first, &second, &inputs).map_err(&failed)?;
        let equal = comparison.agrees(&Wide::unit_roundoff());

        let mut text = match &parting {
            None if equal => "rounding: up to hidden rotations every parameter is the same; what differs is the evaluation\n".into(),
            None => format!(
                "rounding: up to hidden rotations the parameters agree to {}, and {}\n",
                agreement(&comparison),
                holders(&[a.file(), b.file()], held, bits),
            ),
            Some(parting) => place(parting, b.file(), bits),
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "largest relative output difference:");
        for (name, difference) in [
            ("f32", evaluated::<f32>(a, b, &inputs)),
            ("f64", evaluated::<f64>(a, b, &inputs)),
        ] {
            if let Some(difference) = difference {
                let _ = write!(text, " {difference} in {name},");
            }
        }
        let _ = writeln!(text, " {} at 256 bits, over {origin}", short(&wide));
        text += if equal {
            "it falls with the precision of the evaluation\n"
        } else {
            "what is left at 256 bits sits in the stored parameters\n"
        };
        if parting.is_some() {
            let _ = writeln!(
                text,
                "judged at u = 2^-{bits}, since {}",
                holders(&[a.file(), b.file()], held, bits)
            );
        }
        let outcome = match parting {
            None => Outcome::Done,
            Some(_) => Outcome::Refuted,
        };
        Ok((text, (outcome, None)))
    }
}

/// A stored ln o carries its rounding to o times |ln o|.
fn allow_for_logarithms(
    comparison: &mut Comparison<Wide>,
    network: &Network<Wide>,
    files: [&Stored; 2],
) {
    let logarithms = files
        .iter()
        .any(|file| matches!(file.lengths(), Lengths::Logarithm(_)));
    for part in comparison
        .parts
        .iter_mut()
        .filter(|part| logarithms && part.parameter == "o")
    {
        let o = network.length_squared(part.layer);
        if o > Wide::from_int(0) {
            part.scale += o.clone() * num_traits::Signed::abs(&o.ln());
        }
    }
}

/// To how many bits the parameters agree: rounding to fewer explains everything.
fn agreement(comparison: &Comparison<Wide>) -> String {
    let ratio = comparison.ratio(&Wide::from_int(1));
    match ratio.ln().to_f64() {
        ln if ln.is_finite() => format!("{:.1} bits", -ln / std::f64::consts::LN_2),
        _ => "every bit".into(),
    }
}

/// Which file sets the precision: `b.safetensors holds single precision (24 bits)`.
fn holders(files: &[&str; 2], held: [Option<u32>; 2], bits: u32) -> String {
    let format = match bits {
        8 => "bfloat16 (8 bits)".into(),
        11 => "half precision (11 bits)".into(),
        24 => "single precision (24 bits)".into(),
        53 => "double precision (53 bits)".into(),
        bits => format!("{bits} bits"),
    };
    match held {
        [None, None] => "nothing in either file has been rounded".into(),
        [Some(a), Some(b)] if a == bits && b == bits => {
            format!("both files hold {format}")
        }
        [Some(a), _] if a == bits => format!("{} holds {format}", files[0]),
        _ => format!("{} holds {format}", files[1]),
    }
}

fn place(parting: &Parting<Wide>, file: &str, bits: u32) -> String {
    let mut text = format!(
        "a difference in layer {}, {}",
        parting.layer,
        parting.parameters.join(" and ")
    );
    // Writing to a string cannot fail.
    let _ = match parting.neuron {
        Some(neuron) => write!(text, ", most of it in row {neuron} of {file}"),
        None => Ok(()),
    };
    let _ = writeln!(
        text,
        ": {} where rounding to {bits} bits explains {}",
        short(&parting.residual),
        short(&parting.explained)
    );
    text
}

/// The largest relative output difference in another arithmetic, where the networks fit into it.
fn evaluated<S: Real>(a: &Stored, b: &Stored, inputs: &Matrix<Wide>) -> Option<String> {
    let (a, b) = (a.network::<S>().ok()?, b.network::<S>().ok()?);
    let inputs = inputs.map(|x| S::from_f64(x.to_f64()));
    let difference = output_difference(&a, &b, &inputs).ok()?;
    difference.is_finite().then(|| short(&difference))
}
