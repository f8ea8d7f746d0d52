//! Networks that are signed permutations of each other, held against each other digit by digit.
//!
//! Neurons that change places or signs leave every stored number as it is. Where two files hold the same precision and
//! such a map carries most of one to the other, a number that differs has not been rounded: one entry off among equal
//! ones is a mistake, however small it is beside a norm.

use std::collections::HashMap;

use num_traits::{Signed, Zero};

use crate::{
    linalg::Matrix,
    network::{Layer, Network},
    scalar::Rational,
};

/// A number that differs from its counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digit {
    /// Layer, from 1.
    pub layer: usize,
    /// `weight`, `bias` or `ψ`, or `o`.
    pub parameter: &'static str,
    /// Row in the second network, from 1; `None` for o.
    pub row: Option<usize>,
    /// Column in the second network, from 1, of a weight.
    pub column: Option<usize>,
    /// What the first network has there, carried over.
    pub a: Rational,
    /// What the second has.
    pub b: Rational,
}

/// Every neuron of a layer of the second network with its counterpart and sign in the first.
type Pairing = Vec<(usize, bool)>;

/// The numbers in which the second network differs from a signed permutation of the first by more than is allowed,
/// relative to the larger of the two: `allowed` for W and b, `rounding` for ψ and o, which a copy may have computed.
/// `None` if no such map carries more than half of the numbers of every neuron.
///
/// Neurons that are alike in all incoming weights are not told apart: `None`, too.
pub fn digits(
    a: &Network<Rational>,
    b: &Network<Rational>,
    allowed: &Rational,
    rounding: &Rational,
) -> Option<Vec<Digit>> {
    if a.widths() != b.widths() || a.gain() != b.gain() {
        return None;
    }
    let mut found = vec![];
    let inputs = a.layer(1).weight.ncols();
    let mut before: Pairing = (0..inputs).map(|i| (i, false)).collect();
    for l in 1..=a.depth() {
        let carried = carried(a.layer(l), &before);
        let other = joined(b.layer(l));
        let pairing = if l == a.depth() {
            (0..carried.nrows()).map(|i| (i, false)).collect()
        } else {
            pairing(&carried, &other, allowed)?
        };
        let columns = carried.ncols() - 2;
        let mut off = 0;
        for (i, (from, negative)) in pairing.iter().enumerate() {
            for j in 0..carried.ncols() {
                let x = signed(&carried[(*from, j)], *negative);
                let y = &other[(i, j)];
                if x == *y {
                    continue;
                }
                off += 1;
                if near(&x, y, if j > columns { rounding } else { allowed }) {
                    continue;
                }
                found.push(Digit {
                    layer: l,
                    parameter: match j {
                        j if j < columns => "weight",
                        j if j == columns => "bias",
                        _ => "ψ",
                    },
                    row: Some(i + 1),
                    column: (j < columns).then_some(j + 1),
                    a: x,
                    b: y.clone(),
                });
            }
        }
        // Where most numbers differ, this is no permutation with a mistake in it.
        if allowed.is_zero() && 2 * off > carried.len() {
            return None;
        }
        if l < a.depth() {
            let (o, o_image) = (a.length_squared(l), b.length_squared(l));
            if !near(&o, &o_image, rounding) {
                found.push(Digit {
                    layer: l,
                    parameter: "o",
                    row: None,
                    column: None,
                    a: o,
                    b: o_image,
                });
            }
        }
        before = pairing;
    }
    Some(found)
}

fn near(x: &Rational, y: &Rational, allowed: &Rational) -> bool {
    let size = |x: &Rational| x.abs();
    let larger = size(x).max(size(y));
    size(&(x.clone() - y)) <= larger * allowed
}

fn signed(x: &Rational, negative: bool) -> Rational {
    if negative { -x.clone() } else { x.clone() }
}

/// [W b ψ].
fn joined(layer: &Layer<Rational>) -> Matrix<Rational> {
    let mut data = layer.weight.as_slice().to_vec();
    data.extend(layer.bias.iter().cloned());
    data.extend(layer.psi_or_zero().iter().cloned());
    Matrix::from_vec(layer.width(), layer.weight.ncols() + 2, data)
}

/// [W b ψ] with the columns of W in the order and with the signs of the layer before.
fn carried(layer: &Layer<Rational>, before: &Pairing) -> Matrix<Rational> {
    let whole = joined(layer);
    Matrix::from_fn(whole.nrows(), whole.ncols(), |i, j| match before.get(j) {
        Some((from, negative)) => signed(&whole[(i, *from)], *negative),
        None => whole[(i, j)].clone(),
    })
}

/// Rows of the second matrix with their counterparts in the first: equal ones first, then those that are equal in
/// more than half of their entries.
fn pairing(a: &Matrix<Rational>, b: &Matrix<Rational>, allowed: &Rational) -> Option<Pairing> {
    let row = |m: &Matrix<Rational>, i: usize| m.row(i).iter().cloned().collect::<Vec<_>>();
    // A row up to its sign: the first entry that is not 0 is positive.
    let canonical = |row: &[Rational]| -> (Vec<Rational>, bool) {
        let zero = Rational::from(0);
        let negative = row.iter().find(|x| **x != zero).is_some_and(|x| *x < zero);
        (row.iter().map(|x| signed(x, negative)).collect(), negative)
    };
    let mut known: HashMap<Vec<Rational>, (usize, bool)> = HashMap::new();
    for i in 0..a.nrows() {
        let (key, negative) = canonical(&row(a, i));
        if known.insert(key, (i, negative)).is_some() {
            return None;
        }
    }
    let mut pairing: Vec<Option<(usize, bool)>> = vec![];
    for i in 0..b.nrows() {
        let (key, negative) = canonical(&row(b, i));
        pairing.push(
            known
                .remove(&key)
                .map(|(from, sign)| (from, sign != negative)),
        );
    }
    let mut left: Vec<usize> = known.into_values().map(|(i, _)| i).collect();
    left.sort_unstable();
    for (i, pair) in pairing
        .iter_mut()
        .enumerate()
        .filter(|(_, pair)| pair.is_none())
    {
        let wanted = row(b, i);
        let alike = |from: usize, negative: bool| {
            let other = row(a, from);
            let equal = other
                .iter()
                .zip(&wanted)
                .filter(|(x, y)| near(&signed(x, negative), y, allowed));
            equal.count()
        };
        let candidates = left
            .iter()
            .flat_map(|from| [(*from, false), (*from, true)])
            .max_by_key(|(from, negative)| (alike(*from, *negative), *from == i, !negative));
        let best =
            candidates.filter(|(from, negative)| 2 * alike(*from, *negative) > wanted.len())?;
        left.retain(|from| *from != best.0);
        *pair = Some(best);
    }
    pairing.into_iter().collect()
}
