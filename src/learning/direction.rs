//! From a gradient to the direction of a step, by what an optimiser remembers.

use super::{Denominator, Optimiser, Orthogonaliser, Second, State};
use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    network::gradient::{Tangent, Trainable},
    parallel::{PIECE, run},
};

/// What a step goes along.
pub(super) struct Move<S> {
    /// u, in all but what `factors` say.
    pub direction: Tangent<S>,
    /// Where there are some, u is for each tensor its factor times the momentum v, and still to be formed in the direction's
    /// place: on the way through the parameters, for memory is what a step waits for.
    pub factors: Option<Vec<S>>,
}

impl<S> Move<S> {
    fn along(direction: Tangent<S>) -> Self {
        Move {
            direction,
            factors: None,
        }
    }
}

impl<S: Trainable> State<S> {
    /// From the gradient (decay and clipping included) to the direction u of θ ← θ - η u; the state moves on. On so many
    /// threads, and the same bits on any number of them.
    pub(super) fn direction(
        &mut self,
        optimiser: &Optimiser<S>,
        mut gradient: Tangent<S>,
        threads: usize,
    ) -> Result<Move<S>, Error> {
        self.steps += 1;
        match optimiser {
            Optimiser::Sgd => Ok(Move::along(gradient)),
            Optimiser::Momentum { mu } => {
                self.accumulate(mu, &mut gradient, threads, |g, v| g.clone_from_slice(v));
                Ok(Move::along(gradient))
            }
            Optimiser::Nesterov { mu } => {
                self.accumulate(mu, &mut gradient, threads, |g, v| S::axpy(g, mu, v));
                Ok(Move::along(gradient))
            }
            Optimiser::Muon { mu, orthogonaliser } => {
                self.accumulate(mu, &mut gradient, threads, |g, v| S::axpy(g, mu, v));
                orthogonalise(*orthogonaliser, gradient).map(Move::along)
            }
            Optimiser::AdamTensor {
                betas,
                epsilon,
                denominator,
            } => self.by_tensor(betas, epsilon, *denominator, gradient, threads),
            Optimiser::AdamW { betas, epsilon, .. } => {
                self.by_entry(betas, epsilon, &mut gradient, threads)?;
                Ok(Move::along(gradient))
            }
        }
    }

    /// v ← μ v + g, and then what `direction` makes of g and v.
    fn accumulate(
        &mut self,
        mu: &S,
        gradient: &mut Tangent<S>,
        threads: usize,
        direction: impl Fn(&mut [S], &[S]) + Sync,
    ) {
        let tensors = gradient.tensors_mut().into_iter();
        let tensors = tensors.zip(self.first.tensors_mut());
        let pieces = tensors.flat_map(|(g, v)| g.chunks_mut(PIECE).zip(v.chunks_mut(PIECE)));
        run(threads, pieces.collect(), |(g, v): (&mut [S], &mut [S])| {
            S::scale(v, mu);
            S::axpy(v, &S::one(), g);
            direction(g, v);
        });
    }

    /// The momentum v ← β₁ v + (1-β₁) g, and for each tensor the factor that makes the direction of it.
    fn by_tensor(
        &mut self,
        betas: &(S, S),
        epsilon: &S,
        denominator: Denominator,
        mut gradient: Tangent<S>,
        threads: usize,
    ) -> Result<Move<S>, Error> {
        self.powers.0 *= &betas.0;
        self.powers.1 *= &betas.1;
        let (first, second) = (S::one() - &self.powers.0, S::one() - &self.powers.1);
        let (rest, rest_second) = (S::one() - &betas.0, S::one() - &betas.1);
        let Second::Tensors { sums, sizes } = &mut self.second else {
            return Err(mismatch());
        };
        let tensors = gradient.tensors_mut().into_iter();
        let tensors = tensors.zip(self.first.tensors_mut()).collect();
        // In order, and not in lanes: zeros of new neurons must not change how the others are added (F3). The sum waits for each
        // of its additions; the momentum moves on meanwhile.
        let squares = run(threads, tensors, |(g, v): (&mut [S], &mut [S])| {
            let mut sum = S::zero();
            for (g, v) in g.iter().zip(v) {
                sum += g.clone() * g;
                *v *= &betas.0;
                *v += rest.clone() * g;
            }
            sum
        });
        let mut factors = vec![];
        for ((sum, size), squares) in sums.iter_mut().zip(sizes).zip(squares) {
            *sum = betas.1.clone() * &*sum + rest_second.clone() * squares;
            let mean = sum.clone() / &second / S::from_int(*size as i64);
            // Once for the tensor: the same factor for every entry, which rotations need not know.
            factors.push(S::one() / (divisor(denominator, mean, epsilon)? * &first));
        }
        Ok(Move {
            direction: gradient,
            factors: Some(factors),
        })
    }

    /// Momentum, second moments and direction, which takes the place of the gradient.
    fn by_entry(
        &mut self,
        betas: &(S, S),
        epsilon: &S,
        gradient: &mut Tangent<S>,
        threads: usize,
    ) -> Result<(), Error> {
        self.powers.0 *= &betas.0;
        self.powers.1 *= &betas.1;
        let (first, second) = (S::one() - &self.powers.0, S::one() - &self.powers.1);
        let (rest, rest_second) = (S::one() - &betas.0, S::one() - &betas.1);
        let Second::Entries(moments) = &mut self.second else {
            return Err(mismatch());
        };
        let tensors = gradient.tensors_mut().into_iter();
        let tensors = tensors.zip(self.first.tensors_mut());
        let tensors = tensors.zip(moments.tensors_mut());
        let pieces = tensors.flat_map(|((g, m), v)| {
            let pieces = g.chunks_mut(PIECE).zip(m.chunks_mut(PIECE));
            pieces.zip(v.chunks_mut(PIECE))
        });
        let done = run(threads, pieces.collect(), |((g, m), v): Piece<S>| {
            S::scale(m, &betas.0);
            S::axpy(m, &rest, g);
            for ((g, m), v) in g.iter_mut().zip(m).zip(v) {
                *v = betas.1.clone() * &*v + g.clone() * &*g * &rest_second;
                let divisor = divisor(Denominator::Root, v.clone() / &second, epsilon)?;
                *g = m.clone() / &first / divisor;
            }
            Ok(())
        });
        done.into_iter().collect()
    }
}

/// A piece of a gradient, of its first moments and of its second ones.
type Piece<'a, S> = ((&'a mut [S], &'a mut [S]), &'a mut [S]);

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
