//! Gains: the scalar function g of r = ‖z‖² + o that every neuron of a layer is multiplied by.
//!
//! A gain is one file, which holds its definition, derivations, constants ([`Properties`]), values,
//! derivatives and images of intervals, and one line of the table below. `tests/it/network/gain_laws.rs` searches for
//! violations of everything a file declares.

mod algebraic;
mod enclosure;
mod law;
mod linear;
mod log1p;
mod properties;
mod rational;
mod rational_tanh;
mod soft_threshold;
mod tanh;

pub use enclosure::Reached;
pub use law::Rooted;
pub use properties::{Contraction, Course, Profile, Properties};

use law::{Declared, Enclosed, Exact, Rounded};

use crate::{
    error::Error,
    scalar::{
        Field, Real,
        interval::{Endpoint, Interval},
    },
};

/// From one line a gain: the enum, the names, and the file that answers for each variant.
macro_rules! gains {
    ($($(#[$doc:meta])* $variant:ident $({ $t:ident })? = $file:ident,)*) => {
        /// A gain g(r), with γ = g(r) and the radial profile σ(ρ) = ρ g(ρ²), ρ = √r.
        ///
        /// Its constants bound the network's sensitivity: K = sup |σ'|, G = sup |dγ/dρ|, D = sup |dg/dr|, and
        /// P is the Lipschitz constant of z ↦ (h, γ). For all of them sup γ = 1 = K.
        /// [`Gain::properties`] gives them, with the place of their proofs.
        ///
        /// | gain | g(r) | G | D | P |
        /// |---|---|---|---|---|
        /// | [`Tanh`](Gain::Tanh) | tanh ρ / ρ | 0.34341955… | 1/3 | 1 |
        /// | [`Algebraic`](Gain::Algebraic) | 1/√(1+r) | 2/(3√3) | 1/2 | 1 |
        /// | [`Rational`](Gain::Rational) | 1/(1+r) | 3√3/8 | 1 | 1 |
        /// | [`RationalTanh`](Gain::RationalTanh) | (15+r)/(15+6r) | √30/16 | 1/3 | 1 |
        /// | [`SoftThreshold`](Gain::SoftThreshold) | max(0, 1 - t/ρ) | 1/t | 1/(2t²) | √(1+1/t²) |
        /// | [`Linear`](Gain::Linear) | 1 | 0 | 0 | 1 |
        /// | [`Log1p`](Gain::Log1p) | ln(1+ρ)/ρ | 1/2 | ∞ | √5/2 |
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Gain<S> {
            $(
                $(#[$doc])*
                $variant $({
                    /// The threshold t > 0.
                    $t: S,
                })?,
            )*
        }

        impl<S: Field> Gain<S> {
            /// The names the command line and the files use.
            pub const NAMES: [&'static str; [$($file::NAME),*].len()] = [$($file::NAME),*];

            /// Every gain there is, the soft threshold with this t.
            pub fn all(threshold: &S) -> Vec<Self> {
                vec![$(Gain::$variant $({ $t: threshold.clone() })?),*]
            }

            /// The name, one of [`Gain::NAMES`].
            pub fn name(&self) -> &'static str {
                match self {
                    $(Gain::$variant $({ $t: _ })? => $file::NAME,)*
                }
            }

            /// t of the soft threshold, `None` for the others.
            pub fn threshold(&self) -> Option<&S> {
                match self {
                    $(Gain::$variant $({ $t })? => gains!(@threshold $($t)?),)*
                }
            }

            pub(super) fn map<T: Field>(&self, f: &impl Fn(&S) -> T) -> Gain<T> {
                match self {
                    $(Gain::$variant $({ $t })? => Gain::$variant $({ $t: f($t) })?,)*
                }
            }

            fn exact(&self) -> Box<dyn Exact<S> + '_> {
                match self {
                    $(Gain::$variant $({ $t })? => Box::new($file::$variant $({ $t })?),)*
                }
            }
        }

        impl<N: Rooted> Gain<N> {
            fn declared(&self) -> Box<dyn Declared<N> + '_> {
                match self {
                    $(Gain::$variant $({ $t })? => Box::new($file::$variant $({ $t })?),)*
                }
            }
        }

        impl<S: Real> Gain<S> {
            fn rounded(&self) -> Box<dyn Rounded<S> + '_> {
                match self {
                    $(Gain::$variant $({ $t })? => Box::new($file::$variant $({ $t })?),)*
                }
            }
        }

        impl<E: Endpoint> Gain<Interval<E>> {
            fn enclosed(&self) -> Box<dyn Enclosed<E> + '_> {
                match self {
                    $(Gain::$variant $({ $t })? => Box::new($file::$variant $({ $t })?),)*
                }
            }
        }
    };
    (@threshold) => { None };
    (@threshold $t:ident) => { Some($t) };
}

