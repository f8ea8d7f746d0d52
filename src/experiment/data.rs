//! The data of the experiments: shipped, drawn, or read from a folder.

use std::path::Path;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    io::{FileError, images, shipped},
    learning,
    linalg::Matrix,
    network::gradient::Targets,
};

/// Inputs with a label each.
pub type Rows = learning::Data<f64>;

fn rows(x: Matrix<f64>, labels: Vec<usize>) -> Rows {
    Rows {
        x,
        targets: Targets::Labels(labels),
    }
}

/// What is learnt from, and what is held out.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// For tables.
    pub name: String,
    /// For training.
    pub train: Rows,
    /// For the accuracies.
    pub test: Rows,
    /// Number of classes.
    pub classes: usize,
}

impl Data {
    /// n_0.
    pub fn inputs(&self) -> usize {
        self.train.x.nrows()
    }
}

/// The shipped digits: 1437 rows for training, 360 for testing, pixels divided by 16.
///
/// # Errors
/// [`FileError`]; none with the file as shipped.
pub fn digits() -> Result<Data, FileError> {
    let all = shipped::digits::<f64>()?;
    let part = |range: std::ops::Range<usize>| {
        let part = all.rows(range);
        rows(part.x, part.labels.unwrap_or_default())
    };
    Ok(Data {
        name: "digits".into(),
        train: part(0..shipped::TEST_ROWS.start),
        test: part(shipped::TEST_ROWS),
        classes: 10,
    })
}

/// MNIST's four IDX files or CIFAR-10's six binary batches, whichever `folder` holds; pixels divided by 255.
///
/// # Errors
/// [`FileError`] for a folder that holds neither, or a damaged file.
pub fn folder(folder: &Path) -> Result<Data, FileError> {
    let found = images::read_folder(folder)?;
    let part = |images: images::Images| rows(images.matrix(), images.labels);
    Ok(Data {
        name: found.name.into(),
        train: part(found.train),
        test: part(found.test),
        classes: 10,
    })
}

/// Two-dimensional tasks with two classes, points uniform in the square of side 2 around 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// The sign of the product of the coordinates.
    Xor,
    /// Inside or outside of a disc of half the area.
    Disc,
    /// The fields of a 3 × 3 checkerboard.
    Checkerboard,
}

impl Plane {
    /// All three.
    pub const ALL: [Plane; 3] = [Plane::Xor, Plane::Disc, Plane::Checkerboard];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Plane::Xor => "XOR",
            Plane::Disc => "disc",
            Plane::Checkerboard => "3×3 checkerboard",
        }
    }

    /// The class of a point.
    pub fn label(self, x: f64, y: f64) -> usize {
        let inside = match self {
            Plane::Xor => (x > 0.0) != (y > 0.0),
            // Half of the square's area of 4: π ρ² = 2.
            Plane::Disc => x * x + y * y < 2.0 / std::f64::consts::PI,
            Plane::Checkerboard => {
                let field = |x: f64| ((x + 1.0) * 1.5).floor().clamp(0.0, 2.0) as usize;
                (field(x) + field(y)).is_multiple_of(2)
            }
        };
        usize::from(inside)
    }

    /// `train` points to learn from and `test` others, by the seed alone.
    pub fn data(self, train: usize, test: usize, seed: u64) -> Data {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = |count: usize| {
            let x = Matrix::from_fn(2, count, |_, _| rng.random_range(-1.0..1.0));
            let labels = x.column_iter().map(|p| self.label(p[0], p[1])).collect();
            rows(x, labels)
        };
        Data {
            name: self.name().into(),
            train: draw(train),
            test: draw(test),
            classes: 2,
        }
    }
}
