//! The frame of a page, and the small parts that all pages share.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figure::{Figure, PALETTE};
use crate::judge::Verdict;
use crate::visible::visible;

const STYLE: &str = include_str!("style.css");

/// A whole document. The serialisation is well-formed XML too, so that a strict parser can check it.
pub(super) fn document(title: &str, body: &Markup) -> String {
    let meta = "<meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
                <meta name=\"color-scheme\" content=\"light dark\"/>";
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (PreEscaped(meta))
                title { (visible(title)) }
                style { (PreEscaped(PALETTE)) (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#main" { "Skip to the results" }
                (body)
                footer {
                    "Written by isotropic " (env!("CARGO_PKG_VERSION")) ". This page loads nothing from anywhere."
                }
            }
        }
    }
    .into_string()
}

/// A verdict as a word with a sign, coloured.
pub(super) fn badge(verdict: Verdict) -> Markup {
    html! {
        span class={ "badge " (verdict.word()) } {
            span aria-hidden="true" { (sign(verdict)) } " " (verdict.word())
        }
    }
}

/// A verdict, or that the statement says nothing here.
pub(super) fn badge_if_any(verdict: Option<Verdict>) -> Markup {
    match verdict {
        Some(verdict) => badge(verdict),
        None => html! { span class="badge none" { "does not apply" } },
    }
}

/// The sign alone.
pub(super) fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "✓",
        Verdict::Refuted => "✗",
        Verdict::Unknown => "?",
    }
}

/// One number of the summary.
pub(super) fn tile(number: usize, word: &str, class: &str, note: &str) -> Markup {
    html! {
        div class={ "tile " (class) (if number == 0 { " zero" } else { "" }) } {
            dt { (word) }
            dd { span class="number" { (number) } span class="what" { (note) } }
        }
    }
}

/// A table that scrolls by itself where the page is too narrow for it.
pub(super) fn scroller(label: &str, table: &Markup) -> Markup {
    html! {
        div class="scroll" role="region" tabindex="0" aria-label=(label) { (table) }
    }
}

/// Figures side by side where there is room.
pub(super) fn gallery(figures: &[Figure]) -> Markup {
    html! {
        @if !figures.is_empty() {
            div class="gallery" { @for figure in figures { (figure.markup()) } }
        }
    }
}

/// Entries of the table of contents.
pub(super) fn contents(entries: &[(&str, &str)]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul { @for (id, name) in entries { li { a href={ "#" (id) } { (name) } } } }
        }
    }
}
