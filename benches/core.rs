//! Where the time goes: evaluation, factorisations, gauges and truncation, by size and scalar.
//!
//! `make bench`, or `cargo bench -- svd` for one group.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use isotropic::{
    Gain, Layer, Network,
    gauge::{Gauge, diagonalise},
    linalg::{Matrix, Vector, product, qr, svd},
    network::evaluate_batch,
    resize::truncate,
    scalar::{Mp, Real},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn matrix<S: Real>(m: usize, n: usize) -> Matrix<S> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let scale = 1.0 / (n as f64).sqrt();
    Matrix::from_fn(m, n, |_, _| {
        S::from_f64(scale * rng.random_range(-1.0..1.0))
    })
}

fn network<S: Real>(widths: &[usize]) -> Network<S> {
    let layer = |pair: &[usize]| Layer {
        weight: matrix(pair[1], pair[0]),
        bias: Vector::from_element(pair[1], S::from_f64(0.125)),
        psi: None,
    };
    Network::new(widths.windows(2).map(layer).collect(), Gain::Tanh, None).expect("valid")
}

fn evaluation(c: &mut Criterion) {
    let mut group = c.benchmark_group("evaluate, batch of 256");
    for widths in [vec![64, 128, 128, 10], vec![784, 500, 500, 10]] {
        let (net, x) = (network::<f64>(&widths), matrix::<f64>(widths[0], 256));
        group.bench_function(BenchmarkId::new("f64", format!("{widths:?}")), |b| {
            b.iter(|| evaluate_batch(black_box(&net), black_box(&x)))
        });
    }
    group.finish();
    let (net, x) = (
        network::<Mp<256>>(&[64, 128, 96, 10]),
        matrix::<Mp<256>>(64, 1),
    );
    c.bench_function("evaluate, one input/mp256/[64, 128, 96, 10]", |b| {
        b.iter(|| evaluate_batch(black_box(&net), black_box(&x)))
    });
}

fn factorisations<S: Real>(c: &mut Criterion, sizes: &[usize]) {
    for &n in sizes {
        let a = matrix::<S>(n, n);
        let id = format!("{}/{n}", S::name());
        let mut group = c.benchmark_group("factorise");
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("svd", &id), |b| {
            b.iter(|| svd(black_box(&a)))
        });
        group.bench_function(BenchmarkId::new("qr", &id), |b| {
            b.iter(|| qr(black_box(&a)).q(n))
        });
        group.bench_function(BenchmarkId::new("product", &id), |b| {
            b.iter(|| product(black_box(&a), black_box(&a)))
        });
        group.finish();
    }
}

fn operations(c: &mut Criterion) {
    let net = network::<f64>(&[100, 100, 100, 10]);
    let mut group = c.benchmark_group("operate, f64 [100, 100, 100, 10]");
    group.sample_size(10);
    for gauge in [Gauge::Left, Gauge::Full, Gauge::Triangular] {
        group.bench_function(format!("{gauge:?}"), |b| {
            b.iter(|| diagonalise(black_box(&net), gauge, &[]))
        });
    }
    for width in [99, 75, 25] {
        group.bench_function(format!("truncate layer 2 to {width}"), |b| {
            b.iter(|| truncate(black_box(&net), 2, width))
        });
    }
    group.finish();
}

fn all(c: &mut Criterion) {
    evaluation(c);
    factorisations::<f64>(c, &[32, 64, 128]);
    factorisations::<Mp<256>>(c, &[16, 32]);
    factorisations::<Mp<1024>>(c, &[16]);
    operations(c);
}

criterion_group!(benches, all);
criterion_main!(benches);
