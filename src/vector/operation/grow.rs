//! New neurons.

use super::{
    allow::{Allowances, of_output, size, whole},
    draft::{Allow, Draft, Source, Wide, gains, joined},
    model,
};
use crate::{
    Error,
    bound::{ParameterError, any_order_units},
    linalg::Matrix,
    network::{Gain, Network, Scalar, evaluate},
    resize,
    scalar::Rational,
    vector::{
        answer::Answer,
        draw::{Digits, Stream},
        input::{Input, Refusal},
    },
};

pub(super) const GROW: &str = "Inputs: network, layer l, columns (n_{l+1} × q, the new outgoing weights), x. q neurons are appended with zero rows, zero biases and zero ψ entries. Outputs: widths, bias (of layer l), next_weight (W_{l+1}), y, which stays what it was.";
pub(super) const WITH_BIAS: &str = "Inputs: network, layer l, beta (β² ≤ o_l), column (n_{l+1} entries, w), x. One neuron is appended with a zero row, bias β and column w; o_l → o_l - β², ψ_{l+1} → ψ_{l+1} - w β. Outputs: widths, bias (of layer l), o (all), next_psi (ψ_{l+1}), y, which stays what it was.";

const SHAPES: [(&[usize], usize); 4] = [
    (&[2, 3, 2], 1),
    (&[2, 2, 3, 2], 2),
    (&[3, 1, 2], 1),
    (&[2, 4, 2, 3], 1),
];

pub(super) fn grow_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
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

pub(super) fn with_bias_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
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

/// Growth at inner layers, which have a ψ themselves; one of them past the ends of vector registers.
const INNER: [(&[usize], usize); 2] = [(&[2, 3, 3, 2], 2), (&[3, 4, 17, 2], 2)];

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

pub(super) fn grow_answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let l = input.index("layer")?;
    let grown = resize::grow(&input.network::<S>()?, l, &input.matrix("columns")?)?;
    let y = evaluate(&grown, &input.vector("x")?)?;
    Answer::default()
        .counts("widths", &grown.widths())?
        .vector("bias", grown.layer(l).bias.as_slice())?
        .matrix("next_weight", &grown.layer(l + 1).weight)?
        .vector("y", y.as_slice())
}

pub(super) fn grow_allowances(input: &Input) -> Allowances {
    let network: Network<Wide> = input.network()?;
    let grown = resize::grow(&network, input.index("layer")?, &input.matrix("columns")?)?;
    Ok(vec![
        ("widths", Allow::Exact),
        ("bias", Allow::Exact),
        ("next_weight", Allow::Exact),
        ("y", of_output(&grown, &input.vector::<Wide>("x")?)?),
    ])
}

fn grown<S: Scalar>(input: &Input) -> Result<(Network<S>, usize), Refusal> {
    let l = input.index("layer")?;
    let w: Vec<S> = input.vector("column")?;
    let column = Matrix::from_column_slice(w.len(), 1, &w);
    let network = input.network::<S>()?;
    let grown = resize::grow_with_bias(&network, l, &input.number("beta")?, &column)?;
    Ok((grown, l))
}

pub(super) fn with_bias_answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let (grown, l) = grown::<S>(input)?;
    let y = evaluate(&grown, &input.vector("x")?)?;
    Answer::default()
        .counts("widths", &grown.widths())?
        .vector("bias", grown.layer(l).bias.as_slice())?
        .vector("o", &lengths(&grown))?
        .vector("next_psi", grown.layer(l + 1).psi_or_zero().as_slice())?
        .vector("y", y.as_slice())
}

pub(super) fn with_bias_allowances(input: &Input) -> Allowances {
    let (grown, l) = grown::<Wide>(input)?;
    let beta: Wide = input.number("beta")?;
    let column: Vec<Wide> = input.vector("column")?;
    // A square and a difference; a product and a difference for each entry of ψ.
    let of_length = beta.clone() * &beta + grown.length_squared(l);
    let psi = grown.layer(l + 1).psi_or_zero();
    let of_psi = size(&column) * num_traits::Signed::abs(&beta) + size(psi.as_slice());
    after_absorption(&grown, l, &input.vector("x")?, of_length, of_psi).map(|mut allowances| {
        allowances.push(("bias", Allow::Exact));
        allowances
    })
}

/// Widths, o, ψ_{l+1} and y of a network whose o_l and ψ_{l+1} were computed, with errors of one such unit and
/// a rounding of their own.
pub(super) fn after_absorption(
    network: &Network<Wide>,
    l: usize,
    x: &[Wide],
    of_length: Wide,
    of_psi: Wide,
) -> Allowances {
    let (of_length, of_psi) = (of_length * whole(2), of_psi * whole(2));
    let mut errors = ParameterError::none_for(network);
    errors[l - 1].length = of_length.clone();
    errors[l].psi = of_psi.clone();
    let of_y = any_order_units(network, x, &errors)?;
    Ok(vec![
        ("widths", Allow::Exact),
        ("o", Allow::Units(of_length)),
        ("next_psi", Allow::Units(of_psi)),
        ("y", Allow::Carried(of_y)),
    ])
}

/// o of every hidden layer.
pub(super) fn lengths<S: crate::scalar::Field>(network: &Network<S>) -> Vec<S> {
    network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect()
}
