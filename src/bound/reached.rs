//! What can arrive at a layer (THEORY D12): the subspace that z_l, and so h_l = γ_l z_l, never leaves.
//!
//! h_{l-1} lies in a subspace with the orthonormal basis Q_{l-1} (everything for the input), and then
//!
//! ```text
//! z_l = W_l h_{l-1} + b_l + γ_{l-1} ψ_l ∈ range [W_l Q_{l-1}, b_l, ψ_l],
//! h_l = γ_l (Q₁ Q₁ᵀ z_l + b_⊥)   with Q₁ a basis of range [W_l Q_{l-1}, ψ_l] and b_⊥ what of b_l lies across it.
//! ```
//!
//! Whatever is orthogonal to it in W_{l+1} meets nothing: W_{l+1} Q Qᵀ h_l = W_{l+1} h_l. So [W_{l+1} Q, ψ_{l+1}] may be cut in
//! place of [W_{l+1} ψ_{l+1}], which never raises a singular value; or [W_{l+1} Q₁, ψ_{l+1} + W_{l+1} b_⊥], in which the constant is
//! part of ψ, which may.

use crate::{
    linalg::{Matrix, Vector, norm2, orthonormalised, product, product_tn, qr_pivoted},
    network::Network,
    scalar::Real,
};

/// Where the pre-activations of one hidden layer of n neurons lie.
#[derive(Clone, Debug)]
pub(crate) struct Reachable<S> {
    /// Q, n × q: an orthonormal basis of range [W Q_{l-1}, b, ψ]. At least one column.
    pub basis: Matrix<S>,
    /// Q₁, n × q₁: of range [W Q_{l-1}, ψ]. At least one column.
    pub varying: Matrix<S>,
    /// b_⊥ = b - Q₁ Q₁ᵀ b.
    pub constant: Vector<S>,
}

/// For hidden layers 1 … `last`. A direction counts as reached if it is longer than `tolerance` times the longest, ψ
/// being weighed by the largest gain that can multiply it.
pub(crate) fn reachable<S: Real>(
    network: &Network<S>,
    last: usize,
    tolerance: &S,
) -> Vec<Reachable<S>> {
    let mut found: Vec<Reachable<S>> = vec![];
    for l in 1..=last.min(network.depth() - 1) {
        let layer = network.layer(l);
        let arriving = match found.last() {
            Some(below) => product(&layer.weight, &below.basis),
            None => layer.weight.clone(),
        };
        let n = layer.width();
        let mut columns = arriving.as_slice().to_vec();
        if let Some(psi) = &layer.psi {
            let most = network.gain().lipschitz(&network.length_squared(l - 1));
            columns.extend(psi.iter().map(|x| x.clone() * &most));
        }
        let varying = range(&Matrix::from_vec(n, columns.len() / n, columns), tolerance);
        let constant = across(&varying, layer.bias.as_slice());
        let basis = beside(
            &varying,
            &constant,
            norm2(layer.bias.as_slice()) * tolerance,
        );
        let constant = Vector::from_vec(constant);
        found.push(Reachable {
            basis,
            varying,
            constant,
        });
    }
    found
}

/// Beyond this many bits f64 is asked first whether columns are independent: a factorisation in 256 bits takes half a minute at 512 neurons.
const MANY_BITS: u32 = 64;

/// An orthonormal basis of the columns' range, at least one vector. Where it is everything, or the columns are clearly
/// independent, products alone find it to the last bit.
fn range<S: Real>(columns: &Matrix<S>, tolerance: &S) -> Matrix<S> {
    let n = columns.nrows();
    if S::precision().is_some_and(|bits| bits > MANY_BITS) {
        match independent(columns) {
            Some(_) if columns.ncols() >= n => return Matrix::identity(n, n),
            Some(start) => {
                if let Some(basis) = orthonormalised(start) {
                    return basis;
                }
            }
            None => {}
        }
    }
    let factors = qr_pivoted(columns);
    let r = factors.r();
    let floor = r
        .iter()
        .next()
        .map_or_else(S::zero, |r| r.clone() * tolerance);
    let rank = (0..r.nrows()).take_while(|&k| r[(k, k)] > floor).count();
    factors.q(rank.max(1))
}

/// The columns, or as many of them as there are rows, times the inverse of their factor R in f64: nearly orthonormal. `None`
/// where a pivot in f64 comes near rounding, and their rank is not certain.
fn independent<S: Real>(columns: &Matrix<S>) -> Option<Matrix<S>> {
    let e = S::largest_exponent(columns.as_slice())?;
    let scaled = columns.map(|x| x.scale_by_power_of_two(-e));
    let factors = qr_pivoted(&scaled.map(|x| x.to_f64()));
    let rank = columns.nrows().min(columns.ncols());
    let r = factors.r().columns(0, rank).into_owned();
    let floor = r.iter().next()? / f64::from(1 << 30);
    if !(0..rank).all(|k| r[(k, k)] > floor) {
        return None;
    }
    let inverse = r.solve_upper_triangular(&Matrix::identity(rank, rank))?;
    let kept = scaled.select_columns(&factors.permutation()[..rank]);
    Some(product(&kept, &inverse.map(S::from_f64)))
}

/// b less what of it lies in the span of orthonormal columns, taken off twice for the last digits.
fn across<S: Real>(basis: &Matrix<S>, b: &[S]) -> Vec<S> {
    let mut rest = Matrix::from_column_slice(b.len(), 1, b);
    if basis.nrows() == basis.ncols() {
        return vec![S::zero(); b.len()];
    }
    for _ in 0..2 {
        rest -= product(basis, &product_tn(basis, &rest));
    }
    rest.as_slice().to_vec()
}

/// The basis with the direction of a vector orthogonal to it, if that is longer than `floor`.
fn beside<S: Real>(basis: &Matrix<S>, rest: &[S], floor: S) -> Matrix<S> {
    let length = norm2(rest);
    if basis.nrows() == basis.ncols() || length <= floor {
        return basis.clone();
    }
    let mut data = basis.as_slice().to_vec();
    data.extend(rest.iter().map(|x| x.clone() / &length));
    Matrix::from_vec(basis.nrows(), basis.ncols() + 1, data)
}
