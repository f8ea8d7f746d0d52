//! Isotropic networks: gains, layers, and evaluation.
//!
//! With the notation of the papers (widths n₀ … n_L, hidden layers 1 … L-1):
//!
//! ```text
//! z_1 = W_1 x + b_1
//! z_l = W_l h_{l-1} + b_l + γ_{l-1} ψ_l       (l ≥ 2)
//! r_l = ‖z_l‖² + o_l,  γ_l = g(r_l),  h_l = γ_l z_l
//! y   = z_L
//! ```
//!
//! o_l ≥ 0 is the *squared* intrinsic length of hidden layer l (the intrinsic length is λ_l = √o_l),
//! ψ_l the linear correction of layer l.

#![deny(clippy::wildcard_enum_match_arm)]

mod activation;
mod derivative;
mod dimension;
pub(crate) mod edit;
mod enclosure;
mod evaluate;
mod gain;
pub mod gradient;
mod jacobian;
mod layer;
mod show;
mod spare;

pub use activation::Scalar;
pub use derivative::Derivative;
pub use dimension::{Parameters, generic_dimension, inputs_for_rank, stacked_jacobian};
pub use evaluate::{BatchTrace, Trace, evaluate, evaluate_batch, trace, trace_batch};
pub use gain::{Contraction, Course, Gain, Profile, Properties, Reached, Rooted};
pub use jacobian::{Jacobian, jacobian};
pub use layer::Layer;
#[cfg(feature = "verify")]
pub(crate) use show::{list, rows};

use crate::{error::Error, scalar::Field};

/// The most parameters a network may have: beyond 2³¹ a width is a mistake.
pub const PARAMETER_LIMIT: u64 = 1 << 31;

/// A validated network: shapes fit, every value is finite, every o ≥ 0, a threshold t > 0.
#[derive(Clone, PartialEq)]
pub struct Network<S> {
    layers: Vec<Layer<S>>,
    gain: Gain<S>,
    length_squared: Option<Vec<S>>,
}

impl<S: Field> Network<S> {
    /// A network of L = `layers.len()` ≥ 1 layers.
    ///
    /// `length_squared` holds o_l for the L-1 hidden layers; `None` means that the network has no
    /// intrinsic lengths, o = 0.
    ///
    /// # Errors
    /// [`Error::Shape`] or [`Error::Value`] with layer, parameter, value and what was expected; [`Error::Gain`] for a threshold
    /// that is not finite and positive.
    pub fn new(
        layers: Vec<Layer<S>>,
        gain: Gain<S>,
        length_squared: Option<Vec<S>>,
    ) -> Result<Self, Error> {
        let network = Network {
            layers,
            gain,
            length_squared,
        };
        network.check()?;
        Ok(network)
    }

    /// The layers, first to last.
    pub fn layers(&self) -> &[Layer<S>] {
        &self.layers
    }

    /// Layer `l`, counting from 1 to L as the equations do.
    ///
    /// # Panics
    /// Never for 1 ≤ l ≤ [`depth`](Self::depth); as slice indexing otherwise.
    pub fn layer(&self, l: usize) -> &Layer<S> {
        &self.layers[l - 1]
    }

    /// L, the number of weight matrices.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The numbers of the hidden layers, 1 … L-1.
    pub fn hidden(&self) -> std::ops::Range<usize> {
        1..self.depth()
    }

    /// The widths n₀ … n_L.
    pub fn widths(&self) -> Vec<usize> {
        let inputs = self.layers.first().map(|layer| layer.weight.ncols());
        inputs
            .into_iter()
            .chain(self.layers.iter().map(Layer::width))
            .collect()
    }

    /// The gain g.
    pub fn gain(&self) -> &Gain<S> {
        &self.gain
    }

    /// o_l of hidden layer `l`; 0 where the network has no intrinsic lengths.
    pub fn length_squared(&self, l: usize) -> S {
        self.length_squared
            .as_ref()
            .and_then(|o| o.get(l - 1))
            .cloned()
            .unwrap_or_else(S::zero)
    }

    /// Whether the network carries intrinsic lengths at all.
    pub fn has_lengths(&self) -> bool {
        self.length_squared.is_some()
    }

    /// The number of parameters: every stored entry of W, b, ψ and o.
    pub fn parameter_count(&self) -> usize {
        self.parameters().count()
    }

    /// Every stored parameter.
    pub fn parameters(&self) -> impl Iterator<Item = &S> {
        let lengths = self.length_squared.iter().flatten();
        self.layers
            .iter()
            .flat_map(Layer::parameters)
            .chain(lengths)
    }

