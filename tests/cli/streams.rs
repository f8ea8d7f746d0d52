//! `-`, /dev/stdout and pipes: read once, written to and never replaced.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::{
    SMALL_NET,
    command::{SMALL_YAML, isotropic, stderr, stdout},
    done, folder, refused,
};

/// The command with these bytes as standard input.
fn piped(folder: &Path, arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_isotropic"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses may not read.
    let _ = child.stdin.take().unwrap().write_all(bytes);
    child.wait_with_output().unwrap()
}

#[test]
fn standard_input_is_a_network_of_either_format() {
    let folder = folder();
    let at = folder.path();
    let tensors = fs::read(at.join(SMALL_NET)).unwrap();
    for (bytes, name) in [
        (SMALL_YAML.as_bytes(), "small.yaml"),
        (&tensors[..], SMALL_NET),
    ] {
        let read = piped(at, &["info", "-"], bytes);
        assert_eq!(
            stdout(&read),
            done(at, &["info", name]),
            "{}",
            stderr(&read)
        );
        let read = piped(at, &["info", "/dev/stdin"], bytes);
        assert_eq!(
            stdout(&read),
            done(at, &["info", name]),
            "{}",
            stderr(&read)
        );
    }
    // Read twice, for the network and for its digest; or as A and B, of which only one may be it.
    let read = piped(at, &["diff", "-", "small.yaml"], SMALL_YAML.as_bytes());
    assert!(stdout(&read).starts_with("agree"), "{}", stderr(&read));
    let read = piped(at, &["info", "-"], b"rubbish");
    assert!(
        stderr(&read).contains("standard input"),
        "{}",
        stderr(&read)
    );
    assert_eq!(read.status.code(), Some(2));
}

#[test]
fn standard_input_is_a_table() {
    let folder = folder();
    let at = folder.path();
    let expected = done(at, &["eval", "small.yaml", "--inputs", "x.csv"]);
    let table = fs::read(at.join("x.csv")).unwrap();
    let read = piped(at, &["eval", "small.yaml", "--inputs", "-"], &table);
    assert_eq!(stdout(&read), expected, "{}", stderr(&read));
    // Read as rationals for a check, and again in the working arithmetic.
    let arguments = ["compress", "small.yaml", "-o", "o.yaml", "--inputs", "-"];
    let read = piped(at, &arguments, &table);
    assert!(stdout(&read).contains("for 2 inputs"), "{}", stderr(&read));
    let read = piped(at, &["eval", "small.yaml", "--inputs", "-"], b"1,x\n");
    assert!(
        stderr(&read).contains("standard input: line 1"),
        "{}",
        stderr(&read)
    );
}

#[test]
fn networks_go_to_standard_output() {
    let folder = folder();
    let at = folder.path();
    let yaml = done(at, &["convert", SMALL_NET, "-"]);
    done(at, &["convert", SMALL_NET, "o.yaml"]);
    assert_eq!(yaml, fs::read_to_string(at.join("o.yaml")).unwrap());
    let tensors = isotropic(at, &["convert", SMALL_NET, "-", "--dtype", "f32"]).stdout;
    done(
        at,
        &["convert", SMALL_NET, "o.safetensors", "--dtype", "f32"],
    );
    assert_eq!(tensors, fs::read(at.join("o.safetensors")).unwrap());
    // Text is out of the way, and the bound is of the network that went out.
    let output = isotropic(at, &["compress", "small.yaml", "-o", "-", "--ball", "1"]);
    let network = stdout(&output);
    assert!(network.starts_with("# An isotropic network"), "{network}");
    assert!(!network.contains("certified") && stderr(&output).contains("certified bound"));
    let piped = piped(at, &["info", "-"], network.as_bytes());
    assert!(piped.status.success(), "{}", stderr(&piped));
    // JSON silences text.
    let json = done(
        at,
        &[
            "compress",
            "small.yaml",
            "-o",
            "o.yaml",
            "--ball",
            "1",
            "--json",
            "-",
        ],
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "verified");
    refused(
        at,
        &[
            "convert",
            "small.yaml",
            "-",
            "--dtype",
            "f32",
            "--format",
            "hex",
        ],
        &["--format"],
    );
}

/// What stands in a log is not lost, whichever way the log is opened.
#[cfg(unix)]
#[test]
fn streams_are_written_to_and_not_replaced() {
    let folder = folder();
    let at = folder.path();
    let rows = done(at, &["eval", "small.yaml", "--inputs", "x.csv"]);
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"] {
        let log = at.join("log");
        fs::write(&log, "precious\n").unwrap();
        let status = Command::new(env!("CARGO_BIN_EXE_isotropic"))
            .args(["eval", "small.yaml", "--inputs", "x.csv", "-o", name])
            .current_dir(at)
            .stdout(File::options().append(true).open(&log).unwrap())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{name}");
        assert_eq!(
            fs::read_to_string(&log).unwrap(),
            format!("precious\n{rows}"),
            "{name}"
        );
    }
    let output = isotropic(
        at,
        &[
            "eval",
            "small.yaml",
            "--inputs",
            "x.csv",
            "-o",
            "/dev/stderr",
        ],
    );
    assert!(stderr(&output).contains(&rows), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    // A pipe with a name.
    let pipe = at.join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let reader = Command::new("cat")
        .arg(&pipe)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    done(
        at,
        &["eval", "small.yaml", "--inputs", "x.csv", "-o", "pipe"],
    );
    assert_eq!(
        String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap(),
        rows
    );
    let mut writer = Command::new("cp")
        .args(["x.csv", "pipe"])
        .current_dir(at)
        .spawn()
        .unwrap();
    assert_eq!(done(at, &["eval", "small.yaml", "--inputs", "pipe"]), rows);
    assert!(writer.wait().unwrap().success());
    // Devices that never end are no files.
    refused(
        at,
        &["eval", "small.yaml", "--inputs", "/dev/zero"],
        &["/dev/zero", "not a regular file"],
    );
}
