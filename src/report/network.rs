//! The section of one network.

use maud::{Markup, html};

use super::{
    figure::{Figure, removal, spectrum},
    page::{gallery, scroller},
    portrait::{Form, Portrait},
};
use crate::{invariance::Finding, judge::Verdict, verify::Section, visible::visible};

/// What was learnt about a network, a sentence each; `section` has the statements that were measured on it.
pub(super) fn findings(portrait: &Portrait, section: Option<&Section>) -> Markup {
    let mut lines: Vec<String> = portrait
        .removals
        .tables
        .iter()
        .map(|table| Finding::of(&portrait.removals, table).sentence())
        .collect();
    let form = |name: &str| portrait.forms.iter().find(|form| form.name == name);
    if let (Some(given), Some(least)) = (form("as given"), form("width ceiling"))
        && least.parameters < given.parameters
    {
        lines.push(format!(
            "the same function at widths {} has {} parameters instead of {}",
            widths(&least.widths),
            least.parameters,
            given.parameters
        ));
    }
    if let Some(triangular) = form("triangular gauge") {
        lines.push(format!(
            "{} of its {} weights can be 0 exactly, in the triangular gauge",
            triangular.zeros, triangular.weights
        ));
    }
    if let Some(section) = section {
        let of = |wanted: Option<Verdict>| {
            let rows = section.statements.iter();
            rows.filter(|row| row.verdict() == wanted).count()
        };
        let mut text = format!("{} statements hold on it", of(Some(Verdict::Verified)));
        for (count, what) in [
            (of(Some(Verdict::Refuted)), "refuted"),
            (of(Some(Verdict::Unknown)), "unknown"),
            (of(None), "that say nothing about it"),
        ] {
            if count > 0 {
                text += &format!(", {count} {what}");
            }
        }
        lines.push(text);
    }
    html! {
        p class="lead" { (visible(&portrait.name)) }
        ul class="findings" { @for line in &lines { li { (visible(line)) "." } } }
    }
}

/// Spectra, removals and zeros of one network; `number` keeps ids apart.
pub(super) fn section(portrait: &Portrait, number: usize, threshold: f64) -> Markup {
    let id = format!("network-{number}");
    let figures = |kind: &str| format!("{id}-{kind}");
    let spectra = portrait.spectra.iter();
    let spectra =
        spectra.filter_map(|s| spectrum(s, threshold, &figures(&format!("spectrum-{}", s.layer))));
    let removals = portrait.removals.tables.iter();
    let removals = removals.filter_map(|t| removal(t, &figures(&format!("removal-{}", t.layer))));
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h3 id={ (id) "-title" } { (visible(&portrait.name)) }
            p { "Gain " (portrait.gain) ", widths " (joined(&portrait.forms)) ", in f64. Removals measured on "
                (portrait.inputs) "." }
            (gallery(&spectra.collect::<Vec<Figure>>()))
            (gallery(&removals.collect::<Vec<Figure>>()))
            (forms(&portrait.name, &portrait.forms))
        }
    }
}

fn joined(forms: &[Form]) -> String {
    forms
        .first()
        .map_or_else(String::new, |form| widths(&form.widths))
}

fn widths(widths: &[usize]) -> String {
    widths
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join("-")
}

fn forms(name: &str, forms: &[Form]) -> Markup {
    let table = html! {
        table {
            caption { span { "The same function, written with other widths and zeros" } }
            thead { tr {
                th scope="col" { "form" } th scope="col" { "widths" } th scope="col" class="number" { "parameters" }
                th scope="col" class="number" { "weights" } th scope="col" class="number" { "zero weights" }
                th scope="col" class="number" { "share of zeros" }
            } }
            tbody { @for form in forms { tr {
                th scope="row" { (form.name) }
                td class="keep" { (widths(&form.widths)) }
                td class="number" { (form.parameters) }
                td class="number" { (form.weights) }
                td class="number" { (form.zeros) }
                td class="number" { (format!("{:.1} %", 100.0 * form.zeros as f64 / form.weights.max(1) as f64)) }
            } } }
        }
    };
    scroller(&format!("Widths and zeros of {}", visible(name)), &table)
}
