//! Mistakes that are known by a sign: which outputs are wrong and how, where the numbers depend on the port.

mod gradient;

use std::collections::BTreeMap;

use super::{
    Known, Mistake, Test,
    evidence::{Seen, Weight, distance, size},
};
use crate::vector::{flag::flag, operation::Operation};

/// What shows a mistake: the operation, the flag, whether it must show everywhere, and the sign. Of two signs of one mistake any will do.
type Row = (Operation, &'static str, bool, Test);

const TABLE: &[Row] = &[
    (Operation::Harness, "HarnessWorks", false, |_| Weight::For),
    (Operation::Activation, "OverflowToZero", false, |seen| {
        out_of_range(seen, Side::Above)
    }),
    (Operation::Activation, "UnderflowOfNorm", false, |seen| {
        out_of_range(seen, Side::Below)
    }),
    // Squares that are formed as they are leave the range on both sides.
    (Operation::Activation, "OverflowToZero", false, |seen| {
        out_of_range(seen, Side::Either)
    }),
    (Operation::Left, "SigmaUnsorted", false, |seen| {
        when(unsorted(seen))
    }),
    (Operation::Left, "SignsNotFixed", false, |seen| {
        when(negated(seen))
    }),
    (Operation::Full, "SigmaUnsorted", false, |seen| {
        when(unsorted(seen))
    }),
    (Operation::Full, "SignsNotFixed", false, |seen| {
        when(negated(seen))
    }),
    (Operation::Truncate, "SigmaUnsorted", false, |seen| {
        when(unsorted(seen))
    }),
    (Operation::Truncate, "SigmaByGram", false, |seen| {
        when(small_ones_lost(seen))
    }),
    (Operation::Alternate, "NoExactZeros", true, |seen| {
        when(few_zeros(seen))
    }),
    (Operation::Triangular, "NoExactZeros", true, |seen| {
        when(few_zeros(seen))
    }),
    (Operation::Grow, "GrowRandomRow", true, |seen| {
        when(seen.only(&["y"]))
    }),
    (Operation::Grow, "NewColumnsScaled", true, |seen| {
        when(scaled_columns(seen))
    }),
    (Operation::Left, "SigmaByGram", false, |seen| {
        when(small_ones_lost(seen))
    }),
    (Operation::Full, "InnerNotRotated", true, |seen| {
        when(seen.only(&["y"]) || seen.only(&["off_diagonal", "y"]))
    }),
    (
        Operation::Gradient,
        "NanAtZero",
        false,
        gradient::not_finite_below,
    ),
    (
        Operation::Gradient,
        "SoftmaxUnshifted",
        false,
        gradient::not_finite_with_loss,
    ),
    (
        Operation::Gradient,
        "SlopeCancels",
        false,
        gradient::cancelled,
    ),
];

/// The signs that an operation can show.
pub(super) fn known(operation: Operation) -> Vec<Known> {
    let rows = TABLE.iter().filter(|(of, ..)| *of == operation);
    let sign = |flag, everywhere, test| Known {
        flag,
        everywhere,
        numbers: false,
        tests: vec![test],
    };
    let mut signs: Vec<Known> = rows
        .map(|&(_, flag, everywhere, test)| sign(flag, everywhere, test))
        .collect();
    // What is decided over ℚ is no number that could be rounded.
    if operation != Operation::Harness && operation != Operation::Decide {
        signs.push(sign("SinglePrecision", true, single));
    }
    signs
}

fn when(fits: bool) -> Weight {
    if fits { Weight::For } else { Weight::Against }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
    Either,
}

/// The squares of z and their sum with o leave the range of the arithmetic.
fn out_of_range(seen: &Seen<'_>, side: Side) -> Weight {
    let (Ok(z), Ok(o)) = (
        seen.input().vector::<f64>("z"),
        seen.input().number::<f64>("o"),
    ) else {
        return Weight::Silent;
    };
    let (largest, smallest) = match seen.precision {
        "f32" => (f64::from(f32::MAX), f64::from(f32::MIN_POSITIVE)),
        _ => (f64::MAX, f64::MIN_POSITIVE),
    };
    let r = z.iter().fold(o, |sum, x| sum + x * x);
    let above = r > largest;
    // Digits are lost from the smallest normal number downwards.
    let below = r < smallest * 1e17 && z.iter().any(|x| *x != 0.0);
    match side {
        Side::Above => when(above),
        Side::Below => when(below),
        Side::Either => when(above || below),
    }
}

/// σ in another order.
fn unsorted(seen: &Seen<'_>) -> bool {
    let (Some(mut sigma), Some(expected)) = (seen.answered("sigma"), seen.expected("sigma")) else {
        return false;
    };
    sigma.sort_by(|a, b| b.total_cmp(a));
    seen.wrong.contains(&"sigma")
        && !seen.refused()
        && distance(&sigma, &expected) <= seen.allowance("sigma")
}

/// σ with signs.
fn negated(seen: &Seen<'_>) -> bool {
    let (Some(sigma), Some(expected)) = (seen.answered("sigma"), seen.expected("sigma")) else {
        return false;
    };
    let sizes: Vec<f64> = sigma.iter().map(|s| s.abs()).collect();
    seen.only(&["sigma"]) && distance(&sizes, &expected) <= seen.allowance("sigma")
}

/// The large σ are right, and the small ones are off by √u of the largest, which is what squaring leaves; or NaN, the root of
/// an eigenvalue that rounding made negative.
fn small_ones_lost(seen: &Seen<'_>) -> bool {
    let (Some(sigma), Some(expected)) = (seen.answered("sigma"), seen.expected("sigma")) else {
        return false;
    };
    let most = expected.iter().copied().fold(0.0, f64::max);
    let root: f64 = match seen.precision {
        "f32" => 2f64.powi(-12),
        _ => 2f64.powi(-26),
    };
    let fits = |(s, right): (&f64, &f64)| match *right < most * root * 64.0 {
        true => !s.is_finite() || (s - right).abs() <= most * root * 8.0,
        false => (s - right).abs() <= seen.allowance("sigma"),
    };
    seen.wrong.contains(&"sigma")
        && sigma.len() == expected.len()
        && sigma.iter().zip(&expected).all(fits)
}

/// At most half of the zeros that were promised, and nothing else wrong.
fn few_zeros(seen: &Seen<'_>) -> bool {
    let (Some(zeros), Some(expected)) = (seen.answered("zeros"), seen.expected("zeros")) else {
        return false;
    };
    seen.only(&["zeros"]) && zeros.len() == 1 && 2.0 * zeros[0] <= expected[0]
}

/// The new columns of W_{l+1} are multiples of those that were given, the old ones are right, and so is y.
fn scaled_columns(seen: &Seen<'_>) -> bool {
    let (Some(given), Some(expected)) =
        (seen.answered("next_weight"), seen.expected("next_weight"))
    else {
        return false;
    };
    let Ok(columns) = seen.input().matrix::<f64>("columns") else {
        return false;
    };
    let (rows, new) = columns.shape();
    if !seen.only(&["next_weight"]) || given.len() != expected.len() || rows == 0 {
        return false;
    }
    let width = given.len() / rows;
    (0..width).all(|j| {
        let entries = (0..rows).map(|i| (given[i * width + j], expected[i * width + j]));
        let factor = match j + new >= width {
            true => {
                let (dot, square) = entries.clone().fold((0.0, 0.0), |(dot, square), (a, b)| {
                    (dot + a * b, square + b * b)
                });
                dot / square
            }
            false => 1.0,
        };
        let off = entries.map(|(a, b)| a - factor * b).fold(0.0, f64::hypot);
        let column: Vec<f64> = (0..rows).map(|i| expected[i * width + j]).collect();
        off <= 1e-6 * size(&column)
    })
}

/// Every wrong output is right to single precision and no further; what single precision cannot hold is infinite or 0.
fn single(seen: &Seen<'_>) -> Weight {
    if seen.precision != "f64" {
        return Weight::Silent;
    }
    let fits = |name: &&str| {
        let (Some(answer), Some(expected)) = (seen.answered(name), seen.expected(name)) else {
            return false;
        };
        let most = size(&expected);
        if most > 3e38 || (most > 0.0 && most < 1e-36) {
            return answer.len() == expected.len();
        }
        // What is to be 0 is a share of something already.
        let unit = if most == 0.0 { 1.0 } else { most };
        let share = distance(&answer, &expected) / unit;
        (2f64.powi(-34)..=2f64.powi(-17)).contains(&share)
    };
    let refused = seen.refused() || seen.broken();
    when(seen.failed && !refused && !seen.wrong.is_empty() && seen.wrong.iter().all(fits))
}

/// Checks that were left out: nine of ten of what was not refused carries the flag, and half of the flag's cases (a third, where
/// that is three or more) were not refused. A network that was changed before it was refused is a mistake of its own.
pub(super) fn not_refused(seen: &[Seen<'_>]) -> Vec<Mistake> {
    const CHANGED: &str = "NotAtomic";
    // A case of another flag that ended in a crash is no case that was carried out.
    let counts = |seen: &&Seen<'_>, name: &str| {
        seen.failed && (!seen.broken() || seen.case.flags.iter().any(|flag| flag == name))
    };
    let failed = seen.iter().filter(|seen| seen.failed).count();
    let changed = seen
        .iter()
        .filter(|seen| seen.failed && seen.refused())
        .count();
    // Refused, and another network afterwards: whatever the case was made for.
    if 10 * changed >= 9 * failed {
        return flag(CHANGED)
            .map(|flag| Mistake {
                flag,
                explained: changed,
                numbers: false,
            })
            .into_iter()
            .collect();
    }
    let shows = |seen: &Seen<'_>, name: &str| seen.failed && !seen.refused() && name != CHANGED;
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for seen in seen {
        for name in &seen.case.flags {
            let entry = tally.entry(name).or_default();
            entry.0 += usize::from(shows(seen, name));
            entry.1 += 1;
        }
    }
    let enough = |name: &str, (explained, of): (usize, usize)| {
        let failed = seen.iter().filter(|seen| counts(seen, name)).count();
        let share = 2 * explained >= of || (explained >= 3 && 3 * explained >= of);
        // Every case of the flag, and one that another check would have refused.
        let all = explained == of && of > 1 && failed <= explained + 1;
        explained > 0 && (all || (10 * explained >= 9 * failed && share))
    };
    let candidates: Vec<(&str, (usize, usize))> = tally
        .into_iter()
        .filter(|(name, n)| enough(name, *n))
        .collect();
    // Of two flags that explain as much, the one of fewer cases says more.
    let key = |(_, (explained, of)): &(&str, (usize, usize))| (*explained, usize::MAX - *of);
    let best = candidates.iter().map(key).max();
    let best = candidates.iter().filter(|known| Some(key(known)) == best);
    best.filter_map(|(name, (explained, _))| {
        Some(Mistake {
            flag: flag(name)?,
            explained: *explained,
            numbers: false,
        })
    })
    .collect()
}
