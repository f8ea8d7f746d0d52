//! Every other weight diagonal.

use super::{
    allow::Allowances,
    draft::{Allow, Draft, Source, Wide},
    in_gauge::{drafts_for, in_gauge, output_of, turned, zeros},
    model,
    question::{Edited, NETWORK, Question, WIDTHS, X, Y},
    shrunk::of_image,
};
use crate::{
    Error,
    gauge::Gauge,
    network::{Gain, Network},
    scalar::{Rational, Real},
    vector::{
        Tree,
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("alternate.txt");
    const INPUTS: &'static [Part] = &[NETWORK, X];
    const OUTPUTS: &'static [Part] = &[WIDTHS, ("zeros", Kind::Index, true), Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let shapes: [(&[usize], Option<usize>); 3] = [
            (&[3, 3, 3, 2], None),
            (&[2, 4, 3, 3, 2, 2], None),
            (&[2, 2, 4, 2], None),
        ];
        let flags = |_: &[usize], _| vec!["NoExactZeros", "InnerNotRotated"];
        let mut drafts = drafts_for(source, &shapes, 5, flags, "B4")?;
        let name = "tanh-2-3-3-2-2-zeros-of-its-own";
        let mut stream = source.stream(name, Digits::Single);
        let network = stream.network(&[2, 3, 3, 2, 2], &Gain::Tanh, (true, true))?;
        let lengths = network.has_lengths();
        let (mut layers, gain, o) = network.into_parts();
        layers[3].weight[(0, 1)] = Rational::from(0);
        let network = Network::new(layers, gain, lengths.then_some(o))?;
        let input = Input::default()
            .with_network(&network)
            .with_vector("x", &stream.vector(2));
        let comment = "The last weight, which nothing rotates, has a 0: it counts as well.";
        let draft = Draft::new(source.id(name), comment, "B4", input);
        drafts.push(draft.flags(&["NoExactZeros"]));
        drafts.push(model::draft(source, 6, "B4", |input| input)?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = in_gauge(input, Gauge::Alternate)?;
        let answer = Answer::default()
            .counts("widths", &network.widths())?
            .with("zeros", Some(Tree::count(zeros(&network))))?;
        output_of(answer, &network, input)
    }

    fn allowances(input: &Input) -> Allowances {
        let mut allowances = vec![("zeros", Allow::Exact)];
        allowances.extend(of_image(input, &Self::errors(input)?)?);
        Ok(allowances)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        in_gauge(input, Gauge::Alternate)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let before: Network<Wide> = input.network()?;
        turned(
            input,
            Gauge::Alternate,
            &before.hidden().collect::<Vec<_>>(),
        )
    }
}
