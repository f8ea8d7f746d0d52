//! What is decided, by which theorem, and where none decides.

use isotropic::{
    Gain, Layer, Network,
    identity::{
        Decision, Difference, Equality, ExactNetwork, Length, Place, Reason, Side, decide, digest,
    },
    linalg::{Matrix, Vector},
    network::evaluate,
    scalar::Rational,
};

use crate::support::{input, network};

type Net = Network<Rational>;

fn q(p: i64, d: i64) -> Rational {
    Rational::ratio(p, d).unwrap()
}

fn layer(weight: &[&[i64]], bias: &[i64], psi: &[i64]) -> Layer<Rational> {
    let (m, n) = (weight.len(), weight[0].len());
    let vector = |v: &[i64]| Vector::from_iterator(v.len(), v.iter().map(|x| q(*x, 1)));
    Layer {
        weight: Matrix::from_fn(m, n, |i, j| q(weight[i][j], 1)),
        bias: vector(bias),
        psi: (!psi.is_empty()).then(|| vector(psi)),
    }
}

fn net(layers: Vec<Layer<Rational>>, gain: Gain<Rational>, lengths: &[Rational]) -> Net {
    Network::new(layers, gain, Some(lengths.to_vec())).unwrap()
}

fn decided(a: &Net, b: &Net) -> Decision {
    let (a, b) = (ExactNetwork::from(a), ExactNetwork::from(b));
    let decision = decide(&a, &b);
    // Whichever comes first.
    let kind = |d: &Decision| match d {
        Decision::Equal(_) => 0,
        Decision::Different(_) => 1,
        Decision::Undecided(_) => 3,
    };
    assert_eq!(kind(&decision), kind(&decide(&b, &a)));
    decision
}

/// B8's scaling of hidden layer 1 by c, which keeps the function of 1/(1+r).
fn scaled(n: &Net, c: &Rational) -> Net {
    let squared = c.clone() * c;
    let mut layers = n.layers().to_vec();
    layers[0].weight.iter_mut().for_each(|x| *x *= c);
    layers[0].bias.iter_mut().for_each(|x| *x *= c);
    layers[1].weight.iter_mut().for_each(|x| *x *= c);
    if let Some(psi) = &mut layers[1].psi {
        psi.iter_mut().for_each(|x| *x *= &squared);
    }
    let one = q(1, 1);
    let mut lengths: Vec<_> = n.hidden().map(|l| n.length_squared(l)).collect();
    lengths[0] = squared * (one.clone() + &lengths[0]) - one;
    net(layers, n.gain().clone(), &lengths)
}

/// The same for 1/√(1+r): W_2 stays, ψ_2 takes one factor.
fn scaled_for_roots(n: &Net, c: &Rational) -> Net {
    let mut image = scaled(n, c).layers().to_vec();
    image[1].weight = n.layer(2).weight.clone();
    image[1].psi = n.layer(2).psi.as_ref().map(|psi| psi.map(|x| x * c));
    let lengths: Vec<_> = scaled(n, c)
        .hidden()
        .map(|l| scaled(n, c).length_squared(l))
        .collect();
    net(image, n.gain().clone(), &lengths)
}

