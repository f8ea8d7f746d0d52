//! The tie to the code, for theorems about whole networks, training and convolutions.

use isotropic::{
    Layer, Network,
    gauge::rotate,
    linalg::{Matrix, cayley, product, product_nt},
    network::{jacobian, trace},
    scalar::Rational,
};
use num_traits::{One, Signed, Zero};

use super::{
    M, Tied, cases, changed, column, entry, layer_values, matrix, network, scalar, vector,
};

/// The three layers of a network as E1 and E2 name them.
fn three(network: &Network<Rational>, x: &[Rational]) -> Vec<(&'static str, M)> {
    let layer = |l: usize| network.layer(l);
    let bias = |l: usize| column(layer(l).bias.as_slice());
    let psi = |l: usize| column(layer(l).psi_or_zero().as_slice());
    vec![
        ("x", column(x)),
        ("W₁", layer(1).weight.clone()),
        ("b₁", bias(1)),
        ("o₁", scalar(&network.length_squared(1))),
        ("W₂", layer(2).weight.clone()),
        ("b₂", bias(2)),
        ("ψ₂", psi(2)),
        ("o₂", scalar(&network.length_squared(2))),
        ("W₃", layer(3).weight.clone()),
        ("b₃", bias(3)),
        ("ψ₃", psi(3)),
    ]
}

#[test]
fn e1_is_evaluate() {
    cases(|[n0, n1, n2, n3, _], gain, rng| {
        let (network, x) = network(&[n0, n1, n2, n3], gain.clone(), rng);
        let run = trace(&network, &x).unwrap();
        let y = column(run.output());
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("n₃", n3)];
        let values = three(&network, &x);
        let mut tied = Tied::new("E1", "three-layers", &gain, &sizes, &values);
        tied.is("z₂", &column(&run.pre_activations[1]));
        tied.is("Γ₁", &scalar(&(run.gains[0].clone() * &run.gains[1])));
        tied.claim(&y, &y);
        let two: Vec<_> = values
            .into_iter()
            .filter(|(name, _)| !["W₃", "b₃", "ψ₃"].contains(name))
            .collect();
        let mut tied = Tied::new("E1", "second-layer", &gain, &sizes[..3], &two);
        let gamma = scalar(&run.gains[1]);
        tied.claim(&gamma, &gamma);
    });
}

#[test]
fn e2_is_evaluate_without_biases() {
    cases(|[n0, n1, n2, n3, _], gain, rng| {
        let (network, x) = network(&[n0, n1, n2, n3], gain.clone(), rng);
        let network = changed(&network, |layers, _| {
            for (l, layer) in layers.iter_mut().enumerate() {
                layer.psi = None;
                if l < 2 {
                    layer.bias.fill(Rational::zero());
                }
            }
        });
        let run = trace(&network, &x).unwrap();
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("n₃", n3)];
        let mut values = three(&network, &x);
        values.retain(|(name, _)| !["b₁", "b₂", "ψ₂", "ψ₃"].contains(name));
        let ax = product(
            &network.layer(3).weight,
            &product(
                &network.layer(2).weight,
                &product(&network.layer(1).weight, &column(&x)),
            ),
        );
        values.push(("ν", scalar(&-Rational::one())));
        let mut tied = Tied::new("E2", "three-layers", &gain, &sizes, &values);
        let above = column(run.output()) - column(network.layer(3).bias.as_slice());
        let scale = run.gains[0].clone() * &run.gains[1];
        tied.claim(&above, &ax.map(|e| e * &scale));
        // The induction: from z₁ = 1 · W₁ x to z₂.
        let first = network.layer(1).weight.clone();
        let mut tied = Tied::new(
            "E2",
            "first-layer",
            &gain,
            &sizes[..2],
            &[("x", column(&x)), ("W₁", first.clone())],
        );
        let z1 = column(&run.pre_activations[0]);
        tied.claim(&z1, &z1);
        let values = [
            ("x", column(&x)),
            ("A", first),
            ("s", scalar(&Rational::one())),
            ("o", scalar(&network.length_squared(1))),
            ("W", network.layer(2).weight.clone()),
        ];
        let mut tied = Tied::new(
            "E2",
            "next-layer",
            &gain,
            &[("n₀", n0), ("n", n1), ("m", n2)],
            &values,
        );
        let z2 = column(&run.pre_activations[1]);
        tied.claim(&z2, &z2);
    });
}

