//! The plain text of a formula with its subscripts set as such.

use maud::{Markup, html};

/// `W_{l+1} h_l` with l+1 and l below the line. Everything is escaped.
pub(super) fn formula(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece {
                Piece::Plain(text) => (text),
                Piece::Below(text) => sub { (text) },
            }
        }
    }
}

#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Plain(&'a str),
    Below(&'a str),
}

fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = vec![];
    let mut from = 0;
    while let Some(at) = text[from..].find('_').map(|at| at + from) {
        let rest = &text[at + 1..];
        let below = match rest.strip_prefix('{') {
            Some(inside) => inside.find('}').map(|end| (&inside[..end], end + 2)),
            None => {
                let end =
                    rest.find(|c: char| !(c.is_alphabetic() || c.is_ascii_digit() || c == '⊥'));
                let end = end.unwrap_or(rest.len());
                (end > 0).then(|| (&rest[..end], end))
            }
        };
        let Some((below, length)) = below.filter(|_| at > 0) else {
            from = at + 1;
            continue;
        };
        pieces.push(Piece::Plain(&text[..at]));
        pieces.push(Piece::Below(below));
        text = &rest[length..];
        from = 0;
    }
    if !text.is_empty() {
        pieces.push(Piece::Plain(text));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subscripts_are_found_and_the_rest_is_left() {
        let set = |text: &str| formula(text).into_string();
        assert_eq!(set("W_{l+1} h_l"), "W<sub>l+1</sub> h<sub>l</sub>");
        assert_eq!(set("‖b_⊥‖ ≤ s_{p+1}"), "‖b<sub>⊥</sub>‖ ≤ s<sub>p+1</sub>");
        assert_eq!(set("z_i² + o_l"), "z<sub>i</sub>² + o<sub>l</sub>");
        assert_eq!(set("_x a_ b_{c _"), "_x a_ b_{c _");
        assert_eq!(set("a < b_<i>"), "a &lt; b_&lt;i&gt;");
        assert_eq!(set("x_{<i>}"), "x<sub>&lt;i&gt;</sub>");
        assert_eq!(set(""), "");
    }
}
