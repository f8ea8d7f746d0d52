//! Figures: charts as SVG that follows the colours of the page it stands in.
//!
//! plotters draws with fixed colours. Each role of a line or a text is given a colour that nothing else
//! has, and that colour is replaced by a CSS variable afterwards; so one figure serves light and dark.

mod axis;
mod chart;
mod ink;
mod law;
mod removal;
mod spectrum;

pub(super) use axis::{Axis, TENS, power_of_ten};
pub(super) use chart::{Chart, Format, Post, Series};
pub(super) use ink::{Ink, Mark};
pub(super) use law::{law_of_all, law_of_one};
pub(super) use removal::{removal, rules};
pub(super) use spectrum::spectrum;

use maud::{Markup, PreEscaped, html};

use chart::FINE;

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
        self.framed(&html! { (self.drawn(Format::COLUMN, "", "")) })
    }

    /// The same as wide as the page, and drawn anew for a phone, where letters would be too small.
    pub fn broad(&self) -> Markup {
        self.framed(&html! {
            (self.drawn(Format::PAGE, "broad", ""))
            (self.drawn(Format::COLUMN, "slim", "-slim"))
        })
    }

    fn framed(&self, drawings: &Markup) -> Markup {
        html! {
            figure id=(self.id) {
                figcaption { (self.title) }
                (drawings)
                ul class="legend" {
                    @for (ink, mark, name) in &self.legend {
                        li {
                            svg class="sample" viewBox="0 0 28 12" aria-hidden="true" {
                                (PreEscaped(mark.sample(*ink)))
                            }
                            span { (name) }
                        }
                    }
                }
                p class="note" { (self.description) }
            }
        }
    }

    fn drawn(&self, format: Format, class: &str, suffix: &str) -> Markup {
        let id = format!("{}{suffix}", self.id);
        let head = format!("class=\"{class}\" aria-labelledby=\"{id}-title {id}-desc\"");
        match self.chart.svg(format, &head, &self.words(&id)) {
            Ok(svg) => PreEscaped(svg),
            Err(why) => html! { p { "The figure could not be drawn: " (why) } },
        }
    }

    /// The figure as a file of its own, for a paper: title above, legend below, letters of 9 pt.
    ///
    /// # Errors
    /// What plotters says.
    pub fn file(&self) -> Result<String, String> {
        let format = Format::PAPER;
        let (title, row) = (24, 18);
        let (width, chart) = format.size;
        let rows = u32::try_from(self.legend.len()).unwrap_or(0);
        let height = title + chart + row * rows + 6;
        let letters = format.letters * FINE;
        let mut inside = format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"{letters}\" font-weight=\"600\" \
             fill=\"var(--label)\">{}</text><g transform=\"translate(0 {})\">{}</g>",
            width * FINE / 2,
            16 * FINE,
            escaped(&self.title),
            title * FINE,
            self.chart.elements(format)?
        );
        for (k, (ink, mark, name)) in (0..).zip(&self.legend) {
            let y = (title + chart + row * k) * FINE;
            inside += &format!(
                "<g transform=\"translate({} {y}) scale({FINE})\">{}</g><text x=\"{}\" y=\"{}\" \
                 font-size=\"{letters}\" fill=\"var(--label)\">{}</text>",
                64 * FINE,
                mark.sample(*ink),
                100 * FINE,
                y + 10 * FINE,
                escaped(name)
            );
        }
        let points = |pixels: u32| f64::from(pixels) * 0.75;
        Ok(format!(
            "<svg viewBox=\"0 0 {} {}\" width=\"{}pt\" height=\"{}pt\" role=\"img\" \
             xmlns=\"http://www.w3.org/2000/svg\" aria-labelledby=\"{id}-title {id}-desc\">{}\
             <style>{PALETTE}text{{font-family:system-ui,sans-serif}}</style>{inside}</svg>\n",
            width * FINE,
            height * FINE,
            points(width),
            points(height),
            self.words(&self.id),
            id = self.id,
        ))
    }

    fn words(&self, id: &str) -> String {
        html! {
            title id={ (id) "-title" } { (self.title) }
            desc id={ (id) "-desc" } { (self.description) }
        }
        .into_string()
    }
}

fn escaped(text: &str) -> String {
    html! { (text) }.into_string()
}
