//! The certified bound that resize, compress, diagonalise and diff print, and `isotropic check-certificate`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde_json::json;

use super::{
    Failure, FileMeaning, Kind, Outcome, ScalarName, Tabling, Touched, print, remark, with_scalar,
};
use crate::{
    Network, Scalar,
    certificate::{Certificate, Certified, Check, Region, Subject, certify, check},
    io::{FileError, Stored, atomic, source},
    linalg::column,
    network::evaluate,
    scalar::{Field, Mp, Rational, Real, text::parse_exact},
};

/// Random directions tried over a ball, and steps of the search from the best of them.
const DIRECTIONS: usize = 64;
const STEPS: usize = 64;

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
    json: Option<PathBuf>,
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
                Some(_) if nowhere => {
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

    /// Certifies and measures, prints, and writes what was asked for. `Done` if nothing was asked, or
    /// the bound is finite.
    pub(crate) fn run<S: Scalar>(
        &self,
        (a, path_a): (&Stored, &Path),
        (b, path_b): (&Stored, &Path),
    ) -> Result<Outcome, Failure> {
        if self.ball.is_none() && self.inputs.is_none() {
            return Ok(Outcome::Done);
        }
        let listed = self.listed::<S>(&a.widths())?;
        let region = match (&self.ball, &listed) {
            (Some(radius), _) => Region::Ball(radius.clone()),
            (None, Some(inputs)) => Region::Inputs(inputs.iter().map(|x| rationals(x)).collect()),
            (None, None) => return Ok(Outcome::Done),
        };
        let certified = certify::<S>(a, b, &region, None)?;
        let pair = (&a.network::<S>()?, &b.network::<S>()?);
        let observed = match (&listed, &region) {
            (None, Region::Ball(radius)) => search(pair, radius),
            _ => largest(pair, listed.as_deref().unwrap_or_default()),
        };
        let bound = certified.bound();
        let ratio = if observed == 0.0 {
            0.0
        } else {
            observed / bound
        };
        let known = bound.is_finite() && observed.is_finite();
        let place = match &region {
            Region::Ball(radius) => format!("inputs of norm at most {}", radius.to_f64()),
            Region::Inputs(inputs) => format!("{} inputs", inputs.len()),
        };
        print(&text::<S>(&certified, observed, ratio, &place, known))?;
        if let Some(path) = &self.json {
            let number = |x: f64| if x.is_finite() { json!(x) } else { json!(null) };
            let json = json!({
                "certified_bound": number(bound),
                "observed": number(observed),
                "ratio": number(if known { ratio } else { f64::NAN }),
                "verdict": if known { "verified" } else { "unknown" },
                "function_bound": number(certified.function),
                "evaluation_bound": number(certified.evaluation),
                "scalar": S::name(),
                "region": place,
                "a": a.file(),
                "b": b.file(),
            });
            atomic::write(path, format!("{json:#}\n").as_bytes())?;
        }
        if let Some(path) = &self.certificate {
            let certificate = Certificate {
                a: subject(path_a, a)?,
                b: subject(path_b, b)?,
                scalar: S::name(),
                region,
                certified_bound: bound,
                function_bound: certified.function,
                relation: certified.relation,
            };
            atomic::write(path, certificate.to_yaml().as_bytes())?;
        }
        if !known {
            remark("unknown: a number overflows; use a wider --scalar or smaller inputs");
            return Ok(Outcome::Unknown);
        }
        Ok(Outcome::Done)
    }
}

fn text<S: Scalar>(
    certified: &Certified,
    observed: f64,
    ratio: f64,
    place: &str,
    known: bool,
) -> String {
    if !known {
        return format!("certified bound: unknown, for {place}\n");
    }
    format!(
        "certified bound: |y - y'| <= {:.6e} for {place}\n  of it the functions {:.3e}, rounding in {} {:.3e}\n\
         largest observed difference: {observed:.6e}\nobserved / certified: {ratio:.3e}\n",
        certified.bound(),
        certified.function,
        S::name(),
        certified.evaluation,
    )
}

fn rationals<S: Field>(x: &[S]) -> Vec<Rational> {
    x.iter()
        .map(|x| x.to_rational().unwrap_or_default())
        .collect()
}

fn subject(path: &Path, stored: &Stored) -> Result<Subject, Failure> {
    let bytes = source::read(path)?;
    Ok(Subject::of(&bytes, stored))
}

