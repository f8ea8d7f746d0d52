//! Inputs of a network and their labels: comma-separated values, plain or compressed by gzip, and NumPy arrays.
//!
//! | file | inputs | labels |
//! |---|---|---|
//! | `.csv`, `.csv.gz` | one a row; a first row of names is a header | the column headed `label`, or of the name asked for |
//! | `.npy` | an array of N rows and n₀ columns | an array in a file of its own, if asked for |
//! | `.npz` | the array of two dimensions, `x` if there are more | the array `label`, `labels` or `y`, or of the name asked for |
//!
//! Labels are whole numbers, counted from [`InputOptions::label_base`], or words. Words are numbered in the order
//! of their Unicode code points, and [`Inputs::classes`] has them in that order.

mod csv;
mod header;
mod labels;
mod numpy;
mod separator;
mod standard;
mod table;
mod text;

use std::{ops::Range, path::Path};

pub use standard::Standard;

use super::{FileError, error::shortened, foreign, source};
use crate::{
    linalg::Matrix,
    remedy::Remedy,
    scalar::{Field, text::parse},
};

/// Inputs of a network and, where the file has them, their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Inputs<S> {
    /// n₀ × N: one input a column.
    pub x: Matrix<S>,
    /// The class of each input, from 0.
    pub labels: Option<Vec<usize>>,
    /// The line of the file on which each input stands, from 1; the row of an array.
    pub lines: Vec<u64>,
    /// Where labels are words, the words of the classes 0, 1, …; else empty.
    pub classes: Vec<String>,
    /// What whoever gave the file should hear: a header that was passed over, the numbers of words.
    pub notes: Vec<String>,
}

impl<S: Field> Inputs<S> {
    /// Inputs that come from no file; they are numbered from 1. `x` is n₀ × N.
    pub fn of(x: Matrix<S>, labels: Option<Vec<usize>>) -> Self {
        let lines = (1..=x.ncols() as u64).collect();
        Inputs {
            x,
            labels,
            lines,
            classes: vec![],
            notes: vec![],
        }
    }

    /// The inputs of these rows, from 0; rows beyond the end are left out.
    pub fn rows(&self, rows: Range<usize>) -> Self {
        let rows = rows.start.min(self.lines.len())..rows.end.min(self.lines.len());
        Inputs {
            x: self.x.columns(rows.start, rows.len()).into_owned(),
            labels: self
                .labels
                .as_ref()
                .map(|labels| labels[rows.clone()].to_vec()),
            lines: self.lines[rows].to_vec(),
            classes: self.classes.clone(),
            notes: self.notes.clone(),
        }
    }

    /// How many classes the labels need: one more than the largest label, or the number of words.
    pub fn class_count(&self) -> usize {
        let labels = self.labels.iter().flatten();
        labels
            .map(|label| label + 1)
            .max()
            .unwrap_or(0)
            .max(self.classes.len())
    }
}

/// How a file of inputs is read. The default expects nothing, and takes the column headed `label` for labels.
///
/// ```
/// use isotropic::io::inputs::{InputOptions, read_bytes};
///
/// let text = "width,species,length\n1.5,setosa,2\n3,virginica,4\n";
/// let options = InputOptions { label: Some("species".into()), ..InputOptions::default() };
/// let inputs = read_bytes::<f64>("flowers.csv", text.as_bytes(), &options)?;
/// assert_eq!(inputs.x.as_slice(), [1.5, 2.0, 3.0, 4.0]);
/// assert_eq!(inputs.labels, Some(vec![0, 1]));
/// assert_eq!(inputs.classes, ["setosa", "virginica"]);
/// # Ok::<(), isotropic::io::FileError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InputOptions {
    /// n₀, which the file must have.
    pub width: Option<usize>,
    /// The number of classes, n_L: labels are 0 … n_L - 1.
    pub outputs: Option<usize>,
    /// A number by which every input is divided, as text: it is rounded once to the scalar.
    pub divide: Option<String>,
    /// The column or array of the labels; for a `.npy` file the path of another.
    pub label: Option<String>,
    /// The number of the first class in the file.
    pub label_base: Option<u64>,
    /// The rows to keep, from 0, the end excluded.
    pub rows: Option<Range<usize>>,
    /// Means and deviations by which inputs are standardised, after they are divided.
    pub standard: Option<Standard>,
}

