//! A theorem of the kernel and its proof, from what was checked.

use maud::{Markup, html};

use super::super::{math::formula, mathml};
use crate::proof::{Derivation, Proved, Refuted, Signature, Step, Theorem, declare, reason};

/// The theorem: what it speaks of, what it assumes, what it claims, and every step of its proof.
pub(super) fn theorem(
    theorem: &Theorem,
    proved: &Proved,
    same: &[(&str, &str)],
    here: &[&str],
) -> Markup {
    let signature = &proved.context.signature;
    let lemmas = theorem
        .lemmas
        .iter()
        .map(|lemma| (Some(&lemma.name), &lemma.proof));
    let parts = lemmas
        .chain([(None, &theorem.proof)])
        .zip(&proved.derivations);
    html! {
        h4 { "Theorem " (theorem.name) }
        p { (formula(&theorem.says)) @for (id, name) in same {
                ". The proof is that of "
                @if here.contains(id) { a href={ "#" (id) } { (id) " " (name) } } @else { (id) " " (name) }
            } "." }
        (setting(proved))
        @if let Some((left, right)) = proved.claim() {
            (wide("Claim", "claim", &mathml::equation(left, right, signature)))
        }
        details {
            summary { "Proof: " (proved.steps()) " steps" }
            @for ((name, steps), derivation) in parts {
                @if let Some(name) = name {
                    p class="lemma" { "Lemma " (name) }
                    @if let Some((left, right)) = derivation.sides() {
                        (wide("Lemma", "claim", &mathml::equation(left, right, signature)))
                    }
                } @else if !theorem.lemmas.is_empty() {
                    p class="lemma" { "Claim" }
                }
                (walk(steps, derivation, signature))
            }
        }
    }
}

/// What the theorem is about: dimensions, functions, variables, definitions, hypotheses.
fn setting(proved: &Proved) -> Markup {
    let signature = &proved.context.signature;
    let defined = |name: &String| proved.definitions.iter().any(|(other, _)| other == name);
    let free = signature
        .variables
        .iter()
        .filter(|(name, _)| !defined(name));
    html! {
        dl class="facts" {
            dt { "For all" }
            dd class="names" {
                @for name in &signature.dimensions { (mathml::name(name)) " " }
                @for name in &signature.functions { "function " (mathml::name(name)) " " }
                @for (name, shape) in free { (mathml::space(name, shape)) " " }
            }
            @if !proved.definitions.is_empty() {
                dt { "With" }
                dd { @for (name, body) in &proved.definitions {
                    (wide("Definition", "line", &mathml::definition(name, body, signature)))
                } }
            }
            @if !proved.hypotheses.is_empty() {
                dt { "If" }
                dd { @for (name, left, right) in &proved.hypotheses {
                    (wide("Hypothesis", "line", &html! { (mathml::equation(left, right, signature)) span class="rule" { (name) } }))
                } }
            }
        }
    }
}

fn walk(steps: &[Step], derivation: &Derivation, signature: &Signature) -> Markup {
    html! {
        ol class="walk scroll" tabindex="0" aria-label="Steps" {
            @for (i, term) in derivation.terms.iter().enumerate() {
                li {
                    @if i == 0 { (mathml::term(term, signature)) } @else { (mathml::equals(term, signature)) }
                    @if let Some(step) = i.checked_sub(1).and_then(|i| steps.get(i)) { span class="rule" { (reason(step)) } }
                }
            }
        }
    }
}

/// What a false statement claims.
pub(super) fn claim(refuted: &Refuted) -> Markup {
    match declare(&refuted.as_theorem()) {
        Ok((declared, (left, right))) => wide(
            "False claim",
            "claim",
            &mathml::equation(&left, &right, &declared.context.signature),
        ),
        Err(why) => html! { (why.to_string()) },
    }
}

/// A formula that scrolls by itself where the page is too narrow for it.
fn wide(label: &str, class: &str, content: &Markup) -> Markup {
    html! { div class={ "wide-formula scroll " (class) } role="region" tabindex="0" aria-label=(label) { (content) } }
}
