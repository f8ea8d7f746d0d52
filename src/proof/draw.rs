//! Not trusted. Random models of a theorem's hypotheses.
//!
//! Everything that no draw speaks of is free. A draw is one of
//!
//! ```text
//! R orthogonal       a random orthogonal matrix
//! U E orthogonal     the columns of one, those of U first
//! t : 1×1            a further free variable, for use in draws
//! c > 0              a positive scalar
//! κ = γ inverse(γ′)  computed, in terms of everything else; `inverse` and `minus` are known here
//! g rational         what a function means: rational, rational-tanh, linear, reciprocal-root (1/√t)
//! ```

use std::fmt;

use num_traits::{One, Signed};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{
    Assignment, Function, NoValue, Problem, Proved, Signature, Theorem,
    evaluate::entry,
    model::{function, size},
    parse::{parse_shape, parse_term},
};
use crate::{
    linalg::{Matrix, cayley},
    scalar::Rational,
};

/// Why nothing was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDraw {
    /// The draw is not one.
    Malformed {
        /// The draw.
        draw: String,
        /// What is wrong.
        problem: String,
    },
    /// This time it came to nothing: a division by zero, say. Another draw may do.
    NoValue(NoValue),
}

impl fmt::Display for NoDraw {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            NoDraw::Malformed { draw, problem } => write!(f, "draw `{draw}`: {problem}"),
            NoDraw::NoValue(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for NoDraw {}

impl From<NoValue> for NoDraw {
    fn from(why: NoValue) -> Self {
        NoDraw::NoValue(why)
    }
}

enum Draw {
    Orthogonal(Vec<String>),
    Extra(String, super::Shape),
    Positive(String),
    Computed(String, super::Term),
    Means(String, Function),
}

fn read(text: &str, signature: &mut Signature) -> Result<Draw, NoDraw> {
    let malformed = |problem: String| NoDraw::Malformed {
        draw: text.into(),
        problem,
    };
    let wrong = |problem: Problem| malformed(problem.to_string());
    let variable = |name: &str, signature: &Signature| {
        let known = signature.variables.contains_key(name);
        let refuse = || malformed(format!("there is no variable `{name}`"));
        known.then(|| name.to_string()).ok_or_else(refuse)
    };
    if let Some((name, term)) = text.split_once('=') {
        let term = parse_term(term, signature).map_err(wrong)?;
        return Ok(Draw::Computed(variable(name.trim(), signature)?, term));
    }
    if let Some((name, shape)) = text.split_once(':') {
        let shape = parse_shape(shape, signature).map_err(wrong)?;
        let name = name.trim().to_string();
        signature.variables.insert(name.clone(), shape.clone());
        return Ok(Draw::Extra(name, shape));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name, ">", "0"] => Ok(Draw::Positive(variable(name, signature)?)),
        [names @ .., "orthogonal"] if !names.is_empty() => {
            let names = names.iter().map(|name| variable(name, signature));
            Ok(Draw::Orthogonal(names.collect::<Result<_, _>>()?))
        }
        [name, gain] if signature.functions.contains(*name) => match function(gain) {
            Some(function) => Ok(Draw::Means((*name).into(), function)),
            None => Err(malformed(format!("there is no gain `{gain}`"))),
        },
        _ => Err(malformed("it is not of a form that is known".into())),
    }
}

/// Draws values for the names of a theorem at the given dimensions, such that its hypotheses hold if its
/// draws are right. `free` gives functions independent random values, else they are 1/(1+r).
///
/// # Errors
/// [`NoDraw`].
pub fn draw(
    theorem: &Theorem,
    proved: &Proved,
    dimensions: &std::collections::BTreeMap<String, usize>,
    free: bool,
    rng: &mut ChaCha8Rng,
) -> Result<Assignment, NoDraw> {
    let mut signature = proved.context.signature.clone();
    signature
        .functions
        .extend(["inverse", "minus"].map(String::from));
    let draws = theorem.draws.iter().map(|text| read(text, &mut signature));
    let draws: Vec<Draw> = draws.collect::<Result<_, _>>()?;
    let mut assignment = Assignment {
        dimensions: dimensions.clone(),
        definitions: proved.definitions.iter().cloned().collect(),
        ..Assignment::default()
    };
    for name in &proved.context.signature.functions {
        let meaning = match free {
            true => Function::Free(Default::default(), Box::new(ChaCha8Rng::from_rng(rng))),
            false => Function::Gain(crate::Gain::Rational),
        };
        assignment.functions.insert(name.clone(), meaning);
    }
    let known = [("inverse", Function::Inverse), ("minus", Function::Minus)];
    let known = known.map(|(name, function)| (name.to_string(), function));
    assignment.functions.extend(known);
    for (name, shape) in &proved.context.signature.variables {
        let spoken_of = draws.iter().any(|draw| match draw {
            Draw::Orthogonal(names) => names.contains(name),
            Draw::Positive(other) | Draw::Computed(other, _) => name == other,
            Draw::Extra(..) | Draw::Means(..) => false,
        });
        if !spoken_of && !assignment.definitions.contains_key(name) {
            let (m, n) = size(&assignment, shape)?;
            let value = Matrix::from_fn(m, n, |_, _| entry(rng));
            assignment.values.insert(name.clone(), value);
        }
    }
    for draw in draws {
        match draw {
            Draw::Orthogonal(names) => orthogonal(&mut assignment, &signature, &names, rng)?,
            Draw::Extra(name, shape) => {
                let (m, n) = size(&assignment, &shape)?;
                let value = Matrix::from_fn(m, n, |_, _| entry(rng));
                assignment.values.insert(name, value);
            }
            Draw::Positive(name) => {
                let positive =
                    entry(rng).abs() + Rational::one() / Rational::from(rng.random_range(1..9));
                assignment
                    .values
                    .insert(name, Matrix::from_element(1, 1, positive));
            }
            Draw::Computed(name, term) => {
                let value = assignment.value(&term)?;
                assignment.values.insert(name, value);
            }
            Draw::Means(name, meaning) => {
                assignment.functions.insert(name, meaning);
            }
        }
    }
    Ok(assignment)
}

/// Gives the names the columns of one orthogonal matrix, from left to right.
fn orthogonal(
    assignment: &mut Assignment,
    signature: &Signature,
    names: &[String],
    rng: &mut ChaCha8Rng,
) -> Result<(), NoDraw> {
    let mut widths = vec![];
    let mut height = 0;
    for name in names {
        let missing = || NoValue::Missing(name.clone());
        let shape = signature.variables.get(name).ok_or_else(missing)?;
        let (m, n) = size(assignment, shape)?;
        height = m;
        widths.push(n);
    }
    let q = cayley(height, rng);
    if widths.iter().sum::<usize>() > height {
        return Err(NoDraw::NoValue(NoValue::Shape(names.join(" "))));
    }
    let mut from = 0;
    for (name, width) in names.iter().zip(widths) {
        let columns = q.columns(from, width).into_owned();
        assignment.values.insert(name.clone(), columns);
        from += width;
    }
    Ok(())
}
