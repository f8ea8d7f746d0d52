//! What the gauges in which weights vanish have in common.

use super::{
    allow::{Allowances, of_sigma, of_turned},
    draft::{Allow, Draft, Source, Wide, gains, joined, power},
    question::Edited,
    rotate::of_relative,
};
use crate::{
    Error,
    gauge::{self, Gauge},
    linalg::Matrix,
    network::{Gain, Network, evaluate},
    scalar::{Field, Rational, Real},
    vector::{
        answer::Answer,
        draw::{Digits, Stream},
        input::{Input, Refusal},
    },
};

pub(super) fn drafts_for(
    source: &Source,
    shapes: &[(&[usize], Option<usize>)],
    count: usize,
    flags: impl Fn(&[usize], Option<usize>) -> Vec<&'static str>,
    statement: &'static str,
) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    for gain in gains().into_iter().take(count) {
        for &(widths, layer) in shapes {
            let at = layer.map_or(String::new(), |l| format!("-layer-{l}"));
            let name = format!("{}-{}{at}", gain.name(), joined(widths));
            let mut stream = source.stream(&name, Digits::Single);
            let network = stream.network(widths, &gain, (true, true))?;
            let mut input = Input::default().with_network(&network);
            if let Some(l) = layer {
                input = input.with("layer", l);
            }
            let input = input.with_vector("x", &stream.vector(widths[0]));
            let comment = match widths.windows(2).any(|pair| pair[1] > pair[0]) {
                true => "A layer is wider than its input.",
                false => "No layer is wider than its input.",
            };
            let draft = Draft::new(source.id(&name), comment, statement, input);
            drafts.push(draft.flags(&flags(widths, layer)));
        }
    }
    Ok(drafts)
}

/// W_1 with the columns (1, ε, 0) and (1, 0, ε), ε = 2^-30.
pub(super) fn nearly_dependent(stream: &mut Stream) -> Result<Network<Rational>, Error> {
    let network = stream.network(&[2, 3, 2], &Gain::Tanh, (true, true))?;
    let lengths = network.has_lengths();
    let (mut layers, gain, o) = network.into_parts();
    layers[0].weight = Matrix::from_fn(3, 2, |i, j| match (i, j) {
        (0, _) => Rational::from(1),
        (1, 0) | (2, 1) => power(-30),
        _ => Rational::from(0),
    });
    Network::new(layers, gain, lengths.then_some(o))
}

/// The whole of what a gauge's answer is made from.
pub(super) fn in_gauge<S: Real>(input: &Input, which: Gauge) -> Result<Network<S>, Refusal> {
    let network: Network<S> = input.network()?;
    let layers: Vec<usize> = match which {
        Gauge::Left | Gauge::Full => vec![input.index("layer")?],
        Gauge::Alternate | Gauge::Triangular => vec![],
    };
    Ok(gauge::diagonalise(&network, which, &layers)?)
}

/// With y of the network in its gauge.
pub(super) fn output_of<S: Real>(
    answer: Answer,
    network: &Network<S>,
    input: &Input,
) -> Result<Answer, Refusal> {
    let y = evaluate(network, &input.vector("x")?)?;
    answer.vector("y", y.as_slice())
}

pub(super) fn zeros<S: Field>(network: &Network<S>) -> usize {
    let weights = network
        .layers()
        .iter()
        .flat_map(|layer| layer.weight.iter());
    weights.filter(|w| w.is_zero()).count()
}

/// The allowances for the diagonal of layer `l` and for what is left beside it.
pub(super) fn of_diagonal(input: &Input, l: usize) -> Allowances {
    let before: Network<Wide> = input.network()?;
    let weight = &before.layer(l).weight;
    let (m, n) = weight.shape();
    Ok(vec![
        ("sigma", Allow::Units(of_sigma(weight))),
        ("off_diagonal", of_relative(m, n)),
    ])
}

/// The network in a gauge for which the layers `turned` were rotated.
pub(super) fn turned(input: &Input, which: Gauge, turned: &[usize]) -> Result<Edited, Refusal> {
    let network: Network<Wide> = in_gauge(input, which)?;
    let size = network.widths().into_iter().max().unwrap_or(1);
    let errors = of_turned(&network, turned, size);
    Ok((network, errors))
}
