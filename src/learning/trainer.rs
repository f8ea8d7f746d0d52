//! Epoch after epoch.

use super::{
    Adaptation, Batches, Data, Epoch, Event, Plan, Schedule, Trainee, TrainingError,
    adapt::{Rows, adapt},
    angular::shares,
    data::right,
};
use crate::{
    error::Error,
    linalg::{Matrix, norm2, singular_values},
    network::gradient::{Gradient, Room, loss},
    scalar::Real,
};

/// A training under way: a plan, data, and the network with its optimiser's state. Each epoch depends on the plan, the data,
/// the trainee and its own number alone, so that a training can go on from any epoch with the same bits.
#[derive(Clone, Debug)]
pub struct Trainer<'a, S> {
    plan: Plan<S>,
    data: &'a Data<S>,
    held_out: Option<&'a Data<S>>,
    trainee: Trainee<S>,
    epoch: u64,
    room: Room<S>,
}

impl<'a, S: Real> Trainer<'a, S> {
    /// A training after `epoch` epochs, 0 for a new one.
    ///
    /// # Errors
    /// [`TrainingError`] for a plan or data that cannot be used.
    pub fn new(
        plan: Plan<S>,
        trainee: Trainee<S>,
        epoch: u64,
        data: &'a Data<S>,
        held_out: Option<&'a Data<S>>,
    ) -> Result<Self, TrainingError> {
        plan.check()?;
        data.check()?;
        if !trainee.state().suits(&plan.descent.optimiser) {
            return Err(TrainingError::Setting {
                what: "the optimiser",
                found: "another than that of the state".into(),
                expected: "a training goes on with the optimiser that it began with".into(),
            });
        }
        Ok(Trainer {
            plan,
            data,
            held_out,
            trainee,
            epoch,
            room: Room::default(),
        })
    }

