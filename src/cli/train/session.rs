//! One training: from files to files.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{
    Train,
    data::said_of,
    progress::{Progress, summary},
    resumed::planned_widths,
    start::{Start, usage},
};
use crate::{
    Gain, Network,
    cli::{Failure, Outcome, complain, print, remark},
    io::{LengthWriting, WriteOptions, atomic, source, write_network},
    learning::{Checkpoint, Epoch, LengthMode, Settings, Trainee, Trainer, TrainingError, fresh},
    parallel::cores,
    report::Training,
    scalar::Real,
};

/// The stream of the seed that fresh networks are drawn from; the order of rows has the others.
const FRESH: u64 = u64::MAX;

/// o of fresh networks.
const LENGTH_SQUARED: (i64, i64) = (1, 100);

impl Train {
    pub(super) fn run_in<S: Real>(
        &self,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Outcome, Failure> {
        let resumed = checkpoint.is_some();
        let fresh = checkpoint.is_none();
        let start = match checkpoint {
            Some(checkpoint) => self.resumed_start::<S>(checkpoint)?,
            None => self.first_start::<S>()?,
        };
        let (data, held_out) = self.data::<S>(&start)?;
        let mut source = start.source.clone();
        let mut whole = data.digest();
        if let Some(rest) = &held_out {
            whole = format!("{whole} {}", rest.digest());
        }
        if resumed && whole != source.digest {
            return Err(Failure::Usage(format!(
                "{} has other numbers than the data of the checkpoint; give the file that the training began with",
                source.data
            )));
        }
        source.digest = whole;
        let network = start.trainee.network();
        let hidden = planned_widths(&start.settings, &start.log, network);
        let plan = start.settings.plan::<S>(&hidden).map_err(usage)?;
        let Start {
            trainee,
            settings,
            epoch,
            mut log,
            ..
        } = start;
        if fresh {
            said_of(&data, &plan, &trainee)?;
        }
        let progress = Progress::new(plan.epochs);
        let mut trainer =
            Trainer::new(plan, trainee, epoch, &data, held_out.as_ref()).map_err(usage)?;
        trainer = trainer.on_threads(self.threads.map_or_else(cores, usize::from));
        let keep = |trainer: &Trainer<S>, log: &[String]| -> Result<(), Failure> {
            if let Some(path) = self.checkpoint_file() {
                let done = trainer.epochs_done();
                let checkpoint = Checkpoint::new(trainer.trainee(), &settings, &source, done, log);
                atomic::write(path, checkpoint.to_json().map_err(usage)?.as_bytes())?;
            }
            if let Some(path) = &self.log {
                atomic::write(path, lines(log).as_bytes())?;
            }
            Ok(())
        };
        keep(&trainer, &log)?;
        while !trainer.is_finished() {
            let record = match trainer.advance() {
                Ok(record) => record,
                Err(why @ TrainingError::Diverged { .. }) => {
                    progress.end();
                    return Ok(self.diverged(&why, trainer.epochs_done()));
                }
                Err(why) => return Err(usage(why)),
            };
            let line = serde_json::to_string(&record)
                .map_err(|why| Failure::Usage(format!("the log could not be written: {why}")))?;
            log.push(line);
            keep(&trainer, &log)?;
            progress.show(&record);
        }
        progress.end();
        self.finish(trainer.trainee(), &settings, &log)
    }

    /// A training that begins.
    fn first_start<S: Real>(&self) -> Result<Start<S>, Failure> {
        let settings = self.training.settings(self.report.is_some());
        let mode = settings.length_mode().map_err(usage)?;
        let seed = settings.seed.unwrap_or(0);
        let network: Network<S> = match &self.init {
            Some(path) => self.meaning.read(path)?.network()?,
            None => {
                let gain = self.meaning.gain::<S>()?;
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                rng.set_stream(FRESH);
                let o = S::from_int(LENGTH_SQUARED.0) / S::from_int(LENGTH_SQUARED.1);
                if self.widths.len() < 2 {
                    return Err(Failure::Usage(
                        "--widths gives at least two: the inputs and the outputs".into(),
                    ));
                }
                fresh(&self.widths, gain, &o, &mut rng).map_err(|why| usage(why.into()))?
            }
        };
        let plan = settings
            .plan::<S>(&planned_widths(&settings, &[], &network))
            .map_err(usage)?;
        let trainee = Trainee::new(with_psi(network)?, mode, &plan.descent.optimiser).map_err(
            |why| match (&self.init, mode) {
                (Some(path), LengthMode::Log) => Failure::Usage(format!(
                    "{}: {why}; give --length root or fixed",
                    source::name(path)
                )),
                _ => usage(why.into()),
            },
        )?;
        let source = self.source()?;
        Ok(Start {
            trainee,
            settings,
            source,
            epoch: 0,
            log: vec![],
        })
    }

    fn diverged(&self, why: &TrainingError, done: u64) -> Outcome {
        let kept = match self.checkpoint_file() {
            Some(path) => format!(
                "the last good checkpoint, after epoch {done}, is {}",
                source::name(path)
            ),
            None => "no checkpoint was kept (see --checkpoint)".into(),
        };
        complain(&format!("isotropic: {why}; {kept}"));
        Outcome::Refuted
    }

    fn finish<S: Real>(
        &self,
        trainee: &Trainee<S>,
        settings: &Settings,
        log: &[String],
    ) -> Result<Outcome, Failure> {
        let lengths = (trainee.mode() == LengthMode::Log
            && self
                .output
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("safetensors")))
        .then_some(LengthWriting::Logarithm);
        let options = WriteOptions {
            lengths,
            ..WriteOptions::default()
        };
        let notes = write_network(&self.output, trainee.network(), &options)?;
        notes.iter().for_each(|note| remark(note));
        let epochs = log
            .iter()
            .map(|line| serde_json::from_str(line))
            .collect::<Result<Vec<Epoch>, _>>()
            .map_err(|why| {
                Failure::Usage(format!("the log of the checkpoint is damaged: {why}"))
            })?;
        if let Some(path) = &self.report {
            let training = Training {
                settings,
                gain: trainee.network().gain().name(),
                scalar: &S::name(),
                epochs: &epochs,
            };
            atomic::write(path, training.to_html().as_bytes())?;
        }
        if let Some(last) = epochs.last() {
            print(&format!("{} epochs: {}\n", last.epoch, summary(last)))?;
        }
        Ok(Outcome::Done)
    }
}

/// ψ everywhere it can be, zero where there was none: it is trained.
fn with_psi<S: Real>(network: Network<S>) -> Result<Network<S>, Failure> {
    let lengths = network.has_lengths().then(|| {
        network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect()
    });
    let mut layers = network.layers().to_vec();
    for layer in layers.iter_mut().skip(1) {
        layer.psi = Some(layer.psi_or_zero());
    }
    let gain: Gain<S> = network.gain().clone();
    Network::new(layers, gain, lengths).map_err(|why| usage(why.into()))
}

fn lines(log: &[String]) -> String {
    log.iter().map(|line| line.clone() + "\n").collect()
}
