//! Comparison up to gauge where it is hard: what nothing reaches, weak directions, small differences.

use crate::support;
use isotropic::{
    Layer, Network, Scalar,
    gauge::{Comparison, Gauge, compare, diagonalise, locate, rotate},
    io::shipped,
    network::Gain,
    scalar::{Field, Mp},
};

type Wide = Mp<256>;

fn rotated<S: Scalar>(network: &Network<S>, seed: u64) -> Network<S> {
    let mut rng = support::rng(seed);
    network.hidden().fold(network.clone(), |network, l| {
        let r = S::orthogonal(network.layer(l).width(), &mut rng);
        rotate(&network, l, &r).expect("orthogonal")
    })
}

fn held(a: &Network<f64>, b: &Network<f64>) -> Comparison<Wide> {
    compare(
        &a.cast::<Wide>().expect("exact"),
        &b.cast::<Wide>().expect("exact"),
    )
    .expect("the SVD converges")
}

/// u of the arithmetic the networks are stored in.
fn u() -> Wide {
    Wide::from_f64(f64::unit_roundoff())
}

#[test]
fn rotated_networks_agree_whatever_their_ranks() {
    for (widths, seed) in [
        (vec![2, 6, 5, 2], 1),
        (vec![3, 20, 25, 30, 4], 2),
        (vec![1, 5, 5, 5, 1], 3),
        (vec![5, 4, 3, 2], 4),
        (vec![4, 3], 5),
    ] {
        let network = support::network::<f64>(&widths, Gain::Tanh, seed);
        let comparison = held(&network, &rotated(&network, seed + 100));
        assert!(
            comparison.agrees(&u()),
            "{widths:?}: {:?}",
            comparison.parting(&u())
        );
    }
}

#[test]
fn every_gauge_of_a_trained_network_agrees_with_it() {
    let network: Network<f64> = shipped::networks().expect("shipped")[0]
        .network()
        .expect("f64");
    for gauge in [
        Gauge::Left,
        Gauge::Full,
        Gauge::Alternate,
        Gauge::Triangular,
    ] {
        let image = diagonalise(&network, gauge, &[]).expect("the SVD converges");
        let comparison = held(&network, &image);
        assert!(
            comparison.agrees(&u()),
            "{gauge:?}: {:?}",
            comparison.parting(&u())
        );
    }
}

#[test]
fn weak_directions_do_not_mislead() {
    // A direction of layer 1 with σ = 1e-6 and one with 1e-12.
    let mut layers = support::network::<f64>(&[3, 3, 3, 2], Gain::Tanh, 8)
        .layers()
        .to_vec();
    for j in 0..3 {
        layers[0].weight[(1, j)] *= 1e-6;
        layers[0].weight[(2, j)] *= 1e-12;
    }
    layers[0].bias[1] *= 1e-6;
    layers[0].bias[2] *= 1e-12;
    let network = Network::new(layers, Gain::Tanh, None).expect("valid");
    let comparison = held(&network, &rotated(&network, 9));
    assert!(comparison.agrees(&u()), "{:?}", comparison.parting(&u()));
}

/// Constants of 2^±120 beside unit weights: no less equal for it, and a mistake in what they dwarf is found.
#[test]
fn constants_may_be_large_or_small_beside_the_weights() {
    let drawn = support::network::<f64>(&[3, 3, 4, 2], Gain::Tanh, 12);
    for e in [-120, -60, 60, 120] {
        for kind in 0..3 {
            let size = 2f64.powi(e);
            let mut layers = drawn.layers().to_vec();
            match kind {
                0 => layers[0].bias *= size,
                1 => *layers[1].psi.as_mut().expect("l ≥ 2") *= size,
                _ => layers[1].bias *= size,
            }
            let network = Network::new(layers.clone(), Gain::Tanh, None).expect("valid");
            let comparison = held(&network, &rotated(&network, 13));
            assert!(
                comparison.agrees(&u()),
                "2^{e}, {kind}: {:?}",
                comparison.parting(&u())
            );
            layers[0].weight[(1, 1)] += 1e-6;
            let mistaken = Network::new(layers, Gain::Tanh, None).expect("valid");
            let comparison = held(&network, &rotated(&mistaken, 14));
            let parting = comparison.parting(&u()).expect("they part");
            assert_eq!(parting.layer, 1, "2^{e}, {kind}");
            // A mistake in W_2 across a bias of layer 1: only what the bias dwarfs goes through it.
            let mut layers = network.layers().to_vec();
            let bias = layers[0].bias.clone();
            let across = [bias[1] / size, -bias[0] / size, 0.0];
            for (j, x) in across.into_iter().enumerate() {
                layers[1].weight[(0, j)] += 1e-6 * x;
            }
            let mistaken = Network::new(layers, Gain::Tanh, None).expect("valid");
            let comparison = held(&network, &rotated(&mistaken, 15));
            if kind == 0 {
                let parting = comparison.parting(&u()).expect("they part");
                assert_eq!(parting.layer, 2, "2^{e}");
            }
        }
    }
}