    /// The same training on so many threads: of the same bits on any number of them.
    pub fn on_threads(self, threads: usize) -> Self {
        let room = Room::new(threads);
        Trainer { room, ..self }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan<S> {
        &self.plan
    }

    /// The network with its optimiser's state.
    pub fn trainee(&self) -> &Trainee<S> {
        &self.trainee
    }

    /// Epochs done.
    pub fn epochs_done(&self) -> u64 {
        self.epoch
    }

    /// Whether all epochs are done.
    pub fn is_finished(&self) -> bool {
        self.epoch >= self.plan.epochs
    }

    /// The network with its optimiser's state, at the end.
    pub fn into_trainee(self) -> Trainee<S> {
        self.trainee
    }

    /// The next epoch: its steps, then what its end does to the widths, then what there is to record.
    ///
    /// # Errors
    /// [`TrainingError::Diverged`]; the trainee is then somewhere within the epoch.
    pub fn advance(&mut self) -> Result<Epoch, TrainingError> {
        let loss = self.plan.loss;
        self.advance_in(|trainee, batch, room| {
            trainee.gradient_in(room, &batch.x, &batch.targets, loss)
        })
    }

    /// As [`Trainer::advance`] with a gradient of the caller's own: for comparisons with other activations.
    ///
    /// # Errors
    /// As [`Trainer::advance`].
    pub fn advance_by(
        &mut self,
        gradient: impl Fn(&Trainee<S>, &Data<S>) -> Result<Gradient<S>, Error>,
    ) -> Result<Epoch, TrainingError> {
        self.advance_in(|trainee, batch, _| gradient(trainee, batch))
    }

    fn advance_in(
        &mut self,
        gradient: impl Fn(&Trainee<S>, &Data<S>, &mut Room<S>) -> Result<Gradient<S>, Error>,
    ) -> Result<Epoch, TrainingError> {
        let epoch = self.epoch + 1;
        let batches = Batches {
            rows: self.data.rows(),
            size: self.plan.batch,
            seed: self.plan.seed,
        };
        let (order, ranges) = batches.epoch(epoch);
        let (per_epoch, total) = (
            ranges.len() as u64,
            batches.steps() as u64 * self.plan.epochs,
        );
        let (mut sum, mut correct, mut momenta) = (S::zero(), Some(0), vec![]);
        let mut rate = self.plan.rate.clone();
        let mut chosen = self.data.select(&[]);
        for (step, range) in ranges.iter().enumerate() {
            let rows = &order[range.clone()];
            let batch = if self.plan.batch.is_none() {
                self.data
            } else {
                self.data.select_into(rows, &mut chosen);
                &chosen
            };
            let at = |source| TrainingError::in_step(epoch, step + 1, source);
            let found = gradient(&self.trainee, batch, &mut self.room).map_err(at)?;
            sum += found.loss * S::from_int(rows.len() as i64);
            let rights = right(&found.outputs, &batch.targets);
            correct = correct.zip(rights).map(|(a, b)| a + b);
            let index = (epoch - 1) * per_epoch + step as u64;
            rate = self.plan.schedule.rate(&self.plan.rate, index, total);
            let last = (step + 1 == ranges.len()).then(|| self.trainee.network().clone());
            let direction = self
                .trainee
                .step_in(
                    self.room.threads(),
                    &self.plan.descent,
                    found.parameters,
                    &rate,
                    last.is_some(),
                )
                .map_err(at)?;
            if let Some(before) = last {
                momenta = shares(&before, &direction);
            }
            self.room.recycle(direction);
        }
        let in_end = |source| TrainingError::in_step(epoch, ranges.len(), source);
        if !self.trainee.state().is_finite() || !sum.is_finite() {
            return Err(in_end(Error::Value {
                layer: self.trainee.network().depth(),
                what: "the loss or the optimiser's state".into(),
                value: "not finite".into(),
                expected: "everything must stay finite",
            }));
        }
        let events = self.adapt(epoch, &order).map_err(in_end)?;
        self.epoch = epoch;
        let count = S::from_int(self.data.rows() as i64);
        let mut record = Epoch {
            epoch,
            rate: rate.to_f64(),
            loss: (sum / count).to_f64(),
            accuracy: correct.map(|correct| correct as f64 / self.data.rows() as f64),
            held_out_loss: None,
            held_out_accuracy: None,
            widths: self.trainee.network().widths(),
            lengths: vec![],
            psi: vec![],
            angular_momentum: momenta,
            spectra: None,
            events,
        };
        self.describe(&mut record).map_err(in_end)?;
        Ok(record)
    }

    /// What the end of an epoch does to the widths.
    fn adapt(&mut self, epoch: u64, order: &[usize]) -> Result<Vec<Event>, Error> {
        if self.plan.adaptation == Adaptation::None {
            return Ok(vec![]);
        }
        let last = &order[order.len().saturating_sub(self.plan.recent)..];
        let recent: Matrix<S> = self.data.x.select_columns(last);
        let measured = self.held_out.map_or(&recent, |data| &data.x);
        let count = measured.ncols().min(self.plan.measured);
        let fewer;
        let measured = if count < measured.ncols() {
            fewer = measured.columns(0, count).into_owned();
            &fewer
        } else {
            measured
        };
        let rows = Rows {
            recent: &recent,
            measured,
        };
        adapt(&mut self.trainee, &self.plan, epoch, &rows)
    }

    fn describe(&mut self, record: &mut Epoch) -> Result<(), Error> {
        let network = self.trainee.network();
        record.lengths = network
            .hidden()
            .map(|l| network.length_squared(l).to_f64())
            .collect();
        let of_psi = |l| norm2(network.layer(l).psi_or_zero().as_slice()).to_f64();
        record.psi = (2..=network.depth()).map(of_psi).collect();
        if let Some(data) = self.held_out {
            let y = self.room.outputs(network, &data.x)?;
            record.held_out_loss = Some(loss(self.plan.loss, &y, &data.targets)?.to_f64());
            record.held_out_accuracy =
                right(&y, &data.targets).map(|right| right as f64 / data.rows() as f64);
        }
        if self.plan.spectra {
            let spectrum = |l| -> Result<Vec<f64>, Error> {
                let sigma = singular_values(&network.layer(l).augmented())?;
                Ok(sigma.iter().map(S::to_f64).collect())
            };
            record.spectra = Some(network.hidden().map(spectrum).collect::<Result<_, _>>()?);
        }
        Ok(())
    }

    /// The steps of one epoch.
    pub fn steps(&self) -> u64 {
        match self.plan.batch {
            None => 1,
            Some(size) => self.data.rows().div_ceil(size.max(1)) as u64,
        }
    }

    /// Whether the rate falls as the training goes on.
    pub fn rate_falls(&self) -> bool {
        self.plan.schedule == Schedule::Cosine
    }
}
