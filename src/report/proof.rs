//! The proofs of statements: which theorems of `proofs/rocq` `make proofs` checks for each.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Deserialize;

/// Theorems by statement. The other keys of the file are sections that no statement is named after.
pub(super) struct Proofs(BTreeMap<String, Vec<Theorem>>);

#[derive(Deserialize)]
struct Theorem {
    theorem: String,
    file: String,
}

impl Proofs {
    /// The theorems that the crate was built with; none if their list cannot be read, which a test sees.
    pub fn read() -> Self {
        let list = include_str!("../../proofs/rocq/theorems.yaml");
        Proofs(serde_saphyr::from_str(list).unwrap_or_default())
    }

    fn of(&self, id: &str) -> impl Iterator<Item = &Theorem> {
        // What controls.v proves is that a wrong version is wrong.
        let theorems = self.0.get(id).into_iter().flatten();
        theorems.filter(|theorem| theorem.file != "controls.v")
    }

    /// Whether there is a proof.
    pub fn has(&self, id: &str) -> bool {
        self.of(id).next().is_some()
    }

    /// For the column of the tables.
    pub fn word(&self, id: &str) -> &'static str {
        if self.has(id) { "Rocq" } else { "–" }
    }

    /// For the section of the statement.
    pub fn facts(&self, id: &str) -> Markup {
        html! {
            @if self.has(id) {
                dt { "Proved" }
                dd {
                    "in Rocq, checked by " code { "make proofs" } ": "
                    @for (i, theorem) in self.of(id).enumerate() {
                        @if i > 0 { ", " }
                        code { (theorem.theorem) } " (" (theorem.file) ")"
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_theorems_is_read() {
        let proofs = Proofs::read();
        assert!(proofs.has("A1") && proofs.has("B1") && proofs.has("D2"));
        assert!(!proofs.has("A5"), "about rounding: no theorem speaks of it");
        let facts = proofs.facts("B1").into_string();
        assert!(
            facts.contains("<code>gauge_invariance</code> (gauge.v)"),
            "{facts}"
        );
    }
}
