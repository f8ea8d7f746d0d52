//! What a gain does to intervals, and what can leave a hidden layer.
//!
//! Every gain is monotone in r ≥ 0, and so is its derivative (piecewise for the soft threshold). The
//! image of an interval is therefore spanned by the images of its endpoints, each bounded from the outside;
//! r < 0, which outward rounding may bring, is cut off. The files of the gains say why they are monotone.

use super::{Contraction, Course, Gain, Profile};
use crate::scalar::interval::{Endpoint, Interval, sum_of_squares};

/// What can leave a hidden layer; the upper endpoints are the bounds.
#[derive(Clone, Debug)]
pub struct Reached<E> {
    /// γ.
    pub gain: Interval<E>,
    /// ‖h‖.
    pub activation: Interval<E>,
    /// ‖(h, γ)‖.
    pub joint: Interval<E>,
}

impl<E: Endpoint> Gain<Interval<E>> {
    /// {g(r) : r in the interval, r ≥ 0}; no interval if no r ≥ 0 is in it.
    pub fn enclose(&self, r: &Interval<E>) -> Interval<E> {
        self.enclosed().image(r)
    }

    /// {g'(r)}, g' = dg/dr, over the r ≥ 0 of the interval; at the kink of the soft threshold every slope
    /// between those on its sides. So g(a) - g(b) = s (a - b) with s in the enclosure, for all a, b in r.
    pub fn enclose_derivative(&self, r: &Interval<E>) -> Interval<E> {
        self.enclosed().derivative_image(r)
    }

    /// Contains G = sup |dγ/dρ|.
    pub fn steepness(&self) -> Interval<E> {
        self.properties().g
    }

    /// Contains P, the Lipschitz constant of z ↦ (h, γ).
    pub fn joint_lipschitz(&self) -> Interval<E> {
        self.properties().p
    }

    /// Contains a Lipschitz constant of f_o for every o of the interval: g(o), or K for the gains that
    /// do not fall.
    pub fn lipschitz_at(&self, length_squared: &Interval<E>) -> Interval<E> {
        let properties = self.properties();
        match properties.contraction {
            Contraction::ByValue => self.enclose(length_squared),
            Contraction::ByK => properties.k,
        }
    }

    /// τ² = 3/(2D): z ↦ (h, τγ) has the Lipschitz constant g(o), for every o ≥ 0. `proofs/tau.md` proves it;
    /// `None` for the gains it does not treat.
    pub fn tau_squared(&self) -> Option<Interval<E>> {
        self.properties().tau_squared
    }

    /// Upper bounds on γ, ‖h‖ and ‖(h, γ)‖ for ‖z‖ ≤ `size`.
    ///
    /// γ ≤ g(o) for the gains that fall. ‖h‖ = s g(s² + o) with s = ‖z‖ is largest at `size` where it rises with
    /// s, and at most the height of its crest where it has one. Suprema over all z cap both, however wide
    /// the enclosure of γ is, and the joint norm has one of its own.
    pub fn reach_at(&self, length_squared: &Interval<E>, size: &Interval<E>) -> Reached<E> {
        let properties = self.properties();
        // The largest ‖z‖ is what counts; the lower endpoint of a bound says nothing.
        let size = &Interval::point(size.hi().clone());
        let r = size.square() + length_squared;
        let gain = match properties.course {
            Course::Rises => self.enclose(&r),
            Course::Falls => self.enclose(length_squared),
        };
        let activation = match properties.profile {
            Profile::Rises { supremum: None } => self.enclose(&r) * size,
            Profile::Rises {
                supremum: Some(supremum),
            } => Interval::smaller(self.enclose(&r) * size, supremum),
            Profile::Crested(height) => {
                Interval::smaller(gain.clone() * size, height(length_squared))
            }
        };
        let joint = sum_of_squares(&[activation.clone(), gain.clone()]).sqrt();
        let joint = match properties.reach {
            Some(uniform) => Interval::smaller(joint, uniform),
            None => joint,
        };
        Reached {
            gain,
            activation,
            joint,
        }
    }
}
