//! The catalogue: every statement of the theory as a measurement.
//!
//! A statement draws a case, evaluates both of its sides in some arithmetic, and returns residuals
//! with their allowances. It asserts nothing: [`judge`](crate::judge) decides. Each also measures its
//! *controls*, plausible wrong versions that the judge must reject.
//!
//! What a statement says, where it comes from and how it is judged is declared in `proofs/ID.yaml`;
//! the module of the same name measures it.

mod antipodes;
mod case;
mod declaration;
mod evidence;
mod index;
mod learning;
mod limits;
mod manner;
mod proved;
mod ranks;
mod rocq;
mod support;
mod trained;

use rand_chacha::ChaCha8Rng;

pub use case::{Case, Origin};
pub use declaration::{Control, Declaration, DeclarationError, Inapplicable, Kind};
pub use evidence::{
    BEGIN as EVIDENCE_BEGIN, END as EVIDENCE_END, Evidence, Found, evidence, evidence_table,
    reasons,
};
pub use index::{BEGIN as INDEX_BEGIN, END as INDEX_END, index};
pub use proved::{
    Proof, RocqTheorem, declarations, proof_of, proved_only, refutations, rocq, same_proof,
};
pub use rocq::rocq_statement;

use crate::{
    error::Error,
    scalar::{Mp, Real},
};
pub use crate::{
    judge::{Judge, Measurement, Pair, Sample},
    scalar::{Arithmetic, LADDER, Magnitude, magnitude},
};

/// The statement itself, or one of its controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant<C> {
    /// As the theory states it.
    Faithful,
    /// This control, which must be rejected: its id, or within a statement the statement's own type.
    Control(C),
}

impl<C: PartialEq> Variant<C> {
    /// Whether this is that control.
    pub(crate) fn is(self, control: C) -> bool {
        self == Variant::Control(control)
    }
}

/// The controls of a statement, each with the id that its YAML file gives it.
pub(crate) trait Controls: Copy + PartialEq + 'static {
    /// In the order of the file.
    const ALL: &'static [(&'static str, Self)];

    /// The control of that id.
    fn named(id: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == id);
        found.map(|(_, control)| *control)
    }
}

/// A statement's controls: from one line each a variant and its id.
macro_rules! controls {
    ($($variant:ident = $id:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Control {
            $($variant,)*
        }

        impl crate::statement::Controls for Control {
            const ALL: &'static [(&'static str, Self)] = &[$(($id, Control::$variant),)*];
        }
    };
}

/// What a module of the catalogue provides. `Ok(None)` means that the statement says nothing about
/// this case in this arithmetic.
pub(crate) trait Statement {
    /// Its wrong versions.
    type Control: Controls;

    /// `proofs/ID.yaml`.
    const DECLARATION: &'static str;

    /// Gives the case the structure that the statement speaks of: hidden layers, a ψ, a length.
    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error>;

    /// Measures in floating point.
    fn real<S: Real>(
        variant: Variant<Self::Control>,
        case: &Case,
    ) -> Result<Option<Measurement>, Error>;

    /// Measures over the rationals, where residuals must vanish.
    fn exact(variant: Variant<Self::Control>, case: &Case) -> Result<Option<Measurement>, Error>;
}

type Measure = fn(Arithmetic, Variant<&str>, &Case) -> Result<Option<Measurement>, Error>;

/// One statement of the catalogue, ready to be run in any arithmetic.
pub struct Entry {
    /// What `proofs/ID.yaml` says.
    pub declaration: Declaration,
    prepare: fn(&mut Case, &mut ChaCha8Rng) -> Result<(), Error>,
    measure: Measure,
}

impl Entry {
    fn new<T: Statement>() -> Result<Self, DeclarationError> {
        let declaration = Declaration::parse(T::DECLARATION)?;
        let declared = declaration.controls.iter().map(|control| &control.id[..]);
        if !declared.eq(T::Control::ALL.iter().map(|(id, _)| *id)) {
            let id = &declaration.id;
            let why = format!("{id}: the controls of the file are not those of the module");
            return Err(DeclarationError(why));
        }
        Ok(Entry {
            declaration,
            prepare: T::prepare,
            measure: measure::<T>,
        })
    }

    /// The id, `A1` to `F9`.
    pub fn id(&self) -> &str {
        &self.declaration.id
    }

    /// The case of this statement with the given index and seed: a generated network, or the given
    /// one, with the structure that the statement needs.
    ///
    /// # Errors
    /// Those of building a network.
    pub fn case(
        &self,
        origin: &Origin,
        arithmetic: Arithmetic,
        seed: u64,
        index: usize,
    ) -> Result<Case, Error> {
        let exact = arithmetic == Arithmetic::Rational;
        let (mut case, mut rng) = Case::draw(origin, self.id(), exact, seed, index)?;
        if !matches!(origin, Origin::Family(_)) {
            (self.prepare)(&mut case, &mut rng)?;
        }
        Ok(case)
    }

