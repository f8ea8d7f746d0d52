//! Gradients: against the Jacobian over ℚ, against central differences up the ladder of precisions, and at the
//! points where formulas break: z = 0, o = 0, saturation.

use isotropic::{
    Error, Gain, Layer, Network,
    linalg::{Matrix, Vector, norm2},
    network::{
        Trace,
        gradient::{Gradient, Loss, Targets, gradient, gradient_with_input, loss, outputs},
        jacobian, trace,
    },
    scalar::{Field, Mp, Rational, Real, Residue},
};

use crate::support::{input, network};

fn inputs<S: Field>(n: usize, count: usize, seed: u64) -> Matrix<S> {
    let columns: Vec<S> = (0..count)
        .flat_map(|j| input::<S>(n, seed + j as u64))
        .collect();
    Matrix::from_vec(n, count, columns)
}

/// Every entry of a gradient: parameters in the order of the tensors, then the inputs.
fn entries<S: Field>(gradient: &Gradient<S>) -> Vec<S> {
    let parameters = gradient.parameters.tensors();
    parameters
        .into_iter()
        .flatten()
        .chain(gradient.input.iter().flat_map(|input| input.iter()))
        .cloned()
        .collect()
}

/// The gradient of the squared error by whole Jacobians, input after input: another order, another text.
fn by_jacobians<S: isotropic::Scalar>(
    network: &Network<S>,
    x: &Matrix<S>,
    t: &Matrix<S>,
) -> Vec<S> {
    let count = S::from_int(x.ncols() as i64);
    let mut parameters = vec![S::zero(); network.parameter_count()];
    let mut of_inputs = vec![];
    for j in 0..x.ncols() {
        let at: Vec<S> = x.column(j).iter().cloned().collect();
        let found = jacobian(network, &at).expect("a network that runs");
        let error: Vec<S> = found
            .trace
            .output()
            .iter()
            .zip(t.column(j).iter())
            .map(|(y, t)| (y.clone() - t) / &count)
            .collect();
        let times = |a: &Matrix<S>| -> Vec<S> {
            (0..a.ncols())
                .map(|k| {
                    let terms = a.column(k);
                    terms
                        .iter()
                        .zip(&error)
                        .fold(S::zero(), |sum, (a, e)| sum + a.clone() * e)
                })
                .collect()
        };
        for (sum, term) in parameters
            .iter_mut()
            .zip(times(&found.parameters(network, &at)))
        {
            *sum += term;
        }
        of_inputs.extend(times(&found.input));
    }
    parameters.extend(of_inputs);
    parameters
}

fn equals_jacobians<S: isotropic::network::gradient::Trainable>() {
    for (gain, seed) in [
        (Gain::Rational, 1),
        (Gain::RationalTanh, 2),
        (Gain::Linear, 3),
    ] {
        for widths in [
            vec![2, 3, 4, 2],
            vec![3, 2],
            vec![1, 4, 1, 3],
            vec![2, 3, 2],
        ] {
            let net = network::<S>(&widths, gain.clone(), seed);
            let x = inputs(widths[0], 3, seed);
            let t = inputs(widths[widths.len() - 1], 3, seed + 50);
            let found = gradient_with_input(&net, &x, &Targets::Values(t.clone()), Loss::Squared)
                .expect("a gradient");
            assert_eq!(entries(&found), by_jacobians(&net, &x, &t), "{widths:?}");
        }
    }
}

#[test]
fn gradients_are_those_of_the_jacobian_over_the_rationals_and_modulo_a_prime() {
    equals_jacobians::<Rational>();
    equals_jacobians::<Residue>();
}

