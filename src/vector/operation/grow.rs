//! New neurons that nothing feeds.

use super::{
    allow::{Allowances, of_output},
    draft::{Allow, Draft, Source, Wide, gains, joined},
    model,
    question::{LAYER, NETWORK, Question, WIDTHS, X, Y},
};
use crate::{
    Error,
    network::{Gain, Network, Scalar, evaluate},
    resize,
    scalar::{Rational, Real},
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("grow.txt");
    const INPUTS: &'static [Part] = &[NETWORK, LAYER, ("columns", Kind::Matrix, true), X];
    const OUTPUTS: &'static [Part] = &[
        WIDTHS,
        ("bias", Kind::Vector, true),
        ("next_weight", Kind::Matrix, true),
        Y,
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        for gain in gains() {
            for (k, (widths, l)) in SHAPES.into_iter().enumerate() {
                let q = k % 2 + 1;
                let name = format!("{}-{}-layer-{l}-by-{q}", gain.name(), joined(widths));
                let mut stream = source.stream(&name, Digits::Single);
                let network = stream.network(widths, &gain, (k != 1, true))?;
                let input = Input::default()
                    .with_network(&network)
                    .with("layer", l)
                    .with_matrix("columns", &stream.matrix(widths[l + 1], q))
                    .with_vector("x", &stream.vector(widths[0]));
                let comment = format!("{q} more in hidden layer {l}.");
                let draft = Draft::new(source.id(&name), comment, "C1", input);
                drafts.push(draft.flags(&["GrowRandomRow"]));
            }
        }
        for (widths, l) in INNER {
            let name = format!("tanh-{}-layer-{l}-psi", joined(widths));
            let mut stream = source.stream(&name, Digits::Single);
            let network = stream.network(widths, &Gain::Tanh, (true, true))?;
            let input = Input::default()
                .with_network(&network)
                .with("layer", l)
                .with_matrix("columns", &stream.matrix(widths[l + 1], 2))
                .with_vector("x", &stream.vector(widths[0]));
            let comment = "The layer that grows has a ψ, and so has the next.";
            let draft = Draft::new(source.id(&name), comment, "C1", input);
            drafts.push(draft.flags(&["GrowRandomRow", "PsiDropped"]));
        }
        drafts.push(model::draft(source, 8, "C1", |input| {
            let columns = model::columns(10, 3);
            input.with("layer", 2).with_matrix("columns", &columns)
        })?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        let (l, columns) = (input.index("layer")?, input.matrix("columns")?);
        Ok(resize::grow(&input.network::<S>()?, l, &columns)?)
    }

    fn allowances(input: &Input) -> Allowances {
        let grown: Network<Wide> = Self::edited(input)?;
        Ok(vec![
            ("widths", Allow::Exact),
            ("bias", Allow::Exact),
            ("next_weight", Allow::Exact),
            ("y", of_output(&grown, &input.vector::<Wide>("x")?)?),
        ])
    }
}

fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let l = input.index("layer")?;
    let grown = resize::grow(&input.network::<S>()?, l, &input.matrix("columns")?)?;
    let y = evaluate(&grown, &input.vector("x")?)?;
    Answer::default()
        .counts("widths", &grown.widths())?
        .vector("bias", grown.layer(l).bias.as_slice())?
        .matrix("next_weight", &grown.layer(l + 1).weight)?
        .vector("y", y.as_slice())
}

pub(super) const SHAPES: [(&[usize], usize); 4] = [
    (&[2, 3, 2], 1),
    (&[2, 2, 3, 2], 2),
    (&[3, 1, 2], 1),
    (&[2, 4, 2, 3], 1),
];

/// Growth at inner layers, which have a ψ themselves; one of them past the ends of vector registers.
pub(super) const INNER: [(&[usize], usize); 2] = [(&[2, 3, 3, 2], 2), (&[3, 4, 17, 2], 2)];
