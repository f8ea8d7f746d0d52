//! A certificate: read, or refused; one that was read is checked against two small networks, and never valid for them.

#![no_main]

use isotropic::{
    certificate::{Certificate, Check, Subject, check},
    io::{ReadOptions, Stored, yaml},
};
use libfuzzer_sys::fuzz_target;

/// h = tanh(x), y = c h: a file and its subject.
fn network(c: &str) -> Option<(Stored, Subject)> {
    let text = format!(
        "isotropic: 1\nwidths: [1, 1, 1]\ngain: tanh\nlayers:\n  - weight:\n      - [\"1\"]\n    bias: [\"0\"]\n  - weight:\n      - [\"{c}\"]\n    bias: [\"0\"]\n"
    );
    let stored = yaml::read("x", &text, &ReadOptions::default()).ok()?;
    let subject = Subject::of(text.as_bytes(), &stored);
    Some((stored, subject))
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = Certificate::is_unedited(text);
    let Ok(mut certificate) = Certificate::read("x", text) else {
        return;
    };
    let (Some((a, of_a)), Some((b, of_b))) = (network("1"), network("2")) else {
        return;
    };
    // As if it were for these files: the bound is what is looked at.
    (certificate.a, certificate.b) = (of_a.clone(), of_b.clone());
    let at_zero = match &certificate.region {
        isotropic::certificate::Region::Ball(radius) => *radius == 0.into(),
        isotropic::certificate::Region::Inputs(inputs) => {
            inputs.iter().flatten().all(|x| *x == 0.into())
        }
    };
    let found = check::<f64>(&certificate, (&a, &of_a), (&b, &of_b));
    // |y - y'| = |tanh x|: 0 is claimed only where x is.
    if certificate.certified_bound == 0.0 && !at_zero {
        assert!(!matches!(found, Ok(Check::Valid(_))));
    }
});
