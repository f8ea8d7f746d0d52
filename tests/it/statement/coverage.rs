//! Every statement on every hard family in every arithmetic: no cell is empty without a declared reason,
//! none is declared empty that is not, and none refutes.

use isotropic::{
    family::Family,
    judge::Verdict,
    scalar::Field,
    statement::{Arithmetic, catalogue},
    verify::{Families, Plan, Source, render, run},
};

/// Enough for every gain to come up.
const CASES: usize = 6;

#[test]
fn no_cell_is_empty_or_refuted() {
    let entries = catalogue().expect("the declarations parse");
    let nothing = Source {
        name: "none".into(),
        origin: isotropic::statement::Origin::Generated,
        arithmetics: vec![],
        cases: 0,
    };
    let plan = Plan {
        seed: 11,
        sources: vec![],
        controls: nothing,
        families: Some(Families {
            arithmetics: Arithmetic::ALL.to_vec(),
            cases: CASES,
        }),
        proved_only: vec![],
    };
    let outcome = run(&entries, &plan, &|_, _, _| ());
    println!("{}\n{:.1} s", render(&outcome), outcome.seconds);
    assert!(outcome.coverage.cells.len() > entries.len() * Family::ALL.len());
    let mut wrong = vec![];
    for cell in &outcome.coverage.cells {
        let place = format!(
            "{} {} {}",
            cell.statement,
            cell.family.name(),
            cell.arithmetic.title()
        );
        match (cell.tally.cases, &cell.inapplicable) {
            (0, None) => wrong.push(format!("{place}: empty, and no reason is declared")),
            (1.., Some(why)) => {
                wrong.push(format!("{place}: not empty, though declared so: {why}"));
            }
            _ => {}
        }
        if cell
            .verdict()
            .is_some_and(|verdict| verdict != Verdict::Verified)
        {
            wrong.push(format!("{place}: {}", cell.complaint().unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for row in outcome.coverage.rows() {
        let largest = row.hardest().map(|(_, ratio)| ratio.to_f64());
        assert!(
            largest.is_some_and(|ratio| ratio <= 1.0),
            "{}",
            row.statement
        );
    }
}

#[test]
fn an_empty_cell_without_a_reason_is_unknown() {
    let entries = catalogue().expect("the declarations parse");
    let families = |cases| Plan {
        seed: 1,
        sources: vec![],
        controls: Source {
            name: "none".into(),
            origin: isotropic::statement::Origin::Generated,
            arithmetics: vec![],
            cases: 0,
        },
        families: Some(Families {
            arithmetics: vec![Arithmetic::F64],
            cases,
        }),
        proved_only: vec![],
    };
    let outcome = run(&entries[..1], &families(0), &|_, _, _| ());
    assert_eq!(outcome.verdict(), Some(Verdict::Unknown));
    let outcome = run(&entries[..1], &families(2), &|_, _, _| ());
    assert_eq!(outcome.verdict(), Some(Verdict::Verified));
}

#[test]
fn declared_reasons_name_families_and_arithmetics_that_exist() {
    for entry in catalogue().expect("the declarations parse") {
        for reason in &entry.declaration.inapplicable {
            let id = entry.id();
            assert!(
                Family::from_name(&reason.family).is_some(),
                "{id}: {}",
                reason.family
            );
            for title in &reason.only_in {
                let known = Arithmetic::ALL.iter().any(|a| a.title() == *title);
                assert!(known || cfg!(isotropic_quick), "{id}: {title}");
            }
            assert!(!reason.why.is_empty(), "{id}: {}", reason.family);
        }
    }
}
