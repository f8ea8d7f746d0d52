//! A network as it stands in a file: every number as it is there, rounded only when a scalar asks.

use super::{
    FileError,
    form::Form,
    lengths::{Lengths, guarded},
    numbers::Numbers,
};
use crate::{
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network},
    remedy::Remedy,
    scalar::{
        Field, Mp, Rational, Residue,
        interval::{Endpoint, Interval},
    },
};

/// A layer as it stands in a file: the weight row by row, in shapes that fit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    pub rows: usize,
    pub columns: usize,
    pub weight: Numbers,
    pub bias: Numbers,
    pub psi: Option<Numbers>,
}

/// A network as read from a file, before any rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    file: String,
    layers: Vec<Held>,
    gain: Gain<Rational>,
    lengths: Lengths,
    form: Form,
    notes: Vec<String>,
}

impl Stored {
    /// A stored network; `file` is the name that later errors give, `notes` what whoever gave the file should hear.
    pub(super) fn new(
        file: impl Into<String>,
        layers: Vec<Held>,
        gain: Gain<Rational>,
        lengths: Lengths,
        (form, notes): (Form, Vec<String>),
    ) -> Result<Self, FileError> {
        let stored = Stored {
            file: file.into(),
            layers,
            gain,
            lengths,
            form,
            notes,
        };
        stored.lengths.check(&stored.file)?;
        Ok(stored)
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Every parameter, exactly, in the order of [`Network::parameters`]; the lengths as they are stated.
    pub fn parameters(&self) -> impl Iterator<Item = Rational> {
        let lengths = match &self.lengths {
            Lengths::Absent => &[][..],
            Lengths::Squared(o) | Lengths::Logarithm(o) => o,
        };
        self.layers
            .iter()
            .flat_map(Held::parameters)
            .chain(lengths.iter().cloned())
    }

    /// The layers as they stand in the file.
    pub(crate) fn held(&self) -> &[Held] {
        &self.layers
    }

    /// What whoever gave the file should hear: a prefix that all names share, tensors that were left out.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The form of the file, for one that is to be like it.
    pub fn form(&self) -> &Form {
        &self.form
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
        let inputs = self.layers.first().map(|layer| layer.columns);
        inputs
            .into_iter()
            .chain(self.layers.iter().map(|layer| layer.rows))
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
        let lengths = self.lengths.squared(guarded::<S>());
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
    /// [`FileError::Network`]; none for a network that a reader has accepted.
    pub fn exact(&self, bits: u32) -> Result<Network<Rational>, FileError> {
        let layers = self.layers.iter().map(Held::rounded).collect();
        Network::new(layers, self.gain.clone(), self.lengths.squared(bits))
            .map_err(FileError::network(&self.file))
    }

    /// The network modulo 2⁶¹ - 1, for ranks: eight bytes a number, where [`Stored::exact`] takes ten times that. e^(ln o) is
    /// taken at 64 bits; no rank depends on it. `None` if 2⁶¹ - 1 divides a denominator.
    pub fn residues(&self) -> Option<Network<Residue>> {
        let layers = self.layers.iter().map(Held::rounded).collect();
        let lengths = self.lengths.squared(64);
        let lengths = lengths.map(|lengths| lengths.iter().map(Residue::from_rational).collect());
        let threshold = self.gain.threshold().map(Residue::from_rational);
        let gain = Gain::from_name(self.gain.name(), threshold).ok()?;
        Network::new(layers, gain, lengths).ok()
    }

    fn check_rational(&self) -> Result<(), FileError> {
        if !self.gain.is_rational() {
            return Err(FileError::content(
                &self.file,
                "the gain",
                self.gain.name(),
                "a rational function for exact arithmetic (rational, rational-tanh or linear)",
                Remedy::FloatingPoint,
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
                Remedy::StoreOrReadSquared,
            )),
        }
    }

    fn layer<S: Field>(&self, l: usize, layer: &Held) -> Result<Layer<S>, FileError> {
        let (rows, columns) = (layer.rows, layer.columns);
        let mut weight = Vec::with_capacity(rows * columns);
        for j in 0..columns {
            for i in 0..rows {
                let place = || format!("layer {l}, weight, row {}, column {}", i + 1, j + 1);
                weight.push(self.number(&layer.weight, i * columns + j, place)?);
            }
        }
        let vector = |name: &str, values: &Numbers| {
            let round =
                |at| self.number(values, at, || format!("layer {l}, {name}, row {}", at + 1));
            let entries: Result<_, FileError> = (0..values.len()).map(round).collect();
            entries.map(Vector::from_vec)
        };
        Ok(Layer {
            weight: Matrix::from_vec(rows, columns, weight),
            bias: vector("bias", &layer.bias)?,
            psi: layer.psi.as_ref().map(|psi| vector("ψ", psi)).transpose()?,
        })
    }

    fn number<S: Field>(
        &self,
        numbers: &Numbers,
        at: usize,
        place: impl Fn() -> String,
    ) -> Result<S, FileError> {
        let rounded = numbers.rounded::<S>(at);
        if rounded.is_finite() {
            return Ok(rounded);
        }
        Err(self.out_of_range::<S>(&numbers.exact(at), place()))
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
            Remedy::WiderArithmetic,
        )
    }
}

impl Held {
    /// W by columns, b, ψ.
    fn parameters(&self) -> impl Iterator<Item = Rational> {
        let (rows, columns) = (self.rows, self.columns);
        let by_columns = (0..columns).flat_map(move |j| (0..rows).map(move |i| i * columns + j));
        let vectors = [Some(&self.bias), self.psi.as_ref()];
        by_columns.map(|at| self.weight.exact(at)).chain(
            vectors
                .into_iter()
                .flatten()
                .flat_map(|numbers| (0..numbers.len()).map(|at| numbers.exact(at))),
        )
    }

    /// Every number as `S` rounds it; over ℚ and modulo a prime that is the number itself.
    fn rounded<S: Field>(&self) -> Layer<S> {
        let number = |numbers: &Numbers, at| S::from_rational(&numbers.exact(at));
        let vector = |numbers: &Numbers| Vector::from_fn(self.rows, |i, _| number(numbers, i));
        Layer {
            weight: Matrix::from_fn(self.rows, self.columns, |i, j| {
                number(&self.weight, i * self.columns + j)
            }),
            bias: vector(&self.bias),
            psi: self.psi.as_ref().map(vector),
        }
    }
}
