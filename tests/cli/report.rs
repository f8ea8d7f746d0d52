//! Reports for people and build servers: they are written, and refused before any work.

use std::fs;

use crate::{SMALL_NET, command::shipped, done, folder, refused};

#[test]
fn verify_writes_a_page_a_junit_file_and_a_figure() {
    let folder = folder();
    let at = folder.path();
    // A name that a page, an attribute and a shell must each quote in their own way.
    let hostile = "<b onload='x'>&.yaml";
    fs::copy(at.join("small.yaml"), at.join(hostile)).unwrap();
    let run = [
        "verify",
        hostile,
        "--cases",
        "12",
        "--only",
        "A1,D2",
        "--bits",
        "256",
        "--report",
        "page.html",
        "--junit",
        "junit.xml",
        "--law",
        "law.svg",
    ];
    let text = done(at, &run);
    assert!(text.contains("4 verified"), "{text}");
    let page = fs::read_to_string(at.join("page.html")).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html><html lang=\"en\">"),
        "{page}"
    );
    assert!(
        page.contains("&lt;b onload='x'&gt;&amp;.yaml") && !page.contains("<b "),
        "{page}"
    );
    assert!(page.contains("id=\"network-1-spectrum-1\"") && page.contains("id=\"law-D2\""));
    let junit = fs::read_to_string(at.join("junit.xml")).unwrap();
    assert!(
        junit.contains("tests=\"2\" failures=\"0\" errors=\"0\""),
        "{junit}"
    );
    let law = fs::read_to_string(at.join("law.svg")).unwrap();
    assert!(
        law.starts_with("<svg viewBox=") && law.ends_with("</svg>\n"),
        "{law}"
    );
}

#[test]
fn bounds_writes_a_page_with_its_own_replay_line() {
    let folder = folder();
    let at = folder.path();
    fs::copy(shipped("digits.csv.gz"), at.join("digits.csv.gz")).unwrap();
    let run = [
        "bounds",
        SMALL_NET,
        "--inputs",
        "digits.csv.gz",
        "--divide",
        "16",
        "--rows",
        "1440..1443",
        "--neurons",
        "-3,-1",
        "--hidden",
        "2",
        "--report",
        "bounds.html",
    ];
    done(at, &run);
    let page = fs::read_to_string(at.join("bounds.html")).unwrap();
    let replay = "isotropic bounds shipped.safetensors --inputs digits.csv.gz --divide 16 --rows 1440..1443 \
                  --neurons=-3,-1 --hidden 2 --seed 1 --scalar f64";
    assert!(page.contains(&format!("<code>{replay}</code>")), "{page}");
    // The line is taken as it stands.
    let words: Vec<&str> = replay.split_whitespace().skip(1).collect();
    done(at, &words);
    assert!(page.contains("Hidden layer 2") && page.contains("id=\"layer-2-rules\""));
}

#[test]
fn refusals_come_before_any_work() {
    let folder = folder();
    let at = folder.path();
    for option in ["--report", "--junit", "--law"] {
        refused(
            at,
            &["verify", option, "none/file"],
            &["none/file", "folder that exists"],
        );
    }
    refused(
        at,
        &["verify", "--scaffold-threshold", "0"],
        &["--scaffold-threshold", "positive"],
    );
    refused(
        at,
        &["verify", "--scaffold-threshold", "nan"],
        &["--scaffold-threshold", "positive"],
    );
    refused(
        at,
        &[
            "bounds",
            "small.yaml",
            "--inputs",
            "x.csv",
            "--report",
            "none/b.html",
        ],
        &["none/b.html"],
    );
}

#[test]
fn prune_writes_a_page_with_what_it_said() {
    let folder = folder();
    let at = folder.path();
    fs::copy(shipped("digits.csv.gz"), at.join("digits.csv.gz")).unwrap();
    let data = [
        "--data",
        "digits.csv.gz",
        "--divide",
        "16",
        "--rows",
        "1637..1737",
    ];
    let run = [
        &["prune", SMALL_NET][..],
        &data,
        &[
            "--keep",
            "30%",
            "--held-out",
            "40",
            "--scalar",
            "f32",
            "-o",
            "cut.safetensors",
        ],
        &["--report", "prune.html"],
    ]
    .concat();
    let said = done(at, &run);
    let page = fs::read_to_string(at.join("prune.html")).unwrap();
    let first = said.lines().next().unwrap().replace("->", "-&gt;");
    assert!(page.contains(&format!("<li>{first}</li>")), "{first}");
    assert!(page.contains("chosen: ") && page.contains("id=\"tradeoff\""));
    let replay = format!("<code>isotropic {}</code>", run.join(" "));
    assert!(page.contains(&replay), "{replay}");
    refused(
        at,
        &[
            &["prune", SMALL_NET][..],
            &data,
            &["--report", "none/p.html"],
        ]
        .concat(),
        &["none/p.html"],
    );
}
