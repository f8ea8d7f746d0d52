//! Files: networks as safetensors or YAML, inputs as CSV.
//!
//! A network is read exactly, whatever it will be computed in: [`Stored`] holds rationals, and
//! [`Stored::network`] rounds each number once. Files are written wholly or not at all
//! ([`atomic::write`]).

pub mod atomic;
pub mod csv;
mod error;
pub mod images;
mod options;
mod precision;
pub mod safetensors;
pub mod shipped;
mod stored;
pub mod yaml;

use std::{fs, path::Path};

pub use error::FileError;
pub use options::{Dtype, LengthReading, LengthWriting, Numerals, ReadOptions, WriteOptions};
pub use stored::{Lengths, Stored};

use crate::{network::Network, scalar::Field};

/// Longer files are refused before they are read: 2³¹ parameters of 8 bytes and a header.
const LONGEST: u64 = (1 << 34) + 100_000_008;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Safetensors,
    Yaml,
}

/// Reads the network in a `.safetensors`, `.yaml` or `.yml` file.
///
/// # Errors
/// [`FileError`].
pub fn read_network(path: &Path, options: &ReadOptions) -> Result<Stored, FileError> {
    let file = path.display().to_string();
    let format = format_of(path)?;
    let bytes = read_bytes(path)?;
    match format {
        Format::Safetensors => safetensors::read(&file, &bytes, options),
        Format::Yaml => {
            if options.lengths.is_some() {
                return Err(no_such_option(
                    &file,
                    "--intrinsic-length",
                    "YAML holds o itself",
                ));
            }
            let text = std::str::from_utf8(&bytes).map_err(|why| {
                let place = format!("byte {}", why.valid_up_to());
                FileError::content(
                    &file,
                    place,
                    "bytes that are not UTF-8",
                    "text",
                    "save the file as UTF-8",
                )
            })?;
            yaml::read(&file, text, options)
        }
    }
}

/// Writes a network in the format of the path's extension, atomically.
///
/// # Errors
/// [`FileError`]; nothing has been written then.
pub fn write_network<S: Field>(
    path: &Path,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<(), FileError> {
    let file = path.display().to_string();
    check_writable(path, options)?;
    let bytes = match format_of(path)? {
        Format::Safetensors => safetensors::write(&file, network, options)?,
        Format::Yaml => yaml::write(&file, network, options)?.into_bytes(),
    };
    atomic::write(path, &bytes)
}

/// Whether [`write_network`] knows the extension and has the options asked for; worth asking before
/// a long computation.
///
/// # Errors
/// [`FileError::Content`].
pub fn check_writable(path: &Path, options: &WriteOptions) -> Result<(), FileError> {
    let file = path.display().to_string();
    match format_of(path)? {
        Format::Safetensors if options.numerals.is_some() => Err(no_such_option(
            &file,
            "--format",
            "safetensors hold binary numbers",
        )),
        Format::Yaml if options.dtype.is_some() => Err(no_such_option(
            &file,
            "--dtype",
            "YAML keeps the precision of --scalar",
        )),
        Format::Yaml if options.lengths.is_some() => {
            Err(no_such_option(&file, "--o", "YAML holds o itself"))
        }
        _ => Ok(()),
    }
}

/// Whether the extension says so.
pub(crate) fn is_safetensors(path: &Path) -> bool {
    matches!(format_of(path), Ok(Format::Safetensors))
}

fn no_such_option(file: &str, option: &str, why: &str) -> FileError {
    FileError::content(
        file,
        "the options",
        option,
        format!("none of that name for this format: {why}"),
        "leave it out",
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

fn read_bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let file = path.display().to_string();
    let refuse = |reason: std::io::Error| {
        FileError::access(&file, "read", &reason, "check the name and permissions")
    };
    let metadata = fs::metadata(path).map_err(refuse)?;
    if !metadata.is_file() {
        return Err(refuse(std::io::Error::other("it is not a regular file")));
    }
    if metadata.len() > LONGEST {
        let expected = format!("at most {LONGEST}");
        let found = format!("{} bytes", metadata.len());
        return Err(FileError::content(
            &file,
            "the length",
            found,
            expected,
            "use a smaller network",
        ));
    }
    fs::read(path).map_err(refuse)
}
