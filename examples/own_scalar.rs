//! A scalar of your own: bfloat16, and what it does to a network, beside the bound that says how much it may.
//!
//! A scalar is a [`Field`]: operators, constants and conversions through exact rationals. With the few functions of
//! [`Real`] it runs every network, gauge and resizing of the crate, and every bound speaks of it.
//!
//! ```text
//! cargo run --example own_scalar
//! ```

use std::{fmt, num::ParseFloatError, ops};

use isotropic::{
    Gain, Layer, Network,
    bound::rounding_units,
    gauge::rotate,
    linalg::{Matrix, Vector, haar},
    network::evaluate,
    scalar::{Field, Rational, Real},
};
use num_traits::{Num, One, Signed, Zero};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Eight significant bits and the exponents of a single.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Bf16(f32);

impl Bf16 {
    /// To nearest, ties to even: the upper half of a single. A single has more than 2·8 + 2 bits, so that + - · / and √
    /// computed in it and rounded again are what one rounding gives.
    fn of(x: f32) -> Self {
        if !x.is_finite() {
            return Bf16(x);
        }
        let bits = x.to_bits();
        let up = 0x7fff + ((bits >> 16) & 1);
        Bf16(f32::from_bits(bits.wrapping_add(up) & 0xffff_0000))
    }
}

impl fmt::Display for Bf16 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An operator with the right side by value and by reference, and its assigning form.
macro_rules! operator {
    ($trait:ident $method:ident $assign:ident $assign_method:ident $op:tt) => {
        impl ops::$trait for Bf16 {
            type Output = Self;
            fn $method(self, rhs: Self) -> Self {
                Bf16::of(self.0 $op rhs.0)
            }
        }
        impl ops::$trait<&Bf16> for Bf16 {
            type Output = Self;
            fn $method(self, rhs: &Self) -> Self {
                Bf16::of(self.0 $op rhs.0)
            }
        }
        impl ops::$assign for Bf16 {
            fn $assign_method(&mut self, rhs: Self) {
                *self = Bf16::of(self.0 $op rhs.0);
            }
        }
        impl ops::$assign<&Bf16> for Bf16 {
            fn $assign_method(&mut self, rhs: &Self) {
                *self = Bf16::of(self.0 $op rhs.0);
            }
        }
    };
}

operator!(Add add AddAssign add_assign +);
operator!(Sub sub SubAssign sub_assign -);
operator!(Mul mul MulAssign mul_assign *);
operator!(Div div DivAssign div_assign /);
operator!(Rem rem RemAssign rem_assign %);

impl ops::Neg for Bf16 {
    type Output = Self;
    fn neg(self) -> Self {
        Bf16(-self.0)
    }
}

impl Zero for Bf16 {
    fn zero() -> Self {
        Bf16(0.0)
    }
    fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

impl One for Bf16 {
    fn one() -> Self {
        Bf16(1.0)
    }
}

impl Num for Bf16 {
    type FromStrRadixErr = ParseFloatError;
    fn from_str_radix(text: &str, _radix: u32) -> Result<Self, ParseFloatError> {
        text.parse().map(Bf16::of)
    }
}

impl Signed for Bf16 {
    fn abs(&self) -> Self {
        Bf16(self.0.abs())
    }
    fn abs_sub(&self, other: &Self) -> Self {
        Bf16::of((self.0 - other.0).max(0.0))
    }
    fn signum(&self) -> Self {
        Bf16(self.0.signum())
    }
    fn is_positive(&self) -> bool {
        self.0.is_sign_positive()
    }
    fn is_negative(&self) -> bool {
        self.0.is_sign_negative()
    }
}

impl Field for Bf16 {
    fn precision() -> Option<u32> {
        Some(8)
    }
    fn name() -> String {
        "bf16".into()
    }
    fn unit_roundoff() -> Self {
        Bf16(1.0 / 256.0)
    }
    fn from_f64(x: f64) -> Self {
        Rational::try_from_f64(x).map_or(Bf16(x as f32), |q| Self::from_rational(&q))
    }
    fn from_rational(q: &Rational) -> Self {
        // Once, to eight bits: through a single it would be twice.
        Bf16(rug::Float::with_val(8, &q.0).to_f32())
    }
    fn to_rational(&self) -> Option<Rational> {
        self.0.to_rational()
    }
    fn to_f64(&self) -> f64 {
        f64::from(self.0)
    }
    fn is_finite(&self) -> bool {
        self.0.is_finite()
    }
    fn dot(x: &[Self], y: &[Self]) -> Self {
        let products = x.iter().zip(y).map(|(x, y)| *x * *y);
        products.fold(Bf16(0.0), |sum, product| sum + product)
    }
    fn axpy(y: &mut [Self], a: &Self, x: &[Self]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y += *a * *x;
        }
    }
    fn rotate(x: &mut [Self], y: &mut [Self], c: &Self, s: &Self) {
        for (x, y) in x.iter_mut().zip(y) {
            (*x, *y) = (*c * *x - *s * *y, *s * *x + *c * *y);
        }
    }
}

