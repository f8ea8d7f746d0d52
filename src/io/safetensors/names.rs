//! The names of the tensors, and which of them a network has.

use std::collections::BTreeMap;

use super::{
    super::{FileError, error::shortened},
    header::{Element, Entry},
};

/// The kinds of tensors, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    IntrinsicLength,
    OConst,
    Bias,
    Psi,
    Weight,
}

impl Kind {
    const ALL: [Kind; 5] = [
        Kind::IntrinsicLength,
        Kind::OConst,
        Kind::Bias,
        Kind::Psi,
        Kind::Weight,
    ];

    fn affixes(self) -> (&'static str, &'static str) {
        match self {
            Kind::IntrinsicLength => ("activation.", ".intrinsic_length"),
            Kind::OConst => ("activation.", ".o_const"),
            Kind::Bias => ("bias_parameters.", ""),
            Kind::Psi => ("psi_parameters.", ""),
            Kind::Weight => ("weight_parameters.", ""),
        }
    }

    /// The tensor's name.
    pub fn name(self, index: usize) -> String {
        let (before, after) = self.affixes();
        format!("{before}{index}{after}")
    }

    fn parse(name: &str) -> Option<(Kind, usize)> {
        Kind::ALL.into_iter().find_map(|kind| {
            let (before, after) = kind.affixes();
            let index = name
                .strip_prefix(before)?
                .strip_suffix(after)?
                .parse()
                .ok()?;
            // Only the canonical spelling: `+1` and `01` parse as well.
            (kind.name(index) == name).then_some((kind, index))
        })
    }

    /// What stands before the name of a parameter: `module.` in `module.bias_parameters.0`.
    fn prefix(name: &str) -> Option<&str> {
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
        starts
            .filter(|&at| Kind::parse(&name[at..]).is_some())
            .map(|at| &name[..at])
            .next()
    }
}

/// The tensors of a network, complete and without gaps.
pub struct Tensors {
    found: BTreeMap<(Kind, usize), Entry>,
    /// L.
    pub depth: usize,
    /// What was stripped or left out.
    pub notes: Vec<String>,
}

/// Whether a name is of a pattern, in which `*` stands for any piece of text.
fn is_like(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            let ends = left.char_indices().map(|(at, _)| at).chain([left.len()]);
            ends.into_iter().any(|at| is_like(&left[at..], rest))
        }),
    }
}

/// The tensors without those to be ignored, and what to say about it.
fn without(
    file: &str,
    mut tensors: BTreeMap<String, Entry>,
    ignore: &[String],
) -> (BTreeMap<String, Entry>, Vec<String>) {
    let mut notes = vec![];
    for pattern in ignore {
        let before = tensors.len();
        tensors.retain(|name, _| !is_like(name, pattern));
        notes.push(match before - tensors.len() {
            0 => format!("{file}: no tensor is like `{}`", shortened(pattern)),
            1 => format!("{file}: 1 tensor like `{}` ignored", shortened(pattern)),
            count => format!(
                "{file}: {count} tensors like `{}` ignored",
                shortened(pattern)
            ),
        });
    }
    (tensors, notes)
}

/// The prefix that the names of all parameters share, as wrappers of modules add one.
fn shared_prefix(file: &str, tensors: &BTreeMap<String, Entry>) -> Result<String, FileError> {
    let mut prefixes = tensors.keys().filter_map(|name| Kind::prefix(name));
    let first = prefixes.next().unwrap_or("");
    match prefixes.find(|prefix| *prefix != first) {
        None => Ok(first.into()),
        Some(other) => Err(FileError::content(
            file,
            "the tensors",
            format!(
                "parameters under `{}` and under `{}`",
                shortened(first),
                shortened(other)
            ),
            "one network",
            "ignore the tensors of the other by a pattern",
        )),
    }
}

