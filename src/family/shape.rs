//! Giving a random network the character of its family.

use num_traits::{One, Zero};

use super::{Draw, Family, Spec, draw::Places};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, product},
    network::{Layer, Network},
    scalar::Rational,
};

impl Family {
    /// n₀ … n_L.
    pub(super) fn widths(self, draw: &Draw, spec: &Spec) -> Vec<usize> {
        let depth = draw.depth.clamp(1, spec.deepest());
        let drawn = |l: usize| draw.widths.get(l).copied().unwrap_or(1).max(1);
        match self {
            Family::Typical => (0..=depth).map(drawn).collect(),
            Family::NoHidden => (0..=1).map(drawn).collect(),
            Family::WidthOne => vec![1; depth.max(2) + 1],
            Family::Widening => {
                let first = drawn(0).min(3);
                (0..=depth.max(3)).map(|l| first + l).collect()
            }
            Family::Narrowing => {
                let last = drawn(0).min(3);
                (0..=depth.max(3)).rev().map(|l| last + l).collect()
            }
            // Two hidden layers, with room for what is special about them.
            _ => (0..=depth.max(3)).map(|l| drawn(l).max(3)).collect(),
        }
    }
}

/// 10^e.
fn decade(e: i32) -> Rational {
    let power = rug::Rational::from(rug::Integer::from(rug::Integer::u_pow_u(
        10,
        e.unsigned_abs(),
    )));
    Rational(if e < 0 { power.recip() } else { power })
}

/// Not zero: the number itself, or 1.
fn firm(x: Rational) -> Rational {
    if x.is_zero() { Rational::one() } else { x }
}

type Parts = (Network<Rational>, Vec<Rational>);

