//! Reading a network.

use serde::{Deserialize, de::DeserializeOwned};
use serde_saphyr::options::MergeKeyPolicy;

use super::{
    super::{
        FileError, Lengths, ReadOptions, Stored,
        error::shortened,
        form::Form,
        numbers::{Numbers, Texts},
        stored::Held,
    },
    lists::{List, Rows},
};
use crate::scalar::{Rational, text::parse_exact};

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
    weight: Rows,
    bias: List,
    psi: Option<List>,
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
    pub(crate) fn stored(self, file: &str, options: &ReadOptions) -> Result<Stored, FileError> {
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
            (1..).zip(document.layers.into_iter().zip(document.widths.windows(2)))
        {
            let at = Place { file, layer: l };
            let length = described.intrinsic_length_squared.clone();
            layers.push(at.layer(described, widths[1], widths[0])?);
            match &length {
                Some(_) if l == depth => {
                    let remedy = "state it with the hidden layer that it belongs to";
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
        Stored::new(file, layers, gain, lengths, (Form::text(), vec![]))
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

    fn refuse(
        &self,
        parameter: &str,
        found: &str,
        expected: &str,
        remedy: &'static str,
    ) -> FileError {
        FileError::content(self.file, self.of(parameter), found, expected, remedy)
    }

    fn layer(&self, described: Described, rows: usize, columns: usize) -> Result<Held, FileError> {
        let Rows { numbers, lengths } = described.weight;
        self.count("weight", lengths.len(), "rows", rows)?;
        for (i, length) in (1..).zip(&lengths) {
            self.count(&format!("weight, row {i}"), *length, "numbers", columns)?;
        }
        self.check(&numbers, |at| {
            format!(
                "weight, row {}, column {}",
                at / columns + 1,
                at % columns + 1
            )
        })?;
        let psi = match described.psi {
            Some(_) if self.layer == 1 => {
                let remedy = "state it with the layer that it belongs to: psi_l is of layer l";
                return Err(self.refuse("psi", "a value", "none in the first layer", remedy));
            }
            psi => psi.map(|psi| self.vector("psi", psi, rows)).transpose()?,
        };
        Ok(Held {
            rows,
            columns,
            weight: Numbers::Text(numbers),
            bias: self.vector("bias", described.bias, rows)?,
            psi,
        })
    }

    fn vector(&self, parameter: &str, list: List, rows: usize) -> Result<Numbers, FileError> {
        self.count(parameter, list.0.len(), "numbers", rows)?;
        self.check(&list.0, |at| format!("{parameter}, row {}", at + 1))?;
        Ok(Numbers::Text(list.0))
    }

    /// Every piece of text is a number.
    fn check(&self, texts: &Texts, place: impl Fn(usize) -> String) -> Result<(), FileError> {
        for at in 0..texts.len() {
            number(self.file, || self.of(&place(at)), texts.get(at))?;
        }
        Ok(())
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
