//! Room for gradients: matrices that are used again from batch to batch, and the threads that fill them.

use std::ops::Range;

use super::{
    Gradient, Loss, Tangent, Targets, Trainable, loss,
    pass::{Part, Shares},
};
use crate::{
    error::Error,
    linalg::Matrix,
    network::{Network, Scalar},
    parallel::{run, worth},
    scalar::{Field, View},
};

/// Room for the gradients of one network after the other, and how many threads take them.
///
/// The columns of a batch are shared out among the threads, forward and back, and then the columns of every ∂L/∂W_l. Each
/// number is one sum in order, which one thread forms: bits do not depend on the number of threads.
///
/// ```
/// use isotropic::linalg::{Matrix, Vector};
/// use isotropic::network::gradient::{Loss, Room, Targets, gradient};
/// use isotropic::{Gain, Layer, Network};
///
/// let layer = |w: f64| Layer {
///     weight: Matrix::from_element(1, 1, w),
///     bias: Vector::from_element(1, 0.0),
///     psi: None,
/// };
/// let network = Network::new(vec![layer(2.0), layer(3.0)], Gain::Tanh, None)?;
/// let x = Matrix::from_row_slice(1, 2, &[1.0, -0.5]);
/// let targets = Targets::Values(Matrix::from_row_slice(1, 2, &[0.0, 1.0]));
/// let mut room = Room::new(2);
/// let found = room.gradient(&network, &x, &targets, Loss::Squared)?;
/// assert_eq!(found, gradient(&network, &x, &targets, Loss::Squared)?);
/// # Ok::<(), isotropic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Room<S> {
    threads: usize,
    pre_activations: Vec<Matrix<S>>,
    activations: Vec<Matrix<S>>,
    /// One row each.
    gains: Vec<Matrix<S>>,
    output: Matrix<S>,
    of_z: Vec<Matrix<S>>,
    parameters: Option<Tangent<S>>,
}

impl<S: Field> Default for Room<S> {
    /// Room for one thread.
    fn default() -> Self {
        Room::new(1)
    }
}

impl<S: Field> Room<S> {
    /// No room yet, for so many threads (0 counts as 1). Small batches are left to one of them.
    pub fn new(threads: usize) -> Self {
        Room {
            threads: threads.max(1),
            pre_activations: vec![],
            activations: vec![],
            gains: vec![],
            output: Matrix::from_vec(0, 0, vec![]),
            of_z: vec![],
            parameters: None,
        }
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Takes back a gradient, or what a step has made of it, whose memory the next one then has.
    pub fn recycle(&mut self, used: Tangent<S>) {
        self.parameters = Some(used);
    }

    /// Makes room for a batch of `count` columns.
    fn fit(&mut self, network: &Network<S>, count: usize, backward: bool) {
        let widths = network.widths();
        let (hidden, last) = (&widths[1..network.depth()], network.depth());
        let all = |to: &mut Vec<Matrix<S>>, rows: &mut dyn Iterator<Item = usize>| {
            let shapes: Vec<usize> = rows.collect();
            to.resize(shapes.len(), Matrix::from_vec(0, 0, vec![]));
            for (to, rows) in to.iter_mut().zip(shapes) {
                fit_one(to, rows, count);
            }
        };
        all(&mut self.pre_activations, &mut hidden.iter().copied());
        all(&mut self.activations, &mut hidden.iter().copied());
        all(&mut self.gains, &mut hidden.iter().map(|_| 1));
        fit_one(&mut self.output, widths[last], count);
        let of_z = if backward { &widths[1..] } else { &[] };
        all(&mut self.of_z, &mut of_z.iter().copied());
    }

    /// The batch in parts of `size` columns.
    fn parts(&mut self, size: usize) -> Vec<Part<'_, S>> {
        let count = self.output.ncols();
        let starts = (0..count).step_by(size);
        let mut parts: Vec<Part<S>> = starts
            .zip(pieces(&mut self.output, size))
            .map(|(start, output)| Part {
                columns: start..(start + size).min(count),
                pre_activations: vec![],
                activations: vec![],
                gains: vec![],
                output,
                of_z: vec![],
            })
            .collect();
        for of in &mut self.pre_activations {
            let pieces = parts.iter_mut().zip(pieces(of, size));
            pieces.for_each(|(part, piece)| part.pre_activations.push(piece));
        }
        for of in &mut self.activations {
            let pieces = parts.iter_mut().zip(pieces(of, size));
            pieces.for_each(|(part, piece)| part.activations.push(piece));
        }
        for of in &mut self.gains {
            let pieces = parts.iter_mut().zip(pieces(of, size));
            pieces.for_each(|(part, piece)| part.gains.push(piece));
        }
        for of in &mut self.of_z {
            let pieces = parts.iter_mut().zip(pieces(of, size));
            pieces.for_each(|(part, piece)| part.of_z.push(piece));
        }
        parts
    }
}

