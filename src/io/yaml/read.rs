//! Reading a network.

use serde::{Deserialize, de::DeserializeOwned};
use serde_saphyr::options::MergeKeyPolicy;

use super::super::{FileError, Lengths, ReadOptions, Stored, error::shortened};
use crate::{
    linalg::{Matrix, Vector},
    network::Layer,
    scalar::{Rational, text::parse_exact},
};

/// map > layers > layer > weight > row, and room for one mistake to be named as what it is.
const DEEPEST: usize = 8;

/// As many numbers as memory holds with ease; a larger network belongs in a safetensors file.
const MOST_NUMBERS: usize = 1 << 26;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    isotropic: String,
    widths: Vec<usize>,
    gain: String,
    threshold: Option<String>,
    layers: Vec<Described>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    weight: Vec<Vec<String>>,
    bias: Vec<String>,
    psi: Option<Vec<String>>,
    intrinsic_length_squared: Option<String>,
}

/// The network in this text; `file` is the name for messages.
///
/// # Errors
/// [`FileError`] naming the line, or the layer, parameter, row and column.
pub fn read(file: &str, text: &str, options: &ReadOptions) -> Result<Stored, FileError> {
    parse::<Document>(file, text)?.stored(file, options)
}

/// Plain YAML, without what could make it mean something else than it says or fill memory.
pub(crate) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, FileError> {
    let limits = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_documents: 1,
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_nodes: MOST_NUMBERS,
            max_events: 2 * MOST_NUMBERS,
            max_total_scalar_bytes: usize::MAX,
        },
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, limits).map_err(|why| syntax(file, &why))
}

impl Document {
    /// The network that is described, checked.
    pub(crate) fn stored(&self, file: &str, options: &ReadOptions) -> Result<Stored, FileError> {
        let document = self;
        if document.isotropic != "1" {
            let found = shortened(&document.isotropic);
            let remedy = "use a program of the same version as the file";
            return Err(FileError::content(
                file,
                "isotropic, the version",
                found,
                "1",
                remedy,
            ));
        }
        let threshold = document
            .threshold
            .as_deref()
            .map(|t| number(file, || "threshold".into(), t))
            .transpose()?;
        let gain = options.resolve(file, Some(&document.gain), threshold)?;
        let depth = document.layers.len();
        if document.widths.len() != depth + 1 || depth == 0 {
            let expected = format!(
                "{}, one for the input and one for each of {depth} layers",
                depth + 1
            );
            let remedy = "correct the widths or complete the layers";
            return Err(FileError::content(
                file,
                "widths",
                format!("{} widths", document.widths.len()),
                expected,
                remedy,
            ));
        }
        let mut layers = Vec::with_capacity(depth);
        let mut lengths = Vec::with_capacity(depth);
        for (l, (described, widths)) in
            (1..).zip(document.layers.iter().zip(document.widths.windows(2)))
        {
            let at = Place { file, layer: l };
            layers.push(at.layer(described, widths[1], widths[0])?);
            match &described.intrinsic_length_squared {
                Some(_) if l == depth => {
                    let remedy = "remove it: only hidden layers have one";
                    return Err(at.refuse(
                        "intrinsic_length_squared",
                        "a value",
                        "none in the last layer",
                        remedy,
                    ));
                }
                Some(o) => lengths.push(number(file, || at.of("intrinsic_length_squared"), o)?),
                None if lengths.is_empty() => {}
                None if l == depth => {}
                None => {
                    let remedy = "give all hidden layers one (it may be \"0\") or none";
                    return Err(at.refuse(
                        "intrinsic_length_squared",
                        "no value",
                        "one, as in the layers before",
                        remedy,
                    ));
                }
            }
        }
        let lengths = match lengths.len() {
            0 => Lengths::Absent,
            count if count == depth - 1 => Lengths::Squared(lengths),
            _ => {
                let remedy = "give all hidden layers one (it may be \"0\") or none";
                let at = Place { file, layer: 1 };
                return Err(at.refuse(
                    "intrinsic_length_squared",
                    "no value",
                    "one, as in a later layer",
                    remedy,
                ));
            }
        };
        Stored::new(file, layers, gain, lengths)
    }
}

