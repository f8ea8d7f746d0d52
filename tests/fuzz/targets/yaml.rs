//! A network in YAML: read, or refused; what was read over the rationals is written as it was read.

#![no_main]

use isotropic::{
    io::{ReadOptions, WriteOptions, yaml},
    scalar::Rational,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(stored) = yaml::read("x", text, &ReadOptions::default()) else {
        return;
    };
    let _ = stored.network::<f64>();
    let Ok(network) = stored.network::<Rational>() else {
        return;
    };
    if let Ok(written) = yaml::write("x", &network, &WriteOptions::default()) {
        let again = yaml::read("x", &written, &ReadOptions::default());
        let again = again.and_then(|stored| stored.network::<Rational>());
        assert!(again.is_ok_and(|again| again == network));
    }
});
