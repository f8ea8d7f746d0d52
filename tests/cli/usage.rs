//! Usage, unwritable outputs, and a reader that goes away.

use std::{
    fs,
    process::{Command, Stdio},
};

use crate::{SMALL_NET, command::stderr, done, folder, names, refused};

#[test]
fn widths_out_of_reach() {
    let folder = folder();
    for (widths, part) in [
        ("64,0,32,10", "at least one neuron"),
        ("64,48,32", "number of layers"),
        ("63,48,32,10", "input and output"),
        ("64,48,32,11", "input and output"),
        ("64,4000000000,32,10", "beyond reason"),
        (
            "64,18446744073709551615,18446744073709551615,10",
            "beyond reason",
        ),
        ("64,99999999999999999999,32,10", "a whole number"),
        ("64,-1,32,10", "'-1'"),
        ("-1", "'-1'"),
        ("64,x,32,10", "'x'"),
        ("", "--widths"),
    ] {
        refused(
            folder.path(),
            &["resize", SMALL_NET, "--widths", widths, "-o", "z.yaml"],
            &[part],
        );
    }
}

#[test]
fn usage_and_files() {
    let folder = folder();
    let at = folder.path();
    refused(
        at,
        &[],
        &["a command is missing", "eval", "verify", "--help"],
    );
    refused(at, &["frobnicate"], &["frobnicate"]);
    refused(
        at,
        &["info", "none.yaml"],
        &["none.yaml", "cannot read", "check the name"],
    );
    refused(
        at,
        &["info", "x.csv"],
        &["x.csv", ".csv", ".safetensors, .yaml or .yml"],
    );
    refused(
        at,
        &["info", "small.yaml", "--scalar", "mp100"],
        &["mp100", "mp256"],
    );
    refused(
        at,
        &["info", "small.yaml", "--scalar", "rational"],
        &["info", "--scalar f64"],
    );
    refused(
        at,
        &["info", "small.yaml", "--gain", "relu"],
        &["relu", "rational-tanh"],
    );
    refused(
        at,
        &["info", "small.yaml", "--threshold", "1/2"],
        &["small.yaml", "takes no threshold"],
    );
    refused(
        at,
        &["info", "small.yaml", "--intrinsic-length", "log"],
        &["small.yaml", "--intrinsic-length"],
    );
    refused(
        at,
        &[
            "eval", SMALL_NET, "--inputs", "x.csv", "--scalar", "rational",
        ],
        &[SMALL_NET, "tanh", "use f64 or mp256", "(--scalar, --gain)"],
    );
    refused(
        at,
        &["convert", "small.yaml", "out.txt"],
        &["out.txt", ".safetensors"],
    );
    refused(
        at,
        &["convert", "small.yaml", "out.yaml", "--dtype", "f32"],
        &["out.yaml", "--dtype"],
    );
    refused(
        at,
        &["convert", "small.yaml", "out.yaml", "--o", "log"],
        &["out.yaml", "--o"],
    );
    refused(
        at,
        &[
            "convert",
            "small.yaml",
            "out.safetensors",
            "--format",
            "hex",
        ],
        &["out.safetensors", "--format"],
    );
    refused(
        at,
        &["convert", "small.yaml", "no/out.yaml"],
        &["no/out.yaml", "cannot write", "folder that exists"],
    );
    refused(at, &["rotate", "small.yaml", "-o", "out.yaml"], &["--seed"]);
    refused(
        at,
        &[
            "diagonalise",
            "small.yaml",
            "--gauge",
            "full",
            "-o",
            "out.yaml",
        ],
        &["small.yaml", "hidden layer 2"],
    );
    // The inputs are read before anything is compared, and the output is tried before any work.
    refused(
        at,
        &["diff", "small.yaml", SMALL_NET, "--inputs", "none.csv"],
        &["none.csv", "cannot read"],
    );
    refused(
        at,
        &["eval", "none.yaml", "--inputs", "x.csv", "-o", "no/y.csv"],
        &["no/y.csv", "folder that exists"],
    );
    refused(
        at,
        &["info", "esc\u{1b}[31m\n.yaml"],
        &["esc\\u{1b}[31m\\n.yaml"],
    );
    refused(
        at,
        &[
            "info",
            "small.yaml",
            "--gain",
            "soft-threshold",
            "--threshold",
            "-1/2",
        ],
        &["the threshold", "-1/2", "above 0"],
    );
    refused(
        at,
        &[
            "info",
            "small.yaml",
            "--gain",
            "soft-threshold",
            "--threshold",
            "1e-60",
            "--scalar",
            "f32",
        ],
        &["the threshold", "1.000e-60", "range of f32"],
    );
    fs::create_dir(at.join("folder.yaml")).unwrap();
    refused(
        at,
        &["convert", "small.yaml", "folder.yaml"],
        &["folder.yaml", "not a regular file"],
    );
    refused(
        at,
        &["info", "folder.yaml"],
        &["folder.yaml", "not a regular file"],
    );
    for help in ["--help", "--version"] {
        assert!(done(at, &[help]).contains("isotropic"));
    }
}

#[test]
fn an_existing_file_is_replaced_whole_or_not_at_all() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("out.yaml"), "old").unwrap();
    done(at, &["convert", "small.yaml", "out.yaml"]);
    assert!(
        fs::read_to_string(at.join("out.yaml"))
            .unwrap()
            .contains("layers:")
    );
    assert_eq!(
        names(at).iter().filter(|name| name.contains("tmp")).count(),
        0
    );

    let mut permissions = fs::metadata(at.join("out.yaml")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(at.join("out.yaml"), permissions).unwrap();
    let before = fs::read(at.join("out.yaml")).unwrap();
    refused(
        at,
        &["convert", SMALL_NET, "out.yaml"],
        &["out.yaml", "write-protected", "another name"],
    );
    assert_eq!(fs::read(at.join("out.yaml")).unwrap(), before);
}

/// What the system allows to be written is written: long names, and links to files yet to be made.
#[cfg(unix)]
#[test]
fn unusual_names_of_outputs() {
    use std::os::unix::ffi::OsStrExt;

    let folder = folder();
    let at = folder.path();
    let long = format!("{}.yaml", "n".repeat(250));
    done(at, &["convert", "small.yaml", &long]);
    std::os::unix::fs::symlink("made.yaml", at.join("link.yaml")).unwrap();
    done(at, &["convert", "small.yaml", "link.yaml"]);
    assert!(at.join("link.yaml").is_symlink());
    assert!(at.join("made.yaml").is_file());
    done(at, &["convert", "small.yaml", "small.yaml"]);
    done(at, &["diff", "small.yaml", "made.yaml"]);
    let odd = std::ffi::OsStr::from_bytes(b"odd \xff name.yaml");
    fs::copy(at.join("small.yaml"), at.join(odd)).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_isotropic"))
        .arg("info")
        .arg(odd)
        .current_dir(at)
        .stdout(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder();
    let mut text = String::from("a,b\n");
    text += &"1,2\n".repeat(20_000);
    fs::write(folder.path().join("many.csv"), text).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_isotropic"))
        .args(["eval", "small.yaml", "--inputs", "many.csv"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        !stderr(&output).contains("isotropic:"),
        "{}",
        stderr(&output)
    );
}
