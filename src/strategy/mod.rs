//! Proptest strategies for networks, inputs and gauges (feature `proptest`).
//!
//! Values are exact ([`Rational`]), so that one case serves every arithmetic: cast it with
//! [`Network::cast`]. Shrinking reduces dimensions before entries: depth, then widths, then the
//! structure (ψ, lengths), and only then numbers, towards 0. All numbers come from one pool with a
//! place for every possible entry, so that an entry keeps its value while the dimensions around it
//! shrink.
//!
//! ```
//! use isotropic::{gauge::rotate, network::evaluate, strategy};
//! use proptest::prelude::*;
//!
//! strategy::check("rotation_changes_nothing", 16, strategy::cases(strategy::Spec::exact()), |case| {
//!     for (l, r) in (1..).zip(&case.rotations) {
//!         let image = rotate(&case.network, l, r)?;
//!         prop_assert_eq!(evaluate(&case.network, &case.input)?, evaluate(&image, &case.input)?);
//!     }
//!     Ok(())
//! });
//! ```

mod replay;

use proptest::prelude::*;

pub use replay::check;

pub use crate::family::{Built as Case, Family, Spec};

use crate::{
    family::{Draw, LARGEST, number},
    linalg::{Matrix, cayley_transform},
    network::Network,
    scalar::Rational,
};

/// Draws, in the order in which they shrink.
fn draws(spec: &Spec) -> impl Strategy<Value = Draw> + use<> {
    let (depth, width) = (spec.depth.max(1), spec.width.max(1));
    (
        1..=depth,
        proptest::collection::vec(1..=width, spec.deepest() + 1),
        (any::<bool>(), any::<bool>(), 0..spec.gains.len().max(1)),
        proptest::collection::vec(-LARGEST..=LARGEST, spec.places()),
    )
        .prop_map(|(depth, widths, (psi, lengths, gain), pool)| Draw {
            depth,
            widths,
            psi,
            lengths,
            gain,
            pool,
        })
}

/// Networks with an input and rotations.
pub fn cases(spec: Spec) -> impl Strategy<Value = Case> {
    family(Family::Typical, spec)
}

/// Networks of a hard family, with an input and rotations. They shrink within the family.
pub fn family(family: Family, spec: Spec) -> impl Strategy<Value = Case> {
    draws(&spec).prop_filter_map("a valid network", move |draw| {
        draw.build(&spec, family).ok()
    })
}

/// Networks of any family.
pub fn families(spec: Spec) -> impl Strategy<Value = (Family, Case)> {
    (proptest::sample::select(&Family::ALL[..]), draws(&spec))
        .prop_filter_map("a valid network", move |(family, draw)| {
            Some((family, draw.build(&spec, family).ok()?))
        })
}

/// Networks alone.
pub fn networks(spec: Spec) -> impl Strategy<Value = Network<Rational>> {
    cases(spec).prop_map(|case| case.network)
}

/// Inputs of `n` entries.
pub fn inputs(n: usize) -> impl Strategy<Value = Vec<Rational>> {
    proptest::collection::vec((-LARGEST..=LARGEST).prop_map(number), n)
}

/// Exactly orthogonal n × n matrices, by Cayley transforms; the identity when fully shrunk.
pub fn rotations(n: usize) -> impl Strategy<Value = Matrix<Rational>> {
    proptest::collection::vec(-LARGEST..=LARGEST, n * n).prop_map(move |pool| {
        cayley_transform(&Matrix::from_fn(n, n, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => -number(pool[j * n + i]),
            std::cmp::Ordering::Equal => Rational::from(0),
            std::cmp::Ordering::Greater => number(pool[i * n + j]),
        }))
    })
}
