//! C1, C2, C4 and D7: growth, and its round trips.

use super::*;

#[test]
fn c1_is_grow_and_c4_is_grow_then_rotate() {
    cases(|[n, n0, n1, n2, q], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let w = matrix(n2, q, rng);
        let grown = grow(&network, 2, &w).expect("valid");
        let (run, image) = (trace(&network, &x).unwrap(), trace(&grown, &x).unwrap());
        let values = with(layer_values(&network, &run, 2), vec![("w", w.clone())]);
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("q", q)];
        let mut tied = Tied::new("C1", "neurogenesis", &gain, &sizes, &values);
        tied.is("[W₁; 0[q×n₀]]", &grown.layer(2).weight);
        tied.is("[W₂, w]", &grown.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
        // D1 is the way back, one neuron at a time.
        let mut removed = grown.clone();
        for _ in 0..q {
            removed = remove(&removed, 2, n1 + 1).expect("dead");
        }
        let after = trace(&removed, &x).unwrap();
        let mut tied = Tied::new("D1", "dead", &gain, &sizes, &values);
        tied.is("W₁", &removed.layer(2).weight);
        tied.is("o₁", &scalar(&removed.length_squared(2)));
        runs_agree(&mut tied, &after, &image);
        // C4: any rotation of the enlarged layer.
        let r = cayley(n1 + q, rng);
        let turned = rotate(&grown, 2, &r).expect("valid");
        let image = trace(&turned, &x).unwrap();
        let values = with(values.clone(), vec![("R", r)]);
        let mut tied = Tied::new("C4", "grown-and-rotated", &gain, &sizes, &values);
        tied.is("R [W₁; 0[q×n₀]]", &turned.layer(2).weight);
        tied.is("[W₂, w] Rᵀ", &turned.layer(3).weight);
        runs_agree(&mut tied, &run, &image);
        // Rotated first and grown then: the rotation by R ⊕ I of the grown layer.
        let r = cayley(n1, rng);
        let first = grow(&rotate(&network, 2, &r).expect("valid"), 2, &w).expect("valid");
        let mut block = Matrix::identity(n1 + q, n1 + q);
        block.view_mut((0, 0), (n1, n1)).copy_from(&r);
        let then = rotate(&grown, 2, &block).expect("valid");
        assert_eq!(first, then);
        let given = [("W₁", network.layer(2).weight.clone()), ("R", r.clone())];
        let mut tied = Tied::new(
            "C4",
            "incoming-weight",
            &gain,
            &[("n₀", n0), ("n₁", n1), ("q", q)],
            &given,
        );
        tied.claim(&then.layer(2).weight, &first.layer(2).weight);
        let given = [
            ("W₂", network.layer(3).weight.clone()),
            ("w", w.clone()),
            ("R", r),
        ];
        let mut tied = Tied::new(
            "C4",
            "outgoing-weight",
            &gain,
            &[("n₁", n1), ("n₂", n2), ("q", q)],
            &given,
        );
        tied.claim(&then.layer(3).weight, &first.layer(3).weight);
    });
}

#[test]
fn c2_is_grow_with_bias_and_d7_its_round_trips() {
    cases(|[n, n0, n1, n2, q], gain, rng| {
        let (network, x) = network(&[n, n0, n1, n2], gain.clone(), rng);
        let beta: Vec<Rational> = (0..q).map(|_| entry(rng) / Rational::from(20)).collect();
        let w = matrix(n2, q, rng);
        let mut grown = network.clone();
        for (i, b) in beta.iter().enumerate() {
            grown = grow_with_bias(&grown, 2, b, &w.columns(i, 1).into_owned()).expect("β² ≤ o");
        }
        let (run, image) = (trace(&network, &x).unwrap(), trace(&grown, &x).unwrap());
        let minus_one = scalar(&-Rational::one());
        let more = vec![
            ("β", column(&beta)),
            ("w", w.clone()),
            ("ν", minus_one.clone()),
        ];
        let values = with(layer_values(&network, &run, 2), more);
        let sizes = [("n₀", n0), ("n₁", n1), ("n₂", n2), ("q", q)];
        let mut tied = Tied::new("C2", "neurogenesis-with-bias", &gain, &sizes, &values);
        tied.is("o₁′", &scalar(&grown.length_squared(2)));
        tied.is("ψ₂′", &column(grown.layer(3).psi_or_zero().as_slice()));
        runs_agree(&mut tied, &run, &image);
        // There and back.
        let mut back = grown.clone();
        for _ in 0..q {
            back = remove(&back, 2, n1 + 1).expect("constant");
        }
        assert_eq!(back, network);
        let of_length = |o: &Network<Rational>| {
            vec![
                ("o", scalar(&o.length_squared(2))),
                ("β", column(&beta)),
                ("ν", minus_one.clone()),
            ]
        };
        let of_psi = |o: &Network<Rational>| {
            vec![
                ("ψ", column(o.layer(3).psi_or_zero().as_slice())),
                ("β", column(&beta)),
                ("ν", minus_one.clone()),
                ("w", w.clone()),
            ]
        };
        let length = |network: &Network<Rational>| scalar(&network.length_squared(2));
        let psi = |network: &Network<Rational>| column(network.layer(3).psi_or_zero().as_slice());
        Tied::new(
            "D7",
            "length-given-and-taken",
            &gain,
            &[("q", q)],
            &of_length(&network),
        )
        .claim(&length(&back), &length(&network));
        Tied::new(
            "D7",
            "correction-given-and-taken",
            &gain,
            &[("q", q), ("m", n2)],
            &of_psi(&network),
        )
        .claim(&psi(&back), &psi(&network));
        // Back and there: the grown network loses its new neurons and gets them again.
        let mut again = back.clone();
        for (i, b) in beta.iter().enumerate() {
            again = grow_with_bias(&again, 2, b, &w.columns(i, 1).into_owned()).expect("β² ≤ o");
        }
        assert_eq!(again, grown);
        Tied::new(
            "D7",
            "length-taken-and-given",
            &gain,
            &[("q", q)],
            &of_length(&grown),
        )
        .claim(&length(&again), &length(&grown));
        Tied::new(
            "D7",
            "correction-taken-and-given",
            &gain,
            &[("q", q), ("m", n2)],
            &of_psi(&grown),
        )
        .claim(&psi(&again), &psi(&grown));
        let sizes = [("n", n1), ("m", n0), ("q", q)];
        let mut tied = Tied::new(
            "D7",
            "rows-return",
            &gain,
            &sizes,
            &[("W", network.layer(2).weight.clone())],
        );
        tied.is("[W; 0[q×m]]", &grown.layer(2).weight);
        tied.claim(&back.layer(2).weight, &network.layer(2).weight);
        let sizes = [("n", n1), ("m", n2), ("q", q)];
        let given = [("W", network.layer(3).weight.clone()), ("w", w)];
        let mut tied = Tied::new("D7", "columns-return", &gain, &sizes, &given);
        tied.is("[W, w]", &grown.layer(3).weight);
        tied.claim(&back.layer(3).weight, &network.layer(3).weight);
    });
}
