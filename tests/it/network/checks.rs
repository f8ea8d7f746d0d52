//! What `Network::new` refuses, where, and in which words; and how many parameters it takes.

use std::{
    fmt,
    ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign},
};

use isotropic::{
    Gain, Layer, Network,
    linalg::{Matrix, Vector},
    scalar::{Field, Mp, Rational},
};
use num_traits::{Num, One, Signed, Zero};

fn layer(rows: usize, columns: usize) -> Layer<f64> {
    Layer {
        weight: Matrix::from_element(rows, columns, 0.5),
        bias: Vector::from_element(rows, 0.25),
        psi: None,
    }
}

/// 2 → 3 → 4 → 1 with ψ where it may be.
fn layers() -> Vec<Layer<f64>> {
    let mut layers = vec![layer(3, 2), layer(4, 3), layer(1, 4)];
    for layer in &mut layers[1..] {
        layer.psi = Some(Vector::from_element(layer.width(), 0.125));
    }
    layers
}

fn refusal(layers: Vec<Layer<f64>>, lengths: Option<Vec<f64>>) -> String {
    Network::new(layers, Gain::Tanh, lengths)
        .expect_err("refused")
        .to_string()
}

/// The refusal of [`layers`] after a change.
fn after(change: impl Fn(&mut Vec<Layer<f64>>)) -> String {
    let mut changed = layers();
    change(&mut changed);
    refusal(changed, Some(vec![0.0, 1.0]))
}

#[test]
fn shapes_that_do_not_fit_are_refused_with_layer_and_what_was_expected() {
    assert!(Network::new(layers(), Gain::Tanh, Some(vec![0.0, 1.0])).is_ok());
    for (found, expected) in [
        (
            refusal(vec![], None),
            "layer 1: the network has no layers, expected at least one layer",
        ),
        (
            after(|layers| layers[0] = layer(0, 2)),
            "layer 1: the weight has 0×2 entries, expected widths of at least 1",
        ),
        (
            after(|layers| layers[0] = layer(3, 0)),
            "layer 1: the weight has 3×0 entries, expected widths of at least 1",
        ),
        (
            after(|layers| layers[1] = layer(4, 2)),
            "layer 2: the weight has 2 columns, expected 3, the width of the layer before",
        ),
        (
            after(|layers| layers[2].bias = Vector::from_element(2, 0.0)),
            "layer 3: the bias has 2 entries, expected 1, the rows of the weight",
        ),
        (
            after(|layers| layers[0].psi = Some(Vector::from_element(3, 0.0))),
            "layer 1: ψ has a value, expected none: the first layer has no gain before it",
        ),
        (
            after(|layers| layers[1].psi = Some(Vector::from_element(3, 0.0))),
            "layer 2: ψ has 3 entries, expected 4, the rows of the weight",
        ),
        (
            refusal(layers(), Some(vec![0.0])),
            "layer 3: the list of o has 1 entries, expected 2, one for each hidden layer",
        ),
    ] {
        assert_eq!(found, expected);
    }
}

#[test]
fn values_that_are_not_finite_are_refused_with_their_place() {
    // Rows and columns count from 1; every entry of a weight that is not square.
    for i in 0..4 {
        for j in 0..3 {
            assert_eq!(
                after(|layers| layers[1].weight[(i, j)] = f64::NAN),
                format!(
                    "layer 2: the weight in row {}, column {} is NaN; every parameter must be finite",
                    i + 1,
                    j + 1
                )
            );
        }
        assert_eq!(
            after(|layers| layers[1].bias[i] = f64::INFINITY),
            format!(
                "layer 2: bias in row {} is inf; every parameter must be finite",
                i + 1
            )
        );
        assert_eq!(
            after(|layers| {
                let psi = layers[1].psi.as_mut().expect("one");
                psi[i] = f64::NEG_INFINITY;
            }),
            format!(
                "layer 2: ψ in row {} is -inf; every parameter must be finite",
                i + 1
            )
        );
    }
    for (o, shown) in [(-1.0, "-1"), (f64::NAN, "NaN")] {
        assert_eq!(
            refusal(layers(), Some(vec![0.0, o])),
            format!(
                "layer 2: o, the squared intrinsic length, is {shown}; it must be finite and not negative \
                 (a file may hold ln o)"
            )
        );
    }
}

/// The ring with one element: matrices of any size take no memory.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Nothing;

macro_rules! operators {
    ($($op:ident $method:ident $assign:ident $assign_method:ident;)*) => {
        $(impl $op for Nothing {
            type Output = Self;
            fn $method(self, _: Self) -> Self {
                Nothing
            }
        }
        impl $op<&Nothing> for Nothing {
            type Output = Self;
            fn $method(self, _: &Self) -> Self {
                Nothing
            }
        }
        impl $assign for Nothing {
            fn $assign_method(&mut self, _: Self) {}
        }
        impl $assign<&Nothing> for Nothing {
            fn $assign_method(&mut self, _: &Self) {}
        })*
    };
}

