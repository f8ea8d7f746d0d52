//! The vectors of this version as they are in the program, so that a port can be judged from any folder.

use super::{
    folder::{self, Folder, MANIFEST},
    operation::Operation,
    schema,
};

/// The files of these operations.
pub fn read(operations: &[Operation]) -> Folder {
    let mut found = Folder::default();
    for &operation in operations {
        match folder::parse(operation.file()) {
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
        .map(|operation| (folder::file_name(operation), operation.file().into()))
        .collect();
    files.extend(schema::all());
    let manifest = include_str!("../../vectors/v1/MANIFEST.json");
    files.push((MANIFEST.into(), manifest.into()));
    files
}
