//! `isotropic diff --diagnose`: is a difference rounding, or a mistake, and where?
//!
//! A port that exports single precision cannot agree better than its format. What the formats of the two files
//! explain is rounding; what they do not is a difference, with its place.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    Diff, Report,
    found::{in_doubles, reduction},
    judged::{few, grey, other_structure, proved},
    matrix, output_difference,
    outputs::{Outputs, witness},
    words::{GREY_ZONE, agreement, of_digits, place},
};
use crate::{
    Network,
    cli::{Failure, Outcome, short},
    gauge::{
        Comparison, Leeway, Parting, compare_allowing, compare_at_ceilings,
        diagnose::{Digit, Testimony, coarser, digits, holders, same_threshold},
        locate, locate_in_doubles,
    },
    identity::Decision,
    io::{FileError, Lengths, Stored},
    linalg::Matrix,
    scalar::{Field, Mp, Rational, Real},
};

/// What is compared in.
type Wide = Mp<256>;

/// The precision judged at where nothing in either file was rounded, and the most there is room for in [`Wide`],
/// since a comparison squares condition numbers.
const EXACT_BITS: u32 = 128;

/// What is found.
enum Finding {
    /// Nothing that rounding does not explain.
    Rounding,
    /// Numbers among equal ones.
    Digits(Vec<Digit>),
    /// A parameter.
    Parting(Parting<Wide>),
    /// The outputs, though every parameter agrees in norm.
    Outputs(String),
    /// Outputs that nothing can be said of.
    Open(String),
}

impl Finding {
    /// Where the parameters agree in norm.
    fn of(heard: Outputs) -> Self {
        match heard.testimony {
            Testimony::Explained => Finding::Rounding,
            Testimony::Beyond => Finding::Outputs(heard.words),
            Testimony::Open => Finding::Open(heard.words),
        }
    }
}

impl Diff {
    pub(super) fn diagnosis(
        &self,
        a: &Stored,
        b: &Stored,
        decision: &Decision,
    ) -> Result<Report, Failure> {
        let held = [a, b].map(|file| file.precision().map(|bits| bits.min(EXACT_BITS)));
        let coarse = coarser(held, EXACT_BITS);
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
        let (mut inputs, mut origin) = self.inputs(a)?;
        let some = few(&first, &inputs, self);
        if some < inputs.len() {
            origin = format!("the first {some} of {origin}");
            inputs.truncate(some);
        }
        let x = matrix::<Wide>(&inputs);
        let (before, after) = (first.widths(), second.widths());
        let ends = |n: &[usize]| (n.first().copied(), n.last().copied());
        let (mut first, mut second) = (first, second);
        let wide = if ends(&before) == ends(&after) {
            Some(output_difference(&first, &second, &x).map_err(&failed)?)
        } else {
            None
        };
        let mut ceilings = String::new();
        let mut blurred = None;
        let alike = ends(&before) == ends(&after)
            && before.len() == after.len()
            && first.gain() == second.gain();
        if alike && before != after {
            let at = compare_at_ceilings(&first, &second, &u, Leeway::Usual).map_err(&failed)?;
            ceilings = reduction(&at, (&before, &after), coarse);
            (first, second) = (at.a, at.b);
            blurred = Some(at.comparison);
        }
        let fast = in_doubles(&first, &second, &u, coarse).map_err(&failed)?;
        let quick = fast.is_some();
        let mut comparison = match (fast, blurred) {
            (Some(comparison), _) | (None, Some(comparison)) => comparison,
            (None, None) => compare_allowing(&first, &second, Leeway::Usual).map_err(&failed)?,
        };
        if let Some(structure) = &comparison.structure {
            let (word, outcome) =
                other_structure(decision, wide.is_some(), || witness(a, b, &inputs, coarse))?;
            let word = word.replace("differ", "a difference");
            let text = format!("{word}: {structure}\n{ceilings}");
            return Ok(of_structure(
                text,
                outcome,
                structure,
                wide.as_ref(),
                &origin,
            ));
        }
        allow_for_logarithms(&mut comparison, &first, [a, b]);
        let finding = if before == after {
            numbers([a, b], held, coarse)?
        } else {
            None
        };
        let finding = match finding {
            Some(found) if !found.is_empty() => Finding::Digits(found),
            // A signed permutation carries every number of one to the other: nothing is left to be found.
            Some(_) => Finding::Rounding,
            None => {
                let located = if quick {
                    locate_in_doubles(&first, &second, &comparison, &u)
                } else {
                    locate(&first, &second, &comparison, &u)
                };
                match located.map_err(&failed)? {
                    Some(parting) => Finding::Parting(parting),
                    None => Finding::of(witness(a, b, &inputs, coarse)?),
                }
            }
        };
        let grey = match &finding {
            Finding::Parting(_) => {
                grey(&comparison, &u)
                    && witness(a, b, &inputs, coarse)?.testimony == Testimony::Explained
            }
            Finding::Digits(_) | Finding::Rounding | Finding::Outputs(_) | Finding::Open(_) => {
                false
            }
        };
        // With some gains other parameters can make the same function, exactly or nearly.
        let decided = match finding {
            Finding::Digits(_) | Finding::Parting(_) if !proved(decision) => {
                witness(a, b, &inputs, coarse)?.testimony == Testimony::Beyond
            }
            Finding::Digits(_)
            | Finding::Parting(_)
            | Finding::Rounding
            | Finding::Outputs(_)
            | Finding::Open(_) => true,
        };
        // A copy of rounded numbers may be much closer to them than they are to what they were rounded from.
        let bits = if comparison.agrees(&roundoff(fine)) {
            fine
        } else {
            coarse
        };
        let who = holders([a.file(), b.file()], held, bits);
        let (mut text, mut outcome) = finding.said([a.file(), b.file()], &comparison, &who, bits);
        if grey {
            text = format!("{GREY_ZONE}\n{text}");
            outcome = Outcome::Unknown;
        } else if !decided {
            text = format!(
                "undecided: the parameters differ; whether the functions do is not decided: the outputs agree to rounding, and no theorem covers this gain\n{text}"
            );
            outcome = Outcome::Unknown;
        }
        text += &ceilings;
        text += &outputs_in_words([a, b], &x, wide.as_ref(), &origin);
        text += "what is left at 256 bits sits in the stored parameters\n";
        if outcome == Outcome::Refuted || grey || !decided {
            let _ = writeln!(text, "judged at u = 2^-{bits}, since {who}");
        }
        let mut report = Report::new(text, outcome);
        report.residual = json!(short(&comparison.residual()));
        report.place = finding.place();
        report.output_difference = json!(wide.as_ref().map(short));
        Ok(report)
    }
}

