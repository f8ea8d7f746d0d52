//! What parameters may be off by beyond a rounding of their own size.

use super::Line;
use crate::{linalg::norm2, scalar::Real};

/// How far the parameters of a network may be off at unit roundoff 1, beside a rounding of their own: what a reduction
/// to the ceilings left in them, or underflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Blur<S> {
    /// By layer, from 1; none for layers behind the last.
    pub(super) layers: Vec<LayerBlur<S>>,
    /// In any entry of any parameter but o.
    floor: S,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct LayerBlur<S> {
    /// ‖·‖ of W by its rows; of hidden layers only all of them together count. None for W_1.
    pub(super) weight: Vec<S>,
    /// Of b.
    pub(super) bias: S,
    /// Of ψ by its rows.
    pub(super) psi: Vec<S>,
    /// Of o.
    pub(super) o: S,
}

impl<S: Real> LayerBlur<S> {
    pub(super) fn none() -> Self {
        LayerBlur {
            weight: vec![],
            bias: S::zero(),
            psi: vec![],
            o: S::zero(),
        }
    }
}

impl<S: Real> Blur<S> {
    /// Nothing beyond a rounding of their own.
    pub fn none() -> Self {
        Self::in_entries(S::zero())
    }

    /// So much in any entry: the smallest positive number over the unit roundoff, where numbers underflow.
    pub fn in_entries(floor: S) -> Self {
        Blur {
            layers: vec![],
            floor,
        }
    }

    /// Of this line, of so many entries, of a parameter of layer l.
    pub(super) fn of(&self, l: usize, parameter: &str, line: Line, entries: usize) -> S {
        let floor = if parameter == "o" {
            S::zero()
        } else {
            self.floor.clone() * S::from_int(entries as i64)
        };
        let Some(layer) = self.layers.get(l - 1) else {
            return floor;
        };
        let by_rows = |rows: &[S]| match line {
            Line::Row(i) | Line::Entry(i, _) => rows.get(i - 1).cloned().unwrap_or_else(S::zero),
            Line::Whole | Line::Column(_) => norm2(rows),
        };
        let own = match parameter {
            "weight" => by_rows(&layer.weight),
            "bias" => layer.bias.clone(),
            "ψ" => by_rows(&layer.psi),
            _ => layer.o.clone(),
        };
        own + floor
    }

    /// The larger of two, place by place.
    pub(super) fn or(self, other: Self) -> Self {
        let rows = |a: Vec<S>, b: Vec<S>| match (a.is_empty(), b.is_empty()) {
            (true, _) => b,
            (_, true) => a,
            // Rows of the output match; of hidden layers the one with more stands for all.
            (false, false) if a.len() != b.len() => vec![S::larger(norm2(&a), norm2(&b))],
            (false, false) => a.into_iter().zip(b).map(|(a, b)| S::larger(a, b)).collect(),
        };
        let layers = self.layers.into_iter().zip(other.layers);
        let layers = layers.map(|(a, b)| LayerBlur {
            weight: rows(a.weight, b.weight),
            bias: S::larger(a.bias, b.bias),
            psi: rows(a.psi, b.psi),
            o: S::larger(a.o, b.o),
        });
        Blur {
            layers: layers.collect(),
            floor: S::larger(self.floor, other.floor),
        }
    }

    /// The same in another arithmetic.
    pub(super) fn map<T: Real>(&self, f: &impl Fn(&S) -> T) -> Blur<T> {
        let layers = self.layers.iter().map(|layer| LayerBlur {
            weight: layer.weight.iter().map(f).collect(),
            bias: f(&layer.bias),
            psi: layer.psi.iter().map(f).collect(),
            o: f(&layer.o),
        });
        Blur {
            layers: layers.collect(),
            floor: f(&self.floor),
        }
    }
}
