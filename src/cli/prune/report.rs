//! The report of `prune`.

use super::{Failure, Prune};
use crate::{
    cli::options::quoted,
    io::{Stored, atomic},
    network::Network,
    prune::{Pruned, Rows},
    report::{Candidate, Pruning},
    scalar::Real,
};

impl Prune {
    /// Writes it where it was asked for; `chosen` with what was said of it.
    pub(super) fn report<S: Real>(
        &self,
        stored: &Stored,
        network: &Network<S>,
        rows: &Rows<S>,
        tradeoff: &[Pruned<S>],
        chosen: Option<(&Pruned<S>, &str)>,
    ) -> Result<(), Failure> {
        let Some(path) = &self.report else {
            return Ok(());
        };
        let candidates: Vec<Candidate> = tradeoff.iter().map(Candidate::of).collect();
        let chosen = chosen.map(|(found, said)| (Candidate::of(found), said));
        let held_out = rows.unseen.ncols();
        let labels = tradeoff.iter().find_map(|found| found.measured.labels);
        let right = labels.and_then(|labels| labels.right);
        let page = Pruning {
            name: stored.file(),
            before: network.parameter_count(),
            accuracy: right.map(|(before, _)| before as f64 / held_out.max(1) as f64),
            rows: held_out,
            tradeoff: &candidates,
            chosen: chosen.as_ref().map(|(found, said)| (found, *said)),
            replay: &command_line(),
        };
        Ok(atomic::write(path, page.to_html().as_bytes())?)
    }
}

/// The command line as it was given: every default is fixed.
fn command_line() -> String {
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| quoted(&word.to_string_lossy()));
    std::iter::once("isotropic".to_string())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}
