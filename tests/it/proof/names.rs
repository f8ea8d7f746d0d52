//! What is printed must be read as it was meant: names and words that deceive the eye are refused.

use isotropic::{
    proof::{Script, check_all},
    statement::{declarations, rocq, rocq_statement, same_proof},
};

/// A theorem with two variables, a lemma and a sentence, of the caller's.
fn theorem(name: &str, says: &str, a: &str, b: &str) -> String {
    // Every character that is not plain ASCII as an escape of YAML, so that the parser lets it through.
    let quoted = |text: &str| {
        let escaped = text.chars().map(|c| match c {
            ' '..='~' if !"\"\\".contains(c) => c.to_string(),
            c => format!("\\U{:08X}", u32::from(c)),
        });
        format!("\"{}\"", escaped.collect::<String>())
    };
    format!(
        "theorems:\n- name: {}\n  says: {}\n  dimensions: [n]\n  variables: {{{}: n, {}: n}}\n  claim: {}\n  \
         proof:\n  - {{rule: add-comm}}\n",
        quoted(name),
        quoted(says),
        quoted(a),
        quoted(b),
        quoted(&format!("{a} + {b} = {b} + {a}")),
    )
}

fn outcome(text: &str) -> Result<(), String> {
    let script = Script::parse(text).map_err(|why| why.to_string())?;
    check_all(&script.theorems).map_err(|why| why.to_string())?;
    Ok(())
}

#[test]
fn what_deceives_the_eye_is_refused() {
    assert_eq!(outcome(&theorem("sum", "x + y = y + x", "x", "y")), Ok(()));
    // Every theorem of the crate, and Greek beside Latin, is good.
    assert_eq!(
        outcome(&theorem("sum-γ", "‖γ‖² ≤ 1, γ ∈ ℝ", "γ₁", "γ₁′")),
        Ok(())
    );
    let refused = |text: String, part: &str| {
        let why = outcome(&text).expect_err(part);
        assert!(why.contains(part), "{why}");
        assert!(why.chars().all(|c| !c.is_control()), "{why:?}");
    };
    // Cyrillic а, Greek ο and Α, a mathematical a, fullwidth a, a combining dot: letters of no name.
    for bad in [
        "а",
        "ο",
        "Α",
        "𝑎",
        "ａ",
        "a\u{307}",
        "a\u{200b}",
        "a\u{202e}b",
        "a\tb",
        "ٱ",
        "x²",
    ] {
        refused(theorem("sum", "", bad, "y"), "");
        refused(theorem(bad, "", "x", "y"), "cannot be a new name");
    }
    // Two names that one glance does not tell apart; each alone is good.
    for (a, b) in [
        ("ν", "v"),
        ("ρ", "p"),
        ("ω", "w"),
        ("χ", "x"),
        ("xl", "x1"),
        ("xI", "xl"),
        ("O", "O0"),
    ] {
        let looks = outcome(&theorem("sum", "", a, b));
        match (a, b) {
            ("O", "O0") => assert_eq!(looks, Ok(())),
            _ => assert!(looks.expect_err(a).contains("looks like"), "{a} {b}"),
        }
        assert_eq!(outcome(&theorem("sum", "", a, "y")), Ok(()), "{a}");
        assert_eq!(outcome(&theorem("sum", "", b, "y")), Ok(()), "{b}");
    }
    // What a theorem says: nothing that moves the cursor, turns the text, or is not seen.
    for bad in [
        "\u{1b}[2J",
        "a\nb",
        "a\rb",
        "a\u{202e}b",
        "a\u{2066}b",
        "a\u{200b}b",
        "a\u{ad}b",
        "a\u{feff}",
        "\u{3164}",
        "а",
        "\u{2028}",
        "\u{a0}",
        "\u{fe0f}",
        "\u{e0041}",
    ] {
        refused(theorem("sum", bad, "x", "y"), "is U+");
    }
}

#[test]
fn what_a_step_gives_is_refused_too() {
    let step = |with: &str| {
        format!(
            "theorems:\n- name: zero\n  says: ''\n  dimensions: [n]\n  variables: {{x: n}}\n  claim: 'x = x + 0[n×1]'\n  \
             proof:\n  - {{rule: add-zero, back: true, with: {{A: {with}}}}}\n"
        )
    };
    let why = outcome(&step("\"x\\u2028\"")).expect_err("a line separator");
    assert!(why.contains("is U+2028"), "{why}");
}

#[test]
fn every_rocq_theorem_has_its_statement() {
    for (id, theorems) in rocq().expect("readable") {
        for theorem in theorems {
            let found = rocq_statement(&theorem.file, &theorem.theorem);
            let found =
                found.unwrap_or_else(|| panic!("{id}: {} {}", theorem.file, theorem.theorem));
            assert!(
                found.ends_with('.') && !found.contains("Proof"),
                "{id}: {found}"
            );
            assert!(
                found
                    .lines()
                    .next()
                    .expect("a line")
                    .contains(&theorem.theorem),
                "{found}"
            );
        }
    }
    assert_eq!(rocq_statement("rocq/axioms.v", "no_such_theorem"), None);
    assert_eq!(rocq_statement("none.v", "add_comm"), None);
    let sum = rocq_statement("rocq/axioms.v", "add_comm");
    assert_eq!(
        sum.as_deref(),
        Some("Lemma add_comm (A B : 'M[R]_(m, n)) : A + B = B + A.")
    );
}

#[test]
fn growing_and_dying_are_one_proof_and_said_to_be() {
    let all = declarations().expect("readable");
    let of = |id: &str| {
        let declaration = all.iter().find(|d| d.id == id).expect("known");
        let theorems = declaration.theorems.iter();
        theorems
            .flat_map(|theorem| same_proof(declaration, theorem, &all))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("C1"), [("D1", "dead")]);
    assert_eq!(of("D1"), [("C1", "neurogenesis")]);
    assert!(of("D2").is_empty());
}
