//! Certificates at the ends of the range, with thresholds that all but agree, and with claims that all but hold.

mod claims;
mod labels;

use isotropic::{
    bound::{Embedding, Relation},
    certificate::{Certificate, Check, Region, Subject, certify, check, fingerprint, observe},
    io::{ReadOptions, Stored, yaml},
    judge::Verdict,
    linalg::Matrix,
    scalar::{
        Field, Mp, Rational,
        interval::{Endpoint, Toward},
        text::parse_exact,
    },
};

fn stored(text: &str) -> Stored {
    yaml::read("net.yaml", text, &ReadOptions::default()).expect("a network")
}

/// 1-400-1-1 with 400 equal neurons: W_1 as given, o_1 near the largest f32, W_2 2^122 and W_3 10⁴ as they are.
fn equal_neurons(weight: &str) -> Stored {
    let quoted = |word: &str| vec![format!("\"{word}\""); 400].join(", ");
    let rows = vec![format!("[\"{weight}\"]"); 400].join(", ");
    stored(&format!(
        "isotropic: 1\nwidths: [1, 400, 1, 1]\ngain: rational\nlayers:\n  - weight: [{rows}]\n    bias: [{}]\n    \
         intrinsic_length_squared: \"0x1.f0876p127\"\n  - weight: [[{}]]\n    bias: [\"0\"]\n    \
         intrinsic_length_squared: \"0\"\n  - weight: [[\"0x1.388p13\"]]\n    bias: [\"0\"]\n",
        quoted("0"),
        quoted("0x1.e17b84p122"),
    ))
}

fn soft_threshold(t: &str) -> Stored {
    stored(&format!(
        "isotropic: 1\nwidths: [1, 1, 1]\ngain: soft-threshold\nthreshold: \"{t}\"\nlayers:\n  - weight: [[\"1\"]]\n    \
         bias: [\"0\"]\n    intrinsic_length_squared: \"0\"\n  - weight: [[\"1\"]]\n    bias: [\"0\"]\n"
    ))
}

#[test]
fn every_neuron_may_lose_the_smallest_number() {
    let (a, b) = (
        equal_neurons("0x1.746494p-21"),
        equal_neurons("0x1.74667cp-21"),
    );
    let ball = Region::Ball(Rational::from(1));
    // Nothing is rotated: an alignment of 400 neurons would take its time.
    let same = Relation::Embedded(Embedding::inclusion(&a.widths()));
    let certified = certify::<f32>(&a, &b, &ball, Some(&same)).expect("fits");
    let pair = (
        &a.network().expect("in range"),
        &b.network().expect("in range"),
    );
    let observed = observe::search::<f32>(pair, &Rational::from(1));
    // 0.056052 is seen; one smallest number for all 400 neurons together certified 0.020928.
    assert!(observed > 0.056, "{observed}");
    assert_eq!(
        observe::judge(certified.bound(), observed),
        Verdict::Verified,
        "{certified:?}"
    );
    assert!(certified.bound() < 1.0, "{certified:?}");
}

#[test]
fn thresholds_inside_one_interval_are_not_equal() {
    let nearly = format!("0.1{}1", "0".repeat(99));
    let (a, b) = (soft_threshold("0.1"), soft_threshold(&nearly));
    let ball = Region::Ball(Rational::from(1));
    let certified = certify::<Mp<1024>>(&a, &b, &ball, None).expect("fits");
    assert!(certified.function >= 1e-101, "{certified:?}");
    let pair = (
        &a.network().expect("in range"),
        &b.network().expect("in range"),
    );
    let observed = observe::search::<Mp<1024>>(pair, &Rational::from(1));
    assert!(
        observed > 9e-102 && observed <= certified.bound(),
        "{observed}"
    );
    // A threshold that is a point is equal to itself.
    let (a, b) = (soft_threshold("0.125"), soft_threshold("0x1p-3"));
    let certified = certify::<Mp<1024>>(&a, &b, &ball, None).expect("fits");
    assert_eq!(certified.function, 0.0);
}

fn certificate_of(a: &Stored, b: &Stored, region: Region) -> Certificate {
    let certified = certify::<f64>(a, b, &region, None).expect("fits");
    Certificate {
        a: Subject::of(b"a", a),
        b: Subject::of(b"b", b),
        scalar: "f64".into(),
        region,
        certified_bound: certified.bound(),
        function_bound: certified.function,
        relation: certified.relation,
    }
}

