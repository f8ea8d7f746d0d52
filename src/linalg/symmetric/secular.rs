//! Eigenvalues and eigenvectors of diag(d) + ρ z zᵀ.

use pulp::Arch;

use crate::linalg::{Matrix, column, column_mut};

/// Steps for each eigenvalue; four are typical, and halving the interval alone takes so many.
const STEPS: usize = 120;
/// Sums beside each other, a whole number of vectors.
const LANES: usize = 8;

/// For ascending, distinct d, ρ > 0 and no z_j = 0: the eigenvalues, ascending, and orthonormal eigenvectors in columns, with
/// entry j in row `rows[j]`. `None` if an eigenvalue did not come.
pub(super) fn eigen(
    d: &[f64],
    z: &[f64],
    rho: f64,
    rows: &[usize],
) -> Option<(Vec<f64>, Matrix<f64>)> {
    Arch::new().dispatch(|| vectorised(d, z, rho, rows))
}

#[inline(always)]
fn vectorised(d: &[f64], z: &[f64], rho: f64, rows: &[usize]) -> Option<(Vec<f64>, Matrix<f64>)> {
    let k = d.len();
    // Column i holds d_j - λ_i, which the difference of the rounded numbers would not give.
    let mut distances = Matrix::from_element(k, k, 0.0);
    let mut values = Vec::with_capacity(k);
    let squares: Vec<f64> = z.iter().map(|z| z * z).collect();
    let reach = rho * squares.iter().sum::<f64>();
    for i in 0..k {
        let value = root(d, &squares, rho, reach, i, column_mut(&mut distances, i))?;
        values.push(value);
    }
    // The z for which these distances are exact (Gu and Eisenstat 1994): its eigenvectors are orthogonal to rounding.
    let mut products = vec![1.0; k];
    for i in 0..k {
        let distances = column(&distances, i);
        let (at, here) = (products[i] * distances[i], d[i]);
        for ((product, distance), d) in products.iter_mut().zip(distances).zip(d) {
            *product *= distance / (d - here);
        }
        products[i] = at;
    }
    let z: Vec<f64> = z
        .iter()
        .zip(&products)
        .map(|(z, product)| (-product).max(0.0).sqrt().copysign(*z))
        .collect();
    let mut vector = vec![0.0; k];
    for i in 0..k {
        let to = column_mut(&mut distances, i);
        for ((x, z), distance) in vector.iter_mut().zip(&z).zip(to.iter()) {
            *x = z / distance;
        }
        let length = lanes(&vector, |x| x * x).sqrt();
        if !(length.is_finite() && length > 0.0) {
            return None;
        }
        for (x, row) in vector.iter().zip(rows) {
            to[*row] = x / length;
        }
    }
    Some((values, distances))
}

/// Σ f(x_j): sum j mod 8 takes term j.
#[inline(always)]
fn lanes(x: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let (blocks, rest) = x.as_chunks::<LANES>();
    for block in blocks {
        for (sum, x) in sums.iter_mut().zip(block) {
            *sum += f(*x);
        }
    }
    for (sum, x) in sums.iter_mut().zip(rest) {
        *sum += f(*x);
    }
    sums.iter().sum()
}

/// Σ z_j² / (d_j - λ) and Σ z_j² / (d_j - λ)².
#[inline(always)]
fn sums(squares: &[f64], distances: &[f64]) -> (f64, f64) {
    let (mut of_values, mut of_slopes) = ([0.0; LANES], [0.0; LANES]);
    let (blocks, rest) = squares.as_chunks::<LANES>();
    let (far, far_rest) = distances.as_chunks::<LANES>();
    for (z, distance) in blocks.iter().zip(far) {
        for lane in 0..LANES {
            let inverse = 1.0 / distance[lane];
            let term = z[lane] * inverse;
            of_values[lane] += term;
            of_slopes[lane] += term * inverse;
        }
    }
    for (lane, (z, distance)) in rest.iter().zip(far_rest).enumerate() {
        let inverse = 1.0 / distance;
        let term = z * inverse;
        of_values[lane] += term;
        of_slopes[lane] += term * inverse;
    }
    (of_values.iter().sum(), of_slopes.iter().sum())
}

/// The root of 1/ρ + Σ z_j² / (d_j - λ) between d_i and d_{i+1} (behind the last d, within `reach` of it); leaves d_j - λ
/// in `distances`. From the nearer end of the interval, by the roots of functions with the two poles at its ends that have
/// the value and the slope of either part of the sum (Bunch, Nielsen and Sorensen 1978); halving where one leaves it.
#[inline(always)]
fn root(
    d: &[f64],
    squares: &[f64],
    rho: f64,
    reach: f64,
    i: usize,
    distances: &mut [f64],
) -> Option<f64> {
    let k = d.len();
    let last = i + 1 == k;
    let width = if last { reach } else { d[i + 1] - d[i] };
    let inverse = 1.0 / rho;
    let mut shift = 0.5 * width;
    let mut origin = i;
    let (mut low, mut high) = (0.0, width);
    for step in 0..STEPS {
        let from = d[origin];
        for (distance, d) in distances.iter_mut().zip(d) {
            *distance = (d - from) - shift;
        }
        let (psi, psi_slope) = sums(&squares[..=i], &distances[..=i]);
        let (phi, phi_slope) = sums(&squares[i + 1..], &distances[i + 1..]);
        let value = inverse + psi + phi;
        let size = inverse + phi - psi;
        if !value.is_finite() {
            return None;
        }
        // Rounding in the sum, and what the last bits of the shift are worth.
        let slope = psi_slope + phi_slope;
        if value.abs() <= 4.0 * f64::EPSILON * size.max(shift.abs() * slope) {
            return Some(from + shift);
        }
        if value < 0.0 {
            low = shift;
        } else {
            high = shift;
        }
        if step == 0 && !last && value < 0.0 {
            // The right half: distances count from its end.
            origin = i + 1;
            (shift, low, high) = (-0.5 * width, -0.5 * width, 0.0);
        }
        let change = if last {
            // One pole.
            let rest = value - distances[i] * slope;
            distances[i] + distances[i] * distances[i] * slope / rest
        } else {
            let (left, right) = (distances[i], distances[i + 1]);
            let c = value - left * psi_slope - right * phi_slope;
            let a = (left + right) * value - left * right * slope;
            let b = left * right * value;
            let root = (a * a - 4.0 * b * c).abs().sqrt();
            if c == 0.0 {
                b / a
            } else if a <= 0.0 {
                (a - root) / (2.0 * c)
            } else {
                2.0 * b / (a + root)
            }
        };
        let change = if change * value < 0.0 {
            change
        } else {
            -value / slope
        };
        let next = shift + change;
        let inside = next > low && next < high;
        let next = if inside { next } else { 0.5 * (low + high) };
        if next == shift {
            return Some(from + shift);
        }
        shift = next;
    }
    None
}
