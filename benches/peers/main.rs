//! The work that `peers.py` does with NumPy, FLINT and mpmath, timed the same way: CPU time of this thread,
//! one line of JSON for each work. `make bench-peers` runs both sides in turn.

use std::hint::black_box;

use isotropic::{
    Gain, Layer, Network, Scalar,
    gauge::{full, triangular},
    linalg::{Matrix, Vector, product, qr, svd},
    network::evaluate_batch,
    resize::{grow, truncate},
    scalar::{Field, Mp},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Nanoseconds this thread has run for, or wall time where the system does not say.
fn cpu() -> u64 {
    let of_thread = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let of_thread = of_thread.and_then(|text| text.split(' ').next()?.parse().ok());
    of_thread.unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| since.as_nanos() as u64)
    })
}

/// The median of `runs` measurements.
fn time<T>(work: &str, runs: usize, mut run: impl FnMut() -> T) {
    let only = std::env::var("ISOTROPIC_PEERS").unwrap_or_default();
    if !work.contains(&only) {
        return;
    }
    // The system counts in ticks of some milliseconds: a run is repeated until it lasts many of them.
    let mut repeated = |count: u64| {
        let start = cpu();
        for _ in 0..count {
            black_box(run());
        }
        cpu() - start
    };
    let mut count = 1;
    while repeated(count) < 100_000_000 && count < 1 << 20 {
        count *= 2;
    }
    let mut times: Vec<u64> = (0..runs).map(|_| repeated(count) / count).collect();
    times.sort_unstable();
    let median = times[runs / 2] as f64 / 1e6;
    println!("{{\"work\": \"{work}\", \"ms\": {median}}}");
}

fn matrix<S: Field>(m: usize, n: usize) -> Matrix<S> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let scale = 1.0 / (n as f64).sqrt();
    Matrix::from_fn(m, n, |_, _| {
        S::from_f64(scale * rng.random_range(-1.0..1.0))
    })
}

/// Full mantissas in ±1/2.
fn long<const BITS: u32>(m: usize, n: usize) -> Matrix<Mp<BITS>> {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    Matrix::from_fn(m, n, |_, _| {
        let digits: String = (0..BITS / 4)
            .map(|_| char::from_digit(rng.random_range(0..16), 16).unwrap_or('0'))
            .collect();
        let unit = rug::Integer::from(1) << BITS;
        let whole = rug::Integer::from_str_radix(&digits, 16).unwrap_or_default();
        let half = rug::Rational::from((1, 2));
        let entry = rug::Rational::from((whole, unit)) - half;
        Mp::from_rational(&isotropic::scalar::Rational(entry))
    })
}

/// [`long`] of the size of [`matrix`].
fn long_weights<const BITS: u32>(m: usize, n: usize) -> Matrix<Mp<BITS>> {
    let scale = Mp::from_f64(2.0 / (n as f64).sqrt());
    long(m, n).map(|x| x * &scale)
}

fn network<S: Field>(widths: &[usize], weights: impl Fn(usize, usize) -> Matrix<S>) -> Network<S> {
    let constant = |n: usize| Vector::from_element(n, S::from_f64(0.125));
    let layers = (1..widths.len()).map(|l| Layer {
        weight: weights(widths[l], widths[l - 1]),
        bias: constant(widths[l]),
        psi: (l > 1).then(|| constant(widths[l])),
    });
    let lengths = vec![S::one(); widths.len() - 2];
    Network::new(layers.collect(), Gain::Tanh, Some(lengths)).expect("a network")
}

fn evaluate<S: Scalar>(
    name: &str,
    widths: &[usize],
    inputs: usize,
    weights: impl Fn(usize, usize) -> Matrix<S>,
) {
    let x = weights(widths[0], inputs);
    let net = network::<S>(widths, weights);
    let shown: Vec<String> = widths.iter().map(usize::to_string).collect();
    let work = format!("evaluate {} {name}, batch {inputs}", shown.join("-"));
    time(&work, 15, || evaluate_batch(&net, &x));
}

fn long_products<const BITS: u32>() {
    for n in [64, 128, 256] {
        let a = long::<BITS>(n, n);
        time(&format!("product {n}×{n}, {BITS} bits"), 5, || {
            product(&a, &a)
        });
    }
    let widths = [64, 128, 96, 10];
    evaluate(&format!("{BITS} bits"), &widths, 64, long_weights::<BITS>);
}

fn main() {
    for widths in [vec![64, 128, 128, 10], vec![784, 500, 500, 10]] {
        evaluate("f64", &widths, 256, matrix::<f64>);
        evaluate("f32", &widths, 256, matrix::<f32>);
    }
    for n in [100, 200, 500, 1000] {
        let a = matrix::<f64>(n, n);
        time(&format!("SVD {n}×{n}"), 3, || svd(&a));
        time(&format!("QR with Q {n}×{n}"), 5, || qr(&a).q(n));
    }
    let net = network(&[1000, 1000, 1000, 10], matrix::<f64>);
    time("full diagonalisation 1000", 3, || full(&net, 2));
    let net = network(&[500, 500, 500, 10], matrix::<f64>);
    time("full diagonalisation 500", 3, || full(&net, 2));
    time("triangular 500", 3, || triangular(&net, 2));
    let column = matrix::<f64>(500, 1);
    time("grow one at 500", 15, || grow(&net, 1, &column));
    let net = network(&[100, 100, 100, 10], matrix::<f64>);
    time("truncate 100 to 75", 5, || truncate(&net, 2, 75));
    time("truncate 100 to 25", 5, || truncate(&net, 2, 25));
    let net = network(&[3072, 100, 10], matrix::<f64>);
    time("truncate 100×3072 to 75", 3, || truncate(&net, 1, 75));
    long_products::<128>();
    long_products::<256>();
    long_products::<512>();
    long_products::<1024>();
    for n in [16, 32, 64] {
        let a = long::<256>(n, n);
        time(&format!("SVD {n}×{n}, 256 bits"), 3, || svd(&a));
    }
}
