//! Asking a port that reads cases as JSON lines and answers each with a JSON line.
//!
//! A port is a process that may do anything: hang, crash, print garbage or print without end. Each case has a
//! time limit, the first one after a start a longer one; a port that broke is killed and started again for the next case, so that
//! one bad answer costs one case. After [`PATIENCE`] time-outs, or as many errors of one kind in a row, the rest is not asked.

mod fault;
mod process;

use std::{
    io::Write,
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{case::Case, judge::Reply, text::without_literals};
use fault::Fault;
use process::{Line, Running, ended, start};

/// Time-outs, or errors of one kind in a row, after which a port is given up.
pub const PATIENCE: usize = 5;

/// The longest line that is read, in bytes.
pub const LONGEST_LINE: u64 = 1 << 20;

/// A port as a command line.
pub struct Port {
    command: String,
    timeout: Duration,
    /// What a start may take beside the time for a case.
    start: Duration,
    running: Option<Running>,
    timeouts: usize,
    /// The latest error's kind, and how often in a row.
    errors: (&'static str, usize),
    restarts: usize,
}

impl Port {
    /// The port that this command line starts (through `sh -c` where there is one), with a time limit for each
    /// case.
    pub fn new(command: &str, timeout: Duration) -> Self {
        Port {
            command: command.into(),
            timeout,
            start: Duration::ZERO,
            running: None,
            timeouts: 0,
            errors: ("", 0),
            restarts: 0,
        }
    }

    /// The same, with so much more time for the first answer after a start.
    #[must_use]
    pub fn starting_within(mut self, start: Duration) -> Self {
        self.start = start;
        self
    }

    /// How often it ended after an answer, and was started again.
    pub fn restarts(&self) -> usize {
        self.restarts
    }

    /// What the port says to a case in an arithmetic.
    pub fn ask(&mut self, case: &Case, operation: &str, precision: &str) -> Reply {
        if self.timeouts >= PATIENCE {
            return Reply::Broken(format!("not asked: the port hung {PATIENCE} times before"));
        }
        if self.errors.1 >= PATIENCE {
            let kind = self.errors.0;
            return Reply::Broken(format!("not asked: {kind} {PATIENCE} times in a row"));
        }
        let question = json!({
            "id": case.id,
            "operation": operation,
            "precision": precision,
            "input": case.input,
        })
        .to_string();
        let before = self.running.as_ref().map_or(0, |running| running.answered);
        let mut said = self.exchange(&question, &case.id);
        if before > 0 && matches!(said, Err(Fault::Ended { .. })) {
            // It may have ended after its last answer: only a port that was just started is blamed for this case.
            self.stop();
            self.restarts += 1;
            said = self.exchange(&question, &case.id);
        }
        match said {
            Ok(reply) => {
                self.errors = ("", 0);
                reply
            }
            Err(fault) => {
                self.stop();
                self.errors = match self.errors {
                    (kind, count) if kind == fault.kind() => (kind, count + 1),
                    _ => (fault.kind(), 1),
                };
                Reply::Broken(fault.to_string())
            }
        }
    }

    fn exchange(&mut self, question: &str, id: &str) -> Result<Reply, Fault> {
        let running = match self.running.take() {
            Some(running) => running,
            None => start(&self.command)?,
        };
        let running = self.running.insert(running);
        // A port that has gone away shows when it is listened to.
        let _ = writeln!(running.stdin, "{question}").and_then(|()| running.stdin.flush());
        let (first, since) = (running.answered == 0, Instant::now());
        let limit = match first {
            true => self.timeout + self.start,
            false => self.timeout,
        };
        let line = match running.lines.recv_timeout(limit) {
            Ok(Line::Text(line)) => line,
            Ok(Line::TooLong) => return Err(Fault::TooLong),
            Ok(Line::End) | Err(RecvTimeoutError::Disconnected) => {
                let status = ended(&mut running.child);
                let advice = match status.as_str() {
                    "exit status: 127" => ": the command was not found",
                    "exit status: 126" => ": the command may not be executed",
                    _ if first => ": does it run by hand?",
                    _ => "",
                };
                return Err(Fault::Ended { status, advice });
            }
            Err(RecvTimeoutError::Timeout) => {
                self.timeouts += 1;
                if first {
                    // It was given its time once.
                    self.start = Duration::ZERO;
                }
                return Err(Fault::Timeout { after: limit });
            }
        };
        running.answered += 1;
        if first {
            // Later starts take about as long as this one did.
            let measured = since.elapsed() * 4 + Duration::from_secs(1);
            self.start = self.start.min(measured);
        }
        read(&line, id)
    }

    fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            // Closing its ends first lets a port that is well behaved end by itself.
            drop(running.stdin);
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        if let Some(running) = &mut self.running {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

/// The reply in a line.
fn read(line: &str, id: &str) -> Result<Reply, Fault> {
    let shown: String = line
        .chars()
        .take(60)
        .flat_map(char::escape_default)
        .collect();
    let value: Option<Value> = serde_json::from_str(line)
        .or_else(|_| serde_json::from_str(&without_literals(line)))
        .ok();
    let Some(value) = value else {
        return Err(match line.trim() {
            "{" | "[" => Fault::Indented(shown),
            _ => Fault::NoJson(shown),
        });
    };
    match value.get("id").and_then(Value::as_str) {
        Some(said) if said == id => Ok(Reply::read(&value)),
        Some(said) => Err(Fault::Other(said.into())),
        None => Err(Fault::Nameless(shown)),
    }
}
