//! The JSON Schema of each vector file, self-contained.

use serde_json::{Map, Value, json};

use super::operation::Operation;

/// What a part of an input or output looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string that spells a number.
    Number,
    /// A list of numbers.
    Vector,
    /// A list of lists of numbers.
    Matrix,
    /// A whole number.
    Index,
    /// A word.
    Word,
    /// A network.
    Network,
    /// Tensors by name.
    Tensors,
}

/// A part: name, kind, and whether it must be there.
pub type Part = (&'static str, Kind, bool);

/// The parts of an operation's inputs. Those of `invalid` are any other operation's, good or bad.
pub fn inputs(operation: Operation) -> &'static [Part] {
    use Kind::{Index, Matrix, Network, Number, Tensors, Vector, Word};
    const NETWORK: Part = ("network", Network, true);
    const X: Part = ("x", Vector, true);
    const LAYER: Part = ("layer", Index, true);
    const GAIN: Part = ("gain", Word, true);
    const THRESHOLD: Part = ("threshold", Number, false);
    match operation {
        Operation::Harness => &[X],
        Operation::Gain => &[GAIN, THRESHOLD, ("r", Number, true)],
        Operation::Activation | Operation::Jacobian => {
            &[GAIN, THRESHOLD, ("z", Vector, true), ("o", Number, true)]
        }
        Operation::Forward
        | Operation::Alternate
        | Operation::Triangular
        | Operation::Compress
        | Operation::Collapsed => &[NETWORK, X],
        Operation::Batch => &[NETWORK, ("inputs", Matrix, true)],
        Operation::Rotate => &[NETWORK, LAYER, ("rotation", Matrix, true), X],
        Operation::Left | Operation::Full => &[NETWORK, LAYER, X],
        Operation::Grow => &[NETWORK, LAYER, ("columns", Matrix, true), X],
        Operation::GrowWithBias => &[
            NETWORK,
            LAYER,
            ("beta", Number, true),
            ("column", Vector, true),
            X,
        ],
        Operation::Remove => &[NETWORK, LAYER, ("neuron", Index, true), X],
        Operation::Truncate => &[NETWORK, LAYER, ("width", Index, true), X],
        Operation::Adapt => &[NETWORK, ("theta", Number, true), ("buffer", Index, true), X],
        Operation::OptimiserState => &[
            ("action", Word, true),
            ("weight", Matrix, false),
            ("bias", Vector, false),
            ("psi", Vector, false),
            ("next_weight", Matrix, false),
            ("rotation", Matrix, false),
            ("count", Index, false),
            ("neuron", Index, false),
            ("parameter", Vector, false),
            ("momentum", Vector, false),
            ("gradient", Vector, false),
            ("rate", Number, false),
            ("friction", Number, false),
            ("frozen", Word, false),
        ],
        Operation::Import => &[
            GAIN,
            ("tensors", Tensors, true),
            ("lengths", Word, false),
            X,
        ],
        Operation::Invalid => &[("operation", Word, true)],
    }
}

