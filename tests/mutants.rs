//! The tests that look closely at gauges, resizing, networks, linear algebra, judges, bounds, certificates and intervals, as one
//! binary.
//!
//! Mutation testing builds them anew for each of a thousand mutants (`make mutants`): one binary links
//! once and shares what generic code it instantiates. `cargo test` does not build it, since every test
//! in it belongs to a binary of its own.
#![allow(dead_code, unused_imports)]

#[path = "activation.rs"]
mod activation;
#[path = "activation_limits.rs"]
mod activation_limits;
#[path = "allowances.rs"]
mod allowances;
#[path = "ceilings.rs"]
mod ceilings;
#[path = "certified/main.rs"]
mod certified;
#[path = "controls.rs"]
mod controls;
#[path = "coverage.rs"]
mod coverage;
#[path = "data_aware.rs"]
mod data_aware;
#[path = "dimension.rs"]
mod dimension;
#[path = "gain_enclosures.rs"]
mod gain_enclosures;
#[path = "gain_laws.rs"]
mod gain_laws;
#[path = "gauge.rs"]
mod gauge;
#[path = "interval_laws.rs"]
mod interval_laws;
#[path = "invariance.rs"]
mod invariance;
#[path = "jacobian.rs"]
mod jacobian;
#[path = "judges.rs"]
mod judges;
#[path = "linalg.rs"]
mod linalg;
#[path = "network_checks.rs"]
mod network_checks;
#[path = "networks.rs"]
mod networks;
#[path = "partings.rs"]
mod partings;
#[path = "pivots.rs"]
mod pivots;
#[path = "properties.rs"]
mod properties;
#[path = "resizing.rs"]
mod resizing;
#[path = "statements.rs"]
mod statements;
#[path = "svd.rs"]
mod svd;
#[path = "tanh_slope.rs"]
mod tanh_slope;

/// The first failure settles a mutant: the process ends with it, where the harness would go on. Its name
/// sorts before every other test's. Tests that panic on purpose catch it, and name themselves.
#[test]
fn a_panic_ends_the_run() {
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
