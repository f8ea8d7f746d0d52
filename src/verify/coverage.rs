//! Every statement on every hard family in every arithmetic: the table that must have no empty cell.

use crate::{
    family::Family,
    judge::{Tally, Verdict},
    statement::{Arithmetic, Judge, Magnitude},
};

/// The cells, by statement, family and arithmetic.
#[derive(Debug, Default)]
pub struct Coverage {
    /// Cases asked for in each cell.
    pub cases: usize,
    /// Every combination in which the statement is judged at all.
    pub cells: Vec<Cell>,
}

/// One statement on one family in one arithmetic.
#[derive(Debug)]
pub struct Cell {
    /// `A1` to `F4`.
    pub statement: String,
    /// The hard family.
    pub family: Family,
    /// The arithmetic.
    pub arithmetic: Arithmetic,
    /// How it is judged.
    pub judge: Judge,
    /// Why the statement says nothing here, where its declaration gives a reason.
    pub inapplicable: Option<String>,
    /// The evidence.
    pub tally: Tally,
}

impl Cell {
    /// The verdict; `None` if the cell is empty for a declared reason. Empty without one is unknown.
    pub fn verdict(&self) -> Option<Verdict> {
        if self.tally.cases == 0 && self.inapplicable.is_some() {
            return None;
        }
        // On one family a bound need not be approached: that it is not vacuous is seen over all cases.
        let judge = match self.judge {
            Judge::Bound => Judge::Ratio,
            judge => judge,
        };
        Some(self.tally.verdict(judge))
    }

    /// Why it is not verified; `None` where it is, or does not apply.
    pub fn complaint(&self) -> Option<String> {
        let bad = self.verdict()? != Verdict::Verified;
        bad.then(|| self.tally.complaint(self.judge))?
    }
}

/// One statement over all families.
#[derive(Debug)]
pub struct CoverageRow<'a> {
    /// `A1` to `F4`.
    pub statement: &'a str,
    /// For each arithmetic that was run, the cells.
    pub columns: Vec<(Arithmetic, Vec<&'a Cell>)>,
}

impl Coverage {
    /// The arithmetics, in order.
    pub fn arithmetics(&self) -> Vec<Arithmetic> {
        let mut all: Vec<Arithmetic> = self.cells.iter().map(|cell| cell.arithmetic).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// One row for each statement, in the order of the catalogue.
    pub fn rows(&self) -> Vec<CoverageRow<'_>> {
        let mut names: Vec<&str> = vec![];
        for cell in &self.cells {
            if names.last() != Some(&cell.statement.as_str()) {
                names.push(&cell.statement);
            }
        }
        let arithmetics = self.arithmetics();
        let row = |statement| {
            let of = |arithmetic: &Arithmetic| {
                let here =
                    |cell: &&Cell| cell.statement == statement && cell.arithmetic == *arithmetic;
                (*arithmetic, self.cells.iter().filter(here).collect())
            };
            CoverageRow {
                statement,
                columns: arithmetics.iter().map(of).collect(),
            }
        };
        names.into_iter().map(row).collect()
    }
}

impl CoverageRow<'_> {
    /// All cells together; `None` if every one is empty for a reason.
    pub fn verdict(&self) -> Option<Verdict> {
        let cells = self.columns.iter().flat_map(|(_, cells)| cells);
        cells.filter_map(|cell| cell.verdict()).reduce(Verdict::and)
    }

    /// Families with evidence in some arithmetic.
    pub fn families(&self) -> usize {
        let filled = |family: &Family| {
            let mut cells = self.columns.iter().flat_map(|(_, cells)| cells);
            cells.any(|cell| cell.family == *family && cell.tally.cases > 0)
        };
        Family::ALL.iter().filter(|family| filled(family)).count()
    }

    /// The family with the largest ratio, and the ratio.
    pub fn hardest(&self) -> Option<(Family, &Magnitude)> {
        let cells = self.columns.iter().flat_map(|(_, cells)| cells);
        let filled = cells.filter(|cell| cell.tally.cases > 0);
        filled
            .map(|cell| (cell.family, &cell.tally.ratio))
            .max_by(|a, b| a.1.partial_cmp(b.1).unwrap_or(std::cmp::Ordering::Equal))
    }
}
