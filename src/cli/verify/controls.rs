//! `isotropic verify --controls`

use std::{fmt::Write, time::Duration};

use super::{CASES_CONTROLS, Verify, ending, failures, progress};
use crate::{
    cli::{Failure, Outcome, print},
    fault::registry,
    io::atomic,
    judge::Verdict,
    statement::{Arithmetic, Entry},
    verify::{self, ControlPlan, Effort},
};

/// Shrinking one counterexample.
const EFFORT: Effort = Effort {
    cases: 2000,
    time: Duration::from_secs(10),
};

impl Verify {
    pub(super) fn run_controls(&self, entries: &[Entry]) -> Result<Outcome, Failure> {
        let mut faults = registry(entries).map_err(|error| Failure::Usage(error.to_string()))?;
        if !self.only.is_empty() {
            let here = |(statement, _): &(String, String)| {
                entries.iter().any(|entry| entry.id() == statement)
            };
            faults.retain(|fault| fault.controls.iter().any(here));
        }
        self.touched().check()?;
        let plan = ControlPlan {
            seed: self.seed,
            // Where a counterexample is easiest to read comes first.
            arithmetics: self.arithmetics(&[Arithmetic::Rational, Arithmetic::F64], &[256]),
            cases: self.cases.map_or(CASES_CONTROLS, |cases| cases as usize),
            effort: EFFORT,
        };
        let outcome = verify::run_controls(entries, faults, &plan, &progress());
        if let Some(path) = &self.json {
            let text = format!("{:#}\n", verify::controls_to_json(&outcome));
            atomic::write(path, text.as_bytes())?;
        }
        if let Some(folder) = &self.failures {
            let catches = outcome.faults.iter().flat_map(|fault| &fault.catches);
            for found in catches.filter_map(|catch| catch.smallest.as_ref()) {
                failures::save(folder, found)?;
            }
        }
        let verdicts: Vec<Verdict> = outcome.faults.iter().filter_map(|f| f.verdict()).collect();
        let caught = verdicts.iter().filter(|v| **v == Verdict::Verified).count();
        let mut text = verify::render_controls(&outcome);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "\n{}: {caught} of {} known ways to be wrong are caught, {} have nothing to catch, in {:.1} s\n{}",
            outcome.verdict().word(),
            verdicts.len(),
            outcome.faults.len() - verdicts.len(),
            outcome.seconds,
            format_args!("seed {}; replay: {}", self.seed, self.command_line()),
        );
        print(&text)?;
        Ok(ending(Some(outcome.verdict())))
    }
}
