//! The index of `proofs/README.md`: statement → script → Rocq → code → tests → controls, generated.

use std::fmt::Write;

use super::{DeclarationError, declarations, refutations, rocq};

/// What stands before the index in `proofs/README.md`.
pub const BEGIN: &str =
    "<!-- index: written by tests/it/proof/index.rs from the files of this folder -->\n";
/// What stands after it.
pub const END: &str = "<!-- end of the index -->\n";

/// The index, as Markdown.
///
/// # Errors
/// [`DeclarationError`]; a test sees that there is none.
pub fn index() -> Result<String, DeclarationError> {
    let rocq = rocq()?;
    let refuted = refutations().map_err(|error| DeclarationError::new(&error.to_string()))?;
    let mut text = String::from(
        "| statement | kernel script | Rocq | measured by | other tests | controls (refuted by a witness) |\n\
         |---|---|---|---|---|---|\n",
    );
    for declaration in declarations()? {
        let id = &declaration.id;
        let names: Vec<&str> = declaration
            .theorems
            .iter()
            .map(|t| t.name.as_str())
            .collect();
        let script = match names.is_empty() {
            true => format!("none: {}", declaration.no_script()),
            false => names.join(", "),
        };
        let theorems = rocq.get(id).map(Vec::as_slice).unwrap_or_default();
        let mut theorems: Vec<String> = theorems
            .iter()
            .map(|theorem| format!("[{}]({})", theorem.theorem, theorem.file))
            .collect();
        if let Some(missing) = &declaration.unproved {
            theorems.push(format!("not: {missing}"));
        }
        let (code, tests): (Vec<&String>, Vec<&String>) = declaration
            .checks
            .iter()
            .partition(|check| check.starts_with("src/"));
        let links = |paths: &[&String]| {
            let link = |path: &&String| {
                let name = path
                    .rsplit_once('/')
                    .map_or(path.as_str(), |(_, name)| name);
                format!("[{name}](../{path})")
            };
            listed(&paths.iter().map(link).collect::<Vec<_>>())
        };
        let here = |control: &str| {
            let mut files = refuted.iter().filter(|file| file.id == *id);
            files.any(|file| {
                file.refuted
                    .iter()
                    .any(|refuted| refuted.control == control)
            })
        };
        let controls: Vec<String> = declaration
            .controls
            .iter()
            .map(|control| match here(&control.id) {
                true => format!("[{}](refuted/{id}.yaml)", control.id),
                false => control.id.clone(),
            })
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| [{id}]({id}.yaml) {} | {script} | {} | {} | {} | {} |",
            declaration.title,
            listed(&theorems),
            links(&code),
            links(&tests),
            listed(&controls),
        );
    }
    Ok(text)
}

fn listed(items: &[String]) -> String {
    match items.is_empty() {
        true => "-".into(),
        false => items.join(", "),
    }
}
