//! Claims: read exactly, checked in both their parts.

use super::*;

/// The certificate with another claim, signed anew, as it is read and checked.
fn claiming(certificate: &Certificate, claim: &str, files: (&Stored, &Stored)) -> Check {
    claiming_of(certificate, "certified_bound", claim, files)
}

fn claiming_of(
    certificate: &Certificate,
    what: &str,
    claim: &str,
    (a, b): (&Stored, &Stored),
) -> Check {
    let text = certificate.to_yaml();
    let above = &text[..text.rfind("digest: ").expect("a digest")];
    let lines = above.lines().map(|line| match line.split_once(": ") {
        Some((name, _)) if name == what => format!("{what}: \"{claim}\"\n"),
        _ => format!("{line}\n"),
    });
    let above: String = lines.collect();
    let text = format!("{above}digest: {}\n", fingerprint(above.as_bytes()));
    assert_eq!(Certificate::is_unedited(&text), Some(true));
    let read = Certificate::read("c.yaml", &text).expect("a certificate");
    check::<f64>(
        &read,
        (a, &Subject::of(b"a", a)),
        (b, &Subject::of(b"b", b)),
    )
    .expect("fits")
}

#[test]
fn a_claim_is_read_exactly() {
    let (a, b) = (soft_threshold("0.125"), soft_threshold("0.25"));
    let certificate = certificate_of(&a, &b, Region::Ball(Rational::from(1)));
    let bound = Rational::from_f64(certificate.certified_bound);
    let little = parse_exact("1e-40").expect("a number");
    let at = |claim: &Rational| claiming(&certificate, &claim.to_string(), (&a, &b));
    assert!(matches!(at(&bound), Check::Valid(_)));
    assert!(matches!(at(&(bound.clone() + &little)), Check::Valid(_)));
    // To nearest it is the bound itself.
    let below = bound - little;
    assert_eq!(below.to_f64(), certificate.certified_bound);
    assert!(matches!(at(&below), Check::Invalid(_)));
    assert!(matches!(
        claiming(&certificate, "1e400", (&a, &b)),
        Check::Valid(_)
    ));
    assert!(matches!(
        claiming(&certificate, "-1", (&a, &b)),
        Check::Invalid(_)
    ));
    assert!(matches!(
        claiming(&certificate, "unknown", (&a, &b)),
        Check::Unknown(_)
    ));
}

/// An f64 is at most a rational exactly where it is at most the rational rounded down.
#[test]
fn rounding_down_keeps_every_comparison() {
    let third = Rational::ratio(1, 3).expect("a ratio");
    let down = f64::from_rational_toward(&third, Toward::Down);
    assert!(Rational::from_f64(down) <= third && Rational::from_f64(down.next_up()) > third);
}

/// What is claimed of the exact functions alone is checked as well, and as exactly.
#[test]
fn a_claim_on_the_functions_is_checked_too() {
    let (a, b) = (soft_threshold("0.125"), soft_threshold("0.25"));
    let certificate = certificate_of(&a, &b, Region::Ball(Rational::from(1)));
    let bound = Rational::from_f64(certificate.function_bound);
    let at = |claim: &Rational| {
        claiming_of(&certificate, "function_bound", &claim.to_string(), (&a, &b))
    };
    assert!(matches!(at(&bound), Check::Valid(_)));
    let twice = bound.clone() + &bound;
    assert!(matches!(at(&twice), Check::Valid(_)));
    let below = bound - parse_exact("1e-40").expect("a number");
    assert!(matches!(at(&below), Check::Invalid(_)));
}

/// A bound that is not finite, and an observation that is no number, decide nothing; ∞ above a finite bound does.
#[test]
fn a_verdict_on_a_bound_needs_two_numbers() {
    for bound in [f64::INFINITY, f64::NAN] {
        assert_eq!(observe::judge(bound, 1.0), Verdict::Unknown);
    }
    assert_eq!(observe::judge(1.0, f64::NAN), Verdict::Unknown);
    assert_eq!(observe::judge(1.0, 1.0), Verdict::Verified);
    for observed in [1f64.next_up(), f64::INFINITY] {
        assert_eq!(observe::judge(1.0, observed), Verdict::Refuted);
    }
}

#[test]
fn a_map_with_rows_of_different_lengths_is_no_map() {
    let net = "isotropic: 1\nwidths: [1, 2, 1]\ngain: tanh\nlayers:\n  - weight: [[\"1\"], [\"2\"]]\n    bias: [\"0\", \"0\"]\n    \
               intrinsic_length_squared: \"0\"\n  - weight: [[\"1\", \"1\"]]\n    bias: [\"0\"]\n";
    let a = stored(net);
    let mut certificate = certificate_of(&a, &a, Region::Ball(Rational::from(1)));
    let mut embedding = Embedding::inclusion(&[1, 2, 1]);
    embedding.maps[0].matrix = Some(Matrix::from_diagonal_element(2, 2, Mp::from_f64(1.0)));
    certificate.relation = Relation::Embedded(embedding);
    let text = certificate.to_yaml();
    assert!(Certificate::read("c.yaml", &text).is_ok());
    let last = text
        .lines()
        .rfind(|line| line.starts_with("      - "))
        .expect("a row");
    let shorter = format!("{}\"", last.rsplit_once(' ').expect("two numbers").0);
    let ragged = text.replace(last, &shorter);
    assert_ne!(ragged, text);
    let error = Certificate::read("c.yaml", &ragged).expect_err("rows of 2 and 1");
    assert!(error.to_string().contains("c.yaml"), "{error}");
}

/// Both parts of a bound count, whatever they are.
#[test]
fn a_bound_is_the_sum_of_its_parts() {
    let of = |function, evaluation| {
        let relation = Relation::Unrelated;
        isotropic::certificate::Certified {
            function,
            evaluation,
            relation,
            labels: None,
        }
        .bound()
    };
    assert_eq!([of(0.0, 1.0), of(1.0, 0.0), of(0.0, 0.0)], [1.0, 1.0, 0.0]);
    assert_eq!(
        [of(1.0, 1.0), of(2.0, 1.0)],
        [2f64.next_up(), 3f64.next_up()]
    );
}
