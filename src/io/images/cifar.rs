//! CIFAR-10's binary batches.

use super::{Images, wrong_length};
use crate::io::FileError;

/// Pixels of an image: three colours of 32 × 32.
const SIZE: usize = 3 * 32 * 32;

/// The images of the bytes of a batch. `file` is the name for messages.
///
/// # Errors
/// [`FileError`] for a length that is no multiple of 3073, no image, or a label above 9.
pub fn cifar10(file: &str, bytes: &[u8]) -> Result<Images, FileError> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(SIZE + 1) {
        return Err(wrong_length(
            file,
            bytes.len(),
            "a multiple of 3073, a label and 3072 pixels",
        ));
    }
    let mut images = Images {
        pixels: vec![],
        size: SIZE,
        labels: vec![],
    };
    for (record, row) in bytes.chunks_exact(SIZE + 1).zip(1..) {
        if record[0] > 9 {
            return Err(FileError::content(
                file,
                format!("the label of record {row}"),
                record[0].to_string(),
                "0 to 9",
                "use the binary version of CIFAR-10, as it is downloaded",
            ));
        }
        images.labels.push(usize::from(record[0]));
        images.pixels.extend(&record[1..]);
    }
    Ok(images)
}
