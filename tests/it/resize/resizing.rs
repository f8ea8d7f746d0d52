//! Removal, projection and the scaffold-buffer rule at their edges: what is refused, what is reported.

use crate::support;
use isotropic::{
    Error, Gain, Layer, Network,
    bound::rounding_units,
    linalg::{Matrix, Vector, singular_values},
    network::evaluate,
    resize::{
        LayerRank, Outgoing, Resized, ResizedOnData, Rule, adapt, compress, layer_rank, project,
        project_by, remove, truncate, truncate_on_data,
    },
    scalar::{Field, Rational},
};

/// A 2-3-1 network in whose hidden layer the singular values are 4, 1 and 0.
fn diagonal() -> Network<f64> {
    let layer = |weight: Matrix<f64>, psi: bool| {
        let rows = weight.nrows();
        Layer {
            weight,
            bias: Vector::from_fn(rows, |i, _| 0.5 * (i + 1) as f64),
            psi: psi.then(|| Vector::from_element(rows, 0.25)),
        }
    };
    let first = Matrix::from_row_slice(3, 2, &[4.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let last = Matrix::from_row_slice(1, 3, &[1.0, -2.0, 3.0]);
    Network::new(
        vec![layer(first, false), layer(last, true)],
        Gain::Tanh,
        Some(vec![0.75]),
    )
    .expect("valid")
}

/// The singular values of [W_l ψ_l] at or below the threshold, n_l of them counted.
fn small(network: &Network<f64>, l: usize, threshold: f64) -> usize {
    let sigma = singular_values(&network.layer(l).augmented()).expect("converges");
    let large = sigma.iter().filter(|sigma| **sigma > threshold).count();
    network.layer(l).width() - large
}

#[test]
fn a_removal_reports_both_sides_of_the_cut() {
    let (_, removal) = truncate(&diagonal(), 1, 1).expect("converges");
    assert_eq!((removal.from, removal.to), (3, 1));
    assert_eq!((removal.kept, removal.dropped), (4.0, 1.0));
    assert_eq!(removal.gap(), 3.0);
}

#[test]
fn the_bound_of_a_removal_is_the_product_of_its_three_factors() {
    let halved = diagonal().map(&|x| 0.5 * x).expect("finite");
    let (_, removal) = truncate(&halved, 1, 1).expect("converges");
    let factors = removal.lipschitz * removal.dropped;
    assert!(
        removal.lipschitz != 1.0 && removal.dropped == 0.5,
        "factors that can be seen"
    );
    assert_eq!(
        removal.bound(&0.375),
        factors * 0.375,
        "‖x‖ at the first layer"
    );
    let (_, exact) = truncate(&diagonal(), 1, 2).expect("converges");
    assert_eq!((exact.dropped, exact.bound(&0.375)), (0.0, 0.0));
    // The computed singular values of the 3×2 matrix, the largest 2, are known to 8 · 3 u · 2.
    assert_eq!(removal.uncertainty, 48.0 * f64::unit_roundoff());
    let rounding = removal.lipschitz * removal.uncertainty * 0.375;
    assert_eq!(removal.rounding(&0.375), rounding);
    let thrice = Resized {
        network: halved,
        removals: vec![removal.clone(), removal.clone(), removal],
    };
    assert_eq!(
        thrice.rounding(&0.375),
        rounding + rounding + rounding,
        "removals add"
    );
}

/// Four inputs on either side of a point: the z_1 of [`diagonal`] have mean b and deviations 8/√2 and 3/√2.
#[test]
fn a_removal_on_data_reports_deviations_about_the_mean() {
    let x = [[2.0, 0.0], [-2.0, 0.0], [0.0, 3.0], [0.0, -3.0]].concat();
    let mut data = Matrix::from_vec(2, 4, x);
    data.row_mut(0).iter_mut().for_each(|x| *x += 5.0);
    let (cut, removal) = truncate_on_data(&diagonal(), 1, 1, &data).expect("data");
    let (large, small) = (8.0 / 2f64.sqrt(), 3.0 / 2f64.sqrt());
    // Singular values are known to some u (m + n) σ₁, and the entries, of size 28, are rounded before.
    let rounding = 16.0 * 28.0 * f64::unit_roundoff();
    let spread = (large * large + small * small).sqrt();
    for (found, expected) in [
        (removal.kept, large),
        (removal.dropped, small),
        (removal.spread, spread),
    ] {
        assert!((found - expected).abs() <= rounding, "{found}, {expected}");
    }
    assert!(removal.lipschitz != 1.0 && removal.dropped != 1.0);
    assert_eq!(removal.rms_bound(), removal.lipschitz * removal.dropped);
    let whole = ResizedOnData {
        network: cut.clone(),
        removals: vec![removal.clone(), removal.clone(), removal.clone()],
    };
    let one = removal.rms_bound();
    assert_eq!(whole.rms_bound(), one + one + one, "removals add");
    // Held at the mean: z_2 = 1 and z_3 = 1.5, which leave their squares with o_1.
    let absorbed = cut.length_squared(1) - (0.75 + 1.0 + 2.25);
    assert!(absorbed.abs() <= 28.0 * rounding, "{absorbed}");
}

#[test]
fn a_rule_changes_what_its_name_says() {
    let exact = |x: f64| Rational::from_f64(x);
    let network = diagonal().map(&|x| exact(*x)).expect("finite");
    // Neuron 2 goes; its bias is 1, its outgoing weight -2.
    let basis = Matrix::from_fn(3, 2, |i, j| exact(f64::from(u8::from(i == 2 * j))));
    for (rule, name, o, psi, bias) in [
        (Rule::Neither, "neither", 0.75, 0.25, 0.5),
        (Rule::LengthOnly, "o only", 1.75, 0.25, 0.5),
        (Rule::PsiOnly, "ψ only", 0.75, -1.75, 0.5),
        (Rule::Both, "both", 1.75, -1.75, 0.5),
        (
            Rule::Expectation,
            "expectation",
            1.75,
            0.25,
            0.5 - 2.0 * 0.125,
        ),
    ] {
        let cut = project_by(&network, 1, &basis, rule, &exact(0.125)).expect("fits");
        let last = cut.layer(2);
        let found = [
            &cut.length_squared(1),
            &last.psi.as_ref().expect("ψ")[0],
            &last.bias[0],
        ]
        .map(Field::to_f64);
        assert_eq!(found, [o, psi, bias], "{name}");
        assert_eq!(rule.name(), name);
        assert_eq!(cut.layer(1).width(), 2);
    }
    assert_eq!(
        Rule::ALL.map(Rule::name),
        ["neither", "o only", "ψ only", "both", "expectation"]
    );
}

#[test]
fn the_rank_of_a_layer_weighs_psi_with_the_gain_that_reaches_it() {
    // [W_2 ψ_2] = [0 3]: with o_1 = 15 the gain 1/(1+r) is at most 1/16, with the o_2 and o_3 of others not.
    let layer = |rows: usize, columns: usize, psi: Option<f64>| Layer {
        weight: Matrix::zeros(rows, columns),
        bias: Vector::zeros(rows),
        psi: psi.map(|psi| Vector::from_element(rows, psi)),
    };
    let layers = vec![
        layer(2, 2, None),
        layer(1, 2, Some(3.0)),
        layer(1, 1, Some(1.0)),
        layer(1, 1, Some(1.0)),
    ];
    let lengths = Some(vec![15.0, 3.0, 1.0]);
    let network = Network::new(layers, Gain::Rational, lengths).expect("valid");
    let found = layer_rank(&network, 2).expect("converges");
    assert_eq!(
        (found.rank, found.kept, found.dropped),
        (1, 3.0 / 16.0, 0.0)
    );
    assert_eq!(found.width(), 1);
    let none = layer_rank(&network, 1).expect("converges");
    assert_eq!(
        (none.rank, none.width()),
        (0, 1),
        "a layer keeps one neuron"
    );
    let several = LayerRank {
        rank: 3,
        kept: 1.0,
        dropped: 0.0,
    };
    assert_eq!(several.width(), 3);
}

#[test]
fn compression_widens_what_reaches_a_layer_by_the_scaled_psi() {
    // Layer 2 repeats its neurons: rank 2 of 4. Its factor is that of a truncation, plus 1.
    let network = support::network::<f64>(&[2, 3, 4, 1], Gain::Tanh, 8);
    let mut layers = network.layers().to_vec();
    let (head, tail) = (layers[1].weight.rows(0, 2).into_owned(), 2);
    layers[1].weight.rows_mut(tail, 2).copy_from(&head);
    if let Some(psi) = &mut layers[1].psi {
        (psi[2], psi[3]) = (psi[0], psi[1]);
    }
    let lengths = network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect();
    let network = Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid");
    let compressed = compress(&network).expect("converges");
    let removal = compressed
        .removals
        .iter()
        .find(|removal| removal.layer == 2)
        .expect("rank 2");
    // Layer 1 is cut from 3 to 2 before; what reaches layer 2 is bounded alike.
    assert_eq!((removal.from, removal.to), (4, 2));
    let (_, plain) = truncate(&network, 2, 2).expect("converges");
    let (reached, uniform) = (removal.reach.uniform, plain.reach.uniform.expect("tanh"));
    assert_eq!(reached, Some(uniform + 1.0));
    assert!(uniform > 1.0);
}

#[test]
fn removal_needs_a_neuron_that_exists_and_may_go() {
    let network = diagonal();
    for neuron in [0, 4] {
        let error = remove(&network, 1, neuron).expect_err("no such neuron");
        assert!(
            matches!(error, Error::NoSuchNeuron { layer: 1, .. }),
            "{error}"
        );
        assert!(
            error.to_string().contains("its neurons are 1 to 3"),
            "{error}"
        );
    }
    let narrow = support::network::<f64>(&[2, 1, 1], Gain::Tanh, 3);
    let error = remove(&narrow, 1, 1).expect_err("the last neuron");
    assert!(
        error.to_string().contains("keeps at least one neuron"),
        "{error}"
    );
    let removed = remove(&network, 1, 3).expect("a zero row");
    assert_eq!(removed.length_squared(1), 0.75 + 1.5 * 1.5);
    assert_eq!(
        removed.layer(2).psi.as_ref().map(|psi| psi[0]),
        Some(0.25 + 3.0 * 1.5)
    );
    // Where no ψ is stored it is 0, and the bias still has to go somewhere.
    let mut layers = network.layers().to_vec();
    layers[1].psi = None;
    let plain = Network::new(layers, Gain::Tanh, None).expect("valid");
    let removed = remove(&plain, 1, 3).expect("a zero row");
    assert_eq!(removed.length_squared(1), 1.5 * 1.5);
    assert_eq!(
        removed.layer(2).psi.as_ref().map(|psi| psi[0]),
        Some(3.0 * 1.5)
    );
}

#[test]
fn a_psi_entry_keeps_a_neuron_from_being_constant() {
    let network = support::network::<f64>(&[2, 3, 3, 1], Gain::Tanh, 3);
    let mut layers = network.layers().to_vec();
    layers[1].weight.row_mut(2).fill(0.0);
    let network = Network::new(layers, Gain::Tanh, None).expect("valid");
    let error = remove(&network, 2, 3).expect_err("ψ is not 0").to_string();
    assert!(
        error.contains("hidden layer 2, neuron 3: its ψ entry is"),
        "{error}"
    );
}

#[test]
fn a_basis_must_fit() {
    let network = diagonal();
    for (rows, columns) in [(2, 1), (4, 1), (3, 0), (3, 4)] {
        let error = project(&network, 1, &Matrix::zeros(rows, columns)).expect_err("does not fit");
        let expected = format!("{rows}×{columns} entries, expected 3 rows and 1 to 3 columns");
        assert!(error.to_string().contains(&expected), "{error}");
    }
    let square = project(&network, 1, &Matrix::identity(3, 3)).expect("fits");
    assert_eq!(square, network);
}

#[test]
fn the_scaffold_rule_reaches_its_buffer_in_one_pass_and_stays() {
    let (x, threshold) = ([0.5, -1.25], 0.5);
    let network = diagonal();
    for buffer in [0, 1, 2, 5] {
        let mut rng = support::rng(7);
        let adapted =
            adapt(&network, &threshold, buffer, Outgoing::Random, &mut rng).expect("converges");
        assert_eq!(small(&adapted.network, 1, threshold), buffer);
        assert_eq!(adapted.network.layer(1).width(), 2 + buffer);
        assert_eq!(adapted.removals.len(), usize::from(buffer == 0));
        // The dropped singular value is 0: neither growing nor shrinking changes the function.
        let apart = support::distance(
            evaluate(&network, &x).expect("finite").as_slice(),
            evaluate(&adapted.network, &x).expect("finite").as_slice(),
        );
        // A rotated layer of n neurons is known to 4n u.
        let units = rounding_units(&network, &x, &vec![]).expect("finite")
            + rounding_units(&adapted.network, &x, &vec![12.0, 12.0]).expect("finite");
        assert!(apart <= units * f64::unit_roundoff(), "{apart}");
        let again = adapt(
            &adapted.network,
            &threshold,
            buffer,
            Outgoing::Random,
            &mut rng,
        )
        .expect("converges");
        assert_eq!(again.network, adapted.network);
    }
}

#[test]
fn a_value_at_the_threshold_is_small_and_one_neuron_stays() {
    let mut rng = support::rng(7);
    let network = diagonal();
    let at = adapt(&network, &1.0, 1, Outgoing::Zero, &mut rng).expect("converges");
    assert_eq!(
        at.network.layer(1).width(),
        2,
        "σ = 1 counts as small, σ = 4 does not"
    );
    let all = adapt(&network, &4.0, 0, Outgoing::Zero, &mut rng).expect("converges");
    assert_eq!(all.network.layer(1).width(), 1);
    for threshold in [-1.0, f64::NAN, f64::INFINITY] {
        let error = adapt(&network, &threshold, 1, Outgoing::Zero, &mut rng).expect_err("refused");
        assert!(
            error.to_string().contains("finite and not negative"),
            "{error}"
        );
    }
}

#[test]
fn new_columns_are_of_unit_size_over_the_new_width() {
    // 4000 normal entries of variance 1/n: their mean square is within 5 standard errors, 5 √(2/4000) = 11 %.
    let network = support::network::<f64>(&[2, 3, 20], Gain::Tanh, 5);
    let mut rng = support::rng(11);
    let adapted = adapt(&network, &0.0, 200, Outgoing::Random, &mut rng).expect("converges");
    let width = adapted.network.layer(1).width();
    let columns = adapted
        .network
        .layer(2)
        .weight
        .columns(3, width - 3)
        .into_owned();
    let mean_square = columns.iter().map(|w| w * w).sum::<f64>() / columns.len() as f64;
    assert!(
        (mean_square * width as f64 - 1.0).abs() < 0.12,
        "{mean_square}"
    );
}
