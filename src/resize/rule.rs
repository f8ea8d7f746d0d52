//! What becomes of the bias of a removed neuron: the right way (THEORY D2), and the ways that leave an
//! error behind.

/// How the dropped bias β, with outgoing columns w, is dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// It vanishes: o_l and ψ_{l+1} stay.
    Neither,
    /// o_l → o_l + β² alone.
    LengthOnly,
    /// ψ_{l+1} → ψ_{l+1} + wβ alone.
    PsiOnly,
    /// Both, which is exact where the neuron's pre-activation is constant (D2).
    Both,
    /// o_l → o_l + β², and E\[γ_l\] wβ goes into b_{l+1}, which leaves |γ_l - E γ_l| ‖wβ‖ (D8).
    Expectation,
}

impl Rule {
    /// All of them, in the order of the paper's table.
    pub const ALL: [Rule; 5] = [
        Rule::Neither,
        Rule::LengthOnly,
        Rule::PsiOnly,
        Rule::Both,
        Rule::Expectation,
    ];

    /// The heading of its column.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Neither => "neither",
            Rule::LengthOnly => "o only",
            Rule::PsiOnly => "ψ only",
            Rule::Both => "both",
            Rule::Expectation => "expectation",
        }
    }

    /// Whether β² goes into o_l.
    pub(super) fn updates_length(self) -> bool {
        matches!(self, Rule::LengthOnly | Rule::Both | Rule::Expectation)
    }
}
