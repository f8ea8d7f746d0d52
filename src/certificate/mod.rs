//! Certificates of equivalence: a bound on ‖y - y'‖ for two files and a region of inputs, that anybody can
//! check from the files alone.
//!
//! The certified bound covers the files as they are written and their evaluation by this crate:
//!
//! ```text
//! ‖ŷ - ŷ'‖ ≤ ‖y - y'‖ + ‖ŷ - y‖ + ‖ŷ' - y'‖
//! ```
//!
//! The first term is the difference of the exact functions of the numbers in the files (`function`), the others
//! are the roundings of both evaluations in the working scalar (`evaluation`), with what reading the files, and the
//! inputs, in that scalar changes. Everything is computed in intervals of 256 bits and rounded up.

mod check;
mod document;
mod labels;
pub mod observe;

pub use check::{Check, check};
pub use document::{Certificate, Subject, fingerprint};
pub use labels::Labels;

use num_traits::Zero;

use crate::{
    bound::{
        BallBound, Embedding, Relation, RoundingUnits, blurred, difference_over_ball,
        difference_over_ball_by, difference_with, rounding_over_ball,
    },
    error::Error,
    io::{FileError, Stored},
    linalg::{Matrix, Vector, column},
    network::{Network, Scalar, evaluate, evaluate_batch},
    scalar::{
        Enclosure, Field, Rational,
        interval::{Endpoint, Interval, Toward, norm},
    },
};

/// The inputs that a bound is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// All ‖x‖ ≤ R.
    Ball(Rational),
    /// These inputs, exactly.
    Inputs(Vec<Vec<Rational>>),
}

/// A certified bound in its two parts, both rounded up; infinite where nothing is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Certified {
    /// On the difference of the exact functions.
    pub function: f64,
    /// On the roundings of both evaluations.
    pub evaluation: f64,
    /// What proves the first part over a ball; [`Relation::Unrelated`] for inputs.
    pub relation: Relation,
    /// What becomes of the labels at the inputs; `None` over a ball, and for networks of one output.
    pub labels: Option<Labels>,
}

impl Certified {
    /// The certified bound, the sum of both parts.
    pub fn bound(&self) -> f64 {
        if self.function == 0.0 {
            self.evaluation
        } else if self.evaluation == 0.0 {
            self.function
        } else {
            (self.function + self.evaluation).next_up()
        }
    }
}

/// Certifies the difference of two files over a region, evaluated in `S`. With a `relation` the bound is the one
/// that this relation proves; without, the best one is looked for.
///
/// # Errors
/// [`FileError`] for networks that do not fit each other, the region or the scalar.
pub fn certify<S: Scalar>(
    a: &Stored,
    b: &Stored,
    region: &Region,
    relation: Option<&Relation>,
) -> Result<Certified, FileError> {
    certified::<S>(a, b, region, &|a, b, radius| match relation {
        Some(relation) => Ok(BallBound {
            difference: difference_with(a, b, radius, relation)?,
            relation: relation.clone(),
        }),
        None => difference_over_ball(a, b, radius),
    })
}

/// [`certify`], where over a ball the relations that an operation suggests are tried, too.
///
/// # Errors
/// As [`certify`].
pub fn certify_by<S: Scalar>(
    a: &Stored,
    b: &Stored,
    region: &Region,
    suggested: &[Embedding],
) -> Result<Certified, FileError> {
    certified::<S>(a, b, region, &|a, b, radius| {
        difference_over_ball_by(a, b, radius, suggested)
    })
}

type Enclosed = Network<Enclosure>;

fn certified<S: Scalar>(
    a: &Stored,
    b: &Stored,
    region: &Region,
    over: &dyn Fn(&Enclosed, &Enclosed, &Enclosure) -> Result<BallBound, Error>,
) -> Result<Certified, FileError> {
    let (left, right) = (Side::<S>::of(a)?, Side::<S>::of(b)?);
    let both = format!("{} and {}", a.file(), b.file());
    match region {
        Region::Ball(radius) => over_ball(&left, &right, radius, over),
        Region::Inputs(inputs) => at_inputs(&left, &right, inputs),
    }
    .map_err(FileError::network(&both))
}

/// One file, as it is and as it is evaluated.
struct Side<S> {
    exact: Network<Enclosure>,
    rounded: Network<S>,
    /// `rounded`, enclosed, where reading the file in `S` changed it.
    changed: Option<Network<Enclosure>>,
}

impl<S: Scalar> Side<S> {
    fn of(stored: &Stored) -> Result<Self, FileError> {
        let exact = stored.enclosed()?;
        let rounded = stored.network::<S>()?;
        let enclosed: Network<Enclosure> =
            crate::bound::enclose(&rounded).map_err(FileError::network(stored.file()))?;
        // Equal intervals wider than a point hold different numbers: 1/10 and its rounding to 512 bits.
        let same = enclosed == exact && is_exact(&exact);
        Ok(Side {
            changed: (!same).then_some(enclosed),
            exact,
            rounded,
        })
    }

    /// On ‖ŷ - y‖ over a ball.
    fn evaluation_over(&self, radius: &Enclosure) -> Result<Enclosure, Error> {
        let read = self.changed.as_ref().unwrap_or(&self.exact);
        let rounding = rounding_over_ball(read, radius, S::precision())?;
        let Some(changed) = &self.changed else {
            return Ok(rounding);
        };
        let same = Relation::Embedded(Embedding::inclusion(&changed.widths()));
        Ok(difference_with(&self.exact, changed, radius, &same)? + rounding)
    }