/// The outputs of an operation.
pub fn outputs(operation: Operation) -> &'static [Part] {
    use Kind::{Index, Matrix, Number, Vector};
    const Y: Part = ("y", Vector, true);
    const WIDTHS: Part = ("widths", Vector, true);
    const LENGTHS: Part = ("o", Vector, true);
    const NEXT_PSI: Part = ("next_psi", Vector, true);
    const OFF: Part = ("off_diagonal", Number, true);
    match operation {
        Operation::Harness => &[("x", Vector, true)],
        Operation::Gain => &[("gamma", Number, true)],
        Operation::Activation => &[("h", Vector, true), ("gamma", Number, false)],
        Operation::Jacobian => &[("jacobian", Matrix, true)],
        Operation::Forward => &[Y, ("gammas", Vector, false)],
        Operation::Batch => &[("y", Matrix, true)],
        Operation::Rotate => &[
            ("weight", Matrix, true),
            ("bias", Vector, true),
            ("psi", Vector, false),
            ("next_weight", Matrix, true),
            Y,
        ],
        Operation::Left | Operation::Full => &[WIDTHS, ("sigma", Vector, true), OFF, Y],
        Operation::Alternate => &[WIDTHS, ("zeros", Index, true), Y],
        Operation::Triangular => &[WIDTHS, ("zeros", Index, true), ("sigma", Matrix, true), Y],
        Operation::Grow => &[
            WIDTHS,
            ("bias", Vector, true),
            ("next_weight", Matrix, true),
            Y,
        ],
        Operation::GrowWithBias => &[WIDTHS, ("bias", Vector, true), LENGTHS, NEXT_PSI, Y],
        Operation::Remove => &[WIDTHS, LENGTHS, NEXT_PSI, Y],
        Operation::Truncate => &[
            WIDTHS,
            ("sigma", Vector, true),
            LENGTHS,
            NEXT_PSI,
            ("change", Number, true),
            Y,
        ],
        Operation::Compress | Operation::Adapt => &[WIDTHS, Y],
        Operation::Collapsed => &[
            ("linear", Vector, true),
            ("constants", Matrix, true),
            ("gammas", Vector, true),
            Y,
        ],
        Operation::OptimiserState => &[
            ("weight", Matrix, false),
            ("bias", Vector, false),
            ("psi", Vector, false),
            ("next_weight", Matrix, false),
            ("parameter", Vector, false),
            ("momentum", Vector, false),
        ],
        Operation::Import => &[WIDTHS, LENGTHS, Y],
        Operation::Invalid => &[("y", Vector, false)],
    }
}

/// Every schema of the folder, with its name from there.
pub fn all() -> Vec<(String, String)> {
    let of_files = Operation::ALL.into_iter().map(|operation| {
        let name = format!("schemas/{}.json", operation.name());
        (name, render(operation))
    });
    of_files.chain(super::exchange::schemas()).collect()
}

/// The schema as text.
pub fn render(operation: Operation) -> String {
    serde_json::to_string_pretty(&schema(operation)).unwrap_or_default() + "\n"
}

/// The schema (draft 2020-12) of an operation's file.
pub fn schema(operation: Operation) -> Value {
    let invalid = operation == Operation::Invalid;
    let text = json!({ "type": "string" });
    let flag = json!({ "type": "string", "pattern": "^[A-Z][A-Za-z]+$" });
    let note = object(
        &[
            ("bug", &text, true),
            ("effect", &text, true),
            ("remedy", &text, true),
        ],
        false,
    );
    let quantity = json!({ "$ref": "#/$defs/quantity" });
    let expected: Vec<(&str, &Value, bool)> = outputs(operation)
        .iter()
        .map(|&(name, _, required)| (name, &quantity, required))
        .collect();
    let parts: Vec<(&str, Value, bool)> = inputs(operation)
        .iter()
        .map(|&(name, kind, required)| (name, reference(kind), required))
        .collect();
    let parts: Vec<(&str, &Value, bool)> = parts
        .iter()
        .map(|(name, value, required)| (*name, value, *required))
        .collect();
    let case = object(
        &[
            (
                "id",
                &json!({ "type": "string", "pattern": format!("^{}/[a-z0-9-]+$", operation.name()) }),
                true,
            ),
            ("comment", &text, true),
            (
                "flags",
                &json!({ "type": "array", "items": flag, "uniqueItems": true }),
                true,
            ),
            (
                "statement",
                &json!({ "type": "string", "pattern": "^(harness|[A-G][0-9]{1,2})$" }),
                true,
            ),
            (
                "result",
                &match invalid {
                    true => json!({ "const": "invalid" }),
                    false => json!({ "enum": ["valid", "acceptable"] }),
                },
                true,
            ),
            (
                "precisions",
                &json!({ "type": "array", "items": { "enum": ["f64", "f32"] }, "minItems": 1, "uniqueItems": true }),
                true,
            ),
            ("input", &object(&parts, invalid), true),
            ("expected", &object(&expected, false), true),
        ],
        false,
    );
    let provenance = object(
        &[
            ("generator", &text, true),
            ("seed", &json!({ "type": "integer", "minimum": 0 }), true),
            ("reference", &text, true),
            ("certificate", &text, true),
            ("allowance", &text, true),
        ],
        false,
    );
    let notes = json!({
        "type": "object",
        "propertyNames": flag,
        "additionalProperties": note,
    });
    let mut schema = object(
        &[
            ("format", &json!({ "const": super::case::FORMAT }), true),
            ("version", &json!({ "const": super::case::VERSION }), true),
            ("operation", &json!({ "const": operation.name() }), true),
            (
                "schema",
                &json!({ "const": format!("schemas/{}.json", operation.name()) }),
                true,
            ),
            ("description", &text, true),
            ("provenance", &provenance, true),
            ("notes", &notes, true),
            (
                "numberOfCases",
                &json!({ "type": "integer", "minimum": 1 }),
                true,
            ),
            (
                "cases",
                &json!({ "type": "array", "minItems": 1, "items": case }),
                true,
            ),
        ],
        false,
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!(format!("Conformance vectors: {}", operation.name()));
    schema["$defs"] = definitions();
    schema
}

fn object(parts: &[(&str, &Value, bool)], open: bool) -> Value {
    let properties: Map<String, Value> = parts
        .iter()
        .map(|(name, value, _)| ((*name).to_string(), (*value).clone()))
        .collect();
    let required: Vec<&str> = parts
        .iter()
        .filter(|part| part.2)
        .map(|part| part.0)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": open,
    })
}

