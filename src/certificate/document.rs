//! The certificate as YAML, with a digest of itself.
//!
//! ```yaml
//! isotropic-certificate: 1
//! a: {sha256: …, gain: tanh, widths: [64, 48, 32, 10]}   # the first file
//! b: {sha256: …, gain: tanh, widths: [64, 40, 32, 10]}
//! scalar: f64                  # the arithmetic that the files are evaluated in
//! ball: "2"                    # all ‖x‖ ≤ 2; or inputs: one text of numbers each
//! relation: embedded           # or unrelated; what proves the bound over a ball
//! maps:                        # z' ↦ E z' + β of hidden layers 1 … L-1
//!   - rows: ["0x1p+0 …", …]    # E; left out where it is the start of the identity
//!     shift: "0x0p+0 …"        # β
//! certified_bound: "0x1.8p-3"  # on ‖ŷ - ŷ'‖
//! function_bound: "0x1.7p-3"   # its part that is not rounding in the scalar
//! digest: …                    # SHA-256 of everything above this line
//! ```
//!
//! The digest shows an edit, not who made it: what makes a certificate true is that [`check`](super::check())
//! computes the bound again.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Region;
use crate::{
    bound::{Embedding, Map, Relation},
    io::{FileError, Stored},
    linalg::{Matrix, Vector},
    scalar::{
        Field, Mp, Rational,
        interval::{Endpoint, Toward},
        text::{hex, parse_exact},
    },
};

/// One of the two files, as a certificate names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// SHA-256 of the file.
    pub sha256: String,
    /// The gain it was read with.
    pub gain: String,
    /// Its widths.
    pub widths: Vec<usize>,
}

impl Subject {
    /// The subject that these bytes, read as this network, are.
    pub fn of(bytes: &[u8], stored: &Stored) -> Self {
        let gain = match stored.gain().threshold() {
            Some(t) => format!("{} {t}", stored.gain().name()),
            None => stored.gain().name().into(),
        };
        Subject {
            sha256: fingerprint(bytes),
            gain,
            widths: stored.widths(),
        }
    }
}

/// SHA-256 in hexadecimal.
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A claim and what proves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The first file.
    pub a: Subject,
    /// The second file.
    pub b: Subject,
    /// The arithmetic of the evaluations, by name.
    pub scalar: String,
    /// The inputs.
    pub region: Region,
    /// What relates the files.
    pub relation: Relation,
    /// The claim on ‖ŷ - ŷ'‖; one that was read is rounded down to an f64, ∞ if it is `unknown`.
    pub certified_bound: f64,
    /// The claim on the difference of the exact functions, likewise.
    pub function_bound: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "isotropic-certificate")]
    version: String,
    a: Subject,
    b: Subject,
    scalar: String,
    ball: Option<String>,
    inputs: Option<Vec<String>>,
    relation: String,
    maps: Option<Vec<DescribedMap>>,
    certified_bound: String,
    function_bound: String,
    #[allow(dead_code)]
    digest: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DescribedMap {
    rows: Option<Vec<String>>,
    shift: String,
}

const DIGEST: &str = "digest: ";

fn numbers<'a, S: Field>(values: impl Iterator<Item = &'a S>) -> String {
    let spelt: Vec<String> = values
        .map(|x| hex(x).unwrap_or_else(|| x.to_string()))
        .collect();
    format!("\"{}\"", spelt.join(" "))
}

impl Certificate {
    /// The text of the file.
    pub fn to_yaml(&self) -> String {
        let mut out = String::from("isotropic-certificate: 1\n");
        for (name, side) in [("a", &self.a), ("b", &self.b)] {
            out += &format!(
                "{name}: {{sha256: \"{}\", gain: \"{}\", widths: {:?}}}\n",
                side.sha256, side.gain, side.widths
            );
        }
        out += &format!("scalar: {}\n", self.scalar);
        match &self.region {
            Region::Ball(radius) => out += &format!("ball: \"{radius}\"\n"),
            Region::Inputs(inputs) => {
                out += "inputs:\n";
                for x in inputs {
                    out += &format!("  - {}\n", numbers(x.iter()));
                }
            }
        }
        match &self.relation {
            Relation::Unrelated => out += "relation: unrelated\n",
            Relation::Embedded(embedding) => {
                out += "relation: embedded\nmaps:";
                out += if embedding.maps.is_empty() {
                    " []\n"
                } else {
                    "\n"
                };
                for map in &embedding.maps {
                    out += &format!("  - shift: {}\n", numbers(map.shift.iter()));
                    if let Some(matrix) = &map.matrix {
                        out += "    rows:\n";
                        for row in matrix.row_iter() {
                            out += &format!("      - {}\n", numbers(row.iter()));
                        }
                    }
                }
            }
        }
        let claim = |x: &f64| hex(x).unwrap_or_else(|| "unknown".into());
        out += &format!("certified_bound: \"{}\"\n", claim(&self.certified_bound));
        out += &format!("function_bound: \"{}\"\n", claim(&self.function_bound));
        let digest = fingerprint(out.as_bytes());
        out + DIGEST + &digest + "\n"
    }

