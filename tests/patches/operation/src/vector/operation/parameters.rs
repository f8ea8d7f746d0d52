//! How many parameters a network has.

use super::{
    allow::Allowances,
    draft::{Allow, Draft, Source},
    in_gauge::drafts_for,
    question::{NETWORK, Question, X},
};
use crate::{
    Error,
    network::Network,
    scalar::Real,
    vector::{
        Tree,
        answer::Answer,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("parameters.txt");
    const INPUTS: &'static [Part] = &[NETWORK, X];
    const OUTPUTS: &'static [Part] = &[("count", Kind::Index, true)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let shapes: [(&[usize], Option<usize>); 2] = [(&[3, 3, 2], None), (&[2, 4, 2], None)];
        drafts_for(source, &shapes, 2, |_, _| vec![], "C1")
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = input.network()?;
        let count = network.parameters().count();
        Ok(Answer::default().with("count", Some(Tree::count(count)))?)
    }

    fn allowances(_: &Input) -> Allowances {
        Ok(vec![("count", Allow::Exact)])
    }
}
