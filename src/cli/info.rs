//! `isotropic info`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Outcome, Reading, print, remark, resize::note_coarse, short, with_real};
use crate::{
    Error, Network,
    identity::{Dimension, dimension, least_widths},
    io::{FileError, Stored},
    linalg::{norm2, singular_values},
    resize::{LayerRank, compress, layer_rank},
    scalar::Real,
};

/// Describe a network: widths, gain, lengths, spectra, ranks and the width ceiling
#[derive(Debug, Args)]
pub(crate) struct Info {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// In how many independent ways the parameters move the function: an exact rank, in time that goes with the cube of
    /// their number
    #[arg(long)]
    dimension: bool,
    #[command(flatten)]
    reading: Reading,
}

impl Info {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let stored = self.reading.read(&self.network)?;
        with_real!(self.reading.scalar, S => self.run_in::<S>(&stored),
            rational => Err(self.reading.not_rational("info")))
    }

    fn run_in<S: Real>(&self, stored: &Stored) -> Result<Outcome, Failure> {
        let least = stored.residues().and_then(|image| least_widths(&image));
        let network = stored.network::<S>()?;
        let mut facts = Facts::of(&network).map_err(FileError::operation::<S>(stored.file()))?;
        facts.least = least;
        let dimension = if self.dimension {
            if network.parameter_count() > MANY {
                remark(&format!(
                    "the rank of a matrix with {} columns, exactly: this takes minutes",
                    network.parameter_count()
                ));
            }
            Some(dimension(&stored.exact(EXPONENTIAL_BITS)?))
        } else {
            None
        };
        let text = if self.json {
            let mut json = facts.json(&network);
            if let (Some(found), Value::Object(json)) = (&dimension, &mut json) {
                json.insert("dimension".into(), json!(found.map(|found| found.rank)));
                let of_function = found.is_some_and(|found| found.of_function);
                json.insert("dimension_of_function".into(), json!(of_function));
            }
            format!("{json:#}\n")
        } else {
            facts.text(&network) + &dimension.map_or_else(String::new, in_words)
        };
        print(&text)?;
        note_coarse::<S>(stored, &facts.ceiling);
        Ok(Outcome::Done)
    }
}

/// Parameters from which on the rank takes a minute or more.
const MANY: usize = 3000;

/// Bits for an o that is an exponential: the rank does not depend on it.
const EXPONENTIAL_BITS: u32 = 64;

fn in_words(found: Option<Dimension>) -> String {
    match found {
        None => "dimension: not known, since 2^61 - 1 divides a denominator\n".into(),
        Some(Dimension {
            rank,
            parameters,
            of_function,
        }) => {
            let (what, why) = if of_function {
                ("", "")
            } else {
                ("at most ", "; no theorem says that it is reached")
            };
            format!(
                "dimension: the function moves in {what}{rank} independent ways with the {parameters} parameters (rank of d(N, V_L), exact modulo 2^61 - 1{why})\n"
            )
        }
    }
}

/// What takes a computation to know.
struct Facts<S> {
    /// ‖ψ_l‖ for l = 2 … L.
    psi: Vec<S>,
    /// Singular values of W_l, and the rank of [W_l ψ_l], for each hidden layer.
    hidden: Vec<(Vec<S>, LayerRank<S>)>,
    ceiling: Vec<usize>,
    /// o at the ceiling: the most that a network of the function can have.
    most: Vec<S>,
    /// The least widths of a network of this function, where a theorem knows them.
    least: Option<Vec<usize>>,
    nonzero: usize,
}

impl<S: Real> Facts<S> {
    fn of(network: &Network<S>) -> Result<Self, Error> {
        let psi = network
            .layers()
            .iter()
            .skip(1)
            .map(|layer| norm2(layer.psi_or_zero().as_slice()));
        let hidden = network.hidden().map(|l| {
            Ok((
                singular_values(&network.layer(l).weight)?,
                layer_rank(network, l)?,
            ))
        });
        let small = compress(network)?.network;
        Ok(Facts {
            psi: psi.collect(),
            hidden: hidden.collect::<Result<_, Error>>()?,
            ceiling: small.widths(),
            most: lengths(&small),
            least: None,
            nonzero: network.parameters().filter(|x| !x.is_zero()).count(),
        })
    }

