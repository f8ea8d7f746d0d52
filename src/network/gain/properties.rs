//! What is known of a gain, each property stated once.

use super::{Gain, Rooted};
use crate::scalar::Real;

/// Which way g goes as r grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// g falls: γ ≤ g(o) at every z.
    Falls,
    /// g rises, or stays: γ is largest where ‖z‖ is.
    Rises,
}

/// The radial profile σ(ρ) = ρ g(ρ²), or more exactly ‖h‖ = s g(s² + o) as a function of s = ‖z‖.
#[derive(Clone, Debug)]
pub enum Profile<N> {
    /// ‖h‖ rises with s for every o ≥ 0: the radial eigenvalue γ + 2 g'(r) s² is not negative.
    Rises {
        /// sup ‖h‖, `None` where it is infinite.
        supremum: Option<N>,
    },
    /// ‖h‖ has one crest, whose height is this function of o.
    Crested(fn(&N) -> N),
}

/// The Lipschitz constant of f_o: z ↦ g(‖z‖² + o) z, for every o ≥ 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contraction {
    /// g(o): g falls and the radial eigenvalue stays within ±g(o).
    ByValue,
    /// K, no better.
    ByK,
}

/// What is known of a gain: exact numbers, as they round or are enclosed in `N`.
///
/// `None` is "infinite" or "not known": what needs the number does not apply then.
#[derive(Clone, Debug)]
pub struct Properties<N> {
    /// Where the proofs are.
    pub proof: &'static str,
    /// Which way g goes.
    pub course: Course,
    /// How ‖h‖ grows.
    pub profile: Profile<N>,
    /// The Lipschitz constant at a given o.
    pub contraction: Contraction,
    /// g(0).
    pub at_zero: N,
    /// g(∞).
    pub limit: N,
    /// K = max(sup γ, sup |σ'|).
    pub k: N,
    /// G = sup |dγ/dρ|.
    pub g: N,
    /// D = sup |dg/dr|; `None`: infinite.
    pub d: Option<N>,
    /// P, the Lipschitz constant of z ↦ (h, γ).
    pub p: N,
    /// sup ‖(h, γ)‖; `None`: infinite.
    pub reach: Option<N>,
    /// τ² such that z ↦ (h, τγ) has the Lipschitz constant g(o) for every o ≥ 0 (`proofs/tau.md`); `None`: none
    /// is proved.
    pub tau_squared: Option<N>,
    /// Whether g is analytic for r ≥ 0. If not, derivatives are formed from ρ dγ/dρ at every ρ > 0.
    pub smooth: bool,
    /// Roundings of ρ that the evaluation of g passes on besides those of ρ itself, because it cancels.
    pub cancelled_roundings: i64,
}

/// √n · p/q.
pub(super) fn root<N: Rooted>(n: i64, p: i64, q: i64) -> N {
    N::from_int(n).root() * N::from_int(p) / N::from_int(q)
}

/// p/q.
pub(super) fn ratio<N: Rooted>(p: i64, q: i64) -> N {
    N::from_int(p) / N::from_int(q)
}

/// The constants in plain floating point.
impl<S: Real> Gain<S> {
    /// K = sup |σ'| = sup γ.
    pub fn k(&self) -> S {
        self.properties().k
    }

    /// G = sup |dγ/dρ|. For tanh an upper bound, the next multiple of 1e-8.
    pub fn g(&self) -> S {
        self.properties().g
    }

    /// D = sup |dg/dr|; `None` where it is infinite.
    pub fn d(&self) -> Option<S> {
        self.properties().d
    }

    /// P, the Lipschitz constant of z ↦ (h, γ).
    pub fn p(&self) -> S {
        self.properties().p
    }

    /// sup ‖(h, γ)‖ where it is finite: 1.0880605… for tanh (rounded up), 1 for algebraic and
    /// rational; `None` for the gains whose h is unbounded.
    pub fn reach(&self) -> Option<S> {
        self.properties().reach
    }

    /// The Lipschitz constant of f_o, at most K: g(o) for the gains that fall and whose radial
    /// eigenvalue stays within ±g(o), K for the others.
    pub fn lipschitz(&self, length_squared: &S) -> S {
        let properties = self.properties();
        match properties.contraction {
            Contraction::ByValue => self.value(length_squared),
            Contraction::ByK => properties.k,
        }
    }
}
