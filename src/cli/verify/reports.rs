//! The files of `isotropic verify` for people and for continuous integration.

use super::{Failure, Verify, remark};
use crate::{
    Error, Network,
    io::{FileError, atomic, inputs::Inputs},
    linalg::Matrix,
    report::{self, Portrait, Verification},
    scalar::{Field, Rational},
    statement::{Entry, Origin},
    verify::{self, Plan},
};

impl Verify {
    /// The files asked for, beside the JSON.
    pub(super) fn reports(
        &self,
        entries: &[Entry],
        plan: &Plan,
        outcome: &verify::Outcome,
    ) -> Result<(), Failure> {
        if let Some(path) = &self.junit {
            atomic::write(path, report::to_junit(outcome).as_bytes())?;
        }
        if self.report.is_none() && self.law.is_none() {
            return Ok(());
        }
        let portraits = match &self.report {
            Some(_) => portraits(plan)?,
            None => vec![],
        };
        let run = Verification {
            entries,
            outcome,
            portraits: &portraits,
            scaffold_threshold: self.scaffold.scaffold_threshold,
            replay: &self.command_line(),
            given: !self.networks.is_empty(),
        };
        if let Some(path) = &self.report {
            atomic::write(path, run.to_html().as_bytes())?;
        }
        if let Some(path) = &self.law {
            match run.law_to_svg() {
                Some(Ok(svg)) => atomic::write(path, svg.as_bytes())?,
                Some(Err(why)) => {
                    return Err(Failure::Usage(format!(
                        "the figure could not be drawn: {why}"
                    )));
                }
                None => remark("no figure: no statement has residuals at two precisions"),
            }
        }
        Ok(())
    }
}

/// What the report says of the given networks, beside the statements.
fn portraits(plan: &Plan) -> Result<Vec<Portrait>, Failure> {
    let mut portraits = vec![];
    for source in &plan.sources {
        if let Origin::Given { network, inputs } = &source.origin {
            let portrait = portrait(&source.name, network, inputs);
            portraits.push(portrait.map_err(FileError::operation::<f64>(&source.name))?);
        }
    }
    Ok(portraits)
}

fn portrait(
    name: &str,
    network: &Network<Rational>,
    inputs: &[Vec<Rational>],
) -> Result<Portrait, Error> {
    let network = network.cast::<f64>()?;
    let columns = network.layer(1).weight.ncols();
    let numbers = inputs.iter().flatten().map(Field::to_f64);
    let given = Inputs::of(Matrix::from_iterator(columns, inputs.len(), numbers), None);
    Portrait::of(name, &network, Some(&given).filter(|_| !inputs.is_empty()))
}
