//! Numbers as text: decimal, hexadecimal float and p/q, read exactly and written so that they
//! round-trip.

use rug::{Float, Integer, ops::Pow};
use thiserror::Error;

use super::{Field, Rational};

/// Exponents beyond this are refused: writing the number out exactly would take gigabytes.
const LARGEST_EXPONENT: i64 = 100_000;

/// Why a piece of text is not a number this crate accepts.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Not decimal, not hexadecimal floating point, not p/q.
    #[error("`{0}` is not a number; expected a decimal, a hex float (0x1.8p-3) or a ratio (p/q)")]
    Malformed(String),
    /// NaN or an infinity.
    #[error("`{0}` is not finite; only finite numbers are accepted")]
    NotFinite(String),
    /// p/0.
    #[error("`{0}` has a zero denominator")]
    ZeroDenominator(String),
    /// An exponent too large to write the number out exactly.
    #[error("`{0}` has an exponent beyond ±{LARGEST_EXPONENT}")]
    ExponentOutOfRange(String),
    /// Finite as written, infinite in the working scalar.
    #[error("`{text}` overflows {scalar}; use a wider arithmetic")]
    Overflow {
        /// The number as written.
        text: String,
        /// The scalar it was to be rounded to.
        scalar: String,
    },
}

/// Reads a number exactly: decimal (`-1.5e-3`), hex float (`0x1.8p-3`) or ratio (`22/7`).
///
/// # Errors
/// [`NumberError`] with the text as it was written, shortened if it is long.
pub fn parse_exact(text: &str) -> Result<Rational, NumberError> {
    let shown = || {
        let mut short: String = text.chars().take(40).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        short
    };
    let malformed = || NumberError::Malformed(shown());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    if ["nan", ".nan", "inf", ".inf", "infinity"].contains(&lower.as_str()) {
        return Err(NumberError::NotFinite(shown()));
    }
    let magnitude = if let Some((p, q)) = lower.split_once('/') {
        let p = digits(p, 10).ok_or_else(malformed)?;
        let q = digits(q, 10).ok_or_else(malformed)?;
        if q == 0 {
            return Err(NumberError::ZeroDenominator(shown()));
        }
        rug::Rational::from((p, q))
    } else {
        let (radix, digits_per_place, body, mark) = match lower.strip_prefix("0x") {
            Some(body) => (16, 4, body, 'p'),
            None => (10, 1, lower.as_str(), 'e'),
        };
        let (mantissa, exponent) = body.split_once(mark).unwrap_or((body, "0"));
        let figures = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if figures.is_empty() || !figures.bytes().all(|c| c.is_ascii_digit()) {
            return Err(malformed());
        }
        let exponent: i64 = exponent
            .parse()
            .map_err(|_| NumberError::ExponentOutOfRange(shown()))?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let places = fraction.len() as i64;
        let value = digits(&format!("{whole}{fraction}"), radix).ok_or_else(malformed)?;
        let power = exponent.saturating_sub(places * digits_per_place);
        if power.abs() > LARGEST_EXPONENT {
            return Err(NumberError::ExponentOutOfRange(shown()));
        }
        let base = if radix == 16 { 2u32 } else { 10 };
        let scale = Integer::from(base).pow(power.unsigned_abs() as u32);
        if power < 0 {
            rug::Rational::from((value, scale))
        } else {
            rug::Rational::from(value * scale)
        }
    };
    Ok(Rational(if text.starts_with('-') {
        -magnitude
    } else {
        magnitude
    }))
}

fn digits(text: &str, radix: i32) -> Option<Integer> {
    let valid = !text.is_empty() && text.chars().all(|c| c.is_digit(radix as u32));
    if valid {
        Integer::from_str_radix(text, radix).ok()
    } else {
        None
    }
}

/// Reads a number and rounds it once to the scalar.
///
/// # Errors
/// As [`parse_exact`], and [`NumberError::Overflow`] where the rounded value is infinite.
pub fn parse<S: Field>(text: &str) -> Result<S, NumberError> {
    if let Some(quickly) = short_decimal(text) {
        return Ok(quickly);
    }
    let rounded = S::from_rational(&parse_exact(text)?);
    if rounded.is_finite() {
        Ok(rounded)
    } else {
        Err(NumberError::Overflow {
            text: text.into(),
            scalar: S::name(),
        })
    }
}

/// Longer decimals than this are read exactly: what the limit on exponents says of them depends on all their digits.
const SHORT: usize = 64;

/// A short decimal without a detour over the rationals, which is nine tenths of reading a table; none for what is refused,
/// and for what may be -0, which a rational is not.
fn short_decimal<S: Field>(text: &str) -> Option<S> {
    let plain = |c: u8| c.is_ascii_digit() || matches!(c, b'.' | b'-' | b'+' | b'e' | b'E');
    let exponent = text.rsplit_once(['e', 'E']).map_or(0, |(_, e)| e.len());
    if text.len() > SHORT || exponent > 5 || !text.bytes().all(plain) {
        return None;
    }
    let value = S::from_decimal(text)?;
    let sure = value.is_finite() && !(value.is_zero() && text.starts_with('-'));
    sure.then_some(value)
}

/// The value as a hexadecimal float, `-0x1.8p-3`: exact for every binary float and every rational
/// whose denominator is a power of two; `None` for other rationals, NaN and infinities.
pub fn hex<S: Field>(x: &S) -> Option<String> {
    let Rational(q) = x.to_rational()?;
    let sign = if q < 0 { "-" } else { "" };
    let (numer, denom) = q.abs().into_numer_denom();
    if numer == 0 {
        return Some("0x0p+0".into());
    }
    let shift = denom.significant_bits() - 1;
    if denom != Integer::from(1) << shift {
        return None;
    }
    // Leading 1, then the fraction padded to whole hex digits.
    let bits = numer.significant_bits() - 1;
    let exponent = i64::from(bits) - i64::from(shift);
    let pad = (4 - bits % 4) % 4;
    let fraction = (numer - (Integer::from(1) << bits)) << pad;
    let places = ((bits + pad) / 4) as usize;
    let fraction = format!("{:0>places$}", fraction.to_string_radix(16));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() || places == 0 {
        String::new()
    } else {
        format!(".{fraction}")
    };
    Some(format!("{sign}0x1{point}p{exponent:+}"))
}

/// The shortest MPFR guarantees to read back as `x`, in scientific notation outside 10^±16.
pub(super) fn decimal(x: &Float) -> String {
    if !x.is_finite() || x.is_zero() {
        return if x.is_nan() {
            "NaN".into()
        } else if x.is_infinite() {
            if x.is_sign_negative() {
                "-inf".into()
            } else {
                "inf".into()
            }
        } else {
            "0".into()
        };
    }
    let (negative, digits, exponent) = x.to_sign_string_exp(10, None);
    // digits are 0.d₁d₂… × 10^exponent
    let exponent = i64::from(exponent.unwrap_or(0)) - 1;
    let digits = digits.trim_end_matches('0');
    let sign = if negative { "-" } else { "" };
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let point = if rest.is_empty() { "" } else { "." };
    if exponent == 0 {
        format!("{sign}{first}{point}{rest}")
    } else {
        format!("{sign}{first}{point}{rest}e{exponent}")
    }
}