/// D3: the lifted network is a network of the crate, of one neuron more, without o and ψ.
#[test]
fn d3_is_evaluate_of_the_lifted_network() {
    cases(|[n, n0, n1, n2, _], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let lambda = entry(rng) * entry(rng) + Rational::from(7);
        let network = changed(&network, |_, lengths| lengths[1] = lambda.clone() * &lambda);
        let lifted = changed(&network, |layers, lengths| {
            let layer = &mut layers[1];
            layer.weight = layer.weight.clone().insert_row(n1, Rational::zero());
            layer.bias = layer.bias.clone().insert_row(n1, lambda.clone());
            layer.psi = layer
                .psi
                .take()
                .map(|psi| psi.insert_row(n1, Rational::zero()));
            let psi = layers[2].psi.take().expect("drawn");
            layers[2].weight = Matrix::from_fn(n2, n1 + 1, |i, j| match j {
                j if j < n1 => layers[2].weight[(i, j)].clone(),
                _ => psi[i].clone() / &lambda,
            });
            lengths[1] = Rational::zero();
        });
        let (run, image) = (trace(&network, &x).unwrap(), trace(&lifted, &x).unwrap());
        let mut values = layer_values(&network, &run, 2);
        values.retain(|(name, _)| *name != "o₁");
        values.extend([
            ("λ", scalar(&lambda)),
            ("μ", scalar(&(Rational::one() / &lambda))),
        ]);
        let mut tied = Tied::new(
            "D3",
            "phantom",
            &gain,
            &[("n₀", n0), ("n₁", n1), ("n₂", n2)],
            &values,
        );
        tied.is("z₁′", &column(&image.pre_activations[1]));
        tied.is("γ₁′", &scalar(&image.gains[1]));
        tied.is("[W₂, μ · ψ₂]", &lifted.layer(3).weight);
        tied.claim(&column(image.output()), &column(run.output()));
    });
}

/// The gradients of F1 are those of the exact Jacobian, for the loss δ₂ᵀ y of the last layer.
#[test]
fn f1_has_the_gradients_of_the_jacobian() {
    cases(|[n0, n1, n2, _, _], gain, rng| {
        let (network, x) = network(&[n0, n1, n2], gain.clone(), rng);
        let r = cayley(n1, rng);
        let rotated = rotate(&network, 1, &r).expect("valid");
        let delta = column(vector(n2, rng).as_slice());
        // By columns of W₁: the first n₁ n₀ columns of ∂y/∂θ, then b₁, W₂, …
        let gradient = |network: &Network<Rational>| {
            let all = jacobian(network, &x).unwrap().parameters(network, &x);
            let row = product(&delta.transpose(), &all);
            let piece = |from: usize, m: usize, n: usize| {
                Matrix::from_vec(m, n, row.as_slice()[from..from + m * n].to_vec())
            };
            let (incoming, bias) = (piece(0, n1, n0), piece(n1 * n0, n1, 1));
            (incoming, bias, piece(n1 * n0 + n1, n2, n1))
        };
        let ((w, b, v), (w_image, b_image, v_image)) = (gradient(&network), gradient(&rotated));
        let run = trace(&network, &x).unwrap();
        let (z, o) = (column(&run.pre_activations[0]), network.length_squared(1));
        let next = network.layer(2);
        let squared = product(&z.transpose(), &z)[(0, 0)].clone() + &o;
        let two = Rational::from(2) * gain.rational_derivative(&squared).expect("rational");
        let values = [
            ("z₁", z.clone()),
            ("o₁", scalar(&o)),
            ("W₂", next.weight.clone()),
            ("ψ₂", column(next.psi_or_zero().as_slice())),
            ("δ₂", delta.clone()),
            ("R", r.clone()),
        ];
        let mut tied = Tied::at(
            "F1",
            "gradient",
            &gain,
            &[("n₁", n1), ("n₂", n2)],
            &values,
            &[("d", squared, two)],
        );
        tied.is("δ₁", &b);
        tied.claim(&b_image, &product(&r, &b));
        let values = [("h₀", column(&x)), ("δ₁", b), ("R", r.clone())];
        let mut tied = Tied::new(
            "F1",
            "incoming-gradient",
            &gain,
            &[("n₀", n0), ("n₁", n1)],
            &values,
        );
        tied.is("δ₁ h₀ᵀ", &w);
        tied.claim(&w_image, &product(&r, &w));
        let values = [
            ("z₁", z),
            ("γ₁", scalar(&run.gains[0])),
            ("δ₂", delta),
            ("R", r.clone()),
        ];
        let mut tied = Tied::new(
            "F1",
            "outgoing-gradient",
            &gain,
            &[("n₁", n1), ("n₂", n2)],
            &values,
        );
        tied.claim(&v_image, &product_nt(&v, &r));
    });
}

