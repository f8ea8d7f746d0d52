//! Every bound of a fixed set of networks, as it is kept.

mod alone;
mod certificates;
mod pairs;
mod plain;

use isotropic::{
    Gain, Layer, Network,
    bound::Embedding,
    gauge::{self, Gauge},
    linalg::{Matrix, haar},
    resize::{Outgoing, compress, grow, resize, truncate_reached},
    scalar::Field,
};

use super::pairs::with_lengths;
use crate::support;

pub fn gains<S: Field>() -> Vec<Gain<S>> {
    Gain::all(&S::from_f64(0.3))
}

/// Networks of every gain and several shapes, one without ψ, one with o = 0, one of subnormal and one of huge weights.
pub fn networks<S: Field>() -> Vec<(String, Network<S>)> {
    let shapes: [&[usize]; 4] = [&[3, 4, 2], &[2, 5, 4, 3], &[4, 3, 6, 2, 2], &[3, 2]];
    let mut all: Vec<(String, Network<S>)> = vec![];
    for (at, gain) in gains::<S>().into_iter().enumerate() {
        let widths = shapes[at % 3];
        let name = format!("{} {widths:?}", gain.name());
        all.push((name, support::network(widths, gain, at as u64)));
    }
    all.push(("affine".into(), support::network(shapes[3], Gain::Tanh, 20)));
    let deep = || support::network::<S>(shapes[2], Gain::Tanh, 21);
    let edit = |change: &dyn Fn(&mut Layer<S>)| {
        let network = deep();
        let mut layers = network.layers().to_vec();
        let lengths = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        layers.iter_mut().for_each(change);
        Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid")
    };
    all.push(("no ψ".into(), edit(&|layer| layer.psi = None)));
    all.push((
        "no bias".into(),
        edit(&|layer| layer.bias.iter_mut().for_each(|b| *b = S::zero())),
    ));
    all.push((
        "o = 0".into(),
        with_lengths(&deep(), &S::zero()).expect("valid"),
    ));
    for scale in [1e-4, 1e3] {
        let scaled = deep().map(&|x: &S| x.clone() * S::from_f64(scale));
        all.push((format!("times {scale:e}"), scaled.expect("finite")));
    }
    all
}

pub fn inputs<S: Field>(network: &Network<S>) -> Vec<Vec<S>> {
    let n = network.widths()[0];
    (0..3).map(|seed| support::input(n, 40 + seed)).collect()
}

pub fn said<T, E: std::fmt::Display>(result: Result<T, E>, say: impl Fn(&T) -> String) -> String {
    result.map_or_else(|why| why.to_string(), |x| say(&x))
}

/// A network and what operations make of it.
pub fn images(network: &Network<f64>) -> Vec<(&'static str, Network<f64>, Vec<Embedding>)> {
    let mut all = vec![("itself", network.clone(), vec![])];
    let longer = with_lengths(network, &1.5).expect("valid");
    all.push(("other lengths", longer, vec![]));
    if network.hidden().is_empty() {
        return all;
    }
    let width = network.layer(1).width();
    let rotation = haar::<f64>(width, &mut support::rng(3));
    all.push((
        "rotated",
        gauge::rotate(network, 1, &rotation).expect("fits"),
        vec![],
    ));
    let left = gauge::diagonalise(network, Gauge::Left, &[]).expect("it converges");
    all.push(("left", left, vec![]));
    let columns = Matrix::from_fn(network.layer(2).width(), 2, |i, j| 0.1 * (i + j) as f64);
    all.push(("grown", grow(network, 1, &columns).expect("fits"), vec![]));
    if let Ok(compressed) = compress(network) {
        let suggested = vec![compressed.embedding(&network.widths())];
        all.push(("compressed", compressed.network, suggested));
    }
    let mut narrower = network.widths();
    narrower[1] -= 1;
    if let Ok(cut) = resize(network, &narrower, Outgoing::Zero, 0) {
        let suggested = vec![cut.embedding(&network.widths())];
        all.push(("cut", cut.network.clone(), vec![]));
        all.push(("cut, with its map", cut.network, suggested));
    }
    if let Ok((cut, removal)) = truncate_reached(network, 1, width - 1) {
        let cuts = [(1, &removal.basis, removal.absorbed.as_slice())];
        let suggested = vec![Embedding::of_cuts(&network.widths(), cuts.into_iter())];
        all.push(("cut as reached", cut, suggested));
    }
    let gain = match network.gain() {
        Gain::SoftThreshold { .. } => Gain::SoftThreshold { t: 0.31 },
        gain => gain.clone(),
    };
    if let Ok(other) = network.with_gain(gain) {
        all.push(("the same gain, or another threshold", other, vec![]));
    }
    let other = support::network(&narrower, network.gain().clone(), 77);
    all.push(("unrelated", other, vec![]));
    all
}
