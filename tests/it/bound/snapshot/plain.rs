//! Bounds without a guarantee, in plain floating point.

use isotropic::{
    Layer,
    bound::{
        Counted, ParameterError, Running, any_order_units, gain_units, lipschitz_above, reach_below,
    },
    linalg::{Matrix, Vector},
    network::gradient::{Loss, Targets, Trainable, gradient},
    scalar::{Field, Mp, Real},
};

use super::{inputs, networks, said};
use crate::support::snapshot::{about, compare};

/// What no guarantee covers: plain floating point.
fn plain<B: Real>(lines: &mut Vec<String>) {
    for (name, network) in networks::<B>() {
        let name = format!("{} {name}", B::name());
        let mut errors = ParameterError::none_for(&network);
        for (k, x) in inputs(&network).iter().enumerate() {
            let units = any_order_units(&network, x, &errors).expect("fits");
            lines.push(format!(
                "{name}, input {k}: any order {}, underflow {}",
                about(units.rounding.to_f64()),
                about(units.underflow.to_f64())
            ));
            // One more of the four kinds of error each time.
            let l = k % network.depth();
            match k {
                0 => errors[l].relative(&network, l + 1, &B::from_int(3)),
                1 => errors[l].length = B::from_f64(0.25),
                _ => {}
            }
        }
        for l in 1..=network.depth() {
            let lipschitz = said(lipschitz_above(&network, l), |x| about(x.to_f64()));
            lines.push(format!("{name}, layer {l}: Lipschitz {lipschitz}"));
        }
        for l in 1..=network.depth() {
            let reach = said(reach_below(&network, l), |reach| {
                [0.0, 0.5, 40.0]
                    .map(|r| about(reach.at(&B::from_f64(r)).to_f64()))
                    .join(" ")
            });
            lines.push(format!("{name}, layer {l}: reach {reach}"));
        }
        let gain = network.gain();
        for rho in [0.0, 0.2, 0.6, 3.0] {
            let (gamma, rho) = (B::from_f64(0.7), B::from_f64(rho));
            let units = gain_units(gain, &gamma, &rho, 5).to_f64();
            lines.push(format!(
                "{name}, gain at {}: {}",
                rho.to_f64(),
                about(units)
            ));
        }
    }
}

/// Errors of gradients, by numbers that carry them.
fn carried(lines: &mut Vec<String>) {
    fn every<S: Trainable>(name: &str, error: &dyn Fn(&S) -> String, lines: &mut Vec<String>) {
        for (what, network) in networks::<S>() {
            let x = Matrix::from_columns(
                &inputs(&network)
                    .into_iter()
                    .map(Vector::from_vec)
                    .collect::<Vec<_>>(),
            );
            let outputs = network.layer(network.depth()).width();
            let targets = Targets::Labels((0..3).map(|k| k % outputs).collect());
            let found = gradient(&network, &x, &targets, Loss::CrossEntropy);
            let shown = said(found, |found| {
                let layers = &found.parameters.layers;
                let of_layer = |layer: &Layer<S>| {
                    let last = layer.weight.len() - 1;
                    format!("{} {}", error(&layer.weight[last]), error(&layer.bias[0]))
                };
                layers.iter().map(of_layer).collect::<Vec<_>>().join(", ")
            });
            lines.push(format!("{name} {what}: {shown}"));
        }
    }
    every::<Running>("running", &|x| about(x.error()), lines);
    every::<Counted<Mp<256>>>(
        "counted",
        &|x| {
            let units = x.units();
            let both = [units.rounding, units.underflow];
            both.map(|x| about(x.to_f64())).join(" + ")
        },
        lines,
    );
}

#[test]
fn plain_bounds_are_as_kept() {
    let mut lines = vec![];
    plain::<f64>(&mut lines);
    plain::<Mp<256>>(&mut lines);
    compare("bound-plain", &lines);
}

#[test]
fn errors_of_gradients_are_as_kept() {
    let mut lines = vec![];
    carried(&mut lines);
    compare("bound-gradients", &lines);
}
