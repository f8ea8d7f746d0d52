//! D11a: what no network of so many neurons does better.

use isotropic::{
    Gain, Network,
    bound::{enclose, floor_at, sample_floor},
    io::shipped,
    linalg::{Matrix, singular_values},
    network::evaluate_batch,
    resize::{Outgoing, resize_refitted},
    scalar::{Enclosure, Field, Interval, Rational},
};

use crate::{inputs, network};

fn exact(x: &Matrix<f64>) -> Vec<Vec<Rational>> {
    let column = |j: usize| x.column(j).iter().map(|x| Rational::from_f64(*x)).collect();
    (0..x.ncols()).map(column).collect()
}

fn rms(a: &Network<f64>, b: &Network<f64>, x: &Matrix<f64>) -> f64 {
    let apart = evaluate_batch(a, x).expect("finite") - evaluate_batch(b, x).expect("finite");
    apart.norm() / (x.ncols() as f64).sqrt()
}

#[test]
fn the_floor_of_the_digits_is_the_known_one_and_no_cut_is_below_it() {
    let all = shipped::digits::<f64>().expect("reads");
    let test = all.rows(shipped::TEST_ROWS).x;
    let fit = all.rows(0..300).x;
    let stored = &shipped::networks().expect("read")[0];
    let network = stored.network::<f64>().expect("finite");
    let y = evaluate_batch(&network, &test)
        .expect("finite")
        .map(Interval::point);
    for (p, known) in [(8, 0.0147), (6, 1.855), (4, 3.870)] {
        let floor = sample_floor(&y, p);
        // As many digits as are known.
        assert!((floor - known).abs() <= 5e-5 + known * 5e-4, "{p}: {floor}");
        let cut =
            resize_refitted(&network, &[64, 48, p, 10], &fit, Outgoing::Zero, 0).expect("cuts");
        assert!(rms(&network, &cut.network, &test) >= floor, "{p}");
    }
    for p in [9, 10, 32] {
        assert_eq!(sample_floor(&y, p), 0.0);
    }
}

#[test]
fn a_network_of_p_neurons_has_no_floor_at_p() {
    // ψ and b ≠ 0, n_L ≥ p + 2, m ≥ p + 3: where counting p values for p + 1, or not centring, would be seen.
    let p = 3;
    let small = network::<f64>(&[3, 5, p, 7], Gain::Tanh, 1);
    let x = inputs::<f64>(3, 40);
    let y = evaluate_batch(&small, &x).expect("finite");
    let floor = floor_at(&enclose(&small).expect("finite"), &exact(&x), p).expect("finite");
    // The outputs are rounded, an entry by a few u of ‖y‖; a floor is at most the norm of all these errors.
    let rounding = y.len() as f64 * f64::EPSILON * y.norm();
    assert!(floor < rounding, "{floor} of {rounding}");
    let rest = |y: &Matrix<f64>, from: usize| {
        singular_values(y).expect("converges")[from..]
            .iter()
            .map(|s| s * s)
            .sum::<f64>()
            .sqrt()
    };
    let mut centred = y.clone();
    let mean = y.column_mean();
    centred.column_iter_mut().for_each(|mut c| c -= &mean);
    assert!(rest(&centred, p) > 1e-3, "control: p for p + 1");
    assert!(rest(&y, p + 1) > 1e-3, "control: not centred");
}

#[test]
fn where_nothing_is_known_the_floor_is_nothing() {
    let whole = Matrix::from_element(4, 6, Enclosure::whole());
    assert_eq!(sample_floor(&whole, 1), 0.0);
    assert_eq!(
        sample_floor(
            &Matrix::<Enclosure>::from_element(0, 0, Enclosure::whole()),
            1
        ),
        0.0
    );
}
