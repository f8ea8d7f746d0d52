//! What has to be refused.

mod learning;
mod networks;
mod operations;
mod points;
mod tensors;

use super::question::Question;
use super::{
    allow::{Allowances, of_output},
    draft::{Draft, Source, Wide},
};
use crate::vector::part::{
    Kind::{Vector, Word},
    Part,
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

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("../invalid.txt");
    const INPUTS: &'static [Part] = &[("operation", Word, true)];
    const OUTPUTS: &'static [Part] = &[("y", Vector, false)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = operations::drafts(source)?;
        drafts.extend(networks::drafts(source)?);
        drafts.extend(points::drafts(source));
        drafts.extend(tensors::drafts(source));
        drafts.extend(learning::drafts(source));
        Ok(drafts)
    }

    /// y of the network after a refusal: this crate's operations never change what they are given.
    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = input.network()?;
        let y = evaluate(&network, &input.vector("x")?)?;
        Answer::default().vector("y", y.as_slice())
    }

    fn allowances(input: &Input) -> Allowances {
        let network: Network<Wide> = input.network()?;
        Ok(vec![(
            "y",
            of_output(&network, &input.vector::<Wide>("x")?)?,
        )])
    }
}
