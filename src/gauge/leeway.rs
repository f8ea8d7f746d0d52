//! How much rounding is allowed.

use crate::{linalg::norm2, scalar::Real};

/// How much rounding is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leeway {
    /// All roundings in league: no honest copy exceeds it, and deep layers are allowed much more than they need.
    Certain,
    /// [`USUAL`] times what independent roundings of a rotation leave. Copies by rotations stay below it, and what
    /// exceeds 2⁶ times the residual of such a copy is found (`tests/it/identity/honest.rs` measures both).
    Usual,
}

/// 2³: what [`Leeway::Usual`] allows beyond independent roundings.
pub const USUAL: i64 = 8;

/// 2²: a residual between what [`Leeway::Usual`] explains and so much more is in the grey zone where the outputs do not show it.
/// Copies by rotations leave at most a quarter of what is explained, so that what is found is still within 2⁶ of them.
pub const GREY: i64 = 4;

/// Rounding errors of a rotation in each of its two dimensions: a dot product (1 per term), the
/// orthogonality of a computed factor (measured below 3 per dimension, see `tests/it/linalg/svd.rs`), doubled
/// because either network may be the rotated one.
const PER_DIMENSION: i64 = 8;

impl Leeway {
    /// The allowance at unit roundoff 1 for `size` that `dimensions` roundings each have gone into, behind weights of
    /// norm `through` that receive `error`.
    pub(super) fn allowed<S: Real>(self, size: &S, dimensions: &S, through: &S, error: &S) -> S {
        let arriving = through.clone() * error;
        match self {
            Leeway::Certain => size.clone() * dimensions * S::from_int(PER_DIMENSION) + arriving,
            Leeway::Usual => {
                let own = size.clone() * dimensions.sqrt() * S::from_int(USUAL);
                norm2(&[own, arriving])
            }
        }
    }

    /// The allowance at unit roundoff 1 for `size` alone.
    pub(super) fn alone<S: Real>(self, size: &S, dimensions: &S) -> S {
        self.allowed(size, dimensions, &S::zero(), &S::zero())
    }

    /// What all of a layer is allowed, from its parts.
    pub(super) fn together<S: Real>(self, parts: &[S]) -> S {
        match self {
            Leeway::Certain => parts.iter().fold(S::zero(), |sum, part| sum + part),
            Leeway::Usual => norm2(parts),
        }
    }

    /// The error of what arrives at the next layer, for `total` in a layer of `neurons` that was divided by `size`.
    pub(super) fn passed_on<S: Real>(self, total: S, size: &S, neurons: usize) -> S {
        match self {
            Leeway::Certain => S::from_int(2) * total / size,
            // Spread over the neurons: the next weight sees a share of it.
            Leeway::Usual => total / size / S::from_int(neurons as i64).sqrt(),
        }
    }
}
