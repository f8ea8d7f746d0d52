//! A name for a function.

use sha2::{Digest, Sha256};

use super::{decision::TooManyBits, exact::exact_invariants, network::ExactNetwork, scaling};

/// SHA-256 of the gain and the exact invariants, in hexadecimal: the same for a network and its rotated, grown and
/// absorbed copies over ℚ, whatever their hidden widths, and for 1/(1+r) and 1/√(1+r) for its scaled copies (B8), too.
/// Equal digests are equal functions; for tanh, of networks that are not constant, the other way round as well (B9).
///
/// # Errors
/// Those of [`exact_invariants`].
pub fn digest(network: &ExactNetwork) -> Result<String, TooManyBits> {
    let invariants = exact_invariants(network)?;
    let (invariants, form) = match scaling::of_gain(network.gain()) {
        Some(scaling) => (scaling::normalised(&invariants, scaling), "1 scaled"),
        None => (invariants, "1"),
    };
    let mut sha = Sha256::new();
    let gain = match network.gain().threshold() {
        Some(t) => format!("{} {t}", network.gain().name()),
        None => network.gain().name().into(),
    };
    sha.update(format!("isotropic invariants {form}\n{gain}\n"));
    for (n, exponent) in invariants.rational.gram.iter().zip(&invariants.exponents) {
        for j in 0..n.ncols() {
            for i in 0..=j {
                sha.update(format!("{} ", n[(i, j)]));
            }
        }
        let exponent = exponent.as_ref().map(ToString::to_string);
        sha.update(format!("exp {}\n", exponent.unwrap_or_default()));
    }
    for row in invariants.rational.output.row_iter() {
        for x in row.iter() {
            sha.update(format!("{x} "));
        }
        sha.update("\n");
    }
    let hex = |byte: &u8| format!("{byte:02x}");
    Ok(sha.finalize().iter().map(hex).collect())
}
