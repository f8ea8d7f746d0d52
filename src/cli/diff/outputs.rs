//! What the outputs of two networks say of them.

use crate::{
    cli::{Failure, short},
    gauge::diagnose::{Heard, SLACK, Testimony, hear},
    io::{FileError, Stored},
    scalar::{Mp, Rational, interval::Endpoint},
};

/// What the outputs say.
pub(super) struct Outputs {
    pub(super) testimony: Testimony,
    /// The output, the difference and what rounding explains of it, in words.
    pub(super) words: String,
}

pub(super) fn witness(
    a: &Stored,
    b: &Stored,
    inputs: &[Vec<Rational>],
    bits: u32,
) -> Result<Outputs, Failure> {
    match bits {
        ..=64 => witness_in::<Mp<128>>(a, b, inputs, bits),
        65..=192 => witness_in::<Mp<256>>(a, b, inputs, bits),
        _ => witness_in::<Mp<1024>>(a, b, inputs, bits),
    }
}

fn witness_in<E: Endpoint>(
    a: &Stored,
    b: &Stored,
    inputs: &[Vec<Rational>],
    bits: u32,
) -> Result<Outputs, Failure> {
    let u = E::one().scale_by_power_of_two(-i64::from(bits));
    let both = format!("{} and {}", a.file(), b.file());
    let (a, b) = (a.enclosed::<E>()?, b.enclosed::<E>()?);
    let mut worst: Option<Heard<E>> = None;
    for x in inputs {
        let heard = hear(&a, &b, x).map_err(FileError::network(&both))?;
        worst = match (worst, heard) {
            (Some(worst), Some(heard)) if heard.ratio(&u) <= worst.ratio(&u) => Some(worst),
            (worst, heard) => heard.or(worst),
        };
    }
    Ok(match worst {
        None => Outputs {
            testimony: Testimony::Open,
            words: "no input was evaluated".into(),
        },
        Some(heard) => Outputs {
            testimony: heard.testimony(&u),
            words: format!(
                "output {} differs by {} where {} roundings of every parameter explain {}",
                heard.output,
                short(&heard.most),
                SLACK,
                short(&(heard.explained * u * E::from_int(SLACK))),
            ),
        },
    })
}
