//! The state of an optimiser: what it remembers between steps, and how that follows the network.

use super::{AdamRotation, Optimiser};
use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    network::{
        Layer, Network,
        edit::carry,
        gradient::{Tangent, Trainable},
    },
    scalar::Field,
};

/// What an optimiser remembers between steps.
///
/// Momenta transform as their parameters do: rotated with them, with zeros for new neurons, cut with removed ones
/// (THEORY F3). The second moments of a tensor are invariant.
#[derive(Clone, Debug, PartialEq)]
pub struct State<S> {
    /// Steps taken.
    pub steps: u64,
    /// v: the momentum, Adam's first moment. 0 and unused for plain descent.
    pub first: Tangent<S>,
    /// Adam's second moments.
    pub second: Second<S>,
    /// (β₁^t, β₂^t), by repeated multiplication.
    pub powers: (S, S),
}

/// Adam's second moments.
#[derive(Clone, Debug, PartialEq)]
pub enum Second<S> {
    /// The optimiser has none.
    None,
    /// s for each of [`Tangent::tensors`], and the number of entries each had at the start.
    Tensors {
        /// s.
        sums: Vec<S>,
        /// N.
        sizes: Vec<usize>,
    },
    /// One for each entry.
    Entries(Tangent<S>),
}

impl<S: Trainable> State<S> {
    /// The state before the first step.
    pub fn new(network: &Network<S>, optimiser: &Optimiser<S>) -> Self {
        let first = Tangent::zeros(network);
        let second = match optimiser {
            Optimiser::Sgd
            | Optimiser::Momentum { .. }
            | Optimiser::Nesterov { .. }
            | Optimiser::Muon { .. } => Second::None,
            Optimiser::AdamTensor { .. } => {
                // A ψ that removals make later counts as one of the width its layer has now.
                let widths = network.widths();
                let sizes: Vec<usize> = first.tensors().iter().map(|t| t.len()).collect();
                let sizes = (0..)
                    .zip(sizes)
                    .map(|(k, size)| if size == 0 { widths[k / 3 + 1] } else { size });
                Second::Tensors {
                    sums: vec![S::zero(); first.tensors().len()],
                    sizes: sizes.collect(),
                }
            }
            Optimiser::AdamW { .. } => Second::Entries(first.clone()),
        };
        State {
            steps: 0,
            first,
            second,
            powers: (S::one(), S::one()),
        }
    }

    /// Hidden layer `l` has been replaced by its image under M (p × n_l, orthonormal rows).
    pub(super) fn carry(&mut self, l: usize, m: &Matrix<S>, optimiser: &Optimiser<S>) {
        carry(&mut self.first.layers, l, m);
        let Second::Entries(moments) = &mut self.second else {
            return;
        };
        let diagonal = matches!(
            optimiser,
            Optimiser::AdamW {
                rotation: AdamRotation::Diagonal,
                ..
            }
        );
        let by = if diagonal {
            m.component_mul(m)
        } else {
            // Entry by entry: what is left of a cut are the first ones.
            Matrix::identity(m.nrows(), m.ncols())
        };
        carry(&mut moments.layers, l, &by);
    }

    /// Hidden layer `l` has `count` new neurons, at the end: they start with nothing remembered.
    pub(super) fn grow(&mut self, l: usize, count: usize) {
        extend(&mut self.first.layers, l, count);
        if let Second::Entries(moments) = &mut self.second {
            extend(&mut moments.layers, l, count);
        }
    }

    /// Whether every number is finite.
    pub(super) fn is_finite(&self) -> bool {
        let finite = |tangent: &Tangent<S>| {
            let tensors = tangent.tensors();
            tensors.into_iter().flatten().all(S::is_finite)
        };
        let second = match &self.second {
            Second::None => true,
            Second::Tensors { sums, .. } => sums.iter().all(S::is_finite),
            Second::Entries(moments) => finite(moments),
        };
        second && finite(&self.first)
    }

