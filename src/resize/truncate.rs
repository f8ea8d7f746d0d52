//! Truncation: shrinking a layer below its rank, with a bound on what it changes (THEORY D4).

use super::project;
use crate::{
    bound::{Reach, lipschitz_above, reach_below},
    error::Error,
    linalg::{Matrix, Svd, complete_basis, svd},
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
