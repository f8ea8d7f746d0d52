//! D2, D4, D5 and D6: removal and projection.

use super::*;

#[test]
fn d2_is_remove_of_q_neurons() {
    cases(|[n, n0, n1, n2, q], gain, rng| {
        let (small, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        // The network before: q constant neurons more.
        let (beta, w) = (vector(q, rng), matrix(n2, q, rng));
        let before = changed(&grow(&small, 2, &w).expect("valid"), |layers, _| {
            for (i, b) in beta.iter().enumerate() {
                layers[1].bias[n1 + i] = b.clone();
            }
        });
        let mut after = before.clone();
        for _ in 0..q {
            after = remove(&after, 2, n1 + 1).expect("constant");
        }
        let (run, image) = (trace(&after, &x).unwrap(), trace(&before, &x).unwrap());
        let values = with(
            layer_values(&small, &run, 2),
            vec![("β", column(beta.as_slice())), ("w", w)],
        );
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("q", q)];
        let mut tied = Tied::new("D2", "absorption", &gain, &sizes, &values);
        tied.is("[b₁; β]", &column(before.layer(2).bias.as_slice()));
        tied.is("o₁ + ‖β‖²", &scalar(&after.length_squared(2)));
        tied.is("ψ₂ + w β", &column(after.layer(3).psi_or_zero().as_slice()));
        runs_agree(&mut tied, &run, &image);
    });
}

#[test]
fn d4_d5_d6_are_project() {
    cases(|[n, n0, p, n2, k], gain, rng| {
        let n1 = p + k;
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let q = cayley(n1, rng);
        let (u, rest) = (q.columns(0, p).into_owned(), q.columns(p, k).into_owned());
        let minus_one = scalar(&-Rational::one());
        // D4's exact form: the last k neurons of any layer dropped, β their biases.
        let kept = Matrix::<Rational>::identity(n1, n1)
            .columns(0, p)
            .into_owned();
        let cut = project(&network, 2, &kept).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&cut, &x).unwrap());
        let z = &run.pre_activations[1];
        let (beta, next) = (
            column(&network.layer(2).bias.as_slice()[p..]),
            network.layer(3),
        );
        let values = [
            ("z", column(&z[..p])),
            ("β", beta.clone()),
            ("δ", column(&z[p..]) - &beta),
            ("o", scalar(&network.length_squared(2))),
            ("W", next.weight.columns(0, p).into_owned()),
            ("w", next.weight.columns(p, k).into_owned()),
            ("b", column(next.bias.as_slice())),
            ("ψ", column(next.psi_or_zero().as_slice())),
            ("ν", minus_one.clone()),
            ("κ", scalar(&(run.gains[1].clone() / &image.gains[1]))),
        ];
        let mut tied = Tied::new(
            "D4",
            "exact-form",
            &gain,
            &[("p", p), ("k", k), ("m", n2)],
            &values,
        );
        tied.is("y", &output(&run));
        tied.is("y′", &output(&image));
        let difference = output(&run) - output(&image);
        tied.claim(&difference, &difference);

        // D5: [W ψ] in the span of U, the bias anywhere.
        let (big_n, m) = (matrix(p, n0, rng), column(vector(p, rng).as_slice()));
        let flat = changed(&network, |layers, _| {
            layers[1].weight = product(&u, &big_n);
            layers[1].psi = Some(Vector::from_column_slice(product(&u, &m).as_slice()));
        });
        let cut = project(&flat, 2, &u).expect("valid");
        let (run, image) = (trace(&flat, &x).unwrap(), trace(&cut, &x).unwrap());
        let b = column(flat.layer(2).bias.as_slice());
        let c = product(&u.transpose(), &b);
        let d = &b - product(&u, &c);
        let values = without(layer_values(&flat, &run, 2), &["W₁", "b₁", "ψ₁"]);
        let shared = with(
            values,
            vec![("U", u.clone()), ("N", big_n), ("m", m), ("c", c), ("d", d)],
        );
        let sizes = [("n₀", n0), ("n₂", n2), ("p", p), ("k", k)];
        let mut tied = Tied::new("D5", "projection", &gain, &sizes, &shared);
        tied.is("Uᵀ W₁", &cut.layer(2).weight);
        tied.is("W₂ U", &cut.layer(3).weight);
        tied.is("o₁ + ‖d‖²", &scalar(&cut.length_squared(2)));
        tied.is("ψ₂ + W₂ d", &column(cut.layer(3).psi_or_zero().as_slice()));
        tied.is("z₁′", &column(&image.pre_activations[1]));
        tied.claim(&output(&run), &output(&image));

        // D6: ψ has a part outside that span.
        let outside = product(&rest, &column(vector(k, rng).as_slice()));
        let trap = changed(&flat, |layers, _| {
            let psi = layers[1].psi_or_zero() + Vector::from_column_slice(outside.as_slice());
            layers[1].psi = Some(psi);
        });
        let cut = project(&trap, 2, &u).expect("valid");
        let (run, image) = (trace(&trap, &x).unwrap(), trace(&cut, &x).unwrap());
        let values = with(shared, vec![("π", outside), ("ν", minus_one)]);
        let mut tied = Tied::new("D6", "trap", &gain, &sizes, &values);
        tied.is("ψ₁", &column(trap.layer(2).psi_or_zero().as_slice()));
        tied.is("z₁", &column(&run.pre_activations[1]));
        tied.is("z₂", &output(&run));
        tied.is("z₂′", &output(&image));
        let difference = output(&run) - output(&image);
        tied.claim(&difference, &difference);
    });
}
