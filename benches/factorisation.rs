//! Products, QR and SVD, by size and precision.
//!
//! `make bench`, or `cargo bench --bench factorisation -- svd`.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use isotropic::{
    linalg::{Matrix, product, qr, singular_values, svd},
    scalar::{Mp, Real},
};
use support::matrix;

fn one<S: Real, T>(c: &mut Criterion, what: &str, a: &Matrix<S>, run: impl Fn(&Matrix<S>) -> T) {
    let size = format!("{}×{}", a.nrows(), a.ncols());
    let mut group = c.benchmark_group(what);
    group.sample_size(10);
    group.bench_function(BenchmarkId::new(S::name(), size), |b| {
        b.iter(|| run(black_box(a)))
    });
    group.finish();
}

fn square<S: Real>(c: &mut Criterion, sizes: &[usize]) {
    for &n in sizes {
        let a = matrix::<S>(n, n);
        one(c, "product", &a, |a| product(a, a));
        one(c, "qr, with all of Q", &a, |a| qr(a).q(n));
        one(c, "svd", &a, svd);
    }
}

fn all(c: &mut Criterion) {
    square::<f32>(c, &[64]);
    square::<f64>(c, &[32, 64, 128]);
    square::<Mp<128>>(c, &[32]);
    square::<Mp<256>>(c, &[16, 32, 64]);
    square::<Mp<1024>>(c, &[16, 32]);
    // A thin SVD builds no 784 × 784 factor.
    let wide = matrix::<f64>(100, 784);
    one(c, "svd", &wide, svd);
    one(c, "singular values alone", &wide, singular_values);
}

criterion_group!(benches, all);
criterion_main!(benches);
