//! Wide networks held against each other in f64, where that decides: at 256 bits the factorisations take minutes.

use super::{Comparison, Leeway, Parting, compare_allowing, locate};
use crate::{error::Error, network::Network, scalar::Real};

/// Hidden layers of so many neurons are wide.
const WIDE: usize = 160;

/// In f64 a comparison is off by no more than the rounding it allows at 53 bits. This much beyond, a difference is one.
const CLEAR: f64 = 64.0;

/// Whether a comparison in more than f64 takes minutes.
pub fn is_wide<S: Real>(network: &Network<S>) -> bool {
    network.hidden().any(|l| network.layer(l).width() >= WIDE)
}

/// [`compare_allowing`] in f64 if that is clear, rounding in f64 being far from deciding; else `None`. Judged at
/// unit roundoff `u`, not below that of f64.
///
/// # Errors
/// Those of [`compare_allowing`].
pub fn compare_in_doubles<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    u: &S,
) -> Result<Option<Comparison<S>>, Error> {
    let u = u.to_f64();
    let (Ok(x), Ok(y)) = (a.cast::<f64>(), b.cast::<f64>()) else {
        return Ok(None);
    };
    if u < f64::EPSILON / 2.0 {
        return Ok(None);
    }
    let comparison = compare_allowing(&x, &y, Leeway::Usual)?;
    let clear = |ratio: f64| ratio.is_finite() && ratio > CLEAR;
    if comparison.structure.is_none() && !(comparison.agrees(&u) || clear(comparison.ratio(&u))) {
        return Ok(None);
    }
    Ok(Some(comparison.map(&|x: &f64| S::from_f64(*x))))
}

/// [`locate`] in f64, for a comparison by [`compare_in_doubles`].
///
/// # Errors
/// Those of [`locate`].
pub fn locate_in_doubles<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    comparison: &Comparison<S>,
    u: &S,
) -> Result<Option<Parting<S>>, Error> {
    let (x, y) = (a.cast::<f64>()?, b.cast::<f64>()?);
    let comparison = comparison.map(&|x: &S| x.to_f64());
    let found = locate(&x, &y, &comparison, &u.to_f64())?;
    Ok(found.map(|parting| parting.map(|x| S::from_f64(*x))))
}
