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

use super::common;

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
                let apart = common::distance(
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
