//! What `isotropic verify` runs: the sources, their arithmetics and cases.

use super::{CASES, CASES_CONTROLS, Failure, Verify, declared_only};
use crate::{
    io::{Stored, shipped},
    scalar::Rational,
    statement::{Arithmetic, Declaration, LADDER, Origin},
    verify::{Families, Plan, Source},
};

/// Cases on a given network: each draws its own inputs, rotations and neurons.
const CASES_GIVEN: usize = 2;

/// Precisions on given networks, beside f64.
const BITS_GIVEN: [u32; 1] = [256];

/// Bits to which o = e^(ln o) is taken from a file that holds ln o: exact in every arithmetic from f64
/// upwards, so that all of them measure the same network.
const LENGTH_BITS: u32 = 53;

/// Given networks with a rational gain are checked over ℚ up to this size: the digits of an exact
/// evaluation grow with every layer and width.
const EXACT_PARAMETERS: usize = 500;

impl Verify {
    pub(super) fn plan(&self) -> Result<Plan, Failure> {
        let controls = Source {
            name: "controls".into(),
            origin: Origin::Generated,
            arithmetics: self.of_controls(),
            cases: CASES_CONTROLS,
        };
        Ok(Plan {
            seed: self.seed,
            sources: self.sources()?,
            controls,
            families: self.families(),
            proved_only: self.proved_only()?,
        })
    }

    /// The controls run in three arithmetics; where their residuals are drawn, or may be, on the whole ladder.
    fn of_controls(&self) -> Vec<Arithmetic> {
        let few = [Arithmetic::Rational, Arithmetic::F64, Arithmetic::Mp256];
        let drawn = self.report.is_some() || self.law.is_some();
        if drawn || self.shard.is_some() || self.joined {
            self.arithmetics(&few, LADDER)
        } else {
            few.into()
        }
    }

    /// The statements asked for that are proved and not measured.
    fn proved_only(&self) -> Result<Vec<Declaration>, Failure> {
        let mut wanted = declared_only()?;
        wanted.retain(|declaration| self.wants(&declaration.id));
        Ok(wanted)
    }

    /// Every file is read and validated here, before anything runs.
    fn sources(&self) -> Result<Vec<Source>, Failure> {
        let mut sources = vec![];
        if self.networks.is_empty() || self.cases.is_some() {
            sources.push(Source {
                name: "generated networks".into(),
                origin: Origin::Generated,
                arithmetics: self.arithmetics(
                    &[Arithmetic::Rational, Arithmetic::F32, Arithmetic::F64],
                    LADDER,
                ),
                cases: self.cases.map_or(CASES, |cases| cases as usize),
            });
        }
        if self.networks.is_empty() {
            let digits = shipped::test_digits::<Rational>()?.x;
            let digits: Vec<Vec<Rational>> = digits
                .column_iter()
                .map(|x| x.iter().cloned().collect())
                .collect();
            for ((name, _), stored) in shipped::NETWORKS.iter().zip(shipped::networks()?) {
                sources.push(self.given((*name).into(), &stored, digits.clone())?);
            }
        }
        for path in &self.networks {
            let stored = self.meaning.read(path)?;
            sources.push(self.given(path.display().to_string(), &stored, vec![])?);
        }
        Ok(sources)
    }

    /// The hard families, where generated networks are run.
    fn families(&self) -> Option<Families> {
        let wanted = self.networks.is_empty() || self.cases.is_some();
        wanted.then(|| Families {
            arithmetics: self.arithmetics(
                &[Arithmetic::Rational, Arithmetic::F32, Arithmetic::F64],
                LADDER,
            ),
            cases: (self.cases.unwrap_or(CASES as u32) as usize).div_ceil(4),
        })
    }

    fn given(
        &self,
        name: String,
        stored: &Stored,
        inputs: Vec<Vec<Rational>>,
    ) -> Result<Source, Failure> {
        let network = stored.exact(LENGTH_BITS)?;
        let mut arithmetics = self.arithmetics(&[Arithmetic::F64], &BITS_GIVEN);
        if network.gain().is_rational() && network.parameter_count() <= EXACT_PARAMETERS {
            arithmetics.insert(0, Arithmetic::Rational);
        }
        Ok(Source {
            name,
            origin: Origin::Given { network, inputs },
            arithmetics,
            cases: CASES_GIVEN,
        })
    }

    pub(super) fn arithmetics(&self, always: &[Arithmetic], bits: &[u32]) -> Vec<Arithmetic> {
        let bits = if self.bits.is_empty() {
            bits
        } else {
            &self.bits
        };
        let mut all: Vec<Arithmetic> = always
            .iter()
            .copied()
            .chain(bits.iter().copied().filter_map(Arithmetic::of_bits))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
