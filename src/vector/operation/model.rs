//! A network that was trained, and images of the data that it was not trained on: sizes, spectra and biases as they are in use.

use std::ops::Range;

use super::draft::{Draft, Source, Wide, ratio};
use crate::{
    Error,
    io::shipped,
    linalg::Matrix,
    network::Network,
    resize,
    scalar::{Field, Rational},
    vector::input::Input,
};

pub(super) const COMMENT: &str = "A trained network of widths 64, 48, 32 and 10, and handwritten digits that it was not trained on.";

/// The numbers of the file, which are those of single precision; o is exp of what is stored, rounded to single precision.
pub(super) fn network() -> Result<Network<Rational>, Error> {
    let stored = shipped::networks()
        .ok()
        .and_then(|all| all.into_iter().next());
    // exp at 512 bits, so that every machine rounds the same number.
    let network = stored.and_then(|stored| stored.network::<Wide>().ok());
    network.ok_or_else(missing)?.cast::<f32>()?.cast()
}

/// The first test images, one a row; a pixel is k/16.
pub(super) fn images(count: usize) -> Result<Matrix<Rational>, Error> {
    images_of(0..count)
}

/// The test images of these numbers, from 0.
pub(super) fn images_of(which: Range<usize>) -> Result<Matrix<Rational>, Error> {
    let digits = shipped::test_digits::<f32>().map_err(|_| missing())?;
    let count = which.len();
    let rows = digits.rows(which);
    let entry = |i: usize, j: usize| rows.x[(j, i)].to_rational().unwrap_or_default();
    Ok(Matrix::from_fn(count, 64, entry))
}

/// The network with three neurons more in its second layer, which nothing feeds and which have biases: what a cut takes
/// away is then exactly constant, and where it cuts is clear in single precision as well.
pub(super) fn with_constants() -> Result<Network<Rational>, Error> {
    let grown = resize::grow(&network()?, 2, &columns(10, 3))?;
    let lengths = grown.has_lengths();
    let (mut layers, gain, o) = grown.into_parts();
    let beta = [ratio(1, 8), ratio(-1, 4), ratio(3, 16)];
    for (bias, beta) in layers[1].bias.iter_mut().skip(32).zip(beta) {
        *bias = beta;
    }
    Network::new(layers, gain, lengths.then_some(o))
}

/// Only a program that was built without its data can lack them.
fn missing() -> Error {
    Error::Shape {
        layer: 0,
        what: "the trained network",
        found: "nothing".into(),
        expected: "the file that the crate comes with".into(),
    }
}

/// A case of an operation on the trained network and image `k`; `more` adds what the operation wants between the two.
pub(super) fn draft(
    source: &Source,
    k: usize,
    statement: &'static str,
    more: impl FnOnce(Input) -> Input,
) -> Result<Draft, Error> {
    let images = images(k)?;
    let image: Vec<Rational> = images.row(k - 1).iter().cloned().collect();
    let input = more(Input::default().with_network(&network()?)).with_vector("x", &image);
    Ok(Draft::new(source.id("digits"), COMMENT, statement, input))
}

/// A column of W_{l+1} that growth is given: 1/8, -1/8, 1/8, …
pub(super) fn columns(rows: usize, q: usize) -> Matrix<Rational> {
    Matrix::from_fn(rows, q, |i, j| {
        ratio(if (i + j) % 2 == 0 { 1 } else { -1 }, 8)
    })
}

/// An orthogonal matrix of blocks of 4 with the entries ±1/2, its rows moved on by one: exact in every format, not symmetric.
pub(super) fn blocks(n: usize) -> Matrix<Rational> {
    Matrix::from_fn(n, n, |i, j| {
        let row = (i + 1) % n;
        if row / 4 != j / 4 {
            return Rational::from(0);
        }
        let odd = ((row % 4) & (j % 4)).count_ones() % 2 == 1;
        ratio(if odd { -1 } else { 1 }, 2)
    })
}

/// The unit vectors of the labels of [`images`], one a row.
pub(super) fn targets(count: usize) -> Result<Matrix<Rational>, Error> {
    let digits = shipped::test_digits::<f32>().map_err(|_| missing())?;
    let labels = digits.rows(0..count).labels.unwrap_or_default();
    Ok(Matrix::from_fn(count, 10, |i, j| {
        Rational::from(i64::from(labels.get(i) == Some(&j)))
    }))
}
