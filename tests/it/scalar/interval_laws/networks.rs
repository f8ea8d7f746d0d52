//! Whole networks evaluated in intervals.

use super::*;

/// At 256 bits the trained network is evaluated with a radius below 2^-200.
#[test]
fn the_larger_network_is_enclosed_to_2_to_the_minus_200() {
    let network = shipped::networks().expect("the networks read")[1]
        .network::<Wide>()
        .expect("in range");
    assert_eq!(network.widths(), [64, 128, 96, 10]);
    let images = shipped::test_digits::<Wide>().expect("the data read").x;
    let reference = shipped::networks().expect("the networks read")[1]
        .network::<Mp<256>>()
        .expect("in range");
    let limit = Mp::from_int(1).scale_by_power_of_two(-200);
    let mut widest = Mp::<256>::from_int(0);
    for j in 0..4 {
        let x: Vec<Wide> = images.column(j).iter().cloned().collect();
        let middle: Vec<Mp<256>> = x.iter().map(Interval::midpoint).collect();
        let nearest = evaluate(&reference, &middle).expect("finite");
        for (y, nearest) in evaluate(&network, &x)
            .expect("bounded")
            .iter()
            .zip(nearest.iter())
        {
            widest = Mp::larger(y.radius(), widest);
            let off = (y.midpoint() - nearest).abs();
            assert!(off < limit, "{y} is far from {nearest}");
        }
    }
    assert!(widest.above_zero() && widest < limit, "{widest}");
    println!("largest radius: 2^{}", widest.exponent().expect("not zero"));
}

#[test]
fn a_box_contains_the_outputs_of_its_members() {
    let network = shipped::networks().expect("the networks read")[0]
        .network::<Narrow>()
        .expect("in range");
    let images = shipped::test_digits::<Narrow>().expect("the data read").x;
    let reference = shipped::networks().expect("the networks read")[0]
        .network::<f64>()
        .expect("in range");
    let mut rng = rng(17);
    let around = Narrow::from_f64(-1e-3).hull(&Narrow::from_f64(1e-3));
    for j in 0..3 {
        let x: Vec<Narrow> = images
            .column(j)
            .iter()
            .map(|x| x.clone() + &around)
            .collect();
        let y = evaluate(&network, &x).expect("bounded");
        for _ in 0..20 {
            let member: Vec<f64> = x
                .iter()
                .map(|x| rng.random_range(*x.lo()..*x.hi()))
                .collect();
            let inside = evaluate(&reference, &member).expect("finite");
            assert!(
                y.iter()
                    .zip(inside.iter())
                    .all(|(y, v)| y.lo() - 1e-12 <= *v && *v <= y.hi() + 1e-12)
            );
        }
    }
}
