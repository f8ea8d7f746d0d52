//! The operations, one file of vectors each.
//!
//! An operation *drafts* its cases, *answers* an input in any arithmetic (the references at 512 and 1024
//! bits, the exact ones over ℚ, and this crate's own answers in f32 and f64 with the same text), and derives
//! what rounding *allows* each output. A new operation is a file with these three, and a line in each `match`
//! below.

mod activation;
mod allow;
mod batch;
mod collapsed;
mod diagonal;
mod draft;
mod forward;
mod gain;
mod grow;
mod harness;
mod import;
mod invalid;
mod jacobian;
mod model;
mod remove;
mod rotate;
mod shrink;
mod state;

pub(super) use allow::Allowances;
pub(super) use draft::{Allow, Draft, Source};

use super::{
    answer::Answer,
    input::{Input, Refusal},
    judge::Reply,
};
use crate::{
    Error,
    gauge::Gauge,
    scalar::{Rational, Real},
};

/// What a vector file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the description says it")]
pub enum Operation {
    Harness,
    Gain,
    Activation,
    Jacobian,
    Forward,
    Batch,
    Rotate,
    Left,
    Full,
    Alternate,
    Triangular,
    Grow,
    GrowWithBias,
    Remove,
    Truncate,
    Compress,
    Collapsed,
    Adapt,
    OptimiserState,
    Import,
    Invalid,
}

impl Operation {
    /// All of them, in the order in which a port is best written.
    pub const ALL: [Operation; 21] = [
        Operation::Harness,
        Operation::Gain,
        Operation::Activation,
        Operation::Forward,
        Operation::Batch,
        Operation::Rotate,
        Operation::Grow,
        Operation::GrowWithBias,
        Operation::Remove,
        Operation::Collapsed,
        Operation::Left,
        Operation::Full,
        Operation::Alternate,
        Operation::Triangular,
        Operation::Truncate,
        Operation::Compress,
        Operation::Adapt,
        Operation::OptimiserState,
        Operation::Jacobian,
        Operation::Import,
        Operation::Invalid,
    ];

