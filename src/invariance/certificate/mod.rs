//! A rigorous bound on ‖ŷ - ŷ'‖ at given inputs: ŷ and ŷ' as they were computed, for the networks as they
//! stand in memory.
//!
//! Let A be the network and B the changed one: the same but for layers l and l+1. For any matrix E and
//! β = b_l - E b'_l, let G run B up to z'_l and go on with A from ẑ = E z'_l + β. Whatever E is,
//!
//! ```text
//! ‖y - y'‖ ≤ ‖A from z_l - A from ẑ‖ + ‖A from ẑ_{l+1} - A from z'_{l+1}‖
//!          ≤ Λ_{l+1} min( T ‖δ‖,  g(o_l + m²) ‖W_{l+1}‖ ‖δ‖ + |γ - γ̂| ‖ψ_{l+1}‖ ) + Λ_{l+1} ‖ẑ_{l+1} - z'_{l+1}‖
//! δ = z_l - ẑ,   m² = ‖ẑ‖² + min(0, 2⟨ẑ, δ⟩) ≤ ‖·‖² between ẑ and z_l
//! ```
//!
//! with T the Lipschitz constant of z_l ↦ z_{l+1} (THEORY D4), and g(o_l + m²) that of the activation between the two
//! points: its Jacobian at z has the eigenvalues γ and γ + 2g'‖z‖², both within ±γ for the gains that fall.
//! For a truncation E is the basis that was kept, and δ the dropped part of z_l without its bias. The last term is
//! what a rule forgets; rounding apart it is 0 for the rule that absorbs everything. What evaluation rounds
//! is added as the distance of ŷ from an enclosure of y. All of it is evaluated in intervals at each input.

use num_traits::{Signed, Zero};

use crate::{
    bound::{Sensitivity, certain_label, enclose, margin, sample_floor},
    error::Error,
    io::inputs::Inputs,
    linalg::{Matrix, column, column_mut, product},
    network::{BatchTrace, Network, Scalar, trace_batch},
    scalar::{
        Field, Mp,
        interval::{Endpoint, Interval, Toward, norm, sum_of_squares},
    },
    statement::Magnitude,
};

/// Intervals as fine as the arithmetic deserves: of f64, or of 256 bits.
pub(super) enum Certifier {
    Narrow(Original<f64>),
    Wide(Original<Mp<256>>),
}

/// A pair of networks to be held against each other.
pub(super) struct Pair<'a, S> {
    /// l.
    pub layer: usize,
    /// E, n_l × n'_l.
    pub basis: &'a Matrix<S>,
    pub changed: &'a Network<S>,
}

/// What holds at one input.
pub(super) struct Certified {
    /// ‖ŷ - ŷ'‖.
    pub measured: Magnitude,
    /// At least ‖ŷ - ŷ'‖.
    pub bound: Magnitude,
    /// A lower bound on measured / bound: above 1, the bound is exceeded without doubt.
    pub ratio: Magnitude,
    /// Whether ŷ, y, ŷ' and y' certainly have the same label.
    pub same_label: bool,
    /// A lower bound on how far the output of the old label is above the others after the change; `None` if the old label
    /// is uncertain itself.
    pub margin: Option<Magnitude>,
}

impl Certifier {
    /// # Errors
    /// Those of [`trace`].
    pub fn of<S: Field>(network: &Network<S>, inputs: &Inputs<S>) -> Result<Self, Error> {
        Ok(match S::precision() {
            Some(0..=53) => Certifier::Narrow(Original::of(network, inputs)?),
            _ => Certifier::Wide(Original::of(network, inputs)?),
        })
    }

    /// What holds where not a bit of an output differs; `outputs` are ŷ.
    pub fn unchanged<S: Field>(&self, outputs: &[&[S]]) -> Vec<(bool, Option<Magnitude>)> {
        match self {
            Certifier::Narrow(original) => original.unchanged(outputs),
            Certifier::Wide(original) => original.unchanged(outputs),
        }
    }

    /// What no network with `width` neurons in its last hidden layer does better on the inputs, root mean square.
    pub fn floor(&self, width: usize) -> f64 {
        match self {
            Certifier::Narrow(original) => sample_floor(&original.outputs(), width),
            Certifier::Wide(original) => sample_floor(&original.outputs(), width),
        }
    }

