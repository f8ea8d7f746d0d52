//! The header: metadata, and where each tensor lies.

use serde_json::{Map, Value, json};

use super::{
    super::{FORMAT, GAIN, LENGTHS, THRESHOLD, VERSION, WIDTHS, names::Kind, widths_text},
    lengths::WrittenLengths,
};
use crate::{io::Dtype, network::Network, scalar::Field};

/// The header as it grows: names, shapes, offsets.
pub(super) struct Header {
    dtype: Dtype,
    entries: Map<String, Value>,
    /// Where the next tensor begins.
    at: usize,
}

impl Header {
    /// With the metadata, and no tensor yet.
    pub fn of<S: Field>(network: &Network<S>, lengths: &WrittenLengths, dtype: Dtype) -> Self {
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
        let mut entries = Map::new();
        entries.insert("__metadata__".into(), Value::Object(metadata));
        Header {
            dtype,
            entries,
            at: 0,
        }
    }

    /// Appends a tensor and returns its name.
    pub fn tensor(&mut self, kind: Kind, index: usize, shape: &[usize]) -> String {
        let name = kind.name(index);
        let end = self.at + shape.iter().product::<usize>() * self.dtype.bytes();
        let description = json!({
            "dtype": self.dtype.name(),
            "shape": shape,
            "data_offsets": [self.at, end],
        });
        self.entries.insert(name.clone(), description);
        self.at = end;
        name
    }

    /// Length and text; the data after it starts at a multiple of 8, so that it can be mapped as it stands.
    pub fn finish(self) -> Vec<u8> {
        let mut header = Value::Object(self.entries).to_string();
        while !header.len().is_multiple_of(8) {
            header.push(' ');
        }
        [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat()
    }
}
