//! Bounds of one network: at inputs, over balls, of its singular values and labels.

use isotropic::{
    Network,
    bound::{
        certain_label, certify_svd, enclose, floor_at, margin, norm_above, rounding_over_ball,
        rounding_units, sample_floor,
    },
    linalg::{Matrix, svd},
    network::{Scalar, evaluate},
    scalar::{Enclosure, Field, Interval, Mp, Rational},
};

use super::{inputs, networks, said};
use crate::support::{
    self,
    snapshot::{compare, ends, exactly},
};

/// At inputs, in the arithmetic of the network.
fn at_inputs<S: Scalar>(lines: &mut Vec<String>) {
    for (name, network) in networks::<S>() {
        let name = format!("{} {name}", S::name());
        let allowances = [vec![], vec![2.0], vec![1.0; network.depth()]];
        for (k, x) in inputs(&network).iter().enumerate() {
            for (j, allowance) in allowances.iter().enumerate() {
                let units = said(rounding_units(&network, x, allowance), exactly);
                lines.push(format!(
                    "{name}, input {k}, allowance {j}: rounding {units}"
                ));
            }
        }
    }
}

/// The constants that hold over a ball, and the singular values they are made of.
fn over_balls(lines: &mut Vec<String>) {
    for (name, network) in networks::<f64>() {
        let exact: Network<Enclosure> = enclose(&network).expect("in range");
        for radius in [0.0, 0.5, 8.0] {
            for bits in [None, Some(24), Some(53), Some(256)] {
                let ball = Enclosure::from_f64(radius);
                let bound = said(rounding_over_ball(&exact, &ball, bits), ends);
                lines.push(format!("{name}, radius {radius}, {bits:?} bits: {bound}"));
            }
        }
        for (l, layer) in (1..).zip(network.layers()) {
            let (wide, narrow) = (
                layer.augmented().map(Enclosure::from_f64),
                layer.augmented().map(Interval::<f64>::from_f64),
            );
            lines.push(format!(
                "{name}, layer {l}: norm {}",
                ends(&norm_above(&wide))
            ));
            lines.push(format!(
                "{name}, layer {l}: norm {}",
                ends(&norm_above(&narrow))
            ));
            let factors = svd(&layer.augmented()).expect("it converges");
            // A residual to see: the last digits of u are cut off.
            let u = factors.u.map(|x| f64::from(x as f32));
            let certified = certify_svd(&narrow, &u, &factors.sigma, &factors.v).expect("fits");
            let sigma: Vec<String> = certified.sigma.iter().map(ends).collect();
            lines.push(format!(
                "{name}, layer {l}: σ {}, left {}, right {}, residual {}",
                sigma.join(" "),
                exactly(&certified.left),
                exactly(&certified.right),
                exactly(&certified.residual)
            ));
        }
        let many: Vec<Vec<Rational>> = (0..9)
            .map(|seed| support::input(network.widths()[0], 60 + seed))
            .collect();
        for width in 0..3 {
            let floor = said(floor_at(&exact, &many, width), exactly);
            lines.push(format!("{name}, floor of {width}: {floor}"));
        }
        let y = evaluate(&exact, &inputs(&exact)[0]).expect("fits");
        for label in 0..=y.len() {
            let margin = margin(y.as_slice(), label).as_ref().map(ends);
            lines.push(format!("{name}, margin of {label}: {margin:?}"));
        }
        lines.push(format!("{name}, label: {:?}", certain_label(y.as_slice())));
    }
    let y = Matrix::from_fn(5, 7, |i, j| {
        Interval::<f64>::from_f64(((i * i + 3 * j) % 7) as f64 / 3.0)
    });
    for width in 0..6 {
        lines.push(format!(
            "floor of {width}: {}",
            exactly(&sample_floor(&y, width))
        ));
    }
}

#[test]
fn roundings_are_as_kept() {
    let mut lines = vec![];
    at_inputs::<f32>(&mut lines);
    at_inputs::<f64>(&mut lines);
    at_inputs::<Mp<128>>(&mut lines);
    compare("bound-roundings", &lines);
}

#[test]
fn bounds_over_balls_are_as_kept() {
    let mut lines = vec![];
    over_balls(&mut lines);
    compare("bound-balls", &lines);
}
