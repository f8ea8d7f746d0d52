//! A hidden layer in another basis.

use super::{
    allow::{Allowances, column, factorised, of_product, whole},
    draft::{Allow, Draft, Source, Wide, gains, joined, ratio},
    model,
    question::{Edited, LAYER, NETWORK, Question, X, Y},
};
use crate::{
    Error,
    bound::{ParameterError, any_order_units},
    gauge,
    linalg::{Matrix, frobenius, norm2},
    network::{Gain, Network, Scalar, evaluate},
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
    const DESCRIPTION: &'static str = include_str!("rotate.txt");
    const INPUTS: &'static [Part] = &[NETWORK, LAYER, ("rotation", Kind::Matrix, true), X];
    const OUTPUTS: &'static [Part] = &[
        ("weight", Kind::Matrix, true),
        ("bias", Kind::Vector, true),
        ("psi", Kind::Vector, false),
        ("next_weight", Kind::Matrix, true),
        Y,
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let shapes: [(&[usize], usize); 5] = [
            (&[2, 3, 2], 1),
            (&[3, 4, 3, 2], 2),
            (&[2, 2, 3, 2], 2),
            (&[2, 4, 2], 1),
            (&[3, 1, 2], 1),
        ];
        for gain in gains() {
            for (widths, l) in shapes {
                let exact = widths.len() == 3 && widths[1] == 3;
                let digits = if exact { Digits::Short } else { Digits::Single };
                let name = format!("{}-{}-layer-{l}", gain.name(), joined(widths));
                let mut stream = source.stream(&name, digits);
                let network = stream.network(widths, &gain, (true, true))?;
                let n = widths[l];
                let hadamard = n == 4 && l == 1;
                let r = if hadamard {
                    quarter_turns(&mut stream)
                } else {
                    stream.orthogonal(n)
                };
                let input = Input::default()
                    .with_network(&network)
                    .with("layer", l)
                    .with_matrix("rotation", &r)
                    .with_vector("x", &stream.vector(widths[0]));
                let comment = match hadamard {
                    true => {
                        "R has the entries ±1/2: exact in every binary format, and not symmetric."
                    }
                    false => "R is rational and exactly orthogonal.",
                };
                drafts.push(
                    Draft::new(source.id(&name), comment, "B1", input)
                        .flag_if(n > 1, "RotateTransposed")
                        .flag_if(l > 1, "RotateWithoutPsi")
                        .flag_if(n > 1, "RotateWithoutBias")
                        .flag_if(n > 1 && gain == Gain::Tanh, "Elementwise"),
                );
            }
        }
        let name = "tanh-2-3-2-not-orthogonal";
        let mut stream = source.stream(name, Digits::Short);
        let network = stream.network(&[2, 3, 2], &Gain::Tanh, (true, true))?;
        let input = Input::default()
            .with_network(&network)
            .with("layer", 1)
            .with_matrix("rotation", &stream.matrix(3, 3))
            .with_vector("x", &stream.vector(2));
        let comment = "R is not orthogonal: it may be refused, or taken at its word.";
        drafts.push(Draft::new(source.id(name), comment, "B1", input).acceptable());
        drafts.push(model::draft(source, 3, "B1", |input| {
            let turned = input.with("layer", 2);
            turned.with_matrix("rotation", &model::blocks(32))
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
        let (rotated, errors) = Self::errors(input)?;
        let l = input.index("layer")?;
        let of_y = any_order_units(&rotated, &input.vector::<Wide>("x")?, &errors)?;
        let units = |of: &Wide| Allow::Units(of.clone());
        let mut allowances = vec![
            ("weight", units(&errors[l - 1].weight)),
            ("bias", units(&errors[l - 1].bias)),
            ("next_weight", units(&errors[l].weight)),
            ("y", Allow::Carried(of_y)),
        ];
        if rotated.layer(l).psi.is_some() {
            allowances.push(("psi", units(&errors[l - 1].psi)));
        }
        Ok(allowances)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        let (l, r) = (input.index("layer")?, input.matrix("rotation")?);
        Ok(gauge::rotate(&input.network::<S>()?, l, &r)?)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let network: Network<Wide> = input.network()?;
        let (l, r): (usize, Matrix<Wide>) = (input.index("layer")?, input.matrix("rotation")?);
        let (layer, next) = (network.layer(l), network.layer(l + 1));
        let rotated = gauge::rotate(&network, l, &r)?;
        let mut errors = ParameterError::none_for(&rotated);
        // One more rounding for the entries of R.
        errors[l - 1].weight = of_product(&r, &layer.weight, 1);
        errors[l - 1].bias = of_product(&r, &column(layer.bias.as_slice()), 1);
        errors[l - 1].psi = of_product(&r, &column(layer.psi_or_zero().as_slice()), 1);
        errors[l].weight = of_product(&next.weight, &r.transpose(), 1);
        Ok((rotated, errors))
    }
}

fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let l = input.index("layer")?;
    let rotated = gauge::rotate(&input.network::<S>()?, l, &input.matrix("rotation")?)?;
    let layer = rotated.layer(l);
    let mut answer = Answer::default()
        .matrix("weight", &layer.weight)?
        .vector("bias", layer.bias.as_slice())?;
    if let Some(psi) = &layer.psi {
        answer = answer.vector("psi", psi.as_slice())?;
    }
    let y = evaluate(&rotated, &input.vector("x")?)?;
    answer
        .matrix("next_weight", &rotated.layer(l + 1).weight)?
        .vector("y", y.as_slice())
}

/// A 4 × 4 Hadamard matrix over 2, its rows moved on by one and one negated: orthogonal, not symmetric.
fn quarter_turns(stream: &mut super::super::draw::Stream) -> Matrix<Rational> {
    let negated = stream.whole(1);
    Matrix::from_fn(4, 4, |i, j| {
        let i = (i + 1) % 4;
        let odd = (i & j).count_ones() % 2 == 1;
        let flipped = negated == 1 && i == 2;
        ratio(if odd != flipped { -1 } else { 1 }, 2)
    })
}

/// ‖A - diag‖_F / ‖A‖_F, for the gauges: how much is left where the gauge promises zeros.
pub(super) fn relative<S: crate::scalar::Real>(left: &[S], whole: &Matrix<S>) -> S {
    let size = frobenius(whole);
    if size.is_zero() {
        size
    } else {
        norm2(left) / size
    }
}

/// The allowance for [`relative`].
pub(super) fn of_relative(m: usize, n: usize) -> Allow {
    Allow::Zero(factorised(m, n) + whole(2 * (m + n)))
}
