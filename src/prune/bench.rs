//! What judges a candidate on the unseen rows, and the cuts that candidates come of.

use super::{Cuts, PruneError, Pruned, Rows, Settled, measure};
use crate::{error::Error, network::Network, resize::compress, scalar::Real};

/// What judges a candidate.
pub(super) struct Bench<'a, S, E> {
    pub network: &'a Network<S>,
    pub rows: &'a Rows<S>,
    pub settle: &'a mut dyn FnMut(Network<S>) -> Result<Settled<S>, E>,
    /// Cuts fitted on all rows, if the search sees fewer.
    pub all: Option<Cuts<'a, S>>,
}

impl<'a, S: Real, E: From<PruneError>> Bench<'a, S, E> {
    pub(super) fn judged(
        &mut self,
        cuts: &mut Cuts<'a, S>,
        hidden: &[usize],
    ) -> Result<Pruned<S>, E> {
        let network = match &mut self.all {
            Some(all) => all.cut(hidden),
            None => cuts.cut(hidden),
        };
        let settled = (self.settle)(network.map_err(PruneError::from)?)?;
        let labels = self.rows.labels.as_deref();
        let measured = measure(self.network, &settled.network, &self.rows.unseen, labels)?;
        Ok(Pruned {
            parameters: settled.network.parameter_count(),
            network: settled.network,
            measured,
            certified: settled.certified,
        })
    }
}

/// The cuts to search among, and those to judge where they differ.
pub(super) fn both<'a, S: Real>(
    network: &'a Network<S>,
    rows: &Rows<S>,
) -> Result<(Cuts<'a, S>, Option<Cuts<'a, S>>), Error> {
    let widest = network.widths().into_iter().max().unwrap_or(0);
    let (fit, choose) = rows.thinned(widest);
    let fewer = fit.ncols() < rows.fit.ncols() || choose.ncols() < rows.choose.ncols();
    let all = || Cuts::new(network, rows.fit.clone(), rows.choose.clone());
    Ok((
        Cuts::new(network, fit, choose)?,
        fewer.then(all).transpose()?,
    ))
}

/// The hidden widths beyond which nothing is gained (D5).
pub(super) fn ceilings<S: Real>(network: &Network<S>) -> Result<Vec<usize>, Error> {
    let widths = compress(network)?.network.widths();
    Ok(widths[1..widths.len() - 1].to_vec())
}
