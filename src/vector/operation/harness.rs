//! Does the adapter work? Numbers in, the same numbers out.

use super::{
    allow::Allowances,
    draft::{Allow, Draft, Source},
    question::{Question, X},
};
use crate::{
    Error,
    scalar::{Rational, Real, text::parse_exact},
    vector::{
        answer::Answer,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("harness.txt");
    const INPUTS: &'static [Part] = &[X];
    const OUTPUTS: &'static [Part] = &[("x", Kind::Vector, true)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let cases: [(&str, &str, &[&str]); 6] = [
            ("one", "A whole number.", &["0x1p+0"]),
            (
                "signs",
                "Both signs and zero.",
                &["-0x1p-1", "0x0p+0", "0x1.8p+1"],
            ),
            (
                "hex",
                "Full single precision mantissas.",
                &["0x1.555556p-2", "-0x1.99999ap-4"],
            ),
            (
                "small",
                "Small and large, within single precision.",
                &["0x1p-100", "0x1p+100"],
            ),
            (
                "ratio",
                "Numbers written p/q; both are binary fractions.",
                &["3/8", "-5/4"],
            ),
            (
                "decimal",
                "Numbers written as decimals; all are binary fractions.",
                &["0.5", "-2.25", "1e3"],
            ),
        ];
        let draft = |(name, comment, x): (&str, &str, &[&str])| {
            let x: Vec<serde_json::Value> = x.iter().map(|&x| x.into()).collect();
            let input = Input::default().with("x", x);
            Draft::new(source.id(name), comment, "harness", input).flags(&["HarnessWorks"])
        };
        let mut drafts: Vec<Draft> = cases.into_iter().map(draft).collect();
        let double = [
            "0x1.5555555555555p-2",
            "0x1.fffffffffffffp+1023",
            "0x1p-1022",
        ];
        let known = double.iter().filter_map(|x| parse_exact(x).ok());
        let x: Vec<Rational> = known.collect();
        let input = Input::default().with_vector("x", &x);
        let comment = "Full double precision mantissas, at both ends of the range.";
        drafts.push(
            Draft::new(source.id("double"), comment, "harness", input)
                .flags(&["HarnessWorks"])
                .double(),
        );
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        Answer::default().vector("x", &input.vector::<S>("x")?)
    }

    fn allowances(_: &Input) -> Allowances {
        Ok(vec![("x", Allow::Exact)])
    }
}
