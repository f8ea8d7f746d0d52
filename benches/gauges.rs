//! Rotations, every gauge, and comparison up to gauge.
//!
//! `make bench`, or `cargo bench --bench gauges`.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use isotropic::{
    gauge::{Gauge, compare, diagonalise, rotate},
    linalg::haar,
    scalar::{Mp, Real},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use support::{network, shown};

fn gauges<S: Real>(c: &mut Criterion, widths: &[usize]) {
    let net = network::<S>(widths);
    let id = |what: &str| BenchmarkId::new(what, format!("{} {}", S::name(), shown(widths)));
    let mut group = c.benchmark_group("gauge");
    group.sample_size(10);
    let r = haar(widths[2], &mut ChaCha8Rng::seed_from_u64(1));
    group.bench_function(id("rotate layer 2"), |b| {
        b.iter(|| rotate(black_box(&net), 2, black_box(&r)))
    });
    for (name, gauge) in [
        ("left", Gauge::Left),
        ("full", Gauge::Full),
        ("alternate", Gauge::Alternate),
        ("triangular", Gauge::Triangular),
    ] {
        group.bench_function(id(name), |b| {
            b.iter(|| diagonalise(black_box(&net), gauge, &[]))
        });
    }
    group.finish();
}

fn comparison(c: &mut Criterion, widths: &[usize]) {
    let net = network::<Mp<256>>(widths);
    let image = diagonalise(&net, Gauge::Triangular, &[]).expect("the factorisation converges");
    let mut group = c.benchmark_group("gauge");
    group.sample_size(10);
    group.bench_function(
        BenchmarkId::new("compare", format!("mp256 {}", shown(widths))),
        |b| b.iter(|| compare(black_box(&net), black_box(&image))),
    );
    group.finish();
}

fn all(c: &mut Criterion) {
    gauges::<f64>(c, &[64, 64, 64, 64, 10]);
    gauges::<f64>(c, &[128, 128, 128, 128, 10]);
    gauges::<Mp<256>>(c, &[16, 16, 16, 16, 4]);
    comparison(c, &[16, 24, 16, 4]);
}

criterion_group!(benches, all);
criterion_main!(benches);
