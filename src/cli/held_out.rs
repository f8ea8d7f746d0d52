//! Rows that a data-aware cut does not see, to compare it on with a cut by singular values.

use super::{Failure, remark, short};
use crate::{
    Error, Network,
    bound::floor_at,
    io::{FileError, Stored, inputs::Inputs},
    linalg::{Matrix, column, norm2},
    network::evaluate,
    scalar::{Field, Rational, Real},
};

/// The rows before the last `count`, and those; by default the last fifth, rounded up.
pub(super) fn split<S: Field>(
    inputs: &Inputs<S>,
    count: Option<usize>,
) -> Result<(Inputs<S>, Inputs<S>), Failure> {
    let rows = inputs.lines.len();
    // One row cannot be shared.
    let count = count.unwrap_or(if rows == 1 { 0 } else { rows.div_ceil(5) });
    if count >= rows {
        return Err(Failure::Usage(format!(
            "--held-out {count} leaves nothing of the {rows} rows to take axes from; hold out fewer"
        )));
    }
    let cut = rows - count;
    Ok((inputs.rows(0..cut), inputs.rows(cut..rows)))
}

/// Errors and, with labels, accuracies of both cuts on the rows held out.
pub(super) fn compare<S: Real>(
    network: &Network<S>,
    on_data: &Network<S>,
    by_values: &Network<S>,
    rest: &Inputs<S>,
) -> Result<(), Error> {
    let (data, values) = (
        apart(network, on_data, rest)?,
        apart(network, by_values, rest)?,
    );
    remark(&format!(
        "{} inputs held out: root mean square of |y - y'| {} (largest {}), by singular values {} (largest {})",
        rest.lines.len(),
        short(&data.0),
        short(&data.1),
        short(&values.0),
        short(&values.1),
    ));
    if let Some(labels) = &rest.labels {
        let accuracy = |network| right(network, rest, labels);
        remark(&format!(
            "right of {} labels: {} before, {} now, {} by singular values",
            labels.len(),
            accuracy(network)?,
            accuracy(on_data)?,
            accuracy(by_values)?,
        ));
    }
    Ok(())
}

/// What no network does better that has as few neurons in its last hidden layer as this one (D11a), on these inputs; `None`
/// where that is less than rounding the outputs once is.
pub(super) fn floor<S: Real>(
    stored: &Stored,
    network: &Network<S>,
    x: &Matrix<S>,
) -> Result<Option<String>, Failure> {
    let width = network.layer(network.depth()).weight.ncols();
    let floor = floor_at(&stored.enclosed()?, &exactly(x), width)
        .map_err(FileError::network(stored.file()))?;
    let mut most = S::zero();
    for j in 0..x.ncols() {
        let y =
            evaluate(network, column(x, j)).map_err(FileError::operation::<S>(stored.file()))?;
        most = S::larger(most, norm2(y.as_slice()));
    }
    let rounding = (most * S::unit_roundoff()).to_f64();
    Ok((floor > rounding).then(|| {
        format!(
            "no network with {width} neurons in its last hidden layer has an error below {} on them",
            short(&floor)
        )
    }))
}

/// The columns as rational numbers.
pub(super) fn exactly<S: Field>(x: &Matrix<S>) -> Vec<Vec<Rational>> {
    let exact = |x: &S| x.to_rational().unwrap_or_default();
    (0..x.ncols())
        .map(|j| column(x, j).iter().map(exact).collect())
        .collect()
}

/// The root mean square and the largest of ‖y - y'‖.
fn apart<S: Real>(a: &Network<S>, b: &Network<S>, inputs: &Inputs<S>) -> Result<(S, S), Error> {
    let mut squares = S::zero();
    let mut largest = S::zero();
    for j in 0..inputs.x.ncols() {
        let x = column(&inputs.x, j);
        let difference = evaluate(a, x)? - evaluate(b, x)?;
        let square = S::dot(difference.as_slice(), difference.as_slice());
        largest = S::larger(square.clone(), largest);
        squares += square;
    }
    let count = S::from_int(inputs.x.ncols() as i64);
    Ok(((squares / count).sqrt(), largest.sqrt()))
}

/// How many inputs have their label as the index of the largest output, the first of equal ones.
fn right<S: Real>(
    network: &Network<S>,
    inputs: &Inputs<S>,
    labels: &[usize],
) -> Result<usize, Error> {
    let mut count = 0;
    for (j, label) in labels.iter().enumerate() {
        let y = evaluate(network, column(&inputs.x, j))?;
        count += usize::from(super::eval::largest(y.as_slice()) == *label);
    }
    Ok(count)
}
