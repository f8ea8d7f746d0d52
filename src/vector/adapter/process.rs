//! The process of a port: started, listened to line by line, and ended.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::{Duration, Instant},
};

use super::{LONGEST_LINE, fault::Fault};

/// A process that was started, and how many lines it has answered.
pub(super) struct Running {
    pub(super) child: Child,
    pub(super) stdin: ChildStdin,
    pub(super) lines: Receiver<Line>,
    pub(super) answered: usize,
}

/// What comes next on its standard output.
pub(super) enum Line {
    Text(String),
    TooLong,
    End,
}

/// How a process that closed its output ended, waiting for it a little.
pub(super) fn ended(child: &mut Child) -> String {
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

/// Starts a command, and a thread that reads what it prints.
pub(super) fn start(command: &str) -> Result<Running, Fault> {
    let fault = |why: String| Fault::Start {
        command: command.into(),
        why,
    };
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
    let mut child = spawned.map_err(|why| fault(why.to_string()))?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(fault("it has no standard input or output".into()));
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
                Ok(_) => {
                    let text = String::from_utf8_lossy(&bytes);
                    // Some languages begin their output with a byte order mark.
                    let text = text.trim_start_matches('\u{feff}').trim();
                    if text.is_empty() {
                        continue;
                    }
                    Line::Text(text.to_string())
                }
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
        answered: 0,
    })
}
