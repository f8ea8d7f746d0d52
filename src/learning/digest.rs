//! What data are, in a line: so that a training does not go on with others.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::Data;
use crate::{network::gradient::Targets, scalar::Field};

impl<S: Field> Data<S> {
    /// SHA-256 of the shape, the inputs (as doubles; in arithmetic of more bits as text, too) and the targets, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{} {}\n", self.x.nrows(), self.x.ncols()));
        update(&mut hash, self.x.as_slice());
        match &self.targets {
            Targets::Labels(labels) => {
                for label in labels {
                    hash.update((*label as u64).to_le_bytes());
                }
            }
            Targets::Values(values) => update(&mut hash, values.as_slice()),
        }
        let mut text = String::new();
        for byte in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

fn update<S: Field>(hash: &mut Sha256, x: &[S]) {
    let wide = S::precision().is_none_or(|bits| bits > 53);
    for x in x {
        hash.update(x.to_f64().to_bits().to_le_bytes());
        if wide {
            hash.update(format!("{x:?} "));
        }
    }
}