    /// The name, which is also the file's.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Harness => "harness",
            Operation::Gain => "gain",
            Operation::Activation => "activation",
            Operation::Jacobian => "jacobian",
            Operation::Forward => "forward",
            Operation::Batch => "batch",
            Operation::Rotate => "rotate",
            Operation::Left => "left",
            Operation::Full => "full",
            Operation::Alternate => "alternate",
            Operation::Triangular => "triangular",
            Operation::Grow => "grow",
            Operation::GrowWithBias => "grow-with-bias",
            Operation::Remove => "remove",
            Operation::Truncate => "truncate",
            Operation::Compress => "compress",
            Operation::Collapsed => "collapsed",
            Operation::Adapt => "adapt",
            Operation::OptimiserState => "optimiser-state",
            Operation::Import => "import",
            Operation::Invalid => "invalid",
        }
    }

    /// The operation of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// Inputs, outputs and the equation.
    pub fn description(self) -> &'static str {
        match self {
            Operation::Harness => harness::DESCRIPTION,
            Operation::Gain => gain::DESCRIPTION,
            Operation::Activation => activation::DESCRIPTION,
            Operation::Jacobian => jacobian::DESCRIPTION,
            Operation::Forward => forward::DESCRIPTION,
            Operation::Batch => batch::DESCRIPTION,
            Operation::Rotate => rotate::DESCRIPTION,
            Operation::Left => diagonal::LEFT,
            Operation::Full => diagonal::FULL,
            Operation::Alternate => diagonal::ALTERNATE,
            Operation::Triangular => diagonal::TRIANGULAR,
            Operation::Grow => grow::GROW,
            Operation::GrowWithBias => grow::WITH_BIAS,
            Operation::Remove => remove::DESCRIPTION,
            Operation::Truncate => shrink::TRUNCATE,
            Operation::Compress => shrink::COMPRESS,
            Operation::Collapsed => collapsed::DESCRIPTION,
            Operation::Adapt => shrink::ADAPT,
            Operation::OptimiserState => state::DESCRIPTION,
            Operation::Import => import::DESCRIPTION,
            Operation::Invalid => invalid::DESCRIPTION,
        }
    }

    /// The cases, drawn from a seed.
    pub(super) fn drafts(self, seed: u64) -> Result<Vec<Draft>, Error> {
        let source = &Source {
            seed,
            operation: self.name(),
        };
        match self {
            Operation::Harness => Ok(harness::drafts(source)),
            Operation::Gain => Ok(gain::drafts(source)),
            Operation::Activation => Ok(activation::drafts(source)),
            Operation::Jacobian => Ok(jacobian::drafts(source)),
            Operation::Forward => forward::drafts(source),
            Operation::Batch => batch::drafts(source),
            Operation::Rotate => rotate::drafts(source),
            Operation::Left => diagonal::left_drafts(source),
            Operation::Full => diagonal::full_drafts(source),
            Operation::Alternate => diagonal::alternate_drafts(source),
            Operation::Triangular => diagonal::triangular_drafts(source),
            Operation::Grow => grow::grow_drafts(source),
            Operation::GrowWithBias => grow::with_bias_drafts(source),
            Operation::Remove => remove::drafts(source),
            Operation::Truncate => shrink::truncate_drafts(source),
            Operation::Compress => shrink::compress_drafts(source),
            Operation::Collapsed => collapsed::drafts(source),
            Operation::Adapt => shrink::adapt_drafts(source),
            Operation::OptimiserState => Ok(state::drafts(source)),
            Operation::Import => import::drafts(source),
            Operation::Invalid => invalid::drafts(source),
        }
    }

    /// The answer of this crate in the arithmetic `S`.
    ///
    /// # Errors
    /// [`Refusal`], with the reason.
    pub fn answer<S: Real>(self, input: &Input) -> Result<Answer, Refusal> {
        match self {
            Operation::Harness => harness::answer::<S>(input),
            Operation::Gain => gain::answer::<S>(input),
            Operation::Activation => activation::answer::<S>(input),
            Operation::Jacobian => jacobian::answer::<S>(input),
            Operation::Forward => forward::answer::<S>(input),
            Operation::Batch => batch::answer::<S>(input),
            Operation::Rotate => rotate::answer::<S>(input),
            Operation::Left => diagonal::answer::<S>(input, Gauge::Left),
            Operation::Full => diagonal::answer::<S>(input, Gauge::Full),
            Operation::Alternate => diagonal::answer::<S>(input, Gauge::Alternate),
            Operation::Triangular => diagonal::answer::<S>(input, Gauge::Triangular),
            Operation::Grow => grow::grow_answer::<S>(input),
            Operation::GrowWithBias => grow::with_bias_answer::<S>(input),
            Operation::Remove => remove::answer::<S>(input),
            Operation::Truncate => shrink::truncate_answer::<S>(input),
            Operation::Compress => shrink::compress_answer::<S>(input),
            Operation::Collapsed => collapsed::answer::<S>(input),
            Operation::Adapt => shrink::adapt_answer::<S>(input),
            Operation::OptimiserState => state::answer::<S>(input),
            Operation::Import => import::answer::<S>(input),
            Operation::Invalid => match Operation::from_name(&input.word("operation")?) {
                Some(Operation::Invalid) | None => Err(Refusal::Input {
                    name: "operation".into(),
                    why: "there is no such operation".into(),
                }),
                Some(other) => other.answer::<S>(input),
            },
        }
    }

    /// The same as a port would say it; with `invalid`, a refusal comes with the network's output afterwards.
    pub fn reply<S: Real>(self, input: &Input, invalid: bool) -> Reply {
        let spelled = |answer: Answer| {
            let outputs = answer.outputs.into_iter();
            outputs
                .map(|(name, tree)| (name.to_string(), tree.spelled(&super::text::spell_whole)))
                .collect()
        };
        match self.answer::<S>(input) {
            Ok(answer) => Reply::Given {
                outputs: spelled(answer),
                refused: None,
            },
            Err(why) => Reply::Given {
                outputs: match invalid {
                    true => Self::after_refusal::<S>(input)
                        .map(spelled)
                        .unwrap_or_default(),
                    false => std::collections::BTreeMap::new(),
                },
                refused: Some(why.to_string()),
            },
        }
    }

    /// The network in the state dictionary of an input.
    pub(super) fn imported<S: Real>(input: &Input) -> Result<crate::Network<S>, Refusal> {
        import::network(input)
    }

    /// What is answered beside a refusal.
    pub(super) fn after_refusal<S: Real>(input: &Input) -> Option<Answer> {
        invalid::answer::<S>(input).ok()
    }

    /// The answer over ℚ, for the operations and gains that have one.
    pub(super) fn exact(self, input: &Input) -> Option<Answer> {
        let answer = match self {
            Operation::Gain => gain::answer::<Rational>(input),
            Operation::Activation => activation::answer::<Rational>(input),
            Operation::Forward => forward::answer::<Rational>(input),
            Operation::Rotate => rotate::answer::<Rational>(input),
            Operation::Grow => grow::grow_answer::<Rational>(input),
            Operation::GrowWithBias => grow::with_bias_answer::<Rational>(input),
            Operation::Remove => remove::answer::<Rational>(input),
            Operation::Collapsed => collapsed::answer::<Rational>(input),
            Operation::OptimiserState => state::answer::<Rational>(input),
            _ => return None,
        };
        answer.ok()
    }

    /// What rounding allows each output.
    pub(super) fn allowances(self, input: &Input) -> Allowances {
        match self {
            Operation::Harness => harness::allowances(),
            Operation::Gain => gain::allowances(input),
            Operation::Activation => activation::allowances(input),
            Operation::Jacobian => jacobian::allowances(input),
            Operation::Forward => forward::allowances(input),
            Operation::Batch => batch::allowances(input),
            Operation::Rotate => rotate::allowances(input),
            Operation::Left => diagonal::allowances(input, Gauge::Left),
            Operation::Full => diagonal::allowances(input, Gauge::Full),
            Operation::Alternate => diagonal::allowances(input, Gauge::Alternate),
            Operation::Triangular => diagonal::allowances(input, Gauge::Triangular),
            Operation::Grow => grow::grow_allowances(input),
            Operation::GrowWithBias => grow::with_bias_allowances(input),
            Operation::Remove => remove::allowances(input),
            Operation::Truncate => shrink::truncate_allowances(input),
            Operation::Compress => shrink::compress_allowances(input),
            Operation::Collapsed => collapsed::allowances(input),
            Operation::Adapt => shrink::adapt_allowances(input),
            Operation::OptimiserState => state::allowances(input),
            Operation::Import => import::allowances(input),
            Operation::Invalid => invalid::allowances(input),
        }
    }
}
