//! Options that say how files of inputs are read.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Failure, Kind, Touched, options::quoted, remark_once};
use crate::{
    io::inputs::{InputOptions, Inputs, Standard, read_inputs},
    scalar::{Field, Rational, text::parse},
};

/// How inputs are read, the same in every command that takes some.
#[derive(Clone, Debug, Default, PartialEq, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Inputs")]
pub(crate) struct Tabling {
    /// Divide every input by this number
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    divide: Option<String>,
    /// Column of the labels; array in an .npz, or an .npy of its own [default: label]
    #[arg(long, value_name = "NAME")]
    label: Option<String>,
    /// Number that labels count from [default: 0]
    #[arg(long, value_name = "N")]
    label_base: Option<u64>,
    /// Rows to use, from 0, the end excluded [default: all]
    #[arg(long, value_name = "FIRST..END", value_parser = rows)]
    rows: Option<Range<usize>>,
    /// Standardise inputs, after --divide, by the means and deviations in this file
    #[arg(long, value_name = "FILE", conflicts_with = "standardise_from")]
    standardise: Option<PathBuf>,
    /// Standardise inputs, after --divide, by the means and deviations of the inputs in this file
    #[arg(long, value_name = "FILE")]
    standardise_from: Option<PathBuf>,
}

fn rows(text: &str) -> Result<Range<usize>, String> {
    let parsed = text.split_once("..").and_then(|(first, end)| {
        let end = if end.is_empty() {
            usize::MAX
        } else {
            end.parse().ok()?
        };
        Some(first.parse().ok()?..end)
    });
    match parsed {
        Some(rows) if rows.start < rows.end => Ok(rows),
        _ => Err("expected two row numbers as in 1437..1797, the first smaller".into()),
    }
}

impl Tabling {
    /// The inputs in a file for a network of these widths. What there is to say about them is said once.
    pub(crate) fn read<S: Field>(
        &self,
        path: &Path,
        widths: &[usize],
    ) -> Result<Inputs<S>, Failure> {
        let inputs = read_inputs(path, &self.options(widths)?)?;
        inputs.notes.iter().for_each(|note| remark_once(note));
        Ok(inputs)
    }

    /// What the library is told; no widths leave n₀ and n_L to the file.
    pub(crate) fn options(&self, widths: &[usize]) -> Result<InputOptions, Failure> {
        let all = InputOptions {
            width: widths.first().copied(),
            outputs: widths.last().copied(),
            divide: self.divide.clone(),
            label: self.label.clone(),
            label_base: self.label_base,
            rows: None,
            standard: None,
        };
        let standard = match (&self.standardise, &self.standardise_from) {
            (Some(path), _) => Some(Standard::read(path)?),
            (None, Some(path)) => Some(Standard::of(&read_inputs::<f64>(path, &all)?)),
            (None, None) => None,
        };
        Ok(InputOptions {
            rows: self.rows.clone(),
            standard,
            ..all
        })
    }

    /// The first option that has no effect without inputs, if one was given.
    pub(crate) fn given(&self) -> Option<&'static str> {
        self.options_given()
            .into_iter()
            .find(|(_, given)| *given)
            .map(|(name, _)| name)
    }

    fn options_given(&self) -> [(&'static str, bool); 6] {
        [
            ("--divide", self.divide.is_some()),
            ("--label", self.label.is_some()),
            ("--label-base", self.label_base.is_some()),
            ("--rows", self.rows.is_some()),
            ("--standardise", self.standardise.is_some()),
            ("--standardise-from", self.standardise_from.is_some()),
        ]
    }

    /// The first option that was given and reads inputs otherwise than these options do.
    pub(crate) fn changed_from(&self, had: &Tabling) -> Option<&'static str> {
        let number = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or("1");
            parse::<Rational>(text).map_err(|_| text.to_string())
        };
        let name = |label: &Option<String>| label.clone().unwrap_or_else(|| "label".into());
        let base = |base: Option<u64>| base.unwrap_or(0);
        let all = |rows: &Option<Range<usize>>| rows.clone().unwrap_or(0..usize::MAX);
        let other = [
            number(&self.divide) != number(&had.divide),
            name(&self.label) != name(&had.label),
            base(self.label_base) != base(had.label_base),
            all(&self.rows) != all(&had.rows),
            self.standardise != had.standardise,
            self.standardise_from != had.standardise_from,
        ];
        let options = self.options_given().into_iter().zip(other);
        let mut changed = options.filter(|((_, given), other)| *given && *other);
        changed.next().map(|((name, _), _)| name)
    }

    /// The files that are read besides the inputs.
    pub(crate) fn touch<'a>(&'a self, touched: &mut Touched<'a>) {
        let files = [
            ("--standardise", &self.standardise),
            ("--standardise-from", &self.standardise_from),
        ];
        for (name, path) in files {
            if let Some(path) = path {
                touched.reads(name, Kind::Table, path);
            }
        }
    }

    /// The options as text that [`Tabling::from_text`] reads.
    pub(crate) fn to_text(&self) -> String {
        // Strings, numbers and paths: there is nothing to fail but a path that is not UTF-8.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The options that [`Tabling::to_text`] wrote.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The options as they stand on a command line, for replay lines.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let rows = self.rows.as_ref().map(|rows| match rows.end {
            usize::MAX => format!("{}..", rows.start),
            end => format!("{}..{end}", rows.start),
        });
        let path = |path: &Option<PathBuf>| path.as_ref().map(|p| p.to_string_lossy().into_owned());
        let options = [
            ("--divide", self.divide.clone()),
            ("--label", self.label.clone()),
            ("--label-base", self.label_base.map(|base| base.to_string())),
            ("--rows", rows),
            ("--standardise", path(&self.standardise)),
            ("--standardise-from", path(&self.standardise_from)),
        ];
        let given = options
            .into_iter()
            .filter_map(|(name, value)| Some([name.to_string(), quoted(&value?)]));
        given.flatten().collect()
    }
}
