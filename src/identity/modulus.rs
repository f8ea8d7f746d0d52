//! Integers modulo primes just below 2⁶⁰.

use rug::{Integer, integer::IsPrime, ops::RemRounding};

use super::number::Number;
use crate::scalar::Rational;

/// p = 2⁶⁰ - c with c < 2²⁴: 2⁶⁰ = c modulo p makes a reduction two multiplications, and 256 products of two
/// residues fit into 128 bits.
#[derive(Clone, Debug)]
pub(super) struct Modulus {
    p: u64,
    c: u64,
    /// 2^(k - POWERS) for k = 0 … 2 POWERS.
    powers: Vec<u64>,
}

/// Bits that one prime is worth: p > 2⁵⁹.
pub(super) const BITS: u64 = 59;

const LOW: u128 = (1 << 60) - 1;

/// Of residues below 2⁶⁰ so many products and a residue stay below 2¹²⁸.
const TERMS: usize = 128;

/// Powers of two kept ready: the exponents of double precision.
const POWERS: i32 = 1100;

/// c < 2²⁴.
const LARGEST_C: u64 = 1 << 24;

/// The primes 2⁶⁰ - c, the largest first: some 400,000 of them, 24 million bits. (GMP's test is no guess below 2⁶⁴.)
pub(super) fn moduli() -> impl Iterator<Item = Modulus> {
    (1..LARGEST_C).step_by(2).filter_map(|c| {
        let p = (1 << 60) - c;
        (Integer::from(p).is_probably_prime(25) != IsPrime::No).then(|| Modulus::new(p, c))
    })
}

impl Modulus {
    fn new(p: u64, c: u64) -> Self {
        let mut modulus = Modulus {
            p,
            c,
            powers: vec![],
        };
        // (p + 1)/2 = 1/2.
        let half = p.div_ceil(2);
        let mut power = modulus.power(half, POWERS.unsigned_abs().into());
        for _ in 0..=2 * POWERS {
            modulus.powers.push(power);
            power = modulus.sum(power, power);
        }
        modulus
    }

    /// p.
    pub(super) fn prime(&self) -> u64 {
        self.p
    }

    /// x mod p.
    pub(super) fn reduce(&self, x: u128) -> u64 {
        let fold = |x: u128| (x >> 60) * u128::from(self.c) + (x & LOW);
        // Below 2⁹², then below 2⁶⁰ + 2⁵⁷ < 2p.
        let folded = fold(fold(x)) as u64;
        if folded >= self.p {
            folded - self.p
        } else {
            folded
        }
    }

    /// a + b.
    pub(super) fn sum(&self, a: u64, b: u64) -> u64 {
        let sum = a + b;
        if sum >= self.p { sum - self.p } else { sum }
    }

    /// a - b.
    pub(super) fn difference(&self, a: u64, b: u64) -> u64 {
        if a >= b { a - b } else { a + self.p - b }
    }

    /// a b.
    pub(super) fn product(&self, a: u64, b: u64) -> u64 {
        self.reduce(u128::from(a) * u128::from(b))
    }

    /// Σ x_i y_i.
    pub(super) fn dot(&self, x: &[u64], y: &[u64]) -> u64 {
        let mut sum = 0u128;
        for (x, y) in x.chunks(TERMS).zip(y.chunks(TERMS)) {
            for (x, y) in x.iter().zip(y) {
                sum += u128::from(*x) * u128::from(*y);
            }
            sum = self.reduce(sum).into();
        }
        sum as u64
    }

    /// base^exponent.
    fn power(&self, mut base: u64, mut exponent: u64) -> u64 {
        let mut result = 1;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = self.product(result, base);
            }
            base = self.product(base, base);
            exponent >>= 1;
        }
        result
    }

    /// 1/a = a^(p-2), for a ≠ 0 (Fermat).
    pub(super) fn inverse(&self, a: u64) -> u64 {
        self.power(a, self.p - 2)
    }

    /// An integer modulo p.
    pub(super) fn integer(&self, n: &Integer) -> u64 {
        let rest = Integer::from(n.rem_euc(&Integer::from(self.p)));
        // Below p < 2⁶⁴.
        rest.to_u64_wrapping()
    }

    /// A rational modulo p, which must not divide the denominator.
    pub(super) fn rational(&self, q: &Rational) -> u64 {
        let (p, d) = (self.integer(q.0.numer()), self.integer(q.0.denom()));
        self.product(p, self.inverse(d))
    }

    /// A number modulo p, which must not divide the denominator.
    pub(super) fn number(&self, x: &Number) -> u64 {
        match x {
            Number::Dyadic { mantissa, exponent } => {
                let size = self.reduce(mantissa.unsigned_abs().into());
                let signed = if *mantissa < 0 {
                    self.difference(0, size)
                } else {
                    size
                };
                self.product(signed, self.power_of_two(*exponent))
            }
            Number::Ratio(q) => self.rational(q),
        }
    }

    fn power_of_two(&self, e: i32) -> u64 {
        let kept = usize::try_from(e + POWERS).ok();
        if let Some(power) = kept.and_then(|at| self.powers.get(at)) {
            return *power;
        }
        let power = self.power(2, e.unsigned_abs().into());
        if e < 0 { self.inverse(power) } else { power }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against big integers, at the residues where a carry could be lost.
    #[test]
    fn arithmetic_is_that_of_integers() {
        for modulus in moduli().take(3).chain(moduli().skip(40_000).take(1)) {
            let p = modulus.prime();
            assert!(p > 1 << BITS && p < 1 << 60);
            let exact = Integer::from(p);
            let hard = [0, 1, 2, p / 2, p - 2, p - 1];
            for a in hard {
                for b in hard {
                    let product = Integer::from(a) * b % &exact;
                    assert_eq!(product, modulus.product(a, b), "{a} {b} {p}");
                    let difference = (Integer::from(a) - b).rem_euc(&exact);
                    assert_eq!(difference, modulus.difference(a, b));
                }
                if a != 0 {
                    assert_eq!(modulus.product(a, modulus.inverse(a)), 1);
                }
            }
            for n in [1, 127, 128, 129, 1000] {
                let most = vec![p - 1; n];
                assert_eq!(modulus.dot(&most, &most), n as u64);
            }
            assert_eq!(
                modulus.reduce(u128::MAX),
                (Integer::from(u128::MAX) % &exact).to_u64().unwrap()
            );
            for e in [-2000, -1101, -1100, -1, 0, 1, 1100, 1101, 2000] {
                let x = Number::Dyadic {
                    mantissa: -3,
                    exponent: e,
                };
                assert_eq!(
                    modulus.number(&x),
                    modulus.rational(&x.to_rational()),
                    "{e}"
                );
            }
        }
    }
}
