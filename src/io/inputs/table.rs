//! The rows of a table, checked and rounded one by one.

use csv::StringRecord;

use super::{
    super::{FileError, error::shortened},
    InputOptions, Inputs, Scaling,
    header::{First, is_missing, with_point},
    labels::Labels,
    wrong_width,
};
use crate::{
    linalg::Matrix,
    network::PARAMETER_LIMIT,
    scalar::{
        Field,
        text::{self, NumberError},
    },
};

/// The heading of labels where no other is asked for.
const LABEL: &str = "label";

/// A table being read.
pub struct Table<'a, S> {
    file: &'a str,
    options: &'a InputOptions,
    scaling: &'a Scaling<S>,
    first: First,
    /// The column of labels.
    label: Option<usize>,
    columns: usize,
    data: Vec<S>,
    labels: Labels,
    lines: Vec<u64>,
}

impl<'a, S: Field> Table<'a, S> {
    /// A table that begins with `first`; `counts` tells whether its first column counts the rows.
    pub fn new(
        file: &'a str,
        options: &'a InputOptions,
        scaling: &'a Scaling<S>,
        first: First,
        counts: impl Fn() -> bool,
    ) -> Result<Self, FileError> {
        let (columns, names) = match &first {
            First::Names(names, _) => (names.len(), Some(names)),
            First::Numbers(columns) => (*columns, None),
        };
        let label = match (&options.label, names) {
            (Some(wanted), Some(names)) => match names.iter().position(|name| name == wanted) {
                Some(label) => Some(label),
                None => return Err(no_such_column(file, wanted, names)),
            },
            (Some(wanted), None) => {
                return Err(FileError::content(
                    file,
                    "line 1",
                    "numbers",
                    format!("names of columns, `{}` among them", shortened(wanted)),
                    "give the file a first row of names",
                ));
            }
            (None, names) => names.and_then(|names| names.iter().position(|name| name == LABEL)),
        };
        let table = Table {
            file,
            options,
            scaling,
            first,
            label,
            columns,
            data: vec![],
            labels: Labels::default(),
            lines: vec![],
        };
        table.check_width(counts)?;
        Ok(table)
    }

    fn check_width(&self, counts: impl Fn() -> bool) -> Result<(), FileError> {
        let (place, inputs) = (format!("line {}", self.first_line()), self.inputs());
        match self.options.width {
            Some(expected) if inputs != expected => {
                let remedy = if inputs == expected + 1 && counts() {
                    "the first column counts the rows: it is an index, remove it"
                } else if self.label.is_none() && inputs == expected + 1 {
                    "head the column of labels `label`, or name the one it has; or remove a column"
                } else {
                    "use the inputs that belong to the network"
                };
                Err(wrong_width(self.file, &place, inputs, expected, remedy))
            }
            _ if inputs == 0 => Err(self.refuse(
                place,
                "no column of inputs",
                "at least one",
                "add the inputs",
            )),
            _ => Ok(()),
        }
    }

    /// What the first row is.
    pub fn first(&self) -> &First {
        &self.first
    }

    fn first_line(&self) -> u64 {
        match self.first {
            First::Names(_, line) => line,
            First::Numbers(_) => 1,
        }
    }

    fn inputs(&self) -> usize {
        self.columns - usize::from(self.label.is_some())
    }

    /// Takes a row of numbers that stands on `line`.
    pub fn row(&mut self, record: &StringRecord, line: u64) -> Result<(), FileError> {
        if record.len() != self.columns {
            let expected = format!("{}, as in the first row", self.columns);
            let found = format!("{} cells", record.len());
            return Err(self.refuse(
                format!("line {line}"),
                &found,
                &expected,
                "complete or correct the row",
            ));
        }
        for (j, cell) in record.iter().enumerate() {
            if self.label == Some(j) {
                let place = place(&self.first, line, j);
                self.labels.push(self.file, cell, || place.clone())?;
                continue;
            }
            let place = || place(&self.first, line, j);
            let value = text::parse::<S>(cell).map_err(|why| self.bad_cell(&why, cell, place()))?;
            let value = self
                .scaling
                .scaled(self.file, value, place, || quoted(cell))?;
            self.data.push(value);
        }
        self.lines.push(line);
        if self.data.len() as u64 > PARAMETER_LIMIT {
            let expected = format!("at most {PARAMETER_LIMIT} numbers");
            return Err(self.refuse(format!("line {line}"), "more", &expected, "split the file"));
        }
        Ok(())
    }

