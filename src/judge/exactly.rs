//! Magnitudes as text that gives the same bits again: hexadecimal, with exponents that no f64 has.

use rug::Float;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::scalar::{Field, Magnitude};

pub(super) fn serialize<S: Serializer>(x: &Magnitude, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&x.as_float().to_string_radix(16, None))
}

pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Magnitude, D::Error> {
    let text = String::deserialize(from)?;
    let bits = Magnitude::precision().unwrap_or(64);
    let parsed = Float::parse_radix(&text, 16).map_err(D::Error::custom)?;
    Ok(Magnitude::from_float(&Float::with_val(bits, parsed)))
}
