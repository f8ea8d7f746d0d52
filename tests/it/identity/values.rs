//! The invariants themselves: by hand, by two ways of computing them, and what they have to do with z.

use isotropic::{
    Gain, Layer, Network,
    identity::{ExactNetwork, Length, digest, exact_invariants, invariants},
    linalg::{Matrix, Vector, product},
    network::trace,
    resize::grow,
    scalar::{Field, Rational, Residue},
};

use crate::support::{input, network};

fn q(p: i64) -> Rational {
    Rational::from(p)
}

/// Rational numbers with denominators that are no powers of two.
pub fn thirds(n: &Network<Rational>) -> Network<Rational> {
    let by = |x: &Rational| x.clone() * Rational::ratio(5, 21).unwrap();
    n.map(&by).unwrap()
}

#[test]
fn two_ways_of_computing_agree() {
    let shapes: [&[usize]; 6] = [
        &[2, 3],
        &[1, 1, 1],
        &[3, 5, 4, 2],
        &[2, 6, 1, 6, 2],
        &[4, 3, 2, 1],
        &[1, 2, 3, 4, 5, 6, 2],
    ];
    for (seed, widths) in (0..).zip(shapes) {
        let dyadic = network::<Rational>(widths, Gain::Tanh, seed);
        for network in [thirds(&dyadic), dyadic] {
            let exact = exact_invariants(&ExactNetwork::from(&network)).unwrap();
            assert_eq!(exact.rational, invariants(&network), "{widths:?}");
            // And in a field that has nothing to do with either.
            let image = invariants(&network.cast::<Residue>().unwrap());
            let of = |m: &Matrix<Rational>| m.map(|x| Residue::from_rational(&x));
            assert_eq!(of(&exact.rational.output), image.output);
            for (n, image) in exact.rational.gram.iter().zip(&image.gram) {
                assert_eq!(of(n), *image);
            }
        }
    }
}

/// r_l = wᵀ N_l w and y = V_L w, with w = (Γ_{l,1} x, Γ_{l,1}, …, Γ_{l,l}), by running the network: ψ, o and the
/// order of the columns are where they belong.
#[test]
fn the_network_runs_on_its_invariants() {
    let network = thirds(&network::<Rational>(&[3, 4, 2, 3, 2], Gain::Rational, 7));
    let invariants = invariants(&network);
    let x = input::<Rational>(3, 1);
    let run = trace(&network, &x).unwrap();
    let w = |l: usize| -> Vec<Rational> {
        let product = |k: usize| {
            let gains = run.gains[k - 1..l - 1].iter();
            gains.fold(q(1), |product, gain| product * gain)
        };
        let inputs = x.iter().map(|x| x.clone() * product(1));
        inputs.chain((1..=l).map(product)).collect()
    };
    for l in network.hidden() {
        let w = Matrix::from_vec(3 + l, 1, w(l));
        let r = (w.transpose() * &invariants.gram[l - 1] * &w)[(0, 0)].clone();
        let z = &run.pre_activations[l - 1];
        assert_eq!(r, Rational::dot(z, z) + network.length_squared(l));
    }
    let y = product(&invariants.output, &Matrix::from_vec(3 + 4, 1, w(4)));
    assert_eq!(y.as_slice(), run.output());
}

/// What comes out of a dead neuron enters nothing.
#[test]
fn a_dead_column_changes_nothing() {
    let network = network::<Rational>(&[2, 3, 3, 1], Gain::Tanh, 3);
    let grown = |w: i64| {
        let columns = Matrix::from_element(3, 1, q(w));
        invariants(&grow(&network, 1, &columns).unwrap())
    };
    assert_eq!(grown(0), invariants(&network));
    assert_eq!(grown(1_000_003), invariants(&network));
}

/// o = e^a stays symbolic, and e^0 is 1.
#[test]
fn logarithms_stay_symbolic() {
    let layer = |w: i64| Layer {
        weight: Matrix::from_element(1, 1, q(w)),
        bias: Vector::from_element(1, q(3)),
        psi: None,
    };
    let network = Network::new(vec![layer(2), layer(5)], Gain::Tanh, None).unwrap();
    let of = |o| ExactNetwork::with_lengths(&network, vec![o]).unwrap();
    let half = Rational::ratio(-1, 2).unwrap();
    let symbolic = of(Length::exponential(half.clone()));
    let found = exact_invariants(&symbolic).unwrap();
    assert_eq!(found.exponents, [Some(half)]);
    assert_eq!(found.rational.gram[0].as_slice(), [q(4), q(6), q(6), q(9)]);
    let one = of(Length::exponential(q(0)));
    assert_eq!(one, of(Length::rational(q(1))));
    assert!(ExactNetwork::with_lengths(&network, vec![]).is_err());
    assert_ne!(digest(&one).unwrap(), digest(&symbolic).unwrap());
}

/// Numbers a thousand binary orders apart, and an o that dwarfs or is dwarfed.
#[test]
fn spreads_are_no_obstacle() {
    for (o, scale) in [(-900, 700), (900, -700), (2100, 0)] {
        let two = |e: i32| Rational(rug::Rational::from(1) << e);
        let base = network::<Rational>(&[2, 3, 2, 1], Gain::Tanh, 5);
        let mut layers = base.layers().to_vec();
        layers[0].weight[(1, 1)] *= &two(scale);
        layers[1].psi.as_mut().unwrap()[0] *= &two(-scale);
        let wild = Network::new(layers, Gain::Tanh, Some(vec![two(o), q(0)])).unwrap();
        let exact = exact_invariants(&ExactNetwork::from(&wild)).unwrap();
        assert_eq!(exact.rational, invariants(&wild), "2^{o}, 2^{scale}");
    }
}
