//! Rounding errors against their bounds, measured with four times the bits.

use crate::support;
use isotropic::{
    Gain, Layer, Network,
    bound::{difference_over_ball, enclose, rounding_over_ball, rounding_units},
    linalg::{Matrix, Vector, norm2},
    network::evaluate,
    scalar::{Enclosure, Field, Mp, Real},
};
use num_traits::{One, Zero};
use rand::RngExt;

use super::pairs::{cases, member, pair, upper};

/// The largest observed / bound of rounding in `S`, measured with the arithmetic `W` of four times the bits.
fn rounding_ratio<S: Real, W: Real>(
    count: u64,
    bound: impl Fn(&Network<S>, &[S]) -> f64,
) -> Result<f64, String> {
    let mut largest = 0.0f64;
    for seed in 0..count {
        let (network, _, _) = pair::<S>(seed);
        let wide = network.cast::<W>().expect("exact");
        let mut rng = support::rng(seed);
        for _ in 0..3 {
            let x: Vec<S> = member(
                network.widths()[0],
                10f64.powf(rng.random_range(-2.0..1.0)),
                &mut rng,
            );
            let x_wide: Vec<W> = x
                .iter()
                .map(|x| W::from_rational(&x.to_rational().expect("finite")))
                .collect();
            let exact = evaluate(&wide, &x_wide).expect("finite");
            let rounded = evaluate(&network, &x).expect("finite");
            let errors: Vec<W> = (rounded.iter().zip(exact.iter()))
                .map(|(y, z)| W::from_rational(&y.to_rational().expect("finite")) - z)
                .collect();
            let units = norm2(&errors).to_f64() / S::unit_roundoff().to_f64();
            let ratio = units / bound(&network, &x);
            if ratio > 1.0 {
                return Err(format!("seed {seed}: {ratio}"));
            }
            largest = largest.max(ratio);
        }
    }
    Ok(largest)
}

#[test]
fn rounding_stays_within_its_bound_at_four_times_the_bits() {
    fn units<S: Real>(network: &Network<S>, x: &[S]) -> f64 {
        rounding_units(network, x, &vec![]).expect("finite")
    }
    let count = cases();
    let in_f32 = rounding_ratio::<f32, Mp<256>>(count, units).expect("f32");
    let in_f64 = rounding_ratio::<f64, Mp<256>>(count, units).expect("f64");
    let in_mp = rounding_ratio::<Mp<256>, Mp<1024>>(count.min(1000), units).expect("mp256");
    println!("largest observed / bound: {in_f32:.3} f32, {in_f64:.3} f64, {in_mp:.3} mp256");
    assert!(
        [in_f32, in_f64, in_mp].iter().all(|ratio| *ratio > 0.05),
        "not vacuous"
    );
    // Without the last layer's own roundings: the bound of a network that ends with an exact layer.
    rounding_ratio::<f64, Mp<256>>(count, |network, x| 0.05 * units(network, x))
        .expect_err("a twentieth");
    rounding_ratio::<f64, Mp<256>>(count, |network, x| {
        units(network, x) - last_layer(network, x)
    })
    .expect_err("a term dropped");
}

/// What the last layer's roundings contribute at least: half of the bound of the last layer alone.
fn last_layer(network: &Network<f64>, x: &[f64]) -> f64 {
    let depth = network.depth();
    let trace = isotropic::network::trace(network, x).expect("finite");
    let alone = Network::new(
        vec![Layer {
            psi: None,
            ..network.layer(depth).clone()
        }],
        network.gain().clone(),
        None,
    )
    .expect("valid");
    rounding_units(&alone, trace.input_of(depth, x), &vec![]).expect("finite")
}

#[test]
fn rounding_over_a_ball_bounds_rounding_at_its_members() {
    for seed in 0..60 {
        let (network, _, _) = pair::<f64>(seed);
        let enclosed: Network<Enclosure> = enclose(&network).expect("in range");
        let wide = network.cast::<Mp<256>>().expect("exact");
        let mut rng = support::rng(seed);
        for radius in [0.0, 0.1, 3.0] {
            let bound = rounding_over_ball(&enclosed, &Enclosure::from_f64(radius), Some(53))
                .expect("a radius");
            let x: Vec<f64> = member(network.widths()[0], radius, &mut rng);
            let x_wide: Vec<Mp<256>> = x.iter().map(|x| Field::from_f64(*x)).collect();
            let exact = evaluate(&wide, &x_wide).expect("finite");
            let rounded = evaluate(&network, &x).expect("finite");
            let errors: Vec<Mp<256>> = rounded
                .iter()
                .zip(exact.iter())
                .map(|(y, z)| Mp::<256>::from_f64(*y) - z)
                .collect();
            assert!(
                norm2(&errors).to_f64() <= upper(&bound),
                "seed {seed}, radius {radius}"
            );
        }
        let exact = rounding_over_ball(&enclosed, &Enclosure::one(), None).expect("a radius");
        assert!(exact.is_zero(), "exact arithmetic does not round");
    }
    let (network, _, _) = pair::<f64>(3);
    let huge = Enclosure::from_f64(1e300) * Enclosure::from_f64(1e300);
    let bound = rounding_over_ball(&enclose(&network).expect("in range"), &huge, Some(53))
        .expect("a radius");
    assert!(
        !bound.is_finite(),
        "f64 overflows there, and nothing is claimed: {bound}"
    );
}

