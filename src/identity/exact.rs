//! The invariants over ℚ, put together from their images modulo primes.

use rug::{Complete, Integer};

use super::{
    Invariants,
    bits::{Size, sizes},
    constant::usable,
    decision::TooManyBits,
    image::{Image, triangle},
    modulus::{BITS, Modulus},
    network::ExactNetwork,
};
use crate::{linalg::Matrix, scalar::Rational};

/// The most bits that are computed with: some 340,000 primes.
pub(super) const MOST_BITS: u64 = 20_000_000;

/// The invariants of a network of exact numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactInvariants {
    /// N_l and V_L; of a symbolic o the rational part is in N_l.
    pub rational: Invariants<Rational>,
    /// For each hidden layer the a of o_l = q + e^a, where it has one: e^a belongs to the last entry of N_l.
    pub exponents: Vec<Option<Rational>>,
}

/// One matrix on its way from residues to integers.
struct Lifted {
    size: Size,
    values: Vec<Integer>,
    /// The product of the primes so far.
    product: Integer,
}

impl Lifted {
    fn new(size: Size, entries: usize) -> Self {
        Lifted {
            size,
            values: vec![Integer::new(); entries],
            product: Integer::from(1),
        }
    }

    /// Whether the primes so far fix every entry, sign included.
    fn complete(&self) -> bool {
        u64::from(self.product.significant_bits()) > self.size.bits() + 1
    }

    fn denominator(&self) -> Integer {
        let twos = u32::try_from(self.size.denominator.twos).unwrap_or(u32::MAX);
        (&self.size.denominator.odd << twos).complete()
    }

    /// Garner's step: x ← x + M ((r - x) / M mod p).
    fn take(&mut self, modulus: &Modulus, residues: &[u64]) {
        let denominator = modulus.integer(&self.denominator());
        let inverse = modulus.inverse(modulus.integer(&self.product));
        for (value, residue) in self.values.iter_mut().zip(residues) {
            let wanted = modulus.product(*residue, denominator);
            let step = modulus.difference(wanted, modulus.integer(value));
            *value += &self.product * Integer::from(modulus.product(step, inverse));
        }
        self.product *= modulus.prime();
    }

    fn rationals(&self) -> Vec<Rational> {
        let half = Integer::from(&self.product >> 1);
        let denominator = self.denominator();
        let number = |value: &Integer| {
            let signed = if *value > half {
                Integer::from(value - &self.product)
            } else {
                value.clone()
            };
            Rational(rug::Rational::from((signed, denominator.clone())))
        };
        self.values.iter().map(number).collect()
    }
}

/// N_1 … N_{L-1} and V_L of a network, exact.
///
/// # Errors
/// [`TooManyBits`] for numbers that are millions of binary orders apart.
pub fn exact_invariants(network: &ExactNetwork) -> Result<ExactInvariants, TooManyBits> {
    let (depth, inputs) = (network.depth(), network.widths()[0]);
    let sizes = sizes(network);
    let last = sizes.v.last().cloned();
    let mut lifted: Vec<Lifted> = (1..)
        .zip(sizes.gram.iter().cloned().chain(last))
        .map(|(l, size)| {
            let columns = inputs + l;
            let entries = if l < depth {
                columns * (columns + 1) / 2
            } else {
                columns * network.widths()[depth]
            };
            Lifted::new(size, entries)
        })
        .collect();
    let bits = lifted.iter().map(|l| l.size.bits()).max().unwrap_or(0);
    check_bits(bits)?;
    for modulus in usable(&[&sizes]) {
        if lifted.iter().all(Lifted::complete) {
            break;
        }
        let mut image = Image::first(network, &modulus);
        for (l, lifted) in (1..).zip(&mut lifted) {
            if image.level() < l {
                image.advance();
            }
            if lifted.complete() {
                continue;
            }
            if l < depth {
                lifted.take(&modulus, &image.gram());
            } else {
                lifted.take(&modulus, image.entries());
            }
        }
    }
    let mut gram = vec![];
    let mut output = Matrix::from_element(0, 0, Rational::from(0));
    for (l, lifted) in (1..).zip(&lifted) {
        let columns = inputs + l;
        let values = lifted.rationals();
        if l < depth {
            let mut n = Matrix::from_element(columns, columns, Rational::from(0));
            for (at, value) in values.into_iter().enumerate() {
                let (i, j) = triangle(at);
                n[(j, i)] = value.clone();
                n[(i, j)] = value;
            }
            gram.push(n);
        } else {
            output = Matrix::from_vec(network.widths()[depth], columns, values);
        }
    }
    Ok(ExactInvariants {
        rational: Invariants { gram, output },
        exponents: network
            .lengths()
            .iter()
            .map(|o| o.exponent.clone())
            .collect(),
    })
}

/// Whether there are primes for so many bits.
pub(super) fn check_bits(bits: u64) -> Result<(), TooManyBits> {
    let most = MOST_BITS - MOST_BITS % BITS;
    if bits > most {
        return Err(TooManyBits { bits, most });
    }
    Ok(())
}
