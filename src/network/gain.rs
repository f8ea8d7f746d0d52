//! Gains: the scalar function g of r = ‖z‖² + o that every neuron of a layer is multiplied by.

use crate::{
    error::Error,
    scalar::{Field, Real},
};

/// A gain g(r), with γ = g(r) and the radial profile σ(ρ) = ρ g(ρ²), ρ = √r.
///
/// Its constants bound the network's sensitivity: K = sup |σ'|, G = sup |dγ/dρ|, D = sup |dg/dr|, and
/// P is the Lipschitz constant of z ↦ (h, γ). For all of them sup γ = 1 = K.
///
/// | gain | g(r) | G | D | P |
/// |---|---|---|---|---|
/// | [`Tanh`](Gain::Tanh) | tanh ρ / ρ | 0.34341955… | 1/3 | 1 |
/// | [`Algebraic`](Gain::Algebraic) | 1/√(1+r) | 2/(3√3) | 1/2 | 1 |
/// | [`Rational`](Gain::Rational) | 1/(1+r) | 3√3/8 | 1 | 1 |
/// | [`RationalTanh`](Gain::RationalTanh) | (15+r)/(15+6r) | √30/16 | 1/3 | 1 |
/// | [`SoftThreshold`](Gain::SoftThreshold) | max(0, 1 - t/ρ) | 1/t | 1/(2t²) | √(1+1/t²) |
/// | [`Linear`](Gain::Linear) | 1 | 0 | 0 | 1 |
///
/// # Derivations
///
/// * *Algebraic.* dγ/dρ = -ρ (1+ρ²)^{-3/2}, extreme at ρ² = 1/2: 2/(3√3). dg/dr = -½(1+r)^{-3/2},
///   extreme at 0. σ' = (1+r)^{-3/2}, so σ'² + (dγ/dρ)² = (1+r)^{-2} ≤ 1 and P = 1.
/// * *Rational.* dγ/dρ = -2ρ/(1+ρ²)², extreme at ρ² = 1/3: 3√3/8. dg/dr = -1/(1+r)².
///   σ' = (1-ρ²)/(1+ρ²)², so σ'² + (dγ/dρ)² = (1+r)^{-2} and P = 1.
/// * *Rational, tanh-like.* dγ/dρ = -150ρ/(15+6ρ²)², extreme at ρ² = 5/6: (3/8)√(5/6) = √30/16.
///   dg/dr = -75/(15+6r)². With s = 6r, σ' = (225 - 7.5 s + s²/6)/(15+s)², whose numerator has a
///   negative discriminant: 0 < σ' ≤ 1. σ'² + (dγ/dρ)² ≤ 1 reads 50625 + 375 s + 131.25 s² - 2.5 s³ +
///   s⁴/36 ≤ (15+s)⁴, which holds coefficient by coefficient; hence P = 1.
/// * *Tanh.* dγ/dρ = (sech²ρ - γ)/ρ; its extreme 0.34341955… is attained at ρ = 0.919938…;
///   σ' = sech²ρ, and γ - sech²ρ ≤ ρ²γ gives |dγ/dρ| ≤ tanh ρ, so σ'² + (dγ/dρ)² ≤ 1 and P = 1.
///   dg/dr = (dγ/dρ)/(2ρ) → -1/3 at 0, its extreme.
/// * *Soft threshold* (ρ > t). σ' = 1, dγ/dρ = t/ρ² ≤ 1/t, dg/dr = t/(2ρ³) ≤ 1/(2t²); the radial
///   singular value is √(1 + t²/ρ⁴), so P = √(1+1/t²).
#[derive(Clone, Debug, PartialEq)]
pub enum Gain<S> {
    /// tanh ρ / ρ: the papers' choice.
    Tanh,
    /// 1/√(1+r).
    Algebraic,
    /// 1/(1+r), exact over the rationals.
    Rational,
    /// (15+r)/(15+6r), a Padé approximant of the first, exact over the rationals; h is unbounded.
    RationalTanh,
    /// max(0, 1 - t/ρ), t > 0.
    SoftThreshold {
        /// The threshold t > 0.
        t: S,
    },
    /// 1: a linear network.
    Linear,
}

impl<S: Field> Gain<S> {
    /// The names the command line and the files use.
    pub const NAMES: [&'static str; 6] = [
        "tanh",
        "algebraic",
        "rational",
        "rational-tanh",
        "soft-threshold",
        "linear",
    ];

    /// The gain of that name; `threshold` is t and belongs to `soft-threshold` alone.
    ///
    /// # Errors
    /// [`Error::Gain`] for an unknown name, a missing, unwanted or non-positive threshold.
    pub fn from_name(name: &str, threshold: Option<S>) -> Result<Self, Error> {
        let refuse = |reason| {
            Err(Error::Gain {
                gain: name.into(),
                reason,
            })
        };
        let gain = match (name, threshold) {
            ("soft-threshold", Some(t)) if t > S::zero() && t.is_finite() => {
                return Ok(Gain::SoftThreshold { t });
            }
            ("soft-threshold", Some(_)) => {
                return refuse("the threshold must be finite and positive");
            }
            ("soft-threshold", None) => return refuse("it needs a threshold t > 0"),
            ("tanh", None) => Gain::Tanh,
            ("algebraic", None) => Gain::Algebraic,
            ("rational", None) => Gain::Rational,
            ("rational-tanh", None) => Gain::RationalTanh,
            ("linear", None) => Gain::Linear,
            (name, Some(_)) if Self::NAMES.contains(&name) => {
                return refuse("it takes no threshold; only soft-threshold does");
            }
            _ => {
                return refuse(
                    "unknown; the gains are tanh, algebraic, rational, rational-tanh, soft-threshold, linear",
                );
            }
        };
        Ok(gain)
    }