/// κ_l (‖W_l‖ ‖h‖ + ‖b_l‖ + γ ‖ψ_l‖): every part of what computed parameters are allowed counts.
#[test]
fn an_allowance_covers_weights_biases_and_psi() {
    let kappa = 1e6;
    let of = |weight: f64, bias: f64, psi: f64| {
        let layer = |weight, bias, psi| Layer {
            weight: isotropic::linalg::Matrix::from_element(1, 1, weight),
            bias: isotropic::linalg::Vector::from_element(1, bias),
            psi,
        };
        let psi = Some(isotropic::linalg::Vector::from_element(1, psi));
        let layers = vec![layer(1.0, 0.0, None), layer(weight, bias, psi)];
        let network = Network::new(layers, isotropic::Gain::Linear, None).expect("a network");
        let with = rounding_units(&network, &[3.0], &vec![0.0, kappa]).expect("finite");
        with - rounding_units(&network, &[3.0], &vec![]).expect("finite")
    };
    for (found, expected) in [
        (of(5.0, 0.0, 0.0), 15.0),
        (of(0.0, 7.0, 0.0), 7.0),
        (of(0.0, 0.0, 11.0), 11.0),
        (of(5.0, 7.0, 11.0), 33.0),
    ] {
        let share = found / (kappa * expected);
        // The difference is rounded once; of second order is κ u, 10⁻¹⁰.
        let least = 1.0 - 2.0 * f64::EPSILON;
        assert!((least..1.0 + 1e-9).contains(&share), "{found} {expected}");
    }
}

/// Σ |p_k| + |s_k| in closed form: eight products of 1, the sums 2 … 8, and 8 + b.
#[test]
fn a_layer_alone_is_bounded_by_its_products_and_partial_sums() {
    fn units<S: Real>() -> f64 {
        let layer = Layer {
            weight: isotropic::linalg::Matrix::from_element(1, 8, S::one()),
            bias: isotropic::linalg::Vector::from_element(1, S::one()),
            psi: None,
        };
        let network = Network::new(vec![layer], isotropic::Gain::Tanh, None).expect("a network");
        rounding_units(&network, &vec![S::one(); 8], &vec![]).expect("finite")
    }
    let exact = 8.0 + 35.0 + 9.0;
    // Of second order are some twenty u.
    for (units, u) in [
        (units::<f32>(), 2f64.powi(-24)),
        (units::<f64>(), f64::EPSILON),
    ] {
        assert!(
            (exact..exact * (1.0 + 100.0 * u)).contains(&units),
            "{units}"
        );
    }
}

/// Where γ z has a maximum, errors of z do not reach the output: 1/(1+r) at z = 1, o = 0, y = h = 1/2. What is left are 8 units of
/// h, the product and the sum of the last layer.
#[test]
fn the_slope_of_the_activation_is_that_of_the_gain() {
    let layer = || Layer {
        weight: isotropic::linalg::Matrix::from_element(1, 1, 1.0),
        bias: isotropic::linalg::Vector::from_element(1, 0.0),
        psi: None,
    };
    let network =
        Network::new(vec![layer(), layer()], isotropic::Gain::Rational, None).expect("a network");
    let units = rounding_units(&network, &[1.0], &vec![]).expect("finite");
    assert!((5.0..5.0 + 1e3 * f64::EPSILON).contains(&units), "{units}");
}

/// Where a product is subnormal nothing but the smallest number tells how far it is off, in both formats that have one.
#[test]
fn what_underflows_is_within_the_bound_at_one_input() {
    fn ratio<S: Real>(smallest: i64) -> f64 {
        let power = |e: i64| S::one().scale_by_power_of_two(e);
        let layer = |weight| Layer {
            weight: Matrix::from_element(1, 1, weight),
            bias: Vector::from_element(1, S::zero()),
            psi: None,
        };
        // z = 3/2 of the smallest number, which is no number of the format; y = z/2^smallest is off by a half.
        let half = -smallest / 2;
        let layers = vec![
            layer(power(smallest + 1)),
            layer(power(half)),
            layer(power(-smallest - half)),
        ];
        let network = Network::new(layers, Gain::Linear, None).expect("valid");
        let x = [S::from_f64(0.75)];
        let y = evaluate(&network, &x).expect("finite")[0].to_f64();
        let units = rounding_units(&network, &x, &vec![]).expect("finite");
        assert_eq!((y - 1.5).abs(), 0.5, "{}", S::name());
        0.5 / (units * S::unit_roundoff().to_f64())
    }
    for ratio in [ratio::<f32>(-149), ratio::<f64>(-1074)] {
        assert!(ratio <= 1.0 && ratio > 0.01, "{ratio}");
    }
}

/// A radius that might be negative is no radius, whatever else it might be.
#[test]
fn a_radius_is_not_negative_anywhere() {
    let (a, b, _) = pair::<f64>(0);
    let (a, b) = (enclose(&a).expect("finite"), enclose(&b).expect("finite"));
    let radius =
        |lo: f64, hi: f64| Enclosure::new(Mp::from_f64(lo), Mp::from_f64(hi)).expect("in order");
    assert!(difference_over_ball(&a, &b, &radius(-1.0, 2.0)).is_err());
    assert!(rounding_over_ball(&a, &radius(-1.0, 2.0), Some(53)).is_err());
    assert!(rounding_over_ball(&a, &radius(0.0, 2.0), Some(53)).is_ok());
}
