//! `isotropic verify --shard i/n`, and what `isotropic merge` makes of its files.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use super::{Verify, ending, progress};
use crate::{
    certificate::fingerprint,
    cli::{Failure, Outcome, print},
    io::{FileError, atomic},
    verify::{self, Part, Share},
};

/// What a share file says of itself.
const FORMAT: &str = "isotropic-verify-shard-1";

/// A share on disk: which run it is of, and what was measured. It holds no time of day and no machine.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareFile {
    format: String,
    pub run: Run,
    pub part: Part,
}

/// What shares of one run have in common.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    /// Of this program: another one may measure other cases.
    version: String,
    /// The command line without `--shard`, word by word.
    pub command: Vec<String>,
    /// SHA-256 of the networks that it names.
    networks: Vec<String>,
}

impl ShareFile {
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|reason| {
            FileError::access(&file, "read", &reason, "check the name and permissions")
        })?;
        let advice = "use files that isotropic verify --shard wrote";
        let share: ShareFile = serde_json::from_str(&text).map_err(|error| {
            FileError::content(
                &file,
                "the file",
                error.to_string(),
                "a share of a run",
                advice,
            )
        })?;
        if share.format != FORMAT {
            return Err(FileError::content(&file, "format", share.format, FORMAT, advice).into());
        }
        Ok(share)
    }
}

impl Verify {
    /// Measures one share and writes it. What it proves is for `isotropic merge` to say.
    pub(super) fn run_shard(&self, share: Share) -> Result<Outcome, Failure> {
        let Some(path) = &self.json else {
            return Err(Failure::Usage(
                "--shard needs --json FILE for what it measures".into(),
            ));
        };
        let entries = self.entries()?;
        let plan = self.plan()?;
        self.touched().check()?;
        let run = self.common()?;
        let part = verify::run_share(&entries, &plan, share, &progress());
        let (pieces, seconds) = (part.pieces(), part.seconds);
        let file = ShareFile {
            format: FORMAT.into(),
            run,
            part,
        };
        let text = serde_json::to_string_pretty(&file)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        atomic::write(path, format!("{text}\n").as_bytes())?;
        print(&format!(
            "share {share}: {pieces} pieces measured in {seconds:.1} s; isotropic merge judges all shares together\n"
        ))?;
        Ok(Outcome::Done)
    }

    /// What this run has in common with its other shares.
    pub(crate) fn common(&self) -> Result<Run, Failure> {
        let digest = |path: &std::path::PathBuf| {
            fs::read(path)
                .map(|bytes| fingerprint(&bytes))
                .map_err(|reason| {
                    let file = path.display().to_string();
                    FileError::access(&file, "read", &reason, "check the name and permissions")
                })
        };
        Ok(Run {
            version: env!("CARGO_PKG_VERSION").into(),
            command: self.words(),
            networks: self.networks.iter().map(digest).collect::<Result<_, _>>()?,
        })
    }

    /// The verdict on the whole run, of the parts of all shares, with the files that were asked for.
    pub(crate) fn merged(&self, parts: &[Part]) -> Result<Outcome, Failure> {
        let (entries, plan) = (self.entries()?, self.plan()?);
        self.touched().check()?;
        let outcome = verify::join(&entries, &plan, parts)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        self.conclude(&entries, &plan, &outcome)?;
        Ok(ending(outcome.verdict()))
    }
}
