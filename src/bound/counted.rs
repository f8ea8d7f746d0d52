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

use std::{
    cmp::Ordering,
    fmt,
    ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign},
};

use num_traits::{Num, One, Signed, Zero};
use rand::Rng;

use super::any_order::{PRODUCT, Units, gain_units};
use crate::{
    error::Error,
    linalg::{Matrix, norm2},
    network::{Derivative, Gain, Scalar, gradient::Trainable},
    scalar::{Field, Rational, Real},
};

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

fn add<B: Real>(a: Counted<B>, b: &Counted<B>) -> Counted<B> {
    // x + 0 is not rounded.
    if a.is_exactly_zero() {
        return b.clone();
    }
    if b.is_exactly_zero() {
        return a;
    }
    Counted {
        value: a.value + &b.value,
        of_terms: a.of_terms.plus(&b.of_terms),
        mass: a.mass + &b.mass,
        terms: a.terms + b.terms,
    }
}

fn multiply<B: Real>(a: Counted<B>, b: &Counted<B>) -> Counted<B> {
    // Neither is a product with ±1, and a sum stays open through it.
    let unit = |x: &Counted<B>| x.is_exact() && x.value.abs() == B::one();
    if unit(&a) || unit(b) {
        let (sign, other) = if unit(&a) {
            (a.value, b.clone())
        } else {
            (b.value.clone(), a)
        };
        return if sign.above_zero() { other } else { -other };
    }
    if a.is_exactly_zero() || b.is_exactly_zero() {
        return Counted::zero();
    }
    let (of_a, of_b) = (a.units(), b.units());
    let value = a.value.clone() * &b.value;
    let carried = |of_a: B, of_b: B| of_a * b.value.abs() + of_b * a.value.abs();
    let rounding = carried(of_a.rounding, of_b.rounding) + value.abs();
    let underflow = carried(of_a.underflow, of_b.underflow) + B::one();
    Counted::with_units(value, rounding, underflow)
}

fn divide<B: Real>(a: Counted<B>, b: &Counted<B>) -> Counted<B> {
    if a.is_exactly_zero() {
        return a;
    }
    let (of_a, of_b) = (a.units(), b.units());
    let (value, size) = (a.value / &b.value, b.value.abs());
    let carried = |of_a: B, of_b: B| (of_a + of_b * value.abs()) / &size;
    let rounding = carried(of_a.rounding, of_b.rounding) + value.abs();
    let underflow = carried(of_a.underflow, of_b.underflow) + B::one();
    Counted::with_units(value, rounding, underflow)
}

/// An operator in its four forms, from the one between a value and a reference.
macro_rules! operator {
    ($op:ident $method:ident $assign:ident $assign_method:ident, $body:expr) => {
        impl<B: Real> $op<&Counted<B>> for Counted<B> {
            type Output = Self;
            fn $method(self, rhs: &Counted<B>) -> Self {
                let apply: fn(Counted<B>, &Counted<B>) -> Counted<B> = $body;
                apply(self, rhs)
            }
        }
        impl<B: Real> $op for Counted<B> {
            type Output = Self;
            fn $method(self, rhs: Counted<B>) -> Self {
                $op::$method(self, &rhs)
            }
        }
        impl<B: Real> $assign<&Counted<B>> for Counted<B> {
            fn $assign_method(&mut self, rhs: &Counted<B>) {
                let taken = std::mem::replace(self, Counted::zero());
                *self = $op::$method(taken, rhs);
            }
        }
        impl<B: Real> $assign for Counted<B> {
            fn $assign_method(&mut self, rhs: Counted<B>) {
                $assign::$assign_method(self, &rhs);
            }
        }
    };
}

operator!(Add add AddAssign add_assign, add);
operator!(Sub sub SubAssign sub_assign, |a, b| add(a, &-b.clone()));
operator!(Mul mul MulAssign mul_assign, multiply);
operator!(Div div DivAssign div_assign, divide);
// The quotient's integer part is taken for exact.
operator!(Rem rem RemAssign rem_assign, |a, b| {
    let rest = a.value.clone() % &b.value;
    let whole = (a.value.clone() - &rest) / &b.value;
    let of = a.units().rounding + b.units().rounding * whole.abs() + rest.abs();
    Counted::with_units(rest, of, B::one())
});

impl<B: Real> Neg for Counted<B> {
    type Output = Self;
    fn neg(self) -> Self {
        Counted {
            value: -self.value,
            ..self
        }
    }
}

