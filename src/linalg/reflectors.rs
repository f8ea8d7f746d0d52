//! Householder reflectors, several at a time, so that products do most of the work.

use super::{Matrix, product, product_tn};
use crate::scalar::{Real, View};

/// So many reflectors at a time.
pub(super) const BLOCK: usize = 32;

/// H₁ H₂ … H_b = I - V T Vᵀ (Schreiber and Van Loan 1989), for H_k = I - τ_k v_k v_kᵀ with v_k zero above its entry k, which is 1.
pub(super) struct Block<S> {
    /// The v_k, m × b.
    v: Matrix<S>,
    /// T, or Tᵀ for the product of the H_k in reverse order; b × b.
    t: Matrix<S>,
}

impl<S: Real> Block<S> {
    /// Of the v_k whose entries below the unit are those of `packed`, m × b.
    pub(super) fn new(packed: View<S>, tau: &[S]) -> Self {
        let v = Matrix::from_fn(packed.nrows(), tau.len(), |i, k| match i.cmp(&k) {
            std::cmp::Ordering::Less => S::zero(),
            std::cmp::Ordering::Equal => S::one(),
            std::cmp::Ordering::Greater => packed.get(i, k).clone(),
        });
        let gram = product_tn(&v, &v);
        let mut t = Matrix::from_element(tau.len(), tau.len(), S::zero());
        for (k, tau) in tau.iter().enumerate() {
            // H₁ … H_k = (I - V T Vᵀ)(I - τ v vᵀ): the new column of T is -τ T Vᵀ v, and τ.
            for i in 0..k {
                let sum = (i..k).fold(S::zero(), |sum, j| sum + t[(i, j)].clone() * &gram[(j, k)]);
                t[(i, k)] = -(sum * tau);
            }
            t[(k, k)] = tau.clone();
        }
        Block { v, t }
    }

    /// The product in reverse order, H_b … H₁.
    pub(super) fn transpose(self) -> Self {
        Block {
            t: self.t.transpose(),
            ..self
        }
    }

    /// C ← (I - V T Vᵀ) C, for C of m rows whose columns are `apart` from each other in `c`.
    pub(super) fn apply(&self, c: &mut [S], apart: usize, columns: usize) {
        if columns == 0 {
            return;
        }
        let (m, b) = self.v.shape();
        let v = View::new(self.v.as_slice(), m, b);
        let inner = S::product(v.transpose(), View::apart(c, m, columns, apart));
        let inner = Matrix::from_vec(b, columns, inner);
        let inner = -product(&self.t, &inner);
        S::multiply_add_apart(c, apart, v, View::new(inner.as_slice(), b, columns));
    }
}
