//! Reading a network.

use super::{
    super::{
        FileError, LengthReading, Lengths, ReadOptions, Stored, error::shortened, form::Form, half,
        numbers::Numbers, options::Dtype, stored::Held,
    },
    FORMAT, GAIN, KEYS, LENGTHS, THRESHOLD, VERSION, WIDTHS,
    header::{self, Contents, Element, Entry},
    names::{Kind, Tensors},
    widths_text,
};
use crate::{
    remedy::Remedy,
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
        let remedy = "correct this metadata, which says how the network is meant";
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
            let remedy = "correct this metadata, which says how the network is meant";
            return Err(FileError::number(file, place, &why, remedy));
        }
    };
    let gain = options.resolve(file, stated(GAIN), threshold)?;

    let source = Source {
        file,
        data,
        tensors: Tensors::sort(file, tensors, &options.ignore)?,
    };
    let layers = (0..source.tensors.depth)
        .map(|i| source.layer(i))
        .collect::<Result<Vec<_>, _>>()?;
    let lengths = source.lengths(reading)?;
    let (dtype, half) = source.dtype();
    let constant = source.tensors.get(Kind::OConst, 0).is_some();
    let form = Form::tensors(dtype, half, &lengths, reading, constant);
    let notes = source.tensors.notes.clone();
    let stored = Stored::new(file, layers, gain, lengths, (form, notes))?;
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
    /// The narrower format that holds every number of the file, and whether all were of 16 bits.
    fn dtype(&self) -> (Dtype, bool) {
        let elements = || self.tensors.all().map(|entry| &entry.element);
        let half = elements().all(|element| matches!(element, Element::Half | Element::Brain));
        let double = elements().any(|element| matches!(element, Element::Double));
        (if double { Dtype::F64 } else { Dtype::F32 }, half)
    }

    fn layer(&self, i: usize) -> Result<Held, FileError> {
        let shape = self.shape_of(Kind::Weight, i)?;
        let &[rows, columns] = shape else {
            return Err(self.shape(Kind::Weight, i, shape, "two dimensions (out, in)"));
        };
        if rows == 0 || columns == 0 {
            return Err(self.shape(Kind::Weight, i, shape, "widths of at least 1"));
        }
        let below = match i.checked_sub(1) {
            Some(below) => self.shape_of(Kind::Weight, below)?.first(),
            None => None,
        };
        if let Some(outputs) = below.filter(|&&outputs| outputs != columns) {
            let expected = format!(
                "[{rows}, {outputs}], the outputs of `{}`",
                Kind::Weight.name(i - 1)
            );
            return Err(self.shape(Kind::Weight, i, shape, &expected));
        }
        let psi = match i.checked_sub(1) {
            Some(index) if self.tensors.get(Kind::Psi, index).is_some() => {
                Some(self.vector(Kind::Psi, index, rows)?)
            }
            _ => None,
        };
        Ok(Held {
            rows,
            columns,
            weight: self.numbers(Kind::Weight, i, columns)?,
            bias: self.vector(Kind::Bias, i, rows)?,
            psi,
        })
    }

    fn vector(&self, kind: Kind, i: usize, rows: usize) -> Result<Numbers, FileError> {
        let shape = self.shape_of(kind, i)?;
        if shape != [rows] {
            return Err(self.shape(
                kind,
                i,
                shape,
                &format!("[{rows}], as the layer has {rows} rows"),
            ));
        }
        self.numbers(kind, i, 1)
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
        let shape = self.shape_of(kind, i)?;
        if !matches!(shape, [] | [1]) {
            return Err(self.shape(kind, i, shape, "a scalar, [] or [1]"));
        }
        Ok(self.numbers(kind, i, 1)?.exact(0))
    }

    fn not_negative(&self, kind: Kind, lengths: Vec<Rational>) -> Result<Lengths, FileError> {
        let Some(i) = lengths.iter().position(|o| *o < Rational::from(0)) else {
            return Ok(Lengths::Squared(lengths));
        };
        let remedy = match kind {
            Kind::OConst => "correct it, or store ln o as intrinsic_length".into(),
            _ => Remedy::ReadLogarithm,
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

    fn entry(&self, kind: Kind, i: usize) -> Result<&Entry, FileError> {
        self.tensors.get(kind, i).ok_or_else(|| {
            let place = format!("tensor `{}`", kind.name(i));
            let remedy = "save all tensors again";
            FileError::content(self.file, place, "no such tensor", "it", remedy)
        })
    }

    fn shape_of(&self, kind: Kind, i: usize) -> Result<&[usize], FileError> {
        Ok(&self.entry(kind, i)?.shape)
    }

    /// The numbers of a tensor, in rows of that many, as the file holds them.
    fn numbers(&self, kind: Kind, i: usize, columns: usize) -> Result<Numbers, FileError> {
        let entry = self.entry(kind, i)?;
        let bytes = &self.data[entry.range.clone()];
        let numbers = match &entry.element {
            Element::Half => Numbers::Single(each(bytes, |two| {
                half::from_binary16(u16::from_le_bytes(two))
            })),
            Element::Brain => Numbers::Single(each(bytes, |two| {
                half::from_bfloat16(u16::from_le_bytes(two))
            })),
            Element::Single => Numbers::Single(each(bytes, f32::from_le_bytes)),
            // No parameter has another format: the names would have been refused.
            Element::Double | Element::Other(_) => Numbers::Double(each(bytes, f64::from_le_bytes)),
        };
        let bad = match &numbers {
            Numbers::Single(x) => x.iter().position(|x| !x.is_finite()),
            Numbers::Double(x) => x.iter().position(|x| !x.is_finite()),
            Numbers::Text(_) => None,
        };
        match bad {
            None => Ok(numbers),
            Some(at) => {
                let place = format!(
                    "tensor `{}`, row {}, column {}",
                    kind.name(i),
                    at / columns + 1,
                    at % columns + 1
                );
                let remedy = "train or save the network again without it";
                let found = numbers.rounded::<f64>(at).to_string();
                Err(FileError::content(
                    self.file,
                    place,
                    found,
                    "a finite number",
                    remedy,
                ))
            }
        }
    }

    fn shape(&self, kind: Kind, i: usize, found: &[usize], expected: &str) -> FileError {
        let place = format!("tensor `{}`, shape", kind.name(i));
        let remedy = "save the network again with matching layers";
        FileError::content(self.file, place, format!("{found:?}"), expected, remedy)
    }
}

/// Numbers of N bytes each.
fn each<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    chunks.iter().map(|chunk| number(*chunk)).collect()
}
