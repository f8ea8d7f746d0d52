//! The text of a table, and where its lines are.

use std::io::Read;

use super::super::FileError;

/// More text than this is refused: a small gzip file can claim any length.
const LONGEST: u64 = 1 << 32;

/// The whole text, without a byte order mark.
pub fn whole(file: &str, source: impl Read) -> Result<String, FileError> {
    let mut bytes = vec![];
    let remedy = "if it is compressed, compress or copy it again";
    source
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|reason| FileError::access(file, "read", &reason, remedy))?;
    if bytes.len() as u64 > LONGEST {
        let expected = format!("at most {LONGEST} bytes of text");
        return Err(FileError::content(
            file,
            "the length",
            "more",
            expected,
            "split the file",
        ));
    }
    let text = String::from_utf8(bytes).map_err(|why| {
        let place = format!("byte {}", why.utf8_error().valid_up_to());
        FileError::content(
            file,
            place,
            "bytes that are not UTF-8",
            "text",
            "save the file as UTF-8",
        )
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_string)
        .unwrap_or(text))
}

/// Line numbers by byte offset. The csv crate's own are off after a blank line or \r\n.
pub struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        Lines {
            text: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line of the record at or after `offset`; offsets must not fall from call to call.
    pub fn of(&mut self, offset: usize) -> u64 {
        while let Some(&byte) = self.text.get(self.at) {
            if self.at >= offset && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            let ends =
                byte == b'\n' || (byte == b'\r' && self.text.get(self.at + 1) != Some(&b'\n'));
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}
