//! Norms, bounds and products of intervals.
//!
//! `make bench`, or `cargo bench --bench bounds -- norm`.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use isotropic::{
    Network,
    bound::{
        difference_over_ball, enclose, lipschitz_above, norm_above, reach_below, rounding_units,
    },
    linalg::product,
    resize::truncate,
    scalar::{Enclosure, Field, Interval, Mp},
};
use support::{matrix, network, shown};

fn all(c: &mut Criterion) {
    let mut group = c.benchmark_group("bounds");
    group.sample_size(10);
    for n in [32, 100, 200] {
        let size = format!("{n}×{n}");
        let a = matrix::<f64>(n, n).map(Interval::point);
        group.bench_function(BenchmarkId::new("norm above", &size), |b| {
            b.iter(|| norm_above(black_box(&a)));
        });
        group.bench_function(BenchmarkId::new("product of intervals", &size), |b| {
            b.iter(|| product(black_box(&a), &a));
        });
    }
    let widths = [64, 128, 96, 10];
    let net = network::<f64>(&widths);
    let id = |what: &str| BenchmarkId::new(what, shown(&widths));
    group.bench_function(id("Lipschitz constant of layer 1"), |b| {
        b.iter(|| lipschitz_above(black_box(&net), 1));
    });
    group.bench_function(id("reach below layer 3"), |b| {
        b.iter(|| reach_below(black_box(&net), 3));
    });
    let x: Vec<f64> = matrix::<f64>(64, 1).as_slice().to_vec();
    group.bench_function(id("roundings at an input"), |b| {
        b.iter(|| rounding_units(black_box(&net), &x, &vec![]));
    });
    let (cut, _) = truncate(&net, 2, 90).expect("a width below 96 and 128");
    let enclosed = |net: &Network<f64>| enclose::<f64, Mp<256>>(net).expect("finite");
    let (net, cut) = (enclosed(&net), enclosed(&cut));
    let radius = Enclosure::from_f64(1.0);
    group.bench_function(id("difference over a ball"), |b| {
        b.iter(|| difference_over_ball(black_box(&net), &cut, &radius));
    });
    group.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