#[test]
fn scalings_are_taken_away_where_the_gain_has_them_and_nowhere_else() {
    for widths in [&[2, 2, 1][..], &[2, 3, 2, 2], &[1, 2, 2, 2, 1]] {
        let rational = network::<Rational>(widths, Gain::Rational, 11);
        let image = scaled(&rational, &q(-7, 3));
        let x = input::<Rational>(widths[0], 2);
        assert_eq!(evaluate(&rational, &x), evaluate(&image, &x));
        assert_eq!(
            decided(&rational, &image),
            Decision::Equal(Equality::Scaled)
        );
        let algebraic = rational.with_gain(Gain::Algebraic).unwrap();
        let image = scaled_for_roots(&algebraic, &q(7, 3));
        assert_eq!(
            decided(&algebraic, &image),
            Decision::Equal(Equality::Scaled)
        );
        // One name for all of them.
        let name = |n: &Net| digest(&ExactNetwork::from(n)).unwrap();
        assert_eq!(name(&rational), name(&scaled(&rational, &q(-7, 3))));
        assert_eq!(name(&algebraic), name(&image));
        assert_ne!(name(&rational), name(&algebraic));
        let off = altered_output(&algebraic);
        assert_ne!(name(&algebraic), name(&off));
        // With c < 0 the outputs of 1/√(1+r) change sign here: not the same function, and not called so.
        let flipped = scaled_for_roots(&algebraic, &q(-7, 3));
        assert!(!matches!(decided(&algebraic, &flipped), Decision::Equal(_)));
        assert_ne!(name(&algebraic), name(&flipped));
        // The scaling of one gain is none of the other, and none of tanh.
        let wrong = scaled(&algebraic, &q(7, 3));
        assert!(matches!(
            decided(&algebraic, &wrong),
            Decision::Undecided(_)
        ));
        let tanh = rational.with_gain(Gain::Tanh).unwrap();
        let wrong = scaled(&tanh, &q(7, 3));
        assert!(matches!(
            decided(&tanh, &wrong),
            Decision::Different(Difference::Entry(_))
        ));
        assert_ne!(name(&tanh), name(&wrong));
    }
}

/// b_L off by 2⁻⁶⁰.
fn altered_output(n: &Net) -> Net {
    let mut layers = n.layers().to_vec();
    let last = layers.len() - 1;
    layers[last].bias[0] += q(1, 1 << 60);
    let lengths: Vec<_> = n.hidden().map(|l| n.length_squared(l)).collect();
    net(layers, n.gain().clone(), &lengths)
}

/// Layers whose o is an exponential are not scaled, and the others still are.
#[test]
fn scalings_beside_an_exponential() {
    let n = network::<Rational>(&[2, 2, 2, 1], Gain::Rational, 12);
    let image = scaled(&n, &q(5, 3));
    let symbolic = |n: &Net, a: i64| {
        let lengths = vec![
            Length::rational(n.length_squared(1)),
            Length::exponential(q(a, 2)),
        ];
        ExactNetwork::with_lengths(n, lengths).unwrap()
    };
    let (a, b, c) = (symbolic(&n, 3), symbolic(&image, 3), symbolic(&image, 5));
    assert_eq!(decide(&a, &b), Decision::Equal(Equality::Scaled));
    assert_eq!(digest(&a), digest(&b));
    assert!(!matches!(decide(&a, &c), Decision::Equal(_)));
    assert_ne!(digest(&a), digest(&c));
}

/// E4: bias-free networks of the algebraic gain are one function at two depths.
#[test]
fn depth_decides_for_tanh_alone() {
    let deep = |gain| {
        net(
            vec![
                layer(&[&[1]], &[0], &[]),
                layer(&[&[1]], &[0], &[]),
                layer(&[&[1]], &[0], &[]),
            ],
            gain,
            &[q(0, 1), q(0, 1)],
        )
    };
    // ‖x‖² + ‖x‖² under one root: W_1 = √2, by two neurons of 1.
    let shallow = |gain| {
        net(
            vec![
                layer(&[&[1], &[1]], &[0, 0], &[]),
                layer(&[&[1, 0]], &[0], &[]),
            ],
            gain,
            &[q(0, 1)],
        )
    };
    let gain = || Gain::Algebraic;
    assert_eq!(
        decided(&deep(gain()), &shallow(gain())),
        Decision::Undecided(Reason::Gain("algebraic"))
    );
    let gain = || Gain::Tanh;
    assert_eq!(
        decided(&deep(gain()), &shallow(gain())),
        Decision::Different(Difference::Depth { a: 3, b: 2 })
    );
}

