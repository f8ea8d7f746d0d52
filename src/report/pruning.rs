//! The report of a `prune`: what there is to choose from, and what was chosen.

use maud::{Markup, html};

use super::{
    figure::{Axis, Chart, Figure, Ink, Mark, Post, Series, TENS, power_of_ten},
    page::{contents, document, gallery, scroller},
};
use crate::{
    invariance::short,
    prune::Pruned,
    scalar::{Field, Real},
    statement::Magnitude,
    visible::visible,
};

/// One network of the trade-off.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Those of W, b, ψ and o.
    pub parameters: usize,
    /// n₀ … n_L.
    pub widths: Vec<usize>,
    /// Root mean square of ‖y - y'‖ on the rows held out.
    pub error: f64,
    /// The same beside the spread of the outputs.
    pub relative: f64,
    /// The largest ‖y - y'‖ there.
    pub worst: f64,
    /// The share of those rows that are right; `None` without labels.
    pub accuracy: Option<f64>,
    /// Rows with another label than before; `None` for one output.
    pub changed: Option<usize>,
}

impl Candidate {
    /// What was measured of a smaller network.
    pub fn of<S: Real>(found: &Pruned<S>) -> Self {
        let measured = &found.measured;
        let rows = measured.rows.max(1) as f64;
        let right = measured.labels.and_then(|labels| labels.right);
        Candidate {
            parameters: found.parameters,
            widths: found.network.widths(),
            error: measured.rms,
            relative: measured.relative(),
            worst: measured.worst,
            accuracy: right.map(|(_, now)| now as f64 / rows),
            changed: measured.labels.map(|labels| labels.changed),
        }
    }
}

/// A prune, to be reported.
pub struct Pruning<'a> {
    /// What the network is called.
    pub name: &'a str,
    /// Its parameters.
    pub before: usize,
    /// Its accuracy on the rows held out.
    pub accuracy: Option<f64>,
    /// Rows held out.
    pub rows: usize,
    /// What there is to choose from, from the most to the fewest parameters.
    pub tradeoff: &'a [Candidate],
    /// What was chosen, and what the command said of it, a sentence a line; `None` without a budget.
    pub chosen: Option<(&'a Candidate, &'a str)>,
    /// The command line that repeats the run.
    pub replay: &'a str,
}

