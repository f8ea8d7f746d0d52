//! `isotropic prove`

use std::{fmt::Write as _, fs, path::PathBuf};

use clap::Args;

use super::{
    Failure, Outcome, print,
    touched::{Kind, Touched},
    visible,
};
use crate::{
    io::atomic,
    proof::{Problem, Proved, Refuted, Script, Theorem, check_all, explain, line, rows},
    report,
    statement::{self, Declaration, RocqTheorem, declarations},
};

/// Longer files are no proofs.
const LONGEST: u64 = 1 << 24;

/// Print statements and their proofs, step by step, and check them
///
/// Without ID: all that have a proof, checked, in a line each. A statement's refuted wrong versions are
/// evaluated at their witnesses, too. Exit code 1 if a proof or a refutation fails.
#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// Statements to read, of A1 to G2
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Theorems of a file of one's own (.yaml with a list `theorems`), instead of those of the crate
    #[arg(long, value_name = "FILE", conflicts_with = "ids")]
    file: Option<PathBuf>,
    /// Write the statements, their proofs and the evidence for people: one HTML file that loads nothing
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    report: Option<PathBuf>,
}

/// Something to check and to show.
struct Part {
    heading: String,
    file: String,
    theorems: Vec<Theorem>,
    refuted: Vec<Refuted>,
    /// What there is beside scripts: why there is none, and what Rocq proves.
    beside: String,
    /// Whether to show every step.
    whole: bool,
}

impl Prove {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        if let Some(path) = &self.report {
            touched.writes("--report", Kind::Report, path);
        }
        touched.check()?;
        let parts = match &self.file {
            Some(path) => vec![from_file(path)?],
            None => self.catalogued()?,
        };
        let (mut text, mut failures, mut steps) = (String::new(), 0, 0);
        for part in &parts {
            failures += usize::from(!part.render(&mut text, &mut steps));
        }
        let _ = match failures {
            0 if steps == 0 => writeln!(text, "no script to check"),
            0 => writeln!(text, "all proofs check: {steps} steps"),
            n => writeln!(text, "{n} of {} do not check", parts.len()),
        };
        print(&text)?;
        // A proof that does not check is on no page.
        if let (Some(path), 0) = (&self.report, failures) {
            let page = report::theorems(&self.ids);
            let page = page.map_err(|error| Failure::Usage(visible(&error.to_string())))?;
            atomic::write(path, page.as_bytes())?;
        }
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
            beside: match whole {
                true => beside(declaration, &all),
                false => String::new(),
            },
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
            if let Some(found) = found {
                return Ok(part(found, true));
            }
            // Refuted, and nothing else.
            if let Some(file) = refuted.iter().find(|file| file.id.eq_ignore_ascii_case(id)) {
                return Ok(Part {
                    heading: format!("{} no theorem, only what is refuted\n", file.id),
                    file: format!("proofs/refuted/{}.yaml", file.id),
                    theorems: vec![],
                    refuted: file.refuted.clone(),
                    beside: String::new(),
                    whole: true,
                });
            }
            let mut known: Vec<&str> = all
                .iter()
                .map(|declaration| declaration.id.as_str())
                .collect();
            let only_refuted = refuted.iter().map(|file| file.id.as_str());
            known.extend(only_refuted.filter(|id| all.iter().all(|d| d.id != *id)));
            Err(Failure::Usage(format!(
                "there is no statement {}; the catalogue has {}",
                visible(id),
                known.join(", ")
            )))
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

/// Why there is no script, which other statement has the same theorem, and what Rocq proves.
fn beside(declaration: &Declaration, all: &[Declaration]) -> String {
    let mut text = String::new();
    if declaration.theorems.is_empty() {
        let _ = writeln!(text, "  no script: {}", declaration.no_script());
    }
    if let Some(missing) = &declaration.unproved {
        let _ = writeln!(text, "  not proved: {missing}");
    }
    for theorem in &declaration.theorems {
        for (id, name) in statement::same_proof(declaration, theorem, all) {
            let _ = writeln!(text, "  {} has the proof of {id} {name}", theorem.name);
        }
    }
    let rocq = statement::rocq().unwrap_or_default();
    for theorem in rocq.get(&declaration.id).into_iter().flatten() {
        let RocqTheorem { theorem, file } = theorem;
        let _ = writeln!(text, "\n  Rocq, checked by `make proofs`, proofs/{file}:");
        let statement = statement::rocq_statement(file, theorem);
        for line in statement.as_deref().unwrap_or(theorem).lines() {
            let _ = writeln!(text, "    {line}");
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
        let heading = heading(&declaration, true);
        for (number, text) in (1..).zip(heading.lines()) {
            let why =
                |problem: Problem| refuse(&format!("line {number} of what it states: {problem}"));
            line(text).map_err(why)?;
        }
        (heading, declaration.theorems)
    } else {
        let script = Script::parse(&text).map_err(|why| refuse(&why))?;
        (format!("{file}\n"), script.theorems)
    };
    Ok(Part {
        heading,
        file,
        theorems,
        refuted: vec![],
        beside: String::new(),
        whole: true,
    })
}

impl Part {
    /// Whether everything checks.
    fn render(&self, text: &mut String, steps: &mut usize) -> bool {
        text.push_str(&self.heading);
        text.push_str(&self.beside);
        // A file without theorems proves nothing; a statement of the catalogue may be refuted only, or proved elsewhere.
        let elsewhere =
            self.theorems.is_empty() && !(self.beside.is_empty() && self.refuted.is_empty());
        let checked = match elsewhere {
            true => Ok(vec![]),
            false => check_all(&self.theorems),
        };
        let proved = match checked {
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
                    "\n  checked: {}{}\n",
                    counted(proved.steps(), "step"),
                    model(theorem, proved)
                );
            } else {
                let says = &theorem.says;
                let _ = writeln!(
                    text,
                    "  {} ({}): {says}",
                    theorem.name,
                    counted(proved.steps(), "step")
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
            let refuted = counted(self.refuted.len(), "wrong version");
            let _ = writeln!(text, "  {refuted} refuted");
        }
        text.push('\n');
        good
    }
}

/// How many of something: `1 step`, `2 steps`.
fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
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
