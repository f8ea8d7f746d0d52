//! Plain `isotropic diff`: are two networks that are not exactly equal the same up to rounding?

use serde_json::json;

use super::{
    Diff, Report, explain,
    found::{Found, compared},
    matrix, output_difference,
    outputs::{Outputs, witness},
    words::GREY_ZONE,
};
use crate::{
    Network,
    cli::{Failure, Outcome, ScalarName, remark, short},
    gauge::{
        Comparison, GREY,
        diagnose::{Testimony, coarser, holders, same_threshold},
        is_wide,
    },
    identity::Decision,
    io::{FileError, Stored},
    linalg::frobenius,
    scalar::{Mp, Rational, Real},
};

/// Inputs that are evaluated in enclosures where the layers are wide and none were asked for.
const WIDE_INPUTS: usize = 2;

impl Diff {
    pub(super) fn judge(
        &self,
        a: &Stored,
        b: &Stored,
        decision: &Decision,
    ) -> Result<Report, Failure> {
        let (bits, since) = match self.scalar {
            Some(scalar) => (bits_of(scalar), String::new()),
            None => {
                let held = [a, b].map(Stored::precision);
                let bits = coarser(held, 53);
                let why = holders([a.file(), b.file()], held, bits);
                (bits, format!(", since {why}"))
            }
        };
        // The comparison squares condition numbers: work well beyond the precision judged at.
        match bits {
            ..=128 => self.judge_in::<Mp<256>>((a, b), decision, bits, &since),
            129..=256 => self.judge_in::<Mp<512>>((a, b), decision, bits, &since),
            _ => {
                if bits == 1024 {
                    remark(
                        "1024 bits is the widest arithmetic: judging at the precision worked in",
                    );
                }
                self.judge_in::<Mp<1024>>((a, b), decision, bits, &since)
            }
        }
    }

    fn judge_in<S: Real>(
        &self,
        (a, b): (&Stored, &Stored),
        decision: &Decision,
        bits: u32,
        since: &str,
    ) -> Result<Report, Failure> {
        let both = format!("{} and {}", a.file(), b.file());
        let failed = FileError::network(&both);
        let (inputs, origin) = self.inputs(a)?;
        let u = S::one().scale_by_power_of_two(-i64::from(bits));
        let (first, second) = (a.network::<S>()?, b.network::<S>()?);
        let second = if same_threshold(&first, &second, &u) {
            second
                .with_gain(first.gain().clone())
                .map_err(FileError::network(b.file()))?
        } else {
            second
        };
        let found = compared(&first, &second, &u, bits).map_err(&failed)?;
        let Found {
            a: shown_a,
            b: shown_b,
            comparison,
            ceilings,
            arithmetic,
            quick,
        } = found;
        let few = few(&first, &inputs, self);
        let origin = if few < inputs.len() {
            format!("the first {few} of {origin}")
        } else {
            origin
        };
        let ends = |n: &[usize]| (n.first().copied(), n.last().copied());
        let difference = if ends(&first.widths()) == ends(&second.widths()) {
            let x = matrix::<S>(&inputs[..few]);
            Some(output_difference(&first, &second, &x).map_err(&failed)?)
        } else {
            None
        };
        let over = difference.as_ref().map_or(String::new(), |difference| {
            format!(
                "largest relative output difference: {} over {origin}\n",
                short(difference)
            )
        });
        if let Some(structure) = &comparison.structure {
            let (word, outcome) = other_structure(decision, difference.is_some(), || {
                witness(a, b, &inputs[..few], bits)
            })?;
            let mut report = Report::new(format!("{word}: {structure}\n{ceilings}{over}"), outcome);
            report.place = json!({ "structure": structure });
            report.output_difference = json!(difference.as_ref().map(short));
            return Ok(report);
        }
        let agrees = comparison.agrees(&u);
        let heard = witness(a, b, &inputs[..few], bits)?;
        let (word, outcome) = if !agrees
            && grey(&comparison, &u)
            && heard.testimony == Testimony::Explained
        {
            let parting = verdict(&comparison, &u, bits, &arithmetic, &heard).0;
            let parting = parting.replacen("differ: ", "", 1);
            (format!("{GREY_ZONE}: {parting}"), Outcome::Unknown)
        } else if agrees || heard.testimony == Testimony::Beyond || proved(decision) {
            verdict(&comparison, &u, bits, &arithmetic, &heard)
        } else {
            let text = format!(
                "unknown: {}, and {}",
                verdict(&comparison, &u, bits, &arithmetic, &heard)
                    .0
                    .replacen("differ: ", "", 1),
                "that need not change the function with this gain: the outputs agree to rounding"
            );
            (text, Outcome::Unknown)
        };
        let mut text = format!(
            "{word}{since}\ngauge residual: {}, {} of what rounding explains\n{ceilings}",
            short(&comparison.residual()),
            short(&comparison.ratio(&u)),
        );
        let names = (a.file(), b.file());
        let explained = explain::explain(&shown_a, &shown_b, (&comparison, quick), &u, names)
            .map_err(&failed)?;
        text += &explained.text;
        text += &over;
        text += &unreached(&comparison, (&shown_a, &shown_b), &u);
        if !agrees && heard.testimony == Testimony::Explained {
            remark("the outputs agree to rounding on these inputs all the same");
        }
        let mut report = Report::new(text, outcome);
        report.residual = json!(short(&comparison.residual()));
        report.place = explained.place;
        report.hint = json!(explained.hint);
        report.output_difference = json!(difference.as_ref().map(short));
        Ok(report)
    }
}