impl Real for Bf16 {
    fn sqrt(&self) -> Self {
        Bf16::of(self.0.sqrt())
    }
    fn exp(&self) -> Self {
        Bf16::of(self.0.exp())
    }
    fn ln(&self) -> Self {
        Bf16::of(self.0.ln())
    }
    fn tanh(&self) -> Self {
        Bf16::of(self.0.tanh())
    }
    fn exponent(&self) -> Option<i64> {
        self.0.exponent()
    }
    fn scale_by_power_of_two(&self, e: i64) -> Self {
        Bf16::of(self.0.scale_by_power_of_two(e))
    }
    fn sum_of_squares(x: &[Self]) -> Self {
        // Squares of eight bits have sixteen; a double adds half a million of them without a rounding that matters here.
        Bf16::of(x.iter().map(|x| f64::from(x.0).powi(2)).sum::<f64>() as f32)
    }
}

fn layer(m: usize, n: usize, phase: f64) -> Layer<f64> {
    let wave = |i: usize, j: usize| (phase + 1.7 * i as f64 + 0.9 * j as f64).sin();
    Layer {
        weight: Matrix::from_fn(m, n, wave),
        bias: Vector::from_fn(m, |i, _| 0.3 * wave(i, 7)),
        psi: None,
    }
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let network = Network::new(vec![layer(6, 3, 0.0), layer(2, 6, 1.0)], Gain::Tanh, None)?;
    let short: Network<Bf16> = network.cast()?;
    let x: Vec<Bf16> = [0.5, -1.0, 0.25].map(Bf16::from_f64).to_vec();

    // The same rounded numbers, evaluated in eight bits and in 53.
    let y = evaluate(&short, &x)?;
    let exact: Network<f64> = short.cast()?;
    let x_exact: Vec<f64> = x.iter().map(Field::to_f64).collect();
    let y_exact = evaluate(&exact, &x_exact)?;
    let off = |y: &Vector<Bf16>| {
        let squares = y
            .iter()
            .zip(&y_exact)
            .map(|(y, exact)| (y.to_f64() - exact).powi(2));
        squares.sum::<f64>().sqrt()
    };
    let allowed = rounding_units(&short, &x, &vec![])? / 256.0;
    println!(
        "{}: off by {:.4}, at most {allowed:.4}",
        Bf16::name(),
        off(&y)
    );

    // Gauges run in it, too. Here the rotation itself is rounded to eight bits.
    let rotation: Matrix<Bf16> = haar(6, &mut ChaCha8Rng::seed_from_u64(1));
    let turned = evaluate(&rotate(&short, 1, &rotation)?, &x)?;
    println!("rotated: off by {:.4}", off(&turned));

    assert!(
        off(&y) <= allowed,
        "the bound holds for a scalar it has never seen"
    );
    assert!(off(&turned) < 0.2);
    Ok(())
}
