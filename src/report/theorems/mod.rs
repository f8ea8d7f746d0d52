//! The page of the theorems: every statement, its proof from what the kernel has just checked, what Rocq says of it, and
//! the evidence for it.

mod evidence;
mod script;

use maud::{Markup, html};

use super::{
    math::formula,
    page::{contents, document},
};
use crate::{
    proof::{Refusal, Refuted, check_all, rows},
    statement::{
        Declaration, DeclarationError, Found, RocqTheorem, evidence, refutations, rocq,
        rocq_statement, same_proof,
    },
};

/// Theorems that are not as their file says.
#[derive(Debug, thiserror::Error)]
pub enum NoTheorems {
    /// A file of the catalogue cannot be read.
    #[error(transparent)]
    Declaration(#[from] DeclarationError),
    /// The kernel refuses a script: nothing is shown of any.
    #[error("{id}: {why}")]
    Proof {
        /// The statement.
        id: String,
        /// Where and why.
        why: Refusal,
    },
    /// There is no such statement.
    #[error("there is no statement {0}")]
    Unknown(String),
}

/// The parts of the theory, by the letter of their statements.
const PARTS: [(char, &str); 7] = [
    ('A', "The primitive"),
    ('B', "The gauge"),
    ('C', "Growing"),
    ('D', "Shrinking"),
    ('E', "The whole network"),
    ('F', "Learning"),
    ('G', "Convolutions and residual streams"),
];

/// A statement with all that stands below it.
struct Entry<'a> {
    declaration: &'a Declaration,
    cells: &'a [Found],
    rocq: &'a [RocqTheorem],
    refuted: Vec<&'a Refuted>,
}

/// The page as an HTML document: all statements, or those of `ids`. Every script is checked first.
///
/// # Errors
/// [`NoTheorems`]: a script that the kernel refuses, a statement that there is not.
pub fn theorems(ids: &[String]) -> Result<String, NoTheorems> {
    let all = evidence()?;
    let known = |id: &&String| {
        all.iter()
            .all(|(known, _)| !known.id.eq_ignore_ascii_case(id))
    };
    if let Some(unknown) = ids.iter().find(known) {
        return Err(NoTheorems::Unknown(unknown.clone()));
    }
    let wanted = |declaration: &Declaration| {
        ids.is_empty() || ids.iter().any(|id| declaration.id.eq_ignore_ascii_case(id))
    };
    let chosen: Vec<_> = (all
        .iter()
        .filter(|(declaration, _)| wanted(declaration))
        .cloned())
    .collect();
    let in_rocq = rocq()?;
    let refuted = refutations().map_err(|why| DeclarationError(why.to_string()))?;
    let entries: Vec<Entry> = chosen
        .iter()
        .map(|(declaration, cells)| Entry {
            declaration,
            cells,
            rocq: in_rocq
                .get(&declaration.id)
                .map(Vec::as_slice)
                .unwrap_or_default(),
            refuted: (refuted.iter().filter(|file| file.id == declaration.id))
                .flat_map(|file| &file.refuted)
                .collect(),
        })
        .collect();
    let declarations: Vec<Declaration> = all
        .iter()
        .map(|(declaration, _)| declaration.clone())
        .collect();
    let here: Vec<&str> = entries
        .iter()
        .map(|entry| entry.declaration.id.as_str())
        .collect();
    let mut parts = vec![];
    for (letter, title) in PARTS {
        let mut sections = vec![];
        for entry in entries
            .iter()
            .filter(|entry| entry.declaration.id.starts_with(letter))
        {
            sections.push(section(entry, &declarations, &here)?);
        }
        if !sections.is_empty() {
            parts.push((format!("part-{letter}"), title, sections));
        }
    }
    let mut links = vec![("evidence", "Evidence")];
    links.extend(parts.iter().map(|(id, title, _)| (id.as_str(), *title)));
    let scripts = entries
        .iter()
        .map(|entry| entry.declaration.theorems.len())
        .sum::<usize>();
    let listed = entries.iter().map(|entry| entry.rocq.len()).sum::<usize>();
    let body = html! {
        header {
            p class="kicker" { "isotropic prove" }
            h1 { "The theorems" }
            p class="lead" {
                (entries.len()) " statements about isotropic networks, " (scripts)
                " proofs that the kernel of the crate checked to write this page, and " (listed) " statements in Rocq."
            }
            p {
                "Layer " (formula("l")) " has weight " (formula("W_l")) ", bias " (formula("b_l")) " and linear correction "
                (formula("ψ_l")) "; " (formula("z_l = W_l h_{l-1} + b_l + γ_{l-1} ψ_l")) ", "
                (formula("γ_l = g(‖z_l‖² + o_l)")) ", " (formula("h_l = γ_l z_l")) ", " (formula("o_l ≥ 0"))
                ". In a proof layer 1 is the layer it is about, " (formula("h_0")) " and " (formula("γ_0"))
                " arrive, and a prime marks the changed network. Each line of a proof follows from the one before by the rule \
                 that stands beside it, at the place with that number: the kernel checks just that, and prints what it checked."
            }
        }
        (contents(&links))
        main id="main" {
            (evidence::section(&chosen))
            @for (id, title, sections) in &parts {
                section id=(id) aria-labelledby={ (id) "-title" } {
                    h2 id={ (id) "-title" } { (title) }
                    @for section in sections { (section) }
                }
            }
        }
    };
    Ok(document("The theorems", &body))
}

