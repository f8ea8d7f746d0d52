//! Removing neurons whose pre-activation is constant, and what the intrinsic length and ψ absorb.

use super::Rule;
use crate::{
    error::Error,
    linalg::{
        Matrix, Vector, accumulate, column, product, product_tn, remove_column, remove_entry,
        remove_row,
    },
    network::{Network, edit::carry},
    scalar::Field,
};

/// D1, D2: removes neuron `neuron` (counting from 1) of hidden layer `l` exactly. Its weight row and
/// ψ_l entry must be zero; its bias β and outgoing column w are absorbed: o_l → o_l + β²,
/// ψ_{l+1} → ψ_{l+1} + w β. ψ and o are created where they were absent and are needed.
///
/// # Errors
/// [`Error::NoSuchLayer`], [`Error::NoSuchNeuron`]; [`Error::Widths`] for the last neuron of a layer;
/// [`Error::NotConstant`] if a weight or the ψ_l entry is not zero.
pub fn remove<S: Field>(
    network: &Network<S>,
    l: usize,
    neuron: usize,
) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    let layer = network.layer(l);
    if neuron == 0 || neuron > layer.width() {
        return Err(Error::NoSuchNeuron {
            layer: l,
            neuron,
            width: layer.width(),
        });
    }
    if layer.width() == 1 {
        let mut requested = network.widths();
        requested[l] = 0;
        let reason = "a layer keeps at least one neuron";
        return Err(Error::Widths {
            requested,
            current: network.widths(),
            reason,
        });
    }
    let row = neuron - 1;
    let not_constant = |what: String, value: &S| {
        Err(Error::NotConstant {
            layer: l,
            neuron,
            what,
            value: value.to_string(),
        })
    };
    if let Some(j) = (0..layer.weight.ncols()).find(|&j| !layer.weight[(row, j)].is_zero()) {
        return not_constant(
            format!("its weight in column {}", j + 1),
            &layer.weight[(row, j)],
        );
    }
    if let Some(psi) = layer.psi.as_ref().filter(|psi| !psi[row].is_zero()) {
        return not_constant("its ψ entry".into(), &psi[row]);
    }
    let beta = layer.bias[row].clone();
    let outgoing = column(&network.layer(l + 1).weight, row).to_vec();

    let (mut layers, gain, lengths) = network.clone().into_parts();
    let layer = &mut layers[l - 1];
    layer.weight = remove_row(&layer.weight, row);
    layer.bias = remove_entry(&layer.bias, row);
    layer.psi = layer.psi.take().map(|psi| remove_entry(&psi, row));
    layers[l].weight = remove_column(&layers[l].weight, row);
    let pushed: Vec<S> = outgoing.into_iter().map(|w| w * &beta).collect();
    let absorbed = Absorbed {
        squared: beta.clone() * &beta,
        pushed,
    };
    absorbed.settle(network, l, layers, gain, lengths)
}

/// D2 in any basis: keeps the components of hidden layer `l` along the orthonormal columns of `basis`
/// (n_l × p), drops the rest and absorbs its bias b_⊥ = b - U Uᵀ b: o_l → o_l + ‖b_⊥‖²,
/// ψ_{l+1} → ψ_{l+1} + W_{l+1} b_⊥. Exact if the columns span [W_l ψ_l]; else D4 bounds the change.
///
/// # Errors
/// [`Error::NoSuchLayer`]; [`Error::Shape`] for a basis that does not fit.
pub fn project<S: Field>(
    network: &Network<S>,
    l: usize,
    basis: &Matrix<S>,
) -> Result<Network<S>, Error> {
    project_by(network, l, basis, Rule::Both, &S::zero())
}

/// [`project`], with the dropped bias b_⊥ dealt with by `rule`. `mean_gain` is E γ_l, which
/// [`Rule::Expectation`] alone looks at.
///
/// # Errors
/// As [`project`].
pub fn project_by<S: Field>(
    network: &Network<S>,
    l: usize,
    basis: &Matrix<S>,
    rule: Rule,
    mean_gain: &S,
) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    let bias = network.layer(l).bias.as_slice().to_vec();
    hold(network, l, basis, &bias, rule, mean_gain)
}

