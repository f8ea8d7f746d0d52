//! What can go wrong in the mathematics: every variant says where, with what value, what was
//! expected and what to do. Errors of files are [`io::FileError`](crate::io::FileError).

use thiserror::Error;

use crate::remedy::Remedy;

/// An operation on matrices or networks that could not be carried out. Nothing has been changed.
///
/// Layers, rows and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A NaN or an infinity in a matrix.
    #[error("{what} in row {row}, column {column} is {value}; only finite values can be used")]
    NotFinite {
        /// What the matrix is.
        what: String,
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// The value.
        value: String,
    },
    /// The Jacobi iteration did not converge.
    #[error(
        "the SVD did not converge: after {sweeps} sweeps the largest cosine between columns is {residual}; \
         use a wider arithmetic"
    )]
    NoConvergence {
        /// Sweeps done.
        sweeps: usize,
        /// The largest remaining cosine between two columns.
        residual: String,
    },
    /// A parameter of a network has a wrong shape.
    #[error("layer {layer}: {what} has {found}, expected {expected}")]
    Shape {
        /// Layer.
        layer: usize,
        /// The parameter.
        what: &'static str,
        /// The shape it has.
        found: String,
        /// The shape it must have.
        expected: String,
    },
    /// A parameter of a network has a forbidden value.
    #[error("layer {layer}: {what} is {value}; {expected}")]
    Value {
        /// Layer.
        layer: usize,
        /// The parameter and its index.
        what: String,
        /// The value found.
        value: String,
        /// What would be allowed.
        expected: &'static str,
    },
    /// An operation was asked of a layer that does not exist or does not fit.
    #[error("there is no hidden layer {layer}: {remedy}")]
    NoSuchLayer {
        /// The layer asked for.
        layer: usize,
        /// Which ones there are, or what to use instead.
        remedy: String,
    },
    /// An operation was asked of a neuron that its layer does not have.
    #[error("hidden layer {layer} has no neuron {neuron}: its neurons are 1 to {width}")]
    NoSuchNeuron {
        /// The hidden layer.
        layer: usize,
        /// The neuron asked for.
        neuron: usize,
        /// n_l.
        width: usize,
    },
    /// A pre-activation overflowed.
    #[error(
        "layer {layer}, row {row}: W x + b overflows {scalar}; scale the input or use a wider arithmetic"
    )]
    Overflow {
        /// Layer.
        layer: usize,
        /// Row.
        row: usize,
        /// The scalar in use.
        scalar: String,
    },
    /// The input has the wrong length.
    #[error("the input has {found} entries, the network takes {expected}")]
    InputLength {
        /// Entries given.
        found: usize,
        /// n₀.
        expected: usize,
    },
    /// Data-aware truncation without data.
    #[error("the data hold no input; principal axes need at least one")]
    NoData,
    /// A gain that is not a rational function, in exact arithmetic.
    #[error(
        "the gain {gain} is not rational: use f64 or mp256, or a gain that is (rational, rational-tanh, linear)"
    )]
    NotRational {
        /// The gain.
        gain: &'static str,
    },
    /// Something that needs roots, exponentials or logarithms, in a field that has none.
    #[error("{what}, which {scalar} arithmetic does not have; {instead}, or use floating point")]
    NeedsReal {
        /// What needs what.
        what: &'static str,
        /// The scalar in use.
        scalar: String,
        /// What can be had exactly.
        instead: &'static str,
    },
    /// A label beyond the outputs of the network.
    #[error(
        "row {row} has the label {label}, and the network has outputs for the labels 0 to {}; correct the labels or \
         use a network of {} outputs", classes - 1, label + 1
    )]
    Label {
        /// Row of the data, from 1.
        row: usize,
        /// The label.
        label: usize,
        /// n_L.
        classes: usize,
    },
    /// Targets that do not fit the outputs.
    #[error("{found}, expected {expected}")]
    Targets {
        /// What was given.
        found: String,
        /// What fits.
        expected: String,
    },
    /// C2 with β² > o.
    #[error(
        "hidden layer {layer}: a neuron of bias {beta} needs β² ≤ o, but o = {length_squared}; use a smaller |β|"
    )]
    LengthExhausted {
        /// Hidden layer.
        layer: usize,
        /// β.
        beta: String,
        /// o.
        length_squared: String,
    },
    /// The neuron to be removed exactly is not constant.
    #[error(
        "hidden layer {layer}, neuron {neuron}: {what} is {value}, not 0, so its pre-activation is not constant; \
         diagonalise the layer first, or truncate with a bound"
    )]
    NotConstant {
        /// Hidden layer.
        layer: usize,
        /// Neuron (row).
        neuron: usize,
        /// Weight or ψ entry.
        what: String,
        /// Its value.
        value: String,
    },
    /// A rank that is known at the numbers as they stand, and that rounding could have made.
    #[error(
        "hidden layer {layer}: column {column} of B is only {size} away from the span of those before it, and rounding the \
         numbers can move it by {allowed}: its rank says nothing of the function"
    )]
    Undecided {
        /// Hidden layer.
        layer: usize,
        /// Column of B_l, from 1.
        column: usize,
        /// Its distance.
        size: String,
        /// What rounding explains.
        allowed: String,
    },
    /// A function without a normal form.
    #[error(
        "layer {layer} does not depend on the input, so the function is constant: its value is all there is to it"
    )]
    Constant {
        /// Layer.
        layer: usize,
    },
    /// Widths that a resize cannot reach.
    #[error("widths {requested:?} cannot be reached from {current:?}: {reason}")]
    Widths {
        /// What was asked for.
        requested: Vec<usize>,
        /// What there is.
        current: Vec<usize>,
        /// Why not.
        reason: &'static str,
    },
    /// A threshold was expected or not wanted.
    #[error("gain {gain}: {reason}")]
    Gain {
        /// The name given.
        gain: String,
        /// What is wrong and what to do.
        reason: String,
    },
}

impl Error {
    /// What to do, where it is a choice that a command may offer.
    pub fn remedy(&self) -> Option<&Remedy> {
        match self {
            Error::NoConvergence { .. } | Error::Overflow { .. } => Some(&Remedy::WiderArithmetic),
            Error::NotRational { .. } => Some(&Remedy::FloatingPoint),
            Error::NotFinite { .. }
            | Error::Shape { .. }
            | Error::Value { .. }
            | Error::NoSuchLayer { .. }
            | Error::NoSuchNeuron { .. }
            | Error::InputLength { .. }
            | Error::NoData
            | Error::NeedsReal { .. }
            | Error::Label { .. }
            | Error::Targets { .. }
            | Error::LengthExhausted { .. }
            | Error::NotConstant { .. }
            | Error::Undecided { .. }
            | Error::Constant { .. }
            | Error::Widths { .. }
            | Error::Gain { .. } => None,
        }
    }
}
