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
mod network;
mod page;
mod portrait;
mod proof;
mod statement;
mod training;
mod verify;

pub use experiment::experiment;
pub use junit::to_junit;
pub(crate) use page::visible;
pub use portrait::{Form, Portrait, Spectrum};
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
}

impl Verification<'_> {
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
        let section = self.outcome.sections.first()?;
        Some(figure::law_of_all(section)?.file())
    }
}

/// A run of the invariance experiment, to be reported.
pub struct Experiment<'a> {
    /// What the network is called.
    pub name: &'a str,
    /// What was found.
    pub found: &'a Invariance,
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
