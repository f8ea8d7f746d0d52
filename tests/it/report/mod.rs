//! The reports: well formed, self-contained, honest about what is not verified.

mod check;
mod figures;
mod theorems;

use crate::support;
use isotropic::{
    Gain,
    invariance::{self, Invariance},
    judge::{Tally, Verdict},
    report::{Candidate, Experiment, Portrait, Pruning, Verification, to_junit},
    resize::Rule,
    scalar::Rational,
    statement::{Arithmetic, Entry, Judge, Origin, Proof, Variant, catalogue, proved_only},
    verify::{Families, Outcome, Plan, Source, render, run, to_json},
};
use roxmltree::Document;

/// A name that would run a script, close an attribute and break a document.
const HOSTILE: &str = "<script>alert('x')</script>&amp;\"\u{1}]]>.yaml";

fn outcome() -> (Vec<Entry>, Outcome) {
    let mut entries = catalogue().unwrap();
    entries.retain(|entry| ["A1", "C1", "D2", "D4"].contains(&entry.id()));
    let arithmetics = vec![Arithmetic::Rational, Arithmetic::F64, Arithmetic::Mp256];
    let source = |name: &str, origin| Source {
        name: name.into(),
        origin,
        arithmetics: arithmetics.clone(),
        cases: 12,
    };
    let given = support::network::<Rational>(&[2, 4, 3, 2], Gain::Rational, 7);
    let plan = Plan {
        seed: 1,
        sources: vec![
            source("generated networks", Origin::Generated),
            source(
                HOSTILE,
                Origin::Given {
                    network: given,
                    inputs: vec![],
                },
            ),
        ],
        controls: source("controls", Origin::Generated),
        families: Some(Families {
            arithmetics: vec![Arithmetic::F64],
            cases: 2,
        }),
        proved_only: vec![],
    };
    let outcome = run(&entries, &plan, &|_, _, _| ());
    (entries, outcome)
}

fn portrait() -> Portrait {
    let network = support::network::<f64>(&[3, 6, 5, 2], Gain::Tanh, 3);
    Portrait::of(HOSTILE, &network, None).unwrap()
}

fn html(entries: &[Entry], outcome: &Outcome) -> String {
    let run = Verification {
        entries,
        outcome,
        portraits: &[portrait()],
        scaffold_threshold: 0.1,
        replay: HOSTILE,
        given: true,
    };
    run.to_html()
}

fn experiment() -> Invariance {
    experiment_with(vec![1, 2], vec![2, 0, -1, -2, -3])
}

fn experiment_with(hidden: Vec<usize>, changes: Vec<i64>) -> Invariance {
    let network = support::network::<f64>(&[3, 6, 5, 2], Gain::Tanh, 3);
    let inputs = isotropic::io::inputs::Inputs::of(
        isotropic::linalg::Matrix::from_fn(3, 4, |i, j| (i as f64 - 1.5 * j as f64).sin()),
        Some(vec![0, 1, 1, 0]),
    );
    let plan = invariance::Plan {
        hidden,
        changes,
        rules: Rule::ALL.to_vec(),
        seed: 1,
    };
    invariance::run(&network, &inputs, &plan).unwrap()
}

fn page_of(found: &Invariance) -> String {
    let run = Experiment {
        name: HOSTILE,
        found,
        curve: None,
        portrait: Some(&portrait()),
        scaffold_threshold: 0.1,
        replay: HOSTILE,
    };
    run.to_html()
}

/// The text of all elements of a class.
fn texts(html: &str, class: &str) -> Vec<String> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let document = Document::parse_with_options(html, options).unwrap();
    let has = |e: &roxmltree::Node| {
        let classes = e.attribute("class").unwrap_or_default();
        classes.split_whitespace().any(|c| c == class)
    };
    let whole = |e: roxmltree::Node| {
        e.descendants()
            .filter_map(|d| d.is_text().then(|| d.text())?)
            .collect()
    };
    document.descendants().filter(has).map(whole).collect()
}

