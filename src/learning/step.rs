//! One step of a network in training.

use super::{Descent, LengthMode, Trainee, direction::Move};
use crate::{
    error::Error,
    network::gradient::{Tangent, Trainable, tensors_mut},
    parallel::{PIECE, run, worth},
};

impl<S: Trainable> Trainee<S> {
    /// One step down `gradient` with the rate η. Returns the direction u of θ ← θ - η u, coupled decay included,
    /// decoupled decay not.
    ///
    /// # Errors
    /// [`Error::Value`] with the layer where a parameter is not finite any more, or o < 0: the trainee is not to be used
    /// then. [`Error::NeedsReal`].
    pub fn step(
        &mut self,
        descent: &Descent<S>,
        gradient: Tangent<S>,
        rate: &S,
    ) -> Result<Tangent<S>, Error> {
        self.step_on(1, descent, gradient, rate)
    }

    /// [`Trainee::step`], on so many threads if the network is large: the same bits.
    ///
    /// # Errors
    /// As [`Trainee::step`].
    pub fn step_on(
        &mut self,
        threads: usize,
        descent: &Descent<S>,
        gradient: Tangent<S>,
        rate: &S,
    ) -> Result<Tangent<S>, Error> {
        self.step_in(threads, descent, gradient, rate, true)
    }

    /// [`Trainee::step_on`]. Unless the direction is wanted, what comes back need not be it, but only memory to use again.
    pub(super) fn step_in(
        &mut self,
        threads: usize,
        descent: &Descent<S>,
        mut gradient: Tangent<S>,
        rate: &S,
        wanted: bool,
    ) -> Result<Tangent<S>, Error> {
        // A step reads and writes each parameter and what belongs to it some eight times.
        let threads = worth::<S>(threads, 8 * self.network.parameter_count());
        if let Some(limit) = &descent.clip {
            clip(&mut gradient, limit)?;
        }
        let decays = !descent.weight_decay.is_zero();
        let coupled = descent.optimiser.couples_decay();
        if decays && coupled {
            for (g, layer) in gradient.layers.iter_mut().zip(self.network.layers()) {
                let decay = |g: &mut [S], theta: &[S]| S::axpy(g, &descent.weight_decay, theta);
                decay(g.weight.as_mut_slice(), layer.weight.as_slice());
                decay(g.bias.as_mut_slice(), layer.bias.as_slice());
                if let (Some(g), Some(psi)) = (&mut g.psi, &layer.psi) {
                    decay(g.as_mut_slice(), psi.as_slice());
                }
            }
        }
        let Move {
            mut direction,
            factors,
        } = self
            .state
            .direction(&descent.optimiser, gradient, threads)?;
        let tensors = 3 * self.network.depth();
        if let Some(factors) = &factors {
            let momenta = self.state.first.lengths.iter().zip(&factors[tensors..]);
            for (u, (v, factor)) in direction.lengths.iter_mut().zip(momenta) {
                *u = v.clone() * factor;
            }
        }
        let keep = S::one() - rate.clone() * &descent.weight_decay;
        let minus = -rate.clone();
        for (trained, u) in self.trained.iter_mut().zip(&direction.lengths) {
            *trained += minus.clone() * u;
        }
        let mode = self.mode();
        let lengths = match mode {
            LengthMode::Fixed => None,
            LengthMode::Direct | LengthMode::Log | LengthMode::Root => Some(
                self.trained
                    .iter()
                    .map(|trained| mode.length(trained))
                    .collect::<Result<Vec<S>, Error>>()?,
            ),
        };
        self.network.update(|layers, o| {
            if let Some(lengths) = lengths {
                o.clone_from_slice(&lengths);
            }
            let tensors = tensors_mut(layers, &mut []).into_iter();
            let tensors = tensors.zip(direction.tensors_mut());
            let tensors = (0..).zip(tensors.zip(self.state.first.tensors()));
            let pieces = tensors.flat_map(|(k, ((theta, u), v))| {
                let pieces = theta.chunks_mut(PIECE).zip(u.chunks_mut(PIECE));
                std::iter::repeat(k).zip(pieces.zip(v.chunks(PIECE)))
            });
            let finite = run(
                threads,
                pieces.collect(),
                |(k, ((theta, u), v)): Piece<S>| {
                    if decays && !coupled {
                        S::scale(theta, &keep);
                    }
                    if let Some(factors) = &factors {
                        if wanted {
                            for (u, v) in u.iter_mut().zip(v) {
                                *u = v.clone() * &factors[k];
                            }
                        }
                        return S::descend(theta, &minus, &factors[k], v);
                    }
                    S::axpy(theta, &minus, u);
                    theta.iter().fold(true, |finite, x| finite & x.is_finite())
                },
            );
            finite.into_iter().all(|finite| finite)
        })?;
        Ok(direction)
    }
}

/// The number of a tensor; a piece of it, of its direction and of its momentum.
type Piece<'a, S> = (usize, ((&'a mut [S], &'a mut [S]), &'a [S]));

/// Scales a gradient longer than `limit` down to it.
fn clip<S: Trainable>(gradient: &mut Tangent<S>, limit: &S) -> Result<(), Error> {
    let norm = gradient
        .norm_squared()
        .root()
        .ok_or_else(|| Error::NeedsReal {
            what: "clipping needs the norm of the gradient, a root",
            scalar: S::name(),
            instead: "leave it out",
        })?;
    if norm > *limit {
        gradient.scale(&(limit.clone() / norm));
    }
    Ok(())
}
