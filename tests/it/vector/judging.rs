//! The judge on answers of every kind.

use isotropic::{
    scalar::text::parse as parse_number,
    vector::{
        Operation,
        case::Case,
        judge::{Outcome, Reply, judge},
        report::Report,
        results::parse,
    },
};
use serde_json::{Value, json};

use super::{files, own};

fn case(id: &str) -> Case {
    let (name, _) = id.split_once('/').unwrap();
    let file = files(&[Operation::from_name(name).unwrap()]).remove(0);
    file.cases.into_iter().find(|case| case.id == id).unwrap()
}

fn reasons(case: &Case, value: Value) -> String {
    match judge(case, "f64", Some(&Reply::read(&value))) {
        Outcome::Failed(reasons) => reasons.join("; "),
        other => panic!("{other:?}"),
    }
}

#[test]
fn answers_that_are_none_are_named() {
    let one = case("activation/tanh-2-o-2");
    let outputs = |h: Value| json!({ "outputs": { "h": h, "gamma": "0.5" } });
    for (value, part) in [
        (outputs(json!(["nan", "0"])), "`nan` is not finite"),
        (outputs(json!(["0", "-inf"])), "`-inf` is not finite"),
        (outputs(json!(["0"])), "h: 1 entries, expected 2"),
        (outputs(json!(["0", "0", "0"])), "h: 3 entries, expected 2"),
        (outputs(json!("0")), "a number where a list of 2"),
        (outputs(json!([["0"], ["0"]])), "a list of 1 where a number"),
        (outputs(json!([0.5, 0.5])), "other numbers are strings"),
        (outputs(json!([null, "0"])), "other numbers are strings"),
        (outputs(json!(["zero", "0"])), "`zero` is not a number"),
        (outputs(json!(["1/0", "0"])), "zero denominator"),
        (json!({ "outputs": { "gamma": "0.5" } }), "h: it is missing"),
        (json!({ "outputs": [] }), "`outputs` is no JSON object"),
        (json!({ "results": {} }), "neither `outputs` nor `refused`"),
        (json!([1]), "no JSON object"),
        (json!({ "refused": "no" }), "it was refused: no"),
    ] {
        let said = reasons(&one, value.clone());
        assert!(said.contains(part), "{value}: `{part}` in {said}");
    }
    assert_eq!(judge(&one, "f64", None), Outcome::Missing);
    assert_eq!(
        judge(
            &one,
            "f64",
            Some(&Reply::read(&json!({ "unsupported": true })))
        ),
        Outcome::Missing
    );
}

/// The allowance is a bound, not a suggestion: just within passes, the next number but one beyond fails. (An answer stands for
/// the number it is read as.)
#[test]
fn the_allowance_is_where_the_line_is() {
    let one = case("gain/rational-exact-1");
    let quantity = &one.expected["gamma"];
    let exact =
        isotropic::scalar::text::parse_exact(match quantity.exact.as_ref().unwrap().leaves()[..] {
            [only] => only,
            _ => panic!("one number"),
        })
        .unwrap();
    let allowance = quantity.allowance.as_ref().unwrap()["f64"].clone();
    let allowance = isotropic::scalar::text::parse_exact(&allowance).unwrap();
    let ulp = exact.clone() / isotropic::scalar::Rational::ratio(1 << 52, 1).unwrap();
    let answer = |x: isotropic::scalar::Rational| {
        Reply::read(&json!({ "outputs": { "gamma": x.to_string() } }))
    };
    let at = judge(&one, "f64", Some(&answer(exact.clone() + &allowance)));
    assert_eq!(at, Outcome::Passed(1.0));
    let beyond = answer(exact + allowance + ulp);
    assert!(matches!(
        judge(&one, "f64", Some(&beyond)),
        Outcome::Failed(_)
    ));
}

