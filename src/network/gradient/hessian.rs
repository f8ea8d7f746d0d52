//! Hessian–vector products: the gradient on dual numbers.

use rand::Rng;

use super::{Gradient, Loss, Tangent, Targets, Trainable, gradient};
use crate::{
    error::Error,
    linalg::Matrix,
    network::{Derivative, Gain, Layer, Network, Scalar},
    scalar::{Dual, Field},
};

/// The gradient of the loss at θ (W, b, ψ, o) and ∇²L(θ) v for a direction v, one pass of dual numbers: exact over ℚ and modulo a
/// prime for rational gains and the squared error.
///
/// v has a ψ where the network has one. ‖z‖² must not overflow.
///
/// # Errors
/// As [`gradient()`]; [`Error::Shape`] for a direction that does not fit.
pub fn hessian_product<S: Trainable>(
    network: &Network<S>,
    direction: &Tangent<S>,
    x: &Matrix<S>,
    targets: &Targets<S>,
    loss: Loss,
) -> Result<(Gradient<S>, Tangent<S>), Error> {
    let moved = moved(network, direction)?;
    let constant = |x: &Matrix<S>| x.map(Dual::constant);
    let targets = match targets {
        Targets::Labels(labels) => Targets::Labels(labels.clone()),
        Targets::Values(values) => Targets::Values(constant(values)),
    };
    let found = gradient(&moved, &constant(x), &targets, loss)?;
    let value = |x: &Dual<S>| x.value.clone();
    let tangent = |x: &Dual<S>| x.tangent.clone();
    let of_value = Gradient {
        loss: found.loss.value.clone(),
        parameters: part(&found.parameters, &value),
        outputs: found.outputs.map(|x| x.value),
        input: None,
    };
    Ok((of_value, part(&found.parameters, &tangent)))
}

fn part<S: Field>(tangent: &Tangent<Dual<S>>, of: &impl Fn(&Dual<S>) -> S) -> Tangent<S> {
    let layers = tangent.layers.iter().map(|layer| layer.map(of));
    Tangent {
        layers: layers.collect(),
        lengths: tangent.lengths.iter().map(of).collect(),
    }
}

/// θ + v ε.
fn moved<S: Field>(
    network: &Network<S>,
    direction: &Tangent<S>,
) -> Result<Network<Dual<S>>, Error> {
    let refuse = |layer, what, found: String, expected: String| {
        Err(Error::Shape {
            layer,
            what,
            found,
            expected,
        })
    };
    let (depth, given) = (network.depth(), direction.layers.len());
    if given != depth || direction.lengths.len() != network.hidden().len() {
        let found = format!("{given} layers");
        return refuse(depth, "the direction", found, format!("{depth}"));
    }
    let pair = |a: &[S], b: &[S]| -> Vec<Dual<S>> {
        let pairs = a.iter().zip(b);
        pairs
            .map(|(a, b)| Dual::new(a.clone(), b.clone()))
            .collect()
    };
    let mut layers = vec![];
    for (l, (layer, v)) in (1..).zip(network.layers().iter().zip(&direction.layers)) {
        let shape = |layer: &Layer<S>| {
            let psi = layer.psi.as_ref().map(|psi| psi.len());
            (layer.weight.shape(), layer.bias.len(), psi)
        };
        if shape(layer) != shape(v) {
            let (found, expected) = (format!("{:?}", shape(v)), format!("{:?}", shape(layer)));
            return refuse(l, "the direction", found, expected);
        }
        let (rows, columns) = layer.weight.shape();
        let weight = pair(layer.weight.as_slice(), v.weight.as_slice());
        let psi = layer.psi.as_ref().zip(v.psi.as_ref());
        layers.push(Layer {
            weight: Matrix::from_vec(rows, columns, weight),
            bias: pair(layer.bias.as_slice(), v.bias.as_slice()).into(),
            psi: psi.map(|(a, b)| pair(a.as_slice(), b.as_slice()).into()),
        });
    }
    let lengths: Vec<S> = network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect();
    // o = 0 may move below 0: o ≥ 0 is asked of the value alone, and -0 ε of nothing.
    Network::of_duals(
        layers,
        network.gain().map(&|x| Dual::constant(x.clone())),
        pair(&lengths, &direction.lengths),
    )
}

