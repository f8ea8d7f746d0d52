//! The traps: ways in which a kernel lets false statements through, each shown closed.

use isotropic::proof::{Refusal, Script, check_all};

/// The theorems of a text are refused, with these parts in the message.
fn refused(text: &str, parts: &[&str]) -> Refusal {
    let script = Script::parse(text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    let refusal = check_all(&script.theorems).expect_err(text);
    let message = refusal.to_string();
    for part in parts {
        assert!(message.contains(part), "`{part}` in {message}");
    }
    refusal
}

fn accepted(text: &str) {
    let script = Script::parse(text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    check_all(&script.theorems).unwrap_or_else(|why| panic!("{why}"));
}

/// A theorem of these declarations, as a file.
fn theorem(declarations: &str, claim: &str, proof: &[&str]) -> String {
    let steps: String = proof.iter().map(|step| format!("  - {step}\n")).collect();
    let proof = if steps.is_empty() {
        " []\n".to_string()
    } else {
        format!("\n{steps}")
    };
    format!(
        "theorems:\n- name: t\n  says: a test\n  dimensions: [k, m, n, p]\n{declarations}  claim: '{claim}'\n  proof:{proof}"
    )
}

#[test]
fn a_true_theorem_is_accepted() {
    let text = theorem(
        "  variables: {A: m×n, B: m×n}\n",
        "A + B = B + A",
        &["{rule: add-comm}"],
    );
    accepted(&text);
    refused(
        &text.replace("add-comm", "add-assoc"),
        &[
            "theorem t, the proof, step 1 (add-assoc)",
            "found `A + B`, expected `A + B + C`",
        ],
    );
}

#[test]
fn a_zero_has_a_shape() {
    let variables = "  variables: {A: m×n, B: n×m}\n";
    refused(
        &theorem(variables, "A + 0[n×m] = A", &["{rule: add-zero}"]),
        &["has no shape", "m×n and n×m"],
    );
    // A zero of one shape does not become one of another, however it is asked.
    refused(
        &theorem(variables, "A 0[n×p] = 0[m×n]", &["{rule: mul-zero-r}"]),
        &["the shapes differ: m×p and m×n"],
    );
    refused(
        &theorem(
            variables,
            "0[m×p] = 0[m×p]",
            &["{rule: mul-zero-l, back: true, with: {A: B}, dimensions: {n: n}}"],
        ),
        &["found `A = B`", "shape n×p"],
    );
    refused(
        &theorem(
            variables,
            "0[m×p] = 0[m×p]",
            &["{rule: mul-zero-l, back: true}"],
        ),
        &["leaves", "open"],
    );
}

#[test]
fn blocks_are_only_added_where_they_split_alike() {
    // Both stacks have m+p rows, and the sum has a shape; the blocks do not fit.
    let variables = "  variables: {A: m×n, B: p×n, C: p×n, D: m×n}\n";
    let sum = theorem(
        variables,
        "[A; B] + [C; D] = [A; B] + [C; D]",
        &["{rule: vcat-add}"],
    );
    refused(
        &sum,
        &["vcat-add", "found `C = C`, expected `C of shape m×n`"],
    );
    let product = theorem(
        "  variables: {A: k×m, B: k×p, C: p×n, D: m×n}\n",
        "[A, B] [C; D] = [A, B] [C; D]",
        &["{rule: hcat-vcat}"],
    );
    refused(
        &product,
        &["hcat-vcat", "found `C = C`, expected `C of shape m×n`"],
    );
}

#[test]
fn a_hypothesis_speaks_of_its_own_variables() {
    let declarations = "  variables: {A: m×m, B: m×m}\n  hypotheses: {square: 'A A = A'}\n";
    refused(
        &theorem(declarations, "B B = B", &["{rule: square}"]),
        &["found `B B`, expected `A A`"],
    );
    refused(
        &theorem(declarations, "B B = B", &["{rule: square, with: {A: B}}"]),
        &["`square` has nothing to fill in"],
    );
    // Not even its dimensions are general.
    let declarations = "  hypotheses: {empty: 'I[m] = 0[m×m]'}\n";
    refused(
        &theorem(declarations, "I[n] = 0[n×n]", &["{rule: empty}"]),
        &["found `I[n]`, expected `I[m]`"],
    );
}

#[test]
fn contradictory_hypotheses_have_no_model() {
    let contradiction = "  hypotheses: {nonsense: 'I[1] = 0[1×1]'}\n";
    let proof = [
        "{rule: sc-one, back: true}",
        "{rule: nonsense, at: [0]}",
        "{rule: sc-zero-l}",
    ];
    let text = theorem(
        &format!("  variables: {{A: m×n}}\n{contradiction}"),
        "A = 0[m×n]",
        &proof,
    );
    refused(&text, &["there are hypotheses and no `model`"]);
    let text = format!("{text}  model:\n    dimensions: {{k: 2, m: 3, n: 4, p: 5}}\n");
    refused(
        &text,
        &[
            "hypothesis nonsense fails there",
            "I[1] is [1]",
            "0[1×1] is [0]",
        ],
    );
    // One that holds for empty matrices only.
    let empty = theorem(
        "  hypotheses: {empty: 'I[m] = 0[m×m]'}\n",
        "I[m] = 0[m×m]",
        &["{rule: empty}"],
    );
    refused(
        &format!("{empty}  model: {{dimensions: {{k: 2, m: 0, n: 3, p: 4}}}}\n"),
        &["at least 2"],
    );
    refused(
        &format!("{empty}  model: {{dimensions: {{k: 2, m: 5, n: 3, p: 4}}}}\n"),
        &["fails there"],
    );
}

#[test]
fn a_model_of_nothing_but_zeros_is_one_only_where_it_must_be() {
    let with = |hypothesis: &str, values: &str| {
        let text = theorem(
            &format!("  variables: {{A: m×n, B: m×n}}\n  hypotheses: {{given: '{hypothesis}'}}\n"),
            "A + B = B + A",
            &["{rule: add-comm}"],
        );
        format!(
            "{text}  model:\n    dimensions: {{k: 5, m: 2, n: 3, p: 4}}\n    values: {{{values}}}\n"
        )
    };
    refused(
        &with("A + B = A + B", ""),
        &["every value is zero", "`A` need not be"],
    );
    refused(
        &with("A = 0[m×n]", ""),
        &["every value is zero", "`B` need not be"],
    );
    let some = "B: [[\"1\", \"0\", \"0\"], [\"0\", \"0\", \"0\"]]";
    accepted(&with("A = 0[m×n]", some));
    // Here nothing else would do.
    let forced = theorem(
        "  variables: {A: m×n}\n  hypotheses: {zero: 'A = 0[m×n]'}\n",
        "A = 0[m×n]",
        &["{rule: zero}"],
    );
    accepted(&format!(
        "{forced}  model: {{dimensions: {{k: 5, m: 2, n: 3, p: 4}}}}\n"
    ));
}

#[test]
fn a_lemma_is_proved_before_it_is_used_and_not_by_itself() {
    let lemma = |proof: &str| {
        theorem(
            &format!(
                "  variables: {{A: m×n}}\n  lemmas:\n  - name: absurd\n    claim: 'A = 0[m×n]'\n    proof: {proof}\n"
            ),
            "A = 0[m×n]",
            &["{rule: absurd}"],
        )
    };
    refused(
        &lemma("[{rule: absurd}]"),
        &["lemma absurd, step 1", "there is no rule `absurd`"],
    );
    refused(
        &lemma("[]"),
        &["lemma absurd: found `A`, expected `0[m×n]`"],
    );
    let two = theorem(
        "  variables: {A: m×n}\n  lemmas:\n  - name: first\n    claim: 'A = 0[m×n]'\n    proof: [{rule: second}]\n  \
         - name: second\n    claim: 'A = 0[m×n]'\n    proof: [{rule: first}]\n",
        "A = 0[m×n]",
        &["{rule: first}"],
    );
    refused(&two, &["lemma first, step 1", "there is no rule `second`"]);
    // The claim is no rule either.
    refused(
        &theorem("  variables: {A: m×n}\n", "A = 0[m×n]", &["{rule: t}"]),
        &["there is no rule `t`"],
    );
}

#[test]
fn definitions_go_forwards_only() {
    let with = |definitions: &str| {
        theorem(
            &format!("  variables: {{A: m×m}}\n  definitions: {definitions}\n"),
            "A = A",
            &[],
        )
    };
    accepted(&with("['B = A A', 'C = B A']"));
    refused(
        &with("['B = B A']"),
        &["definition `B = B A`", "there is no variable `B`"],
    );
    refused(
        &with("['B = C A', 'C = B A']"),
        &["there is no variable `C`"],
    );
    refused(&with("['A = I[m]']"), &["`A` cannot be a new name"]);
    refused(
        &with("['B = A', 'B = I[m]']"),
        &["`B` cannot be a new name"],
    );
    refused(&with("['B']"), &["definition `B`"]);
    refused(&with("['A A = I[m]']"), &["`A A` cannot be a new name"]);
}

#[test]
fn no_name_hides_another() {
    let refuse = |declarations: &str| {
        refused(
            &theorem(declarations, "I[m] = I[m]", &[]),
            &["cannot be a new name"],
        )
    };
    refuse("  variables: {m: m×n}\n");
    refuse("  functions: [m]\n");
    refuse("  functions: [g, g]\n");
    refuse("  variables: {g: m×n}\n  functions: [g]\n");
    refuse("  variables: {I: m×m}\n");
    refuse("  variables: {Aᵀ: m×m}\n");
    refuse("  variables: {'A B': m×m}\n");
    refuse("  variables: {'0': m×m}\n");
    refuse("  hypotheses: {add-comm: 'I[m] = I[m]'}\n");
    refuse(
        "  hypotheses: {tr: 'I[m] = I[m]'}\n  lemmas: [{name: tr, claim: 'I[m] = I[m]', proof: []}]\n",
    );
    refuse("  lemmas: [{name: mul-id-l, claim: 'I[m] = I[m]', proof: []}]\n");
    refuse("  variables: {A: m×m}\n  hypotheses: {A: 'A = A'}\n");
    let twice = theorem("", "I[m] = I[m]", &[]).replace("[k, m, n, p]", "[m, m]");
    refused(&twice, &["the dimensions", "`m` cannot be a new name"]);
}

#[test]
fn a_step_is_checked_in_every_part() {
    let variables = "  variables: {A: m×n, B: n×p, s: '1'}\n  functions: [g]\n";
    let step = |step: &str, parts: &[&str]| {
        drop(refused(&theorem(variables, "A B = A B", &[step]), parts))
    };
    step("{rule: nonsense}", &["there is no rule `nonsense`"]);
    step(
        "{rule: mul-id-l, at: [0, 0]}",
        &["there is no position [0, 0] in `A B`"],
    );
    step("{rule: mul-id-l, at: [2]}", &["there is no position [2]"]);
    step(
        "{rule: mul-id-l, back: true, everywhere: true}",
        &["`everywhere` needs a rule without metavariables"],
    );
    step(
        "{rule: mul-id-l, back: true, with: {Q: A}}",
        &["`Q` is no metavariable of mul-id-l"],
    );
    step(
        "{rule: mul-id-l, back: true, with: {A: A}}",
        &["found `A B`"],
    );
    step(
        "{rule: mul-id-l, back: true, dimensions: {z: m}}",
        &["`z` is no dimension of mul-id-l"],
    );
    step(
        "{rule: mul-id-l, back: true, dimensions: {m: n}}",
        &["found `A = A B`, expected `A of shape n×p`"],
    );
    step(
        "{rule: mul-id-l, back: true, dimensions: {m: z}}",
        &["there is no dimension `z`"],
    );
    step(
        "{rule: mul-id-l, back: true, gives: 'A B'}",
        &["found `I[m] (A B)`, expected `A B`"],
    );
    step(
        "{rule: mul-zero-l, back: true}",
        &["found `A B`, expected `0[m×p]`"],
    );
    // A proof that stops elsewhere is none, and neither is one of nothing.
    refused(
        &theorem(variables, "A B = A B", &["{rule: mul-id-l, back: true}"]),
        &["the proof: found `I[m] (A B)`"],
    );
    refused(
        &theorem(variables, "A B = 0[m×p]", &[]),
        &["the proof: found `A B`, expected `0[m×p]`"],
    );
}

#[test]
fn every_term_has_a_shape() {
    let claim = |claim: &str, parts: &[&str]| {
        let variables = "  variables: {A: m×n, B: n×p, s: '1', t: '1'}\n  functions: [g]\n";
        refused(&theorem(variables, claim, &[]), parts);
    };
    claim(
        "A A = A A",
        &["`A A` at position [] has no shape: its parts are m×n and m×n"],
    );
    claim("B + A B = B", &["has no shape: its parts are n×p and m×p"]);
    claim("A · B = B", &["its parts are m×n and n×p"]);
    claim("g(A) = s", &["its parts are m×n"]);
    claim("[A, B] = A", &["its parts are m×n and n×p"]);
    claim("[A; B] = A", &["its parts are m×n and n×p"]);
    claim("[A; Bᵀ] = A", &["the shapes differ: m+p×n and m×n"]);
    claim("s s = A", &["the shapes differ: 1×1 and m×n"]);
    claim("s (t + A B) = s", &["`t + A B` at position [1]"]);
    claim("C = C", &["there is no variable `C`"]);
    claim("0[z×n] = 0[z×n]", &["there is no dimension `z`"]);
    claim("‖A‖² = s", &["‖ ‖² of n columns, expected a column"]);
    claim("g = s", &["expected ("]);
}

/// Coefficients that wrapped round would make different dimensions equal.
#[test]
fn dimensions_do_not_overflow() {
    let mut definitions = vec!["'D₀ = [A, A]'".to_string()];
    definitions.extend((1..40).map(|i| {
        format!(
            "'D_{i} = [{0}, {0}]'",
            if i == 1 {
                "D₀".into()
            } else {
                format!("D_{}", i - 1)
            }
        )
    }));
    let text = format!(
        "  variables: {{A: m×n}}\n  definitions: [{}]\n",
        definitions.join(", ")
    );
    refused(
        &theorem(&text, "A = A", &[]),
        &["definition `D_9 = ", "has no shape"],
    );
}

/// Substitution upon substitution doubles a term: refused before it fills the memory.
#[test]
fn terms_do_not_explode() {
    let mut definitions = vec!["'D_1 = A + A'".to_string()];
    definitions.extend((2..60).map(|i| format!("'D_{i} = D_{0} + D_{0}'", i - 1)));
    let text = format!(
        "  variables: {{A: m×n}}\n  definitions: [{}]\n",
        definitions.join(", ")
    );
    let steps: Vec<String> = (1..60)
        .rev()
        .map(|i| format!("{{rule: D_{i}, everywhere: true}}"))
        .collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    refused(
        &theorem(&text, "D_59 = A", &steps),
        &["step 9 (D_51)", "nodes, expected at most 1000"],
    );
}
