//! A file of theorems: read, or refused; what is read is checked.

#![no_main]

use isotropic::proof::{Script, check_all};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(script) = Script::parse(text) else {
        return;
    };
    if check_all(&script.theorems).is_ok() {
        // Accepted: at least every theorem has a name of its own and a claim.
        let mut names: Vec<_> = script.theorems.iter().map(|t| t.name.clone()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), script.theorems.len());
    }
});
