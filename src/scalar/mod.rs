//! What a number must be able to do.
//!
//! Three small traits carry all the generic code of the crate, each as a single parameter:
//!
//! * [`Field`]: the ring operations, division, comparison, conversions through exact rationals, and
//!   the by-reference kernels ([`Field::dot`], [`Field::axpy`], [`Field::rotate`], [`Field::scale`])
//!   that linear algebra spends its time in. Every scalar is one, [`Rational`] included.
//! * [`Real`]: a field of floating-point numbers with √, exp, ln, tanh and exponents. `f32`, `f64`,
//!   [`Mp`].
//! * [`Scalar`](crate::network::Scalar): a field that can run a network: it knows its isotropic
//!   activation and can draw orthogonal matrices of its own. All four again.
//!
//! | scalar | exact | unit roundoff u | exponent range |
//! |---|---|---|---|
//! | `f32` | no | 2⁻²⁴ | gradual underflow below 2⁻¹²⁶ |
//! | `f64` | no | 2⁻⁵³ | gradual underflow below 2⁻¹⁰²² |
//! | `Mp<BITS>` | no | 2^-BITS | practically unbounded |
//! | `Rational` | yes | 0 | unbounded |
//! | [`Interval`] | sets | outward | that of its endpoints |
//!
//! [`Residue`], the integers modulo a prime, is a field beside them: for exact ranks, not for results. [`Dual`]
//! carries a derivative along with any field.
//!
//! # Laws
//!
//! The laws below hold for every scalar and are checked for all of them by one suite
//! (`tests/it/scalar/laws.rs`). `fl` is rounding to nearest, and exact scalars have u = 0.
//!
//! 1. `a + b`, `a - b`, `a · b`, `a / b` are `fl` of the exact result (barring under- and overflow).
//! 2. `0 + a = a`, `1 · a = a`, `a - a = 0`, `a + b = b + a`, `a · b = b · a`.
//! 3. `from_rational(q) = fl(q)`, and `to_rational` is exact: `from_rational(to_rational(a)) = a`.
//! 4. `axpy` rounds each product and each sum once: `y_i ← fl(y_i + fl(a x_i))`, never fused.
//! 5. `|dot(x, y) - Σ x_i y_i| ≤ n u Σ |x_i y_i| (1 + n u)`, in a fixed order.
//! 6. `rotate` is the plane rotation `(x, y) ← (c x - s y, s x + c y)`, `scale` is `x ← a x`.
//! 7. (`Real`) `√a` is `fl` of the exact root; `scale_by_power_of_two` is exact barring under- and
//!    overflow; `2^exponent(a) ≤ |a| < 2^(exponent(a) + 1)`.
//!
//! The operators and `num_traits::{Zero, One, Num, Signed, …}` take values or references; division
//! by zero gives ±∞ or NaN in floating point and panics for rationals, as it does for integers.

mod arithmetic;
mod dual;
mod float;
pub mod interval;
mod kernel;
mod limbs;
mod magnitude;
mod mp;
mod operators;
mod rational;
mod residue;
mod slices;
pub mod text;
mod view;

use std::fmt::{Debug, Display};

use num_traits::{NumAssignRef, NumRef, Signed};

pub use arithmetic::{Arithmetic, LADDER};
pub use dual::Dual;
pub use interval::{Enclosure, Interval};
pub use magnitude::{Magnitude, magnitude};
pub use mp::Mp;
pub use rational::Rational;
pub use residue::Residue;
pub use view::View;

