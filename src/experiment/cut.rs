//! Cutting a layer while it is being trained, by either rule.

use rand::Rng;
use serde::Deserialize;

use crate::{
    Error,
    learning::{Optimiser, Trainee},
    linalg::{Matrix, column, column_mut, complete_basis, svd},
    network::trace,
    resize::Outgoing,
};

/// What decides which directions of a layer stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Removal {
    /// The singular vectors of [W ψ], the bias held (THEORY D4).
    #[serde(rename = "D4")]
    SingularValues,
    /// The principal axes of the pre-activations on recent rows, their mean held (THEORY D10).
    #[serde(rename = "D10")]
    Data,
}

impl Removal {
    /// For tables.
    pub fn name(self) -> &'static str {
        match self {
            Removal::SingularValues => "D4",
            Removal::Data => "D10",
        }
    }
}

/// Cuts hidden layer `l` to `width` neurons, state and all; `sample` holds recent inputs, n_0 × N. Nothing happens if
/// the layer is no wider.
///
/// # Errors
/// Those of the factorisation and of [`Trainee::project_to`].
pub fn cut(
    trainee: &mut Trainee<f64>,
    l: usize,
    width: usize,
    removal: Removal,
    sample: &Matrix<f64>,
    optimiser: &Optimiser<f64>,
) -> Result<(), Error> {
    let layer = trainee.network().layer(l);
    if layer.width() <= width {
        return Ok(());
    }
    let (spanning, point) = match removal {
        Removal::SingularValues => (layer.augmented(), layer.bias.as_slice().to_vec()),
        Removal::Data => {
            let mut z = Matrix::zeros(layer.width(), sample.ncols());
            for j in 0..z.ncols() {
                let found = trace(trainee.network(), column(sample, j))?;
                column_mut(&mut z, j).copy_from_slice(&found.pre_activations[l - 1]);
            }
            let mean = z.column_mean();
            z.column_iter_mut().for_each(|mut z| z -= &mean);
            (z, mean.as_slice().to_vec())
        }
    };
    let found = svd(&spanning)?;
    let leading = found.u.columns(0, width.min(found.u.ncols())).into_owned();
    trainee.project_to(l, &complete_basis(&leading, width), &point, optimiser)
}

/// The scaffold rule (THEORY F4) on a network that is being trained: every hidden layer, in forward order, comes to
/// exactly `buffer` of its n_l singular values of [W ψ] at or below `threshold`. Growth changes nothing; cuts go along
/// the singular vectors.
///
/// # Errors
/// As [`cut`], and those of [`Trainee::grow`].
pub fn adapt(
    trainee: &mut Trainee<f64>,
    buffer: usize,
    threshold: f64,
    optimiser: &Optimiser<f64>,
    rng: &mut impl Rng,
) -> Result<(), Error> {
    for l in trainee.network().hidden() {
        let (layer, next) = (trainee.network().layer(l), trainee.network().layer(l + 1));
        let width = layer.width();
        let sigma = svd(&layer.augmented())?.sigma;
        let large = sigma.iter().filter(|sigma| **sigma > threshold).count();
        let target = (large + buffer).max(1);
        if target > width {
            let columns = Outgoing::Random.draw(next.width(), target - width, target, rng);
            trainee.grow(l, &columns)?;
        } else {
            let none = Matrix::zeros(0, 0);
            cut(
                trainee,
                l,
                target,
                Removal::SingularValues,
                &none,
                optimiser,
            )?;
        }
    }
    Ok(())
}
