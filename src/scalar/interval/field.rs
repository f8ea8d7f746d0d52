//! The field operations.
//!
//! Derivations. Sums: [a, b] + [c, d] = [a + c, b + d]. Products: x y is monotone in each factor once
//! the sign of the other is known, so that of the four products of endpoints two suffice unless both
//! operands contain 0 inside. Quotients: x / y is monotone in x, and in y for either sign of x.

use num_traits::{Num, One, Signed, Zero};

use super::{Endpoint, Interval, Toward::Down, Toward::Up, product::product};
use crate::scalar::{Field, Rational, View, in_order, operators::field_operators};

/// Which endpoints give the lower and the upper end of a product.
enum Product<'a, E> {
    /// (lower factors, upper factors).
    One((&'a E, &'a E), (&'a E, &'a E)),
    /// Both operands contain 0 inside: the least of two and the largest of two.
    Two,
}

fn product_of<'a, E: Endpoint>(a: &'a Interval<E>, b: &'a Interval<E>) -> Product<'a, E> {
    let zero = E::zero();
    let (a_up, a_down) = (a.lo >= zero, a.hi <= zero);
    let (b_up, b_down) = (b.lo >= zero, b.hi <= zero);
    match (a_up, a_down, b_up, b_down) {
        (true, _, true, _) => Product::One((&a.lo, &b.lo), (&a.hi, &b.hi)),
        (true, _, _, true) => Product::One((&a.hi, &b.lo), (&a.lo, &b.hi)),
        (true, _, _, _) => Product::One((&a.hi, &b.lo), (&a.hi, &b.hi)),
        (_, true, true, _) => Product::One((&a.lo, &b.hi), (&a.hi, &b.lo)),
        (_, true, _, true) => Product::One((&a.hi, &b.hi), (&a.lo, &b.lo)),
        (_, true, _, _) => Product::One((&a.lo, &b.hi), (&a.lo, &b.lo)),
        (_, _, true, _) => Product::One((&a.lo, &b.hi), (&a.hi, &b.hi)),
        (_, _, _, true) => Product::One((&a.hi, &b.lo), (&a.lo, &b.lo)),
        _ => Product::Two,
    }
}

/// lo ← lower end and hi ← upper end of a b; neither operand is none.
fn multiply_into<E: Endpoint>(a: &Interval<E>, b: &Interval<E>, into: &mut Interval<E>) {
    match product_of(a, b) {
        Product::One((p, q), (r, s)) => {
            p.multiply_into(q, Down, &mut into.lo);
            r.multiply_into(s, Up, &mut into.hi);
        }
        Product::Two => {
            a.lo.multiply_into(&b.hi, Down, &mut into.lo);
            let other = a.hi.multiply_toward(&b.lo, Down);
            if other < into.lo {
                into.lo = other;
            }
            a.lo.multiply_into(&b.lo, Up, &mut into.hi);
            let other = a.hi.multiply_toward(&b.hi, Up);
            if other > into.hi {
                into.hi = other;
            }
        }
    }
}

impl<E: Endpoint> Interval<E> {
    /// into ← self · b, without allocating for endpoints that own memory.
    pub fn multiply_into(&self, b: &Self, into: &mut Self) {
        if self.is_none() || b.is_none() {
            *into = Self::none();
        } else {
            multiply_into(self, b, into);
        }
    }
}

impl<E: Endpoint> std::ops::AddAssign<&Interval<E>> for Interval<E> {
    fn add_assign(&mut self, rhs: &Self) {
        if self.is_none() || rhs.is_none() {
            *self = Self::none();
            return;
        }
        self.lo.add_to(&rhs.lo, Down);
        self.hi.add_to(&rhs.hi, Up);
    }
}

impl<E: Endpoint> std::ops::SubAssign<&Interval<E>> for Interval<E> {
    fn sub_assign(&mut self, rhs: &Self) {
        *self += -rhs.clone();
    }
}

