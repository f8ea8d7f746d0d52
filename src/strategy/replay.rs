//! Running a property so that a failure can be repeated with one line.

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};

/// Overrides the seed of every property run by [`check`].
const VARIABLE: &str = "ISOTROPIC_SEED";

/// Runs `property` on `cases` values of `strategy`, from the seed in `ISOTROPIC_SEED` or from 1.
///
/// # Panics
/// If the property fails: with the shrunk value, the seed, and the line that replays the failure
/// (`name` is the test's name, as `cargo test` filters by it). If a value is not tested at all.
#[allow(clippy::panic, reason = "a property test fails by a panic")]
pub fn check<T: Strategy>(
    name: &str,
    cases: u32,
    strategy: T,
    property: impl Fn(T::Value) -> Result<(), TestCaseError>,
) where
    T::Value: std::fmt::Debug,
{
    let seed: u64 = std::env::var(VARIABLE)
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases,
        failure_persistence: None,
        // A few steps for each place of the pool, where the default stops halfway.
        max_shrink_iters: 1 << 16,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    match TestRunner::new_with_rng(config, rng).run(&strategy, property) {
        Ok(()) => assert!(
            cases > 0,
            "{name}: no cases were asked for, so nothing has been tested"
        ),
        Err(TestError::Fail(reason, value)) => panic!(
            "{name}: {reason}\nsmallest case found: {value:#?}\n\
             seed {seed}; replay: {VARIABLE}={seed} cargo test --all-features {name}"
        ),
        Err(TestError::Abort(reason)) => {
            panic!(
                "{name}: given up: {reason}\nseed {seed}; replay: {VARIABLE}={seed} cargo test --all-features {name}"
            )
        }
    }
}
