//! What is trained on: a table, or a folder of images.

use std::{ops::Range, path::Path};

use super::{
    Train, at_file,
    start::{Start, usage},
};
use crate::{
    cli::{Failure, Tabling, remark},
    io::{
        FileError,
        images::{Images, read_folder},
        inputs::Inputs,
        source,
    },
    learning::{Adaptation, Data, Plan, Source, Trainee, epochs_to_fall},
    linalg::singular_values,
    network::gradient::Targets,
    scalar::Real,
};

/// How a checkpoint says that its data are images, the test images being held out; or as many as it says of those to train
/// on.
pub(super) const IMAGES: &str = "images";
const IMAGES_TO_TRAIN_ON: &str = "images to train on";

impl Train {
    /// Where the data are and how they are read.
    pub(super) fn source(&self) -> Result<Source, Failure> {
        let mut source = Source {
            data: String::new(),
            digest: String::new(),
            reading: self.tabling.to_text(),
            held_out: self.held_out.unwrap_or(0),
        };
        if let Some(path) = &self.data {
            source.data = path.to_string_lossy().into_owned();
            if path.is_dir() {
                if let Some(option) = self.tabling.given() {
                    return Err(Failure::Usage(format!(
                        "{option} has no effect on a folder of images, whose pixels are divided by 255 and whose labels are \
                         in files of their own; leave it out"
                    )));
                }
                source.reading = match self.held_out {
                    None => IMAGES.into(),
                    Some(_) => IMAGES_TO_TRAIN_ON.into(),
                };
            }
        }
        Ok(source)
    }

    /// The rows to train on and those held out.
    pub(super) fn data<S: Real>(
        &self,
        start: &Start<S>,
    ) -> Result<(Data<S>, Option<Data<S>>), Failure> {
        let path = Path::new(&start.source.data);
        let reading = start.source.reading.as_str();
        if [IMAGES, IMAGES_TO_TRAIN_ON].contains(&reading) {
            return self.images(path, start);
        }
        let tabling = Tabling::from_text(&start.source.reading).ok_or_else(|| {
            Failure::Usage("the checkpoint does not say how to read its data".into())
        })?;
        let inputs = tabling.read::<S>(path, &start.trainee.network().widths())?;
        let file = source::name(path);
        let rows = inputs.lines.len();
        let count = start.source.held_out;
        if count >= rows {
            return Err(Failure::Usage(format!(
                "--held-out {count} leaves nothing of the {rows} rows of {file} to train on; hold out fewer"
            )));
        }
        let part = |inputs: Inputs<S>| -> Result<Data<S>, Failure> {
            let labels = inputs.labels.ok_or_else(|| {
                Failure::File(FileError::content(
                    &file,
                    "the table",
                    "no labels",
                    "a column of labels to learn from",
                    "head it `label`, or name it with --label",
                ))
            })?;
            Ok(Data {
                x: inputs.x,
                targets: Targets::Labels(labels),
            })
        };
        let data = part(inputs.rows(0..rows - count))?;
        data.check().map_err(|why| at_file(&file, &why))?;
        let rest = (count > 0).then(|| part(inputs.rows(rows - count..rows)));
        Ok((data, rest.transpose()?))
    }

    /// The images of a folder to train on, and those held out: its test images, or the last of those to train on.
    fn images<S: Real>(
        &self,
        path: &Path,
        start: &Start<S>,
    ) -> Result<(Data<S>, Option<Data<S>>), Failure> {
        let folder = read_folder(path)?;
        let file = source::name(path);
        let widths = start.trainee.network().widths();
        let part = |images: &Images| -> Result<Data<S>, Failure> {
            let x = images.fitting(&file, &widths)?;
            let targets = Targets::Labels(images.labels.clone());
            Ok(Data { x, targets })
        };
        let train = part(&folder.train)?;
        train.check().map_err(|why| at_file(&file, &why))?;
        if start.source.reading == IMAGES {
            return Ok((train, Some(part(&folder.test)?)));
        }
        let (rows, count) = (train.rows(), start.source.held_out);
        if count >= rows {
            return Err(Failure::Usage(format!(
                "--held-out {count} leaves nothing of the {rows} images of {file} to train on; hold out fewer"
            )));
        }
        let range = |range: Range<usize>| train.select(&range.collect::<Vec<usize>>());
        let rest = (count > 0).then(|| range(rows - count..rows));
        let data = range(0..rows - count);
        data.check().map_err(|why| at_file(&file, &why))?;
        Ok((data, rest))
    }
}

/// What is worth knowing before a training begins.
pub(super) fn said_of<S: Real>(
    data: &Data<S>,
    plan: &Plan<S>,
    trainee: &Trainee<S>,
) -> Result<(), Failure> {
    let network = trainee.network();
    let constant = data.constant_inputs();
    if constant > 0 {
        let inputs = data.x.nrows();
        remark(&format!(
            "{constant} of {inputs} inputs are the same in every row: they teach no more than the bias does"
        ));
    }
    if let (Some((classes, _)), Some(outputs)) = (data.classes(), network.widths().last())
        && classes < *outputs
    {
        remark(&format!(
            "{outputs} outputs for {classes} classes that occur: the others learn to stay small"
        ));
    }
    let threshold = match &plan.adaptation {
        Adaptation::None | Adaptation::Widths(_) => return Ok(()),
        Adaptation::Scaffold { threshold, .. } => threshold.to_f64(),
    };
    let mut size = S::zero();
    for l in network.hidden() {
        let sigma = singular_values(&network.layer(l).augmented());
        let sigma = sigma.map_err(|why| usage(why.into()))?;
        size = S::larger(sigma.first().cloned().unwrap_or_else(S::zero), size);
    }
    let steps = plan.batch.map_or(1, |size| data.rows().div_ceil(size)) as u64;
    let needed = epochs_to_fall(plan, steps, size.to_f64(), threshold);
    let (left, size) = (plan.epochs, size.to_f64());
    remark(&match needed {
        None => format!(
            "an unused direction of size {size:.2} never falls below {threshold} at these settings: without enough weight \
             decay widths do not shrink"
        ),
        Some(needed) if needed > left => format!(
            "an unused direction of size {size:.2} needs {needed} epochs to fall below {threshold} at these settings, the \
             schedule leaves {left}: widths cannot follow the task"
        ),
        Some(needed) => format!(
            "an unused direction of size {size:.2} needs {needed} epochs to fall below {threshold} at these settings, the \
             schedule leaves {left}"
        ),
    });
    Ok(())
}
