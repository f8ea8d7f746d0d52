//! From what stands in a column of labels to classes.

use super::{
    super::{FileError, error::shortened},
    InputOptions,
    header::is_missing,
};
use crate::scalar::{
    Rational,
    text::{NumberError, parse_exact},
};

/// A label as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    Number(i64),
    Word(String),
}

/// Labels and where they stand, to be turned into classes when all are known.
#[derive(Debug, Default)]
pub struct Labels {
    found: Vec<Label>,
}

/// Labels as classes.
#[derive(Debug)]
pub struct Classified {
    /// The class of each, from 0.
    pub classes: Vec<usize>,
    /// The words of the classes, where labels are words.
    pub words: Vec<String>,
    /// What to say about them.
    pub notes: Vec<String>,
}

impl Labels {
    /// A cell; `1`, `1.0` and `1e0` are the same number.
    pub fn push(
        &mut self,
        file: &str,
        cell: &str,
        place: impl Fn() -> String,
    ) -> Result<(), FileError> {
        let refuse = |expected: &str, remedy: &'static str| {
            let found = format!("`{}`", shortened(cell));
            Err(FileError::content(file, place(), found, expected, remedy))
        };
        if is_missing(cell) {
            return refuse("a label", "complete or remove the row");
        }
        let label = match parse_exact(cell) {
            Ok(number) => match whole(&number) {
                Some(number) => Label::Number(number),
                None => return refuse("a non-negative integer or a word", "correct the label"),
            },
            Err(NumberError::Malformed(_)) => Label::Word(cell.into()),
            Err(_) => return refuse("a non-negative integer or a word", "correct the label"),
        };
        self.found.push(label);
        Ok(())
    }

    /// All of them as classes. `place` tells where the label of that number stands.
    pub fn classes(
        self,
        file: &str,
        options: &InputOptions,
        place: impl Fn(usize) -> String,
    ) -> Result<Classified, FileError> {
        match self.words(file, options, &place)? {
            Some(words) => {
                let class = |label: &Label| match label {
                    Label::Word(word) => words.binary_search(word).unwrap_or_default(),
                    Label::Number(_) => 0,
                };
                let classes = self.found.iter().map(class).collect();
                let listed: Vec<String> = (0..)
                    .zip(&words)
                    .map(|(class, word)| format!("{class} {}", shortened(word)))
                    .collect();
                let note = format!("labels in the order of their words: {}", listed.join(", "));
                Ok(Classified {
                    classes,
                    words,
                    notes: vec![note],
                })
            }
            None => Ok(Classified {
                classes: self.numbers(file, options, &place)?,
                words: vec![],
                notes: vec![],
            }),
        }
    }

    /// The different words in order, where labels are words.
    fn words(
        &self,
        file: &str,
        options: &InputOptions,
        place: impl Fn(usize) -> String,
    ) -> Result<Option<Vec<String>>, FileError> {
        let is_word = |label: &Label| matches!(label, Label::Word(_));
        let Some(first) = self.found.first().map(is_word) else {
            return Ok(None);
        };
        if let Some(at) = self.found.iter().position(|label| is_word(label) != first) {
            let (found, expected) = match &self.found[at] {
                Label::Word(word) => (
                    format!("the word `{}`", shortened(word)),
                    "a non-negative integer, as in the rows before",
                ),
                Label::Number(number) => (
                    format!("the number {number}"),
                    "a word, as in the rows before",
                ),
            };
            let remedy = "correct the label: all are numbers or all are words";
            return Err(FileError::content(file, place(at), found, expected, remedy));
        }
        if !first {
            return Ok(None);
        }
        if options.label_base.is_some() {
            return Err(FileError::content(
                file,
                "the labels",
                "words",
                "numbers, where a label base is given",
                "leave the label base out",
            ));
        }
        let mut words: Vec<String> = (self.found.iter())
            .filter_map(|label| match label {
                Label::Word(word) => Some(word.clone()),
                Label::Number(_) => None,
            })
            .collect();
        words.sort();
        words.dedup();
        match options.outputs {
            Some(outputs) if words.len() > outputs => Err(FileError::content(
                file,
                "the labels",
                format!("{} different words", words.len()),
                format!("at most {outputs}, one for each output"),
                "use the labels that belong to the network",
            )),
            _ => Ok(Some(words)),
        }
    }

    fn numbers(
        &self,
        file: &str,
        options: &InputOptions,
        place: impl Fn(usize) -> String,
    ) -> Result<Vec<usize>, FileError> {
        let base = options.label_base.unwrap_or(0);
        let numbers = || {
            self.found.iter().map(|label| match label {
                Label::Number(number) => *number,
                Label::Word(_) => 0,
            })
        };
        let mut classes = Vec::with_capacity(self.found.len());
        for (at, number) in numbers().enumerate() {
            let class = i128::from(number) - i128::from(base);
            let class = usize::try_from(class).ok();
            let fits = class.filter(|class| options.outputs.is_none_or(|n| *class < n));
            let Some(class) = fits else {
                let expected = match options.outputs {
                    Some(1) => format!("{base}, as the network has one output"),
                    Some(outputs) => format!(
                        "{base} … {}, as the network has {outputs} outputs",
                        i128::from(base) + outputs as i128 - 1
                    ),
                    None if base == 0 => "a non-negative integer".into(),
                    None => format!("{base} or more, the label base"),
                };
                let shifted = options.outputs.is_some_and(|outputs| {
                    base == 0
                        && numbers().min() == Some(1)
                        && numbers().max() == i64::try_from(outputs).ok()
                });
                let remedy = if shifted {
                    "the labels count from 1: read them with a label base of 1"
                } else {
                    "correct the label, or give the base that labels count from"
                };
                let found = format!("label {number}");
                return Err(FileError::content(file, place(at), found, expected, remedy));
            };
            classes.push(class);
        }
        Ok(classes)
    }
}

fn whole(number: &Rational) -> Option<i64> {
    number.0.is_integer().then(|| number.0.numer().to_i64())?
}