#[test]
fn the_pages_keep_to_every_rule() {
    let (entries, outcome) = outcome();
    assert_eq!(outcome.verdict(), Some(Verdict::Verified));
    let verify = html(&entries, &outcome);
    assert_eq!(check::page(&verify), [""; 0]);
    let bounds = page_of(&experiment());
    assert_eq!(check::page(&bounds), [""; 0]);
    for page in [&verify, &bounds] {
        // Escaped, and there to be read.
        assert!(!page.contains("<script"));
        assert!(
            page.contains(
                "&lt;script&gt;alert('x')&lt;/script&gt;&amp;amp;&quot;\\u{1}]]&gt;.yaml"
            )
        );
    }
    assert!(
        texts(&verify, "proved")[0].starts_with("proved"),
        "the tile"
    );
    for id in ["A1", "C1", "D2", "D4", "law", "coverage", "networks"] {
        assert!(verify.contains(&format!(" id=\"{id}\"")), "{id}");
    }
    assert!(verify.contains("id=\"network-1-spectrum-2\""));
    assert!(bounds.contains("layer-2-removal"));
}

#[test]
fn the_rules_see_what_is_broken() {
    let (entries, outcome) = outcome();
    let good = html(&entries, &outcome);
    let broken = [
        ("</section>", "", "not well formed"),
        ("href=\"#D2\"", "href=\"#D22\"", "nothing has the id D22"),
        (
            "href=\"#D2\"",
            "href=\"https://example.org/\"",
            "the attribute href",
        ),
        (
            "id=\"law\"",
            "id=\"coverage\"",
            "the id coverage is there twice",
        ),
        (
            "aria-labelledby=\"law-title\"",
            "aria-labelledby=\"lost\"",
            "nothing has the id lost",
        ),
        ("<h2", "<script>1</script><h2", "an element script"),
        ("<h2", "<p onclick=\"x\">x</p><h2", "the attribute onclick"),
        ("<style>", "<style>@import 'x';", "a style that loads"),
        ("<h1>", "<h1>1</h1><h1>", "not one h1"),
        (" scope=\"row\"", "", "a header without scope"),
        (
            "<td class=\"number none\">–</td>",
            "",
            "rows of different lengths",
        ),
        ("role=\"img\" ", "", "without role or name"),
        (
            "stroke=\"var(--blue)\"",
            "stroke=\"#010003\"",
            "does not follow the theme",
        ),
    ];
    for (from, to, complaint) in broken {
        assert!(good.contains(from), "{from}");
        let found = check::page(&good.replacen(from, to, 1));
        let seen = found.iter().any(|wrong| wrong.contains(complaint));
        assert!(seen, "{from} → {to}: {found:?}");
    }
}

#[test]
fn nan_is_shown_as_unknown_and_a_bad_case_as_refuted() {
    let (entries, mut outcome) = outcome();
    let verified = outcome.sections[0].statements.len() * 2;
    assert_eq!(
        texts(&html(&entries, &outcome), "tile")[1],
        format!("verified{verified}rows of the tables below")
    );

    let column = outcome.sections[0].statements[0]
        .columns
        .last_mut()
        .unwrap();
    column.tally.nan = Some(2);
    let page = html(&entries, &outcome);
    let tiles = texts(&page, "tile");
    assert!(tiles[3].starts_with("unknown1"), "{tiles:?}");
    assert!(texts(&page, "lead")[0].contains("unknown"));
    assert!(page.contains("case 2: a residual is NaN"));
    let junit = to_junit(&outcome);
    assert!(
        junit.contains("errors=\"1\"") && junit.contains("a residual is NaN"),
        "{junit}"
    );

    let column = &mut outcome.sections[0].statements[1].columns[0];
    column.tally.rejected = 1;
    column.tally.ratio = isotropic::statement::Magnitude::from_float(&rug::Float::with_val(64, 7));
    let page = html(&entries, &outcome);
    assert!(texts(&page, "tile")[2].starts_with("refuted1"));
    assert!(texts(&page, "lead")[0].contains("refuted"));
    assert!(page.contains("FALSE 7.0"));
    assert_eq!(check::page(&page), [""; 0]);
    assert!(to_junit(&outcome).contains("failures=\"1\""));

    // A control that nothing catches leaves its statement unknown, and is marked.
    let control = &mut outcome.sections[0].statements[2].controls[0];
    control
        .tallies
        .iter_mut()
        .for_each(|(_, tally)| tally.caught = 0);
    let page = html(&entries, &outcome);
    assert!(texts(&page, "tile")[3].starts_with("unknown2"));
    assert_eq!(texts(&page, "missed").len(), 1);

    let mut found = experiment();
    let cell = &mut found.tables[0].rows[2].cells[3];
    cell.ratio = isotropic::statement::Magnitude::from_float(&rug::Float::with_val(64, f64::NAN));
    let page = page_of(&found);
    assert!(texts(&page, "lead")[0].contains("unknown"));
    assert!(texts(&page, "tile")[2].starts_with("unknown1"));
}

