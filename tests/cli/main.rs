//! The command: exit codes, what goes where, and bad input of every kind.

mod bad_inputs;
mod bad_safetensors;
mod bad_yaml;
mod bounds;
mod certify;
#[path = "../it/support/command.rs"]
mod command;
mod console;
mod diff;
mod diff_cases;
mod diff_pairs;
mod diff_widths;
mod exact;
mod experiment;
mod gradient;
mod lost;
mod memory;
mod normalise;
mod people;
mod prune;
mod report;
mod resize_data;
mod results;
mod shards;
mod streams;
mod train;
mod train_images;
mod train_refused;
mod usage;
mod vectors;
mod verify;

use std::{fs, path::Path};

use command::{SMALL_YAML, isotropic, shipped, stderr, stdout};
use tempfile::TempDir;

const SMALL_NET: &str = "shipped.safetensors";

/// A folder with the small YAML network and one of the shipped ones.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.yaml"), SMALL_YAML).unwrap();
    fs::copy(
        shipped("digits-64-48-32-10.safetensors"),
        folder.path().join(SMALL_NET),
    )
    .unwrap();
    fs::copy(
        shipped("digits-64-128-96-10.safetensors"),
        folder.path().join("wide.safetensors"),
    )
    .unwrap();
    fs::write(folder.path().join("x.csv"), "a,b\n1,2\n-0.5,1/3\n").unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The command fails with code 2, one message that has all these parts, and no result.
fn refused(folder: &Path, arguments: &[&str], parts: &[&str]) {
    let before = names(folder);
    let output = isotropic(folder, arguments);
    // What the inputs are taken for may be said before something else is refused.
    let message: String = (stderr(&output).split_inclusive('\n'))
        .filter(|line| !line.contains("is a header of"))
        .collect();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(
        message.starts_with("isotropic: "),
        "{arguments:?}: {message}"
    );
    assert_eq!(message.lines().count(), 1, "one line: {message}");
    assert_eq!(stdout(&output), "", "{arguments:?}");
    for part in parts {
        assert!(
            message.contains(part),
            "{arguments:?}: `{part}` in {message}"
        );
    }
    assert_eq!(names(folder), before, "{arguments:?} left something behind");
}

/// The command succeeds; its standard output.
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = isotropic(folder, arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        stderr(&output)
    );
    stdout(&output)
}

/// A bad network: it is refused with these parts in the message, and an existing output stays.
fn bad_network(name: &str, bytes: &[u8], parts: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join(name), bytes).unwrap();
    fs::write(folder.join("out.yaml"), "precious").unwrap();
    let parts: Vec<&str> = parts.iter().copied().chain([name]).collect();
    refused(folder, &["info", name], &parts);
    refused(folder, &["convert", name, "out.yaml"], &parts);
    refused(folder, &["convert", name, "new.safetensors"], &parts);
    assert_eq!(fs::read(folder.join("out.yaml")).unwrap(), b"precious");
}
