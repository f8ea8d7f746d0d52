//! Changing the widths of a network that learns, and measuring what that changes.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{Adaptation, Event, Plan, RemovalRule, Trainee};
use crate::{
    bound::{difference_at, enclose, rounding_units},
    error::Error,
    linalg::{Matrix, column, norm2, product, product_tn, singular_values},
    network::{Network, gradient::outputs, trace},
    resize::{Cut, Outgoing, cut_by_values, cut_on_data},
    scalar::{Field, Real, interval::Endpoint},
};

/// How far below the scaffold threshold a direction counts as faded.
const FADED: i64 = 10;

/// The rows that a change of widths looks at.
pub(super) struct Rows<'a, S> {
    /// Recent training rows, n_0 × N: principal axes are taken from them.
    pub recent: &'a Matrix<S>,
    /// Rows to measure changes on.
    pub measured: &'a Matrix<S>,
}

/// Brings the widths to where the plan has them after `epoch`.
pub(super) fn adapt<S: Real>(
    trainee: &mut Trainee<S>,
    plan: &Plan<S>,
    epoch: u64,
    rows: &Rows<S>,
) -> Result<Vec<Event>, Error> {
    let mut work = Work {
        trainee,
        plan,
        epoch,
        rows,
        events: vec![],
    };
    match &plan.adaptation {
        Adaptation::None => {}
        Adaptation::Scaffold {
            buffer,
            threshold,
            every,
            renew,
        } => {
            if epoch.is_multiple_of((*every).max(1)) {
                for l in work.trainee.network().hidden() {
                    if *renew {
                        work.renew(l, threshold)?;
                    }
                    work.scaffold(l, *buffer, threshold)?;
                }
            }
        }
        Adaptation::Widths(widths) => {
            for (l, width) in (1..).zip(widths.after(epoch)) {
                work.bring(l, width)?;
            }
        }
    }
    Ok(work.events)
}

struct Work<'a, S> {
    trainee: &'a mut Trainee<S>,
    plan: &'a Plan<S>,
    epoch: u64,
    rows: &'a Rows<'a, S>,
    events: Vec<Event>,
}