#[test]
fn an_input_that_the_scalar_does_not_hold_is_paid_for() {
    let (a, b) = (soft_threshold("0.125"), soft_threshold("0.25"));
    let third = Rational::ratio(1, 3).expect("a ratio");
    let in_f32 = |x: &Rational| {
        certify::<f32>(&a, &b, &Region::Inputs(vec![vec![x.clone()]]), None).expect("fits")
    };
    let nearest = Rational::from_f64(f64::from(third.to_f64() as f32));
    let moved = (third.clone() - &nearest).to_f64().abs();
    let (rounded, exact) = (in_f32(&third).evaluation, in_f32(&nearest).evaluation);
    assert!(rounded >= exact + moved, "{rounded} {exact} {moved}");
}

#[test]
fn an_evaluation_that_overflows_is_not_certified() {
    // 3e38 · 2 is beyond f32 and nothing special in f64, in which the bound is computed.
    let net = |bias: &str| {
        stored(&format!(
            "isotropic: 1\nwidths: [1, 1]\ngain: linear\nlayers:\n  - weight: [[\"3e38\"]]\n    bias: [\"{bias}\"]\n"
        ))
    };
    let (a, b) = (net("0"), net("1"));
    let two = Region::Inputs(vec![vec![Rational::from(2)]]);
    assert!(
        certify::<f32>(&a, &b, &two, None)
            .expect("fits")
            .bound()
            .is_infinite()
    );
    assert!(
        certify::<f64>(&a, &b, &two, None)
            .expect("fits")
            .bound()
            .is_finite()
    );
}

#[test]
fn the_inputs_that_are_tried_lie_in_the_ball() {
    let direction = [0.3, -1.7, 0.9, 1e-12, 2.5];
    for radius in ["1", "1e-44", "1e-320", "0.1", "3e38", "1/3", "0"] {
        let radius = parse_exact(radius).expect("a number");
        within::<f32>(
            &direction,
            &radius,
            if radius < Rational::from(1) {
                0.0
            } else {
                0.99
            },
        );
        within::<f64>(
            &direction,
            &radius,
            if radius.to_f64() < 1e-300 { 0.0 } else { 0.99 },
        );
        within::<Rational>(&direction, &radius, 0.99);
    }
}

fn within<S: isotropic::Scalar>(direction: &[f64], radius: &Rational, least: f64) {
    let x: Vec<S> = observe::in_ball(direction, radius);
    let squares = x.iter().map(|x| {
        let x = x.to_rational().expect("finite");
        x.clone() * x
    });
    let squared = squares.fold(Rational::from(0), |sum, x| sum + x);
    let limit = radius.clone() * radius;
    assert!(squared <= limit, "{} at {radius}", S::name());
    assert!(
        squared >= limit * Rational::from_f64(least * least),
        "{} at {radius}",
        S::name()
    );
}

/// Numbers of a file that f32 does not hold are another network there: over a ball that is paid for, and the roundings besides.
#[test]
fn a_parameter_that_the_scalar_does_not_hold_is_paid_for_over_a_ball() {
    let network = stored(
        "isotropic: 1\nwidths: [1, 1]\ngain: linear\nlayers:\n  - weight:\n      - [\"0.1\"]\n    bias: [\"0\"]\n",
    );
    let ball = Region::Ball(Rational::from(1));
    let certified = certify::<f32>(&network, &network, &ball, None).expect("fits");
    let held = Rational::from_f64(f64::from(0.1f32));
    let off = (held - parse_exact("0.1").expect("a number"))
        .to_f64()
        .abs();
    let rounding = 0.1 * f64::from(f32::EPSILON) / 2.0;
    // Enclosures have 256 bits, and 0.1 is not a number of those either.
    assert!(certified.function <= 2f64.powi(-255), "{certified:?}");
    // Both evaluations are off by the weight and by the rounding of one product at least.
    assert!(
        certified.evaluation >= 2.0 * (off + rounding),
        "{certified:?}"
    );
}