#[test]
fn junit_counts_its_cases() {
    let (_, outcome) = outcome();
    let junit = to_junit(&outcome);
    let document = Document::parse(&junit).unwrap();
    let suites: Vec<_> = document
        .descendants()
        .filter(|e| e.has_tag_name("testsuite"))
        .collect();
    let names: Vec<_> = suites.iter().filter_map(|s| s.attribute("name")).collect();
    let hostile = HOSTILE.replace('\u{1}', "\\u{1}");
    assert_eq!(names, ["generated networks", &hostile, "hard families"]);
    for suite in suites {
        let cases = suite
            .children()
            .filter(|c| c.has_tag_name("testcase"))
            .count();
        assert_eq!(suite.attribute("tests"), Some(cases.to_string().as_str()));
        assert_eq!(cases, 4);
        assert_eq!(
            (suite.attribute("failures"), suite.attribute("errors")),
            (Some("0"), Some("0"))
        );
    }
}

/// A measured counterexample to a bound of this program: refuted in every form, with the sentence whose fault it is.
#[test]
fn a_bound_that_is_exceeded_is_refuted_in_every_form() {
    let entries = isotropic::statement::catalogue().unwrap();
    let entry = entries.iter().find(|entry| entry.id() == "D4").unwrap();
    let (_, mut outcome) = outcome();
    // Real measurements: those of a control, the next singular value in the place of the largest dropped one.
    let mut tally = Tally::default();
    for index in 0..24 {
        let case = entry.case(&Origin::Generated, Arithmetic::F64, 1, index);
        let wrong = Variant::Control("next-singular-value");
        tally.add(
            index,
            case.and_then(|case| entry.measure(Arithmetic::F64, wrong, &case)),
        );
    }
    assert!(tally.rejected > 0, "some case exceeds it");
    let statement = &mut outcome.sections[0].statements[0];
    let column = &mut statement.columns[0];
    column.judge = Some(Judge::Bound);
    column.tally = tally;
    assert_eq!(outcome.verdict(), Some(Verdict::Refuted));
    let fault = "a counterexample to this program's own bound: the fault is the program's or the theory's, not the network's";
    let text = render(&outcome);
    assert!(text.contains(fault) && text.contains("FALSE"), "{text}");
    let json = to_json(&outcome);
    assert_eq!(json["verdict"], "refuted");
    let statement = &json["sections"][0]["statements"][0];
    assert_eq!(statement["verdict"], "refuted");
    assert!(
        statement["arithmetics"][0]["complaint"]
            .as_str()
            .unwrap()
            .ends_with(fault)
    );
    let junit = to_junit(&outcome);
    let failure = junit.split("<failure message=\"refuted\">").nth(1).unwrap();
    assert!(
        failure.split("</failure>").next().unwrap().contains(fault),
        "{junit}"
    );
    assert!(html(&entries[..1], &outcome).contains("not the network"));
}

#[test]
fn a_statement_without_proof_or_measurement_is_unknown_everywhere() {
    let declaration = proved_only().unwrap().remove(0);
    let (_, mut outcome) = outcome();
    assert_eq!(outcome.verdict(), Some(Verdict::Verified));
    outcome.proved = vec![(declaration.clone(), Proof::Both)];
    assert_eq!(outcome.verdict(), Some(Verdict::Verified));
    outcome.proved = vec![(declaration, Proof::None)];
    assert_eq!(outcome.verdict(), Some(Verdict::Unknown));
    let suite = "name=\"proofs\" tests=\"1\" failures=\"0\" errors=\"1\"";
    assert!(to_junit(&outcome).contains(suite));
    assert_eq!(to_json(&outcome)["proved_only"][0]["verdict"], "unknown");
}