#[test]
fn what_nothing_reaches_is_reported_and_not_judged() {
    let network = support::network::<f64>(&[2, 6, 5, 2], Gain::Tanh, 1);
    // A direction of layer 1 outside the range of [W_1 b_1]: weights of layer 2 along it are idle.
    let first = network.layer(1);
    let joined = isotropic::linalg::append_columns(&first.weight, first.bias.as_slice());
    let idle = isotropic::linalg::svd(&joined)
        .expect("converges")
        .u_complete()
        .column(5)
        .into_owned();
    let mut layers = network.layers().to_vec();
    for i in 0..5 {
        for j in 0..6 {
            layers[1].weight[(i, j)] += 0.5 * idle[j];
        }
    }
    let other = Network::new(
        layers,
        Gain::Tanh,
        Some((1..3).map(|l| network.length_squared(l)).collect()),
    )
    .expect("valid");
    let comparison = held(&network, &other);
    assert!(comparison.agrees(&u()), "{:?}", comparison.parting(&u()));
    let (a, b) = &comparison.unreachable[1];
    assert!(
        (a.clone() - b).to_f64().abs() > 0.1,
        "the idle weights differ: {a} and {b}"
    );
}

#[test]
fn a_difference_is_found_in_its_layer_and_parameter() {
    let network = support::network::<f64>(&[3, 5, 4, 2], Gain::Tanh, 6);
    let lengths: Vec<f64> = network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect();
    // Ten thousand times the allowance, and still only 1e-10 or so.
    let change = 1e-10;
    let cases: [(usize, &str); 6] = [
        (1, "weight"),
        (1, "bias"),
        (2, "ψ"),
        (2, "o"),
        (3, "weight"),
        (3, "bias"),
    ];
    for (l, parameter) in cases {
        let (mut layers, mut lengths) = (network.layers().to_vec(), lengths.clone());
        match parameter {
            "weight" => layers[l - 1].weight[(0, 0)] += change,
            "bias" => layers[l - 1].bias[0] += change,
            "ψ" => layers[l - 1].psi.as_mut().expect("l ≥ 2")[0] += change,
            _ => lengths[l - 1] += change,
        }
        let changed = Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid");
        let comparison = held(&network, &rotated(&changed, 3));
        let parting = comparison.parting(&u()).expect("a difference");
        assert!(!comparison.agrees(&u()), "{parameter}");
        assert_eq!(parting.layer, l, "{parameter}");
        if parameter == "o" {
            assert_eq!(parting.parameter, parameter);
        }
    }
}

#[test]
fn widths_and_gains_part_at_once() {
    let network = support::network::<f64>(&[3, 5, 2], Gain::Tanh, 6);
    let wider = support::network::<f64>(&[3, 6, 2], Gain::Tanh, 6);
    let comparison = held(&network, &wider);
    assert!(!comparison.agrees(&u()));
    assert_eq!(
        comparison.structure.as_deref(),
        Some("the widths are [3, 5, 2] and [3, 6, 2]")
    );
    let other = network.with_gain(Gain::Algebraic).expect("valid");
    assert_eq!(
        held(&network, &other).structure.as_deref(),
        Some("the gains are tanh and algebraic")
    );
}

