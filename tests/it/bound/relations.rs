//! Relations between two networks, right and wrong, and regions that are none.

use crate::support;
use isotropic::{
    Gain, Network,
    bound::{Relation, difference_at, difference_over_ball, difference_with, enclose},
    gauge::{self, Gauge},
    network::evaluate,
    scalar::{Enclosure, Field, Mp},
};
use num_traits::{One, Zero};
use rand::RngExt;

use super::pairs::{lower, upper};

#[test]
fn a_wrong_relation_gives_a_large_bound_and_a_misfit_none() {
    let a = support::network::<f64>(&[3, 4, 4, 2], Gain::Tanh, 5);
    let b = gauge::diagonalise(&a, Gauge::Left, &[]).expect("it converges");
    let (a, b): (Network<Enclosure>, Network<Enclosure>) = (
        enclose(&a).expect("in range"),
        enclose(&b).expect("in range"),
    );
    let one = Enclosure::one();
    let found = difference_over_ball(&a, &b, &one).expect("fits");
    assert!(upper(&found.difference) < 1e-13, "{}", found.difference);
    let Relation::Embedded(mut embedding) = found.relation.clone() else {
        panic!("a rotation is an embedding");
    };
    let again = difference_with(&a, &b, &one, &found.relation).expect("fits");
    assert_eq!(again, found.difference);
    // One entry of E off by 1e-6: the bound pays for it, and is still a bound.
    if let Some(matrix) = &mut embedding.maps[0].matrix {
        matrix[(1, 2)] += Mp::from_f64(1e-6);
    }
    let off = difference_with(&a, &b, &one, &Relation::Embedded(embedding.clone())).expect("fits");
    assert!(upper(&off) > 1e-7, "{off}");
    embedding.maps.pop();
    let misfit = difference_with(&a, &b, &one, &Relation::Embedded(embedding)).expect("fits");
    assert!(!misfit.is_finite());
}

#[test]
fn bad_regions_and_pairs_are_refused() {
    let enclosed = |widths: &[usize]| -> Network<Enclosure> {
        enclose(&support::network::<f64>(widths, Gain::Tanh, 1)).expect("in range")
    };
    let (a, b) = (enclosed(&[3, 4, 2]), enclosed(&[3, 4, 2, 5]));
    let one = Enclosure::one();
    let error = difference_over_ball(&a, &b, &one)
        .expect_err("outputs")
        .to_string();
    assert!(error.contains("3 inputs and 5 outputs"), "{error}");
    for radius in [-one.clone(), Enclosure::none(), Enclosure::whole()] {
        let error = difference_over_ball(&a, &a, &radius)
            .expect_err("no radius")
            .to_string();
        assert!(error.contains("radius of the ball"), "{error}");
    }
    let zero = difference_over_ball(&a, &a, &Enclosure::zero()).expect("a point");
    assert!(zero.difference.is_zero(), "a network and itself");
    assert!(difference_at(&a, &a, &[one]).is_err(), "input length");
}

#[test]
fn a_box_of_inputs_is_covered() {
    let a = support::network::<f64>(&[3, 4, 2], Gain::Algebraic, 2);
    let b = support::network::<f64>(&[3, 6, 5, 2], Gain::Tanh, 3);
    let (ea, eb): (Network<Enclosure>, Network<Enclosure>) = (
        enclose(&a).expect("in range"),
        enclose(&b).expect("in range"),
    );
    let side = Enclosure::from_f64(0.1).hull(&Enclosure::from_f64(0.2));
    let bound = difference_at(&ea, &eb, &[side.clone(), side.clone(), side]).expect("bounded");
    let mut rng = support::rng(9);
    for _ in 0..50 {
        let x: Vec<f64> = (0..3).map(|_| rng.random_range(0.1..0.2)).collect();
        let apart = support::distance(
            evaluate(&a, &x).expect("finite").as_slice(),
            evaluate(&b, &x).expect("finite").as_slice(),
        );
        assert!(
            lower(&bound) - 1e-12 <= apart && apart <= upper(&bound) + 1e-12,
            "{apart} in {bound}"
        );
    }
}
