//! Writing a file wholly or not at all, and to streams as they come.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use super::{FileError, source::is_standard};

/// Distinguishes the temporary files of one process.
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Writes `bytes` to a temporary file in the folder of `path` and renames it to `path`, so that
/// nobody ever sees half of a file. A symbolic link is followed; mode and owner of a file that is replaced stay where
/// the system allows it.
///
/// A stream (`-` for standard output, `/dev/stdout`, `/dev/fd/3`, a pipe) cannot be replaced and is written to; what
/// stands in a file that it leads to is not lost. A reader that has gone away, as `head` does, is no failure.
///
/// # Errors
/// [`FileError::Access`] with the system's reason; what stood at `path` is untouched then, and no
/// temporary file is left.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_by(path, |out| out.write_all(bytes))
}

/// As [`write()`], what is written piece by piece: a large file never stands in memory as a whole.
///
/// # Errors
/// As [`write()`], also for what `fill` returns.
pub fn write_by(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), FileError> {
    let (target, replaced) = match target(path)? {
        Target::File(target, replaced) => (target, replaced),
        Target::Stream(stream) => {
            return match stream.write(fill) {
                Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
                    Err(refuse(path, &why, "check what the stream leads to"))
                }
                _ => Ok(()),
            };
        }
    };
    let temporary = Temporary::beside(&target);
    let written = (|| {
        let mut handle = temporary.create()?;
        if let Some(replaced) = &replaced {
            // Before there is anything to read in it.
            temporary.become_like(replaced)?;
        }
        let mut buffered = BufWriter::new(&mut handle);
        fill(&mut buffered)?;
        buffered.flush()?;
        drop(buffered);
        // A full disk may show only here; after the rename it would be too late.
        handle.sync_all()?;
        fs::rename(&temporary.0, &target)
    })();
    written.map_err(|reason| refuse(path, &reason, ELSEWHERE))
}

/// Whether [`write()`] could write there; worth asking before a long computation. Nothing is left behind.
///
/// # Errors
/// As [`write()`].
pub fn probe(path: &Path) -> Result<(), FileError> {
    match target(path)? {
        Target::Stream(_) => Ok(()),
        Target::File(target, _) => match Temporary::beside(&target).create() {
            Ok(_) => Ok(()),
            Err(reason) => Err(refuse(path, &reason, ELSEWHERE)),
        },
    }
}

/// Whether [`write()`] would write to a stream, from which nothing can be read back.
pub fn is_stream(path: &Path) -> bool {
    matches!(target(path), Ok(Target::Stream(_)))
}

/// Whether it is the standard output of this process, by one name or another.
pub fn is_standard_output(path: &Path) -> bool {
    matches!(target(path), Ok(Target::Stream(Stream::Output)))
}

/// The file that links lead to, for telling whether two paths are one file.
pub fn resolved(path: &Path) -> PathBuf {
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
    // Nothing stands there yet: the folder may still have several names.
    let parent = target.parent().map(|parent| match parent {
        here if here.as_os_str().is_empty() => Path::new("."),
        parent => parent,
    });
    match (parent.map(fs::canonicalize), target.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => target,
    }
}

const ELSEWHERE: &str = "choose a folder that exists and can be written to";

/// As many symbolic links as systems follow.
const LONGEST_CHAIN: usize = 40;

enum Target {
    /// To be replaced or made, and what is known of the one that is there.
    File(PathBuf, Option<Metadata>),
    Stream(Stream),
}

enum Stream {
    Output,
    Error,
    /// Opened by name, and written to where it ends.
    Named(PathBuf),
}

impl Stream {
    fn write(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out: BufWriter<Box<dyn Write>> = BufWriter::new(match self {
            Stream::Output => Box::new(io::stdout().lock()),
            Stream::Error => Box::new(io::stderr().lock()),
            Stream::Named(path) => Box::new(OpenOptions::new().append(true).open(path)?),
        });
        fill(&mut out)?;
        out.flush()
    }
}

/// What is to be written to.
fn target(path: &Path) -> Result<Target, FileError> {
    if is_standard(path) {
        return Ok(Target::Stream(Stream::Output));
    }
    // Before links are followed: /dev/stdout may lead to a file, which is not ours to replace.
    if let Some(stream) = descriptor(path) {
        return Ok(Target::Stream(stream));
    }
    let target = resolved(path);
    let found = match fs::metadata(&target) {
        Err(_) => None,
        Ok(found) if is_device_or_pipe(&found) => {
            return Ok(Target::Stream(Stream::Named(target)));
        }
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
        Ok(found) => Some(found),
    };
    if target.file_name().is_none() {
        let reason = io::Error::from(io::ErrorKind::InvalidInput);
        return Err(refuse(path, &reason, "name a file"));
    }
    Ok(Target::File(target, found))
}

/// The open file of this process that the path stands for: /dev/stdout, /dev/fd/3, a link to one.
fn descriptor(path: &Path) -> Option<Stream> {
    let mut at = path.to_path_buf();
    for _ in 0..LONGEST_CHAIN {
        let number = at.file_name()?.to_str()?.parse::<u32>().ok();
        let folder = at.parent().and_then(|parent| fs::canonicalize(parent).ok());
        if let (Some(number), Some(folder)) = (number, &folder)
            && (folder.ends_with("fd")
                && (folder.starts_with("/proc") || folder.starts_with("/dev")))
        {
            return Some(match number {
                1 => Stream::Output,
                2 => Stream::Error,
                _ => Stream::Named(at),
            });
        }
        let next = fs::read_link(&at).ok()?;
        at = at.with_file_name("").join(next);
    }
    None
}

#[cfg(unix)]
fn is_device_or_pipe(found: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_fifo() || found.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_device_or_pipe(_: &Metadata) -> bool {
    false
}

fn refuse(path: &Path, reason: &io::Error, remedy: &'static str) -> FileError {
    FileError::access(&path.display().to_string(), "write", reason, remedy)
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

    /// Takes over the owner, if that is allowed, and the mode.
    fn become_like(&self, replaced: &Metadata) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, chown};
            let group = Some(replaced.gid());
            // Only root may give a file away; a group of one's own is allowed.
            if chown(&self.0, Some(replaced.uid()), group).is_err() {
                let _ = chown(&self.0, None, group);
            }
        }
        // After the owner, whose change takes some bits away.
        fs::set_permissions(&self.0, replaced.permissions())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