impl Finding {
    /// The finding in words, and the outcome where nothing puts it in doubt.
    fn said(
        &self,
        [a, b]: [&str; 2],
        comparison: &Comparison<Wide>,
        who: &str,
        bits: u32,
    ) -> (String, Outcome) {
        match self {
            Finding::Rounding => (
                format!(
                    "rounding: up to hidden rotations the parameters agree to {}, and {who}\n",
                    agreement(comparison)
                ),
                Outcome::Done,
            ),
            Finding::Digits(found) => (of_digits(found, (a, b)), Outcome::Refuted),
            Finding::Parting(parting) => (place(parting, b, bits), Outcome::Refuted),
            Finding::Outputs(words) => (
                format!(
                    "a difference in the outputs, though the parameters agree in norm: {words}\n"
                ),
                Outcome::Refuted,
            ),
            Finding::Open(words) => (
                format!(
                    "unknown: the parameters agree in norm, and the enclosures of the outputs are too wide: {words}\n"
                ),
                Outcome::Unknown,
            ),
        }
    }

    /// Where it is, for programs.
    fn place(&self) -> Value {
        match self {
            Finding::Digits(found) => json!(found.first().map(|digit| json!({
                "layer": digit.layer,
                "parameter": digit.parameter,
                "row": digit.row,
                "column": digit.column,
            }))),
            Finding::Parting(parting) => json!({
                "layer": parting.layer,
                "parameter": parting.parameters.join(" and "),
                "row": parting.neuron,
            }),
            Finding::Rounding | Finding::Outputs(_) | Finding::Open(_) => json!(null),
        }
    }
}

/// Of networks that cannot be compared parameter by parameter.
fn of_structure(
    mut text: String,
    outcome: Outcome,
    structure: &str,
    wide: Option<&Wide>,
    origin: &str,
) -> Report {
    if let Some(wide) = wide {
        text += &format!(
            "largest relative output difference: {} over {origin}\n",
            short(wide)
        );
    }
    let mut report = Report::new(text, outcome);
    report.place = json!({ "structure": structure });
    report.output_difference = json!(wide.map(short));
    report
}

/// How far the outputs are apart, in each arithmetic that both networks can be evaluated in.
fn outputs_in_words(
    [a, b]: [&Stored; 2],
    x: &Matrix<Wide>,
    wide: Option<&Wide>,
    origin: &str,
) -> String {
    let mut text = String::from("largest relative output difference:");
    for (name, difference) in [
        ("f32", evaluated::<f32>(a, b, x)),
        ("f64", evaluated::<f64>(a, b, x)),
    ] {
        if let Some(difference) = difference {
            text += &format!(" {difference} in {name},");
        }
    }
    if let Some(wide) = wide {
        text += &format!(" {} at 256 bits, over {origin}\n", short(wide));
    }
    text
}

/// Numbers that differ where a signed permutation carries the rest of one file to the other.
fn numbers(
    files: [&Stored; 2],
    held: [Option<u32>; 2],
    coarse: u32,
) -> Result<Option<Vec<Digit>>, Failure> {
    let power = |e: u32| Rational(rug::Rational::from(1) >> e);
    let allowed = if held[0] == held[1] {
        Rational::from(0)
    } else {
        power(coarse)
    };
    let [a, b] = files.map(|file| file.exact(2 * EXACT_BITS));
    Ok(digits(&a?, &b?, &allowed, &power(coarse.saturating_sub(2))))
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

/// The largest relative output difference in another arithmetic, where the networks fit into it.
fn evaluated<S: Real>(a: &Stored, b: &Stored, inputs: &Matrix<Wide>) -> Option<String> {
    let (a, b) = (a.network::<S>().ok()?, b.network::<S>().ok()?);
    let inputs = inputs.map(|x| S::from_f64(x.to_f64()));
    let difference = output_difference(&a, &b, &inputs).ok()?;
    difference.is_finite().then(|| short(&difference))
}