    fn json(&self, network: &Network<S>) -> Value {
        let numbers = |values: &[S]| values.iter().map(number).collect::<Vec<_>>();
        let ranks = |of: &dyn Fn(&LayerRank<S>) -> Value| {
            self.hidden
                .iter()
                .map(|(_, rank)| of(rank))
                .collect::<Vec<_>>()
        };
        json!({
            "scalar": S::name(),
            "widths": network.widths(),
            "gain": network.gain().name(),
            "threshold": network.gain().threshold().map(number),
            "intrinsic_length_squared": numbers(&lengths(network)),
            "psi_norm": numbers(&self.psi),
            "singular_values": self.hidden.iter().map(|(sigma, _)| numbers(sigma)).collect::<Vec<_>>(),
            "rank": ranks(&|rank| json!(rank.rank)),
            "smallest_kept": ranks(&|rank| number(&rank.kept)),
            "largest_dropped": ranks(&|rank| number(&rank.dropped)),
            "width_ceiling": self.ceiling,
            "least_widths": self.least,
            "largest_intrinsic_length_squared": numbers(&self.most),
            "parameters": network.parameter_count(),
            "nonzero_parameters": self.nonzero,
        })
    }

    fn text(&self, network: &Network<S>) -> String {
        let gain = match network.gain().threshold() {
            Some(t) => format!("{} with threshold {t}", network.gain().name()),
            None => network.gain().name().into(),
        };
        let mut out = format!("widths         {}\n", joined(&network.widths()));
        out += &format!("width ceiling  {}\n", joined(&self.ceiling));
        if let Some(least) = &self.least {
            out += &format!(
                "least widths   {}: no network of this function is narrower anywhere, at the digits stored\n",
                joined(least)
            );
        }
        out += &format!("gain           {gain}\n");
        out += &format!(
            "parameters     {}, of which {} are not zero\n",
            network.parameter_count(),
            self.nonzero
        );
        for (l, ((sigma, rank), o)) in (1..).zip(self.hidden.iter().zip(lengths(network))) {
            out += &format!(
                "hidden layer {l}: {} neurons, o = {} of at most {}",
                network.layer(l).width(),
                short(&o),
                short(&self.most[l - 1])
            );
            if l > 1 {
                out += &format!(", norm of psi {}", short(&self.psi[l - 2]));
            }
            out += &format!(
                "\n  rank {} of [W psi]; smallest singular value kept {}, ",
                rank.rank,
                short(&rank.kept)
            );
            out += &format!("largest dropped {}\n", short(&rank.dropped));
            out += &wrapped("  singular values of W:", sigma.iter().map(short));
        }
        if let Some(psi) = self.psi.last() {
            out += &format!("output layer: norm of psi {}\n", short(psi));
        }
        out += "width ceiling: the widths that `isotropic compress` reaches without changing the function\n";
        out += "o: squared intrinsic length, at most that at the width ceiling; psi: linear correction\n";
        out += "kept, dropped: the singular values of [W psi] on both sides of the rank\n";
        out + &format!("computed in {}\n", S::name())
    }
}

/// The nearest f64; as text where that would be 0 or infinite and the number is not.
fn number<S: Real>(x: &S) -> Value {
    let nearest = x.to_f64();
    if nearest.is_finite() && (nearest != 0.0 || x.is_zero()) {
        json!(nearest)
    } else {
        json!(short(x))
    }
}

/// The words after a heading, in lines of at most 100 characters.
fn wrapped(heading: &str, words: impl Iterator<Item = String>) -> String {
    const WIDEST: usize = 100;
    let mut out = String::from(heading);
    let mut width = heading.chars().count();
    for word in words {
        let length = word.chars().count() + 1;
        if width + length > WIDEST {
            out += "\n   ";
            width = 3;
        }
        out.push(' ');
        out += &word;
        width += length;
    }
    out.push('\n');
    out
}

fn lengths<S: Real>(network: &Network<S>) -> Vec<S> {
    network
        .hidden()
        .map(|l| network.length_squared(l))
        .collect()
}

fn joined(widths: &[usize]) -> String {
    widths
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join("-")
}
