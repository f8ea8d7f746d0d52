//! `isotropic check-certificate`

use std::{fs, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{
    Failure, FileMeaning, Outcome, ScalarName,
    certify::{OUR_FAULT, place, subject},
    print, remark, with_scalar,
};
use crate::{
    Scalar,
    certificate::{Certificate, Check, Region, check, observe},
    io::{FileError, Stored},
    judge::Verdict,
    scalar::Rational,
};

/// Check a certificate against the two networks it is for; exit 0 valid, 1 not, 3 unknown.
///
/// The bound is computed again from the files; nothing in the certificate is believed.
#[derive(Debug, Args)]
pub(crate) struct CheckCertificate {
    /// Certificate, from --certificate
    #[arg(value_name = "FILE")]
    certificate: PathBuf,
    /// The first network (.safetensors, .yaml)
    #[arg(value_name = "A")]
    a: PathBuf,
    /// The second network (.safetensors, .yaml)
    #[arg(value_name = "B")]
    b: PathBuf,
    #[command(flatten)]
    meaning: FileMeaning,
}

impl CheckCertificate {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let file = self.certificate.display().to_string();
        let text = fs::read_to_string(&self.certificate).map_err(|reason| {
            FileError::access(&file, "read", &reason, "check the name and permissions")
        })?;
        match Certificate::is_unedited(&text) {
            None => {
                return Err(FileError::content(
                    &file,
                    "the last line",
                    "no digest",
                    "a certificate",
                    "use a file that --certificate wrote",
                )
                .into());
            }
            Some(false) => {
                print("invalid: the certificate was edited: its digest is not that of its text\n")?;
                return Ok(Outcome::Refuted);
            }
            Some(true) => {}
        }
        let certificate = Certificate::read(&file, &text)?;
        let Ok(scalar) = ScalarName::from_str(&certificate.scalar, true) else {
            return Err(FileError::content(
                &file,
                "scalar",
                certificate.scalar,
                "f32, f64, mp64 … mp1024 or rational",
                "use a file that --certificate wrote",
            )
            .into());
        };
        let (a, b) = (self.meaning.read(&self.a)?, self.meaning.read(&self.b)?);
        let (of_a, of_b) = (subject(&self.a, &a)?, subject(&self.b, &b)?);
        let (outcome, seen) = with_scalar!(scalar, S => {
            let outcome = check::<S>(&certificate, (&a, &of_a), (&b, &of_b))?;
            let seen = match outcome {
                Check::Valid(_) => Some(Seen::of::<S>(&certificate.region, &a, &b)?),
                Check::Invalid(_) | Check::Unknown(_) => None,
            };
            Ok::<_, FileError>((outcome, seen))
        })?;
        let (text, outcome) = match (outcome, seen) {
            // Exact arithmetic cannot evaluate every gain, and there is nothing that speaks against the bound.
            (Check::Valid(bound), Some(seen)) if seen.difference.is_nan() => {
                (valid(&certificate, bound, &seen), Outcome::Done)
            }
            (Check::Valid(bound), Some(seen)) => match observe::judge(bound, seen.difference) {
                Verdict::Verified => (valid(&certificate, bound, &seen), Outcome::Done),
                Verdict::Refuted => {
                    remark(OUR_FAULT);
                    let text = format!(
                        "refuted: |y - y'| is {:.6e} at an input of the region, where {bound:.6e} is certified\n",
                        seen.difference
                    );
                    (text, Outcome::Refuted)
                }
                Verdict::Unknown => ("unknown: a number is not finite\n".into(), Outcome::Unknown),
            },
            (Check::Valid(_), None) => {
                ("unknown: nothing was evaluated\n".into(), Outcome::Unknown)
            }
            (Check::Invalid(why), _) => (format!("invalid: {why}\n"), Outcome::Refuted),
            (Check::Unknown(why), _) => (format!("unknown: {why}\n"), Outcome::Unknown),
        };
        print(&text)?;
        Ok(outcome)
    }
}

/// What the networks do at inputs of the region.
struct Seen {
    /// The largest ‖ŷ - ŷ'‖ found.
    difference: f64,
    /// How far apart two outputs of the first network were seen to be.
    spread: f64,
}

impl Seen {
    fn of<S: Scalar>(region: &Region, a: &Stored, b: &Stored) -> Result<Self, FileError> {
        let (a, b) = (a.network::<S>()?, b.network::<S>()?);
        Ok(match region {
            Region::Ball(radius) => Seen {
                difference: observe::search((&a, &b), radius),
                spread: observe::spread(&a, radius),
            },
            Region::Inputs(inputs) => {
                let round = |x: &Vec<Rational>| x.iter().map(S::from_rational).collect();
                let inputs: Vec<Vec<S>> = inputs.iter().map(round).collect();
                Seen {
                    difference: observe::largest((&a, &b), &inputs),
                    spread: observe::spread_at(&a, &inputs),
                }
            }
        })
    }
}

/// What a certificate that holds says, of what, and on which assumptions.
fn valid(certificate: &Certificate, bound: f64, seen: &Seen) -> String {
    let scalar = &certificate.scalar;
    let order = match &certificate.region {
        Region::Ball(_) => "sums taken in any order, fused or not",
        Region::Inputs(_) => {
            "sums taken in the order of this program: over j, then b, then the part of psi"
        }
    };
    let claim = certificate.certified_bound;
    let mut text = format!(
        "valid: |y - y'| <= {claim:.6e} for {}, computed again as {bound:.6e}\n  \
         y and y' are the outputs of the two files as this program evaluates them in {scalar}, {order}; |.| is the \
         Euclidean norm\n  of it the exact functions of the numbers in the files: {:.6e}\n  largest difference seen there: \
         {:.6e}\n",
        place(&certificate.region),
        certificate.function_bound,
        seen.difference,
    );
    text += &if seen.spread == 0.0 {
        "  outputs of the first network were not seen to differ there\n".into()
    } else if claim < seen.spread {
        format!(
            "  outputs of the first network differ by {:.3e} there: the bound is {:.3e} times that\n",
            seen.spread,
            claim / seen.spread
        )
    } else {
        format!(
            "  outputs of the first network were seen to differ by {:.3e} there: the bound is no better than their range, \
             and does not tell the two networks from unrelated ones\n",
            seen.spread
        )
    };
    text
}