    /// The same network in another arithmetic, every parameter rounded once.
    ///
    /// # Errors
    /// [`Error::Value`] if a parameter overflows the target scalar; [`Error::Gain`] if the threshold of the gain does, or
    /// becomes 0 there: the gain would be another one.
    pub fn cast<T: Field>(&self) -> Result<Network<T>, Error> {
        self.map(&|x| {
            x.to_rational()
                .map_or_else(|| T::from_f64(f64::NAN), |q| T::from_rational(&q))
        })
    }

    /// The network with `f` applied to every parameter (the threshold of the gain included).
    ///
    /// # Errors
    /// Those of [`Network::new`] for the new values.
    pub fn map<T: Field>(&self, f: &impl Fn(&S) -> T) -> Result<Network<T>, Error> {
        let layers = self.layers.iter().map(|layer| layer.map(f)).collect();
        let lengths = self
            .length_squared
            .as_ref()
            .map(|o| o.iter().map(f).collect());
        Network::new(layers, self.gain.map(f), lengths)
    }

    /// The same parameters under another gain.
    ///
    /// # Errors
    /// None that the parameters did not already have; the signature is that of [`Network::new`].
    pub fn with_gain(&self, gain: Gain<S>) -> Result<Self, Error> {
        Network::new(self.layers.clone(), gain, self.length_squared.clone())
    }

    /// Takes the network apart: layers, gain, o of every hidden layer (zeros where there were none).
    pub(crate) fn into_parts(self) -> (Vec<Layer<S>>, Gain<S>, Vec<S>) {
        let hidden = self.layers.len() - 1;
        let lengths = self
            .length_squared
            .unwrap_or_else(|| vec![S::zero(); hidden]);
        (self.layers, self.gain, lengths)
    }

    /// Whether hidden layer `l` exists, as an error if not.
    pub(crate) fn check_hidden(&self, l: usize) -> Result<(), Error> {
        if self.hidden().contains(&l) {
            return Ok(());
        }
        let remedy = match self.depth() {
            1 => "the network has no hidden layer".into(),
            depth => format!("the hidden layers are 1 to {}", depth - 1),
        };
        Err(Error::NoSuchLayer { layer: l, remedy })
    }

    fn check(&self) -> Result<(), Error> {
        let depth = self.layers.len();
        let shape = |layer, what, found: String, expected: String| {
            Err(Error::Shape {
                layer,
                what,
                found,
                expected,
            })
        };
        if depth == 0 {
            return shape(
                1,
                "the network",
                "no layers".into(),
                "at least one layer".into(),
            );
        }
        let mut below = self.layers[0].weight.ncols();
        let mut parameters = 0u64;
        for (l, layer) in (1..).zip(&self.layers) {
            let (rows, columns) = layer.weight.shape();
            if rows == 0 || columns == 0 {
                return shape(
                    l,
                    "the weight",
                    format!("{rows}×{columns} entries"),
                    "widths of at least 1".into(),
                );
            }
            if columns != below {
                return shape(
                    l,
                    "the weight",
                    format!("{columns} columns"),
                    format!("{below}, the width of the layer before"),
                );
            }
            if layer.bias.len() != rows {
                return shape(
                    l,
                    "the bias",
                    format!("{} entries", layer.bias.len()),
                    format!("{rows}, the rows of the weight"),
                );
            }
            match &layer.psi {
                Some(_) if l == 1 => {
                    return shape(
                        1,
                        "ψ",
                        "a value".into(),
                        "none: the first layer has no gain before it".into(),
                    );
                }
                Some(psi) if psi.len() != rows => {
                    return shape(
                        l,
                        "ψ",
                        format!("{} entries", psi.len()),
                        format!("{rows}, the rows of the weight"),
                    );
                }
                _ => {}
            }
            let psi = u64::from(layer.psi.is_some());
            parameters += rows as u64 * (columns as u64 + 1 + psi);
            layer.check_finite(l)?;
            below = rows;
        }
        self.gain.check()?;
        if parameters > PARAMETER_LIMIT {
            return shape(
                1,
                "the network",
                format!("{parameters} parameters"),
                format!("at most {PARAMETER_LIMIT}"),
            );
        }
        self.check_lengths()
    }

    fn check_lengths(&self) -> Result<(), Error> {
        let depth = self.layers.len();
        let Some(lengths) = &self.length_squared else {
            return Ok(());
        };
        if lengths.len() != depth - 1 {
            return Err(Error::Shape {
                layer: depth,
                what: "the list of o",
                found: format!("{} entries", lengths.len()),
                expected: format!("{}, one for each hidden layer", depth - 1),
            });
        }
        for (l, o) in (1..).zip(lengths) {
            if !o.is_finite() || o.below_zero() {
                return Err(Error::Value {
                    layer: l,
                    what: "o, the squared intrinsic length,".into(),
                    value: o.to_string(),
                    expected: "it must be finite and not negative (a file may hold ln o)",
                });
            }
        }
        Ok(())
    }
}
