//! A new neuron with a bias, which o and ψ pay for.

use super::{
    absorbed::{absorbed, after_absorption, lengths},
    allow::{Allowances, size},
    draft::{Allow, Draft, Source, Wide, gains, joined},
    grow::{INNER, SHAPES},
    model,
    question::{Edited, LAYER, LENGTHS, NETWORK, NEXT_PSI, Question, WIDTHS, X, Y},
};
use crate::{
    Error,
    linalg::Matrix,
    network::{Gain, Network, Scalar, evaluate},
    resize,
    scalar::{Rational, Real},
    vector::{
        answer::Answer,
        draw::{Digits, Stream},
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("grow_with_bias.txt");
    const INPUTS: &'static [Part] = &[
        NETWORK,
        LAYER,
        ("beta", Kind::Number, true),
        ("column", Kind::Vector, true),
        X,
    ];
    const OUTPUTS: &'static [Part] = &[WIDTHS, ("bias", Kind::Vector, true), LENGTHS, NEXT_PSI, Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        for gain in gains() {
            for (k, (widths, l)) in SHAPES.into_iter().enumerate() {
                let name = format!("{}-{}-layer-{l}", gain.name(), joined(widths));
                let exact = k == 0;
                let digits = if exact { Digits::Short } else { Digits::Single };
                let mut stream = source.stream(&name, digits);
                let network = stream.network(widths, &gain, (k != 1, true))?;
                // β² is less than o: o is at least 1/97, or 1/8 of short numbers.
                let o = network.length_squared(l);
                let half = Rational::from(1) / Rational::from(2);
                let mut beta = stream.number();
                while beta.clone() * &beta > o {
                    beta *= &half;
                }
                let input = Input::default()
                    .with_network(&network)
                    .with("layer", l)
                    .with_number("beta", &beta)
                    .with_vector("column", &stream.vector(widths[l + 1]))
                    .with_vector("x", &stream.vector(widths[0]));
                let comment = match k {
                    1 => "No ψ before: it is created.",
                    _ => "ψ and o are there.",
                };
                let draft = Draft::new(source.id(&name), comment, "C2", input);
                drafts.push(draft.flags(&["BetaNotCompensated", "OPlusBeta"]));
            }
        }
        for (widths, l) in INNER {
            let name = format!("tanh-{}-layer-{l}-psi", joined(widths));
            let mut stream = source.stream(&name, Digits::Single);
            let network = stream.network(widths, &Gain::Tanh, (true, true))?;
            let beta = network.length_squared(l) / Rational::from(4);
            let comment = "The layer that grows has a ψ, and so has the next.";
            drafts.push(with_bias(
                source,
                &name,
                comment,
                &mut stream,
                (network, l),
                &beta,
            ));
        }
        // All of o is taken: β² = o, with numbers whose squares are exact.
        for (k, sign) in [1, -1].into_iter().enumerate() {
            let name = format!("tanh-2-3-2-all-of-o-{}", k + 1);
            let mut stream = source.stream(&name, Digits::Short);
            let network = stream.network(&[2, 3, 2], &Gain::Tanh, (true, false))?;
            let (layers, gain, _) = network.into_parts();
            let beta = Rational::from(sign) * Rational::from(3) / Rational::from(4);
            let network = Network::new(layers, gain, Some(vec![beta.clone() * &beta]))?;
            let comment = "β² = o: admitted, and o becomes 0.";
            drafts.push(with_bias(
                source,
                &name,
                comment,
                &mut stream,
                (network, 1),
                &beta,
            ));
        }
        drafts.push(model::draft(source, 9, "C2", |input| {
            let column: Vec<Rational> = model::columns(32, 1).iter().cloned().collect();
            let beta = Rational::from(1) / Rational::from(64);
            let input = input.with("layer", 1).with_number("beta", &beta);
            input.with_vector("column", &column)
        })?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        let edited = Self::errors(input)?;
        let (l, x) = (input.index("layer")?, input.vector::<Wide>("x")?);
        let mut allowances = after_absorption(&edited, l, &x)?;
        allowances.push(("bias", Allow::Exact));
        Ok(allowances)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        grown::<S>(input).map(|(grown, _)| grown)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let (grown, l) = grown::<Wide>(input)?;
        let beta: Wide = input.number("beta")?;
        let column: Vec<Wide> = input.vector("column")?;
        // A square and a difference; a product and a difference for each entry of ψ.
        let of_length = beta.clone() * &beta + grown.length_squared(l);
        let psi = grown.layer(l + 1).psi_or_zero();
        let of_psi = size(&column) * num_traits::Signed::abs(&beta) + size(psi.as_slice());
        Ok(absorbed(grown, l, of_length, of_psi))
    }
}

fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let (grown, l) = grown::<S>(input)?;
    let y = evaluate(&grown, &input.vector("x")?)?;
    Answer::default()
        .counts("widths", &grown.widths())?
        .vector("bias", grown.layer(l).bias.as_slice())?
        .vector("o", &lengths(&grown))?
        .vector("next_psi", grown.layer(l + 1).psi_or_zero().as_slice())?
        .vector("y", y.as_slice())
}

fn with_bias(
    source: &Source,
    name: &str,
    comment: &str,
    stream: &mut Stream,
    (network, l): (Network<Rational>, usize),
    beta: &Rational,
) -> Draft {
    let widths = network.widths();
    let input = Input::default()
        .with_network(&network)
        .with("layer", l)
        .with_number("beta", beta)
        .with_vector("column", &stream.vector(widths[l + 1]))
        .with_vector("x", &stream.vector(widths[0]));
    Draft::new(source.id(name), comment, "C2", input).flags(&["BetaNotCompensated", "OPlusBeta"])
}

fn grown<S: Scalar>(input: &Input) -> Result<(Network<S>, usize), Refusal> {
    let l = input.index("layer")?;
    let w: Vec<S> = input.vector("column")?;
    let column = Matrix::from_column_slice(w.len(), 1, &w);
    let network = input.network::<S>()?;
    let grown = resize::grow_with_bias(&network, l, &input.number("beta")?, &column)?;
    Ok((grown, l))
}
