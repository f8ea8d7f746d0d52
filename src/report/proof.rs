//! How statements are proved: kernel scripts, checked in the run that is reported, and theorems in Rocq,
//! which `make proofs` checks.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::math::formula;
use crate::{
    proof::Theorem,
    statement::{Declaration, Proof, RocqTheorem, rocq},
    visible::visible,
};

/// The theorems in Rocq, by statement.
pub(super) struct Proofs(BTreeMap<String, Vec<RocqTheorem>>);

impl Proofs {
    /// The list the crate was built with; empty if it cannot be read, which a test sees.
    pub fn read() -> Self {
        Proofs(rocq().unwrap_or_default())
    }

    /// What proves a statement, as entries of its list of facts.
    pub fn facts(&self, declaration: &Declaration, proof: &Proof) -> Markup {
        let scripts: &[Theorem] = match proof.has_script() {
            true => &declaration.theorems,
            false => &[],
        };
        let in_rocq = self.0.get(&declaration.id).into_iter().flatten();
        let in_rocq: Vec<&RocqTheorem> = in_rocq.filter(|theorem| !theorem.refutes()).collect();
        html! {
            @if let Proof::Fails(why) = proof {
                dt { "Proof" } dd { "does not check: " (visible(&why.to_string())) }
            } @else if *proof != Proof::None {
                dt { @match proof { Proof::Part { .. } => "Proved in part", _ => "Proved" } }
                dd { ul {
                    @if let Proof::Part { missing, .. } = proof {
                        li { "not proved: " (missing) }
                    }
                    @for theorem in scripts {
                        li { "kernel, checked in this run: " (formula(&theorem.says)) }
                    }
                    @if !in_rocq.is_empty() {
                        li { "Rocq, checked by " code { "make proofs" } ": "
                            @for (i, theorem) in in_rocq.iter().enumerate() {
                                @if i > 0 { ", " }
                                code { (theorem.theorem) } " (" (theorem.file) ")"
                            }
                        }
                    }
                } }
            }
        }
    }
}

/// Whether there is a proof, and none that fails.
pub(super) fn holds(proof: &Proof) -> bool {
    match proof {
        Proof::Kernel | Proof::Rocq | Proof::Both | Proof::Part { .. } => true,
        Proof::None | Proof::Fails(_) => false,
    }
}

/// For headings; nothing if there is no proof.
pub(super) fn badge(proof: &Proof) -> Markup {
    html! {
        @if holds(proof) {
            span class="badge proved" {
                span aria-hidden="true" { "∎" }
                @match proof { Proof::Part { .. } => " proved in part", _ => " proved" }
            }
        } @else if *proof != Proof::None {
            span class="badge unknown" { span aria-hidden="true" { "?" } " proof fails" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::{catalogue, proof_of};

    #[test]
    fn proofs_are_named_and_their_absence_is_not_hidden() {
        let entries = catalogue().expect("the catalogue");
        let facts = |id: &str| {
            let entry = entries
                .iter()
                .find(|entry| entry.id() == id)
                .expect("a statement");
            let proof = proof_of(&entry.declaration);
            Proofs::read()
                .facts(&entry.declaration, &proof)
                .into_string()
        };
        let gauge = facts("B1");
        assert!(
            gauge.contains("<code>gauge_invariance</code> (rocq/gauge.v)"),
            "{gauge}"
        );
        assert!(gauge.contains("kernel, checked in this run"), "{gauge}");
        assert_eq!(facts("E6"), "", "about a rank: no theorem speaks of it");
        assert_eq!(badge(&Proof::None).into_string(), "");
        assert!(badge(&Proof::Rocq).into_string().contains("proved"));
        let half = facts("B6");
        assert!(half.contains("Proved in part"), "{half}");
        assert!(half.contains("not proved: "), "{half}");
    }
}