#[test]
fn labels_are_unit_vectors_and_the_batch_has_the_bits_of_single_inputs() {
    let net = network::<f64>(&[3, 5, 4, 3], Gain::Tanh, 4);
    let x = inputs::<f64>(3, 4, 9);
    let labels = vec![2, 0, 1, 1];
    let units = Matrix::from_fn(3, 4, |i, j| if labels[j] == i { 1.0 } else { 0.0 });
    let a = gradient(&net, &x, &Targets::Labels(labels), Loss::Squared).expect("finite");
    let b = gradient(&net, &x, &Targets::Values(units), Loss::Squared).expect("finite");
    assert_eq!(a, b);
    let y = outputs(&net, &x).expect("finite");
    for j in 0..4 {
        let one: Trace<f64> = trace(&net, x.column(j).as_slice()).expect("finite");
        assert_eq!(y.column(j).as_slice(), one.output());
    }
}

fn gains<S: Field>() -> Vec<Gain<S>> {
    let t = S::from_rational(&Rational::ratio(1, 5).expect("not over 0"));
    vec![
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        Gain::SoftThreshold { t },
        Gain::Linear,
        Gain::Log1p,
    ]
}

fn with_length<S: Field>(net: &Network<S>, o: Option<S>) -> Network<S> {
    let lengths = vec![o.unwrap_or_else(S::zero); net.hidden().len()];
    Network::new(net.layers().to_vec(), net.gain().clone(), Some(lengths)).expect("valid")
}

/// The largest distance from central differences with the step 2^{-p/3}, over all entries; o > 0 only, because a step
/// below o = 0 is no network.
fn distance<S: Real>(net: &Network<S>, which: Loss, with_lengths: bool) -> S {
    let bits = i64::from(S::precision().expect("real"));
    let h = S::one().scale_by_power_of_two(-bits / 3);
    let x = inputs::<S>(net.widths()[0], 3, 7);
    let targets = Targets::Labels(vec![1, 0, 1]);
    let found = gradient_with_input(net, &x, &targets, which).expect("finite");
    let value = |net: &Network<S>, x: &Matrix<S>| {
        loss(which, &outputs(net, x).expect("finite"), &targets).expect("finite")
    };
    let moved = |index: usize, step: &S| {
        let mut layers: Vec<Layer<S>> = net.layers().to_vec();
        let mut lengths: Vec<S> = net.hidden().map(|l| net.length_squared(l)).collect();
        let mut all: Vec<&mut S> = vec![];
        for layer in &mut layers {
            all.extend(layer.weight.iter_mut());
            all.extend(layer.bias.iter_mut());
            all.extend(layer.psi.iter_mut().flat_map(|psi| psi.iter_mut()));
        }
        if with_lengths {
            all.extend(lengths.iter_mut());
        }
        *all[index] += step;
        Network::new(layers, net.gain().clone(), Some(lengths)).expect("valid")
    };
    let quotient = |ahead: S, behind: S| (ahead - behind) / (h.clone() + &h);
    let back = -h.clone();
    let tensors = found.parameters.tensors();
    let count: usize = tensors.iter().map(|t| t.len()).sum::<usize>()
        - if with_lengths { 0 } else { net.hidden().len() };
    let mut worst = S::zero();
    for (index, of) in tensors.into_iter().flatten().take(count).enumerate() {
        let by = quotient(
            value(&moved(index, &h), &x),
            value(&moved(index, &back), &x),
        );
        worst = S::larger((by - of).abs(), worst);
    }
    let of_input = found.input.expect("asked for");
    for at in 0..x.len() {
        let nudged = |step: &S| {
            let mut x = x.clone();
            x[at] += step;
            value(net, &x)
        };
        worst = S::larger(
            (quotient(nudged(&h), nudged(&back)) - &of_input[at]).abs(),
            worst,
        );
    }
    worst
}

/// log₂ of the distances of all gains at one precision.
fn rung<S: Real>(which: Loss, with_lengths: bool) -> Vec<f64> {
    let length = with_lengths.then(|| S::from_f64(0.375));
    gains::<S>()
        .into_iter()
        .map(|gain| {
            let net = network::<S>(&[2, 3, 3, 2], gain, 11);
            let worst = distance(&with_length(&net, length.clone()), which, with_lengths);
            worst.exponent().expect("differences are not exact") as f64
        })
        .collect()
}

