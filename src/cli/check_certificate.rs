//! `isotropic check-certificate`

use std::{fs, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{Failure, FileMeaning, Outcome, ScalarName, certify::subject, print, with_scalar};
use crate::{
    certificate::{Certificate, Check, check},
    io::FileError,
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
        let outcome =
            with_scalar!(scalar, S => check::<S>(&certificate, (&a, &of_a), (&b, &of_b)))?;
        let (text, outcome) = match outcome {
            Check::Valid(bound) => (
                format!(
                    "valid: |y - y'| <= {:.6e}, computed again as {bound:.6e}\n",
                    certificate.certified_bound
                ),
                Outcome::Done,
            ),
            Check::Invalid(why) => (format!("invalid: {why}\n"), Outcome::Refuted),
            Check::Unknown(why) => (format!("unknown: {why}\n"), Outcome::Unknown),
        };
        print(&text)?;
        Ok(outcome)
    }
}
