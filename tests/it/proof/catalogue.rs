//! What is proved and where: every statement has a script or a reason, and the index says what there is.

use isotropic::{
    judge::Verdict,
    proof::check_all,
    statement::{Proof, declarations, proof_of, proved_only, rocq},
};

#[test]
fn every_statement_has_a_script_or_a_reason() {
    let mut proved = 0;
    for declaration in declarations().expect("readable") {
        let id = &declaration.id;
        assert_ne!(
            declaration.theorems.is_empty(),
            declaration.no_script.is_none(),
            "{id}"
        );
        if !declaration.theorems.is_empty() {
            check_all(&declaration.theorems).unwrap_or_else(|why| panic!("{id}: {why}"));
            proved += 1;
        }
    }
    assert!(proved >= 20, "{proved} scripts only");
}

#[test]
fn a_statement_is_proved_in_one_place_or_both() {
    let rocq = rocq().expect("readable");
    for declaration in declarations().expect("readable") {
        let expected = match (
            declaration.theorems.is_empty(),
            rocq.contains_key(&declaration.id),
        ) {
            (true, false) => Proof::None,
            (true, true) => Proof::Rocq,
            (false, false) => Proof::Kernel,
            (false, true) => Proof::Both,
        };
        let expected = match declaration.unproved.clone() {
            Some(missing) => Proof::Part {
                by: Box::new(expected),
                missing,
            },
            None => expected,
        };
        assert_eq!(proof_of(&declaration), expected, "{}", declaration.id);
    }
    // Half a proof is called half of one, and claims nothing by itself.
    let mut half = declarations().expect("readable").remove(0);
    half.unproved = Some("reflections".into());
    assert_eq!(proof_of(&half).word(), "both, part");
    assert_eq!(proof_of(&half).verdict(), Verdict::Unknown);
    // Of a statement without any proof, no part is missing.
    for declaration in declarations().expect("readable") {
        let proved = matches!(proof_of(&declaration), Proof::Part { .. });
        assert_eq!(proved, declaration.unproved.is_some(), "{}", declaration.id);
    }
    // A script that does not check is no proof, whatever Rocq has.
    let mut broken = declarations().expect("readable").remove(0);
    assert_eq!(broken.id, "A1");
    broken.theorems[0].proof.pop();
    assert!(matches!(proof_of(&broken), Proof::Fails(_)));
    assert_eq!(proof_of(&broken).word(), "FAILS");
}

#[test]
fn what_is_not_measured_says_so() {
    for declaration in proved_only().expect("readable") {
        let id = &declaration.id;
        assert!(declaration.judge.is_empty(), "{id} is not measured");
        assert!(!declaration.theorems.is_empty(), "{id} is proved");
        assert!(!declaration.controls.is_empty(), "{id} has controls");
    }
}