/// With the step 2^{-p/3} truncation, h²/6 times a third derivative, and rounding, u/h, both go as 2^{-2p/3}: slope -2/3.
#[test]
fn gradients_approach_central_differences_with_slope_two_thirds() {
    for which in [Loss::Squared, Loss::CrossEntropy] {
        for with_lengths in [false, true] {
            let rungs = [
                (64.0, rung::<Mp<64>>(which, with_lengths)),
                (128.0, rung::<Mp<128>>(which, with_lengths)),
                (256.0, rung::<Mp<256>>(which, with_lengths)),
                (512.0, rung::<Mp<512>>(which, with_lengths)),
            ];
            for (k, gain) in gains::<f64>().iter().enumerate() {
                let (first, last) = (&rungs[0], &rungs[3]);
                let slope = (last.1[k] - first.1[k]) / (last.0 - first.0);
                // Each end is a whole exponent, and constants of a few bits may swap: 6 bits of 448.
                assert!(
                    (slope + 2.0 / 3.0).abs() < 6.0 / 448.0,
                    "{} {}: {slope}",
                    gain.name(),
                    which.name()
                );
                // At 512 bits: 2^-340 times third derivatives and 1/6.
                assert!(last.1[k] < -330.0, "{}: {}", gain.name(), last.1[k]);
            }
        }
    }
}

/// The sizes that roundings of each tensor of the gradient scale with: norms multiplied along the backward pass, nothing
/// cancelling. (At saturation the radial part of ∂h/∂z does: σ' beside γ.)
fn sizes(net: &Network<f64>, x: &Matrix<f64>, which: Loss) -> Vec<f64> {
    let depth = net.depth();
    let norm = |x: &[f64]| norm2(x);
    let mut sizes = vec![0.0f64; 3 * depth + depth - 1];
    for j in 0..x.ncols() {
        let at = x.column(j);
        let found = trace(net, at.as_slice()).expect("finite");
        let mut size = match which {
            Loss::Squared => norm(found.output()) + 1.0,
            Loss::CrossEntropy => 2.0,
        };
        for l in (1..=depth).rev() {
            let gamma = if l > 1 { found.gains[l - 2] } else { 0.0 };
            let below = norm(found.input_of(l, at.as_slice()));
            for (k, by) in [below, 1.0, gamma].into_iter().enumerate() {
                sizes[3 * (l - 1) + k] += size * by;
            }
            if l > 1 {
                let layer = net.layer(l);
                let local = <f64 as isotropic::Scalar>::derivative(
                    net.gain(),
                    &net.length_squared(l - 1),
                    &found.pre_activations[l - 2],
                )
                .expect("real");
                let arriving = size
                    * (norm(layer.weight.as_slice())
                        + layer.psi.as_ref().map_or(0.0, |psi| norm(psi.as_slice())));
                sizes[3 * depth + l - 2] +=
                    arriving * (norm(&local.gradient) + local.of_length.abs());
                size = arriving * (local.gamma + norm(&local.gradient) + norm(&local.stretch));
            }
        }
    }
    sizes
}

/// The gradient in f64 beside the one at 512 bits: relative to those sizes.
fn apart(net: &Network<f64>, x: &Matrix<f64>, which: Loss) -> f64 {
    let labels = vec![0; x.ncols()];
    let found = gradient_with_input(net, x, &Targets::Labels(labels.clone()), which);
    let found = found.expect("finite");
    let wide: Network<Mp<512>> = net.cast().expect("fits");
    let x_wide = x.map(Mp::from_f64);
    let exact = gradient_with_input(&wide, &x_wide, &Targets::Labels(labels), which);
    let exact = exact.expect("finite");
    let mut worst = 0.0f64;
    let tensors = found.parameters.tensors().into_iter();
    for ((found, exact), size) in tensors
        .zip(exact.parameters.tensors())
        .zip(sizes(net, x, which))
    {
        for (found, exact) in found.iter().zip(exact) {
            assert!(found.is_finite());
            let off = (Mp::<512>::from_f64(*found) - exact).to_f64().abs();
            if off > f64::MIN_POSITIVE {
                worst = worst.max(off / size);
            }
        }
    }
    worst
}

