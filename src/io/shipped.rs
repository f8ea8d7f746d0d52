//! The networks and the data that come with the crate: see `data/README.md`.

use std::ops::Range;

use super::{
    FileError, ReadOptions, Stored,
    inputs::{InputOptions, Inputs, read_bytes},
    safetensors,
};
use crate::scalar::Field;

/// Names and bytes of the two trained networks.
pub const NETWORKS: [(&str, &[u8]); 2] = [
    (
        "digits-64-48-32-10.safetensors",
        include_bytes!("../../data/digits-64-48-32-10.safetensors"),
    ),
    (
        "digits-64-128-96-10.safetensors",
        include_bytes!("../../data/digits-64-128-96-10.safetensors"),
    ),
];

const DIGITS: &[u8] = include_bytes!("../../data/digits.csv.gz");

/// The rows, from 0, that the networks were not trained on.
pub const TEST_ROWS: Range<usize> = 1437..1797;

/// The two trained networks.
///
/// # Errors
/// [`FileError`]; none with the files as shipped.
pub fn networks() -> Result<Vec<Stored>, FileError> {
    let read =
        |(name, bytes): (&str, &[u8])| safetensors::read(name, bytes, &ReadOptions::default());
    NETWORKS.into_iter().map(read).collect()
}

/// All 1797 digits, pixels divided by 16, with their labels.
///
/// # Errors
/// [`FileError`]; none with the file as shipped.
pub fn digits<S: Field>() -> Result<Inputs<S>, FileError> {
    let options = InputOptions {
        width: Some(64),
        outputs: Some(10),
        divide: Some("16".into()),
        ..InputOptions::default()
    };
    read_bytes("digits.csv.gz", DIGITS, &options)
}

/// The 360 digits of [`TEST_ROWS`].
///
/// # Errors
/// As [`digits`].
pub fn test_digits<S: Field>() -> Result<Inputs<S>, FileError> {
    Ok(digits()?.rows(TEST_ROWS))
}
