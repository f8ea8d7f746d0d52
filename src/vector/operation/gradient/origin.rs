//! Gradients at hidden layers that are 0, and at those that are nearly 0.

use super::{
    super::draft::{Draft, Source, power, ratio},
    drawn::drawn,
};
use crate::{
    Error,
    linalg::Vector,
    network::{Gain, Network, gradient::Loss},
    scalar::Rational,
    vector::{draw::Digits, input::Input},
};

/// A row at which the hidden layer is exactly 0, with o = 0, and one at which it is not.
pub(super) fn at_the_origin(source: &Source, gain: &Gain<Rational>) -> Result<Draft, Error> {
    let name = format!("{}-2-3-2-origin", gain.name());
    let mut stream = source.stream(&name, Digits::Single);
    let network = stream.network(&[2, 3, 2], gain, (true, false))?;
    let (mut layers, gain, _) = network.into_parts();
    layers[0].bias = Vector::from_element(3, Rational::from(0));
    let network = Network::new(layers, gain, None)?;
    let mut x = stream.matrix(2, 2);
    x.row_mut(0).fill(Rational::from(0));
    let input = Input::default()
        .with_network(&network)
        .with_matrix("inputs", &x)
        .with_matrix("targets", &stream.matrix(2, 2))
        .with("loss", Loss::Squared.name());
    let comment = "z_1 = 0 with o = 0 in the first row: ∂z → h is g(0) I, and ψ feels o by g'(0).";
    let draft = Draft::new(source.id(&name), comment, "A5", input);
    Ok(draft
        .flags(&["GainPathLost"])
        .flag_if(*network.gain() == Gain::Tanh, "NanAtZero"))
}

/// How near to 0 a hidden layer is.
pub(super) struct Nearness {
    name: &'static str,
    /// W_1 and b_1 times 2^this.
    scale: i32,
    /// o_1 = 41/64 of 2^this.
    length: i32,
    /// For tanh, and for the other gains.
    comments: [&'static str; 2],
    /// sech² - γ has no digit left.
    cancels: bool,
}

/// ρ just below 2^-9, where the first terms of a series can be told apart.
pub(super) const NEAR: Nearness = Nearness {
    name: "near-the-origin",
    scale: -13,
    length: -18,
    comments: [
        "ρ just below 2^-9: ∂L/∂o is nearly g'(0) w, and sech² - γ has lost a third of its digits.",
        "ρ just below 2^-9.",
    ],
    cancels: false,
};

/// ρ of some 2^-40, where sech² and γ are both 1.
pub(super) const NEARER: Nearness = Nearness {
    name: "very-near-the-origin",
    scale: -42,
    length: -80,
    comments: [
        "ρ of some 2^-40: of sech² - γ nothing is left, and ∂L/∂o is g'(0) w all the same.",
        "ρ of some 2^-40: ∂L/∂o is g'(0) w.",
    ],
    cancels: true,
};

/// A hidden layer that is nearly 0, and a small o.
pub(super) fn near_the_origin(
    source: &Source,
    gain: &Gain<Rational>,
    near: &Nearness,
) -> Result<Draft, Error> {
    let name = format!("{}-2-3-2-{}", gain.name(), near.name);
    let mut stream = source.stream(&name, Digits::Single);
    let network = stream.network(&[2, 3, 2], gain, (true, true))?;
    let (mut layers, gain, _) = network.into_parts();
    layers[0].weight *= power(near.scale);
    layers[0].bias *= power(near.scale);
    let o = ratio(41, 64) * power(near.length);
    let network = Network::new(layers, gain, Some(vec![o]))?;
    let tanh = *network.gain() == Gain::Tanh;
    let comment = near.comments[usize::from(!tanh)];
    let (rows, loss) = (2, Loss::Squared);
    let draft = drawn(source, &name, comment, &mut stream, &network, rows, loss);
    Ok(draft
        .flags(&["GainPathLost", "SumForMean"])
        .flag_if(tanh && near.cancels, "SlopeCancels"))
}
