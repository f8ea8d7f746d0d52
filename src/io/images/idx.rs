//! MNIST's IDX files.

use super::wrong_length;
use crate::io::FileError;

/// Pixels of an image and all pixels, from the bytes of a file of images. `file` is the name for messages.
///
/// # Errors
/// [`FileError`] for another magic number, a length that is not what the head promises, or no images.
pub fn idx_images(file: &str, bytes: &[u8]) -> Result<(usize, Vec<u8>), FileError> {
    let [count, rows, columns] = head(file, bytes, 3, "images")?;
    let size = rows.checked_mul(columns);
    let total = size.and_then(|size| size.checked_mul(count));
    match (size, total) {
        (Some(size @ 1..), Some(total @ 1..)) => {
            body(file, bytes, 16, total).map(|pixels| (size, pixels))
        }
        _ => Err(FileError::content(
            file,
            "bytes 5 to 16",
            format!("{count} images of {rows} × {columns} pixels"),
            "at least one image of at least one pixel",
            "download the file again",
        )),
    }
}

/// The labels, from the bytes of a file of labels.
///
/// # Errors
/// [`FileError`] as for [`idx_images`], or for a label above 9.
pub fn idx_labels(file: &str, bytes: &[u8]) -> Result<Vec<usize>, FileError> {
    let [count, _, _] = head(file, bytes, 1, "labels")?;
    let labels = body(file, bytes, 8, count)?;
    if let Some(at) = labels.iter().position(|label| *label > 9) {
        return Err(FileError::content(
            file,
            format!("label {}", at + 1),
            labels[at].to_string(),
            "0 to 9",
            "download the file again",
        ));
    }
    Ok(labels.into_iter().map(usize::from).collect())
}

/// The numbers after the magic one; those that are not there are 1.
fn head(file: &str, bytes: &[u8], dimensions: u8, what: &str) -> Result<[usize; 3], FileError> {
    let magic = [0, 0, 8, dimensions];
    if !bytes.starts_with(&magic) {
        let found: Vec<String> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
        return Err(FileError::content(
            file,
            "the first four bytes",
            found.join(" "),
            format!("00 00 08 {dimensions:02x}, IDX {what} in bytes"),
            "use the file as it is downloaded",
        ));
    }
    let mut numbers = [1; 3];
    for (k, number) in numbers.iter_mut().take(usize::from(dimensions)).enumerate() {
        let at = 4 + 4 * k;
        let Some(&[a, b, c, d]) = bytes.get(at..at + 4) else {
            let expected = format!("a head of {} bytes", 4 + 4 * usize::from(dimensions));
            return Err(wrong_length(file, bytes.len(), &expected));
        };
        *number = u32::from_be_bytes([a, b, c, d]) as usize;
    }
    Ok(numbers)
}

/// What follows the head.
fn body(file: &str, bytes: &[u8], start: usize, length: usize) -> Result<Vec<u8>, FileError> {
    match bytes.get(start..) {
        Some(body) if body.len() == length => Ok(body.to_vec()),
        _ => {
            let expected = format!("{start} and {length}, as the head says");
            Err(wrong_length(file, bytes.len(), &expected))
        }
    }
}
