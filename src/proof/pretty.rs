//! Trusted, by the reader. Terms as text: what is printed is what has been proved, whatever the file that it
//! was read from looks like.

use std::fmt;

use super::{Dimension, Op, Shape, Signature, Term};

/// The term as [`parse_term`](super::parse_term) reads it.
pub fn pretty(term: &Term, signature: &Signature) -> String {
    at_level(term, 0, signature)
}

/// `level` is what the place binds with: 0 a sum, 1 a scaled term, 2 a product, 3 a factor, 4 an atom.
fn at_level(term: &Term, level: usize, signature: &Signature) -> String {
    let show = |term: &Term, level| at_level(term, level, signature);
    let (own, text) = match term {
        Term::Variable(name) => (4, name.clone()),
        Term::Zero(rows, columns) => (4, format!("0[{rows}×{columns}]")),
        Term::Identity(n) => (4, format!("I[{n}]")),
        Term::Node(op, children) => match (op, children.as_slice()) {
            (Op::Add, [a, b]) => (0, format!("{} + {}", show(a, 0), show(b, 1))),
            (Op::Scale, [s, a]) => (1, format!("{} · {}", show(s, 2), show(a, 1))),
            (Op::Mul, [a, b]) if is_square(a, b, signature) => (4, format!("‖{}‖²", show(b, 0))),
            (Op::Mul, [a, b]) => (2, format!("{} {}", show(a, 2), show(b, 3))),
            (Op::Transpose, [a]) => (3, format!("{}ᵀ", show(a, 3))),
            (Op::Hcat, [a, b]) => (4, format!("[{}, {}]", show(a, 0), show(b, 0))),
            (Op::Vcat, [a, b]) => (4, format!("[{}; {}]", show(a, 0), show(b, 0))),
            (Op::Apply(g), [a]) => (4, format!("{g}({})", show(a, 0))),
            // No term that was read is like this.
            (op, children) => (4, format!("{op:?}{children:?}")),
        },
    };
    if own < level {
        format!("({text})")
    } else {
        text
    }
}

/// Whether A B is zᵀ z for a column z.
pub(crate) fn is_square(a: &Term, b: &Term, signature: &Signature) -> bool {
    let transposed = matches!(a, Term::Node(Op::Transpose, of) if of.first() == Some(b));
    // A scalar's square reads better as sᵀ s: nothing is lost, and it stays apart from s s.
    transposed
        && signature
            .shape(b)
            .is_ok_and(|shape| shape.columns == Dimension::number(1))
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut between = "";
        for (name, times) in &self.names {
            for _ in 0..*times {
                write!(f, "{between}{name}")?;
                between = "+";
            }
        }
        match (self.constant, between) {
            (0, "+") => Ok(()),
            (constant, between) => write!(f, "{between}{constant}"),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}×{}", self.rows, self.columns)
    }
}