#[test]
fn one_hidden_layer_of_the_rational_tanh() {
    let n = network::<Rational>(&[2, 2, 2], Gain::RationalTanh, 4);
    let mut layers = n.layers().to_vec();
    layers[0].bias[0] += q(1, 1 << 50);
    let other = net(layers, Gain::RationalTanh, &[n.length_squared(1)]);
    assert!(matches!(
        decided(&n, &other),
        Decision::Different(Difference::Entry(_))
    ));
    // A_2 = 0: γ(x²) = 4 γ(4x² + 15/2) - 1/2.
    let a = net(
        vec![layer(&[&[1]], &[0], &[]), layer(&[&[0]], &[0], &[1])],
        Gain::RationalTanh,
        &[q(0, 1)],
    );
    let mut layers = vec![layer(&[&[2]], &[0], &[]), layer(&[&[0]], &[0], &[4])];
    layers[1].bias[0] = q(-1, 2);
    let b = net(layers, Gain::RationalTanh, &[q(15, 2)]);
    let x = [q(3, 7)];
    assert_eq!(evaluate(&a, &x), evaluate(&b, &x));
    assert_eq!(
        decided(&a, &b),
        Decision::Undecided(Reason::Gain("rational-tanh"))
    );
}

/// (iii), and that it is of tanh: W_1 = 1, W_2 = (1,0)ᵀ, ψ_2 = (0,1)ᵀ, W_3 = (0,1), ψ_3 = 1 is 1 everywhere for 1/(1+r).
#[test]
fn constants_are_compared_by_value() {
    let strange = |gain, o| {
        net(
            vec![
                layer(&[&[1]], &[0], &[]),
                layer(&[&[1], &[0]], &[0, 0], &[0, 1]),
                layer(&[&[0, 1]], &[0], &[1]),
            ],
            gain,
            &[o, q(0, 1)],
        )
    };
    let at = |x| evaluate(&strange(Gain::Rational, q(0, 1)), &[q(x, 3)]).unwrap();
    assert_eq!(at(1), at(-50));
    assert!(matches!(
        decided(&strange(Gain::Tanh, q(0, 1)), &strange(Gain::Tanh, q(1, 1))),
        Decision::Different(Difference::Entry(_))
    ));
    let constant = |w: i64, psi: &[i64], b: i64| {
        net(
            vec![layer(&[&[w]], &[1], &[]), layer(&[&[0]], &[b], psi)],
            Gain::Tanh,
            &[q(1, 1)],
        )
    };
    let moving = net(
        vec![layer(&[&[1]], &[1], &[]), layer(&[&[1]], &[5], &[])],
        Gain::Tanh,
        &[q(1, 1)],
    );
    let by_value = decided(&constant(3, &[], 5), &constant(4, &[], 5));
    assert_eq!(by_value, Decision::Equal(Equality::Constant));
    let Decision::Different(Difference::Entry(entry)) =
        decided(&constant(3, &[], 5), &constant(4, &[], 6))
    else {
        panic!("5 and 6");
    };
    assert_eq!(
        (entry.place, entry.a.0, entry.b.0),
        (Place::Value, q(5, 1), q(6, 1))
    );
    assert_eq!(
        decided(&constant(3, &[], 5), &moving),
        Decision::Different(Difference::Constant { which: Side::A })
    );
    // W_1 = 0 with ψ: γ(2) 7 + 5, which is no rational.
    assert_eq!(
        decided(&constant(0, &[7], 5), &constant(0, &[8], 5)),
        Decision::Undecided(Reason::Constants)
    );
    // Other depths of one constant.
    let deeper = net(
        vec![
            layer(&[&[1]], &[1], &[]),
            layer(&[&[2]], &[1], &[]),
            layer(&[&[0]], &[5], &[]),
        ],
        Gain::Tanh,
        &[q(1, 1), q(0, 1)],
    );
    assert_eq!(
        decided(&constant(3, &[], 5), &deeper),
        Decision::Equal(Equality::Constant)
    );
}

