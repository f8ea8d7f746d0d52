//! Cases in the making.

use super::super::{
    draw::{Digits, Stream},
    input::{Input, Refusal},
};
use crate::{
    bound::Units,
    network::Gain,
    scalar::{Mp, Rational},
};

/// The arithmetic of the references and of the allowances.
pub(in crate::vector) type Wide = Mp<512>;

/// What an answer may be off by.
#[derive(Clone, Debug)]
pub(in crate::vector) enum Allow {
    /// So many units of u, doubled for the terms of second order.
    Units(Wide),
    /// The same, and what underflowed on the way and was enlarged since.
    Carried(Units<Wide>),
    /// The reference is 0; so many units of u.
    Zero(Wide),
    /// Nothing.
    Exact,
    /// The answer may be anything from 0 to this, and so many units more.
    AtMost(Rational, Units<Wide>),
}

/// What an operation allows for each of its outputs.
pub(in crate::vector) type Allowances = Result<Vec<(&'static str, Allow)>, Refusal>;

/// A case before its references are computed.
pub(in crate::vector) struct Draft {
    pub(in crate::vector) id: String,
    pub(in crate::vector) comment: String,
    pub(in crate::vector) flags: Vec<&'static str>,
    pub(in crate::vector) statement: &'static str,
    pub(in crate::vector) input: Input,
    /// For f64 alone.
    pub(in crate::vector) double: bool,
    /// Outputs that are not asked for.
    pub(in crate::vector) without: Vec<&'static str>,
    /// What is at most something is compared with the reference as well.
    pub(in crate::vector) two_sided: bool,
    /// A refusal is as good as the answer.
    pub(in crate::vector) acceptable: bool,
    /// Allowances of its own, in place of those of its operation.
    pub(in crate::vector) allowances: Option<fn(&Input) -> Allowances>,
}

impl Draft {
    pub(super) fn new(
        id: String,
        comment: impl Into<String>,
        statement: &'static str,
        input: Input,
    ) -> Self {
        Draft {
            id,
            comment: comment.into(),
            flags: vec![],
            statement,
            input,
            double: false,
            without: vec![],
            acceptable: false,
            two_sided: false,
            allowances: None,
        }
    }

    pub(super) fn flags(mut self, flags: &[&'static str]) -> Self {
        self.flags.extend(flags);
        self
    }

    /// A flag that applies only under a condition.
    pub(super) fn flag_if(self, holds: bool, flag: &'static str) -> Self {
        if holds { self.flags(&[flag]) } else { self }
    }

    pub(super) fn double(mut self) -> Self {
        self.double = true;
        self
    }

    pub(super) fn two_sided(mut self) -> Self {
        self.two_sided = true;
        self
    }

    /// Judged by other allowances than the operation's other cases, which keep theirs.
    pub(super) fn allowing(mut self, allowances: fn(&Input) -> Allowances) -> Self {
        self.allowances = Some(allowances);
        self
    }

    pub(super) fn acceptable(mut self) -> Self {
        self.acceptable = true;
        self
    }

    pub(super) fn without(mut self, output: &'static str) -> Self {
        self.without.push(output);
        self
    }
}

/// Seed and operation: what streams and ids are made from.
pub(in crate::vector) struct Source {
    pub(in crate::vector) seed: u64,
    pub(in crate::vector) operation: &'static str,
}

impl Source {
    pub(super) fn id(&self, name: &str) -> String {
        format!("{}/{name}", self.operation)
    }

    pub(super) fn stream(&self, name: &str, digits: Digits) -> Stream {
        Stream::new(self.seed, &self.id(name), digits)
    }
}

/// p/q.
pub(super) fn ratio(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q).unwrap_or_default()
}

/// 2^e.
pub(super) fn power(e: i32) -> Rational {
    Rational(rug::Rational::from(1) << e)
}

/// The gains that bend.
pub(super) fn bent() -> Vec<Gain<Rational>> {
    let mut gains = Gain::all(&ratio(1, 4));
    gains.retain(|gain| *gain != Gain::Linear);
    gains
}

/// Those of them that every operation on networks is drawn with: a gain that has come later is asked for where gains
/// are evaluated, and the same weights are edited whatever the gain is.
pub(super) fn gains() -> Vec<Gain<Rational>> {
    let mut gains = bent();
    gains.retain(|gain| *gain != Gain::Log1p);
    gains
}

/// The widths as they stand in an id: `2-4-3`.
pub(super) fn joined(widths: &[usize]) -> String {
    let texts: Vec<String> = widths.iter().map(usize::to_string).collect();
    texts.join("-")
}
