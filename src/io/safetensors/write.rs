//! Writing a network: the same network and options give the same bytes.

use rug::Float;
use serde_json::{Map, Value, json};

use super::{
    super::{Dtype, FileError, LengthWriting, WriteOptions},
    FORMAT, GAIN, LENGTHS, THRESHOLD, VERSION, WIDTHS,
    names::Kind,
    widths_text,
};
use crate::{
    linalg::Vector,
    network::Network,
    scalar::{Field, Rational},
};

/// Bits at which ln o is taken before it is rounded to the file's format.
const LOGARITHM_BITS: u32 = 192;

/// The bytes of a safetensors file that holds the network, every number rounded once to the dtype;
/// `file` is the name for messages.
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
) -> Result<Vec<u8>, FileError> {
    let dtype = options.dtype.unwrap_or(Dtype::F64);
    let mut writer = Writer {
        file,
        dtype,
        header: Map::new(),
        data: Vec::new(),
    };
    let lengths = options.lengths.unwrap_or(LengthWriting::Constant);
    writer.metadata(network, lengths);
    if network.has_lengths() {
        for l in network.hidden() {
            let o = network.length_squared(l);
            match lengths {
                LengthWriting::Constant => {
                    writer.tensor(Kind::OConst, l - 1, &[], [&o].into_iter())?
                }
                LengthWriting::Logarithm => {
                    let ln = logarithm(file, l, &o)?;
                    writer.tensor(Kind::IntrinsicLength, l - 1, &[], [&ln].into_iter())?;
                }
            }
        }
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
        // Row by row in the file: the columns of the transpose.
        writer.tensor(
            Kind::Weight,
            i,
            &[rows, columns],
            layer.weight.transpose().iter(),
        )?;
    }
    Ok(writer.finish())
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
            "write o itself: --o const",
        )
    })
}

struct Writer<'a> {
    file: &'a str,
    dtype: Dtype,
    header: Map<String, Value>,
    data: Vec<u8>,
}

impl Writer<'_> {
    fn metadata<S: Field>(&mut self, network: &Network<S>, lengths: LengthWriting) {
        let mut metadata = Map::new();
        let mut state = |key: &str, value: String| metadata.insert(key.into(), value.into());
        state(FORMAT, VERSION.into());
        state(WIDTHS, widths_text(&network.widths()));
        state(GAIN, network.gain().name().into());
        if let Some(t) = network.gain().threshold().and_then(S::to_rational) {
            state(THRESHOLD, t.to_string());
        }
        if network.has_lengths() && lengths == LengthWriting::Logarithm {
            state(LENGTHS, "log".into());
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
            let exact = value.to_rational().unwrap_or_default();
            let finite = match self.dtype {
                Dtype::F32 => self.push(f32::from_rational(&exact), f32::to_le_bytes),
                Dtype::F64 => self.push(f64::from_rational(&exact), f64::to_le_bytes),
            };
            if !finite {
                let columns = shape.get(1).copied().unwrap_or(1);
                let place = format!(
                    "tensor `{name}`, row {}, column {}",
                    at / columns + 1,
                    at % columns + 1
                );
                let expected = format!("a number within the range of {}", self.dtype.name());
                let remedy = "write --dtype f64 or a .yaml file";
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

    fn push<T: Field, const N: usize>(&mut self, value: T, bytes: impl Fn(T) -> [u8; N]) -> bool {
        let finite = value.is_finite();
        self.data.extend(bytes(value));
        finite
    }

    fn finish(self) -> Vec<u8> {
        let mut header = Value::Object(self.header).to_string();
        // The data starts at a multiple of 8, so that it can be mapped as it stands.
        while !header.len().is_multiple_of(8) {
            header.push(' ');
        }
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.into_bytes());
        bytes.extend(self.data);
        bytes
    }
}
