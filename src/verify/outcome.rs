//! What a run found.

use super::{Cell, Coverage};
use crate::{
    judge::{Slope, Tally, Verdict},
    statement::{Arithmetic, Declaration, Judge, Proof},
};

/// Everything a run found: a section for the generated networks and one for each network given.
#[derive(Debug)]
pub struct Outcome {
    /// The seed everything was drawn from.
    pub seed: u64,
    /// One section for each source of networks.
    pub sections: Vec<Section>,
    /// Every statement on every hard family; empty if none were run.
    pub coverage: Coverage,
    /// The statements that are proved and not measured, their scripts checked in this run.
    pub proved: Vec<(Declaration, Proof)>,
    /// Wall-clock seconds.
    pub seconds: f64,
}

/// The statements on one source of networks.
#[derive(Debug)]
pub struct Section {
    /// What the networks are.
    pub name: String,
    /// Cases drawn for each statement and arithmetic.
    pub cases: usize,
    /// The arithmetics, in the order of the columns.
    pub arithmetics: Vec<Arithmetic>,
    /// One row for each statement.
    pub statements: Vec<StatementOutcome>,
}

/// One statement on one source of networks.
#[derive(Debug)]
pub struct StatementOutcome {
    /// `A1` to `F4`.
    pub id: String,
    /// From its declaration.
    pub title: String,
    /// The evidence in each arithmetic of the section.
    pub columns: Vec<Column>,
    /// The precision law, for statements that are judged by it.
    pub slope: Option<Slope>,
    /// The controls.
    pub controls: Vec<ControlOutcome>,
    /// How it is proved: scripts were checked in this run.
    pub proof: Proof,
}

/// One statement in one arithmetic.
#[derive(Debug)]
pub struct Column {
    /// The arithmetic.
    pub arithmetic: Arithmetic,
    /// How it is judged there; `None` where the statement does not apply.
    pub judge: Option<Judge>,
    /// The evidence.
    pub tally: Tally,
}

/// One control.
#[derive(Debug)]
pub struct ControlOutcome {
    /// Its name in the declaration.
    pub id: String,
    /// Its evidence in each arithmetic it was run in.
    pub tallies: Vec<(Arithmetic, Tally)>,
    /// The slope of its residuals: flat, where a true statement falls by one per bit.
    pub slope: Slope,
}

impl Column {
    /// The verdict, `None` where the statement does not apply.
    pub fn verdict(&self) -> Option<Verdict> {
        self.judge.map(|judge| self.tally.verdict(judge))
    }
}

impl ControlOutcome {
    /// Cases in which it was rejected, and cases in which it was run, over all arithmetics.
    pub fn counts(&self) -> (usize, usize) {
        self.tallies
            .iter()
            .fold((0, 0), |(caught, of), (_, tally)| {
                (caught + tally.caught, of + tally.cases)
            })
    }

    /// Whether any case rejects it.
    pub fn caught(&self) -> bool {
        self.counts().0 > 0
    }
}

impl StatementOutcome {
    /// The verdict of the row: every arithmetic, the slope, and every control caught. A control that
    /// nothing catches leaves the statement unknown: the check has not been seen to fail. So does a proof
    /// that does not check.
    pub fn verdict(&self) -> Verdict {
        let arithmetics = self
            .columns
            .iter()
            .filter_map(Column::verdict)
            .reduce(Verdict::and);
        let mut verdict = arithmetics.unwrap_or(Verdict::Unknown);
        // Residuals that all vanish lie below the line: nothing to object to.
        if let Some(slope) = self.slope.filter(|slope| *slope != Slope::Undefined) {
            verdict = verdict.and(slope.verdict());
        }
        let uncaught = self.controls.iter().any(|control| !control.caught());
        if uncaught || matches!(self.proof, Proof::Fails(_)) {
            verdict = verdict.and(Verdict::Unknown);
        }
        verdict
    }
}

impl StatementOutcome {
    /// What keeps the row from being verified, one sentence for each thing.
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = vec![];
        for column in &self.columns {
            if column
                .verdict()
                .is_some_and(|verdict| verdict != Verdict::Verified)
            {
                let why = column
                    .tally
                    .complaint()
                    .unwrap_or_else(|| "the bound is vacuous: never approached".into());
                complaints.push(format!("{}: {why}", column.arithmetic.title()));
            }
        }
        if let Proof::Fails(why) = &self.proof {
            complaints.push(format!("its proof does not check: {why}"));
        }
        if let Some(
            slope @ Slope::Fitted {
                slope: value,
                expected,
                tolerance,
            },
        ) = self.slope
            && slope.verdict() == Verdict::Refuted
        {
            complaints.push(format!(
                "the slope is {value:.4}, expected {expected:.4} ± {tolerance:.3}"
            ));
        }
        for control in self.controls.iter().filter(|control| !control.caught()) {
            complaints.push(format!(
                "the control {} was not caught in {} cases",
                control.id,
                control.counts().1
            ));
        }
        complaints
    }
}

impl Outcome {
    /// All rows and all proofs together; none at all is unknown.
    pub fn verdict(&self) -> Verdict {
        let rows = self.sections.iter().flat_map(|section| &section.statements);
        rows.map(StatementOutcome::verdict)
            .chain(self.coverage.cells.iter().filter_map(Cell::verdict))
            .chain(self.proved.iter().map(|(_, proof)| proof.verdict()))
            .reduce(Verdict::and)
            .unwrap_or(Verdict::Unknown)
    }
}
