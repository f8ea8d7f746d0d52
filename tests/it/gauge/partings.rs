//! Where networks part, to the last bit: the size of a mistake, what rounding explains of it, and whose it is.

use isotropic::{
    Layer, Network,
    gauge::{Parting, compare, locate},
    linalg::{Matrix, Vector},
    network::Gain,
    scalar::{Field, Mp, Real},
};

/// A network of two layers, W_1 = diag(4, 2), with this b_1: the rotation of layer 1 is the identity as long as
/// one of two such biases is 0 or both lie on one axis.
fn with_bias<S: Field>(bias: [f64; 2]) -> Network<S> {
    let vector = |x: &[f64]| Vector::from_iterator(x.len(), x.iter().map(|x| S::from_f64(*x)));
    let first = Layer {
        weight: Matrix::from_row_slice(2, 2, &[4.0, 0.0, 0.0, 2.0]).map(S::from_f64),
        bias: vector(&bias),
        psi: None,
    };
    let last = Layer {
        weight: Matrix::from_row_slice(1, 2, &[1.0, 1.0]).map(S::from_f64),
        bias: vector(&[0.5]),
        psi: Some(vector(&[0.25])),
    };
    Network::new(vec![first, last], Gain::Tanh, Some(vec![S::one()])).expect("valid")
}

fn parting<S: Real>(a: &Network<S>, b: &Network<S>, u: f64) -> Option<Parting<S>> {
    let comparison = compare(a, b).expect("converges");
    locate(a, b, &comparison, &S::from_f64(u)).expect("converges")
}

/// The bias is suspected by giving it next to no weight; its residual is reported in full all the same.
/// 8 (2 + 2) (‖b_1‖² + o_1)^½ u of it is explained: o may hold what rounding took from the bias.
#[test]
fn a_mistake_is_reported_in_its_own_size() {
    let (a, b) = (with_bias([1.0, 0.0]), with_bias([1.5, 0.0]));
    let found: Parting<Mp<256>> = parting(&a, &b, 2f64.powi(-20)).expect("a mistake");
    assert_eq!((found.layer, found.parameters), (1, vec!["bias"]));
    assert_eq!(found.neuron, Some(1));
    assert_eq!(found.residual, Mp::from_f64(0.5));
    let size: Mp<256> = Mp::from_f64(2.0).sqrt();
    assert_eq!(found.explained, size * &Mp::from_f64(32.0 * 2f64.powi(-20)));
}

/// Two neurons with equal shares hold half each, and none holds more: in double precision, too, where for some
/// of these numbers (3 is the first) the computed half is the share itself.
#[test]
fn equal_shares_are_nobodys() {
    assert_eq!((2.0 * 9.0f64).sqrt() * 0.5f64.sqrt(), 3.0, "a tie");
    for share in 1..60 {
        let share = f64::from(share);
        let (a, b) = (with_bias::<f64>([0.0; 2]), with_bias([share; 2]));
        let found = parting(&a, &b, 2f64.powi(-53)).expect("a mistake");
        assert_eq!((found.layer, found.parameters), (1, vec!["bias"]));
        assert_eq!(found.neuron, None, "{share}");
        // A little more for the second neuron, and it is the one.
        let b = with_bias([share, share * (1.0 + 1e-9)]);
        let found = parting(&a, &b, 2f64.powi(-53)).expect("a mistake");
        assert_eq!(found.neuron, Some(2), "{share}");
    }
}

/// Nothing is rotated for the output, so nothing is given less weight there: the smallest mistakes of a format
/// are reported in full.
#[test]
fn a_subnormal_mistake_in_the_output_layer_keeps_its_size() {
    let output = |weight: f64| {
        let layer = Layer {
            weight: Matrix::from_element(1, 1, weight),
            bias: Vector::from_element(1, 0.0),
            psi: None,
        };
        Network::new(vec![layer], Gain::Tanh, None).expect("valid")
    };
    let tiny = f64::from_bits(1 << 14);
    let found = parting(&output(2.0 * tiny), &output(tiny), 2f64.powi(-53)).expect("a mistake");
    assert_eq!((found.layer, found.parameters), (1, vec!["weight"]));
    assert_eq!(found.neuron, Some(1));
    assert_eq!(found.residual, tiny);
}
