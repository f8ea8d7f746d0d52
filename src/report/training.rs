//! The report of a training.

mod figures;

use maud::{Markup, html};
use serde_json::Value;

use super::page::{contents, document, gallery, scroller};
use crate::learning::{Epoch, Event, Settings};
use crate::visible::visible;
use figures::{accuracies, health, losses, spectra, widths};

/// A training, to be reported.
pub struct Training<'a> {
    /// How it was trained.
    pub settings: &'a Settings,
    /// The gain.
    pub gain: &'a str,
    /// The arithmetic.
    pub scalar: &'a str,
    /// Every epoch.
    pub epochs: &'a [Epoch],
}

impl Training<'_> {
    /// The report as an HTML document. It holds no time and no path: equal trainings have equal reports.
    #[must_use]
    pub fn to_html(&self) -> String {
        let title = "isotropic train";
        let (last, epochs) = (self.epochs.last(), self.epochs);
        let events: Vec<(u64, &Event)> = epochs
            .iter()
            .flat_map(|epoch| epoch.events.iter().map(|event| (epoch.epoch, event)))
            .collect();
        let spectra = spectra(self);
        let body = html! {
            header {
                h1 { "A training" }
                @if let Some(last) = last {
                    p { (last.epoch) " epochs in " (self.scalar) ", gain " (self.gain) ", widths "
                        span class="keep" { (joined(&last.widths)) } ". "
                        "Rows trained on: loss " (number(last.loss)) (percent(last.accuracy)) "."
                        @if let Some(loss) = last.held_out_loss {
                            " Rows held out: loss " (number(loss)) (percent(last.held_out_accuracy)) "."
                        } }
                }
            }
            (contents(&[("course", "Course"), ("widths", "Widths"), ("lengths", "o and ψ"), ("settings", "Settings")]))
            main id="main" {
                section id="course" aria-labelledby="course-title" {
                    h2 id="course-title" { "Course" }
                    (gallery(&[losses(epochs), accuracies(epochs)].into_iter().flatten().collect::<Vec<_>>()))
                }
                section id="widths" aria-labelledby="widths-title" {
                    h2 id="widths-title" { "Widths" }
                    (gallery(&widths(epochs).into_iter().collect::<Vec<_>>()))
                    (gallery(&spectra))
                    @if events.is_empty() { p { "No width changed." } } @else { (table(&events)) }
                }
                section id="lengths" aria-labelledby="lengths-title" {
                    h2 id="lengths-title" { "o, ψ and angular momentum" }
                    (gallery(&health(epochs)))
                }
                section id="settings" aria-labelledby="settings-title" {
                    h2 id="settings-title" { "Settings" }
                    (settings(self.settings))
                }
            }
        };
        document(title, &body)
    }
}

fn table(events: &[(u64, &Event)]) -> Markup {
    let table = html! {
        table {
            caption { span { "Growths and removals" } }
            thead { tr {
                th scope="col" { "epoch" } th scope="col" { "layer" } th scope="col" { "what" }
                th scope="col" class="number" { "from" } th scope="col" class="number" { "to" }
                th scope="col" class="number" { "largest change" } th scope="col" class="number" { "bound" }
                th scope="col" class="number" { "rounding" }
                th scope="col" { "within" } th scope="col" { "state of the optimiser" }
            } }
            tbody { @for (epoch, event) in events { tr {
                td class="number" { (epoch) }
                td class="number" { (event.layer) }
                td { (event.what) }
                td class="number" { (event.from) }
                td class="number" { (event.to) }
                td class="number" { (number(event.change)) }
                td class="number" { (number(event.bound)) }
                td class="number" { (number(event.rounding)) }
                td { @if event.within { "yes" } @else { "no" } }
                td { (event.state) }
            } } }
        }
    };
    scroller("Growths and removals", &table)
}

fn settings(settings: &Settings) -> Markup {
    let value = serde_json::to_value(settings).unwrap_or_default();
    let given: Vec<(String, String)> = value
        .as_object()
        .into_iter()
        .flatten()
        // Singular values are recorded for this page: nobody asks for them in these words.
        .filter(|(name, _)| *name != "spectra")
        .filter_map(|(name, value)| Some((name.replace('_', " "), said(value)?)))
        .collect();
    let table = html! {
        table {
            caption { span { "What was asked for; everything else has its default" } }
            tbody {
                @if given.is_empty() { tr { td { "nothing" } } }
                @for (name, text) in &given { tr {
                    th scope="row" { (name) } td class="keep" { (visible(text)) }
                } }
            }
        }
    };
    scroller("Settings", &table)
}

/// A setting as it was given; `None` if it was not.
fn said(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some("yes".into()),
        Value::String(text) => Some(text.clone()),
        Value::Array(several) => {
            let said: Vec<String> = several.iter().filter_map(said).collect();
            Some(said.join(", "))
        }
        Value::Number(_) | Value::Object(_) => Some(value.to_string()),
    }
}

fn joined(widths: &[usize]) -> String {
    widths
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join("-")
}

fn percent(share: Option<f64>) -> String {
    share.map_or(String::new(), |share| {
        format!(", {:.2} % right", 100.0 * share)
    })
}

fn number(x: f64) -> String {
    if x == 0.0 {
        "0".into()
    } else if (1e-3..1e4).contains(&x.abs()) {
        format!("{x:.4}")
    } else {
        format!("{x:.2e}")
    }
}
