//! Gauges in which weights vanish: left, full, alternate, triangular.

use super::{
    allow::{Allowances, of_sigma, of_turned},
    draft::{Allow, Draft, Source, Wide, gains, joined, power},
    model,
    rotate::{of_relative, relative},
};
use crate::{
    Error,
    gauge::{self, Gauge},
    linalg::{Matrix, column, norm2, product_nt},
    network::{Gain, Network, evaluate},
    scalar::{Field, Rational, Real},
    vector::{
        Tree,
        answer::Answer,
        draw::{Digits, Stream},
        input::{Input, Refusal},
    },
};

pub(super) const LEFT: &str = "Inputs: network, layer l, x. The layer is rotated by Uᵀ, W_l = U S Vᵀ, U square. Outputs: widths (unchanged), sigma (the norms of the n_l rows of the new W_l, descending, zeros included), off_diagonal (the off-diagonal part of W_l W_lᵀ in Frobenius norm, over that of W_l squared: 0), y.";
pub(super) const FULL: &str = "Inputs: network, layer l ≥ 2 (hidden), x. Hidden layer l is rotated by Uᵀ and hidden layer l - 1 by Vᵀ. Outputs: widths, sigma (the diagonal of the new W_l), off_diagonal (the rest of it in Frobenius norm, over that of all of it: 0), y.";
pub(super) const ALTERNATE: &str = "Inputs: network, x. Full diagonalisation of layers 2, 4, 6, … (hidden ones). Outputs: widths, zeros (the number of weights that are exactly 0 in the whole network), y.";
pub(super) const TRIANGULAR: &str = "Inputs: network, x. W_l = Q T layer by layer over the hidden layers, Q absorbed into W_{l+1}. Outputs: widths, zeros (the number of weights that are exactly 0 in the whole network), sigma (the singular values of the new hidden weights, layer by layer), y.";

fn drafts_for(
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

pub(super) fn left_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let shapes: [(&[usize], Option<usize>); 5] = [
        (&[3, 3, 2], Some(1)),
        (&[2, 4, 2], Some(1)),
        (&[4, 3, 2], Some(1)),
        (&[2, 3, 4, 2], Some(2)),
        (&[1, 3, 1], Some(1)),
    ];
    let flags = |widths: &[usize], layer: Option<usize>| {
        let l = layer.unwrap_or(1);
        let mut flags = vec!["RotateWithoutBias"];
        if widths[l] > widths[l - 1] {
            flags.push("ThinSvd");
        }
        if l > 1 {
            flags.push("RotateWithoutPsi");
        }
        flags
    };
    let mut drafts = drafts_for(source, &shapes, 5, flags, "B2")?;
    let name = "tanh-2-3-2-nearly-dependent";
    let mut stream = source.stream(name, Digits::Single);
    let network = nearly_dependent(&mut stream)?;
    let input = Input::default()
        .with_network(&network)
        .with("layer", 1)
        .with_vector("x", &stream.vector(2));
    let comment = "Columns (1, ε, 0) and (1, 0, ε), ε = 2^-30: ε is lost in WᵀW (Läuchli).";
    let draft = Draft::new(source.id(name), comment, "B2", input);
    drafts.push(draft.flags(&["SigmaByGram"]));
    drafts.push(model::draft(source, 4, "B2", |input| {
        input.with("layer", 1)
    })?);
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

pub(super) fn full_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let shapes: [(&[usize], Option<usize>); 4] = [
        (&[3, 3, 3, 2], Some(2)),
        (&[2, 4, 3, 2], Some(2)),
        (&[3, 2, 4, 2], Some(2)),
        (&[2, 3, 3, 2, 2], Some(3)),
    ];
    let flags = |_: &[usize], _| vec!["InnerNotRotated", "RotateWithoutPsi", "RotateWithoutBias"];
    let mut drafts = drafts_for(source, &shapes, 5, flags, "B3")?;
    drafts.push(model::draft(source, 5, "B3", |input| {
        input.with("layer", 2)
    })?);
    Ok(drafts)
}

pub(super) fn alternate_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
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

pub(super) fn triangular_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
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

