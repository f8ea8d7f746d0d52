//! The certified bound that resize, compress, diagonalise and diff print.

mod finding;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

pub(super) use finding::{OUR_FAULT, labels, place};

use finding::Finding;

use super::{Failure, Kind, Outcome, OutputFile, Tabling, Touched, print, remark};
use crate::{
    Scalar,
    bound::Embedding,
    certificate::{Certificate, Region, Subject, certify, certify_by, observe},
    io::{FileError, Stored, atomic, source},
    judge::Verdict,
    linalg::column,
    scalar::{Field, Mp, Rational, Real, text::parse_exact},
};

/// The inputs for which the change of the outputs is certified.
#[derive(Debug, Args)]
pub(crate) struct Bounding {
    /// Certify ‖y - y'‖ for all inputs of norm at most R
    #[arg(long, value_name = "R", allow_hyphen_values = true, value_parser = radius)]
    ball: Option<Rational>,
    /// Certify it for these inputs (.csv, .csv.gz, .npy, .npz); with --ball, measure on them
    #[arg(long, value_name = "FILE")]
    pub(crate) inputs: Option<PathBuf>,
    /// Write certified bound, largest observed difference and ratio as JSON (with --ball or --inputs)
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Save a certificate for `isotropic check-certificate` (with --ball or --inputs)
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) tabling: Tabling,
}

fn radius(text: &str) -> Result<Rational, String> {
    match parse_exact(text) {
        Ok(radius) if radius >= Rational::from(0) => Ok(radius),
        Ok(_) => Err("the radius of a ball is not negative".into()),
        Err(why) => Err(why.to_string()),
    }
}

