//! Statements on small networks whose every number can be worked out beside them.

use isotropic::{
    Gain, Layer, Network,
    bound::rounding_units,
    linalg::{Matrix, Vector},
    scalar::{Field, Mp, Rational, Real},
    statement::{Arithmetic, Case, Entry, Magnitude, Measurement, Variant, catalogue},
};
use num_traits::Zero;

use super::measured;

fn statement(id: &str) -> Entry {
    let all = catalogue().expect("the declarations parse");
    all.into_iter()
        .find(|entry| entry.id() == id)
        .expect("it is there")
}

fn ratio(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q).expect("not 0")
}

fn layer(rows: &[&[Rational]], bias: &[Rational], psi: Option<&[Rational]>) -> Layer<Rational> {
    Layer {
        weight: Matrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j].clone()),
        bias: Vector::from_column_slice(bias),
        psi: psi.map(Vector::from_column_slice),
    }
}

/// A network of these widths with small distinct entries, ψ and o, of which nothing is special.
fn network(widths: &[usize], gain: Gain<Rational>) -> Network<Rational> {
    let mut k = 0;
    let mut next = || {
        k = (k * 29 + 17) % 101;
        ratio(k - 50, 41)
    };
    let layers = (1..widths.len()).map(|l| {
        let (m, n) = (widths[l], widths[l - 1]);
        Layer {
            weight: Matrix::from_fn(m, n, |_, _| next()),
            bias: Vector::from_fn(m, |_, _| next()),
            psi: (l > 1).then(|| Vector::from_fn(m, |_, _| next())),
        }
    });
    let layers = layers.collect();
    let lengths = (2..widths.len()).map(|l| ratio(l as i64, 3)).collect();
    Network::new(layers, gain, Some(lengths)).expect("it fits")
}

fn case(network: Network<Rational>, inputs: &[&[Rational]]) -> Case {
    Case {
        network,
        inputs: inputs.iter().map(|x| x.to_vec()).collect(),
        seed: 3,
    }
}

fn near(a: &Magnitude, b: f64, within: f64) -> bool {
    (a.to_f64() / b - 1.0).abs() <= within
}

/// A3 at z = 0, where f(hd) = g(h²) h d: the central difference is off by |g'(0)| h², and what is allowed for it is
/// h²/6 · 145/9 |g'(0)| and roundings of relative size u/h³. So the ratio is 54/145 whatever the gain and the precision.
#[test]
fn a3_allows_what_its_bound_on_the_third_derivative_says() {
    let gains = [
        (Gain::Tanh, 1.0 / 3.0),
        (Gain::Algebraic, 0.5),
        (Gain::Rational, 1.0),
        (Gain::RationalTanh, 1.0 / 3.0),
    ];
    for (gain, slope) in gains {
        let one = Rational::from(1);
        let zero = Rational::zero();
        let first = layer(&[std::slice::from_ref(&one)], &[-one.clone()], None);
        let last = layer(
            &[std::slice::from_ref(&one)],
            std::slice::from_ref(&zero),
            None,
        );
        let network = Network::new(vec![first, last], gain, Some(vec![zero])).expect("it fits");
        let case = case(network, &[&[one]]);
        let found = measured(
            &statement("A3"),
            Variant::Faithful,
            Arithmetic::Mp1024,
            &case,
        );
        let sample = &found.expect("it applies").samples[0];
        // h = 2^-341, the third of 1024 bits.
        let scaled = |x: &Magnitude| x.scale_by_power_of_two(2 * 341);
        assert!(near(&scaled(&sample.residual), slope, 1e-15), "{sample:?}");
        assert!(
            near(&scaled(&sample.allowance), slope * 145.0 / 54.0, 1e-15),
            "{sample:?}"
        );
    }
}

