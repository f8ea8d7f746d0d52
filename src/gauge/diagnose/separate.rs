//! An input at which two networks differ, beyond any rounding.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    network::{Network, evaluate},
    scalar::{
        Rational,
        interval::{Endpoint, Interval, Toward},
    },
};

/// An input at which the enclosures of the outputs are disjoint.
#[derive(Clone, Debug)]
pub struct Separation {
    /// x.
    pub input: Vec<Rational>,
    /// The output, from 1, that is furthest apart.
    pub output: usize,
    /// |y_i - y'_i| is at least this, and more than 0.
    pub least: Rational,
}

/// The first of the inputs at which some output of `a` and of `b` cannot be equal: their enclosures are disjoint, which
/// proves that the functions differ. `None` proves nothing. Inputs at which an evaluation overflows are passed over.
pub fn separate<E: Endpoint>(
    a: &Network<Interval<E>>,
    b: &Network<Interval<E>>,
    inputs: &[Vec<Rational>],
) -> Option<Separation> {
    inputs.iter().find_map(|input| {
        let x: Vec<Interval<E>> = input.iter().map(Interval::enclosing).collect();
        let (y, z) = (evaluate(a, &x).ok()?, evaluate(b, &x).ok()?);
        let gaps = y.iter().zip(z.iter()).map(|(y, z)| gap(y, z));
        let (output, least) = (1..)
            .zip(gaps)
            .filter_map(|(i, gap)| Some((i, gap?)))
            .max_by(|(_, x), (_, y)| x.cmp(y))?;
        Some(Separation {
            input: input.clone(),
            output,
            least,
        })
    })
}

/// A lower bound > 0 on the distance of the members; `None` if they may meet.
fn gap<E: Endpoint>(y: &Interval<E>, z: &Interval<E>) -> Option<Rational> {
    let above = |low: &E, high: &E| low.add_toward(&-high.clone(), Toward::Down);
    let least = E::larger(above(y.lo(), z.hi()), above(z.lo(), y.hi()));
    least
        .to_rational()
        .filter(|least| *least > Rational::from(0))
}

/// Inputs to try, short numbers all of them: the origin, then draws from the multiples of 1/8 up to 2, seeded.
pub fn probes(inputs: usize, count: usize, seed: u64) -> Vec<Vec<Rational>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = || Rational::ratio(rng.random_range(-16..=16), 8).unwrap_or_default();
    (0..count)
        .map(|at| {
            (0..inputs)
                .map(|_| if at == 0 { Rational::from(0) } else { draw() })
                .collect()
        })
        .collect()
}