fn section(entry: &Entry, all: &[Declaration], here: &[&str]) -> Result<Markup, NoTheorems> {
    let Entry {
        declaration,
        cells,
        rocq,
        refuted,
    } = entry;
    let id = &declaration.id;
    let proved = match declaration.theorems.as_slice() {
        [] => vec![],
        theorems => check_all(theorems).map_err(|why| NoTheorems::Proof {
            id: id.clone(),
            why,
        })?,
    };
    let scripts = declaration.theorems.iter().zip(&proved);
    let scripts = scripts.map(|(theorem, proved)| {
        script::theorem(
            theorem,
            proved,
            &same_proof(declaration, theorem, all),
            here,
        )
    });
    let scripts: Vec<Markup> = scripts.collect();
    Ok(html! {
        section class="statement" id=(id) aria-labelledby={ (id) "-title" } {
            h3 id={ (id) "-title" } { span class="id" { (id) } " " (declaration.title) }
            p class="formula" { (formula(declaration.statement.trim_end())) }
            dl class="facts" {
                dt { "Assumes" }
                dd { @if declaration.hypotheses.is_empty() { "nothing" } @else {
                    ul { @for hypothesis in &declaration.hypotheses { li { (formula(hypothesis)) } } }
                } }
                dt { "Source" } dd { (declaration.source) }
                @if let Some(missing) = &declaration.unproved { dt { "Not proved" } dd { (formula(missing)) } }
            }
            @for script in &scripts { (script) }
            @if scripts.is_empty() { p class="note" { "No script of the kernel: " (formula(declaration.no_script())) "." } }
            (in_rocq(rocq))
            (refutations_of(refuted))
            (evidence::facts(cells))
        }
    })
}

fn in_rocq(theorems: &[RocqTheorem]) -> Markup {
    html! {
        @if !theorems.is_empty() {
            details {
                summary { "In Rocq: " (theorems.len()) @if theorems.len() == 1 { " statement" } @else { " statements" } }
                @for RocqTheorem { theorem, file } in theorems {
                    p class="note" { code { "proofs/" (file) } }
                    div class="scroll" role="region" tabindex="0" aria-label={ "The statement of " (theorem) } {
                        pre { code { (rocq_statement(file, theorem).unwrap_or_else(|| theorem.clone())) } }
                    }
                }
            }
        }
    }
}

fn refutations_of(refuted: &[&Refuted]) -> Markup {
    html! {
        @if !refuted.is_empty() {
            details {
                summary { "Refuted: " (refuted.len()) @if refuted.len() == 1 { " wrong version" } @else { " wrong versions" } }
                ul { @for refuted in refuted {
                    li {
                        (refuted.control) ": " (formula(&refuted.says)) ". " (script::claim(refuted))
                        @if let Ok((left, right)) = refuted.sides() {
                            " fails at the stored values: " (rows(&left)) " and " (rows(&right)) "."
                        }
                    }
                } }
            }
        }
    }
}