    /// y and a bound on ‖ŷ - y‖ at every input, ŷ being evaluated from what the scalar makes of it.
    fn at(&self, inputs: &[Vec<Rational>]) -> Vec<Result<(Vector<Enclosure>, Enclosure), Error>> {
        let units = RoundingUnits::of(&self.rounded);
        let u = S::unit_roundoff().to_rational().unwrap_or_default();
        let u = Enclosure::enclosing(&u);
        let exactly: Vec<Vec<Enclosure>> = (inputs.iter())
            .map(|x| x.iter().map(Interval::enclosing).collect())
            .collect();
        let read: Vec<Vec<S>> = (inputs.iter())
            .map(|x| x.iter().map(S::from_rational).collect())
            .collect();
        let same = |j: usize| {
            let pairs = inputs[j].iter().zip(&read[j]);
            pairs
                .clone()
                .all(|(x, read)| read.to_rational().as_ref() == Some(x))
        };
        let exact = evaluate_all(&self.exact, &exactly);
        // What the scalar makes of network and inputs, evaluated without rounding, where that is not the same.
        let taken = if self.changed.is_some() || !(0..inputs.len()).all(same) {
            let evaluated = self.changed.as_ref().unwrap_or(&self.exact);
            let enclosed = |x: &S| {
                x.to_rational()
                    .map_or_else(Interval::none, |q| Interval::enclosing(&q))
            };
            let read: Vec<Vec<Enclosure>> = (read.iter())
                .map(|x| x.iter().map(enclosed).collect())
                .collect();
            Some(evaluate_all(evaluated, &read))
        } else {
            None
        };
        let taken = taken.map_or_else(
            || vec![None; inputs.len()],
            |y| y.into_iter().map(Some).collect(),
        );
        let outputs = exact.into_iter().zip(taken).zip(&read);
        outputs
            .map(|((y, taken), read)| {
                let y = y?;
                // The bounds know nothing of the end of the range: what overflows does so here.
                evaluate(&self.rounded, read)?;
                let mut error = match S::precision() {
                    None => Enclosure::zero(),
                    Some(_) => Enclosure::from_f64(units.narrow_at(read, &vec![])?) * &u,
                };
                if let Some(taken) = taken {
                    error += distance(&y, &taken?);
                }
                Ok((y, error))
            })
            .collect()
    }
}

/// y at every input: all at once where none of them overflows.
fn evaluate_all(
    network: &Network<Enclosure>,
    inputs: &[Vec<Enclosure>],
) -> Vec<Result<Vector<Enclosure>, Error>> {
    let rows = network.layer(1).weight.ncols();
    if inputs.iter().all(|x| x.len() == rows) {
        let x = Matrix::from_vec(rows, inputs.len(), inputs.concat());
        if let Ok(y) = evaluate_batch(network, &x) {
            return (0..y.ncols())
                .map(|j| Ok(Vector::from_column_slice(column(&y, j))))
                .collect();
        }
    }
    inputs.iter().map(|x| evaluate(network, x)).collect()
}

/// Whether every number of the network is a point.
fn is_exact(network: &Network<Enclosure>) -> bool {
    network.parameters().all(Interval::is_point)
        && network.gain().threshold().is_none_or(Interval::is_point)
}

fn distance(y: &Vector<Enclosure>, z: &Vector<Enclosure>) -> Enclosure {
    let apart: Vec<_> = y.iter().zip(z.iter()).map(|(y, z)| y.clone() - z).collect();
    norm(&apart)
}

fn over_ball<S: Scalar>(
    a: &Side<S>,
    b: &Side<S>,
    radius: &Rational,
    over: &dyn Fn(&Enclosed, &Enclosed, &Enclosure) -> Result<BallBound, Error>,
) -> Result<Certified, Error> {
    let radius = Enclosure::enclosing(radius);
    let found = over(&a.exact, &b.exact, &radius)?;
    let evaluation = a.evaluation_over(&radius)? + b.evaluation_over(&radius)?;
    Ok(Certified {
        function: upper(&found.difference),
        evaluation: upper(&evaluation),
        relation: found.relation,
        labels: None,
    })
}

/// Inputs that are evaluated together: products of this many columns are at full speed, and take some hundred bytes a number.
const TOGETHER: usize = 256;

fn at_inputs<S: Scalar>(
    a: &Side<S>,
    b: &Side<S>,
    inputs: &[Vec<Rational>],
) -> Result<Certified, Error> {
    let mut certified = Certified {
        function: 0.0,
        evaluation: 0.0,
        relation: Relation::Unrelated,
        labels: (a.exact.layer(a.exact.depth()).width() > 1).then(Labels::none),
    };
    let both = inputs
        .chunks(TOGETHER)
        .flat_map(|x| a.at(x).into_iter().zip(b.at(x)));
    for (here, there) in both {
        let both = here.and_then(|here| Ok((here, there?)));
        let (function, evaluation, outputs) = match both {
            Ok(((y, here), (z, there))) => (
                upper(&distance(&y, &z)),
                upper(&(here.clone() + &there)),
                Some((blurred(y.as_slice(), &here), blurred(z.as_slice(), &there))),
            ),
            // Something overflows: nothing is known, and that is no error.
            Err(Error::Overflow { .. }) => (f64::INFINITY, f64::INFINITY, None),
            Err(error) => return Err(error),
        };
        certified.function = f64::larger(function, certified.function);
        certified.evaluation = f64::larger(evaluation, certified.evaluation);
        if let Some(labels) = &mut certified.labels {
            let outputs = outputs.as_ref();
            labels.count(outputs.map(|(y, z)| (y.as_slice(), z.as_slice())));
        }
    }
    Ok(certified)
}

/// The upper endpoint as an f64, rounded up; ∞ for no interval.
fn upper(x: &Enclosure) -> f64 {
    if x.is_none() {
        return f64::INFINITY;
    }
    f64::from_float_toward(&x.hi().to_float(), Toward::Up)
}
