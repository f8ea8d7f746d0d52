//! The registry of known ways to be wrong: each is caught, by a smallest case that is as small as it can be, and
//! one that nothing catches is noticed.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

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

/// A rung with one residual, in units of what is allowed there.
fn rung(arithmetic: Arithmetic, log2_residual: i32, log2_allowance: i32) -> Rung {
    let power = |e: i32| {
        let one = rug::Rational::from(1);
        let value = if e < 0 {
            one >> e.unsigned_abs()
        } else {
            one << e.unsigned_abs()
        };
        isotropic::scalar::Field::from_rational(&Rational(value))
    };
    let mut tally = Tally::default();
    let mut measurement = Measurement::default();
    measurement.samples.push(Sample {
        residual: power(log2_residual),
        allowance: power(log2_allowance),
        size: power(0),
    });
    tally.add(0, Ok(Some(measurement)));
    Rung {
        arithmetic,
        judge: Judge::Ratio,
        tally,
    }
}

fn diagnosed(rungs: Vec<Rung>) -> Diagnosis {
    let points: Vec<(u32, &Tally)> = rungs
        .iter()
        .filter(|rung| rung.arithmetic.on_ladder())
        .filter_map(|rung| Some((rung.arithmetic.bits()?, &rung.tally)))
        .collect();
    let slope = Slope::fit(-1.0, points);
    Replayed { rungs, slope }.diagnosis()
}

#[test]
fn rounding_falls_with_the_precision() {
    let (single, double, wide) = (Arithmetic::F32, Arithmetic::F64, Arithmetic::Mp256);
    // Within bounds everywhere.
    let holds = vec![rung(double, -50, -49), rung(wide, -253, -252)];
    assert_eq!(diagnosed(holds), Diagnosis::Holds);
    // Beyond its bound in single precision alone.
    let one = vec![
        rung(single, -18, -20),
        rung(double, -50, -49),
        rung(wide, -253, -252),
    ];
    assert_eq!(diagnosed(one), Diagnosis::Rounding);
    // Beyond its bound everywhere, and falling all the same: the bound is too small.
    let all = vec![rung(double, -48, -49), rung(wide, -251, -252)];
    assert_eq!(diagnosed(all), Diagnosis::Rounding);
    // 1e-6 at every precision.
    let flat = vec![
        rung(single, -20, -18),
        rung(double, -20, -49),
        rung(wide, -20, -252),
    ];
    assert_eq!(diagnosed(flat), Diagnosis::Bug);
    // Falling, and not zero over ℚ.
    let exact = vec![rung(Arithmetic::Rational, -20, -30), rung(double, -50, -49)];
    assert_eq!(diagnosed(exact), Diagnosis::Bug);
    assert_eq!(diagnosed(vec![]), Diagnosis::Unknown);
}

#[test]
fn replay_files_are_read_strictly() {
    let entries = entries();
    let a1 = entry(&entries, "A1");
    let case = a1
        .case(&Origin::Generated, Arithmetic::F64, 1, 0)
        .expect("valid");
    let file = Replay {
        statement: "A1".into(),
        control: None,
        arithmetic: Arithmetic::F64,
        case,
    };
    let good = file.to_yaml().expect("written");
    assert!(Replay::from_yaml("good.yaml", &good).is_ok());
    let seed = format!("seed: {}", file.case.seed);
    for (from, to, what) in [
        ("replay: 1", "replay: 2", "version"),
        ("arithmetic: \"f64\"", "arithmetic: f65", "f65"),
        (seed.as_str(), "seed: x", "line"),
        ("inputs:\n", "colour: red\ninputs:\n", "colour"),
        ("widths: [", "widths: [7, ", "widths"),
        ("- [\"", "- [\"z", "input 1, entry 1"),
    ] {
        assert!(good.contains(from), "{from} in\n{good}");
        let error = Replay::from_yaml("bad.yaml", &good.replacen(from, to, 1));
        let message = error.expect_err(to).to_string();
        assert!(
            message.contains("bad.yaml") && message.contains(what),
            "{to}: {message}"
        );
    }
}

