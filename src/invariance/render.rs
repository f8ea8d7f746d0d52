//! The tables as text, CSV, LaTeX and JSON.

use std::fmt::Write;

use num_traits::Zero;
use serde_json::{Value, json};

use super::{Cell, Finding, Invariance, Row, Table};
use crate::{resize::Rule, scalar::Field, statement::Magnitude};

/// A measure of a cell.
pub(crate) struct Measure {
    /// Its heading.
    pub(crate) name: &'static str,
    /// What the heading means, for a reader who has only the table.
    pub(crate) meaning: &'static str,
    /// What it is for a cell.
    pub(crate) of: fn(&Invariance, &Cell) -> String,
}

/// The measures, in the order in which every format lists them.
pub(crate) const MEASURES: [Measure; 8] = [
    Measure {
        name: "largest ‖y - y'‖",
        meaning: "over the inputs, as measured",
        of: |_, cell| short(&cell.largest),
    },
    Measure {
        name: "certified bound",
        meaning: "on the largest ‖y - y'‖, proved for these inputs, roundings included",
        of: |_, cell| short(&cell.bound),
    },
    Measure {
        name: "measured / bound",
        meaning: "the largest ‖y - y'‖ / bound, each at its own input; above 1 the bound is wrong",
        of: |_, cell| short(&cell.ratio),
    },
    Measure {
        name: "Δaccuracy",
        meaning: "inputs classified as labelled after the change, less before, as a share of all; - without labels",
        of: |all, cell| {
            all.accuracy_change(cell)
                .map_or("-".into(), |change| format!("{change:+.4}"))
        },
    },
    Measure {
        name: "scaled ε, %",
        meaning: "mean of ‖y - y'‖ / ‖y‖ over the inputs, y the outputs before and y' after, in per cent",
        of: |_, cell| short(&cell.epsilon),
    },
    Measure {
        name: "KL, nats",
        meaning: "mean Kullback-Leibler divergence of softmax y' from softmax y",
        of: |_, cell| short(&cell.divergence),
    },
    Measure {
        name: "labels certified",
        meaning: "inputs whose label, the largest output, is proved to be the same after the change; - for one output",
        of: |_, cell| cell.unchanged.map_or("-".into(), |count| count.to_string()),
    },
    Measure {
        name: "smallest margin",
        meaning: "how far the output of the old label is above all others after the change, at least: the least over the inputs; negative where the label may change or does",
        of: |_, cell| cell.margin.as_ref().map_or("-".into(), short),
    },
];

/// A magnitude in three digits.
pub(crate) fn short(x: &Magnitude) -> String {
    let value = x.to_f64();
    match value {
        _ if value < 0.0 => format!("-{}", short(&-x.clone())),
        _ if x.is_zero() => "0".into(),
        _ if (0.001..1000.0).contains(&value) => {
            let digits = (2 - value.log10().floor() as i64).max(0) as usize;
            format!("{value:.digits$}")
        }
        _ => crate::judge::short(x),
    }
}

/// +75, 0, -75.
pub(crate) fn signed(change: i64) -> String {
    match change {
        1.. => format!("+{change}"),
        _ => change.to_string(),
    }
}

impl Invariance {
    /// What the tables are of, in a line.
    pub(crate) fn heading(&self) -> String {
        let widths: Vec<String> = self.widths.iter().map(usize::to_string).collect();
        let accuracy = self.right.map_or(String::new(), |right| {
            let share = right as f64 / self.inputs as f64;
            format!(", accuracy {share:.4}")
        });
        format!(
            "network {} in {}, {} inputs{accuracy}",
            widths.join("-"),
            self.scalar,
            self.inputs
        )
    }
}

impl Table {
    pub(crate) fn heading(&self) -> String {
        format!("hidden layer {}, {} neurons", self.layer, self.width)
    }
}

/// One table for each layer, for people.
pub fn to_text(all: &Invariance) -> String {
    let mut text = all.heading() + "\n";
    for table in &all.tables {
        // Writing to a string cannot fail.
        let found = Finding::of(all, table).sentence();
        let _ = write!(
            text,
            "\n{}\n{found}\n{:>7}  {:<18}",
            table.heading(),
            "neurons",
            ""
        );
        for rule in &all.rules {
            let _ = write!(text, "{:>13}", rule.name());
        }
        text.push('\n');
        for row in &table.rows {
            let change = signed(row.change);
            if row.change < 0 {
                let _ = writeln!(text, "{change:>7}  Σσ removed {}", short(&row.removed));
            }
            for (i, measure) in MEASURES.iter().enumerate() {
                let name = measure.name;
                let first = if i == 0 && row.change >= 0 {
                    change.as_str()
                } else {
                    ""
                };
                let _ = write!(text, "{first:>7}  {name:<18}");
                for cell in &row.cells {
                    let _ = write!(text, "{:>13}", (measure.of)(all, cell));
                }
                text.push('\n');
            }
        }
    }
    text.push('\n');
    for (word, meaning) in WORDS {
        let _ = writeln!(text, "{word}: {meaning}");
    }
    for measure in &MEASURES {
        let _ = writeln!(text, "{}: {}", measure.name, measure.meaning);
    }
    text
}

