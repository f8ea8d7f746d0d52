//! Ports that misbehave: named, counted as failed, and the rest still judged.
#![cfg(unix)]

use std::{
    fs,
    time::{Duration, Instant},
};

use isotropic::vector::{
    Operation,
    adapter::{PATIENCE, Port},
    judge::Outcome,
    report::Report,
};

use super::files;

/// Asks a shell script for the harness cases. The script sees each line as `$line`, its id as `$id`, how
/// many lines it has had as `$n`, and can call `right` for the right answer.
fn ask(body: &str, timeout: f64) -> (Report, Duration) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("port.sh");
    let script = format!(
        r#"right() {{ x=${{line#*\"x\":}}; x=${{x%%]*}}]; echo "{{\"id\":\"$id\",\"outputs\":{{\"x\":$x}}}}"; }}
n=0
while read -r line; do
  n=$((n + 1))
  id=${{line#*\"id\":\"}}
  id=${{id%%\"*}}
  {body}
done
"#
    );
    fs::write(&path, script).unwrap();
    let files = files(&[Operation::Harness]);
    let mut port = Port::new(
        &format!("sh {}", path.display()),
        Duration::from_secs_f64(timeout),
    );
    let since = Instant::now();
    let report = Report::judge(&files, "f64", |case| Some(port.ask(case, "harness", "f64")));
    (report, since.elapsed())
}

fn reason(report: &Report, at: usize) -> String {
    match &report.rows[0].verdicts[at].outcome {
        Outcome::Failed(reasons) => reasons.join("; "),
        other => panic!("{other:?}"),
    }
}

const ALL: usize = 7;

#[test]
fn a_good_port_passes() {
    let (report, _) = ask("right", 20.0);
    assert_eq!(report.counts(), (ALL, 0, 0), "{}", report.render(9));
    assert!(report.passed());
}

#[test]
fn a_crash_costs_one_case() {
    let (report, _) = ask(r#"case $id in */hex) exit 7;; esac; right"#, 20.0);
    assert_eq!(report.counts(), (ALL - 1, 1, 0), "{}", report.render(9));
    assert!(reason(&report, 2).contains("ended without an answer (exit status: 7)"));
}

#[test]
fn a_hang_costs_one_case_and_is_killed() {
    let (report, time) = ask(r#"case $id in */hex) sleep 60;; esac; right"#, 1.0);
    assert_eq!(report.counts(), (ALL - 1, 1, 0), "{}", report.render(9));
    assert!(reason(&report, 2).contains("no answer within 1s"));
    assert!(time < Duration::from_secs(30), "{time:?}");
}

#[test]
fn a_port_that_always_hangs_is_given_up() {
    let (report, _) = ask("sleep 60", 0.2);
    assert_eq!(report.counts(), (0, ALL, 0));
    assert!(reason(&report, PATIENCE).contains("not asked: the port hung"));
}

#[test]
fn garbage_is_named() {
    for (body, part) in [
        (r#"echo hello; right"#, "the answer is no JSON: `hello`"),
        (r#"echo "{}""#, "names no case"),
        (r#"id=gain/zero; right"#, "the answer is to `gain/zero`"),
        (
            r#"echo "{\"id\":\"$id\",\"crashed\":\"why\"}""#,
            "neither `outputs` nor `refused`",
        ),
        (r#"printf '\033[2J\n'"#, "\\u{1b}"),
        (r#"head -c 2000000 /dev/zero"#, "a line of more than"),
        (r#"yes"#, "the answer is no JSON: `y`"),
    ] {
        let (report, _) = ask(body, 20.0);
        assert_eq!(report.counts(), (0, ALL, 0), "{body}");
        assert!(
            reason(&report, 0).contains(part),
            "{body}: {}",
            reason(&report, 0)
        );
    }
}

/// The second answer to a case is taken for one to the next case, which fails; then all is well again.
#[test]
fn an_answer_given_twice_is_named() {
    let (report, _) = ask(r#"right; case $id in */hex) right;; esac"#, 20.0);
    assert_eq!(report.counts(), (ALL - 1, 1, 0), "{}", report.render(9));
    assert!(reason(&report, 3).contains("the answer is to `harness/hex`"));
}

#[test]
fn a_command_that_does_not_exist_fails_every_case() {
    let files = files(&[Operation::Harness]);
    let mut port = Port::new("/nowhere/port", Duration::from_secs(5));
    let report = Report::judge(&files, "f64", |case| Some(port.ask(case, "harness", "f64")));
    assert_eq!(report.counts(), (0, ALL, 0));
    assert!(reason(&report, 0).contains("exit status: 127") || reason(&report, 0).contains("126"));
}
