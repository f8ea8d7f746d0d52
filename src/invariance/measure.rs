//! One change of one layer, measured on every input.

use num_traits::Zero;

use super::{
    Cell, Plan, Row,
    certificate::{Certified, Certifier, Pair},
    change::Layer,
    divergence::divergence,
    reference::{Reference, class},
};
use crate::{
    error::Error,
    io::inputs::Inputs,
    linalg::{Matrix, column, norm2},
    network::{Network, evaluate_batch},
    resize::Rule,
    scalar::{Field, Real},
    statement::{Magnitude, Sample, magnitude},
};

/// What all cells of a row share.
pub(super) struct Setting<'a, S> {
    pub network: &'a Network<S>,
    pub inputs: &'a Inputs<S>,
    pub reference: &'a Reference<S>,
    pub certifier: &'a Certifier,
    pub layer: &'a Layer<S>,
    pub plan: &'a Plan,
}

impl<S: Real> Setting<'_, S> {
    /// All rules of one change.
    pub fn row(&self, change: i64) -> Result<Row, Error> {
        let layer = self.layer;
        let kept = layer.kept(change);
        let cells = match change {
            1.. => {
                let grown = layer.grown(self.network, change as usize, self.plan.seed)?;
                self.the_same(&grown, None)?
            }
            0 => self.the_same(&layer.rotated(self.network)?, Some(&kept))?,
            _ => {
                let mean_gain = &self.reference.mean_gains[layer.number - 1];
                let cell = |rule: &Rule| {
                    let shrunk = layer.shrunk(self.network, change, *rule, mean_gain)?;
                    self.cell(*rule, &shrunk, Some(&kept))
                };
                self.plan.rules.iter().map(cell).collect::<Result<_, _>>()?
            }
        };
        let removed = layer.dropped(change).iter();
        let last = layer.number + 1 == self.network.depth();
        let left = layer.width() as i64 + change;
        let floor = match (last && change < 0, usize::try_from(left)) {
            (true, Ok(left)) => self.certifier.floor(left),
            _ => 0.0,
        };
        Ok(Row {
            change,
            floor,
            removed: removed.fold(Magnitude::zero(), |sum, sigma| sum + magnitude(sigma)),
            cells,
        })
    }

    /// A change in which no rule has anything to decide.
    fn the_same(
        &self,
        changed: &Network<S>,
        basis: Option<&Matrix<S>>,
    ) -> Result<Vec<Cell>, Error> {
        let cell = self.cell(Rule::Both, changed, basis)?;
        let of = |rule: &Rule| Cell {
            rule: *rule,
            ..cell.clone()
        };
        Ok(self.plan.rules.iter().map(of).collect())
    }

    /// Every measure over all inputs. Without a basis not a bit may differ.
    fn cell(
        &self,
        rule: Rule,
        changed: &Network<S>,
        basis: Option<&Matrix<S>>,
    ) -> Result<Cell, Error> {
        let outputs = self.outputs(changed)?;
        let certified = match basis {
            Some(basis) => {
                let pair = Pair {
                    layer: self.layer.number,
                    basis,
                    changed,
                };
                self.certifier.certify(&pair, &outputs)?
            }
            None => {
                let before: Vec<&[S]> = outputs.iter().map(|(y, _)| *y).collect();
                let labels = self.certifier.unchanged(&before);
                let pairs = outputs.iter().zip(labels);
                pairs
                    .map(|((y, image), labels)| the_same_bits(y, image, labels))
                    .collect()
            }
        };
        let mut cell = Cell {
            rule,
            right: None,
            epsilon: Magnitude::zero(),
            divergence: Magnitude::zero(),
            largest: Magnitude::zero(),
            bound: Magnitude::zero(),
            ratio: Magnitude::zero(),
            unchanged: (self.network.layer(self.network.depth()).width() > 1).then_some(0),
            margin: None,
        };
        for ((y, image), certified) in outputs.iter().zip(certified) {
            let relative = Sample {
                residual: certified.measured.clone(),
                allowance: Magnitude::zero(),
                size: magnitude(&norm2(y)),
            };
            cell.epsilon += relative.relative();
            cell.divergence += magnitude(&divergence(y, image));
            if let Some(unchanged) = &mut cell.unchanged {
                *unchanged += usize::from(certified.same_label);
            }
            cell.margin = match (cell.margin, certified.margin) {
                (Some(least), Some(here)) if least <= here => Some(least),
                (_, Some(here)) => Some(here),
                (least, None) => least,
            };
            cell.ratio = Magnitude::larger(certified.ratio, cell.ratio);
            cell.largest = Magnitude::larger(certified.measured, cell.largest);
            cell.bound = Magnitude::larger(certified.bound, cell.bound);
        }
        let count = Magnitude::from_int(outputs.len() as i64);
        cell.epsilon = cell.epsilon * Magnitude::from_int(100) / &count;
        cell.divergence /= &count;
        cell.right = self.inputs.labels.as_ref().map(|labels| {
            let right = |(label, (_, image)): &(&usize, &Outputs<S>)| **label == class(image);
            labels.iter().zip(&outputs).filter(right).count()
        });
        Ok(cell)
    }

    /// The outputs before and after, for each input.
    fn outputs(&self, changed: &Network<S>) -> Result<Vec<Outputs<'_, S>>, Error> {
        let images = evaluate_batch(changed, &self.inputs.x)?;
        let points = self.reference.points.iter().enumerate();
        Ok(points
            .map(|(j, point)| (point.output.as_slice(), column(&images, j).to_vec()))
            .collect())
    }
}

/// The outputs of the network as it was and as it is, for one input.
type Outputs<'a, S> = (&'a [S], Vec<S>);

/// A bound of 0. The labels are those of the original, certain or not, if no bit differs.
fn the_same_bits<S: Real>(
    y: &[S],
    image: &[S],
    (same_label, margin): (bool, Option<Magnitude>),
) -> Certified {
    let difference: Vec<S> = y.iter().zip(image).map(|(a, b)| a.clone() - b).collect();
    let sample = Sample {
        residual: magnitude(&norm2(&difference)),
        allowance: Magnitude::zero(),
        size: Magnitude::from_int(1),
    };
    let same = sample.residual.is_zero();
    Certified {
        same_label: same && same_label,
        margin: margin.filter(|_| same),
        ratio: sample.ratio(),
        measured: sample.residual,
        bound: Magnitude::zero(),
    }
}
