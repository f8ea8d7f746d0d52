//! The collapsed form: every matrix product before any gain.

use super::{
    allow::{Allowances, size, whole, zero},
    draft::{Allow, Draft, Source, Wide, gains, joined},
    model,
    question::{NETWORK, Question, X, Y},
};
use crate::{
    Error,
    bound::gain_units,
    linalg::{accumulate, norm2},
    network::{Network, Scalar},
    scalar::{Field, Rational, Real},
    vector::{
        Tree,
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};
use num_traits::Signed;

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("collapsed.txt");
    const INPUTS: &'static [Part] = &[NETWORK, X];
    const OUTPUTS: &'static [Part] = &[
        ("linear", Kind::Vector, true),
        ("constants", Kind::Matrix, true),
        ("gammas", Kind::Vector, true),
        Y,
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let shapes: [(&[usize], bool); 4] = [
            (&[2, 3, 2], true),
            (&[2, 3, 2, 2], true),
            (&[2, 2, 3, 2, 2], true),
            (&[3, 2, 2, 1], false),
        ];
        for gain in gains() {
            for (k, (widths, parts)) in shapes.into_iter().enumerate() {
                let digits = if k == 0 {
                    Digits::Short
                } else {
                    Digits::Single
                };
                let kind = if parts { "psi-o" } else { "plain" };
                let name = format!("{}-{}-{kind}", gain.name(), joined(widths));
                let mut stream = source.stream(&name, digits);
                let network = stream.network(widths, &gain, (parts, parts))?;
                let input = Input::default()
                    .with_network(&network)
                    .with_vector("x", &stream.vector(widths[0]));
                let comment = format!("{} layers.", widths.len() - 1);
                drafts.push(
                    Draft::new(source.id(&name), comment, "E1", input)
                        .flag_if(parts, "CollapsedPsiEarly")
                        .flag_if(parts, "OSquaredTwice")
                        .flag_if(parts, "PsiDropped"),
                );
            }
        }
        drafts.push(model::draft(source, 2, "E1", |input| input)?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    /// Each term meets at most N_l = 4 + Σ_{j≤l} (n_{j-1} + 4) roundings, in whatever order the products are
    /// taken; each gain is off by what its z is off by, and by its own evaluation.
    fn allowances(input: &Input) -> Allowances {
        let (network, x): (Network<Wide>, Vec<Wide>) = (input.network()?, input.vector("x")?);
        let absolute = network.map(&|x: &Wide| x.abs())?;
        let mut sizes = Terms(vec![x.iter().map(Signed::abs).collect()]);
        let mut terms = Terms(vec![x]);
        let (mut gains, mut of_gains): (Vec<Wide>, Vec<Wide>) = (vec![], vec![]);
        let mut roundings = whole(4);
        let mut error = vec![];
        for (l, (layer, layer_size)) in (1..).zip(network.layers().iter().zip(absolute.layers())) {
            roundings += whole(layer.weight.ncols() + 4);
            terms.through(layer);
            sizes.through(layer_size);
            error = sizes.sum(&gains, None);
            Wide::scale(&mut error, &roundings);
            for (j, of_gain) in of_gains.iter().enumerate() {
                for (e, d) in error.iter_mut().zip(terms.sum(&gains, Some(j))) {
                    *e += d.abs() * of_gain;
                }
            }
            if l == network.depth() {
                break;
            }
            let z = terms.sum(&gains, None);
            let o = network.length_squared(l);
            let rho = norm2(&[norm2(&z), o.sqrt()]);
            let gamma = Wide::activate(network.gain(), &o, &mut z.clone())?;
            let slope = network.gain().slope(&rho).abs();
            of_gains
                .push(slope * norm2(&error) + gain_units(network.gain(), &gamma, &rho, z.len()));
            gains.push(gamma);
        }
        let mut of_terms: Vec<Wide> = sizes.0.iter().map(|v| size(v) * &roundings).collect();
        let of_linear = if of_terms.is_empty() {
            zero()
        } else {
            of_terms.remove(0)
        };
        Ok(vec![
            ("linear", Allow::Units(of_linear)),
            ("constants", Allow::Units(size(&of_terms))),
            ("gammas", Allow::Units(size(&of_gains))),
            ("y", Allow::Units(size(&error))),
        ])
    }
}

fn answer<S: Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let (network, x): (Network<S>, Vec<S>) = (input.network()?, input.vector("x")?);
    let (mut terms, mut gains) = (Terms(vec![x]), vec![]);
    let mut z = vec![];
    for (l, layer) in (1..).zip(network.layers()) {
        terms.through(layer);
        z = terms.sum(&gains, None);
        if l < network.depth() {
            let o = network.length_squared(l);
            gains.push(S::activate(network.gain(), &o, &mut z.clone())?);
        }
    }
    let trees: Option<Vec<_>> = terms.0.iter().map(|v| Tree::vector(v)).collect();
    let mut trees = trees.ok_or(Refusal::NotFinite("constants"))?;
    let linear = trees.remove(0);
    Answer::default()
        .with("linear", Some(linear))?
        .with("constants", Some(Tree::List(trees)))?
        .vector("gammas", &gains)?
        .vector("y", &z)
}

/// v_0 = W_l ⋯ W_1 x and the constants v_1 … v_l of z_l = Γ_1 v_0 + Σ_k Γ_k v_k.
struct Terms<S>(Vec<Vec<S>>);

impl<S: Field> Terms<S> {
    /// From z_{l-1} to z_l.
    fn through(&mut self, layer: &crate::Layer<S>) {
        for v in &mut self.0 {
            let mut image = vec![S::zero(); layer.width()];
            accumulate(&mut image, &layer.weight, v);
            *v = image;
        }
        if let (Some(psi), Some(last)) = (&layer.psi, self.0.last_mut()) {
            S::axpy(last, &S::one(), psi.as_slice());
        }
        self.0.push(layer.bias.iter().cloned().collect());
    }

    /// Σ_k Γ_k v_k, with one gain taken as 1 (for derivatives), and then only the terms that hold it.
    fn sum(&self, gains: &[S], without: Option<usize>) -> Vec<S> {
        let mut sum = vec![S::zero(); self.0.last().map_or(0, Vec::len)];
        for (k, v) in self.0.iter().enumerate() {
            let first = k.saturating_sub(1);
            if without.is_some_and(|j| j < first) {
                continue;
            }
            let factors = gains.iter().enumerate().skip(first);
            let factors = factors.filter(|(j, _)| Some(*j) != without);
            let gamma = factors.fold(S::one(), |product, (_, gamma)| product * gamma);
            S::axpy(&mut sum, &gamma, v);
        }
        sum
    }
}
