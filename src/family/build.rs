//! From a draw to a network.

use std::fmt;

use super::{
    Family,
    draw::{Draw, Places, Spec},
    shape::shape,
};
use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network, list, rows},
    scalar::Rational,
};

/// A network with an input and a rotation for each of its hidden layers.
#[derive(Clone)]
pub struct Built {
    /// The network.
    pub network: Network<Rational>,
    /// n₀ entries.
    pub input: Vec<Rational>,
    /// Exactly orthogonal, n_l × n_l, for l = 1 … L-1; the identity when fully shrunk.
    pub rotations: Vec<Matrix<Rational>>,
}

impl fmt::Debug for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}\n  input {}", self.network, list(&self.input))?;
        for (l, rotation) in (1..).zip(&self.rotations) {
            write!(f, "\n  R_{l} = {}", rows(rotation))?;
        }
        Ok(())
    }
}

impl Draw {
    /// The network of that family.
    ///
    /// # Errors
    /// Those of [`Network::new`]: a gain that the draw's numbers do not suit.
    pub fn build(&self, spec: &Spec, family: Family) -> Result<Built, Error> {
        let widths = family.widths(self, spec);
        let depth = widths.len() - 1;
        let places = Places::new(self, spec);
        let layers = (0..depth)
            .map(|l| Layer {
                weight: Matrix::from_fn(widths[l + 1], widths[l], |i, j| places.weight(l, i, j)),
                bias: Vector::from_fn(widths[l + 1], |i, _| places.bias(l, i)),
                psi: (self.psi && l > 0)
                    .then(|| Vector::from_fn(widths[l + 1], |i, _| places.psi(l, i))),
            })
            .collect();
        let gain = spec.gains.get(self.gain).cloned().unwrap_or(Gain::Rational);
        let lengths = self
            .lengths
            .then(|| (0..depth - 1).map(|l| places.length(l)).collect());
        let input = (0..widths[0]).map(|j| places.input(j)).collect();
        let plain = Network::new(layers, gain, lengths)?;
        let (network, input) = shape(family, &places, plain, input)?;
        let rotations = (0..depth - 1).map(|l| places.rotation(l, widths[l + 1]));
        Ok(Built {
            network,
            input,
            rotations: rotations.collect(),
        })
    }
}