/// A field, exact or rounded, with by-reference kernels. See the [laws](self#laws).
pub trait Field:
    NumRef + NumAssignRef + Signed + PartialOrd + Clone + Debug + Display + Send + Sync + 'static
{
    /// Bits of precision p, or `None` for exact arithmetic.
    fn precision() -> Option<u32>;

    /// The name the command line and the reports use: `f64`, `mp256`, `rational`.
    fn name() -> String;

    /// u = 2^-p, the largest relative error of one rounding to nearest; 0 for exact arithmetic.
    fn unit_roundoff() -> Self;

    /// The scalar nearest to `x` (which must be finite for an exact scalar: see [`Rational`]).
    fn from_f64(x: f64) -> Self;

    /// The scalar nearest to `q`, rounded once.
    fn from_rational(q: &Rational) -> Self;

    /// The scalar nearest to a plain decimal, rounded once, where there is a way that is faster than
    /// [`from_rational`](Self::from_rational); `text` holds digits, signs, a point and an exponent.
    fn from_decimal(text: &str) -> Option<Self> {
        let _ = text;
        None
    }

    /// The exact value, or `None` for NaN and infinities.
    fn to_rational(&self) -> Option<Rational>;

    /// The nearest `f64`, infinite on overflow.
    fn to_f64(&self) -> f64;

    /// Neither NaN nor infinite.
    fn is_finite(&self) -> bool;

    /// Σ x_i y_i over the common length, in a fixed order that is the scalar's own.
    fn dot(x: &[Self], y: &[Self]) -> Self;

    /// y ← y + a x over the common length, one rounding for each product and each sum.
    fn axpy(y: &mut [Self], a: &Self, x: &[Self]);

    /// y ← y + a (b x) over the common length, each product and each sum rounded; whether every y of them is finite then.
    fn descend(y: &mut [Self], a: &Self, b: &Self, x: &[Self]) -> bool {
        let mut finite = true;
        for (y, x) in y.iter_mut().zip(x) {
            *y += a.clone() * (x.clone() * b);
            finite &= y.is_finite();
        }
        finite
    }

    /// z ← (z + b) + a y over the common length, or z + b without y, each product and each sum rounded; whether every z of them
    /// is finite then.
    fn add_terms(z: &mut [Self], b: &[Self], a: &Self, y: Option<&[Self]>) -> bool {
        for (z, b) in z.iter_mut().zip(b) {
            *z += b;
        }
        if let Some(y) = y {
            Self::axpy(z, a, y);
        }
        z.iter().all(Self::is_finite)
    }

    /// x ← a x.
    fn scale(x: &mut [Self], a: &Self) {
        for x in x {
            *x *= a;
        }
    }

    /// (x, y) ← (c x - s y, s x + c y) over the common length.
    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self);

    /// C ← C + A B for C of m × n stored by columns, A of m × k and B of k × n: entry (i, j) accumulates
    /// A_i1 B_1j, A_i2 B_2j, … in this order, one rounding for each product and each sum.
    fn multiply_add(c: &mut [Self], a: View<Self>, b: View<Self>) {
        in_order(c, a, b);
    }

    /// [`multiply_add`](Self::multiply_add) for a C whose columns begin `apart` entries from each other in `c`, which holds
    /// the last of them whole; what lies between stays as it is.
    fn multiply_add_apart(c: &mut [Self], apart: usize, a: View<Self>, b: View<Self>) {
        for (j, c) in c.chunks_mut(apart).enumerate().take(b.ncols()) {
            Self::multiply_add(&mut c[..a.nrows()], a, b.columns(j..j + 1));
        }
    }

    /// A B, m × n stored by columns: [`multiply_add`](Self::multiply_add) from +0, or, where a scalar says so
    /// ([`Mp`]), every entry the exact sum rounded once.
    fn product(a: View<Self>, b: View<Self>) -> Vec<Self> {
        let mut c = vec![Self::zero(); a.nrows() * b.ncols()];
        Self::multiply_add(&mut c, a, b);
        c
    }

    /// C ← A B, whatever C held: [`multiply_add`](Self::multiply_add) from +0, in every scalar.
    fn product_in_order(c: &mut [Self], a: View<Self>, b: View<Self>) {
        c.fill(Self::zero());
        Self::multiply_add(c, a, b);
    }

    /// C ← A B as [`product`](Self::product) forms it, whatever C held.
    fn product_into(c: &mut [Self], a: View<Self>, b: View<Self>) {
        for (c, product) in c.iter_mut().zip(Self::product(a, b)) {
            *c = product;
        }
    }

    /// A B as [`product`](Self::product) forms it, but where much cancels an entry need only be right to
    /// k u max_q |A_iq| max_q |B_qj|, for the inner size k.
    fn product_beside_factors(a: View<Self>, b: View<Self>) -> Vec<Self> {
        Self::product(a, b)
    }

    /// The scalar nearest to an integer.
    fn from_int(n: i64) -> Self {
        Self::from_rational(&Rational::from(n))
    }

    /// a > 0. (`Signed::is_positive` says yes to +0.0 in hardware floats.)
    fn above_zero(&self) -> bool {
        *self > Self::zero()
    }

    /// a < 0. (`Signed::is_negative` says yes to -0.0 in hardware floats.)
    fn below_zero(&self) -> bool {
        *self < Self::zero()
    }

    /// The larger of two values; a NaN wins, so that it cannot hide.
    fn larger(a: Self, b: Self) -> Self {
        if a > b || a.partial_cmp(&a).is_none() {
            a
        } else {
            b
        }
    }
}

