//! Reading a network.

use super::{
    super::{
        FileError, LengthReading, Lengths, ReadOptions, Stored, error::shortened, options::Dtype,
    },
    FORMAT, GAIN, KEYS, LENGTHS, THRESHOLD, VERSION, WIDTHS,
    header::{self, Contents},
    names::{Kind, Tensors},
    widths_text,
};
use crate::{
    linalg::{Matrix, Vector},
    network::Layer,
    scalar::{Field, Rational, text::parse_exact},
};

/// The network in these bytes; `file` is the name for messages.
///
/// # Errors
/// [`FileError`] naming the tensor, and the entry where there is one.
pub fn read(file: &str, bytes: &[u8], options: &ReadOptions) -> Result<Stored, FileError> {
    let Contents {
        tensors,
        metadata,
        data,
    } = header::split(file, bytes)?;
    let stated = |key: &str| metadata.get(key).map(String::as_str);
    let refuse = |key: &str, found: &str, expected: &str| {
        let remedy = "correct or remove this metadata";
        Err(FileError::content(
            file,
            format!("metadata `{key}`"),
            shortened(found),
            expected,
            remedy,
        ))
    };
    if let Some(unknown) = metadata
        .keys()
        .find(|key| key.starts_with("isotropic.") && !KEYS.contains(&key.as_str()))
    {
        return refuse(&shortened(unknown), "an unknown key", &KEYS.join(", "));
    }
    if let Some(version) = stated(FORMAT).filter(|version| *version != VERSION) {
        return refuse(
            FORMAT,
            version,
            &format!("{VERSION}, the version this program reads"),
        );
    }
    let reading = match (options.lengths, stated(LENGTHS)) {
        (Some(told), _) => told,
        (None, None | Some("log")) => LengthReading::Logarithm,
        (None, Some("squared")) => LengthReading::Squared,
        (None, Some(other)) => return refuse(LENGTHS, other, "log or squared"),
    };
    let threshold = match stated(THRESHOLD).map(parse_exact) {
        None => None,
        Some(Ok(t)) => Some(t),
        Some(Err(why)) => {
            let place = format!("metadata `{THRESHOLD}`");
            let remedy = "correct or remove this metadata";
            return Err(FileError::number(file, place, &why, remedy));
        }
    };
    let gain = options.resolve(file, stated(GAIN), threshold)?;

    let source = Source {
        file,
        data,
        tensors: Tensors::sort(file, tensors)?,
    };
    let layers = (0..source.tensors.depth)
        .map(|i| source.layer(i))
        .collect::<Result<Vec<_>, _>>()?;
    let stored = Stored::new(file, layers, gain, source.lengths(reading)?)?;
    let widths = widths_text(&stored.widths());
    match stated(WIDTHS) {
        Some(stated) if stated != widths => refuse(
            WIDTHS,
            stated,
            &format!("{widths}, the widths of the tensors"),
        ),
        _ => Ok(stored),
    }
}

struct Source<'a> {
    file: &'a str,
    data: &'a [u8],
    tensors: Tensors,
}