impl<S: Real> Work<'_, S> {
    /// F4: exactly `buffer` of the n_l singular values at or below the threshold. A cut along other axes than the singular
    /// ones may leave fewer large values than there were, never more; so the width falls until the count is right.
    fn scaffold(&mut self, l: usize, buffer: usize, threshold: &S) -> Result<(), Error> {
        loop {
            let layer = self.trainee.network().layer(l);
            let width = layer.width();
            let sigma = singular_values(&layer.augmented())?;
            let large = sigma.iter().filter(|sigma| *sigma > threshold).count();
            let target = (large + buffer).max(1);
            self.bring(l, target)?;
            if target >= width {
                return Ok(());
            }
        }
    }

    /// Directions that decay has brought to a tenth of the threshold have outgoing columns that fell as far: near the saddle
    /// where neither learns (THEORY C3), which decay beats. They are cut, and fresh ones grow in their place.
    fn renew(&mut self, l: usize, threshold: &S) -> Result<(), Error> {
        let layer = self.trainee.network().layer(l);
        let width = layer.width();
        let sigma = singular_values(&layer.augmented())?;
        let faded = threshold.clone() / S::from_int(FADED);
        // A neuron that has just grown has a zero row, and its column is whole.
        let live = sigma
            .iter()
            .filter(|sigma| **sigma > faded || sigma.is_zero())
            .count();
        let fresh = width - sigma.len().min(width);
        let target = (live + fresh).max(1);
        self.bring(l, target)
    }

    fn bring(&mut self, l: usize, target: usize) -> Result<(), Error> {
        let width = self.trainee.network().layer(l).width();
        match target.cmp(&width) {
            std::cmp::Ordering::Less => self.cut(l, target),
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => self.grow(l, target),
        }
    }

    fn grow(&mut self, l: usize, target: usize) -> Result<(), Error> {
        let before = self.trainee.network().clone();
        let (from, rows) = (before.layer(l).width(), before.layer(l + 1).width());
        // A stream for each epoch and layer: an epoch can be repeated without those before it.
        let mut rng = ChaCha8Rng::seed_from_u64(self.plan.seed);
        rng.set_stream((1 << 63) | (self.epoch << 16) | l as u64);
        let columns = Outgoing::Random.draw(rows, target - from, target, &mut rng);
        self.trainee.grow(l, &columns)?;
        let bounds = vec![S::zero(); self.rows.measured.ncols()];
        let mut event = self.measure(&before, l, "growth", &bounds, None)?;
        event.state = "zeros for the new neurons".into();
        self.events.push(event);
        Ok(())
    }

    fn cut(&mut self, l: usize, target: usize) -> Result<(), Error> {
        let before = self.trainee.network().clone();
        let measured = self.rows.measured;
        let (cut, what, bounds, of_axes) = match self.plan.removal {
            RemovalRule::Data => {
                let (cut, removal) = cut_on_data(&before, l, target, self.rows.recent)?;
                let (dropped, size) = dropped(&before, l, &cut, measured)?;
                let lipschitz = removal.lipschitz;
                let bound = |dropped: &S| lipschitz.clone() * dropped;
                // Axes and mean err by their own roundings, as in D10: 9 (n + N) u of what the layer holds.
                let n = before.layer(l).width() + self.rows.recent.ncols();
                let of_axes = 9.0 * n as f64 * u::<S>() * (lipschitz.clone() * size).to_f64();
                let bounds: Vec<S> = dropped.iter().map(bound).collect();
                (cut, "removal by data", bounds, of_axes)
            }
            RemovalRule::Values => {
                let (cut, removal) = cut_by_values(&before, l, target)?;
                let norms = (0..measured.ncols()).map(|j| norm2(column(measured, j)));
                let largest = norms.clone().fold(S::zero(), S::larger);
                let of_axes = removal.rounding(&largest).to_f64();
                let bounds: Vec<S> = norms.map(|norm| removal.bound(&norm)).collect();
                (cut, "removal by values", bounds, of_axes)
            }
        };
        self.trainee
            .project_to(l, &cut.basis, &cut.point, &self.plan.descent.optimiser)?;
        let mut event = self.measure(&before, l, what, &bounds, Some(of_axes))?;
        event.state = "cut along with the layer; that of o stays".into();
        self.events.push(event);
        Ok(())
    }

    /// Holds the network against what it was before, row by row. Without `of_axes` no bit may have changed.
    fn measure(
        &self,
        before: &Network<S>,
        l: usize,
        what: &str,
        bounds: &[S],
        of_axes: Option<f64>,
    ) -> Result<Event, Error> {
        let after = self.trainee.network();
        let x = self.rows.measured;
        let (y, z) = (outputs(before, x)?, outputs(after, x)?);
        let distance = |j: usize| {
            let difference: Vec<S> = column(&y, j)
                .iter()
                .zip(column(&z, j))
                .map(|(y, z)| y.clone() - z)
                .collect();
            norm2(&difference)
        };
        let changes: Vec<S> = (0..x.ncols()).map(distance).collect();
        // The row that exceeds its bound most, or comes closest.
        let excess = |j: &usize| changes[*j].clone() - &bounds[*j];
        let closest =
            (0..x.ncols()).reduce(|best, j| if excess(&j) > excess(&best) { j } else { best });
        let (mut rounding, mut within) = (0.0, y == z);
        if let (Some(of_axes), Some(j)) = (of_axes, closest) {
            let at = column(x, j);
            let mut computed = vec![0.0; after.depth()];
            let n = before.layer(l).width() as f64;
            // R W errs by 4 n u ‖W‖ (Higham and Mary 2019), in this layer and the next.
            computed[l - 1] = 4.0 * n;
            computed[l] = 4.0 * n;
            let units =
                rounding_units(before, at, &vec![])? + rounding_units(after, at, &computed)?;
            rounding = units * u::<S>() + of_axes;
            within = excess(&j).to_f64() <= rounding;
        }
        let largest = |values: &[S]| values.iter().cloned().fold(S::zero(), S::larger).to_f64();
        let count = (x.ncols().max(1) as f64).sqrt();
        Ok(Event {
            what: what.into(),
            layer: l,
            from: before.layer(l).width(),
            to: after.layer(l).width(),
            bound: largest(bounds),
            rounding,
            change: largest(&changes),
            mean_change: norm2(&changes).to_f64() / count,
            within,
            certified: if self.plan.certified {
                Some(certified(before, after, x)?)
            } else {
                None
            },
            rows: x.ncols(),
            state: String::new(),
        })
    }
}

fn u<S: Field>() -> f64 {
    S::unit_roundoff().to_f64()
}

/// ‖δ(x)‖ for each column: what a cut drops of z_l about its point; and the largest ‖z_l‖.
fn dropped<S: Real>(
    network: &Network<S>,
    l: usize,
    cut: &Cut<S>,
    x: &Matrix<S>,
) -> Result<(Vec<S>, S), Error> {
    let mut largest = S::zero();
    let mut dropped = vec![];
    for j in 0..x.ncols() {
        let z = &trace(network, column(x, j))?.pre_activations[l - 1];
        largest = S::larger(norm2(z), largest);
        let about: Vec<S> = z
            .iter()
            .zip(&cut.point)
            .map(|(z, p)| z.clone() - p)
            .collect();
        let about = Matrix::from_vec(z.len(), 1, about);
        let kept = product(&cut.basis, &product_tn(&cut.basis, &about));
        dropped.push(norm2((about - kept).as_slice()));
    }
    Ok((dropped, largest))
}

/// The largest upper end of the enclosures of ‖y - y'‖ at the rows.
fn certified<S: Real>(a: &Network<S>, b: &Network<S>, x: &Matrix<S>) -> Result<f64, Error> {
    let (a, b) = (enclose(a)?, enclose(b)?);
    let mut worst = 0.0f64;
    for j in 0..x.ncols() {
        let at: Vec<_> = column(x, j)
            .iter()
            .map(|x| crate::scalar::Enclosure::from_rational(&x.to_rational().unwrap_or_default()))
            .collect();
        let upper = difference_at(&a, &b, &at)?.hi().to_float();
        worst = worst.max(f64::from_float_toward(
            &upper,
            crate::scalar::interval::Toward::Up,
        ));
    }
    Ok(worst)
}
