//! h = γ z.

use super::{
    allow::{Allowances, size, whole, zero},
    draft::{Allow, Draft, Source, Wide, bent, power, ratio},
    question::{GAIN, Question, THRESHOLD},
};
use crate::{
    Error,
    bound::{PRODUCT, gain_units},
    linalg::norm2,
    network::{Gain, Scalar},
    scalar::{Field, Rational, Real},
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("activation.txt");
    const INPUTS: &'static [Part] = &[
        GAIN,
        THRESHOLD,
        ("z", Kind::Vector, true),
        ("o", Kind::Number, true),
    ];
    const OUTPUTS: &'static [Part] = &[("h", Kind::Vector, true), ("gamma", Kind::Number, false)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        for gain in bent() {
            for (n, k) in [(1, 1), (2, 2), (3, 3), (5, 4)] {
                let name = format!("{}-{n}-o-{k}", gain.name());
                let mut stream = source.stream(&name, Digits::Single);
                let input = input(&gain, &stream.vector(n), &stream.positive());
                let comment = format!("{n} entries, o neither 0 nor 1.");
                drafts.push(
                    Draft::new(source.id(&name), comment, "A1", input)
                        .flags(&ON)
                        .flag_if(n > 1 && gain == Gain::Tanh, "Elementwise"),
                );
            }
            let name = format!("{}-3-no-o", gain.name());
            let z = source.stream(&name, Digits::Single).vector(3);
            let draft = Draft::new(
                source.id(&name),
                "o = 0.",
                "A1",
                input(&gain, &z, &0.into()),
            );
            drafts.push(draft.flags(&["GainOfNorm"]));
            let name = format!("{}-3-exact", gain.name());
            let mut stream = source.stream(&name, Digits::Short);
            let given = input(&gain, &stream.vector(3), &stream.positive());
            let comment = "Short numbers: the reference is rational where the gain is.";
            drafts.push(Draft::new(source.id(&name), comment, "A1", given).flags(&["GainOfNorm"]));
            let name = format!("{}-zero", gain.name());
            let zeros = vec![Rational::from(0); 3];
            let draft = Draft::new(
                source.id(&name),
                "z = 0 and o = 0: h = 0, γ = g(0).",
                "A5",
                input(&gain, &zeros, &0.into()),
            );
            drafts.push(draft.flag_if(gain == Gain::Tanh, "NanAtZero"));
        }
        drafts.extend(extremes(source));
        drafts.extend(regimes(source));
        drafts.extend(past_the_norm(source));
        drafts.extend(at_the_threshold(source));
        let other = Gain::SoftThreshold { t: ratio(1, 2) };
        let name = format!("{}-other-threshold", other.name());
        let mut stream = source.stream(&name, Digits::Single);
        let given = input(&other, &stream.vector(3), &stream.positive());
        let comment = "Another threshold than the other cases have.";
        drafts.push(Draft::new(source.id(&name), comment, "A1", given));
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        let (gain, o): (Gain<Wide>, Wide) = (input.gain()?, input.number("o")?);
        let z: Vec<Wide> = input.vector("z")?;
        let gamma = Wide::activate(&gain, &o, &mut z.clone())?;
        let rho = norm2(&[norm2(&z), o.sqrt()]);
        let of_gamma = if rho.above_zero() {
            gain_units(&gain, &gamma, &rho, z.len())
        } else {
            zero()
        };
        let of_h = size(&z) * (of_gamma.clone() + gamma * whole(PRODUCT as usize));
        Ok(vec![
            ("h", Allow::Units(of_h)),
            ("gamma", Allow::Units(of_gamma)),
        ])
    }
}

fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let (gain, o): (Gain<S>, S) = (input.gain()?, input.number("o")?);
    let mut z: Vec<S> = input.vector("z")?;
    not_negative(&o)?;
    let gamma = S::activate(&gain, &o, &mut z)?;
    Answer::default().vector("h", &z)?.number("gamma", &gamma)
}

const ON: [&str; 3] = ["OSquaredTwice", "ORooted", "GainOfNorm"];

/// Every gain at every size: where a series would be cut, where a square overflows in single precision or in double.
fn regimes(source: &Source) -> Vec<Draft> {
    let mut drafts = vec![];
    for gain in bent() {
        for e in [-40, -13, -6, 12, 40, 63, 120, 510, 1010] {
            // Without a length, too small a z lies below the threshold.
            if gain.threshold().is_some() && e < 0 {
                continue;
            }
            let name = format!("{}-size-{e}", gain.name());
            let mut stream = source.stream(&name, Digits::Single);
            let z = scaled(stream.vector(3), e);
            let o = match e {
                -6 | 12 => stream.positive() * power(2 * e),
                _ => Rational::from(0),
            };
            let comment = format!("‖z‖ of about 2^{e}.");
            let draft = Draft::new(source.id(&name), comment, "A5", input(&gain, &z, &o));
            drafts.push(if e > 120 { draft.double() } else { draft });
        }
    }
    drafts
}