/// A language prints the shortest decimal that reads back as the same number: that number is the answer.
#[test]
fn a_decimal_stands_for_the_number_it_reads_back_as() {
    let one = case("harness/hex");
    let spelled = |f: &dyn Fn(f64) -> String, precision: &str| {
        let texts: Vec<String> = one.expected["x"]
            .value
            .leaves()
            .into_iter()
            .map(|text| f(parse_number::<f64>(text).unwrap()))
            .collect();
        judge(
            &one,
            precision,
            Some(&Reply::read(&json!({ "outputs": { "x": texts } }))),
        )
    };
    assert_eq!(spelled(&|x| format!("{x}"), "f64"), Outcome::Passed(0.0));
    assert_eq!(
        spelled(&|x| format!("{}", x as f32), "f32"),
        Outcome::Passed(0.0)
    );
    // The digits of single precision are another number in double precision, and one digit less is none.
    let short = spelled(&|x| format!("{}", x as f32), "f64");
    assert!(matches!(short, Outcome::Failed(_)), "{short:?}");
    let cut = spelled(&|x| format!("{x:.6e}"), "f32");
    assert!(matches!(cut, Outcome::Failed(_)), "{cut:?}");
}

/// The same wherever it is compared by distance, and nothing is rounded: a step that leaves the parameter as it is.
#[test]
fn right_answers_in_shortest_decimals_pass() {
    let operations = [
        Operation::Harness,
        Operation::Gain,
        Operation::Activation,
        Operation::Rotate,
        Operation::Grow,
        Operation::OptimiserState,
        Operation::Gradient,
        Operation::OptimiserStep,
        Operation::Import,
    ];
    for precision in ["f64", "f32"] {
        let report = Report::judge(&files(&operations), precision, |case| {
            let Reply::Given { outputs, refused } = own(case, precision) else {
                panic!("{}", case.id)
            };
            let decimal = |text: &String| -> Result<String, ()> {
                let x: f64 = parse_number(text).unwrap();
                Ok(match precision {
                    "f32" => format!("{:e}", x as f32),
                    _ => format!("{x:e}"),
                })
            };
            let outputs = outputs.into_iter();
            let outputs = outputs.map(|(name, tree)| (name, tree.try_map(&decimal).unwrap()));
            Some(Reply::Given {
                outputs: outputs.collect(),
                refused,
            })
        });
        assert!(report.passed(), "{}", report.render(3));
    }
    // One unit in the last place is another number.
    let kept = case("optimiser-step/sgd-nothing-yet");
    let moved = kept.expected["parameter"].value.try_map(&|text: &String| {
        let x: f64 = parse_number(text).unwrap();
        Ok::<_, ()>(format!("{}", x.next_up()))
    });
    let said = Reply::Given {
        outputs: [("parameter".to_string(), moved.unwrap())].into(),
        refused: None,
    };
    assert!(matches!(
        judge(&kept, "f64", Some(&said)),
        Outcome::Failed(_)
    ));
}

/// Whole JSON numbers lose nothing; a field that is null or false says nothing.
#[test]
fn whole_numbers_and_empty_fields_are_read_as_meant() {
    let bad = case("invalid/grow-beta-2");
    let Reply::Given { outputs, .. } = own(&bad, "f64") else {
        panic!()
    };
    let y: Vec<String> = outputs["y"].leaves().into_iter().cloned().collect();
    let value = json!({ "unsupported": false, "refused": "no", "outputs": { "y": y } });
    let read = judge(&bad, "f64", Some(&Reply::read(&value)));
    assert!(matches!(read, Outcome::Passed(_)), "{read:?}");
    let value = json!({ "refused": null, "outputs": { "y": y } });
    assert!(reasons(&bad, value).contains("must be refused"));

    let one = case("adapt/tanh-3-3-2-buffer-1");
    let Reply::Given { outputs, .. } = own(&one, "f64") else {
        panic!()
    };
    let widths: Vec<u64> = (outputs["widths"].leaves().into_iter())
        .map(|text| text.parse().unwrap())
        .collect();
    let y: Vec<String> = outputs["y"].leaves().into_iter().cloned().collect();
    let value = json!({ "refused": false, "outputs": { "widths": widths, "y": y } });
    let read = judge(&one, "f64", Some(&Reply::read(&value)));
    assert!(matches!(read, Outcome::Passed(_)), "{read:?}");
}