impl<E: Endpoint> std::ops::MulAssign<&Interval<E>> for Interval<E> {
    fn mul_assign(&mut self, rhs: &Self) {
        if self.is_none() || rhs.is_none() {
            *self = Self::none();
            return;
        }
        let mut product = Self::zero();
        multiply_into(self, rhs, &mut product);
        *self = product;
    }
}

impl<E: Endpoint> std::ops::DivAssign<&Interval<E>> for Interval<E> {
    fn div_assign(&mut self, rhs: &Self) {
        let zero = E::zero();
        *self = if self.is_none() || rhs.is_none() || rhs.is_zero() {
            Self::none()
        } else if rhs.lo <= zero && rhs.hi >= zero {
            Self::whole()
        } else if rhs.hi < zero {
            -self.clone() / -rhs.clone()
        } else {
            // The divisor is positive: the smaller divisor gives the larger magnitude.
            let below = if self.lo >= zero { &rhs.hi } else { &rhs.lo };
            let above = if self.hi >= zero { &rhs.lo } else { &rhs.hi };
            Self::of(
                self.lo.divide_toward(below, Down),
                self.hi.divide_toward(above, Up),
            )
        };
    }
}

impl<E: Endpoint> std::ops::RemAssign<&Interval<E>> for Interval<E> {
    /// Contains a - trunc(a / b) b: exactly that where trunc(a / b) is one integer, else all numbers of
    /// the signs of a whose magnitude is at most those of a and b.
    fn rem_assign(&mut self, rhs: &Self) {
        let quotient = self.clone() / rhs;
        let ends = (quotient.lo.to_rational(), quotient.hi.to_rational());
        if let (Some(lo), Some(hi)) = ends {
            let (lo, hi) = (lo.0.trunc(), hi.0.trunc());
            if lo == hi {
                *self -= Self::enclosing(&Rational(lo)) * rhs;
                return;
            }
        }
        if self.is_none() || rhs.is_none() || rhs.is_zero() {
            *self = Self::none();
            return;
        }
        let (a, b) = (self.magnitude(), rhs.magnitude());
        let largest = if a <= b { a } else { b };
        let zero = E::zero();
        let lo = if self.lo >= zero {
            zero.clone()
        } else {
            -largest.clone()
        };
        let hi = if self.hi <= zero { zero } else { largest };
        *self = Self::of(lo, hi);
    }
}

field_operators!(@forms [E: Endpoint] Interval<E>, Add add AddAssign add_assign);
field_operators!(@forms [E: Endpoint] Interval<E>, Sub sub SubAssign sub_assign);
field_operators!(@forms [E: Endpoint] Interval<E>, Mul mul MulAssign mul_assign);
field_operators!(@forms [E: Endpoint] Interval<E>, Div div DivAssign div_assign);
field_operators!(@forms [E: Endpoint] Interval<E>, Rem rem RemAssign rem_assign);

impl<E: Endpoint> std::ops::Neg for Interval<E> {
    type Output = Self;
    fn neg(self) -> Self {
        Interval {
            lo: -self.hi,
            hi: -self.lo,
        }
    }
}

impl<E: Endpoint> Zero for Interval<E> {
    fn zero() -> Self {
        Interval {
            lo: E::zero(),
            hi: E::zero(),
        }
    }

    fn is_zero(&self) -> bool {
        self.lo.is_zero() && self.hi.is_zero()
    }
}

impl<E: Endpoint> One for Interval<E> {
    fn one() -> Self {
        Interval {
            lo: E::one(),
            hi: E::one(),
        }
    }
}

impl<E: Endpoint> Num for Interval<E> {
    type FromStrRadixErr = <Rational as Num>::FromStrRadixErr;

    /// The smallest interval that contains `p` or `p/q` in the given radix (2 to 36).
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        Ok(Self::enclosing(&Rational::from_str_radix(text, radix)?))
    }
}

