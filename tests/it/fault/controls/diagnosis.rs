//! What a failing ladder of precisions is taken for.

use super::*;

/// A rung with one residual, in units of what is allowed there.
fn rung(arithmetic: Arithmetic, log2_residual: i32, log2_allowance: i32) -> Rung {
    let power = |e: i32| {
        let one = rug::Rational::from(1);
        let value = if e < 0 {
            one >> e.unsigned_abs()
        } else {
            one << e.unsigned_abs()
        };
        isotropic::scalar::Field::from_rational(&Rational(value))
    };
    let mut tally = Tally::default();
    let mut measurement = Measurement::default();
    measurement.samples.push(Sample {
        residual: power(log2_residual),
        allowance: power(log2_allowance),
        size: power(0),
    });
    tally.add(0, Ok(Some(measurement)));
    Rung {
        arithmetic,
        judge: Judge::Ratio,
        tally,
    }
}

fn diagnosed(rungs: Vec<Rung>) -> Diagnosis {
    let points: Vec<(u32, &Tally)> = rungs
        .iter()
        .filter(|rung| rung.arithmetic.on_ladder())
        .filter_map(|rung| Some((rung.arithmetic.bits()?, &rung.tally)))
        .collect();
    let slope = Slope::fit(-1.0, points);
    Replayed { rungs, slope }.diagnosis()
}

#[test]
fn rounding_falls_with_the_precision() {
    let (single, double, wide) = (Arithmetic::F32, Arithmetic::F64, Arithmetic::Mp256);
    // Within bounds everywhere.
    let holds = vec![rung(double, -50, -49), rung(wide, -253, -252)];
    assert_eq!(diagnosed(holds), Diagnosis::Holds);
    // Beyond its bound in single precision alone.
    let one = vec![
        rung(single, -18, -20),
        rung(double, -50, -49),
        rung(wide, -253, -252),
    ];
    assert_eq!(diagnosed(one), Diagnosis::Rounding);
    // Beyond its bound everywhere, and falling all the same: the bound is too small.
    let all = vec![rung(double, -48, -49), rung(wide, -251, -252)];
    assert_eq!(diagnosed(all), Diagnosis::Rounding);
    // 1e-6 at every precision.
    let flat = vec![
        rung(single, -20, -18),
        rung(double, -20, -49),
        rung(wide, -20, -252),
    ];
    assert_eq!(diagnosed(flat), Diagnosis::Bug);
    // Falling, and not zero over ℚ.
    let exact = vec![rung(Arithmetic::Rational, -20, -30), rung(double, -50, -49)];
    assert_eq!(diagnosed(exact), Diagnosis::Bug);
    assert_eq!(diagnosed(vec![]), Diagnosis::Unknown);
}
