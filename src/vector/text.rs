//! Numbers of the vector files: strings that mean one number exactly.

use rug::{Float, float::Round};

use crate::scalar::{Field, Rational, text::hex};

/// Digits of a stored reference.
pub const DIGITS: usize = 60;

/// Bits in which decimals are formed: far beyond [`DIGITS`].
const BITS: u32 = 1024;

/// An input as it is written: a hex float where one is exact, p/q elsewhere.
pub fn spell(x: &Rational) -> String {
    hex(x).unwrap_or_else(|| x.to_string())
}

/// A number that is compared exactly: whole numbers as such, others as inputs are.
pub fn spell_whole(x: &Rational) -> String {
    if *x.0.denom() == 1 {
        x.to_string()
    } else {
        spell(x)
    }
}

/// [`DIGITS`] significant decimals, rounded to nearest.
pub fn decimal(x: &Rational) -> String {
    digits(x, DIGITS, Round::Nearest)
}

/// Three significant decimals, rounded up: an allowance for x ≥ 0.
pub fn upward(x: &Rational) -> String {
    digits(x, 3, Round::Up)
}

fn digits(x: &Rational, count: usize, round: Round) -> String {
    let x = crate::scalar::Mp::<BITS>::from_rational(x);
    let float: &Float = x.as_float();
    if float.is_zero() {
        return "0".into();
    }
    let (negative, digits, exponent) = float.to_sign_string_exp_round(10, Some(count), round);
    let exponent = exponent.unwrap_or(0) - 1;
    let digits = digits.trim_end_matches('0');
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let sign = if negative { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    match exponent {
        0 => format!("{sign}{first}{point}{rest}"),
        e => format!("{sign}{first}{point}{rest}e{e}"),
    }
}

/// JSON with the literals that some languages write and JSON does not have (`NaN`, `Infinity`, `-Infinity`) as strings, so that
/// one of them costs one number and not the file. Other text stays as it is.
pub fn without_literals(text: &str) -> String {
    const LITERALS: [(&str, &str); 3] = [
        ("-Infinity", "\"-inf\""),
        ("Infinity", "\"inf\""),
        ("NaN", "\"nan\""),
    ];
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut in_string) = (text, false);
    while let Some(c) = rest.chars().next() {
        let literal = LITERALS
            .iter()
            .find(|(literal, _)| !in_string && rest.starts_with(literal));
        let length = match literal {
            Some((literal, spelled)) => {
                out += spelled;
                literal.len()
            }
            None => {
                // What follows a backslash in a string is no end of it.
                let escaped = in_string && c == '\\';
                in_string ^= c == '"';
                let pair = rest.chars().take(if escaped { 2 } else { 1 });
                let length = pair.map(char::len_utf8).sum();
                out += &rest[..length];
                length
            }
        };
        rest = &rest[length..];
    }
    out
}
