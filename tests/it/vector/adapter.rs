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
    ask_starting(body, timeout, 0.0)
}

fn ask_starting(body: &str, timeout: f64, start: f64) -> (Report, Duration) {
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
    )
    .starting_within(Duration::from_secs_f64(start));
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
            "the port says that it crashed: why",
        ),
        (
            r#"printf '{\n  "id": "%s"\n}\n' "$id""#,
            "its JSON goes over several lines",
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

/// A port that ends after an answer is started again, and the next case is answered.
#[test]
fn a_crash_after_an_answer_costs_nothing() {
    let (report, _) = ask(r#"right; case $id in */hex) exit 3;; esac"#, 20.0);
    assert_eq!(report.counts(), (ALL, 0, 0), "{}", report.render(9));
}

#[test]
fn marks_and_blank_lines_are_no_answers() {
    let (report, _) = ask(r#"printf '\357\273\277\n\n  \r\n'; right; echo"#, 20.0);
    assert_eq!(report.counts(), (ALL, 0, 0), "{}", report.render(9));
    let (report, _) = ask(r#"printf '\357\273\277'; right"#, 20.0);
    assert_eq!(report.counts(), (ALL, 0, 0), "{}", report.render(9));
}

/// The first answer may take as long as a start does; the others may not.
#[test]
fn a_start_has_time_of_its_own() {
    let slow = r#"[ "$n" -gt 1 ] || sleep 3; right"#;
    let (report, _) = ask(slow, 0.2);
    assert!(report.counts().1 > 0, "{}", report.render(9));
    let (report, _) = ask_starting(slow, 1.5, 60.0);
    assert_eq!(report.counts(), (ALL, 0, 0), "{}", report.render(9));
    let later = r#"case $id in */hex) sleep 60;; esac; right"#;
    let (report, time) = ask_starting(later, 1.5, 60.0);
    assert_eq!(report.counts(), (ALL - 1, 1, 0), "{}", report.render(9));
    assert!(time < Duration::from_secs(40), "{time:?}");
}

#[test]
fn five_errors_of_one_kind_end_the_run() {
    let (report, _) = ask("echo hello", 20.0);
    assert_eq!(report.counts(), (0, ALL, 0));
    assert!(reason(&report, PATIENCE - 1).contains("`hello`"));
    let said = reason(&report, PATIENCE);
    assert!(
        said.contains("not asked: it printed what is no JSON 5 times in a row"),
        "{said}"
    );
    // A right answer between them, and the run goes on.
    let (report, _) = ask(r#"case $id in */hex) right;; *) echo hello;; esac"#, 20.0);
    assert_eq!(report.counts(), (1, ALL - 1, 0), "{}", report.render(9));
    let last = reason(&report, ALL - 1);
    assert!(last.contains("`hello`"), "{last}");
}

#[test]
fn what_is_no_number_is_no_suspect() {
    let (report, _) = ask("echo hello", 20.0);
    let text = report.render(9);
    assert!(
        text.contains("the answers are the matter, not the numbers"),
        "{text}"
    );
    assert!(!text.contains("HarnessWorks"), "{text}");
}

#[test]
fn a_command_that_does_not_exist_fails_every_case() {
    let files = files(&[Operation::Harness]);
    let mut port = Port::new("/nowhere/port", Duration::from_secs(5));
    let report = Report::judge(&files, "f64", |case| Some(port.ask(case, "harness", "f64")));
    assert_eq!(report.counts(), (0, ALL, 0));
    let said = reason(&report, 0);
    assert!(said.contains("the command was not found"), "{said}");
}
