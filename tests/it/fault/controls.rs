//! The registry of known ways to be wrong: each is caught, by a smallest case that is as small as it can be, and
//! one that nothing catches is noticed.

mod diagnosis;
mod replay;

use isotropic::{
    family::Family,
    fault::{Fault, Refusal, TABLE_BEGIN, parse, registry, table},
    judge::{Slope, Tally, Verdict},
    scalar::Rational,
    statement::{
        Arithmetic, Entry, Judge, Measurement, Origin, Sample, Variant, catalogue, declarations,
        refutations, rocq,
    },
    vector::flag::{flag, flags},
    verify::{
        self, Catch, ControlPlan, Counterexample, Diagnosis, Effort, Families, Plan, Replay,
        Replayed, Rung, Source, Standing, Subject, failures, replay, run_controls,
    },
};
use std::{collections::BTreeSet, fs, path::Path, time::Duration};

fn entries() -> Vec<Entry> {
    catalogue().expect("the declarations parse")
}

fn entry<'a>(entries: &'a [Entry], id: &str) -> &'a Entry {
    let found = entries.iter().find(|entry| entry.id() == id);
    found.expect("in the catalogue")
}

const EFFORT: Effort = Effort {
    cases: 5000,
    time: Duration::from_secs(60),
};

fn plan() -> ControlPlan {
    ControlPlan {
        seed: 7,
        arithmetics: vec![Arithmetic::Rational, Arithmetic::F64, Arithmetic::Mp256],
        cases: 8,
        effort: EFFORT,
    }
}

#[test]
fn what_the_registry_names_exists() {
    let entries = entries();
    let faults = registry(&entries).expect("the registry parses");
    let mut ids: Vec<&str> = faults.iter().map(|fault| fault.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), faults.len(), "an id occurs twice");
    for fault in &faults {
        assert!(
            !fault.what.is_empty() && !fault.known.is_empty(),
            "{}",
            fault.id
        );
        for (statement, control) in &fault.controls {
            let mut controls = entry(&entries, statement).declaration.controls.iter();
            let known = controls.any(|known| known.id == *control);
            assert!(known, "{}: {statement}/{control}", fault.id);
        }
        let caught = !fault.controls.is_empty() || fault.refusal.is_some();
        assert_ne!(caught, fault.nothing.is_some(), "{}", fault.id);
    }
    for refusal in Refusal::ALL {
        let used = faults.iter().any(|fault| fault.refusal == Some(refusal));
        assert!(used, "{refusal:?} belongs to no fault");
    }
    for control_family in entries
        .iter()
        .flat_map(|entry| &entry.declaration.controls)
        .filter_map(|control| control.family.as_deref())
    {
        assert!(
            Family::from_name(control_family).is_some(),
            "{control_family}"
        );
    }
}

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// What stands alone: a flag or a Rocq theorem that a fault names and that does not exist, or that exists and nothing
/// names; a flag without a planted bug, or the other way round.
fn orphans(faults: &[Fault]) -> Vec<String> {
    let set = |names: Vec<String>| names.into_iter().collect::<BTreeSet<String>>();
    let mut found = vec![];
    let mut same = |what: &str, a: &BTreeSet<String>, b: &BTreeSet<String>| {
        found.extend(
            a.symmetric_difference(b)
                .map(|name| format!("{what} {name}")),
        );
    };
    let flags = set(flags().map(|flag| flag.name.to_string()).collect());
    let planted = text("ports/numpy/planted.py") + &text("ports/numpy/planted_learning.py");
    let planted = planted
        .lines()
        .filter_map(|line| line.strip_prefix("def ")?.split('(').next())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(str::to_string);
    // In the other port a bug names the mistakes that it is: bug("its-name", ["Mistake", …], …).
    let bugs = text("ports/javascript/bugs.mjs");
    let named = bugs.split("bug(\"").skip(1).filter_map(|bug| {
        let (_, list) = bug.split_once('[')?;
        Some(list.split_once(']')?.0.to_string())
    });
    let named: Vec<String> = named
        .flat_map(|list| {
            let names = list
                .split(',')
                .map(|name| name.trim().trim_matches('"').to_string());
            names.collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty())
        .collect();
    same("flag", &flags, &set(planted.chain(named).collect()));
    let theorems = rocq().expect("readable");
    let theorems = theorems.values().flatten();
    let theorems = theorems.filter(|one| one.refutes());
    let theorems = set(theorems.map(|one| one.theorem.clone()).collect());
    let named = faults.iter().flat_map(|fault| fault.rocq.clone());
    same("theorem", &theorems, &set(named.collect()));
    let named = faults.iter().flat_map(|fault| &fault.flags);
    found.extend(
        named
            .filter(|name| flag(name).is_none())
            .map(|name| format!("no flag {name}")),
    );
    found
}

#[test]
fn nothing_that_catches_a_mistake_stands_alone() {
    let entries = entries();
    let mut faults = registry(&entries).expect("the registry parses");
    assert_eq!(orphans(&faults), Vec::<String>::new());
    faults[0].flags = vec!["Elementwize".into()];
    faults[0].rocq.pop();
    assert_eq!(orphans(&faults).len(), 2);
}

/// `ISOTROPIC_WRITE=1` writes the table.
#[test]
fn the_table_of_mistakes_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mistakes.md");
    let shown = fs::read_to_string(&path).expect("readable");
    let (before, found) = shown.split_once(TABLE_BEGIN).expect("the table begins");
    let expected = table().expect("readable");
    if std::env::var_os("ISOTROPIC_WRITE").is_some() {
        fs::write(&path, format!("{before}{TABLE_BEGIN}{expected}")).expect("written");
        return;
    }
    assert!(
        found == expected,
        "docs/mistakes.md is stale: ISOTROPIC_WRITE=1 cargo test --test it fault::controls::the_table"
    );
    // Every control, flag and fault has its place.
    for flag in flags() {
        assert!(expected.contains(flag.name), "{}", flag.name);
    }
    for declared in declarations().expect("readable") {
        for control in declared.controls {
            let name = format!("{}/{}", declared.id, control.id);
            assert!(expected.contains(&name), "{name}");
        }
    }
    for file in refutations().expect("readable") {
        for one in file.refuted {
            let name = format!("{}/{}", file.id, one.control);
            assert!(expected.contains(&name), "{name}");
        }
    }
}

