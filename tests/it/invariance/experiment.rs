//! The invariance experiment on the trained networks, and what its verdicts need.

mod labels;

use crate::support;
use isotropic::{
    Gain, Network,
    invariance::{self, Cell, Finding, Invariance, Plan, Row},
    io::{inputs::Inputs, shipped},
    judge::Verdict,
    linalg::{Matrix, Vector, svd},
    network::{evaluate_batch, trace},
    resize::{Rule, grow_with_bias, project_by},
    scalar::{Field, Interval, Mp, Real},
    statement::Magnitude,
};

/// The wide trained network and some of its test images.
fn wide<S: Real>(images: usize) -> (Network<S>, Inputs<S>) {
    let stored = shipped::networks().unwrap().pop().unwrap();
    let inputs = shipped::test_digits().unwrap().rows(0..images);
    (stored.network().unwrap(), inputs)
}

fn plan(hidden: &[usize], changes: &[i64]) -> Plan {
    Plan {
        hidden: hidden.to_vec(),
        changes: changes.to_vec(),
        rules: Rule::ALL.to_vec(),
        seed: 1,
    }
}

fn row(found: &Invariance, layer: usize, change: i64) -> &Row {
    let table = found.tables.iter().find(|table| table.layer == layer);
    let mut rows = table.unwrap().rows.iter();
    rows.find(|row| row.change == change).unwrap()
}

fn cell(row: &Row, rule: Rule) -> &Cell {
    row.cells.iter().find(|cell| cell.rule == rule).unwrap()
}

#[test]
fn removing_null_directions_is_exact_by_the_rule_both_and_by_no_other() {
    let (network, inputs) = wide::<f64>(40);
    let found = invariance::run(&network, &inputs, &plan(&[1], &[-50, 0, 7])).unwrap();
    assert_eq!(found.verdict(), Verdict::Verified);

    // 128 neurons on 64 inputs: 64 directions are null, and their biases are not.
    let removal = row(&found, 1, -50);
    let both = cell(removal, Rule::Both);
    assert!(both.largest.to_f64() < 1e-12, "{:e}", both.largest.to_f64());
    for rule in Rule::ALL.into_iter().filter(|rule| *rule != Rule::Both) {
        let wrong = cell(removal, rule);
        assert!(
            wrong.epsilon.to_f64() > 1e-3,
            "{rule:?}: {:e}",
            wrong.epsilon.to_f64()
        );
        // The bound of the right rule does not hold for the wrong ones: theirs needs what they forget.
        assert!(wrong.largest > both.bound, "{rule:?}");
        assert!(wrong.ratio > Magnitude::from_f64(0.1), "{rule:?}: vacuous");
    }

    // Growth changes no bit, and is allowed to change none.
    for cell in &row(&found, 1, 7).cells {
        assert_eq!((cell.largest.to_f64(), cell.bound.to_f64()), (0.0, 0.0));
    }
    // A rotation alone: roundings, and not nothing.
    let rotated = cell(row(&found, 1, 0), Rule::Both);
    assert!(rotated.largest.to_f64() > 0.0 && rotated.largest.to_f64() < 1e-12);
}

#[test]
fn roundings_shrink_with_the_precision_and_what_a_rule_forgets_does_not() {
    let (network, inputs) = wide::<Mp<256>>(3);
    let found = invariance::run(&network, &inputs, &plan(&[1], &[-5])).unwrap();
    assert_eq!(found.verdict(), Verdict::Verified);
    let removal = row(&found, 1, -5);
    let both = cell(removal, Rule::Both).largest.to_f64();
    assert!(both > 0.0 && both < 1e-72, "{both:e}");
    let psi_alone = cell(removal, Rule::PsiOnly).largest.to_f64();
    assert!(psi_alone > 1e-5, "{psi_alone:e}");
}

#[test]
fn without_psi_the_error_is_the_gain_times_what_was_dropped() {
    // One hidden layer: z' - z = γ W₂ b_⊥ exactly where the dropped rows are zero (D2).
    let network = support::network::<f64>(&[3, 6, 2], Gain::Tanh, 5);
    let network = grow_with_bias(
        &network,
        1,
        &0.1,
        &Matrix::from_column_slice(2, 1, &[0.5, -0.25]),
    )
    .unwrap();
    let x = [0.3, -0.7, 0.2];
    let basis = Matrix::from_fn(7, 6, |i, j| f64::from(u8::from(i == j)));
    let change = |rule| {
        let changed = project_by(&network, 1, &basis, rule, &0.0).unwrap();
        let (before, after) = (trace(&network, &x).unwrap(), trace(&changed, &x).unwrap());
        (
            support::distance(before.output(), after.output()),
            before.gains[0],
        )
    };
    let (error, gain) = change(Rule::LengthOnly);
    let expected = gain * 0.1 * 0.5f64.hypot(0.25);
    assert!((error - expected).abs() < 1e-15, "{error} {expected}");
    assert!(change(Rule::Both).0 < 1e-15);
    assert!(change(Rule::PsiOnly).0 > 1e-5);
}

