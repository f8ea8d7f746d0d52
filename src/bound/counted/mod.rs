//! A number that knows how far rounding may have moved it, whatever the order in which its sums were taken.
//!
//! [`Running`](super::Running) follows the operations of one program. A port sums as its library pleases, so a sum here stays
//! open: it keeps the sizes of its terms until something else is made of it, and is then charged for the worst order. For k terms
//! t_i that are off by e_i, in units of u,
//!
//! ```text
//! e(Σ t_i) = Σ e_i + (k - 2) Σ |t_i| + |Σ t_i|            k - 1 additions, of which the last has the sum itself as its result
//! e(a b)   = |a| e_b + |b| e_a + |a b|                    e(√a)    = e_a/(2√a) + √a
//! e(a / b) = (e_a + |a/b| e_b)/|b| + |a/b|                e(ln a)  = e_a/|a| + 2 |ln a| + 8
//! e(exp a) = exp(a) (e_a + 4 + 2 Σ |terms of a|)          a tanh, an exponential or a logarithm within 4 ulps
//! ```
//!
//! The exponential pays for an argument that was formed in another way: softmax is e^{y_i - m}/Σ e^{y_j - m} or e^{y_i - ln Σ e^{y_j}}.
//! Beside that what underflows is counted, in units of the smallest positive number: 1 for a product, a quotient and an
//! exponential, carried on as the roundings are. Both to first order: whoever uses the bound doubles it.
//!
//! The activation and its derivative are charged for any of their formulas, not for this crate's ([`gain_units`], and
//! for ρ dγ/dρ the plain one that cancels: 32 (γ + |σ'|), THEORY A3). Below ρ = 2⁻²⁰ that one leaves g'(r) hardly a digit
//! in double precision, and a smooth gain is charged for a formula that does not cancel.

mod activation;
mod operators;

use crate::{bound::any_order::Units, scalar::Real};

/// A value, or a sum in the making, with a bound on its rounding error.
#[derive(Clone, Debug)]
pub struct Counted<B> {
    value: B,
    /// What the terms are off by.
    of_terms: Units<B>,
    /// Σ |terms|.
    mass: B,
    terms: i64,
}

impl<B: Real> Counted<B> {
    /// A number that is exact.
    pub fn exact(value: B) -> Self {
        Self::with_units(value, B::zero(), B::zero())
    }

    /// One that is off by at most `rounding` u + `underflow` η.
    pub fn with_units(value: B, rounding: B, underflow: B) -> Self {
        Counted {
            mass: value.abs(),
            of_terms: Units {
                rounding,
                underflow,
            },
            terms: 1,
            value,
        }
    }

    /// The value.
    pub fn value(&self) -> &B {
        &self.value
    }

    /// What it may be off by.
    pub fn units(&self) -> Units<B> {
        let mut units = self.of_terms.clone();
        if self.terms > 1 {
            units.rounding += self.mass.clone() * B::from_int(self.terms - 2) + self.value.abs();
        }
        units
    }

    fn is_exact(&self) -> bool {
        self.terms == 1 && self.of_terms.rounding.is_zero() && self.of_terms.underflow.is_zero()
    }

    fn is_exactly_zero(&self) -> bool {
        self.value.is_zero() && self.is_exact()
    }

    /// The value of a function with the derivative `slope`, in absolute value, and so many roundings of its own.
    fn through(&self, value: B, slope: &B, own: B) -> Self {
        let units = self.units();
        let carried = |off: B| match off.is_zero() {
            true => off,
            false => off * slope,
        };
        let rounding = carried(units.rounding) + own;
        Self::with_units(value, rounding, carried(units.underflow) + B::one())
    }
}