/// ‖ŷ - ŷ'‖ in f64; ∞ where an evaluation overflows.
fn apart<S: Scalar>((a, b): (&Network<S>, &Network<S>), x: &[S]) -> f64 {
    let (Ok(y), Ok(z)) = (evaluate(a, x), evaluate(b, x)) else {
        return f64::INFINITY;
    };
    let differences = y.iter().zip(z.iter()).map(|(y, z)| y.clone() - z);
    let squares = differences
        .filter_map(|d| d.to_rational())
        .map(|d| d.clone() * d);
    let sum = squares.fold(Rational::from(0), |sum, square| sum + square);
    Mp::<64>::from_rational(&sum).sqrt().to_f64()
}

fn largest<S: Scalar>(pair: (&Network<S>, &Network<S>), inputs: &[Vec<S>]) -> f64 {
    inputs
        .iter()
        .map(|x| apart(pair, x))
        .fold(0.0, |a, b| f64::larger(b, a))
}

/// The largest difference found in the ball: the origin, random directions at full length, and steps
/// from the best of them. Deterministic.
fn search<S: Scalar>(pair: (&Network<S>, &Network<S>), radius: &Rational) -> f64 {
    let width = pair.0.layer(1).weight.ncols();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut draw = || -> Vec<f64> { (0..width).map(|_| rng.sample(StandardNormal)).collect() };
    // Just inside the sphere, whatever rounding does.
    let on_sphere = |direction: &[f64]| -> Vec<S> {
        let size = crate::linalg::norm2(direction).max(f64::MIN_POSITIVE) * (1.0 + 1e-9);
        let entry = |x: &f64| Rational::from_f64(x / size) * radius;
        direction
            .iter()
            .map(|x| S::from_rational(&entry(x)))
            .collect()
    };
    let mut most = apart(pair, &vec![S::zero(); width]);
    let (mut best, mut direction) = (f64::NEG_INFINITY, vec![]);
    for _ in 0..DIRECTIONS {
        let candidate = draw();
        let found = apart(pair, &on_sphere(&candidate));
        if found > best {
            (best, direction) = (found, candidate);
        }
    }
    let mut step = 1.0;
    for _ in 0..STEPS {
        let candidate: Vec<f64> = (direction.iter().zip(draw()))
            .map(|(x, d)| x + step * d)
            .collect();
        let found = apart(pair, &on_sphere(&candidate));
        if found > best {
            (best, direction) = (found, candidate);
        } else {
            step *= 0.9;
        }
    }
    most = f64::larger(best, most);
    most
}

/// Check a certificate against the two networks it is for; exit 0 valid, 1 not, 3 unknown.
///
/// The bound is computed again from the files; nothing in the certificate is believed.
#[derive(Debug, Args)]
pub(crate) struct CheckCertificate {
    /// Certificate, from --certificate
    #[arg(value_name = "FILE")]
    certificate: PathBuf,
    /// The first network (.safetensors, .yaml)
    #[arg(value_name = "A")]
    a: PathBuf,
    /// The second network (.safetensors, .yaml)
    #[arg(value_name = "B")]
    b: PathBuf,
    #[command(flatten)]
    meaning: FileMeaning,
}

impl CheckCertificate {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let file = self.certificate.display().to_string();
        let text = fs::read_to_string(&self.certificate).map_err(|reason| {
            FileError::access(&file, "read", &reason, "check the name and permissions")
        })?;
        match Certificate::is_unedited(&text) {
            None => {
                return Err(FileError::content(
                    &file,
                    "the last line",
                    "no digest",
                    "a certificate",
                    "use a file that --certificate wrote",
                )
                .into());
            }
            Some(false) => {
                print("invalid: the certificate was edited: its digest is not that of its text\n")?;
                return Ok(Outcome::Refuted);
            }
            Some(true) => {}
        }
        let certificate = Certificate::read(&file, &text)?;
        let Ok(scalar) = ScalarName::from_str(&certificate.scalar, true) else {
            return Err(FileError::content(
                &file,
                "scalar",
                certificate.scalar,
                "f32, f64, mp64 … mp1024 or rational",
                "use a file that --certificate wrote",
            )
            .into());
        };
        let (a, b) = (self.meaning.read(&self.a)?, self.meaning.read(&self.b)?);
        let (of_a, of_b) = (subject(&self.a, &a)?, subject(&self.b, &b)?);
        let outcome =
            with_scalar!(scalar, S => check::<S>(&certificate, (&a, &of_a), (&b, &of_b)))?;
        let (text, outcome) = match outcome {
            Check::Valid(bound) => (
                format!(
                    "valid: |y - y'| <= {:.6e}, computed again as {bound:.6e}\n",
                    certificate.certified_bound
                ),
                Outcome::Done,
            ),
            Check::Invalid(why) => (format!("invalid: {why}\n"), Outcome::Refuted),
            Check::Unknown(why) => (format!("unknown: {why}\n"), Outcome::Unknown),
        };
        print(&text)?;
        Ok(outcome)
    }
}
