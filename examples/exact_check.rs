//! Are two networks one function? Decided over ℚ, with a proof or the entry that differs.
//!
//! ```text
//! cargo run --example exact_check
//! ```

use isotropic::{
    Gain, Layer, Network,
    gauge::rotate,
    identity::{Decision, ExactNetwork, decide},
    linalg::{Matrix, Vector, cayley_transform},
    scalar::Rational,
};

type Exact = Network<Rational>;

fn q(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q).unwrap_or_default()
}

fn layer(m: usize, n: usize, seed: i64, psi: bool) -> Layer<Rational> {
    let entry = |i: usize, j: usize| q(seed + 5 * i as i64 - 3 * j as i64, 4);
    Layer {
        weight: Matrix::from_fn(m, n, entry),
        bias: Vector::from_fn(m, |i, _| entry(i, 3)),
        psi: psi.then(|| Vector::from_fn(m, |i, _| entry(i, 2))),
    }
}

fn decided(a: &Exact, b: &Exact) -> Decision {
    decide(&ExactNetwork::from(a), &ExactNetwork::from(b))
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let layers = vec![layer(4, 2, 1, false), layer(3, 4, -2, true)];
    let network = Network::new(layers, Gain::Tanh, Some(vec![q(1, 3)]))?;

    // (I - A)(I + A)^-1 of a skew A is orthogonal, exactly.
    let skew = Matrix::from_fn(4, 4, |i, j| q(i as i64 - j as i64, 2));
    let turned = rotate(&network, 1, &cayley_transform(&skew))?;
    let same = decided(&network, &turned);
    match &same {
        Decision::Equal(why) => println!("a rotated copy: equal, {why}"),
        Decision::Different(why) => println!("a rotated copy: different, {why}"),
        Decision::Undecided(why) => println!("a rotated copy: undecided, {why}"),
    }

    // A copy in which one entry is off in the eighteenth digit, and rotated on top.
    let mut layers = turned.layers().to_vec();
    let lengths = turned.hidden().map(|l| turned.length_squared(l)).collect();
    layers[0].weight[(2, 1)] += q(1, 1_000_000_000_000_000_000);
    let off = Network::new(layers, Gain::Tanh, Some(lengths))?;
    let other = decided(&network, &off);
    match &other {
        Decision::Equal(why) => println!("a copy that is off: equal, {why}"),
        Decision::Different(why) => println!("a copy that is off: different, {why}"),
        Decision::Undecided(why) => println!("a copy that is off: undecided, {why}"),
    }

    assert!(matches!(same, Decision::Equal(_)));
    assert!(matches!(other, Decision::Different(_)));
    Ok(())
}