/// The rotated step of F1 is what `gauge::rotate` makes of the network after the step.
#[test]
fn f1_steps_as_the_gauge_rotates() {
    cases(|[n, m, width, next, _], gain, rng| {
        let (network, _) = network(&[n, m, width, next], gain.clone(), rng);
        let r = cayley(width, rng);
        let rates = [
            ("μ", scalar(&entry(rng))),
            ("λ", scalar(&entry(rng))),
            ("η", scalar(&entry(rng))),
        ];
        for (name, l, from, to) in [
            ("incoming-step", 2, m, width),
            ("outgoing-step", 3, width, next),
        ] {
            let (momentum, gradient) = (matrix(to, from, rng), matrix(to, from, rng));
            let mut values = vec![
                ("W", network.layer(l).weight.clone()),
                ("M", momentum),
                ("G", gradient),
                ("R", r.clone()),
            ];
            values.extend(rates.clone());
            let sizes = match l {
                2 => [("m", from), ("n", to)],
                _ => [("m", to), ("n", from)],
            };
            let mut tied = Tied::new("F1", name, &gain, &sizes, &values);
            let after = tied.value("W_next");
            let stepped = changed(&network, |layers, _| layers[l - 1].weight = after);
            let rotated = rotate(&stepped, 2, &r).expect("valid");
            tied.is(
                "W′",
                &rotate(&network, 2, &r).expect("valid").layer(l).weight,
            );
            tied.claim(&rotated.layer(l).weight, &rotated.layer(l).weight);
        }
    });
}

