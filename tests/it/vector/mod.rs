//! The conformance vectors: sound, reproducible, passed by this crate, and failed by those whom they are for.

mod adapter;
mod faults;
mod folder;
mod hints;
mod judging;

use std::path::{Path, PathBuf};

use isotropic::vector::{
    Operation,
    case::{Case, VectorFile, Verdict},
    folder::read,
    judge::Reply,
};

/// The folder that comes with the crate.
fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/v1")
}

fn files(operations: &[Operation]) -> Vec<VectorFile> {
    let found = read(&shipped(), operations);
    assert!(found.broken.is_empty(), "{:?}", found.broken);
    assert_eq!(found.files.len(), operations.len());
    found.files
}

fn operation_of(case: &Case) -> Operation {
    let (name, _) = case.id.split_once('/').unwrap();
    Operation::from_name(name).unwrap()
}

/// What this crate answers.
fn own(case: &Case, precision: &str) -> Reply {
    let (operation, invalid) = (operation_of(case), case.result == Verdict::Invalid);
    match precision {
        "f64" => operation.reply::<f64>(&case.input, invalid),
        "f32" => operation.reply::<f32>(&case.input, invalid),
        other => panic!("{other}"),
    }
}
