//! `isotropic verify --replay`

use std::{fmt::Write, fs, path::Path};

use crate::{
    cli::{Failure, Outcome, print},
    io::FileError,
    judge::{Slope, short},
    statement::{Arithmetic, Entry},
    verify::{Counterexample, Diagnosis, Replay, Replayed, Shrunk, aligned, replay},
};

pub(super) fn run(path: &Path, entries: &[Entry]) -> Result<Outcome, Failure> {
    let file = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|reason| {
        FileError::access(&file, "read", &reason, "check the name and permissions")
    })?;
    let read = Replay::from_yaml(&file, &text)?;
    let entry = find(&file, entries, &read)?;
    let replayed = replay(entry, &read, Arithmetic::ALL);
    let diagnosis = replayed.diagnosis();
    print(&format!(
        "{}\n{}\n{}\n",
        subject(entry, read),
        table(&replayed),
        conclusion(&replayed, diagnosis)
    ))?;
    Ok(match diagnosis {
        Diagnosis::Holds => Outcome::Done,
        Diagnosis::Rounding | Diagnosis::Bug => Outcome::Refuted,
        Diagnosis::Unknown => Outcome::Unknown,
    })
}

/// The statement; and the control, if it is one's case, must be known.
fn find<'a>(file: &str, entries: &'a [Entry], read: &Replay) -> Result<&'a Entry, FileError> {
    let refuse = |place: &str, found: &str, known: Vec<&str>| {
        let expected = format!("one of {}", known.join(", "));
        FileError::content(
            file,
            place,
            found,
            expected,
            "use a program of the same version as the file",
        )
    };
    let ids = || entries.iter().map(Entry::id).collect();
    let entry = entries.iter().find(|entry| entry.id() == read.statement);
    let entry = entry.ok_or_else(|| refuse("statement", &read.statement, ids()))?;
    let controls = entry.declaration.controls.iter().map(|c| c.id.as_str());
    match &read.control {
        Some(control) if !controls.clone().any(|known| known == control) => {
            Err(refuse("control", control, controls.collect()))
        }
        _ => Ok(entry),
    }
}

fn subject(entry: &Entry, read: Replay) -> String {
    let mut text = format!("{} {}", entry.id(), entry.declaration.title);
    if let Some(control) = &read.control {
        let _ = write!(text, ", control {control}");
    }
    let seed = read.case.seed;
    let found = Counterexample {
        pair: None,
        statement: read.statement,
        control: read.control,
        arithmetic: read.arithmetic,
        shrunk: Shrunk {
            case: read.case,
            measured: 0,
            minimal: false,
        },
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, " ({}; seed {seed})", found.size());
    text
}

fn table(replayed: &Replayed) -> String {
    let header = [
        "arithmetic",
        "residual/size",
        "residual/allowance",
        "verdict",
    ];
    let mut rows = vec![header.map(str::to_string).to_vec()];
    for rung in &replayed.rungs {
        let dash = || "-".to_string();
        let verdict = rung.verdict();
        let number = |x| verdict.map_or_else(dash, |_| short(x));
        rows.push(vec![
            rung.arithmetic.title(),
            number(&rung.tally.relative),
            number(&rung.tally.ratio),
            verdict.map_or_else(dash, |verdict| verdict.word().into()),
        ]);
    }
    let mut text = aligned(&rows);
    for rung in &replayed.rungs {
        if let Some((_, place)) = &rung.tally.broken {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}: {place}", rung.arithmetic.title());
        }
        if let Some((_, error)) = &rung.tally.failed {
            let _ = writeln!(text, "{}: {error}", rung.arithmetic.title());
        }
    }
    text
}

fn conclusion(replayed: &Replayed, diagnosis: Diagnosis) -> String {
    let failing: Vec<String> = replayed.failing().iter().map(|a| a.title()).collect();
    let failing = failing.join(", ");
    let slope = match replayed.slope {
        Slope::Undefined => String::new(),
        Slope::Fitted { slope, .. } => format!(", slope {slope:.3}"),
    };
    match diagnosis {
        Diagnosis::Holds => "holds: in every arithmetic it can be measured in".into(),
        Diagnosis::Rounding => format!(
            "rounding: it fails in {failing}, and what is wrong falls with the precision{slope}: \
             the precision or range of these is at fault, not the formula"
        ),
        Diagnosis::Bug => {
            format!("a bug: it fails in {failing}, and more precision does not help{slope}")
        }
        Diagnosis::Unknown => "unknown: nothing could be measured, or a residual is NaN".into(),
    }
}
