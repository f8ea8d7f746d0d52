//! Truncation: shrinking a layer below its rank, with a bound on what it changes (THEORY D4).

use super::{absorb::across, project};
use crate::{
    bound::{Reach, lipschitz_above, reach_below, reachable},
    error::Error,
    linalg::{Matrix, Svd, complete_basis, product, svd},
    network::Network,
    scalar::Real,
};

/// One removal and its bound.
#[derive(Clone, Debug)]
pub struct Removal<S> {
    /// Hidden layer.
    pub layer: usize,
    /// n_l before.
    pub from: usize,
    /// n_l after.
    pub to: usize,
    /// The smallest singular value of [W_l ψ_l] that was kept; 0 if a zero one was.
    pub kept: S,
    /// s_{p+1}, the largest singular value of [W_l ψ_l] that was dropped.
    pub dropped: S,
    /// How far the computed singular values may be off: 8 max(m, n) u σ₁. Where the entries of [W_l ψ_l] lie
    /// further apart than that, s_{p+1} may be lost beside σ₁.
    pub uncertainty: S,
    /// Λ_l, a Lipschitz constant of z_l ↦ y before the removal.
    pub lipschitz: S,
    /// A bound on ‖(h_{l-1}, γ_{l-1})‖ (on ‖x‖ for l = 1) before the removal.
    pub reach: Reach<S>,
    /// U, n_l × p: the directions that were kept.
    pub basis: Matrix<S>,
    /// b_⊥ = b_l - U Uᵀ b_l, what was absorbed: z_l is U z'_l + b_⊥ but for what was dropped.
    pub absorbed: Vec<S>,
}

impl<S: Real> Removal<S> {
    /// D4: ‖y - y'‖ ≤ Λ_l · s_{p+1} · ‖(h_{l-1}, γ_{l-1})‖ for every input of norm at most
    /// `input_norm`; a plain floating-point value, not rounded outward; see
    /// [`Removal::rounding`].
    pub fn bound(&self, input_norm: &S) -> S {
        if self.dropped.is_zero() {
            return S::zero();
        }
        self.lipschitz.clone() * &self.dropped * self.reach.at(input_norm)
    }

    /// What [`Removal::bound`] may lack because s_{p+1} was computed: Λ_l · 8 max(m, n) u σ₁ · ‖(h_{l-1}, γ_{l-1})‖.
    pub fn rounding(&self, input_norm: &S) -> S {
        self.lipschitz.clone() * &self.uncertainty * self.reach.at(input_norm)
    }

    /// The gap at the cut, s_p - s_{p+1}: near zero the choice of directions is arbitrary (D9).
    pub fn gap(&self) -> S {
        self.kept.clone() - &self.dropped
    }
}

