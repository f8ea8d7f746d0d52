//! Writing a network.

use std::iter;

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
    Ok(pieces(network, options).collect())
}

/// The same text in its order, a row of a matrix at a time.
pub(in crate::io) fn pieces<S: Field>(
    network: &Network<S>,
    options: &WriteOptions,
) -> impl Iterator<Item = String> {
    let numerals = options.numerals.unwrap_or(Numerals::Decimal);
    let layers = (1..).zip(network.layers()).flat_map(move |(l, layer)| {
        let rows = layer.weight.row_iter().map(move |row| {
            let entries = list(&mut row.iter(), numerals);
            format!("      - {entries}")
        });
        iter::once("  - weight:\n".into())
            .chain(rows)
            .chain(iter::once_with(move || beside(network, l, numerals)))
    });
    iter::once_with(move || head(network, numerals)).chain(layers)
}

fn head<S: Field>(network: &Network<S>, numerals: Numerals) -> String {
    let mut out = format!(
        "{OPENING}isotropic: 1\nwidths: {:?}\ngain: {}\n",
        network.widths(),
        network.gain().name()
    );
    if let Some(t) = network.gain().threshold() {
        out += &format!("threshold: {}\n", quoted(t, numerals));
    }
    out + "layers:\n"
}

/// What stands beside the weight of layer l.
fn beside<S: Field>(network: &Network<S>, l: usize, numerals: Numerals) -> String {
    let layer = network.layer(l);
    let mut out = format!("    bias: {}", list(&mut layer.bias.iter(), numerals));
    if let Some(psi) = &layer.psi {
        out += &format!("    psi: {}", list(&mut psi.iter(), numerals));
    }
    if network.has_lengths() && l < network.depth() {
        let o = quoted(&network.length_squared(l), numerals);
        out += &format!("    intrinsic_length_squared: {o}\n");
    }
    out
}

fn list<S: Field>(values: &mut dyn Iterator<Item = &S>, numerals: Numerals) -> String {
    let quoted: Vec<String> = values.map(|x| quoted(x, numerals)).collect();
    format!("[{}]\n", quoted.join(", "))
}

fn quoted<S: Field>(x: &S, numerals: Numerals) -> String {
    format!("\"{}\"", numeral(x, numerals))
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