/// [`Field::multiply_add`] by plain loops.
fn in_order<S: Field>(c: &mut [S], a: View<S>, b: View<S>) {
    let rows = a.nrows();
    if rows == 0 {
        return;
    }
    let mut transposed;
    for k in 0..a.ncols() {
        let column = match a.column(k) {
            Some(column) => column,
            None => {
                transposed = (0..rows).map(|i| a.get(i, k).clone()).collect::<Vec<_>>();
                &transposed
            }
        };
        for (j, c) in c.chunks_exact_mut(rows).enumerate() {
            S::axpy(c, b.get(k, j), column);
        }
    }
}

/// Floating-point numbers: a [`Field`] with roots, exponentials and exponents.
pub trait Real: Field {
    /// √a, correctly rounded; NaN for a < 0.
    fn sqrt(&self) -> Self;

    /// e^a.
    fn exp(&self) -> Self;

    /// ln a; -∞ at 0.
    fn ln(&self) -> Self;

    /// tanh a; ±1 at ±∞.
    fn tanh(&self) -> Self;

    /// ⌊log₂|a|⌋, or `None` for 0, NaN and infinities.
    fn exponent(&self) -> Option<i64>;

    /// a · 2^e, with gradual underflow and overflow to ±∞ where the format has them.
    fn scale_by_power_of_two(&self, e: i64) -> Self;

    /// The largest [`exponent`](Self::exponent); `None` if there is none.
    fn largest_exponent(x: &[Self]) -> Option<i64> {
        x.iter().filter_map(Self::exponent).max()
    }

    /// x ← 2^e x, each entry as by [`scale_by_power_of_two`](Self::scale_by_power_of_two).
    fn scale_all_by_power_of_two(x: &mut [Self], e: i64) {
        x.iter_mut().for_each(|x| *x = x.scale_by_power_of_two(e));
    }

    /// Σ x_i² to about one rounding, whatever the length, in an order in which zeros appended to `x`
    /// leave the result as it was, bit for bit. The entries must be of moderate size (|x_i| ≤ 2).
    fn sum_of_squares(x: &[Self]) -> Self;

    /// Σ (2^e x_i)² as [`sum_of_squares`](Self::sum_of_squares) of the scaled entries.
    fn sum_of_scaled_squares(x: &[Self], e: i64) -> Self {
        let mut scaled = x.to_vec();
        Self::scale_all_by_power_of_two(&mut scaled, e);
        Self::sum_of_squares(&scaled)
    }

    /// x ← a (2^e x), each entry scaled as by [`scale_by_power_of_two`](Self::scale_by_power_of_two) first.
    fn scale_after_power_of_two(x: &mut [Self], e: i64, a: &Self) {
        Self::scale_all_by_power_of_two(x, e);
        Self::scale(x, a);
    }

    /// `fl(2^e Σ a_i b_i)`, correctly rounded whatever cancels. Slow: it goes through exact rationals.
    /// NaN if an operand is not finite.
    fn exact_dot(pairs: &[(Self, Self)], e: i64) -> Self {
        let Some(exact) = exact_sum(pairs) else {
            return Self::from_f64(f64::NAN);
        };
        let e = e.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        Self::from_rational(&Rational(exact.0 << e))
    }

    /// Σ a_i b_i as a number between ½ and 2 in size, rounded as [`exact_dot`](Self::exact_dot) is, and the
    /// exponent of the power of two to multiply it with: nothing is lost where the sum is out of the
    /// scalar's range. `None` if the sum is 0 or an operand is not finite.
    fn exact_dot_scaled(pairs: &[(Self, Self)]) -> Option<(Self, i64)> {
        let exact = exact_sum(pairs).filter(|exact| exact.0 != 0)?;
        let bits = |n: &rug::Integer| i64::from(n.significant_bits());
        // A quotient of integers of k and m bits lies between 2^(k-m-1) and 2^(k-m+1).
        let e = bits(exact.0.numer()) - bits(exact.0.denom());
        let mantissa = Rational(exact.0 >> i32::try_from(e).ok()?);
        Some((Self::from_rational(&mantissa), e))
    }
}

/// Σ a_i b_i over ℚ; `None` if an operand is not finite.
fn exact_sum<S: Field>(pairs: &[(S, S)]) -> Option<Rational> {
    let mut exact = Rational::from(0);
    for (a, b) in pairs {
        exact += a.to_rational()? * b.to_rational()?;
    }
    Some(exact)
}
