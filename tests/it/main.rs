//! The tests of the library, a folder for each of its modules, as one binary: GMP is linked once, and what is generic
//! is instantiated once. `cargo test --test it linalg` runs a folder. The command and the browser have binaries of their own.

mod bound;
mod experiment;
mod family;
mod fault;
mod gauge;
mod identity;
mod invariance;
mod io;
mod judge;
mod learning;
mod linalg;
mod modules;
mod network;
mod proof;
mod prune;
#[cfg(feature = "report")]
mod report;
mod resize;
mod scalar;
mod statement;
mod strategy;
mod support;
mod vector;

/// The first failure settles a mutant: with ISOTROPIC_FIRST_FAILURE the process ends with it, where the harness would go
/// on. Its name sorts before every other test's. Tests that panic on purpose catch it, and name themselves.
#[test]
fn a_panic_ends_the_run() {
    if std::env::var_os("ISOTROPIC_FIRST_FAILURE").is_none() {
        return;
    }
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        let on_purpose = ["a_failure_names", "dimensions_shrink"];
        let name = thread.name().unwrap_or_default();
        default(panic);
        if !on_purpose.iter().any(|known| name.contains(known)) {
            std::process::exit(101);
        }
    }));
}
