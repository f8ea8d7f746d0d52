//! The registry for machines.

use serde_json::{Value, json};

use super::{Catch, ControlsOutcome, FaultOutcome};
use crate::{judge::Verdict, verify::json::tally};

/// The whole outcome.
pub fn controls_to_json(outcome: &ControlsOutcome) -> Value {
    json!({
        "format": "isotropic-controls-1",
        "seed": outcome.seed,
        "verdict": outcome.verdict().word(),
        "seconds": outcome.seconds,
        "faults": outcome.faults.iter().map(fault).collect::<Vec<_>>(),
    })
}

fn fault(outcome: &FaultOutcome) -> Value {
    let fault = &outcome.fault;
    let refused = outcome.refused.as_ref();
    json!({
        "id": fault.id,
        "what": fault.what,
        "known": fault.known,
        "verdict": outcome.verdict().map(Verdict::word),
        "catches": outcome.catches.iter().map(catch).collect::<Vec<_>>(),
        "refused": refused.map(|(_, tried)| tried.is_ok()),
        "nothing": fault.nothing,
    })
}

fn catch(catch: &Catch) -> Value {
    let (caught, cases) = catch.counts();
    let arithmetics = catch.tallies.iter().map(|(arithmetic, evidence)| {
        let mut value = tally(evidence);
        value["arithmetic"] = arithmetic.title().into();
        value["caught"] = evidence.caught.into();
        value
    });
    let smallest = catch.smallest.as_ref().map(|found| {
        json!({
            "arithmetic": found.arithmetic.title(),
            "widths": found.shrunk.case.network.widths(),
            "inputs": found.shrunk.case.inputs.len(),
            "numbers_not_zero": found.nonzero(),
            "minimal": found.shrunk.minimal,
            "case": found.to_yaml().ok(),
        })
    });
    json!({
        "statement": catch.statement,
        "control": catch.control,
        "caught": caught,
        "cases": cases,
        "arithmetics": arithmetics.collect::<Vec<_>>(),
        "smallest": smallest,
    })
}
