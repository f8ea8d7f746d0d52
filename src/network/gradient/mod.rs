//! Gradients of a loss by reverse mode, over a batch, in every field that can run the network.
//!
//! With D_l = ∂L/∂z_l (n_l × N, one column for each input), H_l and γ_l of the forward pass,
//!
//! ```text
//! ∂L/∂W_l = D_l H_{l-1}ᵀ     ∂L/∂b_l = D_l 1     ∂L/∂ψ_l = D_l γ_{l-1}     ∂L/∂x = W_1ᵀ D_1
//! v = W_{l+1}ᵀ D_{l+1},   w = ψ_{l+1}ᵀ D_{l+1}                     (by columns)
//! D_l = (∂h_l/∂z_l) v + w ∂γ_l/∂z_l,     ∂L/∂o_l = Σ (∂h_l/∂o_l)ᵀ v + w ∂γ_l/∂o_l
//! ```
//!
//! Exact over ℚ and modulo a prime for rational gains and the squared error. Every sum runs in order from +0,
//! so that neurons which are zero leave every bit as it was (THEORY F3).

mod hessian;
mod loss;
mod pass;
mod room;
mod tangent;
mod trainable;
mod update;

pub use hessian::hessian_product;
pub use loss::{Loss, Targets, loss};
pub use room::Room;
pub use tangent::Tangent;
pub(crate) use tangent::{sum_of_squares, tensors_mut};
pub use trainable::Trainable;

use super::{Network, Scalar};
use crate::{error::Error, linalg::Matrix};

/// A loss and what it depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient<S> {
    /// L.
    pub loss: S,
    /// ∂L/∂W, ∂L/∂b, ∂L/∂ψ where the network has ψ, and ∂L/∂o, whether or not the network stores o.
    pub parameters: Tangent<S>,
    /// The outputs that the loss was taken at, n_L × N.
    pub outputs: Matrix<S>,
    /// ∂L/∂x, n_0 × N, where it was asked for.
    pub input: Option<Matrix<S>>,
}

/// The loss of `network` on the inputs `x` (n_0 × N, one a column) and its gradient with respect to every parameter.
/// At the kink of the soft threshold, where there is none, the derivative from inside is taken.
///
/// # Errors
/// [`Error::InputLength`], [`Error::Targets`], [`Error::Label`] for data that do not fit; [`Error::NoData`] for N = 0;
/// [`Error::Overflow`] with layer and row; [`Error::NotRational`] and [`Error::NeedsReal`] in exact arithmetic.
///
/// ```
/// use isotropic::linalg::{Matrix, Vector};
/// use isotropic::network::gradient::{Loss, Targets, gradient};
/// use isotropic::{Gain, Layer, Network, scalar::Rational};
///
/// let q = Rational::from;
/// let layer = |w: i64| Layer {
///     weight: Matrix::from_element(1, 1, q(w)),
///     bias: Vector::from_element(1, q(0)),
///     psi: None,
/// };
/// // y = 3 h, h = z / (1 + z²), z = 2 x: at x = 1, y = 6/5 and L = ½ y².
/// let network = Network::new(vec![layer(2), layer(3)], Gain::Rational, None)?;
/// let x = Matrix::from_element(1, 1, q(1));
/// let target = Targets::Values(Matrix::from_element(1, 1, q(0)));
/// let found = gradient(&network, &x, &target, Loss::Squared)?;
/// assert_eq!(found.loss, Rational::ratio(18, 25).unwrap());
/// // ∂L/∂W_2 = y h, ∂L/∂W_1 = y · 3 (1 - z²)/(1 + z²)² · x.
/// assert_eq!(found.parameters.layers[1].weight[0], Rational::ratio(12, 25).unwrap());
/// assert_eq!(found.parameters.layers[0].weight[0], Rational::ratio(-54, 125).unwrap());
/// # Ok::<(), isotropic::Error>(())
/// ```
pub fn gradient<S: Trainable>(
    network: &Network<S>,
    x: &Matrix<S>,
    targets: &Targets<S>,
    loss: Loss,
) -> Result<Gradient<S>, Error> {
    Room::new(1).gradient(network, x, targets, loss)
}

/// [`gradient()`] with the derivative by the inputs as well.
///
/// # Errors
/// As [`gradient()`].
pub fn gradient_with_input<S: Trainable>(
    network: &Network<S>,
    x: &Matrix<S>,
    targets: &Targets<S>,
    loss: Loss,
) -> Result<Gradient<S>, Error> {
    let mut room = Room::new(1);
    let mut found = room.gradient(network, x, targets, loss)?;
    found.input = Some(room.of_input(network));
    Ok(found)
}

/// The outputs for a batch, one input a column (n_0 × N in, n_L × N out): the bits of
/// [`evaluate`](super::evaluate), by matrix products.
///
/// # Errors
/// As [`evaluate`](super::evaluate).
pub fn outputs<S: Scalar>(network: &Network<S>, x: &Matrix<S>) -> Result<Matrix<S>, Error> {
    Room::new(1).outputs(network, x)
}
