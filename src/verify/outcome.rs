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
    /// Where the slope is off on a given network: the evidence at twice the widest precision, which decides.
    pub second_look: Option<Column>,
    /// The controls.
    pub controls: Vec<ControlOutcome>,
    /// How it is proved: scripts were checked in this run.
    pub proof: Proof,
    /// What the copy of a given network has that the network has not, where the statement needs it and was measured on one.
    pub copy: Option<String>,
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
    /// Why the statement says nothing here, of a given network.
    pub inapplicable: Option<String>,
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
        let judge = self.judge.filter(|_| self.inapplicable.is_none())?;
        Some(self.tally.verdict(judge))
    }

    /// Why it is not verified; `None` where it is, or does not apply.
    pub fn complaint(&self) -> Option<String> {
        let judge = self.judge?;
        if self.verdict()? == Verdict::Verified {
            return None;
        }
        let vacuous = || "the bound is vacuous: never approached".into();
        Some(self.tally.complaint(judge).unwrap_or_else(vacuous))
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
    /// that does not check. `None` where the statement says nothing about a given network.
    pub fn verdict(&self) -> Option<Verdict> {
        let arithmetics = self
            .columns
            .iter()
            .filter_map(Column::verdict)
            .reduce(Verdict::and);
        let silent = self.columns.iter().any(|c| c.inapplicable.is_some());
        let mut verdict = match arithmetics {
            None if silent => None,
            None => Some(Verdict::Unknown),
            some => some.map(|verdict| self.of_slope().map_or(verdict, |of| verdict.and(of))),
        };
        let uncaught = self.controls.iter().any(|control| !control.caught());
        if uncaught || matches!(self.proof, Proof::Fails(_)) {
            verdict = Some(verdict.unwrap_or(Verdict::Unknown).and(Verdict::Unknown));
        }
        verdict
    }

    /// What the precision law says; `None` if nothing.
    fn of_slope(&self) -> Option<Verdict> {
        // Residuals that all vanish lie below the line: nothing to object to.
        let slope = self.slope.filter(|slope| *slope != Slope::Undefined)?;
        match (slope.verdict(), &self.second_look) {
            (Verdict::Refuted, Some(look)) => Some(look.verdict().unwrap_or(Verdict::Unknown)),
            (verdict, _) => Some(verdict),
        }
    }
}

impl StatementOutcome {
    /// What keeps the row from being verified, one sentence for each thing.
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = vec![];
        for column in self.columns.iter().chain(&self.second_look) {
            if let Some(why) = column.complaint() {
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
            && self.of_slope() != Some(Verdict::Verified)
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

impl StatementOutcome {
    /// Where the statement says nothing about a given network, and what was set aside, one sentence for each
    /// reason.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks: Vec<(Vec<String>, String)> = vec![];
        for column in &self.columns {
            let some = column.tally.set_aside;
            let why = match (&column.inapplicable, &column.tally.why_aside) {
                (Some(why), _) => format!("does not apply here: {why}"),
                (None, Some(why)) => format!("{some} of its cases set aside: {why}"),
                (None, None) => continue,
            };
            let title = column.arithmetic.title();
            match remarks.iter_mut().find(|(_, known)| *known == why) {
                Some((titles, _)) => titles.push(title),
                None => remarks.push((vec![title], why)),
            }
        }
        let mut remarks: Vec<String> = remarks
            .into_iter()
            .map(|(titles, why)| format!("{}: {why}", titles.join(", ")))
            .collect();
        if let (Some(Slope::Fitted { slope, .. }), Some(look)) = (self.slope, &self.second_look)
            && look.verdict() == Some(Verdict::Verified)
        {
            remarks.push(format!(
                "the slope, {slope:.4}, is not judged: residuals are within their bounds at {} bits too",
                look.arithmetic.title()
            ));
        }
        remarks
    }
}

impl Outcome {
    /// All rows and all proofs together; none at all is unknown. `None` if no statement says anything about
    /// the given networks.
    pub fn verdict(&self) -> Option<Verdict> {
        let rows = || self.sections.iter().flat_map(|section| &section.statements);
        let verdict = rows()
            .filter_map(StatementOutcome::verdict)
            .chain(self.coverage.cells.iter().filter_map(Cell::verdict))
            .chain(self.proved.iter().map(|(_, proof)| proof.verdict()))
            .reduce(Verdict::and);
        verdict.or_else(|| rows().next().is_none().then_some(Verdict::Unknown))
    }
}
