//! The `isotropic` command; see [`isotropic::cli`].
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    isotropic::cli::main()
}