impl Source<'_> {
    fn layer(&self, i: usize) -> Result<Layer<Rational>, FileError> {
        let (shape, entries) = self.tensor(Kind::Weight, i)?;
        let &[rows, columns] = shape else {
            return Err(self.shape(Kind::Weight, i, shape, "two dimensions (out, in)"));
        };
        if rows == 0 || columns == 0 {
            return Err(self.shape(Kind::Weight, i, shape, "widths of at least 1"));
        }
        let below = match i.checked_sub(1) {
            Some(below) => self.tensor(Kind::Weight, below)?.0.first(),
            None => None,
        };
        if let Some(outputs) = below.filter(|&&outputs| outputs != columns) {
            let expected = format!(
                "[{rows}, {outputs}], the outputs of `{}`",
                Kind::Weight.name(i - 1)
            );
            return Err(self.shape(Kind::Weight, i, shape, &expected));
        }
        // The file is row by row, the matrix column by column.
        let weight = Matrix::from_row_iterator(rows, columns, entries);
        let weight = self.finite(Kind::Weight, i, weight)?;
        let psi = match i.checked_sub(1) {
            Some(index) if self.tensors.get(Kind::Psi, index).is_some() => {
                Some(self.vector(Kind::Psi, index, rows)?)
            }
            _ => None,
        };
        Ok(Layer {
            weight,
            bias: self.vector(Kind::Bias, i, rows)?,
            psi,
        })
    }

    fn vector(&self, kind: Kind, i: usize, rows: usize) -> Result<Vector<Rational>, FileError> {
        let (shape, entries) = self.tensor(kind, i)?;
        if shape != [rows] {
            return Err(self.shape(
                kind,
                i,
                shape,
                &format!("[{rows}], as the layer has {rows} rows"),
            ));
        }
        let column = self.finite(kind, i, Matrix::from_iterator(rows, 1, entries))?;
        Ok(Vector::from_iterator(rows, column.iter().cloned()))
    }

    fn lengths(&self, reading: LengthReading) -> Result<Lengths, FileError> {
        let all = |kind| {
            (0..self.tensors.depth - 1)
                .map(|i| self.length(kind, i))
                .collect::<Result<Vec<_>, _>>()
        };
        if self.tensors.get(Kind::OConst, 0).is_some() {
            return self.not_negative(Kind::OConst, all(Kind::OConst)?);
        }
        if self.tensors.get(Kind::IntrinsicLength, 0).is_none() {
            return Ok(Lengths::Absent);
        }
        let lengths = all(Kind::IntrinsicLength)?;
        match reading {
            LengthReading::Logarithm => Ok(Lengths::Logarithm(lengths)),
            LengthReading::Squared => self.not_negative(Kind::IntrinsicLength, lengths),
        }
    }

    fn length(&self, kind: Kind, i: usize) -> Result<Rational, FileError> {
        let (shape, entries) = self.tensor(kind, i)?;
        if !matches!(shape, [] | [1]) {
            return Err(self.shape(kind, i, shape, "a scalar, [] or [1]"));
        }
        Ok(self.finite(kind, i, Matrix::from_iterator(1, 1, entries))?[0].clone())
    }

    fn not_negative(&self, kind: Kind, lengths: Vec<Rational>) -> Result<Lengths, FileError> {
        let Some(i) = lengths.iter().position(|o| *o < Rational::from(0)) else {
            return Ok(Lengths::Squared(lengths));
        };
        let remedy = match kind {
            Kind::OConst => "correct it, or store ln o as intrinsic_length",
            _ => "if the file holds ln o, say --intrinsic-length log",
        };
        let found = format!("o = {:?}", lengths[i].to_f64());
        Err(FileError::content(
            self.file,
            format!("tensor `{}`", kind.name(i)),
            found,
            "o ≥ 0",
            remedy,
        ))
    }

    /// Shape and entries of a tensor that [`Tensors::sort`] has found.
    #[allow(clippy::type_complexity)]
    fn tensor(
        &self,
        kind: Kind,
        i: usize,
    ) -> Result<(&[usize], impl Iterator<Item = f64>), FileError> {
        let Some(entry) = self.tensors.get(kind, i) else {
            let place = format!("tensor `{}`", kind.name(i));
            return Err(FileError::content(
                self.file,
                place,
                "no such tensor",
                "it",
                "save all tensors again",
            ));
        };
        let bytes = &self.data[entry.range.clone()];
        let dtype = entry.dtype;
        let number = move |chunk: &[u8]| match dtype {
            Dtype::F32 => f64::from(f32::from_le_bytes(chunk.try_into().unwrap_or_default())),
            Dtype::F64 => f64::from_le_bytes(chunk.try_into().unwrap_or_default()),
        };
        Ok((&entry.shape, bytes.chunks_exact(dtype.bytes()).map(number)))
    }

    fn finite(
        &self,
        kind: Kind,
        i: usize,
        values: Matrix<f64>,
    ) -> Result<Matrix<Rational>, FileError> {
        let (rows, columns) = values.shape();
        let exact = (values.iter().enumerate())
            .map(|(at, &x)| {
                Rational::try_from_f64(x).ok_or_else(|| {
                    let place = format!(
                        "tensor `{}`, row {}, column {}",
                        kind.name(i),
                        at % rows + 1,
                        at / rows + 1
                    );
                    let remedy = "train or save the network again without it";
                    FileError::content(self.file, place, x.to_string(), "a finite number", remedy)
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Matrix::from_vec(rows, columns, exact))
    }

    fn shape(&self, kind: Kind, i: usize, found: &[usize], expected: &str) -> FileError {
        let place = format!("tensor `{}`, shape", kind.name(i));
        let remedy = "save the network again with matching layers";
        FileError::content(self.file, place, format!("{found:?}"), expected, remedy)
    }
}
