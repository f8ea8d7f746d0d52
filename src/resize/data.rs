//! Data-aware truncation (THEORY D10): what a layer does on a sample of inputs decides what it keeps.
//!
//! The SVD of [W_l ψ_l] looks at every input there could be. On the inputs there are, z_l spreads along
//! its principal axes: keeping the p leading ones and holding the rest at their mean is the closest affine
//! p-dimensional stand-in for z_l, and the mean is absorbed exactly as a constant (D2).

use super::{
    Cut, Outgoing, Removal, absorb::across, plan, project_to, refit, truncate::check_cut,
    truncate_reached,
};
use crate::{
    bound::{Embedding, lipschitz_above},
    error::Error,
    linalg::{Matrix, column, column_mut, complete_basis, norm2, product, product_tn, svd},
    network::{Network, evaluate_batch, trace, trace_batch},
    scalar::Real,
};

/// One data-aware removal, and what it did on the data.
#[derive(Clone, Debug)]
pub struct DataRemoval<S> {
    /// Hidden layer.
    pub layer: usize,
    /// n_l before.
    pub from: usize,
    /// n_l after.
    pub to: usize,
    /// The smallest standard deviation of a kept coordinate of z_l; 0 if a constant one was kept.
    pub kept: S,
    /// The root mean square of the dropped part of z_l about what was absorbed in its place, over the data.
    pub dropped: S,
    /// The root mean square of z_l about its mean, over the data.
    pub spread: S,
    /// Λ_l, a Lipschitz constant of z_l ↦ y before the removal.
    pub lipschitz: S,
    /// U, n_l × p: the directions that were kept.
    pub basis: Matrix<S>,
    /// m_⊥ = m - U Uᵀ m, what was absorbed: z_l is U z'_l + m_⊥ but for what was dropped.
    pub absorbed: Vec<S>,
    /// Which directions U spans.
    pub directions: Directions,
}

/// What a cut on data keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directions {
    /// The principal axes of z_l over the data, the rest held at their mean (D10).
    Principal,
    /// The singular directions of [W_l ψ_l], the rest held at their bias (D4, D12).
    Singular,
}

impl<S: Real> DataRemoval<S> {
    /// D10: the root mean square of ‖y - y'‖ over the data is at most Λ_l times that of what was dropped;
    /// a plain floating-point value, not rounded outward.
    pub fn rms_bound(&self) -> S {
        self.lipschitz.clone() * &self.dropped
    }
}

/// A network resized on data, and what the removals may have changed.
#[derive(Clone, Debug)]
pub struct ResizedOnData<S> {
    /// The result.
    pub network: Network<S>,
    /// The removals, in the order they were made.
    pub removals: Vec<DataRemoval<S>>,
}

impl<S: Real> ResizedOnData<S> {
    /// How the states of the network before, of the widths `before`, are had from those after, for the bounds of
    /// [`crate::bound`].
    pub fn embedding(&self, before: &[usize]) -> Embedding {
        let cuts = self.removals.iter();
        Embedding::of_cuts(
            before,
            cuts.map(|cut| (cut.layer, &cut.basis, cut.absorbed.as_slice())),
        )
    }

    /// A bound on the root mean square of ‖y - y'‖ over the data: those of the removals add (Minkowski).
    pub fn rms_bound(&self) -> S {
        let bounds = self.removals.iter().map(DataRemoval::rms_bound);
        bounds.fold(S::zero(), |sum, bound| sum + bound)
    }
}