/// A1's control is drawn where A1 was measured, and nowhere else; one that falls is set apart, and said why.
#[test]
fn controls_are_drawn_where_their_statement_was_measured() {
    let (entries, mut outcome) = outcome();
    let law = |outcome: &Outcome| {
        let run = Verification {
            entries: &entries,
            outcome,
            portraits: &[],
            scaffold_threshold: 0.1,
            replay: "",
            given: false,
        };
        run.law_to_svg().unwrap().unwrap()
    };
    let purple = |svg: &str| svg.matches("stroke=\"var(--purple)\"").count();
    let whole = law(&outcome);
    assert_eq!(purple(&whole), 0);
    let points = whole.matches("<polygon").count();
    // The statement is silent at one rung of two: its controls have no line left.
    let silent = outcome.sections[0].statements[0]
        .columns
        .last_mut()
        .unwrap();
    silent.judge = None;
    let fewer = law(&outcome);
    assert!(fewer.matches("<polygon").count() < points);
    // Residuals of a control that fall with the precision.
    let (_, mut outcome) = self::outcome();
    let control = &mut outcome.sections[0].statements[0].controls[0];
    for (arithmetic, tally) in &mut control.tallies {
        if let Some(bits) = arithmetic.bits() {
            let third = rug::Float::with_val(64, rug::Float::i_exp(1, -(bits as i32) / 3));
            tally.relative = isotropic::statement::Magnitude::from_float(&third);
        }
    }
    let falling = law(&outcome);
    assert!(purple(&falling) > 0);
    assert!(falling.contains("control that falls by right (A1)"));
    assert!(falling.contains("A1/elementwise (0.3"), "{falling}");
}

#[test]
fn what_was_learnt_of_a_given_network_comes_first() {
    let (entries, outcome) = outcome();
    let page = html(&entries, &outcome);
    let at = |text: &str| page.find(text).unwrap_or(usize::MAX);
    assert!(at("3 of 6 neurons of layer 1 are free") < at("id=\"summary\""));
    assert!(at("id=\"networks\"") < at("id=\"statements\""));
    assert_eq!(check::page(&page), [""; 0]);
}

#[test]
fn the_page_of_a_prune_keeps_to_every_rule() {
    let candidate = |parameters: usize, error: f64| Candidate {
        parameters,
        widths: vec![3, parameters / 10, 2],
        error,
        relative: error / 2.0,
        worst: 3.0 * error,
        accuracy: Some(1.0 - error),
        changed: Some(4),
    };
    let tradeoff = [
        candidate(90, 1e-14),
        candidate(50, 0.01),
        candidate(20, 0.3),
    ];
    for chosen in [
        None,
        Some((&tradeoff[1], "parameters: 90 -> 50\nwidths: …\n")),
    ] {
        let run = Pruning {
            name: HOSTILE,
            before: 120,
            accuracy: Some(0.9),
            rows: 40,
            tradeoff: &tradeoff,
            chosen,
            replay: HOSTILE,
        };
        let page = run.to_html();
        assert_eq!(check::page(&page), [""; 0]);
        assert_eq!(page.contains("chosen: 50"), chosen.is_some());
        for id in ["error", "accuracy", "glossary"] {
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn the_precision_law_stands_alone() {
    let (entries, outcome) = outcome();
    let run = Verification {
        entries: &entries,
        outcome: &outcome,
        portraits: &[],
        scaffold_threshold: 0.1,
        replay: "",
        given: false,
    };
    let svg = run.law_to_svg().unwrap().unwrap();
    // For a paper: its size in points, a title, a legend, and no letter below 9 pt.
    assert!(
        svg.starts_with("<svg viewBox=\"0 0 2420 "),
        "{}",
        &svg[..80]
    );
    assert!(svg.contains(" width=\"453.75pt\" "));
    for words in [
        ">The precision law: 2 exact statements and their controls</text>",
        ">statement</text>",
        ">control, a wrong version</text>",
    ] {
        assert!(svg.contains(words), "{words}");
    }
    let document = Document::parse(&svg).unwrap();
    assert_eq!(document.root_element().attribute("role"), Some("img"));
    assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("var(--blue)"));
    // One line for A1 and one for D2, one for each of their controls.
    let lawful = entries
        .iter()
        .filter(|entry| ["A1", "D2"].contains(&entry.id()));
    let controls: usize = lawful.map(|entry| entry.declaration.controls.len()).sum();
    let lines = document
        .descendants()
        .filter(|e| e.has_tag_name("polyline"));
    let lines = |ink: &str| {
        let wanted = format!("var(--{ink})");
        lines
            .clone()
            .filter(|l| l.attribute("stroke") == Some(&wanted))
            .count()
    };
    assert_eq!((lines("blue"), lines("orange")), (2, controls));
    let nothing = Outcome {
        seed: 1,
        sections: vec![],
        proved: vec![],
        coverage: Default::default(),
        seconds: 0.0,
    };
    let run = Verification {
        outcome: &nothing,
        ..run
    };
    assert!(run.law_to_svg().is_none());
}
