//! Files of other programs, told by how they begin.

use super::FileError;

/// A file of another kind: what it is, and how to get from it to one that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    what: &'static str,
    remedy: &'static str,
}

impl Foreign {
    /// The error that says so.
    pub fn refuse(self, file: &str, expected: &str) -> FileError {
        FileError::content(file, "the file", self.what, expected, self.remedy)
    }
}

/// So many bytes are enough to tell.
const BEGINNING: usize = 4096;

/// What is neither a network nor a table of inputs.
fn either(bytes: &[u8]) -> Option<Foreign> {
    let found = |what, remedy| Some(Foreign { what, remedy });
    let start = &bytes[..bytes.len().min(BEGINNING)];
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let opens = |word: &str| {
        text.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    if text.starts_with("version https://git-lfs") {
        return found(
            "a Git LFS pointer, which stands for a file that was not downloaded",
            "fetch the file itself with `git lfs pull`",
        );
    }
    if opens("<!doctype html") || opens("<html") {
        return found(
            "a web page",
            "download the file itself: the link leads to a page about it, or to one that asks for a login",
        );
    }
    if start.starts_with(b"\x89HDF\r\n\x1a\n") {
        return found(
            "an HDF5 file, as Keras writes",
            "load it in Python and save its arrays",
        );
    }
    if start.starts_with(b"GGUF") {
        return found("a GGUF file", "use the network before it was converted");
    }
    if start.starts_with(b"PAR1") {
        return found(
            "a Parquet file",
            "load it in Python and save it with to_csv(…, index=False)",
        );
    }
    // A protobuf whose first field is a small version, and whose second is text: the producer.
    if let [0x08, 1..=30, 0x12, length, rest @ ..] = start
        && rest
            .get(..usize::from(*length))
            .is_some_and(|name| name.is_ascii())
        && *length > 0
    {
        return found(
            "an ONNX model",
            "load it in Python and save its weights with safetensors",
        );
    }
    None
}

/// What is no network, as far as its beginning tells.
pub fn network(bytes: &[u8]) -> Option<Foreign> {
    let found = |what, remedy| Some(Foreign { what, remedy });
    let save = "load it in Python with torch.load and save its state_dict with safetensors.torch.save_file";
    // A header of 640, 896, 1152 or 1408 bytes begins as a pickle does, one of 35615 bytes as gzip.
    if let [_, _, _, _, 0, 0, 0, 0, b'{', ..] = bytes {
        return None;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let start = &bytes[..bytes.len().min(BEGINNING)];
        let holds = |name: &[u8]| start.windows(name.len()).any(|part| part == name);
        return if holds(b"data.pkl") {
            found("a zip archive of torch.save", save)
        } else if holds(b".npy") {
            found(
                "an archive of NumPy arrays",
                "load it in Python and save its arrays with safetensors.numpy.save_file",
            )
        } else {
            found("a zip archive, as torch.save and Keras write", save)
        };
    }
    // The opcodes PROTO 2 … 5.
    if let [0x80, 2..=5, ..] = bytes {
        return found("a Python pickle, as torch.save once wrote", save);
    }
    if bytes.starts_with(b"\x93NUMPY") {
        return found(
            "a NumPy array",
            "save all arrays of the network with safetensors.numpy.save_file",
        );
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return found("a file compressed by gzip", "decompress it first");
    }
    either(bytes)
}

/// What is no table of inputs.
pub fn inputs(bytes: &[u8]) -> Option<Foreign> {
    let found = |what, remedy| Some(Foreign { what, remedy });
    if bytes.starts_with(b"PK\x03\x04") {
        return found(
            "a zip archive, such as a spreadsheet or a file of torch.save",
            "save the table as comma-separated values, or as .npz",
        );
    }
    if let [0x80, 2..=5, ..] = bytes {
        return found(
            "a Python pickle",
            "save the table as comma-separated values, or as .npy",
        );
    }
    let header = bytes
        .split_first_chunk::<8>()
        .map(|(length, rest)| (u64::from_le_bytes(*length), rest));
    if header.is_some_and(|(length, rest)| length < 1 << 27 && rest.starts_with(b"{\"")) {
        return found("a safetensors file", "name a table of inputs");
    }
    either(bytes)
}
