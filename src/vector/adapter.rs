//! Asking a port that reads cases as JSON lines and answers each with a JSON line.
//!
//! A port is a process that may do anything: hang, crash, print garbage or print without end. Each case has a
//! time limit; a port that broke is killed and started again for the next case, so that one bad answer costs
//! one case. After [`PATIENCE`] time-outs the rest is not asked.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{case::Case, judge::Reply};

/// Time-outs after which a port is given up.
pub const PATIENCE: usize = 5;

/// The longest line that is read.
const LONGEST_LINE: u64 = 1 << 20;

/// A port as a command line.
pub struct Port {
    command: String,
    timeout: Duration,
    running: Option<Running>,
    timeouts: usize,
    /// Starts that came to nothing, in a row.
    stillborn: usize,
}

struct Running {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<Line>,
}

enum Line {
    Text(String),
    TooLong,
    End,
}

impl Port {
    /// The port that this command line starts (through `sh -c` where there is one), with a time limit for each
    /// case.
    pub fn new(command: &str, timeout: Duration) -> Self {
        Port {
            command: command.into(),
            timeout,
            running: None,
            timeouts: 0,
            stillborn: 0,
        }
    }

    /// What the port says to a case in an arithmetic.
    pub fn ask(&mut self, case: &Case, operation: &str, precision: &str) -> Reply {
        if self.timeouts >= PATIENCE {
            return Reply::Broken(format!("not asked: the port hung {PATIENCE} times before"));
        }
        if self.stillborn >= PATIENCE {
            return Reply::Broken(format!(
                "not asked: the port ended {PATIENCE} times in a row without an answer"
            ));
        }
        let question = json!({
            "id": case.id,
            "operation": operation,
            "precision": precision,
            "input": case.input,
        });
        match self.exchange(&question.to_string(), &case.id) {
            Ok(reply) => {
                self.stillborn = 0;
                reply
            }
            Err(why) => {
                self.stop();
                Reply::Broken(why)
            }
        }
    }

    fn exchange(&mut self, question: &str, id: &str) -> Result<Reply, String> {
        if self.running.is_none() {
            self.running = Some(start(&self.command)?);
        }
        let Some(running) = &mut self.running else {
            return Err("it could not be started".into());
        };
        // A port that has gone away shows when it is listened to.
        let _ = writeln!(running.stdin, "{question}").and_then(|()| running.stdin.flush());
        let line = match running.lines.recv_timeout(self.timeout) {
            Ok(Line::Text(line)) => line,
            Ok(Line::TooLong) => return Err(format!("a line of more than {LONGEST_LINE} bytes")),
            Ok(Line::End) | Err(RecvTimeoutError::Disconnected) => {
                self.stillborn += 1;
                let status = ended(&mut running.child);
                return Err(format!("the port ended without an answer ({status})"));
            }
            Err(RecvTimeoutError::Timeout) => {
                self.timeouts += 1;
                return Err(format!("no answer within {:?}", self.timeout));
            }
        };
        let shown: String = line
            .chars()
            .take(60)
            .flat_map(char::escape_default)
            .collect();
        let value: Value =
            serde_json::from_str(&line).map_err(|_| format!("the answer is no JSON: `{shown}`"))?;
        match value.get("id").and_then(Value::as_str) {
            Some(said) if said == id => Ok(Reply::read(&value)),
            Some(said) => Err(format!("the answer is to `{said}`")),
            None => Err(format!("the answer names no case: `{shown}`")),
        }
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

/// How a process that closed its output ended, waiting for it a little.
fn ended(child: &mut Child) -> String {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(1) {
        match child.try_wait() {
            Ok(Some(status)) => return status.to_string(),
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(why) => return why.to_string(),
        }
    }
    "it still runs, its output is closed".into()
}

fn start(command: &str) -> Result<Running, String> {
    let mut shell = if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.args(["/C", command]);
        shell
    } else {
        let mut shell = Command::new("sh");
        // `exec`: the port takes the shell's place, so that killing it kills the port.
        shell.args(["-c", &format!("exec {command}")]);
        shell
    };
    let spawned = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|why| format!("`{command}` cannot be started: {why}"))?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(format!("`{command}` has no standard input or output"));
    };
    // Few lines ahead: a port that prints without end is held up, not stored.
    let (send, lines) = sync_channel(4);
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        loop {
            let mut bytes = vec![];
            let read = reader
                .by_ref()
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut bytes);
            let line = match read {
                Ok(0) | Err(_) => Line::End,
                Ok(n) if n as u64 == LONGEST_LINE => Line::TooLong,
                Ok(_) => Line::Text(String::from_utf8_lossy(&bytes).trim_end().to_string()),
            };
            let over = matches!(line, Line::End | Line::TooLong);
            if send.send(line).is_err() || over {
                return;
            }
        }
    });
    Ok(Running {
        child,
        stdin,
        lines,
    })
}
