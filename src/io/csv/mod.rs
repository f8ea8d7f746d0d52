//! Inputs as comma-separated values, plain or compressed by gzip.

mod table;
mod text;

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    ops::Range,
    path::Path,
};

use csv::{ReaderBuilder, Trim};
use flate2::bufread::MultiGzDecoder;
use table::Table;
use text::{Lines, whole};

use super::{FileError, error::shortened};
use crate::{
    linalg::Matrix,
    scalar::{Field, text::parse},
};

/// Inputs of a network and, where the file has them, their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Inputs<S> {
    /// n₀ × N: one input a column.
    pub x: Matrix<S>,
    /// The class of each input, from a column headed `label`.
    pub labels: Option<Vec<usize>>,
    /// The line of the file on which each input stands, from 1.
    pub lines: Vec<u64>,
}

impl<S: Field> Inputs<S> {
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
        }
    }
}

/// Reads a file of inputs, one a row. A first row without any numeric cell is a header; the column
/// headed `label` is kept apart. Every number, `divide` included, is rounded once to the scalar, and
/// then divided.
///
/// # Errors
/// [`FileError`] naming line and column for anything that is not a finite number, rows of the wrong
/// length, and files without rows.
pub fn read_inputs<S: Field>(
    path: &Path,
    divide: Option<&str>,
    expected_inputs: Option<usize>,
) -> Result<Inputs<S>, FileError> {
    let file = path.display().to_string();
    match File::open(path) {
        Ok(handle) => read(&file, handle, divide, expected_inputs),
        Err(reason) => Err(FileError::access(
            &file,
            "read",
            &reason,
            "check the name and permissions",
        )),
    }
}

/// [`read_inputs`] from anything that gives bytes; gzip is recognised by its first two. `file` is the
/// name for messages.
///
/// # Errors
/// As [`read_inputs`].
pub fn read<S: Field>(
    file: &str,
    source: impl Read,
    divide: Option<&str>,
    expected_inputs: Option<usize>,
) -> Result<Inputs<S>, FileError> {
    let divisor = divide.map(|text| divisor(file, text)).transpose()?;
    let mut source = BufReader::new(source);
    let zipped = match source.fill_buf() {
        Ok(start) => start.starts_with(&[0x1f, 0x8b]),
        Err(reason) => {
            return Err(FileError::access(
                file,
                "read",
                &reason,
                "check the name and permissions",
            ));
        }
    };
    let plain: Box<dyn Read> = if zipped {
        Box::new(MultiGzDecoder::new(source))
    } else {
        Box::new(source)
    };
    let text = whole(file, plain)?;
    let mut table = Table::new(file, divisor);
    let mut lines = Lines::new(&text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|why| {
            FileError::content(
                file,
                "the table",
                why.to_string(),
                "comma-separated values",
                "save the file again",
            )
        })?;
        let line = lines.of(record.position().map_or(0, |at| at.byte() as usize));
        if row == 0 && table.start(&record, expected_inputs)? {
            continue;
        }
        table.row(&record, line)?;
    }
    table.finish()
}

fn divisor<S: Field>(file: &str, text: &str) -> Result<S, FileError> {
    let refuse = |found: String| {
        FileError::content(
            file,
            "--divide",
            found,
            "a finite number other than 0",
            "correct the option",
        )
    };
    match parse::<S>(text) {
        Ok(divisor) if divisor.is_zero() => Err(refuse(shortened(text))),
        Ok(divisor) => Ok(divisor),
        Err(why) => Err(FileError::number(
            file,
            "--divide",
            &why,
            "correct the option",
        )),
    }
}