    fn bad_cell(&self, why: &NumberError, cell: &str, place: String) -> FileError {
        let first = self.lines.is_empty() && matches!(self.first, First::Numbers(_));
        let pointed = with_point(cell).map(|number| format!("write decimal points: {number}"));
        let remedy = match (why, pointed) {
            (_, Some(pointed)) => pointed,
            (NumberError::Malformed(_), None) if is_missing(cell) => {
                "a value is missing: complete or remove the row".into()
            }
            (NumberError::Malformed(_), None) if first => {
                "a header has no numeric cell: correct one or the other".into()
            }
            (NumberError::Malformed(_), None) if self.label.is_none() => {
                "correct the cell, or name the column as that of the labels if it is".into()
            }
            _ => "correct the cell".into(),
        };
        FileError::number(self.file, place, why, remedy)
    }

    /// The inputs, if there are any.
    pub fn finish(self) -> Result<Inputs<S>, FileError> {
        let inputs = self.inputs();
        if self.lines.is_empty() {
            return Err(self.refuse(
                "the table".into(),
                "a header and no rows",
                "at least one row of numbers",
                "add the inputs",
            ));
        }
        let mut notes = vec![];
        if let First::Names(names, line) = &self.first
            && !names
                .iter()
                .any(|name| name == LABEL || Some(name) == self.options.label.as_deref())
        {
            let (first, last) = (names.get(0).unwrap_or(""), names.len());
            notes.push(format!(
                "{}: line {line} is a header of {last} names, the first `{}`; it has no column `{LABEL}`",
                self.file,
                shortened(first)
            ));
        }
        let (labels, classes) = match self.label {
            None if self.options.label_base.is_some() => {
                return Err(self.refuse(
                    "the header".into(),
                    "no column of labels",
                    "one, where a label base is given",
                    "name the column, or leave the label base out",
                ));
            }
            None => (None, vec![]),
            Some(column) => {
                let at = |row: usize| place(&self.first, self.lines[row], column);
                let found = self.labels.classes(self.file, self.options, at)?;
                notes.extend(found.notes);
                (Some(found.classes), found.words)
            }
        };
        Ok(Inputs {
            x: Matrix::from_vec(inputs, self.lines.len(), self.data),
            labels,
            lines: self.lines,
            classes,
            notes,
        })
    }

    fn refuse(
        &self,
        place: String,
        found: &str,
        expected: &str,
        remedy: &'static str,
    ) -> FileError {
        FileError::content(self.file, place, found, expected, remedy)
    }
}

fn no_such_column(file: &str, wanted: &str, names: &StringRecord) -> FileError {
    let names: Vec<&str> = names.iter().collect();
    FileError::content(
        file,
        "the header",
        format!("no column `{}`", shortened(wanted)),
        format!("one of {}", shortened(&names.join(", "))),
        "correct the name of the column of labels",
    )
}

/// Line and column, with the column's name if it has one.
fn place(first: &First, line: u64, column: usize) -> String {
    let name = match first {
        First::Names(names, _) => names.get(column),
        First::Numbers(_) => None,
    };
    let name = name.map_or(String::new(), |name| format!(" ({})", shortened(name)));
    format!("line {line}, column {}{name}", column + 1)
}

fn quoted(cell: &str) -> String {
    format!("`{}`", shortened(cell))
}