    /// Residuals of one case in one arithmetic, or `None` where the statement does not apply, or has no such control.
    ///
    /// # Errors
    /// Those of the operations measured.
    pub fn measure(
        &self,
        arithmetic: Arithmetic,
        variant: Variant<&str>,
        case: &Case,
    ) -> Result<Option<Measurement>, Error> {
        let measurement = (self.measure)(arithmetic, variant, case)?;
        // Nothing measured is nothing said: no hidden layer, no zero to look at.
        Ok(measurement.filter(|found| !found.samples.is_empty() || found.broken.is_some()))
    }
}

/// The one place where the ladder of precisions is instantiated.
fn measure<T: Statement>(
    arithmetic: Arithmetic,
    variant: Variant<&str>,
    case: &Case,
) -> Result<Option<Measurement>, Error> {
    let variant = match variant {
        Variant::Faithful => Variant::Faithful,
        Variant::Control(id) => match T::Control::named(id) {
            Some(control) => Variant::Control(control),
            // A control that the statement does not have measures nothing.
            None => return Ok(None),
        },
    };
    match arithmetic {
        Arithmetic::Rational => T::exact(variant, case),
        Arithmetic::F32 => T::real::<f32>(variant, case),
        Arithmetic::F64 => T::real::<f64>(variant, case),
        Arithmetic::Mp256 => T::real::<Mp<256>>(variant, case),
        #[cfg(isotropic_quick)]
        _ => Ok(None),
        #[cfg(not(isotropic_quick))]
        Arithmetic::Mp64 => T::real::<Mp<64>>(variant, case),
        #[cfg(not(isotropic_quick))]
        Arithmetic::Mp128 => T::real::<Mp<128>>(variant, case),
        #[cfg(not(isotropic_quick))]
        Arithmetic::Mp512 => T::real::<Mp<512>>(variant, case),
        #[cfg(not(isotropic_quick))]
        Arithmetic::Mp1024 => T::real::<Mp<1024>>(variant, case),
    }
}

/// From one line: a statement's module and its entry, or the file that proves or refutes.
///
/// rustfmt does not follow modules that a macro declares: `make lint` names their files.
macro_rules! catalogue {
    (
        measured { $($module:ident: $statement:ident,)* }
        proved { $($proved:ident,)* }
        refuted { $($refuted:ident,)* }
    ) => {
        $(mod $module;)*

        /// Every statement that is measured, in the order of the theory.
        ///
        /// # Errors
        /// [`DeclarationError`] if a file of `proofs/` does not parse; a test sees that none does.
        pub fn catalogue() -> Result<Vec<Entry>, DeclarationError> {
            [$(Entry::new::<$module::$statement>(),)*].into_iter().collect()
        }

        /// The files of statements that are proved and not measured.
        const PROVED_ONLY: &[&str] = &[$(
            include_str!(concat!("../../proofs/", stringify!($proved), ".yaml")),
        )*];

        /// The files of false statements.
        const REFUTED: &[&str] = &[$(
            include_str!(concat!("../../proofs/refuted/", stringify!($refuted), ".yaml")),
        )*];
    };
}

catalogue! {
    measured {
        a1: A1,
        a2: A2,
        a3: A3,
        a4: A4,
        a5: A5,
        b1: B1,
        b2: B2,
        b3: B3,
        b4: B4,
        b5: B5,
        b6: B6,
        b7: B7,
        b8: B8,
        b9: B9,
        c1: C1,
        c2: C2,
        c3: C3,
        c4: C4,
        d1: D1,
        d2: D2,
        d3: D3,
        d4: D4,
        d5: D5,
        d6: D6,
        d7: D7,
        d8: D8,
        d9: D9,
        d10: D10,
        d11: D11,
        d12: D12,
        e1: E1,
        e2: E2,
        e3: E3,
        e4: E4,
        e5: E5,
        e6: E6,
        e7: E7,
        f1: F1,
        f2: F2,
        f3: F3,
        f4: F4,
        f5: F5,
        f6: F6,
        f7: F7,
        f8: F8,
        f9: F9,
    }
    proved {
        G1,
        G2,
    }
    refuted {
        A1,
        A3,
        B1,
        B2,
        B3,
        B8,
        B9,
        C1,
        C2,
        C4,
        D1,
        D2,
        D3,
        D4,
        D5,
        D6,
        D7,
        E1,
        E2,
        F1,
        F2,
        G1,
        G2,
    }
}
