//! Numbers in the format of the file: looked at first, and written later.

use crate::{
    io::{Dtype, FileError},
    remedy::Remedy,
    scalar::Field,
};

/// What becomes of the numbers in the file's format.
pub(super) struct Survey<'a> {
    file: &'a str,
    dtype: Dtype,
    /// How many numbers that are not zero become zero, and where the first stands.
    underflow: Option<(usize, String)>,
}

impl<'a> Survey<'a> {
    pub fn new(file: &'a str, dtype: Dtype) -> Self {
        Survey {
            file,
            dtype,
            underflow: None,
        }
    }

    /// Numbers of the tensor `name`, from index `first` on.
    pub fn look<T: Field>(
        &mut self,
        name: &str,
        shape: &[usize],
        first: usize,
        values: &[T],
    ) -> Result<(), FileError> {
        for (at, value) in (first..).zip(values) {
            let written = Number::of(self.dtype, value);
            if written.is_zero() && !value.is_zero() {
                let found = self.underflow.take();
                let (count, first) = found.unwrap_or_else(|| (0, place(name, at, shape)));
                self.underflow = Some((count + 1, first));
            }
            if !written.is_finite() {
                let expected = format!("a number within the range of {}", self.dtype.name());
                return Err(FileError::content(
                    self.file,
                    place(name, at, shape),
                    format!("{value:?}"),
                    expected,
                    Remedy::WiderFormat,
                ));
            }
        }
        Ok(())
    }

    /// What whoever asked should hear.
    pub fn note(self) -> Option<String> {
        let (file, dtype) = (self.file, self.dtype.name());
        self.underflow.map(|(count, first)| {
            format!("{file}: {count} numbers that are not 0 are 0 in {dtype}, the first in {first}")
        })
    }
}

fn place(name: &str, at: usize, shape: &[usize]) -> String {
    let columns = shape.get(1).copied().unwrap_or(1);
    format!(
        "tensor `{name}`, row {}, column {}",
        at / columns + 1,
        at % columns + 1
    )
}

/// A number in the format of the file.
enum Number {
    Single(f32),
    Double(f64),
}

impl Number {
    /// Rounded once, its sign kept where it is zero.
    fn of<T: Field>(dtype: Dtype, value: &T) -> Self {
        // A number of no more bits than a double goes through one.
        let narrow = T::precision().is_some_and(|bits| bits <= 53) || value.is_zero();
        match (dtype, narrow) {
            (Dtype::F32, true) => Number::Single(value.to_f64() as f32),
            (Dtype::F64, true) => Number::Double(value.to_f64()),
            (Dtype::F32, false) => Number::Single(rounded(value)),
            (Dtype::F64, false) => Number::Double(rounded(value)),
        }
    }

    fn is_zero(&self) -> bool {
        match self {
            Number::Single(x) => *x == 0.0,
            Number::Double(x) => *x == 0.0,
        }
    }

    fn is_finite(&self) -> bool {
        match self {
            Number::Single(x) => x.is_finite(),
            Number::Double(x) => x.is_finite(),
        }
    }
}

/// The bytes of a row, in place of those that stand there.
pub(super) fn encode<T: Field>(dtype: Dtype, values: &[T], bytes: &mut Vec<u8>) {
    bytes.clear();
    for value in values {
        match Number::of(dtype, value) {
            Number::Single(x) => bytes.extend(x.to_le_bytes()),
            Number::Double(x) => bytes.extend(x.to_le_bytes()),
        }
    }
}

fn rounded<T: Field, S: Field>(value: &S) -> T {
    let nearest = T::from_rational(&value.to_rational().unwrap_or_default());
    // What underflows keeps its sign, which a rational zero does not have.
    if nearest.is_zero() && value.below_zero() {
        -nearest
    } else {
        nearest
    }
}
