//! The rows of a table, checked and rounded one by one.

use csv::StringRecord;

use super::{
    super::{FileError, error::shortened},
    Inputs,
};
use crate::{
    linalg::Matrix,
    network::PARAMETER_LIMIT,
    scalar::{
        Field,
        text::{self, NumberError},
    },
};

/// A table being read.
pub struct Table<'a, S> {
    file: &'a str,
    divisor: Option<S>,
    header: Option<StringRecord>,
    label: Option<usize>,
    columns: usize,
    data: Vec<S>,
    labels: Vec<usize>,
    lines: Vec<u64>,
}

impl<'a, S: Field> Table<'a, S> {
    pub fn new(file: &'a str, divisor: Option<S>) -> Self {
        Table {
            file,
            divisor,
            header: None,
            label: None,
            columns: 0,
            data: vec![],
            labels: vec![],
            lines: vec![],
        }
    }

    /// Looks at the first row; whether it is a header.
    pub fn start(
        &mut self,
        first: &StringRecord,
        expected_inputs: Option<usize>,
    ) -> Result<bool, FileError> {
        self.columns = first.len();
        // NaN, 1/0 and 1e999999999 are numbers, if unusable ones: a row of them is no header.
        let is_word =
            |cell: &str| matches!(text::parse_exact(cell), Err(NumberError::Malformed(_)));
        if first.iter().all(is_word) {
            let labels: Vec<usize> = (0..first.len()).filter(|&j| &first[j] == "label").collect();
            if let [_, second, ..] = labels[..] {
                let place = format!("line 1, column {}", second + 1);
                return Err(self.refuse(
                    place,
                    "a second column headed `label`",
                    "one",
                    "rename or remove it",
                ));
            }
            self.label = labels.first().copied();
            self.header = Some(first.clone());
        }
        let inputs = self.columns - usize::from(self.label.is_some());
        match expected_inputs {
            Some(expected) if inputs != expected => {
                let remedy = match self.label {
                    None if inputs == expected + 1 => {
                        "head the column of labels `label`, or remove a column"
                    }
                    _ => "use the inputs that belong to the network",
                };
                let expected = format!("{expected}, the inputs of the network");
                Err(self.refuse(
                    "line 1".into(),
                    &format!("{inputs} columns of inputs"),
                    &expected,
                    remedy,
                ))
            }
            _ if inputs == 0 => Err(self.refuse(
                "line 1".into(),
                "no column of inputs",
                "at least one",
                "add the inputs",
            )),
            _ => Ok(self.header.is_some()),
        }
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
                let label = cell.parse().map_err(|_| {
                    self.refuse(
                        self.place(line, j),
                        &quoted(cell),
                        "a non-negative integer",
                        "correct the label",
                    )
                })?;
                self.labels.push(label);
                continue;
            }
            let value = text::parse::<S>(cell).map_err(|why| {
                let first = self.lines.is_empty() && self.header.is_none();
                let remedy = match why {
                    NumberError::Malformed(_) if first => {
                        "a header has no numeric cell: correct one or the other"
                    }
                    _ => "correct the cell",
                };
                FileError::number(self.file, self.place(line, j), &why, remedy)
            })?;
            let value = match &self.divisor {
                None => value,
                Some(divisor) => value / divisor,
            };
            if !value.is_finite() {
                let expected = format!("a quotient within the range of {}", S::name());
                let remedy = "use a larger --divide or a wider --scalar";
                return Err(self.refuse(self.place(line, j), &quoted(cell), &expected, remedy));
            }
            self.data.push(value);
        }
        self.lines.push(line);
        if self.data.len() as u64 > PARAMETER_LIMIT {
            let expected = format!("at most {PARAMETER_LIMIT} numbers");
            return Err(self.refuse(format!("line {line}"), "more", &expected, "split the file"));
        }
        Ok(())
    }

    /// The inputs, if there are any.
    pub fn finish(self) -> Result<Inputs<S>, FileError> {
        if self.lines.is_empty() {
            let found = if self.header.is_some() {
                "a header and no rows"
            } else {
                "no rows"
            };
            return Err(self.refuse(
                "the table".into(),
                found,
                "at least one row of numbers",
                "add the inputs",
            ));
        }
        let inputs = self.columns - usize::from(self.label.is_some());
        Ok(Inputs {
            x: Matrix::from_vec(inputs, self.lines.len(), self.data),
            labels: self.label.map(|_| self.labels),
            lines: self.lines,
        })
    }

    fn place(&self, line: u64, column: usize) -> String {
        let name = self.header.as_ref().and_then(|header| header.get(column));
        let name = name.map_or(String::new(), |name| format!(" ({})", shortened(name)));
        format!("line {line}, column {}{name}", column + 1)
    }

    fn refuse(&self, place: String, found: &str, expected: &str, remedy: &str) -> FileError {
        FileError::content(self.file, place, found, expected, remedy)
    }
}

fn quoted(cell: &str) -> String {
    format!("`{}`", shortened(cell))
}
