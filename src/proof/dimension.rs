//! Trusted. Symbolic dimensions: linear forms over names, all of which are at least 0.

use std::collections::BTreeMap;

/// Larger coefficients are refused: a form that wrapped round would make different dimensions equal, and
/// doubling thirty times would make one that nobody can print.
const LARGEST: u32 = 1000;

/// A number of rows or columns: `n₁`, `1`, `n₁+q`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dimension {
    /// What does not depend on any name.
    pub(super) constant: u32,
    /// How often each name occurs; never 0 times, so that equal forms are equal maps.
    pub(super) names: BTreeMap<String, u32>,
}

impl Dimension {
    /// A fixed number.
    pub fn number(constant: u32) -> Self {
        let names = BTreeMap::new();
        Dimension { constant, names }
    }

    /// A name.
    pub fn name(name: &str) -> Self {
        let names = BTreeMap::from([(name.to_string(), 1)]);
        Dimension { constant: 0, names }
    }

    /// The sum; `None` where a coefficient grows beyond 1000.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        let add = |a: u32, b: u32| a.checked_add(b).filter(|sum| *sum <= LARGEST);
        sum.constant = add(sum.constant, other.constant)?;
        for (name, times) in &other.names {
            let coefficient = sum.names.entry(name.clone()).or_insert(0);
            *coefficient = add(*coefficient, *times)?;
        }
        Some(sum)
    }

    /// The form with every name replaced by a form of its own; `None` for a name that has none, or on
    /// overflow.
    pub(super) fn instance(&self, forms: &BTreeMap<String, Dimension>) -> Option<Self> {
        let mut sum = Dimension::number(self.constant);
        for (name, times) in &self.names {
            for _ in 0..*times {
                sum = sum.plus(forms.get(name)?)?;
            }
        }
        Some(sum)
    }
}
