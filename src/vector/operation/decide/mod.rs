//! Whether two networks are one function, exactly.

mod cases;
mod constants;
mod linear;
mod pairs;
mod tanh;

use super::{
    allow::Allowances,
    draft::{Allow, Draft, Source, Wide},
    question::{NETWORK, Question},
};
use crate::{
    Error,
    identity::{Decision, Difference, Place, decide},
    network::{Gain, Network, evaluate},
    scalar::{Rational, Real},
    vector::{
        Tree,
        answer::Answer,
        input::{Input, Refusal},
        part::{
            Kind::{self, Index, Vector as List},
            Part,
        },
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("../decide.txt");
    const INPUTS: &'static [Part] = &[NETWORK, ("other", Kind::Network, true), ("x", List, false)];
    const OUTPUTS: &'static [Part] = &[("equal", Index, true), ("level", Index, false)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        cases::drafts(source)
    }

    /// No arithmetic but that of ℚ comes into it.
    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let networks: [Network<Rational>; 2] = [input.network()?, input.network_named("other")?];
        let [a, b] = &networks;
        let decision = decide(&a.into(), &b.into());
        let equal = match &decision {
            Decision::Equal(_) => true,
            Decision::Different(_) => false,
            Decision::Undecided(why) => {
                let x: Vec<Rational> = input.vector("x")?;
                if evaluate(a, &x)? == evaluate(b, &x)? {
                    return Err(Refusal::Input {
                        name: "x".into(),
                        why: format!("no theorem decides ({why}), and the networks agree here"),
                    });
                }
                false
            }
        };
        let answer = Answer::default().with("equal", Some(Tree::count(usize::from(equal))))?;
        match (level(&decision, a.depth()), a.gain()) {
            (Some(level), Gain::Tanh) if a.depth() == b.depth() => {
                answer.with("level", Some(Tree::count(level)))
            }
            _ => Ok(answer),
        }
    }

    fn allowances(input: &Input) -> Allowances {
        let answer = Self::answer::<Wide>(input)?;
        let names = answer.outputs.into_iter().map(|(name, _)| name);
        Ok(names.map(|name| (name, Allow::Exact)).collect())
    }
}

/// The level of the first difference, 0 for equal invariants; `None` where it is not by invariants.
fn level(decision: &Decision, depth: usize) -> Option<usize> {
    use crate::identity::Equality;
    match decision {
        Decision::Equal(Equality::Invariants { .. } | Equality::Parameters) => Some(0),
        Decision::Different(Difference::Entry(entry)) => match entry.place {
            Place::Gram(level) => Some(level),
            Place::Output => Some(depth),
            Place::Value | Place::Affine => None,
        },
        Decision::Equal(Equality::Scaled | Equality::Affine | Equality::Constant)
        | Decision::Different(_)
        | Decision::Undecided(_) => None,
    }
}