#[test]
fn accuracy_counts_labels_and_rows_that_do_not_fit_are_left_out() {
    let (network, inputs) = wide::<f64>(360);
    let found = invariance::run(&network, &inputs, &plan(&[2], &[-95, -96, -1000, 0])).unwrap();
    assert_eq!(found.right, Some(324));
    let changes: Vec<i64> = found.tables[0].rows.iter().map(|row| row.change).collect();
    assert_eq!(changes, [-95, 0]);
    let removal = cell(row(&found, 2, -95), Rule::Both);
    let change = found.accuracy_change(removal).unwrap();
    assert!(
        change < -0.5,
        "one neuron of 96 cannot tell ten digits apart: {change}"
    );

    let mut unlabelled = inputs.rows(0..2);
    unlabelled.labels = None;
    let found = invariance::run(&network, &unlabelled, &plan(&[2], &[-1])).unwrap();
    assert_eq!(
        found.accuracy_change(&found.tables[0].rows[0].cells[0]),
        None
    );
    let text = invariance::to_text(&found);
    let line = text
        .lines()
        .find(|line| line.contains("Δaccuracy"))
        .unwrap();
    assert_eq!(line.matches(" -").count(), 5, "{line}");
}

/// D11a: no rule is below what no network with so few neurons is below; nothing is known of other layers, and of p ≥ n_L - 1.
#[test]
fn no_rule_is_below_the_floor() {
    let (network, inputs) = wide::<f64>(60);
    let changes = [-1, -87, -88, -90, -94];
    let found = invariance::run(&network, &inputs, &plan(&[1, 2], &changes)).unwrap();
    for change in changes {
        assert_eq!(row(&found, 1, change).floor, 0.0);
        let row = row(&found, 2, change);
        // 96 - 87 neurons are left, n_L - 1.
        assert_eq!(row.floor > 0.0, change < -87, "{change}: {}", row.floor);
        for cell in &row.cells {
            assert!(cell.largest >= Magnitude::from_f64(row.floor), "{change}");
        }
    }
    // It speaks of the last hidden layer alone, however few are left elsewhere.
    let elsewhere = invariance::run(&network, &inputs, &plan(&[1], &[-125])).unwrap();
    assert_eq!(row(&elsewhere, 1, -125).floor, 0.0);
    let (most, least) = (row(&found, 2, -94).floor, row(&found, 2, -88).floor);
    assert!(most > least, "{most} {least}");
    // Not vacuous, and no floor is higher: outputs that 2 neurons can have, 3 directions about their mean, attain it.
    let y = evaluate_batch(&network, &inputs.x).unwrap();
    let mean = y.column_mean();
    let mut centred = y.clone();
    centred.column_iter_mut().for_each(|mut y| y -= &mean);
    let leading = svd(&centred).unwrap().u.columns(0, 3).into_owned();
    let apart = (&leading * leading.transpose() * &centred - &centred).norm() / 60f64.sqrt();
    // A certified σ is lower than the σ of these outputs by the width of their enclosures, and by how far U Σ Vᵀ is from them and
    // U and V from orthonormal, 8 (n + m) u of √10 σ₁ at most each (`tests/it/linalg/svd.rs`); a sum of squares of 7 of them by √7 as much.
    // The mean, here and there, takes m + 2 roundings.
    let enclosed = network.map(&|x| Interval::point(*x)).unwrap();
    let enclosed = evaluate_batch(&enclosed, &inputs.x.map(Interval::point)).unwrap();
    let width = enclosed.map(|y| y.hi() - y.lo()).norm();
    let u = f64::EPSILON / 2.0;
    let of_values = 3.0 * 8.0 * (10.0 + 60.0) * 10f64.sqrt() * u * y.norm();
    let of_means = 2.0 * 62.0 * u * y.norm();
    let rounding = (7f64.sqrt() * (width + of_values) + of_means) / 60f64.sqrt();
    assert!(
        most <= apart && apart - most <= rounding,
        "{most} {apart} {rounding}"
    );
    let text = invariance::to_text(&found);
    assert!(text.contains("; no network with 2 neurons there is off by less than "));
}

#[test]
fn a_verdict_needs_finite_evidence() {
    let (network, inputs) = wide::<f64>(2);
    let found = invariance::run(&network, &inputs, &plan(&[1], &[-70])).unwrap();
    let good = &found.tables[0].rows[0].cells[3];
    assert_eq!(good.verdict(), Verdict::Verified);
    let spoilt = |spoil: fn(&mut Cell)| {
        let mut found = found.clone();
        spoil(&mut found.tables[0].rows[0].cells[3]);
        found.verdict()
    };
    let nan = Magnitude::from_f64(f64::NAN);
    assert!(nan.as_float().is_nan());
    assert_eq!(
        spoilt(|cell| cell.ratio = Magnitude::from_f64(1.001)),
        Verdict::Refuted
    );
    assert_eq!(
        spoilt(|cell| cell.ratio = Magnitude::from_f64(f64::NAN)),
        Verdict::Unknown
    );
    assert_eq!(
        spoilt(|cell| cell.bound = Magnitude::from_f64(f64::INFINITY)),
        Verdict::Unknown
    );
    assert_eq!(
        spoilt(|cell| cell.largest = Magnitude::from_f64(f64::NAN)),
        Verdict::Unknown
    );
    let empty = invariance::run(&network, &inputs, &plan(&[1], &[-500])).unwrap();
    assert_eq!(empty.verdict(), Verdict::Unknown);
    assert_eq!(empty.tables[0].rows.len(), 0);
}

