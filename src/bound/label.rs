//! Labels: which output is the largest, as far as enclosures tell.

use num_traits::Signed;

use crate::scalar::interval::{Endpoint, Interval};

/// The output that is larger than every other, whatever members of the intervals the outputs are; `None` where two
/// may be equal or change places, and for fewer than two outputs, which have no labels.
pub fn certain_label<E: Endpoint>(y: &[Interval<E>]) -> Option<usize> {
    (0..y.len()).find(|&label| margin(y, label).is_some_and(|margin| margin.is_positive()))
}

/// y_label - max y_j over the other outputs; `None` if there is no other, or no such label.
pub fn margin<E: Endpoint>(y: &[Interval<E>], label: usize) -> Option<Interval<E>> {
    let here = y.get(label)?;
    let others = (0..y.len()).filter(|&j| j != label);
    let least = others
        .map(|j| here.clone() - &y[j])
        .reduce(Interval::smaller);
    least.filter(|least| !least.is_none())
}

/// Outputs that may each be off by `error`.
#[cfg(feature = "verify")]
pub(crate) fn blurred<E: Endpoint>(y: &[Interval<E>], error: &Interval<E>) -> Vec<Interval<E>> {
    if num_traits::Zero::is_zero(error) {
        return y.to_vec();
    }
    let error = Interval::symmetric(error);
    y.iter().map(|y| y.clone() + &error).collect()
}

#[cfg(all(test, feature = "verify"))]
mod tests {
    use super::*;

    fn outputs(ends: &[(f64, f64)]) -> Vec<Interval<f64>> {
        let interval = |(lo, hi): &(f64, f64)| Interval::new(*lo, *hi).expect("an interval");
        ends.iter().map(interval).collect()
    }

    #[test]
    fn a_label_is_certain_where_nothing_else_can_be_as_large() {
        let y = outputs(&[(1.0, 2.0), (3.0, 4.0), (0.0, 2.5)]);
        assert_eq!(certain_label(&y), Some(1));
        assert!((0.49..=0.5).contains(margin(&y, 1).expect("three").lo()));
        assert!(margin(&y, 0).expect("three").hi() < &0.0);
        // Touching is a tie, and a tie is no label.
        assert_eq!(certain_label(&outputs(&[(1.0, 2.0), (2.0, 3.0)])), None);
        assert_eq!(certain_label(&outputs(&[(1.0, 1.0), (1.0, 1.0)])), None);
        assert_eq!(certain_label(&outputs(&[(1.0, 1.0)])), None);
        let wide = blurred(&y, &Interval::point(0.5));
        assert_eq!(certain_label(&wide), None);
        assert_eq!(certain_label(&blurred(&y, &Interval::point(0.2))), Some(1));
    }
}