/// Reads the inputs in a file. Every number is rounded once to the scalar, then divided, then standardised.
///
/// # Errors
/// [`FileError`] naming line and column for anything that is not a finite number, for rows of the wrong length, for
/// a first row that is neither names nor numbers, for labels beyond the outputs, and for files without rows.
pub fn read_inputs<S: Field>(path: &Path, options: &InputOptions) -> Result<Inputs<S>, FileError> {
    let file = source::name(path);
    let bytes = source::read(path)?;
    read_bytes(&file, &bytes, options)
}

/// [`read_inputs`] from bytes; what they are is recognised by how they begin. `file` is the name for messages.
///
/// # Errors
/// As [`read_inputs`].
pub fn read_bytes<S: Field>(
    file: &str,
    bytes: &[u8],
    options: &InputOptions,
) -> Result<Inputs<S>, FileError> {
    let scaling = Scaling::of(file, options)?;
    let mut inputs = if numpy::is_array(bytes) || numpy::is_archive(bytes) {
        numpy::read(file, bytes, options, &scaling)?
    } else if let Some(found) = foreign::inputs(bytes) {
        return Err(found.refuse(file, "comma-separated values or a NumPy array"));
    } else {
        csv::read(file, bytes, options, &scaling)?
    };
    if let Some(standard) = &options.standard {
        standard.apply(file, &mut inputs)?;
    }
    match &options.rows {
        None => Ok(inputs),
        Some(rows) if rows.start >= inputs.lines.len() => Err(FileError::content(
            file,
            "the rows asked for",
            format!("a first row {}", rows.start),
            format!("one of the {} rows, from 0", inputs.lines.len()),
            "ask for rows that are there",
        )),
        Some(rows) => Ok(inputs.rows(rows.clone())),
    }
}

/// What is done to each number of a file.
struct Scaling<S> {
    divisor: Option<S>,
}

impl<S: Field> Scaling<S> {
    fn of(file: &str, options: &InputOptions) -> Result<Self, FileError> {
        let divisor = options.divide.as_deref().map(|text| divisor(file, text));
        Ok(Scaling {
            divisor: divisor.transpose()?,
        })
    }

    /// The number to compute with; an error for a quotient that is not finite.
    fn scaled(
        &self,
        file: &str,
        value: S,
        place: impl Fn() -> String,
        shown: impl Fn() -> String,
    ) -> Result<S, FileError> {
        let Some(divisor) = &self.divisor else {
            return Ok(value);
        };
        let value = value / divisor;
        if value.is_finite() {
            return Ok(value);
        }
        Err(FileError::content(
            file,
            place(),
            shown(),
            format!("a quotient within the range of {}", S::name()),
            Remedy::LargerDivisor,
        ))
    }
}

fn divisor<S: Field>(file: &str, text: &str) -> Result<S, FileError> {
    let remedy = "correct the option";
    match parse::<S>(text) {
        Ok(divisor) if divisor.is_zero() => Err(FileError::content(
            file,
            "the divisor",
            shortened(text),
            "a finite number other than 0",
            remedy,
        )),
        Ok(divisor) => Ok(divisor),
        Err(why) => Err(FileError::number(file, "the divisor", &why, remedy)),
    }
}

/// A width other than that of the network.
fn wrong_width(
    file: &str,
    place: &str,
    found: usize,
    expected: usize,
    remedy: &'static str,
) -> FileError {
    FileError::content(
        file,
        place,
        format!("{found} columns of inputs"),
        format!("{expected}, the inputs of the network"),
        remedy,
    )
}
