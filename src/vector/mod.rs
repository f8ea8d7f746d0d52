//! Conformance vectors: what a port of this crate to another language has to answer.
//!
//! A *vector file* (`vectors/v1/*.json`) holds the cases of one [`Operation`]: inputs as drawn, references to 60
//! digits, and for each output what rounding may explain in double and in single precision, whatever the
//! order of summation. Nothing is stored that is not unique: no singular vectors, no signs, no bases. Every
//! case carries *flags*, the names of the mistakes it catches.
//!
//! [`generate()`](generate::generate) makes the files, [`lint`] checks them, [`judge()`](judge::judge) holds answers against them
//! and [`adapter`] asks a port that speaks JSON lines. `docs/PORTING.md` is for those who write one.

pub mod adapter;
mod answer;
pub mod case;
mod draw;
pub mod embedded;
pub mod exchange;
pub mod flag;
pub mod folder;
pub mod generate;
pub mod hint;
pub mod input;
pub mod judge;
pub mod judged;
#[cfg(feature = "report")]
pub mod junit;
pub mod lint;
mod operation;
pub mod part;
pub mod profile;
mod reference;
pub mod report;
pub mod results;
pub mod schema;
pub mod text;
mod tree;

pub use answer::Answer;
pub use operation::Operation;
pub use tree::Tree;
