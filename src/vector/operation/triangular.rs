//! Every hidden weight upper trapezoidal: Q absorbed.

use super::{
    allow::{Allowances, of_sigma},
    draft::{Allow, Draft, Source, Wide},
    in_gauge::{drafts_for, in_gauge, output_of, turned, zeros},
    model,
    question::{Edited, NETWORK, Question, WIDTHS, X, Y},
    shrunk::of_image,
};
use crate::{
    Error,
    gauge::Gauge,
    linalg::singular_values,
    network::Network,
    scalar::{Field, Real},
    vector::{
        Tree,
        answer::Answer,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("triangular.txt");
    const INPUTS: &'static [Part] = &[NETWORK, X];
    const OUTPUTS: &'static [Part] = &[
        WIDTHS,
        ("zeros", Kind::Index, true),
        ("sigma", Kind::Matrix, true),
        Y,
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let shapes: [(&[usize], Option<usize>); 4] = [
            (&[3, 3, 2], None),
            (&[4, 3, 3, 2], None),
            (&[2, 4, 2], None),
            (&[2, 3, 4, 3, 2], None),
        ];
        let flags = |_: &[usize], _| vec!["NoExactZeros", "RotateWithoutBias"];
        let mut drafts = drafts_for(source, &shapes, 5, flags, "B5")?;
        drafts.push(model::draft(source, 7, "B5", |input| input)?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = in_gauge(input, Gauge::Triangular)?;
        let sigma = network
            .hidden()
            .map(|l| Ok(Tree::vector(&singular_values(&network.layer(l).weight)?)))
            .collect::<Result<Option<Vec<_>>, Error>>()?;
        let answer = Answer::default()
            .counts("widths", &network.widths())?
            .with("zeros", Some(Tree::count(zeros(&network))))?
            .with("sigma", sigma.map(Tree::List))?;
        output_of(answer, &network, input)
    }

    fn allowances(input: &Input) -> Allowances {
        let before: Network<Wide> = input.network()?;
        let hidden: Vec<usize> = before.hidden().collect();
        // The weight was multiplied by the Q of the layer before.
        let of_layer = |l: &usize| of_sigma(&before.layer(*l).weight) * Wide::from_int(2);
        let all = hidden
            .iter()
            .map(of_layer)
            .fold(Wide::from_int(0), |sum, x| sum + x);
        let mut allowances = vec![("zeros", Allow::Exact), ("sigma", Allow::Units(all))];
        allowances.extend(of_image(input, &Self::errors(input)?)?);
        Ok(allowances)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        in_gauge(input, Gauge::Triangular)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let before: Network<Wide> = input.network()?;
        turned(
            input,
            Gauge::Triangular,
            &before.hidden().collect::<Vec<_>>(),
        )
    }
}
