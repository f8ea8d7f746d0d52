//! What hardware floats spend their time in, in the widest vectors that the processor has.
//!
//! The instruction set is chosen when the program runs (crate `pulp`). The bits of a result do not
//! depend on it: every kernel says which sums it forms, products and sums are rounded one by one (never
//! fused), and vectors only carry several such sums side by side.

mod activation;
mod element;
mod product;
#[cfg(test)]
mod tests;
mod vector;

pub(super) use activation::{
    add_terms, largest_finite, scale_twice, sum_of_squares, sum_of_squares_in_doubles,
};
pub(super) use element::Element;
pub(super) use product::{multiply_add, multiply_add_exact, product};
pub(super) use vector::{axpy, descend, dot, rotate, scale};

use pulp::{Arch, Scalar128b, Simd, WithSimd};

/// Runs `op` with the widest vectors at hand. Where nothing is detected, vectors of 128 bits, which
/// every x86-64 and aarch64 has, are left to the compiler.
#[inline]
fn dispatch<O: WithSimd>(op: O) -> O::Output {
    match Arch::new() {
        Arch::Scalar => Scalar128b.vectorize(op),
        #[allow(unreachable_patterns)]
        arch => arch.dispatch(op),
    }
}
