//! How o stands in a file that is written.

use rug::Float;

use super::super::names::Kind;
use crate::{
    io::{FileError, LengthWriting, WriteOptions, form::LengthForm, lengths::exponential},
    network::Network,
    remedy::Remedy,
    scalar::{Field, Rational},
};

/// Bits at which ln o is taken before it is rounded to the file's format.
const LOGARITHM_BITS: u32 = 192;

/// What stands for o in the file.
pub(super) struct WrittenLengths {
    pub kind: Kind,
    /// What `isotropic.intrinsic_length` says.
    pub meaning: Option<&'static str>,
    /// One for each hidden layer, or none.
    pub values: Vec<Rational>,
}

impl WrittenLengths {
    /// o as it was asked for, else in the form of the file that the network comes from: as ln o where that is the
    /// stored one or is rounded to nothing else, as o where ln o would have to be rounded or does not exist.
    pub fn of<S: Field>(
        file: &str,
        network: &Network<S>,
        options: &WriteOptions,
        notes: &mut Vec<String>,
    ) -> Result<Self, FileError> {
        let squared = |l| network.length_squared(l).to_rational().unwrap_or_default();
        let constant = |kind, meaning| WrittenLengths {
            kind,
            meaning,
            values: network.hidden().map(squared).collect(),
        };
        let inherited = options.like.as_ref().and_then(|form| form.lengths.as_ref());
        if !network.has_lengths() {
            return Ok(WrittenLengths {
                kind: Kind::OConst,
                meaning: None,
                values: vec![],
            });
        }
        match (options.lengths, inherited) {
            (Some(LengthWriting::Logarithm), _) => Ok(WrittenLengths {
                kind: Kind::IntrinsicLength,
                meaning: Some("log"),
                values: (network.hidden())
                    .map(|l| logarithm(file, l, &network.length_squared(l)))
                    .collect::<Result<_, _>>()?,
            }),
            (None, Some(LengthForm::Logarithm(stored))) => {
                let kept = stored.len() == network.hidden().len()
                    && (network.hidden().zip(stored))
                        .all(|(l, ln)| network.length_squared(l) == exponential::<S>(ln));
                if kept {
                    return Ok(WrittenLengths {
                        kind: Kind::IntrinsicLength,
                        meaning: Some("log"),
                        values: stored.clone(),
                    });
                }
                let zero = network
                    .hidden()
                    .any(|l| network.length_squared(l).is_zero());
                let why = if zero {
                    "o = 0 has no logarithm"
                } else {
                    "o has changed, and its logarithm would be rounded"
                };
                notes.push(format!(
                    "{file}: o is written as o_const and not as its logarithm: {why}"
                ));
                Ok(constant(Kind::OConst, None))
            }
            (None, Some(LengthForm::Squared)) => {
                Ok(constant(Kind::IntrinsicLength, Some("squared")))
            }
            (Some(LengthWriting::Constant), _) | (None, Some(LengthForm::Constant) | None) => {
                Ok(constant(Kind::OConst, None))
            }
        }
    }
}

fn logarithm<S: Field>(file: &str, l: usize, o: &S) -> Result<Rational, FileError> {
    let exact = o.to_rational().filter(|o| *o > Rational::from(0));
    let ln = exact.and_then(|o| Float::with_val(LOGARITHM_BITS, &o.0).ln().to_rational());
    ln.map(Rational).ok_or_else(|| {
        let place = format!("hidden layer {l}, intrinsic_length");
        FileError::content(
            file,
            place,
            format!("o = {o}"),
            "o > 0, to take its logarithm",
            Remedy::WriteSquared,
        )
    })
}
