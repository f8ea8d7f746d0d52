//! The network to compare with: tanh on each neuron by itself. A double for experiments, not a product.
//!
//! It is kept in a [`Network`] without ψ and o, whose own gain is never used, so that the optimisers serve it too.

use crate::{
    Error,
    linalg::{Matrix, Vector, column_mut, product, product_nt},
    network::{
        Layer, Network,
        gradient::{Gradient, Loss, Tangent, Targets, loss},
    },
};

/// h_1 … h_{L-1} and y, for inputs n_0 × N.
fn forward(network: &Network<f64>, x: &Matrix<f64>) -> Vec<Matrix<f64>> {
    let mut states: Vec<Matrix<f64>> = vec![];
    for (l, layer) in (1..).zip(network.layers()) {
        let mut z = product(&layer.weight, states.last().unwrap_or(x));
        for j in 0..z.ncols() {
            for (z, b) in column_mut(&mut z, j).iter_mut().zip(layer.bias.iter()) {
                *z += b;
                if l < network.depth() {
                    *z = z.tanh();
                }
            }
        }
        states.push(z);
    }
    states
}

/// y for each input, n_L × N.
pub fn outputs(network: &Network<f64>, x: &Matrix<f64>) -> Matrix<f64> {
    let empty = || Matrix::from_element(0, 0, 0.0);
    forward(network, x).pop().unwrap_or_else(empty)
}

/// Mean cross-entropy over the rows, and its gradient.
///
/// # Errors
/// Those of [`loss`], for labels that do not fit.
pub fn gradient(
    network: &Network<f64>,
    x: &Matrix<f64>,
    targets: &Targets<f64>,
) -> Result<Gradient<f64>, Error> {
    let mut states = forward(network, x);
    let y = states.pop().unwrap_or_else(|| x.clone());
    let value = loss(Loss::CrossEntropy, &y, targets)?;
    let labels = match targets {
        Targets::Labels(labels) => labels.as_slice(),
        // Refused by the loss.
        Targets::Values(_) => &[],
    };
    let mut of_z = softmax_error(y.clone(), labels);
    let mut layers = vec![];
    for l in (1..=network.depth()).rev() {
        let below = if l == 1 { x } else { &states[l - 2] };
        let bias = of_z
            .column_iter()
            .fold(Vector::zeros(of_z.nrows()), |sum, g| sum + g);
        layers.push(Layer {
            weight: product_nt(&of_z, below),
            bias,
            psi: None,
        });
        if l > 1 {
            let mut of_h = product(&network.layer(l).weight.transpose(), &of_z);
            of_h.zip_apply(below, |g, h| *g *= 1.0 - h * h);
            of_z = of_h;
        }
    }
    layers.reverse();
    let lengths = vec![0.0; network.depth() - 1];
    Ok(Gradient {
        loss: value,
        parameters: Tangent { layers, lengths },
        outputs: y,
        input: None,
    })
}

/// (softmax(y) - t)/N.
fn softmax_error(mut y: Matrix<f64>, labels: &[usize]) -> Matrix<f64> {
    let count = labels.len().max(1) as f64;
    for (j, &label) in labels.iter().enumerate() {
        let y = column_mut(&mut y, j);
        let largest = y.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        y.iter_mut().for_each(|y| *y = (*y - largest).exp());
        let sum: f64 = y.iter().sum();
        y.iter_mut().for_each(|y| *y /= sum * count);
        y[label] -= 1.0 / count;
    }
    y
}