/// Phrases of the parser, and what they mean to somebody with a file.
const WORDING: [(&str, &str); 8] = [
    (", set DuplicateKeyPolicy in Options if acceptable", ""),
    (
        "cannot deserialize null into string; use Option<String>",
        "nothing where a value belongs",
    ),
    ("invalid u64", "not a whole number"),
    (
        "budget breached: Documents { documents: 2 }",
        "a second document",
    ),
    ("budget breached: Anchors { anchors: 1 }", "an anchor"),
    ("expected sequence start", "expected a list"),
    ("expected mapping start", "expected keys and values"),
    (" by configured policy", ""),
];

fn syntax(file: &str, why: &serde_saphyr::Error) -> FileError {
    let place = why.location().map_or("the text".into(), |at| {
        format!("line {}, column {}", at.line(), at.column())
    });
    let message = why.without_snippet().to_string().replace('\n', " ");
    // The parser repeats the place at the end of most of its messages, and speaks to programmers.
    let mut problem = message
        .strip_suffix(&format!(" at {place}"))
        .unwrap_or(&message)
        .to_string();
    for (theirs, ours) in WORDING {
        problem = problem.replace(theirs, ours);
    }
    let remedy = "a network is plain YAML without anchors or aliases: correct it, \
                  or write the file anew with `isotropic convert`";
    FileError::Syntax {
        file: file.into(),
        place,
        problem,
        remedy,
    }
}

pub(crate) fn number(
    file: &str,
    place: impl Fn() -> String,
    text: &str,
) -> Result<Rational, FileError> {
    parse_exact(text).map_err(|why| FileError::number(file, place(), &why, "correct the number"))
}

struct Place<'a> {
    file: &'a str,
    layer: usize,
}

impl Place<'_> {
    fn of(&self, parameter: &str) -> String {
        format!("layer {}, {parameter}", self.layer)
    }

    fn refuse(&self, parameter: &str, found: &str, expected: &str, remedy: &str) -> FileError {
        FileError::content(self.file, self.of(parameter), found, expected, remedy)
    }

    fn layer(
        &self,
        described: &Described,
        rows: usize,
        columns: usize,
    ) -> Result<Layer<Rational>, FileError> {
        self.count("weight", described.weight.len(), "rows", rows)?;
        let mut entries =
            Vec::with_capacity(described.weight.len() * columns.min(described.weight[0].len()));
        for (i, row) in (1..).zip(&described.weight) {
            self.count(&format!("weight, row {i}"), row.len(), "numbers", columns)?;
            for (j, text) in (1..).zip(row) {
                entries.push(number(
                    self.file,
                    || self.of(&format!("weight, row {i}, column {j}")),
                    text,
                )?);
            }
        }
        let psi = match &described.psi {
            Some(_) if self.layer == 1 => {
                return Err(self.refuse("psi", "a value", "none in the first layer", "remove it"));
            }
            psi => psi
                .as_deref()
                .map(|psi| self.vector("psi", psi, rows))
                .transpose()?,
        };
        let bias = self.vector("bias", &described.bias, rows)?;
        Ok(Layer {
            weight: Matrix::from_row_iterator(rows, columns, entries),
            bias,
            psi,
        })
    }

    fn vector(
        &self,
        parameter: &str,
        texts: &[String],
        rows: usize,
    ) -> Result<Vector<Rational>, FileError> {
        self.count(parameter, texts.len(), "numbers", rows)?;
        let read = |(i, text): (usize, &String)| {
            number(
                self.file,
                || self.of(&format!("{parameter}, row {i}")),
                text,
            )
        };
        (1..)
            .zip(texts)
            .map(read)
            .collect::<Result<_, _>>()
            .map(Vector::from_vec)
    }

    /// A list has the length that `widths` announces, and is not empty.
    fn count(
        &self,
        parameter: &str,
        found: usize,
        unit: &str,
        width: usize,
    ) -> Result<(), FileError> {
        if found == width && width > 0 {
            return Ok(());
        }
        let expected = if width == 0 {
            "widths of at least 1".into()
        } else {
            format!("{width}, as widths says")
        };
        let remedy = "correct the widths or the list";
        Err(self.refuse(parameter, &format!("{found} {unit}"), &expected, remedy))
    }
}