impl Bounding {
    /// Whether the options fit together and the files can be written. `data`: a command's own option for a
    /// file of inputs, if it has one, and whether it was given.
    pub(crate) fn check<'a>(
        &'a self,
        data: Option<(&str, bool)>,
        touched: &mut Touched<'a>,
    ) -> Result<(), Failure> {
        self.check_options(data, touched, false)
    }

    /// The same for a command that has something of its own to say in `--json`, without any inputs.
    pub(crate) fn check_beside<'a>(&'a self, touched: &mut Touched<'a>) -> Result<(), Failure> {
        self.check_options(None, touched, true)
    }

    /// The same for such a command whose data the options of inputs are for, too.
    pub(crate) fn check_with_data<'a>(&'a self, touched: &mut Touched<'a>) -> Result<(), Failure> {
        self.check_options(Some(("--data", true)), touched, true)
    }

    /// What a command has to say in `--json`, with what the certified bound has written there before it as `bound`.
    pub(crate) fn write_beside(&self, path: &Path, mut said: Value) -> Result<(), Failure> {
        if self.asked() {
            if path == Path::new("-") {
                // The bound is on standard output already.
                return Ok(());
            }
            let bound = std::fs::read_to_string(path)
                .ok()
                .and_then(|text| serde_json::from_str::<Value>(&text).ok());
            if let (Value::Object(said), Some(bound)) = (&mut said, bound) {
                // The keys of a bound stay where they were, for those who read them.
                for (key, value) in bound.as_object().into_iter().flatten() {
                    said.insert(key.clone(), value.clone());
                }
                said.insert("bound".into(), bound);
            }
        }
        Ok(atomic::write(path, format!("{said:#}\n").as_bytes())?)
    }

    /// The certified bound on ‖y - y'‖ for the inputs asked about; ∞ where nothing is known, or none were.
    pub(crate) fn bound<S: Scalar>(&self, a: &Stored, b: &Stored) -> Result<f64, Failure> {
        let listed = self.listed::<S>(&a.widths())?;
        let Some(region) = self.region(listed.as_deref()) else {
            return Ok(f64::INFINITY);
        };
        Ok(certify::<S>(a, b, &region, None)?.bound())
    }

    /// The ball, or else the inputs.
    fn region<S: Field>(&self, listed: Option<&[Vec<S>]>) -> Option<Region> {
        match (&self.ball, listed) {
            (Some(radius), _) => Some(Region::Ball(radius.clone())),
            (None, Some(inputs)) => Some(Region::Inputs(
                inputs.iter().map(|x| rationals(x)).collect(),
            )),
            (None, None) => None,
        }
    }

    fn check_options<'a>(
        &'a self,
        data: Option<(&str, bool)>,
        touched: &mut Touched<'a>,
        json_alone: bool,
    ) -> Result<(), Failure> {
        self.tabling.touch(touched);
        if let Some(path) = &self.inputs {
            touched.reads("--inputs", Kind::Table, path);
        }
        let nowhere = self.ball.is_none() && self.inputs.is_none();
        let given = data.is_some_and(|(_, given)| given);
        if let Some(option) = self.tabling.given()
            && self.inputs.is_none()
            && !given
        {
            let other = data.map_or(String::new(), |(name, _)| format!(" or {name} FILE"));
            return Err(Failure::Usage(format!(
                "{option} needs inputs: give --inputs FILE{other}"
            )));
        }
        let results = [
            ("--json", Kind::Json, &self.json),
            ("--certificate", Kind::Certificate, &self.certificate),
        ];
        for (name, kind, path) in results {
            match path {
                Some(_) if nowhere && !(json_alone && kind == Kind::Json) => {
                    return Err(Failure::Usage(format!(
                        "{name} needs the inputs to certify for: give --ball R or --inputs FILE"
                    )));
                }
                Some(path) => touched.writes(name, kind, path),
                None => {}
            }
        }
        Ok(())
    }

    /// Whether the inputs can be read and lie in the ball: worth asking before a long computation.
    pub(crate) fn check_inputs(&self, network: &Stored) -> Result<(), Failure> {
        self.listed::<Rational>(&network.widths()).map(|_| ())
    }

    /// The inputs of `--inputs`, as the scalar holds them, one a list.
    fn listed<S: Field>(&self, widths: &[usize]) -> Result<Option<Vec<Vec<S>>>, Failure> {
        let Some(path) = &self.inputs else {
            return Ok(None);
        };
        let read = self.tabling.read::<S>(path, widths)?;
        let inputs: Vec<Vec<S>> = (0..read.x.ncols())
            .map(|j| column(&read.x, j).to_vec())
            .collect();
        if let Some(radius) = &self.ball {
            let limit = radius.clone() * radius;
            for (x, line) in inputs.iter().zip(&read.lines) {
                let exact = rationals(x);
                let squared = Rational::dot(&exact, &exact);
                if squared > limit {
                    let found = format!(
                        "norm {:.6}",
                        Mp::<64>::from_rational(&squared).sqrt().to_f64()
                    );
                    let file = path.display().to_string();
                    return Err(FileError::content(
                        &file,
                        format!("line {line}"),
                        found,
                        format!("at most {}, the radius of the ball", radius.to_f64()),
                        "leave the input out, or give a larger --ball",
                    )
                    .into());
                }
            }
        }
        Ok(Some(inputs))
    }

    /// Whether a bound was asked for.
    pub(crate) fn asked(&self) -> bool {
        self.ball.is_some() || self.inputs.is_some()
    }

    /// [`run_by`](Self::run_by) without suggestions.
    pub(crate) fn run<S: Scalar>(
        &self,
        a: (&Stored, &Path),
        b: (&Stored, &Path),
    ) -> Result<Outcome, Failure> {
        self.run_by::<S>(a, b, &[])
    }

    /// [`run_by`](Self::run_by) for a command that has written its result: what is bounded is the file, as it is read back.
    pub(crate) fn run_on_written<S: Scalar>(
        &self,
        before: (&Stored, &Path),
        output: &OutputFile,
        suggested: &[Embedding],
    ) -> Result<Outcome, Failure> {
        if !self.asked() {
            return Ok(Outcome::Done);
        }
        let written = output.read_back()?;
        self.run_by::<S>(before, (&written, output.path()), suggested)
    }

    /// Certifies and measures, prints, and writes what was asked for. `Done` if nothing was asked, or the bound is
    /// finite and holds. `suggested`: how the second network came of the first, as far as a command knows.
    pub(crate) fn run_by<S: Scalar>(
        &self,
        (a, path_a): (&Stored, &Path),
        (b, path_b): (&Stored, &Path),
        suggested: &[Embedding],
    ) -> Result<Outcome, Failure> {
        if !self.asked() {
            return Ok(Outcome::Done);
        }
        let listed = self.listed::<S>(&a.widths())?;
        let Some(region) = self.region(listed.as_deref()) else {
            return Ok(Outcome::Done);
        };
        let mut certified = certify_by::<S>(a, b, &region, suggested)?;
        if let (Region::Ball(_), Some(inputs)) = (&region, &listed) {
            let inputs = Region::Inputs(inputs.iter().map(|x| rationals(x)).collect());
            certified.labels = certify::<S>(a, b, &inputs, None)?.labels;
        }
        let pair = (&a.network::<S>()?, &b.network::<S>()?);
        let observed = match (&listed, &region) {
            (None, Region::Ball(radius)) => observe::search(pair, radius),
            _ => observe::largest(pair, listed.as_deref().unwrap_or_default()),
        };
        let finding = Finding {
            certified,
            observed,
            scalar: S::name(),
            place: place(&region),
        };
        print(&finding.text())?;
        self.conclude(finding, region, (a, path_a), (b, path_b))
    }

    /// Writes what was asked for and was found true: no certificate of a bound that was seen to be exceeded.
    fn conclude(
        &self,
        finding: Finding,
        region: Region,
        (a, path_a): (&Stored, &Path),
        (b, path_b): (&Stored, &Path),
    ) -> Result<Outcome, Failure> {
        if let Some(path) = &self.json {
            let json = finding.json(a.file(), b.file());
            atomic::write(path, format!("{json:#}\n").as_bytes())?;
        }
        let verdict = finding.verdict();
        if let Some(path) = &self.certificate
            && verdict != Verdict::Refuted
        {
            let certificate = Certificate {
                a: subject(path_a, a)?,
                b: subject(path_b, b)?,
                scalar: finding.scalar,
                region,
                certified_bound: finding.certified.bound(),
                function_bound: finding.certified.function,
                relation: finding.certified.relation,
            };
            atomic::write(path, certificate.to_yaml().as_bytes())?;
        }
        Ok(match verdict {
            Verdict::Verified => Outcome::Done,
            Verdict::Refuted => {
                remark(OUR_FAULT);
                if self.certificate.is_some() {
                    remark("no certificate was written");
                }
                Outcome::Refuted
            }
            Verdict::Unknown => {
                remark("unknown: a number overflows; use a wider --scalar or smaller inputs");
                Outcome::Unknown
            }
        })
    }
}

fn rationals<S: Field>(x: &[S]) -> Vec<Rational> {
    x.iter()
        .map(|x| x.to_rational().unwrap_or_default())
        .collect()
}

pub(super) fn subject(path: &Path, stored: &Stored) -> Result<Subject, Failure> {
    let bytes = source::read(path)?;
    Ok(Subject::of(&bytes, stored))
}

#[cfg(test)]
mod tests;