    /// One for each input; `outputs` are (ŷ, ŷ').
    ///
    /// # Errors
    /// Those of [`trace`].
    pub fn certify<S: Field>(
        &self,
        pair: &Pair<S>,
        outputs: &[(&[S], Vec<S>)],
    ) -> Result<Vec<Certified>, Error> {
        match self {
            Certifier::Narrow(original) => original.certify(pair, outputs),
            Certifier::Wide(original) => original.certify(pair, outputs),
        }
    }
}

/// The network before any change, enclosed, with its constants.
pub(super) struct Original<E> {
    network: Network<Interval<E>>,
    sensitivity: Sensitivity<E>,
    /// n₀ × N.
    inputs: Matrix<Interval<E>>,
    trace: BatchTrace<Interval<E>>,
}

impl<E: Endpoint> Original<E> {
    fn of<S: Field>(network: &Network<S>, inputs: &Inputs<S>) -> Result<Self, Error> {
        let network = enclose::<S, E>(network)?;
        let inputs = enclosed_matrix(&inputs.x);
        Ok(Original {
            sensitivity: Sensitivity::of(&network),
            trace: trace_batch(&network, &inputs, network.depth())?,
            network,
            inputs,
        })
    }

    /// y, n_L × N, enclosed.
    fn outputs(&self) -> Matrix<Interval<E>> {
        self.trace.pre_activations[self.network.depth() - 1].clone()
    }

    fn certify<S: Field>(
        &self,
        pair: &Pair<S>,
        outputs: &[(&[S], Vec<S>)],
    ) -> Result<Vec<Certified>, Error> {
        let l = pair.layer;
        let changed = enclose::<S, E>(pair.changed)?;
        let basis: Matrix<Interval<E>> = enclosed_matrix(pair.basis);
        let bias = changed.layer(l).bias.as_slice();
        let image = product(&basis, &Matrix::from_column_slice(bias.len(), 1, bias));
        let shift: Vec<_> = (self.network.layer(l).bias.iter())
            .zip(image.iter())
            .map(|(b, image)| b.clone() - image)
            .collect();
        let image = trace_batch(&changed, &self.inputs, changed.depth())?;
        // ẑ = E z' + β.
        let mut embedded = product(&basis, &image.pre_activations[l - 1]);
        for mut z in embedded.column_iter_mut() {
            z.iter_mut().zip(&shift).for_each(|(z, b)| *z += b);
        }
        let bounds = self.exact(l, &embedded, &image)?;
        let last = changed.depth() - 1;
        let at = |(j, (y, changed_y)): (usize, &(&[S], Vec<S>))| {
            let (y, changed_y) = (enclosed(y), enclosed(changed_y));
            let exact = column(&self.trace.pre_activations[last], j);
            let exact_image = column(&image.pre_activations[last], j);
            let roundings = apart(&y, exact) + apart(&changed_y, exact_image);
            let bound = roundings + &bounds[j];
            let (same_label, margin) = labels(&both(&y, exact), &both(&changed_y, exact_image));
            Certified {
                same_label,
                margin,
                ..Certified::of(&apart(&y, &changed_y), &bound)
            }
        };
        Ok(outputs.iter().enumerate().map(at).collect())
    }

    fn unchanged<S: Field>(&self, outputs: &[&[S]]) -> Vec<(bool, Option<Magnitude>)> {
        let at = |(j, y): (usize, &&[S])| {
            let exact = column(&self.trace.pre_activations[self.network.depth() - 1], j);
            let y = both(&enclosed(y), exact);
            labels(&y, &y)
        };
        outputs.iter().enumerate().map(at).collect()
    }

