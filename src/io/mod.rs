//! Files: networks as safetensors or YAML, inputs as CSV or NumPy arrays, images as IDX or CIFAR-10 batches.
//!
//! A network is read exactly, whatever it will be computed in: [`Stored`] holds rationals, and
//! [`Stored::network`] rounds each number once. Files are written wholly or not at all
//! ([`atomic::write`]).

pub mod atomic;
mod error;
mod foreign;
mod form;
mod half;
pub mod images;
pub mod inputs;
mod lengths;
mod numbers;
mod options;
mod precision;
pub mod safetensors;
pub mod shipped;
pub mod source;
mod stored;
pub mod yaml;

use std::{borrow::Cow, path::Path};

pub use error::FileError;
pub use form::Form;
pub use lengths::Lengths;
pub(crate) use numbers::Numbers;
pub use options::{Dtype, LengthReading, LengthWriting, Numerals, ReadOptions, WriteOptions};
pub(crate) use stored::Held;
pub use stored::Stored;

use crate::{
    network::Network,
    remedy::{Choice, Remedy},
    scalar::Field,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Safetensors,
    Yaml,
}

/// Reads the network in a `.safetensors`, `.yaml` or `.yml` file, or in a stream (`-` is standard input), whose format
/// is told by how it begins.
///
/// # Errors
/// [`FileError`].
pub fn read_network(path: &Path, options: &ReadOptions) -> Result<Stored, FileError> {
    let file = source::name(path);
    let bytes = source::read(path)?;
    if let Some(found) = foreign::network(&bytes) {
        return Err(found.refuse(&file, "a network, as safetensors or YAML"));
    }
    let format = match format_of(path) {
        // A stream has no name that tells, and neither has a file that a shell opened.
        Err(_) if matches!(bytes, Cow::Borrowed(_)) || path.starts_with("/dev") => {
            format_of_stream(&bytes)
        }
        format => format?,
    };
    read_as(format, &file, &bytes, options)
}

/// A network that was written to a stream, read back.
#[cfg(feature = "cli")]
pub(crate) fn read_written(file: &str, bytes: &[u8]) -> Result<Stored, FileError> {
    read_as(
        format_of_stream(bytes),
        file,
        bytes,
        &ReadOptions::default(),
    )
}

/// The header of safetensors is a length and a JSON object; what else is readable is text.
fn format_of_stream(bytes: &[u8]) -> Format {
    match bytes.split_first_chunk::<8>() {
        Some((length, [b'{', ..])) if u64::from_le_bytes(*length) < 1 << 32 => Format::Safetensors,
        _ => Format::Yaml,
    }
}

fn read_as(
    format: Format,
    file: &str,
    bytes: &[u8],
    options: &ReadOptions,
) -> Result<Stored, FileError> {
    match format {
        Format::Safetensors => safetensors::read(file, bytes, options),
        Format::Yaml => {
            if !options.ignore.is_empty() {
                let why = "YAML has no other tensors";
                return Err(no_such_option(file, Choice::Ignore, why));
            }
            if options.lengths.is_some() {
                return Err(no_such_option(
                    file,
                    Choice::ReadLengths,
                    "YAML holds o itself",
                ));
            }
            let text = std::str::from_utf8(bytes).map_err(|why| {
                let place = format!("byte {}", why.valid_up_to());
                FileError::content(
                    file,
                    place,
                    "bytes that are not UTF-8",
                    "text",
                    "save the file as UTF-8",
                )
            })?;
            yaml::read(file, text, options)
        }
    }
}

/// A network as the bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// As [`write_network`] returns.
    pub notes: Vec<String>,
}

