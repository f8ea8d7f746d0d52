//! A mistake is named by evidence, and nothing is named without. The bugs of the two ports, written before the hints, are what
//! the hints were measured on (ports/hints.py); these are the rules one by one.

use isotropic::{
    scalar::text::{hex, parse},
    vector::{
        Operation, Tree,
        case::{Case, Verdict},
        hint::Diagnosis,
        judge::Reply,
        report::Report,
    },
};

use super::{files, operation_of, own};

/// The names given, and the report.
fn diagnosed(
    operations: &[Operation],
    fault: impl Fn(&Case) -> Reply,
) -> (Vec<&'static str>, Report) {
    let report = Report::judge(&files(operations), "f64", |case| Some(fault(case)));
    assert!(report.failed());
    let names = match report.diagnosis() {
        Diagnosis::Named { mistakes, .. } => {
            mistakes.iter().map(|mistake| mistake.flag.name).collect()
        }
        Diagnosis::Nothing | Diagnosis::Protocol { .. } | Diagnosis::Unknown { .. } => vec![],
    };
    (names, report)
}

fn number(text: &str) -> f64 {
    parse(text).unwrap()
}

/// The right answer with one number of it changed.
fn edited(case: &Case, output: &str, f: impl Fn(f64) -> f64) -> Reply {
    let Reply::Given {
        mut outputs,
        refused,
    } = own(case, "f64")
    else {
        panic!()
    };
    if let Some(tree) = outputs.get_mut(output) {
        *tree = tree
            .try_map(&|text: &String| hex(&f(number(text))).ok_or(()))
            .unwrap();
    }
    Reply::Given { outputs, refused }
}

/// The activation of an input in which o was put through a function.
fn with_o(case: &Case, f: impl Fn(f64) -> f64) -> Reply {
    let o: f64 = case.input.number("o").unwrap();
    let input = case.input.clone().with("o", hex(&f(o)).unwrap());
    operation_of(case).reply::<f64>(&input, case.result == Verdict::Invalid)
}

/// Pairs of other numbers of outputs are among the cases: what a mistake would say of them is no difference of outputs.
#[test]
fn wrong_decisions_are_diagnosed_whatever_the_ends() {
    let (_, report) = diagnosed(&[Operation::Decide], |case| {
        edited(case, "equal", |equal| 1.0 - equal)
    });
    let (passed, failed, _) = report.counts();
    assert_eq!((passed, failed), (0, report.rows[0].verdicts.len()));
    assert!(report.render(1).contains("decide/"));
}

#[test]
fn numbers_name_a_mistake() {
    let (names, report) = diagnosed(&[Operation::Activation], |case| with_o(case, |o| o * o));
    assert_eq!(names, ["OSquaredTwice"]);
    let text = report.render(3);
    assert!(
        text.contains("\n  OSquaredTwice: o is a squared length"),
        "{text}"
    );
    assert!(text.contains("your numbers are what this gives"), "{text}");
    let (names, _) = diagnosed(&[Operation::Activation], |case| with_o(case, f64::sqrt));
    assert_eq!(names, ["ORooted"]);
}

/// In one gain alone as well; but where it explains no more than half of the failures it is not the mistake.
#[test]
fn half_an_explanation_is_none() {
    let tanh = |case: &Case| case.gain() == Some("tanh");
    let (names, _) = diagnosed(&[Operation::Activation], |case| match tanh(case) {
        true => with_o(case, |o| o * o),
        false => own(case, "f64"),
    });
    assert_eq!(names, ["OSquaredTwice"]);
    let (names, report) = diagnosed(&[Operation::Activation], |case| match tanh(case) {
        true => with_o(case, |o| o * o),
        false => edited(case, "h", |x| 1.01 * x),
    });
    assert_eq!(names, [""; 0]);
    assert!(report.render(3).contains("no known mistake fits"));
}

/// What fails is shown with all that a person needs to look at it.
#[test]
fn an_unknown_mistake_comes_with_its_smallest_case() {
    let (names, report) =
        diagnosed(
            &[Operation::Gain, Operation::Forward],
            |case| match operation_of(case) {
                Operation::Forward => edited(case, "y", |x| x + 1e-3),
                _ => own(case, "f64"),
            },
        );
    assert_eq!(names, [""; 0]);
    let text = report.render(2);
    let Diagnosis::Unknown {
        operation,
        smallest,
    } = report.diagnosis()
    else {
        panic!("{text}")
    };
    assert_eq!(operation, "forward");
    let length = |case: &Case| serde_json::to_string(&case.input).unwrap().len();
    let all = files(&[Operation::Forward]).remove(0).cases;
    assert!(
        all.iter()
            .all(|case| length(case) >= length(&smallest.case))
    );
    let head = format!("\n{}\n  {}\n", smallest.case.id, smallest.case.comment);
    for part in [
        head.as_str(),
        "\n  input {\"network\":",
        "\n  y, expected: [",
        "\n  y, answered: [",
    ] {
        assert!(text.contains(part), "`{part}` in {text}");
    }
}

#[test]
fn signs_name_what_depends_on_the_port() {
    let (names, _) = diagnosed(&[Operation::Alternate], |case| {
        edited(case, "zeros", |_| 0.0)
    });
    assert_eq!(names, ["NoExactZeros"]);
    // One zero too few is another mistake.
    let (names, _) = diagnosed(&[Operation::Alternate], |case| {
        edited(case, "zeros", |n| n - 1.0)
    });
    assert_eq!(names, [""; 0]);
    let (names, _) = diagnosed(&[Operation::Forward], |case| {
        edited(case, "y", |x| f64::from(x as f32))
    });
    assert_eq!(names, ["SinglePrecision"]);
    let (names, _) = diagnosed(&[Operation::Full], |case| edited(case, "sigma", |s| -s));
    assert_eq!(names, ["SignsNotFixed"]);
    let (names, _) = diagnosed(&[Operation::Left], |case| {
        let Reply::Given {
            mut outputs,
            refused,
        } = own(case, "f64")
        else {
            panic!()
        };
        if let Some(Tree::List(sigma)) = outputs.get_mut("sigma") {
            sigma.reverse();
        }
        Reply::Given { outputs, refused }
    });
    assert_eq!(names, ["SigmaUnsorted"]);
}

/// A check that was left out is named where the cases that it refuses were not refused, and only there.
#[test]
fn what_was_not_refused_names_the_check() {
    let accept = |flag: &'static str| {
        move |case: &Case| {
            let Reply::Given { outputs, refused } = own(case, "f64") else {
                panic!()
            };
            let carries = case.flags.iter().any(|name| name == flag);
            let refused = refused.filter(|_| !carries);
            Reply::Given { outputs, refused }
        }
    };
    for flag in [
        "BetaClipped",
        "NotConstantRemoved",
        "NegativeO",
        "WidthZero",
    ] {
        let (names, _) = diagnosed(&[Operation::Invalid], accept(flag));
        assert_eq!(names, [flag]);
    }
    let (names, _) = diagnosed(&[Operation::Invalid], |case| {
        match case.id.contains("neuron-0") {
            true => accept("UnknownAccepted")(case),
            false => own(case, "f64"),
        }
    });
    assert_eq!(names, [""; 0]);
}
