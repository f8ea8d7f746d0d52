//! What is seen of a case, and how it is held against what a mistake would have answered.

use crate::{
    scalar::text::{parse, parse_exact},
    vector::{
        case::{Case, Compare, Quantity},
        input::{Input, Refusal},
        judge::{Outcome, Reply, hold},
        judged::Judged,
        tree::Tree,
    },
};

/// How much nearer to the mistake's answer than to the right one a number has to be.
const NEARER: f64 = 1.0 / 64.0;

/// A case that was answered, and which of its outputs are wrong.
pub(super) struct Seen<'a> {
    pub(super) case: &'a Case,
    pub(super) precision: &'a str,
    pub(super) failed: bool,
    pub(super) reply: &'a Reply,
    /// Outputs beyond their allowance, or missing.
    pub(super) wrong: Vec<&'a str>,
}

impl<'a> Seen<'a> {
    /// `None` for a case that was not answered.
    pub(super) fn of(judged: &'a Judged, precision: &'a str) -> Option<Self> {
        let reply = judged.reply.as_ref()?;
        let failed = match judged.outcome {
            Outcome::Failed(_) => true,
            Outcome::Passed(_) => false,
            Outcome::Missing => return None,
        };
        let mut seen = Seen {
            case: &judged.case,
            precision,
            failed,
            reply,
            wrong: vec![],
        };
        if failed {
            let right = |name: &str, quantity: &Quantity| {
                let answer = seen.answer(name);
                answer.is_some_and(|answer| hold(quantity, precision, answer).is_ok())
            };
            let expected = judged.case.expected.iter();
            let wrong = expected.filter(|(name, quantity)| !right(name, quantity));
            seen.wrong = wrong.map(|(name, _)| name.as_str()).collect();
        }
        Some(seen)
    }

    pub(super) fn input(&self) -> &'a Input {
        &self.case.input
    }

    fn answer(&self, name: &str) -> Option<&'a Tree<String>> {
        match self.reply {
            Reply::Given { outputs, .. } => outputs.get(name),
            Reply::Unsupported | Reply::Broken(_) => None,
        }
    }

    /// The numbers that the port gave.
    pub(super) fn answered(&self, name: &str) -> Option<Vec<f64>> {
        self.answer(name).map(numbers)
    }

    /// The numbers of the reference.
    pub(super) fn expected(&self, name: &str) -> Option<Vec<f64>> {
        Some(numbers(&self.case.expected.get(name)?.value))
    }

    pub(super) fn allowance(&self, name: &str) -> f64 {
        let quantity = self.case.expected.get(name);
        let given = quantity.and_then(|quantity| quantity.allowance.as_ref()?.get(self.precision));
        given
            .and_then(|text| parse::<f64>(text).ok())
            .unwrap_or(0.0)
    }

    /// The port refused what it was to carry out, or the other way round in an invalid case.
    pub(super) fn refused(&self) -> bool {
        matches!(
            self.reply,
            Reply::Given {
                refused: Some(_),
                ..
            }
        )
    }

    /// It did not answer properly.
    pub(super) fn broken(&self) -> bool {
        matches!(self.reply, Reply::Broken(_))
    }

    /// Exactly these outputs are wrong, and nothing else is the matter.
    pub(super) fn only(&self, names: &[&str]) -> bool {
        !self.refused() && !self.broken() && self.wrong == names
    }

    /// An output is not compared by its distance, so that nothing can be concluded from its size.
    fn loose(&self, name: &str) -> bool {
        let quantity = self.case.expected.get(name);
        quantity.is_some_and(|quantity| quantity.compare == Compare::AtMost)
    }
}