    /// Whether the second moments are those that the optimiser has.
    pub(super) fn suits(&self, optimiser: &Optimiser<S>) -> bool {
        match optimiser {
            Optimiser::Sgd
            | Optimiser::Momentum { .. }
            | Optimiser::Nesterov { .. }
            | Optimiser::Muon { .. } => self.second == Second::None,
            Optimiser::AdamTensor { .. } => matches!(self.second, Second::Tensors { .. }),
            Optimiser::AdamW { .. } => matches!(self.second, Second::Entries(_)),
        }
    }

    /// Whether the momenta and second moments have the shapes of the parameters.
    pub(super) fn check(&self, network: &Network<S>) -> Result<(), Error> {
        check(&self.first, "the momentum", network)?;
        match &self.second {
            Second::None => Ok(()),
            Second::Entries(moments) => check(moments, "the second moment", network),
            Second::Tensors { sums, sizes } => {
                let expected = self.first.tensors().len();
                if sums.len() == expected && sizes.len() == expected {
                    return Ok(());
                }
                Err(Error::Shape {
                    layer: network.depth(),
                    what: "the list of second moments",
                    found: format!("{} numbers and {} sizes", sums.len(), sizes.len()),
                    expected: format!("{expected}, one for each tensor"),
                })
            }
        }
    }

    /// Gives a ψ that has come into being its zeros.
    pub(super) fn follow_psi(&mut self, network: &Network<S>) {
        let follow = |layers: &mut [Layer<S>]| {
            for (layer, of) in layers.iter_mut().zip(network.layers()) {
                if let (None, Some(psi)) = (&layer.psi, &of.psi) {
                    layer.psi = Some(Vector::from_element(psi.len(), S::zero()));
                }
            }
        };
        follow(&mut self.first.layers);
        if let Second::Entries(moments) = &mut self.second {
            follow(&mut moments.layers);
        }
    }
}

/// Whether it has the shapes of the parameters.
fn check<S: Field>(
    tangent: &Tangent<S>,
    what: &'static str,
    network: &Network<S>,
) -> Result<(), Error> {
    let refuse = |layer: usize, found: String, expected: String| {
        Err(Error::Shape {
            layer,
            what,
            found,
            expected,
        })
    };
    let (found, depth) = (tangent.layers.len(), network.depth());
    if found != depth || tangent.lengths.len() != network.hidden().len() {
        let found = format!("{found} layers and {} lengths", tangent.lengths.len());
        return refuse(depth, found, format!("{depth} and {}", depth - 1));
    }
    for (l, (found, layer)) in (1..).zip(tangent.layers.iter().zip(network.layers())) {
        let shape = |layer: &Layer<S>| {
            let psi = layer.psi.as_ref().map(|psi| psi.len());
            (layer.weight.shape(), layer.bias.len(), psi)
        };
        if shape(found) != shape(layer) {
            let expected = format!("{:?}, those of the parameters", shape(layer));
            return refuse(l, format!("shapes {:?}", shape(found)), expected);
        }
    }
    Ok(())
}

/// Zero rows for new neurons of hidden layer `l`, and zero columns in the layer after.
fn extend<S: Field>(layers: &mut [Layer<S>], l: usize, count: usize) {
    let longer = |v: &Vector<S>| {
        let zeros = std::iter::repeat_n(S::zero(), count);
        Vector::from_iterator(v.len() + count, v.iter().cloned().chain(zeros))
    };
    let layer = &mut layers[l - 1];
    layer.bias = longer(&layer.bias);
    layer.psi = layer.psi.as_ref().map(longer);
    let (rows, columns) = layer.weight.shape();
    layer.weight = padded(&layer.weight, rows + count, columns);
    let (rows, columns) = layers[l].weight.shape();
    layers[l].weight = padded(&layers[l].weight, rows, columns + count);
}

fn padded<S: Field>(a: &Matrix<S>, rows: usize, columns: usize) -> Matrix<S> {
    Matrix::from_fn(rows, columns, |i, j| {
        a.get((i, j)).cloned().unwrap_or_else(S::zero)
    })
}
