//! B6 in earnest: functional dimensions by singular values at 256 bits for tanh, and exactly modulo a prime
//! for (15+r)/(15+6r), against the formula.

mod degenerate;

use isotropic::{
    Gain, Layer, Network, Scalar,
    gauge::rotate,
    identity::{dimension, least_widths},
    linalg::{Matrix, Vector, cayley, independent_columns, singular_values},
    network::{Parameters, generic_dimension, inputs_for_rank, stacked_jacobian},
    resize::{compress, grow_with_bias},
    scalar::{Field, Mp, Rational, Real, Residue},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

type M = Mp<256>;

/// n_1 ≤ n_0 and n_l ≤ n_{l-1} + 1: nothing is redundant but the rotations.
const NARROW: [&[usize]; 15] = [
    &[1, 1, 1],
    &[2, 2, 1],
    &[2, 2, 2],
    &[3, 2, 1],
    &[3, 3, 1],
    &[4, 3, 1],
    &[1, 1, 2, 1],
    &[2, 1, 2, 1],
    &[2, 2, 2, 1],
    &[2, 2, 3, 1],
    &[3, 2, 2, 2],
    &[2, 2, 1, 2],
    &[2, 1, 4],
    &[1, 1, 2, 3, 1],
    &[2, 1, 2, 2, 1],
];

/// Wider ones, which reduce to fewer neurons first.
const WIDE: [&[usize]; 5] = [
    &[1, 2, 1],
    &[2, 4, 1],
    &[1, 3, 2],
    &[1, 3, 4, 1],
    &[2, 4, 4, 1],
];

/// Too large for singular values at 256 bits in a test, not for elimination.
const MODULAR: [&[usize]; 7] = [
    &[1, 5, 5, 5, 1],
    &[4, 4, 4, 4],
    &[5, 5, 6, 3],
    &[3, 8, 8, 2],
    &[5, 5, 4],
    &[6, 6, 6, 6],
    &[2, 6, 2, 6, 2],
];

fn network<S: Field>(
    widths: &[usize],
    gain: Gain<S>,
    parameters: Parameters,
    mut draw: impl FnMut() -> S,
) -> Network<S> {
    let all = parameters == Parameters::All;
    let layers = widths.windows(2).enumerate().map(|(l, pair)| Layer {
        weight: Matrix::from_fn(pair[1], pair[0], |_, _| draw()),
        bias: Vector::from_fn(pair[1], |_, _| draw()),
        psi: (l > 0 && all).then(|| Vector::from_fn(pair[1], |_, _| draw())),
    });
    let layers = layers.collect();
    let lengths = (2..widths.len()).map(|_| {
        let lambda = draw();
        lambda.clone() * lambda
    });
    let lengths = all.then(|| lengths.collect());
    Network::new(layers, gain, lengths).expect("valid")
}

fn stacked<S: Scalar>(network: &Network<S>, mut draw: impl FnMut() -> S) -> Matrix<S> {
    let n0 = network.widths()[0];
    let inputs: Vec<Vec<S>> = (0..inputs_for_rank(network))
        .map(|_| (0..n0).map(|_| draw()).collect())
        .collect();
    let stacked = stacked_jacobian(network, &inputs).expect("finite");
    assert!(stacked.nrows() >= stacked.ncols());
    stacked
}

/// The exact rank, and the number of parameters.
fn modular(widths: &[usize], gain: Gain<Residue>, parameters: Parameters) -> (usize, usize) {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let mut draw = || Residue::new(rng.random());
    let network = network(widths, gain, parameters, &mut draw);
    let rank = independent_columns(&stacked(&network, &mut draw)).len();
    (rank, network.parameter_count())
}

/// The numerical rank, the number of parameters and the gap below the rank.
fn numerical(widths: &[usize], gain: Gain<M>, parameters: Parameters) -> (usize, usize, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let mut draw = || M::from_f64(rng.random_range(-1.5..1.5));
    let network = network(widths, gain, parameters, &mut draw);
    let stacked = stacked(&network, &mut draw);
    let sigma = singular_values(&stacked).expect("converges");
    let floor = sigma[0].clone() * M::unit_roundoff() * M::from_int(stacked.nrows() as i64);
    let rank = sigma.iter().filter(|s| **s > floor).count();
    let below = sigma
        .get(rank)
        .filter(|s| s.above_zero())
        .cloned()
        .unwrap_or(floor);
    (
        (rank),
        network.parameter_count(),
        (sigma[rank - 1].clone() / below).to_f64(),
    )
}

#[test]
fn by_singular_values_at_256_bits_for_tanh() {
    println!("| widths | parameters | dimension | formula | gap |\n|---|---|---|---|---|");
    for widths in NARROW.into_iter().chain(WIDE) {
        let formula = generic_dimension(widths, Parameters::All);
        let (rank, count, gap) = numerical(widths, Gain::Tanh, Parameters::All);
        println!("| {widths:?} | {count} | {rank} | {formula} | {gap:.1e} |");
        assert_eq!(rank, formula, "{widths:?}");
        assert!(gap > 1e20, "{widths:?}: {gap:e}");
    }
}

#[test]
fn exactly_modulo_a_prime_for_the_rational_gain() {
    for widths in NARROW.into_iter().chain(WIDE).chain(MODULAR) {
        let formula = generic_dimension(widths, Parameters::All);
        let (rank, count) = modular(widths, Gain::RationalTanh, Parameters::All);
        println!("{widths:?}: {rank} of {count}");
        assert_eq!(rank, formula, "{widths:?}");
    }
}

#[test]
fn with_weights_and_biases_alone() {
    // n_1 ≤ n_0 + 1 is enough here, and wider layers reduce to n_{l-1} + 1.
    for widths in NARROW.into_iter().chain(WIDE).chain(MODULAR) {
        let formula = generic_dimension(widths, Parameters::Plain);
        let (rank, _) = modular(widths, Gain::RationalTanh, Parameters::Plain);
        assert_eq!(rank, formula, "{widths:?}");
    }
    for widths in &NARROW[..6] {
        let formula = generic_dimension(widths, Parameters::Plain);
        assert_eq!(
            numerical(widths, Gain::Tanh, Parameters::Plain).0,
            formula,
            "{widths:?}"
        );
    }
}

#[test]
fn narrow_widths_lose_the_rotations_and_nothing_else() {
    for widths in NARROW {
        let count = widths
            .windows(2)
            .enumerate()
            .map(|(l, pair)| pair[1] * (pair[0] + 1 + usize::from(l > 0)) + usize::from(l > 0));
        let rotations = widths[1..widths.len() - 1].iter().map(|n| n * (n - 1) / 2);
        let formula = count.sum::<usize>() - rotations.sum::<usize>();
        assert_eq!(
            generic_dimension(widths, Parameters::All),
            formula,
            "{widths:?}"
        );
    }
    // A wide network has the dimension of its reduction: 1-5-5-5-1 is 1-1-2-3-1.
    assert_eq!(
        generic_dimension(&[1, 5, 5, 5, 1], Parameters::All),
        generic_dimension(&[1, 1, 2, 3, 1], Parameters::All)
    );
    assert_eq!(generic_dimension(&[], Parameters::All), 0);
    assert_eq!(generic_dimension(&[3, 2], Parameters::All), 8);
}

#[test]
fn other_gains_are_not_generic() {
    // The check can fail: 1/(1+r) and 1/√(1+r) can be scaled (B8), a linear network more than that.
    for widths in [&[2, 2, 1][..], &[3, 2, 2, 2], &[2, 2, 3, 1]] {
        let formula = generic_dimension(widths, Parameters::All);
        let hidden = widths.len() - 2;
        for gain in [Gain::Rational, Gain::Linear] {
            let name = gain.name();
            let (rank, _) = modular(widths, gain, Parameters::All);
            assert!(
                rank + hidden <= formula,
                "{name} {widths:?}: {rank} and {formula}"
            );
        }
    }
    let (rank, ..) = numerical(&[2, 2, 1], Gain::Algebraic, Parameters::All);
    assert!(
        rank < generic_dimension(&[2, 2, 1], Parameters::All),
        "{rank}"
    );
}

#[test]
fn as_many_inputs_as_parameters_suffice_and_as_many_equations_do_not() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut draw = || Residue::new(rng.random());
    let network = network(&[5, 5, 4], Gain::RationalTanh, Parameters::All, &mut draw);
    let formula = generic_dimension(&[5, 5, 4], Parameters::All);
    let mut rank = |count: usize| {
        let inputs: Vec<Vec<Residue>> = (0..count)
            .map(|_| (0..5).map(|_| draw()).collect())
            .collect();
        independent_columns(&stacked_jacobian(&network, &inputs).expect("finite")).len()
    };
    assert_eq!(
        (network.parameter_count(), inputs_for_rank(&network)),
        (59, 59)
    );
    assert_eq!(rank(59), formula);
    // 80 equations.
    assert!(rank(20) < formula);
}

