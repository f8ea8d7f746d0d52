//! Writing a file wholly or not at all.

use std::{
    fs::{self, File, OpenOptions},
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
    let file = path.display().to_string();
    let refuse =
        |action, reason: &io::Error, remedy| Err(FileError::access(&file, action, reason, remedy));
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let permissions = match fs::metadata(&target) {
        Err(_) => None,
        Ok(found) if !found.is_file() => {
            let reason = io::Error::other("it exists and is not a regular file");
            return refuse("write", &reason, "name a file");
        }
        // The rename would replace a write-protected file without asking.
        Ok(found) if found.permissions().readonly() => {
            let reason = io::Error::from(io::ErrorKind::PermissionDenied);
            return refuse(
                "write",
                &reason,
                "the file is write-protected: choose another name",
            );
        }
        Ok(found) => Some(found.permissions()),
    };
    let Some(name) = target.file_name() else {
        let reason = io::Error::from(io::ErrorKind::InvalidInput);
        return refuse("write", &reason, "name a file, not a folder");
    };
    let unique = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!(".{}.{}.{unique}.tmp", name.to_string_lossy(), process::id());
    let temporary = Temporary(target.with_file_name(name));
    let written = (|| {
        let mut handle = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary.0)?;
        fill(&mut handle, bytes)?;
        permissions.map_or(Ok(()), |permissions| {
            fs::set_permissions(&temporary.0, permissions)
        })?;
        fs::rename(&temporary.0, &target)
    })();
    match written {
        Ok(()) => Ok(()),
        Err(reason) => refuse(
            "write",
            &reason,
            "choose a folder that exists and can be written to",
        ),
    }
}

/// Whether a file can be made in the folder of `path`; worth asking before a long computation.
///
/// # Errors
/// [`FileError::Access`] with the system's reason.
pub fn probe(path: &Path) -> Result<(), FileError> {
    let unique = COUNTER.fetch_add(1, Ordering::Relaxed);
    let temporary =
        Temporary(path.with_file_name(format!(".probe.{}.{unique}.tmp", process::id())));
    let remedy = "choose a folder that exists and can be written to";
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary.0)
    {
        Ok(_) if path.is_dir() => {
            let reason = io::Error::from(io::ErrorKind::IsADirectory);
            Err(FileError::access(
                &path.display().to_string(),
                "write",
                &reason,
                "name a file, not a folder",
            ))
        }
        Ok(_) => Ok(()),
        Err(reason) => Err(FileError::access(
            &path.display().to_string(),
            "write",
            &reason,
            remedy,
        )),
    }
}

fn fill(handle: &mut File, bytes: &[u8]) -> io::Result<()> {
    handle.write_all(bytes)?;
    // A full disk may show only here; after the rename it would be too late.
    handle.sync_all()
}

/// Removes the file when dropped, whatever happened; after the rename there is nothing to remove.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