#[test]
fn every_control_belongs_to_a_fault() {
    let entries = entries();
    let controls = entries
        .iter()
        .map(|e| e.declaration.controls.len())
        .sum::<usize>();
    // With an empty registry every control is a fault of its own.
    let alone = parse("[]", &entries).expect("parses");
    assert_eq!(alone.len(), controls);
    let mut named: Vec<(String, String)> = registry(&entries)
        .expect("parses")
        .into_iter()
        .flat_map(|fault| fault.controls)
        .collect();
    named.sort();
    named.dedup();
    assert_eq!(named.len(), controls);
    for broken in [
        "- {id: x, what: y, known: z, caught_by: [B1]}",
        "- {id: x, what: y, known: z, refused: nonsense}",
        "- {id: x, what: y, known: z, colour: red}",
    ] {
        assert!(parse(broken, &entries).is_err(), "{broken}");
    }
}

#[test]
fn every_fault_is_caught_and_its_smallest_case_is_small() {
    let entries = entries();
    let faults = registry(&entries).expect("the registry parses");
    let outcome = run_controls(&entries, faults, &plan(), &|_, _, _| ());
    let text = isotropic::verify::render_controls(&outcome);
    println!("{text}{:.1} s", outcome.seconds);
    assert_eq!(outcome.verdict(), Verdict::Verified, "{text}");
    let catches: Vec<&Catch> = outcome
        .faults
        .iter()
        .flat_map(|fault| &fault.catches)
        .collect();
    for catch in &catches {
        let found = catch.smallest.as_ref().expect("caught");
        let name = format!("{}/{}", catch.statement, catch.control);
        assert!(found.shrunk.minimal, "{name}: the effort did not suffice");
        // Some statements speak of several inputs: A4 of pairs, D8 and D10 of a mean.
        let inputs = found.shrunk.case.inputs.len();
        assert!(inputs <= 2, "{name}: {}", found.size());
        // A file gives the same case back, and it fails as it did.
        let file = found.replay().to_yaml().expect("written");
        let read = Replay::from_yaml("case.yaml", &file).expect("read");
        assert_eq!(read.case.network, found.shrunk.case.network, "{name}");
        assert_eq!(read.case.inputs, found.shrunk.case.inputs, "{name}");
        assert_eq!(read.control.as_ref(), Some(&catch.control));
        let entry = entry(&entries, &catch.statement);
        let subject = |variant| Subject {
            entry,
            variant,
            arithmetic: read.arithmetic,
        };
        let wrong = subject(Variant::Control(&catch.control)).standing(&read.case);
        assert!(
            matches!(wrong, Standing::Rejected | Standing::Doubtful),
            "{name}"
        );
        // The statement itself holds there.
        let right = subject(Variant::Faithful).standing(&read.case);
        assert_eq!(right, Standing::Holds, "{name}");
    }
    // Sizes that the theory gives: what a case needs for the fault to show, and nothing else.
    for (name, size) in [
        // Two directions, of different length or sign.
        ("A1/elementwise", "1-1, 1 input, 1 number not 0"),
        // The neuron is the control's own: the network around it may be empty.
        ("D2/psi-forgotten", "1-1-1, 1 input, 0 numbers not 0"),
        // Growing with a bias needs an o to take it from.
        ("C2/psi-forgotten", "1-1-1, 1 input, 1 number not 0"),
        ("D7/psi-forgotten", "1-1-1, 1 input, 0 numbers not 0"),
        // Layer 2 is the first with a ψ; R = -1 is enough.
        ("B1/psi-not-rotated", "1-1-1-1, 1 input, 2 numbers not 0"),
        // R = ±1 is its own transpose.
        (
            "B1/outgoing-not-transposed",
            "1-2-1, 1 input, 2 numbers not 0",
        ),
        // Two of the neurons are removed, and one stays.
        ("D9/unsorted", "1-1-3-1, 1 input, 0 numbers not 0"),
        // ψ beside a weight of rank 0.
        ("D5/min-count", "1-1-2-1, 1 input, 2 numbers not 0"),
    ] {
        let mut named = catches
            .iter()
            .filter(|c| format!("{}/{}", c.statement, c.control) == name);
        let found = named.next().and_then(|catch| catch.smallest.as_ref());
        assert_eq!(found.expect("caught").size(), size, "{name}");
    }
}