/// The matrix in pieces of `size` columns.
fn pieces<S: Field>(of: &mut Matrix<S>, size: usize) -> impl Iterator<Item = &mut [S]> {
    let rows = of.nrows();
    of.as_mut_slice().chunks_mut(rows * size)
}

fn fit_one<S: Field>(to: &mut Matrix<S>, rows: usize, columns: usize) {
    if to.shape() != (rows, columns) {
        *to = Matrix::from_vec(rows, columns, vec![S::zero(); rows * columns]);
    }
}

/// Multiply-adds of a forward pass.
fn work<S: Field>(network: &Network<S>, count: usize) -> usize {
    let entries: usize = network.layers().iter().map(|l| l.weight.len()).sum();
    entries.saturating_mul(count)
}

/// Of errors the one in the lowest layer, the first of those: the one that a single thread meets first.
fn first<T>(found: Vec<Result<T, (usize, Error)>>) -> Result<Vec<T>, Error> {
    let (mut good, mut bad) = (vec![], vec![]);
    for found in found {
        match found {
            Ok(found) => good.push(found),
            Err(why) => bad.push(why),
        }
    }
    match bad.into_iter().min_by_key(|(layer, _)| *layer) {
        None => Ok(good),
        Some((_, why)) => Err(why),
    }
}

fn check_inputs<S: Field>(network: &Network<S>, x: &Matrix<S>) -> Result<(), Error> {
    let (found, expected) = (x.nrows(), network.layer(1).weight.ncols());
    if found != expected {
        return Err(Error::InputLength { found, expected });
    }
    Ok(())
}

impl<S: Scalar> Room<S> {
    /// [`outputs`](super::outputs()), on these threads.
    ///
    /// # Errors
    /// As [`evaluate`](crate::network::evaluate).
    pub fn outputs(&mut self, network: &Network<S>, x: &Matrix<S>) -> Result<Matrix<S>, Error> {
        check_inputs(network, x)?;
        let count = x.ncols();
        self.fit(network, count, false);
        let threads = worth::<S>(self.threads, work(network, count));
        let parts = self.parts(size_of_parts(count, threads));
        first(run(threads, parts, |mut part| part.forward(network, x)))?;
        Ok(self.output.clone())
    }
}

/// Columns for each of so many threads: a multiple of 8, which the kernels like.
fn size_of_parts(count: usize, threads: usize) -> usize {
    count.div_ceil(threads).next_multiple_of(8).max(8)
}

