//! Evaluations in other orders than the crate's, with fused operations and h as γ z, against the bound that admits any order:
//! at the lower end of the range, where later weights enlarge what underflowed.

use isotropic::{
    Gain, Layer, Network,
    bound::{ParameterError, any_order_units},
    linalg::{Matrix, Vector},
    network::evaluate,
    scalar::{Field, Mp},
};
use rand::{Rng, RngExt};

use crate::support;

type Wide = Mp<512>;

/// ±[1, 2) · 2^e.
fn around(e: i32, rng: &mut impl Rng) -> f64 {
    let size = rng.random_range(1.0..2.0) * 2f64.powi(e / 2) * 2f64.powi(e - e / 2);
    if rng.random_range(0..2) == 0 {
        size
    } else {
        -size
    }
}

/// A first layer whose pre-activations are a few smallest numbers, and weights after it that bring them back.
fn at_the_lower_end(seed: u64) -> Network<f64> {
    let mut rng = support::rng(seed);
    let (inputs, wide) = (rng.random_range(1..=8), rng.random_range(1..=40));
    let small = -1074 + rng.random_range(0..12);
    let large = rng.random_range(0..1000);
    let psi = rng.random_range(0..2) == 0;
    let mut layer = |rows, columns, e| Layer {
        weight: Matrix::from_fn(rows, columns, |_, _| around(e, &mut rng)),
        bias: Vector::from_fn(rows, |_, _| around(e, &mut rng)),
        psi: None,
    };
    let mut layers = vec![layer(wide, inputs, small), layer(3, wide, large)];
    layers[1].bias.fill(0.0);
    if psi {
        layers[1].psi = Some(Vector::from_fn(3, |_, _| around(small, &mut rng)));
    }
    layers.push(layer_of_ones());
    let gains = [Gain::Tanh, Gain::Algebraic, Gain::Rational, Gain::Linear];
    let gain = gains[rng.random_range(0..4)].clone();
    let o = [0.0, 1.0, around(990, &mut rng).abs()][rng.random_range(0..3)];
    Network::new(layers, gain, Some(vec![o, 0.0])).expect("valid")
}

fn layer_of_ones() -> Layer<f64> {
    Layer {
        weight: Matrix::from_element(2, 3, 1.0),
        bias: Vector::from_element(2, 0.0),
        psi: None,
    }
}

/// Last term first, multiplications fused or not, ρ guarded by the largest entry, h as γ z.
fn otherwise(network: &Network<f64>, x: &[f64], fused: bool) -> Vec<f64> {
    let (mut h, mut gamma) = (x.to_vec(), 0.0);
    for (l, layer) in (1..).zip(network.layers()) {
        let row = |i: usize| {
            let psi = layer.psi.as_ref().map_or(0.0, |psi| psi[i]);
            let mut sum = layer.bias[i] + gamma * psi;
            for j in (0..h.len()).rev() {
                sum = if fused {
                    h[j].mul_add(layer.weight[(i, j)], sum)
                } else {
                    sum + h[j] * layer.weight[(i, j)]
                };
            }
            sum
        };
        let z: Vec<f64> = (0..layer.width()).map(row).collect();
        if l == network.depth() {
            return z;
        }
        let o = network.length_squared(l).sqrt();
        let most = z.iter().fold(o, |m, z| m.max(z.abs()));
        let scaled = |x: f64| (x / most) * (x / most);
        let rho = match most {
            0.0 => 0.0,
            most => most * z.iter().rev().fold(scaled(o), |r, z| r + scaled(*z)).sqrt(),
        };
        gamma = match network.gain() {
            Gain::Tanh if rho > 0.0 => rho.tanh() / rho,
            Gain::Algebraic => 1.0 / 1f64.hypot(rho),
            Gain::Rational => 1.0 / (1.0 + rho * rho),
            _ => 1.0,
        };
        h = z.iter().map(|z| gamma * z).collect();
    }
    h
}

/// The largest error over its bound, with and without what underflows.
fn largest(seeds: std::ops::Range<u64>) -> (f64, f64) {
    let (mut with, mut without) = (0f64, 0f64);
    let (u, smallest) = (f64::EPSILON / 2.0, f64::from_bits(1));
    for seed in seeds {
        let network = at_the_lower_end(seed);
        let x = support::input::<f64>(network.widths()[0], seed);
        let wide = network.cast::<Wide>().expect("exact");
        let lifted: Vec<Wide> = x.iter().map(|x| Wide::from_f64(*x)).collect();
        let exact = evaluate(&wide, &lifted).expect("finite");
        let units =
            any_order_units(&wide, &lifted, &ParameterError::none_for(&wide)).expect("finite");
        // Twice the bound of first order covers the rest, as in the conformance vectors.
        let rounding = units.rounding * Wide::from_f64(2.0 * u);
        let bound = units.underflow * Wide::from_f64(2.0) * Wide::from_f64(smallest) + &rounding;
        let mut outputs = vec![
            otherwise(&network, &x, false),
            otherwise(&network, &x, true),
        ];
        outputs.extend(evaluate(&network, &x).map(|y| y.as_slice().to_vec()));
        for y in outputs {
            let apart: Vec<Wide> = (y.iter().zip(exact.iter()))
                .map(|(y, exact)| Wide::from_f64(*y) - exact)
                .collect();
            let apart = isotropic::linalg::norm2(&apart);
            with = with.max((apart.clone() / &bound).to_f64());
            without = without.max((apart / &rounding).to_f64());
        }
    }
    (with, without)
}

