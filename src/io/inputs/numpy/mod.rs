//! Arrays of NumPy: `.npy`, and `.npz`, which is a zip archive of them.

mod array;

use std::{
    io::{Cursor, Read},
    path::Path,
};

use array::{Array, Element, MAGIC};
use zip::ZipArchive;

use super::{
    super::{FileError, error::shortened, source},
    InputOptions, Inputs, Scaling,
    labels::Labels,
    wrong_width,
};
use crate::{
    linalg::Matrix,
    network::PARAMETER_LIMIT,
    scalar::{Field, Rational},
};

/// Names of the inputs in an archive that has more than one array of two dimensions.
const INPUTS: [&str; 5] = ["x", "X", "inputs", "data", "arr_0"];

/// Names of the labels where none is asked for.
const LABELS: [&str; 6] = ["label", "labels", "y", "Y", "target", "targets"];

/// Arrays of more bytes, all together, are refused: a small archive can claim any length.
const LONGEST: u64 = 1 << 32;

/// Whether this is an array.
pub fn is_array(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Whether this is an archive whose first file is an array.
pub fn is_archive(bytes: &[u8]) -> bool {
    let length = bytes.get(26..28).and_then(|two| two.try_into().ok());
    let length = length.map_or(0, |two| usize::from(u16::from_le_bytes(two)));
    bytes.starts_with(b"PK\x03\x04")
        && bytes
            .get(30..30 + length)
            .is_some_and(|name| name.ends_with(b".npy"))
}

/// The inputs of an array or archive.
pub fn read<S: Field>(
    file: &str,
    bytes: &[u8],
    options: &InputOptions,
    scaling: &Scaling<S>,
) -> Result<Inputs<S>, FileError> {
    if is_archive(bytes) {
        return archive(file, bytes, options, scaling);
    }
    let x = Array::read(file, "the array", bytes)?;
    let Some(path) = options.label.as_deref().map(Path::new) else {
        return inputs(file, "the array", &x, None, options, scaling);
    };
    let (name, labels) = (source::name(path), source::read(path)?);
    if !is_array(&labels) {
        return Err(FileError::content(
            &name,
            "the labels",
            "another file",
            "an array of NumPy (.npy), as the inputs are",
            "name the array of the labels, or put both into one .npz",
        ));
    }
    let labels = Array::read(&name, "the labels", &labels)?;
    inputs(
        file,
        "the array",
        &x,
        Some((&name, "the labels", &labels)),
        options,
        scaling,
    )
}

/// The arrays of an archive by name, and which of them are what.
fn archive<S: Field>(
    file: &str,
    bytes: &[u8],
    options: &InputOptions,
    scaling: &Scaling<S>,
) -> Result<Inputs<S>, FileError> {
    let damaged = |why: String| {
        FileError::content(file, "the archive", why, "arrays of NumPy", "save it again")
    };
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|why| damaged(why.to_string()))?;
    let (mut members, mut room) = (vec![], LONGEST);
    for index in 0..zip.len() {
        let member = zip
            .by_index(index)
            .map_err(|why| damaged(why.to_string()))?;
        let name = member.name().map_err(|why| damaged(why.to_string()))?;
        let name = name.strip_suffix(".npy").unwrap_or(&name).to_string();
        let mut content = vec![];
        let mut limited = member.take(room + 1);
        limited
            .read_to_end(&mut content)
            .map_err(|why| damaged(why.to_string()))?;
        let Some(left) = room.checked_sub(content.len() as u64) else {
            return Err(damaged(format!("arrays of more than {LONGEST} bytes")));
        };
        room = left;
        members.push((name, content));
    }
    let (mut arrays, mut unread) = (Vec::with_capacity(members.len()), None);
    for (name, content) in &members {
        let place = format!("array `{}`", shortened(name));
        match Array::read(file, &place, content) {
            Ok(array) => arrays.push((name.as_str(), array)),
            // An archive may hold anything besides what is wanted of it.
            Err(why) => unread = unread.or(Some(why)),
        }
    }
    let listed = || {
        let all: Vec<String> = arrays
            .iter()
            .map(|(name, array)| format!("{} {:?}", shortened(name), array.shape))
            .collect();
        all.join(", ")
    };
    let tables: Vec<_> = arrays
        .iter()
        .filter(|(_, array)| array.shape.len() == 2)
        .collect();
    let x = match tables[..] {
        [only] => Some(only),
        _ => (INPUTS.iter())
            .find_map(|wanted| tables.iter().find(|(name, _)| name == wanted).copied()),
    };
    let Some((x_name, x)) = x else {
        return Err(unread.clone().unwrap_or_else(|| {
            FileError::content(
                file,
                "the archive",
                listed(),
                "an array `x` of rows and inputs",
                "save the inputs as `x` of two dimensions, and the labels as `y`",
            )
        }));
    };
    let find = |wanted: &str| arrays.iter().find(|(name, _)| *name == wanted);
    let labels = match &options.label {
        Some(wanted) => Some(find(wanted).ok_or_else(|| {
            unread.clone().unwrap_or_else(|| {
                FileError::content(
                    file,
                    "the archive",
                    format!("no array `{}`", shortened(wanted)),
                    format!("one of {}", listed()),
                    "correct the name of the labels",
                )
            })
        })?),
        None => LABELS.iter().find_map(|wanted| find(wanted)),
    };
    let x_place = format!("array `{}`", shortened(x_name));
    let y_place = labels.map(|(name, _)| format!("array `{}`", shortened(name)));
    let labels = labels
        .zip(y_place.as_deref())
        .map(|((_, array), place)| (file, place, array));
    inputs(file, &x_place, x, labels, options, scaling)
}

