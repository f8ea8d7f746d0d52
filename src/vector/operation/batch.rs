//! y of many inputs at once.

use super::{
    allow::Allowances,
    draft::{Allow, Draft, Source, Wide, gains, joined},
    model,
    question::{NETWORK, Question},
};
use crate::{
    Error,
    bound::{ParameterError, Units, any_order_units},
    linalg::Matrix,
    network::{Network, Scalar, evaluate},
    scalar::Real,
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("batch.txt");
    const INPUTS: &'static [Part] = &[NETWORK, ("inputs", Kind::Matrix, true)];
    const OUTPUTS: &'static [Part] = &[("y", Kind::Matrix, true)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let shapes: [(&[usize], usize); 3] = [(&[2, 3, 2], 1), (&[3, 4, 3, 2], 5), (&[3, 3, 3], 3)];
        for gain in gains() {
            for (widths, rows) in shapes {
                let name = format!("{}-{}-rows-{rows}", gain.name(), joined(widths));
                let mut stream = source.stream(&name, Digits::Single);
                let network = stream.network(widths, &gain, (true, true))?;
                let input = Input::default()
                    .with_network(&network)
                    .with_matrix("inputs", &stream.matrix(rows, widths[0]));
                let comment = match rows {
                    1 => "A batch of one.".to_string(),
                    _ if rows == widths[0] => {
                        format!("{rows} inputs of {rows} entries: rows, not columns.")
                    }
                    _ => format!("{rows} inputs."),
                };
                let draft = Draft::new(source.id(&name), comment, "B1", input);
                let psi = widths.len() > 3;
                drafts.push(
                    draft
                        .flags(&["OSquaredTwice"])
                        .flag_if(psi, "PsiWithoutGain"),
                );
            }
        }
        let images = model::images(20)?;
        let input = Input::default()
            .with_network(&model::network()?)
            .with_matrix("inputs", &images);
        let draft = Draft::new(source.id("digits-20-images"), model::COMMENT, "B1", input);
        drafts.push(draft.flags(&["OSquaredTwice"]));
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let y = outputs(&input.network::<S>()?, &input.matrix("inputs")?)?;
        Answer::default().matrix("y", &y)
    }

    fn allowances(input: &Input) -> Allowances {
        let network: Network<Wide> = input.network()?;
        let exact = ParameterError::none_for(&network);
        let all = of_rows(&network, &exact, &input.matrix("inputs")?)?;
        Ok(summed(all)
            .map(|units| ("y", Allow::Carried(units)))
            .into_iter()
            .collect())
    }
}

fn rows<S: crate::scalar::Field>(a: &Matrix<S>) -> impl Iterator<Item = Vec<S>> {
    (0..a.nrows()).map(|i| a.row(i).iter().cloned().collect())
}

/// The output for each row of the inputs, in a row.
pub(super) fn outputs<S: Scalar>(
    network: &Network<S>,
    inputs: &Matrix<S>,
) -> Result<Matrix<S>, Error> {
    let mut entries = vec![];
    for x in rows(inputs) {
        entries.extend(evaluate(network, &x)?.iter().cloned());
    }
    let outputs = network.layer(network.depth()).width();
    Ok(Matrix::from_row_slice(inputs.nrows(), outputs, &entries))
}

/// What each of them may be off by.
pub(super) fn of_rows(
    network: &Network<Wide>,
    errors: &[ParameterError<Wide>],
    inputs: &Matrix<Wide>,
) -> Result<Vec<Units<Wide>>, Error> {
    let units = rows(inputs).map(|x| any_order_units(network, &x, errors));
    units.collect()
}

/// The norm of all rows together is at most the sum of theirs; `None` without rows.
pub(super) fn summed(rows: Vec<Units<Wide>>) -> Option<Units<Wide>> {
    rows.into_iter().reduce(|sum, units| sum.plus(&units))
}
