//! One array of NumPy: a magic word, a version, the length of a header, the header, the numbers.

use super::super::super::{FileError, error::shortened, half};

/// How NumPy's files begin.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// The kinds of elements that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Float,
    Signed,
    Unsigned,
    Boolean,
    /// Text in UTF-32.
    Text,
}

/// An element.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    Float(f64),
    Whole(i128),
    Text(String),
}

/// An array whose numbers lie in `data`.
#[derive(Debug)]
pub struct Array<'a> {
    kind: Kind,
    size: usize,
    big_endian: bool,
    /// Column by column, where NumPy calls it Fortran order.
    by_columns: bool,
    pub shape: Vec<usize>,
    data: &'a [u8],
}

/// The header, and the bytes after it.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (version, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = match version[0] {
        1 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            (usize::try_from(u32::from_le_bytes(*length)).ok()?, rest)
        }
        _ => return None,
    };
    let (header, data) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(header).ok()?, data))
}

/// What stands after a key of the header, which is a dictionary of Python with three keys.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let at = header.find(&format!("'{key}'"))?;
    let after = header[at + key.len() + 2..].trim_start();
    Some(after.strip_prefix(':')?.trim_start())
}

fn shape(header: &str) -> Option<Vec<usize>> {
    let (inside, _) = value(header, "shape")?.strip_prefix('(')?.split_once(')')?;
    let numbers = inside
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty());
    numbers
        .map(|text| text.trim_end_matches('L').parse().ok())
        .collect()
}

impl<'a> Array<'a> {
    /// The array in these bytes; `place` names it in messages.
    pub fn read(file: &str, place: &str, bytes: &'a [u8]) -> Result<Self, FileError> {
        let refuse = |found: String, expected: &str, remedy: &'static str| {
            Err(FileError::content(file, place, found, expected, remedy))
        };
        let damaged = "the file is truncated or damaged: copy or save it again";
        let parts = split(bytes).and_then(|(header, data)| {
            Some((
                value(header, "descr")?,
                value(header, "fortran_order")?,
                shape(header)?,
                data,
            ))
        });
        let Some((descr, order, shape, data)) = parts else {
            return refuse("no header of NumPy".into(), "one", damaged);
        };
        let plain = "an array of float16, float32, float64, integers or booleans";
        let convert = "convert the array before saving it: astype(float)";
        let Some((name, _)) = descr
            .strip_prefix('\'')
            .and_then(|rest| rest.split_once('\''))
        else {
            return refuse("an array of records".into(), plain, convert);
        };
        let Some((kind, size)) = element(name) else {
            return refuse(format!("elements `{}`", shortened(name)), plain, convert);
        };
        let count = shape.iter().try_fold(size, |size, &n| size.checked_mul(n));
        if count != Some(data.len()) {
            let expected = format!("as many as the shape {shape:?} has");
            return refuse(
                format!("{} bytes of numbers", data.len()),
                &expected,
                damaged,
            );
        }
        Ok(Array {
            kind,
            size,
            big_endian: name.starts_with('>'),
            by_columns: order.starts_with("True"),
            shape,
            data,
        })
    }

    /// The element in a row and column; a list is one column.
    pub fn at(&self, row: usize, column: usize) -> Element {
        let (rows, columns) = match self.shape[..] {
            [rows, columns] => (rows, columns),
            _ => (self.shape.iter().product(), 1),
        };
        let place = if self.by_columns {
            row + column * rows
        } else {
            row * columns + column
        };
        let start = place * self.size;
        self.element(self.data.get(start..start + self.size).unwrap_or_default())
    }

    fn element(&self, bytes: &[u8]) -> Element {
        // Most significant byte first, whatever the file has.
        let ordered = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            if !self.big_endian {
                bytes.reverse();
            }
            bytes
                .iter()
                .fold(0u64, |value, byte| value << 8 | u64::from(*byte))
        };
        let bits = ordered(bytes.get(..self.size.min(8)).unwrap_or_default());
        match self.kind {
            Kind::Float => Element::Float(match self.size {
                2 => f64::from(half::from_binary16(bits as u16)),
                4 => f64::from(f32::from_bits(bits as u32)),
                _ => f64::from_bits(bits),
            }),
            Kind::Signed => {
                let unused = 64 - 8 * self.size as u32;
                Element::Whole(i128::from((bits << unused) as i64 >> unused))
            }
            Kind::Unsigned => Element::Whole(i128::from(bits)),
            Kind::Boolean => Element::Whole(i128::from(bits != 0)),
            Kind::Text => {
                let chars = bytes.chunks_exact(4).map(|four| ordered(four) as u32);
                let text = chars.take_while(|c| *c != 0);
                Element::Text(text.filter_map(char::from_u32).collect())
            }
        }
    }
}

/// The kind and the size in bytes of elements of that name: `<f4`, `|u1`, `<U12`.
fn element(name: &str) -> Option<(Kind, usize)> {
    let bare = name.trim_start_matches(['<', '>', '|', '=']);
    let size: usize = bare.get(1..)?.parse().ok()?;
    match (bare.as_bytes().first()?, size) {
        (b'f', 2 | 4 | 8) => Some((Kind::Float, size)),
        (b'i', 1 | 2 | 4 | 8) => Some((Kind::Signed, size)),
        (b'u', 1 | 2 | 4 | 8) => Some((Kind::Unsigned, size)),
        (b'b', 1) => Some((Kind::Boolean, 1)),
        (b'U', 1..=1_000_000) => Some((Kind::Text, 4 * size)),
        _ => None,
    }
}
