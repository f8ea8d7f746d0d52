//! `isotropic prove`

use std::{fmt::Write as _, fs, path::PathBuf};

use clap::Args;

use super::{Failure, Outcome, print, visible};
use crate::{
    proof::{Proved, Refuted, Script, Theorem, check_all, explain, rows},
    statement::{self, Declaration, declarations},
};

/// Longer files are no proofs.
const LONGEST: u64 = 1 << 24;

/// Print statements and their proofs, step by step, and check them
///
/// Without ID: all that have a proof, checked, in a line each. A statement's refuted wrong versions are
/// evaluated at their witnesses, too. Exit code 1 if a proof or a refutation fails.
#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// Statements to read, of A1 to G1
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Theorems of a file of one's own (.yaml with a list `theorems`), instead of those of the crate
    #[arg(long, value_name = "FILE", conflicts_with = "ids")]
    file: Option<PathBuf>,
}

/// Something to check and to show.
struct Part {
    heading: String,
    file: String,
    theorems: Vec<Theorem>,
    refuted: Vec<Refuted>,
    /// Whether to show every step.
    whole: bool,
}

impl Prove {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let parts = match &self.file {
            Some(path) => vec![from_file(path)?],
            None => self.catalogued()?,
        };
        let (mut text, mut failures, mut steps) = (String::new(), 0, 0);
        for part in &parts {
            failures += usize::from(!part.render(&mut text, &mut steps));
        }
        let _ = match failures {
            0 => writeln!(text, "all proofs check: {steps} steps"),
            n => writeln!(text, "{n} of {} do not check", parts.len()),
        };
        print(&text)?;
        Ok(match failures {
            0 => Outcome::Done,
            _ => Outcome::Refuted,
        })
    }

    fn catalogued(&self) -> Result<Vec<Part>, Failure> {
        let usage = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
        let all = declarations().map_err(|error| usage(&error))?;
        let refuted = statement::refutations().map_err(|error| usage(&error))?;
        let of = |id: &str| {
            let files = refuted.iter().filter(|file| file.id == id);
            files.flat_map(|file| file.refuted.clone()).collect()
        };
        let part = |declaration: &Declaration, whole| Part {
            heading: heading(declaration, whole),
            file: format!("proofs/{}.yaml", declaration.id),
            theorems: declaration.theorems.clone(),
            refuted: of(&declaration.id),
            whole,
        };
        if self.ids.is_empty() {
            let proved = all
                .iter()
                .filter(|declaration| !declaration.theorems.is_empty());
            return Ok(proved.map(|declaration| part(declaration, false)).collect());
        }
        let find = |id: &String| {
            let found = all
                .iter()
                .find(|declaration| declaration.id.eq_ignore_ascii_case(id));
            let known: Vec<&str> = all
                .iter()
                .map(|declaration| declaration.id.as_str())
                .collect();
            let id = visible(id);
            match found {
                None => Err(Failure::Usage(format!(
                    "there is no statement {id}; the catalogue has {}",
                    known.join(", ")
                ))),
                Some(found) if found.theorems.is_empty() => Err(Failure::Usage(format!(
                    "{} has no script: {}",
                    found.id,
                    found.no_script()
                ))),
                Some(found) => Ok(part(found, true)),
            }
        };
        self.ids.iter().map(find).collect()
    }
}

fn heading(declaration: &Declaration, whole: bool) -> String {
    let mut text = format!("{} {}\n", declaration.id, declaration.title);
    if whole {
        for line in declaration.statement.lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

fn from_file(path: &PathBuf) -> Result<Part, Failure> {
    let file = visible(&path.display().to_string());
    let refuse = |why: &dyn std::fmt::Display| Failure::Usage(format!("{file}: {why}"));
    let metadata = fs::metadata(path).map_err(|why| refuse(&why))?;
    if !metadata.is_file() || metadata.len() > LONGEST {
        return Err(refuse(&format!(
            "expected a regular file of at most {LONGEST} bytes"
        )));
    }
    let text = fs::read_to_string(path).map_err(|why| refuse(&why))?;
    // A file of `proofs/` can be given as it is.
    let declared = text.lines().any(|line| line.starts_with("id:"));
    let (heading, theorems) = if declared {
        let declaration = Declaration::parse(&text).map_err(|why| refuse(&why))?;
        (heading(&declaration, true), declaration.theorems)
    } else {
        let script = Script::parse(&text).map_err(|why| refuse(&why))?;
        (format!("{file}\n"), script.theorems)
    };
    Ok(Part {
        heading,
        file,
        theorems,
        refuted: vec![],
        whole: true,
    })
}

impl Part {
    /// Whether everything checks.
    fn render(&self, text: &mut String, steps: &mut usize) -> bool {
        text.push_str(&self.heading);
        let proved = match check_all(&self.theorems) {
            Ok(proved) => proved,
            Err(refusal) => {
                // What the file says must not move the cursor.
                let _ = writeln!(
                    text,
                    "  FAILS: {}: {}\n",
                    self.file,
                    visible(&refusal.to_string())
                );
                return false;
            }
        };
        for (theorem, proved) in self.theorems.iter().zip(&proved) {
            *steps += proved.steps();
            if self.whole {
                let _ = write!(text, "\n{}", explain(theorem, proved));
                let _ = writeln!(
                    text,
                    "\n  checked: {} steps{}\n",
                    proved.steps(),
                    model(theorem, proved)
                );
            } else {
                let says = &theorem.says;
                let _ = writeln!(
                    text,
                    "  {} ({} steps): {says}",
                    theorem.name,
                    proved.steps()
                );
            }
        }
        self.refutations(text)
    }

    fn refutations(&self, text: &mut String) -> bool {
        let mut good = true;
        for refuted in &self.refuted {
            let found = refuted.sides();
            good &= found.is_ok();
            let _ = match found {
                Ok((left, right)) if self.whole => writeln!(
                    text,
                    "refuted {}: {}\n  {} fails at the stored values: {} and {}",
                    refuted.control,
                    refuted.says,
                    refuted.claim,
                    rows(&left),
                    rows(&right)
                ),
                Ok(_) => Ok(()),
                Err(why) => writeln!(text, "  FAILS: refuted {}: {why}", refuted.control),
            };
        }
        if good && !self.whole && !self.refuted.is_empty() {
            let _ = writeln!(text, "  {} wrong versions refuted", self.refuted.len());
        }
        text.push('\n');
        good
    }
}

fn model(theorem: &Theorem, proved: &Proved) -> String {
    match (&theorem.model, proved.hypotheses.is_empty()) {
        (Some(model), false) => {
            let sizes = model.dimensions.iter();
            let sizes: Vec<String> = sizes.map(|(name, n)| format!("{name} = {n}")).collect();
            format!("; the hypotheses have a model with {}", sizes.join(", "))
        }
        _ => "; there are no hypotheses".into(),
    }
}
