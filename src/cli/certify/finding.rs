//! A certified bound beside what was seen: verdict, text, JSON.

use serde_json::json;

use crate::{
    certificate::{Certified, Labels, Region, observe},
    judge::Verdict,
    scalar::Field,
};

/// What an observation above a certified bound means.
pub(in crate::cli) const OUR_FAULT: &str = "refuted: a difference was observed above the bound that is certified for it. This is a \
     fault of isotropic, not of the networks: the bound is not to be relied on. Please report it with the files and this \
     command.";

/// The inputs in words.
pub(in crate::cli) fn place(region: &Region) -> String {
    match region {
        Region::Ball(radius) => format!("inputs of norm at most {}", radius.to_f64()),
        Region::Inputs(inputs) if inputs.len() == 1 => "1 input".into(),
        Region::Inputs(inputs) => format!("{} inputs", inputs.len()),
    }
}

/// A certified bound beside what was seen.
pub(in crate::cli) struct Finding {
    pub certified: Certified,
    pub observed: f64,
    /// The arithmetic.
    pub scalar: String,
    /// The inputs in words.
    pub place: String,
}

impl Finding {
    pub fn verdict(&self) -> Verdict {
        observe::judge(self.certified.bound(), self.observed)
    }

    fn ratio(&self) -> f64 {
        if self.observed == 0.0 {
            0.0
        } else {
            self.observed / self.certified.bound()
        }
    }

    pub fn text(&self) -> String {
        let verdict = self.verdict();
        if verdict == Verdict::Unknown {
            return format!("certified bound: unknown, for {}\n", self.place);
        }
        let exceeded = match verdict {
            Verdict::Refuted => "refuted: observed above certified, a fault of isotropic\n",
            Verdict::Verified | Verdict::Unknown => "",
        };
        let labels = self.certified.labels.as_ref().map_or(String::new(), labels);
        format!(
            "{exceeded}certified bound: |y - y'| <= {:.6e} for {}\n  of it the functions {:.3e}, rounding in {} {:.3e}\n\
             largest observed difference: {:.6e}\nobserved / certified: {:.3e}\n{labels}",
            self.certified.bound(),
            self.place,
            self.certified.function,
            self.scalar,
            self.certified.evaluation,
            self.observed,
            self.ratio(),
        )
    }

    pub fn json(&self, a: &str, b: &str) -> serde_json::Value {
        let verdict = self.verdict();
        let number = |x: f64| if x.is_finite() { json!(x) } else { json!(null) };
        let ratio = match verdict {
            Verdict::Unknown => f64::NAN,
            Verdict::Verified | Verdict::Refuted => self.ratio(),
        };
        json!({
            "certified_bound": number(self.certified.bound()),
            "observed": number(self.observed),
            "ratio": number(ratio),
            "verdict": verdict.word(),
            "function_bound": number(self.certified.function),
            "evaluation_bound": number(self.certified.evaluation),
            "scalar": self.scalar,
            "region": self.place,
            "labels": self.certified.labels.as_ref().map(|labels| json!({
                "inputs": labels.inputs,
                "certified_unchanged": labels.unchanged,
                "certified_changed": labels.changed,
                "undecided": labels.undecided(),
                "smallest_margin": number(labels.margin),
                "smallest_margin_at": labels.at,
            })),
            "a": a,
            "b": b,
        })
    }
}

/// How many labels are certainly the same, and how nearly one is not.
pub(in crate::cli) fn labels(labels: &Labels) -> String {
    let mut rest = vec![];
    if labels.changed > 0 {
        rest.push(format!("{} certainly changed", labels.changed));
    }
    if labels.undecided() > 0 {
        rest.push(format!("{} undecided", labels.undecided()));
    }
    let rest = if rest.is_empty() {
        String::new()
    } else {
        format!(" ({})", rest.join(", "))
    };
    format!(
        "labels certified unchanged: {} of {}{rest}; smallest margin {:.3e}, at input {}\n",
        labels.unchanged, labels.inputs, labels.margin, labels.at
    )
}

#[cfg(test)]
pub(in crate::cli) mod tests {
    use super::*;
    use crate::bound::Relation;

    pub(in crate::cli) fn finding(function: f64, observed: f64) -> Finding {
        Finding {
            certified: Certified {
                function,
                evaluation: 0.25,
                relation: Relation::Unrelated,
                labels: None,
            },
            observed,
            scalar: "f64".into(),
            place: "1 input".into(),
        }
    }

    #[test]
    fn an_observation_above_the_bound_is_refuted_everywhere() {
        let bad = finding(0.5, 0.8);
        assert_eq!(bad.verdict(), Verdict::Refuted);
        assert!(bad.text().starts_with("refuted: ") && bad.text().contains("fault of isotropic"));
        let json = bad.json("a", "b");
        assert_eq!(json["verdict"], "refuted");
        assert!(
            json["certified_bound"].is_f64() && json["observed"].is_f64(),
            "{json}"
        );
        // One evaluation overflows where the bound says that none does.
        assert_eq!(finding(0.5, f64::INFINITY).verdict(), Verdict::Refuted);
    }

    #[test]
    fn a_bound_that_holds_or_is_not_finite_is_not_refuted() {
        let good = finding(0.5, 0.75);
        assert_eq!(good.verdict(), Verdict::Verified);
        assert!(!good.text().contains("refuted"), "{}", good.text());
        assert_eq!(good.json("a", "b")["verdict"], "verified");
        let unknown = finding(f64::INFINITY, 0.75);
        assert_eq!(unknown.verdict(), Verdict::Unknown);
        assert!(unknown.json("a", "b")["certified_bound"].is_null());
    }
}