impl Tensors {
    /// Sorts the tensors of a file by kind, and sees that each kind is complete or absent. Names are judged before
    /// what the tensors hold.
    pub fn sort(
        file: &str,
        tensors: BTreeMap<String, Entry>,
        ignore: &[String],
    ) -> Result<Self, FileError> {
        let (tensors, mut notes) = without(file, tensors, ignore);
        let prefix = shared_prefix(file, &tensors)?;
        if !prefix.is_empty() {
            notes.push(format!(
                "{file}: all names of parameters begin with `{}`, which was stripped",
                shortened(&prefix)
            ));
        }
        let mut found = BTreeMap::new();
        for (name, entry) in tensors {
            let bare = name.strip_prefix(&prefix).unwrap_or(&name);
            let Some(key) = Kind::parse(bare) else {
                let known = Kind::ALL
                    .map(|kind| kind.name(0).replace('0', "{i}"))
                    .join(", ");
                let remedy = "rename it if it is a parameter, counted from 0; if it does not enter the function, as a counter or the state of an optimiser, have it ignored";
                return Err(FileError::content(
                    file,
                    "the tensors",
                    format!("`{}`", shortened(&name)),
                    known,
                    remedy,
                ));
            };
            if let Element::Other(dtype) = &entry.element {
                return Err(FileError::content(
                    file,
                    format!("tensor `{}`, dtype", shortened(&name)),
                    shortened(dtype),
                    "F16, BF16, F32 or F64",
                    "convert the tensor to float32 or float64 before saving",
                ));
            }
            found.insert(key, entry);
        }
        let numbered = |kind: Kind| {
            found
                .keys()
                .filter(move |(k, _)| *k == kind)
                .map(|(_, index)| *index)
        };
        // A missing weight must be seen as missing, not as a shallower network.
        let depth = numbered(Kind::Weight)
            .chain(numbered(Kind::Bias))
            .max()
            .map_or(1, |last| last.saturating_add(1));
        for kind in Kind::ALL {
            let wanted = match kind {
                Kind::Weight | Kind::Bias => depth,
                _ if numbered(kind).next().is_none() => continue,
                _ => depth - 1,
            };
            let count = numbered(kind).count();
            if let Some(extra) = numbered(kind).find(|&index| index >= wanted) {
                let expected = format!("{wanted} of its kind, as there are {depth} layers");
                let first = numbered(kind).min().unwrap_or(0);
                let remedy = if first > 0 && count <= wanted {
                    "number the tensors of each kind from 0: rename them, as each belongs to a layer"
                } else {
                    "save the tensors of one network"
                };
                return Err(refuse(
                    file,
                    &kind.name(extra),
                    "an extra tensor",
                    expected,
                    remedy,
                ));
            }
            if count < wanted {
                let missing = numbered(kind)
                    .zip(0..)
                    .find(|(index, at)| index != at)
                    .map_or(count, |(_, at)| at);
                let expected = format!("all of `{}` to `{}`", kind.name(0), kind.name(wanted - 1));
                return Err(refuse(
                    file,
                    &kind.name(missing),
                    "no such tensor",
                    expected,
                    "save all tensors again",
                ));
            }
        }
        if found.contains_key(&(Kind::IntrinsicLength, 0)) && found.contains_key(&(Kind::OConst, 0))
        {
            let expected = format!("only one of it and `{}`", Kind::IntrinsicLength.name(0));
            let remedy = "keep the one that the network computes with";
            return Err(refuse(
                file,
                &Kind::OConst.name(0),
                "both",
                expected,
                remedy,
            ));
        }
        Ok(Tensors {
            found,
            depth,
            notes,
        })
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Entry> {
        self.found.values()
    }

    /// The tensor of that kind and number, if the file has it.
    pub fn get(&self, kind: Kind, index: usize) -> Option<&Entry> {
        self.found.get(&(kind, index))
    }
}

fn refuse(
    file: &str,
    tensor: &str,
    found: &str,
    expected: String,
    remedy: &'static str,
) -> FileError {
    FileError::content(file, format!("tensor `{tensor}`"), found, expected, remedy)
}