fn reference(kind: Kind) -> Value {
    let name = match kind {
        Kind::Number => "number",
        Kind::Vector => "vector",
        Kind::Matrix => "matrix",
        Kind::Index => return json!({ "type": "integer", "minimum": 0 }),
        Kind::Word => return json!({ "type": "string", "pattern": "^[a-z0-9-]+$" }),
        Kind::Network => "network",
        Kind::Tensors => "tensors",
    };
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn definitions() -> Value {
    let vector = json!({ "$ref": "#/$defs/vector" });
    let tree = json!({ "$ref": "#/$defs/tree" });
    let gain = json!({ "enum": crate::Gain::<f64>::NAMES });
    let layer = object(
        &[
            ("weight", &json!({ "$ref": "#/$defs/matrix" }), true),
            ("bias", &vector, true),
            ("psi", &vector, false),
        ],
        false,
    );
    let tensor = object(
        &[
            (
                "shape",
                &json!({ "type": "array", "items": { "type": "integer", "minimum": 1 } }),
                true,
            ),
            ("data", &vector, true),
        ],
        false,
    );
    let number = json!({ "$ref": "#/$defs/number" });
    let allowance = object(&[("f64", &number, false), ("f32", &number, false)], false);
    json!({
        "number": {
            "description": "A hex float, a decimal or a ratio of whole numbers.",
            "type": "string",
            "pattern": "^-?(0x[01](\\.[0-9a-f]+)?p[+-][0-9]+|[0-9]+(\\.[0-9]+)?(e-?[0-9]+)?|[0-9]+/[0-9]+)$",
        },
        "vector": { "type": "array", "items": number, "minItems": 1 },
        "matrix": { "type": "array", "items": vector, "minItems": 1 },
        "tree": { "anyOf": [number, { "type": "array", "items": tree }] },
        "network": object(
            &[
                ("gain", &gain, true),
                ("threshold", &number, false),
                ("layers", &json!({ "type": "array", "items": layer, "minItems": 1 }), true),
                ("o", &vector, false),
            ],
            false,
        ),
        "tensors": { "type": "object", "additionalProperties": tensor },
        "quantity": object(
            &[
                ("compare", &json!({ "enum": ["norm", "exact", "at-most"] }), true),
                ("value", &tree, true),
                ("exact", &tree, false),
                ("allowance", &allowance, false),
            ],
            false,
        ),
    })
}
