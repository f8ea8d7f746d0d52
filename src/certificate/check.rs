//! Checking a certificate from the two files alone.

use super::{Certificate, Region, Subject, certify};
use crate::{
    io::{FileError, Stored},
    network::Scalar,
};

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// The files are those of the certificate and its bound holds; the bound computed again.
    Valid(f64),
    /// Why it is not valid: edited, other files, or a claim below what can be proved.
    Invalid(String),
    /// Why nothing can be said.
    Unknown(String),
}

/// Computes the bound again from the files `a` and `b`, with the relation that the certificate names, in the
/// arithmetic `S`, which must be the certificate's. Its text has been found unedited
/// ([`Certificate::is_unedited`]).
///
/// # Errors
/// [`FileError`] for files that `S` cannot hold.
pub fn check<S: Scalar>(
    certificate: &Certificate,
    (a, of_a): (&Stored, &Subject),
    (b, of_b): (&Stored, &Subject),
) -> Result<Check, FileError> {
    for (name, stated, found, stored) in [
        ("first", &certificate.a, of_a, a),
        ("second", &certificate.b, of_b, b),
    ] {
        if let Some(what) = mismatch(stated, found) {
            let file = stored.file();
            return Ok(Check::Invalid(format!(
                "{file} is not the {name} file of the certificate: {what}"
            )));
        }
    }
    if !certificate.certified_bound.is_finite() || !certificate.function_bound.is_finite() {
        let why = "the certificate claims nothing: its bound overflowed";
        return Ok(Check::Unknown(why.into()));
    }
    let inputs = a.widths().first().copied().unwrap_or(0);
    if let Region::Inputs(list) = &certificate.region
        && let Some(at) = list.iter().position(|x| x.len() != inputs)
    {
        let found = list[at].len();
        return Ok(Check::Invalid(format!(
            "input {} has {found} entries, the networks take {inputs}",
            at + 1
        )));
    }
    let again = certify::<S>(a, b, &certificate.region, Some(&certificate.relation))?;
    let (bound, function) = (again.bound(), again.function);
    // Written so that a NaN is neither.
    if bound <= certificate.certified_bound && function <= certificate.function_bound {
        Ok(Check::Valid(bound))
    } else if bound.is_finite() {
        Ok(Check::Invalid(format!(
            "it claims {:e} ({:e} of it for the functions), and its relation proves {bound:e} ({function:e})",
            certificate.certified_bound, certificate.function_bound
        )))
    } else {
        Ok(Check::Unknown("its relation proves no finite bound".into()))
    }
}

fn mismatch(stated: &Subject, found: &Subject) -> Option<String> {
    if stated.sha256 != found.sha256 {
        Some(format!(
            "SHA-256 {}, expected {}",
            found.sha256, stated.sha256
        ))
    } else if stated.gain != found.gain {
        Some(format!(
            "read with the gain {}, expected {}; give the same options as when it was certified",
            found.gain, stated.gain
        ))
    } else if stated.widths != found.widths {
        Some(format!(
            "widths {:?}, expected {:?}",
            found.widths, stated.widths
        ))
    } else {
        None
    }
}
