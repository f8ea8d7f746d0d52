//! Figures: charts as SVG that follows the colours of the page it stands in.
//!
//! plotters draws with fixed colours. Each role of a line or a text is given a colour that nothing else
//! has, and that colour is replaced by a CSS variable afterwards; so one figure serves light and dark.

mod chart;
mod law;
mod removal;
mod spectrum;

pub(super) use chart::{Axis, Chart, Ink, Mark, Series};
pub(super) use law::{law_of_all, law_of_one};
pub(super) use removal::{removal, rules};
pub(super) use spectrum::spectrum;

use maud::{Markup, PreEscaped, html};

/// The colours of the roles, light and dark.
pub(super) const PALETTE: &str = include_str!("palette.css");

/// A drawn chart and the words that go with it.
pub(super) struct Figure {
    /// Unique in the page.
    pub id: String,
    /// What it shows, for the caption and for those who cannot see it.
    pub title: String,
    /// What is to be seen, in a sentence.
    pub description: String,
    /// What the lines are.
    pub legend: Vec<(Ink, Mark, String)>,
    /// The chart.
    pub chart: Chart,
}

impl Figure {
    /// The figure with its caption and legend.
    pub fn markup(&self) -> Markup {
        let head = format!("aria-labelledby=\"{}-title {}-desc\"", self.id, self.id);
        html! {
            figure id=(self.id) {
                figcaption { (self.title) }
                @match self.chart.svg(&head, &self.words()) {
                    Ok(svg) => (PreEscaped(svg)),
                    Err(why) => p { "The figure could not be drawn: " (why) },
                }
                ul class="legend" {
                    @for (ink, mark, name) in &self.legend {
                        li { span class={ "swatch " (ink.name()) " " (mark.name()) } {} (name) }
                    }
                }
                p class="note" { (self.description) }
            }
        }
    }

    /// The figure as a file of its own.
    pub fn file(&self) -> Result<String, String> {
        let head = format!(
            "xmlns=\"http://www.w3.org/2000/svg\" aria-labelledby=\"{}-title {}-desc\"",
            self.id, self.id
        );
        let style = format!("<style>{PALETTE}text{{font-family:system-ui,sans-serif}}</style>");
        let inside = self.words() + &style;
        self.chart.svg(&head, &inside).map(|svg| svg + "\n")
    }

    fn words(&self) -> String {
        html! {
            title id={ (self.id) "-title" } { (self.title) }
            desc id={ (self.id) "-desc" } { (self.description) }
        }
        .into_string()
    }
}