    /// The name, one of [`Gain::NAMES`].
    pub fn name(&self) -> &'static str {
        match self {
            Gain::Tanh => "tanh",
            Gain::Algebraic => "algebraic",
            Gain::Rational => "rational",
            Gain::RationalTanh => "rational-tanh",
            Gain::SoftThreshold { .. } => "soft-threshold",
            Gain::Linear => "linear",
        }
    }

    /// t of the soft threshold, `None` for the others.
    pub fn threshold(&self) -> Option<&S> {
        match self {
            Gain::SoftThreshold { t } => Some(t),
            _ => None,
        }
    }

    /// g(r) by field operations, for the gains that are rational functions of r.
    ///
    /// # Errors
    /// [`Error::NotRational`] for tanh, algebraic and soft threshold.
    pub fn rational_value(&self, r: &S) -> Result<S, Error> {
        let one = S::one();
        match self {
            Gain::Rational => Ok(one.clone() / (one + r)),
            Gain::RationalTanh => {
                let fifteen = S::from_int(15);
                Ok((fifteen.clone() + r) / (fifteen + S::from_int(6) * r))
            }
            Gain::Linear => Ok(one),
            Gain::Tanh | Gain::Algebraic | Gain::SoftThreshold { .. } => {
                Err(Error::NotRational { gain: self.name() })
            }
        }
    }

    /// Whether g is a rational function, so that networks with it are exact over ℚ.
    pub fn is_rational(&self) -> bool {
        matches!(self, Gain::Rational | Gain::RationalTanh | Gain::Linear)
    }

    pub(super) fn map<T: Field>(&self, f: &impl Fn(&S) -> T) -> Gain<T> {
        match self {
            Gain::Tanh => Gain::Tanh,
            Gain::Algebraic => Gain::Algebraic,
            Gain::Rational => Gain::Rational,
            Gain::RationalTanh => Gain::RationalTanh,
            Gain::SoftThreshold { t } => Gain::SoftThreshold { t: f(t) },
            Gain::Linear => Gain::Linear,
        }
    }
}

impl<S: Real> Gain<S> {
    /// K = sup |σ'| = sup γ: 1 for every gain here.
    pub fn k(&self) -> S {
        S::one()
    }

    /// G = sup |dγ/dρ|. For tanh an upper bound, the next multiple of 1e-8.
    pub fn g(&self) -> S {
        let root = |n: i64, p: i64, q: i64| S::from_int(n).sqrt() * S::from_int(p) / S::from_int(q);
        match self {
            Gain::Tanh => S::from_int(34_341_956) / S::from_int(100_000_000),
            Gain::Algebraic => root(3, 2, 9),
            Gain::Rational => root(3, 3, 8),
            Gain::RationalTanh => root(30, 1, 16),
            Gain::SoftThreshold { t } => S::one() / t,
            Gain::Linear => S::zero(),
        }
    }

    /// D = sup |dg/dr|.
    pub fn d(&self) -> S {
        let half = S::from_f64(0.5);
        match self {
            Gain::Tanh | Gain::RationalTanh => S::one() / S::from_int(3),
            Gain::Algebraic => half,
            Gain::Rational => S::one(),
            Gain::SoftThreshold { t } => half / (t.clone() * t),
            Gain::Linear => S::zero(),
        }
    }

    /// P, the Lipschitz constant of z ↦ (h, γ).
    pub fn p(&self) -> S {
        match self {
            Gain::SoftThreshold { t } => (S::one() + S::one() / (t.clone() * t)).sqrt(),
            _ => S::one(),
        }
    }

    /// sup ‖(h, γ)‖ where it is finite: 1.0880605… for tanh (rounded up), 1 for algebraic and
    /// rational; `None` for the gains whose h is unbounded.
    pub fn reach(&self) -> Option<S> {
        match self {
            Gain::Tanh => Some(S::from_int(10_880_606) / S::from_int(10_000_000)),
            Gain::Algebraic | Gain::Rational => Some(S::one()),
            Gain::RationalTanh | Gain::SoftThreshold { .. } | Gain::Linear => None,
        }
    }

    /// The Lipschitz constant of f_o, at most K: g(o) for the gains that fall and whose radial
    /// eigenvalue stays within ±g(o) (tanh, algebraic, rational, rational-tanh), K for the others.
    pub fn lipschitz(&self, length_squared: &S) -> S {
        match self {
            Gain::SoftThreshold { .. } | Gain::Linear => S::one(),
            _ => self.value(length_squared),
        }
    }

    /// γ = g(r) for r ≥ 0, to a few ulps; for r that neither over- nor underflow (networks go
    /// through [`Scalar::activate`](super::Scalar::activate), which works on scaled z).
    pub fn value(&self, r: &S) -> S {
        let mut empty: [S; 0] = [];
        super::activation::activate_real(self, r, &mut empty)
    }
}
