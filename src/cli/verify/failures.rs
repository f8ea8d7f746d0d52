//! What a failure leaves behind: the shrunk case, as text and as a file, and the line that replays it.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::quoted;
use crate::{
    cli::remark,
    io::{FileError, atomic},
    judge::Verdict,
    statement::Entry,
    verify::{self, Counterexample, Effort, Plan},
};

/// Where failing cases go if nothing else is said.
const FOLDER: &str = "isotropic-failures";

/// Failing cases that are shrunk and shown; the table names the others.
const MOST: usize = 4;

/// Shrinking one of them.
const EFFORT: Effort = Effort {
    cases: 4000,
    time: Duration::from_secs(20),
};

/// The failing cases of a run, shrunk, written and described; nothing if it verified.
pub(super) fn describe(
    entries: &[Entry],
    plan: &Plan,
    outcome: &verify::Outcome,
    folder: Option<&Path>,
) -> String {
    let mut text = String::new();
    if !matches!(outcome.verdict(), Some(Verdict::Refuted | Verdict::Unknown)) {
        return text;
    }
    let folder = folder.unwrap_or(Path::new(FOLDER));
    for found in verify::failures(entries, plan, outcome, EFFORT, MOST) {
        let rest = if found.shrunk.minimal {
            "nothing can be left out"
        } else {
            "there may be a smaller one"
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "\n{} fails in {}; the smallest case found ({}; {rest}), seed {}:\n",
            found.statement,
            found.arithmetic.title(),
            found.size(),
            found.shrunk.case.seed,
        );
        text += &found.to_yaml().unwrap_or_else(|error| format!("{error}\n"));
        match save(folder, &found) {
            Ok(path) => {
                let path = quoted(&path.to_string_lossy());
                let _ = writeln!(text, "\nreplay: isotropic verify --replay {path}");
            }
            Err(error) => remark(&format!("the case has not been saved: {error}")),
        }
    }
    text
}

/// Writes the case to a file of its own in `folder`, which is made if it does not exist.
pub(super) fn save(folder: &Path, found: &Counterexample) -> Result<PathBuf, FileError> {
    let shown = folder.display().to_string();
    fs::create_dir_all(folder).map_err(|reason| {
        FileError::access(
            &shown,
            "make the folder",
            &reason,
            "name another with --failures",
        )
    })?;
    let mut name = found.statement.clone();
    if let Some(control) = &found.control {
        name += &format!("-{control}");
    }
    name += &format!("-{}.yaml", found.arithmetic.title());
    let path = folder.join(name);
    atomic::write(&path, found.to_yaml()?.as_bytes())?;
    Ok(path)
}
