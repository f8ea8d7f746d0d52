//! Labels and margins that are certified, and measures against their definitions.

use super::*;

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
