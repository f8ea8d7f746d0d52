//! Pairs of networks that are one function, or nearly.

use super::super::{
    draft::{Draft, Source, power, ratio},
    remove::constant,
};
use crate::{
    Error, gauge,
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network},
    resize,
    scalar::Rational,
    vector::{
        draw::{Digits, Stream},
        input::Input,
    },
};

/// A pair, drawn.
pub(super) struct Pair<'a> {
    pub(super) source: &'a Source,
    pub(super) gain: &'a Gain<Rational>,
}

impl Pair<'_> {
    pub(super) fn draft(
        &self,
        name: &str,
        comment: &str,
        flags: &[&'static str],
        draw: impl FnOnce(&mut Stream) -> Result<[Network<Rational>; 2], Error>,
    ) -> Result<Draft, Error> {
        let name = format!("{}-{name}", self.gain.name());
        let mut stream = self.source.stream(&name, Digits::Short);
        let [a, b] = draw(&mut stream)?;
        let x = stream.vector(a.widths()[0]);
        let input = Input::default()
            .with_network(&a)
            .with_network_named("other", &b)
            .with_vector("x", &x);
        let draft = Draft::new(self.source.id(&name), comment, "B9", input);
        Ok(draft.flags(flags))
    }
}

/// The same function in other parameters, and another one in nearly the same.
pub(super) fn of_gain(source: &Source, gain: &Gain<Rational>) -> Result<Vec<Draft>, Error> {
    let pair = Pair { source, gain };
    let drawn = |stream: &mut Stream| stream.network(&[2, 3, 3, 2], gain, (true, true));
    let rotated = |stream: &mut Stream| -> Result<[Network<Rational>; 2], Error> {
        let a = drawn(stream)?;
        let once = gauge::rotate(&a, 1, &stream.orthogonal(3))?;
        let b = gauge::rotate(&once, 2, &stream.orthogonal(3))?;
        Ok([a, b])
    };
    Ok(vec![
        pair.draft(
            "rotated",
            "Both hidden layers rotated by rational matrices: equal.",
            &["ParametersCompared", "NumbersRounded"],
            rotated,
        )?,
        pair.draft(
            "rotated-and-moved",
            "The same, and one entry of the last bias 2^-90 larger: another function.",
            &["DecidedByTolerance"],
            |stream| {
                let [a, b] = rotated(stream)?;
                Ok([a, changed(b, |layers, _| layers[2].bias[0] += power(-90))?])
            },
        )?,
        pair.draft(
            "turned-about",
            "The neurons of the first layer in another order: equal.",
            &["ParametersCompared"],
            |stream| {
                let a = drawn(stream)?;
                let order =
                    Matrix::from_fn(3, 3, |i, j| Rational::from(i64::from((i + 1) % 3 == j)));
                let b = gauge::rotate(&a, 1, &order)?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "a-dead-neuron-more",
            "One of them has a neuron that nothing feeds: equal, in other widths.",
            &["ParametersCompared"],
            |stream| {
                let a = drawn(stream)?;
                let b = resize::grow(&a, 1, &stream.matrix(3, 1))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "a-constant-absorbed",
            "A constant neuron taken into o and ψ: equal, o being a squared length.",
            &["ParametersCompared", "OSquaredTwice", "PsiDropped"],
            |stream| {
                let a = constant(&drawn(stream)?, 2, 2, &ratio(3, 2))?;
                let b = resize::remove(&a, 2, 2)?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "other-o",
            "o of the second layer 1/8 larger: another function.",
            &["ODropped"],
            |stream| {
                let a = drawn(stream)?;
                let b = changed(a.clone(), |_, o| o[1] += ratio(1, 8))?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "other-first-weight",
            "What W_2 does not see of W_1 is 1/8 larger: V_L is the same, N_1 is not, another function.",
            &[],
            |stream| {
                let a = stream.network(&[2, 3, 2], gain, (true, true))?;
                let unseen = cross(&a.layer(2).weight);
                let b = changed(a.clone(), |layers, _| {
                    for (i, entry) in unseen.iter().enumerate() {
                        layers[0].weight[(i, 1)] += entry.clone() * ratio(1, 8);
                    }
                })?;
                Ok([a, b])
            },
        )?,
        pair.draft(
            "other-psi",
            "One entry of ψ of the last layer 1/8 larger: another function.",
            &["PsiDropped"],
            |stream| {
                let a = drawn(stream)?;
                let b = changed(a.clone(), |layers, _| {
                    if let Some(psi) = &mut layers[2].psi {
                        psi[1] += ratio(1, 8);
                    }
                })?;
                Ok([a, b])
            },
        )?,
    ])
}

/// The cross product of two rows of three entries: what a matrix of these does not see.
fn cross(rows: &Matrix<Rational>) -> [Rational; 3] {
    let entry = |i: usize| {
        let (j, k) = ((i + 1) % 3, (i + 2) % 3);
        rows[(0, j)].clone() * &rows[(1, k)] - rows[(0, k)].clone() * &rows[(1, j)]
    };
    [entry(0), entry(1), entry(2)]
}

/// The network with its layers and o changed.
pub(super) fn changed(
    network: Network<Rational>,
    change: impl FnOnce(&mut [Layer<Rational>], &mut [Rational]),
) -> Result<Network<Rational>, Error> {
    let lengths = network.has_lengths();
    let (mut layers, gain, mut o) = network.into_parts();
    change(&mut layers, &mut o);
    Network::new(layers, gain, lengths.then_some(o))
}

/// B8: c² (1 + o) = 1 + o', W and b and ψ of the layer times c, the next weight times c, the next ψ times c².
pub(super) fn scaled(source: &Source) -> Result<Draft, Error> {
    let gain = &Gain::Rational;
    Pair { source, gain }.draft(
        "scaled",
        "A layer twice as large, o to match, the next weight and ψ as well: equal by B8.",
        &["ScalingMissed", "ParametersCompared"],
        |stream| {
            let a = stream.network(&[2, 3, 3, 2], gain, (true, true))?;
            let c = Rational::from(2);
            let square = c.clone() * &c;
            let b = changed(a.clone(), |layers, o| {
                let times = |v: &Vector<Rational>, by: &Rational| v.map(|x| x * by);
                layers[1].weight = layers[1].weight.map(|x| x * &c);
                layers[1].bias = times(&layers[1].bias, &c);
                layers[1].psi = layers[1].psi.as_ref().map(|psi| times(psi, &c));
                layers[2].weight = layers[2].weight.map(|x| x * &c);
                layers[2].psi = layers[2].psi.as_ref().map(|psi| times(psi, &square));
                o[1] = square * (Rational::from(1) + &o[1]) - Rational::from(1);
            })?;
            Ok([a, b])
        },
    )
}
