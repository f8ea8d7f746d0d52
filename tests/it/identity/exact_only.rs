//! The module that decides holds no floating-point number: its sources name no float type, no float literal, no
//! factorisation and no arithmetic but the exact ones.

use std::{fs, path::Path};

const FORBIDDEN: [&str; 16] = [
    "f32",
    "f64",
    "Float",
    "Mp",
    "Real",
    "Endpoint",
    "Interval",
    "svd",
    "qr",
    "singular_values",
    "numerical_rank",
    "unit_roundoff",
    "sqrt",
    "to_f64",
    "from_f64",
    "tolerance",
];

/// The words and numbers of a Rust source, without its comments.
fn words(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect();
    let code = code.join("\n");
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    code.split(|c: char| !inside(c))
        .map(str::to_string)
        .collect()
}

/// What in a source is no business of exact arithmetic.
fn offences(text: &str) -> Vec<String> {
    let literal = |word: &str| {
        let mut parts = word.splitn(2, '.');
        let digits = |part: Option<&str>| {
            part.is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        };
        let before = parts.next();
        // 1.0 and 1e3, but no 0..n, no x.0 and no hexadecimal.
        (digits(before) && digits(parts.next()))
            || (digits(before)
                && !word.starts_with("0x")
                && word.contains(['e', 'E'])
                && word
                    .chars()
                    .all(|c| c.is_ascii_digit() || c == 'e' || c == 'E'))
    };
    let named = |word: &str| {
        word.split('.').any(|part| {
            FORBIDDEN.contains(&part) || part.ends_with("_f64") || part.ends_with("_f32")
        })
    };
    words(text)
        .into_iter()
        .filter(|word| literal(word) || named(word))
        .collect()
}

#[test]
fn no_float_has_a_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/identity");
    let mut files = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let found = offences(&fs::read_to_string(&path).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        files += 1;
    }
    assert!(files > 10, "{files} files read");
    // Whatever gets past the words above is refused as arithmetic by clippy.
    let text = include_str!("../../../src/identity/mod.rs").replace(char::is_whitespace, "");
    assert!(text.contains("#![deny(clippy::float_arithmetic"));
}

/// The reader sees what it is to see.
#[test]
fn floats_would_be_seen() {
    for bad in [
        "let x = 0.5;",
        "let x = 1e-9;",
        "let x = 1e9 * y;",
        "fn f(x: f64) {}",
        "x.to_f64() < y",
        "fn f<S: Real>() {}",
        "let s = svd(&m)?;",
        "let x = 2.5f32;",
        "let y = x.sqrt();",
    ] {
        assert!(!offences(bad).is_empty(), "{bad}");
    }
    for good in [
        "0..n",
        "x.0.numer()",
        "0x1e3",
        "1 << 60",
        "// 0.5 and f64",
        "(1..=l).zip(a)",
    ] {
        assert!(offences(good).is_empty(), "{good}: {:?}", offences(good));
    }
}
