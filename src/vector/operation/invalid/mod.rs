//! What has to be refused.

mod networks;
mod operations;
mod points;
mod tensors;

use super::{
    allow::{Allowances, of_output},
    draft::{Draft, Source, Wide},
};
use crate::{
    Error,
    network::{Network, evaluate},
    scalar::Real,
    vector::{
        answer::Answer,
        input::{Input, Refusal},
    },
};

pub(super) const DESCRIPTION: &str = "Inputs: operation (the name of another one) and its inputs, of which one is bad. The operation has to be refused. Where the network itself is good the answer also has y, its output at x AFTER the refusal: the network must be what it was.";

pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = operations::drafts(source)?;
    drafts.extend(networks::drafts(source)?);
    drafts.extend(points::drafts(source));
    drafts.extend(tensors::drafts(source)?);
    Ok(drafts)
}

/// y of the network after a refusal: this crate's operations never change what they are given.
pub(super) fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
    let network: Network<S> = input.network()?;
    let y = evaluate(&network, &input.vector("x")?)?;
    Answer::default().vector("y", y.as_slice())
}

pub(super) fn allowances(input: &Input) -> Allowances {
    let network: Network<Wide> = input.network()?;
    Ok(vec![(
        "y",
        of_output(&network, &input.vector::<Wide>("x")?)?,
    )])
}
