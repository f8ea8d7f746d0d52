//! Experiments: data and their readers, the double, paired statistics, the rule for verdicts, the files of
//! `experiments/`; and E5 on many labels.

mod data;
mod document;
mod double;
mod files;
mod labels;
mod statistics;