/// Statements do not fail, so a table is made to say that one does: the case it names must be the one that was
/// measured, and be handed on as it is.
#[test]
fn a_refuted_table_leads_to_the_case() {
    let entries = entries();
    let source = |origin| Source {
        name: "networks".into(),
        origin,
        arithmetics: vec![Arithmetic::F64],
        cases: 2,
    };
    let plan = Plan {
        seed: 5,
        sources: vec![source(Origin::Generated)],
        controls: Source {
            arithmetics: vec![],
            ..source(Origin::Generated)
        },
        families: Some(Families {
            arithmetics: vec![Arithmetic::F64],
            cases: 2,
        }),
        proved_only: vec![],
    };
    let two = &entries[..2];
    let mut outcome = verify::run(two, &plan, &|_, _, _| ());
    assert!(failures(two, &plan, &outcome, EFFORT, 9).is_empty());
    let refute = |tally: &mut Tally| {
        tally.rejected = 1;
        tally.worst_case = Some(1);
    };
    refute(&mut outcome.sections[0].statements[0].columns[0].tally);
    let second = two[1].id();
    let mut cells = outcome.coverage.cells.iter_mut();
    let cell = cells.find(|cell| cell.statement == second && cell.family == Family::Integer);
    refute(&mut cell.expect("run").tally);
    let found = failures(two, &plan, &outcome, EFFORT, 9);
    let origins = [Origin::Generated, Origin::Family(Family::Integer)];
    assert_eq!(found.len(), 2);
    for ((found, entry), origin) in found.iter().zip(two).zip(&origins) {
        assert_eq!(found.statement, entry.id());
        let case = entry.case(origin, Arithmetic::F64, 5, 1).expect("valid");
        assert_eq!(found.shrunk.case.network, case.network);
        assert_eq!(found.shrunk.case.seed, case.seed);
    }
    assert_eq!(failures(two, &plan, &outcome, EFFORT, 1).len(), 1);
}

/// A saved case holds the networks before and after, the input, and both outputs as numbers; and is read back.
#[test]
fn a_failing_case_is_self_contained() {
    let entries = entries();
    let d2 = entry(&entries, "D2");
    let subject = Subject {
        entry: d2,
        variant: Variant::Control("psi-forgotten"),
        arithmetic: Arithmetic::Rational,
    };
    let case = (0..24).find_map(|index| {
        let case = d2
            .case(&Origin::Generated, Arithmetic::Rational, 1, index)
            .ok()?;
        (subject.standing(&case) == Standing::Rejected).then_some(case)
    });
    let found = Counterexample::find(&subject, &case.expect("one is caught"), EFFORT);
    let pair = found.pair.as_deref().expect("networks were compared");
    let [y, image] = &pair.outputs;
    assert_ne!(y, image);
    // The numbers are those of the networks shown.
    for (network, output) in [(&pair.before, y), (&pair.after, image)] {
        let evaluated = isotropic::network::evaluate(network, &pair.input).expect("finite");
        assert_eq!(evaluated.as_slice(), output.as_slice());
    }
    let text = found.to_yaml().expect("written");
    for part in [
        "\nfound:\n  input: [",
        "\n  before:\n    isotropic: ",
        "\n  after:\n    isotropic: ",
        "\n  outputs: [[\"",
        "\n  difference: [\"",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
    let read = Replay::from_yaml("case.yaml", &text).expect("read back");
    assert_eq!(read.case.network, found.shrunk.case.network);
    assert_eq!(
        replay(d2, &read, Arithmetic::ALL).diagnosis(),
        Diagnosis::Bug
    );
}

/// One line for a statement that fails in many places.
#[test]
fn failures_are_grouped() {
    let entries = entries();
    let one = std::slice::from_ref(entry(&entries, "A1"));
    let few = vec![Arithmetic::Rational, Arithmetic::F64];
    let source = Source {
        name: "generated".into(),
        origin: Origin::Generated,
        arithmetics: few.clone(),
        cases: 2,
    };
    let plan = Plan {
        seed: 5,
        sources: vec![source.clone()],
        controls: source,
        families: Some(Families {
            arithmetics: few,
            cases: 2,
        }),
        proved_only: vec![],
    };
    let mut outcome = verify::run(one, &plan, &|_, _, _| ());
    let quiet = verify::render(&outcome);
    let refute = |tally: &mut Tally| {
        if tally.cases > 0 {
            tally.rejected = 1;
            tally.worst_case = Some(1);
        }
    };
    outcome.sections[0].statements[0]
        .columns
        .iter_mut()
        .for_each(|c| refute(&mut c.tally));
    for cell in &mut outcome.coverage.cells {
        if cell.family != Family::Integer {
            refute(&mut cell.tally);
        }
    }
    let text = verify::render(&outcome);
    let said = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("A1 ") && line.contains("fails in"))
            .count()
    };
    assert_eq!((said(&quiet), said(&text)), (0, 2), "{text}");
    let failing = outcome.coverage.rows()[0].families() - 1;
    assert!(text.contains(&format!("A1 fails in {failing} families and all arithmetics; first, typical in rational: case 1: ")), "{text}");
    assert!(
        text.contains("A1 on generated: fails in all arithmetics; first, rational: case 1: "),
        "{text}"
    );
    // A single place is named.
    let mut outcome = verify::run(one, &plan, &|_, _, _| ());
    let cell = outcome
        .coverage
        .cells
        .iter_mut()
        .find(|c| c.family == Family::Integer && c.arithmetic == Arithmetic::F64);
    refute(&mut cell.expect("run").tally);
    let text = verify::render(&outcome);
    assert!(
        text.contains("A1 fails on the family integer in f64; first, integer in f64: case 1: "),
        "{text}"
    );
}
