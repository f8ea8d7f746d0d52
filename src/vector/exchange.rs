//! JSON Schemas of what goes between a port and its judge: a line of the adapter, an answer, results, a verdict, a profile.

use serde_json::{Value, json};

use super::{operation::Operation, profile, results};
use crate::Gain;

/// Names from the folder of the vectors, and contents.
pub fn schemas() -> Vec<(String, String)> {
    [
        ("line", "A case as an adapter reads it", line()),
        ("answer", "An answer of an adapter", answer(true)),
        ("results", "The answers of a port in a file", results()),
        ("verdict", "The verdicts on a port", verdict()),
        ("profile", "What a port declares to have", profile()),
    ]
    .into_iter()
    .map(|(name, title, mut schema)| {
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["title"] = json!(title);
        let text = serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n";
        (format!("schemas/{name}.json"), text)
    })
    .collect()
}

fn operation() -> Value {
    json!({ "enum": Operation::ALL.map(Operation::name) })
}

fn id() -> Value {
    json!({ "type": "string", "pattern": "^[a-z-]+/[a-z0-9-]+$" })
}

fn precision() -> Value {
    json!({ "enum": ["f64", "f32"] })
}

fn line() -> Value {
    json!({
        "description": "The input is that of the case, as the schema of the operation's file has it.",
        "type": "object",
        "properties": {
            "id": id(),
            "operation": operation(),
            "precision": precision(),
            "input": { "type": "object" },
        },
        "required": ["id", "operation", "precision", "input"],
        "additionalProperties": false,
    })
}

/// Outputs that the judge does not ask for, and fields that it does not know, are passed over.
fn answer(named: bool) -> Value {
    let mut schema = json!({
        "type": "object",
        "properties": {
            "outputs": { "type": ["object", "null", "boolean"], "additionalProperties": { "$ref": "#/$defs/tree" } },
            "refused": { "description": "Why; null or false is as good as absent.", "type": ["string", "null", "boolean"] },
            "unsupported": { "type": ["boolean", "null"] },
            "crashed": { "description": "Why: the port's own report of a mistake, which fails the case.", "type": ["string", "null", "boolean"] },
        },
        "anyOf": [
            { "required": ["outputs"], "properties": { "outputs": { "type": "object" } } },
            { "required": ["refused"], "properties": { "refused": { "enum": [true] } } },
            { "required": ["refused"], "properties": { "refused": { "type": "string" } } },
            { "required": ["unsupported"], "properties": { "unsupported": { "const": true } } },
            { "required": ["crashed"], "properties": { "crashed": { "type": "string" } } },
        ],
        "$defs": definitions(),
    });
    if named {
        schema["properties"]["id"] = id();
        schema["required"] = json!(["id"]);
    }
    schema
}

fn definitions() -> Value {
    json!({
        "number": {
            "description": "A hex float, a decimal or a ratio of whole numbers as a string; a whole number may be a JSON integer.",
            "anyOf": [
                { "type": "integer" },
                { "type": "string", "pattern": "^[+-]?(0[xX][0-9a-fA-F]+(\\.[0-9a-fA-F]*)?[pP][+-]?[0-9]+|[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?|[0-9]+/[0-9]+)$" },
            ],
        },
        "tree": {
            "anyOf": [
                { "$ref": "#/$defs/number" },
                { "type": "array", "items": { "$ref": "#/$defs/tree" } },
            ],
        },
    })
}

fn results() -> Value {
    let mut answer = answer(false);
    let definitions = answer["$defs"].take();
    if let Some(parts) = answer.as_object_mut() {
        parts.remove("$defs");
    }
    json!({
        "type": "object",
        "properties": {
            "format": { "const": results::FORMAT },
            "version": { "const": results::VERSION },
            "precision": precision(),
            "results": { "type": "object", "propertyNames": id(), "additionalProperties": answer },
        },
        "required": ["format", "version", "results"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn verdict() -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    let text = json!({ "type": "string" });
    let mistake = json!({
        "type": "object",
        "properties": { "flag": text, "explained": count, "by_numbers": { "type": "boolean" } },
        "required": ["flag", "explained", "by_numbers"],
        "additionalProperties": false,
    });
    let case = json!({
        "type": "object",
        "properties": {
            "id": id(),
            "outcome": { "enum": ["passed", "failed", "missing"] },
            "flags": { "type": "array", "items": text },
            "ratio": { "description": "Of a passed case: the largest error over its allowance.", "type": "number", "minimum": 0, "maximum": 1 },
            "reasons": { "description": "Of a failed case.", "type": "array", "items": text, "minItems": 1 },
        },
        "required": ["id", "outcome", "flags"],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": {
            "format": { "const": "isotropic-check" },
            "version": { "const": 1 },
            "precision": precision(),
            "passed": count,
            "failed": count,
            "missing": count,
            "outside": { "description": "Cases outside of the port's profile, which were not asked.", "type": "integer", "minimum": 0 },
            "faults": { "type": "array", "items": text },
            "first_operation_that_fails": { "anyOf": [{ "type": "null" }, operation()] },
            "mistakes": { "description": "What explains the failures; more than one where the cases cannot tell them apart.", "type": "array", "items": mistake },
            "cases": { "type": "array", "items": case },
        },
        "required": ["format", "version", "precision", "passed", "failed", "missing", "faults", "cases"],
        "additionalProperties": false,
    })
}

fn profile() -> Value {
    let some = |items: Value| json!({ "type": "array", "items": items, "minItems": 1, "uniqueItems": true });
    json!({
        "description": "A list that is left out stands for all of them.",
        "type": "object",
        "properties": {
            "format": { "const": profile::FORMAT },
            "gains": some(json!({ "enum": Gain::<f64>::NAMES })),
            "operations": some(operation()),
        },
        "required": ["format"],
        "additionalProperties": false,
    })
}
