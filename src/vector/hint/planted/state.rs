//! Mistakes with an optimiser's state and with state dictionaries.

use serde_json::Value;

use super::{
    super::{
        Known,
        evidence::{Prediction, weigh},
    },
    of_changed, planted,
};
use crate::{
    linalg::{Matrix, product, product_nt},
    network::{Network, evaluate},
    scalar::text::parse,
    vector::{
        input::{Input, Refusal},
        operation::Operation,
    },
};

type Predicted = Result<Prediction, Refusal>;

const STATE: [&str; 4] = ["weight", "bias", "psi", "next_weight"];

pub(super) fn of_state() -> Vec<Known> {
    vec![
        planted(
            "DiagonalState",
            vec![|seen| {
                let square = |r: &Matrix<f64>| r.map(|x| x * x);
                weigh(
                    seen,
                    rotated(seen.input(), square, |after, r| {
                        product_nt(after, &square(r))
                    }),
                )
            }],
        ),
        planted(
            "RotateTransposed",
            vec![|seen| weigh(seen, rotated(seen.input(), Matrix::clone, product))],
        ),
        planted(
            "StateOrphaned",
            vec![
                |seen| weigh(seen, kept(seen.input(), &["rotate", "grow", "remove"])),
                |seen| weigh(seen, kept(seen.input(), &["rotate"])),
                |seen| weigh(seen, kept(seen.input(), &["grow", "remove"])),
            ],
        ),
        planted(
            "ConstantPsiTrained",
            vec![|seen| {
                let changed = seen.input().clone().with("frozen", "no");
                weigh(
                    seen,
                    of_changed(
                        Operation::OptimiserState,
                        &changed,
                        &["parameter", "momentum"],
                    ),
                )
            }],
        ),
    ]
}

fn rows(a: &Matrix<f64>) -> Vec<f64> {
    a.transpose().as_slice().to_vec()
}

/// The state seen through a function of R, and W_{l+1}'s by another.
fn rotated(
    input: &Input,
    f: impl Fn(&Matrix<f64>) -> Matrix<f64>,
    next: impl Fn(&Matrix<f64>, &Matrix<f64>) -> Matrix<f64>,
) -> Predicted {
    let r: Matrix<f64> = input.matrix("rotation")?;
    let m = f(&r);
    let vector = |name: &str| -> Result<Vec<f64>, Refusal> {
        let v: Vec<f64> = input.vector(name)?;
        Ok(product(&m, &Matrix::from_column_slice(v.len(), 1, &v))
            .as_slice()
            .to_vec())
    };
    Ok(Prediction::of([
        ("weight", rows(&product(&m, &input.matrix("weight")?))),
        ("bias", vector("bias")?),
        ("psi", vector("psi")?),
        (
            "next_weight",
            rows(&next(&input.matrix("next_weight")?, &r)),
        ),
    ]))
}

/// The state as it was, after these actions.
fn kept(input: &Input, actions: &[&str]) -> Predicted {
    if !actions.contains(&input.word("action")?.as_str()) {
        return Ok(Prediction::default());
    }
    let mut outputs = vec![];
    for name in STATE {
        let value = match name {
            "weight" | "next_weight" => rows(&input.matrix(name)?),
            _ => input.vector(name)?,
        };
        outputs.push((name, value));
    }
    Ok(Prediction {
        outputs,
        ..Prediction::default()
    })
}

pub(super) fn of_import() -> Vec<Known> {
    vec![
        planted(
            "LogReadAsO",
            vec![
                |seen| weigh(seen, as_lengths(seen.input(), |x| x)),
                |seen| weigh(seen, as_lengths(seen.input(), f64::abs)),
            ],
        ),
        planted(
            "ColumnMajor",
            vec![|seen| weigh(seen, by_columns(seen.input()))],
        ),
        planted(
            "PsiOffByOne",
            vec![|seen| weigh(seen, turned(seen.input(), true)), |seen| {
                weigh(seen, turned(seen.input(), false))
            }],
        ),
        planted(
            "OSquaredTwice",
            vec![
                |seen| weigh(seen, with_lengths(seen.input(), "", |o| o * o)),
                |seen| weigh(seen, with_lengths(seen.input(), "o_const", |o| o * o)),
            ],
        ),
        planted(
            "ORooted",
            vec![
                |seen| weigh(seen, with_lengths(seen.input(), "", f64::sqrt)),
                |seen| weigh(seen, with_lengths(seen.input(), "o_const", f64::sqrt)),
            ],
        ),
    ]
}

