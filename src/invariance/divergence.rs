//! The Kullback–Leibler divergence of two softmaxes, without cancellation.

use crate::scalar::Real;

/// KL(p ‖ p') in nats, p = softmax y and p' = softmax y'.
///
/// With d = y - y' and t_i = Σ p d - d_i it is ln Σ p_i e^{t_i} = ln(1 + Σ p_i φ(t_i)) for
/// φ(t) = e^t - 1 - t ≥ 0, because Σ p_i t_i = 0. Every term is positive, so that a divergence of 1e-30 has
/// as many digits as one of 1; Σ p_i (ln p_i - ln p'_i) would have none.
pub(super) fn divergence<S: Real>(y: &[S], changed: &[S]) -> S {
    let largest = y.iter().fold(None, |largest: Option<&S>, y| match largest {
        Some(largest) if largest >= y => Some(largest),
        _ => Some(y),
    });
    let Some(largest) = largest else {
        return S::zero();
    };
    let mut p: Vec<S> = y.iter().map(|y| (y.clone() - largest).exp()).collect();
    let total = p.iter().fold(S::zero(), |sum, p| sum + p);
    p.iter_mut().for_each(|p| *p /= &total);
    let difference: Vec<S> = y.iter().zip(changed).map(|(a, b)| a.clone() - b).collect();
    let mean = S::dot(&p, &difference);
    let t = difference.iter().map(|d| mean.clone() - d);
    let excess = p
        .iter()
        .zip(t.clone())
        .fold(S::zero(), |sum, (p, t)| sum + p.clone() * phi(&t));
    if excess.is_finite() {
        return ln_1p(&excess);
    }
    // e^t overflows: the logarithm of the sum by its largest term, ln p_i + t_i.
    let exponents: Vec<S> = y
        .iter()
        .zip(t)
        .map(|(y, t)| y.clone() - largest - total.ln() + t)
        .collect();
    let top = exponents
        .iter()
        .fold(exponents[0].clone(), |a, b| S::larger(a, b.clone()));
    let rest = exponents
        .iter()
        .fold(S::zero(), |sum, e| sum + (e.clone() - &top).exp());
    top + rest.ln()
}

/// φ(t) = e^t - 1 - t.
fn phi<S: Real>(t: &S) -> S {
    if t.abs() > S::from_f64(0.5) {
        return t.exp() - S::one() - t;
    }
    let mut term = t.clone() * t / S::from_int(2);
    let mut sum = term.clone();
    let mut k = 3;
    while term.abs() > sum.abs() * S::unit_roundoff() {
        term = term * t / S::from_int(k);
        sum += &term;
        k += 1;
    }
    sum
}

/// ln(1 + x) for x ≥ 0: what 1 + x loses in x is put back by the quotient.
fn ln_1p<S: Real>(x: &S) -> S {
    let w = S::one() + x;
    if w == S::one() {
        return x.clone();
    }
    x.clone() * w.ln() / (w - S::one())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Mp;

    /// Σ p (ln p - ln p') at four times the precision.
    fn plain(y: &[f64], changed: &[f64]) -> f64 {
        let softmax = |y: &[f64]| -> Vec<Mp<256>> {
            let e: Vec<Mp<256>> = y.iter().map(|y| Mp::from_f64(*y).exp()).collect();
            let total = e.iter().fold(Mp::from_f64(0.0), |sum, e| sum + e);
            e.into_iter().map(|e| e / &total).collect()
        };
        use crate::scalar::Field;
        let (p, q) = (softmax(y), softmax(changed));
        let terms = p.iter().zip(&q).map(|(p, q)| p.clone() * (p.ln() - q.ln()));
        terms
            .fold(Mp::<256>::from_f64(0.0), |sum, term| sum + term)
            .to_f64()
    }

    #[test]
    fn agrees_with_the_definition_at_every_size() {
        let y = [0.3, -1.2, 2.5, 0.0, -7.0];
        let direction = [1.0, -0.4, 0.7, 0.1, 2.0];
        // 2^-26: e^t - 1 would have lost half of its digits, the definition in f64 all of them.
        for scale in [700.0, 20.0, 1.0, 1e-2, 1e-5, 2f64.powi(-26), 2f64.powi(-40)] {
            let changed: Vec<f64> = y
                .iter()
                .zip(direction)
                .map(|(y, d)| y + scale * d)
                .collect();
            let (found, expected) = (divergence(&y, &changed), plain(&y, &changed));
            // Five terms of a few roundings each; y - y' is exact where the two are close.
            let allowed = 64.0 * f64::EPSILON * expected;
            assert!(
                (found - expected).abs() <= allowed,
                "{scale}: {found:e}, {expected:e}"
            );
        }
    }

    #[test]
    fn is_zero_for_equal_softmaxes_and_finite_beyond_the_range_of_exp() {
        assert_eq!(divergence(&[1.0, 2.0], &[1.0, 2.0]), 0.0);
        assert_eq!(divergence(&[1.0, 2.0], &[0.5, 1.5]), 0.0);
        assert_eq!(divergence(&[3.0], &[9.0]), 0.0);
        assert_eq!(divergence::<f64>(&[], &[]), 0.0);
        let far = divergence(&[0.0, 0.0], &[4000.0, 0.0]);
        assert!(
            (far - (2000.0 - 2f64.ln())).abs() <= 2000.0 * 2.0 * f64::EPSILON,
            "{far}"
        );
        assert!(divergence(&[f64::NAN, 0.0], &[0.0, 0.0]).is_nan());
    }
}
