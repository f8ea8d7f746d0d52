//! The bits of MPFR, for numbers that are hard to round.

use rug::Float;

use super::{Mp, View, multiply_add, of_limbs};
use crate::scalar::in_order;

/// Limbs of zeros, of ones and of single bits as often as any others, and exponents that differ by little and by much.
fn hard<const BITS: u32>(state: &mut u64) -> Mp<BITS> {
    let mut draw = |below: u64| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (state.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11) % below
    };
    let mut x = Float::new(BITS);
    for limb in 0..BITS / 64 {
        let bit = draw(64) as u32;
        let digits = match draw(5) {
            0 => 0,
            1 => u64::MAX,
            2 => 1 << bit,
            3 => !(1 << bit),
            _ => draw(1 << 53) << 11 | draw(1 << 11),
        };
        x += Float::with_val(64, digits) >> (64 * limb);
    }
    let spread = [1, 2, 70, 140, 600][draw(5) as usize];
    x >>= draw(spread) as u32;
    Mp(if draw(2) == 0 { x } else { -x })
}

fn bits_of<const BITS: u32>(found: &[Mp<BITS>], expected: &[Mp<BITS>]) -> bool {
    (found.iter().zip(expected))
        .all(|(x, y)| x == y && x.0.is_sign_negative() == y.0.is_sign_negative())
}

fn compare<const BITS: u32, const N: usize, const M: usize>() {
    let mut state = 7 + u64::from(BITS);
    for round in 0..200 {
        let (m, inner, n) = (6, 1 + round % 7, 8);
        let mut fill = |count: usize| (0..count).map(|_| hard(&mut state)).collect::<Vec<_>>();
        let (mut a, b, mut start) = (fill(m * inner), fill(inner * n), fill(m * n));
        if inner > 1 {
            // Terms that cancel: all of the first, and all but the last bit of the second.
            let mut turned = a.clone();
            for i in 0..m {
                turned[m + i] = Mp(-a[i].0.clone());
            }
            // Beside 0 is the end of the range.
            for (k, up) in [(m + 1, true), (m + 2, false)] {
                let x = &mut turned[k].0;
                if up && !x.is_zero() {
                    x.next_up();
                } else if !x.is_zero() {
                    x.next_down();
                }
            }
            a = turned;
        }
        if round % 2 == 0 {
            start.fill(Mp(Float::new(BITS)));
        }
        let (a, b) = (View::new(&a, m, inner), View::new(&b, inner, n));
        let mut expected = start.clone();
        in_order(&mut expected, a, b);
        // What was there means nothing to a product.
        let mut anew = vec![Mp(Float::with_val(BITS, f64::NAN)); m * n];
        of_limbs::<BITS, N, M>(&mut anew, a, b, true).expect("finite");
        let mut sums = vec![Mp(Float::new(BITS)); m * n];
        in_order(&mut sums, a, b);
        assert!(bits_of(&anew, &sums));
        let mut found = start;
        of_limbs::<BITS, N, M>(&mut found, a, b, false).expect("finite");
        assert!(
            bits_of(&found, &expected),
            "{BITS} bits, {found:?} {expected:?}"
        );
    }
}

#[test]
fn bits_are_those_of_mpfr() {
    compare::<64, 1, 2>();
    compare::<128, 2, 4>();
    compare::<256, 4, 8>();
    compare::<512, 8, 16>();
}

/// With equal columns in B the first entries cancel against those of A.
#[test]
fn terms_cancel_to_the_last_bit() {
    let mut state = 3;
    for _ in 0..400 {
        let x = hard::<256>(&mut state);
        if x.0.is_zero() {
            continue;
        }
        let mut y = Mp(-x.0.clone());
        y.0.next_up();
        let a = [x.clone(), y, Mp(-x.0.clone()), x];
        let b = vec![hard::<256>(&mut state); 4 * 4];
        let (a, b) = (View::new(&a, 1, 4), View::new(&b, 4, 4));
        let mut expected = vec![Mp(Float::new(256)); 4];
        let mut found = expected.clone();
        in_order(&mut expected, a, b);
        assert!(multiply_add(&mut found, a, b, false));
        assert!(bits_of(&found, &expected));
    }
}

#[test]
fn what_is_not_finite_or_far_out_is_left_alone() {
    let one = Mp::<128>(Float::with_val(128, 1));
    for bad in [
        Mp(Float::with_val(128, f64::NAN)),
        Mp(Float::with_val(128, f64::INFINITY)),
        Mp(one.0.clone() << (1 << 29)),
    ] {
        let (a, mut b) = (vec![one.clone(); 4], vec![one.clone(); 16]);
        b[5] = bad;
        let mut c = vec![one.clone(); 4];
        assert!(!multiply_add(
            &mut c,
            View::new(&a, 1, 4),
            View::new(&b, 4, 4),
            false
        ));
        assert!(c.iter().all(|c| *c == one));
    }
}
