//! The statements of the Rocq theorems, as they stand in the files of `proofs/rocq/` and `proofs/rocq-reals/`.

/// One line a file of theorems, below `proofs/`.
macro_rules! sources {
    ($($file:literal),* $(,)?) => {
        [$(($file, include_str!(concat!("../../proofs/", $file)))),*]
    };
}

/// The files that the two `theorems.yaml` name.
const FILES: [(&str, &str); 41] = sources![
    "rocq-reals/gains.v",
    "rocq/adam.v",
    "rocq/axioms.v",
    "rocq/ceiling.v",
    "rocq/channels.v",
    "rocq/classes.v",
    "rocq/collapse.v",
    "rocq/conserved.v",
    "rocq/controls.v",
    "rocq/controls_gauge.v",
    "rocq/controls_learning.v",
    "rocq/controls_values.v",
    "rocq/convolution.v",
    "rocq/decay.v",
    "rocq/diagonalise.v",
    "rocq/echelon.v",
    "rocq/eckart.v",
    "rocq/gains.v",
    "rocq/gauge.v",
    "rocq/gradient.v",
    "rocq/growth.v",
    "rocq/householder.v",
    "rocq/identity.v",
    "rocq/learning.v",
    "rocq/lipschitz.v",
    "rocq/motion.v",
    "rocq/muon.v",
    "rocq/network.v",
    "rocq/optimal.v",
    "rocq/primitive.v",
    "rocq/profile.v",
    "rocq/removal.v",
    "rocq/residual.v",
    "rocq/rounding.v",
    "rocq/several.v",
    "rocq/sides.v",
    "rocq/state.v",
    "rocq/svd.v",
    "rocq/tanh.v",
    "rocq/tanh_side.v",
    "rocq/values.v",
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

/// The statement of a theorem without its proof; `None` if the file (with its folder, `rocq/gauge.v`) is not known or
/// does not have it.
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
    let (word, rest) = line.split_once(' ')?;
    let named = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    let end = rest.find(|c| !named(c)).unwrap_or(rest.len());
    WORDS.contains(&word).then(|| &rest[..end])
}