#[test]
fn every_format_has_every_cell() {
    let (network, inputs) = wide::<f64>(2);
    let found = invariance::run(&network, &inputs, &plan(&[1, 2], &[2, 0, -3])).unwrap();
    let cells = 2 * 3 * 5;
    let csv = invariance::to_csv(&found);
    let mut lines = csv.lines();
    let columns = lines.next().unwrap().split(',').count();
    assert!(
        lines.clone().all(|line| line.split(',').count() == columns),
        "{csv}"
    );
    assert_eq!(lines.count(), cells);
    let json = invariance::to_json(&found);
    assert_eq!(json["cells"].as_array().unwrap().len(), cells);
    assert_eq!(json["verdict"], "verified");
    let latex = invariance::to_latex(&found);
    assert_eq!(latex.matches("\\begin{tabular}").count(), 2);
    assert_eq!(latex.matches("\\end{tabular}").count(), 2);
    let bodies = latex.lines().filter(|line| line.ends_with("\\\\"));
    for line in bodies {
        assert_eq!(line.matches('&').count(), 6, "{line}");
        assert_eq!(line.matches('$').count() % 2, 0, "{line}");
    }
    let text = invariance::to_text(&found);
    // A row for each change of each layer, and the legend.
    assert_eq!(text.matches("measured / bound").count(), 6 + 1, "{text}");
}

/// Whoever has only the text can look up every word in it.
#[test]
fn every_row_that_is_printed_is_in_the_legend() {
    let (network, inputs) = wide::<f64>(2);
    let found = invariance::run(&network, &inputs, &plan(&[1], &[1, -1])).unwrap();
    let text = invariance::to_text(&found);
    let (tables, legend) = text
        .split_once("\n\n")
        .unwrap()
        .1
        .split_once("\n\n")
        .unwrap();
    let explained = |name: &str| {
        let line = |line: &&str| line.starts_with(&format!("{name}: "));
        let meaning = legend
            .lines()
            .find(line)
            .map(|line| &line[name.len() + 2..]);
        meaning.is_some_and(|meaning| meaning.split(' ').count() > 3)
    };
    let mut names = vec!["neurons".to_string(), "columns".into(), "Σσ removed".into()];
    // The heading, the finding and the names of the columns come first.
    for line in tables.lines().skip(3) {
        // Seven columns of the change, two spaces, eighteen of the name.
        let name: String = line.chars().skip(9).take(18).collect();
        if !name.contains("Σσ removed") {
            names.push(name.trim().to_string());
        }
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 3 + 8, "{names:?}");
    for name in names {
        assert!(explained(&name), "{name} in {legend}");
    }
    for rule in Rule::ALL {
        assert!(legend.contains(rule.name()), "{}", rule.name());
    }
}

#[test]
fn the_finding_says_where_the_cliff_is() {
    let (network, inputs) = wide::<f64>(6);
    // 64 inputs: the ceiling of layer 1, whatever its 128 neurons.
    let ends = invariance::ends_of_free(&network, &[1, 2]).unwrap();
    assert_eq!(ends[..2], [-64, -65]);
    let changes: Vec<i64> = [&[-1, -90][..], &ends].concat();
    let found = invariance::run(&network, &inputs, &plan(&[1], &changes)).unwrap();
    let finding = Finding::of(&found, &found.tables[0]);
    assert_eq!((finding.layer, finding.width, finding.free), (1, 128, 64));
    // The last free one costs rounding, and the next is a cliff.
    let last = cell(row(&found, 1, -64), Rule::Both).largest.to_f64();
    let next = finding.next.as_ref().unwrap().to_f64();
    assert!(last < 1e-11 && next > 1e3 * last, "{last:e} and {next:e}");
    assert_eq!(
        finding.next.as_ref(),
        Some(&cell(row(&found, 1, -65), Rule::Both).largest)
    );
    let sentence = finding.sentence();
    assert!(
        sentence.starts_with("64 of 128 neurons of layer 1 are free; the next costs "),
        "{sentence}"
    );
    // Accuracy holds as far as no measured removal changes the count.
    let right = |change| cell(row(&found, 1, change), Rule::Both).right;
    let mut width = 128;
    for removed in [1, 64, 65, 90] {
        if !changes.contains(&-removed) || right(-removed) != found.right {
            break;
        }
        width = 128 - removed as usize;
    }
    assert!(finding.accurate.unwrap() <= width, "{finding:?}");
    assert!(invariance::to_text(&found).contains(&sentence));
    // Nothing measured, nothing said.
    let none = invariance::run(&network, &inputs, &plan(&[1], &[-1])).unwrap();
    assert_eq!(Finding::of(&none, &none.tables[0]).next, None);
}
