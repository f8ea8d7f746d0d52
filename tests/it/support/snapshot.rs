//! Numbers kept from run to run: what a bound was yesterday, to the last digit.
//!
//! Laws say that a bound holds and is not vacuous; a bound twice as large obeys them all. Here every bound of a fixed set
//! of networks is compared with the one that is kept in tests/data/snapshots, so that a bound that moves is seen by
//! whoever moves it. It may move for a good reason: `ISOTROPIC_WRITE=1 cargo test --test it snapshot` keeps the new numbers,
//! and the change that made them says why.

use std::{fmt::Write, path::PathBuf};

use isotropic::{
    certificate::fingerprint,
    scalar::{Field, Interval, interval::Endpoint, text::hex},
};

/// Compares the lines with those that are kept under this name.
pub fn compare(name: &str, lines: &[String]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/snapshots")
        .join(format!("{name}.txt"));
    if std::env::var_os("ISOTROPIC_WRITE").is_some() {
        std::fs::write(&path, lines.join("\n") + "\n").expect("written");
        return;
    }
    let kept = std::fs::read_to_string(&path).expect("the file is there");
    if let Some(difference) = difference(&kept, lines) {
        panic!("{}: {difference}", path.display());
    }
}

/// What differs, the first lines of it.
pub fn difference(kept: &str, lines: &[String]) -> Option<String> {
    let kept: Vec<&str> = kept.lines().collect();
    let pairs = kept.iter().zip(lines).filter(|(kept, line)| kept != line);
    let mut shown = String::new();
    for (kept, line) in pairs.clone().take(5) {
        write!(shown, "\n  was {kept}\n  is  {line}").expect("a string");
    }
    if kept.len() != lines.len() {
        write!(shown, "\n  {} lines, {} kept", lines.len(), kept.len()).expect("a string");
    }
    (!shown.is_empty()).then(|| format!("{} lines differ{shown}", pairs.count()))
}

/// A number to all digits: readable, and beside it the digest of its exact digits.
pub fn exactly<S: Field>(x: &S) -> String {
    let digits = hex(x).unwrap_or_else(|| x.to_string());
    format!(
        "{:.4e} {}",
        x.to_f64(),
        &fingerprint(digits.as_bytes())[..8]
    )
}

/// Both ends of an interval to all digits.
pub fn ends<E: Endpoint>(x: &Interval<E>) -> String {
    format!("[{}, {}]", exactly(x.lo()), exactly(x.hi()))
}

/// A number that plain floats computed: elementary functions of other systems may round otherwise.
pub fn about(x: f64) -> String {
    format!("{x:.8e}")
}

#[test]
fn control_a_number_that_moved_is_seen() {
    let lines = |x: f64| vec![format!("a {}", exactly(&x)), "b".to_string()];
    let kept = lines(0.1).join("\n");
    assert_eq!(difference(&kept, &lines(0.1)), None);
    let moved = difference(&kept, &lines(0.1f64.next_up())).expect("a difference");
    assert!(
        moved.starts_with("1 lines differ\n  was a 1.0000e-1 "),
        "{moved}"
    );
    let fewer = difference(&kept, &lines(0.1)[..1]).expect("a difference");
    assert!(fewer.ends_with("1 lines, 2 kept"), "{fewer}");
}
