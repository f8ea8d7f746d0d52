//! The reports in a real browser: the verdicts and the figures are there, and nothing overflows. Needs
//! chromium, so the tests are ignored by default: `make browser`.

#[path = "../it/support/command.rs"]
mod command;

use std::{fs, path::Path, process::Command};

use command::{SMALL_YAML, isotropic, shipped, stderr};
use serde_json::Value;

const DESKTOP: u32 = 1280;
const PHONE: u32 = 390;

/// Enough of them that no table of the report fits a phone.
const STATEMENTS: [&str; 9] = ["A1", "A4", "B1", "B2", "B3", "D2", "D4", "D7", "E1"];

/// Writes the four reports to a folder.
fn reports(folder: &Path) -> [String; 4] {
    fs::write(folder.join("small.yaml"), SMALL_YAML).unwrap();
    let network = shipped("digits-64-48-32-10.safetensors");
    let digits = shipped("digits.csv.gz");
    let statements = STATEMENTS.join(",");
    let verify = [
        "verify",
        "small.yaml",
        network.to_str().unwrap(),
        "--cases",
        "12",
        "--only",
        &statements,
        "--report",
        "verify.html",
    ];
    let bounds = [
        "bounds",
        network.to_str().unwrap(),
        "--inputs",
        digits.to_str().unwrap(),
        "--divide",
        "16",
        "--rows",
        "1437..1447",
        "--report",
        "bounds.html",
    ];
    let prune = [
        "prune",
        network.to_str().unwrap(),
        "--data",
        digits.to_str().unwrap(),
        "--divide",
        "16",
        "--rows",
        "1637..1737",
        "--keep",
        "30%",
        "-o",
        "cut.safetensors",
        "--report",
        "prune.html",
    ];
    let prove = ["prove", "--report", "theorems.html"];
    for arguments in [&verify[..], &bounds[..], &prune[..], &prove[..]] {
        let output = isotropic(folder, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    ["verify.html", "bounds.html", "prune.html", "theorems.html"]
        .map(|name| fs::read_to_string(folder.join(name)).unwrap())
}

/// Opens a page at a width and in a colour scheme, and returns what the probe found there. The page
/// stands in a frame, because a window cannot be made as narrow as a phone everywhere.
fn open(folder: &Path, html: &str, width: u32, dark: bool) -> Value {
    let probe = include_str!("probe.js");
    let probed = html.replace("</body>", &format!("<script>{probe}</script></body>"));
    let quoted = probed.replace('&', "&amp;").replace('"', "&quot;");
    // The frame's document has its parent's origin, so that the parent may read what the probe left.
    let frame = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><style>body{{margin:0}}</style>\
         <iframe style=\"width:{width}px;height:900px;border:0\" srcdoc=\"{quoted}\"></iframe>\
         <script>addEventListener('load', () => document.body.append(Object.assign(document.createElement('pre'), \
         {{id: 'found', textContent: document.querySelector('iframe').contentDocument.getElementById('probe').textContent}})))\
         </script>"
    );
    let page = folder.join("frame.html");
    fs::write(&page, frame).unwrap();
    let profile = tempfile::tempdir().unwrap();
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1400,1000",
            "--dump-dom",
        ])
        .arg(format!(
            "--blink-settings=preferredColorScheme={}",
            u8::from(!dark)
        ))
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium starts: install it, or name it in CHROMIUM");
    let dom = String::from_utf8_lossy(&output.stdout);
    let found = dom
        .rsplit_once("<pre id=\"found\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"));
    let Some((found, _)) = found else {
        panic!(
            "the probe left nothing: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let json = found
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    serde_json::from_str(&json).unwrap()
}

/// What is wrong with a page as a reader at that width sees it.
fn complaints(found: &Value, width: u32, dark: bool) -> Vec<String> {
    let mut wrong = vec![];
    // What the probe did not measure is -1, which no check lets pass.
    let number = |value: &Value| value.as_f64().unwrap_or(-1.0);
    if number(&found["width"]) != f64::from(width) {
        wrong.push(format!("opened at {}", found["width"]));
    }
    if number(&found["overflow"]) != 0.0
        || found["outside"]
            .as_array()
            .is_none_or(|list| !list.is_empty())
    {
        wrong.push(format!(
            "overflows by {}: {}",
            found["overflow"], found["outside"]
        ));
    }
    if (number(&found["page"]) < 0.5) != dark || (number(&found["text"]) < 0.5) == dark {
        wrong.push(format!("not {}", if dark { "dark" } else { "light" }));
    }
    for figure in found["figures"].as_array().into_iter().flatten() {
        let least = f64::from(width.min(PHONE)) * 0.7;
        if number(&figure["width"]) < least || number(&figure["height"]) < 0.6 * least {
            wrong.push(format!("a figure without size: {figure}"));
        }
        if figure["lines"].as_u64() < Some(1) || number(&figure["label"]) < 9.0 {
            wrong.push(format!(
                "a figure without lines or with tiny labels: {figure}"
            ));
        }
        // A variable that is not defined leaves a line without stroke.
        let inks = figure["inks"].as_array().map_or(0, Vec::len);
        if inks < 2 || figure["inks"].to_string().contains("none") {
            wrong.push(format!("a figure without its colours: {figure}"));
        }
    }
    wrong
}

#[test]
#[ignore = "needs chromium: make browser"]
fn verdicts_and_figures_are_seen_at_every_width_in_light_and_dark() {
    let folder = tempfile::tempdir().unwrap();
    let [verify, bounds, prune, theorems] = reports(folder.path());
    for (width, dark) in [
        (DESKTOP, false),
        (DESKTOP, true),
        (PHONE, false),
        (PHONE, true),
    ] {
        let found = open(folder.path(), &verify, width, dark);
        assert_eq!(
            complaints(&found, width, dark),
            [""; 0],
            "verify at {width}"
        );
        assert_eq!(found["heading"], "Verification report");
        let verdicts = found["verdicts"].as_array().unwrap();
        // The lead, three tables of statements, a section each; the evidence is folded away.
        assert_eq!(
            verdicts.len(),
            1 + (3 + 1) * STATEMENTS.len(),
            "{verdicts:?}"
        );
        assert!(verdicts.iter().all(|v| v == "✓ verified"), "{verdicts:?}");
        let ids: Vec<&str> = found["figures"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|f| f["id"].as_str())
            .collect();
        for id in [
            "precision-law",
            "law-A1",
            "law-D2",
            "network-2-spectrum-1",
            "network-2-removal-2",
        ] {
            assert!(ids.contains(&id), "{id} in {ids:?}");
        }

        let found = open(folder.path(), &bounds, width, dark);
        assert_eq!(
            complaints(&found, width, dark),
            [""; 0],
            "bounds at {width}"
        );
        assert_eq!(found["verdicts"][0], "✓ verified");
        assert!(found["figures"].as_array().unwrap().len() >= 4);

        let found = open(folder.path(), &prune, width, dark);
        assert_eq!(complaints(&found, width, dark), [""; 0], "prune at {width}");
        assert_eq!(found["figures"].as_array().unwrap().len(), 2);

        // Every proof unfolded: no formula may widen the page.
        let unfolded = theorems.replace("<details>", "<details open=\"open\">");
        for page in [&theorems, &unfolded] {
            let found = open(folder.path(), page, width, dark);
            assert_eq!(
                complaints(&found, width, dark),
                [""; 0],
                "theorems at {width}"
            );
            assert_eq!(found["heading"], "The theorems");
        }
    }
}

#[test]
#[ignore = "needs chromium: make browser"]
fn the_probe_sees_what_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let [good, ..] = reports(folder.path());
    let broken = [
        (
            "<h2",
            "<div style=\"width:600px\">too wide</div><h2",
            "overflows",
        ),
        (
            ".scroll{position:relative;overflow-x:auto",
            ".scroll{position:relative;overflow-x:visible",
            "overflows",
        ),
        // Text for screen readers in a wide table then hangs out of the table's frame, and widens the page.
        (".scroll{position:relative;", ".scroll{", "overflows"),
        (
            "figure svg{display:block;width:100%",
            "figure svg{display:block;width:0",
            "without size",
        ),
        ("--blue:#0b6aa8;", "", "without its colours"),
        (
            "prefers-color-scheme:dark",
            "prefers-color-scheme:none",
            "not dark",
        ),
    ];
    for (from, to, complaint) in broken {
        let page = good.replace(from, to);
        assert!(page != good, "nothing to break: {from}");
        let dark = complaint == "not dark";
        let found = complaints(&open(folder.path(), &page, PHONE, dark), PHONE, dark);
        assert!(
            found.iter().any(|wrong| wrong.contains(complaint)),
            "{from} → {to}: {found:?}"
        );
    }
}
