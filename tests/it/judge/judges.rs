//! The judges themselves: what they need to be convinced, and what must never pass.

use isotropic::{
    Error,
    judge::{Slope, Tally, Verdict, short},
    scalar::{Field, Real},
    statement::{Arithmetic, Judge, Magnitude, Measurement, Sample},
};

const ALL: [Judge; 7] = [
    Judge::Exact,
    Judge::Bitwise,
    Judge::Ratio,
    Judge::Difference,
    Judge::Bound,
    Judge::Rank,
    Judge::Sampling,
];

fn one(residual: f64, allowance: f64) -> Measurement {
    let sample = Sample {
        residual: Magnitude::from_f64(residual),
        allowance: Magnitude::from_f64(allowance),
        size: Magnitude::from_f64(1.0),
    };
    Measurement {
        samples: vec![sample],
        ..Measurement::default()
    }
}

fn tally(outcomes: Vec<Result<Option<Measurement>, Error>>) -> Tally {
    let mut tally = Tally::default();
    for (index, outcome) in outcomes.into_iter().enumerate() {
        tally.add(index, outcome);
    }
    tally
}

#[test]
fn nothing_is_never_verified() {
    for judge in ALL {
        assert_eq!(
            tally(vec![]).verdict(judge),
            Verdict::Unknown,
            "{judge:?}: no case"
        );
        assert_eq!(
            tally(vec![Ok(None)]).verdict(judge),
            Verdict::Unknown,
            "{judge:?}: does not apply"
        );
        let empty = Measurement::default();
        assert_eq!(
            tally(vec![Ok(Some(empty))]).verdict(judge),
            Verdict::Unknown,
            "{judge:?}: no residual"
        );
    }
}

#[test]
fn nan_and_failed_operations_are_never_verified() {
    let failed = || {
        Err(Error::InputLength {
            found: 1,
            expected: 2,
        })
    };
    for judge in ALL {
        for (residual, allowance) in [
            (f64::NAN, 1.0),
            (0.5, f64::NAN),
            (0.0, f64::NAN),
            (f64::INFINITY, f64::INFINITY),
        ] {
            let outcomes = vec![Ok(Some(one(0.5, 1.0))), Ok(Some(one(residual, allowance)))];
            assert_ne!(
                tally(outcomes).verdict(judge),
                Verdict::Verified,
                "{judge:?}: {residual}/{allowance}"
            );
        }
        let exact = one(0.0, 0.0);
        assert_ne!(
            tally(vec![Ok(Some(exact)), failed()]).verdict(judge),
            Verdict::Verified,
            "{judge:?}"
        );
    }
}

#[test]
fn an_allowance_without_bound_is_no_evidence() {
    // 0.5/∞ is a good ratio, and 0.5 a good relative residual: only the allowance gives it away.
    let unbounded = tally(vec![Ok(Some(one(0.5, f64::INFINITY)))]);
    assert_eq!(unbounded.nan, Some(0));
    assert_eq!((unbounded.rejected, unbounded.caught), (0, 1));
    assert_eq!(unbounded.worst_case, None);
    assert_eq!(unbounded.verdict(Judge::Ratio), Verdict::Unknown);
}

#[test]
fn failed_cases_count_as_cases() {
    let failed = || {
        Err(Error::InputLength {
            found: 1,
            expected: 2,
        })
    };
    let all = tally(vec![failed(), failed(), Ok(None), Ok(Some(one(0.5, 1.0)))]);
    assert_eq!((all.cases, all.samples), (3, 1));
    assert_eq!(all.failing_case(), Some(0), "the first that failed");
}

#[test]
fn the_case_to_look_at_first_is_one_that_is_to_blame() {
    let kept = tally(vec![Ok(Some(one(0.25, 1.0))), Ok(Some(one(1.0, 1.0)))]);
    assert_eq!((kept.rejected, kept.worst_case), (0, Some(1)));
    assert_eq!(
        kept.verdict(Judge::Ratio),
        Verdict::Verified,
        "1 is allowed"
    );
    assert_eq!(kept.failing_case(), None);
    // Of two equally bad cases the first.
    let bad = || Ok(Some(one(1.5, 1.0)));
    let ties = tally(vec![Ok(Some(one(0.5, 1.0))), Ok(None), bad(), bad()]);
    assert_eq!((ties.rejected, ties.failing_case()), (2, Some(2)));
}

