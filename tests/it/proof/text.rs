//! Terms as text: what is printed is read back as the same term, and what is no term is refused with its place.

use isotropic::proof::{
    Problem, Shape, Signature, axioms, parse_dimension, parse_equation, parse_shape, parse_term,
    pretty,
};

use super::all;

#[test]
fn every_term_of_every_proof_is_read_back() {
    let mut count = 0;
    for (id, theorem, proved) in all() {
        let signature = &proved.context.signature;
        for term in proved.derivations.iter().flat_map(|d| &d.terms) {
            let text = pretty(term, signature);
            let again = parse_term(&text, signature).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert_eq!(&again, term, "{id} {}: {text}", theorem.name);
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn every_axiom_is_printed_as_it_is_used() {
    for axiom in axioms().expect("well typed") {
        let shown = |term| pretty(term, &axiom.signature);
        let text = format!("{} = {}", shown(&axiom.left), shown(&axiom.right));
        let sides = parse_equation(&text, &axiom.signature).expect("readable");
        assert_eq!(sides, (axiom.left, axiom.right), "{text}");
    }
}

fn signature() -> Signature {
    let mut signature = Signature {
        dimensions: ["m", "n"].map(String::from).into(),
        ..Signature::default()
    };
    signature.functions.insert("g".into());
    for (name, shape) in [("A", "m×n"), ("z", "n"), ("s", "1"), ("W₁′", "n+2×m+m")] {
        let shape: Shape = parse_shape(shape, &signature).expect("a shape");
        signature.variables.insert(name.into(), shape);
    }
    signature
}

#[test]
fn brackets_are_written_where_they_are_needed() {
    let signature = signature();
    for text in [
        "A (z + z) + A z",
        "A z + (A z + A z)",
        "s · (A + A)",
        "(s + s) · A",
        "s s · A",
        "(s · s) · A",
        "s · s · A",
        "(s · A) z",
        "s · A z",
        "(A z)ᵀ",
        "Aᵀᵀ",
        "‖z + z‖²",
        "zᵀ A",
        "Aᵀ A",
        "[A, A z]",
        "[[A; A], 0[m+m×2]]",
        "g(‖z‖² + g(s))",
        "W₁′ I[m+m]",
        "A (A A)",
    ] {
        let term = parse_term(text, &signature).unwrap_or_else(|why| panic!("{text}: {why}"));
        assert_eq!(pretty(&term, &signature), text);
    }
    // ‖R‖² for a matrix would be read as something else than RᵀR.
    assert_eq!(
        pretty(&parse_term("Aᵀ A", &signature).unwrap(), &signature),
        "Aᵀ A"
    );
    let spaced = parse_term("  A  (z+z)", &signature).unwrap();
    assert_eq!(pretty(&spaced, &signature), "A (z + z)");
}

#[test]
fn what_is_no_term_is_refused_with_its_place() {
    let signature = signature();
    for (text, at, found) in [
        ("", 1, "the end"),
        ("A +", 4, "the end"),
        ("(A", 3, "the end"),
        ("A)", 2, ")"),
        ("[A]", 3, "]"),
        ("[A, A; A]", 6, ";"),
        ("A $ A", 3, "$"),
        ("1 A", 1, "1"),
        ("0 A", 3, "A"),
        ("I", 2, "the end"),
        ("A ᵀᵀ + ᵀ", 8, "ᵀ"),
        ("‖z‖", 4, "the end"),
        ("0[99999×n]", 3, "99999"),
        ("A = A", 3, "="),
        ("g A", 3, "A"),
        ("A²", 2, "²"),
        ("A\u{0}", 2, "\u{0}"),
    ] {
        match parse_term(text, &signature) {
            Err(Problem::Syntax {
                at: place,
                found: what,
                ..
            }) => {
                assert_eq!((place, what.as_str()), (at, found), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn nesting_and_length_are_bounded() {
    let signature = signature();
    for deep in [
        "(".repeat(1_000_000),
        "g(".repeat(1_000_000),
        "[".repeat(100_000),
        "‖".repeat(100_000),
    ] {
        assert!(matches!(
            parse_term(&deep, &signature),
            Err(Problem::Syntax { .. })
        ));
    }
    for long in [
        vec!["A"; 1_000_000].join("+"),
        "z ".repeat(100_000),
        format!("A{}", "ᵀ".repeat(100_000)),
        vec!["s"; 100_000].join("·"),
    ] {
        assert!(matches!(
            parse_term(&long, &signature),
            Err(Problem::TooLarge { .. })
        ));
    }
    let nested = format!("{}A{}", "(".repeat(90), ")".repeat(90));
    assert!(parse_term(&nested, &signature).is_ok());
}

#[test]
fn dimensions_are_linear_forms() {
    let signature = signature();
    let read = |text| parse_dimension(text, &signature);
    assert_eq!(read("m+n"), read("n+m"));
    assert_eq!(read("m+1+m"), read("m+m+1"));
    assert_ne!(read("m+n"), read("m+m"));
    assert_eq!(read("n+2").unwrap().to_string(), "n+2");
    assert_eq!(read("0").unwrap().to_string(), "0");
    assert!(
        read("z").is_err() && read("m n").is_err() && read("m-1").is_err() && read("").is_err()
    );
}
