//! F5: descent on a compressed network is projected descent on the full one.
//!
//! Q_l has orthonormal columns that span the range of [W_l Q_{l-1}, b_l, ψ_l]. The full network is made from the compressed one
//! that the case has: by Q_l, and with weights that read what layer l-1 cannot reach, so that neurons without an input of
//! their own have outgoing columns.

use rand_chacha::ChaCha8Rng;

use super::{
    Case, Measurement, Statement, Variant,
    case::{matrix, sizeable},
    learning::*,
    manner::*,
    support::*,
};
use crate::{
    bound::Running,
    error::Error,
    learning::{LengthMode, Trainee},
    linalg::{Matrix, Vector, product, product_nt},
    network::{
        Layer, Network,
        gradient::{Tangent, Trainable, outputs},
    },
    resize::remove,
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct F5;

controls! {
    Unprojected = "unprojected",
    Absorbed = "absorbed",
}

/// Neurons that the full network has more in each hidden layer.
const MORE: usize = 1;
/// Steps in floating point and over ℚ.
const STEPS: usize = 2;

impl Statement for F5 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F5.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, &FLOATS)? else {
            return Ok(None);
        };
        let mut rng = case.rng();
        let Some(setting) = Setting::of(variant, problem.labelled(&mut rng), &FLOATS, &mut rng)?
        else {
            return Ok(None);
        };
        let rate = setting.compressed.cast::<f64>()?.rate()?;
        let manner = setting.manner(case, rate);
        let problem: Problem<S> = setting.compressed.cast()?;
        let bases = setting.bases::<S>(&mut rng);
        let (a, b) = setting.sides(&manner, &problem, &bases, STEPS)?;
        let error = |q: &Matrix<S>| 4.0 * q.nrows() as f64;
        let of_bases: Vec<Matrix<Running>> = bases
            .iter()
            .map(|q| q.map(|x| Running::with_error(x.to_f64(), error(q))))
            .collect();
        let (of_a, of_b) = setting.sides(&manner, &problem.running()?, &of_bases, STEPS)?;
        let mut measurement = Measurement::default();
        compare(&mut measurement, &a, &b, (&of_a, &of_b));
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        for modular in [true, false] {
            let mut rng = case.rng();
            let limits = if modular { &RESIDUES } else { &RATIONALS };
            let problem = Problem::of(case, limits)?.filter(|_| modular || over_rationals(case));
            let setting = problem.map(|problem| Setting::of(variant, problem, limits, &mut rng));
            let Some(setting) = setting.transpose()?.flatten() else {
                continue;
            };
            if modular {
                let steps = modular_steps(case);
                hold::<Residue>(&mut measurement, &setting, case, &mut rng, steps)?;
            } else {
                hold::<Rational>(&mut measurement, &setting, case, &mut rng, STEPS)?;
            }
        }
        Ok(Some(measurement))
    }
}

fn hold<S: Trainable>(
    measurement: &mut Measurement,
    setting: &Setting,
    case: &Case,
    rng: &mut ChaCha8Rng,
    steps: usize,
) -> Result<(), Error> {
    let problem: Problem<S> = setting.compressed.cast()?;
    let manner = setting.manner(case, setting.compressed.rate()?);
    let bases = setting.bases::<S>(rng);
    let (a, b) = setting.sides(&manner, &problem, &bases, steps)?;
    measurement.push_count(unequal(&a, &b));
    Ok(())
}

/// What a case trains.
struct Setting {
    variant: Variant<Control>,
    compressed: Problem<Rational>,
    /// What the weights of layers 2 … L read of the neurons that the layer below cannot reach, n_l × n_{l-1} in full widths.
    unread: Vec<Matrix<Rational>>,
}

/// The compressed and the full side, as lists of numbers.
type Sides<S> = (Vec<Vec<S>>, Vec<Vec<S>>);

impl Setting {
    /// The control with absorption needs a neuron that can be absorbed.
    fn of(
        variant: Variant<Control>,
        mut compressed: Problem<Rational>,
        limits: &Limits,
        rng: &mut ChaCha8Rng,
    ) -> Result<Option<Self>, Error> {
        if variant.is(Control::Absorbed) {
            let n = compressed.network.layer(1).width();
            if n < 2 {
                return Ok(None);
            }
            let bias = limits.number(&sizeable(rng));
            compressed.network = altered(&compressed.network, |layers, _, _| {
                layers[0].weight.row_mut(n - 1).fill(Rational::from(0));
                layers[0].bias[n - 1] = bias;
            })?;
        }
        let network = &compressed.network;
        let wide = |l: usize| network.layer(l).width() + if l < network.depth() { MORE } else { 0 };
        let unread = (2..=network.depth())
            .map(|l| matrix(wide(l), wide(l - 1), rng).map(|x| limits.number(&x)));
        Ok(Some(Setting {
            unread: unread.collect(),
            variant,
            compressed,
        }))
    }

    fn manner(&self, case: &Case, rate: i32) -> Manner {
        let rules = [Rule::HeavyBall, Rule::Nesterov, Rule::Descent];
        Manner {
            rule: rules[(case.seed % 3) as usize],
            mode: LengthMode::Direct,
            // The full network has gradients of its own.
            rate: rate + 2,
        }
    }

