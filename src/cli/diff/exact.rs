//! `isotropic diff --exact`: the decision of the theorem, and an input that shows a difference.

use serde_json::json;

use super::Report;
use crate::{
    cli::{Failure, Outcome, remark, short},
    gauge::diagnose::{Separation, probes, separate},
    identity::{Decision, ExactNetwork},
    io::Stored,
    scalar::{Mp, Rational},
};

/// Inputs tried in 128 bits, and in 1024.
const PROBES: (usize, usize) = (6, 3);

/// Binary orders of magnitude in one layer up to which the times in the documentation hold.
const USUAL_SPREAD: u64 = 100;

/// Says where exact arithmetic takes longer than usual.
pub(super) fn say_spread(a: &ExactNetwork, b: &ExactNetwork) {
    let spread = a.spread().max(b.spread());
    if spread > USUAL_SPREAD {
        remark(&format!(
            "the numbers of a layer are up to {spread} binary orders of magnitude apart: exact arithmetic takes longer in proportion"
        ));
    }
}

pub(super) fn report(
    a: &Stored,
    b: &Stored,
    decision: &Decision,
    seed: u64,
) -> Result<Report, Failure> {
    let ends = |n: &Stored| (n.widths().first().copied(), n.widths().last().copied());
    let separation = match decision {
        Decision::Different(_) | Decision::Undecided(_) if ends(a) == ends(b) => shown(a, b, seed)?,
        Decision::Equal(_) | Decision::Different(_) | Decision::Undecided(_) => None,
    };
    let found = separation.as_ref().map(describe);
    let (text, outcome) = match (decision, found) {
        (Decision::Equal(why), _) => (format!("equal, proved: {why}\n"), Outcome::Done),
        (Decision::Different(why), Some(found)) => (
            format!("different, proved: {why}\n{found}"),
            Outcome::Refuted,
        ),
        (Decision::Different(why), None) => {
            let tried = if ends(a) == ends(b) {
                "no input tried shows it: enclosures of 1024 bits overlap at all of them, and the proof stands\n"
            } else {
                ""
            };
            (
                format!("different, proved: {why}\n{tried}"),
                Outcome::Refuted,
            )
        }
        (Decision::Undecided(_), Some(found)) => (
            format!("different, proved by their outputs\n{found}"),
            Outcome::Refuted,
        ),
        (Decision::Undecided(why), None) => (
            format!("undecided: {why}; enclosures of 1024 bits overlap at every input tried\n"),
            Outcome::Unknown,
        ),
    };
    let mut report = Report::new(text, outcome);
    if let Some(found) = separation {
        report.output_difference = json!({
            "input": found.input.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "output": found.output,
            "at_least": short(&found.least),
        });
    }
    Ok(report)
}

/// An input that shows a difference, looked for in 128 bits and then in 1024.
fn shown(a: &Stored, b: &Stored, seed: u64) -> Result<Option<Separation>, Failure> {
    let inputs = a.widths().first().copied().unwrap_or(0);
    let tried = probes(inputs, PROBES.0.max(PROBES.1), seed);
    let narrow = separate(
        &a.enclosed::<Mp<128>>()?,
        &b.enclosed::<Mp<128>>()?,
        &tried[..PROBES.0],
    );
    if narrow.is_some() {
        return Ok(narrow);
    }
    Ok(separate(
        &a.enclosed::<Mp<1024>>()?,
        &b.enclosed::<Mp<1024>>()?,
        &tried[..PROBES.1],
    ))
}

fn describe(found: &Separation) -> String {
    let zero = Rational::from(0);
    let x = if found.input.iter().all(|x| *x == zero) {
        "0".to_string()
    } else {
        let entries: Vec<String> = found.input.iter().map(ToString::to_string).collect();
        format!("[{}]", entries.join(", "))
    };
    format!(
        "output {} differs by at least {}, by enclosures, at x = {x}\n",
        found.output,
        short(&found.least)
    )
}
