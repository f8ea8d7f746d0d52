//! Running a property so that a failure can be repeated with one line.

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};

/// Overrides the seed of every property run by [`check`].
const SEED: &str = "ISOTROPIC_SEED";

/// Runs the case of this number alone.
const CASE: &str = "ISOTROPIC_CASE";

/// Runs `property` on `cases` values of `strategy`, from the seed in `ISOTROPIC_SEED` or from 1. With
/// `ISOTROPIC_CASE` only the case of that number is drawn, tested and shrunk.
///
/// # Panics
/// If the property fails: with the shrunk value, the seed, and the line that replays this case
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
    let number = |variable| std::env::var(variable).ok()?.parse::<u64>().ok();
    let seed = number(SEED).unwrap_or(1);
    assert!(
        cases > 0,
        "{name}: no cases were asked for, so nothing has been tested"
    );
    let chosen = match number(CASE) {
        Some(case) => case..case + 1,
        None => 0..u64::from(cases),
    };
    for case in chosen {
        let Err(error) = one(seed, case, &strategy, &property) else {
            continue;
        };
        let replay = format!(
            "seed {seed}, case {case}; replay: {SEED}={seed} {CASE}={case} cargo test --all-features {}{name}",
            binary()
        );
        match error {
            TestError::Fail(reason, value) => {
                panic!("{name}: {reason}\nsmallest case found:\n{value:?}\n{replay}")
            }
            TestError::Abort(reason) => panic!("{name}: given up: {reason}\n{replay}"),
        }
    }
}

/// The case of a number has a generator of its own, so that it can be run alone.
fn one<T: Strategy>(
    seed: u64,
    case: u64,
    strategy: &T,
    property: &impl Fn(T::Value) -> Result<(), TestCaseError>,
) -> Result<(), TestError<T::Value>>
where
    T::Value: std::fmt::Debug,
{
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&case.to_le_bytes());
    let config = Config {
        cases: 1,
        failure_persistence: None,
        // A few steps for each place of the pool, where the default stops halfway.
        max_shrink_iters: 1 << 16,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    TestRunner::new_with_rng(config, rng).run(strategy, property)
}

/// `--test properties `, so that nothing else is built; nothing where that is not known.
fn binary() -> String {
    let executable = std::env::current_exe().ok();
    let stem = executable
        .as_deref()
        .and_then(|path| path.file_stem()?.to_str());
    // Cargo adds a hyphen and a number to the name.
    let Some((binary, _)) = stem.and_then(|stem| stem.rsplit_once('-')) else {
        return String::new();
    };
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    match binary == package.replace('-', "_") {
        true => "--lib ".into(),
        false => format!("--test {binary} "),
    }
}