#[test]
fn one_bad_case_refutes() {
    for judge in ALL {
        let outcomes = vec![
            Ok(Some(one(0.5, 1.0))),
            Ok(Some(one(1.5, 1.0))),
            Ok(Some(one(0.5, 1.0))),
        ];
        let tally = tally(outcomes);
        assert_eq!(tally.verdict(judge), Verdict::Refuted, "{judge:?}");
        assert_eq!((tally.rejected, tally.worst_case), (1, Some(1)));
    }
    let broken = Measurement {
        broken: Some("row 3".into()),
        ..one(0.0, 1.0)
    };
    let tally = tally(vec![Ok(Some(broken))]);
    assert_eq!(tally.verdict(Judge::Rank), Verdict::Refuted);
    let complaint = tally.complaint(Judge::Rank).expect("one");
    assert!(complaint.starts_with("case 0: row 3; "), "{complaint}");
}

#[test]
fn complaints_name_the_case_and_whose_fault_it_is() {
    let mut excess = tally(vec![Ok(Some(one(0.5, 1.0))), Ok(Some(one(1.5, 1.0)))]);
    assert_eq!(
        excess.complaint(Judge::Bound).as_deref(),
        Some(
            "case 1: 1.50e0 times what is allowed; a counterexample to this program's own bound: the fault is the \
             program's or the theory's, not the network's"
        )
    );
    excess.survived = Some(Arithmetic::Mp128);
    assert_eq!(
        excess.complaint(Judge::Ratio).as_deref(),
        Some(
            "case 1: 1.50e0 times what is allowed (128 bits confirm it); a counterexample to the statement as this \
             program computes it: the fault is the program's or the theory's, not the network's"
        )
    );
    let kept = tally(vec![Ok(Some(one(1.0, 1.0)))]);
    assert_eq!(kept.complaint(Judge::Ratio), None);
    let none = tally(vec![]).complaint(Judge::Ratio);
    assert_eq!(none.as_deref(), Some("no case"));
    // A counterexample is named before what could not be measured, and what is unclear is no counterexample.
    let mut unclear = tally(vec![Ok(Some(one(0.5, 1.0)))]);
    unclear.leave_unclear(1, "it does not converge".into());
    assert_eq!(unclear.verdict(Judge::Ratio), Verdict::Unknown);
    assert_eq!((unclear.cases, unclear.failing_case()), (2, Some(1)));
    let complaint = unclear.complaint(Judge::Ratio);
    assert_eq!(complaint.as_deref(), Some("case 1: it does not converge"));
    unclear.add(2, Ok(Some(one(2.0, 1.0))));
    let complaint = unclear.complaint(Judge::Ratio).expect("one");
    assert!(complaint.starts_with("case 2: 2.00e0 times"), "{complaint}");
}

#[test]
fn what_is_set_aside_is_no_evidence() {
    let mut aside = Tally::default();
    aside.set_aside("underflow".into());
    aside.set_aside("overflow".into());
    assert_eq!((aside.cases, aside.set_aside), (0, 2));
    assert_eq!(aside.why_aside.as_deref(), Some("underflow"));
    assert_eq!(aside.verdict(Judge::Ratio), Verdict::Unknown);
}

#[test]
fn exact_allows_nothing_and_a_bound_must_not_be_vacuous() {
    let tiny = 1e-300;
    for judge in [Judge::Exact, Judge::Bitwise] {
        assert_eq!(
            tally(vec![Ok(Some(one(0.0, 0.0)))]).verdict(judge),
            Verdict::Verified
        );
        assert_eq!(
            tally(vec![Ok(Some(one(tiny, 0.0)))]).verdict(judge),
            Verdict::Refuted
        );
    }
    assert_eq!(
        tally(vec![Ok(Some(one(0.0, 1.0)))]).verdict(Judge::Bound),
        Verdict::Refuted,
        "vacuous"
    );
    assert_eq!(
        tally(vec![Ok(Some(one(0.9, 1.0)))]).verdict(Judge::Bound),
        Verdict::Verified
    );
}

#[test]
fn magnitudes_are_shown_far_beyond_the_range_of_doubles() {
    assert_eq!(short(&Magnitude::from_f64(1234.0)), "1.23e3");
    assert_eq!(short(&Magnitude::from_f64(0.0)), "0");
    // 2^-2000 = 8.7098…e-603.
    let tiny = Magnitude::from_f64(1.0).scale_by_power_of_two(-2000);
    assert_eq!(short(&tiny), "8.71e-603");
}

#[test]
fn verdicts_have_the_words_of_the_reports() {
    let words = [Verdict::Unknown, Verdict::Verified, Verdict::Refuted].map(Verdict::word);
    assert_eq!(words, ["unknown", "verified", "refuted"]);
}

