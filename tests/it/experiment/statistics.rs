//! Paired differences, Student's t, and the rule.

use isotropic::experiment::{Paired, Sign, Verdict, columns, critical, mean, standard_error};

/// Two-sided 5 % points as tables of Student's t have them.
#[test]
fn critical_values_are_those_of_tables() {
    for (degrees, expected, within) in [
        (1, 12.706, 0.001),
        (2, 4.303, 0.001),
        (3, 3.182, 0.01),
        (4, 2.776, 0.002),
        (5, 2.571, 0.001),
        (7, 2.365, 0.001),
        (9, 2.262, 0.001),
        (19, 2.093, 0.001),
        (60, 2.000, 0.001),
    ] {
        let found = critical(degrees);
        assert!((found - expected).abs() < within, "{degrees}: {found}");
    }
    assert!(critical(0).is_infinite());
}

#[test]
fn a_paired_difference_is_what_a_hand_makes_of_it() {
    // Differences 1, 2, 3, 6: mean 3, s² = (4 + 1 + 0 + 9)/3, s.e. = √(14/3)/2.
    let paired = Paired::of(&[2.0, 4.0, 6.0, 10.0], &[1.0, 2.0, 3.0, 4.0]);
    let error = (14f64 / 3.0).sqrt() / 2.0;
    assert!((paired.mean() - 3.0).abs() < 1e-15);
    assert!((paired.standard_error() - error).abs() < 1e-15);
    assert!((paired.t() - 3.0 / error).abs() < 1e-14);
    assert!((paired.effect() - 3.0 / (14f64 / 3.0).sqrt()).abs() < 1e-14);
    // 3.18 · 1.08 = 3.44 > 3.
    assert_eq!(paired.sign(), Sign::Undecided);
    assert_eq!(mean(&[]), 0.0);
    assert!(standard_error(&[1.0]).is_infinite());
}

#[test]
fn a_sign_needs_the_interval_to_leave_out_zero() {
    let of = |differences: &[f64]| {
        Paired {
            differences: differences.to_vec(),
        }
        .sign()
    };
    assert_eq!(of(&[1.0, 1.1, 0.9, 1.05]), Sign::Positive);
    assert_eq!(of(&[-1.0, -1.1, -0.9, -1.05]), Sign::Negative);
    assert_eq!(of(&[1.0, -1.0, 0.5, -0.4]), Sign::Undecided);
    // One seed says nothing, however large.
    assert_eq!(of(&[100.0]), Sign::Undecided);
    assert_eq!(of(&[0.0, 0.0]), Sign::Undecided);
}

#[test]
fn a_claim_needs_everything_and_fails_with_anything() {
    use Sign::{Negative, Positive, Undecided};
    assert_eq!(Verdict::all([Positive, Positive]), Verdict::Holds);
    assert_eq!(Verdict::all([Positive, Undecided]), Verdict::Undecided);
    assert_eq!(
        Verdict::all([Positive, Undecided, Negative]),
        Verdict::Fails
    );
    assert_eq!(Verdict::all([]), Verdict::Undecided);
    // What fails is printed first.
    assert!(Verdict::Fails < Verdict::Undecided && Verdict::Undecided < Verdict::Holds);
}

#[test]
fn columns_turn_seeds_into_numbers() {
    let found = columns(&[vec![1.0, 2.0], vec![3.0, 4.0], vec![5.0, 6.0]]);
    assert_eq!(found, [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]);
    assert!(columns(&[]).is_empty());
}
