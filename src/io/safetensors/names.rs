//! The names of the tensors, and which of them a network has.

use std::collections::BTreeMap;

use super::{
    super::{FileError, error::shortened},
    header::Entry,
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
}

/// The tensors of a network, complete and without gaps.
pub struct Tensors {
    found: BTreeMap<(Kind, usize), Entry>,
    /// L.
    pub depth: usize,
}

impl Tensors {
    /// Sorts the tensors of a file by kind, and sees that each kind is complete or absent.
    pub fn sort(file: &str, tensors: BTreeMap<String, Entry>) -> Result<Self, FileError> {
        let mut found = BTreeMap::new();
        for (name, entry) in tensors {
            let Some(key) = Kind::parse(&name) else {
                let known = Kind::ALL
                    .map(|kind| kind.name(0).replace('0', "{i}"))
                    .join(", ");
                let remedy = "rename or remove the tensor";
                return Err(FileError::content(
                    file,
                    "the tensors",
                    format!("`{}`", shortened(&name)),
                    known,
                    remedy,
                ));
            };
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
                return Err(refuse(
                    file,
                    &kind.name(extra),
                    "an extra tensor",
                    expected,
                    "remove it",
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
            let remedy = "keep the one that the network uses";
            return Err(refuse(
                file,
                &Kind::OConst.name(0),
                "both",
                expected,
                remedy,
            ));
        }
        Ok(Tensors { found, depth })
    }

    /// The tensor of that kind and number, if the file has it.
    pub fn get(&self, kind: Kind, index: usize) -> Option<&Entry> {
        self.found.get(&(kind, index))
    }
}

fn refuse(file: &str, tensor: &str, found: &str, expected: String, remedy: &str) -> FileError {
    FileError::content(file, format!("tensor `{tensor}`"), found, expected, remedy)
}
