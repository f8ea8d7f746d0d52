//! A network as it stands in a file: every number exact.

use rug::Float;

use super::FileError;
use crate::{
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network},
    scalar::{
        Field, Mp, Rational,
        interval::{Endpoint, Interval},
    },
};

/// |ln o| beyond this is refused: no length is e^100000, and its exact value would fill memory.
const LARGEST_LOGARITHM: i64 = 100_000;

/// Bits beyond the working precision at which e^(ln o) is taken before it is rounded.
const GUARD_BITS: u32 = 64;

/// Bits for checks that need some precision and no particular one.
const EXACT_BITS: u32 = 64;

/// The intrinsic lengths as a file states them.
#[derive(Clone, Debug, PartialEq)]
pub enum Lengths {
    /// None: o = 0.
    Absent,
    /// o for each hidden layer.
    Squared(Vec<Rational>),
    /// ln o for each hidden layer.
    Logarithm(Vec<Rational>),
}

/// A network as read from a file, before any rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    file: String,
    layers: Vec<Layer<Rational>>,
    gain: Gain<Rational>,
    lengths: Lengths,
}

impl Stored {
    /// A stored network; `file` is the name that later errors give.
    ///
    /// # Errors
    /// [`FileError::Network`] for shapes that do not fit, o < 0, the wrong number of lengths;
    /// [`FileError::Content`] for an absurd ln o.
    pub fn new(
        file: impl Into<String>,
        layers: Vec<Layer<Rational>>,
        gain: Gain<Rational>,
        lengths: Lengths,
    ) -> Result<Self, FileError> {
        let stored = Stored {
            file: file.into(),
            layers,
            gain,
            lengths,
        };
        if let Lengths::Logarithm(logarithms) = &stored.lengths {
            for (l, ln) in (1..).zip(logarithms) {
                let limit = Rational::from(LARGEST_LOGARITHM);
                if *ln > limit || -ln.clone() > limit {
                    return Err(FileError::content(
                        &stored.file,
                        format!("hidden layer {l}, intrinsic_length"),
                        format!("ln o = {:?}", ln.to_f64()),
                        format!("|ln o| ≤ {LARGEST_LOGARITHM}"),
                        "if the file holds o itself, say --intrinsic-length squared",
                    ));
                }
            }
        }
        stored.exact(EXACT_BITS)?;
        Ok(stored)
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The layers, exact.
    pub fn layers(&self) -> &[Layer<Rational>] {
        &self.layers
    }

    /// The gain.
    pub fn gain(&self) -> &Gain<Rational> {
        &self.gain
    }

    /// The intrinsic lengths as stated.
    pub fn lengths(&self) -> &Lengths {
        &self.lengths
    }

    /// The widths n₀ … n_L.
    pub fn widths(&self) -> Vec<usize> {
        let inputs = self.layers.first().map(|layer| layer.weight.ncols());
        inputs
            .into_iter()
            .chain(self.layers.iter().map(Layer::width))
            .collect()
    }

    /// The network in the arithmetic `S`, every number rounded once. A stored ln o is exponentiated
    /// with 64 bits to spare first.
    ///
    /// # Errors
    /// [`FileError::Content`] where a number overflows `S`, and in exact arithmetic for a gain that is
    /// not rational and for an ln o other than 0.
    pub fn network<S: Field>(&self) -> Result<Network<S>, FileError> {
        if S::precision().is_none() {
            self.check_rational()?;
        }
        let layers = (1..)
            .zip(&self.layers)
            .map(|(l, layer)| self.layer(l, layer))
            .collect::<Result<_, _>>()?;
        let lengths = self.lengths_squared(S::precision().unwrap_or(EXACT_BITS) + GUARD_BITS);
        let lengths = lengths
            .map(|lengths| {
                let place = |at: usize| format!("hidden layer {}, o", at + 1);
                lengths
                    .iter()
                    .enumerate()
                    .map(|(at, o)| self.round(o, || place(at)))
                    .collect::<Result<_, _>>()
            })
            .transpose()?;
        let gain = match &self.gain {
            Gain::SoftThreshold { t } => {
                let place = || "the threshold".to_string();
                let t = match self.round::<S>(t, place)? {
                    zero if zero.is_zero() => return Err(self.out_of_range::<S>(t, place())),
                    t => t,
                };
                Gain::from_name("soft-threshold", Some(t))
            }
            gain => Gain::from_name(gain.name(), None),
        };
        let named = FileError::network(&self.file);
        Network::new(layers, gain.map_err(&named)?, lengths).map_err(named)
    }

    /// The network of these numbers, every one enclosed: points where the endpoints hold it, and e^(ln o)
    /// with its rounding.
    ///
    /// # Errors
    /// As [`Stored::network`].
    pub fn enclosed<E: Endpoint>(&self) -> Result<Network<Interval<E>>, FileError> {
        let network = self.network::<Interval<E>>()?;
        let Lengths::Logarithm(logarithms) = &self.lengths else {
            return Ok(network);
        };
        let (layers, gain, _) = network.into_parts();
        let lengths = logarithms.iter().map(|ln| Interval::enclosing(ln).exp());
        Network::new(layers, gain, Some(lengths.collect())).map_err(FileError::network(&self.file))
    }

    /// The network over ℚ whatever its gain: e^(ln o) is taken at `bits` bits, and then as exact. This
    /// is the network that exact and high-precision checks are made on.
    ///
    /// # Errors
    /// [`FileError::Network`]; none for a network that [`Stored::new`] accepted.
    pub fn exact(&self, bits: u32) -> Result<Network<Rational>, FileError> {
        Network::new(
            self.layers.clone(),
            self.gain.clone(),
            self.lengths_squared(bits),
        )
        .map_err(FileError::network(&self.file))
    }

    fn check_rational(&self) -> Result<(), FileError> {
        if !self.gain.is_rational() {
            return Err(FileError::content(
                &self.file,
                "the gain",
                self.gain.name(),
                "a rational function for exact arithmetic (rational, rational-tanh or linear)",
                "use --scalar f64 or mp256, or choose with --gain",
            ));
        }
        let Lengths::Logarithm(logarithms) = &self.lengths else {
            return Ok(());
        };
        match (1..)
            .zip(logarithms)
            .find(|(_, ln)| **ln != Rational::from(0))
        {
            None => Ok(()),
            Some((l, ln)) => Err(FileError::content(
                &self.file,
                format!("hidden layer {l}, intrinsic_length"),
                format!(
                    "ln o = {:?}, whose exponential is not rational",
                    ln.to_f64()
                ),
                "o itself for exact arithmetic",
                "write o first with `isotropic convert`, or say --intrinsic-length squared if it is o",
            )),
        }
    }

    fn lengths_squared(&self, bits: u32) -> Option<Vec<Rational>> {
        let exponential = |ln: &Rational| {
            Rational(
                Float::with_val(bits, &ln.0)
                    .exp()
                    .to_rational()
                    .unwrap_or_default(),
            )
        };
        match &self.lengths {
            Lengths::Absent => None,
            Lengths::Squared(o) => Some(o.clone()),
            Lengths::Logarithm(logarithms) => Some(logarithms.iter().map(exponential).collect()),
        }
    }

    fn layer<S: Field>(&self, l: usize, layer: &Layer<Rational>) -> Result<Layer<S>, FileError> {
        let (rows, columns) = layer.weight.shape();
        let weight = (layer.weight.iter().enumerate())
            .map(|(at, q)| {
                let place = || {
                    format!(
                        "layer {l}, weight, row {}, column {}",
                        at % rows + 1,
                        at / rows + 1
                    )
                };
                self.round(q, place)
            })
            .collect::<Result<_, _>>()?;
        let vector = |name: &str, values: &Vector<Rational>| {
            let round = |(at, q)| self.round(q, || format!("layer {l}, {name}, row {}", at + 1));
            values
                .iter()
                .enumerate()
                .map(round)
                .collect::<Result<_, _>>()
                .map(Vector::from_vec)
        };
        Ok(Layer {
            weight: Matrix::from_vec(rows, columns, weight),
            bias: vector("bias", &layer.bias)?,
            psi: layer.psi.as_ref().map(|psi| vector("ψ", psi)).transpose()?,
        })
    }

    fn round<S: Field>(&self, q: &Rational, place: impl Fn() -> String) -> Result<S, FileError> {
        let rounded = S::from_rational(q);
        if rounded.is_finite() {
            return Ok(rounded);
        }
        Err(self.out_of_range::<S>(q, place()))
    }

    fn out_of_range<S: Field>(&self, q: &Rational, place: String) -> FileError {
        FileError::content(
            &self.file,
            place,
            format!("{:.3}", Mp::<64>::from_rational(q)),
            format!("a number within the range of {}", S::name()),
            "use a wider --scalar",
        )
    }
}
