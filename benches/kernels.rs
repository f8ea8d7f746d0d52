//! What the rest spends its time in: sums, passes over a column, products in order, by scalar.
//!
//! `make bench`, or `cargo bench --bench kernels -- dot`.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use isotropic::scalar::{Mp, Real, View};
use support::matrix;

fn one<S: Real>(c: &mut Criterion, what: &str, n: usize, mut run: impl FnMut()) {
    let mut group = c.benchmark_group(what);
    group.sample_size(10);
    group.bench_function(BenchmarkId::new(S::name(), n), |b| b.iter(&mut run));
    group.finish();
}

fn passes<S: Real>(c: &mut Criterion, n: usize) {
    let (x, mut y) = (matrix::<S>(n, 1), matrix::<S>(n, 2));
    let (x, y) = (x.as_slice(), y.as_mut_slice());
    let (y, z) = y.split_at_mut(n);
    let small = S::from_f64(1e-9);
    one::<S>(c, "dot", n, || {
        black_box(S::dot(x, y));
    });
    one::<S>(c, "sum of scaled squares", n, || {
        black_box(S::sum_of_scaled_squares(x, 3));
    });
    one::<S>(c, "largest exponent", n, || {
        black_box(S::largest_exponent(x));
    });
    one::<S>(c, "axpy", n, || S::axpy(y, &small, x));
    one::<S>(c, "descend", n, || {
        black_box(S::descend(y, &small, &small, x));
    });
    one::<S>(c, "add terms", n, || {
        black_box(S::add_terms(y, x, &small, Some(x)));
    });
    one::<S>(c, "scale after a power of two", n, || {
        S::scale_after_power_of_two(y, 1, &S::from_f64(0.5));
    });
    one::<S>(c, "rotate", n, || {
        S::rotate(y, z, &S::from_f64(0.8), &S::from_f64(0.6));
    });
}

fn products<S: Real>(c: &mut Criterion, n: usize) {
    let a = matrix::<S>(n, n);
    let view = || View::new(a.as_slice(), n, n);
    let mut result = a.as_slice().to_vec();
    one::<S>(c, "product in order", n, || {
        S::product_in_order(&mut result, view(), view());
    });
    one::<S>(c, "product in order, transposed", n, || {
        S::product_in_order(&mut result, view().transpose(), view());
    });
}

fn all(c: &mut Criterion) {
    passes::<f32>(c, 512);
    passes::<f64>(c, 512);
    passes::<Mp<256>>(c, 512);
    products::<f32>(c, 256);
    products::<f64>(c, 256);
    products::<Mp<64>>(c, 32);
    products::<Mp<128>>(c, 32);
    products::<Mp<256>>(c, 32);
    products::<Mp<512>>(c, 32);
    products::<Mp<1024>>(c, 32);
}

criterion_group!(benches, all);
criterion_main!(benches);