gains! {
    /// tanh ρ / ρ: the papers' choice.
    Tanh = tanh,
    /// 1/√(1+r).
    Algebraic = algebraic,
    /// 1/(1+r), exact over the rationals.
    Rational = rational,
    /// (15+r)/(15+6r), a Padé approximant of the first, exact over the rationals; h is unbounded.
    RationalTanh = rational_tanh,
    /// max(0, 1 - t/ρ), t > 0.
    SoftThreshold { t } = soft_threshold,
    /// 1: a linear network.
    Linear = linear,
    /// ln(1+ρ)/ρ: h grows like ln ρ, and g has an infinite slope at r = 0.
    Log1p = log1p,
}

impl<S: Field> Gain<S> {
    /// The gain of that name; `threshold` is t and belongs to `soft-threshold` alone.
    ///
    /// # Errors
    /// [`Error::Gain`] for an unknown name, a missing, unwanted or non-positive threshold.
    pub fn from_name(name: &str, threshold: Option<S>) -> Result<Self, Error> {
        let refuse = |reason: String| {
            Err(Error::Gain {
                gain: name.into(),
                reason,
            })
        };
        // Any number stands for a threshold that is not there: it is looked at below.
        let stand_in = threshold.clone().unwrap_or_else(S::one);
        let Some(gain) = Self::all(&stand_in)
            .into_iter()
            .find(|gain| gain.name() == name)
        else {
            let names = Self::NAMES.join(", ");
            return refuse(format!("unknown; the gains are {names}"));
        };
        match (gain.threshold().is_some(), threshold) {
            (true, Some(_)) => gain.check().map(|()| gain),
            (true, None) => refuse("it needs a threshold t > 0".into()),
            (false, Some(_)) => refuse("it takes no threshold; only soft-threshold does".into()),
            (false, None) => Ok(gain),
        }
    }

    /// Whether the threshold, if there is one, is finite and positive.
    pub(super) fn check(&self) -> Result<(), Error> {
        // An interval with 0 at its lower end may hold a positive number.
        let valid = |t: &&S| t.is_finite() && !t.is_zero() && !t.below_zero();
        match self.threshold() {
            Some(t) if !valid(&t) => Err(Error::Gain {
                gain: self.name().into(),
                reason: format!(
                    "the threshold is {t} in {}; it must be finite and positive, as this scalar holds it: choose another \
                     threshold, or a wider scalar",
                    S::name()
                ),
            }),
            _ => Ok(()),
        }
    }

    fn not_rational(&self) -> Error {
        Error::NotRational { gain: self.name() }
    }

    /// g(r) by field operations, for the gains that are rational functions of r.
    ///
    /// # Errors
    /// [`Error::NotRational`] for the others.
    pub fn rational_value(&self, r: &S) -> Result<S, Error> {
        let fraction = self.exact().fraction(r);
        let (numerator, denominator) = fraction.ok_or_else(|| self.not_rational())?;
        Ok(numerator / denominator)
    }

    /// The polynomial in r that g has in its denominator, at r: g has a pole where it is 0.
    ///
    /// # Errors
    /// As [`rational_value`](Self::rational_value).
    pub fn denominator(&self, r: &S) -> Result<S, Error> {
        let fraction = self.exact().fraction(r);
        Ok(fraction.ok_or_else(|| self.not_rational())?.1)
    }

    /// g'(r) by field operations, for the gains that are rational functions of r.
    ///
    /// # Errors
    /// As [`rational_value`](Self::rational_value).
    pub fn rational_derivative(&self, r: &S) -> Result<S, Error> {
        let derivative = self.exact().derivative(r);
        derivative.ok_or_else(|| self.not_rational())
    }

