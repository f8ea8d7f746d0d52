//! The invariance experiment on the trained networks, and what its verdicts need.

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

/// argmax, and how far it is above the others in `image`.
fn label_and_margin(y: &[f64], image: &[f64]) -> (bool, f64) {
    let of = |y: &[f64]| (0..y.len()).fold(0, |best, j| if y[j] > y[best] { j } else { best });
    let label = of(y);
    let others = (0..image.len()).filter(|j| *j != label).map(|j| image[j]);
    let margin = image[label] - others.fold(f64::NEG_INFINITY, f64::max);
    (of(image) == label, margin)
}

fn softmax(y: &[f64]) -> Vec<f64> {
    let total: f64 = y.iter().map(|y| y.exp()).sum();
    y.iter().map(|y| y.exp() / total).collect()
}

/// Every measure computed again, from its definition and the outputs.
#[test]
fn every_measure_is_that_of_the_outputs() {
    let network = support::network::<f64>(&[64, 6, 10], Gain::Tanh, 3);
    let inputs: Inputs<f64> = shipped::test_digits().unwrap().rows(0..30);
    let found = invariance::run(&network, &inputs, &plan(&[1], &[2, 0, -2])).unwrap();
    let points: Vec<Vec<f64>> = inputs
        .x
        .column_iter()
        .map(|x| x.iter().copied().collect())
        .collect();
    let traces: Vec<_> = points.iter().map(|x| trace(&network, x).unwrap()).collect();
    let mean = traces.iter().map(|t| t.gains[0]).sum::<f64>() / 30.0;
    let basis = svd(&network.layer(1).augmented())
        .unwrap()
        .u_complete()
        .columns(0, 4)
        .into_owned();
    let close = |found: f64, expected: f64| {
        assert!(
            (found - expected).abs() <= 2f64.powi(-30) * expected.abs(),
            "{found} {expected}"
        );
    };
    for rule in Rule::ALL {
        let changed = project_by(&network, 1, &basis, rule, &mean).unwrap();
        let (mut epsilon, mut kl, mut largest, mut right) = (0.0, 0.0, 0f64, 0);
        let (mut unchanged, mut least) = (0, f64::INFINITY);
        for (j, (x, before)) in points.iter().zip(&traces).enumerate() {
            let y = before.output();
            let image = trace(&changed, x).unwrap().output().to_vec();
            let apart = support::distance(y, &image);
            epsilon += 100.0 / 30.0 * apart / support::distance(y, &[0.0; 10]);
            let (p, q) = (softmax(y), softmax(&image));
            kl += p.iter().zip(&q).map(|(p, q)| p * (p / q).ln()).sum::<f64>() / 30.0;
            largest = largest.max(apart);
            let (same, margin) = label_and_margin(y, &image);
            unchanged += usize::from(same);
            least = least.min(margin);
            let label = inputs.labels.as_ref().unwrap()[j];
            let above = |k: usize| k == label || image[k] < image[label];
            right += usize::from((0..10).all(above));
        }
        let removal = row(&found, 1, -2);
        let cell = cell(removal, rule);
        close(cell.epsilon.to_f64(), epsilon);
        close(cell.divergence.to_f64(), kl);
        close(cell.largest.to_f64(), largest);
        close(cell.margin.as_ref().unwrap().to_f64(), least);
        assert_eq!((cell.right, cell.unchanged), (Some(right), Some(unchanged)));
        assert!(cell.bound >= cell.largest && cell.ratio.to_f64() <= 1.0);
        let sigma = svd(&network.layer(1).augmented()).unwrap().sigma;
        close(removal.removed.to_f64(), sigma[4] + sigma[5]);
        // Neurons that do nothing, and a rotation: the labels and the margins are those of the network itself.
        let own = traces
            .iter()
            .map(|t| label_and_margin(t.output(), t.output()).1);
        let own = own.fold(f64::INFINITY, f64::min);
        for change in [2, 0] {
            let cell = self::cell(row(&found, 1, change), rule);
            assert_eq!(cell.unchanged, Some(30));
            close(cell.margin.as_ref().unwrap().to_f64(), own);
        }
    }
}

/// Two outputs have labels, and margins between them.
#[test]
fn two_outputs_have_a_label() {
    let network = support::network::<f64>(&[64, 4, 2], Gain::Tanh, 3);
    let mut inputs: Inputs<f64> = shipped::test_digits().unwrap().rows(0..3);
    inputs.labels = None;
    let found = invariance::run(&network, &inputs, &plan(&[1], &[0, -1])).unwrap();
    let unchanged = |change: i64| row(&found, 1, change).cells[0].unchanged;
    assert!(unchanged(0).is_some() && found.tables[0].rows.len() == 2);
}