    /// Whether the digest in the text is that of the text above it; `None` if there is none.
    pub fn is_unedited(text: &str) -> Option<bool> {
        let at = text.rfind(&format!("\n{DIGEST}"))? + 1;
        let (above, line) = text.split_at(at);
        let stated = line.trim_end().strip_prefix(DIGEST)?;
        Some(stated == fingerprint(above.as_bytes()))
    }

    /// Reads a certificate; `file` is the name for messages. The digest is not judged here.
    ///
    /// # Errors
    /// [`FileError::Syntax`] or [`FileError::Content`].
    pub fn read(file: &str, text: &str) -> Result<Self, FileError> {
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_aliases: 0,
                max_anchors: 0,
                max_documents: 1,
                max_total_scalar_bytes: usize::MAX,
            },
            with_snippet: false,
        };
        let document: Document =
            serde_saphyr::from_str_with_options(text, options).map_err(|why| {
                FileError::Syntax {
                    file: file.into(),
                    place: "the certificate".into(),
                    problem: why.to_string().lines().next().unwrap_or_default().into(),
                    remedy: "use a certificate as it was written",
                }
            })?;
        let refuse = |place: &str, found: String, expected: &str| {
            FileError::content(
                file,
                place,
                found,
                expected,
                "use a certificate as it was written",
            )
        };
        if document.version != "1" {
            return Err(refuse(
                "isotropic-certificate, the version",
                document.version,
                "1",
            ));
        }
        let list = |place: &str, text: &str| -> Result<Vec<Rational>, FileError> {
            (text.split_whitespace())
                .map(parse_exact)
                .collect::<Result<_, _>>()
                .map_err(|why| refuse(place, why.to_string(), "numbers"))
        };
        let region = match (document.ball, document.inputs) {
            (Some(radius), None) => match parse_exact(&radius) {
                Ok(radius) if radius >= Rational::from(0) => Region::Ball(radius),
                _ => return Err(refuse("ball", radius, "a number, not negative")),
            },
            (None, Some(inputs)) if !inputs.is_empty() => {
                let inputs = inputs.iter().map(|x| list("inputs", x));
                Region::Inputs(inputs.collect::<Result<_, _>>()?)
            }
            _ => {
                return Err(refuse(
                    "the region",
                    "none or two".into(),
                    "a ball, or inputs",
                ));
            }
        };
        let wide = |q: &Rational| Mp::<256>::from_rational(q);
        let relation = match (document.relation.as_str(), document.maps) {
            ("unrelated", None) => Relation::Unrelated,
            ("embedded", Some(maps)) => {
                let mut read = vec![];
                for map in &maps {
                    let shift = list("shift", &map.shift)?.iter().map(wide).collect();
                    let matrix = match &map.rows {
                        None => None,
                        Some(rows) => Some(
                            matrix(
                                &rows
                                    .iter()
                                    .map(|row| list("rows", row))
                                    .collect::<Result<Vec<_>, _>>()?,
                            )
                            .ok_or_else(|| {
                                refuse("rows", "rows of unequal length".into(), "a matrix")
                            })?,
                        ),
                    };
                    read.push(Map {
                        matrix,
                        shift: Vector::from_vec(shift),
                    });
                }
                Relation::Embedded(Embedding { maps: read })
            }
            (other, _) => {
                return Err(refuse(
                    "relation",
                    other.into(),
                    "unrelated, or embedded with maps",
                ));
            }
        };
        // Downwards, not to nearest: an f64 is at most the claim exactly where it is at most the f64 below it, so that a
        // p/q just below what can be proved does not pass for it.
        let claim = |place: &str, text: &str| match parse_exact(text) {
            Ok(bound) => Ok(f64::from_rational_toward(&bound, Toward::Down)),
            Err(_) if text == "unknown" => Ok(f64::INFINITY),
            Err(why) => Err(refuse(place, why.to_string(), "a number")),
        };
        Ok(Certificate {
            certified_bound: claim("certified_bound", &document.certified_bound)?,
            function_bound: claim("function_bound", &document.function_bound)?,
            a: document.a,
            b: document.b,
            scalar: document.scalar,
            region,
            relation,
        })
    }
}

fn matrix(rows: &[Vec<Rational>]) -> Option<Matrix<Mp<256>>> {
    let columns = rows.first()?.len();
    rows.iter()
        .all(|row| row.len() == columns)
        .then(|| Matrix::from_fn(rows.len(), columns, |i, j| Mp::from_rational(&rows[i][j])))
}