/// Keeps the `width` leading principal axes of z_l over the columns of `data` (n₀ × N), and holds the other
/// coordinates at their mean: o_l → o_l + ‖m_⊥‖², ψ_{l+1} → ψ_{l+1} + W_{l+1} m_⊥. Exact on the data (to rounding)
/// if z_l does not vary along what is dropped; in general ‖y - y'‖ ≤ Λ_l ‖δ(x)‖ at every input, δ the dropped
/// part of z_l about its mean.
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::Widths`] unless 1 ≤ p < n_l; [`Error::NoData`]; those of
/// [`evaluate`](crate::network::evaluate) on the data and of [`svd`](crate::linalg::svd()).
pub fn truncate_on_data<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
    data: &Matrix<S>,
) -> Result<(Network<S>, DataRemoval<S>), Error> {
    let (cut, removal) = cut_on_data(network, l, width, data)?;
    Ok((project_to(network, l, &cut.basis, &cut.point)?, removal))
}

/// The cut that [`truncate_on_data`] makes, without making it.
///
/// # Errors
/// As [`truncate_on_data`].
pub fn cut_on_data<S: Real>(
    network: &Network<S>,
    l: usize,
    width: usize,
    data: &Matrix<S>,
) -> Result<(Cut<S>, DataRemoval<S>), Error> {
    let from = check_cut(network, l, width)?;
    let (mean, centred) = centred(network, l, data)?;
    let svd = svd(&centred)?;
    let thin = width.min(svd.u.ncols());
    let axes = complete_basis(&svd.u.columns(0, thin).into_owned(), width);
    let removal = DataRemoval {
        layer: l,
        from,
        to: width,
        kept: svd.sigma.get(width - 1).cloned().unwrap_or_else(S::zero),
        dropped: norm2(&svd.sigma[thin..]),
        spread: norm2(&svd.sigma),
        lipschitz: lipschitz_above(network, l)?,
        absorbed: across(&axes, &mean),
        basis: axes.clone(),
        directions: Directions::Principal,
    };
    let cut = Cut {
        basis: axes,
        point: mean,
    };
    Ok((cut, removal))
}

/// What a cut by singular values, made without the data, does on it: the coordinates it drops are off the bias that
/// it absorbed, not off their mean.
fn on_data<S: Real>(
    network: &Network<S>,
    cut: &Removal<S>,
    data: &Matrix<S>,
) -> Result<DataRemoval<S>, Error> {
    let l = cut.layer;
    let (mean, centred) = centred(network, l, data)?;
    let bias = &network.layer(l).bias;
    let off: Vec<S> = mean
        .iter()
        .zip(bias.iter())
        .map(|(m, b)| m.clone() - b)
        .collect();
    let kept = product_tn(&cut.basis, &centred);
    let deviation = |i: usize| norm2(&kept.row(i).iter().cloned().collect::<Vec<S>>());
    let least = (0..kept.nrows())
        .map(deviation)
        .reduce(|a, b| if b < a { b } else { a });
    let varying = centred.clone() - product(&cut.basis, &kept);
    Ok(DataRemoval {
        layer: l,
        from: cut.from,
        to: cut.to,
        kept: least.unwrap_or_else(S::zero),
        dropped: norm2(&[norm2(varying.as_slice()), norm2(&across(&cut.basis, &off))]),
        spread: norm2(centred.as_slice()),
        lipschitz: cut.lipschitz.clone(),
        basis: cut.basis.clone(),
        absorbed: cut.absorbed.clone(),
        directions: Directions::Singular,
    })
}

/// The root mean square of ‖y - y'‖ over the data.
fn rms<S: Real>(a: &Network<S>, b: &Network<S>, data: &Matrix<S>) -> Result<S, Error> {
    let apart = evaluate_batch(a, data)? - evaluate_batch(b, data)?;
    Ok(norm2(apart.as_slice()) / S::from_int(data.ncols() as i64).sqrt())
}

/// The mean of z_l over the data, and the deviations from it over √N: the squares of the singular values
/// are the variances along the principal axes.
fn centred<S: Real>(
    network: &Network<S>,
    l: usize,
    data: &Matrix<S>,
) -> Result<(Vec<S>, Matrix<S>), Error> {
    let (n, count) = (network.layer(l).width(), data.ncols());
    if count == 0 {
        return Err(Error::NoData);
    }
    let mut z = Matrix::from_element(n, count, S::zero());
    let mut mean = vec![S::zero(); n];
    let total = S::from_int(count as i64);
    for j in 0..count {
        let trace = trace(network, column(data, j))?;
        column_mut(&mut z, j).clone_from_slice(&trace.pre_activations[l - 1]);
        S::axpy(&mut mean, &S::one(), column(&z, j));
    }
    mean.iter_mut().for_each(|m| *m /= &total);
    let scale = S::one() / total.sqrt();
    for j in 0..count {
        let deviations = column_mut(&mut z, j);
        S::axpy(deviations, &-S::one(), &mean);
        S::scale(deviations, &scale);
    }
    Ok((mean, z))
}

/// [`resize`](super::resize()) with data-aware truncation: each layer is cut on what the data, one input a
/// column (n₀ × N), make of it after the layers before have been cut: along its principal axes, or along the singular
/// directions of what reaches it where that changes the outputs less on the data.
///
/// # Errors
/// Those of [`resize`](super::resize()) and of [`truncate_on_data`].
pub fn resize_on_data<S: Real>(
    network: &Network<S>,
    widths: &[usize],
    data: &Matrix<S>,
    outgoing: Outgoing,
    seed: u64,
) -> Result<ResizedOnData<S>, Error> {
    let mut removals = vec![];
    let network = plan::by(
        network.clone(),
        widths,
        outgoing,
        seed,
        |network, l, width| {
            let (mut next, mut removal) = truncate_on_data(network, l, width, data)?;
            let (other, cut) = truncate_reached(network, l, width)?;
            // Not for a difference that rounding could make.
            let clearly = S::one() - S::from_f64(1.0 / 1024.0);
            if rms(network, &other, data)? < rms(network, &next, data)? * clearly {
                removal = on_data(network, &cut, data)?;
                next = other;
            }
            removals.push(removal);
            Ok(next)
        },
    )?;
    Ok(ResizedOnData { network, removals })
}

/// [`resize_on_data`], each cut followed by a [`refit`] of the next layer to what its pre-activations were on the data in
/// the network as it was given. The error on the data is smaller then; the bounds of the removals are of the cuts
/// alone, and say nothing of it.
///
/// # Errors
/// Those of [`resize_on_data`] and of [`refit`].
pub fn resize_refitted<S: Real>(
    network: &Network<S>,
    widths: &[usize],
    data: &Matrix<S>,
    outgoing: Outgoing,
    seed: u64,
) -> Result<ResizedOnData<S>, Error> {
    let aims = trace_batch(network, data, network.depth())?.pre_activations;
    let mut removals = vec![];
    let network = plan::by(
        network.clone(),
        widths,
        outgoing,
        seed,
        |network, l, width| {
            let (by_data, removal) = truncate_on_data(network, l, width, data)?;
            let (by_values, cut) = truncate_reached(network, l, width)?;
            let by_data = refit(&by_data, l, data, &aims[l])?;
            let by_values = refit(&by_values, l, data, &aims[l])?;
            let error = |candidate: &Network<S>| -> Result<S, Error> {
                let apart = evaluate_batch(candidate, data)? - aims.last().unwrap_or(data);
                Ok(norm2(apart.as_slice()))
            };
            // Not for a difference that rounding could make.
            let clearly = S::one() - S::from_f64(1.0 / 1024.0);
            if error(&by_values)? < error(&by_data)? * clearly {
                removals.push(on_data(network, &cut, data)?);
                Ok(by_values)
            } else {
                removals.push(removal);
                Ok(by_data)
            }
        },
    )?;
    Ok(ResizedOnData { network, removals })
}
