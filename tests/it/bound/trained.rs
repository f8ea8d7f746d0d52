//! The trained networks on the test images.

use isotropic::{
    Network,
    certificate::{Region, certify},
    io::{Dtype, ReadOptions, Stored, WriteOptions, safetensors, shipped},
    linalg::norm2,
    network::evaluate,
    resize::{Outgoing, resize},
    scalar::{Field, Rational},
};

use crate::support;

/// The network as a file of this type would hold it.
fn written(network: &Network<f64>, dtype: Dtype) -> Stored {
    let options = WriteOptions {
        dtype: Some(dtype),
        ..WriteOptions::default()
    };
    let written = safetensors::write("out.safetensors", network, &options).expect("written");
    safetensors::read("out.safetensors", &written.bytes, &ReadOptions::default()).expect("read")
}

#[test]
fn the_trained_networks_stay_within_their_certificates_on_every_image() {
    let images = shipped::test_digits::<f64>().expect("the data read").x;
    let inputs: Vec<Vec<f64>> = images
        .column_iter()
        .map(|x| x.iter().copied().collect())
        .collect();
    assert_eq!(inputs.len(), 360);
    let largest = inputs.iter().map(|x| norm2(x)).fold(0.0, f64::max);
    let ball = Rational::from_f64(largest.next_up());
    // Interval evaluations of all images belong to a campaign.
    let stride = if std::env::var_os("ISOTROPIC_CAMPAIGN").is_some() {
        1
    } else {
        45
    };
    for (stored, widths) in shipped::networks()
        .expect("the networks read")
        .iter()
        .zip([[64, 44, 30, 10], [64, 64, 60, 10]])
    {
        let network = stored.network::<f64>().expect("in range");
        let cut = resize(&network, &widths, Outgoing::Zero, 0)
            .expect("reachable")
            .network;
        for (what, image) in [
            ("cut", written(&cut, Dtype::F64)),
            ("single", written(&network, Dtype::F32)),
        ] {
            let image_network = image.network::<f64>().expect("in range");
            let over =
                certify::<f64>(stored, &image, &Region::Ball(ball.clone()), None).expect("fits");
            let mut ratios = vec![];
            for (j, x) in inputs.iter().enumerate() {
                let apart = support::distance(
                    evaluate(&network, x).expect("finite").as_slice(),
                    evaluate(&image_network, x).expect("finite").as_slice(),
                );
                assert!(
                    apart <= over.bound(),
                    "{what}, image {j}: {apart} > {}",
                    over.bound()
                );
                if j % stride == 0 {
                    let exact = x.iter().map(|x| Rational::from_f64(*x)).collect();
                    let at = certify::<f64>(stored, &image, &Region::Inputs(vec![exact]), None)
                        .expect("fits");
                    assert!(
                        apart <= at.bound(),
                        "{what}, image {j}: {apart} > {}",
                        at.bound()
                    );
                    assert!(at.bound() <= over.bound(), "{what}, image {j}");
                    ratios.push(apart / at.bound());
                }
            }
            ratios.sort_by(f64::total_cmp);
            let median = ratios[ratios.len() / 2];
            println!(
                "{}, {what}: median {median:.6}, of {} images",
                stored.file(),
                ratios.len()
            );
            // The difference itself is enclosed; what is lost is the rounding of two evaluations.
            assert!(median > 0.99, "{what}: {median}");
        }
    }
}

/// Labels and margins that are certified are those of the outputs, where these are clear.
#[test]
fn labels_and_margins_are_those_of_the_outputs() {
    let images = shipped::test_digits::<f64>().expect("the data read").x;
    let stored = &shipped::networks().expect("the networks read")[0];
    let network = stored.network::<f64>().expect("in range");
    let cut = resize(&network, &[64, 10, 5, 10], Outgoing::Zero, 0)
        .expect("reachable")
        .network;
    let file = written(&cut, Dtype::F64);
    let inputs: Vec<Vec<f64>> = (images.column_iter().take(12))
        .map(|x| x.iter().copied().collect())
        .collect();
    let exact = inputs
        .iter()
        .map(|x| x.iter().map(|x| Rational::from_f64(*x)).collect())
        .collect();
    let certified = certify::<f64>(stored, &file, &Region::Inputs(exact), None).expect("fits");
    let labels = certified.labels.expect("ten outputs");
    let (mut same, mut least, mut at) = (0, f64::INFINITY, 0);
    for (j, x) in inputs.iter().enumerate() {
        let outputs = |network| evaluate(network, x).expect("finite").as_slice().to_vec();
        let (y, z): (Vec<f64>, Vec<f64>) = (outputs(&network), outputs(&cut));
        let of = |y: &[f64]| (0..10).fold(0, |best, k| if y[k] > y[best] { k } else { best });
        let label = of(&y);
        let others = (0..10)
            .filter(|k| *k != label)
            .map(|k| z[k])
            .fold(f64::NEG_INFINITY, f64::max);
        same += usize::from(of(&z) == label);
        if z[label] - others < least {
            (least, at) = (z[label] - others, j + 1);
        }
    }
    assert!(same > 0 && same < 12, "{same} of 12 keep their label");
    assert_eq!(
        (
            labels.inputs,
            labels.unchanged,
            labels.changed,
            labels.undecided(),
            labels.at
        ),
        (12, same, 12 - same, 0, at)
    );
    // Rounded down, and by no more than the roundings of two evaluations.
    let slack = 2.0 * certified.evaluation;
    assert!(
        labels.margin <= least && labels.margin >= least - slack - 1e-12 * least.abs(),
        "{labels:?} {least}"
    );
}
