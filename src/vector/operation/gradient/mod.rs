//! The gradient of a loss over a batch.

mod cases;
mod drawn;
mod origin;

use super::{
    allow::{Allowances, size, whole},
    draft::{Allow, Draft, Source, Wide},
    question::{NETWORK, Question},
};
use crate::{
    Error,
    bound::{Counted, Units},
    linalg::Matrix,
    network::{
        Network,
        gradient::{Gradient, Loss, Tangent, Targets, Trainable, gradient_with_input},
    },
    scalar::{Field, Rational, Real},
    vector::{
        Tree,
        answer::Answer,
        input::{Input, Refusal},
        part::{
            Kind::{Matrix as Rows, Number, Vector as List, Word},
            Part,
        },
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("../gradient.txt");
    const INPUTS: &'static [Part] = &[
        NETWORK,
        ("inputs", Rows, true),
        ("targets", Rows, true),
        ("loss", Word, true),
    ];
    const OUTPUTS: &'static [Part] = &[
        ("loss", Number, true),
        ("weight", Rows, true),
        ("bias", Rows, true),
        ("psi", Rows, false),
        ("o", List, false),
        ("input", Rows, true),
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        cases::drafts(source)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        let found = found::<Counted<Wide>>(input)?;
        let mut loss = found.loss.units();
        if input.word("loss")? == Loss::CrossEntropy.name() {
            // -ln of a softmax that was formed first: its 4 roundings and those of its argument.
            let y = found
                .outputs
                .iter()
                .map(|y| num_traits::Signed::abs(y.value()));
            let most = y.fold(whole(0), Wide::larger);
            loss.rounding += whole(8) + whole(4) * most;
        }
        let mut allowances = vec![("loss", Allow::Carried(loss))];
        let parts = Parts::of(&found.parameters);
        let input = found.input.iter().flat_map(|x| x.iter());
        for (name, entries) in [
            ("weight", parts.weight),
            ("bias", parts.bias),
            ("psi", parts.psi),
            ("o", parts.lengths),
            ("input", input.collect()),
        ] {
            if !entries.is_empty() {
                allowances.push((name, Allow::Carried(together(&entries))));
            }
        }
        Ok(allowances)
    }
}

/// The gradient in some arithmetic.
fn found<S: Trainable>(input: &Input) -> Result<Gradient<S>, Refusal> {
    let network: Network<S> = input.network()?;
    let (x, targets): (Matrix<S>, Matrix<S>) = (input.matrix("inputs")?, input.matrix("targets")?);
    let word = input.word("loss")?;
    let refuse = |name: &str, why: String| Refusal::Input {
        name: name.into(),
        why,
    };
    let loss = Loss::from_name(&word).ok_or_else(|| {
        refuse(
            "loss",
            format!("`{word}` is none of {}", Loss::NAMES.join(", ")),
        )
    })?;
    let targets = match loss {
        Loss::Squared => Targets::Values(targets.transpose()),
        Loss::CrossEntropy => {
            let outputs = network.layer(network.depth()).width();
            if targets.ncols() != outputs {
                let why = format!("{} entries a row, expected {outputs}", targets.ncols());
                return Err(refuse("targets", why));
            }
            let label = |i: usize| {
                let row: Vec<S> = targets.row(i).iter().cloned().collect();
                let at = row.iter().position(|t| !t.is_zero())?;
                let unit = row.iter().filter(|t| !t.is_zero()).count() == 1;
                (unit && row[at] == S::one()).then_some(at)
            };
            let labels: Option<Vec<usize>> = (0..targets.nrows()).map(label).collect();
            let why = || refuse("targets", "a row is no unit vector".into());
            Targets::Labels(labels.ok_or_else(why)?)
        }
    };
    Ok(gradient_with_input(
        &network,
        &x.transpose(),
        &targets,
        loss,
    )?)
}

fn answer<S: Trainable>(input: &Input) -> Result<Answer, Refusal> {
    let found = found::<S>(input)?;
    let layers = &found.parameters.layers;
    let weight: Option<Vec<_>> = layers
        .iter()
        .map(|layer| Tree::matrix(&layer.weight))
        .collect();
    let bias = layers
        .iter()
        .map(|layer| Tree::vector(layer.bias.as_slice()));
    let psi = layers.iter().filter_map(|layer| layer.psi.as_ref());
    let psi: Option<Vec<_>> = psi.map(|psi| Tree::vector(psi.as_slice())).collect();
    let mut answer = Answer::default()
        .number("loss", &found.loss)?
        .with("weight", weight.map(Tree::List))?
        .with("bias", bias.collect::<Option<Vec<_>>>().map(Tree::List))?;
    if psi.as_ref().is_none_or(|psi| !psi.is_empty()) {
        answer = answer.with("psi", psi.map(Tree::List))?;
    }
    if !found.parameters.lengths.is_empty() {
        answer = answer.vector("o", &found.parameters.lengths)?;
    }
    match &found.input {
        Some(x) => answer.matrix("input", &x.transpose()),
        None => Ok(answer),
    }
}

/// The entries of a gradient by outputs.
struct Parts<'a, S> {
    weight: Vec<&'a S>,
    bias: Vec<&'a S>,
    psi: Vec<&'a S>,
    lengths: Vec<&'a S>,
}

impl<'a, S: Field> Parts<'a, S> {
    fn of(tangent: &'a Tangent<S>) -> Self {
        let layers = || tangent.layers.iter();
        Parts {
            weight: layers().flat_map(|layer| layer.weight.iter()).collect(),
            bias: layers().flat_map(|layer| layer.bias.iter()).collect(),
            psi: layers()
                .filter_map(|layer| layer.psi.as_ref())
                .flat_map(|psi| psi.iter())
                .collect(),
            lengths: tangent.lengths.iter().collect(),
        }
    }
}

/// What the entries of an output may be off by together.
pub(super) fn together(entries: &[&Counted<Wide>]) -> Units<Wide> {
    let units: Vec<Units<Wide>> = entries.iter().map(|entry| entry.units()).collect();
    let norm = |of: &dyn Fn(&Units<Wide>) -> Wide| size(&units.iter().map(of).collect::<Vec<_>>());
    Units {
        rounding: norm(&|units| units.rounding.clone()),
        underflow: norm(&|units| units.underflow.clone()),
    }
}
