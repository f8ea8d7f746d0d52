//! The catalogue: every statement of the theory as a measurement.
//!
//! A statement draws a case, evaluates both of its sides in some arithmetic, and returns residuals
//! with their allowances. It asserts nothing: [`judge`](crate::judge) decides. Each also measures its
//! *controls*, plausible wrong versions that the judge must reject.
//!
//! What a statement says, where it comes from and how it is judged is declared in `proofs/ID.yaml`;
//! the module of the same name measures it.

mod arithmetic;
mod case;
mod declaration;
mod index;
mod measurement;
mod proved;
mod ranks;
mod support;

mod a1;
mod a2;
mod a3;
mod a4;
mod a5;
mod b1;
mod b2;
mod b3;
mod b4;
mod b5;
mod b6;
mod b7;
mod b8;
mod c1;
mod c2;
mod c3;
mod c4;
mod d1;
mod d10;
mod d2;
mod d3;
mod d4;
mod d5;
mod d6;
mod d7;
mod d8;
mod d9;
mod e1;
mod e2;
mod e3;
mod e4;
mod e5;
mod e6;
mod e7;
mod f4;

use rand_chacha::ChaCha8Rng;

pub use arithmetic::{Arithmetic, LADDER};
pub use case::{Case, Origin};
pub use declaration::{Control, Declaration, DeclarationError, Inapplicable, Judge, Kind};
pub use index::{BEGIN as INDEX_BEGIN, END as INDEX_END, index};
pub use measurement::{Magnitude, Measurement, Sample, magnitude};
pub use proved::{
    Proof, RocqTheorem, declarations, no_script, proof_of, proved_only, refutations, rocq,
};

use crate::{
    error::Error,
    scalar::{Mp, Real},
};

/// The statement itself, or one of its controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant<'a> {
    /// As the theory states it.
    Faithful,
    /// The control of this id, which must be rejected.
    Control(&'a str),
}

impl Variant<'_> {
    /// Whether this is the control `id`.
    pub(crate) fn is(self, id: &str) -> bool {
        self == Variant::Control(id)
    }
}

/// What a module of the catalogue provides. `Ok(None)` means that the statement says nothing about
/// this case in this arithmetic.
pub(crate) trait Statement {
    /// `proofs/ID.yaml`.
    const DECLARATION: &'static str;

    /// Gives the case the structure that the statement speaks of: hidden layers, a ψ, a length.
    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error>;

    /// Measures in floating point.
    fn real<S: Real>(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error>;

    /// Measures over the rationals, where residuals must vanish.
    fn exact(variant: Variant, case: &Case) -> Result<Option<Measurement>, Error>;
}

/// One statement of the catalogue, ready to be run in any arithmetic.
pub struct Entry {
    /// What `proofs/ID.yaml` says.
    pub declaration: Declaration,
    prepare: fn(&mut Case, &mut ChaCha8Rng) -> Result<(), Error>,
    measure: fn(Arithmetic, Variant, &Case) -> Result<Option<Measurement>, Error>,
}

impl Entry {
    fn new<T: Statement>() -> Result<Self, DeclarationError> {
        Ok(Entry {
            declaration: Declaration::parse(T::DECLARATION)?,
            prepare: T::prepare,
            measure: measure::<T>,
        })
    }

    /// The id, `A1` to `F4`.
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

    /// Residuals of one case in one arithmetic, or `None` where the statement does not apply.
    ///
    /// # Errors
    /// Those of the operations measured.
    pub fn measure(
        &self,
        arithmetic: Arithmetic,
        variant: Variant,
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
    variant: Variant,
    case: &Case,
) -> Result<Option<Measurement>, Error> {
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

/// Every statement, in the order of the theory.
///
/// # Errors
/// [`DeclarationError`] if a file of `proofs/` does not parse; a test sees that none does.
pub fn catalogue() -> Result<Vec<Entry>, DeclarationError> {
    [
        Entry::new::<a1::A1>(),
        Entry::new::<a2::A2>(),
        Entry::new::<a3::A3>(),
        Entry::new::<a4::A4>(),
        Entry::new::<a5::A5>(),
        Entry::new::<b1::B1>(),
        Entry::new::<b2::B2>(),
        Entry::new::<b3::B3>(),
        Entry::new::<b4::B4>(),
        Entry::new::<b5::B5>(),
        Entry::new::<b6::B6>(),
        Entry::new::<b7::B7>(),
        Entry::new::<b8::B8>(),
        Entry::new::<c1::C1>(),
        Entry::new::<c2::C2>(),
        Entry::new::<c3::C3>(),
        Entry::new::<c4::C4>(),
        Entry::new::<d1::D1>(),
        Entry::new::<d2::D2>(),
        Entry::new::<d3::D3>(),
        Entry::new::<d4::D4>(),
        Entry::new::<d5::D5>(),
        Entry::new::<d6::D6>(),
        Entry::new::<d7::D7>(),
        Entry::new::<d8::D8>(),
        Entry::new::<d9::D9>(),
        Entry::new::<d10::D10>(),
        Entry::new::<e1::E1>(),
        Entry::new::<e2::E2>(),
        Entry::new::<e3::E3>(),
        Entry::new::<e4::E4>(),
        Entry::new::<e5::E5>(),
        Entry::new::<e6::E6>(),
        Entry::new::<e7::E7>(),
        Entry::new::<f4::F4>(),
    ]
    .into_iter()
    .collect()
}