#[test]
fn affine_networks_and_other_gains() {
    let affine = |w: i64, b: i64| net(vec![layer(&[&[w]], &[b], &[])], Gain::Tanh, &[]);
    // 2 (3x + 1) + 4 + 1, whatever o is.
    let linear = |o| {
        net(
            vec![layer(&[&[3]], &[1], &[]), layer(&[&[2]], &[4], &[1])],
            Gain::Linear,
            &[q(o, 1)],
        )
    };
    assert_eq!(
        decided(&affine(6, 7), &linear(2)),
        Decision::Equal(Equality::Affine)
    );
    assert_eq!(
        decided(&linear(3), &linear(2)),
        Decision::Equal(Equality::Affine)
    );
    let Decision::Different(Difference::Entry(entry)) = decided(&affine(6, 8), &linear(2)) else {
        panic!("8 and 7");
    };
    assert_eq!(
        (entry.place, entry.row, entry.column),
        (Place::Affine, 1, 2)
    );
    assert_eq!((entry.a.0, entry.b.0), (q(8, 1), q(7, 1)));
    let tanh = network::<Rational>(&[1, 2, 1], Gain::Tanh, 1);
    for other in [
        Gain::Rational,
        Gain::Algebraic,
        Gain::RationalTanh,
        Gain::Linear,
        Gain::SoftThreshold { t: q(1, 3) },
    ] {
        assert_eq!(
            decided(&tanh.with_gain(other).unwrap(), &tanh),
            Decision::Different(Difference::Transcendental { which: Side::B })
        );
    }
    // Neither is algebraic, and nothing is proved of the two.
    let log1p = tanh.with_gain(Gain::Log1p).unwrap();
    assert!(matches!(
        decided(&log1p, &tanh),
        Decision::Undecided(Reason::Gains { .. })
    ));
    let flat = net(
        vec![layer(&[&[0]], &[1], &[]), layer(&[&[1]], &[0], &[])],
        Gain::Log1p,
        &[q(0, 1)],
    );
    assert_eq!(
        decided(&flat, &tanh),
        Decision::Different(Difference::Transcendental { which: Side::B })
    );
    let soft = |t| tanh.with_gain(Gain::SoftThreshold { t }).unwrap();
    assert!(matches!(
        decided(&soft(q(1, 3)), &soft(q(1, 2))),
        Decision::Undecided(Reason::Gains { .. })
    ));
    assert!(matches!(
        decided(&tanh, &network::<Rational>(&[1, 2, 2], Gain::Tanh, 1)),
        Decision::Different(Difference::Ends { .. })
    ));
}

/// o is a squared length; its λ, or o at another place, is another function.
#[test]
fn lengths_count_as_squares_in_the_last_entry() {
    let n = network::<Rational>(&[2, 2, 2], Gain::Tanh, 9);
    let squared = n.length_squared(1) * n.length_squared(1);
    let other = net(n.layers().to_vec(), Gain::Tanh, &[squared]);
    let Decision::Different(Difference::Entry(entry)) = decided(&n, &other) else {
        panic!("o is determined");
    };
    assert_eq!(
        (entry.place, entry.row, entry.column),
        (Place::Gram(1), 3, 3)
    );
}

/// e^a against e^b, against a rational near it, and against itself.
#[test]
fn exponentials_are_compared_as_numbers() {
    let n = network::<Rational>(&[2, 2, 2, 1], Gain::Tanh, 9);
    let stored = |lengths| ExactNetwork::with_lengths(&n, lengths).unwrap();
    let of = |a, b| stored(vec![Length::exponential(a), Length::exponential(b)]);
    let (half, third) = (q(1, 2), q(1, 3));
    let same = decide(
        &of(half.clone(), third.clone()),
        &of(half.clone(), third.clone()),
    );
    assert_eq!(same, Decision::Equal(Equality::Parameters));
    let other = decide(
        &of(half.clone(), third.clone()),
        &of(half.clone(), half.clone()),
    );
    let Decision::Different(Difference::Entry(entry)) = other else {
        panic!("{other:?}");
    };
    assert_eq!(
        (entry.place, entry.row, entry.column),
        (Place::Gram(2), 4, 4)
    );
    assert_eq!((entry.a.1, entry.b.1), (Some(third), Some(half)));
    let unit = decide(
        &of(q(0, 1), q(0, 1)),
        &stored(vec![Length::rational(q(1, 1)), Length::rational(q(1, 1))]),
    );
    assert_eq!(unit, Decision::Equal(Equality::Parameters));
}