/// B2 in doubles: rows of 2^-1040 are of some 30 bits, and what their orthogonality is allowed follows.
#[test]
fn b2_allows_what_underflow_takes() {
    let tiny = Rational(rug::Rational::from(1) >> 1040u32);
    let relative = |scale: &Rational| -> f64 {
        let plain = network(&[3, 3, 2], Gain::Rational);
        let mut layers = plain.layers().to_vec();
        layers[0].weight *= scale.clone();
        let network = Network::new(layers, Gain::Rational, None).expect("it fits");
        let case = case(network, &[&[ratio(1, 3), ratio(1, 5), ratio(1, 7)]]);
        let found = measured(&statement("B2"), Variant::Faithful, Arithmetic::F64, &case);
        let found = found.expect("it applies");
        assert!(
            found
                .samples
                .iter()
                .all(|s| s.ratio() <= Magnitude::from_int(1))
        );
        // After the output, the three pairs of rows of W_1.
        let rows = found.samples[1..].iter();
        rows.map(|s| (s.allowance.clone() / &s.size).to_f64())
            .fold(0.0, f64::max)
    };
    let (plain, small) = (relative(&Rational::from(1)), relative(&tiny));
    // 4 (m + n) u = 24 · 2^-53, and 2^-1074/2^-1040 = 2^-34 for each of a few dozen products, relative to the shortest row.
    assert!(
        (plain / (24.0 * 0.5f64.powi(53)) - 1.0).abs() < 1e-6,
        "{plain:e}"
    );
    let unit = 0.5f64.powi(34);
    assert!((unit..unit * 4096.0).contains(&small), "{small:e}");
}

/// D7 where no neuron has a bias but the one that comes and goes: each wrong version is off by what it forgets, at every layer,
/// both ways.
#[test]
fn d7_is_off_by_what_a_control_forgets() {
    let mut plain = network(&[2, 2, 3, 2], Gain::Rational);
    let mut layers = plain.layers().to_vec();
    for layer in &mut layers {
        layer.bias.fill(Rational::zero());
    }
    plain = Network::new(layers, Gain::Rational, Some(vec![ratio(1, 2), ratio(3, 4)]))
        .expect("it fits");
    let case = case(plain, &[&[ratio(1, 3), ratio(1, 5)]]);
    for control in ["psi-forgotten", "length-additive"] {
        for arithmetic in [Arithmetic::Rational, Arithmetic::F64, Arithmetic::Mp256] {
            let variant = Variant::Control(control);
            let found = measured(&statement("D7"), variant, arithmetic, &case).expect("it applies");
            let off = found
                .samples
                .iter()
                .filter(|s| s.ratio() > Magnitude::from_int(1));
            // Two hidden layers, and to and fro at each; all else is as it should be.
            assert_eq!(off.count(), 4, "{control} in {}", arithmetic.title());
        }
    }
}

/// D9 where the singular values at the cut are 2⁻⁵⁰ apart: within the roundings of doubles, which say nothing then, and a
/// long way apart at 256 bits.
#[test]
fn d9_says_nothing_of_a_tie_within_rounding() {
    let plain = network(&[3, 4, 4, 2], Gain::Tanh);
    let mut layers = plain.layers().to_vec();
    let close = Rational::from(1) + Rational(rug::Rational::from(1) >> 50u32);
    let sigma = [Rational::from(4), close, Rational::from(1), ratio(1, 2)];
    layers[1].weight = Matrix::from_fn(4, 4, |i, j| match i == j {
        true => sigma[i].clone(),
        false => Rational::zero(),
    });
    layers[1].psi = None;
    let tied = Network::new(layers, Gain::Tanh, None).expect("it fits");
    let case = case(tied, &[&[ratio(1, 3), ratio(1, 5), ratio(1, 7)]]);
    let at = |arithmetic| measured(&statement("D9"), Variant::Faithful, arithmetic, &case);
    assert!(at(Arithmetic::F64).is_none());
    let apart = at(Arithmetic::Mp256).expect("they are apart");
    let one = Magnitude::from_int(1);
    assert!(
        apart
            .samples
            .iter()
            .all(|s| s.ratio() <= one && !s.allowance.is_zero())
    );
}