/// What the words of the tables mean, for a reader who has only them; the measures say themselves what they mean.
pub(crate) const WORDS: [(&str, &str); 3] = [
    (
        "neurons",
        "added, or, where negative, removed along the smallest singular directions of [W ψ]",
    ),
    (
        "columns",
        "what becomes of the bias β of a removed neuron with outgoing weights w; neither: it vanishes;\n  \
         o only: o grows by β²; ψ only: ψ grows by wβ; both: both, which is exact for a neuron whose row is zero;\n  \
         expectation: o grows by β², and the mean of γ wβ over the inputs goes into the bias",
    ),
    ("Σσ removed", "sum of the singular values that were cut off"),
];

/// One line for each layer, change and rule, with a header; numbers in 17 digits.
pub fn to_csv(all: &Invariance) -> String {
    let mut text = String::from(
        "layer,width,neurons,sigma_removed,rule,accuracy_change,scaled_epsilon_percent,kl_nats,\
         largest_difference,certified_bound,ratio,labels_certified_unchanged,smallest_margin\n",
    );
    for (table, row, cell) in cells(all) {
        let accuracy = all.accuracy_change(cell);
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{}",
            table.layer,
            table.width,
            row.change,
            digits(&row.removed),
            word(cell.rule),
            accuracy.map_or(String::new(), |change| change.to_string()),
            digits(&cell.epsilon),
            digits(&cell.divergence),
            digits(&cell.largest),
            digits(&cell.bound),
            digits(&cell.ratio),
            cell.unchanged
                .map_or(String::new(), |count| count.to_string()),
            cell.margin.as_ref().map_or(String::new(), digits),
        );
    }
    text
}

/// One `tabular` for each layer; needs the package booktabs.
pub fn to_latex(all: &Invariance) -> String {
    let mut text = format!("% {}\n", all.heading());
    for table in &all.tables {
        let _ = write!(
            text,
            "\n% {}\n\\begin{{tabular}}{{rl{}}}\n\\toprule\nneurons &",
            table.heading(),
            "r".repeat(all.rules.len())
        );
        for rule in &all.rules {
            let _ = write!(text, " & {}", latex(rule.name()));
        }
        text.push_str(" \\\\\n");
        for row in &table.rows {
            text.push_str("\\midrule\n");
            let mut first = format!("${}$", signed(row.change));
            if row.change < 0 {
                let removed = number(&short(&row.removed));
                let _ = writeln!(
                    text,
                    "{first} & $\\sum\\sigma$ removed & {removed} &&&& \\\\"
                );
                first.clear();
            }
            for measure in &MEASURES {
                let _ = write!(text, "{first} & {}", latex(measure.name));
                for cell in &row.cells {
                    let _ = write!(text, " & {}", number(&(measure.of)(all, cell)));
                }
                text.push_str(" \\\\\n");
                first.clear();
            }
        }
        text.push_str("\\bottomrule\n\\end{tabular}\n");
    }
    text
}

/// Everything, magnitudes as decimal strings: they can lie below the smallest f64.
pub fn to_json(all: &Invariance) -> Value {
    let cells = cells(all).map(|(table, row, cell)| {
        json!({
            "layer": table.layer,
            "width": table.width,
            "neurons": row.change,
            "sigma_removed": digits(&row.removed),
            "rule": word(cell.rule),
            "accuracy_change": all.accuracy_change(cell),
            "scaled_epsilon_percent": digits(&cell.epsilon),
            "kl_nats": digits(&cell.divergence),
            "largest_difference": digits(&cell.largest),
            "certified_bound": digits(&cell.bound),
            "ratio": digits(&cell.ratio),
            "labels_certified_unchanged": cell.unchanged,
            "smallest_margin": cell.margin.as_ref().map(digits),
            "verdict": cell.verdict().word(),
        })
    });
    json!({
        "format": "isotropic-bounds-1",
        "scalar": all.scalar,
        "widths": all.widths,
        "inputs": all.inputs,
        "right": all.right,
        "verdict": all.verdict().word(),
        "cells": cells.collect::<Vec<_>>(),
    })
}

fn cells(all: &Invariance) -> impl Iterator<Item = (&Table, &Row, &Cell)> {
    all.tables.iter().flat_map(|table| {
        let of_row = move |row| cells_of(table, row);
        table.rows.iter().flat_map(of_row)
    })
}

fn cells_of<'a>(
    table: &'a Table,
    row: &'a Row,
) -> impl Iterator<Item = (&'a Table, &'a Row, &'a Cell)> {
    row.cells.iter().map(move |cell| (table, row, cell))
}

/// The rule for machines.
fn word(rule: Rule) -> &'static str {
    match rule {
        Rule::Neither => "neither",
        Rule::LengthOnly => "o-only",
        Rule::PsiOnly => "psi-only",
        Rule::Both => "both",
        Rule::Expectation => "expectation",
    }
}

/// As many digits as an f64 has, whatever the exponent.
fn digits(x: &Magnitude) -> String {
    match x.to_f64() {
        value if value.is_nan() => "nan".into(),
        value if value.is_infinite() && !x.is_finite() => "inf".into(),
        _ => format!("{x:.16}"),
    }
}

/// A number as LaTeX sets it: 1.2e-5 becomes 1.2 · 10⁻⁵.
fn number(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("${mantissa}\\cdot10^{{{exponent}}}$"),
        None if text == "-" => "--".into(),
        None => format!("${text}$"),
    }
}

/// The names above, in LaTeX.
fn latex(text: &str) -> String {
    text.replace('%', "\\%")
        .replace('Δ', "$\\Delta$")
        .replace('ψ', "$\\psi$")
        .replace('ε', "$\\varepsilon$")
        .replace("‖y - y'‖", "$\\|y-y'\\|$")
}