/// What a scalar makes of the numbers in a file is part of the bound at inputs.
#[test]
fn reading_a_file_is_part_of_its_evaluation_at_inputs() {
    let line = |weight: &str| {
        stored(&format!(
            "isotropic: 1\nwidths: [1, 1, 1]\ngain: linear\nlayers:\n  - weight: [[\"{weight}\"]]\n    bias: [\"0\"]\n    \
             intrinsic_length_squared: \"0\"\n  - weight: [[\"1\"]]\n    bias: [\"0\"]\n"
        ))
    };
    let inputs = Region::Inputs(vec![vec![Rational::from(1)]]);
    let of = |net: &Stored| {
        certify::<f32>(net, net, &inputs, None)
            .expect("fits")
            .evaluation
    };
    let read = of(&line("0x1.99999ap-4"));
    // 0.1, and the f64 next to it, which intervals hold to the last bit, are off by 1.490116e-9 in f32, in both networks.
    for tenth in [of(&line("0.1")), of(&line("0x1.999999999999ap-4"))] {
        assert!(
            tenth - read > 2.9e-9 && tenth - read < 3.1e-9,
            "{tenth:e} {read:e}"
        );
    }
}

/// Beyond 256 bits an interval of the number in a file is wider than what reading it loses, and that width is paid, also where
/// every other number of the network is a point.
#[test]
fn one_number_that_intervals_do_not_hold_is_paid_for() {
    let of = |weight: &str| {
        let net = stored(&format!(
            "isotropic: 1\nwidths: [1, 1, 1]\ngain: linear\nlayers:\n  - weight: [[\"{weight}\"]]\n    bias: [\"0\"]\n    \
             intrinsic_length_squared: \"0\"\n  - weight: [[\"1\"]]\n    bias: [\"0\"]\n"
        ));
        let regions = [
            Region::Inputs(vec![vec![Rational::from(1)]]),
            Region::Ball(Rational::from(1)),
        ];
        regions.map(|region| {
            let certified = certify::<Mp<1024>>(&net, &net, &region, None);
            certified.expect("fits").evaluation
        })
    };
    // The width of the interval of 1/10 at 256 bits, in both networks.
    let width = 2.0 * (-259f64).exp2();
    assert!(
        of("0.1").iter().all(|paid| *paid >= width),
        "{:?}",
        of("0.1")
    );
    assert!(
        of("0.125").iter().all(|paid| *paid < width),
        "{:?}",
        of("0.125")
    );
}

/// An input that the scalar holds excuses no other one.
#[test]
fn every_input_that_is_rounded_is_paid_for() {
    let a = soft_threshold("0.125");
    // The smaller one has the smaller rounding errors, too.
    let (held, rounded) = (
        vec![Rational::ratio(1, 4).expect("not over 0")],
        vec![Rational::ratio(7, 10).expect("not over 0")],
    );
    let paid = |inputs: Vec<Vec<Rational>>| {
        let certified = certify::<f32>(&a, &a, &Region::Inputs(inputs), None);
        certified.expect("fits").evaluation
    };
    let alone = paid(vec![rounded.clone()]);
    assert!(
        paid(vec![held.clone(), rounded.clone()]) >= alone && paid(vec![rounded, held]) >= alone
    );
}

/// A ball of one point has a certificate that can be read.
#[test]
fn a_ball_may_have_the_radius_0() {
    let a = soft_threshold("0.125");
    let text = certificate_of(&a, &a, Region::Ball(Rational::from(0))).to_yaml();
    let read = Certificate::read("c.yaml", &text).expect("a certificate");
    assert_eq!(read.region, Region::Ball(Rational::from(0)));
}

#[test]
fn an_input_of_another_length_is_named() {
    let a = soft_threshold("0.125");
    let mut certificate = certificate_of(&a, &a, Region::Inputs(vec![vec![Rational::from(1)]]));
    certificate.region = Region::Inputs(vec![vec![Rational::from(1)], vec![]]);
    let subject = |name: &[u8]| Subject::of(name, &a);
    let found = check::<f64>(&certificate, (&a, &subject(b"a")), (&a, &subject(b"b")));
    match found.expect("fits") {
        Check::Invalid(why) => assert!(why.contains("input 2 has 0 entries"), "{why}"),
        other => panic!("{other:?}"),
    }
}

/// Among inputs that fit, one that does not is refused by its length, whichever it is.
#[test]
fn inputs_of_two_lengths_are_refused() {
    let a = soft_threshold("0.125");
    let (fits, not) = (
        vec![Rational::from(1)],
        vec![Rational::from(1), Rational::from(2)],
    );
    for inputs in [[fits.clone(), not.clone()], [not, fits]] {
        let refused = certify::<f64>(&a, &a, &Region::Inputs(inputs.into()), None);
        let why = refused.expect_err("one has two entries").to_string();
        assert!(why.contains("2"), "{why}");
    }
}
