//! Evaluation: a batch in hardware floats, one input at higher precisions and exactly.
//!
//! `make bench`, or `cargo bench --bench evaluation`.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use isotropic::{
    Network, Scalar,
    network::{evaluate, evaluate_batch},
    scalar::{Mp, Rational},
};
use support::{matrix, network, shown};

fn batch<S: Scalar>(c: &mut Criterion, widths: &[usize]) {
    let (net, x) = (network::<S>(widths), matrix::<S>(widths[0], 256));
    let mut group = c.benchmark_group("evaluate, batch of 256");
    group.sample_size(10);
    group.bench_function(BenchmarkId::new(S::name(), shown(widths)), |b| {
        b.iter(|| evaluate_batch(black_box(&net), black_box(&x)))
    });
    group.finish();
}

fn single<S: Scalar>(c: &mut Criterion, net: &Network<S>) {
    let widths = net.widths();
    let x: Vec<S> = matrix::<S>(widths[0], 1).as_slice().to_vec();
    let mut group = c.benchmark_group("evaluate, one input");
    group.bench_function(BenchmarkId::new(S::name(), shown(&widths)), |b| {
        b.iter(|| evaluate(black_box(net), black_box(&x)))
    });
    group.finish();
}

fn all(c: &mut Criterion) {
    for widths in [vec![64, 128, 128, 10], vec![784, 500, 500, 10]] {
        batch::<f32>(c, &widths);
        batch::<f64>(c, &widths);
    }
    let widths = [64, 128, 96, 10];
    single::<f64>(c, &network(&widths));
    single::<Mp<128>>(c, &network(&widths));
    single::<Mp<256>>(c, &network(&widths));
    single::<Mp<1024>>(c, &network(&widths));
    // Digits double with every layer: over ℚ networks are small.
    single::<Rational>(c, &network(&[4, 4, 4, 2]));
}

criterion_group!(benches, all);
criterion_main!(benches);
