//! Reports for people and build servers: one self-contained HTML file, JUnit XML, figures.
//!
//! A page loads nothing, needs no script, follows the reader's light or dark setting and fits a phone.
//! All text is escaped. Measuring and judging are elsewhere; nothing here decides anything.

mod bounds;
mod coverage;
mod experiment;
mod figure;
mod junit;
mod math;
mod mathml;
mod network;
mod page;
mod portrait;
mod proof;
mod pruning;
mod statement;
mod theorems;
mod training;
mod verify;

pub use experiment::experiment;
pub use junit::to_junit;
pub use portrait::{Form, Portrait, Spectrum};
pub use pruning::{Candidate, Pruning};
pub use theorems::{NoTheorems, theorems};
pub use training::Training;

use crate::{invariance::Invariance, statement::Entry, verify::Outcome};

/// A run of the catalogue, to be reported.
pub struct Verification<'a> {
    /// The statements that were run.
    pub entries: &'a [Entry],
    /// What came of it.
    pub outcome: &'a Outcome,
    /// The given or shipped networks.
    pub portraits: &'a [Portrait],
    /// The line that the spectra are held against (THEORY F4).
    pub scaffold_threshold: f64,
    /// The command line that repeats the run.
    pub replay: &'a str,
    /// Whether the networks are the reader's: what was learnt about them then comes first.
    pub given: bool,
}

impl Verification<'_> {
    /// What a control of a statement needs to be seen.
    fn needs(&self, statement: &str, control: &str) -> Option<String> {
        let entry = self.entries.iter().find(|entry| entry.id() == statement)?;
        let mut controls = entry.declaration.controls.iter();
        Some(controls.find(|c| c.id == control)?.needs.clone())
    }

    fn law(&self) -> Option<figure::Figure> {
        let section = self.outcome.sections.first()?;
        figure::law_of_all(section, |statement, control| self.needs(statement, control))
    }

    /// The report as an HTML document.
    #[must_use]
    pub fn to_html(&self) -> String {
        verify::page(self)
    }

    /// The precision law as an SVG document; `None` if no statement was measured at two precisions.
    ///
    /// # Errors
    /// What the plotting library says.
    pub fn law_to_svg(&self) -> Option<Result<String, String>> {
        Some(self.law()?.file())
    }
}

/// A run of the invariance experiment, to be reported.
pub struct Experiment<'a> {
    /// What the network is called.
    pub name: &'a str,
    /// What was found.
    pub found: &'a Invariance,
    /// Further removals by the rule that absorbs everything, so that the curves hide no cliff.
    pub curve: Option<&'a Invariance>,
    /// Spectra and zeros of the network.
    pub portrait: Option<&'a Portrait>,
    /// As in [`Verification`].
    pub scaffold_threshold: f64,
    /// The command line that repeats the run.
    pub replay: &'a str,
}

impl Experiment<'_> {
    /// The report as an HTML document.
    #[must_use]
    pub fn to_html(&self) -> String {
        bounds::page(self)
    }
}
