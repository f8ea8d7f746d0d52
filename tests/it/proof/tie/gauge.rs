//! B1, B2, B3 and B8: rotations, diagonalisations, scaling.

use isotropic::scalar::Field;

use super::*;

#[test]
fn b1_is_gauge_rotate() {
    cases(|[n, n0, n1, n2, _], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let r = cayley(n1, rng);
        let rotated = rotate(&network, 2, &r).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&rotated, &x).unwrap());
        let values = with(layer_values(&network, &run, 2), vec![("R", r)]);
        let mut tied = Tied::new(
            "B1",
            "gauge",
            &gain,
            &[("n₀", n0), ("n₁", n1), ("n₂", n2)],
            &values,
        );
        tied.is("R W₁", &rotated.layer(2).weight);
        tied.is("R b₁", &column(rotated.layer(2).bias.as_slice()));
        tied.is("R ψ₁", &column(rotated.layer(2).psi_or_zero().as_slice()));
        tied.is("W₂ Rᵀ", &rotated.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
    });
}

#[test]
fn b2_is_gauge_rotate_by_the_left_basis() {
    cases(|[n, n0, n1, n2, k], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let (u, s, v) = (cayley(n1, rng), matrix(n1, k, rng), matrix(n0, k, rng));
        let network = changed(&network, |layers, _| {
            layers[1].weight = product_nt(&product(&u, &s), &v)
        });
        let rotated = rotate(&network, 2, &u.transpose()).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&rotated, &x).unwrap());
        let values = without(layer_values(&network, &run, 2), &["W₁"]);
        let values = with(values, vec![("U", u.clone()), ("S", s.clone()), ("V", v)]);
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("k", k)];
        let mut tied = Tied::new("B2", "unchanged", &gain, &sizes, &values);
        tied.is("W₁", &network.layer(2).weight);
        tied.is("S Vᵀ", &rotated.layer(2).weight);
        tied.is("W₂ U", &rotated.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
        // The rows: V with orthonormal columns.
        let v = cayley(n0 + k, rng).columns(0, k).into_owned();
        let sizes = [("n₁", n1), ("k", k), ("j", n0)];
        let mut tied = Tied::new(
            "B2",
            "rows",
            &gain,
            &sizes,
            &[("U", u.clone()), ("S", s.clone()), ("V", v.clone())],
        );
        let rows = product(&u.transpose(), &product_nt(&product(&u, &s), &v));
        tied.claim(&product_nt(&rows, &rows), &product_nt(&s, &s));
    });
}

#[test]
fn b3_is_gauge_rotate_of_two_layers() {
    cases(|[n, n1, n2, n3, _], gain, rng| {
        let (network, x) = network(&[n, n, n1, n2, n3], gain.clone(), rng);
        let (u, s, v) = (cayley(n2, rng), matrix(n2, n1, rng), cayley(n1, rng));
        let network = changed(&network, |layers, _| {
            layers[2].weight = product_nt(&product(&u, &s), &v)
        });
        let rotated = rotate(&network, 2, &v.transpose()).expect("valid");
        let rotated = rotate(&rotated, 3, &u.transpose()).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&rotated, &x).unwrap());
        let last = network.layer(4);
        let values = without(layer_values(&network, &run, 2), &["W₂"]);
        let values = with(
            values,
            vec![
                ("U", u.clone()),
                ("S", s.clone()),
                ("V", v.clone()),
                ("o₂", scalar(&network.length_squared(3))),
                ("W₃", last.weight.clone()),
                ("b₃", column(last.bias.as_slice())),
                ("ψ₃", column(last.psi_or_zero().as_slice())),
            ],
        );
        let sizes = [("n₀", n), ("n₁", n1), ("n₂", n2), ("n₃", n3)];
        let mut tied = Tied::new("B3", "unchanged", &gain, &sizes, &values);
        tied.is("W₂", &network.layer(3).weight);
        tied.is("S", &rotated.layer(3).weight);
        tied.is("W₃ U", &rotated.layer(4).weight);
        tied.is("z₂′", &column(&image.pre_activations[2]));
        tied.is("γ₂′", &scalar(&image.gains[2]));
        tied.claim(&output(&image), &output(&run));
        let values = [("U", u), ("S", s.clone()), ("V", v)];
        let mut tied = Tied::new("B3", "weight", &gain, &[("m", n1), ("n", n2)], &values);
        tied.claim(&rotated.layer(3).weight, &s);
    });
}

