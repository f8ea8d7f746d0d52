//! The rigorous bounds: never exceeded, not vacuous, and refused where they are computed wrongly.

mod common;

use isotropic::{
    Gain, Layer, Network,
    bound::{
        Relation, certify_svd, difference_at, difference_over_ball, difference_with, enclose,
        norm_above, rounding_over_ball, rounding_units,
    },
    certificate::{Region, certify},
    gauge::{self, Gauge},
    io::{Dtype, ReadOptions, Stored, WriteOptions, safetensors, shipped},
    linalg::{Matrix, Vector, cayley, norm2, product, product_nt, svd},
    network::evaluate,
    resize::{Outgoing, compress, resize},
    scalar::{Enclosure, Field, Interval, Mp, Rational, Real},
};
use num_traits::{One, Zero};
use rand::{Rng, RngExt};

type Narrow = Interval<f64>;

/// (1) of `proofs/tau.md` for o and s on a grid: (γ + 2g's²)² + 4τ²g'²s² ≤ g(o)², with τ² times `factor`.
fn tau_holds(factor: f64) -> Result<(), String> {
    for name in ["tanh", "algebraic", "rational", "rational-tanh"] {
        let gain: Gain<Narrow> = Gain::from_name(name, None).expect("a gain");
        let tau_squared = gain.tau_squared().expect("proved") * Narrow::from_f64(factor);
        for o in (0..40).map(|k| Narrow::from_f64(0.2 * f64::from(k))) {
            for s in (1..200).map(|k| Narrow::from_f64(0.03 * f64::from(k))) {
                let squared = s.square();
                let r = squared.clone() + &o;
                let (gamma, slope) = (gain.enclose(&r), gain.enclose_derivative(&r));
                let two = Narrow::from_int(2);
                let radial = gamma + two.clone() * &slope * &squared;
                let across = Narrow::from_int(4) * &tau_squared * slope.square() * squared;
                let (left, right) = (radial.square() + across, gain.enclose(&o).square());
                if left.lo() > right.hi() {
                    return Err(format!("{name}, o = {o}, s = {s}: {left} > {right}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn tau_is_a_lipschitz_weight_and_no_larger_one_is() {
    tau_holds(1.0).expect("proved");
    tau_holds(1.02).expect_err("τ a hundredth larger");
}

#[test]
fn tau_squared_is_three_halves_over_d() {
    for name in ["tanh", "algebraic", "rational", "rational-tanh"] {
        let gain: Gain<Narrow> = Gain::from_name(name, None).expect("a gain");
        let d: f64 = Gain::<f64>::from_name(name, None).expect("a gain").d();
        let product = gain.tau_squared().expect("proved") * Narrow::from_f64(d);
        let three_halves = Rational::ratio(3, 2).expect("a ratio");
        assert!(
            (product.to_f64() - three_halves.to_f64()).abs() < 1e-15,
            "{name}"
        );
    }
}

// ---------------------------------------------------------------- never exceeded

/// Cases of each arithmetic: 100,000 in all in a campaign.
fn cases() -> u64 {
    if std::env::var_os("ISOTROPIC_CAMPAIGN").is_some() {
        50_000
    } else {
        120
    }
}

fn gain<S: Field>(rng: &mut impl Rng) -> Gain<S> {
    match rng.random_range(0..7) {
        0 => Gain::Algebraic,
        1 => Gain::Rational,
        2 => Gain::RationalTanh,
        3 => Gain::SoftThreshold {
            t: S::from_f64(rng.random_range(0.1..0.6)),
        },
        4 => Gain::Linear,
        _ => Gain::Tanh,
    }
}

/// o times a factor.
fn with_lengths<S: Field>(
    network: &Network<S>,
    factor: &S,
) -> Result<Network<S>, isotropic::Error> {
    let lengths = network.hidden().map(|l| network.length_squared(l) * factor);
    let lengths = lengths.collect();
    Network::new(
        network.layers().to_vec(),
        network.gain().clone(),
        Some(lengths),
    )
}

/// A network and another that some operation makes of it, or that has nothing to do with it.
fn pair<S: Real>(seed: u64) -> (Network<S>, Network<S>, &'static str) {
    let mut rng = common::rng(seed);
    let depth = rng.random_range(1..=4);
    let widths: Vec<usize> = (0..=depth).map(|_| rng.random_range(1..=5)).collect();
    let gain = gain(&mut rng);
    let scale = S::from_f64(10f64.powf(rng.random_range(-1.5..0.7)));
    let network = common::network::<S>(&widths, gain, seed)
        .map(&|x: &S| x.clone() * &scale)
        .expect("finite");
    let other: Vec<usize> = (widths.iter().enumerate())
        .map(|(l, n)| {
            if l == 0 || l == depth {
                *n
            } else {
                rng.random_range(1..=5)
            }
        })
        .collect();
    let image = match rng.random_range(0..8) {
        0 => (
            resize(&network, &other, Outgoing::Random, seed).map(|r| r.network),
            "resized",
        ),
        1 => (compress(&network).map(|r| r.network), "compressed"),
        2 => (
            gauge::diagonalise(&network, Gauge::Left, &[]),
            "diagonalised",
        ),
        3 => (
            gauge::diagonalise(&network, Gauge::Triangular, &[]),
            "triangular",
        ),
        4 => (
            network.map(&|x: &S| S::from_f64(f64::from(x.to_f64() as f32))),
            "rounded to single",
        ),
        6 => (with_lengths(&network, &S::from_f64(1.5)), "other lengths"),
        5 => (network.with_gain(Gain::Algebraic), "another gain"),
        _ => (
            Ok(common::network(&other, network.gain().clone(), seed + 1)),
            "unrelated",
        ),
    };
    let what = image.1;
    (network, image.0.expect("an operation"), what)
}

/// An input of norm at most `radius`, on its sphere two times in three.
fn member<S: Field>(n: usize, radius: f64, rng: &mut impl Rng) -> Vec<S> {
    let x: Vec<f64> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
    let size = norm2(&x).max(1e-9);
    let part = if rng.random_range(0..3) == 0 {
        rng.random_range(0.0..1.0)
    } else {
        1.0 - 1e-12
    };
    x.iter()
        .map(|x| S::from_f64(x / size * radius * part))
        .collect()
}

fn lower(x: &Enclosure) -> f64 {
    x.lo().to_f64().next_down()
}

fn upper(x: &Enclosure) -> f64 {
    x.hi().to_f64().next_up()
}

/// The largest observed / certified over `count` pairs; the error is a bound that was exceeded.
fn never_exceeded<S: Real>(
    count: u64,
    certify: impl Fn(&Network<Enclosure>, &Network<Enclosure>, f64) -> f64,
) -> Result<f64, String> {
    let mut largest = 0.0f64;
    for seed in 0..count {
        let (a, b, what) = pair::<S>(seed);
        let mut rng = common::rng(seed + 1_000_000);
        let radius = 10f64.powf(rng.random_range(-2.0..1.0));
        let (a, b): (Network<Enclosure>, Network<Enclosure>) = (
            enclose(&a).expect("in range"),
            enclose(&b).expect("in range"),
        );
        let bound = certify(&a, &b, radius);
        for _ in 0..6 {
            let x: Vec<Enclosure> = member(a.widths()[0], radius, &mut rng);
            let apart = difference_at(&a, &b, &x).expect("bounded");
            // What is certainly there must not exceed what is certified.
            if lower(&apart) > bound {
                return Err(format!(
                    "seed {seed}, {what}, {}: {apart} > {bound}",
                    a.gain().name()
                ));
            }
            if bound > 0.0 {
                largest = largest.max(lower(&apart) / bound);
            }
        }
    }
    Ok(largest)
}

fn over_ball(a: &Network<Enclosure>, b: &Network<Enclosure>, radius: f64) -> f64 {
    upper(
        &difference_over_ball(a, b, &Enclosure::from_f64(radius))
            .expect("shapes fit")
            .difference,
    )
}

#[test]
fn no_certified_difference_is_exceeded() {
    let start = std::time::Instant::now();
    let in_f64 = never_exceeded::<f64>(cases(), over_ball).expect("f64");
    let in_mp = never_exceeded::<Mp<256>>(cases(), over_ball).expect("mp256");
    println!(
        "largest observed / certified: {in_f64:.4} in f64, {in_mp:.4} in mp256; {:?}",
        start.elapsed()
    );
    assert!(
        in_f64 > 0.3 && in_mp > 0.3,
        "not vacuous: {in_f64}, {in_mp}"
    );
}

#[test]
fn controls_bounds_with_a_term_dropped_are_exceeded() {
    let count = cases().max(120);
    // A tenth off the bound: Λ or s misjudged by as much.
    never_exceeded::<f64>(count, |a, b, radius| 0.9 * over_ball(a, b, radius)).expect_err("scaled");
    // ψ of the second network not looked at.
    let without_psi = |b: &Network<Enclosure>| {
        let layers = b
            .layers()
            .iter()
            .map(|layer| Layer {
                psi: None,
                ..layer.clone()
            })
            .collect();
        let lengths = b.hidden().map(|l| b.length_squared(l)).collect();
        Network::new(layers, b.gain().clone(), Some(lengths)).expect("valid")
    };
    never_exceeded::<f64>(count, |a, b, radius| {
        over_ball(&without_psi(a), &without_psi(b), radius)
    })
    .expect_err("without ψ");
    // o of the second network not looked at.
    let same_lengths = |a: &Network<Enclosure>, b: &Network<Enclosure>| {
        let lengths = b.hidden().map(|l| {
            if l < a.depth() {
                a.length_squared(l)
            } else {
                Zero::zero()
            }
        });
        Network::new(
            b.layers().to_vec(),
            b.gain().clone(),
            Some(lengths.collect()),
        )
        .expect("valid")
    };
    never_exceeded::<f64>(count, |a, b, radius| {
        over_ball(a, &same_lengths(a, b), radius)
    })
    .expect_err("without μ");
    // The bound for half of the ball.
    never_exceeded::<f64>(count, |a, b, radius| over_ball(a, b, radius / 2.0)).expect_err("half");
}

// ---------------------------------------------------------------- tightness

/// The network of a list of numbers, used in turn: two inputs, outputs and neurons a layer.
fn network_of(theta: &[f64], hidden: usize) -> Network<f64> {
    let mut theta = theta.iter().copied();
    let mut next = || theta.next().unwrap_or(0.0);
    let layers = (0..=hidden)
        .map(|l| Layer {
            weight: Matrix::from_fn(2, 2, |_, _| next()),
            bias: Vector::from_fn(2, |_, _| next()),
            psi: (l > 0).then(|| Vector::from_fn(2, |_, _| next())),
        })
        .collect();
    let lengths = (0..hidden).map(|_| next().powi(2)).collect();
    Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid")
}

/// Searches networks and inputs for the largest difference / bound after every hidden layer has been cut to
/// one neuron: random steps whose length follows their success. Returns the certified ratio.
fn attack(hidden: usize, seed: u64) -> f64 {
    let radius = 1.0;
    let mut widths = vec![2; hidden + 2];
    widths[1..=hidden].fill(1);
    let input = |theta: &[f64]| {
        let size = norm2(&theta[..2]).max(1e-12) * (1.0 + 1e-12);
        vec![theta[0] / size * radius, theta[1] / size * radius]
    };
    let score = |theta: &[f64]| -> Option<f64> {
        let network = network_of(&theta[2..], hidden);
        let cut = resize(&network, &widths, Outgoing::Zero, 0).ok()?;
        let x = input(theta);
        let apart = common::distance(
            evaluate(&network, &x).ok()?.as_slice(),
            evaluate(&cut.network, &x).ok()?.as_slice(),
        );
        let ratio = apart / cut.bound(&radius);
        // Differences near rounding prove nothing.
        (ratio.is_finite() && apart > 1e-6).then_some(ratio)
    };
    let mut rng = common::rng(seed);
    let count = 2 + (hidden + 1) * 8 + hidden;
    let mut best: (f64, Vec<f64>) = (
        0.0,
        (0..count).map(|_| rng.random_range(-1.0..1.0)).collect(),
    );
    let mut step = 0.5;
    for _ in 0..12_000 {
        let mut theta = best.1.clone();
        for x in &mut theta {
            if rng.random_range(0..4) == 0 {
                *x = (*x + step * rng.random_range(-1.0..1.0))
                    * if rng.random_range(0..20) == 0 {
                        0.5
                    } else {
                        1.0
                    };
            }
        }
        match score(&theta) {
            Some(ratio) if ratio > best.0 => {
                best = (ratio, theta);
                step = f64::min(step * 1.5, 1.0);
            }
            _ => step = f64::max(step * 0.98, 1e-4),
        }
    }
    // The find, certified: the difference from below, the bound from above.
    let network = network_of(&best.1[2..], hidden);
    let cut = resize(&network, &widths, Outgoing::Zero, 0)
        .expect("found")
        .network;
    let (a, b): (Network<Enclosure>, Network<Enclosure>) = (
        enclose(&network).expect("in range"),
        enclose(&cut).expect("in range"),
    );
    let x: Vec<Enclosure> = input(&best.1)
        .into_iter()
        .map(Enclosure::from_f64)
        .collect();
    lower(&difference_at(&a, &b, &x).expect("bounded")) / over_ball(&a, &b, radius)
}

#[test]
fn an_adversary_comes_within_a_hundredth_of_the_bound() {
    for hidden in [1, 2] {
        let ratio = (1..4).map(|seed| attack(hidden, seed)).fold(0.0, f64::max);
        println!("{hidden} hidden: {ratio:.5} of the certified bound reached");
        assert!((0.99..=1.0).contains(&ratio), "{hidden} hidden: {ratio}");
    }
}

// ---------------------------------------------------------------- the trained networks

/// The network as a file of this type would hold it.
fn written(network: &Network<f64>, dtype: Dtype) -> Stored {
    let options = WriteOptions {
        dtype: Some(dtype),
        ..WriteOptions::default()
    };
    let bytes = safetensors::write("out.safetensors", network, &options).expect("written");
    safetensors::read("out.safetensors", &bytes, &ReadOptions::default()).expect("read")
}

#[test]
fn the_trained_networks_stay_within_their_certificates_on_every_image() {
    let images = shipped::test_digits::<f64>().expect("the data read").x;
    let inputs: Vec<Vec<f64>> = images
        .column_iter()
        .map(|x| x.iter().copied().collect())
        .collect();
    assert_eq!(inputs.len(), 360);
    let largest = inputs.iter().map(|x| norm2(x)).fold(0.0, f64::max);
    let ball = Rational::from_f64(largest.next_up());
    // Interval evaluations of all images belong to a campaign.
    let stride = if std::env::var_os("ISOTROPIC_CAMPAIGN").is_some() {
        1
    } else {
        45
    };
    for (stored, widths) in shipped::networks()
        .expect("the networks read")
        .iter()
        .zip([[64, 44, 30, 10], [64, 64, 60, 10]])
    {
        let network = stored.network::<f64>().expect("in range");
        let cut = resize(&network, &widths, Outgoing::Zero, 0)
            .expect("reachable")
            .network;
        for (what, image) in [
            ("cut", written(&cut, Dtype::F64)),
            ("single", written(&network, Dtype::F32)),
        ] {
            let image_network = image.network::<f64>().expect("in range");
            let over =
                certify::<f64>(stored, &image, &Region::Ball(ball.clone()), None).expect("fits");
            let mut ratios = vec![];
            for (j, x) in inputs.iter().enumerate() {
                let apart = common::distance(
                    evaluate(&network, x).expect("finite").as_slice(),
                    evaluate(&image_network, x).expect("finite").as_slice(),
                );
                assert!(
                    apart <= over.bound(),
                    "{what}, image {j}: {apart} > {}",
                    over.bound()
                );
                if j % stride == 0 {
                    let exact = x.iter().map(|x| Rational::from_f64(*x)).collect();
                    let at = certify::<f64>(stored, &image, &Region::Inputs(vec![exact]), None)
                        .expect("fits");
                    assert!(
                        apart <= at.bound(),
                        "{what}, image {j}: {apart} > {}",
                        at.bound()
                    );
                    assert!(at.bound() <= over.bound(), "{what}, image {j}");
                    ratios.push(apart / at.bound());
                }
            }
            ratios.sort_by(f64::total_cmp);
            let median = ratios[ratios.len() / 2];
            println!(
                "{}, {what}: median {median:.6}, of {} images",
                stored.file(),
                ratios.len()
            );
            // The difference itself is enclosed; what is lost is the rounding of two evaluations.
            assert!(median > 0.99, "{what}: {median}");
        }
    }
}

// ---------------------------------------------------------------- rounding

/// The largest observed / bound of rounding in `S`, measured with the arithmetic `W` of four times the bits.
fn rounding_ratio<S: Real, W: Real>(
    count: u64,
    bound: impl Fn(&Network<S>, &[S]) -> f64,
) -> Result<f64, String> {
    let mut largest = 0.0f64;
    for seed in 0..count {
        let (network, _, _) = pair::<S>(seed);
        let wide = network.cast::<W>().expect("exact");
        let mut rng = common::rng(seed);
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
        let mut rng = common::rng(seed);
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

// ---------------------------------------------------------------- singular values

/// A = U S Vᵀ over ℚ with known singular values 3, 2, 1/7 … and its factors.
fn known(m: usize, n: usize, seed: u64) -> (Matrix<Rational>, Vec<Rational>) {
    let mut rng = common::rng(seed);
    let sigma: Vec<Rational> = (0..m.min(n) as i64)
        .map(|k| Rational::ratio(1 + 3 * (m.min(n) as i64 - k), 7).expect("a ratio"))
        .collect();
    let middle = Matrix::from_fn(m, n, |i, j| {
        if i == j {
            sigma[i].clone()
        } else {
            Rational::zero()
        }
    });
    let a = product_nt(
        &product(&cayley(m, &mut rng), &middle),
        &cayley(n, &mut rng),
    );
    (a, sigma)
}

#[test]
fn singular_values_are_enclosed_whatever_the_factors() {
    for (seed, (m, n)) in [(3, 3), (5, 3), (3, 5), (1, 4), (6, 6)]
        .into_iter()
        .enumerate()
    {
        let (a, sigma) = known(m, n, seed as u64);
        let enclosed = a.map(|q| Enclosure::enclosing(&q));
        let nearest = a.map(|q| Mp::<256>::from_rational(&q));
        let mut factors = svd(&nearest).expect("it converges");
        let certificate =
            certify_svd(&enclosed, &factors.u, &factors.sigma, &factors.v).expect("the shapes fit");
        for (interval, sigma) in certificate.sigma.iter().zip(&sigma) {
            assert!(
                interval.contains_rational(sigma),
                "{m}×{n}: {interval} lacks {sigma}"
            );
            assert!(
                interval.radius() < Mp::from_int(1).scale_by_power_of_two(-230),
                "{interval}"
            );
        }
        let small = Mp::from_int(1).scale_by_power_of_two(-240);
        assert!(
            certificate.left < small && certificate.right < small && certificate.residual < small
        );
        let largest = norm_above(&enclosed);
        assert!(
            largest.hi().to_rational().expect("finite") >= sigma[0]
                && largest.hi().to_f64() < sigma[0].to_f64() * (1.0 + 1e-11)
        );
        // Bad factors: the enclosures widen and still contain.
        factors.u[(0, 0)] += Mp::from_f64(1e-3);
        factors.sigma[0] *= Mp::from_f64(1.001);
        let certificate =
            certify_svd(&enclosed, &factors.u, &factors.sigma, &factors.v).expect("the shapes fit");
        for (interval, sigma) in certificate.sigma.iter().zip(&sigma) {
            assert!(
                interval.contains_rational(sigma),
                "{m}×{n}, bad factors: {interval} lacks {sigma}"
            );
        }
        assert!(certificate.left > Mp::from_f64(1e-5));
        // The control: σ̂ taken at its word is no enclosure.
        assert!(!Enclosure::point(factors.sigma[0].clone()).contains_rational(&sigma[0]));
    }
}

#[test]
fn factors_that_are_no_decomposition_are_refused_or_useless() {
    let a = Matrix::from_fn(3, 2, |i, j| Narrow::from_int((i + 2 * j) as i64));
    let (u, v) = (Matrix::<f64>::identity(3, 2), Matrix::<f64>::identity(2, 2));
    assert!(
        certify_svd(&a, &u, &[1.0, 2.0], &v).is_none(),
        "out of order"
    );
    assert!(certify_svd(&a, &u, &[2.0, -1.0], &v).is_none(), "negative");
    assert!(certify_svd(&a, &v, &[2.0, 1.0], &u).is_none(), "shapes");
    let far = certify_svd(&a, &(u * 3.0), &[2.0, 1.0], &v).expect("the shapes fit");
    assert!(far.left.is_infinite() && far.sigma[1].lo() == &0.0);
    let unbounded = Matrix::from_element(2, 2, Narrow::whole());
    assert!(!norm_above(&unbounded).is_finite());
    assert!(norm_above(&Matrix::from_element(2, 2, Narrow::zero())).is_zero());
}

#[test]
fn operator_norms_far_from_one_keep_their_digits() {
    for e in [-900, -40, 40, 900] {
        let power = Mp::from_int(1).scale_by_power_of_two(e);
        let a = Matrix::from_fn(3, 5, |_, _| Enclosure::point(power.clone()));
        let ratio = norm_above(&a).hi().clone() / power;
        assert!(
            (ratio.to_f64() - 15f64.sqrt()).abs() < 1e-12,
            "2^{e}: {ratio}"
        );
    }
}

// ---------------------------------------------------------------- relations and bad input

#[test]
fn a_wrong_relation_gives_a_large_bound_and_a_misfit_none() {
    let a = common::network::<f64>(&[3, 4, 4, 2], Gain::Tanh, 5);
    let b = gauge::diagonalise(&a, Gauge::Left, &[]).expect("it converges");
    let (a, b): (Network<Enclosure>, Network<Enclosure>) = (
        enclose(&a).expect("in range"),
        enclose(&b).expect("in range"),
    );
    let one = Enclosure::one();
    let found = difference_over_ball(&a, &b, &one).expect("fits");
    assert!(upper(&found.difference) < 1e-13, "{}", found.difference);
    let Relation::Embedded(mut embedding) = found.relation.clone() else {
        panic!("a rotation is an embedding");
    };
    let again = difference_with(&a, &b, &one, &found.relation).expect("fits");
    assert_eq!(again, found.difference);
    // One entry of E off by 1e-6: the bound pays for it, and is still a bound.
    if let Some(matrix) = &mut embedding.maps[0].matrix {
        matrix[(1, 2)] += Mp::from_f64(1e-6);
    }
    let off = difference_with(&a, &b, &one, &Relation::Embedded(embedding.clone())).expect("fits");
    assert!(upper(&off) > 1e-7, "{off}");
    embedding.maps.pop();
    let misfit = difference_with(&a, &b, &one, &Relation::Embedded(embedding)).expect("fits");
    assert!(!misfit.is_finite());
}

#[test]
fn bad_regions_and_pairs_are_refused() {
    let enclosed = |widths: &[usize]| -> Network<Enclosure> {
        enclose(&common::network::<f64>(widths, Gain::Tanh, 1)).expect("in range")
    };
    let (a, b) = (enclosed(&[3, 4, 2]), enclosed(&[3, 4, 2, 5]));
    let one = Enclosure::one();
    let error = difference_over_ball(&a, &b, &one)
        .expect_err("outputs")
        .to_string();
    assert!(error.contains("3 inputs and 5 outputs"), "{error}");
    for radius in [-one.clone(), Enclosure::none(), Enclosure::whole()] {
        let error = difference_over_ball(&a, &a, &radius)
            .expect_err("no radius")
            .to_string();
        assert!(error.contains("radius of the ball"), "{error}");
    }
    let zero = difference_over_ball(&a, &a, &Enclosure::zero()).expect("a point");
    assert!(zero.difference.is_zero(), "a network and itself");
    assert!(difference_at(&a, &a, &[one]).is_err(), "input length");
}

#[test]
fn a_box_of_inputs_is_covered() {
    let a = common::network::<f64>(&[3, 4, 2], Gain::Algebraic, 2);
    let b = common::network::<f64>(&[3, 6, 5, 2], Gain::Tanh, 3);
    let (ea, eb): (Network<Enclosure>, Network<Enclosure>) = (
        enclose(&a).expect("in range"),
        enclose(&b).expect("in range"),
    );
    let side = Enclosure::from_f64(0.1).hull(&Enclosure::from_f64(0.2));
    let bound = difference_at(&ea, &eb, &[side.clone(), side.clone(), side]).expect("bounded");
    let mut rng = common::rng(9);
    for _ in 0..50 {
        let x: Vec<f64> = (0..3).map(|_| rng.random_range(0.1..0.2)).collect();
        let apart = common::distance(
            evaluate(&a, &x).expect("finite").as_slice(),
            evaluate(&b, &x).expect("finite").as_slice(),
        );
        assert!(
            lower(&bound) - 1e-12 <= apart && apart <= upper(&bound) + 1e-12,
            "{apart} in {bound}"
        );
    }
}
