//! One change of one layer, measured on every input.

use num_traits::Zero;

use super::{
    Cell, Plan, Row,
    change::Layer,
    divergence::divergence,
    reference::{Reference, class},
};
use crate::{
    bound::rounding_units,
    error::Error,
    io::csv::Inputs,
    linalg::{column, norm2},
    network::{Network, trace},
    resize::Rule,
    scalar::{Field, Real},
    statement::{Magnitude, Sample, magnitude},
};

/// What bounds a change, beside roundings.
enum Bound<'a, S> {
    /// Not a bit may differ.
    Nothing,
    /// Rounding alone.
    Roundings,
    /// D4 against the truncation that absorbs everything, and what the rule forgets.
    Truncation {
        dropped: S,
        absorbing: &'a Network<S>,
    },
}

/// What all cells of a row share.
pub(super) struct Setting<'a, S> {
    pub network: &'a Network<S>,
    pub inputs: &'a Inputs<S>,
    pub reference: &'a Reference<S>,
    pub layer: &'a Layer<S>,
    pub plan: &'a Plan,
}

impl<S: Real> Setting<'_, S> {
    /// All rules of one change.
    pub fn row(&self, change: i64) -> Result<Row, Error> {
        let layer = self.layer;
        let cells = match change {
            1.. => {
                let grown = layer.grown(self.network, change as usize, self.plan.seed)?;
                self.the_same(&grown, &Bound::Nothing)?
            }
            0 => self.the_same(&layer.rotated(self.network)?, &Bound::Roundings)?,
            _ => {
                let mean_gain = &self.reference.mean_gains[layer.number - 1];
                let shrunk = |rule| layer.shrunk(self.network, change, rule, mean_gain);
                let absorbing = shrunk(Rule::Both)?;
                let dropped = layer.dropped(change).first().cloned();
                let bound = Bound::Truncation {
                    dropped: dropped.unwrap_or_else(S::zero),
                    absorbing: &absorbing,
                };
                let cell = |rule: &Rule| self.cell(*rule, &shrunk(*rule)?, &bound);
                self.plan.rules.iter().map(cell).collect::<Result<_, _>>()?
            }
        };
        let removed = layer.dropped(change).iter();
        Ok(Row {
            change,
            removed: removed.fold(Magnitude::zero(), |sum, sigma| sum + magnitude(sigma)),
            cells,
        })
    }

    /// A change in which no rule has anything to decide.
    fn the_same(&self, changed: &Network<S>, bound: &Bound<S>) -> Result<Vec<Cell>, Error> {
        let cell = self.cell(Rule::Both, changed, bound)?;
        let of = |rule: &Rule| Cell {
            rule: *rule,
            ..cell.clone()
        };
        Ok(self.plan.rules.iter().map(of).collect())
    }

    fn cell(&self, rule: Rule, changed: &Network<S>, bound: &Bound<S>) -> Result<Cell, Error> {
        let l = self.layer.number;
        let computed = self.computed();
        let count = Magnitude::from_int(self.inputs.lines.len() as i64);
        let mut right = self.inputs.labels.as_ref().map(|_| 0);
        let mut cell = Cell {
            rule,
            right: None,
            epsilon: Magnitude::zero(),
            divergence: Magnitude::zero(),
            largest: Magnitude::zero(),
            bound: Magnitude::zero(),
            ratio: Magnitude::zero(),
        };
        for (j, point) in self.reference.points.iter().enumerate() {
            let x = column(&self.inputs.x, j);
            let after = trace(changed, x)?;
            let (y, changed_y) = (&point.output, after.output());
            let apart = apart(y, changed_y);
            let allowance = match bound {
                Bound::Nothing => Magnitude::zero(),
                Bound::Roundings => self.roundings(point.roundings, changed, x, &computed)?,
                Bound::Truncation { dropped, absorbing } => {
                    let arriving = &point.arriving[l - 1];
                    let d4 = self.layer.lipschitz.clone() * dropped * arriving;
                    let forgotten = if rule == Rule::Both {
                        S::zero()
                    } else {
                        let ideal = &trace(absorbing, x)?.pre_activations[l];
                        self.layer.lipschitz_next.clone()
                            * apart_in(ideal, &after.pre_activations[l])
                    };
                    magnitude(&(d4 + forgotten))
                        + self.roundings(point.roundings, changed, x, &computed)?
                }
            };
            let sample = Sample {
                residual: apart,
                allowance,
                size: magnitude(&norm2(y)),
            };
            cell.epsilon += sample.relative();
            cell.divergence += magnitude(&divergence(y, changed_y));
            cell.ratio = Magnitude::larger(sample.ratio(), cell.ratio);
            cell.largest = Magnitude::larger(sample.residual, cell.largest);
            cell.bound = Magnitude::larger(sample.allowance, cell.bound);
            if let Some((right, labels)) = right.as_mut().zip(self.inputs.labels.as_ref()) {
                *right += usize::from(labels[j] == class(changed_y));
            }
        }
        cell.epsilon = cell.epsilon * Magnitude::from_int(100) / &count;
        cell.divergence /= &count;
        cell.right = right;
        Ok(cell)
    }

    /// The relative errors, in units of u, of parameters that were computed: those of this layer and of
    /// the next (see `statement::support::rotated`).
    fn computed(&self) -> Vec<f64> {
        let l = self.layer.number;
        let mut computed = vec![0.0; self.network.depth()];
        computed[l - 1] = 4.0 * self.layer.width() as f64;
        computed[l] = computed[l - 1];
        computed
    }

    fn roundings(
        &self,
        before: f64,
        changed: &Network<S>,
        x: &[S],
        computed: &Vec<f64>,
    ) -> Result<Magnitude, Error> {
        let units = before + rounding_units(changed, x, computed)?;
        Ok(magnitude(&S::unit_roundoff()) * Magnitude::from_f64(units))
    }
}

fn apart_in<S: Real>(a: &[S], b: &[S]) -> S {
    let difference: Vec<S> = a.iter().zip(b).map(|(a, b)| a.clone() - b).collect();
    norm2(&difference)
}

fn apart<S: Real>(a: &[S], b: &[S]) -> Magnitude {
    magnitude(&apart_in(a, b))
}
