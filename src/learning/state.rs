//! The state of an optimiser: what it remembers between steps, and how that follows the network.

use super::{AdamRotation, Denominator, Optimiser, Orthogonaliser};
use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    network::{
        Layer, Network,
        edit::carry,
        gradient::{Tangent, Trainable, sum_of_squares},
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

    /// From the gradient (decay and clipping included) to the direction u of θ ← θ - η u; the state moves on.
    pub(super) fn direction(
        &mut self,
        optimiser: &Optimiser<S>,
        mut gradient: Tangent<S>,
    ) -> Result<Tangent<S>, Error> {
        self.steps += 1;
        match optimiser {
            Optimiser::Sgd => Ok(gradient),
            Optimiser::Momentum { mu } => {
                self.accumulate(mu, &gradient);
                Ok(self.first.clone())
            }
            Optimiser::Nesterov { mu } => {
                self.accumulate(mu, &gradient);
                gradient.add_scaled(mu, &self.first);
                Ok(gradient)
            }
            Optimiser::Muon { mu, orthogonaliser } => {
                self.accumulate(mu, &gradient);
                gradient.add_scaled(mu, &self.first);
                orthogonalise(*orthogonaliser, gradient)
            }
            Optimiser::AdamTensor {
                betas,
                epsilon,
                denominator,
            } => self.by_tensor(betas, epsilon, *denominator, gradient),
            Optimiser::AdamW { betas, epsilon, .. } => {
                self.advance(betas, &gradient);
                self.by_entry(&betas.1, epsilon, &gradient)
            }
        }
    }

    /// v ← μ v + g.
    fn accumulate(&mut self, mu: &S, gradient: &Tangent<S>) {
        self.first.scale(mu);
        self.first.add_scaled(&S::one(), gradient);
    }

    /// v ← β₁ v + (1-β₁) g, and the powers of β.
    fn advance(&mut self, betas: &(S, S), gradient: &Tangent<S>) {
        self.first.scale(&betas.0);
        self.first.add_scaled(&(S::one() - &betas.0), gradient);
        self.powers.0 *= &betas.0;
        self.powers.1 *= &betas.1;
    }

    /// Momentum and direction in one pass: for large layers memory is what a step waits for. The direction takes the place of
    /// the gradient.
    fn by_tensor(
        &mut self,
        betas: &(S, S),
        epsilon: &S,
        denominator: Denominator,
        mut gradient: Tangent<S>,
    ) -> Result<Tangent<S>, Error> {
        self.powers.0 *= &betas.0;
        self.powers.1 *= &betas.1;
        let (first, second) = (S::one() - &self.powers.0, S::one() - &self.powers.1);
        let (rest, rest_second) = (S::one() - &betas.0, S::one() - &betas.1);
        let Second::Tensors { sums, sizes } = &mut self.second else {
            return Err(mismatch());
        };
        let momenta = self.first.tensors_mut();
        let tensors = gradient.tensors_mut().into_iter().zip(momenta);
        for (((g, v), sum), size) in tensors.zip(sums).zip(sizes) {
            *sum = betas.1.clone() * &*sum + rest_second.clone() * sum_of_squares(g);
            let mean = sum.clone() / &second / S::from_int(*size as i64);
            // Once for the tensor: the same factor for every entry, which rotations need not know.
            let factor = S::one() / (divisor(denominator, mean, epsilon)? * &first);
            for (g, v) in g.iter_mut().zip(v) {
                *v *= &betas.0;
                *v += rest.clone() * &*g;
                *g = v.clone() * &factor;
            }
        }
        Ok(gradient)
    }

    fn by_entry(
        &mut self,
        beta: &S,
        epsilon: &S,
        gradient: &Tangent<S>,
    ) -> Result<Tangent<S>, Error> {
        let mut direction = self.first.clone();
        let (first, second) = (S::one() - &self.powers.0, S::one() - &self.powers.1);
        let Second::Entries(moments) = &mut self.second else {
            return Err(mismatch());
        };
        let rest = S::one() - beta;
        let tensors = direction.tensors_mut().into_iter().zip(gradient.tensors());
        for ((u, g), v) in tensors.zip(moments.tensors_mut()) {
            for ((u, g), v) in u.iter_mut().zip(g).zip(v) {
                *v = beta.clone() * &*v + g.clone() * g * &rest;
                let divisor = divisor(Denominator::Root, v.clone() / &second, epsilon)?;
                *u = u.clone() / &first / divisor;
            }
        }
        Ok(direction)
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

    /// Whether the momenta have the shapes of the parameters.
    pub(super) fn check(&self, network: &Network<S>) -> Result<(), Error> {
        let expected = Tangent::zeros(network);
        for (l, (found, layer)) in (1..).zip(self.first.layers.iter().zip(&expected.layers)) {
            let shape = |layer: &Layer<S>| {
                let psi = layer.psi.as_ref().map(|psi| psi.len());
                (layer.weight.shape(), layer.bias.len(), psi)
            };
            if shape(found) != shape(layer) {
                return Err(Error::Shape {
                    layer: l,
                    what: "the momentum",
                    found: format!("shapes {:?}", shape(found)),
                    expected: format!("{:?}, those of the parameters", shape(layer)),
                });
            }
        }
        Ok(())
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

/// √mean + ε, or mean + ε.
fn divisor<S: Trainable>(denominator: Denominator, mean: S, epsilon: &S) -> Result<S, Error> {
    match denominator {
        Denominator::Plain => Ok(mean + epsilon),
        Denominator::Root => {
            let root = mean.root().ok_or_else(|| Error::NeedsReal {
                what: "Adam's denominator √v + ε needs roots",
                scalar: S::name(),
                instead: "v + ε is exact",
            })?;
            Ok(root + epsilon)
        }
    }
}

fn mismatch() -> Error {
    Error::Targets {
        found: "the state of another optimiser".into(),
        expected: "the state that was made for this one".into(),
    }
}

/// √max(1, m/n) msign of every tensor.
fn orthogonalise<S: Trainable>(
    orthogonaliser: Orthogonaliser,
    mut m: Tangent<S>,
) -> Result<Tangent<S>, Error> {
    let sign = |m: Matrix<S>| -> Result<Matrix<S>, Error> {
        let (rows, columns) = m.shape();
        let mut sign = orthogonaliser.apply(&m)?;
        if rows > columns
            && let Orthogonaliser::Quintic { .. } = orthogonaliser
        {
            let ratio = S::from_int(rows as i64) / S::from_int(columns as i64);
            let factor = ratio.root().unwrap_or_else(S::one);
            S::scale(sign.as_mut_slice(), &factor);
        }
        Ok(sign)
    };
    let of_vector = |v: &Vector<S>| {
        let n = v.len();
        sign(Matrix::from_column_slice(n, 1, v.as_slice()))
            .map(|sign| Vector::from_column_slice(sign.as_slice()))
    };
    for layer in &mut m.layers {
        layer.weight = sign(std::mem::replace(&mut layer.weight, Matrix::zeros(0, 0)))?;
        layer.bias = of_vector(&layer.bias)?;
        layer.psi = layer.psi.as_ref().map(of_vector).transpose()?;
    }
    for length in &mut m.lengths {
        *length = sign(Matrix::from_element(1, 1, length.clone()))?[0].clone();
    }
    Ok(m)
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
