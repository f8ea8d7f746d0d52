//! The statements of the Rocq theorems, as they stand in the files of `proofs/rocq/`.

/// The files that `theorems.yaml` names.
const FILES: [(&str, &str); 14] = [
    ("axioms.v", include_str!("../../proofs/rocq/axioms.v")),
    ("ceiling.v", include_str!("../../proofs/rocq/ceiling.v")),
    ("classes.v", include_str!("../../proofs/rocq/classes.v")),
    ("collapse.v", include_str!("../../proofs/rocq/collapse.v")),
    ("controls.v", include_str!("../../proofs/rocq/controls.v")),
    (
        "convolution.v",
        include_str!("../../proofs/rocq/convolution.v"),
    ),
    ("gauge.v", include_str!("../../proofs/rocq/gauge.v")),
    ("growth.v", include_str!("../../proofs/rocq/growth.v")),
    (
        "householder.v",
        include_str!("../../proofs/rocq/householder.v"),
    ),
    ("learning.v", include_str!("../../proofs/rocq/learning.v")),
    ("lipschitz.v", include_str!("../../proofs/rocq/lipschitz.v")),
    ("network.v", include_str!("../../proofs/rocq/network.v")),
    ("primitive.v", include_str!("../../proofs/rocq/primitive.v")),
    ("removal.v", include_str!("../../proofs/rocq/removal.v")),
];

/// What introduces a statement.
const WORDS: [&str; 6] = [
    "Theorem",
    "Lemma",
    "Corollary",
    "Proposition",
    "Fact",
    "Remark",
];

/// The statement of a theorem without its proof; `None` if the file is not known or does not have it.
pub fn rocq_statement(file: &str, theorem: &str) -> Option<String> {
    let (_, text) = FILES.iter().find(|(name, _)| *name == file)?;
    let mut lines = text
        .lines()
        .skip_while(|line| name_of(line) != Some(theorem));
    let mut statement = vec![];
    loop {
        let line = lines.next()?;
        let own = line.split(" Proof").next().unwrap_or(line).trim_end();
        statement.push(own);
        if own.ends_with('.') {
            return Some(statement.join("\n"));
        }
    }
}

/// The name of the theorem that a line states.
fn name_of(line: &str) -> Option<&str> {
    let line = line.strip_prefix("#[local] ").unwrap_or(line);
    let (word, rest) = line.split_once(' ')?;
    let named = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    let end = rest.find(|c| !named(c)).unwrap_or(rest.len());
    WORDS.contains(&word).then(|| &rest[..end])
}
