//! Not trusted. Rational values at which hypotheses hold, or at which a false statement fails.

use std::{collections::BTreeMap, fmt};

use num_traits::Zero;
use serde::Deserialize;

use super::{
    Assignment, Function, NoValue, Proved, Shape, Term, evaluate::NoValue as Value, pretty,
};
use crate::{
    Gain,
    linalg::Matrix,
    scalar::{Rational, text::parse_exact},
};

/// Values as they stand in a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// A number for every dimension; for hypotheses, distinct numbers of at least 2.
    pub dimensions: BTreeMap<String, usize>,
    /// Values of variables; a variable without one is zero.
    #[serde(default)]
    pub values: BTreeMap<String, Entries>,
    /// Meanings by name; a function without one is `rational`, 1/(1+r).
    #[serde(default)]
    pub functions: BTreeMap<String, String>,
}

/// A matrix as it stands in a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Entries {
    /// 1×1.
    Scalar(String),
    /// n×1.
    Column(Vec<String>),
    /// By rows.
    Matrix(Vec<Vec<String>>),
}

/// Why a model is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoModel {
    /// There are hypotheses and no model of them.
    Absent,
    /// The dimensions do not tell enough: false statements may hold where some are 0, 1 or equal.
    Dimensions(String),
    /// A value that cannot be used.
    Value {
        /// The name.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// An equation that should hold and does not.
    Fails {
        /// The hypothesis.
        name: String,
        /// What the two sides are.
        sides: String,
    },
    /// Everything is zero, though this variable need not be.
    Zero(String),
    /// A term that has no value.
    NoValue(Value),
}

