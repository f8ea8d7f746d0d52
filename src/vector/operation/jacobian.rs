//! J = γ I + 2 g'(r) z zᵀ.

use super::{
    activation::not_negative,
    allow::{Allowances, whole, zero},
    draft::{Allow, Draft, Source, Wide, bent, power, ratio},
    question::{GAIN, Question, THRESHOLD},
};
use crate::{
    Error,
    bound::gain_units,
    linalg::{Matrix, norm2},
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
    const DESCRIPTION: &'static str = include_str!("jacobian.txt");
    const INPUTS: &'static [Part] = &[
        GAIN,
        THRESHOLD,
        ("z", Kind::Vector, true),
        ("o", Kind::Number, true),
    ];
    const OUTPUTS: &'static [Part] = &[("jacobian", Kind::Matrix, true)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let input = |gain: &Gain<Rational>, z: &[Rational], o: &Rational| {
            Input::default()
                .with_gain(gain)
                .with_vector("z", z)
                .with_number("o", o)
        };
        for gain in bent() {
            for (n, k) in [(1, 1), (2, 2), (3, 3), (4, 4)] {
                let name = format!("{}-{n}-o-{k}", gain.name());
                let mut stream = source.stream(&name, Digits::Single);
                let given = input(&gain, &stream.vector(n), &stream.positive());
                let comment = format!("{n} entries, o neither 0 nor 1.");
                let draft = Draft::new(source.id(&name), comment, "A3", given);
                drafts.push(draft.flags(&["JacobianHalf", "OSquaredTwice"]));
            }
            let name = format!("{}-3-no-o", gain.name());
            let z = source.stream(&name, Digits::Single).vector(3);
            let draft = Draft::new(
                source.id(&name),
                "o = 0.",
                "A3",
                input(&gain, &z, &0.into()),
            );
            drafts.push(draft.flags(&["JacobianHalf"]));
            let name = format!("{}-zero", gain.name());
            let zeros = vec![Rational::from(0); 2];
            let comment =
                "z = 0 and o = 0: J = g(0) I, where automatic differentiation of √ gives NaN.";
            let draft = Draft::new(
                source.id(&name),
                comment,
                "A3",
                input(&gain, &zeros, &0.into()),
            );
            drafts.push(draft.flags(&["NanAtZero"]));
            let name = format!("{}-below-1", gain.name());
            let z: Vec<Rational> = source.stream(&name, Digits::Single).vector(3);
            let z: Vec<Rational> = z.into_iter().map(|x| x * power(-3)).collect();
            let comment = match gain.threshold() {
                Some(_) => "A small z: about the threshold.",
                None => "ρ < 1.",
            };
            let given = input(&gain, &z, &0.into());
            drafts
                .push(Draft::new(source.id(&name), comment, "A3", given).flags(&["JacobianHalf"]));
            let name = format!("{}-unit", gain.name());
            let z = [Rational::from(0), Rational::from(1)];
            let draft = Draft::new(
                source.id(&name),
                "ρ = 1.",
                "A3",
                input(&gain, &z, &0.into()),
            );
            drafts.push(draft.flags(&["JacobianHalf"]));
        }
        let t = ratio(1, 4);
        let gain = Gain::SoftThreshold { t: t.clone() };
        let z = [t.clone() * ratio(1, 2), t * ratio(1, 4)];
        let comment = "Below the threshold h is 0, and so is J.";
        let id = source.id("soft-threshold-below");
        drafts.push(Draft::new(id, comment, "A3", input(&gain, &z, &0.into())));
        let z = source.stream("linear-3", Digits::Single).vector(3);
        let given = input(&Gain::Linear, &z, &ratio(1, 2));
        drafts.push(Draft::new(source.id("linear-3"), "J = I.", "A3", given));
        let name = "tanh-small";
        let z: Vec<Rational> = source.stream(name, Digits::Single).vector(3);
        let z: Vec<Rational> = z.into_iter().map(|x| x * power(-8)).collect();
        let comment = "A small z, where sech² - γ cancels: the absolute error stays a few u.";
        drafts.push(Draft::new(
            source.id(name),
            comment,
            "A3",
            input(&Gain::Tanh, &z, &0.into()),
        ));
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let (gain, o): (Gain<S>, S) = (input.gain()?, input.number("o")?);
        let z: Vec<S> = input.vector("z")?;
        not_negative(&o)?;
        let gamma = S::activate(&gain, &o, &mut z.clone())?;
        let rho = norm2(&[norm2(&z), o.sqrt()]);
        let identity = |i: usize, j: usize| if i == j { gamma.clone() } else { S::zero() };
        let jacobian = if rho.above_zero() {
            let along = radial(&gain, &rho);
            let direction: Vec<S> = z.iter().map(|z| z.clone() / &rho).collect();
            Matrix::from_fn(z.len(), z.len(), |i, j| {
                identity(i, j) + along.clone() * &direction[i] * &direction[j]
            })
        } else {
            Matrix::from_fn(z.len(), z.len(), identity)
        };
        Answer::default().matrix("jacobian", &jacobian)
    }

    /// √n |δγ|, and for the radial part: its own formula, which cancels (32 u of γ + |σ'|, twice a gain and some),
    /// the error of ρ (|ρ d(ρ γ')/dρ| ≤ 2 for all gains) and the products.
    fn allowances(input: &Input) -> Allowances {
        let (gain, o): (Gain<Wide>, Wide) = (input.gain()?, input.number("o")?);
        let z: Vec<Wide> = input.vector("z")?;
        let n = z.len();
        let gamma = Wide::activate(&gain, &o, &mut z.clone())?;
        let rho = norm2(&[norm2(&z), o.sqrt()]);
        let units = if rho.above_zero() {
            let along = radial(&gain, &rho);
            let sigma = num_traits::Signed::abs(&(gamma.clone() + &along));
            let of_radius = whole(n + 4) + whole(6);
            let share = norm2(&z) / &rho;
            let of_radial = whole(32) * (gamma.clone() + sigma)
                + whole(2) * of_radius
                + whole(6) * num_traits::Signed::abs(&along);
            gain_units(&gain, &gamma, &rho, n) * whole(n).sqrt() + share.clone() * share * of_radial
        } else {
            zero()
        };
        Ok(vec![("jacobian", Allow::Units(units))])
    }
}

/// ρ dγ/dρ = 2 r g'(r), by its own formula: the difference that cancels at small ρ is of order one, and so
/// is J.
fn radial<S: Real>(gain: &Gain<S>, rho: &S) -> S {
    let one = S::one();
    let r = rho.clone() * rho;
    match gain {
        Gain::Tanh => {
            let t = rho.tanh();
            one - t.clone() * &t - t / rho
        }
        Gain::Algebraic => {
            let s = one + &r;
            let root = s.sqrt();
            -r / (s * root)
        }
        Gain::Rational => {
            let s = one + &r;
            -(r.clone() + r) / (s.clone() * s)
        }
        Gain::RationalTanh => {
            let s = S::from_int(15) + S::from_int(6) * &r;
            -(S::from_int(150) * r) / (s.clone() * s)
        }
        // By a series: ln w of a rounded w = 1 + ρ would be off by u/ρ.
        Gain::Log1p => gain.stretch(rho),
        Gain::SoftThreshold { t } if rho > t => t.clone() / rho,
        Gain::SoftThreshold { .. } | Gain::Linear => S::zero(),
    }
}
