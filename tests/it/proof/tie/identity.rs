//! B9 and G2: the invariants, and a residual block.

use isotropic::identity::invariants;
use num_traits::Zero;

use super::*;

/// [0 … 0 1]
fn last_row(d: usize) -> M {
    Matrix::from_fn(1, d, |_, j| {
        if j + 1 == d {
            Rational::one()
        } else {
            Rational::zero()
        }
    })
}

/// N_1 and V_2 of the theorems are those of `identity::invariants`, and so are w, r and z.
#[test]
fn b9_is_identity_invariants() {
    cases(|[n0, n1, n2, k, _], gain, rng| {
        let (network, x) = network(&[n0, n1, n2], gain.clone(), rng);
        let run = trace(&network, &x).unwrap();
        let code = invariants(&network);
        let (first, next) = (network.layer(1), network.layer(2));
        let values = [
            ("W₁", first.weight.clone()),
            ("b₁", column(first.bias.as_slice())),
            ("o₁", scalar(&network.length_squared(1))),
            ("x", column(&x)),
        ];
        let sizes = [("n₀", n0), ("n₁", n1)];
        let mut tied = Tied::new("B9", "gain-argument", &gain, &sizes, &values);
        tied.is("N₁", &code.gram[0]);
        tied.is("z₁", &column(&run.pre_activations[0]));
        let (v1, w1) = (tied.value("V₁"), tied.value("w₁"));

        let given = |v1: &M, network: &Network<Rational>| {
            let next = network.layer(2);
            vec![
                ("V₁", v1.clone()),
                ("E", last_row(n0 + 1)),
                ("W₂", next.weight.clone()),
                ("ψ₂", column(next.psi_or_zero().as_slice())),
            ]
        };
        let more = vec![
            ("u", column(&x)),
            ("γ₁", scalar(&run.gains[0])),
            ("b₂", column(next.bias.as_slice())),
        ];
        let sizes = [("n₁", n1), ("n₂", n2), ("d", n0)];
        let values = without(with(given(&v1, &network), more), &["E"]);
        let mut tied = Tied::new("B9", "next-layer", &gain, &sizes, &values);
        tied.is("w₁", &w1);
        tied.is("V₂", &code.output);
        tied.claim(&output(&run), &output(&run));

        // Rotated: N_1 and B_2 of the rotated network are those of the theorem, and equal to what they were.
        let r = cayley(n1, rng);
        let rotated = rotate(&network, 1, &r).expect("valid");
        let values = with(
            given(&v1, &network),
            vec![("R", r.clone()), ("o₁", scalar(&network.length_squared(1)))],
        );
        let sizes = [("n₁", n1), ("k", 0), ("n₂", n2), ("d", n0 + 1)];
        let mut tied = Tied::new("B9", "rotation", &gain, &sizes, &values);
        let changed = invariants(&rotated);
        assert_eq!(changed, code);
        tied.is("N₁′", &changed.gram[0]);
        tied.is("B₂′", &changed.output.columns(0, n0 + 1).into_owned());

        // Grown with k neurons of constant pre-activation: absorbed again by the theorem.
        let (beta, w) = (vector(k, rng), matrix(n2, k, rng));
        let mut grown = network.clone();
        let squares = beta
            .iter()
            .fold(Rational::zero(), |sum, b| sum + b.clone() * b);
        grown = super::changed(&grown, |_, lengths| lengths[0] += squares);
        for (i, b) in beta.iter().enumerate() {
            grown = grow_with_bias(&grown, 1, b, &w.columns(i, 1).into_owned()).expect("valid");
        }
        let values = with(
            given(&v1, &network),
            vec![
                ("β", column(beta.as_slice())),
                ("w", w),
                ("o₁", scalar(&grown.length_squared(1))),
            ],
        );
        let plain = with(
            values.clone(),
            vec![("ψ₂", column(grown.layer(2).psi_or_zero().as_slice()))],
        );
        let sizes = [("n₁", n1), ("n₂", n2), ("q", k), ("d", n0 + 1)];
        let mut tied = Tied::new("B9", "absorption", &gain, &sizes, &plain);
        let changed = invariants(&grown);
        tied.is("N₁′", &changed.gram[0]);
        tied.is("B₂′", &changed.output.columns(0, n0 + 1).into_owned());
        assert_eq!(changed.output, code.output);

        // (i): the rotated network as the other one.
        let names = ["V₁′", "W₂′", "b₂′", "ψ₂′"];
        let after = rotated.layer(2);
        let v1_rotated = product(&r, &v1);
        let other = [
            v1_rotated,
            after.weight.clone(),
            column(after.bias.as_slice()),
            column(after.psi_or_zero().as_slice()),
        ];
        let lengths = vec![
            ("o₁", scalar(&network.length_squared(1))),
            ("o₁′", scalar(&rotated.length_squared(1))),
            ("u", column(&x)),
            ("b₂", column(next.bias.as_slice())),
        ];
        let values = with(given(&v1, &network), lengths);
        let values = with(values, names.into_iter().zip(other).collect());
        let values = without(values, &["E"]);
        let sizes = [("n₁", n1), ("k", 0), ("n₂", n2), ("d", n0)];
        let mut tied = Tied::new("B9", "equal-functions", &gain, &sizes, &values);
        tied.is("γ₁", &scalar(&run.gains[0]));
        tied.is("V₂′", &code.output);
        let image = trace(&rotated, &x).unwrap();
        tied.claim(&output(&image), &output(&run));
    });
}

