//! Properties over the public strategies, and the promises of the strategies themselves.

use isotropic::{
    gauge::{Gauge, diagonalise, rotate},
    linalg::Matrix,
    network::{Network, evaluate},
    resize::{compress, grow, grow_with_bias, remove},
    scalar::{Mp, Rational, Real},
    strategy::{Case, Spec, cases, check, networks},
};
use num_traits::Zero;
use proptest::prelude::*;

#[test]
fn rotation_is_exact_over_the_rationals() {
    check(
        "rotation_is_exact_over_the_rationals",
        64,
        cases(Spec::exact()),
        |case| {
            let y = evaluate(&case.network, &case.input)?;
            let rotated = (1..)
                .zip(&case.rotations)
                .try_fold(case.network.clone(), |network, (l, r)| {
                    rotate(&network, l, r)
                })?;
            prop_assert_eq!(y, evaluate(&rotated, &case.input)?);
            Ok(())
        },
    );
}

#[test]
fn growth_and_removal_are_exact_over_the_rationals() {
    check(
        "growth_and_removal_are_exact_over_the_rationals",
        64,
        cases(Spec::exact()),
        |case| {
            let y = evaluate(&case.network, &case.input)?;
            for l in case.network.hidden() {
                let width = case.network.layer(l).width();
                let rows = case.network.layer(l + 1).width();
                let column = Matrix::from_fn(rows, 1, |i, _| Rational::from(i as i64 - 1));
                let grown = grow(&case.network, l, &column)?;
                prop_assert_eq!(&y, &evaluate(&grown, &case.input)?);
                prop_assert_eq!(&case.network, &remove(&grown, l, width + 1)?);
                let o = case.network.length_squared(l);
                let beta = o.clone() / (Rational::from(1) + &o);
                let biased = grow_with_bias(&case.network, l, &beta, &column)?;
                prop_assert_eq!(&y, &evaluate(&biased, &case.input)?);
                let back = remove(&biased, l, width + 1)?;
                prop_assert_eq!(case.network.length_squared(l), back.length_squared(l));
                prop_assert_eq!(
                    case.network.layer(l + 1).psi_or_zero(),
                    back.layer(l + 1).psi_or_zero()
                );
            }
            Ok(())
        },
    );
}

/// Every gauge, applied twice, gives again a network with the zeros it promises, and the second time
/// changes no zero.
fn gauges_promise_their_zeros<S: Real>(case: &Case) -> Result<(), TestCaseError> {
    let network: Network<S> = case.network.cast()?;
    let once = diagonalise(&network, Gauge::Triangular, &[])?;
    for l in once.hidden() {
        let weight = &once.layer(l).weight;
        for i in 0..weight.nrows() {
            for j in 0..weight.ncols().min(i) {
                prop_assert!(weight[(i, j)].is_zero());
            }
        }
    }
    let full = diagonalise(&network, Gauge::Alternate, &[]);
    prop_assert_eq!(full.is_err(), network.depth() < 3);
    Ok(())
}

#[test]
fn gauges_promise_their_zeros_in_f64() {
    check(
        "gauges_promise_their_zeros_in_f64",
        64,
        cases(Spec::real()),
        |case| gauges_promise_their_zeros::<f64>(&case),
    );
}

#[test]
fn gauges_promise_their_zeros_in_mp128() {
    check(
        "gauges_promise_their_zeros_in_mp128",
        16,
        cases(Spec::real()),
        |case| gauges_promise_their_zeros::<Mp<128>>(&case),
    );
}

#[test]
fn compressing_twice_changes_nothing_more() {
    check(
        "compressing_twice_changes_nothing_more",
        64,
        networks(Spec::real()),
        |network| {
            let once = compress(&network.cast::<f64>()?)?.network;
            let twice = compress(&once)?;
            prop_assert_eq!(twice.removals.len(), 0);
            prop_assert_eq!(once, twice.network);
            Ok(())
        },
    );
}

