//! Failing cases: how they are told, kept and replayed.

use super::*;

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
