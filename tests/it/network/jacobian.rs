//! The Jacobian of a network: against central differences at 256 bits for every gain, entry by entry, and
//! the same text over ℚ and modulo a prime.

use crate::support;
use isotropic::{
    Gain, Layer, Network, Scalar,
    linalg::{Matrix, Vector},
    network::{Jacobian, evaluate, jacobian},
    scalar::{Field, Mp, Rational, Real, Residue},
};

type M = Mp<256>;

fn gains<S: Field>() -> Vec<Gain<S>> {
    let t = S::from_rational(&Rational::ratio(1, 5).expect("not over 0"));
    vec![
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        Gain::SoftThreshold { t },
        Gain::Linear,
        Gain::Log1p,
    ]
}

/// The network with parameter `index`, in the order of `Network::parameters`, moved by `step`.
fn moved(network: &Network<M>, index: usize, step: &M) -> Network<M> {
    let mut layers = network.layers().to_vec();
    let mut lengths: Vec<M> = network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect();
    let mut all: Vec<&mut M> = vec![];
    for layer in &mut layers {
        all.extend(layer.weight.iter_mut());
        all.extend(layer.bias.iter_mut());
        all.extend(layer.psi.iter_mut().flat_map(|psi| psi.iter_mut()));
    }
    all.extend(lengths.iter_mut());
    *all[index] += step;
    Network::new(layers, network.gain().clone(), Some(lengths)).expect("still valid")
}

/// The largest distance of a Jacobian from central differences of `evaluate`, columns of x and θ.
fn worst(network: &Network<M>, x: &[M], found: &Jacobian<M>) -> f64 {
    let h = M::from_int(1).scale_by_power_of_two(-85);
    let quotient = |ahead: Vector<M>, behind: Vector<M>| -> Vec<M> {
        let twice = h.clone() + &h;
        (ahead - behind)
            .iter()
            .map(|d| d.clone() / &twice)
            .collect()
    };
    let column = |a: &Matrix<M>, j: usize| -> Vec<M> { a.column(j).iter().cloned().collect() };
    let y = |network: &Network<M>, x: &[M]| evaluate(network, x).expect("finite");
    let mut worst = 0.0f64;
    for j in 0..x.len() {
        let at = |step: &M| {
            let mut x = x.to_vec();
            x[j] += step;
            y(network, &x)
        };
        let expected = quotient(at(&h), at(&-h.clone()));
        worst = worst.max(support::distance(&expected, &column(&found.input, j)));
    }
    let parameters = found.parameters(network, x);
    assert_eq!(parameters.ncols(), network.parameter_count());
    for j in 0..parameters.ncols() {
        let at = |step: &M| y(&moved(network, j, step), x);
        let expected = quotient(at(&h), at(&-h.clone()));
        worst = worst.max(support::distance(&expected, &column(&parameters, j)));
    }
    worst
}

/// Differences with h = 2^-85 are off by h² times a third derivative, which for these networks (entries
/// and depth of a few units) is below 2^20, and by 2^-256/h times as little.
const ALLOWED: f64 = 1e-45;

#[test]
fn it_is_the_derivative_of_the_outputs_for_every_gain() {
    for (seed, gain) in gains::<M>().into_iter().enumerate() {
        for widths in [&[2, 3, 4, 2][..], &[3, 2, 1], &[2, 3]] {
            let network = support::network::<M>(widths, gain.clone(), 40 + seed as u64);
            let x = support::input::<M>(widths[0], 9);
            let found = jacobian(&network, &x).expect("finite");
            let off = worst(&network, &x, &found);
            assert!(off < ALLOWED, "{} {widths:?}: {off:e}", gain.name());
        }
    }
}

#[test]
fn wrong_jacobians_are_seen() {
    let network = support::network::<M>(&[2, 3, 4, 2], Gain::Tanh, 3);
    let x = support::input::<M>(2, 9);
    let right = jacobian(&network, &x).expect("finite");
    // Every part by itself: the input, one sensitivity, one length.
    let mut wrong = right.clone();
    wrong.input[(1, 0)] *= M::from_f64(1.0 + 1e-12);
    assert!(worst(&network, &x, &wrong) > ALLOWED);
    let mut wrong = right.clone();
    wrong.pre_activations[1][(0, 2)] *= M::from_f64(1.0 + 1e-12);
    assert!(worst(&network, &x, &wrong) > ALLOWED);
    let mut wrong = right.clone();
    wrong.lengths[1][0] *= M::from_f64(1.0 + 1e-12);
    assert!(worst(&network, &x, &wrong) > ALLOWED);
    // The gain's own path: a Jacobian that leaves ψ out.
    let without = |network: &Network<M>| {
        let layers = network.layers().iter().map(|layer| Layer {
            psi: layer.psi.as_ref().map(|psi| psi * M::from_int(0)),
            ..layer.clone()
        });
        let lengths = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        Network::new(layers.collect(), network.gain().clone(), Some(lengths)).expect("valid")
    };
    let mut wrong = jacobian(&without(&network), &x).expect("finite");
    wrong.trace = right.trace;
    assert!(worst(&network, &x, &wrong) > 1e-3);
}