impl Pruning<'_> {
    /// The trade-off and what was chosen, from the most to the fewest parameters.
    fn all(&self) -> Vec<&Candidate> {
        let mut all: Vec<&Candidate> = self.tradeoff.iter().collect();
        if let Some((chosen, _)) = self.chosen
            && !all.iter().any(|found| found.widths == chosen.widths)
        {
            all.push(chosen);
        }
        all.sort_by_key(|found| std::cmp::Reverse(found.parameters));
        all
    }

    /// The report as an HTML document. It holds no time: equal runs have equal reports.
    #[must_use]
    pub fn to_html(&self) -> String {
        let figures: Vec<Figure> = [self.errors(), self.accuracies()]
            .into_iter()
            .flatten()
            .collect();
        let body = html! {
            header {
                p class="kicker" { "isotropic prune" }
                h1 { "Smaller networks" }
                p class="lead" { (visible(self.name)) ": " (self.lead()) }
                @if let Some((_, said)) = &self.chosen {
                    ul class="findings" { @for line in said.lines() { li { (visible(line)) } } }
                }
            }
            (contents(&[("tradeoff", "What there is to choose from"), ("run", "The run"), ("glossary", "Glossary")]))
            main id="main" {
                section id="tradeoff" aria-labelledby="tradeoff-title" {
                    h2 id="tradeoff-title" { "What there is to choose from" }
                    (gallery(&figures))
                    (self.table())
                }
                section id="run" aria-labelledby="run-title" {
                    h2 id="run-title" { "The run" }
                    dl class="facts" {
                        dt { "Judged on" } dd { (self.rows) " rows that neither directions nor widths were chosen by" }
                        dt { "Replay" } dd { code { (visible(self.replay)) } }
                    }
                }
                (glossary())
            }
        };
        document("Smaller networks", &body)
    }

    fn lead(&self) -> String {
        let share = |parameters: usize| 100.0 * parameters as f64 / self.before.max(1) as f64;
        match (&self.chosen, self.tradeoff.last()) {
            (Some((chosen, _)), _) => format!(
                "{} of {} parameters are left ({:.1} %), and the outputs differ by {} (root mean square).",
                chosen.parameters,
                self.before,
                share(chosen.parameters),
                digits(chosen.error)
            ),
            (None, Some(least)) => format!(
                "{} parameters; the smallest network of this kind has {} of them ({:.1} %) and an error of {}.",
                self.before,
                least.parameters,
                share(least.parameters),
                digits(least.error)
            ),
            (None, None) => format!("{} parameters, and nothing smaller.", self.before),
        }
    }

    fn figure(
        &self,
        id: &str,
        title: &str,
        points: Vec<(f64, f64)>,
        y: impl Fn(f64, f64) -> Axis,
    ) -> Option<Figure> {
        let low = points.iter().map(|p| p.1).fold(f64::NAN, f64::min);
        let high = points.iter().map(|p| p.1).fold(f64::NAN, f64::max);
        let most = points.iter().map(|p| p.0).fold(f64::NAN, f64::max);
        if points.len() < 2 || !low.is_finite() {
            return None;
        }
        let posts = self.chosen.as_ref().map(|(chosen, _)| Post {
            at: chosen.parameters as f64,
            words: format!("chosen: {}", chosen.parameters),
        });
        Some(Figure {
            id: id.into(),
            title: title.into(),
            description: format!(
                "Each point is the smallest network found within some error, on {} rows that nothing else saw.",
                self.rows
            ),
            legend: vec![(Ink::Blue, Mark::Dots, "networks found".into())],
            chart: Chart {
                x: Axis::of_counts("parameters", most * 1.04),
                y: y(low, high),
                series: vec![Series {
                    points,
                    ink: Ink::Blue,
                    mark: Mark::Dots,
                }],
                posts: posts.into_iter().collect(),
            },
        })
    }

    fn errors(&self) -> Option<Figure> {
        let all = self.all();
        let some = all.iter().filter(|found| found.error > 0.0);
        let points = some.map(|found| (found.parameters as f64, found.error.log10()));
        self.figure(
            "error",
            "Error against parameters",
            points.collect(),
            |low, high| Axis::of_powers("error, root mean square", low..high, &TENS, power_of_ten),
        )
    }

    fn accuracies(&self) -> Option<Figure> {
        let point = |found: &&Candidate| Some((found.parameters as f64, 100.0 * found.accuracy?));
        let all = self.all();
        let points = all.iter().filter_map(point);
        self.figure(
            "accuracy",
            "Accuracy against parameters",
            points.collect(),
            |low, _| Axis::of_percent("right, %", low),
        )
    }

    fn table(&self) -> Markup {
        let labelled = self.tradeoff.iter().any(|found| found.changed.is_some());
        let accurate = self.tradeoff.iter().any(|found| found.accuracy.is_some());
        let chosen = |found: &Candidate| {
            (self.chosen.as_ref()).is_some_and(|(chosen, _)| chosen.widths == found.widths)
        };
        let table = html! {
            table {
                caption { span { "From the most to the fewest parameters" } }
                thead { tr {
                    th scope="col" { "widths" }
                    th scope="col" class="number" { "parameters" } th scope="col" class="number" { "of all" }
                    th scope="col" class="number" { "error" } th scope="col" class="number" { "relative" }
                    th scope="col" class="number" { "worst" }
                    @if labelled { th scope="col" class="number" { "labels changed" } }
                    @if accurate { th scope="col" class="number" { "accuracy" } }
                } }
                tbody { @for found in self.all() { tr {
                    th scope="row" class="keep" {
                        (joined(&found.widths))
                        @if chosen(found) { " (chosen)" }
                    }
                    td class="number" { (found.parameters) }
                    td class="number" { (format!("{:.1} %", 100.0 * found.parameters as f64 / self.before.max(1) as f64)) }
                    td class="number" { (digits(found.error)) }
                    td class="number" { (digits(found.relative)) }
                    td class="number" { (digits(found.worst)) }
                    @if labelled { td class="number" { (found.changed.map_or("–".into(), |n| n.to_string())) } }
                    @if accurate { td class="number" { (percent(found.accuracy)) } }
                } } }
            }
        };
        html! {
            @if let Some(before) = self.accuracy { p { "The network itself gets " (percent(Some(before))) " right." } }
            (scroller("The trade-off", &table))
        }
    }
}

fn glossary() -> Markup {
    let words = [
        (
            "error",
            "root mean square over the rows held out of ‖y - y'‖, y the outputs before and y' after",
        ),
        (
            "relative",
            "the error over the root mean square of y about its mean: 1 is what a constant does",
        ),
        ("worst", "the largest ‖y - y'‖ over those rows"),
        (
            "labels changed",
            "rows whose label, the largest output, is another than before, right or wrong",
        ),
        (
            "accuracy",
            "the share of those rows whose label is the given one",
        ),
    ];
    html! {
        section id="glossary" aria-labelledby="glossary-title" {
            h2 id="glossary-title" { "Glossary" }
            dl class="facts" { @for (word, meaning) in words { dt { (word) } dd { (meaning) } } }
        }
    }
}

fn joined(widths: &[usize]) -> String {
    let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
    widths.join("-")
}

fn digits(x: f64) -> String {
    short(&Magnitude::from_f64(x))
}

fn percent(share: Option<f64>) -> String {
    share.map_or("–".into(), |share| format!("{:.1} %", 100.0 * share))
}
