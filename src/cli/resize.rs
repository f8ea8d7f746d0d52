//! `isotropic resize` and `isotropic compress`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    Bounding, Failure, Kind, Outcome, OutputFile, Reading, Touched, held_out, remark, short,
    with_real,
};
use crate::{
    Network,
    identity::least_widths,
    io::{FileError, Stored},
    resize::{self, Directions, Outgoing, Resized, ResizedOnData},
    scalar::{Field, Rational, Real, text::parse_exact},
};

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OutgoingName {
    /// Normal entries: the new neurons can learn
    Random,
    /// Zeros
    Zero,
}

/// Bring the hidden layers to other widths: shrink with a bound on the change, grow without any
#[derive(Debug, Args)]
pub(crate) struct Resize {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// All widths, n0 to nL, or what to keep of them, as 70%; the first and the last are those of the network
    #[arg(
        long,
        value_delimiter = ',',
        required = true,
        value_name = "n0,…,nL",
        allow_negative_numbers = true,
        value_parser = width
    )]
    widths: Vec<Width>,
    /// Outgoing weights of new neurons
    #[arg(long, value_enum, default_value = "random")]
    outgoing: OutgoingName,
    /// Seed of the outgoing weights
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Inputs (.csv, .csv.gz, .npy, .npz), one a row: cut along the principal axes of what each layer makes of them
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Rows at the end of FILE that are kept out of the axes, to compare with a cut by singular values on
    /// [default: a fifth]
    #[arg(long, value_name = "N", requires = "data")]
    held_out: Option<usize>,
    /// After each cut, refit the next layer to the data by least squares
    #[arg(long, requires = "data")]
    refit: bool,
    #[command(flatten)]
    output: OutputFile,
    #[command(flatten)]
    bounding: Bounding,
    #[command(flatten)]
    reading: Reading,
}

/// A width as it is asked for.
#[derive(Clone, Debug)]
enum Width {
    Neurons(usize),
    /// A share of what there is.
    Share(Rational),
}

impl Width {
    /// Neurons, for a layer that has `current`: shares are rounded to the nearest, at least 1.
    fn of(&self, current: usize) -> usize {
        match self {
            Width::Neurons(n) => *n,
            Width::Share(share) => {
                let exact = share.clone() * Rational::from(current as i64);
                // More than an f64 can count is refused by every network.
                (exact.to_f64().round() as usize).max(1)
            }
        }
    }
}

fn width(text: &str) -> Result<Width, String> {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        return match parse_exact(percent.trim_end()) {
            Ok(percent) if percent > Rational::from(0) => {
                Ok(Width::Share(percent / Rational::from(100)))
            }
            _ => Err("a share is a positive percentage, as 70%".into()),
        };
    }
    text.parse()
        .map(Width::Neurons)
        .map_err(|_| "a width is a whole number, at least 1, or a share, as 70%, and commas stand between them".into())
}

impl Resize {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        if let Some(path) = &self.data {
            touched.reads("--data", Kind::Table, path);
        }
        self.output.check(&mut touched)?;
        let data = ("--data", self.data.is_some());
        self.bounding.check(Some(data), &mut touched)?;
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        self.bounding.check_inputs(&stored)?;
        with_real!(self.reading.scalar, S => self.run_in::<S>(&stored),
            rational => Err(self.reading.not_rational("resize")))
    }

    fn run_in<S: Real>(&self, stored: &Stored) -> Result<Outcome, Failure> {
        let outgoing = match self.outgoing {
            OutgoingName::Random => Outgoing::Random,
            OutgoingName::Zero => Outgoing::Zero,
        };
        let network = stored.network::<S>()?;
        let current = stored.widths();
        // A width too many has no layer to be a share of, and is refused with the list.
        let widths = self.widths.iter().enumerate();
        let widths: Vec<usize> = widths
            .map(|(l, width)| width.of(current.get(l).copied().unwrap_or(1)))
            .collect();
        let by_values = |network| {
            resize::resized(network, &widths, outgoing, self.seed)
                .map_err(FileError::operation::<S>(stored.file()))
        };
        let embedding = match &self.data {
            None => {
                let resized = by_values(network)?;
                finish(&resized, stored, &self.output, self.bounding.asked())?;
                resized.embedding(&current)
            }
            Some(path) => {
                let inputs = self.bounding.tabling.read::<S>(path, &network.widths())?;
                let (data, rest) = held_out::split(&inputs, self.held_out)?;
                let seed = self.seed;
                let resize = match self.refit {
                    true => resize::resize_refitted,
                    false => resize::resize_on_data,
                };
                let resized = resize(&network, &widths, &data.x, outgoing, seed)
                    .map_err(FileError::operation::<S>(stored.file()))?;
                self.output.write(&resized.network, stored.form())?;
                on_data(&resized, stored, data.lines.len(), self.refit);
                if !resized.removals.is_empty() && !rest.lines.is_empty() {
                    let other = by_values(network.clone())?.network;
                    held_out::compare(&network, &resized.network, &other, &rest)
                        .map_err(FileError::operation::<S>(stored.file()))?;
                    if let Some(floor) = held_out::floor(stored, &resized.network, &rest.x)? {
                        remark(&floor);
                    }
                }
                resized.embedding(&current)
            }
        };
        if widths.iter().zip(&current).any(|(new, old)| new > old) {
            let drawn = match self.outgoing {
                OutgoingName::Random => format!("outgoing weights drawn with seed {}", self.seed),
                OutgoingName::Zero => "outgoing weights zero".into(),
            };
            remark(&format!("grown, which changes nothing: {drawn}"));
        }
        self.bounding
            .run_on_written::<S>((stored, &self.network), &self.output, &[embedding])
    }
}

