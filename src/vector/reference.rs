//! A reference: its certificate, how an answer is compared with it, and by how much it may differ.

use super::{
    case::{Compare, Quantity},
    operation::Allow,
    text::upward,
    tree::Tree,
};
use crate::scalar::{Field, Mp, Rational};

/// Longest p/q that is stored beside the decimals.
const LONGEST_RATIO: usize = 40;

/// The two precisions must agree to 10^-100 of the norm: 40 digits more than are stored.
pub(super) const AGREEMENT: u32 = 100;

/// The arithmetics a port may answer in: name, u = 2^-p, smallest positive number 2^e.
pub(super) const PRECISIONS: [(&str, i32, i32); 2] = [("f64", 53, -1074), ("f32", 24, -149)];

/// 10^-100, relative to the norm of `b`.
pub(super) fn close(a: &Tree<Rational>, b: &Tree<Rational>) -> bool {
    let digits = rug::Rational::from(rug::Integer::from(rug::Integer::u_pow_u(10, 2 * AGREEMENT)));
    a.mismatch(b).is_none() && a.distance_squared(b) * Rational(digits) <= b.squares()
}

pub(super) fn certify(
    allow: &Allow,
    coarse: &Tree<Rational>,
    fine: &Tree<Rational>,
) -> Result<(), String> {
    let fits = match allow {
        Allow::Units(_) | Allow::Carried(_) => close(coarse, fine),
        Allow::Exact => coarse == fine,
        // 0 in exact arithmetic, and 1e-100 is far above what 512 bits leave of it.
        Allow::Zero(_) => close(&Tree::count(1), &Tree::Leaf(shifted(fine))),
        Allow::AtMost(limit, units) => {
            let slack = units.rounding.to_rational().unwrap_or_default() * power_of_two(-500);
            fine.leaves()
                .into_iter()
                .all(|x| *x <= limit.clone() + &slack)
        }
    };
    match fits {
        true => Ok(()),
        false => Err("512 and 1024 bits do not bear it out".into()),
    }
}

/// 1 + x for a number that should be 0.
fn shifted(x: &Tree<Rational>) -> Rational {
    let sum = x
        .leaves()
        .into_iter()
        .fold(Rational::from(0), |sum, x| sum + x);
    sum + Rational::from(1)
}

fn power_of_two(e: i32) -> Rational {
    Rational(rug::Rational::from(1) << e)
}

pub(super) fn quantity(
    allow: &Allow,
    fine: &Tree<Rational>,
    exact: Option<&Tree<Rational>>,
) -> Quantity {
    let entries = fine.leaves().len() as i64;
    let budget = |units: &Mp<512>, carried: &Mp<512>| {
        let units = units.to_rational().unwrap_or_default();
        let carried = carried.to_rational().unwrap_or_default();
        let allowance = PRECISIONS.iter().map(|&(name, p, least)| {
            // Twice the bound of first order covers the rest; results may underflow, and so may what they are made of.
            let rounding = units.clone() * power_of_two(1 - p);
            let numbers = Rational::from(4 * entries) + carried.clone() * Rational::from(2);
            (
                name.to_string(),
                upward(&(rounding + numbers * power_of_two(least))),
            )
        });
        Some(allowance.collect())
    };
    let alone = |units: &Mp<512>| budget(units, &Mp::from_int(0));
    let near = |allowance| {
        let short = exact.map(|exact| exact.spelled(&|x| x.to_string()));
        Quantity {
            compare: Compare::Norm,
            value: exact.unwrap_or(fine).decimal(),
            exact: short.filter(|tree| tree.leaves().iter().all(|x| x.len() <= LONGEST_RATIO)),
            allowance,
        }
    };
    match allow {
        Allow::Units(units) => near(alone(units)),
        Allow::Carried(units) => near(budget(&units.rounding, &units.underflow)),
        Allow::Zero(units) => Quantity {
            compare: Compare::Norm,
            value: Tree::Leaf("0".into()),
            exact: None,
            allowance: alone(units),
        },
        Allow::Exact => Quantity {
            compare: Compare::Exact,
            value: fine.spelled(&super::text::spell_whole),
            exact: None,
            allowance: None,
        },
        Allow::AtMost(limit, units) => Quantity {
            compare: Compare::AtMost,
            value: Tree::Leaf(upward(limit)),
            exact: None,
            allowance: budget(&units.rounding, &units.underflow),
        },
    }
}

/// Whether a wrong answer could be told from a right one: the allowance is at most 1/16 of the value's norm,
/// or of 1 where the value is smaller.
pub(super) fn meaningful(quantity: &Quantity, value: &Tree<Rational>, precision: &str) -> bool {
    let Some(text) = quantity
        .allowance
        .as_ref()
        .and_then(|all| all.get(precision))
    else {
        return quantity.allowance.is_none();
    };
    let Ok(allowance) = crate::scalar::text::parse_exact(text) else {
        return false;
    };
    let size = value.squares();
    let size = if size < Rational::from(1) {
        Rational::from(1)
    } else {
        size
    };
    allowance.clone() * allowance * Rational::from(256) <= size
}
