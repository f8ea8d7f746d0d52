//! All pairs, in their order.

use super::{
    super::draft::{Draft, Source},
    constants, linear, pairs, tanh,
};
use crate::{Error, network::Gain};

/// Pairs of each gain, and what only some have.
pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    for gain in [Gain::Tanh, Gain::Rational, Gain::RationalTanh] {
        drafts.extend(pairs::of_gain(source, &gain)?);
    }
    drafts.extend(tanh::of_tanh(source)?);
    drafts.extend(constants::of_constants(source)?);
    drafts.push(pairs::scaled(source)?);
    drafts.extend(linear::of_linear(source)?);
    Ok(drafts)
}
