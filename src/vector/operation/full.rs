//! One-to-one connections: a weight that is its own diagonal.

use super::{
    allow::Allowances,
    draft::{Draft, Source},
    in_gauge::{drafts_for, in_gauge, of_diagonal, output_of, turned},
    model,
    question::{Edited, LAYER, NETWORK, OFF_DIAGONAL, Question, WIDTHS, X, Y},
    rotate::relative,
    shrunk::of_image,
};
use crate::{
    Error,
    gauge::Gauge,
    network::Network,
    scalar::Real,
    vector::{
        answer::Answer,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("full.txt");
    const INPUTS: &'static [Part] = &[NETWORK, LAYER, X];
    const OUTPUTS: &'static [Part] = &[WIDTHS, ("sigma", Kind::Vector, true), OFF_DIAGONAL, Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let shapes: [(&[usize], Option<usize>); 4] = [
            (&[3, 3, 3, 2], Some(2)),
            (&[2, 4, 3, 2], Some(2)),
            (&[3, 2, 4, 2], Some(2)),
            (&[2, 3, 3, 2, 2], Some(3)),
        ];
        let flags =
            |_: &[usize], _| vec!["InnerNotRotated", "RotateWithoutPsi", "RotateWithoutBias"];
        let mut drafts = drafts_for(source, &shapes, 5, flags, "B3")?;
        drafts.push(model::draft(source, 5, "B3", |input| {
            input.with("layer", 2)
        })?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = in_gauge(input, Gauge::Full)?;
        let weight = &network.layer(input.index("layer")?).weight;
        let least = weight.nrows().min(weight.ncols());
        let sigma: Vec<S> = (0..least).map(|i| weight[(i, i)].clone()).collect();
        let mut rest = weight.clone();
        rest.fill_diagonal(S::zero());
        let off = relative(rest.as_slice(), weight);
        let answer = Answer::default()
            .counts("widths", &network.widths())?
            .vector("sigma", &sigma)?
            .number("off_diagonal", &off)?;
        output_of(answer, &network, input)
    }

    fn allowances(input: &Input) -> Allowances {
        let l = input.index("layer")?;
        let mut allowances = of_diagonal(input, l)?;
        allowances.extend(of_image(input, &Self::errors(input)?)?);
        Ok(allowances)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        in_gauge(input, Gauge::Full)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let l = input.index("layer")?;
        turned(input, Gauge::Full, &[l.saturating_sub(1), l])
    }
}