#[test]
fn b8_is_evaluate_of_the_scaled_network() {
    cases(|[n, n0, n1, n2, _], gain, rng| {
        if gain != Gain::Rational {
            return;
        }
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let c = entry(rng).abs() + Rational::one();
        let squared = c.clone() * &c;
        let scaled = changed(&network, |layers, lengths| {
            let by = |m: &mut Matrix<Rational>, s: &Rational| m.iter_mut().for_each(|x| *x *= s);
            by(&mut layers[1].weight, &c);
            layers[1].bias.iter_mut().for_each(|x| *x *= &c);
            layers[1]
                .psi
                .iter_mut()
                .flat_map(|p| p.iter_mut())
                .for_each(|x| *x *= &c);
            by(&mut layers[2].weight, &c);
            layers[2]
                .psi
                .iter_mut()
                .flat_map(|p| p.iter_mut())
                .for_each(|x| *x *= &squared);
            lengths[1] = squared.clone() * (Rational::one() + &lengths[1]) - Rational::one();
        });
        let (run, image) = (trace(&network, &x).unwrap(), trace(&scaled, &x).unwrap());
        let more = vec![
            ("c", scalar(&c)),
            ("o₁′", scalar(&scaled.length_squared(2))),
        ];
        let values = with(layer_values(&network, &run, 2), more);
        let mut tied = Tied::new(
            "B8",
            "rational",
            &gain,
            &[("n₀", n0), ("n₁", n1), ("n₂", n2)],
            &values,
        );
        tied.is("c · W₁", &scaled.layer(2).weight);
        runs_agree(&mut tied, &run, &image);
    });
}

/// f(t) = 1/√t at the two arguments that occur, which are squares by the choice of o; any c > 0.
#[test]
fn b8_algebraic_is_the_scaled_network_with_the_gain_one_over_root() {
    cases(|[n, n0, n1, n2, _], gain, rng| {
        // The network's own gain takes no part in layer 2: its value there is f's.
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let run = trace(&network, &x).unwrap();
        let z = run.pre_activations[1].clone();
        let squares = Rational::dot(z.as_slice(), z.as_slice());
        let c = entry(rng).abs() + Rational::one();
        // 1 + ‖z‖² + o₁ = u².
        let u = squares.clone() + Rational::from(2);
        let o = u.clone() * &u - Rational::one() - &squares;
        let gamma = Rational::one() / &u;
        let (layer, next) = (network.layer(2), network.layer(3));
        let plain = algebraic_step(layer, next, &o, &run, &c, false);
        let scaled = algebraic_step(layer, next, &o, &run, &c, true);
        let more = vec![
            ("c", scalar(&c)),
            ("o₁", scalar(&o)),
            (
                "o₁′",
                scalar(&(c.clone() * &c * (Rational::one() + &o) - Rational::one())),
            ),
        ];
        let values = with(layer_values(&network, &run, 2), more);
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2)];
        let mut tied = Tied::new("B8", "algebraic", &gain, &sizes, &values);
        tied.is("γ₁", &scalar(&gamma));
        tied.is("γ₁′", &scalar(&(gamma.clone() / &c)));
        tied.is(
            "z₁′",
            &column(&z.iter().map(|z| z.clone() * &c).collect::<Vec<_>>()),
        );
        tied.claim(&scaled, &plain);
    });
}

/// z₃ with layer 2's gain 1/√(1 + ‖z‖² + o), scaled by c in the way of the algebraic gain or not, by the code's own
/// products.
fn algebraic_step(
    layer: &Layer<Rational>,
    next: &Layer<Rational>,
    o: &Rational,
    run: &Trace<Rational>,
    c: &Rational,
    scaled: bool,
) -> M {
    let by = |m: M| match scaled {
        true => m.map(|x| x * c),
        false => m,
    };
    let h0 = column(&run.activations[0]);
    let psi = column(layer.psi_or_zero().as_slice()).map(|x| x * &run.gains[0]);
    let z = product(&by(layer.weight.clone()), &h0) + by(column(layer.bias.as_slice())) + by(psi);
    let o = match scaled {
        true => c.clone() * c * (Rational::one() + o) - Rational::one(),
        false => o.clone(),
    };
    let squares = Rational::dot(z.as_slice(), z.as_slice());
    let argument = Rational::one() + squares + o;
    let root = Rational(rug::Rational::from((
        argument.0.numer().clone().sqrt(),
        argument.0.denom().clone().sqrt(),
    )));
    assert_eq!(root.clone() * &root, argument, "a square by choice");
    let gamma = Rational::one() / root;
    let psi = by(column(next.psi_or_zero().as_slice()));
    product(&next.weight, &z.map(|x| x * &gamma))
        + column(next.bias.as_slice())
        + psi.map(|x| x * &gamma)
}
