//! A network from your own numbers: turned, emptied of weights, and brought to the widths that it needs.
//!
//! ```text
//! cargo run --example own_network
//! ```

use isotropic::{
    Error, Gain, Layer, Network,
    bound::rounding_units,
    gauge::{Gauge, diagonalise, rotate},
    linalg::{Matrix, Vector, haar},
    network::evaluate,
    resize::compress,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// W, b and ψ with entries from any formula of yours: here a few waves. ψ_l is multiplied by the gain of the layer before.
fn layer(m: usize, n: usize, phase: f64, psi: bool) -> Layer<f64> {
    let wave =
        |i: usize, j: usize| (phase + 1.7 * i as f64 + 0.9 * j as f64 + 0.6 * (i * j) as f64).sin();
    Layer {
        weight: Matrix::from_fn(m, n, wave),
        bias: Vector::from_fn(m, |i, _| 0.3 * wave(i, 7)),
        psi: psi.then(|| Vector::from_fn(m, |i, _| 0.2 * wave(i, 11))),
    }
}

fn zeros(network: &Network<f64>) -> usize {
    network.parameters().filter(|x| **x == 0.0).count()
}

fn difference(a: &Vector<f64>, b: &Vector<f64>) -> f64 {
    (a - b).norm()
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    // 3 inputs, hidden layers of 6 and 5 neurons, 2 outputs; o = λ² for each hidden layer.
    let layers = vec![
        layer(6, 3, 0.0, false),
        layer(5, 6, 1.0, true),
        layer(2, 5, 2.0, true),
    ];
    let network = Network::new(layers, Gain::Tanh, Some(vec![0.1, 0.4]))?;
    let x = [0.5, -1.0, 0.25];
    let y = evaluate(&network, &x)?;
    println!("{:?}: y = {:.4?}", network.widths(), y.as_slice());

    // No neuron of hidden layer 1 stays where it was.
    let rotation = haar(6, &mut ChaCha8Rng::seed_from_u64(1));
    let turned = rotate(&network, 1, &rotation)?;
    let moved = difference(&evaluate(&turned, &x)?, &y);
    println!("rotated: y moves by {moved:.1e}");

    // Among all rotations there is one in which W_l is triangular.
    let triangular = diagonalise(&network, Gauge::Triangular, &[])?;
    let of = network.parameters().count();
    let empty = zeros(&triangular);
    let kept = difference(&evaluate(&triangular, &x)?, &y);
    println!("triangular: {empty} of {of} parameters are 0, y moves by {kept:.1e}");

    // A layer needs no more neurons than [W_l ψ_l] has rank.
    let small = compress(&network)?.network;
    let lost = difference(&evaluate(&small, &x)?, &y);
    println!("compressed: {:?}, y moves by {lost:.1e}", small.widths());

    // What this program prints is what it found; the suite runs it, and these lines are why.
    // Rounding explains this much: that of both evaluations, and 4 n roundings in what stands beside a turned layer of n.
    let explained = |other: &Network<f64>, computed: [f64; 3]| -> Result<f64, Error> {
        let own = rounding_units(&network, &x, &vec![])?;
        Ok((own + rounding_units(other, &x, &computed.to_vec())?) * f64::EPSILON / 2.0)
    };
    assert!(moved <= explained(&turned, [24.0, 24.0, 0.0])?);
    assert!(kept <= explained(&triangular, [24.0, 44.0, 20.0])?);
    assert!(lost <= explained(&small, [24.0, 44.0, 20.0])?);
    assert!(empty > zeros(&network));
    assert_eq!(small.widths(), [3, 3, 4, 2]);
    Ok(())
}
