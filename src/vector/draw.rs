//! Drawing cases: every case from a stream of its own, by whole numbers alone, so that the same seed gives
//! the same bytes on every machine and a new case changes no other.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    error::Error,
    linalg::{Matrix, Vector, cayley_transform},
    network::{Gain, Layer, Network},
    scalar::{Field, Rational},
};

/// How long the numbers of a case are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// k/97 rounded to 24 bits: exact in f32 and f64, with mantissas that leave no product exact.
    Single,
    /// k/97 rounded to 53 bits: for f64 alone.
    Double,
    /// k/8: short, so that exact references stay readable.
    Short,
}

/// A stream of numbers.
pub(super) struct Stream {
    rng: ChaCha8Rng,
    digits: Digits,
}

impl Stream {
    /// The stream of one case.
    pub(super) fn new(seed: u64, id: &str, digits: Digits) -> Self {
        // FNV-1a: a name to a number, the same everywhere.
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Stream {
            rng: ChaCha8Rng::seed_from_u64(hash ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            digits,
        }
    }

    /// A whole number from -most to most.
    pub(super) fn whole(&mut self, most: i64) -> i64 {
        i64::from(self.rng.next_u32()) % (2 * most + 1) - most
    }

    /// A number of at most 2 in size, and not below 1/97 (or 1/8).
    pub(super) fn number(&mut self) -> Rational {
        let (most, over) = match self.digits {
            Digits::Short => (12, 8),
            _ => (160, 97),
        };
        let k = loop {
            match self.whole(most) {
                0 => {}
                k => break k,
            }
        };
        let exact = Rational(rug::Rational::from((k, over)));
        match self.digits {
            Digits::Short => exact,
            Digits::Single => f32::from_rational(&exact).to_rational().unwrap_or(exact),
            Digits::Double => f64::from_rational(&exact).to_rational().unwrap_or(exact),
        }
    }

    /// A positive number.
    pub(super) fn positive(&mut self) -> Rational {
        Rational(self.number().0.abs())
    }

    pub(super) fn vector(&mut self, n: usize) -> Vec<Rational> {
        (0..n).map(|_| self.number()).collect()
    }

    pub(super) fn matrix(&mut self, m: usize, n: usize) -> Matrix<Rational> {
        let entries = self.vector(m * n);
        Matrix::from_row_slice(m, n, &entries)
    }

    /// A matrix of whole numbers of exactly that rank: the product of two triangular factors with units on
    /// their diagonals, filled up with small whole numbers.
    pub(super) fn of_rank(&mut self, m: usize, n: usize, rank: usize) -> Matrix<Rational> {
        let entry = |stream: &mut Self, i: usize, k: usize| match i.cmp(&k) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Greater => stream.whole(2),
        };
        let left: Vec<i64> = (0..m * rank)
            .map(|at| entry(self, at / rank, at % rank))
            .collect();
        let right: Vec<i64> = (0..n * rank)
            .map(|at| entry(self, at / rank, at % rank))
            .collect();
        Matrix::from_fn(m, n, |i, j| {
            let terms = (0..rank).map(|k| left[i * rank + k] * right[j * rank + k]);
            Rational::from(terms.sum::<i64>())
        })
    }

    /// An exactly orthogonal rational matrix that is not symmetric for n ≥ 2: a Cayley transform with a
    /// row negated every other time.
    pub(super) fn orthogonal(&mut self, n: usize) -> Matrix<Rational> {
        let mut skew = Matrix::from_element(n, n, Rational::from(0));
        for i in 0..n {
            for j in 0..i {
                let k = match self.whole(3) {
                    0 => 1,
                    k => k,
                };
                skew[(i, j)] = Rational(rug::Rational::from((k, 2)));
                skew[(j, i)] = Rational(rug::Rational::from((-k, 2)));
            }
        }
        let mut r = cayley_transform(&skew);
        if self.whole(1) == 1 {
            r.row_mut(0).iter_mut().for_each(|x| *x = -x.clone());
        }
        r
    }

    /// A network; ψ on every layer after the first and o where asked for.
    pub(super) fn network(
        &mut self,
        widths: &[usize],
        gain: &Gain<Rational>,
        (psi, lengths): (bool, bool),
    ) -> Result<Network<Rational>, Error> {
        let mut layers = vec![];
        for (l, pair) in widths.windows(2).enumerate() {
            layers.push(Layer {
                weight: self.matrix(pair[1], pair[0]),
                bias: Vector::from_vec(self.vector(pair[1])),
                psi: (psi && l > 0).then(|| Vector::from_vec(self.vector(pair[1]))),
            });
        }
        let hidden = widths.len().saturating_sub(2);
        let o = (0..hidden).map(|_| self.positive()).collect();
        Network::new(layers, gain.clone(), lengths.then_some(o))
    }
}
