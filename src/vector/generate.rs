//! From drafts to vector files: references, their certificates, and allowances.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{
    answer::Answer,
    case::{Case, FORMAT, Provenance, Quantity, VERSION, VectorFile, Verdict},
    flag::flag,
    input::Refusal,
    operation::{Allow, Draft, Operation},
    reference::{AGREEMENT, PRECISIONS, certify, close, meaningful, quantity},
};
use crate::{Error as Mathematics, scalar::Mp};

/// Why a file could not be made: a mistake in the generator, never in a user's data.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// Drawing failed.
    #[error("drawing the cases of {operation}: {why}")]
    Draft {
        /// The operation.
        operation: &'static str,
        /// Why.
        why: Box<Mathematics>,
    },
    /// A valid case was refused.
    #[error("case {id}: {why}")]
    Refused {
        /// The case.
        id: String,
        /// Why.
        why: Box<Refusal>,
    },
    /// An invalid case was carried out.
    #[error("case {0}: it was to be refused and was not")]
    NotRefused(String),
    /// Two precisions disagree, or the reference contradicts what it must satisfy.
    #[error("case {id}, output {output}: {why}")]
    Uncertified {
        /// The case.
        id: String,
        /// The output.
        output: String,
        /// What went wrong.
        why: String,
    },
}

/// The vector file of an operation; the same seed gives the same file on every machine.
///
/// # Errors
/// [`GenerateError`].
pub fn generate(operation: Operation, seed: u64) -> Result<VectorFile, GenerateError> {
    let drafts = operation.drafts(seed).map_err(|why| GenerateError::Draft {
        operation: operation.name(),
        why: Box::new(why),
    })?;
    let cases = drafts
        .iter()
        .map(|draft| case(operation, draft))
        .collect::<Result<Vec<_>, _>>()?;
    let used: BTreeSet<&String> = cases.iter().flat_map(|case| &case.flags).collect();
    let notes = used
        .into_iter()
        .filter_map(|name| Some((name.clone(), flag(name)?.note())));
    Ok(VectorFile {
        format: FORMAT.into(),
        version: VERSION,
        operation: operation.name().into(),
        schema: format!("schemas/{}.json", operation.name()),
        description: operation.description().into(),
        provenance: Provenance {
            generator: concat!("isotropic ", env!("CARGO_PKG_VERSION")).into(),
            seed,
            reference: "MPFR at 1024 bits; over the rationals where `exact` is given".into(),
            certificate: format!(
                "the same text at 512 bits agrees to 1e-{AGREEMENT} of the norm; where `exact` is given the decimals were rounded from it"
            ),
            allowance: "a bound over all orders of summation, fused or not: docs/PORTING.md".into(),
        },
        notes: notes.collect(),
        number_of_cases: cases.len(),
        cases,
    })
}

fn case(operation: Operation, draft: &Draft) -> Result<Case, GenerateError> {
    let invalid = operation == Operation::Invalid;
    let (mut precisions, expected) = if invalid {
        refused(draft)?
    } else {
        carried_out(operation, draft)?
    };
    if draft.double {
        precisions.retain(|name| name == "f64");
    }
    Ok(Case {
        id: draft.id.clone(),
        comment: draft.comment.clone(),
        flags: draft.flags.iter().map(ToString::to_string).collect(),
        statement: draft.statement.into(),
        result: match (invalid, draft.acceptable) {
            (true, _) => Verdict::Invalid,
            (false, true) => Verdict::Acceptable,
            (false, false) => Verdict::Valid,
        },
        precisions,
        input: draft.input.clone(),
        expected,
    })
}

type Expected = (Vec<String>, BTreeMap<String, Quantity>);