    /// The bounds on ‖y - y'‖, of the exact outputs, one for each input.
    fn exact(
        &self,
        l: usize,
        embedded: &Matrix<Interval<E>>,
        image: &BatchTrace<Interval<E>>,
    ) -> Result<Vec<Interval<E>>, Error> {
        let (gain, o) = (self.network.gain(), self.network.length_squared(l));
        let next = self.network.layer(l + 1);
        let norms = &self.sensitivity.norms[l];
        let (below, above) = (
            &self.sensitivity.lipschitz[l - 1],
            &self.sensitivity.lipschitz[l],
        );
        // A from ẑ on, for one layer.
        let mut h = embedded.clone();
        let mut gains = Vec::with_capacity(h.ncols());
        for j in 0..h.ncols() {
            gains.push(Interval::activate(gain, &o, column_mut(&mut h, j))?);
        }
        let mut onward = product(&next.weight, &h);

        let at = |j: usize| {
            let (z, embedded) = (
                column(&self.trace.pre_activations[l - 1], j),
                column(embedded, j),
            );
            let delta: Vec<Interval<E>> =
                z.iter().zip(embedded).map(|(z, e)| z.clone() - e).collect();
            let dropped = norm(&delta);

            let onward = column_mut(&mut onward, j);
            onward
                .iter_mut()
                .zip(next.bias.iter())
                .for_each(|(y, b)| *y += b);
            if let Some(psi) = &next.psi {
                Interval::axpy(onward, &gains[j], psi.as_slice());
            }
            let forgotten = apart(onward, column(&image.pre_activations[l], j));

            let along = Interval::dot(embedded, &delta);
            let least = sum_of_squares(embedded)
                + Interval::smaller(Interval::zero(), along.clone() + along);
            let local = gain.lipschitz_at(&(o.clone() + nonnegative(least)));
            let pointwise = local * &norms.weight * &dropped
                + (self.trace.gains[l - 1][j].clone() - &gains[j]).abs() * &norms.psi;
            let first = Interval::smaller(below.clone() * dropped, above.clone() * pointwise);
            first + above.clone() * forgotten
        };
        Ok((0..embedded.ncols()).map(at).collect())
    }
}

impl Certified {
    fn of<E: Endpoint>(measured: &Interval<E>, bound: &Interval<E>) -> Self {
        let top = |x: &E| Magnitude::from_float(&x.to_float());
        // Outward by more than the conversion can lose: what is shown is not below what was proved.
        let up = |x: &E| Magnitude::from_float_toward(&x.to_float(), Toward::Up);
        let bound_above = Interval::point(bound.hi().clone());
        let least = Interval::point(measured.lo().clone());
        let ratio = if least.is_zero() && bound.is_finite() {
            Magnitude::zero()
        } else {
            Magnitude::from_float_toward(&(least / bound_above).lo().to_float(), Toward::Down)
        };
        Certified {
            measured: top(measured.hi()),
            bound: up(bound.hi()),
            ratio,
            same_label: false,
            margin: None,
        }
    }
}

fn enclosed_matrix<S: Field, E: Endpoint>(x: &Matrix<S>) -> Matrix<Interval<E>> {
    Matrix::from_vec(x.nrows(), x.ncols(), enclosed(x.as_slice()))
}

fn enclosed<S: Field, E: Endpoint>(x: &[S]) -> Vec<Interval<E>> {
    let one = |x: &S| {
        x.to_rational()
            .map_or_else(Interval::none, |q| Interval::enclosing(&q))
    };
    x.iter().map(one).collect()
}

fn apart<E: Endpoint>(a: &[Interval<E>], b: &[Interval<E>]) -> Interval<E> {
    let difference: Vec<Interval<E>> = a.iter().zip(b).map(|(a, b)| a.clone() - b).collect();
    norm(&difference)
}

/// Intervals that contain what was computed and what is exact.
fn both<E: Endpoint>(computed: &[Interval<E>], exact: &[Interval<E>]) -> Vec<Interval<E>> {
    let pairs = computed.iter().zip(exact);
    pairs
        .map(|(computed, exact)| computed.hull(exact))
        .collect()
}

/// Whether the outputs before and after have the same label, and a lower bound on the margin of that before.
fn labels<E: Endpoint>(before: &[Interval<E>], after: &[Interval<E>]) -> (bool, Option<Magnitude>) {
    let Some(label) = certain_label(before) else {
        return (false, None);
    };
    let least = margin(after, label);
    let down =
        |least: &Interval<E>| Magnitude::from_float_toward(&least.lo().to_float(), Toward::Down);
    (
        certain_label(after) == Some(label),
        least.as_ref().map(down),
    )
}

/// The non-negative members: a square is one.
fn nonnegative<E: Endpoint>(x: Interval<E>) -> Interval<E> {
    let positive = Interval::zero().hull(&Interval::point(E::larger(x.hi().clone(), E::zero())));
    x.intersection(&positive).unwrap_or(positive)
}

#[cfg(test)]
mod tests;
