//! D11a: what no network of so many neurons does better.

use std::fmt::Write;

use isotropic::{
    Gain, Network,
    bound::{enclose, floor_at, sample_floor},
    io::shipped,
    learning::{Descent, LengthMode, Optimiser, Trainee, fresh, train},
    linalg::{Matrix, singular_values},
    network::{
        evaluate_batch,
        gradient::{Loss, Targets},
    },
    resize::{Outgoing, refit, resize, resize_on_data, resize_refitted},
    scalar::{Enclosure, Field, Interval, Rational},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{inputs, network};

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

/// How close cuts of the last hidden layer come to the floor on the test images: the table of docs/data-aware.md.
#[test]
fn the_page_has_the_floors_and_what_cuts_reach() {
    let all = shipped::digits::<f64>().expect("reads");
    let test = all.rows(shipped::TEST_ROWS).x;
    let fit = all.rows(0..shipped::TEST_ROWS.start).x;
    let network = shipped::networks().expect("read")[0]
        .network::<f64>()
        .expect("finite");
    let y = evaluate_batch(&network, &test)
        .expect("finite")
        .map(Interval::point);
    let mut table = String::from(
        "| neurons | any network ≥ | data, refitted | data (D10) | [W ψ] (D4) |\n|---|---|---|---|---|\n",
    );
    for p in [8, 6, 4] {
        let widths = [64, 48, p, 10];
        let floor = sample_floor(&y, p);
        let refitted = resize_refitted(&network, &widths, &fit, Outgoing::Zero, 0).expect("cuts");
        let by_data = resize_on_data(&network, &widths, &fit, Outgoing::Zero, 0).expect("cuts");
        let by_values = resize(&network, &widths, Outgoing::Zero, 0).expect("cuts");
        let errors = [refitted.network, by_data.network, by_values.network]
            .map(|cut| rms(&network, &cut, &test));
        for error in errors {
            assert!(error >= floor, "{p}: {error} {floor}");
        }
        let [a, b, c] = errors;
        writeln!(table, "| {p} | {floor:.3} | {a:.3} | {b:.3} | {c:.3} |").expect("a string");
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/data-aware.md");
    let page = std::fs::read_to_string(path).expect("reads");
    assert!(page.contains(&table), "{table}");
}

/// Fifty networks trained to imitate another one with fewer neurons, each with its last layer at the least squares: none is
/// below the floor. What comes closest, and how close the cut along the data comes, is printed.
#[test]
fn no_network_that_was_fitted_is_below_the_floor() {
    let target = network::<f64>(&[3, 5, 6, 7], Gain::Tanh, 1);
    let x = inputs::<f64>(3, 40);
    let y = evaluate_batch(&target, &x).expect("finite");
    let points = y.map(Interval::point);
    let count = (x.ncols() as f64).sqrt();
    // Three inputs and three layers: centred outputs have rank 5 (E1), and there is a floor up to p = 3.
    let mut closest = [f64::INFINITY; 3];
    for seed in 0..50 {
        let p = 1 + seed % 3;
        let floor = sample_floor(&points, p);
        assert!(floor > 0.0, "{p}");
        let shapes: [&[usize]; 3] = [&[3, p, 7], &[3, 4, p, 7], &[3, 5, 4, p, 7]];
        let mut rng = ChaCha8Rng::seed_from_u64(seed as u64);
        let start = fresh(shapes[seed / 3 % 3], Gain::Tanh, &1.0, &mut rng).expect("widths");
        let optimiser = Optimiser::adam_tensor();
        let mut trainee = Trainee::new(start, LengthMode::Log, &optimiser).expect("a start");
        let rates: Vec<f64> = (0..500)
            .map(|step| 0.1 / (1.0 + step as f64 / 50.0))
            .collect();
        let targets = Targets::Values(y.clone());
        let descent = Descent::plain(optimiser);
        train(&mut trainee, &descent, &x, &targets, Loss::Squared, &rates).expect("finite");
        let last = trainee.network().depth() - 1;
        let fitted = refit(trainee.network(), last, &x, &y).expect("solves");
        for network in [trainee.network(), &fitted] {
            let found = (evaluate_batch(network, &x).expect("finite") - &y).norm() / count;
            assert!(found >= floor, "{p}, seed {seed}: {found} {floor}");
            closest[p - 1] = closest[p - 1].min(found / floor);
        }
    }
    println!(
        "| neurons | floor | closest of the fits | cut along the data | refitted |\n|---|---|---|---|---|"
    );
    for p in 1..=3 {
        let floor = sample_floor(&points, p);
        let widths = [3, 5, p, 7];
        let of = |cut: &Network<f64>| rms(&target, cut, &x) / floor;
        let by_data = resize_on_data(&target, &widths, &x, Outgoing::Zero, 0).expect("cuts");
        let refitted = resize_refitted(&target, &widths, &x, Outgoing::Zero, 0).expect("cuts");
        let (a, b) = (of(&by_data.network), of(&refitted.network));
        println!(
            "| {p} | {floor:.2e} | {:.2} | {a:.2} | {b:.2} |",
            closest[p - 1]
        );
        assert!(a >= 1.0 && b >= 1.0, "{p}: {a} {b}");
        // The control, p counted for p + 1: above what some network reaches.
        let wrong = sample_floor(&points, p - 1);
        assert!(wrong > floor, "{p}");
        if p > 1 {
            assert!(
                closest[p - 1] * floor < wrong,
                "{p}: {} {wrong}",
                closest[p - 1] * floor
            );
        }
    }
}
