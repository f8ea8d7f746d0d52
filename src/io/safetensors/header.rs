//! The header of a safetensors file: an 8-byte little-endian length, that many bytes of JSON, data.
//!
//! Nothing is allocated on the word of the file: every length is first held against the bytes that
//! are there. The parser is our own so that every error can name the tensor, what was expected and
//! what to do.

use std::{collections::BTreeMap, ops::Range};

use super::{
    super::{FileError, error::shortened},
    json::{Described, Header},
};
use crate::network::PARAMETER_LIMIT;

/// The limit of the format's reference implementation.
const LONGEST_HEADER: u64 = 100_000_000;

const DAMAGED: &str = "the file is truncated or damaged: copy or save it again";

/// The format of a tensor's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// IEEE binary16.
    Half,
    /// bfloat16.
    Brain,
    Single,
    Double,
    /// One that no parameter has, by its name.
    Other(String),
}

impl Element {
    fn of(name: &str) -> Self {
        match name {
            "F16" => Element::Half,
            "BF16" => Element::Brain,
            "F32" => Element::Single,
            "F64" => Element::Double,
            other => Element::Other(other.into()),
        }
    }

    /// Bytes of one number, where that is known.
    pub fn bytes(&self) -> Option<u64> {
        match self {
            Element::Half | Element::Brain => Some(2),
            Element::Single => Some(4),
            Element::Double => Some(8),
            Element::Other(name) => match name.as_str() {
                "BOOL" | "U8" | "I8" => Some(1),
                "U16" | "I16" => Some(2),
                "U32" | "I32" => Some(4),
                "U64" | "I64" | "C64" => Some(8),
                _ => None,
            },
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Element::Half => "F16",
            Element::Brain => "BF16",
            Element::Single => "F32",
            Element::Double => "F64",
            Element::Other(name) => name,
        }
    }
}

/// One tensor, checked against the data.
#[derive(Debug)]
pub struct Entry {
    pub element: Element,
    pub shape: Vec<usize>,
    /// Its place in [`Contents::data`].
    pub range: Range<usize>,
}

/// A file taken apart.
#[derive(Debug)]
pub struct Contents<'a> {
    pub tensors: BTreeMap<String, Entry>,
    pub metadata: BTreeMap<String, String>,
    pub data: &'a [u8],
}

/// Splits a file into tensors, metadata and data.
pub fn split<'a>(file: &str, bytes: &'a [u8]) -> Result<Contents<'a>, FileError> {
    let refuse = |place: &str, found: String, expected: String| {
        Err(FileError::content(file, place, found, expected, DAMAGED))
    };
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return refuse(
            "the header length",
            format!("{} bytes", bytes.len()),
            "at least 8 bytes".into(),
        );
    };
    let length = u64::from_le_bytes(*length);
    if length > LONGEST_HEADER {
        return refuse(
            "the header length",
            length.to_string(),
            format!("at most {LONGEST_HEADER}"),
        );
    }
    let Some((header, data)) = usize::try_from(length)
        .ok()
        .and_then(|n| rest.split_at_checked(n))
    else {
        let left = rest.len();
        return refuse(
            "the header length",
            length.to_string(),
            format!("at most {left}, all that follows"),
        );
    };
    if header.first() != Some(&b'{') {
        let first = header
            .first()
            .map_or("nothing".into(), |byte| format!("byte {byte:#04x}"));
        return refuse("the header", first, "a JSON object starting with {".into());
    }
    let header: Header = serde_json::from_slice(header).map_err(|why| FileError::Syntax {
        file: file.into(),
        place: "the header".into(),
        problem: why.to_string(),
        remedy: DAMAGED,
    })?;
    let mut tensors = BTreeMap::new();
    let mut ranges = Vec::with_capacity(header.tensors.len());
    for (name, described) in header.tensors {
        let entry = check(file, &name, described, data.len())?;
        ranges.push((entry.range.clone(), name.clone()));
        tensors.insert(name, entry);
    }
    check_layout(file, ranges, data.len())?;
    check_total(file, &tensors)?;
    Ok(Contents {
        tensors,
        metadata: header.metadata,
        data,
    })
}

/// One tensor's type, shape and offsets.
fn check(
    file: &str,
    name: &str,
    described: Described,
    available: usize,
) -> Result<Entry, FileError> {
    let place = format!("tensor `{}`", shortened(name));
    let refuse = |what: &str, found: String, expected: String, remedy: &'static str| {
        Err(FileError::content(
            file,
            format!("{place}, {what}"),
            found,
            expected,
            remedy,
        ))
    };
    let Described {
        dtype,
        shape,
        data_offsets: [begin, end],
    } = described;
    let element = Element::of(&dtype);
    let range = match (usize::try_from(begin), usize::try_from(end)) {
        (Ok(begin), Ok(end)) if begin <= end && end <= available => begin..end,
        _ => {
            let expected = format!("a range within the {available} bytes of data");
            return refuse(
                "data_offsets",
                format!("[{begin}, {end}]"),
                expected,
                DAMAGED,
            );
        }
    };
    let size = shape
        .iter()
        .try_fold(element.bytes().unwrap_or(0), |size, &n| size.checked_mul(n));
    let (size, dims) = match (size, shape.iter().map(|&n| usize::try_from(n)).collect()) {
        (Some(size), Ok(dims)) => (size, dims),
        _ => {
            let expected = "a number of bytes that fits in 64 bits".into();
            return refuse("shape", shortened(&format!("{shape:?}")), expected, DAMAGED);
        }
    };
    if element.bytes().is_some() && size != range.len() as u64 {
        let found = format!("{} bytes at data_offsets [{begin}, {end}]", range.len());
        let expected = format!(
            "{size} for {} of shape {}",
            element.name(),
            shortened(&format!("{shape:?}"))
        );
        return refuse("size", found, expected, DAMAGED);
    }
    Ok(Entry {
        element,
        shape: dims,
        range,
    })
}

/// The tensors lie end to end: no gap, no overlap, nothing after the last.
fn check_layout(
    file: &str,
    mut ranges: Vec<(Range<usize>, String)>,
    available: usize,
) -> Result<(), FileError> {
    ranges.sort_by_key(|(range, _)| (range.start, range.end));
    let mut end = 0;
    for (range, name) in &ranges {
        if range.start != end {
            let place = format!("tensor `{}`, data_offsets", shortened(name));
            let wrong = if range.start < end {
                "an overlap with the tensor before it"
            } else {
                "a gap before it"
            };
            let found = format!("[{}, {}], {wrong}", range.start, range.end);
            return Err(FileError::content(
                file,
                place,
                found,
                format!("a start at {end}"),
                DAMAGED,
            ));
        }
        end = range.end;
    }
    if end != available {
        let expected = format!("{end}, where the last tensor ends");
        return Err(FileError::content(
            file,
            "the data",
            format!("{available} bytes"),
            expected,
            DAMAGED,
        ));
    }
    Ok(())
}

fn check_total(file: &str, tensors: &BTreeMap<String, Entry>) -> Result<(), FileError> {
    let count = |entry: &Entry| entry.range.len() as u64 / entry.element.bytes().unwrap_or(1);
    let total: u64 = tensors.values().map(count).sum();
    if total <= PARAMETER_LIMIT {
        return Ok(());
    }
    let expected = format!("at most {PARAMETER_LIMIT}");
    Err(FileError::content(
        file,
        "all tensors",
        format!("{total} parameters"),
        expected,
        "use a smaller network",
    ))
}
