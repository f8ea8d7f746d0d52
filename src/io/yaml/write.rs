//! Writing a network.

use super::super::{FileError, Numerals, WriteOptions};
use crate::{
    network::Network,
    scalar::{Field, text},
};

const OPENING: &str =
    "# An isotropic network. Numbers are text (decimal, hex float or p/q) and read exactly.\n";

/// The YAML of the network, one row of a matrix a line; `file` is the name for messages.
///
/// # Errors
/// None so far: a network that is valid can be written. The signature is that of the other format.
pub fn write<S: Field>(
    _file: &str,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<String, FileError> {
    let numerals = options.numerals.unwrap_or(Numerals::Decimal);
    let quoted = |x: &S| format!("\"{}\"", numeral(x, numerals));
    let list = |values: &mut dyn Iterator<Item = &S>| {
        format!("[{}]\n", values.map(quoted).collect::<Vec<_>>().join(", "))
    };
    let mut out = String::from(OPENING);
    out += &format!(
        "isotropic: 1\nwidths: {:?}\ngain: {}\n",
        network.widths(),
        network.gain().name()
    );
    if let Some(t) = network.gain().threshold() {
        out += &format!("threshold: {}\n", quoted(t));
    }
    out += "layers:\n";
    for (l, layer) in (1..).zip(network.layers()) {
        out += "  - weight:\n";
        for row in layer.weight.row_iter() {
            out += "      - ";
            out += &list(&mut row.iter());
        }
        out += "    bias: ";
        out += &list(&mut layer.bias.iter());
        if let Some(psi) = &layer.psi {
            out += "    psi: ";
            out += &list(&mut psi.iter());
        }
        if network.has_lengths() && l < network.depth() {
            out += &format!(
                "    intrinsic_length_squared: {}\n",
                quoted(&network.length_squared(l))
            );
        }
    }
    Ok(out)
}

/// The number as text. Decimals of single precision are those of the same number in double, which
/// read back to it in both; rationals that are no hex float stay p/q.
fn numeral<S: Field>(x: &S, numerals: Numerals) -> String {
    let hex = match numerals {
        Numerals::Hex => text::hex(x),
        Numerals::Decimal => None,
    };
    let decimal = || match S::precision() {
        // The shortest decimal, with an exponent where plain Display would write hundreds of zeros.
        Some(bits) if bits <= 53 => format!("{:?}", x.to_f64()),
        _ => x.to_string(),
    };
    hex.unwrap_or_else(decimal)
}
