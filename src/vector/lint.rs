//! What must be true of a folder of vectors.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::{
    case::{Case, Compare, FORMAT, VERSION, VectorFile, Verdict},
    flag::{flag, flags},
    folder::{self, MANIFEST, Manifest},
    operation::Operation,
    tree::Tree,
};
use crate::scalar::{Rational, text::parse_exact};

/// Fewer cases than this are no suite.
pub const FEWEST_CASES: usize = 400;

/// More bytes than this are a burden to whoever vendors the folder.
pub const MOST_BYTES: usize = 5_000_000;

/// The findings, one line each, file and case first; none for a sound folder.
pub fn lint(folder: &Path) -> Vec<String> {
    let mut findings = vec![];
    let found = folder::read(folder, &Operation::ALL);
    findings.extend(
        found
            .broken
            .into_iter()
            .map(|(file, why)| format!("{file}: {why}")),
    );
    let mut ids = BTreeSet::new();
    let mut used = BTreeSet::new();
    for file in &found.files {
        for case in &file.cases {
            if !ids.insert(case.id.clone()) {
                findings.push(format!("{}: the id occurs twice", case.id));
            }
            used.extend(case.flags.iter().cloned());
        }
        findings.extend(lint_file(file));
    }
    let unused = flags().filter(|flag| flag.in_cases && !used.contains(flag.name));
    findings.extend(unused.map(|flag| format!("flag {}: no case carries it", flag.name)));
    if ids.len() < FEWEST_CASES {
        findings.push(format!(
            "{} cases; a suite has at least {FEWEST_CASES}",
            ids.len()
        ));
    }
    findings.extend(lint_manifest(folder, ids.len()));
    findings
}

/// What is wrong with one file.
pub fn lint_file(file: &VectorFile) -> Vec<String> {
    let mut findings = vec![];
    let name = &file.operation;
    let Some(operation) = Operation::from_name(name) else {
        return vec![format!("{name}: there is no such operation")];
    };
    if file.cases.is_empty() {
        findings.push(format!("{name}: no cases"));
    }
    if file.number_of_cases != file.cases.len() {
        findings.push(format!(
            "{name}: {} cases, {} declared",
            file.cases.len(),
            file.number_of_cases
        ));
    }
    let used: BTreeSet<&String> = file.cases.iter().flat_map(|case| &case.flags).collect();
    for (noted, note) in &file.notes {
        match flag(noted) {
            None => findings.push(format!("{name}: the flag {noted} is unknown")),
            Some(flag) if flag.note() != *note => {
                findings.push(format!(
                    "{name}: the note on {noted} is not the one of this version"
                ));
            }
            Some(_) if !used.contains(noted) => {
                findings.push(format!("{name}: a note on {noted}, which no case carries"));
            }
            Some(_) => {}
        }
    }
    for case in &file.cases {
        findings.extend(
            lint_case(operation, file, case)
                .into_iter()
                .map(|what| format!("{}: {what}", case.id)),
        );
    }
    findings
}