fn imported(input: &Input) -> Predicted {
    of_changed(Operation::Import, input, &["widths", "o", "y"])
}

fn tensors(input: &Input) -> impl Iterator<Item = (&String, &Value)> {
    let all = input.parts().get("tensors").and_then(Value::as_object);
    all.into_iter().flatten()
}

/// ln o read as o; where it is negative the network is refused, or has no output.
fn as_lengths(input: &Input, f: fn(f64) -> f64) -> Predicted {
    let log = input.word("lengths").map_or(true, |word| word == "log");
    let mut stored = vec![];
    for (name, tensor) in tensors(input).filter(|(name, _)| name.ends_with("intrinsic_length")) {
        let text = tensor.pointer("/data/0").and_then(Value::as_str);
        let text = text.unwrap_or_default();
        let x: f64 = parse(text).map_err(|why| Refusal::Number {
            name: name.clone(),
            why,
        })?;
        // activation.10 stands before activation.2.
        let layer = name.split('.').nth(1).and_then(|i| i.parse::<usize>().ok());
        stored.push((layer, f(x)));
    }
    if !log || stored.is_empty() {
        return Ok(Prediction::default());
    }
    stored.sort_by_key(|(layer, _)| *layer);
    if stored.iter().any(|(_, x)| *x < 0.0) {
        return Ok(Prediction::refusal());
    }
    let values: Vec<f64> = stored.into_iter().map(|(_, x)| x).collect();
    with_o(input, |at, _| values.get(at).copied().unwrap_or(0.0))
}

/// Every o, or those stored under a name, through a function.
fn with_lengths(input: &Input, part: &str, f: fn(f64) -> f64) -> Predicted {
    match tensors(input).any(|(name, _)| name.starts_with("activation") && name.contains(part)) {
        true => with_o(input, |_, o| f(o)),
        false => Ok(Prediction::default()),
    }
}

fn with_o(input: &Input, f: impl Fn(usize, f64) -> f64) -> Predicted {
    let network: Network<f64> = Operation::imported(input)?;
    let (layers, gain, lengths) = network.into_parts();
    let lengths: Vec<f64> = (0..).zip(lengths).map(|(at, o)| f(at, o)).collect();
    let wrong = Network::new(layers, gain, Some(lengths.clone()))?;
    let y = evaluate(&wrong, &input.vector("x")?)?;
    Ok(Prediction::of([
        ("o", lengths),
        ("y", y.as_slice().to_vec()),
    ]))
}

/// Every matrix read column by column.
fn by_columns(input: &Input) -> Predicted {
    let mut changed = serde_json::Map::new();
    for (name, tensor) in tensors(input) {
        let mut tensor = tensor.clone();
        let shape = tensor.get("shape").and_then(Value::as_array).cloned();
        let sides: Vec<usize> = shape
            .into_iter()
            .flatten()
            .filter_map(|side| side.as_u64().map(|side| side as usize))
            .collect();
        if let (&[m, n], Some(data)) = (&sides[..], tensor.get("data").and_then(Value::as_array)) {
            let moved = (0..m * n).filter_map(|at| data.get((at % n) * m + at / n).cloned());
            tensor["data"] = Value::Array(moved.collect());
        }
        changed.insert(name.clone(), tensor);
    }
    imported(&input.clone().with("tensors", Value::Object(changed)))
}

/// ψ of each layer given to the one before: the first of them to the last layer, or to the first, which is refused.
fn turned(input: &Input, cyclic: bool) -> Predicted {
    let psi: Vec<&String> = tensors(input)
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("psi_parameters"))
        .collect();
    if psi.is_empty() {
        return Ok(Prediction::default());
    }
    if !cyclic {
        return Ok(Prediction::refusal());
    }
    let mut changed = serde_json::Map::new();
    for (name, tensor) in tensors(input) {
        let index = name.strip_prefix("psi_parameters.");
        let name = match index.and_then(|i| i.parse::<usize>().ok()) {
            Some(i) => format!("psi_parameters.{}", (i + psi.len() - 1) % psi.len()),
            None => name.clone(),
        };
        changed.insert(name, tensor.clone());
    }
    imported(&input.clone().with("tensors", Value::Object(changed)))
}
