//! The table "mistake → what catches it": faults, controls, refusals, flags of the conformance vectors, and what is
//! proved wrong, in one place.

use std::collections::BTreeSet;

use super::{Fault, parse};
use crate::{
    statement::{DeclarationError, catalogue, declarations, refutations},
    vector::flag::flags,
};

/// What stands before the table in `docs/mistakes.md`.
pub const BEGIN: &str = "<!-- The table is generated; tests/it/fault/controls.rs says how. -->\n\n";

const HEAD: &str = "| mistake | what is wrong | caught by | refused | flag in `vectors/` | refuted by the kernel | and in Rocq |\n|---|---|---|---|---|---|---|\n";

/// The table in Markdown: the registry's faults in its order, then controls, then flags that no fault names.
///
/// # Errors
/// [`DeclarationError`] if a file does not parse; a test sees that all do.
pub fn table() -> Result<String, DeclarationError> {
    let faults = parse(include_str!("registry.yaml"), &catalogue()?)?;
    let refutations = refutations().map_err(|why| DeclarationError(why.to_string()))?;
    let refuted: BTreeSet<String> = refutations
        .iter()
        .flat_map(|file| {
            let controls = file.refuted.iter();
            controls.map(|one| format!("{}/{}", file.id, one.control))
        })
        .collect();
    let mut text = String::from(HEAD);
    for fault in &faults {
        text += &row(fault, &refuted);
    }
    // Statements that are proved and not measured: their controls are refuted by the kernel alone.
    let mut controls: BTreeSet<String> = faults.iter().flat_map(Fault::names).collect();
    for declared in declarations().map_err(|why| DeclarationError(why.to_string()))? {
        for control in &declared.controls {
            let name = format!("{}/{}", declared.id, control.id);
            if controls.insert(name.clone()) {
                let by_kernel = if refuted.contains(&name) { &name } else { "" };
                text += &line([&name, &control.what, "", "", "", by_kernel, ""]);
            }
        }
    }
    for file in &refutations {
        for one in &file.refuted {
            let name = format!("{}/{}", file.id, one.control);
            if !controls.contains(&name) {
                text += &line([&name, &one.says, "", "", "", &name, ""]);
            }
        }
    }
    let flagged: BTreeSet<&String> = faults.iter().flat_map(|fault| &fault.flags).collect();
    for flag in flags() {
        if !flagged.contains(&flag.name.to_string()) {
            text += &line([flag.name, flag.bug, "", "", flag.name, "", ""]);
        }
    }
    Ok(text)
}

fn row(fault: &Fault, refuted: &BTreeSet<String>) -> String {
    let names = fault.names();
    let by_kernel: Vec<String> = names
        .iter()
        .filter(|name| refuted.contains(*name))
        .cloned()
        .collect();
    let caught = match &fault.nothing {
        Some(why) => format!("nothing to catch: {why}"),
        None => names.join(", "),
    };
    let refusal = fault.refusal.map_or("", |_| "yes");
    line([
        &fault.id,
        &fault.what,
        &caught,
        refusal,
        &fault.flags.join(", "),
        &by_kernel.join(", "),
        &fault.rocq.join(", "),
    ])
}

fn line(cells: [&str; 7]) -> String {
    let cells = cells.map(|cell| cell.trim().replace('\n', " ").replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
}