impl fmt::Display for NoModel {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            NoModel::Absent => write!(
                f,
                "there are hypotheses and no `model` of them: from a contradiction anything follows"
            ),
            NoModel::Dimensions(what) => write!(f, "{what}"),
            NoModel::Value { name, problem } => write!(f, "value of `{name}`: {problem}"),
            NoModel::Fails { name, sides } => write!(f, "{name} fails there: {sides}"),
            NoModel::Zero(name) => write!(
                f,
                "every value is zero, and so says little; `{name}` need not be: give it another value"
            ),
            NoModel::NoValue(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for NoModel {}

impl From<NoValue> for NoModel {
    fn from(why: NoValue) -> Self {
        NoModel::NoValue(why)
    }
}

/// The most rows or columns that a model may have.
const LARGEST: usize = 64;

impl Model {
    /// The values, as an assignment for the names of a theorem.
    ///
    /// # Errors
    /// [`NoModel`].
    pub fn assignment(&self, proved: &Proved) -> Result<Assignment, NoModel> {
        let signature = &proved.context.signature;
        let unknown = |name: &String, problem: &str| NoModel::Value {
            name: name.clone(),
            problem: problem.into(),
        };
        for name in &signature.dimensions {
            match self.dimensions.get(name) {
                Some(n) if *n <= LARGEST => {}
                _ => return Err(unknown(name, "a dimension needs a number up to 64")),
            }
        }
        let mut assignment = Assignment {
            dimensions: self.dimensions.clone(),
            definitions: proved.definitions.iter().cloned().collect(),
            ..Assignment::default()
        };
        let defined = |name: &String| proved.definitions.iter().any(|(d, _)| d == name);
        for name in self.values.keys() {
            if !signature.variables.contains_key(name) || defined(name) {
                return Err(unknown(name, "there is no such variable"));
            }
        }
        for (name, shape) in &signature.variables {
            if defined(name) {
                continue;
            }
            let shape = size(&assignment, shape)?;
            let value = match self.values.get(name) {
                Some(entries) => entries.matrix().and_then(|value| match value.shape() {
                    found if found == shape => Ok(value),
                    (m, n) => Err(format!("it is {m}×{n}, expected {}×{}", shape.0, shape.1)),
                }),
                None => Ok(Matrix::from_element(shape.0, shape.1, Rational::zero())),
            };
            let value = value.map_err(|problem| unknown(name, &problem))?;
            assignment.values.insert(name.clone(), value);
        }
        if let Some(name) = self
            .functions
            .keys()
            .find(|f| !signature.functions.contains(*f))
        {
            return Err(unknown(name, "there is no such function"));
        }
        for name in &signature.functions {
            let gain = self.functions.get(name).map_or("rational", String::as_str);
            let function = function(gain).ok_or_else(|| {
                unknown(
                    name,
                    "expected rational, rational-tanh, linear or reciprocal-root",
                )
            })?;
            assignment.functions.insert(name.clone(), function);
        }
        Ok(assignment)
    }
}

/// Whether the hypotheses of a theorem have the model that is stored with it.
///
/// # Errors
/// [`NoModel`]: none stored, dimensions below 2 or equal, a hypothesis that does not hold, nothing but zeros where
/// something else would do.
pub fn check_model(proved: &Proved, model: Option<&Model>) -> Result<(), NoModel> {
    let Some(model) = model else {
        return match proved.hypotheses.is_empty() {
            true => Ok(()),
            false => Err(NoModel::Absent),
        };
    };
    let mut seen: Vec<usize> = model.dimensions.values().copied().collect();
    seen.sort_unstable();
    if seen.first().is_some_and(|least| *least < 2)
        || seen.windows(2).any(|pair| pair[0] == pair[1])
    {
        let what = format!("the dimensions of a model are distinct and at least 2, found {seen:?}");
        return Err(NoModel::Dimensions(what));
    }
    let mut assignment = model.assignment(proved)?;
    for (name, left, right) in &proved.hypotheses {
        let (a, b) = (assignment.value(left)?, assignment.value(right)?);
        if a != b {
            let shown = |term| pretty(term, &proved.context.signature);
            let sides = format!(
                "{} is {}, {} is {}",
                shown(left),
                rows(&a),
                shown(right),
                rows(&b)
            );
            return Err(NoModel::Fails {
                name: format!("hypothesis {name}"),
                sides,
            });
        }
    }
    let zero = |value: &Matrix<Rational>| value.iter().all(Zero::is_zero);
    // Afresh: definitions that were evaluated above are kept among the values.
    let given = model.assignment(proved)?;
    let all_zero = given.values.values().all(zero);
    match not_forced(proved, &given).filter(|_| all_zero && !proved.hypotheses.is_empty()) {
        Some(name) => Err(NoModel::Zero(name)),
        None => Ok(()),
    }
}

/// A variable that can be other than zero while everything else is zero and the hypotheses hold.
fn not_forced(proved: &Proved, zero: &Assignment) -> Option<String> {
    zero.values.keys().find_map(|name| {
        let mut one = zero.clone();
        let value = one.values.get_mut(name)?;
        for (k, entry) in value.iter_mut().enumerate() {
            *entry = Rational::from(k as i64 + 1);
        }
        let holds = |(_, a, b): &(String, Term, Term)| {
            let sides = one.value(a).and_then(|a| Ok((a, one.value(b)?)));
            sides.is_ok_and(|(a, b)| a == b)
        };
        proved.hypotheses.iter().all(holds).then(|| name.clone())
    })
}

/// What a function means, by the name that files use.
pub fn function(gain: &str) -> Option<Function> {
    match gain {
        "reciprocal-root" => Some(Function::ReciprocalRoot),
        name => Gain::from_name(name, None)
            .ok()
            .filter(Gain::is_rational)
            .map(Function::Gain),
    }
}

/// Rows and columns in numbers.
pub(super) fn size(assignment: &Assignment, shape: &Shape) -> Result<(usize, usize), NoValue> {
    Ok((
        assignment.dimension(&shape.rows)?,
        assignment.dimension(&shape.columns)?,
    ))
}

/// A matrix by rows, for messages.
pub fn rows(a: &Matrix<Rational>) -> String {
    let row = |i: usize| {
        let entries: Vec<String> = a.row(i).iter().map(ToString::to_string).collect();
        entries.join(" ")
    };
    let rows: Vec<String> = (0..a.nrows()).map(row).collect();
    format!("[{}]", rows.join("; "))
}

impl Entries {
    fn matrix(&self) -> Result<Matrix<Rational>, String> {
        let number = |text: &String| parse_exact(text).map_err(|why| why.to_string());
        let numbers = |row: &Vec<String>| row.iter().map(number).collect::<Result<Vec<_>, _>>();
        match self {
            Entries::Scalar(text) => Ok(Matrix::from_element(1, 1, number(text)?)),
            Entries::Column(column) => Ok(Matrix::from_vec(column.len(), 1, numbers(column)?)),
            Entries::Matrix(given) => {
                let rows = given.iter().map(numbers).collect::<Result<Vec<_>, _>>()?;
                let columns = rows.first().map_or(0, Vec::len);
                if rows.iter().any(|row| row.len() != columns) {
                    return Err("its rows have different lengths".into());
                }
                let flat: Vec<Rational> = rows.concat();
                Ok(Matrix::from_row_slice(rows.len(), columns, &flat))
            }
        }
    }
}