/// Writes a network in the format of the path's extension, atomically; to a stream (`-` is standard output) as YAML,
/// or as safetensors where an option is given that only those have. Returns what whoever asked should hear: numbers
/// that became 0, another form of o.
///
/// # Errors
/// [`FileError`]; nothing has been written then.
pub fn write_network<S: Field>(
    path: &Path,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<Vec<String>, FileError> {
    check_writable(path, options)?;
    if format_to_write(path, options)? == Format::Yaml {
        let mut pieces = yaml::pieces(network, options);
        atomic::write_by(path, |out| {
            pieces.try_for_each(|piece| out.write_all(piece.as_bytes()))
        })?;
        return Ok(vec![]);
    }
    let planned = safetensors::plan(&path.display().to_string(), network, options)?;
    atomic::write_by(path, |out| planned.write_to(out))?;
    Ok(planned.notes)
}

/// What [`write_network`] would write, read back: the network with its numbers rounded to the file's. Nothing is written.
///
/// # Errors
/// As [`write_network`].
pub fn as_written<S: Field>(
    path: &Path,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<Stored, FileError> {
    let (format, written) = encoded(path, network, options)?;
    let file = path.display().to_string();
    read_as(format, &file, &written.bytes, &ReadOptions::default())
}

/// What [`write_network`] would write, for a stream, from which it cannot be read back.
#[cfg(feature = "cli")]
pub(crate) fn network_bytes<S: Field>(
    path: &Path,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<Written, FileError> {
    Ok(encoded(path, network, options)?.1)
}

fn encoded<S: Field>(
    path: &Path,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<(Format, Written), FileError> {
    let file = path.display().to_string();
    check_writable(path, options)?;
    let format = format_to_write(path, options)?;
    let written = match format {
        Format::Safetensors => safetensors::write(&file, network, options)?,
        Format::Yaml => Written {
            bytes: yaml::write(&file, network, options)?.into_bytes(),
            notes: vec![],
        },
    };
    Ok((format, written))
}

fn format_to_write(path: &Path, options: &WriteOptions) -> Result<Format, FileError> {
    match format_of(path) {
        Err(_) if atomic::is_stream(path) => Ok(match (options.dtype, options.lengths) {
            (None, None) => Format::Yaml,
            _ => Format::Safetensors,
        }),
        format => format,
    }
}

/// Whether [`write_network`] knows the extension and has the options asked for; worth asking before
/// a long computation.
///
/// # Errors
/// [`FileError::Content`].
pub fn check_writable(path: &Path, options: &WriteOptions) -> Result<(), FileError> {
    let file = path.display().to_string();
    match format_to_write(path, options)? {
        Format::Safetensors if options.numerals.is_some() => Err(no_such_option(
            &file,
            Choice::Numerals,
            "safetensors hold binary numbers",
        )),
        Format::Yaml if options.dtype.is_some() => Err(no_such_option(
            &file,
            Choice::Dtype,
            "YAML keeps the precision of the arithmetic",
        )),
        Format::Yaml if options.lengths.is_some() => Err(no_such_option(
            &file,
            Choice::WriteLengths,
            "YAML holds o itself",
        )),
        _ => Ok(()),
    }
}

/// The format of the numbers that would be written there; `None` for YAML.
#[cfg(feature = "cli")]
pub(crate) fn dtype_written(path: &Path, options: &WriteOptions) -> Option<Dtype> {
    match format_to_write(path, options) {
        Ok(Format::Safetensors) => Some(safetensors::dtype(options)),
        _ => None,
    }
}

/// Whether the extension says so, or the path is a stream, which may be.
#[cfg(feature = "cli")]
pub(crate) fn may_be_safetensors(path: &Path) -> bool {
    source::is_standard(path) || !matches!(format_of(path), Ok(Format::Yaml))
}

fn no_such_option(file: &str, choice: Choice, why: &str) -> FileError {
    FileError::content(
        file,
        "the options",
        choice.to_string(),
        format!("no such choice for this format: {why}"),
        Remedy::LeaveOut(choice),
    )
}

fn format_of(path: &Path) -> Result<Format, FileError> {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("safetensors") => Ok(Format::Safetensors),
        Some("yaml" | "yml") => Ok(Format::Yaml),
        other => {
            let found = other.map_or("none".into(), |other| format!(".{other}"));
            let file = path.display().to_string();
            let expected = ".safetensors, .yaml or .yml";
            Err(FileError::content(
                &file,
                "the extension",
                found,
                expected,
                "rename the file",
            ))
        }
    }
}
