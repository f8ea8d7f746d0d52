//! Comma-separated values.

use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use flate2::bufread::MultiGzDecoder;

use super::{
    super::FileError,
    InputOptions, Inputs, Scaling,
    header::{self, First},
    separator,
    table::Table,
    text::{Lines, whole},
};
use crate::scalar::Field;

/// Inputs from the bytes of a table, compressed or not.
pub fn read<S: Field>(
    file: &str,
    bytes: &[u8],
    options: &InputOptions,
    scaling: &Scaling<S>,
) -> Result<Inputs<S>, FileError> {
    let text = if bytes.starts_with(&[0x1f, 0x8b]) {
        whole(file, MultiGzDecoder::new(bytes))?
    } else {
        whole(file, bytes)?
    };
    let mut lines = Lines::new(&text);
    let mut reader = reader(&text);
    let mut rows = reader.records();
    let mut next = |what: &mut Lines| -> Result<Option<(StringRecord, u64, usize)>, FileError> {
        let Some(record) = rows.next() else {
            return Ok(None);
        };
        let record = record.map_err(|why| {
            FileError::content(
                file,
                "the table",
                why.to_string(),
                "comma-separated values",
                "save the file again",
            )
        })?;
        let at = record.position().map_or(0, |at| at.byte() as usize);
        Ok(Some((record, what.of(at), at)))
    };
    let Some((first, line, at)) = next(&mut lines)? else {
        return Err(FileError::content(
            file,
            "the table",
            "no rows",
            "at least one row of numbers",
            "add the inputs",
        ));
    };
    // What looks like a mistake in a cell may be another way to separate cells.
    let named = |why: FileError, at: usize| separator::of(file, &text, at).unwrap_or(why);
    let counts = || first_column_counts(&text);
    let seen = header::look(file, &first, line, options);
    let seen = seen.map_err(|why| named(why, at))?;
    let mut table =
        Table::new(file, options, scaling, seen, counts).map_err(|why| named(why, at))?;
    if let First::Numbers(_) = table.first() {
        table.row(&first, line).map_err(|why| named(why, at))?;
    }
    while let Some((record, line, at)) = next(&mut lines)? {
        table.row(&record, line).map_err(|why| named(why, at))?;
    }
    table.finish()
}

fn reader(text: &str) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes())
}

/// Whether the first column counts the rows, from 0 or 1: an index that a data frame was saved with.
fn first_column_counts(text: &str) -> bool {
    let mut numbers = vec![];
    for record in reader(text).records().flatten() {
        match record.get(0).map(str::parse::<u64>) {
            Some(Ok(number)) => numbers.push(number),
            // Only the header may hold something else.
            _ if numbers.is_empty() => {}
            _ => return false,
        }
    }
    // One row counts nothing.
    numbers.len() > 1
        && matches!(numbers.first(), Some(0 | 1))
        && numbers.windows(2).all(|pair| pair[0] + 1 == pair[1])
}
