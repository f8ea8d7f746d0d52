//! Leaving out inputs, layers, neurons, ψ and o.

use std::ops::Range;

use super::{Change, Parts, resized, shortened, without};
use crate::{linalg::Matrix, scalar::Rational, statement::Case};

/// A part of a case that can be left out.
#[derive(Clone, Debug)]
pub(super) enum Cut {
    /// Every input but this one.
    AllInputsBut(usize),
    /// These inputs.
    Inputs(Range<usize>),
    /// Layer l and what follows from it: the layer after takes its place.
    Layer(usize),
    /// These neurons of layer l; l = 0: these entries of every input.
    Neurons(usize, Range<usize>),
    /// These entries of every input alone: for statements that take inputs for pre-activations.
    Entries(Range<usize>),
    /// Every ψ.
    EveryPsi,
    /// ψ of layer l.
    Psi(usize),
    /// Every o.
    Lengths,
    /// A layer or a neuron, with what the measurement draws drawn from another seed: what is drawn for fewer
    /// dimensions may be a special case, such as a rotation that is the identity.
    Reseeded(Box<Cut>, u64),
}

/// Seeds to try.
const SEEDS: Range<u64> = 0..6;

/// Everything that could go, the largest first.
pub(super) fn cuts(case: &Case) -> Vec<Cut> {
    let network = &case.network;
    let inputs = case.inputs.len();
    let mut cuts = vec![];
    if inputs > 1 {
        cuts.extend((0..inputs).map(Cut::AllInputsBut));
        cuts.extend(ranges(inputs).map(Cut::Inputs));
    }
    cuts.extend((1..=network.depth()).rev().map(Cut::Layer));
    for (l, width) in network.widths().into_iter().enumerate() {
        cuts.extend(ranges(width).map(|range| Cut::Neurons(l, range)));
    }
    let entries = case.inputs.iter().map(Vec::len).max().unwrap_or(0);
    if entries != network.layer(1).weight.ncols() {
        cuts.extend(ranges(entries).map(Cut::Entries));
    }
    cuts.push(Cut::EveryPsi);
    cuts.extend((2..=network.depth()).map(Cut::Psi));
    cuts.push(Cut::Lengths);
    let again = cuts.iter().filter(|cut| match cut {
        Cut::Layer(_) => true,
        Cut::Neurons(_, range) => range.len() == 1,
        _ => false,
    });
    let reseeded: Vec<Cut> = again
        .flat_map(|cut| SEEDS.map(|seed| Cut::Reseeded(Box::new(cut.clone()), seed)))
        .collect();
    cuts.extend(reseeded);
    cuts
}

/// Halves, quarters, … and single indices of 0..n; never all of them at once.
fn ranges(n: usize) -> impl Iterator<Item = Range<usize>> {
    let sizes = std::iter::successors(Some(n / 2), |size| Some(size / 2));
    sizes.take_while(|size| *size > 0).flat_map(move |size| {
        let starts = (0..n).step_by(size);
        starts.map(move |start| start..n.min(start + size))
    })
}

impl Change for Cut {
    fn apply(&self, case: &Case) -> Option<Case> {
        let mut parts = Parts::of(case);
        match self {
            Cut::AllInputsBut(k) => parts.inputs = vec![case.inputs.get(*k)?.clone()],
            Cut::Inputs(range) => parts.inputs = without(&parts.inputs, range),
            Cut::Layer(l) => layer(&mut parts, *l)?,
            Cut::Neurons(l, range) => neurons(&mut parts, *l, range),
            Cut::Entries(range) => entries(&mut parts, range),
            Cut::EveryPsi => {
                let mut some = false;
                for layer in &mut parts.layers {
                    some |= layer.psi.take().is_some();
                }
                some.then_some(())?;
            }
            Cut::Psi(l) => {
                parts.layers[l - 1].psi.take()?;
            }
            Cut::Lengths => {
                parts.lengths.take()?;
            }
            Cut::Reseeded(cut, seed) => {
                return cut.apply(case).map(|case| Case {
                    seed: *seed,
                    ..case
                });
            }
        }
        parts.whole().ok()
    }
}

/// Layer l goes; the layers around it are fitted to each other, cut or filled up with zeros.
fn layer(parts: &mut Parts, l: usize) -> Option<()> {
    if parts.layers.len() == 1 {
        return None;
    }
    let gone = parts.layers.remove(l - 1);
    let columns = gone.weight.ncols();
    if let Some(next) = parts.layers.get_mut(l - 1) {
        next.weight = resized(&next.weight, next.weight.nrows(), columns);
    }
    // The first layer has no ψ: no gain arrives there.
    parts.layers[0].psi = None;
    if let Some(lengths) = &mut parts.lengths {
        lengths.remove((l - 1).min(lengths.len() - 1));
    }
    Some(())
}

/// Neurons of layer l go: rows of W_l, b_l and ψ_l, columns of W_{l+1}; for l = 0 columns of W_1 and entries of
/// the inputs.
fn neurons(parts: &mut Parts, l: usize, range: &Range<usize>) {
    match l.checked_sub(1) {
        None => entries(parts, range),
        Some(at) => {
            let layer = &mut parts.layers[at];
            layer.weight = rows(&layer.weight, range);
            layer.bias = shortened(&layer.bias, range);
            layer.psi = layer.psi.as_ref().map(|psi| shortened(psi, range));
        }
    }
    if let Some(next) = parts.layers.get_mut(l) {
        next.weight = rows(&next.weight.transpose(), range).transpose();
    }
}

fn entries(parts: &mut Parts, range: &Range<usize>) {
    for x in &mut parts.inputs {
        *x = without(x, range);
    }
}

/// The matrix without the rows of `range`.
fn rows(a: &Matrix<Rational>, range: &Range<usize>) -> Matrix<Rational> {
    let kept: Vec<usize> = (0..a.nrows()).filter(|i| !range.contains(i)).collect();
    Matrix::from_fn(kept.len(), a.ncols(), |i, j| a[(kept[i], j)].clone())
}