    /// g''(r) by field operations, for the gains that are rational functions of r.
    ///
    /// # Errors
    /// As [`rational_value`](Self::rational_value).
    pub fn rational_second_derivative(&self, r: &S) -> Result<S, Error> {
        let derivative = self.exact().second_derivative(r);
        derivative.ok_or_else(|| self.not_rational())
    }

    /// Whether g is algebraic where it is smooth.
    pub fn is_algebraic(&self) -> bool {
        self.exact().is_algebraic()
    }

    /// κ ≥ 1 where g(r) = (1+r)^(-κ/2): such networks have the scalings of B8.
    pub fn power(&self) -> Option<u32> {
        self.exact().power()
    }

    /// Whether g is a rational function, so that networks with it are exact over ℚ.
    pub fn is_rational(&self) -> bool {
        self.exact().fraction(&S::zero()).is_some()
    }
}

impl<N: Rooted> Gain<N> {
    /// What is known of the gain, its constants rounded (plain scalars) or enclosed (intervals).
    pub fn properties(&self) -> Properties<N> {
        self.declared().properties()
    }
}

/// Values and derivatives in floating point, to a few ulps. Each takes ρ = √r, which is finite where r
/// overflows.
impl<S: Real> Gain<S> {
    /// γ = g(r) for r ≥ 0; for r that neither over- nor underflow (networks go
    /// through [`Scalar::activate`](super::Scalar::activate), which works on scaled z).
    pub fn value(&self, r: &S) -> S {
        let mut none: [S; 0] = [];
        self.activate(r, &mut none)
    }

    /// z ← γ z; returns γ.
    pub(super) fn activate(&self, length_squared: &S, z: &mut [S]) -> S {
        self.rounded().activate(length_squared, z)
    }

    /// dγ/dρ at ρ ≥ 0.
    pub fn slope(&self, rho: &S) -> S {
        if rho.is_zero() {
            return S::zero();
        }
        if self.is_near(rho) {
            return self.rounded().derivative_near(rho) * rho * S::from_int(2);
        }
        self.stretch(rho) / rho
    }

    /// 2 r g'(r) = ρ dγ/dρ = σ'(ρ) - γ at ρ ≥ 0: at most of the size of γ, however large ρ is.
    pub fn stretch(&self, rho: &S) -> S {
        if rho.is_zero() {
            return S::zero();
        }
        if self.is_near(rho) {
            let twice = S::from_int(2) * rho * rho;
            return self.rounded().derivative_near(rho) * twice;
        }
        self.rounded().stretch(rho)
    }

    /// 4 r² g''(r) = ρ² d²γ/dρ² - ρ dγ/dρ at ρ ≥ 0: at most of the size of γ, however large ρ is.
    pub fn bend(&self, rho: &S) -> S {
        if rho.is_zero() {
            return S::zero();
        }
        if self.is_near(rho) {
            let r = rho.clone() * rho;
            return self.rounded().second_derivative_near(rho) * S::from_int(4) * &r * r;
        }
        self.rounded().bend(rho)
    }

    /// g'(r) at ρ ≥ 0; 0 at the foot of a gain that is not smooth.
    pub fn derivative(&self, rho: &S) -> S {
        if self.is_near(rho) {
            self.rounded().derivative_near(rho)
        } else if rho.is_zero() {
            S::zero()
        } else {
            self.rounded().stretch(rho) / rho / rho / S::from_int(2)
        }
    }

    /// g''(r) at ρ ≥ 0; 0 at the foot of a gain that is not smooth.
    pub fn second_derivative(&self, rho: &S) -> S {
        if self.is_near(rho) {
            self.rounded().second_derivative_near(rho)
        } else if rho.is_zero() {
            S::zero()
        } else {
            // The quarter first: g'' may be just within the range.
            self.rounded().bend(rho) / S::from_int(4) / rho / rho / rho / rho
        }
    }

    /// A bound on the third derivative of t ↦ f_o(z + t d), ‖d‖ = 1, wherever √(‖z‖² + o) ≥ ρ and no kink
    /// is met; infinite if none is known.
    pub fn third(&self, rho: &S) -> S {
        self.rounded().third(rho)
    }

    /// Whether derivatives are formed from r = ρ² itself, which cannot overflow then.
    pub(super) fn is_near(&self, rho: &S) -> bool {
        *rho <= S::one() && self.properties().smooth
    }
}
