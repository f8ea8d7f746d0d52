//! Not trusted. Terms over the rationals: what a theorem says of actual matrices.
//!
//! The kernel does not use this. It is how the axioms are tested, how hypotheses are shown to be
//! satisfiable, how refuted statements are refuted, and how theorems are tied to the code.

use std::{collections::BTreeMap, fmt};

use num_traits::{One, Signed, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Dimension, Op, Term};
use crate::{Gain, linalg::Matrix, scalar::Rational};

/// What a function symbol means.
#[derive(Clone, Debug)]
pub enum Function {
    /// A gain that is a rational function.
    Gain(Gain<Rational>),
    /// 1/√t, where that is rational.
    ReciprocalRoot,
    /// 1/s.
    Inverse,
    /// -s.
    Minus,
    /// Independent random values, one for each argument.
    Free(BTreeMap<Rational, Rational>, Box<ChaCha8Rng>),
}

/// Why a term has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// A name without a value.
    Missing(String),
    /// A value whose shape is not that of the variable, or shapes that do not fit.
    Shape(String),
    /// A function at an argument where it has no rational value.
    Pole {
        /// The function.
        function: String,
        /// The argument.
        argument: String,
    },
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            NoValue::Missing(name) => write!(f, "`{name}` has no value"),
            NoValue::Shape(what) => write!(f, "{what}: the shapes do not fit"),
            NoValue::Pole { function, argument } => {
                write!(f, "{function} has no rational value at {argument}")
            }
        }
    }
}

impl std::error::Error for NoValue {}

/// Values for the names of a theorem.
#[derive(Clone, Debug, Default)]
pub struct Assignment {
    /// The numbers that dimensions stand for.
    pub dimensions: BTreeMap<String, usize>,
    /// The matrices that variables stand for.
    pub values: BTreeMap<String, Matrix<Rational>>,
    /// What functions mean.
    pub functions: BTreeMap<String, Function>,
    /// What definitions stand for; evaluated when first needed.
    pub definitions: BTreeMap<String, Term>,
}

impl Assignment {
    /// The number that a dimension stands for.
    ///
    /// # Errors
    /// [`NoValue::Missing`].
    pub fn dimension(&self, dimension: &Dimension) -> Result<usize, NoValue> {
        let mut sum = dimension.constant as usize;
        for (name, times) in &dimension.names {
            let value = self.dimensions.get(name);
            let value = value.ok_or_else(|| NoValue::Missing(name.clone()))?;
            sum += *times as usize * value;
        }
        Ok(sum)
    }

    /// The matrix that a term stands for.
    ///
    /// # Errors
    /// [`NoValue`].
    pub fn value(&mut self, term: &Term) -> Result<Matrix<Rational>, NoValue> {
        let (op, children) = match term {
            Term::Variable(name) => return self.named(name),
            Term::Zero(rows, columns) => {
                let (rows, columns) = (self.dimension(rows)?, self.dimension(columns)?);
                return Ok(Matrix::from_element(rows, columns, Rational::zero()));
            }
            Term::Identity(n) => {
                let n = self.dimension(n)?;
                return Ok(Matrix::identity(n, n));
            }
            Term::Node(op, children) => (op, children),
        };
        let values = children.iter().map(|child| self.value(child));
        let values: Vec<_> = values.collect::<Result<_, _>>()?;
        self.operation(op, &values)
            .unwrap_or_else(|| Err(NoValue::Shape(format!("{op:?}"))))
    }

    /// `None` where the shapes do not fit.
    fn operation(
        &mut self,
        op: &Op,
        values: &[Matrix<Rational>],
    ) -> Option<Result<Matrix<Rational>, NoValue>> {
        Some(Ok(match (op, values) {
            (Op::Add, [a, b]) if a.shape() == b.shape() => a + b,
            (Op::Mul, [a, b]) if a.ncols() == b.nrows() => product(a, b),
            (Op::Transpose, [a]) => a.transpose(),
            (Op::Scale, [s, a]) if s.shape() == (1, 1) => a.map(|x| x * &s[(0, 0)]),
            (Op::Hcat, [a, b]) if a.nrows() == b.nrows() => {
                let at = |i, j| match usize::checked_sub(j, a.ncols()) {
                    None => a[(i, j)].clone(),
                    Some(j) => b[(i, j)].clone(),
                };
                Matrix::from_fn(a.nrows(), a.ncols() + b.ncols(), at)
            }
            (Op::Vcat, [a, b]) if a.ncols() == b.ncols() => {
                let at = |i, j| match usize::checked_sub(i, a.nrows()) {
                    None => a[(i, j)].clone(),
                    Some(i) => b[(i, j)].clone(),
                };
                Matrix::from_fn(a.nrows() + b.nrows(), a.ncols(), at)
            }
            (Op::Apply(g), [s]) if s.shape() == (1, 1) => {
                return Some(
                    self.apply(g, &s[(0, 0)])
                        .map(|y| Matrix::from_element(1, 1, y)),
                );
            }
            _ => return None,
        }))
    }

    fn named(&mut self, name: &str) -> Result<Matrix<Rational>, NoValue> {
        if let Some(value) = self.values.get(name) {
            return Ok(value.clone());
        }
        let missing = || NoValue::Missing(name.to_string());
        let body = self.definitions.get(name).cloned().ok_or_else(missing)?;
        let value = self.value(&body)?;
        self.values.insert(name.to_string(), value.clone());
        Ok(value)
    }

    fn apply(&mut self, name: &str, argument: &Rational) -> Result<Rational, NoValue> {
        let function = self.functions.get_mut(name);
        let function = function.ok_or_else(|| NoValue::Missing(name.to_string()))?;
        let value = match function {
            Function::Gain(gain) => {
                let denominator = gain.denominator(argument).ok();
                denominator
                    .filter(|denominator| !denominator.is_zero())
                    .and_then(|_| gain.rational_value(argument).ok())
            }
            Function::ReciprocalRoot => inverse(argument).and_then(|squared| root(&squared)),
            Function::Inverse => inverse(argument),
            Function::Minus => Some(-argument.clone()),
            Function::Free(table, rng) => {
                let drawn = table.entry(argument.clone()).or_insert_with(|| entry(rng));
                Some(drawn.clone())
            }
        };
        value.ok_or_else(|| NoValue::Pole {
            function: name.to_string(),
            argument: argument.to_string(),
        })
    }
}

/// A small rational, 0 now and then.
pub(super) fn entry(rng: &mut ChaCha8Rng) -> Rational {
    Rational::ratio(rng.random_range(-9..=9), rng.random_range(1..=4)).unwrap_or_default()
}

fn product(a: &Matrix<Rational>, b: &Matrix<Rational>) -> Matrix<Rational> {
    Matrix::from_fn(a.nrows(), b.ncols(), |i, j| {
        (0..a.ncols()).fold(Rational::zero(), |sum, k| {
            sum + a[(i, k)].clone() * &b[(k, j)]
        })
    })
}

fn inverse(x: &Rational) -> Option<Rational> {
    (!x.is_zero()).then(|| Rational::one() / x)
}

/// √x where it is rational.
fn root(x: &Rational) -> Option<Rational> {
    let square =
        !x.is_negative() && x.0.numer().is_perfect_square() && x.0.denom().is_perfect_square();
    let of = |n: &rug::Integer| n.clone().sqrt();
    square.then(|| Rational(rug::Rational::from((of(x.0.numer()), of(x.0.denom())))))
}