/// The inputs of two arrays; each array with the names of its file and of itself.
fn inputs<S: Field>(
    file: &str,
    place: &str,
    x: &Array,
    labels: Option<(&str, &str, &Array)>,
    options: &InputOptions,
    scaling: &Scaling<S>,
) -> Result<Inputs<S>, FileError> {
    let [rows, columns] = x.shape[..] else {
        return Err(FileError::content(
            file,
            format!("{place}, shape"),
            format!("{:?}", x.shape),
            "two dimensions, rows and inputs",
            "reshape it: x.reshape(len(x), -1)",
        ));
    };
    if let Some(expected) = options.width.filter(|expected| *expected != columns) {
        let remedy = "use the inputs that belong to the network, one a row";
        return Err(wrong_width(file, place, columns, expected, remedy));
    }
    let count = (rows as u64).saturating_mul(columns as u64);
    if count == 0 || count > PARAMETER_LIMIT {
        return Err(FileError::content(
            file,
            format!("{place}, shape"),
            format!("{:?}", x.shape),
            format!("1 to {PARAMETER_LIMIT} numbers"),
            "use other inputs",
        ));
    }
    let mut data = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        for column in 0..columns {
            let at = || format!("{place}, row {}, column {}", row + 1, column + 1);
            let value = number::<S>(file, x.at(row, column), at)?;
            data.push(scaling.scaled(file, value.0, at, || value.1.clone())?);
        }
    }
    let (labels, classes, notes) = match labels {
        None if options.label_base.is_some() => {
            return Err(FileError::content(
                file,
                place,
                "no labels",
                "labels, where a label base is given",
                "name the array of the labels, or leave the label base out",
            ));
        }
        None => (None, vec![], vec![]),
        Some((file, place, array)) => {
            if array.shape != [rows] && array.shape != [rows, 1] {
                return Err(FileError::content(
                    file,
                    format!("{place}, shape"),
                    format!("{:?}", array.shape),
                    format!("[{rows}], one label for each row of the inputs"),
                    "use the labels that belong to the inputs",
                ));
            }
            let at = |row: usize| format!("{place}, row {}", row + 1);
            let mut found = Labels::default();
            for row in 0..rows {
                let text = match array.at(row, 0) {
                    Element::Float(x) => format!("{x:?}"),
                    Element::Whole(n) => n.to_string(),
                    Element::Text(text) => text,
                };
                found.push(file, &text, || at(row))?;
            }
            let found = found.classes(file, options, at)?;
            (Some(found.classes), found.words, found.notes)
        }
    };
    Ok(Inputs {
        x: Matrix::from_vec(columns, rows, data),
        labels,
        lines: (1..=rows as u64).collect(),
        classes,
        notes,
    })
}

/// An element, rounded once, and as text.
fn number<S: Field>(
    file: &str,
    element: Element,
    place: impl Fn() -> String,
) -> Result<(S, String), FileError> {
    let refuse = |found: String, expected: &str| {
        let remedy = "correct the array";
        Err(FileError::content(file, place(), found, expected, remedy))
    };
    let (value, text) = match element {
        Element::Float(x) if x.is_finite() => (S::from_f64(x), x.to_string()),
        Element::Float(x) => return refuse(x.to_string(), "a finite number"),
        Element::Whole(n) => {
            let exact = Rational(rug::Rational::from(n));
            (S::from_rational(&exact), n.to_string())
        }
        Element::Text(text) => {
            return refuse(format!("the text `{}`", shortened(&text)), "a number");
        }
    };
    if value.is_finite() {
        Ok((value, text))
    } else {
        refuse(text, &format!("a number within the range of {}", S::name()))
    }
}
