//! Certificates, and what is observed beside them.

use isotropic::{
    Network,
    certificate::{Certificate, Region, Subject, certify, certify_by, check, fingerprint, observe},
    io::{Dtype, ReadOptions, Stored, WriteOptions, safetensors},
    network::Scalar,
    scalar::{Field, Rational},
};

use super::{images, inputs, networks, pairs::of_relation, said};
use crate::support::snapshot::{compare, exactly};

fn stored(name: &str, network: &Network<f64>, dtype: Dtype) -> (Stored, Subject) {
    let options = WriteOptions {
        dtype: Some(dtype),
        ..WriteOptions::default()
    };
    let written = safetensors::write(name, network, &options).expect("written");
    let read = safetensors::read(name, &written.bytes, &ReadOptions::default()).expect("read");
    let subject = Subject::of(&written.bytes, &read);
    (read, subject)
}

fn certificates<S: Scalar>(lines: &mut Vec<String>) {
    for (name, network) in networks::<f64>().into_iter().step_by(3) {
        let (a, of_a) = stored("a", &network, Dtype::F64);
        for (what, image, suggested) in images(&network).into_iter().step_by(2) {
            let name = format!("{} {name}, {what}", S::name());
            let (b, of_b) = stored("b", &image, Dtype::F64);
            let some = inputs::<Rational>(
                &network
                    .map(&|x: &f64| Rational::from_f64(*x))
                    .expect("finite"),
            );
            let regions = [
                Region::Ball(Rational::ratio(3, 2).expect("a ratio")),
                Region::Inputs(some),
            ];
            for region in regions {
                let found = match region {
                    Region::Ball(_) => certify_by::<S>(&a, &b, &region, &suggested),
                    Region::Inputs(_) => certify::<S>(&a, &b, &region, None),
                };
                let Ok(found) = found else {
                    lines.push(format!("{name}: {}", said(found, |_| String::new())));
                    continue;
                };
                let certificate = Certificate {
                    a: of_a.clone(),
                    b: of_b.clone(),
                    scalar: S::name(),
                    region: region.clone(),
                    relation: found.relation.clone(),
                    certified_bound: found.bound(),
                    function_bound: found.function,
                };
                let text = certificate.to_yaml();
                let checked = check::<S>(&certificate, (&a, &of_a), (&b, &of_b)).expect("it reads");
                lines.push(format!(
                    "{name}: function {} evaluation {} labels {:?} relation {} document {} check {checked:?}",
                    exactly(&found.function),
                    exactly(&found.evaluation),
                    found.labels,
                    of_relation(&found.relation),
                    &fingerprint(text.as_bytes())[..8],
                ));
            }
        }
    }
}

/// What is observed beside the bounds.
fn observations(lines: &mut Vec<String>) {
    for (name, network) in networks::<f64>() {
        let radius = Rational::from(2);
        for (what, image, _) in images(&network).into_iter().skip(1).step_by(3) {
            let found = observe::search((&network, &image), &radius);
            lines.push(format!("{name}, {what}: observed {found:.4e}"));
        }
        let spread = observe::spread(&network, &radius);
        lines.push(format!("{name}: spread {spread:.4e}"));
    }
}

#[test]
fn certificates_are_as_kept() {
    let mut lines = vec![];
    certificates::<f32>(&mut lines);
    certificates::<f64>(&mut lines);
    certificates::<Rational>(&mut lines);
    compare("certificates", &lines);
}

#[test]
fn observations_are_as_kept() {
    let mut lines = vec![];
    observations(&mut lines);
    compare("certificate-observations", &lines);
}