/// The whole of what a gauge's answer is made from.
fn in_gauge<S: Real>(input: &Input, which: Gauge) -> Result<Network<S>, Refusal> {
    let network: Network<S> = input.network()?;
    let layers: Vec<usize> = match which {
        Gauge::Left | Gauge::Full => vec![input.index("layer")?],
        Gauge::Alternate | Gauge::Triangular => vec![],
    };
    Ok(gauge::diagonalise(&network, which, &layers)?)
}

pub(super) fn answer<S: Real>(input: &Input, which: Gauge) -> Result<Answer, Refusal> {
    let network: Network<S> = in_gauge(input, which)?;
    let y = evaluate(&network, &input.vector("x")?)?;
    let answer = Answer::default().counts("widths", &network.widths())?;
    let answer = match which {
        Gauge::Left => {
            let weight = &network.layer(input.index("layer")?).weight;
            let rows = weight.transpose();
            let sigma: Vec<S> = (0..rows.ncols()).map(|i| norm2(column(&rows, i))).collect();
            let mut gram = product_nt(weight, weight);
            gram.fill_diagonal(S::zero());
            // Over ‖W‖_F²: once for each factor.
            let half = relative(gram.as_slice(), weight);
            let size = crate::linalg::frobenius(weight);
            let off = if size.is_zero() { half } else { half / size };
            answer
                .vector("sigma", &sigma)?
                .number("off_diagonal", &off)?
        }
        Gauge::Full => {
            let weight = &network.layer(input.index("layer")?).weight;
            let least = weight.nrows().min(weight.ncols());
            let sigma: Vec<S> = (0..least).map(|i| weight[(i, i)].clone()).collect();
            let mut rest = weight.clone();
            rest.fill_diagonal(S::zero());
            let off = relative(rest.as_slice(), weight);
            answer
                .vector("sigma", &sigma)?
                .number("off_diagonal", &off)?
        }
        Gauge::Alternate => answer.with("zeros", Some(Tree::count(zeros(&network))))?,
        Gauge::Triangular => {
            let sigma = network
                .hidden()
                .map(|l| {
                    let sigma = crate::linalg::singular_values(&network.layer(l).weight)?;
                    Ok(Tree::vector(&sigma))
                })
                .collect::<Result<Option<Vec<_>>, Error>>()?;
            answer
                .with("zeros", Some(Tree::count(zeros(&network))))?
                .with("sigma", sigma.map(Tree::List))?
        }
    };
    answer.vector("y", y.as_slice())
}

fn zeros<S: Field>(network: &Network<S>) -> usize {
    let weights = network
        .layers()
        .iter()
        .flat_map(|layer| layer.weight.iter());
    weights.filter(|w| w.is_zero()).count()
}

pub(super) fn allowances(input: &Input, which: Gauge) -> Allowances {
    let before: Network<Wide> = input.network()?;
    let network: Network<Wide> = in_gauge(input, which)?;
    let x: Vec<Wide> = input.vector("x")?;
    let size = network.widths().into_iter().max().unwrap_or(1);
    let (turned, mut allowances): (Vec<usize>, Vec<(&'static str, Allow)>) = match which {
        Gauge::Left | Gauge::Full => {
            let l = input.index("layer")?;
            let weight = &before.layer(l).weight;
            let turned = if which == Gauge::Left {
                vec![l]
            } else {
                vec![l - 1, l]
            };
            let (m, n) = weight.shape();
            let sigma = Allow::Units(of_sigma(weight));
            (
                turned,
                vec![("sigma", sigma), ("off_diagonal", of_relative(m, n))],
            )
        }
        Gauge::Alternate => (before.hidden().collect(), vec![("zeros", Allow::Exact)]),
        Gauge::Triangular => {
            let of_layer = |l| {
                // The weight was multiplied by the Q of the layer before.
                of_sigma(&before.layer(l).weight) * Wide::from_int(2)
            };
            let all = before
                .hidden()
                .map(of_layer)
                .fold(Wide::from_int(0), |sum, x| sum + x);
            let hidden = before.hidden().collect();
            (
                hidden,
                vec![("zeros", Allow::Exact), ("sigma", Allow::Units(all))],
            )
        }
    };
    allowances.push(("widths", Allow::Exact));
    allowances.push(("y", of_turned(&network, &x, &turned, size)?));
    Ok(allowances)
}
