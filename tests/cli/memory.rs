//! What a command asks of memory: 16 MB and four times the file, eight times where a factorisation is made.
//!
//! The system is asked to refuse more (`ulimit -d` counts what a process writes to, not the program itself), so a copy too
//! many ends the command.

#![cfg(target_os = "linux")]

use std::{fs, path::Path, process::Command};

use isotropic::{
    Gain, Layer, Network,
    io::{Dtype, WriteOptions, write_network},
    linalg::{Matrix, Vector},
};

/// Bytes that a process of this command needs for itself: tables and buffers, and a stack for each thread.
fn itself() -> u64 {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    4_000_000 + 2_200_000 * threads as u64
}

/// A network of 0.9 million numbers, in this format; the size of its file.
fn written(folder: &Path, name: &str, dtype: Dtype) -> u64 {
    let widths = [784, 512, 512, 512, 10];
    let mut state = 1u64;
    let mut number = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as f64 / f64::from(1 << 24) - 0.5
    };
    let layers = widths.windows(2).map(|pair| Layer {
        weight: Matrix::from_fn(pair[1], pair[0], |_, _| number() / 16.0),
        bias: Vector::from_fn(pair[1], |_, _| number()),
        psi: None,
    });
    let network = Network::new(layers.collect(), Gain::Tanh, None).expect("valid");
    let options = WriteOptions {
        dtype: Some(dtype),
        ..WriteOptions::default()
    };
    let path = folder.join(name);
    write_network(&path, &network, &options).expect("written");
    fs::metadata(&path).expect("it is there").len()
}

/// Whether the command does its work with so many bytes of memory that it writes to.
fn works_within(folder: &Path, bytes: u64, arguments: &str) -> bool {
    let program = env!("CARGO_BIN_EXE_isotropic");
    let script = format!("ulimit -d {} && exec {program} {arguments}", bytes / 1024);
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .output()
        .expect("the shell starts");
    output.status.success()
}

/// Commands, and how many times the file they may need.
const COMMANDS: [(&str, u64); 6] = [
    ("convert NET out.safetensors --dtype f32", 4),
    ("convert NET out.yaml", 4),
    ("rotate NET --seed 1 -o out.safetensors", 4),
    (
        "resize NET --widths 784,520,512,512,10 -o out.safetensors",
        4,
    ),
    ("diagonalise NET --gauge triangular -o out.safetensors", 8),
    ("diagonalise NET --gauge left -o out.safetensors", 8),
];

#[test]
fn a_command_holds_little_more_than_its_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, dtype) in [
        ("single.safetensors", Dtype::F32),
        ("double.safetensors", Dtype::F64),
    ] {
        let size = written(folder.path(), name, dtype);
        for (arguments, times) in COMMANDS {
            let arguments = arguments.replace("NET", name);
            assert!(
                works_within(folder.path(), itself() + times * size, &arguments),
                "{arguments}: more than {times} × {size} bytes"
            );
        }
    }
}

/// The limit is one: with less than the numbers themselves nothing works.
#[test]
fn control_too_little_memory_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let size = written(folder.path(), "double.safetensors", Dtype::F64);
    for (arguments, _) in COMMANDS {
        let arguments = arguments.replace("NET", "double.safetensors");
        assert!(
            !works_within(folder.path(), size, &arguments),
            "{arguments}"
        );
    }
}
