//! Holding answers against references: who passed, who failed and by how much, and what is suspected.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    case::{Case, Compare, Quantity, Verdict},
    tree::Tree,
};
use crate::scalar::{Field, Mp, Rational, text::parse_exact};

/// What a port said to a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// It answered, or refused.
    Given {
        /// Outputs by name.
        outputs: BTreeMap<String, Tree<String>>,
        /// The reason it gave for refusing.
        refused: Option<String>,
    },
    /// It does not have the operation.
    Unsupported,
    /// It did not answer properly: it hung, crashed or printed something else.
    Broken(String),
}

impl Reply {
    /// The reply in a JSON object with `outputs`, `refused` or `unsupported`.
    pub fn read(value: &Value) -> Self {
        let Some(object) = value.as_object() else {
            return Reply::Broken("the answer is no JSON object".into());
        };
        // Many libraries write a field that says nothing as `null` or `false`.
        let said = |name: &str| {
            let value = object.get(name)?;
            (!matches!(value, Value::Null | Value::Bool(false))).then_some(value)
        };
        if said("unsupported").is_some() {
            return Reply::Unsupported;
        }
        if let Some(why) = said("crashed") {
            let why = why.as_str().map_or(why.to_string(), str::to_string);
            return Reply::Broken(format!("the port says that it crashed: {why}"));
        }
        let refused = said("refused").map(|why| match why.as_str() {
            Some(why) => why.to_string(),
            None => why.to_string(),
        });
        let mut outputs = BTreeMap::new();
        match said("outputs") {
            Some(Value::Object(given)) => {
                for (name, value) in given {
                    let Some(tree) = tree(value) else {
                        return Reply::Broken(format!(
                            "{name} holds something else than strings, whole numbers and lists of these (other numbers are strings, as JSON numbers lose digits)"
                        ));
                    };
                    outputs.insert(name.clone(), tree);
                }
            }
            Some(_) => return Reply::Broken("`outputs` is no JSON object".into()),
            None if refused.is_none() => {
                return Reply::Broken("there is neither `outputs` nor `refused`".into());
            }
            None => {}
        }
        Reply::Given { outputs, refused }
    }
}

/// The numbers in an answer: strings, and JSON numbers that are whole and written as such, which lose nothing.
fn tree(value: &Value) -> Option<Tree<String>> {
    match value {
        Value::String(text) => Some(Tree::Leaf(text.clone())),
        Value::Number(number) if number.is_i64() || number.is_u64() => {
            Some(Tree::Leaf(number.to_string()))
        }
        Value::Array(items) => items
            .iter()
            .map(tree)
            .collect::<Option<_>>()
            .map(Tree::List),
        Value::Number(_) | Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Within the allowance; the largest error over allowance.
    Passed(f64),
    /// Not, and why: one line an output.
    Failed(Vec<String>),
    /// Not answered.
    Missing,
}

/// Judges a reply to a case, in an arithmetic (`f64` or `f32`) that the case is for.
pub fn judge(case: &Case, precision: &str, reply: Option<&Reply>) -> Outcome {
    let (outputs, refused) = match reply {
        None | Some(Reply::Unsupported) => return Outcome::Missing,
        Some(Reply::Broken(why)) => return Outcome::Failed(vec![why.clone()]),
        Some(Reply::Given { outputs, refused }) => (outputs, refused),
    };
    let mut reasons = vec![];
    match (case.result, refused) {
        (Verdict::Valid, Some(why)) => {
            return Outcome::Failed(vec![format!("it was refused: {why}")]);
        }
        // What the guide leaves open may be refused.
        (Verdict::Acceptable, Some(_)) => return Outcome::Passed(0.0),
        (Verdict::Invalid, None) => reasons.push("it was carried out, and must be refused".into()),
        _ => {}
    }
    let mut largest = 0.0f64;
    for (name, quantity) in &case.expected {
        let ratio = match outputs.get(name) {
            None => Err("it is missing".into()),
            Some(answer) => hold(quantity, precision, answer),
        };
        match ratio {
            Ok(ratio) => largest = largest.max(ratio),
            Err(why) => reasons.push(format!("{name}: {why}")),
        }
    }
    match reasons.is_empty() {
        true => Outcome::Passed(largest),
        false => Outcome::Failed(reasons),
    }
}

/// Error over allowance, if that is at most 1. Everything is exact here: no judge's rounding.
pub(super) fn hold(
    quantity: &Quantity,
    precision: &str,
    answer: &Tree<String>,
) -> Result<f64, String> {
    let reference = match &quantity.exact {
        Some(exact) => exact.exact(),
        None => quantity.value.exact(),
    };
    let reference = reference.map_err(|why| format!("the vector file is broken: {why}"))?;
    if let Some(mismatch) = reference.mismatch(answer) {
        return Err(mismatch);
    }
    let answer = answer.exact().map_err(|why| why.to_string())?;
    if quantity.compare == Compare::Exact {
        // A decimal that a language prints so that it reads back as the same number stands for that number.
        let answer = answer.try_map(&|x| rounded(x, precision))?;
        let distance = reference.distance_squared(&answer);
        return match distance == Rational::from(0) {
            true => Ok(0.0),
            false => Err(format!(
                "it is {}, and must be exactly {}",
                shown(&answer),
                shown(&reference)
            )),
        };
    }
    let allowance = quantity
        .allowance
        .as_ref()
        .and_then(|all| all.get(precision));
    let allowance =
        allowance.ok_or_else(|| format!("the case has no allowance for {precision}"))?;
    let allowance = parse_exact(allowance).map_err(|why| why.to_string())?;
    if quantity.compare == Compare::AtMost {
        let zero = Rational::from(0);
        let pairs = reference.leaves().into_iter().zip(answer.leaves());
        for (limit, x) in pairs {
            if *x < zero || *x > limit.clone() + &allowance {
                return Err(format!(
                    "it is {}, and must lie between 0 and {}",
                    short(x),
                    short(limit)
                ));
            }
        }
        return Ok(0.0);
    }
    let allowed = allowance.clone() * &allowance;
    let mut distance = reference.distance_squared(&answer);
    // Where nothing is rounded the shortest decimal that reads back as the right number is off by more than is allowed.
    if distance > allowed
        && let Ok(nearest) = answer.try_map(&|x| rounded(x, precision))
    {
        distance = distance.min(reference.distance_squared(&nearest));
    }
    if distance <= allowed {
        let ratio = match distance == Rational::from(0) {
            true => 0.0,
            false => (distance / allowed).to_f64().sqrt(),
        };
        return Ok(ratio);
    }
    let off = Mp::<64>::from_rational(&distance);
    let off = crate::scalar::Real::sqrt(&off);
    Err(format!(
        "it is off by {off:.2}, and rounding explains {}",
        short(&allowance)
    ))
}

/// The number of the judged arithmetic that is nearest to an answer.
fn rounded(x: &Rational, precision: &str) -> Result<Rational, String> {
    let nearest = match precision {
        "f32" => f32::from_rational(x).to_rational(),
        _ => f64::from_rational(x).to_rational(),
    };
    nearest.ok_or_else(|| format!("{} overflows {precision}", short(x)))
}

fn short(x: &Rational) -> String {
    format!("{:.2}", Mp::<64>::from_rational(x))
}

fn shown(tree: &Tree<Rational>) -> String {
    let leaves: Vec<String> = tree
        .leaves()
        .into_iter()
        .take(8)
        .map(super::text::spell_whole)
        .collect();
    let more = if tree.leaves().len() > 8 { ", …" } else { "" };
    format!("{}{more}", leaves.join(", "))
}
