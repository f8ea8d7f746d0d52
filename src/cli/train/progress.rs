//! What a person sees while a network trains.

use std::io::{IsTerminal, Write, stderr};

use crate::{cli::remark, learning::Epoch};

/// Characters of the bar.
const BAR: usize = 24;

/// A bar where there is a terminal, else a line now and then.
pub(super) struct Progress {
    epochs: u64,
    terminal: bool,
}

impl Progress {
    pub(super) fn new(epochs: u64) -> Self {
        let terminal = stderr().is_terminal() && !crate::cli::is_quiet();
        Progress { epochs, terminal }
    }

    /// After an epoch.
    pub(super) fn show(&self, epoch: &Epoch) {
        let line = summary(epoch);
        if self.terminal {
            let done = (BAR as u64 * epoch.epoch / self.epochs.max(1)) as usize;
            let bar = "#".repeat(done) + &".".repeat(BAR - done.min(BAR));
            // Whoever closed standard error does not want to see it.
            let _ = write!(
                stderr(),
                "\r\x1b[K[{bar}] {}/{} {line}",
                epoch.epoch,
                self.epochs
            );
            let _ = stderr().flush();
        }
        let every = self.epochs.div_ceil(10).max(1);
        let due = epoch.epoch.is_multiple_of(every) || epoch.epoch == self.epochs;
        if !self.terminal && due {
            remark(&format!("epoch {} of {}: {line}", epoch.epoch, self.epochs));
        }
        for event in &epoch.events {
            if !event.within {
                self.end();
                remark(&format!(
                    "epoch {}, layer {}: the {} from {} to {} changed an output by {:e}, more than its bound {:e} and \
                     rounding {:e}",
                    epoch.epoch,
                    event.layer,
                    event.what,
                    event.from,
                    event.to,
                    event.change,
                    event.bound,
                    event.rounding
                ));
            }
        }
    }

    /// Leaves the line of the bar.
    pub(super) fn end(&self) {
        if self.terminal {
            let _ = writeln!(stderr());
        }
    }
}

/// Loss, accuracy and widths in a line.
pub(super) fn summary(epoch: &Epoch) -> String {
    let percent = |share: f64| format!("{:.2} %", 100.0 * share);
    let mut line = format!("loss {:.4}", epoch.loss);
    if let Some(accuracy) = epoch.accuracy {
        line += &format!(", right {}", percent(accuracy));
    }
    if let Some(loss) = epoch.held_out_loss {
        line += &format!(", held out: loss {loss:.4}");
    }
    if let Some(accuracy) = epoch.held_out_accuracy {
        line += &format!(", right {}", percent(accuracy));
    }
    let widths: Vec<String> = epoch.widths.iter().map(usize::to_string).collect();
    line + &format!(", widths {}", widths.join("-"))
}
