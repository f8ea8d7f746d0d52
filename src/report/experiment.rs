//! The page of an experiment on learning.

use maud::html;

use super::page::document;
use crate::experiment::{Claim, Config, Table, Verdict};
use crate::visible::visible;

/// Claims, those that fail first, the rule, and the tables, as an HTML document.
#[must_use]
pub fn experiment(config: &Config, data: &str, seeds: u64, tables: &[Table]) -> String {
    let mut claims: Vec<&Claim> = tables.iter().flat_map(|table| &table.claims).collect();
    claims.sort_by_key(|claim| claim.verdict);
    let class = |verdict| match verdict {
        Verdict::Fails => "badge refuted",
        Verdict::Undecided => "badge unknown",
        Verdict::Holds => "badge verified",
    };
    let body = html! {
        header {
            h1 { (visible(&config.title)) }
            p { (visible(&config.claim)) }
        }
        main id="main" {
            section {
                h2 { "Verdicts" }
                ul {
                    @for claim in claims {
                        li { span class=(class(claim.verdict)) { (claim.verdict.word()) } " " (visible(&claim.text)) }
                    }
                }
                p { "Rule, written before the runs: " (visible(&config.rule)) }
                p { (visible(data)) ", " (seeds) " seeds; source: " (visible(&config.source)) }
            }
            @for table in tables {
                section {
                    h2 { (visible(&table.title)) }
                    div class="scroll" tabindex="0" role="region" aria-label=(visible(&table.title)) {
                        table {
                            thead { tr { @for cell in &table.head { th scope="col" { (visible(cell)) } } } }
                            tbody { @for row in &table.rows { tr { @for cell in row { td { (visible(cell)) } } } } }
                        }
                    }
                }
            }
        }
    };
    document(&format!("isotropic experiment {}", config.name), &body)
}