    /// Q_1 … Q_{L-1}: the first columns of orthogonal matrices.
    fn bases<S: Trainable>(&self, rng: &mut ChaCha8Rng) -> Vec<Matrix<S>> {
        let network = &self.compressed.network;
        let basis = |l: usize| {
            let n = network.layer(l).width();
            S::orthogonal(n + MORE, rng).columns(0, n).into_owned()
        };
        network.hidden().map(basis).collect()
    }

    /// The full network, W_l = Q_l W Q_{l-1}ᵀ + X (I - Q_{l-1} Q_{l-1}ᵀ).
    fn full<S: Trainable>(
        &self,
        network: &Network<S>,
        bases: &[Matrix<S>],
    ) -> Result<Network<S>, Error> {
        altered(network, |layers, _, _| {
            for (k, layer) in layers.iter_mut().enumerate() {
                let mut moved = lifted(layer, bases.get(k));
                if let Some(below) = k.checked_sub(1).map(|k| &bases[k]) {
                    let x = self.unread[k - 1].map(|x| S::from_rational(&x));
                    moved.weight = product_nt(&moved.weight, below);
                    moved.weight += x.clone() - product_nt(&product(&x, below), below);
                }
                *layer = moved;
            }
        })
    }

    fn sides<S: Trainable>(
        &self,
        manner: &Manner,
        problem: &Problem<S>,
        bases: &[Matrix<S>],
        steps: usize,
    ) -> Result<Sides<S>, Error> {
        let mut small = manner.start(problem)?;
        if self.variant.is(Control::Absorbed) {
            return self.absorbed(manner, problem, small, steps);
        }
        manner.advance(&mut small, problem, steps)?;
        let full = Problem {
            network: self.full(&problem.network, bases)?,
            ..problem.clone()
        };
        let mut large = manner.start(&full)?;
        for _ in 0..steps {
            manner.step_along(&mut large, &full, |gradient| {
                if !self.variant.is(Control::Unprojected) {
                    project(gradient, bases);
                }
                Ok(())
            })?;
        }
        let mut sides = (vec![], vec![]);
        let layers = |of: &Trainee<S>| {
            [
                of.network().layers().to_vec(),
                of.state().first.layers.clone(),
            ]
        };
        for (small, large) in layers(&small).into_iter().zip(layers(&large)) {
            for (k, (small, large)) in small.iter().zip(&large).enumerate() {
                let small = lifted(small, bases.get(k));
                sides.0.extend(entries(&small, None));
                sides
                    .1
                    .extend(entries(large, k.checked_sub(1).map(|k| &bases[k])));
            }
        }
        sides.0.push(small.trained_lengths().to_vec());
        sides.1.push(large.trained_lengths().to_vec());
        Ok(sides)
    }

    /// Outputs after training: of the network as it is, and with its constant neuron absorbed before.
    fn absorbed<S: Trainable>(
        &self,
        manner: &Manner,
        problem: &Problem<S>,
        mut whole: Trainee<S>,
        steps: usize,
    ) -> Result<Sides<S>, Error> {
        manner.advance(&mut whole, problem, steps)?;
        let n = problem.network.layer(1).width();
        let cut = Problem {
            network: remove(&problem.network, 1, n)?,
            ..problem.clone()
        };
        let mut trainee = manner.start(&cut)?;
        manner.advance(&mut trainee, &cut, steps)?;
        let of = |trainee: &Trainee<S>| -> Result<Vec<Vec<S>>, Error> {
            Ok(vec![
                outputs(trainee.network(), &problem.x)?.as_slice().to_vec(),
            ])
        };
        Ok((of(&whole)?, of(&trainee)?))
    }
}

/// (Q W, Q b, Q ψ); as it is for the output layer, which has no Q.
fn lifted<S: Field>(layer: &Layer<S>, basis: Option<&Matrix<S>>) -> Layer<S> {
    let Some(q) = basis else {
        return layer.clone();
    };
    let vector = |v: &Vector<S>| {
        let column = Matrix::from_column_slice(v.len(), 1, v.as_slice());
        Vector::from_column_slice(product(q, &column).as_slice())
    };
    Layer {
        weight: product(q, &layer.weight),
        bias: vector(&layer.bias),
        psi: layer.psi.as_ref().map(vector),
    }
}

/// The gradients of W_l, b_l and ψ_l, l < L, times Q_l Q_lᵀ.
fn project<S: Field>(gradient: &mut Tangent<S>, bases: &[Matrix<S>]) {
    for (layer, q) in gradient.layers.iter_mut().zip(bases) {
        *layer = lifted(layer, Some(&product_nt(q, q)));
    }
}

/// W_l Q_{l-1}, b_l and ψ_l.
fn entries<S: Field>(layer: &Layer<S>, below: Option<&Matrix<S>>) -> [Vec<S>; 3] {
    let weight = match below {
        Some(q) => product(&layer.weight, q),
        None => layer.weight.clone(),
    };
    [
        weight.as_slice().to_vec(),
        layer.bias.as_slice().to_vec(),
        layer.psi_or_zero().as_slice().to_vec(),
    ]
}
