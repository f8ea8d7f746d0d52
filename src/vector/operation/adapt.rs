//! The scaffold-buffer rule.

use super::{
    allow::Allowances,
    draft::{Draft, Source, Wide, gains, joined, ratio},
    model,
    question::{Edited, NETWORK, Question, WIDTHS, X, Y},
    shrunk::{clear, cut_clearly, of_image, of_shrunk, tiny},
};
use crate::{
    Error,
    linalg::Matrix,
    network::{Network, evaluate},
    resize::{self, Outgoing, Removal, Resized},
    scalar::{Field, Rational, Real},
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("adapt.txt");
    const INPUTS: &'static [Part] = &[
        NETWORK,
        ("theta", Kind::Number, true),
        ("buffer", Kind::Index, true),
        X,
    ];
    const OUTPUTS: &'static [Part] = &[WIDTHS, Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let shapes: [(&[usize], usize); 4] = [
            (&[3, 3, 2], 1),
            (&[2, 4, 2], 1),
            (&[2, 4, 2], 3),
            (&[3, 4, 2, 2], 0),
        ];
        for gain in gains() {
            for (widths, buffer) in shapes {
                let name = format!("{}-{}-buffer-{buffer}", gain.name(), joined(widths));
                let mut stream = source.stream(&name, Digits::Single);
                let theta = ratio(3, 4);
                let (network, widths_after) = loop {
                    let network = stream.network(widths, &gain, (true, true))?;
                    if let Some(after) = settled(&network, &theta, buffer)? {
                        break (network, after);
                    }
                };
                let input = Input::default()
                    .with_network(&network)
                    .with_number("theta", &theta)
                    .with("buffer", buffer)
                    .with_vector("x", &stream.vector(widths[0]));
                let comment = format!("{} becomes {}.", joined(widths), joined(&widths_after));
                // Counting min(m, n) sees no zeros where a layer is wider than [W ψ] is long.
                let wide = widths[1] > widths[0];
                let draft = Draft::new(source.id(&name), comment, "F4", input);
                drafts.push(draft.flag_if(wide, "CountsMinOfShape"));
            }
        }
        // θ = 0 is a threshold like any other: only dead directions count as spare.
        for widths in [&[3, 3, 2][..], &[4, 3, 3, 2]] {
            let name = format!("tanh-{}-threshold-0", joined(widths));
            let mut stream = source.stream(&name, Digits::Single);
            let network = stream.network(widths, &crate::Gain::Tanh, (true, true))?;
            let input = Input::default()
                .with_network(&network)
                .with_number("theta", &Rational::from(0))
                .with("buffer", 1)
                .with_vector("x", &stream.vector(widths[0]));
            let comment = "θ = 0 and no dead direction: every hidden layer grows by one.";
            drafts.push(Draft::new(source.id(&name), comment, "F4", input));
        }
        let name = "tanh-3-3-2-all-small";
        let mut stream = source.stream(name, Digits::Single);
        let network = cut_clearly(&mut stream, &[3, 3, 2], &crate::Gain::Tanh, (1, 1))?;
        let input = Input::default()
            .with_network(&network)
            .with_number("theta", &ratio(100, 1))
            .with("buffer", 0)
            .with_vector("x", &stream.vector(3));
        let comment = "Every σ is ≤ θ and no spare is wanted: one neuron stays.";
        drafts.push(Draft::new(source.id(name), comment, "F4", input));
        let name = "tanh-3-2-2-grows-by-3";
        let mut stream = source.stream(name, Digits::Single);
        let network = stream.network(&[3, 2, 2], &crate::Gain::Tanh, (true, true))?;
        let input = Input::default()
            .with_network(&network)
            .with_number("theta", &Rational::from(0))
            .with("buffer", 3)
            .with_vector("x", &stream.vector(3));
        let comment = "No dead direction and three wanted: the hidden layer grows from 2 to 5.";
        drafts.push(Draft::new(source.id(name), comment, "F4", input));
        drafts.push(equal_to_threshold(source)?);
        let theta = ratio(1, 2);
        drafts.push(model::draft(source, 11, "F4", |input| {
            input.with_number("theta", &theta).with("buffer", 2)
        })?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = input.network()?;
        let after = adapted(&network, &input.number("theta")?, input.index("buffer")?)?.network;
        let y = evaluate(&after, &input.vector("x")?)?;
        Answer::default()
            .counts("widths", &after.widths())?
            .vector("y", y.as_slice())
    }

    fn allowances(input: &Input) -> Allowances {
        of_image(input, &Self::errors(input)?)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        let (theta, buffer) = (input.number("theta")?, input.index("buffer")?);
        Ok(adapted(&input.network::<S>()?, &theta, buffer)?.network)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let network: Network<Wide> = input.network()?;
        let after = adapted(&network, &input.number("theta")?, input.index("buffer")?)?;
        let errors = of_shrunk(&network, &after);
        Ok((after.network, errors))
    }
}

/// σ = θ counts as small. The weight is diagonal, so that an SVD finds its singular values without a rounding.
fn equal_to_threshold(source: &Source) -> Result<Draft, Error> {
    let name = "tanh-3-3-2-equal-to-threshold";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[3, 3, 2], &crate::Gain::Tanh, (true, true))?;
    let lengths = network.has_lengths();
    let (mut layers, gain, o) = network.into_parts();
    let sigma = [ratio(2, 1), ratio(3, 4), ratio(1, 4)];
    layers[0].weight = Matrix::from_fn(3, 3, |i, j| match i == j {
        true => sigma[i].clone(),
        false => Rational::from(0),
    });
    let network = Network::new(layers, gain, lengths.then_some(o))?;
    let input = Input::default()
        .with_network(&network)
        .with_number("theta", &ratio(3, 4))
        .with("buffer", 1)
        .with_vector("x", &stream.vector(3));
    let comment = "σ = 2, 3/4, 1/4 and θ = 3/4: two are ≤ θ, and one of them goes.";
    Ok(Draft::new(source.id(name), comment, "F4", input))
}

/// The widths after adaptation, if every decision and every cut on the way is clear.
fn settled(
    network: &Network<Rational>,
    theta: &Rational,
    buffer: usize,
) -> Result<Option<Vec<usize>>, Error> {
    let network: Network<Wide> = network.cast()?;
    let at = |percent: i64| {
        let theta = Wide::from_rational(&(theta.clone() * ratio(percent, 100)));
        adapted(&network, &theta, buffer)
    };
    let (low, high, here) = (at(90)?, at(110)?, at(100)?);
    let widths = here.network.widths();
    if low.network.widths() != widths || high.network.widths() != widths {
        return Ok(None);
    }
    let clear_cut = |removal: &Removal<Wide>| removal.dropped < tiny() || removal.gap() > clear();
    Ok(here.removals.iter().all(clear_cut).then_some(widths))
}

fn adapted<S: Real>(network: &Network<S>, theta: &S, buffer: usize) -> Result<Resized<S>, Error> {
    // No column is drawn: they are 0.
    let mut unused = ChaCha8Rng::seed_from_u64(0);
    resize::adapt(network, theta, buffer, Outgoing::Zero, &mut unused)
}