/// Whether a residual is beyond what rounding explains, and not by enough for a mistake.
pub(super) fn grey<S: Real>(comparison: &Comparison<S>, u: &S) -> bool {
    !comparison.agrees(u) && comparison.ratio(u) <= S::from_int(GREY)
}

/// Whether the functions are known to differ.
pub(super) fn proved(decision: &Decision) -> bool {
    match decision {
        Decision::Different(_) => true,
        Decision::Equal(_) | Decision::Undecided(_) => false,
    }
}

/// The verdict on networks that cannot be compared layer by layer: different if that is proved or the outputs show it,
/// and else unknown, since some gains let one function have several structures.
pub(super) fn other_structure(
    decision: &Decision,
    comparable: bool,
    outputs: impl FnOnce() -> Result<Outputs, Failure>,
) -> Result<(&'static str, Outcome), Failure> {
    if proved(decision) || !comparable || outputs()?.testimony == Testimony::Beyond {
        return Ok(("differ", Outcome::Refuted));
    }
    Ok((
        "unknown: the outputs agree to rounding, and no theorem compares them",
        Outcome::Unknown,
    ))
}

/// The unit roundoff's bits.
fn bits_of(scalar: ScalarName) -> u32 {
    match scalar {
        ScalarName::F32 => 24,
        ScalarName::F64 | ScalarName::Rational => 53,
        ScalarName::Mp64 => 64,
        ScalarName::Mp128 => 128,
        ScalarName::Mp256 => 256,
        ScalarName::Mp512 => 512,
        ScalarName::Mp1024 => 1024,
    }
}

/// How many of the inputs are evaluated.
pub(super) fn few<S: Real>(network: &Network<S>, inputs: &[Vec<Rational>], diff: &Diff) -> usize {
    if diff.bounding.inputs.is_none() && is_wide(network) {
        WIDE_INPUTS.min(inputs.len())
    } else {
        inputs.len()
    }
}

/// The verdict, first of all.
fn verdict<S: Real>(
    comparison: &Comparison<S>,
    u: &S,
    bits: u32,
    arithmetic: &str,
    outputs: &Outputs,
) -> (String, Outcome) {
    if let Some(part) = comparison.parting(u) {
        let text = format!(
            "differ: they part in layer {}, {}{}, by {} where rounding at u = 2^-{bits} explains {}",
            part.layer,
            part.parameter,
            explain::line(part.line),
            short(&part.residual),
            short(&(part.scale.clone() * u)),
        );
        return (text, Outcome::Refuted);
    }
    match outputs.testimony {
        Testimony::Explained => (
            format!(
                "agree: the same up to hidden rotations, judged at u = 2^-{bits}, computed in {arithmetic}"
            ),
            Outcome::Done,
        ),
        Testimony::Beyond => (
            format!(
                "differ: the parameters agree in norm to u = 2^-{bits}, the outputs do not: {}",
                outputs.words
            ),
            Outcome::Refuted,
        ),
        Testimony::Open => (
            format!(
                "unknown: the parameters agree in norm to u = 2^-{bits}, and of the outputs the enclosures are too wide: {}",
                outputs.words
            ),
            Outcome::Unknown,
        ),
    }
}

/// Weights that nothing reaches.
fn unreached<S: Real>(
    comparison: &Comparison<S>,
    (a, b): (&Network<S>, &Network<S>),
    u: &S,
) -> String {
    let mut text = String::new();
    for (l, (left, right)) in (1..).zip(&comparison.unreachable) {
        if *left > frobenius(&a.layer(l).weight) * u || *right > frobenius(&b.layer(l).weight) * u {
            text += &format!(
                "layer {l}: weights of norm {} and {} that nothing reaches, not judged\n",
                short(left),
                short(right)
            );
        }
    }
    text
}
