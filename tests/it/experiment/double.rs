//! The elementwise network of the experiments: its gradient against central differences.

use isotropic::{
    experiment::{Activation, Plane, Recipe, elementwise_gradient, elementwise_outputs},
    learning::Optimiser,
    network::gradient::{Loss, loss},
};

/// |(f(θ + h) - f(θ - h))/2h - f'| ≤ C h² + u |f|/h: with h = 2^-17 both are some 6e-11 for the sizes here, and a wrong
/// derivative is off by 1e-3.
#[test]
fn the_gradient_is_that_of_the_loss() {
    let recipe = Recipe::new(Optimiser::Sgd, 0.1, 1);
    let network = recipe
        .network(&[2, 5, 4, 2], Activation::Elementwise, 3)
        .expect("a network");
    let rows = Plane::Xor.data(9, 1, 5).train;
    let found = elementwise_gradient(&network, &rows.x, &rows.targets).expect("a gradient");
    let (value, found) = (found.loss, found.parameters);
    let of = |network: &isotropic::Network<f64>| {
        let y = elementwise_outputs(network, &rows.x);
        loss(Loss::CrossEntropy, &y, &rows.targets).expect("a loss")
    };
    assert!((value - of(&network)).abs() < 1e-15);
    let step = (-17f64).exp2();
    for l in 0..network.depth() {
        for k in 0..network.layers()[l].weight.len() + network.layers()[l].bias.len() {
            let moved = |by: f64| {
                let mut layers = network.layers().to_vec();
                let weights = layers[l].weight.len();
                match k.checked_sub(weights) {
                    None => layers[l].weight[k] += by,
                    Some(k) => layers[l].bias[k] += by,
                }
                let gain = isotropic::Gain::Tanh;
                of(&isotropic::Network::new(layers, gain, None).expect("a network"))
            };
            let difference = (moved(step) - moved(-step)) / (2.0 * step);
            let weights = found.layers[l].weight.len();
            let exact = match k.checked_sub(weights) {
                None => found.layers[l].weight[k],
                Some(k) => found.layers[l].bias[k],
            };
            assert!(
                (difference - exact).abs() < 1e-9,
                "layer {}, {k}: {difference} {exact}",
                l + 1
            );
        }
    }
}
