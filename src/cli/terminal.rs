//! What only a terminal gets: how long a command has been at work, and colour on verdicts.

use std::{
    env,
    io::{self, IsTerminal, Write},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Whether the line of progress stands on the terminal.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Work that takes longer says how long it has taken.
const PATIENCE: Duration = Duration::from_secs(2);

/// Shows on a terminal how long the command has been at work, until the process ends.
pub(super) fn watch() {
    if !io::stderr().is_terminal() {
        return;
    }
    let start = Instant::now();
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(1));
            if start.elapsed() >= PATIENCE {
                SHOWN.store(true, Ordering::Relaxed);
                let seconds = start.elapsed().as_secs();
                let done = DONE.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let _ = write!(io::stderr(), "\r\x1b[Kat work for {seconds} s{done}");
            }
        }
    });
}

/// What the line of progress says besides.
static DONE: Mutex<String> = Mutex::new(String::new());

/// What has been done so far, for the line of progress.
pub(super) fn tell(done: &str) {
    let mut told = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    told.clear();
    told.push_str(done);
}

/// Takes the line of progress away, if it is there.
pub(super) fn clear() {
    if SHOWN.swap(false, Ordering::Relaxed) {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// What lines with a verdict begin with, and its colour: green, red, yellow.
const VERDICTS: [(&str, &str); 9] = [
    ("agree", "32"),
    ("valid", "32"),
    ("verified", "32"),
    ("rounding", "32"),
    ("differ", "31"),
    ("invalid", "31"),
    ("refuted", "31"),
    ("a difference", "31"),
    ("unknown", "33"),
];

/// The text with its verdicts in colour, if standard output is a terminal and NO_COLOR is not set.
pub(super) fn coloured(text: &str) -> String {
    let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if unwanted || !io::stdout().is_terminal() {
        return text.into();
    }
    text.split_inclusive('\n').map(painted).collect()
}

fn painted(line: &str) -> String {
    let verdict = VERDICTS.iter().find(|(word, _)| {
        line.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    match verdict {
        Some((word, colour)) => format!("\x1b[{colour}m{word}\x1b[0m{}", &line[word.len()..]),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::painted;

    #[test]
    fn a_verdict_is_painted_and_a_word_like_it_is_not() {
        assert_eq!(
            painted("agree: the same\n"),
            "\x1b[32magree\x1b[0m: the same\n"
        );
        assert_eq!(
            painted("invalid: edited\n"),
            "\x1b[31minvalid\x1b[0m: edited\n"
        );
        assert_eq!(painted("differently\n"), "differently\n");
        assert_eq!(painted("layer 1 differ\n"), "layer 1 differ\n");
    }
}