#[test]
fn gradients_are_finite_and_right_where_formulas_break() {
    // Roundings in a 2-3-2-2 network: forward and back through 3 layers of sums of at most 3 + 2 terms, with an activation of
    // 8 u and a derivative of as much in two of them: below 100 u, and errors of z count twice where g' multiplies them.
    let allowed = 200.0 * f64::EPSILON / 2.0;
    for gain in gains::<f64>() {
        let layer = |m: usize, n: usize, scale: f64, bias: f64, psi: bool| Layer {
            weight: Matrix::from_fn(m, n, |i, j| {
                scale * (1.0 + 0.25 * i as f64 + 0.125 * j as f64)
            }),
            bias: Vector::from_element(m, bias),
            psi: psi.then(|| Vector::from_fn(m, |i, _| 0.5 + 0.25 * i as f64)),
        };
        for (scale, bias, o) in [
            (0.0, 0.0, 0.0),
            (0.0, 0.0, 0.25),
            (0.0, 0.5, 0.0),
            (1.0, 0.0, 0.0),
            (1e-160, 0.0, 0.0),
            (1e-200, 0.0, 1e-300),
            (30.0, 0.0, 0.0),
            (400.0, 1.0, 2.0),
            (1e80, 0.0, 0.0),
            (1.0, 0.5, 1e30),
        ] {
            let layers = vec![
                layer(3, 2, scale, bias, false),
                layer(2, 3, 1.0, 0.25, true),
                layer(2, 2, 0.5, 0.0, true),
            ];
            let net = Network::new(layers, gain.clone(), Some(vec![o, o])).expect("valid");
            for x in [
                Matrix::from_element(2, 1, 0.0),
                Matrix::from_vec(2, 2, vec![1.0, 0.5, 0.25, 2.0]),
            ] {
                let off = apart(&net, &x, Loss::Squared);
                assert!(
                    off <= allowed,
                    "{} scale {scale} bias {bias} o {o}: {:e} of {:e}",
                    gain.name(),
                    off,
                    allowed
                );
            }
        }
    }
}

#[test]
fn cross_entropy_survives_outputs_that_exponentials_do_not() {
    let layer = Layer {
        weight: Matrix::from_vec(2, 1, vec![800.0, -800.0]),
        bias: Vector::from_element(2, 0.0),
        psi: None,
    };
    let net = Network::new(vec![layer], Gain::Tanh, None).expect("valid");
    let x = Matrix::from_element(1, 2, 1.0);
    let found =
        gradient(&net, &x, &Targets::Labels(vec![0, 1]), Loss::CrossEntropy).expect("finite");
    assert_eq!(found.loss, 800.0);
    assert_eq!(found.parameters.layers[0].weight.as_slice(), [0.5, -0.5]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let net = network::<f64>(&[2, 3, 2], Gain::Tanh, 1);
    let x = inputs::<f64>(2, 3, 1);
    let run = |labels: Vec<usize>| gradient(&net, &x, &Targets::Labels(labels), Loss::Squared);
    let expected = Error::Label {
        row: 2,
        label: 2,
        classes: 2,
    };
    assert_eq!(run(vec![0, 2, 1]), Err(expected));
    assert!(matches!(run(vec![0, 1]), Err(Error::Targets { .. })));
    let none = Matrix::<f64>::zeros(2, 0);
    let nothing = gradient(&net, &none, &Targets::Labels(vec![]), Loss::Squared);
    assert_eq!(nothing, Err(Error::NoData));
    let exact = network::<Rational>(&[2, 3, 2], Gain::Rational, 1);
    let needs = gradient(
        &exact,
        &inputs(2, 1, 1),
        &Targets::Labels(vec![0]),
        Loss::CrossEntropy,
    );
    assert!(matches!(needs, Err(Error::NeedsReal { .. })));
}