/// G1: a convolution of two taps over a line of three pixels with one of padding, written out, its hidden
/// pixels computed by layers of the crate. Sums over the taps are those of the theorems.
#[test]
fn g1_is_a_convolution() {
    cases(|[k, n, m, _, q], gain, rng| {
        let r = cayley(n, rng);
        // One hidden pixel is a hidden layer on its unfolded patch: 2 channels of gains before it.
        let (w, b) = (matrix(n, k, rng), vector(n, rng));
        let (psi_before, o) = (vector(n, rng), entry(rng).abs());
        let taps: Vec<(M, M)> = (0..2)
            .map(|_| (matrix(m, n, rng), matrix(m, 1, rng)))
            .collect();
        let pixels: Vec<(Vec<Rational>, Rational)> = (0..3)
            .map(|_| (vector(k, rng).iter().cloned().collect(), entry(rng)))
            .collect();
        let hidden = |w: &M, b: &M, psi: &M, (u, c): &(Vec<Rational>, Rational)| {
            // The patch and the gain below it as an input of k + 1 entries.
            let weight = Matrix::from_fn(w.nrows(), k + 1, |i, j| {
                if j < k {
                    w[(i, j)].clone()
                } else {
                    psi[(i, 0)].clone()
                }
            });
            let layer = Layer {
                weight,
                bias: isotropic::linalg::Vector::from_column_slice(b.as_slice()),
                psi: None,
            };
            let last = Layer {
                weight: Matrix::identity(w.nrows(), w.nrows()),
                bias: isotropic::linalg::Vector::from_element(w.nrows(), Rational::zero()),
                psi: None,
            };
            let network = Network::new(vec![layer, last], gain.clone(), Some(vec![o.clone()]))
                .expect("valid");
            let input: Vec<Rational> = u.iter().chain([c]).cloned().collect();
            let run = trace(&network, &input).unwrap();
            (
                column(&run.pre_activations[0]),
                run.gains[0].clone(),
                column(run.output()),
            )
        };
        let (b, psi_before) = (column(b.as_slice()), column(psi_before.as_slice()));
        let images = (product(&r, &w), product(&r, &b), product(&r, &psi_before));
        let plain: Vec<_> = pixels
            .iter()
            .map(|p| hidden(&w, &b, &psi_before, p))
            .collect();
        let turned: Vec<_> = pixels
            .iter()
            .map(|p| hidden(&images.0, &images.1, &images.2, p))
            .collect();
        // The next convolution at output pixel i sees hidden pixels i and i + 1; the last one is padding.
        let at = |all: &[(M, Rational, M)], taps: &[(M, M)], i: usize| {
            let mut sum = M::zeros(m, 1);
            for (t, (v, psi)) in taps.iter().enumerate() {
                if let Some((_, gamma, h)) = all.get(i + t) {
                    sum += product(v, h) + psi.map(|e| e * gamma);
                }
            }
            sum
        };
        let turned_taps: Vec<(M, M)> = taps
            .iter()
            .map(|(v, psi)| (product_nt(v, &r), psi.clone()))
            .collect();
        for i in 0..3 {
            assert_eq!(
                at(&plain, &taps, i),
                at(&turned, &turned_taps, i),
                "output pixel {i}"
            );
            for (t, (v, psi)) in taps.iter().enumerate() {
                let one = |all: &[(M, Rational, M)], v: &M| {
                    let (_, gamma, h) = &all[i];
                    product(v, h) + psi.map(|e| e * gamma)
                };
                let (u, c) = &pixels[i];
                let values = [
                    ("u", column(u)),
                    ("c", scalar(c)),
                    ("W", w.clone()),
                    ("b", b.clone()),
                    ("Ψ", psi_before.clone()),
                    ("o", scalar(&o)),
                    ("V", v.clone()),
                    ("ψ", psi.clone()),
                    ("R", r.clone()),
                ];
                let sizes = [("n", n), ("m", m), ("k", k), ("t", 1)];
                let mut tied = Tied::new("G1", "gauge-at-a-tap", &gain, &sizes, &values);
                tied.is("z", &plain[i].0);
                tied.is("z′", &turned[i].0);
                tied.claim(&one(&turned, &turned_taps[t].0), &one(&plain, v));
            }
        }
        // Sums over taps, and the padding.
        let (first, second) = (
            product(&taps[0].0, &plain[0].2),
            product(&taps[1].0, &plain[1].2),
        );
        let values = [
            ("s", first.clone()),
            ("s′", first.clone()),
            ("t", second.clone()),
            ("t′", second.clone()),
        ];
        Tied::new("G1", "one-more-tap", &gain, &[("m", m)], &values)
            .claim(&(&first + &second), &(&first + &second));
        let values = [
            ("V", taps[1].0.clone()),
            ("ψ", taps[1].1.clone()),
            ("R", r.clone()),
        ];
        let nothing =
            at(&plain, &[taps[0].clone(), taps[1].clone()], 2) - at(&plain, &taps[..1], 2);
        Tied::new("G1", "padding", &gain, &[("n", n), ("m", m)], &values).claim(&nothing, &nothing);
        let values = [
            ("h₁", plain[0].2.clone()),
            ("h₂", plain[1].2.clone()),
            ("V₁", taps[0].0.clone()),
            ("V₂", taps[1].0.clone()),
            ("R", r.clone()),
        ];
        let both =
            product(&turned_taps[0].0, &turned[0].2) + product(&turned_taps[1].0, &turned[1].2);
        Tied::new("G1", "two-taps", &gain, &[("n", n), ("m", m)], &values)
            .claim(&both, &(&first + &second));
        // Absorption of q constant channels, at one pixel and one tap.
        let (beta, columns) = (vector(q, rng), matrix(m, q, rng));
        let beta = column(beta.as_slice());
        let values = [
            ("u", column(&pixels[0].0)),
            ("W", w.clone()),
            ("b", b.clone()),
            ("β", beta.clone()),
            ("o", scalar(&o)),
            ("V", taps[0].0.clone()),
            ("w", columns),
            ("ψ", taps[0].1.clone()),
        ];
        let mut tied = Tied::new(
            "G1",
            "absorption-at-a-tap",
            &gain,
            &[("n", n), ("m", m), ("k", k), ("q", q)],
            &values,
        );
        let stack = tied.value("[W; 0[q×k]]");
        let stacked = hidden(
            &stack,
            &tied.value("[b; β]"),
            &M::zeros(n + q, 1),
            &(pixels[0].0.clone(), Rational::zero()),
        );
        let before = product(&tied.value("[V, w]"), &stacked.2) + taps[0].1.map(|e| e * &stacked.1);
        tied.is("z′", &stacked.0);
        tied.is("γ′", &scalar(&stacked.1));
        tied.claim(&before, &before);
    });
}
