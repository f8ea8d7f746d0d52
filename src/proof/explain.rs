//! Not trusted. A theorem and its proof as text to be read.

use std::{collections::BTreeSet, fmt::Write};

use super::{Dimension, Lemma, Proved, Shape, Step, Theorem, pretty, reorder::REORDER};

/// The theorem: what it speaks of, what it assumes, every step of its proof.
pub fn explain(theorem: &Theorem, proved: &Proved) -> String {
    let mut text = format!("theorem {}: {}\n", theorem.name, theorem.says);
    let mut line = |what: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {what}");
    };
    // From what was checked, not from what the file looks like.
    let signature = &proved.context.signature;
    let joined = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
    if !signature.dimensions.is_empty() {
        line(format!(
            "for all dimensions {}",
            joined(&signature.dimensions)
        ));
    }
    if !signature.functions.is_empty() {
        line(format!(
            "for every function {}",
            joined(&signature.functions)
        ));
    }
    let defined = |name: &String| proved.definitions.iter().any(|(other, _)| other == name);
    let free = signature
        .variables
        .iter()
        .filter(|(name, _)| !defined(name));
    let free: Vec<String> = free.map(|(name, shape)| space(name, shape)).collect();
    if !free.is_empty() {
        line(format!("and all {}", free.join(", ")));
    }
    for (index, (name, body)) in proved.definitions.iter().enumerate() {
        let word = if index == 0 { "with " } else { "     " };
        line(format!("{word}{name} = {}", pretty(body, signature)));
    }
    for (name, left, right) in &proved.hypotheses {
        let (left, right) = (pretty(left, signature), pretty(right, signature));
        line(format!("assume {name}: {left} = {right}"));
    }
    let own = Lemma {
        name: theorem.name.clone(),
        claim: theorem.claim.clone(),
        proof: theorem.proof.clone(),
    };
    let parts = theorem.lemmas.iter().chain([&own]);
    for (part, derivation) in parts.zip(&proved.derivations) {
        let terms: Vec<String> = derivation
            .terms
            .iter()
            .map(|t| pretty(t, signature))
            .collect();
        let (Some(first), Some(last)) = (terms.first(), terms.last()) else {
            continue;
        };
        let what = match std::ptr::eq(part, &own) {
            true => "claim".to_string(),
            false => format!("lemma {}", part.name),
        };
        let _ = writeln!(text, "\n  {what}: {first} = {last}");
        let width = terms
            .iter()
            .map(|t| t.chars().count())
            .max()
            .unwrap_or(0)
            .min(72);
        let _ = writeln!(text, "      {first}");
        for (step, term) in part.proof.iter().zip(terms.iter().skip(1)) {
            let pad = width.saturating_sub(term.chars().count());
            let _ = writeln!(text, "    = {term}{:pad$}   {}", "", reason(step));
        }
    }
    text
}

/// Where a variable lives.
fn space(name: &str, Shape { rows, columns }: &Shape) -> String {
    let one = Dimension::number(1);
    // A sum binds less than ×.
    let bracketed = |dimension: &Dimension| match dimension.to_string() {
        sum if sum.contains('+') => format!("({sum})"),
        single => single,
    };
    if *columns != one {
        format!("{name} ∈ ℝ^({}×{})", bracketed(rows), bracketed(columns))
    } else if *rows != one {
        format!("{name} ∈ ℝ^{}", bracketed(rows))
    } else {
        format!("{name} a scalar")
    }
}

/// The rule of a step, its direction and its place.
pub fn reason(step: &Step) -> String {
    let mut text = step.rule.clone();
    if step.back {
        text.push_str(" ←");
    }
    if step.everywhere {
        text.push_str(" everywhere");
    } else if !step.at.is_empty() {
        let place: Vec<String> = step.at.iter().map(usize::to_string).collect();
        let _ = write!(text, " at {}", place.join("."));
    }
    // The new order of a sum stands before the reason.
    let fillers = step.with.iter().filter(|_| step.rule != REORDER);
    for (name, filler) in fillers.chain(&step.dimensions) {
        let _ = write!(text, ", {name} = {filler}");
    }
    text
}