/// The network of that family made from a plain one, and its input.
pub(super) fn shape(
    family: Family,
    places: &Places,
    plain: Network<Rational>,
    mut input: Vec<Rational>,
) -> Result<Parts, Error> {
    let keeps_lengths = plain.has_lengths();
    let (mut layers, gain, mut lengths) = plain.into_parts();
    let mut with_lengths = keeps_lengths;
    let last = layers.len() - 1;
    match family {
        Family::Typical | Family::WidthOne | Family::Widening | Family::Narrowing => {}
        Family::NoHidden => {}
        Family::ZeroRow | Family::ZeroBias | Family::Dead | Family::DeadWithPsi => {
            for (l, layer) in layers[..last].iter_mut().enumerate() {
                silence(family, places, l, layer);
            }
        }
        Family::RankOne => {
            for (l, layer) in layers.iter_mut().enumerate() {
                // Whole numbers: the rank survives every cast.
                let (m, n) = layer.weight.shape();
                layer.weight = Matrix::from_fn(m, n, |i, j| {
                    firm(places.whole(l, i, 0)) * firm(places.whole(l, 0, j))
                });
            }
        }
        Family::AllOnes => {
            for layer in &mut layers {
                layer.weight.fill(Rational::one());
            }
        }
        Family::Integer => {
            let round = |x: &mut Rational| *x = Rational(x.0.clone().round());
            for layer in &mut layers {
                let psi = layer.psi.iter_mut().flat_map(|psi| psi.iter_mut());
                layer
                    .weight
                    .iter_mut()
                    .chain(layer.bias.iter_mut())
                    .chain(psi)
                    .for_each(round);
            }
            lengths.iter_mut().for_each(round);
        }
        Family::Graded => {
            for layer in &mut layers[..last] {
                let (m, n) = layer.weight.shape();
                let step = 60 / (m + n - 2).max(1) as i32;
                layer.weight = Matrix::from_fn(m, n, |i, j| {
                    firm(layer.weight[(i, j)].clone()) * decade(-step * (i + j) as i32)
                });
            }
        }
        Family::RepeatedSingular | Family::TieAtCut => {
            for (l, layer) in layers[..last].iter_mut().enumerate() {
                let (m, n) = layer.weight.shape();
                // Rows or columns of an orthogonal matrix: all singular values are 1.
                let square = places.rotation(l, m.max(n));
                let mut q = square.view((0, 0), (m, n)).into_owned();
                if family == Family::TieAtCut {
                    // One direction is stretched by 2, the others stay tied.
                    let stretch = q.row(0).into_owned();
                    q.row_mut(0).copy_from(&(stretch * Rational::from(2)));
                }
                layer.weight = q;
            }
        }
        Family::ZeroSingular => {
            for (l, layer) in layers[..last].iter_mut().enumerate() {
                let (m, n) = layer.weight.shape();
                let rank = m.min(n).div_ceil(2).min(m.min(n) - 1).max(1);
                let left = Matrix::from_fn(m, rank, |i, j| places.whole(l, i, j));
                let right = Matrix::from_fn(rank, n, |i, j| places.whole(l, i + rank, j));
                layer.weight = product(&left, &right);
            }
        }
        Family::ZeroRows => {
            for layer in &mut layers {
                for i in (0..layer.width()).step_by(2) {
                    layer.weight.row_mut(i).fill(Rational::zero());
                }
            }
        }
        Family::ZeroLength => {
            lengths.fill(Rational::zero());
            with_lengths = true;
            for (l, layer) in layers.iter_mut().enumerate().skip(1) {
                layer.psi = Some(Vector::from_fn(layer.width(), |i, _| {
                    firm(places.psi(l, i))
                }));
            }
        }
        Family::TinyLength | Family::HugeLength => {
            let e = if family == Family::TinyLength {
                -100
            } else {
                100
            };
            with_lengths = true;
            for (l, o) in lengths.iter_mut().enumerate() {
                *o = Rational(firm(places.length(l)).0 << e);
            }
        }
        Family::DominantBias => {
            for (l, layer) in layers.iter_mut().enumerate() {
                layer.bias =
                    Vector::from_fn(layer.width(), |i, _| firm(places.bias(l, i)) * decade(6));
            }
        }
        Family::Tiny | Family::Huge => {
            let size = decade(if family == Family::Tiny { -300 } else { 300 });
            let layer = &mut layers[0];
            layer
                .weight
                .iter_mut()
                .for_each(|w| *w = firm(w.clone()) * &size);
            layer.bias.iter_mut().for_each(|b| *b *= &size);
        }
        Family::Saturated => {
            for layer in &mut layers[..last] {
                layer.weight.iter_mut().for_each(|w| *w *= decade(4));
                // Whatever the input: a bias of thousands.
                layer
                    .bias
                    .iter_mut()
                    .for_each(|b| *b = firm(b.clone()) * decade(6));
            }
        }
        Family::LinearRegime => {
            for layer in &mut layers[..last] {
                layer.weight.iter_mut().for_each(|w| *w *= decade(-8));
                layer.bias.iter_mut().for_each(|b| *b *= decade(-8));
                if let Some(psi) = &mut layer.psi {
                    psi.iter_mut().for_each(|psi| *psi *= decade(-8));
                }
            }
            lengths.iter_mut().for_each(|o| *o *= decade(-16));
        }
        Family::ZeroInput => {
            input.fill(Rational::zero());
            if !keeps_lengths {
                layers[0].bias.fill(Rational::zero());
            }
        }
    }
    let network = Network::new(layers, gain, with_lengths.then_some(lengths))?;
    Ok((network, input))
}

/// Makes the last neuron of a hidden layer (counting from 0: layer `l`) one of the four silent kinds.
fn silence(family: Family, places: &Places, l: usize, layer: &mut Layer<Rational>) {
    let neuron = layer.width() - 1;
    if family != Family::ZeroBias {
        layer.weight.row_mut(neuron).fill(Rational::zero());
    }
    layer.bias[neuron] = match family {
        Family::ZeroRow => firm(places.bias(l, neuron)),
        _ => Rational::zero(),
    };
    match (family, &mut layer.psi) {
        (Family::Dead | Family::ZeroRow, Some(psi)) => psi[neuron] = Rational::zero(),
        (Family::DeadWithPsi, psi) if l > 0 => {
            let width = layer.bias.len();
            let absent = || Vector::from_element(width, Rational::zero());
            let mut kept = psi.take().unwrap_or_else(absent);
            kept[neuron] = firm(places.psi(l, neuron));
            *psi = Some(kept);
        }
        _ => {}
    }
}