operators! {
    Add add AddAssign add_assign;
    Sub sub SubAssign sub_assign;
    Mul mul MulAssign mul_assign;
    Div div DivAssign div_assign;
    Rem rem RemAssign rem_assign;
}

impl Neg for Nothing {
    type Output = Self;
    fn neg(self) -> Self {
        Nothing
    }
}

impl Zero for Nothing {
    fn zero() -> Self {
        Nothing
    }
    fn is_zero(&self) -> bool {
        true
    }
}

impl One for Nothing {
    fn one() -> Self {
        Nothing
    }
}

impl Num for Nothing {
    type FromStrRadixErr = fmt::Error;
    fn from_str_radix(_: &str, _: u32) -> Result<Self, fmt::Error> {
        Ok(Nothing)
    }
}

impl Signed for Nothing {
    fn abs(&self) -> Self {
        Nothing
    }
    fn abs_sub(&self, _: &Self) -> Self {
        Nothing
    }
    fn signum(&self) -> Self {
        Nothing
    }
    fn is_positive(&self) -> bool {
        false
    }
    fn is_negative(&self) -> bool {
        false
    }
}

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0")
    }
}

impl Field for Nothing {
    fn precision() -> Option<u32> {
        None
    }
    fn name() -> String {
        "nothing".into()
    }
    fn unit_roundoff() -> Self {
        Nothing
    }
    fn from_f64(_: f64) -> Self {
        Nothing
    }
    fn from_rational(_: &Rational) -> Self {
        Nothing
    }
    fn to_rational(&self) -> Option<Rational> {
        Some(Rational::zero())
    }
    fn to_f64(&self) -> f64 {
        0.0
    }
    fn is_finite(&self) -> bool {
        true
    }
    fn dot(_: &[Self], _: &[Self]) -> Self {
        Nothing
    }
    fn axpy(_: &mut [Self], _: &Self, _: &[Self]) {}
    fn rotate(_: &mut [Self], _: &mut [Self], _: &Self, _: &Self) {}
}

fn weightless(rows: usize, columns: usize, psi: bool) -> Layer<Nothing> {
    let vector = || Vector::from_vec(vec![Nothing; rows]);
    Layer {
        weight: Matrix::from_vec(rows, columns, vec![Nothing; rows * columns]),
        bias: vector(),
        psi: psi.then(vector),
    }
}

/// Whether such layers are a network. Not the network itself: a failing test would print its 2^31 entries.
fn taken(layers: Vec<Layer<Nothing>>) -> Result<(), isotropic::Error> {
    Network::new(layers, Gain::Linear, None).map(drop)
}

#[test]
fn two_to_the_31_parameters_are_taken() {
    // 2^28 rows of seven weights and a bias.
    assert!(taken(vec![weightless(1 << 28, 7, false)]).is_ok());
}

#[test]
fn more_than_two_to_the_31_parameters_are_refused() {
    // 9 · 2^28 in the first layer, 2^28 + 2 in the second.
    let layers = vec![weightless(1 << 28, 8, false), weightless(1, 1 << 28, true)];
    assert_eq!(
        taken(layers).expect_err("too many").to_string(),
        "layer 1: the network has 2684354562 parameters, expected at most 2147483648"
    );
}

/// A threshold of 0 is the gain 1, and one of ∞ the gain 0: neither is what was given.
#[test]
fn a_threshold_that_another_scalar_does_not_hold_is_refused() {
    let soft = |t: Rational| {
        let wide = layers().into_iter().map(|layer| Layer {
            weight: layer.weight.map(Rational::from_f64),
            bias: layer.bias.map(Rational::from_f64),
            psi: layer.psi.map(|psi| psi.map(Rational::from_f64)),
        });
        Network::new(wide.collect(), Gain::SoftThreshold { t }, None)
    };
    let power = |e: i32| Rational(rug::Rational::from(1) << e);
    for (e, f32s, f64s) in [
        (-149, true, true),
        (-151, false, true),
        (127, true, true),
        (129, false, true),
        (-1074, false, true),
        (-1076, false, false),
        (1023, false, true),
        (1025, false, false),
    ] {
        let exact = soft(power(e)).expect("positive");
        assert_eq!(exact.cast::<f32>().is_ok(), f32s, "2^{e} in f32");
        assert_eq!(exact.cast::<f64>().is_ok(), f64s, "2^{e} in f64");
        assert!(exact.cast::<Mp<64>>().is_ok(), "2^{e} in MPFR");
    }
    let refused = soft(power(-200)).expect("positive").cast::<f32>();
    assert_eq!(
        refused.expect_err("it is 0 there").to_string(),
        "gain soft-threshold: the threshold is 0 in f32; it must be finite and positive, as this scalar holds it: choose another \
         threshold, or a wider scalar"
    );
    for t in [0, -1] {
        assert!(soft(Rational::from(t)).is_err(), "t = {t}");
    }
}