/// Doubles; what is not finite stays so.
fn numbers(tree: &Tree<String>) -> Vec<f64> {
    let number = |text: &String| match (parse::<f64>(text), parse_exact(text)) {
        (Ok(x), Ok(_)) => x,
        _ if text.to_ascii_lowercase().contains("inf") => match text.starts_with('-') {
            true => f64::NEG_INFINITY,
            false => f64::INFINITY,
        },
        _ => f64::NAN,
    };
    tree.leaves().into_iter().map(number).collect()
}

/// ‖a - b‖; infinite where one is not finite and the other is, or where lengths differ. NaN, and an infinity of either
/// sign, are the same: which one a port ends up with is chance.
pub(super) fn distance(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let apart = |(a, b): (&f64, &f64)| match (a.is_finite(), b.is_finite()) {
        (true, true) => a - b,
        (false, false) => 0.0,
        _ => f64::INFINITY,
    };
    a.iter().zip(b).map(apart).fold(0.0, f64::hypot)
}

pub(super) fn size(x: &[f64]) -> f64 {
    x.iter().copied().fold(0.0, f64::hypot)
}

/// What a case says about a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// The mistake does not show in this case.
    Silent,
    /// It shows, and the answer is what the mistake gives.
    For,
    /// It would show in another way, or something else is wrong as well.
    Against,
}

/// What a mistake answers to a case.
#[derive(Debug, Default)]
pub(super) struct Prediction {
    pub(super) outputs: Vec<(&'static str, Vec<f64>)>,
    /// Outputs that it moves to something that depends on the port.
    pub(super) moves: &'static [&'static str],
    /// It has to be refused.
    pub(super) refused: bool,
    /// The answer depends on the port: any wrong one will do, and a right one says nothing.
    pub(super) uncertain: bool,
}

impl Prediction {
    pub(super) fn of<const N: usize>(outputs: [(&'static str, Vec<f64>); N]) -> Self {
        Prediction {
            outputs: outputs.into(),
            ..Prediction::default()
        }
    }

    pub(super) fn moving(self, moves: &'static [&'static str]) -> Self {
        Prediction { moves, ..self }
    }

    pub(super) fn uncertain() -> Self {
        Prediction {
            uncertain: true,
            ..Prediction::default()
        }
    }

    pub(super) fn refusal() -> Self {
        Prediction {
            refused: true,
            ..Prediction::default()
        }
    }
}

/// Holds a prediction against a case.
pub(super) fn weigh(seen: &Seen<'_>, prediction: Result<Prediction, Refusal>) -> Weight {
    let Ok(prediction) = prediction else {
        return Weight::Silent;
    };
    if prediction.uncertain {
        return match seen.failed && !seen.broken() {
            true => Weight::For,
            false => Weight::Silent,
        };
    }
    if prediction.refused {
        return match seen.refused() && seen.failed {
            true => Weight::For,
            false => Weight::Against,
        };
    }
    let mut shows = false;
    let mut fits = !seen.broken() && !seen.refused();
    let moved = |name: &str| prediction.moves.contains(&name) || seen.loose(name);
    for (name, predicted) in &prediction.outputs {
        let Some(expected) = seen.expected(name).filter(|_| !seen.loose(name)) else {
            continue;
        };
        let effect = distance(predicted, &expected);
        let allowance = seen.allowance(name);
        if effect <= 8.0 * allowance {
            fits &= !seen.wrong.contains(name) || moved(name);
            continue;
        }
        shows = true;
        let off = seen
            .answered(name)
            .map_or(f64::INFINITY, |answer| distance(&answer, predicted));
        let near = match effect.is_finite() {
            true => (effect * NEARER).max(allowance),
            false => size(&expected) * NEARER + allowance,
        };
        fits &= seen.wrong.contains(name) && off <= near;
    }
    let named = |name: &str| prediction.outputs.iter().any(|(known, _)| *known == name);
    fits &= seen.wrong.iter().all(|name| named(name) || moved(name));
    match (shows, seen.failed && fits) {
        (false, _) => Weight::Silent,
        (true, true) => Weight::For,
        (true, false) => Weight::Against,
    }
}
