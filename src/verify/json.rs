//! The outcome for machines: everything the tables show, and the numbers behind them.

use serde_json::{Value, json};

use super::{Cell, Column, ControlOutcome, Outcome, Section, StatementOutcome};
use crate::{
    judge::{Slope, Tally, Verdict},
    statement::{Declaration, Judge, Proof},
};

/// The whole outcome. Magnitudes are decimal strings: they can lie below the smallest f64.
pub fn to_json(outcome: &Outcome) -> Value {
    json!({
        "format": "isotropic-verify-1",
        "seed": outcome.seed,
        "verdict": outcome.verdict().map(Verdict::word),
        "seconds": outcome.seconds,
        "sections": outcome.sections.iter().map(section).collect::<Vec<_>>(),
        "coverage": {
            "cases": outcome.coverage.cases,
            "cells": outcome.coverage.cells.iter().map(cell).collect::<Vec<_>>(),
        },
        "proved_only": outcome.proved.iter().map(proved).collect::<Vec<_>>(),
    })
}

fn proved((declaration, proof): &(Declaration, Proof)) -> Value {
    json!({
        "id": declaration.id,
        "title": declaration.title,
        "proof": proof.word(),
        "verdict": proof.verdict().word(),
    })
}

fn cell(cell: &Cell) -> Value {
    let mut value = json!({
        "statement": cell.statement,
        "family": cell.family.name(),
        "arithmetic": cell.arithmetic.title(),
        "judge": judge_name(cell.judge),
        "verdict": cell.verdict().map(Verdict::word),
    });
    if cell.tally.cases == 0 {
        value["inapplicable"] = cell.inapplicable.clone().into();
        return value;
    }
    value["cases"] = cell.tally.cases.into();
    value["largest_ratio"] = cell.tally.ratio.to_string().into();
    value["largest_relative_residual"] = cell.tally.relative.to_string().into();
    value["complaint"] = cell.complaint().into();
    value
}

fn section(section: &Section) -> Value {
    json!({
        "networks": section.name,
        "cases": section.cases,
        "statements": section.statements.iter().map(statement).collect::<Vec<_>>(),
    })
}

fn statement(statement: &StatementOutcome) -> Value {
    let columns = statement.columns.iter().map(column);
    json!({
        "id": statement.id,
        "title": statement.title,
        "verdict": statement.verdict().map(Verdict::word),
        "complaints": statement.complaints(),
        "remarks": statement.remarks(),
        "measured_on_a_copy_with": statement.copy,
        "slope": statement.slope.map_or(Value::Null, slope),
        "second_look": statement.second_look.as_ref().map(column),
        "arithmetics": columns.collect::<Vec<_>>(),
        "controls": statement.controls.iter().map(control).collect::<Vec<_>>(),
        "proof": statement.proof.word(),
    })
}

fn column(column: &Column) -> Value {
    let mut value = tally(&column.tally);
    value["arithmetic"] = column.arithmetic.title().into();
    value["judge"] = column.judge.map(judge_name).into();
    value["verdict"] = column.verdict().map(Verdict::word).into();
    value["complaint"] = column.complaint().into();
    value["inapplicable"] = column.inapplicable.clone().into();
    value["set_aside"] = column.tally.set_aside.into();
    value
}

fn control(control: &ControlOutcome) -> Value {
    let (caught, cases) = control.counts();
    let arithmetics = control.tallies.iter().map(|(arithmetic, evidence)| {
        let mut value = tally(evidence);
        value["arithmetic"] = arithmetic.title().into();
        value["caught"] = evidence.caught.into();
        value
    });
    json!({
        "id": control.id,
        "caught": caught,
        "cases": cases,
        "slope": slope(control.slope),
        "arithmetics": arithmetics.collect::<Vec<_>>(),
    })
}

pub(super) fn tally(tally: &Tally) -> Value {
    json!({
        "cases": tally.cases,
        "samples": tally.samples,
        "largest_ratio": tally.ratio.to_string(),
        "largest_relative_residual": tally.relative.to_string(),
        "worst_case": tally.worst_case,
    })
}

fn slope(slope: Slope) -> Value {
    match slope {
        Slope::Undefined => Value::Null,
        Slope::Fitted { slope, .. } => slope.into(),
    }
}

fn judge_name(judge: Judge) -> &'static str {
    match judge {
        Judge::Exact => "exact",
        Judge::Bitwise => "bitwise",
        Judge::Ratio => "ratio and slope -1",
        Judge::Difference => "ratio and slope -2/3",
        Judge::Bound => "bound",
        Judge::Rank => "rank",
        Judge::Sampling => "sampling",
    }
}
