//! Growth, removal, truncation and compression.
//!
//! `make bench`, or `cargo bench --bench resizing`.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use isotropic::{
    resize::{compress, grow, grow_with_bias, truncate},
    scalar::{Mp, Real},
};
use support::{matrix, network, shown};

fn resizing<S: Real>(c: &mut Criterion, widths: &[usize], kept: &[usize]) {
    let net = network::<S>(widths);
    let id = |what: String| BenchmarkId::new(what, format!("{} {}", S::name(), shown(widths)));
    let mut group = c.benchmark_group("resize");
    group.sample_size(10);
    let column = matrix::<S>(widths[3], 1);
    group.bench_function(id("grow layer 2 by one".into()), |b| {
        b.iter(|| grow(black_box(&net), 2, black_box(&column)))
    });
    let beta = S::from_f64(0.5);
    group.bench_function(id("grow layer 2 with a bias".into()), |b| {
        b.iter(|| grow_with_bias(black_box(&net), 2, &beta, black_box(&column)))
    });
    for &width in kept {
        group.bench_function(id(format!("truncate layer 2 to {width}")), |b| {
            b.iter(|| truncate(black_box(&net), 2, width))
        });
    }
    // ψ is constant and the weights are of full rank: nothing goes, and every layer is factorised.
    group.bench_function(id("compress".into()), |b| {
        b.iter(|| compress(black_box(&net)))
    });
    group.finish();
}

fn all(c: &mut Criterion) {
    // One SVD, whether one neuron goes or most of them.
    resizing::<f64>(c, &[100, 100, 100, 10], &[99, 75, 25]);
    resizing::<Mp<256>>(c, &[24, 24, 24, 4], &[23, 6]);
}

criterion_group!(benches, all);
criterion_main!(benches);
