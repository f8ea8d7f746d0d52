//! No result replaces an input of another kind or another result.

use std::fs;

use crate::{SMALL_NET, command::isotropic, done, folder, refused};

/// Refused, naming both, with every file as it was.
fn clash(arguments: &[&str], parts: &[&str]) {
    let folder = folder();
    let at = folder.path();
    for (name, text) in [
        ("m.csv", "mean,deviation\n0,1\n0,1\n"),
        ("d.csv", "1,2\n3,4\n5,6\n"),
    ] {
        fs::write(at.join(name), text).unwrap();
    }
    fs::create_dir(at.join("sub")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../small.yaml", at.join("sub/link.yaml")).unwrap();
    let before: Vec<_> = ["small.yaml", "x.csv", "m.csv", "d.csv"]
        .map(|name| fs::read(at.join(name)).unwrap())
        .into();
    refused(at, arguments, parts);
    let after: Vec<_> = ["small.yaml", "x.csv", "m.csv", "d.csv"]
        .map(|name| fs::read(at.join(name)).unwrap())
        .into();
    assert!(before == after, "{arguments:?}");
}

#[test]
fn results_that_would_replace_an_input() {
    let eval = ["eval", "small.yaml", "--inputs", "x.csv"];
    let with = |extra: &[&str], parts: &[&str]| clash(&[&eval[..], extra].concat(), parts);
    with(&["-o", "small.yaml"], &["-o would replace NET, small.yaml"]);
    with(&["-o", "./sub/../small.yaml"], &["-o would replace NET"]);
    #[cfg(unix)]
    with(&["-o", "sub/link.yaml"], &["-o would replace NET"]);
    with(&["-o", "x.csv"], &["-o would replace --inputs, x.csv"]);
    with(
        &["--standardise", "m.csv", "-o", "m.csv"],
        &["-o would replace --standardise"],
    );
    with(
        &["--standardise-from", "d.csv", "-o", "d.csv"],
        &["-o would replace --standardise-from"],
    );
    let resize = [
        "resize",
        "small.yaml",
        "--widths",
        "2,2,1",
        "-o",
        "out.yaml",
    ];
    let with = |extra: &[&str], parts: &[&str]| clash(&[&resize[..], extra].concat(), parts);
    with(
        &["--ball", "1", "--json", "small.yaml"],
        &["--json would replace NET"],
    );
    with(
        &["--ball", "1", "--certificate", "small.yaml"],
        &["--certificate would replace NET"],
    );
    with(
        &["--inputs", "x.csv", "--json", "x.csv"],
        &["--json would replace --inputs"],
    );
    with(
        &["--data", "d.csv", "--ball", "1", "--json", "d.csv"],
        &["--json would replace --data"],
    );
    let bounds = ["bounds", "small.yaml", "--inputs", "x.csv"];
    let with = |extra: &[&str], parts: &[&str]| clash(&[&bounds[..], extra].concat(), parts);
    with(&["--json", "small.yaml"], &["--json would replace NET"]);
    with(&["--report", "x.csv"], &["--report would replace --inputs"]);
    clash(
        &["verify", "small.yaml", "--junit", "small.yaml"],
        &["--junit would replace NET"],
    );
    clash(
        &["verify", "small.yaml", "--law", "small.yaml"],
        &["--law would replace NET"],
    );
    clash(
        &[
            "diff",
            "small.yaml",
            "small.yaml",
            "--ball",
            "1",
            "--json",
            "small.yaml",
        ],
        &["--json would replace A"],
    );
}

#[test]
fn results_that_would_replace_each_other() {
    let resize = ["resize", "small.yaml", "--widths", "2,2,1", "--ball", "1"];
    let with = |extra: &[&str], parts: &[&str]| clash(&[&resize[..], extra].concat(), parts);
    with(
        &["-o", "o.yaml", "--json", "o.yaml"],
        &["-o and --json are the same file, o.yaml"],
    );
    with(
        &["-o", "o.yaml", "--json", "./o.yaml"],
        &["-o and --json are the same file"],
    );
    with(
        &["-o", "o.yaml", "--certificate", "o.yaml"],
        &["-o and --certificate"],
    );
    with(
        &["-o", "o.yaml", "--json", "j", "--certificate", "sub/../j"],
        &["--json and --certificate"],
    );
    with(
        &["-o", "-", "--json", "-"],
        &["-o and --json are the same file, standard output"],
    );
    with(&["-o", "-", "--json", "/dev/stdout"], &["-o and --json"]);
    clash(
        &[
            "bounds",
            "small.yaml",
            "--inputs",
            "x.csv",
            "--json",
            "r",
            "--report",
            "r",
        ],
        &["--json and --report"],
    );
    clash(
        &["verify", "small.yaml", "--law", "r", "--report", "r"],
        &["--report and --law"],
    );
    clash(
        &["eval", "-", "--inputs", "-"],
        &["NET and --inputs are both standard input"],
    );
    // A certificate needs both files afterwards.
    with(
        &["-o", "small.yaml", "--certificate", "c"],
        &["--certificate is of two files"],
    );
    with(
        &["-o", "-", "--certificate", "c"],
        &["--certificate is of two files"],
    );
}

#[test]
fn a_network_may_replace_the_one_it_comes_from() {
    let folder = folder();
    let at = folder.path();
    let widths = [
        "resize",
        SMALL_NET,
        "--widths",
        "64,20,10,10",
        "-o",
        SMALL_NET,
        "--ball",
        "1",
    ];
    done(at, &widths);
    assert!(done(at, &["info", SMALL_NET]).starts_with("widths         64-20-10-10"));
    done(at, &["convert", "small.yaml", "small.yaml"]);
    // What goes nowhere meets nobody.
    let nowhere = [
        "resize",
        "small.yaml",
        "--widths",
        "2,2,1",
        "--ball",
        "1",
        "-o",
        "o.yaml",
    ];
    done(
        at,
        &[
            &nowhere[..],
            &["--json", "/dev/null", "--certificate", "/dev/null"],
        ]
        .concat(),
    );
    assert!(isotropic(at, &["info", "o.yaml"]).status.success());
}
