//! The outputs as a second witness: parameters can agree in norm where the function does not.
//!
//! One rounding of every stored parameter, relative u, moves output i at the input x by at most, to first order,
//!
//! ```text
//! u Σ_l |∂y_i/∂z_l| (|W_l| |h_{l-1}| + |b_l| + γ_{l-1} |ψ_l|) + u Σ_l |∂y_i/∂o_l| o_l
//! ```
//!
//! in absolute values, entry by entry: what is small beside something large is not excused by it. Copies by rotations
//! round more often than once, and [`SLACK`] times this is allowed. The outputs themselves are enclosed.

use crate::{
    error::Error,
    network::{Jacobian, Network, Scalar, evaluate, jacobian},
    scalar::{
        Rational,
        interval::{Endpoint, Interval, Toward},
    },
};

/// 2⁶ roundings of every parameter of both networks: a rotation of n neurons rounds n times, mostly against each
/// other. `tests/it/identity` measures how much of it honest copies need.
pub const SLACK: i64 = 64;

/// What the outputs say at one input.
#[derive(Clone, Debug)]
pub struct Heard<E> {
    /// The output, from 1, where the difference is largest beside what is explained.
    pub output: usize,
    /// |y_i - y'_i| is at least this,
    pub least: E,
    /// at most this,
    pub most: E,
    /// and u times this is one rounding of every parameter.
    pub explained: E,
}

/// What outputs can say of two networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Testimony {
    /// Rounding explains every difference.
    Explained,
    /// Some difference is larger than that, whatever the enclosures leave open.
    Beyond,
    /// The enclosures are too wide to tell.
    Open,
}

impl<E: Endpoint> Heard<E> {
    /// Judged at unit roundoff u.
    pub fn testimony(&self, u: &E) -> Testimony {
        let allowed = self.explained.clone() * u * E::from_int(SLACK);
        if self.least > allowed {
            Testimony::Beyond
        } else if self.most <= allowed {
            Testimony::Explained
        } else {
            Testimony::Open
        }
    }

    /// The largest difference in units of one rounding at u; 0 where there is none.
    pub fn ratio(&self, u: &E) -> E {
        if self.most.is_zero() {
            E::zero()
        } else {
            self.most.clone() / (self.explained.clone() * u)
        }
    }
}

/// Holds the outputs of two networks of equal ends against each other at x, by enclosures.
///
/// # Errors
/// Those of [`evaluate`] and [`jacobian`].
pub fn hear<E: Endpoint + Scalar>(
    a: &Network<Interval<E>>,
    b: &Network<Interval<E>>,
    x: &[Rational],
) -> Result<Option<Heard<E>>, Error> {
    let enclosed: Vec<Interval<E>> = x.iter().map(Interval::enclosing).collect();
    let (y, z) = (evaluate(a, &enclosed)?, evaluate(b, &enclosed)?);
    let (here, there) = (roundings(a, x)?, roundings(b, x)?);
    let explained = here
        .into_iter()
        .zip(there)
        .map(|(here, there)| here + there);
    let heard =
        (1..)
            .zip(y.iter().zip(z.iter()).zip(explained))
            .map(|(output, ((y, z), explained))| {
                let low = |y: &Interval<E>, z: &Interval<E>| {
                    y.lo().add_toward(&-z.hi().clone(), Toward::Down)
                };
                let high = |y: &Interval<E>, z: &Interval<E>| {
                    y.hi().add_toward(&-z.lo().clone(), Toward::Up)
                };
                let apart = E::larger(low(y, z), low(z, y));
                Heard {
                    output,
                    least: if apart.above_zero() { apart } else { E::zero() },
                    most: E::larger(high(y, z), high(z, y)),
                    explained,
                }
            });
    // The worst: r/s > r'/s' without division.
    Ok(heard.reduce(|worst, next| {
        let (left, right) = (
            next.most.clone() * &worst.explained,
            worst.most.clone() * &next.explained,
        );
        if left > right { next } else { worst }
    }))
}

/// Σ over the parameters of |∂y_i/∂θ| |θ|, for every output i.
fn roundings<E: Endpoint + Scalar>(
    network: &Network<Interval<E>>,
    x: &[Rational],
) -> Result<Vec<E>, Error> {
    let middle = network.map(&Interval::midpoint)?;
    let x: Vec<E> = x.iter().map(E::from_rational).collect();
    let Jacobian {
        trace,
        pre_activations,
        lengths,
        ..
    } = jacobian(&middle, &x)?;
    let mut sums = vec![E::zero(); middle.layer(middle.depth()).width()];
    for (l, layer) in (1..).zip(middle.layers()) {
        let arriving: Vec<E> = trace.input_of(l, &x).iter().map(|h| h.abs()).collect();
        let mut sizes: Vec<E> = layer.bias.iter().map(|b| b.abs()).collect();
        for (j, h) in arriving.iter().enumerate() {
            for (size, w) in sizes.iter_mut().zip(layer.weight.column(j).iter()) {
                *size += w.abs() * h;
            }
        }
        if let (Some(psi), Some(gain)) = (
            &layer.psi,
            l.checked_sub(2).and_then(|at| trace.gains.get(at)),
        ) {
            for (size, psi) in sizes.iter_mut().zip(psi.iter()) {
                *size += psi.abs() * gain.abs();
            }
        }
        for (sum, row) in sums.iter_mut().zip(pre_activations[l - 1].row_iter()) {
            for (slope, size) in row.iter().zip(&sizes) {
                *sum += slope.abs() * size;
            }
        }
    }
    for (l, slopes) in (1..).zip(&lengths) {
        let o = middle.length_squared(l);
        // ln o may be what is stored: its rounding is o |ln o| of o.
        let factor = if o.above_zero() {
            E::larger(E::one(), o.ln().abs())
        } else {
            E::one()
        };
        for (sum, slope) in sums.iter_mut().zip(slopes) {
            *sum += slope.abs() * &o * &factor;
        }
    }
    Ok(sums)
}
