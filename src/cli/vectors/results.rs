//! The answers of a port in files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use super::{
    super::Failure,
    check::{Check, Precision},
};
use crate::{
    io::FileError,
    vector::{case::VectorFile, judge::Reply, report::Report, results},
};

impl Check {
    /// Judges results files; one that cannot be read is a fault, and the others count.
    pub(super) fn judge_files(&self, files: &[VectorFile]) -> Result<Report, Failure> {
        let mut replies = BTreeMap::new();
        let mut faults = vec![];
        let mut precision = self.precision.map(Precision::name).map(String::from);
        for path in &self.against {
            let shown = path.display().to_string();
            let text = fs::read_to_string(path).map_err(|why| {
                FileError::access(&shown, "read", &why, "check the name and permissions")
            })?;
            let read = match results::parse(&text) {
                Ok(read) => read,
                Err(why) => {
                    faults.push(format!("{shown}: {why}"));
                    continue;
                }
            };
            let stated = precision.get_or_insert(read.precision.clone());
            if *stated != read.precision {
                faults.push(format!(
                    "{shown}: its precision is {}, judged is {stated}",
                    read.precision
                ));
                continue;
            }
            for (id, reply) in read.replies {
                replies
                    .entry(id)
                    .and_modify(|known| {
                        *known = Reply::Broken("it was answered in two files".into())
                    })
                    .or_insert(reply);
            }
        }
        let known: BTreeSet<&String> = files
            .iter()
            .flat_map(|file| file.cases.iter().map(|case| &case.id))
            .collect();
        // Only an answer to an operation that is judged can be to a case that does not exist.
        let judged = |id: &str| {
            files
                .iter()
                .any(|file| id.starts_with(&format!("{}/", file.operation)))
        };
        let all = self.only.is_empty();
        // Answers outside of a profile are to cases that were left out.
        let narrowed = !self.gains.is_empty() || self.profile.is_some();
        let strangers = replies
            .keys()
            .filter(|id| !known.contains(id) && !narrowed && (all || judged(id)));
        faults.extend(strangers.map(|id| format!("an answer to `{id}`, which is no case")));
        let precision = precision.unwrap_or_else(|| "f64".into());
        let mut report = Report::judge(files, &precision, |case| replies.remove(&case.id));
        report.faults = faults;
        Ok(report)
    }
}
