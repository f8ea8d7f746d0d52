//! The vectors of this version as they are in the program, so that a port can be judged from any folder.

use super::{
    folder::{self, Folder, MANIFEST},
    operation::Operation,
    schema,
};

const fn text(operation: Operation) -> &'static str {
    match operation {
        Operation::Harness => include_str!("../../vectors/v1/harness.json"),
        Operation::Gain => include_str!("../../vectors/v1/gain.json"),
        Operation::Activation => include_str!("../../vectors/v1/activation.json"),
        Operation::Jacobian => include_str!("../../vectors/v1/jacobian.json"),
        Operation::Forward => include_str!("../../vectors/v1/forward.json"),
        Operation::Batch => include_str!("../../vectors/v1/batch.json"),
        Operation::Rotate => include_str!("../../vectors/v1/rotate.json"),
        Operation::Left => include_str!("../../vectors/v1/left.json"),
        Operation::Full => include_str!("../../vectors/v1/full.json"),
        Operation::Alternate => include_str!("../../vectors/v1/alternate.json"),
        Operation::Triangular => include_str!("../../vectors/v1/triangular.json"),
        Operation::Grow => include_str!("../../vectors/v1/grow.json"),
        Operation::GrowWithBias => include_str!("../../vectors/v1/grow-with-bias.json"),
        Operation::Remove => include_str!("../../vectors/v1/remove.json"),
        Operation::Truncate => include_str!("../../vectors/v1/truncate.json"),
        Operation::Compress => include_str!("../../vectors/v1/compress.json"),
        Operation::Collapsed => include_str!("../../vectors/v1/collapsed.json"),
        Operation::Adapt => include_str!("../../vectors/v1/adapt.json"),
        Operation::OptimiserState => include_str!("../../vectors/v1/optimiser-state.json"),
        Operation::Import => include_str!("../../vectors/v1/import.json"),
        Operation::Invalid => include_str!("../../vectors/v1/invalid.json"),
    }
}

/// The files of these operations.
pub fn read(operations: &[Operation]) -> Folder {
    let mut found = Folder::default();
    for &operation in operations {
        match folder::parse(text(operation)) {
            Ok(file) => found.files.push(file),
            Err(why) => found.broken.push((folder::file_name(operation), why)),
        }
    }
    found
}

/// Every file of the folder, with its name from there: vectors, schemas, the manifest.
pub fn contents() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Operation::ALL
        .into_iter()
        .map(|operation| (folder::file_name(operation), text(operation).into()))
        .collect();
    files.extend(schema::all());
    let manifest = include_str!("../../vectors/v1/MANIFEST.json");
    files.push((MANIFEST.into(), manifest.into()));
    files
}
