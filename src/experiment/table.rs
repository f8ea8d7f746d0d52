//! What an experiment found: tables of differences, and verdicts by a rule.

use std::fmt::Write;

use serde_json::{Value, json};

use super::Sign;

/// What becomes of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Something that it needs is the other way round.
    Fails,
    /// Nothing is the other way round, and not everything that it needs is clear.
    Undecided,
    /// Everything that it needs is clear.
    Holds,
}

impl Verdict {
    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Fails => "fails",
            Verdict::Undecided => "undecided",
            Verdict::Holds => "holds",
        }
    }

    /// A claim that needs every difference to be positive.
    pub fn all(signs: impl IntoIterator<Item = Sign>) -> Self {
        let of = |sign| match sign {
            Sign::Positive => Verdict::Holds,
            Sign::Undecided => Verdict::Undecided,
            Sign::Negative => Verdict::Fails,
        };
        signs
            .into_iter()
            .map(of)
            .min()
            .unwrap_or(Verdict::Undecided)
    }

    /// A claim that is a yes or no.
    pub fn of(kept: bool) -> Self {
        if kept { Verdict::Holds } else { Verdict::Fails }
    }
}

/// A claim with its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The sentence.
    pub text: String,
    /// What became of it.
    pub verdict: Verdict,
}

/// A table with the claims that it decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What is in it.
    pub title: String,
    /// The columns.
    pub head: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
    /// The claims.
    pub claims: Vec<Claim>,
}

impl Table {
    /// An empty one.
    pub fn new(title: &str, head: &[&str]) -> Self {
        Table {
            title: title.into(),
            head: head.iter().map(ToString::to_string).collect(),
            rows: vec![],
            claims: vec![],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Adds a claim.
    pub fn judge(&mut self, text: impl Into<String>, verdict: Verdict) {
        self.claims.push(Claim {
            text: text.into(),
            verdict,
        });
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("| {} |\n", self.head.join(" | "));
        let rule: Vec<&str> = self.head.iter().map(|_| "---").collect();
        let _ = writeln!(text, "|{}|", rule.join("|"));
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        text
    }

    /// Title, head, rows and claims.
    pub fn json(&self) -> Value {
        let claims = self
            .claims
            .iter()
            .map(|claim| json!({"claim": claim.text, "verdict": claim.verdict.word()}));
        json!({
            "title": self.title,
            "head": self.head,
            "rows": self.rows,
            "claims": claims.collect::<Vec<Value>>(),
        })
    }
}
