//! Terms of the kernel as MathML: the same brackets as in [`pretty`](crate::proof::pretty), set as formulas.

use maud::{Markup, html};

use crate::proof::{Dimension, Op, Shape, Signature, Term, is_square};

/// A term on its own.
pub(super) fn term(term: &Term, signature: &Signature) -> Markup {
    html! { math { (at_level(term, 0, signature)) } }
}

/// The term after a step: `= term`.
pub(super) fn equals(term: &Term, signature: &Signature) -> Markup {
    html! { math { mo { "=" } (at_level(term, 0, signature)) } }
}

/// `left = right`.
pub(super) fn equation(left: &Term, right: &Term, signature: &Signature) -> Markup {
    html! { math { (at_level(left, 0, signature)) mo { "=" } (at_level(right, 0, signature)) } }
}

/// `name = body`.
pub(super) fn definition(name: &str, body: &Term, signature: &Signature) -> Markup {
    html! { math { (word(name)) mo { "=" } (at_level(body, 0, signature)) } }
}

/// A name.
pub(super) fn name(name: &str) -> Markup {
    html! { math { (word(name)) } }
}

/// Where a variable lives: `W ∈ ℝ` with its rows and columns above.
pub(super) fn space(name: &str, Shape { rows, columns }: &Shape) -> Markup {
    let one = Dimension::number(1);
    // A sum binds less than ×.
    let bracketed = |of: &Dimension| match of.to_string().contains('+') {
        true => html! { mo { "(" } (dimension(of)) mo { ")" } },
        false => dimension(of),
    };
    html! { math {
        (word(name)) mo { "∈" }
        @if *rows == one && *columns == one {
            mi { "ℝ" }
        } @else {
            msup {
                mi { "ℝ" }
                mrow {
                    @if *columns == one { (dimension(rows)) }
                    @else { (bracketed(rows)) mo { "×" } (bracketed(columns)) }
                }
            }
        }
    } }
}

/// `level` is what the place binds with: 0 a sum, 1 a scaled term, 2 a product, 3 a factor, 4 an atom.
fn at_level(term: &Term, level: usize, signature: &Signature) -> Markup {
    let show = |term: &Term, level| at_level(term, level, signature);
    let (own, markup) = match term {
        Term::Variable(name) => (4, word(name)),
        Term::Zero(rows, columns) => (
            4,
            html! { msub { mn { "0" } mrow { (dimension(rows)) mo { "×" } (dimension(columns)) } } },
        ),
        Term::Identity(n) => (4, html! { msub { mi { "I" } mrow { (dimension(n)) } } }),
        Term::Node(op, children) => match (op, children.as_slice()) {
            (Op::Add, [a, b]) => (0, html! { (show(a, 0)) mo { "+" } (show(b, 1)) }),
            (Op::Scale, [s, a]) => (1, html! { (show(s, 2)) mo { "·" } (show(a, 1)) }),
            (Op::Mul, [a, b]) if is_square(a, b, signature) => (
                4,
                html! { msup { mrow { mo { "‖" } (show(b, 0)) mo { "‖" } } mn { "2" } } },
            ),
            (Op::Mul, [a, b]) => (
                2,
                html! { (show(a, 2)) mspace width="0.2em" {} (show(b, 3)) },
            ),
            (Op::Transpose, [a]) => (
                3,
                html! { msup { mrow { (show(a, 3)) } mi mathvariant="normal" { "T" } } },
            ),
            (Op::Hcat, [a, b]) => (
                4,
                html! { mrow { mo { "[" } mtable { mtr { mtd { (show(a, 0)) } mtd { (show(b, 0)) } } } mo { "]" } } },
            ),
            (Op::Vcat, [a, b]) => (
                4,
                html! { mrow { mo { "[" } mtable { mtr { mtd { (show(a, 0)) } } mtr { mtd { (show(b, 0)) } } } mo { "]" } } },
            ),
            (Op::Apply(g), [a]) => (
                4,
                html! { mrow { (word(g)) mo { "(" } (show(a, 0)) mo { ")" } } },
            ),
            // No term that was read is like this.
            (op, children) => (4, html! { mtext { (format!("{op:?}{children:?}")) } }),
        },
    };
    if own < level {
        html! { mrow { mo { "(" } (markup) mo { ")" } } }
    } else {
        markup
    }
}

/// `n₁+q`
fn dimension(of: &Dimension) -> Markup {
    let text = of.to_string();
    html! {
        @for (i, summand) in text.split('+').enumerate() {
            @if i > 0 { mo { "+" } }
            @if summand.starts_with(|c: char| c.is_ascii_digit()) { mn { (summand) } } @else { (word(summand)) }
        }
    }
}

/// A name with its subscripts below and its primes above the line.
fn word(name: &str) -> Markup {
    let base = name.trim_end_matches('′');
    let primes = &name[base.len()..];
    let letters = base.trim_end_matches(|c: char| ('₀'..='₉').contains(&c));
    let (letters, below) = match letters.split_once('_') {
        Some((letters, _)) if !letters.is_empty() => (letters, &base[letters.len() + 1..]),
        _ => (letters, &base[letters.len()..]),
    };
    let digit = |c: char| match c {
        '₀'..='₉' => char::from_digit(u32::from(c) - u32::from('₀'), 10).unwrap_or(c),
        other => other,
    };
    let below: String = below.chars().map(digit).collect();
    html! {
        @match (below.is_empty(), primes.is_empty()) {
            (true, true) => mi { (letters) },
            (false, true) => msub { mi { (letters) } mn { (below) } },
            (true, false) => msup { mi { (letters) } mo { (primes) } },
            (false, false) => msubsup { mi { (letters) } mn { (below) } mo { (primes) } },
        }
    }
}
