//! The arithmetics that things are computed in, by name.

/// An arithmetic, by name.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Arithmetic {
    /// Exact rationals.
    Rational,
    /// Hardware single precision, 24 bits.
    F32,
    /// Hardware double precision, the 53-bit rung of the ladder.
    F64,
    /// MPFR at 64 bits.
    Mp64,
    /// MPFR at 128 bits.
    Mp128,
    /// MPFR at 256 bits.
    Mp256,
    /// MPFR at 512 bits.
    Mp512,
    /// MPFR at 1024 bits.
    Mp1024,
}

/// The MPFR precisions that are instantiated.
#[cfg(not(isotropic_quick))]
pub const LADDER: &[u32] = &[64, 128, 256, 512, 1024];
/// One rung alone, for the thousands of builds of mutation testing (`--cfg isotropic_quick`).
#[cfg(isotropic_quick)]
pub const LADDER: &[u32] = &[256];

impl Arithmetic {
    /// All of them: exact first, then by precision.
    #[cfg(not(isotropic_quick))]
    pub const ALL: &[Arithmetic] = &[
        Arithmetic::Rational,
        Arithmetic::F32,
        Arithmetic::F64,
        Arithmetic::Mp64,
        Arithmetic::Mp128,
        Arithmetic::Mp256,
        Arithmetic::Mp512,
        Arithmetic::Mp1024,
    ];
    /// The arithmetics of a quick build.
    #[cfg(isotropic_quick)]
    pub const ALL: &[Arithmetic] = &[
        Arithmetic::Rational,
        Arithmetic::F32,
        Arithmetic::F64,
        Arithmetic::Mp256,
    ];

    /// Bits of precision; `None` for the rationals.
    pub fn bits(self) -> Option<u32> {
        match self {
            Arithmetic::Rational => None,
            Arithmetic::F32 => Some(24),
            Arithmetic::F64 => Some(53),
            Arithmetic::Mp64 => Some(64),
            Arithmetic::Mp128 => Some(128),
            Arithmetic::Mp256 => Some(256),
            Arithmetic::Mp512 => Some(512),
            Arithmetic::Mp1024 => Some(1024),
        }
    }

    /// The MPFR arithmetic of that many bits, if it is on the ladder.
    pub fn of_bits(bits: u32) -> Option<Self> {
        LADDER
            .contains(&bits)
            .then(|| Self::ALL.iter().copied().find(|a| a.bits() == Some(bits)))?
    }

    /// Whether it is a rung of the precision law: f64 and MPFR, one rounding to nearest each.
    pub fn on_ladder(self) -> bool {
        self >= Arithmetic::F64
    }

    /// The column title: `rational`, `f32`, `f64`, `64` …
    pub fn title(self) -> String {
        match self {
            Arithmetic::Rational => "rational".into(),
            Arithmetic::F32 => "f32".into(),
            Arithmetic::F64 => "f64".into(),
            _ => self
                .bits()
                .map_or_else(String::new, |bits| bits.to_string()),
        }
    }
}