impl<S: Field> Network<Dual<S>> {
    /// A network on duals: what [`Network::new`] checks is checked of the values, o ≥ 0 in particular.
    fn of_duals(
        layers: Vec<Layer<Dual<S>>>,
        gain: Gain<Dual<S>>,
        lengths: Vec<Dual<S>>,
    ) -> Result<Self, Error> {
        let values = lengths.iter().map(|o| Dual::constant(o.value.clone()));
        let mut network = Network::new(layers, gain, Some(values.collect()))?;
        network.length_squared = Some(lengths);
        Ok(network)
    }
}

impl<S: Trainable> Scalar for Dual<S> {
    /// h = γ z with γ̇ = g'(r) ṙ, ṙ = 2 z·ż + ȯ; values as in `S`, bit for bit.
    fn activate(gain: &Gain<Self>, length_squared: &Self, z: &mut [Self]) -> Result<Self, Error> {
        let at = Values::of(gain, length_squared, z);
        let local = S::derivative(&at.gain, &at.length_squared, &at.z)?;
        let mut h = at.z.clone();
        let gamma = S::activate(&at.gain, &at.length_squared, &mut h)?;
        let of_gamma = local.of_length * &at.of_r;
        for ((z, h), value) in z.iter_mut().zip(h).zip(&at.z) {
            let tangent = gamma.clone() * &z.tangent + of_gamma.clone() * value;
            *z = Dual::new(h, tangent);
        }
        Ok(Dual::new(gamma, of_gamma))
    }

    fn derivative(
        gain: &Gain<Self>,
        length_squared: &Self,
        z: &[Self],
    ) -> Result<Derivative<Self>, Error> {
        let at = Values::of(gain, length_squared, z);
        let local = S::derivative(&at.gain, &at.length_squared, &at.z)?;
        let curvature = S::curvature(&at.gain, &at.length_squared, &at.z)?;
        let of_gamma = local.of_length.clone() * &at.of_r;
        let gamma = Dual::new(local.gamma, of_gamma);
        let of_length = Dual::new(local.of_length, curvature * &at.of_r);
        Ok(Derivative::plain(gamma, of_length, z))
    }

    fn orthogonal(n: usize, rng: &mut impl Rng) -> Matrix<Self> {
        S::orthogonal(n, rng).map(Dual::constant)
    }
}

/// An activation's arguments, taken apart.
struct Values<S> {
    gain: Gain<S>,
    length_squared: S,
    z: Vec<S>,
    /// ṙ.
    of_r: S,
}

impl<S: Field> Values<S> {
    fn of(gain: &Gain<Dual<S>>, length_squared: &Dual<S>, z: &[Dual<S>]) -> Self {
        let mut along = S::zero();
        for z in z {
            along += z.value.clone() * &z.tangent;
        }
        Values {
            gain: gain.map(&|t| t.value.clone()),
            length_squared: length_squared.value.clone(),
            z: z.iter().map(|z| z.value.clone()).collect(),
            of_r: along.clone() + along + &length_squared.tangent,
        }
    }
}

impl<S: Trainable> Trainable for Dual<S> {
    fn root(&self) -> Option<Self> {
        let root = self.value.root()?;
        let tangent = self.tangent.clone() / (root.clone() + &root);
        Some(Dual::new(root, tangent))
    }

    fn exponential(&self) -> Option<Self> {
        let value = self.value.exponential()?;
        let tangent = self.tangent.clone() * &value;
        Some(Dual::new(value, tangent))
    }

    fn logarithm(&self) -> Option<Self> {
        let value = self.value.logarithm()?;
        Some(Dual::new(value, self.tangent.clone() / &self.value))
    }

    /// Without a derivative of its own: duals of duals would need g'''.
    fn curvature(gain: &Gain<Self>, length_squared: &Self, z: &[Self]) -> Result<Self, Error> {
        let at = Values::of(gain, length_squared, z);
        S::curvature(&at.gain, &at.length_squared, &at.z).map(Dual::constant)
    }
}
