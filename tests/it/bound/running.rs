//! Running error bounds: every operation passes on the errors of its operands as its equation says, and the parameters' own
//! errors are those of their norms.

use isotropic::{
    Gain, Layer, Network,
    bound::{ParameterError, Running},
    linalg::{Matrix, Vector},
    scalar::{Field, Rational, Real},
};
use num_traits::{One, Zero};

fn of(value: f64, error: f64) -> Running {
    Running::with_error(value, error)
}

/// Every number here is a short binary fraction: both sides of each equation are computed without rounding.
#[test]
fn every_operation_passes_errors_on() {
    let (a, b) = (of(6.0, 5.0), of(-2.0, 3.0));
    let cases = [
        ("a + b", a + b, 4.0, 5.0 + 3.0 + 4.0),
        ("a - b", a - b, 8.0, 5.0 + 3.0 + 8.0),
        ("a b", a * b, -12.0, 6.0 * 3.0 + 2.0 * 5.0 + 12.0),
        ("a / b", a / b, -3.0, (5.0 + 3.0 * 3.0) / 2.0 + 3.0),
        ("a % b", of(7.0, 5.0) % of(4.0, 3.0), 3.0, 5.0 + 3.0 + 3.0),
        ("-a", -a, -6.0, 5.0),
        ("√a", of(16.0, 5.0).sqrt(), 4.0, 5.0 / 8.0 + 4.0),
        ("√a without an error", of(16.0, 0.0).sqrt(), 4.0, 4.0),
        ("exp a", Real::exp(&of(0.0, 5.0)), 1.0, 5.0 + 2.0),
        ("ln a", Real::ln(&of(1.0, 5.0)), 0.0, 5.0),
        ("tanh a", Real::tanh(&of(0.0, 5.0)), 0.0, 5.0),
        ("16 a", a.scale_by_power_of_two(4), 96.0, 80.0),
        ("a + 0", a + Running::zero(), 6.0, 5.0),
        ("1 · a", Running::one() * a, 6.0, 5.0 + 6.0),
        ("0 · ∞", Running::zero() * of(1.0, f64::INFINITY), 0.0, 0.0),
    ];
    for (name, found, value, error) in cases {
        assert_eq!((found.to_f64(), found.error()), (value, error), "{name}");
    }
    assert_eq!(a, of(6.0, 0.0));
    assert_ne!(a, b);
}

/// ln, exp and tanh where they round: the derivative times the error, and 2, 2 and 4 roundings.
#[test]
fn elementary_functions_count_their_own_roundings() {
    let a = of(0.5, 8.0);
    let (exp, ln, tanh) = (0.5f64.exp(), 0.5f64.ln(), 0.5f64.tanh());
    assert_eq!(Real::exp(&a).error(), exp * 8.0 + 2.0 * exp);
    assert_eq!(Real::ln(&a).error(), 16.0 + 2.0 * -ln);
    assert_eq!(
        Real::tanh(&a).error(),
        (1.0 - tanh * tanh) * 8.0 + 4.0 * tanh
    );
}

/// Sums, updates and plane rotations are what their operations make of them.
#[test]
fn products_of_vectors_are_sums_of_products() {
    let (x, y) = ([of(1.0, 1.0), of(2.0, 0.0)], [of(4.0, 0.0), of(8.0, 2.0)]);
    let dot = <Running as Field>::dot(&x, &y);
    // 1 · 4: 4 + 4; 2 · 8: 4 + 16; the sum 20 once.
    assert_eq!((dot.to_f64(), dot.error()), (20.0, 8.0 + 20.0 + 20.0));
    assert_eq!(Running::sum_of_squares(&x).to_f64(), 5.0);

    let mut updated = y;
    Running::axpy(&mut updated, &of(2.0, 0.0), &x);
    // 2 · 1: 2 + 2, and 6 once; 2 · 2: 4, the error 2 and 12 once.
    assert_eq!(
        updated.map(|z| (z.to_f64(), z.error())),
        [(6.0, 10.0), (12.0, 18.0)]
    );

    let (mut p, mut q) = ([of(2.0, 0.0)], [of(4.0, 0.0)]);
    Running::rotate(&mut p, &mut q, &of(0.5, 0.0), &of(0.25, 0.0));
    // ½ · 2 - ¼ · 4 = 0 and ¼ · 2 + ½ · 4 = 2.5.
    assert_eq!((p[0].to_f64(), p[0].error()), (0.0, 2.0));
    assert_eq!((q[0].to_f64(), q[0].error()), (2.5, 0.5 + 2.0 + 2.5));
}

/// A number that 24 bits hold is a constant of every precision; 1/10 is rounded once.
#[test]
fn a_rational_is_rounded_unless_it_is_short() {
    let half = Running::from_rational(&Rational::ratio(1, 2).expect("not over 0"));
    let tenth = Running::from_rational(&Rational::ratio(1, 10).expect("not over 0"));
    assert_eq!((half.to_f64(), half.error()), (0.5, 0.0));
    assert_eq!((tenth.to_f64(), tenth.error()), (0.1, 0.1));
}

/// κ u of a layer's parameters is κ times their norms, each on its own.
#[test]
fn a_relative_error_is_that_of_the_norms() {
    let hidden = Layer {
        weight: Matrix::from_row_slice(2, 1, &[3.0, 4.0]),
        bias: Vector::from_column_slice(&[6.0, 8.0]),
        psi: None,
    };
    let output = Layer {
        weight: Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, 1.0]),
        bias: Vector::from_column_slice(&[0.0, 3.0]),
        psi: Some(Vector::from_column_slice(&[12.0, 16.0])),
    };
    let network = Network::new(vec![hidden, output], Gain::Tanh, Some(vec![1.0]));
    let network = network.expect("fits");
    let mut error = ParameterError::<f64>::none();
    error.relative(&network, 2, &4.0);
    error.relative(&network, 2, &4.0);
    let ParameterError {
        weight,
        bias,
        psi,
        length,
    } = error;
    assert_eq!([weight, bias, psi, length], [16.0, 24.0, 160.0, 0.0]);
    let mut error = ParameterError::<f64>::none();
    error.relative(&network, 1, &4.0);
    let ParameterError {
        weight,
        bias,
        psi,
        length,
    } = error;
    assert_eq!([weight, bias, psi, length], [20.0, 40.0, 0.0, 0.0]);
}

/// max(a - b, 0), with the errors of both where it is not 0.
#[test]
fn positive_differences_carry_both_errors() {
    use num_traits::Signed;
    let (a, b) = (Running::with_error(5.0, 2.0), Running::with_error(3.0, 1.0));
    let (above, below) = (a.abs_sub(&b), b.abs_sub(&a));
    assert_eq!((above.to_f64(), above.error()), (2.0, 2.0 + 1.0 + 2.0));
    assert_eq!((below.to_f64(), below.error()), (0.0, 0.0));
}
