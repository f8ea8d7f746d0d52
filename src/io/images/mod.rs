//! Images with labels as users download them: MNIST's IDX files and CIFAR-10's binary batches.
//!
//! | format | file | bytes |
//! |---|---|---|
//! | IDX images | `train-images-idx3-ubyte`, `t10k-images-idx3-ubyte` | `00 00 08 03`, then the number of images, rows and columns as 32-bit big-endian integers, then the pixels, row by row |
//! | IDX labels | `train-labels-idx1-ubyte`, `t10k-labels-idx1-ubyte` | `00 00 08 01`, the number of labels, the labels |
//! | CIFAR-10 | `data_batch_1.bin` … `data_batch_5.bin`, `test_batch.bin` | records of a label and 3 × 32 × 32 pixels, the red, green and blue planes in turn |
//!
//! IDX files may be compressed by gzip, with `.gz` after their names, and may have a dot for the second hyphen
//! (`train-images.idx3-ubyte`), as some archives do.

mod cifar;
mod idx;

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;

pub use cifar::cifar10;
pub use idx::{idx_images, idx_labels};

use super::{FileError, source};
use crate::{linalg::Matrix, scalar::Field};

/// Images of one size with a label each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// Pixels from 0 to 255, image after image.
    pub pixels: Vec<u8>,
    /// Pixels of an image, colours included.
    pub size: usize,
    /// A class from 0 for each image.
    pub labels: Vec<usize>,
}

impl Images {
    /// Pixels divided by 255, one image a column: size × N.
    pub fn matrix<S: Field>(&self) -> Matrix<S> {
        let values: Vec<S> = (0..=255)
            .map(|pixel| S::from_int(pixel) / S::from_int(255))
            .collect();
        let entries = self.pixels.iter().map(|&p| values[usize::from(p)].clone());
        Matrix::from_iterator(self.size, self.labels.len(), entries)
    }

    /// [`Images::matrix`] for a network of these widths, n₀ to n_L.
    ///
    /// # Errors
    /// [`FileError`] if it takes another number of inputs, or has fewer outputs than the labels need. `file` is the name for
    /// messages.
    pub fn fitting<S: Field>(&self, file: &str, widths: &[usize]) -> Result<Matrix<S>, FileError> {
        let (inputs, outputs) = (widths.first().copied(), widths.last().copied());
        if let Some(inputs) = inputs.filter(|inputs| *inputs != self.size) {
            return Err(FileError::content(
                file,
                "the images",
                format!("{} pixels each", self.size),
                format!("{inputs}, the inputs of the network"),
                "use a network with an input for each pixel",
            ));
        }
        let largest = self.labels.iter().copied().max().unwrap_or(0);
        if let Some(outputs) = outputs.filter(|outputs| *outputs <= largest) {
            return Err(FileError::content(
                file,
                "the labels",
                format!("a label {largest}"),
                format!(
                    "0 to {}, the outputs of the network",
                    outputs.saturating_sub(1)
                ),
                "use a network with an output for each class",
            ));
        }
        Ok(self.matrix())
    }

    /// These images and then `more`, which are of the same size.
    fn append(&mut self, more: Images) {
        self.pixels.extend(more.pixels);
        self.labels.extend(more.labels);
    }
}

/// A data set as its folder has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFolder {
    /// `MNIST` or `CIFAR-10`.
    pub name: &'static str,
    /// For training.
    pub train: Images,
    /// For testing.
    pub test: Images,
}

/// No file of these formats is larger than this when unpacked.
const LARGEST: u64 = 1 << 34;

/// The names of CIFAR-10's batches for training.
const BATCHES: [&str; 5] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
];

/// Reads the folder of a downloaded data set: MNIST's four files, or CIFAR-10's six.
///
/// # Errors
/// [`FileError`]: neither is there, a file is missing or damaged, or labels and images do not go together.
pub fn read_folder(folder: &Path) -> Result<ImageFolder, FileError> {
    if find(folder, "train", "images-idx3").is_some() {
        return Ok(ImageFolder {
            name: "MNIST",
            train: read_idx(folder, "train")?,
            test: read_idx(folder, "t10k")?,
        });
    }
    if folder.join(BATCHES[0]).is_file() {
        let read = |name: &str| {
            let path = folder.join(name);
            cifar10(&path.display().to_string(), &source::read(&path)?)
        };
        let mut train = read(BATCHES[0])?;
        for name in &BATCHES[1..] {
            train.append(read(name)?);
        }
        return Ok(ImageFolder {
            name: "CIFAR-10",
            train,
            test: read("test_batch.bin")?,
        });
    }
    Err(FileError::content(
        &folder.display().to_string(),
        "the folder",
        "no data set",
        "train-images-idx3-ubyte and its three companions (MNIST), or data_batch_1.bin to data_batch_5.bin and \
         test_batch.bin (CIFAR-10, binary version)",
        "download and unpack one of them there",
    ))
}

/// The file of one part, by any of the names that it goes by.
fn find(folder: &Path, part: &str, what: &str) -> Option<PathBuf> {
    let hyphen = format!("{part}-{what}-ubyte");
    let dot = hyphen.replace("-idx", ".idx");
    let names = [hyphen.clone(), hyphen + ".gz", dot.clone(), dot + ".gz"];
    let paths = names.into_iter().map(|name| folder.join(name));
    paths.into_iter().find(|path| path.is_file())
}

fn read_idx(folder: &Path, part: &str) -> Result<Images, FileError> {
    let bytes = |what: &str| -> Result<(String, Vec<u8>), FileError> {
        let path = find(folder, part, what).ok_or_else(|| {
            FileError::content(
                &folder.display().to_string(),
                "the folder",
                format!("no {part}-{what}-ubyte"),
                "images and labels of both parts",
                "download the file that is missing",
            )
        })?;
        let file = path.display().to_string();
        let bytes = inflated(&file, source::read(&path)?.into_owned())?;
        Ok((file, bytes))
    };
    let (file, images) = bytes("images-idx3")?;
    let (size, pixels) = idx_images(&file, &images)?;
    let (file, labels) = bytes("labels-idx1")?;
    let labels = idx_labels(&file, &labels)?;
    let count = pixels.len() / size;
    if labels.len() != count {
        return Err(FileError::content(
            &file,
            "the labels",
            labels.len().to_string(),
            format!("{count}, one for each image"),
            "use the labels that belong to the images",
        ));
    }
    Ok(Images {
        pixels,
        size,
        labels,
    })
}

/// What gzip packed, or the bytes as they are.
fn inflated(file: &str, bytes: Vec<u8>) -> Result<Vec<u8>, FileError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = vec![];
    let mut reader = MultiGzDecoder::new(bytes.as_slice()).take(LARGEST);
    match reader.read_to_end(&mut plain) {
        Ok(_) => Ok(plain),
        Err(why) => Err(FileError::content(
            file,
            "the compressed bytes",
            why.to_string(),
            "a gzip file",
            "download the file again",
        )),
    }
}

/// A file whose length is not what its head promises.
fn wrong_length(file: &str, found: usize, expected: &str) -> FileError {
    FileError::content(
        file,
        "the length",
        format!("{found} bytes"),
        expected,
        "download the file again",
    )
}