/// Rational parameters, so that they are the same numbers in every arithmetic.
fn rational(widths: &[usize], gain: Gain<Rational>, rng: &mut ChaCha8Rng) -> Network<Rational> {
    let mut draw = || {
        let numerator = rng.random_range(1..=40) * if rng.random() { 1 } else { -1 };
        Rational::ratio(numerator, 16).expect("not 0")
    };
    network(widths, gain, Parameters::All, &mut draw)
}

#[test]
fn the_rank_of_the_invariants_is_the_formula_at_generic_parameters() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let named: [(&[usize], usize); 3] = [
        (&[2, 6, 6, 1], 21),
        (&[2, 5, 3], 18),
        (&[1, 3, 4, 2, 2], 25),
    ];
    for (widths, expected) in named {
        assert_eq!(generic_dimension(widths, Parameters::All), expected);
    }
    let named = named.map(|(widths, _)| widths);
    for widths in NARROW.into_iter().chain(WIDE).chain(MODULAR).chain(named) {
        let found = dimension(&rational(widths, Gain::Tanh, &mut rng)).expect("no denominator");
        assert!(found.of_function, "{widths:?}");
        let formula = generic_dimension(widths, Parameters::All);
        assert_eq!(found.rank, formula, "{widths:?}");
    }
    // An affine network has the dimension of its parameters.
    let found = dimension(&rational(&[3, 2], Gain::Tanh, &mut rng)).expect("no denominator");
    assert_eq!(
        (found.rank, found.parameters, found.of_function),
        (8, 8, true)
    );
}