impl<E: Endpoint> Signed for Interval<E> {
    fn abs(&self) -> Self {
        if self.lo >= E::zero() || self.is_none() {
            self.clone()
        } else if self.hi <= E::zero() {
            -self.clone()
        } else {
            Interval {
                lo: E::zero(),
                hi: self.magnitude(),
            }
        }
    }

    /// Contains max(a - b, 0).
    fn abs_sub(&self, other: &Self) -> Self {
        Self::larger(self.clone() - other, Self::zero())
    }

    /// Contains the sign of every member: within [-1, 1].
    fn signum(&self) -> Self {
        if self.is_none() {
            return Self::none();
        }
        let sign = |x: &E| match (x.above_zero(), x.below_zero()) {
            (true, _) => E::one(),
            (_, true) => -E::one(),
            _ => E::zero(),
        };
        Self::of(sign(&self.lo), sign(&self.hi))
    }

    fn is_positive(&self) -> bool {
        self.lo.above_zero()
    }

    fn is_negative(&self) -> bool {
        self.hi.below_zero()
    }
}

impl<E: Endpoint> Field for Interval<E> {
    fn precision() -> Option<u32> {
        E::precision()
    }

    fn name() -> String {
        format!("interval-{}", E::name())
    }

    fn unit_roundoff() -> Self {
        Self::point(E::unit_roundoff())
    }

    /// Contains x; what [`Interval::point`] says of NaN and infinities.
    fn from_f64(x: f64) -> Self {
        match Rational::try_from_f64(x) {
            Some(q) => Self::enclosing(&q),
            None => Self::point(E::from_f64(x)),
        }
    }

    fn from_rational(q: &Rational) -> Self {
        Self::enclosing(q)
    }

    /// The value of a point; a wider interval is no rational.
    fn to_rational(&self) -> Option<Rational> {
        self.lo.to_rational().filter(|_| self.is_point())
    }

    /// The midpoint.
    fn to_f64(&self) -> f64 {
        self.midpoint().to_f64()
    }

    /// Bounded.
    fn is_finite(&self) -> bool {
        self.lo.is_finite() && self.hi.is_finite()
    }

    fn dot(x: &[Self], y: &[Self]) -> Self {
        let (mut sum, mut product) = (Self::zero(), Self::zero());
        for (x, y) in x.iter().zip(y) {
            add_product(&mut sum, x, y, &mut product);
        }
        sum
    }

    fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
        let mut product = Self::zero();
        for (y, x) in y.iter_mut().zip(x) {
            add_product(y, a, x, &mut product);
        }
    }

    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
        for (x, y) in x.iter_mut().zip(y) {
            let turned = x.clone() * c - y.clone() * s;
            *y = x.clone() * s + y.clone() * c;
            *x = turned;
        }
    }

    /// Contains C + A B: term by term, or, where the sizes make it worth while, by midpoints and radii. Either
    /// encloses; the ends are not the same.
    fn multiply_add(c: &mut [Self], a: View<Self>, b: View<Self>) {
        match product(a, b) {
            Some(product) => c.iter_mut().zip(product).for_each(|(c, x)| *c += x),
            None => in_order(c, a, b),
        }
    }

    /// Contains max(x, y).
    fn larger(a: Self, b: Self) -> Self {
        Interval {
            lo: E::larger(a.lo, b.lo),
            hi: E::larger(a.hi, b.hi),
        }
    }
}

/// sum ← sum + a b, with a buffer for the product.
fn add_product<E: Endpoint>(
    sum: &mut Interval<E>,
    a: &Interval<E>,
    b: &Interval<E>,
    product: &mut Interval<E>,
) {
    if a.is_none() || b.is_none() || sum.is_none() {
        *sum = Interval::none();
        return;
    }
    multiply_into(a, b, product);
    sum.lo.add_to(&product.lo, Down);
    sum.hi.add_to(&product.hi, Up);
}
