//! One hidden layer, factorised once, and the networks that a change of its width gives.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{
    error::Error,
    gauge::rotate,
    linalg::{Matrix, svd},
    network::Network,
    resize::{Outgoing, Rule, grow, layer_rank, project_by},
    scalar::Real,
};

/// A hidden layer and what every change of it needs.
pub(super) struct Layer<S> {
    /// l.
    pub number: usize,
    /// n_l less the width ceiling.
    pub free: usize,
    /// All n_l left singular vectors of [W_l ψ_l].
    basis: Matrix<S>,
    /// Its n_l singular values, zero-padded.
    sigma: Vec<S>,
}

impl<S: Real> Layer<S> {
    pub fn of(network: &Network<S>, l: usize) -> Result<Self, Error> {
        network.check_hidden(l)?;
        let svd = svd(&network.layer(l).augmented())?;
        let basis = svd.u_complete();
        let mut sigma = svd.sigma;
        sigma.resize_with(basis.ncols(), S::zero);
        Ok(Layer {
            number: l,
            free: network.layer(l).width() - layer_rank(network, l)?.width(),
            basis,
            sigma,
        })
    }

    /// n_l.
    pub fn width(&self) -> usize {
        self.sigma.len()
    }

    /// The singular values that a change drops, largest first.
    pub fn dropped(&self, change: i64) -> &[S] {
        let kept = (self.width() as i64 + change.min(0)).max(0) as usize;
        &self.sigma[kept..]
    }

    /// The leading singular vectors that a change keeps.
    pub fn kept(&self, change: i64) -> Matrix<S> {
        let kept = self.width() - self.dropped(change).len();
        self.basis.columns(0, kept).into_owned()
    }

    /// The network with the smallest directions removed by a rule.
    pub fn shrunk(
        &self,
        network: &Network<S>,
        change: i64,
        rule: Rule,
        mean_gain: &S,
    ) -> Result<Network<S>, Error> {
        project_by(network, self.number, &self.kept(change), rule, mean_gain)
    }

    /// The network in the singular basis of this layer.
    pub fn rotated(&self, network: &Network<S>) -> Result<Network<S>, Error> {
        rotate(network, self.number, &self.basis.transpose())
    }

    /// The network with neurons that do nothing yet.
    pub fn grown(&self, network: &Network<S>, by: usize, seed: u64) -> Result<Network<S>, Error> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let rows = network.layer(self.number + 1).width();
        let columns = Outgoing::Random.draw(rows, by, self.width() + by, &mut rng);
        grow(network, self.number, &columns)
    }
}