/// [`project`] with the dropped components held at those of `point` (n_l entries) instead of at the
/// bias: the network in which z_l is replaced by U Uᵀ z_l + p_⊥, p_⊥ = p - U Uᵀ p (THEORY D10, where p is the
/// mean of z_l).
///
/// # Errors
/// As [`project`]; [`Error::Shape`] for a point of another length; [`Error::Value`] if o_l + ‖p_⊥‖² overflows.
pub fn project_to<S: Field>(
    network: &Network<S>,
    l: usize,
    basis: &Matrix<S>,
    point: &[S],
) -> Result<Network<S>, Error> {
    hold(network, l, basis, point, Rule::Both, &S::zero())
}

/// Drops what is not along `basis`, held at `point`, and deals with that constant by `rule`.
fn hold<S: Field>(
    network: &Network<S>,
    l: usize,
    basis: &Matrix<S>,
    point: &[S],
    rule: Rule,
    mean_gain: &S,
) -> Result<Network<S>, Error> {
    network.check_hidden(l)?;
    let n = network.layer(l).width();
    let shape = |what, found: String, expected: String| {
        Err(Error::Shape {
            layer: l,
            what,
            found,
            expected,
        })
    };
    if basis.nrows() != n || basis.ncols() == 0 || basis.ncols() > n {
        let found = format!("{}×{} entries", basis.nrows(), basis.ncols());
        return shape("the basis", found, format!("{n} rows and 1 to {n} columns"));
    }
    if point.len() != n {
        let found = format!("{} entries", point.len());
        return shape("the point", found, format!("{n}, the width of the layer"));
    }
    let dropped = across(basis, point);
    let next = network.layer(l + 1);
    let mut pushed = vec![S::zero(); next.width()];
    accumulate(&mut pushed, &next.weight, &dropped);

    let (mut layers, gain, lengths) = network.clone().into_parts();
    carry(&mut layers, l, &basis.transpose());
    let mut absorbed = Absorbed {
        squared: S::zero(),
        pushed: vec![],
    };
    if rule.updates_length() {
        absorbed.squared = S::dot(&dropped, &dropped);
    }
    match rule {
        Rule::PsiOnly | Rule::Both => absorbed.pushed = pushed,
        Rule::Expectation => S::axpy(layers[l].bias.as_mut_slice(), mean_gain, &pushed),
        Rule::Neither | Rule::LengthOnly => {}
    }
    absorbed.settle(network, l, layers, gain, lengths)
}

/// p - U Uᵀ p.
pub(super) fn across<S: Field>(basis: &Matrix<S>, point: &[S]) -> Vec<S> {
    let as_column = Matrix::from_column_slice(point.len(), 1, point);
    let kept = product(basis, &product_tn(basis, &as_column));
    let rest = point.iter().zip(kept.iter());
    rest.map(|(p, kept)| p.clone() - kept).collect()
}

/// What a removed constant leaves behind.
struct Absorbed<S> {
    /// β², for o_l.
    squared: S,
    /// w β, for ψ_{l+1}; empty if nothing is pushed.
    pushed: Vec<S>,
}

impl<S: Field> Absorbed<S> {
    fn settle(
        self,
        before: &Network<S>,
        l: usize,
        mut layers: Vec<crate::network::Layer<S>>,
        gain: crate::network::Gain<S>,
        mut lengths: Vec<S>,
    ) -> Result<Network<S>, Error> {
        let keeps_lengths = before.has_lengths() || !self.squared.is_zero();
        lengths[l - 1] += self.squared;
        let matters = layers[l].psi.is_some() || self.pushed.iter().any(|x| !x.is_zero());
        if matters && !self.pushed.is_empty() {
            let psi = layers[l].psi_or_zero();
            let sum = psi
                .iter()
                .zip(self.pushed)
                .map(|(psi, pushed)| pushed + psi);
            layers[l].psi = Some(Vector::from_iterator(psi.len(), sum));
        }
        Network::new(layers, gain, keeps_lengths.then_some(lengths))
    }
}
