//! The activation and its derivative, whatever formula they are computed by, and what training takes beside them.

use num_traits::Signed;
use rand::Rng;

use super::Counted;
use crate::{
    bound::any_order::{PRODUCT, Units, gain_units},
    error::Error,
    linalg::{Matrix, norm2},
    network::{Derivative, Gain, Scalar, gradient::Trainable},
    scalar::{Field, Rational, Real},
};

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
