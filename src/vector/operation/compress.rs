//! The width ceiling: exact reduction.

use super::{
    allow::{Allowances, zero},
    draft::{Draft, Source, Wide, gains, joined},
    model,
    question::{Edited, NETWORK, Question, WIDTHS, X, Y},
    shrunk::{clear, of_image, of_shrunk},
};
use crate::{
    Error,
    linalg::{Matrix, Vector, frobenius, singular_values},
    network::{Layer, Network, evaluate},
    resize::{self},
    scalar::{Rational, Real},
    vector::{
        answer::Answer,
        draw::{Digits, Stream},
        input::{Input, Refusal},
        part::Part,
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("compress.txt");
    const INPUTS: &'static [Part] = &[NETWORK, X];
    const OUTPUTS: &'static [Part] = &[WIDTHS, Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let wide: [&[usize]; 3] = [&[2, 5, 6, 2], &[1, 4, 4, 1], &[2, 4, 3, 2]];
        for gain in gains() {
            for widths in wide {
                let name = format!("{}-{}", gain.name(), joined(widths));
                let comment = "Wider than its input allows: n_1 ≤ n_0 and n_l ≤ n_{l-1} + 1.";
                let input = until_clear(source.stream(&name, Digits::Single), |stream| {
                    stream.network(widths, &gain, (true, true))
                })?;
                let draft = Draft::new(source.id(&name), comment, "D5", input);
                // W_l alone keeps a neuron fewer than [W_l ψ_l].
                let trap = widths[2] > widths[1].min(widths[0]) + 1;
                drafts.push(
                    draft
                        .flags(&["NullVectorBiasLost"])
                        .flag_if(trap, "PsiTrap"),
                );
            }
            let name = format!("{}-3-4-4-2-low-rank", gain.name());
            let comment = "Whole numbers of rank 2 in [W_l ψ_l].";
            let input = until_clear(source.stream(&name, Digits::Short), |stream| {
                low_rank(stream, &[3, 4, 4, 2], 2, &gain)
            })?;
            let draft = Draft::new(source.id(&name), comment, "D5", input);
            drafts.push(draft.flags(&["NullVectorBiasLost"]));
        }
        let name = "tanh-2-3-2-rank-0";
        let mut stream = source.stream(name, Digits::Single);
        let network = stream.network(&[2, 3, 2], &crate::Gain::Tanh, (true, true))?;
        let lengths = network.has_lengths();
        let (mut layers, gain, o) = network.into_parts();
        layers[0].weight = Matrix::from_element(3, 2, Rational::from(0));
        let network = Network::new(layers, gain, lengths.then_some(o))?;
        let input = Input::default()
            .with_network(&network)
            .with_vector("x", &stream.vector(2));
        let comment = "W_1 = 0: every neuron is constant, and one stays.";
        let draft = Draft::new(source.id(name), comment, "D5", input);
        drafts.push(draft.flags(&["NullVectorBiasLost"]));
        drafts.push(model::draft(source, 12, "D5", |input| input)?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let compressed = resize::compress(&input.network::<S>()?)?.network;
        let y = evaluate(&compressed, &input.vector("x")?)?;
        Answer::default()
            .counts("widths", &compressed.widths())?
            .vector("y", y.as_slice())
    }

    fn allowances(input: &Input) -> Allowances {
        of_image(input, &Self::errors(input)?)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        Ok(resize::compress(&input.network::<S>()?)?.network)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let network: Network<Wide> = input.network()?;
        let after = resize::compress(&network)?;
        let errors = of_shrunk(&network, &after);
        Ok((after.network, errors))
    }
}

/// A network in which every hidden [W_l ψ_l] is of that rank.
fn low_rank(
    stream: &mut Stream,
    widths: &[usize],
    rank: usize,
    gain: &crate::Gain<Rational>,
) -> Result<Network<Rational>, Error> {
    let plain = stream.network(widths, gain, (true, true))?;
    let (mut layers, gain, lengths) = plain.into_parts();
    let hidden = layers.len() - 1;
    for (l, layer) in layers[..hidden].iter_mut().enumerate() {
        let (m, n) = layer.weight.shape();
        let joint = stream.of_rank(m, n + usize::from(l > 0), rank);
        *layer = Layer {
            weight: joint.columns(0, n).into_owned(),
            bias: layer.bias.clone(),
            psi: (l > 0).then(|| Vector::from_column_slice(joint.column(n).as_slice())),
        };
    }
    Network::new(layers, gain, Some(lengths))
}

/// Draws until every singular value that counts is well above 0, so that every sound notion of numerical
/// rank finds the same.
fn until_clear(
    mut stream: Stream,
    draw: impl Fn(&mut Stream) -> Result<Network<Rational>, Error>,
) -> Result<Input, Error> {
    loop {
        let network = draw(&mut stream)?;
        let compressed = resize::compress(&network.cast::<Wide>()?)?.network;
        let mut clear_enough = true;
        for l in compressed.hidden() {
            let augmented = compressed.layer(l).augmented();
            let sigma = singular_values(&augmented)?;
            let least = sigma.last().cloned().unwrap_or_else(zero);
            clear_enough &= least > clear() * frobenius(&augmented);
        }
        if clear_enough {
            let x = stream.vector(network.widths()[0]);
            return Ok(Input::default().with_network(&network).with_vector("x", &x));
        }
    }
}