/// One output has no label, and none is counted.
#[test]
fn one_output_has_no_label() {
    let network = support::network::<f64>(&[64, 4, 1], Gain::Tanh, 3);
    let mut inputs: Inputs<f64> = shipped::test_digits().unwrap().rows(0..3);
    inputs.labels = None;
    let found = invariance::run(&network, &inputs, &plan(&[1], &[-1])).unwrap();
    let cell = &found.tables[0].rows[0].cells[0];
    assert_eq!(
        (cell.unchanged, cell.right, cell.margin.is_none()),
        (None, None, true)
    );
}

/// A margin is a lower bound: where nothing changes it is not above that of the outputs as they were computed.
#[test]
fn a_margin_is_rounded_down() {
    for seed in 0..20 {
        let network = support::network::<f64>(&[3, 5, 4, 3], Gain::Tanh, seed);
        let x = support::input::<f64>(3, seed);
        let y = isotropic::network::evaluate(&network, &x).unwrap();
        let inputs = Inputs::of(Matrix::from_column_slice(3, 1, &x), None);
        let found = invariance::run(&network, &inputs, &plan(&[1], &[2])).unwrap();
        let cell = cell(row(&found, 1, 2), Rule::Both);
        let exact: Vec<_> = y.iter().map(|y| y.to_rational().unwrap()).collect();
        let label = (0..3).max_by(|a, b| exact[*a].cmp(&exact[*b])).unwrap();
        let others = (0..3).filter(|j| *j != label);
        let margin = others
            .map(|j| exact[label].clone() - &exact[j])
            .min()
            .unwrap();
        let certified = cell.margin.as_ref().unwrap().to_rational().unwrap();
        assert!(certified < margin, "{certified} is not below {margin}");
        assert!(margin.to_f64() - certified.to_f64() < 1e-12);
    }
}

#[test]
fn a_tie_is_no_certain_label() {
    let plain = support::network::<f64>(&[3, 5, 4], Gain::Tanh, 1);
    let mut layers = plain.layers().to_vec();
    let last = layers[1].clone();
    // Outputs 0 and 1 are the same, and so are 2 and 3.
    let twice = |v: &Vector<f64>| Vector::from_fn(4, |i, _| v[i / 2]);
    layers[1].weight = Matrix::from_fn(4, 5, |i, j| last.weight[(i / 2, j)]);
    layers[1].bias = twice(&last.bias);
    layers[1].psi = last.psi.as_ref().map(twice);
    let network = Network::new(layers, Gain::Tanh, Some(vec![plain.length_squared(1)])).unwrap();
    let inputs = Inputs::of(
        Matrix::from_column_slice(3, 1, &support::input::<f64>(3, 1)),
        None,
    );
    let found = invariance::run(&network, &inputs, &plan(&[1], &[-1, 0, 1])).unwrap();
    for change in [-1, 0, 1] {
        for cell in &row(&found, 1, change).cells {
            assert_eq!((cell.unchanged, &cell.margin), (Some(0), &None), "{change}");
        }
    }
}

/// Small states: g(o + m²) of 1/(1+r) is 1 all but for 10⁻⁶, and the bound is what was dropped.
#[test]
fn a_bound_at_small_states_is_what_was_dropped() {
    let layer = |diagonal: [f64; 2]| isotropic::Layer {
        weight: Matrix::from_diagonal(&Vector::from_row_slice(&diagonal)),
        bias: Vector::zeros(2),
        psi: None,
    };
    let layers = vec![layer([1.0, 0.5]), layer([1.0, 1.0])];
    let network = Network::new(layers, Gain::Rational, Some(vec![0.0])).unwrap();
    let inputs = Inputs::of(Matrix::from_column_slice(2, 1, &[1e-3, 1e-3]), None);
    let found = invariance::run(&network, &inputs, &plan(&[1], &[-1])).unwrap();
    let cell = cell(row(&found, 1, -1), Rule::Both);
    let ratio = cell.ratio.to_f64();
    assert!(ratio > 0.9999 && ratio <= 1.0, "{ratio}");
}

/// Evaluated in 64 bits, enclosed in 256: the bound of a rotation is its roundings and nothing else.
#[test]
fn the_roundings_of_both_evaluations_are_in_the_bound() {
    for seed in 0..5 {
        let network = support::network::<Mp<64>>(&[3, 5, 4, 3], Gain::Tanh, seed);
        let x = support::input::<Mp<64>>(3, seed);
        let inputs = Inputs::of(Matrix::from_column_slice(3, 1, &x), None);
        let found = invariance::run(&network, &inputs, &plan(&[1, 2], &[0])).unwrap();
        assert_eq!(found.verdict(), Verdict::Verified);
        let bound = cell(row(&found, 1, 0), Rule::Both).bound.to_f64();
        assert!(bound > 0.0 && bound < 1e-16, "{bound:e}");
    }
}