/// G2: two networks with a stream around them, x → x + y(x), written out with the crate's layers.
#[test]
fn g2_is_a_residual_block() {
    cases(|[n, m, k, ..], gain, rng| {
        let (network, x) = network(&[n, m, n], gain.clone(), rng);
        let (r, q) = (cayley(n, rng), cayley(m, rng));
        let a = entry(rng).abs() + Rational::one();
        let (t, p) = (r.map(|e| e * &a), r.transpose().map(|e| e / &a));
        let v = column(vector(n, rng).as_slice());
        let (first, next) = (network.layer(1).clone(), network.layer(2).clone());
        let psi = column(next.psi_or_zero().as_slice());
        let bias = column(first.bias.as_slice()) - product(&first.weight, &product(&p, &v));
        let as_vector = |m: &M| Vector::from_column_slice(m.as_slice());
        let inner = product(&q, &product(&first.weight, &p));
        let block = changed(&network, |layers, _| {
            layers[0].weight = inner;
            layers[0].bias = as_vector(&product(&q, &bias));
            layers[1].weight = product(&t, &product_nt(&next.weight, &q));
            layers[1].bias = as_vector(&product(&t, &column(next.bias.as_slice())));
            layers[1].psi = Some(as_vector(&product(&t, &psi)));
        });
        let stream = product(&t, &column(&x)) + &v;
        let run = trace(&network, &x).unwrap();
        let image = trace(&block, stream.as_slice()).unwrap();
        let values = [
            ("T", t.clone()),
            ("P", p.clone()),
            ("v", v.clone()),
            ("Q", q),
            ("s", column(&x)),
            ("W₁", first.weight.clone()),
            ("c₁", bias),
            ("W₂", next.weight.clone()),
            ("b₂", column(next.bias.as_slice())),
            ("o", scalar(&network.length_squared(1))),
            ("ψ₂", psi),
        ];
        let mut tied = Tied::new("G2", "residual", &gain, &[("n", n), ("m", m)], &values);
        tied.is("b₁", &column(first.bias.as_slice()));
        tied.is("z", &column(&run.pre_activations[0]));
        tied.is("z′", &column(&image.pre_activations[0]));
        tied.is("γ′", &scalar(&image.gains[0]));
        let plain = column(&x) + output(&run);
        tied.is("t", &plain);
        let turned = &stream + output(&image);
        tied.claim(&turned, &(product(&t, &plain) + &v));

        // What writes first and reads last: affine layers.
        let (w, b) = (matrix(n, k, rng), column(vector(n, rng).as_slice()));
        let u = column(vector(k, rng).as_slice());
        let written = product(&w, &u) + &b;
        let values = [
            ("T", t.clone()),
            ("v", v.clone()),
            ("W", w),
            ("b", b),
            ("x", u),
        ];
        let sizes = [("n", n), ("k", k)];
        let turned = product(&t, &written) + &v;
        Tied::new("G2", "first-writer", &gain, &sizes, &values).claim(&turned, &turned);
        let (w, b) = (matrix(k, n, rng), column(vector(k, rng).as_slice()));
        let c = &b - product(&w, &product(&p, &v));
        let read = product(&w, &written) + b;
        let values = [
            ("T", t),
            ("P", p),
            ("v", v),
            ("W", w),
            ("c", c),
            ("s", written),
        ];
        Tied::new("G2", "reader", &gain, &sizes, &values).claim(&read, &read);
    });
}
