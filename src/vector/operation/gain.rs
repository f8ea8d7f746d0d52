//! γ = g(r).

use super::{
    allow::Allowances,
    draft::{Allow, Draft, Source, Wide, bent, power, ratio},
    question::{GAIN, Question, THRESHOLD},
};
use crate::{
    Error,
    bound::gain_units,
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
    const DESCRIPTION: &'static str = include_str!("gain.txt");
    const INPUTS: &'static [Part] = &[GAIN, THRESHOLD, ("r", Kind::Number, true)];
    const OUTPUTS: &'static [Part] = &[("gamma", Kind::Number, true)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        for gain in bent().into_iter().chain([Gain::Linear]) {
            let curved = !matches!(gain, Gain::Linear);
            let mut push = |name: &str, comment: &str, r: &Rational, flags: &[&'static str]| {
                let input = Input::default().with_gain(&gain).with_number("r", r);
                let id = source.id(&format!("{}-{name}", gain.name()));
                drafts.push(Draft::new(id, comment, "A4", input).flags(flags));
            };
            push(
                "zero",
                "r = 0: the limit.",
                &Rational::from(0),
                if gain == Gain::Tanh {
                    &["NanAtZero"]
                } else {
                    &[]
                },
            );
            for (k, scale) in [-20, -4, 0, 2, 6, 30].into_iter().enumerate() {
                let name = format!("scale-{}", k + 1);
                let mut stream = source.stream(&format!("{}-{name}", gain.name()), Digits::Single);
                let r = stream.positive() * power(scale);
                let comment = format!("r of about 2^{scale}.");
                let seen = curved && scale.abs() <= 6 && scale != 0;
                let in_ball = gain == Gain::Tanh && r < ratio(1, 1_250_000);
                let flags: &[&str] = match (seen, in_ball) {
                    (true, _) => &["GainOfNorm"],
                    (_, true) => &["EpsilonBall"],
                    _ => &[],
                };
                push(&name, &comment, &r, flags);
            }
            for k in 1..=2 {
                let name = format!("exact-{k}");
                let mut stream = source.stream(&format!("{}-{name}", gain.name()), Digits::Short);
                let r = stream.positive();
                push(
                    &name,
                    "A short r: the reference is rational where the gain is.",
                    &r,
                    &[],
                );
            }
            if let Some(t) = gain.threshold() {
                let r = t.clone() * t * ratio(1, 4);
                let comment = "√r is half the threshold: the gain is 0.";
                push("below", comment, &r, &["ThresholdNotClipped"]);
            }
        }
        for k in 1..=2 {
            let gain = Gain::SoftThreshold { t: ratio(k, 2) };
            let name = format!("{}-other-{k}", gain.name());
            let r = source.stream(&name, Digits::Single).positive() * power(4);
            let input = Input::default().with_gain(&gain).with_number("r", &r);
            let comment = "Another threshold than the other cases have.";
            drafts.push(Draft::new(source.id(&name), comment, "A4", input));
        }
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        let (gain, r): (Gain<Wide>, Wide) = (input.gain()?, input.number("r")?);
        let gamma = Wide::activate(&gain, &r, &mut [])?;
        let units = if r.above_zero() {
            gain_units(&gain, &gamma, &r.sqrt(), 0)
        } else {
            Wide::from_int(0)
        };
        Ok(vec![("gamma", Allow::Units(units))])
    }
}

fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let r: S = input.number("r")?;
    let gamma = S::activate(&input.gain()?, &r, &mut [])?;
    Answer::default().number("gamma", &gamma)
}