#[test]
fn what_must_be_refused_must_be_refused() {
    let bad = case("invalid/grow-beta-2");
    let right = own(&bad, "f64");
    assert!(matches!(
        judge(&bad, "f64", Some(&right)),
        Outcome::Passed(_)
    ));
    let Reply::Given { outputs, .. } = right else {
        panic!()
    };
    let carried_out = Reply::Given {
        outputs,
        refused: None,
    };
    assert!(matches!(
        judge(&bad, "f64", Some(&carried_out)),
        Outcome::Failed(_)
    ));
    let changed = json!({ "refused": "no", "outputs": { "y": ["0", "0"] } });
    assert!(reasons(&bad, changed).contains("y: it is off by"));
}

#[test]
fn results_files_are_read_with_care() {
    let whole = |results: &str| {
        format!(r#"{{"format":"isotropic-results","version":1,"results":{results}}}"#)
    };
    assert_eq!(parse(&whole("{}")).unwrap().precision, "f64");
    let twice = parse(&whole(
        r#"{"gain/x":{"outputs":{}},"gain/x":{"outputs":{}}}"#,
    ))
    .unwrap();
    assert_eq!(
        twice.replies["gain/x"],
        Reply::Broken("it was answered twice".into())
    );
    for (text, part) in [
        ("", "not JSON"),
        ("{}", "its format is not"),
        (
            r#"{"format":"isotropic-results","version":2,"results":{}}"#,
            "its version is 2",
        ),
        (
            r#"{"format":"isotropic-results","results":{}}"#,
            "states no version",
        ),
        (
            r#"{"format":"isotropic-results","version":1,"results":[]}"#,
            "an object from case ids",
        ),
        (
            r#"{"format":"isotropic-results","version":1,"precision":"f16","results":{}}"#,
            "neither f64 nor f32",
        ),
    ] {
        let why = parse(text).unwrap_err();
        assert!(why.contains(part), "`{part}` in {why}");
    }
}

/// A language that writes NaN as a literal loses the case that has it, not the file.
#[test]
fn a_literal_that_json_does_not_have_costs_one_number() {
    let text = r#"{"format":"isotropic-results","version":1,"results":{
        "harness/one":{"outputs":{"x":[NaN,-Infinity,Infinity,"a \" NaN"]}},
        "harness/hex":{"outputs":{"x":["1"]}}}}"#;
    let read = parse(text).unwrap();
    let Reply::Given { outputs, .. } = &read.replies["harness/one"] else {
        panic!()
    };
    let leaves: Vec<&String> = outputs["x"].leaves();
    assert_eq!(leaves, ["nan", "-inf", "inf", "a \" NaN"]);
    assert!(matches!(read.replies["harness/hex"], Reply::Given { .. }));
    // And what is no JSON for another reason stays none.
    assert!(parse("{NaN").unwrap_err().contains("not JSON"));
}

/// What the guide leaves open may be refused or carried out; carried out wrongly it fails.
#[test]
fn what_is_acceptable_may_be_refused() {
    let open = case("rotate/tanh-2-3-2-not-orthogonal");
    assert!(matches!(
        judge(&open, "f64", Some(&own(&open, "f64"))),
        Outcome::Passed(_)
    ));
    let refused = Reply::read(&json!({ "refused": "R is not orthogonal" }));
    assert!(matches!(
        judge(&open, "f64", Some(&refused)),
        Outcome::Passed(_)
    ));
    let wrong = json!({ "outputs": { "y": ["0", "0"] } });
    assert!(reasons(&open, wrong).contains("y: it is off by"));
}

/// A verdict starts as unknown: nothing answered is a failure, something missing is no success.
#[test]
fn silence_never_passes() {
    let files = files(&[Operation::Gain]);
    let silent = Report::judge(&files, "f64", |_| None);
    assert!(silent.failed() && !silent.passed());
    assert!(silent.render(5).contains("no case was answered"));
    let mut asked = 0;
    let partial = Report::judge(&files, "f64", |case| {
        asked += 1;
        (asked > 1).then(|| own(case, "f64"))
    });
    assert!(!partial.failed() && !partial.passed());
    let none = Report::judge(&[], "f64", |_| None);
    assert!(none.failed());
    let broken = Report {
        faults: vec!["a file".into()],
        ..Report::judge(&files, "f64", |case| Some(own(case, "f64")))
    };
    assert!(broken.failed() && !broken.passed());
}
