//! What a statement was measured on, where a given network lacks what it speaks of.

use super::Section;
use crate::{network::Network, scalar::Rational};

/// What a copy has that the network has not; `None` if they are equal.
pub(super) fn copied(network: &Network<Rational>, copy: &Network<Rational>) -> Option<String> {
    let mut changes = vec![];
    let (widths, of_copy) = (network.widths(), copy.widths());
    if widths != of_copy {
        let text: Vec<String> = of_copy.iter().map(usize::to_string).collect();
        changes.push(format!("widths {}", text.join("-")));
    }
    if network.gain() != copy.gain() {
        changes.push(format!("the gain {}", copy.gain().name()));
    }
    let pairs = || network.layers().iter().zip(copy.layers());
    if pairs().any(|(a, b)| a.psi != b.psi && b.psi.is_some()) {
        changes.push("a ψ of its own".into());
    }
    let lengths = |n: &Network<Rational>| -> Vec<Rational> {
        n.hidden().map(|l| n.length_squared(l)).collect()
    };
    let (o, of_copy) = (lengths(network), lengths(copy));
    if o.iter().zip(&of_copy).any(|(a, b)| a != b) {
        changes.push("other o".into());
    }
    let shared = widths == copy.widths();
    if shared && pairs().any(|(a, b)| a.weight != b.weight || a.bias != b.bias) {
        changes.push("rows, columns or biases of its own".into());
    }
    (!changes.is_empty()).then(|| changes.join(", "))
}

/// Which statements were measured on copies of a given network, a sentence for each kind of copy.
pub fn copies(section: &Section) -> Vec<String> {
    let mut kinds: Vec<(&str, Vec<&str>)> = vec![];
    for statement in &section.statements {
        let Some(kind) = statement.copy.as_deref() else {
            continue;
        };
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, ids)) => ids.push(&statement.id),
            None => kinds.push((kind, vec![&statement.id])),
        }
    }
    let line = |(kind, ids): (&str, Vec<&str>)| {
        format!("measured on a copy with {kind}: {}", ids.join(", "))
    };
    kinds.into_iter().map(line).collect()
}
