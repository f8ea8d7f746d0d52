//! `normalise`: one file for each function, and refusals.

use std::fs;

use crate::{SMALL_NET, command::isotropic, command::stderr, done, folder, refused};

#[test]
fn copies_of_one_function_have_one_normal_form() {
    let folder = folder();
    let at = folder.path();
    let normal = |net: &str, out: &str, more: &[&str]| {
        let run = [&["normalise", net, "-o", out], more].concat();
        let output = isotropic(at, &run);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stderr(&output).contains("no network of this function is narrower"));
        fs::read_to_string(at.join(out)).unwrap()
    };
    // Two dead neurons more, in exact numbers: the same file to the last digit.
    let wider = ["--widths", "64,50,32,10", "-o", "wider.yaml"];
    done(at, &[&["resize", SMALL_NET][..], &wider].concat());
    let own = normal(SMALL_NET, "own.yaml", &[]);
    assert_eq!(normal("wider.yaml", "same.yaml", &[]), own);
    // Turned in f64 as well: another rank exactly, by rounding alone, which is refused, and seen through at 53 bits.
    done(
        at,
        &["rotate", "wider.yaml", "--seed", "4", "-o", "turned.yaml"],
    );
    refused(
        at,
        &["normalise", "turned.yaml", "-o", "c.yaml"],
        &["rounding the numbers can move it by", "--rank-at"],
    );
    assert_ne!(
        normal("turned.yaml", "turned-normal.yaml", &["--rank-at", "f64"]),
        own
    );
    let agree = done(at, &["diff", "own.yaml", "turned-normal.yaml"]);
    assert!(agree.starts_with("agree"), "{agree}");
    // The control: another function.
    let changed = own.replacen("1.", "2.", 1);
    fs::write(at.join("other.yaml"), changed).unwrap();
    assert_ne!(normal("other.yaml", "d.yaml", &[]), own);
    refused(
        at,
        &[
            "normalise",
            SMALL_NET,
            "--scalar",
            "rational",
            "-o",
            "c.yaml",
        ],
        &["square roots", "invariants --factors", "invariants --id"],
    );
}