/// Keeps the p = `width` leading left singular directions of [W_l ψ_l] (of W_1 for l = 1), drops the
/// rest and absorbs their biases: one factorisation however many neurons go. Exact (to rounding) when
/// s_{p+1} = 0.
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::Widths`] unless 1 ≤ p < n_l; those of [`svd`](crate::linalg::svd()).
pub fn truncate<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
) -> Result<(Network<S>, Removal<S>), Error> {
    network.check_hidden(l)?;
    truncate_with(network, l, width, &svd(&network.layer(l).augmented())?)
}

/// [`truncate`], or a cut along what can arrive at the layer where that has the better bound (THEORY D12): the leading
/// directions of [W_l Q, ψ_l] or of [W_l Q₁, ψ_l + W_l b_⊥] in place of those of [W_l ψ_l], with Q and Q₁ of what layer l - 1 can
/// reach. Weights that nothing reaches then keep no neuron. [`Removal::kept`] and [`Removal::dropped`] are singular values
/// of the matrix that was cut, and the bound is D4's with them.
///
/// # Errors
/// Those of [`truncate`].
pub fn truncate_reached<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
) -> Result<(Network<S>, Removal<S>), Error> {
    check_cut(network, l, width)?;
    let whole = svd(&network.layer(l).augmented())?;
    let dropped = |svd: &Svd<S>| svd.sigma.get(width).cloned().unwrap_or_else(S::zero);
    // Not for a difference that rounding could make.
    let clearly = S::one() - S::unit_roundoff() * S::from_int(1 << 10);
    let mut best = None;
    let mut least = dropped(&whole) * clearly;
    for restricted in restricted(network, l) {
        let other = svd(&restricted)?;
        if dropped(&other) < least {
            least = dropped(&other);
            best = Some(other);
        }
    }
    let Some(best) = best else {
        return truncate_with(network, l, width, &whole);
    };
    let (next, mut removal) = truncate_with(network, l, width, &best)?;
    // What counts as reached was decided to rounding of the whole weight, too.
    let largest = whole.sigma.first().cloned().unwrap_or_else(S::zero);
    let size = S::from_int(16 * whole.u.nrows().max(whole.v.nrows()) as i64);
    removal.uncertainty = largest * S::unit_roundoff() * size;
    Ok((next, removal))
}

/// [W_l ψ_l] without the weights that nothing reaches; none for the first layer, or where everything can be reached.
fn restricted<S: Real>(network: &Network<S>, l: usize) -> Vec<Matrix<S>> {
    let Some(below) = l.checked_sub(1).filter(|below| *below > 0) else {
        return vec![];
    };
    let tolerance = S::unit_roundoff() * S::from_int(network.layer(below).width() as i64);
    let Some(found) = reachable(network, below, &tolerance).pop() else {
        return vec![];
    };
    let layer = network.layer(l);
    let beside = |basis: &Matrix<S>, psi: &[S]| {
        let mut data = product(&layer.weight, basis).as_slice().to_vec();
        data.extend_from_slice(psi);
        Matrix::from_vec(layer.width(), basis.ncols() + 1, data)
    };
    let mut matrices = vec![];
    let partial = |basis: &Matrix<S>| basis.ncols() < basis.nrows();
    let psi = layer.psi_or_zero();
    if partial(&found.basis) {
        matrices.push(beside(&found.basis, psi.as_slice()));
    }
    if partial(&found.varying) {
        let moved = psi + &layer.weight * &found.constant;
        matrices.push(beside(&found.varying, moved.as_slice()));
    }
    matrices
}

/// What a removal keeps of a hidden layer, and where it holds the rest: what
/// [`project_to`](super::project_to) takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut<S> {
    /// n_l × p, orthonormal columns.
    pub basis: Matrix<S>,
    /// n_l entries: the bias, or the mean of z_l.
    pub point: Vec<S>,
}

/// The cut that [`truncate`] makes, without making it.
///
/// # Errors
/// As [`truncate`].
pub fn cut_by_values<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
) -> Result<(Cut<S>, Removal<S>), Error> {
    network.check_hidden(l)?;
    let (basis, removal) = cut_with(network, l, width, &svd(&network.layer(l).augmented())?)?;
    let point = network.layer(l).bias.as_slice().to_vec();
    Ok((Cut { basis, point }, removal))
}

/// [`truncate`] with the factorisation already at hand.
pub(super) fn truncate_with<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
    svd: &Svd<S>,
) -> Result<(Network<S>, Removal<S>), Error> {
    let (basis, removal) = cut_with(network, l, width, svd)?;
    Ok((project(network, l, &basis)?, removal))
}

fn cut_with<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
    svd: &Svd<S>,
) -> Result<(Matrix<S>, Removal<S>), Error> {
    let n = check_cut(network, l, width)?;
    let thin = width.min(svd.u.ncols());
    let kept: Matrix<S> = svd.u.columns(0, thin).into_owned();
    let basis = complete_basis(&kept, width);
    let sigma = |i: usize| svd.sigma.get(i).cloned().unwrap_or_else(S::zero);
    let size = S::from_int(8 * svd.u.nrows().max(svd.v.nrows()) as i64);
    let removal = Removal {
        layer: l,
        from: n,
        to: width,
        kept: sigma(width - 1),
        dropped: sigma(width),
        uncertainty: sigma(0) * S::unit_roundoff() * size,
        lipschitz: lipschitz_above(network, l)?,
        reach: reach_below(network, l)?,
        absorbed: across(&basis, network.layer(l).bias.as_slice()),
        basis: basis.clone(),
    };
    Ok((basis, removal))
}

/// n_l, if hidden layer `l` can be cut to `width`.
pub(super) fn check_cut<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
) -> Result<usize, Error> {
    network.check_hidden(l)?;
    let n = network.layer(l).width();
    if (1..n).contains(&width) {
        return Ok(n);
    }
    let mut requested = network.widths();
    requested[l] = width;
    let reason = "truncation keeps at least one neuron and drops at least one";
    Err(Error::Widths {
        requested,
        current: network.widths(),
        reason,
    })
}