fn lint_case(operation: Operation, file: &VectorFile, case: &Case) -> Vec<String> {
    let mut findings = vec![];
    if !case.id.starts_with(&format!("{}/", file.operation)) {
        findings.push(format!("the id does not begin with `{}/`", file.operation));
    }
    if case.comment.is_empty() {
        findings.push("no comment".into());
    }
    let missing = case
        .flags
        .iter()
        .filter(|flag| !file.notes.contains_key(*flag));
    findings.extend(missing.map(|flag| format!("no note on its flag {flag}")));
    let invalid = operation == Operation::Invalid;
    if (case.result == Verdict::Invalid) != invalid {
        findings.push("`result` does not fit the operation".into());
    }
    if case.precisions.is_empty() || case.precisions.iter().any(|p| p != "f64" && p != "f32") {
        findings.push("`precisions` are none of f64 and f32".into());
    }
    if case.expected.is_empty() && !invalid {
        findings.push("nothing is expected".into());
    }
    let known: BTreeMap<&str, bool> = operation
        .inputs()
        .iter()
        .map(|&(name, _, required)| (name, required))
        .collect();
    for (name, _) in case.input.parts() {
        if !invalid && !known.contains_key(name.as_str()) {
            findings.push(format!("an unknown input `{name}`"));
        }
    }
    let absent = known
        .iter()
        .filter(|(name, required)| **required && !case.input.has(name));
    findings.extend(absent.map(|(name, _)| format!("the input `{name}` is missing")));
    let outputs = operation.outputs();
    let strange = case
        .expected
        .keys()
        .filter(|name| !outputs.iter().any(|part| part.0 == *name));
    findings.extend(strange.map(|name| format!("an unknown output `{name}`")));
    for (name, quantity) in &case.expected {
        let number = |tree: &Tree<String>, what: &str| {
            let wrong = tree.exact().err();
            wrong.map(|why| format!("{name}, {what}: {why}"))
        };
        findings.extend(number(&quantity.value, "value"));
        findings.extend(
            quantity
                .exact
                .iter()
                .filter_map(|exact| number(exact, "exact")),
        );
        let allowances = quantity.allowance.iter().flatten();
        for (precision, text) in allowances.clone() {
            if !case.precisions.contains(precision) {
                findings.push(format!(
                    "{name}: an allowance for {precision}, which the case is not for"
                ));
            }
            if !parse_exact(text).is_ok_and(|x| x > Rational::from(0)) {
                findings.push(format!(
                    "{name}: the allowance `{text}` is not a positive number"
                ));
            }
        }
        let wanted = match quantity.compare {
            Compare::Exact => 0,
            Compare::Norm | Compare::AtMost => case.precisions.len(),
        };
        if allowances.count() != wanted {
            findings.push(format!("{name}: not one allowance for each precision"));
        }
    }
    findings
}

fn lint_manifest(folder: &Path, cases: usize) -> Vec<String> {
    let refuse = |what: String| format!("{MANIFEST}: {what}");
    let text = match fs::read_to_string(folder.join(MANIFEST)) {
        Ok(text) => text,
        Err(why) => return vec![refuse(why.to_string())],
    };
    let manifest: Manifest = match serde_json::from_str(&text) {
        Ok(manifest) => manifest,
        Err(why) => return vec![refuse(why.to_string())],
    };
    let mut findings = vec![];
    if manifest.format != FORMAT || manifest.version != VERSION {
        findings.push(refuse("another format or version".into()));
    }
    if manifest.number_of_cases != cases {
        findings.push(refuse(format!(
            "{} cases declared, {cases} found",
            manifest.number_of_cases
        )));
    }
    let named: Vec<&str> = manifest
        .files
        .iter()
        .map(|entry| entry.file.as_str())
        .collect();
    let wanted: Vec<String> = Operation::ALL.into_iter().map(folder::file_name).collect();
    if named != wanted {
        findings.push(refuse(
            "it does not list exactly the files of this version, in order".into(),
        ));
    }
    let mut bytes = text.len();
    for entry in &manifest.files {
        let pairs = [
            (entry.file.clone(), &entry.sha256),
            (format!("schemas/{}", entry.file), &entry.schema_sha256),
        ];
        for (file, hash) in pairs {
            match fs::read(folder.join(&file)) {
                Ok(content) => {
                    bytes += content.len();
                    if folder::sha256(&content) != *hash {
                        findings.push(refuse(format!("the hash of {file} is another one")));
                    }
                }
                Err(why) => findings.push(refuse(format!("{file}: {why}"))),
            }
        }
    }
    if bytes > MOST_BYTES {
        findings.push(format!("{bytes} bytes; at most {MOST_BYTES}"));
    }
    findings.extend(strangers(folder));
    findings
}

/// Files that do not belong here.
fn strangers(folder: &Path) -> Vec<String> {
    let known: BTreeSet<String> = Operation::ALL
        .into_iter()
        .map(folder::file_name)
        .chain([
            MANIFEST.to_string(),
            "schemas".to_string(),
            "README.md".to_string(),
        ])
        .collect();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut strange: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !known.contains(name))
        .map(|name| format!("{name}: no file of this version"))
        .collect();
    strange.sort();
    strange
}