#[test]
fn what_underflows_in_any_order_is_allowed_for() {
    let (with, without) = largest(0..400);
    println!("largest error over bound {with:.3}; without what underflows {without:.2e}");
    assert!(with <= 1.0, "{with}");
    // Not vacuous, and needed: as it once was, without it.
    assert!(with > 0.05 && without > 1e3, "{with}, {without}");
}

/// An o that was computed loses η for each of n squares and for itself: (n + 1) |2 ∂y/∂o|, in closed form for 1/(1+r).
#[test]
fn a_computed_length_loses_what_underflows_in_its_squares() {
    let n = 7;
    let (weight, out, o) = (0.5, 0.25, 0.125);
    let layer = |rows, columns, weight| Layer {
        weight: Matrix::from_element(rows, columns, weight),
        bias: Vector::zeros(rows),
        psi: None,
    };
    let layers = vec![layer(n, 1, weight), layer(1, n, out)];
    let network = Network::new(layers, Gain::Rational, Some(vec![o])).expect("a network");
    let mut errors = ParameterError::none_for(&network);
    let exact = any_order_units(&network, &[1.0], &errors).expect("finite");
    errors[0].length = 1.0;
    let computed = any_order_units(&network, &[1.0], &errors).expect("finite");
    // γ = 1/(1+r), r = n/4 + o, ∂y/∂o = -γ² Σ v z.
    let gamma = 1.0 / (1.0 + 0.25 * n as f64 + o);
    let slope = 2.0 * gamma * gamma * n as f64 * weight * out;
    let ratio = (computed.underflow - exact.underflow) / (slope * (n as f64 + 1.0));
    // Some n + 20 roundings, and one of the difference of two numbers below 100.
    assert!((ratio - 1.0).abs() < 1e3 * f64::EPSILON, "{ratio}");
    let ratio = (computed.rounding - exact.rounding) / (0.5 * slope);
    assert!((ratio - 1.0).abs() < 1e3 * f64::EPSILON, "{ratio}");
    let both = exact.plus(&computed);
    assert_eq!(both.rounding, exact.rounding + computed.rounding);
    assert_eq!(both.underflow, exact.underflow + computed.underflow);
    // Parameters of the last layer that are off: ‖δW‖ ‖h‖ + ‖δb‖ + γ ‖δψ‖, h = γ z.
    let h = gamma * weight * (n as f64).sqrt();
    for (weight, bias, psi, expected) in [
        (100.0, 0.0, 0.0, 100.0 * h),
        (0.0, 100.0, 0.0, 100.0),
        (0.0, 0.0, 100.0, 100.0 * gamma),
    ] {
        let mut errors = ParameterError::none_for(&network);
        errors[1] = ParameterError {
            weight,
            bias,
            psi,
            length: 0.0,
        };
        let found = any_order_units(&network, &[1.0], &errors).expect("finite");
        let ratio = (found.rounding - exact.rounding) / expected;
        assert!((ratio - 1.0).abs() < 1e3 * f64::EPSILON, "{ratio}");
    }
}

/// Every part of the count on a network of one neuron a layer, by hand: g = 1/(1+r), z = 3, o = 0, x = 1, so γ = 1/10, h = 3/10,
/// (dγ/dρ)/ρ = -1/50, and y = 10 h + 5 γ.
#[test]
fn one_neuron_is_counted_by_hand() {
    let one = |x: f64| Matrix::from_element(1, 1, x);
    let layer = |weight: f64, psi: Option<f64>| Layer {
        weight: one(weight),
        bias: Vector::from_element(1, 0.0),
        psi: psi.map(|psi| Vector::from_element(1, psi)),
    };
    let layers = vec![layer(3.0, None), layer(10.0, Some(5.0))];
    let network = Network::new(layers, Gain::Rational, Some(vec![0.0])).expect("valid");
    let exact = ParameterError::none_for(&network);
    let units =
        |errors: &[ParameterError<f64>]| any_order_units(&network, &[1.0], errors).expect("finite");
    let alone = units(&exact);
    // 3 products into y; γ, off by 1 + |dγ/dρ|, along W h/γ + ψ = 35; h, off by 1 + ργ, along W; 3 products into z, along
    // ∂y/∂z = W γ - (W z + ψ) z/50 = -1.1.
    let underflow = 3.0 + 35.0 * 1.06 + 10.0 * 1.3 + 1.1 * 3.0;
    let near =
        |found: f64, expected: f64| (found - expected).abs() <= 64.0 * f64::EPSILON * expected;
    assert!(near(alone.underflow, underflow), "{alone:?} {underflow}");
    let mut computed = exact;
    let off = |weight, bias, psi, length| ParameterError {
        weight,
        bias,
        psi,
        length,
    };
    computed[1] = off(2.0, 3.0, 5.0, 0.0);
    computed[0] = off(0.0, 0.0, 0.0, 4.0);
    let both = units(&computed);
    // 2 h + 3 + 5 γ, and ∂y/∂o = (W z + ψ)/100 for 4.
    let rounding = 0.6 + 3.0 + 0.5 + 0.35 * 4.0;
    // 2 products each beside h, 1 and γ; o itself along |W z + ψ|/50, in 2 numbers.
    let more = 2.0 * (0.3 + 1.0 + 0.1) + 0.7 * 2.0;
    assert!(
        near(both.rounding - alone.rounding, rounding),
        "{both:?} {alone:?} {rounding}"
    );
    assert!(
        near(both.underflow - alone.underflow, more),
        "{both:?} {alone:?} {more}"
    );
}
