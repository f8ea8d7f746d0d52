//! y of many inputs at once.

use super::{
    allow::{Allowances, of_output},
    draft::{Allow, Draft, Source, Wide, gains, joined},
    model,
};
use crate::{
    Error,
    bound::Units,
    linalg::Matrix,
    network::{Network, Scalar, evaluate},
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
    },
};

pub(super) const DESCRIPTION: &str = "Inputs: network, inputs (matrix, one input a row). Output: y (matrix, y of each input in the row of that input). Each row has the gains of its own.";

pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
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

fn rows<S: crate::scalar::Field>(a: &Matrix<S>) -> impl Iterator<Item = Vec<S>> {
    (0..a.nrows()).map(|i| a.row(i).iter().cloned().collect())
}

pub(super) fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let (network, inputs): (Network<S>, Matrix<S>) = (input.network()?, input.matrix("inputs")?);
    let mut entries = vec![];
    for x in rows(&inputs) {
        entries.extend(evaluate(&network, &x)?.iter().cloned());
    }
    let outputs = network.layer(network.depth()).width();
    let y = Matrix::from_row_slice(inputs.nrows(), outputs, &entries);
    Answer::default().matrix("y", &y)
}

pub(super) fn allowances(input: &Input) -> Allowances {
    let (network, inputs): (Network<Wide>, Matrix<Wide>) =
        (input.network()?, input.matrix("inputs")?);
    // The norm of all rows together is at most the sum of theirs.
    let mut all: Option<Units<Wide>> = None;
    for x in rows(&inputs) {
        if let Allow::Carried(units) = of_output(&network, &x)? {
            all = Some(match all {
                Some(sum) => sum.plus(&units),
                None => units,
            });
        }
    }
    Ok(all
        .map(|units| ("y", Allow::Carried(units)))
        .into_iter()
        .collect())
}
