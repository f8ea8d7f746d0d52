//! Writing a network: the same network and options give the same bytes.

use rug::Float;
use serde_json::{Map, Value, json};

use super::{
    super::{
        Dtype, FileError, LengthWriting, WriteOptions, Written, form::LengthForm,
        lengths::exponential,
    },
    FORMAT, GAIN, LENGTHS, THRESHOLD, VERSION, WIDTHS,
    names::Kind,
    widths_text,
};
use crate::{
    linalg::Vector,
    network::Network,
    remedy::Remedy,
    scalar::{Field, Rational},
};

/// Bits at which ln o is taken before it is rounded to the file's format.
const LOGARITHM_BITS: u32 = 192;

/// The bytes of a safetensors file that holds the network, every number rounded once to the dtype, and what to say
/// about it; `file` is the name for messages.
///
/// Where only some layers have a ψ, the others get zeros: the format has all or none.
///
/// # Errors
/// [`FileError::Content`] naming the tensor and entry that overflows the dtype, or the layer whose
/// o = 0 has no logarithm.
pub fn write<S: Field>(
    file: &str,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<Written, FileError> {
    let dtype = dtype(options);
    let mut writer = Writer {
        file,
        dtype,
        header: Map::new(),
        // With room for the header, which is put in front of the data in place.
        data: Vec::with_capacity(
            network.parameters().count() * dtype.bytes() + network.depth() * 1024 + 1024,
        ),
        underflow: None,
        notes: vec![],
    };
    let half = options.like.as_ref().is_some_and(|form| form.half);
    if half && options.dtype.is_none() {
        let note = format!("{file}: numbers of 16 bits are written as {}", dtype.name());
        writer.notes.push(note);
    }
    let lengths = writer.lengths_of(network, options)?;
    writer.metadata(network, &lengths);
    for (l, value) in network.hidden().zip(&lengths.values) {
        writer.tensor(lengths.kind, l - 1, &[], [value].into_iter())?;
    }
    for (i, layer) in network.layers().iter().enumerate() {
        writer.tensor(Kind::Bias, i, &[layer.width()], layer.bias.iter())?;
    }
    if network.layers().iter().any(|layer| layer.psi.is_some()) {
        for (i, layer) in network.layers().iter().skip(1).enumerate() {
            let psi: Vector<S> = layer.psi_or_zero();
            writer.tensor(Kind::Psi, i, &[layer.width()], psi.iter())?;
        }
    }
    for (i, layer) in network.layers().iter().enumerate() {
        let (rows, columns) = layer.weight.shape();
        let by_rows = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j)));
        let entries = by_rows.map(|at| &layer.weight[at]);
        writer.tensor(Kind::Weight, i, &[rows, columns], entries)?;
    }
    Ok(writer.finish())
}

/// The format of the numbers: as asked for, else as in the file that the network comes from, else double.
pub fn dtype(options: &WriteOptions) -> Dtype {
    let inherited = options.like.as_ref().and_then(|form| form.dtype);
    options.dtype.or(inherited).unwrap_or(Dtype::F64)
}

/// What stands for o in the file.
struct WrittenLengths {
    kind: Kind,
    /// What `isotropic.intrinsic_length` says.
    meaning: Option<&'static str>,
    /// One for each hidden layer, or none.
    values: Vec<Rational>,
}

fn logarithm<S: Field>(file: &str, l: usize, o: &S) -> Result<Rational, FileError> {
    let exact = o.to_rational().filter(|o| *o > Rational::from(0));
    let ln = exact.and_then(|o| Float::with_val(LOGARITHM_BITS, &o.0).ln().to_rational());
    ln.map(Rational).ok_or_else(|| {
        let place = format!("hidden layer {l}, intrinsic_length");
        FileError::content(
            file,
            place,
            format!("o = {o}"),
            "o > 0, to take its logarithm",
            Remedy::WriteSquared,
        )
    })
}

struct Writer<'a> {
    file: &'a str,
    dtype: Dtype,
    header: Map<String, Value>,
    data: Vec<u8>,
    /// How many numbers that are not zero became zero, and where the first stands.
    underflow: Option<(usize, String)>,
    notes: Vec<String>,
}

