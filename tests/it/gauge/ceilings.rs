//! Networks compared at their width ceilings: where the ceiling lies, and whether it was below a width.

use crate::support;
use isotropic::{
    Gain, Layer, Network,
    gauge::{Leeway, compare_at_ceilings},
    linalg::{Matrix, Vector},
    scalar::{Field, Mp, Real},
};

type Wide = Mp<256>;

/// A network with these weights in front of one output; every neuron is read.
fn before_one_output(weight: Matrix<Wide>) -> Network<Wide> {
    let hidden = weight.nrows();
    let constant = |n: usize, x: f64| Vector::from_element(n, Wide::from_f64(x));
    let first = Layer {
        weight,
        bias: constant(hidden, 0.0),
        psi: None,
    };
    let last = Layer {
        weight: Matrix::from_fn(1, hidden, |_, j| Wide::from_int(j as i64 + 1)),
        bias: constant(1, 0.5),
        psi: Some(constant(1, 0.25)),
    };
    Network::new(vec![first, last], Gain::Tanh, Some(vec![Wide::from_int(1)])).expect("valid")
}

/// W_1 of 3 × 2 with singular values 4 and s.
fn tall(s: Wide) -> Network<Wide> {
    let mut weight = Matrix::from_element(3, 2, Wide::from_int(0));
    weight[(0, 0)] = Wide::from_int(4);
    weight[(1, 1)] = s;
    before_one_output(weight)
}

/// Two columns of size 4 that are nearly parallel: each errs by 2³ √(3 + 2) 4 u, together by √2 times that, and σ₂ is s / √2
/// to a part in 10⁹.
#[test]
fn a_singular_value_counts_from_just_above_what_rounding_does() {
    let u = Wide::from_f64(2f64.powi(-20));
    let error = Wide::from_int(8 * 4) * Wide::from_int(5 * 2).sqrt() * &u;
    let least = error * Wide::from_int(2).sqrt();
    let little = least.scale_by_power_of_two(-20);
    for (s, width) in [
        (Wide::from_int(0), 1),
        (least.clone() - &little, 1),
        (least.clone() + &little, 2),
        (Wide::from_int(4), 2),
    ] {
        let mut weight = Matrix::from_element(3, 2, Wide::from_int(0));
        weight[(0, 0)] = Wide::from_int(4);
        weight[(0, 1)] = Wide::from_int(4);
        weight[(1, 1)] = s.clone();
        let network = before_one_output(weight);
        let at = compare_at_ceilings(&network, &network, &u, Leeway::Usual).expect("converges");
        assert_eq!(at.a.widths(), [2, width, 1], "s = {s}");
        assert_eq!(at.b.widths(), [2, width, 1], "s = {s}");
    }
}

/// An input in other units has a small column, which is known as well as a large one.
#[test]
fn a_small_column_counts() {
    let u = Wide::from_f64(2f64.powi(-53));
    for e in [-100, -50, 50, 100] {
        let network = tall(Wide::from_int(1).scale_by_power_of_two(e));
        let at = compare_at_ceilings(&network, &network, &u, Leeway::Usual).expect("converges");
        assert_eq!(at.a.widths(), [2, 2, 1], "2^{e}");
        let small = isotropic::resize::compress(&network).expect("converges");
        assert_eq!(small.network.widths(), [2, 2, 1], "2^{e}");
        let narrow = network.cast::<f64>().expect("finite");
        let small = isotropic::resize::compress(&narrow).expect("converges");
        assert_eq!(small.network.widths(), [2, 2, 1], "2^{e} in f64");
    }
}

/// A layer that receives nothing is one constant, whichever way it was turned.
#[test]
fn a_constant_layer_is_held_by_one_neuron_along_its_bias() {
    let u = Wide::from_f64(2f64.powi(-53));
    let layer = |bias: [f64; 3], read: [f64; 3]| {
        let first = Layer {
            weight: Matrix::from_element(3, 2, Wide::from_int(0)),
            bias: Vector::from_fn(3, |i, _| Wide::from_f64(bias[i])),
            psi: None,
        };
        let last = Layer {
            weight: Matrix::from_fn(1, 3, |_, j| Wide::from_f64(read[j])),
            bias: Vector::from_element(1, Wide::from_f64(0.5)),
            psi: None,
        };
        Network::new(vec![first, last], Gain::Tanh, Some(vec![Wide::from_int(1)])).expect("valid")
    };
    let a = layer([3.0, 4.0, 0.0], [1.0, 2.0, 7.0]);
    let b = layer([0.0, 0.0, 5.0], [7.0, 9.0, 2.2]);
    let at = compare_at_ceilings(&a, &b, &u, Leeway::Usual).expect("converges");
    assert_eq!(at.a.widths(), [2, 1, 1]);
    assert!(at.comparison.agrees(&u), "{:?}", at.comparison);
}

/// The third neuron of the wider one is never active: at their ceilings the two are the same, and either
/// order of them says that a width was above its ceiling.
#[test]
fn a_dead_neuron_is_a_reduction_on_either_side() {
    let weight = Matrix::from_row_slice(2, 2, &[4.0, 0.0, 0.0, 1.0]).map(Wide::from_f64);
    let (plain, grown) = (before_one_output(weight), tall(Wide::from_int(1)));
    let u = Wide::from_f64(2f64.powi(-53));
    for (a, b, reduced) in [
        (&plain, &plain, false),
        (&grown, &plain, true),
        (&plain, &grown, true),
        (&grown, &grown, true),
    ] {
        let at = compare_at_ceilings(a, b, &u, Leeway::Usual).expect("converges");
        assert_eq!(
            at.reduced(a, b),
            reduced,
            "{:?} {:?}",
            a.widths(),
            b.widths()
        );
        assert!(at.comparison.agrees(&u), "{:?}", at.comparison);
    }
}

/// A network compressed in double precision is the same function to rounding: o has taken up the square of a bias, and
/// errs by more than its own last digit.
#[test]
fn a_network_agrees_with_itself_compressed_in_double_precision() {
    let u = Wide::from_f64(2f64.powi(-53));
    for seed in 0..30 {
        // Biases that lie in what is kept, but for a little: their rounding is large beside what o takes up.
        let drawn: Network<f64> = support::network(&[4, 12, 8, 3], Gain::Tanh, seed);
        let layers = drawn.layers().iter().map(|layer| Layer {
            bias: &layer.bias * 0.1 + layer.weight.column(0) * 8.0,
            ..layer.clone()
        });
        let network =
            Network::new(layers.collect(), Gain::Tanh, Some(vec![1e-3; 2])).expect("valid");
        let small = isotropic::resize::compress(&network).expect("converges");
        let [a, b] = [&network, &small.network].map(|n| n.cast::<Wide>().expect("finite"));
        let at = compare_at_ceilings(&a, &b, &u, Leeway::Usual).expect("converges");
        for part in &at.comparison.parts {
            assert!(
                part.residual <= part.scale.clone() * &u,
                "seed {seed}, layer {}, {}: {} of {}",
                part.layer,
                part.parameter,
                part.residual,
                part.scale.clone() * &u
            );
        }
    }
}