#[test]
fn refusals_suggest_what_would_work() {
    let network = support::network::<f64>(&[3, 5, 2], Gain::Tanh, 6);
    for gauge in [Gauge::Full, Gauge::Alternate] {
        let error = diagonalise(&network, gauge, &[])
            .expect_err("one hidden layer")
            .to_string();
        assert!(error.contains("left and triangular do not"), "{error}");
    }
    let deep = support::network::<f64>(&[3, 5, 4, 2], Gain::Tanh, 6);
    let error = diagonalise(&deep, Gauge::Full, &[1])
        .expect_err("layer 1")
        .to_string();
    assert!(error.contains("the input cannot be rotated"), "{error}");
    let error = diagonalise(&deep, Gauge::Left, &[3])
        .expect_err("the output")
        .to_string();
    assert!(error.contains("the hidden layers are 1 to 2"), "{error}");
    for gauge in [Gauge::Alternate, Gauge::Triangular] {
        let error = diagonalise(&deep, gauge, &[2])
            .expect_err("a layer named")
            .to_string();
        assert!(error.contains("name none of them"), "{error}");
        assert!(error.contains("layer 2"), "{error}");
    }
    let none = support::network::<f64>(&[3, 2], Gain::Tanh, 6);
    assert_eq!(
        diagonalise(&none, Gauge::Left, &[]).expect("nothing to do"),
        none
    );
}

#[test]
fn zeros_are_counted_as_the_theory_says() {
    // [3072, 500, 500, 500, 10] scaled down: triangular beats alternate.
    let network = support::network::<f64>(&[30, 12, 12, 12, 4], Gain::Tanh, 2);
    let zeros = |network: &Network<f64>| -> usize {
        network
            .layers()
            .iter()
            .map(|layer| layer.weight.iter().filter(|x| **x == 0.0).count())
            .sum()
    };
    let alternate = diagonalise(&network, Gauge::Alternate, &[]).expect("converges");
    let triangular = diagonalise(&network, Gauge::Triangular, &[]).expect("converges");
    assert_eq!(zeros(&alternate), 12 * 12 - 12);
    assert_eq!(zeros(&triangular), 3 * (12 * 11 / 2));
}

/// Changes layers and lengths.
type Edit<'a> = dyn Fn(&mut Vec<Layer<Wide>>, &mut Vec<Wide>) + 'a;

/// A mistake in one parameter is found where it was made, though the best rotation spreads it to the others.
#[test]
fn a_mistake_is_located() {
    let original: Network<Wide> = support::network(&[5, 7, 6, 4, 3], Gain::Tanh, 11);
    let image = rotated(&original, 1);
    let u = Wide::from_f64(f64::EPSILON);
    let parting = |b: &Network<Wide>| {
        let comparison = compare(&original, b).expect("comparable");
        locate(&original, b, &comparison, &u).expect("comparable")
    };
    assert!(parting(&image).is_none());
    let with = |edit: &Edit| {
        let mut layers = image.layers().to_vec();
        let mut lengths = image.hidden().map(|l| image.length_squared(l)).collect();
        edit(&mut layers, &mut lengths);
        let wrong = Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid");
        let found = parting(&wrong).expect("a mistake");
        (found.layer, found.parameters, found.neuron)
    };
    let tenth = Wide::from_f64(0.1);
    // ψ and b as they were before the rotation.
    for l in 2..4 {
        let unturned = with(&|layers, _| layers[l - 1].psi.clone_from(&original.layer(l).psi));
        assert_eq!((unturned.0, unturned.1), (l, vec!["ψ"]));
        let unturned = with(&|layers, _| layers[l - 1].bias.clone_from(&original.layer(l).bias));
        assert_eq!((unturned.0, unturned.1), (l, vec!["bias"]));
    }
    // One number, whose neuron is named.
    for l in 1..=4 {
        let one = with(&|layers, _| layers[l - 1].bias[2] += tenth.clone());
        assert_eq!(one, (l, vec!["bias"], Some(3)));
        let one = with(&|layers, _| layers[l - 1].weight[(1, 0)] += tenth.clone());
        assert_eq!(one, (l, vec!["weight"], Some(2)));
    }
    let one = with(&|layers, _| {
        if let Some(psi) = &mut layers[3].psi {
            psi[0] += tenth.clone();
        }
    });
    assert_eq!(one, (4, vec!["ψ"], Some(1)));
    let o = with(&|_, lengths| lengths[1] += tenth.clone());
    assert_eq!(o, (2, vec!["o"], None));
    // Two mistakes in one layer: no single parameter explains them.
    let two = with(&|layers, _| {
        layers[1].bias[0] += tenth.clone();
        layers[1].psi.clone_from(&original.layer(2).psi);
    });
    assert!(two.0 == 2 && two.1.len() > 1, "{two:?}");
}
