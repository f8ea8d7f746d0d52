//! What the network does before any change.

use crate::{
    error::Error,
    io::inputs::Inputs,
    linalg::column,
    network::{Network, trace},
    scalar::Real,
};

/// The network on every input.
pub(super) struct Reference<S> {
    pub points: Vec<Point<S>>,
    /// E γ_l over the inputs, for l = 1 … L-1.
    pub mean_gains: Vec<S>,
}

/// The network on one input.
pub(super) struct Point<S> {
    pub output: Vec<S>,
}

impl<S: Real> Reference<S> {
    pub fn of(network: &Network<S>, inputs: &Inputs<S>) -> Result<Self, Error> {
        let count = inputs.lines.len();
        let mut mean_gains = vec![S::zero(); network.hidden().len()];
        let mut points = Vec::with_capacity(count);
        for j in 0..count {
            let x = column(&inputs.x, j);
            let trace = trace(network, x)?;
            for (mean, gain) in mean_gains.iter_mut().zip(&trace.gains) {
                *mean += gain;
            }
            points.push(Point {
                output: trace.output().to_vec(),
            });
        }
        let total = S::from_int(count.max(1) as i64);
        mean_gains.iter_mut().for_each(|mean| *mean /= &total);
        Ok(Reference { points, mean_gains })
    }

    /// Inputs classified as labelled.
    pub fn right(&self, inputs: &Inputs<S>) -> Option<usize> {
        let labels = inputs.labels.as_ref()?;
        let right = |(label, point): &(&usize, &Point<S>)| **label == class(&point.output);
        Some(labels.iter().zip(&self.points).filter(right).count())
    }
}

/// The index of the largest output, the first of equal ones.
pub(crate) fn class<S: Real>(y: &[S]) -> usize {
    (1..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best })
}
