//! The JSON Schema of each vector file, self-contained.

use serde_json::{Map, Value, json};

use super::{operation::Operation, part::Kind};

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
    let expected: Vec<(&str, &Value, bool)> = operation
        .outputs()
        .iter()
        .map(|&(name, _, required)| (name, &quantity, required))
        .collect();
    let parts: Vec<(&str, Value, bool)> = operation
        .inputs()
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