/// E1 with one hidden neuron, its running bound worked out in doubles.
#[test]
fn e1_allows_what_its_running_bound_comes_to() {
    let (w, b, v, c, psi, o, x) = (0.75f64, 0.5, -1.25, 0.375, 0.625, 6.25, 1.5);
    let exact = |x: f64| Rational(rug::Rational::from_f64(x).expect("finite"));
    let first = layer(&[&[exact(w)]], &[exact(b)], None);
    let last = layer(&[&[exact(v)]], &[exact(c)], Some(&[exact(psi)]));
    let network =
        Network::new(vec![first, last], Gain::Tanh, Some(vec![exact(o)])).expect("it fits");
    let case = case(network.clone(), &[&[exact(x)]]);
    let found = measured(
        &statement("E1"),
        Variant::Faithful,
        Arithmetic::Mp256,
        &case,
    );
    let sample = &found.expect("it applies").samples[0];

    // N_1 = 4 + (1 + 4), N_2 = N_1 + (1 + 4); dγ/dρ = (sech²ρ - γ)/ρ.
    let z = w * x + b;
    let rho = (z * z + o).sqrt();
    let gamma = rho.tanh() / rho;
    let slope = ((1.0 - rho.tanh().powi(2)) - gamma) / rho;
    let of_gain = slope.abs() * 9.0 * ((w * x).abs() + b.abs()) + 8.0 * gamma;
    let sizes = gamma * ((v * w * x).abs() + (v * b).abs() + psi.abs()) + c.abs();
    let collapsed = 14.0 * sizes + (v * z + psi).abs() * of_gain;
    let wide: Network<Mp<256>> = network.cast().expect("finite");
    let x = [Mp::<256>::from_f64(x)];
    let own = rounding_units(&wide, &x, &vec![]).expect("finite");
    let units = sample.allowance.scale_by_power_of_two(256);
    assert!(
        near(&units, own + collapsed, 1e-9),
        "{} and {}",
        units.to_f64(),
        own + collapsed
    );
}

/// E6's control counts every neuron: it is right where no layer is wider than n₀ + l - 1, and else off by what the wider
/// layers hold too much.
#[test]
fn e6_differs_from_counting_widths_where_a_layer_is_too_wide() {
    let at = |widths: &[usize]| -> Vec<f64> {
        let inputs: Vec<Rational> = (1..=widths[0]).map(|k| ratio(1, k as i64)).collect();
        let case = case(network(widths, Gain::RationalTanh), &[&inputs]);
        let of = |variant| {
            let found = measured(&statement("E6"), variant, Arithmetic::Rational, &case);
            found.expect("it applies").samples[0].residual.to_f64()
        };
        [Variant::Faithful, Variant::Control("width-counts")]
            .map(of)
            .to_vec()
    };
    // P - Σ n_l (n_l - 1)/2, with W, b, ψ and o.
    let counted = |n: &[usize]| -> f64 {
        let of = |l: usize| {
            let hidden = if l + 1 < n.len() { 1.0 } else { 0.0 };
            let (m, k) = (n[l] as f64, n[l - 1] as f64);
            let psi = if l > 1 { 1.0 } else { 0.0 };
            m * (k + 1.0 + psi) + hidden * (1.0 - m * (m - 1.0) / 2.0)
        };
        (1..n.len()).map(of).sum()
    };
    assert_eq!(at(&[2, 2, 3, 1]), [0.0, 0.0]);
    assert_eq!(at(&[1, 1, 2, 2]), [0.0, 0.0]);
    for (wide, most) in [([2, 3, 4, 1], [2, 2, 3, 1]), ([1, 1, 4, 2], [1, 1, 2, 2])] {
        let too_much = counted(&wide) - counted(&most);
        assert!(too_much > 0.0);
        assert_eq!(at(&wide), [0.0, too_much], "{wide:?}");
    }
}

/// The counts of E6 and F8 are those of ranks modulo a prime at every widths of up to 200 parameters, not only at those that
/// are drawn.
#[test]
fn dimensions_are_as_counted_at_all_widths() {
    let (e6, f8) = (statement("E6"), statement("F8"));
    let mut counted = [0, 0];
    for n0 in 1..=3 {
        for n1 in 1..=6 {
            for n2 in 1..=4 {
                for widths in [vec![n0, n1, n2], vec![n0, n2, n1, 1]] {
                    let inputs: Vec<Rational> = (1..=n0).map(|k| ratio(1, k as i64)).collect();
                    let case = case(network(&widths, Gain::RationalTanh), &[&inputs]);
                    for (k, entry) in [&e6, &f8].into_iter().enumerate() {
                        // E6 trains nothing and F8's other half is slow over ℚ: the smallest are enough for that.
                        if k == 0 && n0 * n1 * n2 > 24 {
                            continue;
                        }
                        let found: Option<Measurement> =
                            measured(entry, Variant::Faithful, Arithmetic::Rational, &case);
                        let Some(found) = found else { continue };
                        assert_eq!(found.broken, None, "{}", entry.id());
                        assert!(
                            found.samples.iter().all(|s| s.residual.is_zero()),
                            "{widths:?}"
                        );
                        counted[k] += 1;
                    }
                }
            }
        }
    }
    println!("E6 {}, F8 {}", counted[0], counted[1]);
    assert!(counted[0] > 60 && counted[1] > 100, "{counted:?}");
}
