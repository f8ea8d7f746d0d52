//! F8: rotations are flat directions of the loss, up to its gradient: ∇²L(θ)·(ξθ) = ξ·∇L(θ) for every skew ξ.
//!
//! And how many there are: the rank of all ξθ, modulo a prime, on a network of the widths of the case.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Case, Measurement, Statement, Variant, case::matrix, learning::*, ranks::generic};
use crate::{
    bound::Running,
    error::Error,
    linalg::{Matrix, Vector, independent_columns, product},
    network::{
        Gain, Layer, Network,
        gradient::{Tangent, Trainable, hessian_product},
    },
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct F8;

controls! {
    Symmetric = "symmetric",
    PsiLeftOut = "psi-left-out",
}

/// Widest networks whose orbits are counted, in parameters.
const PARAMETERS: usize = 200;

impl Statement for F8 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/F8.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(2, rng)?;
        case.ensure_width(1, 2, rng)?;
        case.ensure_width(2, 2, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let Some(problem) = Problem::of(case, &FLOATS)? else {
            return Ok(None);
        };
        if !turnable(&problem.network) {
            return Ok(None);
        }
        let mut rng = case.rng();
        let problem: Problem<S> = problem.labelled(&mut rng).cast()?;
        let turns = turns::<S>(variant, &problem.network, &mut rng);
        let exact = |xi: &Matrix<S>| xi.map(|x| Running::with_error(x.to_f64(), 0.0));
        let of_turns: Vec<Matrix<Running>> = turns.iter().map(exact).collect();
        let [found, expected] = sides(variant, &problem, &turns)?;
        let [of_found, of_expected] = sides(variant, &problem.running()?, &of_turns)?;
        let mut measurement = Measurement::default();
        compare(
            &mut measurement,
            &found,
            &expected,
            (&of_found, &of_expected),
        );
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut measurement = Measurement::default();
        let Some(problem) = Problem::of(case, &RATIONALS)? else {
            return Ok(None);
        };
        if !turnable(&problem.network) {
            return Ok(None);
        }
        let xi = turns(variant, &problem.network, &mut case.rng());
        let [found, expected] = sides(variant, &problem, &xi)?;
        measurement.push_count(unequal(&found, &expected));
        if variant == Variant::Faithful {
            orbit(&mut measurement, case)?;
        }
        Ok(Some(measurement))
    }
}

/// Whether some hidden layer has a rotation: of one neuron, ξ is 0 and says nothing.
fn turnable<S: Field>(network: &Network<S>) -> bool {
    let widths = network.widths();
    widths[1..widths.len() - 1].iter().any(|&width| width > 1)
}

/// ξ_l for each hidden layer: skew, or symmetric for a control.
fn turns<S: Field>(
    variant: Variant<Control>,
    network: &Network<S>,
    rng: &mut ChaCha8Rng,
) -> Vec<Matrix<S>> {
    let sign = match variant.is(Control::Symmetric) {
        true => Rational::from(1),
        false => Rational::from(-1),
    };
    let draw = |l: usize| {
        let n = network.layer(l).width();
        let half = matrix(n, n, rng);
        let whole = Matrix::from_fn(n, n, |i, j| {
            half[(i, j)].clone() + half[(j, i)].clone() * &sign
        });
        whole.map(|x| S::from_rational(&x))
    };
    network.hidden().map(draw).collect()
}

/// ξ·(W, b, ψ): each layer by its own ξ from the left, and by that of the layer below from the right.
fn act<S: Field>(
    variant: Variant<Control>,
    turns: &[Matrix<S>],
    layers: &[Layer<S>],
) -> Vec<Layer<S>> {
    let act = |(k, layer): (usize, &Layer<S>)| {
        let zero = |v: &Vector<S>| Vector::from_element(v.len(), S::zero());
        let (rows, columns) = layer.weight.shape();
        let mut moved = Layer {
            weight: Matrix::from_element(rows, columns, S::zero()),
            bias: zero(&layer.bias),
            psi: layer.psi.as_ref().map(zero),
        };
        if let Some(xi) = turns.get(k) {
            let turned = |v: &Vector<S>| {
                let column = Matrix::from_column_slice(v.len(), 1, v.as_slice());
                Vector::from_column_slice(product(xi, &column).as_slice())
            };
            moved.weight = product(xi, &layer.weight);
            moved.bias = turned(&layer.bias);
            if !variant.is(Control::PsiLeftOut) {
                moved.psi = layer.psi.as_ref().map(turned);
            }
        }
        if let Some(xi) = k.checked_sub(1).and_then(|k| turns.get(k)) {
            moved.weight -= product(&layer.weight, xi);
        }
        moved
    };
    layers.iter().enumerate().map(act).collect()
}

/// ∇²L·(ξθ) and ξ·∇L, tensor by tensor.
fn sides<S: Trainable>(
    variant: Variant<Control>,
    problem: &Problem<S>,
    turns: &[Matrix<S>],
) -> Result<[Vec<Vec<S>>; 2], Error> {
    let Problem { network, x, .. } = problem;
    let along = |layers: &[Layer<S>]| Tangent {
        layers: act(variant, turns, layers),
        lengths: vec![S::zero(); turns.len()],
    };
    let direction = along(network.layers());
    let (at, found) = hessian_product(network, &direction, x, &problem.targets, problem.loss)?;
    let expected = along(&at.parameters.layers);
    let lists = |tangent: &Tangent<S>| tangent.tensors().into_iter().map(<[S]>::to_vec).collect();
    Ok([lists(&found), lists(&expected)])
}

/// The rank of all ξθ for generic parameters is Σ_l n(n-1)/2 - (n-d)(n-d-1)/2 with d = dim(range [W_l b_l ψ_l] + range W_{l+1}ᵀ).
fn orbit(measurement: &mut Measurement, case: &Case) -> Result<(), Error> {
    let widths = case.network.widths();
    let mut rng = case.rng();
    let draw = |rng: &mut ChaCha8Rng| Residue::new(rng.random());
    let network = generic(&widths, Gain::RationalTanh, &mut rng, draw)?;
    if network.depth() < 2 || network.parameter_count() > PARAMETERS {
        return Ok(());
    }
    let pairs = |n: usize| n * n.saturating_sub(1) / 2;
    let expected = network.hidden().map(|l| {
        let n = widths[l];
        let d = n.min(widths[l - 1] + 1 + usize::from(l > 1) + widths[l + 1]);
        pairs(n) - pairs(n - d)
    });
    let expected: usize = expected.sum();
    let mut columns = vec![];
    for l in network.hidden() {
        for i in 0..widths[l] {
            for j in 0..i {
                let turns: Vec<Matrix<Residue>> = network
                    .hidden()
                    .map(|k| {
                        let mut xi = Matrix::from_element(widths[k], widths[k], Residue::new(0));
                        if k == l {
                            xi[(i, j)] = Residue::new(1);
                            xi[(j, i)] = -Residue::new(1);
                        }
                        xi
                    })
                    .collect();
                let layers = act(Variant::Faithful, &turns, network.layers());
                let lengths = vec![];
                columns.push(Tangent { layers, lengths }.tensors().concat());
            }
        }
    }
    if columns.is_empty() {
        return Ok(());
    }
    let matrix = Matrix::from_vec(columns[0].len(), columns.len(), columns.concat());
    let found = independent_columns(&matrix).len();
    measurement.push_count(found.abs_diff(expected));
    measurement.require(found == expected, || {
        format!("widths {widths:?} have {found} flat directions, expected {expected}")
    });
    Ok(())
}