impl Writer<'_> {
    /// o as it was asked for, else in the form of the file that the network comes from: as ln o where that is the
    /// stored one or is rounded to nothing else, as o where ln o would have to be rounded or does not exist.
    fn lengths_of<S: Field>(
        &mut self,
        network: &Network<S>,
        options: &WriteOptions,
    ) -> Result<WrittenLengths, FileError> {
        let squared = |l| network.length_squared(l).to_rational().unwrap_or_default();
        let constant = |kind, meaning| WrittenLengths {
            kind,
            meaning,
            values: network.hidden().map(squared).collect(),
        };
        let inherited = options.like.as_ref().and_then(|form| form.lengths.as_ref());
        if !network.has_lengths() {
            return Ok(WrittenLengths {
                kind: Kind::OConst,
                meaning: None,
                values: vec![],
            });
        }
        match (options.lengths, inherited) {
            (Some(LengthWriting::Logarithm), _) => Ok(WrittenLengths {
                kind: Kind::IntrinsicLength,
                meaning: Some("log"),
                values: (network.hidden())
                    .map(|l| logarithm(self.file, l, &network.length_squared(l)))
                    .collect::<Result<_, _>>()?,
            }),
            (None, Some(LengthForm::Logarithm(stored))) => {
                let kept = stored.len() == network.hidden().len()
                    && (network.hidden().zip(stored))
                        .all(|(l, ln)| network.length_squared(l) == exponential::<S>(ln));
                if kept {
                    return Ok(WrittenLengths {
                        kind: Kind::IntrinsicLength,
                        meaning: Some("log"),
                        values: stored.clone(),
                    });
                }
                let zero = network
                    .hidden()
                    .any(|l| network.length_squared(l).is_zero());
                let why = if zero {
                    "o = 0 has no logarithm"
                } else {
                    "o has changed, and its logarithm would be rounded"
                };
                self.notes.push(format!(
                    "{}: o is written as o_const and not as its logarithm: {why}",
                    self.file
                ));
                Ok(constant(Kind::OConst, None))
            }
            (None, Some(LengthForm::Squared)) => {
                Ok(constant(Kind::IntrinsicLength, Some("squared")))
            }
            (Some(LengthWriting::Constant), _) | (None, Some(LengthForm::Constant) | None) => {
                Ok(constant(Kind::OConst, None))
            }
        }
    }

    fn metadata<S: Field>(&mut self, network: &Network<S>, lengths: &WrittenLengths) {
        let mut metadata = Map::new();
        let mut state = |key: &str, value: String| metadata.insert(key.into(), value.into());
        state(FORMAT, VERSION.into());
        state(WIDTHS, widths_text(&network.widths()));
        state(GAIN, network.gain().name().into());
        if let Some(t) = network.gain().threshold().and_then(S::to_rational) {
            state(THRESHOLD, t.to_string());
        }
        if let Some(meaning) = lengths.meaning {
            state(LENGTHS, meaning.into());
        }
        self.header
            .insert("__metadata__".into(), Value::Object(metadata));
    }

    fn tensor<'s, T: Field>(
        &mut self,
        kind: Kind,
        index: usize,
        shape: &[usize],
        values: impl Iterator<Item = &'s T>,
    ) -> Result<(), FileError> {
        let name = kind.name(index);
        let begin = self.data.len();
        for (at, value) in values.enumerate() {
            // From a number of no more bits than a double: once, with its sign if it is zero.
            let narrow = T::precision().is_some_and(|bits| bits <= 53) || value.is_zero();
            let (written, finite) = match (self.dtype, narrow) {
                (Dtype::F32, true) => self.push(value.to_f64() as f32, f32::to_le_bytes),
                (Dtype::F64, true) => self.push(value.to_f64(), f64::to_le_bytes),
                (Dtype::F32, false) => self.push(rounded::<f32, T>(value), f32::to_le_bytes),
                (Dtype::F64, false) => self.push(rounded::<f64, T>(value), f64::to_le_bytes),
            };
            if written == 0.0 && !value.is_zero() {
                let (count, first) = self
                    .underflow
                    .take()
                    .unwrap_or_else(|| (0, place(&name, at, shape)));
                self.underflow = Some((count + 1, first));
            }
            if !finite {
                let place = place(&name, at, shape);
                let expected = format!("a number within the range of {}", self.dtype.name());
                let remedy = Remedy::WiderFormat;
                return Err(FileError::content(
                    self.file,
                    place,
                    format!("{value:?}"),
                    expected,
                    remedy,
                ));
            }
        }
        let description = json!({
            "dtype": self.dtype.name(),
            "shape": shape,
            "data_offsets": [begin, self.data.len()],
        });
        self.header.insert(name, description);
        Ok(())
    }

    /// Appends a number; what it is, and whether it is finite.
    fn push<T: Field, const N: usize>(
        &mut self,
        value: T,
        bytes: impl Fn(T) -> [u8; N],
    ) -> (f64, bool) {
        let seen = (value.to_f64(), value.is_finite());
        self.data.extend(bytes(value));
        seen
    }

    fn finish(mut self) -> Written {
        if let Some((count, first)) = self.underflow {
            self.notes.push(format!(
                "{}: {count} numbers that are not 0 are 0 in {}, the first in {first}",
                self.file,
                self.dtype.name()
            ));
        }
        let mut header = Value::Object(self.header).to_string();
        // The data starts at a multiple of 8, so that it can be mapped as it stands.
        while !header.len().is_multiple_of(8) {
            header.push(' ');
        }
        let start = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
        // In place: the data may be large.
        self.data.splice(0..0, start);
        Written {
            bytes: self.data,
            notes: self.notes,
        }
    }
}

fn place(name: &str, at: usize, shape: &[usize]) -> String {
    let columns = shape.get(1).copied().unwrap_or(1);
    format!(
        "tensor `{name}`, row {}, column {}",
        at / columns + 1,
        at % columns + 1
    )
}

fn rounded<T: Field, S: Field>(value: &S) -> T {
    let nearest = T::from_rational(&value.to_rational().unwrap_or_default());
    // What underflows keeps its sign, which a rational zero does not have.
    if nearest.is_zero() && value.below_zero() {
        -nearest
    } else {
        nearest
    }
}