#[test]
fn a_fault_that_nothing_catches_is_noticed() {
    let entries = entries();
    // A control that the statement does not have measures nothing, so nothing catches it.
    let harmless =
        "- {id: harmless, what: nothing, known: this test, caught_by: [B1/no-such-control]}";
    let mut faults = parse(harmless, &entries).expect("parses");
    faults.truncate(1);
    let outcome = run_controls(&entries, faults, &plan(), &|_, _, _| ());
    assert_eq!(outcome.verdict(), Verdict::Unknown);
    let text = isotropic::verify::render_controls(&outcome);
    assert!(
        text.contains("NOT CAUGHT") && text.contains("was not caught in 0 cases"),
        "{text}"
    );
    // No fault at all is no evidence either.
    let outcome = run_controls(&entries, vec![], &plan(), &|_, _, _| ());
    assert_eq!(outcome.verdict(), Verdict::Unknown);
}

/// Shrinking and families draw cases that no control was written for.
#[test]
fn controls_are_total_on_the_hard_families() {
    for entry in &entries() {
        for control in &entry.declaration.controls {
            for family in Family::ALL {
                for arithmetic in [Arithmetic::Rational, Arithmetic::F64] {
                    let case = entry.case(&Origin::Family(family), arithmetic, 3, 1);
                    let case = case.expect("a valid network");
                    // Refusing is fine; panicking is not.
                    let _ = entry.measure(arithmetic, Variant::Control(&control.id), &case);
                }
            }
        }
    }
}

#[test]
fn shrinking_ends_where_it_is_told_to() {
    let entries = entries();
    let subject = Subject {
        entry: entry(&entries, "D2"),
        variant: Variant::Control("psi-forgotten"),
        arithmetic: Arithmetic::F64,
    };
    let case = subject
        .entry
        .case(&Origin::Generated, Arithmetic::F64, 1, 0);
    let case = case.expect("a valid network");
    let short = Effort { cases: 3, ..EFFORT };
    let found = Counterexample::find(&subject, &case, short);
    assert!(!found.shrunk.minimal && found.shrunk.measured <= 3);
    let none = Effort {
        time: Duration::ZERO,
        ..EFFORT
    };
    assert_eq!(subject.shrink(&case, none).measured, 1);
    // What does not fail stays as it is.
    let holds = Subject {
        variant: Variant::Faithful,
        ..subject
    };
    let found = holds.shrink(&case, EFFORT);
    assert_eq!(
        (found.measured, found.case.network == case.network),
        (1, true)
    );
}

#[test]
fn a_bug_does_not_fall_and_the_statement_itself_holds() {
    let entries = entries();
    let d2 = entry(&entries, "D2");
    let case = d2
        .case(&Origin::Generated, Arithmetic::Rational, 1, 0)
        .expect("valid");
    let mut file = Replay {
        statement: "D2".into(),
        control: Some("length-forgotten".into()),
        arithmetic: Arithmetic::Rational,
        case,
    };
    let replayed = replay(d2, &file, Arithmetic::ALL);
    assert_eq!(replayed.diagnosis(), Diagnosis::Bug);
    assert_eq!(replayed.failing(), Arithmetic::ALL);
    let Slope::Fitted { slope, .. } = replayed.slope else {
        panic!("no slope")
    };
    assert!(slope.abs() < 0.01, "{slope}");
    file.control = None;
    assert_eq!(
        replay(d2, &file, Arithmetic::ALL).diagnosis(),
        Diagnosis::Holds
    );
    // Exact arithmetic has nothing to say of tanh; floating point has.
    let tanh = d2
        .case(&Origin::Generated, Arithmetic::F64, 1, 0)
        .expect("valid");
    assert!(!tanh.network.gain().is_rational());
    let replayed = replay(
        d2,
        &Replay {
            case: tanh,
            ..file.clone()
        },
        Arithmetic::ALL,
    );
    assert_eq!(replayed.rungs[0].verdict(), None);
    assert_eq!(replayed.diagnosis(), Diagnosis::Holds);
    assert_eq!(replay(d2, &file, &[]).diagnosis(), Diagnosis::Unknown);
}
