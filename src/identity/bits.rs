//! How many bits the invariants have once denominators are cleared.
//!
//! With d_l the least common denominator of W_l, b_l and ψ_l, and Δ_l = d_1 ⋯ d_l, the entries of Δ_l V_l are integers,
//! and so are those of Δ_l² δ N_l for δ the denominator of the rational part of o_l. Their size follows from
//! |B_l| ≤ max_i Σ_j |W_ij| · max |V_{l-1}| + max |ψ_l|, in whole binary orders.

use rug::Integer;

use super::{
    network::{ExactLayer, ExactNetwork},
    number::Number,
};

/// 2^twos · odd.
#[derive(Clone, Debug)]
pub(super) struct Denominator {
    pub(super) twos: u64,
    pub(super) odd: Integer,
}

impl Denominator {
    fn one() -> Self {
        Denominator {
            twos: 0,
            odd: Integer::from(1),
        }
    }

    /// The least common multiple with the denominator of x.
    fn take(&mut self, x: &Number) {
        match x {
            Number::Dyadic { exponent, .. } => {
                let down = exponent.min(&0).unsigned_abs();
                self.twos = self.twos.max(down.into());
            }
            Number::Ratio(q) => {
                let d = q.0.denom();
                let twos = d.find_one(0).unwrap_or(0);
                self.twos = self.twos.max(twos.into());
                self.odd.lcm_mut(&Integer::from(d >> twos));
            }
        }
    }

    fn times(&self, other: &Self) -> Self {
        Denominator {
            twos: self.twos + other.twos,
            odd: Integer::from(&self.odd * &other.odd),
        }
    }

    /// The least common multiple.
    pub(super) fn with(&self, other: &Self) -> Self {
        Denominator {
            twos: self.twos.max(other.twos),
            odd: Integer::from(self.odd.lcm_ref(&other.odd)),
        }
    }

    /// An e with the denominator at most 2^e.
    pub(super) fn bits(&self) -> u64 {
        self.twos + u64::from(self.odd.significant_bits())
    }
}

/// What is known of one matrix: its entries times the denominator are integers, and below 2^magnitude without.
#[derive(Clone, Debug)]
pub(super) struct Size {
    pub(super) denominator: Denominator,
    magnitude: i64,
}

impl Size {
    /// So many bits, sign included, has an entry times the denominator.
    pub(super) fn bits(&self) -> u64 {
        let size = i64::try_from(self.denominator.bits()).unwrap_or(i64::MAX);
        size.saturating_add(self.magnitude).max(0).unsigned_abs() + 1
    }

    /// So many bits has the difference of two entries times both denominators.
    pub(super) fn apart(&self, other: &Self) -> u64 {
        let both = Size {
            denominator: self.denominator.with(&other.denominator),
            magnitude: self.magnitude.max(other.magnitude) + 1,
        };
        both.bits()
    }

    /// The same with entries that may be a sum of `terms`.
    pub(super) fn summed(mut self, terms: usize) -> Self {
        self.magnitude += ceiling(terms);
        self
    }
}

/// The sizes of V_1 … V_L and of N_1 … N_{L-1}.
pub(super) struct Sizes {
    pub(super) v: Vec<Size>,
    pub(super) gram: Vec<Size>,
}

/// An e with n ≤ 2^e.
fn ceiling(n: usize) -> i64 {
    i64::from(usize::BITS - n.saturating_sub(1).leading_zeros())
}

/// An e with every |x| < 2^e.
fn largest<'a>(numbers: impl Iterator<Item = &'a Number>) -> Option<i64> {
    numbers.filter_map(Number::magnitude).max()
}

/// An e with Σ_j |W_ij| < 2^e for every row.
fn rows(layer: &ExactLayer) -> Option<i64> {
    let row = |i| {
        let entries = layer.row(i);
        let most = largest(entries.iter())?;
        // In units of 2^(most - 40), each term rounded up: the sum is known to within n units.
        let unit = most - 40;
        let units: u64 = entries
            .iter()
            .filter_map(Number::magnitude)
            .map(|e| 1u64 << (e - unit).max(0))
            .sum();
        Some(unit + i64::from(u64::BITS - units.leading_zeros()))
    };
    (0..layer.rows).filter_map(row).max()
}

pub(super) fn sizes(network: &ExactNetwork) -> Sizes {
    let mut result = Sizes {
        v: vec![],
        gram: vec![],
    };
    let mut denominator = Denominator::one();
    let mut magnitude: Option<i64> = None;
    for (l, layer) in (1..).zip(network.layers()) {
        let mut own = Denominator::one();
        layer.numbers().for_each(|x| own.take(x));
        denominator = denominator.times(&own);
        let through = if l == 1 {
            largest(layer.weight.iter())
        } else {
            rows(layer).zip(magnitude).map(|(w, v)| w + v)
        };
        let plus = largest(layer.psi.iter());
        let b = match (through, plus) {
            (Some(through), Some(psi)) => Some(through.max(psi) + 1),
            (one, other) => one.or(other),
        };
        magnitude = b.max(largest(layer.bias.iter()));
        let size = Size {
            denominator: denominator.clone(),
            magnitude: magnitude.unwrap_or(0),
        };
        if let Some(o) = network.lengths().get(l - 1) {
            let o = Number::of(&o.rational);
            let mut of_o = Denominator::one();
            of_o.take(&o);
            let squares = 2 * size.magnitude + ceiling(layer.rows);
            result.gram.push(Size {
                denominator: denominator.times(&denominator).with(&of_o),
                magnitude: squares.max(o.magnitude().unwrap_or(squares)) + 1,
            });
        }
        result.v.push(size);
    }
    result
}