impl<B: Real> PartialEq for Counted<B> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<B: Real> PartialOrd for Counted<B> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<B: Real> fmt::Display for Counted<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.units();
        write!(
            f,
            "{} ± {} u ± {} η",
            self.value, units.rounding, units.underflow
        )
    }
}

impl<B: Real> Zero for Counted<B> {
    fn zero() -> Self {
        Counted::exact(B::zero())
    }
    fn is_zero(&self) -> bool {
        self.value.is_zero()
    }
}

impl<B: Real> One for Counted<B> {
    fn one() -> Self {
        Counted::exact(B::one())
    }
}

impl<B: Real> Num for Counted<B> {
    type FromStrRadixErr = <Rational as Num>::FromStrRadixErr;

    /// `p` or `p/q` in the given radix (2 to 36), rounded once.
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        Ok(Self::from_rational(&Rational::from_str_radix(text, radix)?))
    }
}

impl<B: Real> Signed for Counted<B> {
    fn abs(&self) -> Self {
        if self.value.below_zero() {
            -self.clone()
        } else {
            self.clone()
        }
    }
    fn abs_sub(&self, other: &Self) -> Self {
        if self <= other {
            Self::zero()
        } else {
            self.clone() - other
        }
    }
    fn signum(&self) -> Self {
        Counted::exact(self.value.signum())
    }
    fn is_positive(&self) -> bool {
        self.value.is_positive()
    }
    fn is_negative(&self) -> bool {
        self.value.is_negative()
    }
}

impl<B: Real> Field for Counted<B> {
    fn precision() -> Option<u32> {
        B::precision()
    }

    fn name() -> String {
        format!("counted {}", B::name())
    }

    fn unit_roundoff() -> Self {
        Counted::exact(B::unit_roundoff())
    }

    fn from_f64(x: f64) -> Self {
        Counted::exact(B::from_f64(x))
    }

    /// Rounded once, unless it needs no rounding at 24 bits.
    fn from_rational(q: &Rational) -> Self {
        let value = B::from_rational(q);
        let exact = f32::from_rational(q).to_rational().as_ref() == Some(q);
        let own = if exact { B::zero() } else { value.abs() };
        Counted::with_units(value, own, B::zero())
    }

    /// Of the value.
    fn to_rational(&self) -> Option<Rational> {
        self.value.to_rational()
    }

    fn to_f64(&self) -> f64 {
        self.value.to_f64()
    }

    fn is_finite(&self) -> bool {
        self.value.is_finite()
    }

    fn dot(x: &[Self], y: &[Self]) -> Self {
        let terms = x.iter().zip(y).map(|(x, y)| x.clone() * y);
        terms.fold(Self::zero(), |sum, term| sum + term)
    }

    fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y += a.clone() * x;
        }
    }

    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
        for (x, y) in x.iter_mut().zip(y) {
            let turned = c.clone() * &*x - s.clone() * &*y;
            *y = s.clone() * &*x + c.clone() * &*y;
            *x = turned;
        }
    }
}

/// A layer before its activation: the gain, ρ, γ and what z and o bring in.
struct At<B> {
    gain: Gain<B>,
    rho: B,
    gamma: B,
    /// |δρ| for what z and o are off by.
    of_rho: Units<B>,
}

impl<B: Real> At<B> {
    fn new(gain: &Gain<Counted<B>>, length: &Counted<B>, z: &[Counted<B>]) -> Result<Self, Error> {
        let threshold = gain.threshold().map(|t| t.value.clone());
        let gain = Gain::from_name(gain.name(), threshold)?;
        let mut values: Vec<B> = z.iter().map(|z| z.value.clone()).collect();
        let rho = norm2(&[norm2(&values), length.value.sqrt()]);
        let of_z: Vec<Units<B>> = z.iter().map(Counted::units).collect();
        let of_o = length.units();
        let of_rho = |of: &dyn Fn(&Units<B>) -> B| {
            let off: Vec<B> = of_z.iter().map(of).collect();
            // At the origin ρ moves by as much as z does.
            if !rho.above_zero() {
                return norm2(&off) + of(&of_o);
            }
            let sizes: Vec<B> = values.iter().map(Signed::abs).collect();
            (B::dot(&sizes, &off) + of(&of_o) * B::from_f64(0.5)) / &rho
        };
        let of_rho = Units {
            rounding: of_rho(&|units| units.rounding.clone()),
            underflow: of_rho(&|units| units.underflow.clone()),
        };
        let gamma = B::activate(&gain, &length.value, &mut values)?;
        Ok(At {
            gain,
            rho,
            gamma,
            of_rho,
        })
    }