fn refused(draft: &Draft) -> Result<Expected, GenerateError> {
    for carried_out in [
        Operation::Invalid.answer::<f64>(&draft.input).is_ok(),
        Operation::Invalid.answer::<Mp<512>>(&draft.input).is_ok(),
    ] {
        if carried_out {
            return Err(GenerateError::NotRefused(draft.id.clone()));
        }
    }
    if draft.without.contains(&"y") {
        let all = PRECISIONS.map(|(name, ..)| name.to_string());
        return Ok((all.to_vec(), BTreeMap::new()));
    }
    let missing = || GenerateError::Uncertified {
        id: draft.id.clone(),
        output: "y".into(),
        why: "the network itself is bad".into(),
    };
    let coarse = Operation::after_refusal::<Mp<512>>(&draft.input).ok_or_else(missing)?;
    let fine = Operation::after_refusal::<Mp<1024>>(&draft.input).ok_or_else(missing)?;
    quantities(Operation::Invalid, draft, &coarse, &fine, None)
}

fn carried_out(operation: Operation, draft: &Draft) -> Result<Expected, GenerateError> {
    let refusal = |why| GenerateError::Refused {
        id: draft.id.clone(),
        why: Box::new(why),
    };
    let coarse = operation.answer::<Mp<512>>(&draft.input).map_err(refusal)?;
    let fine = operation
        .answer::<Mp<1024>>(&draft.input)
        .map_err(refusal)?;
    let exact = operation.exact(&draft.input);
    quantities(operation, draft, &coarse, &fine, exact.as_ref())
}

fn quantities(
    operation: Operation,
    draft: &Draft,
    coarse: &Answer,
    fine: &Answer,
    exact: Option<&Answer>,
) -> Result<Expected, GenerateError> {
    let allowances = match draft.allowances {
        Some(own) => own(&draft.input),
        None => operation.allowances(&draft.input),
    };
    let allowances = allowances.map_err(|why| GenerateError::Refused {
        id: draft.id.clone(),
        why: Box::new(why),
    })?;
    let mut expected = BTreeMap::new();
    let mut precisions: Vec<&str> = PRECISIONS.iter().map(|(name, ..)| *name).collect();
    for (name, allow) in &allowances {
        let two_sided = match allow {
            Allow::AtMost(_, units) if draft.two_sided => Some(Allow::Carried(units.clone())),
            _ => None,
        };
        if draft.without.contains(name) {
            continue;
        }
        let fail = |why: String| GenerateError::Uncertified {
            id: draft.id.clone(),
            output: (*name).into(),
            why,
        };
        let (Some(coarse), Some(fine)) = (coarse.get(name), fine.get(name)) else {
            return Err(fail("it was not answered".into()));
        };
        certify(allow, coarse, fine).map_err(fail)?;
        let allow = two_sided.as_ref().unwrap_or(allow);
        let exact = exact.and_then(|answer| answer.get(name));
        if exact.is_some_and(|exact| !close(exact, fine)) {
            return Err(fail("the exact value is another one".into()));
        }
        let quantity = quantity(allow, fine, exact);
        precisions.retain(|precision| meaningful(&quantity, exact.unwrap_or(fine), precision));
        expected.insert((*name).to_string(), quantity);
    }
    if let Some((name, _)) = fine
        .outputs
        .iter()
        .find(|(name, _)| !draft.without.contains(name) && !expected.contains_key(*name))
    {
        return Err(GenerateError::Uncertified {
            id: draft.id.clone(),
            output: (*name).into(),
            why: "nothing says what it may be off by".into(),
        });
    }
    if !precisions.contains(&"f64") {
        return Err(GenerateError::Uncertified {
            id: draft.id.clone(),
            output: "all".into(),
            why: "rounding alone could explain any answer in f64".into(),
        });
    }
    for quantity in expected.values_mut() {
        if let Some(allowance) = &mut quantity.allowance {
            allowance.retain(|name, _| precisions.contains(&name.as_str()));
            if draft.double {
                allowance.retain(|name, _| name == "f64");
            }
        }
    }
    Ok((precisions.into_iter().map(String::from).collect(), expected))
}
