//! The normal form without roots: N_l = U_lᵀ D_l U_l + o_l e eᵀ.
//!
//! The rows of the normal form's V_l ([`normal_form`](crate::gauge::normal_form)) are √d times rows that begin with 1, and
//! those, the numbers d and the largest o_l are rational where N_l is: an LDLᵀ factorisation in order of the columns, which
//! is unique. So two networks of rational numbers that have the same function for tanh have the same factors, bit for bit.

use super::Invariants;
use crate::{linalg::Matrix, scalar::Field};

/// What one hidden layer is in normal form, with no root taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor<S> {
    /// The columns, from 0, in which the rows begin: rank B_l of them.
    pub pivots: Vec<usize>,
    /// D_l: a positive number for each row.
    pub weights: Vec<S>,
    /// U_l, rank B_l × (n₀ + l), in row echelon form, each row beginning with 1.
    pub rows: Matrix<S>,
    /// o_max, the largest o_l of any network with this N_l.
    pub length: S,
}

impl<S: Field> Factor<S> {
    /// U_lᵀ D_l U_l + o_l e eᵀ.
    pub fn gram(&self) -> Matrix<S> {
        let columns = self.rows.ncols();
        let mut n = Matrix::from_fn(columns, columns, |i, j| {
            let terms = self.rows.row_iter().zip(&self.weights);
            terms.fold(S::zero(), |sum, (row, d)| {
                sum + row[i].clone() * d * &row[j]
            })
        });
        n[(columns - 1, columns - 1)] += &self.length;
        n
    }
}

/// The factors of N_1 … N_{L-1}, for exact numbers: whether a number is 0 is asked without a tolerance.
///
/// An o = q + e^a leaves U_l and D_l as they are, and its e^a belongs to o_max.
///
/// ```
/// use isotropic::{identity::{Invariants, factors}, linalg::Matrix, scalar::Rational};
/// let q = Rational::from;
/// // W_1 = (3, 4)ᵀ, b_1 = (4, -3)ᵀ: one row, and all of b_1 is length.
/// let gram = vec![Matrix::from_row_slice(2, 2, &[q(25), q(0), q(0), q(25)])];
/// let found = factors(&Invariants { gram, output: Matrix::from_element(1, 3, q(1)) });
/// assert_eq!((found[0].weights.as_slice(), &found[0].length), (&[q(25)][..], &q(25)));
/// assert_eq!(found[0].rows.as_slice(), [q(1), q(0)]);
/// ```
pub fn factors<S: Field>(of: &Invariants<S>) -> Vec<Factor<S>> {
    of.gram.iter().map(factor).collect()
}

fn factor<S: Field>(n: &Matrix<S>) -> Factor<S> {
    let last = n.ncols() - 1;
    // The upper triangle of what is left.
    let mut rest = n.clone();
    let (mut pivots, mut weights, mut rows) = (vec![], vec![], vec![]);
    for j in 0..last {
        let weight = rest[(j, j)].clone();
        // N_l less what came before is positive semidefinite without its last entry: a zero here is a zero row.
        if weight.is_zero() {
            continue;
        }
        let mut row = vec![S::zero(); j];
        row.extend((j..=last).map(|k| rest[(j, k)].clone() / &weight));
        for a in j + 1..=last {
            let factor = rest[(j, a)].clone();
            if factor.is_zero() {
                continue;
            }
            for b in a..=last {
                let change = factor.clone() * &row[b];
                rest[(a, b)] -= &change;
            }
        }
        pivots.push(j);
        weights.push(weight);
        rows.push(row);
    }
    Factor {
        rows: Matrix::from_fn(rows.len(), last + 1, |i, j| rows[i][j].clone()),
        pivots,
        weights,
        length: rest[(last, last)].clone(),
    }
}