#[test]
fn verdicts_combine_towards_doubt() {
    use Verdict::{Refuted, Unknown, Verified};
    assert_eq!(Verified.and(Verified), Verified);
    assert_eq!(Verified.and(Unknown), Unknown);
    assert_eq!(Unknown.and(Refuted), Refuted);
    assert_eq!(Refuted.and(Verified), Refuted);
}

/// Relative residuals 2^(-slope · bits + wobble) on the ladder.
fn ladder(expected: f64, residual: impl Fn(u32) -> f64) -> Slope {
    let rungs: Vec<(u32, Tally)> = [53, 64, 128, 256, 512, 1024]
        .into_iter()
        .map(|bits| {
            let exponent = residual(bits);
            let magnitude = Magnitude::from_f64(exponent.fract().exp2())
                .scale_by_power_of_two(exponent.trunc() as i64);
            let mut measurement = one(0.0, 1.0);
            measurement.samples[0].residual = magnitude;
            (bits, tally(vec![Ok(Some(measurement))]))
        })
        .collect();
    Slope::fit(expected, rungs.iter().map(|(bits, tally)| (*bits, tally)))
}

#[test]
fn the_precision_law_tells_exact_from_approximate() {
    let exact = ladder(-1.0, |bits| 3.0 - f64::from(bits));
    assert_eq!(exact.verdict(), Verdict::Verified, "{exact:?}");
    // The whole ladder is allowed 0.01 a bit; a shorter one more, for the same constant.
    let Slope::Fitted { tolerance, .. } = exact else {
        panic!("six residuals have a slope");
    };
    assert!((tolerance - 0.01).abs() <= 2.0 * f64::EPSILON * 0.01);
    // An error of 1e-12 that no precision removes; one that falls with two thirds of a bit.
    assert_eq!(
        ladder(-1.0, |bits| (3.0 - f64::from(bits)).max(-40.0)).verdict(),
        Verdict::Refuted
    );
    assert_eq!(
        ladder(-1.0, |bits| -f64::from(bits) * 2.0 / 3.0).verdict(),
        Verdict::Refuted
    );
    // A fault at 512 bits and beyond.
    assert_eq!(
        ladder(-1.0, |bits| (3.0 - f64::from(bits)).max(-500.0)).verdict(),
        Verdict::Refuted
    );
    // Central differences: two thirds of a bit, and neither a whole one nor the third of one-sided ones.
    let slopes = [-1.0, -2.0 / 3.0, -1.0 / 3.0];
    let verdicts = slopes.map(|s| ladder(-2.0 / 3.0, |bits| s * f64::from(bits)).verdict());
    assert_eq!(
        verdicts,
        [Verdict::Refuted, Verdict::Verified, Verdict::Refuted]
    );
    assert_eq!(Slope::fit(-1.0, []).verdict(), Verdict::Unknown);
    let zero = tally(vec![Ok(Some(one(0.0, 1.0)))]);
    assert_eq!(
        Slope::fit(-1.0, [(53, &zero), (64, &zero)]),
        Slope::Undefined,
        "below the line"
    );
}

/// A tally that is stored and read has the same bits, at any size: digits are hexadecimal both ways.
#[test]
fn a_tally_is_read_as_it_was_written() {
    let mut worst = Tally::default();
    for k in 0..64 {
        let odd = Magnitude::from_int(0x1234_5678_9abc_def1_i64 - (k << 40));
        let size = Magnitude::from_int(3 + 2 * k);
        let sample = Sample {
            residual: odd.scale_by_power_of_two(977 * (k - 32)),
            allowance: size.clone(),
            size,
        };
        worst.add(
            k as usize,
            Ok(Some(Measurement {
                samples: vec![sample],
                ..Measurement::default()
            })),
        );
        let text = serde_json::to_string(&worst).expect("no cycles");
        let back: Tally = serde_json::from_str(&text).expect("its own");
        assert_eq!(back, worst, "{text}");
    }
}

#[test]
fn a_slope_is_demanded_where_something_has_to_fall() {
    let slopes = ALL.map(Judge::slope);
    let law = [Some(-1.0), Some(-0.666_666_666_666_666_6)];
    assert_eq!(slopes[2..4], law);
    for (judge, slope) in ALL.into_iter().zip(slopes) {
        let falls = matches!(judge, Judge::Ratio | Judge::Difference);
        assert_eq!(slope.is_some(), falls, "{judge:?}");
    }
}
