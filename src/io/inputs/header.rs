//! Whether the first row of a table names the columns.

use std::collections::HashSet;

use csv::StringRecord;

use super::{
    super::{FileError, error::shortened},
    InputOptions,
};
use crate::{
    remedy::Remedy,
    scalar::text::{NumberError, parse_exact},
};

/// What the first row is.
#[derive(Clone, Debug)]
pub enum First {
    /// Names, which stand on that line.
    Names(StringRecord, u64),
    /// A row of so many cells like the others.
    Numbers(usize),
}

/// How cells without a value are written, in small letters.
const MISSING: [&str; 8] = ["", "na", "n/a", "#n/a", "null", "missing", "?", "-"];

/// Whether the cell says that there is no value.
pub fn is_missing(cell: &str) -> bool {
    MISSING.contains(&cell.to_ascii_lowercase().as_str())
}

/// A number, usable or not. NaN, 1/0 and 1e999999999 are numbers; a row of them is no header.
fn is_number(cell: &str) -> bool {
    !matches!(parse_exact(cell), Err(NumberError::Malformed(_)))
}

/// A number with a decimal comma: what it would be with a point.
pub fn with_point(cell: &str) -> Option<String> {
    let pointed = cell.replace(',', ".");
    (cell.contains(',') && is_number(&pointed)).then_some(pointed)
}

/// A number that another program would read as one.
fn is_like_a_number(cell: &str) -> bool {
    let bare = cell.trim_end_matches('%').trim();
    let spaced: String = bare.chars().filter(|c| !" _'\u{a0}".contains(*c)).collect();
    is_number(&spaced) || with_point(&spaced).is_some()
}

/// A header has no cell that is a number. It is one only if every cell could be a name: a row of cells without a
/// value, of numbers that this crate does not read, or of repeated words is a row that went wrong.
pub fn look(
    file: &str,
    first: &StringRecord,
    line: u64,
    options: &InputOptions,
) -> Result<First, FileError> {
    let labelled = |j: usize| options.label.is_none() && &first[j] == "label";
    if first.iter().any(is_number) {
        return Ok(First::Numbers(first.len()));
    }
    let refuse = |j: usize, expected: &str, remedy: Remedy| {
        Err(FileError::content(
            file,
            format!("line {line}, column {}", j + 1),
            format!("`{}`", shortened(&first[j])),
            expected,
            remedy,
        ))
    };
    let both = "a number, or the name of a column";
    let unnamed: Vec<usize> = (0..first.len())
        .filter(|&j| is_missing(&first[j]))
        .collect();
    if unnamed == [0] && first.len() > 1 && first[0].is_empty() {
        return refuse(
            0,
            "the name of a column, as in the other cells of the first row",
            "a column without a name is the index of a data frame: remove it, or save the file without its index".into(),
        );
    }
    if let Some(&j) = unnamed.first() {
        let remedy = "complete the row, or remove it: it is no header, and its values are missing";
        return refuse(j, both, remedy.into());
    }
    let mut seen = HashSet::new();
    for (j, cell) in first.iter().enumerate() {
        if let Some(pointed) = with_point(cell) {
            return refuse(j, both, format!("write decimal points: {pointed}").into());
        }
        if is_like_a_number(cell) {
            return refuse(
                j,
                both,
                "write plain numbers: digits and a decimal point".into(),
            );
        }
        if !seen.insert(cell) {
            if labelled(j) {
                return Err(FileError::content(
                    file,
                    format!("line {line}, column {}", j + 1),
                    "a second column headed `label`",
                    "one",
                    "rename or remove it",
                ));
            }
            return refuse(
                j,
                "names of columns, each of them once",
                "rename the column, or correct the row if it is no header".into(),
            );
        }
    }
    Ok(First::Names(first.clone(), line))
}
