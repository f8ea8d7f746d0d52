//! Eigenvalues and eigenvectors of a tridiagonal matrix from those of its halves (Cuppen 1981).

use super::{secular, small};
use crate::{
    linalg::{Matrix, column, column_mut, two_columns},
    scalar::{Field, View},
};

/// Parts of at most so many rows are solved as they are.
const SMALL: usize = 32;

/// Ascending eigenvalues and orthonormal eigenvectors; entries of order one. `None` if an iteration did not end.
pub(super) fn eigen(diagonal: &[f64], beside: &[f64]) -> Option<(Vec<f64>, Matrix<f64>)> {
    let largest = diagonal
        .iter()
        .chain(beside)
        .fold(0.0, |largest: f64, x| largest.max(x.abs()));
    solved(diagonal, beside, largest * f64::EPSILON / 1024.0)
}

fn solved(diagonal: &[f64], beside: &[f64], negligible: f64) -> Option<(Vec<f64>, Matrix<f64>)> {
    let n = diagonal.len();
    if n <= SMALL {
        let mut values = diagonal.to_vec();
        let vectors = small::eigen(&mut values, beside, negligible)?;
        let order = ascending(&values);
        let vectors = Matrix::from_fn(n, n, |i, k| vectors[(i, order[k])]);
        return Some((order.iter().map(|&j| values[j]).collect(), vectors));
    }
    let half = n / 2;
    let joint = beside[half - 1];
    // T is the halves with |β| taken from the two entries at the joint, plus |β| (1, ±1)ᵀ(1, ±1) there.
    let (mut upper, mut lower) = (diagonal[..half].to_vec(), diagonal[half..].to_vec());
    upper[half - 1] -= joint.abs();
    lower[0] -= joint.abs();
    let upper = solved(&upper, &beside[..half - 1], negligible)?;
    let lower = solved(&lower, &beside[half..], negligible)?;
    joined(upper, lower, joint)
}

/// The order of numbers, the first of equals first.
fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    order
}

/// Where the entries of an eigenvector of the halves lie.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Upper,
    Both,
    Lower,
}

fn joined(
    upper: (Vec<f64>, Matrix<f64>),
    lower: (Vec<f64>, Matrix<f64>),
    joint: f64,
) -> Option<(Vec<f64>, Matrix<f64>)> {
    let (half, rest) = (upper.0.len(), lower.0.len());
    let n = half + rest;
    let mut vectors = Matrix::from_element(n, n, 0.0);
    vectors.view_mut((0, 0), (half, half)).copy_from(&upper.1);
    vectors
        .view_mut((half, half), (rest, rest))
        .copy_from(&lower.1);
    let mut values = upper.0;
    values.extend(lower.0);
    // The last row of the one and the first of the other, of length √2 together.
    let sign = 1f64.copysign(joint);
    let scale = 0.5f64.sqrt();
    let mut z: Vec<f64> = (0..n)
        .map(|j| if j < half { vectors[(half - 1, j)] } else { sign * vectors[(half, j)] } * scale)
        .collect();
    let rho = 2.0 * joint.abs();
    let mut parts: Vec<Part> = (0..n)
        .map(|j| if j < half { Part::Upper } else { Part::Lower })
        .collect();
    let kept = deflated(&mut values, &mut z, rho, &mut vectors, &mut parts);
    // The others are eigenpairs already.
    let d: Vec<f64> = kept.iter().map(|&j| values[j]).collect();
    let of_kept: Vec<f64> = kept.iter().map(|&j| z[j]).collect();
    // Vectors of the upper half, of both, of the lower half: each half of a product then takes what follows each other.
    let mut grouped: Vec<usize> = (0..kept.len()).collect();
    grouped.sort_by_key(|&k| parts[kept[k]]);
    let mut rows = vec![0; kept.len()];
    for (row, &k) in grouped.iter().enumerate() {
        rows[k] = row;
    }
    let (roots, coefficients) = secular::eigen(&d, &of_kept, rho, &rows)?;
    let grouped: Vec<usize> = grouped.iter().map(|&k| kept[k]).collect();
    let made = combined(&vectors, half, &grouped, &parts, &coefficients);
    for (&j, root) in kept.iter().zip(roots) {
        values[j] = root;
    }
    let mut from = vec![None; n];
    for (k, &j) in kept.iter().enumerate() {
        from[j] = Some(k);
    }
    let order = ascending(&values);
    let mut result = Matrix::from_element(n, n, 0.0);
    for (to, &j) in order.iter().enumerate() {
        let vector = match from[j] {
            Some(k) => column(&made, k),
            None => column(&vectors, j),
        };
        column_mut(&mut result, to).copy_from_slice(vector);
    }
    Some((order.iter().map(|&j| values[j]).collect(), result))
}

/// Which eigenpairs of the halves the joint changes, by ascending eigenvalue. Where an entry of z is as good as 0 there is
/// nothing to do; where two eigenvalues are as good as equal a rotation of their vectors makes one entry 0.
fn deflated(
    values: &mut [f64],
    z: &mut [f64],
    rho: f64,
    vectors: &mut Matrix<f64>,
    parts: &mut [Part],
) -> Vec<usize> {
    let largest = |x: &[f64]| x.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let tolerance = 4.0 * f64::EPSILON * largest(values).max(largest(z));
    let mut kept = vec![];
    let mut before: Option<usize> = None;
    for j in ascending(values) {
        if rho * z[j].abs() <= tolerance {
            continue;
        }
        let Some(p) = before.replace(j) else {
            continue;
        };
        let length = (z[p] * z[p] + z[j] * z[j]).sqrt();
        let (c, s) = (z[j] / length, z[p] / length);
        if ((values[j] - values[p]) * c * s).abs() > tolerance {
            kept.push(p);
            continue;
        }
        (z[p], z[j]) = (0.0, length);
        let (low, high) = (values[p], values[j]);
        values[p] = low * c * c + high * s * s;
        values[j] = low * s * s + high * c * c;
        let (first, second) = (p.min(j), p.max(j));
        let (x, y) = two_columns(vectors, first, second);
        // (v_p, v_j) ← (c v_p - s v_j, s v_p + c v_j).
        if first == p {
            f64::rotate(x, y, &c, &s);
        } else {
            f64::rotate(y, x, &c, &s);
        }
        if parts[p] != parts[j] {
            (parts[p], parts[j]) = (Part::Both, Part::Both);
        }
    }
    kept.extend(before);
    kept
}

/// The kept vectors, grouped by part, times the coefficients; products leave out halves that are zero.
fn combined(
    vectors: &Matrix<f64>,
    half: usize,
    grouped: &[usize],
    parts: &[Part],
    coefficients: &Matrix<f64>,
) -> Matrix<f64> {
    let (n, k) = (vectors.nrows(), grouped.len());
    let before = |part: Part| grouped.partition_point(|&j| parts[j] < part);
    let mut made = Matrix::from_element(n, k, 0.0);
    if k == 0 {
        return made;
    }
    for (rows, taken) in [
        (0..half, 0..before(Part::Lower)),
        (half..n, before(Part::Both)..k),
    ] {
        let mut left = Vec::with_capacity(rows.len() * taken.len());
        for &j in &grouped[taken.clone()] {
            left.extend_from_slice(&column(vectors, j)[rows.clone()]);
        }
        let left = View::new(&left, rows.len(), taken.len());
        let from = coefficients.as_slice().get(taken.start..);
        let right = View::apart(from.unwrap_or_default(), taken.len(), k, k);
        f64::multiply_add_apart(&mut made.as_mut_slice()[rows.start..], n, left, right);
    }
    made
}
