//! What makes an operation, and the parts that several of them have.

use super::{
    allow::Allowances,
    draft::{Draft, Source, Wide},
};
use crate::{
    Error,
    bound::ParameterError,
    network::Network,
    scalar::Real,
    vector::{
        answer::Answer,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

/// An operation: what a port is asked, and what is right.
pub(super) trait Question {
    /// Inputs, outputs and the equation, from a text file beside the source.
    const DESCRIPTION: &'static str;
    /// The parts of an input.
    const INPUTS: &'static [Part];
    /// The parts of an answer.
    const OUTPUTS: &'static [Part];

    /// The cases, drawn from a seed.
    fn drafts(source: &Source) -> Result<Vec<Draft>, Error>;

    /// The answer in an arithmetic: references in wide ones, this crate's own answers in f64 and f32, by one text.
    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal>;

    /// The answer over ℚ, for the operations and gains that have one.
    fn exact(_: &Input) -> Option<Answer> {
        None
    }

    /// What rounding allows each output.
    fn allowances(input: &Input) -> Allowances;

    /// The network after the operation, for one that changes it.
    fn edited<S: Real>(_: &Input) -> Result<Network<S>, Refusal> {
        Err(Refusal::Input {
            name: "operation".into(),
            why: "it changes no network".into(),
        })
    }

    /// The same for the allowances, with what a port's parameters may be off by.
    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let network = Self::edited(input)?;
        let errors = ParameterError::none_for(&network);
        Ok((network, errors))
    }
}

/// A network, and what the parameters of its layers may be off by.
pub(super) type Edited = (Network<Wide>, Vec<ParameterError<Wide>>);

pub(super) const NETWORK: Part = ("network", Kind::Network, true);
pub(super) const X: Part = ("x", Kind::Vector, true);
pub(super) const LAYER: Part = ("layer", Kind::Index, true);
pub(super) const GAIN: Part = ("gain", Kind::Word, true);
pub(super) const THRESHOLD: Part = ("threshold", Kind::Number, false);
pub(super) const Y: Part = ("y", Kind::Vector, true);
pub(super) const WIDTHS: Part = ("widths", Kind::Vector, true);
pub(super) const LENGTHS: Part = ("o", Kind::Vector, true);
pub(super) const NEXT_PSI: Part = ("next_psi", Kind::Vector, true);
pub(super) const OFF_DIAGONAL: Part = ("off_diagonal", Kind::Number, true);
