//! Removing a constant neuron: absorption.

use super::{
    absorbed::{absorbed, after_absorption, lengths},
    allow::{Allowances, size},
    draft::{Draft, Source, Wide, gains, joined, ratio},
    question::{LAYER, LENGTHS, NETWORK, NEXT_PSI, Question, WIDTHS, X, Y},
};
use crate::{
    Error,
    linalg::column,
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
    const DESCRIPTION: &'static str = include_str!("remove.txt");
    const INPUTS: &'static [Part] = &[NETWORK, LAYER, ("neuron", Kind::Index, true), X];
    const OUTPUTS: &'static [Part] = &[WIDTHS, LENGTHS, NEXT_PSI, Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let shapes: [(&[usize], usize, usize, bool); 5] = [
            (&[2, 3, 2], 1, 2, true),
            (&[2, 3, 2], 1, 3, false),
            (&[2, 3, 4, 2], 2, 1, true),
            (&[3, 4, 2, 2], 1, 4, true),
            (&[1, 2, 1], 1, 1, true),
        ];
        for gain in gains() {
            for (k, (widths, l, neuron, parts)) in shapes.into_iter().enumerate() {
                let digits = if k == 0 {
                    Digits::Short
                } else {
                    Digits::Single
                };
                let kind = if parts { "psi-o" } else { "plain" };
                let name = format!(
                    "{}-{}-layer-{l}-neuron-{neuron}-{kind}",
                    gain.name(),
                    joined(widths)
                );
                let mut stream = source.stream(&name, digits);
                let network = stream.network(widths, &gain, (parts, parts))?;
                let beta = if k == 1 { ratio(1, 2) } else { stream.number() };
                let network = constant(&network, l, neuron, &beta)?;
                let input = Input::default()
                    .with_network(&network)
                    .with("layer", l)
                    .with("neuron", neuron)
                    .with_vector("x", &stream.vector(widths[0]));
                let comment = match parts {
                    true => "ψ and o are there; β ≠ 0.",
                    false => "β = 1/2, with neither ψ nor o before: both are created.",
                };
                drafts.push(
                    Draft::new(source.id(&name), comment, "D2", input)
                        .flags(&["PsiNotUpdated", "ONotUpdated", "OPlusBeta"])
                        .flag_if(gain == Gain::Tanh, "OSquaredTwice"),
                );
            }
            let name = format!("{}-dead", gain.name());
            let mut stream = source.stream(&name, Digits::Single);
            let network = stream.network(&[2, 3, 2], &gain, (true, true))?;
            let network = constant(&network, 1, 2, &Rational::from(0))?;
            let input = Input::default()
                .with_network(&network)
                .with("layer", 1)
                .with("neuron", 2)
                .with_vector("x", &stream.vector(2));
            let comment = "A dead neuron, β = 0: nothing to absorb.";
            drafts.push(Draft::new(source.id(&name), comment, "D1", input));
        }
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        let (l, neuron) = (input.index("layer")?, input.index("neuron")?);
        let network: Network<Wide> = input.network()?;
        let removed = resize::remove(&network, l, neuron)?;
        let beta = network.layer(l).bias[neuron - 1].clone();
        let w = size(column(&network.layer(l + 1).weight, neuron - 1));
        let of_length = beta.clone() * &beta + removed.length_squared(l);
        let psi = removed.layer(l + 1).psi_or_zero();
        let of_psi = w * num_traits::Signed::abs(&beta) + size(psi.as_slice());
        let edited = absorbed(removed, l, of_length, of_psi);
        after_absorption(&edited, l, &input.vector::<Wide>("x")?)
    }
}

fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let l = input.index("layer")?;
    let removed = resize::remove(&input.network::<S>()?, l, input.index("neuron")?)?;
    let y = evaluate(&removed, &input.vector("x")?)?;
    Answer::default()
        .counts("widths", &removed.widths())?
        .vector("o", &lengths(&removed))?
        .vector("next_psi", removed.layer(l + 1).psi_or_zero().as_slice())?
        .vector("y", y.as_slice())
}

/// The network with a constant neuron.
pub(super) fn constant(
    network: &Network<Rational>,
    l: usize,
    neuron: usize,
    beta: &Rational,
) -> Result<Network<Rational>, Error> {
    let lengths = network.has_lengths();
    let (mut layers, gain, o) = network.clone().into_parts();
    let (layer, row) = (&mut layers[l - 1], neuron - 1);
    layer.weight.row_mut(row).fill(Rational::from(0));
    layer.bias[row] = beta.clone();
    if let Some(psi) = &mut layer.psi {
        psi[row] = Rational::from(0);
    }
    Network::new(layers, gain, lengths.then_some(o))
}
