//! Reading a whole file, whatever kind of file it is.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::FileError;

/// Longer files are refused before they are read: 2³¹ parameters of 8 bytes and a header.
const LONGEST: u64 = (1 << 34) + 100_000_008;

/// The name of standard input on a command line.
const STANDARD_INPUT: &str = "-";

/// What streams have given. A stream can be read only once, and a command may ask for a file again: for its inputs
/// in another arithmetic, for its digest.
static STREAMS: Mutex<Option<HashMap<PathBuf, &'static [u8]>>> = Mutex::new(None);

/// Whether the path stands for standard input (as a source) or standard output (as a target).
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

/// The name of a file for messages.
pub fn name(path: &Path) -> String {
    if is_standard(path) {
        "standard input".into()
    } else {
        path.display().to_string()
    }
}

/// All bytes of a file, of a pipe, or, for the path `-`, of standard input.
///
/// # Errors
/// [`FileError`] with the system's reason; for folders and devices, and for more bytes than a network has.
pub fn read(path: &Path) -> Result<Cow<'static, [u8]>, FileError> {
    let file = name(path);
    let refuse = |reason: io::Error| {
        FileError::access(&file, "read", &reason, "check the name and permissions")
    };
    if is_standard(path) {
        return stream(path, || Ok(Box::new(io::stdin()))).map_err(refuse);
    }
    let metadata = fs::metadata(path).map_err(refuse)?;
    if metadata.is_file() {
        if metadata.len() > LONGEST {
            return Err(FileError::content(
                &file,
                "the length",
                format!("{} bytes", metadata.len()),
                format!("at most {LONGEST}"),
                "use a smaller file",
            ));
        }
        return fs::read(path).map(Cow::Owned).map_err(refuse);
    }
    if is_stream(&metadata) {
        return stream(path, || Ok(Box::new(File::open(path)?))).map_err(refuse);
    }
    Err(refuse(io::Error::other("it is not a regular file")))
}

/// A pipe; not a folder, and not a device, which may never end.
#[cfg(unix)]
fn is_stream(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_stream(_: &fs::Metadata) -> bool {
    false
}

/// What the stream gives, now or when it was first asked.
fn stream(
    path: &Path,
    open: impl Fn() -> io::Result<Box<dyn Read>>,
) -> io::Result<Cow<'static, [u8]>> {
    let mut streams = STREAMS.lock().unwrap_or_else(PoisonError::into_inner);
    let known = streams.get_or_insert_default();
    if let Some(bytes) = known.get(path) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut bytes = vec![];
    open()?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(format!(
            "it gives more than {LONGEST} bytes"
        )));
    }
    // Kept for the rest of the process, as it cannot be had again.
    let bytes: &'static [u8] = bytes.leak();
    known.insert(path.into(), bytes);
    Ok(Cow::Borrowed(bytes))
}