/// The message of a property that fails on purpose.
fn failure(
    property: impl Fn(Case) -> Result<(), TestCaseError> + std::panic::UnwindSafe,
) -> String {
    let run = std::panic::catch_unwind(|| check("on_purpose", 64, cases(Spec::exact()), property));
    *run.expect_err("the property must fail")
        .downcast::<String>()
        .expect("a message")
}

#[test]
fn a_failure_names_its_seed_and_replay() {
    let message = failure(|_| Err(TestCaseError::fail("always")));
    let line = "seed 1, case 0; replay: ISOTROPIC_SEED=1 ISOTROPIC_CASE=0 cargo test --all-features --test it \
                on_purpose";
    assert!(message.contains(line), "{message}");
}

#[test]
fn a_failure_shows_its_numbers_and_no_storage() {
    let message = failure(|case| {
        prop_assert!(case.network.depth() < 3 || case.network.layer(2).bias[0] < Rational::from(1));
        Ok(())
    });
    for part in [
        "network 1-1-1-1, gain",
        "layer 2: W = [0], b = [1",
        "\n  input [0]",
        "\n  R_1 = [1]",
    ] {
        assert!(message.contains(part), "`{part}` in {message}");
    }
    assert!(
        !message.contains("VecStorage") && !message.contains("Dyn("),
        "{message}"
    );
}

/// Fails in some case, not the first: for [`a_replay_runs_the_failing_case_alone`], which runs it on its own.
#[test]
#[ignore = "fails on purpose"]
fn fails_on_purpose() {
    check("fails_on_purpose", 64, cases(Spec::exact()), |case| {
        println!("tested");
        prop_assert!(case.network.widths() != [2, 3, 1] && case.network.depth() < 3);
        Ok(())
    });
}

#[test]
fn a_replay_runs_the_failing_case_alone() {
    let run = |variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(std::env::current_exe().expect("known"));
        command.args([
            "--ignored",
            "--exact",
            "--nocapture",
            "strategy::properties::fails_on_purpose",
        ]);
        command.envs(variables.iter().copied());
        let output = command.output().expect("it starts");
        assert!(!output.status.success());
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).expect("UTF-8")
    };
    let shown = |text: &str| {
        let from = text.find("smallest case found").expect("shown");
        let to = text[from..].find("replay:").expect("shown");
        text[from..from + to].to_string()
    };
    let all = run(&[("ISOTROPIC_SEED", "3")]);
    let case = all
        .split("ISOTROPIC_CASE=")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .expect("a number");
    let alone = run(&[("ISOTROPIC_SEED", "3"), ("ISOTROPIC_CASE", case)]);
    assert_eq!(shown(&all), shown(&alone));
    // The cases before it are not tested again.
    let tested = |text: &str| text.matches("tested\n").count();
    let before: usize = case.parse().expect("a number");
    assert_eq!(tested(&all) - tested(&alone), before);
    assert!(before > 0, "the first case fails: choose another seed");
}

#[test]
fn dimensions_shrink_before_entries() {
    // Fails on every network with a hidden layer, whatever its numbers: the smallest has one, of
    // width 1, and all numbers are 0.
    let seen = std::sync::Mutex::new(vec![]);
    let message = failure(|case| {
        let entries: usize = case.network.parameters().filter(|x| !x.is_zero()).count();
        seen.lock()
            .expect("no panic while held")
            .push((case.network.widths(), entries));
        prop_assert!(case.network.depth() < 2);
        Ok(())
    });
    let seen = seen.into_inner().expect("no panic while held");
    let failing: Vec<_> = seen.iter().filter(|(widths, _)| widths.len() > 2).collect();
    let (widths, _) = failing.last().expect("a failing case");
    assert_eq!(widths, &[1, 1, 1], "{message}");
    assert_eq!(
        failing.iter().map(|(_, entries)| *entries).min(),
        Some(0),
        "{message}"
    );
    // Once widths have begun to be 1 everywhere they stay so, while entries still shrink.
    let first_small = seen
        .iter()
        .position(|(widths, _)| widths == &[1, 1, 1])
        .expect("reached");
    assert!(
        seen[first_small].1 > 0,
        "numbers were shrunk before dimensions"
    );
}
