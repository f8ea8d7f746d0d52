//! Writing a file wholly or not at all.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use super::FileError;

/// Distinguishes the temporary files of one process.
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Writes `bytes` to a temporary file in the folder of `path` and renames it to `path`, so that
/// nobody ever sees half of a file. A symbolic link is followed.
///
/// # Errors
/// [`FileError::Access`] with the system's reason; what stood at `path` is untouched then, and no
/// temporary file is left.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let (target, permissions) = target(path)?;
    let temporary = Temporary::beside(&target);
    let written = (|| {
        let mut handle = temporary.create()?;
        fill(&mut handle, bytes)?;
        permissions.map_or(Ok(()), |permissions| {
            fs::set_permissions(&temporary.0, permissions)
        })?;
        fs::rename(&temporary.0, &target)
    })();
    written.map_err(|reason| refuse(path, &reason, ELSEWHERE))
}

/// Whether [`write()`] could write there; worth asking before a long computation. Nothing is left behind.
///
/// # Errors
/// As [`write()`].
pub fn probe(path: &Path) -> Result<(), FileError> {
    let (target, _) = target(path)?;
    match Temporary::beside(&target).create() {
        Ok(_) => Ok(()),
        Err(reason) => Err(refuse(path, &reason, ELSEWHERE)),
    }
}

const ELSEWHERE: &str = "choose a folder that exists and can be written to";

/// As many symbolic links as systems follow.
const LONGEST_CHAIN: usize = 40;

/// The file to be replaced or made, and the permissions of one that exists.
fn target(path: &Path) -> Result<(PathBuf, Option<Permissions>), FileError> {
    let target = resolved(path);
    let permissions = match fs::metadata(&target) {
        Err(_) => None,
        Ok(found) if !found.is_file() => {
            let reason = io::Error::other("it exists and is not a regular file");
            return Err(refuse(path, &reason, "name a file"));
        }
        // The rename would replace a write-protected file without asking.
        Ok(found) if found.permissions().readonly() => {
            let reason = io::Error::from(io::ErrorKind::PermissionDenied);
            let remedy = "the file is write-protected: choose another name";
            return Err(refuse(path, &reason, remedy));
        }
        Ok(found) => Some(found.permissions()),
    };
    if target.file_name().is_none() {
        let reason = io::Error::from(io::ErrorKind::InvalidInput);
        return Err(refuse(path, &reason, "name a file"));
    }
    Ok((target, permissions))
}

/// The path that links lead to, whether or not anything stands there yet.
fn resolved(path: &Path) -> PathBuf {
    let mut target = path.to_path_buf();
    for _ in 0..LONGEST_CHAIN {
        if let Ok(existing) = fs::canonicalize(&target) {
            return existing;
        }
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        target = target.with_file_name("").join(next);
    }
    target
}

fn refuse(path: &Path, reason: &io::Error, remedy: &'static str) -> FileError {
    FileError::access(&path.display().to_string(), "write", reason, remedy)
}

fn fill(handle: &mut File, bytes: &[u8]) -> io::Result<()> {
    handle.write_all(bytes)?;
    // A full disk may show only here; after the rename it would be too late.
    handle.sync_all()
}

/// A file beside the target under a short name of its own, removed when dropped, whatever happened;
/// after the rename there is nothing to remove.
struct Temporary(PathBuf);

impl Temporary {
    fn beside(target: &Path) -> Self {
        let unique = COUNTER.fetch_add(1, Ordering::Relaxed);
        Temporary(target.with_file_name(format!(".isotropic.{}.{unique}.tmp", process::id())))
    }

    fn create(&self) -> io::Result<File> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&self.0)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
