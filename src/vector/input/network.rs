//! A network as the files hold it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Input, Refusal, matrix, number, numbers, rows, spelled};
use crate::{
    network::{Gain, Layer, Network},
    scalar::{Field, Rational},
    vector::text::spell,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkText {
    gain: String,
    threshold: Option<String>,
    layers: Vec<LayerText>,
    o: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerText {
    weight: Vec<Vec<String>>,
    bias: Vec<String>,
    psi: Option<Vec<String>>,
}

impl Input {
    /// The network, every number rounded once.
    ///
    /// # Errors
    /// [`Refusal`] for shapes that do not fit and numbers that are not finite.
    pub fn network<S: Field>(&self) -> Result<Network<S>, Refusal> {
        self.network_named("network")
    }

    /// The network of that name.
    ///
    /// # Errors
    /// As [`network`](Self::network).
    pub fn network_named<S: Field>(&self, name: &str) -> Result<Network<S>, Refusal> {
        let text: NetworkText = self.read(name)?;
        let threshold = match &text.threshold {
            Some(t) => Some(number("threshold", t)?),
            None => None,
        };
        let layer = |(l, layer): (usize, &LayerText)| -> Result<Layer<S>, Refusal> {
            let psi = match &layer.psi {
                Some(psi) => Some(numbers(&format!("psi of layer {l}"), psi)?.into()),
                None => None,
            };
            Ok(Layer {
                weight: matrix(&format!("weight of layer {l}"), &layer.weight)?,
                bias: numbers(&format!("bias of layer {l}"), &layer.bias)?.into(),
                psi,
            })
        };
        let layers = (1..)
            .zip(&text.layers)
            .map(layer)
            .collect::<Result<_, _>>()?;
        let lengths = match &text.o {
            Some(o) => Some(numbers("o", o)?),
            None => None,
        };
        Ok(Network::new(
            layers,
            Gain::from_name(&text.gain, threshold)?,
            lengths,
        )?)
    }
}

/// The text of a network.
pub(in crate::vector) fn network_value(network: &Network<Rational>) -> Value {
    let mut value = json!({ "gain": network.gain().name() });
    if let Some(t) = network.gain().threshold() {
        value["threshold"] = spell(t).into();
    }
    let layer = |layer: &Layer<Rational>| {
        let mut value = json!({ "weight": rows(&layer.weight), "bias": spelled(&layer.bias) });
        if let Some(psi) = &layer.psi {
            value["psi"] = spelled(psi);
        }
        value
    };
    value["layers"] = network.layers().iter().map(layer).collect();
    if network.has_lengths() {
        let o: Vec<Rational> = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        value["o"] = spelled(&o);
    }
    value
}
