//! Given networks: none is refuted for lying far out, and no counterexample is lost by looking twice.
//!
//! 234 networks: every family with nine pairs of a gain and a scale, so that each family meets every gain and
//! every scale. One in twenty by default, all with `ISOTROPIC_CAMPAIGN=1`.

use isotropic::{
    Gain, Layer, Network,
    family::{Draw, Family, Spec},
    judge::{Slope, Tally, Verdict},
    linalg::{Matrix, Vector},
    scalar::Rational,
    statement::{Arithmetic, Entry, Judge, Origin, Variant, catalogue},
    verify::{Given, Outcome, Plan, Source, render, run},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// 2^e times the parameters of a family: subnormal, small, as drawn, large, at the end of f64.
const SCALES: [i32; 7] = [-1060, -500, -100, 0, 100, 500, 1000];

fn power(e: i32) -> Rational {
    Rational(rug::Rational::from(1) << e)
}

fn gains() -> Vec<Gain<Rational>> {
    let soft = |t| Gain::SoftThreshold { t };
    vec![
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        Gain::Linear,
        Gain::Log1p,
        soft(Rational::from(10)),
        soft(power(-997)),
        soft(power(997)),
    ]
}

/// The network as a file of doubles would hold it; `None` where it overflows them.
fn stored(
    family: Family,
    gain: Gain<Rational>,
    scale: i32,
    seed: u64,
) -> Option<Network<Rational>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let spec = Spec::real();
    let mut draw = Draw::random(&spec, 0, &mut rng);
    if family == Family::Typical {
        draw.depth = draw.depth.max(3);
    }
    // The threshold of a gain is not scaled with the weights.
    let drawn = draw.build(&spec, family).ok()?.network;
    let drawn = drawn.with_gain(Gain::Linear).ok()?;
    let scaled = drawn.map(&|x: &Rational| x.clone() * &power(scale)).ok()?;
    let scaled = scaled.cast::<f64>().ok()?.cast::<Rational>().ok()?;
    scaled.with_gain(gain).ok()
}

struct Hard {
    name: String,
    network: Network<Rational>,
}

fn hard() -> Vec<Hard> {
    let gains = gains();
    let mut all = vec![];
    for (f, family) in Family::ALL.into_iter().enumerate() {
        for (g, gain) in gains.iter().enumerate() {
            let scale = SCALES[(f + g) % SCALES.len()];
            let seed = (f * gains.len() + g) as u64;
            // What does not fit into doubles at one scale does so a few binades lower.
            let scales = [scale, scale - 60, 0, -300];
            let found = scales
                .into_iter()
                .find_map(|scale| Some((scale, stored(family, gain.clone(), scale, seed)?)));
            let (scale, network) = found.expect("some scale fits");
            let name = format!("{} {} (the {g}th) 2^{scale}", family.name(), gain.name());
            all.push(Hard { name, network });
        }
    }
    all
}

fn measured(entries: &[Entry], networks: &[Hard]) -> Outcome {
    let source = |hard: &Hard| Source {
        name: hard.name.clone(),
        origin: Origin::Given {
            network: hard.network.clone(),
            inputs: vec![],
        },
        arithmetics: vec![Arithmetic::F64, Arithmetic::Mp256],
        cases: 2,
    };
    let plan = Plan {
        seed: 1,
        sources: networks.iter().map(source).collect(),
        controls: Source {
            name: "none".into(),
            origin: Origin::Generated,
            arithmetics: vec![],
            cases: 0,
        },
        families: None,
        proved_only: vec![],
    };
    run(entries, &plan, &|_, _, _| ())
}

/// The catalogue without its controls, which are measured on generated networks alone.
fn statements() -> Vec<Entry> {
    let mut entries = catalogue().expect("the declarations parse");
    entries
        .iter_mut()
        .for_each(|e| e.declaration.controls.clear());
    entries
}

#[test]
fn no_hard_network_refutes_anything() {
    let all = std::env::var_os("ISOTROPIC_CAMPAIGN").is_some();
    let networks = hard();
    assert_eq!(networks.len(), 234);
    // 23 is prime to 26 and to 9: eleven of them meet eleven families and every gain.
    let few: Vec<Hard> = match all {
        true => networks,
        false => networks.into_iter().step_by(23).collect(),
    };
    let outcome = measured(&statements(), &few);
    let (mut verified, mut silent, mut wrong) = (0, 0, vec![]);
    for section in &outcome.sections {
        for statement in &section.statements {
            match statement.verdict() {
                Some(Verdict::Verified) => verified += 1,
                None => silent += 1,
                Some(_) => wrong.push(format!(
                    "{}: {} {:?}",
                    section.name,
                    statement.id,
                    statement.complaints()
                )),
            }
        }
    }
    println!(
        "{verified} verified, {silent} say nothing, {:.1} s",
        outcome.seconds
    );
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        outcome.sections.len() * outcome.sections[0].statements.len(),
        wrong.join("\n")
    );
    // Far out most statements still have something to say.
    assert!(
        verified > 4 * silent,
        "{verified} verified, {silent} silent"
    );
}

/// A network in the middle of every range, wide enough for every control to show on.
fn ordinary() -> Network<Rational> {
    let spec = Spec {
        width: 4,
        ..Spec::real()
    };
    let mut draw = Draw::random(&spec, 0, &mut ChaCha8Rng::seed_from_u64(5));
    draw.depth = 3;
    draw.widths = vec![3, 4, 4, 3];
    draw.psi = true;
    draw.lengths = true;
    draw.build(&spec, Family::Typical).expect("it fits").network
}