/// Vectors whose norm overflows, in double and in single precision, for every gain.
fn past_the_norm(source: &Source) -> Vec<Draft> {
    let mut drafts = vec![];
    for gain in bent().into_iter().chain([Gain::Linear]) {
        for (kind, bits) in [("single", 127), ("double", 1023)] {
            // The tanh of the largest double is in extremes().
            if gain == Gain::Tanh && kind == "double" {
                continue;
            }
            let name = format!("{}-past-the-norm-{kind}", gain.name());
            let x = power(bits) * ratio(15, 8);
            let z = [x.clone(), -x.clone(), x];
            let comment = format!("‖z‖ overflows in {kind} precision, h does not.");
            let given = input(&gain, &z, &0.into());
            let bounded = matches!(gain, Gain::Algebraic | Gain::Rational);
            let draft = Draft::new(source.id(&name), comment, "A5", given)
                .without("gamma")
                .flag_if(kind == "double" && bounded, "OverflowToZero");
            drafts.push(if kind == "double" {
                draft.double()
            } else {
                draft
            });
        }
    }
    drafts
}

/// ρ = t exactly, by z alone and by o alone, and a little above.
fn at_the_threshold(source: &Source) -> Vec<Draft> {
    let (t, zero) = (ratio(1, 4), Rational::from(0));
    let gain = Gain::SoftThreshold { t: t.clone() };
    let above = t.clone() * (Rational::from(1) + power(-10));
    let cases = [
        (
            "at",
            "‖z‖ = t: h = 0.",
            [t.clone(), zero.clone()],
            zero.clone(),
        ),
        (
            "at-o",
            "o = t² and z = 0.",
            [zero.clone(), zero.clone()],
            t.clone() * &t,
        ),
        ("above", "‖z‖ = t (1 + 2^-10).", [zero.clone(), above], zero),
    ];
    let draft = |(name, comment, z, o): (&str, &str, [Rational; 2], Rational)| {
        let id = source.id(&format!("soft-threshold-{name}"));
        Draft::new(id, comment, "A5", input(&gain, &z, &o))
    };
    cases.into_iter().map(draft).collect()
}

/// Sizes at which squares leave the range, and the ball that needs not be there.
fn extremes(source: &Source) -> Vec<Draft> {
    let mut drafts = vec![];
    let wide = [Gain::Tanh, Gain::Algebraic, Gain::RationalTanh];
    for (gain, e) in wide.iter().flat_map(|gain| [(gain, 100), (gain, 700)]) {
        let name = format!("{}-2-to-{e}", gain.name());
        let z = scaled(source.stream(&name, Digits::Single).vector(2), e);
        let comment = format!("‖z‖ of about 2^{e}: its square overflows, h does not.");
        let draft = Draft::new(source.id(&name), comment, "A5", input(gain, &z, &0.into()))
            .flags(&["OverflowToZero"]);
        drafts.push(if e > 100 { draft.double() } else { draft });
    }
    for e in [-100, -600] {
        let name = format!("tanh-2-to-{e}");
        let z = scaled(source.stream(&name, Digits::Single).vector(3), e);
        let comment = format!("‖z‖ of about 2^{e}: its square underflows, and h = z.");
        let draft = Draft::new(
            source.id(&name),
            comment,
            "A5",
            input(&Gain::Tanh, &z, &0.into()),
        )
        .flags(&["UnderflowOfNorm"]);
        drafts.push(if e < -100 { draft.double() } else { draft });
    }
    // 1.7e308: even ‖z‖ overflows.
    let largest = f64::from_bits(0x7fee_4285_5d1c_f2e3);
    if let Some(x) = Rational::try_from_f64(largest) {
        let z = vec![x.clone(), x];
        let comment = "‖z‖ itself overflows; h is (1, 1)/√2 to rounding.";
        let draft = Draft::new(
            source.id("tanh-past-the-norm"),
            comment,
            "A5",
            input(&Gain::Tanh, &z, &0.into()),
        );
        drafts.push(draft.flags(&["OverflowToZero"]).double().without("gamma"));
    }
    for k in 1..=3 {
        let name = format!("tanh-ball-{k}");
        let mut stream = source.stream(&name, Digits::Double);
        let z = scaled(stream.vector(3), -12);
        let comment = "‖z‖ a little below 1e-3: no ball around 0 may be seen.";
        let draft = Draft::new(
            source.id(&name),
            comment,
            "A5",
            input(&Gain::Tanh, &z, &0.into()),
        );
        drafts.push(draft.flags(&["EpsilonBall"]).double());
    }
    for gain in [Gain::Tanh, Gain::Rational] {
        let name = format!("{}-double-o", gain.name());
        let mut stream = source.stream(&name, Digits::Double);
        let given = input(&gain, &stream.vector(3), &stream.positive());
        let comment = "o has 53 significant bits.";
        let draft = Draft::new(source.id(&name), comment, "A1", given).double();
        drafts.push(draft.flags(&["OCastToSingle"]).flags(&ON));
    }
    drafts
}

fn scaled(z: Vec<Rational>, e: i32) -> Vec<Rational> {
    // All about as large as the first: sizes must not decide what is seen.
    z.into_iter().map(|x| x * power(e)).collect()
}

fn input(gain: &Gain<Rational>, z: &[Rational], o: &Rational) -> Input {
    Input::default()
        .with_gain(gain)
        .with_vector("z", z)
        .with_number("o", o)
}

/// Refuses o < 0.
pub(super) fn not_negative<S: Field>(o: &S) -> Result<(), Refusal> {
    if o.below_zero() {
        return Err(Refusal::Input {
            name: "o".into(),
            why: format!("it is {o}, and a squared length is not negative"),
        });
    }
    Ok(())
}