#[test]
fn along_a_direction_it_is_the_product() {
    let network = support::network::<M>(&[3, 4, 2, 2], Gain::Tanh, 5);
    let direction = support::network::<M>(&[3, 4, 2, 2], Gain::Tanh, 6);
    let x = support::input::<M>(3, 1);
    let found = jacobian(&network, &x).expect("finite");
    let lengths: Vec<M> = direction
        .hidden()
        .map(|l| direction.length_squared(l))
        .collect();
    let along = found.along(&x, direction.layers(), &lengths);
    let vector =
        Vector::from_iterator(direction.parameter_count(), direction.parameters().cloned());
    let product = found.parameters(&network, &x) * vector;
    assert!(support::distance(&along, product.as_slice()) < 1e-70);
}

#[test]
fn along_a_direction_the_first_layer_has_no_correction() {
    // No gain comes before it: what a direction stores there as ψ moves nothing.
    let network = support::network::<M>(&[3, 4, 2], Gain::Tanh, 5);
    let direction = support::network::<M>(&[3, 4, 2], Gain::Tanh, 6);
    let x = support::input::<M>(3, 1);
    let found = jacobian(&network, &x).expect("finite");
    let mut layers = direction.layers().to_vec();
    let without = found.along(&x, &layers, &[]);
    layers[0].psi = Some(Vector::from_element(4, M::from_int(7)));
    assert_eq!(found.along(&x, &layers, &[]), without);
}

/// A network over ℚ with entries k/7.
fn rational(widths: &[usize], gain: Gain<Rational>) -> Network<Rational> {
    let entry = |k: usize| Rational::ratio(k as i64 % 11 - 5, 7).expect("not over 0");
    let layers = widths.windows(2).enumerate().map(|(l, pair)| Layer {
        weight: Matrix::from_fn(pair[1], pair[0], |i, j| entry(3 * i + 5 * j + 2 * l + 1)),
        bias: Vector::from_fn(pair[1], |i, _| entry(4 * i + l + 2)),
        psi: (l > 0).then(|| Vector::from_fn(pair[1], |i, _| entry(6 * i + l))),
    });
    let lengths = (2..widths.len()).map(|l| Rational::ratio(l as i64, 3).expect("not over 0"));
    Network::new(layers.collect(), gain, Some(lengths.collect())).expect("valid")
}

#[test]
fn modulo_a_prime_it_is_the_residue_of_the_one_over_the_rationals() {
    for gain in [Gain::Rational, Gain::RationalTanh, Gain::Linear] {
        let network = rational(&[2, 3, 2, 2], gain);
        let x = [Rational::from(2), Rational::from(-3)];
        let exact = jacobian(&network, &x).expect("rational");
        let residues =
            |a: &[Rational]| -> Vec<Residue> { a.iter().map(Field::from_rational).collect() };
        let reduced: Network<Residue> = network.map(&|x| Residue::from_rational(x)).expect("valid");
        let modular = jacobian(&reduced, &residues(&x)).expect("defined");
        assert_eq!(residues(exact.trace.output()), modular.trace.output());
        assert_eq!(
            residues(exact.parameters(&network, &x).as_slice()),
            modular.parameters(&reduced, &residues(&x)).as_slice()
        );
        assert_eq!(residues(exact.input.as_slice()), modular.input.as_slice());
    }
}

#[test]
fn the_derivative_of_the_activation_is_right_at_both_ends_of_the_range() {
    // Against the same text in an arithmetic without range: relative to γ, a few ulps.
    type Wide = Mp<1100>;
    for gain in gains::<f64>() {
        let exact: Gain<Wide> = Network::new(
            vec![Layer {
                weight: Matrix::from_element(1, 1, 1.0),
                bias: Vector::from_element(1, 0.0),
                psi: None,
            }],
            gain.clone(),
            None,
        )
        .and_then(|network| network.cast::<Wide>())
        .expect("valid")
        .gain()
        .clone();
        for e in [-300, -160, -20, -9, -1, 0, 1, 3, 9, 40, 155, 300] {
            for o in [0.0, 0.75] {
                let z = [
                    0.3 * 10f64.powi(e),
                    -0.4 * 10f64.powi(e),
                    0.11 * 10f64.powi(e),
                ];
                let wide: Vec<Wide> = z.iter().map(|z| Wide::from_f64(*z)).collect();
                let found = f64::derivative(&gain, &o, &z).expect("real");
                let expected = Wide::derivative(&exact, &Wide::from_f64(o), &wide).expect("real");
                let (a, b) = (found.matrix(), expected.matrix());
                let scale = expected.gamma.to_f64().max(b[(0, 0)].to_f64().abs());
                for (a, b) in a.iter().zip(b.iter()) {
                    let off = (Wide::from_f64(*a) - b).to_f64().abs();
                    assert!(
                        off <= 40.0 * f64::EPSILON * scale + 1e-320,
                        "{} 1e{e} o = {o}: {a} {b:.3}",
                        gain.name()
                    );
                }
                let close = |a: f64, b: &Wide| {
                    let b = b.to_f64();
                    (a - b).abs() <= 40.0 * f64::EPSILON * b.abs() + 1e-320
                };
                assert!(
                    close(found.of_length, &expected.of_length),
                    "{} 1e{e} o = {o}: {} {:.3}",
                    gain.name(),
                    found.of_length,
                    expected.of_length
                );
                for (a, b) in found.gradient.iter().zip(&expected.gradient) {
                    assert!(close(*a, b), "{} 1e{e} o = {o}: {a} {b:.3}", gain.name());
                }
            }
        }
    }
}