#[test]
fn a_second_look_loses_no_counterexample() {
    let entries = catalogue().expect("the declarations parse");
    let origin = Origin::Given {
        network: ordinary(),
        inputs: vec![],
    };
    let mut shown = 0;
    for entry in &entries {
        for control in &entry.declaration.controls {
            let given = Given {
                entry,
                variant: Variant::Control(&control.id),
                arithmetic: Arithmetic::F64,
            };
            let mut alone = Tally::default();
            for index in 0..4 {
                let case = entry
                    .case(&origin, Arithmetic::F64, 3, index)
                    .expect("a case");
                alone.add(index, entry.measure(Arithmetic::F64, given.variant, &case));
            }
            let twice = given.tally(&origin, 3, 4);
            // What only doubles can show (a fault of a library's) does not survive, and is not said to be out of
            // range either.
            let lost = alone.rejected - twice.rejected;
            assert!(
                lost == 0 || twice.unclear.is_some(),
                "{} {}",
                entry.id(),
                control.id
            );
            assert_eq!(
                twice.set_aside,
                0,
                "{} {}: {:?}",
                entry.id(),
                control.id,
                twice.why_aside
            );
            if twice.rejected > 0 {
                shown += 1;
                assert_eq!(
                    twice.survived,
                    Some(Arithmetic::Mp128),
                    "{} {}",
                    entry.id(),
                    control.id
                );
                let judge = entry.declaration.float_judge().expect("judged");
                assert_eq!(twice.verdict(judge), Verdict::Refuted);
                let complaint = twice.complaint(judge).expect("one");
                assert!(complaint.contains("not the network's"), "{complaint}");
                assert_eq!(
                    complaint.contains("this program's own bound"),
                    judge == Judge::Bound
                );
            }
        }
    }
    assert!(shown > 60, "{shown} controls were rejected");
}

/// Dead neurons at 2^500 and 2^1000: of a bias that lies in the range that is kept, rounding leaves a part outside, and that times
/// W hides ψ. The widths that come of it refute nothing.
#[test]
fn a_rank_that_rounding_decides_says_nothing() {
    let names = [
        "dead-with-psi algebraic (the 1th) 2^500",
        "dead rational-tanh (the 3th) 2^1000",
        "dead-with-psi rational (the 2th) 2^1000",
    ];
    let mut entries = statements();
    entries.retain(|entry| entry.id() == "D5");
    let networks: Vec<Hard> = (hard().into_iter())
        .filter(|hard| names.contains(&hard.name.as_str()))
        .collect();
    assert_eq!(networks.len(), names.len());
    let outcome = measured(&entries, &networks);
    for section in &outcome.sections {
        let statement = &section.statements[0];
        let (verdict, said) = (statement.verdict(), statement.remarks().join("\n"));
        assert!(
            verdict != Some(Verdict::Refuted) && verdict != Some(Verdict::Unknown),
            "{}: {:?}",
            section.name,
            statement.complaints()
        );
        println!("{}: {verdict:?}, {said}", section.name);
        assert!(said.contains("bits are not the exact ones"), "{said}");
    }
}

/// The soft threshold above every pre-activation: nothing moves, and no bound has anything to hold.
#[test]
fn a_bound_that_nothing_approaches_says_nothing() {
    let mut entries = statements();
    entries.retain(|entry| ["A4", "A5", "D4", "D10"].contains(&entry.id()));
    let layer = |m, n| Layer {
        weight: Matrix::from_fn(m, n, |i, j| Rational::from(i64::from(m == 1 || i == j))),
        bias: Vector::from_element(m, Rational::from(0)),
        psi: None,
    };
    let gain = Gain::SoftThreshold {
        t: Rational::from(10),
    };
    let network = Network::new(vec![layer(2, 2), layer(1, 2)], gain, None).expect("it fits");
    let hard = Hard {
        name: "soft-threshold-10".into(),
        network,
    };
    let outcome = measured(&entries, &[hard]);
    let verdicts: Vec<_> = outcome.sections[0]
        .statements
        .iter()
        .map(|s| s.verdict())
        .collect();
    assert_eq!(verdicts[1], Some(Verdict::Verified), "A5");
    assert_eq!(verdicts[2..], [None, None], "{}", render(&outcome));
    assert!(render(&outcome).contains("the bound is never approached"));
}

/// A slope that is off is no counterexample: twice the precision decides.
#[test]
fn a_slope_alone_does_not_refute_a_given_network() {
    let mut entries = statements();
    entries.retain(|entry| entry.id() == "E4");
    let hard = Hard {
        name: "tiny".into(),
        network: stored(Family::Typical, Gain::Tanh, -500, 1).expect("it fits"),
    };
    let outcome = measured(&entries, &[hard]);
    let statement = &outcome.sections[0].statements[0];
    assert_eq!(statement.slope.map(Slope::verdict), Some(Verdict::Refuted));
    let look = statement.second_look.as_ref().expect("a second look");
    assert_eq!(look.arithmetic, Arithmetic::Mp512);
    assert_eq!(statement.verdict(), Some(Verdict::Verified));
    assert!(
        statement.remarks()[0].starts_with("the slope"),
        "{:?}",
        statement.remarks()
    );
}