/// Reports each data-aware removal.
fn on_data<S: Real>(resized: &ResizedOnData<S>, stored: &Stored, count: usize, refitted: bool) {
    for removal in &resized.removals {
        let directions = match removal.directions {
            Directions::Principal => "",
            Directions::Singular => ", along singular directions, which do better on the data",
        };
        remark(&format!(
            "layer {}: {} -> {}{directions}, standard deviations kept >= {}, root mean square dropped {} of {}",
            removal.layer,
            removal.from,
            removal.to,
            short(&removal.kept),
            short(&removal.dropped),
            short(&removal.spread),
        ));
    }
    // A refit is no removal, and what it does to the outputs is measured.
    if !resized.removals.is_empty() && !refitted {
        let bound = short(&resized.rms_bound());
        remark(&format!(
            "root mean square of |y - y'| over the {count} inputs of the data <= {bound}, besides rounding in {}",
            S::name()
        ));
    }
    remark(&format!(
        "{:?} -> {:?}",
        stored.widths(),
        resized.network.widths()
    ));
}

/// Bring every hidden layer to its width ceiling, the rank of [W ψ], which changes nothing
#[derive(Debug, Args)]
pub(crate) struct Compress {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    #[command(flatten)]
    output: OutputFile,
    #[command(flatten)]
    bounding: Bounding,
    #[command(flatten)]
    reading: Reading,
}

impl Compress {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut touched = Touched::default();
        touched.reads("NET", Kind::Network, &self.network);
        self.output.check(&mut touched)?;
        self.bounding.check(None, &mut touched)?;
        touched.check()?;
        let stored = self.reading.read(&self.network)?;
        self.bounding.check_inputs(&stored)?;
        with_real!(self.reading.scalar, S => {
            let network = stored.network::<S>()?;
            let resized = resize::compress(&network).map_err(FileError::operation::<S>(stored.file()))?;
            finish(&resized, &stored, &self.output, self.bounding.asked())?;
            note_coarse::<S>(&stored, &resized.network.widths());
            note_least(&network, &resized.network, &stored)?;
            self.bounding.run_on_written::<S>((&stored, &self.network), &self.output, &[resized.embedding(&stored.widths())])
        }, rational => Err(self.reading.not_rational("compress")))
    }
}

/// Whether any network of the function is narrower, where a theorem knows that (B9), and o, which is then as large as it can be.
fn note_least<S: Real>(
    before: &Network<S>,
    after: &Network<S>,
    stored: &Stored,
) -> Result<(), Failure> {
    let Some(least) = stored.residues().and_then(|image| least_widths(&image)) else {
        return Ok(());
    };
    let shown = |widths: &[usize]| {
        let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
        widths.join("-")
    };
    if least != after.widths() {
        remark(&format!(
            "at the digits stored the least widths of the function are {}",
            shown(&least)
        ));
        return Ok(());
    }
    remark("no network of this function is narrower anywhere, at the digits stored");
    for l in before.hidden() {
        let (was, is) = (before.length_squared(l), after.length_squared(l));
        if was != is {
            remark(&format!(
                "layer {l}: o {} -> {}, and no network of this function has more",
                short(&was),
                short(&is)
            ));
        }
    }
    Ok(())
}

/// Says so where a wider arithmetic than the file's takes the file's rounding for rank: what `widths` could not lose.
pub(super) fn note_coarse<S: Real>(stored: &Stored, widths: &[usize]) {
    let held = stored.precision().unwrap_or(u32::MAX);
    if held > 24 || S::precision().is_some_and(|bits| bits <= 24) {
        return;
    }
    let single = stored.network::<f32>().ok();
    let narrower = single.and_then(|network| resize::compress(&network).ok());
    if let Some(narrower) = narrower.map(|resized| resized.network.widths())
        && narrower.iter().sum::<usize>() < widths.iter().sum::<usize>()
    {
        let shown: Vec<String> = narrower.iter().map(usize::to_string).collect();
        remark(&format!(
            "the numbers of {} were rounded to {held} bits: at --scalar f32 its width ceiling is {}",
            stored.file(),
            shown.join("-")
        ));
    }
}

/// Writes the result and reports each removal; with `bounded` a bound for the inputs asked about follows, and there is
/// none for others.
fn finish<S: Real>(
    resized: &Resized<S>,
    stored: &Stored,
    output: &OutputFile,
    bounded: bool,
) -> Result<(), Failure> {
    output.write(&resized.network, stored.form())?;
    for removal in &resized.removals {
        remark(&format!(
            "layer {}: {} -> {}, singular values kept >= {}, dropped <= {} (gap {})",
            removal.layer,
            removal.from,
            removal.to,
            short(&removal.kept),
            short(&removal.dropped),
            short(&removal.gap()),
        ));
    }
    if !resized.removals.is_empty() && !bounded {
        let bound = short(&resized.bound(&S::one()));
        remark(&format!(
            "together |y - y'| <= {bound} for inputs of norm at most 1, besides rounding in {}; --ball R certifies a bound \
             for others",
            S::name()
        ));
    }
    remark(&format!(
        "{:?} -> {:?}",
        stored.widths(),
        resized.network.widths()
    ));
    Ok(())
}