/// A piece of the sums over a batch.
enum Sum<'a, S> {
    /// Columns of ∂L/∂W_l.
    Weight(usize, Range<usize>, &'a mut [S]),
    /// ∂L/∂b_l.
    Bias(usize, &'a mut [S]),
    /// ∂L/∂ψ_l.
    Psi(usize, &'a mut [S]),
}

impl<S: Trainable> Room<S> {
    /// [`gradient`](super::gradient()), on these threads.
    ///
    /// # Errors
    /// As [`gradient`](super::gradient()).
    pub fn gradient(
        &mut self,
        network: &Network<S>,
        x: &Matrix<S>,
        targets: &Targets<S>,
        of_loss: Loss,
    ) -> Result<Gradient<S>, Error> {
        check_inputs(network, x)?;
        let (count, outputs) = (x.ncols(), network.layer(network.depth()).width());
        targets.check(outputs, count)?;
        if count == 0 {
            return Err(Error::NoData);
        }
        self.fit(network, count, true);
        let threads = worth::<S>(self.threads, 3 * work(network, count));
        let share = S::one() / S::from_int(count as i64);
        let parts = self.parts(size_of_parts(count, threads));
        let passes = run(threads, parts, |mut part| {
            part.forward(network, x)?;
            part.backward(network, targets, of_loss, &share)
        });
        let shares = first(passes)?;
        let mut parameters = self.sums(network, x, threads);
        parameters.lengths = (0..network.hidden().len())
            .map(|k| in_order(&shares, k))
            .collect();
        let losses = shares.into_iter().flat_map(|shares| shares.losses);
        Ok(Gradient {
            loss: loss::mean(of_loss, losses, &share),
            parameters,
            outputs: self.output.clone(),
            input: None,
        })
    }

    /// ∂L/∂x = W_1ᵀ ∂L/∂z_1, after [`Room::gradient`].
    pub(super) fn of_input(&self, network: &Network<S>) -> Matrix<S> {
        crate::linalg::product_tn(&network.layer(1).weight, &self.of_z[0])
    }

    /// ∂L/∂W, ∂L/∂b, ∂L/∂ψ: sums over the batch, in order from +0.
    fn sums(&mut self, network: &Network<S>, x: &Matrix<S>, threads: usize) -> Tangent<S> {
        let mut to = match self.parameters.take() {
            Some(to) if to.fits(network) => to,
            Some(_) | None => Tangent::zeros(network),
        };
        let count = x.ncols();
        let ones = vec![S::one(); count];
        let mut sums = vec![];
        for (l, layer) in (1..).zip(&mut to.layers) {
            let (rows, columns) = layer.weight.shape();
            // As many pieces for a thread as leave it little to wait for; one piece for one.
            let pieces = if threads > 1 { 2 * threads } else { 1 };
            let size = columns.div_ceil(pieces).next_multiple_of(8);
            let starts = (0..columns).step_by(size);
            let weights = starts.zip(layer.weight.as_mut_slice().chunks_mut(rows * size));
            sums.extend(
                weights.map(|(start, to)| Sum::Weight(l, start..(start + size).min(columns), to)),
            );
            sums.push(Sum::Bias(l, layer.bias.as_mut_slice()));
            if let Some(psi) = &mut layer.psi {
                sums.push(Sum::Psi(l, psi.as_mut_slice()));
            }
        }
        let of_z = |l: usize| {
            let of_z = &self.of_z[l - 1];
            View::new(of_z.as_slice(), of_z.nrows(), count)
        };
        let weighted = |l: usize, by: &[S], to: &mut [S]| {
            to.fill(S::zero());
            S::multiply_add(to, of_z(l), View::new(by, count, 1));
        };
        run(threads, sums, |sum| match sum {
            Sum::Weight(l, columns, to) => {
                let below = if l == 1 { x } else { &self.activations[l - 2] };
                let below = View::new(below.as_slice(), below.nrows(), count);
                S::product_into(to, of_z(l), below.transpose().columns(columns));
            }
            Sum::Bias(l, to) => weighted(l, &ones, to),
            Sum::Psi(l, to) => weighted(l, self.gains[l - 2].as_slice(), to),
        });
        to
    }
}

/// Σ of the shares in ∂L/∂o of hidden layer k + 1, column after column.
fn in_order<S: Field>(shares: &[Shares<S>], k: usize) -> S {
    let mut sum = S::zero();
    for share in shares.iter().flat_map(|shares| &shares.lengths[k]) {
        sum += share;
    }
    sum
}