    /// γ, for a layer of n neurons.
    fn gamma(&self, n: usize) -> Counted<B> {
        // At the origin the slope of a smooth gain is 0, and that of no gain more than 1.
        let (slope, own) = if self.rho.above_zero() {
            let own = gain_units(&self.gain, &self.gamma, &self.rho, n);
            (self.gain.slope(&self.rho).abs(), own)
        } else {
            (B::one(), B::zero())
        };
        let carried = |of: &B| of.clone() * &slope;
        let underflow = carried(&self.of_rho.underflow) + &slope + B::one();
        Counted::with_units(
            self.gamma.clone(),
            carried(&self.of_rho.rounding) + own,
            underflow,
        )
    }

    /// 2 g'(r), for a layer of n neurons, from the formula for ρ dγ/dρ that cancels or from one that does not.
    fn twice_slope(&self, n: usize) -> Counted<B> {
        let two = B::from_int(2);
        let value = self.gain.derivative(&self.rho) * &two;
        if !self.rho.above_zero() {
            return Counted::with_units(value.clone(), value.abs() * B::from_int(6), B::one());
        }
        let square = self.rho.clone() * &self.rho;
        let along = value.clone() * &square;
        let sigma = (self.gamma.clone() + &along).abs();
        let of_radius = B::from_int(n as i64 + 10);
        let cancels = B::one().scale_by_power_of_two(-20);
        let own = if self.gain.properties().smooth && self.rho < cancels {
            along.abs() * (B::from_int(4) * of_radius + B::from_int(12))
        } else {
            B::from_int(32) * (self.gamma.clone() + sigma)
                + two.clone() * of_radius
                + B::from_int(6) * along.abs()
        };
        // ds/dρ = 4 ρ g''(r).
        let bend = (self.gain.second_derivative(&self.rho) * &self.rho * two.clone() * two).abs();
        let carried = |of: &B| of.clone() * &bend;
        Counted::with_units(
            value,
            carried(&self.of_rho.rounding) + own / &square,
            carried(&self.of_rho.underflow) + B::one() + B::one() / square,
        )
    }
}

impl<B: Real> Scalar for Counted<B> {
    fn activate(gain: &Gain<Self>, length_squared: &Self, z: &mut [Self]) -> Result<Self, Error> {
        let at = At::new(gain, length_squared, z)?;
        let gamma = at.gamma(z.len());
        let lost = at.rho.clone() * &at.gamma + B::one();
        for z in z {
            let mut h = gamma.clone() * &*z;
            h.of_terms.rounding += h.value.abs() * B::from_int(PRODUCT);
            h.of_terms.underflow += &lost;
            *z = h;
        }
        Ok(gamma)
    }

    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error> {
        let at = At::new(gain, length_squared, z)?;
        let twice = at.twice_slope(z.len());
        let gradient: Vec<Self> = z.iter().map(|z| twice.clone() * z).collect();
        // The matrix may be formed first, and its entries hold z/ρ twice: six roundings more a term.
        let direction = z.iter().map(|z| {
            let units = z.units();
            let rounding = units.rounding + z.value.abs() * B::from_int(6);
            Counted::with_units(z.value.clone(), rounding, units.underflow)
        });
        Ok(Derivative {
            gamma: at.gamma(z.len()),
            stretch: gradient.clone(),
            direction: direction.collect(),
            gradient,
            of_length: twice / Self::from_int(2),
        })
    }

    /// The image of an orthogonal matrix over ℚ.
    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self> {
        Rational::orthogonal(n, rng).map(|x| Self::from_rational(&x))
    }
}

impl<B: Real> Trainable for Counted<B> {
    fn root(&self) -> Option<Self> {
        if self.is_exactly_zero() {
            return Some(self.clone());
        }
        let value = self.value.sqrt();
        let slope = B::from_f64(0.5) / &value;
        Some(self.through(value.clone(), &slope, value))
    }

    fn exponential(&self) -> Option<Self> {
        let value = self.value.exp();
        let own = value.clone() * (B::from_int(4) + B::from_int(2) * &self.mass);
        Some(self.through(value.clone(), &value, own))
    }

    fn logarithm(&self) -> Option<Self> {
        let value = self.value.ln();
        let slope = B::one() / self.value.abs();
        let own = value.abs() * B::from_int(2) + B::from_int(8);
        Some(self.through(value, &slope, own))
    }

    fn curvature(gain: &Gain<Self>, length_squared: &Self, z: &[Self]) -> Result<Self, Error> {
        let at = At::new(gain, length_squared, z)?;
        Ok(Counted::exact(at.gain.second_derivative(&at.rho)))
    }
}
