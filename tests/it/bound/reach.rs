//! What can arrive at a layer: `reach_below`, in plain floats.

use isotropic::{
    Gain, Layer, Network,
    bound::reach_below,
    linalg::{Matrix, Vector},
    network::trace,
};

use crate::support;

/// 2-3-3-2 with ψ_2 as given by `psi`.
fn network(psi: impl Fn(usize) -> Option<Vector<f64>>, seed: u64) -> Network<f64> {
    let plain = support::network::<f64>(&[2, 3, 3, 2], Gain::Tanh, seed);
    let mut layers = plain.layers().to_vec();
    for (l, layer) in layers.iter_mut().enumerate().skip(1) {
        layer.psi = psi(layer.bias.len()).filter(|_| l > 0);
    }
    let lengths = plain.hidden().map(|l| plain.length_squared(l)).collect();
    Network::new(layers, Gain::Tanh, Some(lengths)).expect("a network")
}

#[test]
fn no_psi_is_a_psi_of_zeros() {
    for seed in 0..5 {
        let without = network(|_| None, seed);
        let with = network(|n| Some(Vector::zeros(n)), seed);
        for l in 1..=3 {
            let (a, b) = (reach_below(&without, l), reach_below(&with, l));
            assert_eq!(format!("{a:?}"), format!("{b:?}"), "layer {l}");
        }
    }
}

/// ‖(h_{l-1}, γ_{l-1})‖ ≤ slope R + offset, and a ψ that counts raises it.
#[test]
fn what_arrives_is_within_reach() {
    for seed in 0..20 {
        let net = network(|n| Some(Vector::from_element(n, 2.0)), seed);
        let x = support::input::<f64>(2, seed);
        let radius = x.iter().map(|x| x * x).sum::<f64>().sqrt();
        let trace = trace(&net, &x).expect("finite");
        for l in 2..=3 {
            let reach = reach_below(&net, l).expect("it converges");
            let h = &trace.activations[l - 2];
            let size = h.iter().map(|h| h * h).sum::<f64>().sqrt();
            let linear = reach.slope * radius + reach.offset;
            // Plain floats: true up to some hundred roundings.
            assert!(
                size <= linear * (1.0 + 1e3 * f64::EPSILON),
                "{size} {linear}"
            );
            if l > 2 {
                let without = reach_below(&network(|_| None, seed), l).expect("it converges");
                assert!(reach.offset > without.offset);
            }
        }
    }
}

/// One neuron a layer, by hand: ‖z_1‖ ≤ 3R + 4, ‖(h_1, γ_1)‖ ≤ 3R + 5; ‖z_2‖ ≤ 2(3R + 4) + 8 + 16, and 1 for γ_2.
#[test]
fn a_reach_is_that_of_its_norms() {
    let layer = |weight: f64, bias: f64, psi: Option<f64>| Layer {
        weight: Matrix::from_element(1, 1, weight),
        bias: Vector::from_element(1, bias),
        psi: psi.map(|psi| Vector::from_element(1, psi)),
    };
    let layers = vec![
        layer(3.0, 4.0, None),
        layer(-2.0, -8.0, Some(16.0)),
        layer(1.0, 0.0, None),
    ];
    let net = Network::new(layers, Gain::Linear, Some(vec![1.0, 1.0])).expect("a network");
    let parts = |l: usize| {
        let reach = reach_below(&net, l).expect("it converges");
        (reach.slope, reach.offset)
    };
    // A norm is at most 2⁻⁴⁰ too large.
    for (l, slope, offset) in [(1, 1.0, 0.0), (2, 3.0, 5.0), (3, 6.0, 33.0)] {
        let found = parts(l);
        for (found, expected) in [(found.0, slope), (found.1, offset)] {
            let excess = found - expected;
            assert!(
                (0.0..=expected * (-38f64).exp2()).contains(&excess),
                "{l}: {found} {expected}"
            );
        }
    }
}
