//! What rotations leave, beside what [`Leeway::Usual`] and the witness of the outputs allow: never more, and within 2⁶.

use isotropic::{
    Gain, Network, Scalar,
    gauge::{
        Leeway, compare_allowing,
        diagnose::{SLACK, Testimony, hear},
        rotate,
    },
    io::shipped,
    scalar::{Field, Interval, Mp, Rational},
};

use crate::support;

type Wide = Mp<256>;

fn rotated<S: Scalar>(network: &Network<S>, seed: u64) -> Network<S> {
    let mut rng = support::rng(seed);
    network.hidden().fold(network.clone(), |network, l| {
        let r = S::orthogonal(network.layer(l).width(), &mut rng);
        rotate(&network, l, &r).unwrap()
    })
}

/// The largest residual beside its allowance, and the largest output difference beside what is explained.
fn measured<S: Scalar>(network: &Network<S>, seed: u64) -> (f64, f64) {
    let copy = rotated(network, seed);
    let u = Wide::from_rational(&S::unit_roundoff().to_rational().unwrap());
    let (a, b) = (
        network.cast::<Wide>().unwrap(),
        copy.cast::<Wide>().unwrap(),
    );
    let comparison = compare_allowing(&a, &b, Leeway::Usual).unwrap();
    let enclosed = |n: &Network<S>| n.cast::<Interval<Mp<128>>>().unwrap();
    let x: Vec<Rational> = support::input::<Rational>(network.layer(1).weight.ncols(), seed);
    let heard = hear(&enclosed(network), &enclosed(&copy), &x)
        .unwrap()
        .unwrap();
    let narrow = Mp::<128>::from_rational(&S::unit_roundoff().to_rational().unwrap());
    assert_eq!(
        heard.testimony(&narrow),
        Testimony::Explained,
        "seed {seed}"
    );
    (
        comparison.ratio(&u).to_f64(),
        heard.ratio(&narrow).to_f64() / SLACK as f64,
    )
}

fn largest<S: Scalar>(name: &str, seeds: u64) {
    let trained: Network<S> = shipped::networks().unwrap()[0].network().unwrap();
    let mut networks = vec![("trained".to_string(), trained)];
    for widths in [&[8, 8, 8, 4][..], &[20, 24, 16, 8], &[10, 16, 16, 16, 5]] {
        networks.push((
            format!("{widths:?}"),
            support::network(widths, Gain::Tanh, 1),
        ));
    }
    for (shape, network) in networks {
        let (mut residual, mut output) = (0f64, 0f64);
        for seed in 0..seeds {
            let (r, o) = measured(&network, seed);
            (residual, output) = (residual.max(r), output.max(o));
        }
        println!(
            "{name} {shape}, {seeds} seeds: residual {residual:.3} of the allowance, outputs {output:.4}"
        );
        assert!(residual <= 1.0, "{name} {shape}: {residual}");
        // The promise: what is 2⁶ times an honest residual is found.
        assert!(residual >= 1.0 / 64.0, "{name} {shape}: {residual}");
        assert!(output <= 1.0, "{name} {shape}: {output}");
    }
}

#[test]
fn honest_rotations_are_allowed_and_not_much_more() {
    let campaign = std::env::var_os("ISOTROPIC_CAMPAIGN").is_some();
    let seeds = if campaign { 100 } else { 1 };
    largest::<f32>("f32", seeds);
    largest::<f64>("f64", seeds);
}
