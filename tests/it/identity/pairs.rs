//! Pairs of which it is known whether they are one function: copies by every exact operation, and changed copies.
//! Some hundreds of them; more than 10,000 with `ISOTROPIC_CAMPAIGN=1`.

use crate::support;
use isotropic::{
    Gain, Layer, Network,
    gauge::rotate,
    identity::{Decision, Difference, ExactNetwork, Place, decide, digest, invariants},
    linalg::{Matrix, Vector, cayley},
    resize::{grow, grow_with_bias, remove},
    scalar::Rational,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn campaign() -> bool {
    std::env::var_os("ISOTROPIC_CAMPAIGN").is_some()
}

fn ratio(rng: &mut ChaCha8Rng) -> Rational {
    // Never 0, so that no neuron is dead by chance.
    let size = rng.random_range(1..=12);
    let sign = if rng.random() { 1 } else { -1 };
    Rational::ratio(sign * size, rng.random_range(1..=6)).unwrap()
}

/// Random widths within their ceilings, so that every parameter has a say.
pub fn draw(rng: &mut ChaCha8Rng, gain: Gain<Rational>) -> Network<Rational> {
    let depth = rng.random_range(1..=4);
    let mut widths = vec![rng.random_range(1..=3usize)];
    for l in 1..depth {
        let ceiling = if l == 1 { widths[0] } else { widths[l - 1] + 1 };
        widths.push(rng.random_range(1..=ceiling.min(3)));
    }
    widths.push(rng.random_range(1..=3));
    let layers = (1..)
        .zip(widths.windows(2))
        .map(|(l, pair)| Layer {
            weight: Matrix::from_fn(pair[1], pair[0], |_, _| ratio(rng)),
            bias: Vector::from_fn(pair[1], |_, _| ratio(rng)),
            psi: (l > 1).then(|| Vector::from_fn(pair[1], |_, _| ratio(rng))),
        })
        .collect();
    let lengths = (1..depth).map(|_| ratio(rng)).map(|x| x.clone() * x);
    Network::new(layers, gain, Some(lengths.collect())).unwrap()
}

/// One exact operation on a hidden layer: a rotation, a dead neuron, a constant one, or such a one absorbed.
pub fn step(n: &Network<Rational>, rng: &mut ChaCha8Rng) -> Network<Rational> {
    let l = rng.random_range(1..n.depth());
    let next = n.layer(l + 1).width();
    let wide = n.layer(l).width() > 5;
    match rng.random_range(0..4) {
        0 if !wide => {
            let column = Matrix::from_fn(next, 1, |_, _| ratio(rng));
            grow(n, l, &column).unwrap()
        }
        1 if !wide => {
            // Below √o, by halving; 0, a dead neuron, where o is used up.
            let (o, mut beta) = (n.length_squared(l), ratio(rng));
            if o == Rational::from(0) {
                beta = o.clone();
            }
            while beta.clone() * &beta > o {
                beta *= Rational::ratio(1, 2).unwrap();
            }
            let column = Matrix::from_fn(next, 1, |_, _| ratio(rng));
            grow_with_bias(n, l, &beta, &column).unwrap()
        }
        2 => {
            let removable = (1..=n.layer(l).width()).find_map(|neuron| remove(n, l, neuron).ok());
            removable.unwrap_or_else(|| n.clone())
        }
        _ => rotate(n, l, &cayley(n.layer(l).width(), rng)).unwrap(),
    }
}

/// A copy by up to `steps` operations.
pub fn copy(n: &Network<Rational>, steps: usize, rng: &mut ChaCha8Rng) -> Network<Rational> {
    if n.depth() == 1 {
        return n.clone();
    }
    (0..steps).fold(n.clone(), |n, _| step(&n, rng))
}

/// One parameter moved by ±2⁻⁴⁰.
fn altered(n: &Network<Rational>, rng: &mut ChaCha8Rng) -> Network<Rational> {
    let mut at = rng.random_range(0..n.parameter_count());
    let sign = if rng.random() { 1 } else { -1 };
    let tiny = Rational::ratio(sign, 1 << 40).unwrap();
    let mut layers = n.layers().to_vec();
    let mut lengths: Vec<_> = n.hidden().map(|l| n.length_squared(l)).collect();
    let mut visit = |x: &mut Rational| {
        if at == 0 {
            *x += &tiny;
        }
        at = at.wrapping_sub(1);
    };
    for layer in &mut layers {
        layer.weight.iter_mut().for_each(&mut visit);
        layer.bias.iter_mut().for_each(&mut visit);
        layer
            .psi
            .iter_mut()
            .flat_map(|psi| psi.iter_mut())
            .for_each(&mut visit);
    }
    lengths.iter_mut().for_each(&mut visit);
    Network::new(layers, n.gain().clone(), Some(lengths)).unwrap()
}

#[test]
fn every_pair_is_decided_rightly() {
    let cases = if campaign() { 5_500 } else { 400 };
    let (mut equal, mut different, mut longest) = (0, 0, 0);
    for seed in support::share(0..cases) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = draw(&mut rng, Gain::Tanh);
        let steps = rng.random_range(1..=20);
        let (left, right) = (copy(&n, steps / 4, &mut rng), copy(&n, steps, &mut rng));
        longest = longest.max(steps);
        let (a, b) = (ExactNetwork::from(&left), ExactNetwork::from(&right));
        let decision = decide(&a, &b);
        assert!(
            matches!(decision, Decision::Equal(_)),
            "seed {seed}: {decision:?}"
        );
        equal += 1;
        // And the changed one, under another copy.
        let wrong = copy(&altered(&n, &mut rng), steps.min(6), &mut rng);
        let decision = decide(&a, &ExactNetwork::from(&wrong));
        let Decision::Different(Difference::Entry(entry)) = &decision else {
            panic!("seed {seed}: {decision:?}");
        };
        // The entry is what the plain recursion over ℚ says, too.
        let (of_a, of_b) = (invariants(&left), invariants(&wrong));
        let at = (entry.row - 1, entry.column - 1);
        let (x, y) = match entry.place {
            Place::Gram(l) => (&of_a.gram[l - 1][at], &of_b.gram[l - 1][at]),
            Place::Output => (&of_a.output[at], &of_b.output[at]),
            Place::Affine | Place::Value => {
                different += 1;
                continue;
            }
        };
        assert_eq!((x, y), (&entry.a.0, &entry.b.0), "seed {seed}");
        assert_ne!(x, y);
        different += 1;
    }
    println!("{equal} equal pairs, {different} different ones, compositions to length {longest}");
}

#[test]
fn digests_name_functions() {
    for seed in 0..20 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = draw(&mut rng, Gain::Tanh);
        let id = |n: &Network<Rational>| digest(&ExactNetwork::from(n)).unwrap();
        assert_eq!(id(&n), id(&copy(&n, 5, &mut rng)), "seed {seed}");
        assert_ne!(id(&n), id(&altered(&n, &mut rng)), "seed {seed}");
        assert_ne!(id(&n), id(&n.with_gain(Gain::Rational).unwrap()));
    }
}
