//! A network in safetensors: read, or refused; what was read evaluates, and is written as it was read.

#![no_main]

use isotropic::{
    io::{ReadOptions, WriteOptions, safetensors},
    linalg::Vector,
    network::evaluate,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(stored) = safetensors::read("x", bytes, &ReadOptions::default()) else {
        return;
    };
    let Ok(network) = stored.network::<f64>() else {
        return;
    };
    let x = Vector::from_element(network.widths()[0], 0.5);
    let _ = evaluate(&network, x.as_slice());
    let options = WriteOptions::default();
    if let Ok(written) = safetensors::write("x", &network, &options) {
        let again = safetensors::read("x", &written.bytes, &ReadOptions::default());
        let again = again.and_then(|stored| stored.network::<f64>());
        assert!(again.is_ok_and(|again| again == network));
    }
});
