//! The certified bound that resize, compress, diagonalise and diff print.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Kind, Outcome, OutputFile, Tabling, Touched, print, remark};
use crate::{
    Scalar,
    bound::Embedding,
    certificate::{Certificate, Certified, Labels, Region, Subject, certify, certify_by, observe},
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

/// What an observation above a certified bound means.
pub(super) const OUR_FAULT: &str = "refuted: a difference was observed above the bound that is certified for it. This is a \
     fault of isotropic, not of the networks: the bound is not to be relied on. Please report it with the files and this \
     command.";

/// The inputs in words.
pub(super) fn place(region: &Region) -> String {
    match region {
        Region::Ball(radius) => format!("inputs of norm at most {}", radius.to_f64()),
        Region::Inputs(inputs) if inputs.len() == 1 => "1 input".into(),
        Region::Inputs(inputs) => format!("{} inputs", inputs.len()),
    }
}

/// A certified bound beside what was seen.
struct Finding {
    certified: Certified,
    observed: f64,
    scalar: String,
    place: String,
}

impl Finding {
    fn verdict(&self) -> Verdict {
        observe::judge(self.certified.bound(), self.observed)
    }

    fn ratio(&self) -> f64 {
        if self.observed == 0.0 {
            0.0
        } else {
            self.observed / self.certified.bound()
        }
    }

    fn text(&self) -> String {
        let verdict = self.verdict();
        if verdict == Verdict::Unknown {
            return format!("certified bound: unknown, for {}\n", self.place);
        }
        let exceeded = match verdict {
            Verdict::Refuted => "refuted: observed above certified, a fault of isotropic\n",
            Verdict::Verified | Verdict::Unknown => "",
        };
        let labels = self.certified.labels.as_ref().map_or(String::new(), labels);
        format!(
            "{exceeded}certified bound: |y - y'| <= {:.6e} for {}\n  of it the functions {:.3e}, rounding in {} {:.3e}\n\
             largest observed difference: {:.6e}\nobserved / certified: {:.3e}\n{labels}",
            self.certified.bound(),
            self.place,
            self.certified.function,
            self.scalar,
            self.certified.evaluation,
            self.observed,
            self.ratio(),
        )
    }

    fn json(&self, a: &str, b: &str) -> serde_json::Value {
        let verdict = self.verdict();
        let number = |x: f64| if x.is_finite() { json!(x) } else { json!(null) };
        let ratio = match verdict {
            Verdict::Unknown => f64::NAN,
            Verdict::Verified | Verdict::Refuted => self.ratio(),
        };
        json!({
            "certified_bound": number(self.certified.bound()),
            "observed": number(self.observed),
            "ratio": number(ratio),
            "verdict": verdict.word(),
            "function_bound": number(self.certified.function),
            "evaluation_bound": number(self.certified.evaluation),
            "scalar": self.scalar,
            "region": self.place,
            "labels": self.certified.labels.as_ref().map(|labels| json!({
                "inputs": labels.inputs,
                "certified_unchanged": labels.unchanged,
                "certified_changed": labels.changed,
                "undecided": labels.undecided(),
                "smallest_margin": number(labels.margin),
                "smallest_margin_at": labels.at,
            })),
            "a": a,
            "b": b,
        })
    }
}

/// How many labels are certainly the same, and how nearly one is not.
pub(super) fn labels(labels: &Labels) -> String {
    let mut rest = vec![];
    if labels.changed > 0 {
        rest.push(format!("{} certainly changed", labels.changed));
    }
    if labels.undecided() > 0 {
        rest.push(format!("{} undecided", labels.undecided()));
    }
    let rest = if rest.is_empty() {
        String::new()
    } else {
        format!(" ({})", rest.join(", "))
    };
    format!(
        "labels certified unchanged: {} of {}{rest}; smallest margin {:.3e}, at input {}\n",
        labels.unchanged, labels.inputs, labels.margin, labels.at
    )
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
mod tests {
    use super::*;
    use crate::{
        bound::Relation,
        io::{ReadOptions, read_network},
    };

    fn finding(function: f64, observed: f64) -> Finding {
        Finding {
            certified: Certified {
                function,
                evaluation: 0.25,
                relation: Relation::Unrelated,
                labels: None,
            },
            observed,
            scalar: "f64".into(),
            place: "1 input".into(),
        }
    }

    #[test]
    fn an_observation_above_the_bound_is_refuted_everywhere() {
        let bad = finding(0.5, 0.8);
        assert_eq!(bad.verdict(), Verdict::Refuted);
        assert!(bad.text().starts_with("refuted: ") && bad.text().contains("fault of isotropic"));
        let json = bad.json("a", "b");
        assert_eq!(json["verdict"], "refuted");
        assert!(
            json["certified_bound"].is_f64() && json["observed"].is_f64(),
            "{json}"
        );
        // One evaluation overflows where the bound says that none does.
        assert_eq!(finding(0.5, f64::INFINITY).verdict(), Verdict::Refuted);
    }

    /// A bound too small, planted where a command has just computed it: exit 1, the numbers are kept, and no certificate is
    /// written nor an older one replaced.
    #[test]
    fn an_exceeded_bound_ends_in_exit_1_and_without_a_certificate() {
        let folder =
            std::env::temp_dir().join(format!("isotropic-exceeded-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let at = |name: &str| folder.join(name);
        let text = "isotropic: 1\nwidths: [1, 1]\ngain: linear\nlayers:\n  - weight:\n      - [\"1\"]\n    bias: [\"0\"]\n";
        std::fs::write(at("a.yaml"), text).unwrap();
        let network = read_network(&at("a.yaml"), &ReadOptions::default()).unwrap();
        let bounding = Bounding {
            ball: Some(Rational::from(1)),
            inputs: None,
            json: Some(at("found.json")),
            certificate: Some(at("certificate.yaml")),
            tabling: Tabling::default(),
        };
        let conclude = |observed| {
            let path = at("a.yaml");
            let side = (&network, path.as_path());
            let region = Region::Ball(Rational::from(1));
            let outcome = bounding.conclude(finding(0.5, observed), region, side, side);
            let json = std::fs::read_to_string(at("found.json")).unwrap();
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            (outcome.unwrap(), json)
        };
        let (outcome, json) = conclude(0.8);
        assert_eq!(outcome, Outcome::Refuted);
        assert_eq!(outcome.code(), std::process::ExitCode::from(1));
        assert_eq!(
            (&json["verdict"], &json["observed"]),
            (&json!("refuted"), &json!(0.8))
        );
        assert!(!at("certificate.yaml").exists());
        let (outcome, json) = conclude(0.7);
        assert_eq!(
            (outcome, &json["verdict"]),
            (Outcome::Done, &json!("verified"))
        );
        let written = std::fs::read(at("certificate.yaml")).unwrap();
        conclude(0.8);
        assert_eq!(std::fs::read(at("certificate.yaml")).unwrap(), written);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_bound_that_holds_or_is_not_finite_is_not_refuted() {
        let good = finding(0.5, 0.75);
        assert_eq!(good.verdict(), Verdict::Verified);
        assert!(!good.text().contains("refuted"), "{}", good.text());
        assert_eq!(good.json("a", "b")["verdict"], "verified");
        let unknown = finding(f64::INFINITY, 0.75);
        assert_eq!(unknown.verdict(), Verdict::Unknown);
        assert!(unknown.json("a", "b")["certified_bound"].is_null());
    }
}
