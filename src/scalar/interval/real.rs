//! Square, square root, exponential, logarithm and hyperbolic tangent. All but the square are
//! increasing, so that the images of the endpoints, rounded outward, are the endpoints of the image.

use num_traits::Zero;

use super::{Endpoint, Interval, Toward, Toward::Down, Toward::Up};

impl<E: Endpoint> Interval<E> {
    /// {x² : x}; tighter than x · x, whose factors vary on their own.
    pub fn square(&self) -> Self {
        let zero = E::zero();
        let (near, far) = if self.lo >= zero {
            (&self.lo, &self.hi)
        } else if self.hi <= zero {
            (&self.hi, &self.lo)
        } else if self.is_none() {
            return Self::none();
        } else {
            let far = self.magnitude();
            return Self::of(zero, far.multiply_toward(&far, Up));
        };
        // Rounding down must not make a square negative.
        let lo = E::larger(near.multiply_toward(near, Down), zero);
        Self::of(lo, far.multiply_toward(far, Up))
    }

    /// {√x : x ≥ 0}; no interval if no member is ≥ 0.
    pub fn sqrt(&self) -> Self {
        if self.is_none() || self.hi < E::zero() {
            return Self::none();
        }
        let root = |x: &E, toward| x.function_toward(toward, |x, r| x.sqrt_round(r));
        let lo = if self.lo <= E::zero() {
            E::zero()
        } else {
            root(&self.lo, Down)
        };
        Self::of(lo, root(&self.hi, Up))
    }

    /// {e^x}.
    pub fn exp(&self) -> Self {
        self.increasing(|x, toward| x.function_toward(toward, |x, r| x.exp_round(r)))
    }

    /// {ln x : x > 0}, unbounded below if 0 is an endpoint or a member; no interval if no member is > 0.
    pub fn ln(&self) -> Self {
        if self.is_none() || self.hi <= E::zero() {
            return Self::none();
        }
        let ln = |x: &E, toward| x.function_toward(toward, |x, r| x.ln_round(r));
        let lo = if self.lo <= E::zero() {
            Self::whole().lo
        } else {
            ln(&self.lo, Down)
        };
        Self::of(lo, ln(&self.hi, Up))
    }

    /// {ln(1 + x) : x > -1}, without the cancellation near 0; no interval if no member is > -1.
    pub fn ln_1p(&self) -> Self {
        if self.is_none() || self.hi <= -E::one() {
            return Self::none();
        }
        let ln = |x: &E, toward| x.function_toward(toward, |x, r| x.ln_1p_round(r));
        let lo = if self.lo <= -E::one() {
            Self::whole().lo
        } else {
            ln(&self.lo, Down)
        };
        Self::of(lo, ln(&self.hi, Up))
    }

    /// {tanh x}, within [-1, 1].
    pub fn tanh(&self) -> Self {
        self.increasing(|x, toward| x.function_toward(toward, |x, r| x.tanh_round(r)))
    }

    /// {1 / cosh² x}: 1 - tanh² x without the cancellation. Falls with |x|.
    pub fn sech_squared(&self) -> Self {
        if self.is_none() {
            return Self::none();
        }
        let sech = |x: &E, toward: Toward| x.function_toward(toward, |x, r| x.sech_round(r));
        let size = num_traits::Signed::abs(self);
        Self::of(
            E::larger(sech(&size.hi, Down), E::zero()),
            sech(&size.lo, Up),
        )
        .square()
    }

    fn increasing(&self, f: impl Fn(&E, Toward) -> E) -> Self {
        if self.is_none() {
            return Self::none();
        }
        Self::of(f(&self.lo, Down), f(&self.hi, Up))
    }
}

/// ‖x‖₂ of a vector of intervals: √Σ x_i².
pub fn norm<E: Endpoint>(x: &[Interval<E>]) -> Interval<E> {
    sum_of_squares(x).sqrt()
}

/// Σ x_i².
pub fn sum_of_squares<E: Endpoint>(x: &[Interval<E>]) -> Interval<E> {
    x.iter().fold(Interval::zero(), |sum, x| sum + x.square())
}
