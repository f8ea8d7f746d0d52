//! Networks of given hidden widths, each layer cut after those before it.
//!
//! Widths that begin alike share the cuts of the layers they begin with, and everything that was computed for them.

use std::{cell::OnceCell, collections::HashMap, rc::Rc};

use super::measure::{centred, rms};
use crate::{
    error::Error,
    linalg::{Matrix, qr, svd},
    network::{Network, evaluate_batch, trace_batch},
    resize::{project_to, refit, sensitive_axes, truncate_reached},
    scalar::Real,
};

/// A network cut in its first layers.
#[derive(Debug)]
struct Node<S> {
    network: Network<S>,
    /// The root mean square of ‖y - y'‖ over the rows that choose.
    error: S,
    /// Of the next layer to cut.
    axes: OnceCell<Axes<S>>,
}

/// Orthonormal bases of one layer, the directions to keep first.
#[derive(Debug)]
struct Axes<S> {
    mean: Vec<S>,
    principal: Matrix<S>,
    sensitive: Matrix<S>,
}

/// Cuts of one network, made when they are asked for and kept.
///
/// Layer l is cut along the principal axes of z_l over the data (D10), along the directions that the outputs are most
/// sensitive to, or along the singular directions of what reaches it (D4, D12); the next layer is refitted by least
/// squares or not. Of these the one is taken that changes the outputs least on rows that had no part in the fit.
#[derive(Debug)]
pub struct Cuts<'a, S> {
    network: &'a Network<S>,
    fit: Matrix<S>,
    choose: Matrix<S>,
    /// z_1 … z_L of the network over the rows that fit: what the refits aim at.
    aims: Vec<Matrix<S>>,
    /// y over the rows that choose.
    wanted: Matrix<S>,
    made: HashMap<Vec<usize>, Rc<Node<S>>>,
}

impl<'a, S: Real> Cuts<'a, S> {
    /// Of this network, with rows to fit and rows to choose by (n₀ × N).
    ///
    /// # Errors
    /// [`Error::NoData`] for no rows of either; those of [`evaluate_batch`].
    pub fn new(network: &'a Network<S>, fit: Matrix<S>, choose: Matrix<S>) -> Result<Self, Error> {
        if fit.ncols() == 0 || choose.ncols() == 0 {
            return Err(Error::NoData);
        }
        let aims = trace_batch(network, &fit, network.depth())?.pre_activations;
        let wanted = evaluate_batch(network, &choose)?;
        let root = Node {
            network: network.clone(),
            error: S::zero(),
            axes: OnceCell::new(),
        };
        Ok(Cuts {
            network,
            fit,
            choose,
            aims,
            wanted,
            made: HashMap::from([(vec![], Rc::new(root))]),
        })
    }

    /// The network that is cut.
    pub fn network(&self) -> &'a Network<S> {
        self.network
    }

    /// How many cuts were made.
    pub fn made(&self) -> usize {
        self.made.len() - 1
    }

    /// The network with these hidden widths (n_1 … n_{L-1}), none larger than it has.
    ///
    /// # Errors
    /// [`Error::Widths`] for widths that cannot be cut to; those of cutting and evaluating.
    pub fn cut(&mut self, hidden: &[usize]) -> Result<Network<S>, Error> {
        Ok(self.whole(hidden)?.network.clone())
    }

    /// The root mean square of ‖y - y'‖ at these hidden widths, over the rows that choose.
    ///
    /// # Errors
    /// As [`Cuts::cut`].
    pub fn error(&mut self, hidden: &[usize]) -> Result<f64, Error> {
        Ok(self.whole(hidden)?.error.to_f64())
    }

    fn whole(&mut self, hidden: &[usize]) -> Result<Rc<Node<S>>, Error> {
        let current = self.network.widths();
        let own = &current[1..current.len() - 1];
        let fits = |(new, old): (&usize, &usize)| (1..=*old).contains(new);
        if hidden.len() != own.len() || !hidden.iter().zip(own).all(fits) {
            let mut requested = hidden.to_vec();
            requested.insert(0, current[0]);
            requested.extend(current.last());
            return Err(Error::Widths {
                requested,
                current,
                reason: "a cut leaves each hidden layer between one neuron and all of them",
            });
        }
        self.node(hidden)
    }

    fn node(&mut self, hidden: &[usize]) -> Result<Rc<Node<S>>, Error> {
        if let Some(found) = self.made.get(hidden) {
            return Ok(found.clone());
        }
        let Some((width, before)) = hidden.split_last() else {
            return Err(Error::NoData);
        };
        let parent = self.node(before)?;
        let node = Rc::new(self.best(&parent, hidden.len(), *width)?);
        self.made.insert(hidden.to_vec(), node.clone());
        Ok(node)
    }

    /// Layer `l` of `parent` cut to `width`, in the best of the ways.
    fn best(&self, parent: &Node<S>, l: usize, width: usize) -> Result<Node<S>, Error> {
        let mut ways = vec![];
        if width == parent.network.layer(l).width() {
            ways.push(parent.network.clone());
        } else {
            let axes = self.axes(parent, l)?;
            for basis in [&axes.principal, &axes.sensitive] {
                let kept = basis.columns(0, width).into_owned();
                ways.push(project_to(&parent.network, l, &kept, &axes.mean)?);
            }
            ways.push(truncate_reached(&parent.network, l, width)?.0);
        }
        // What has lost nothing is not fitted to its own rounding.
        let nothing_lost = parent.error.is_zero() && width == parent.network.layer(l).width();
        let mut best: Option<Node<S>> = None;
        for plain in ways {
            let refitted = match nothing_lost {
                true => None,
                false => Some(refit(&plain, l, &self.fit, &self.aims[l])?),
            };
            for network in std::iter::once(plain).chain(refitted) {
                let error = rms(&(evaluate_batch(&network, &self.choose)? - &self.wanted));
                if best.as_ref().is_none_or(|best| error < best.error) {
                    let axes = OnceCell::new();
                    best = Some(Node {
                        network,
                        error,
                        axes,
                    });
                }
            }
        }
        best.ok_or(Error::NoData)
    }

    fn axes<'n>(&self, node: &'n Node<S>, l: usize) -> Result<&'n Axes<S>, Error> {
        if let Some(axes) = node.axes.get() {
            return Ok(axes);
        }
        let mut trace = trace_batch(&node.network, &self.fit, l)?;
        let (mean, deviations) = centred(&trace.pre_activations.swap_remove(l - 1));
        let n = deviations.nrows();
        // Rᵀ of the QR of their transpose has the same left singular vectors, and fewer columns.
        let small = qr(&deviations.transpose()).r().transpose();
        let factors = svd(&small)?;
        let axes = Axes {
            mean,
            principal: crate::linalg::complete_basis(&factors.u, n),
            sensitive: sensitive_axes(&node.network, l, &self.fit, &small)?,
        };
        Ok(node.axes.get_or_init(|| axes))
    }
}
