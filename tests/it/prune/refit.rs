//! The least-squares refit: exactly over ℚ, and to rounding in every float.

use isotropic::{
    Error, Gain, Network,
    linalg::{Matrix, frobenius, independent_columns, least_squares, least_squares_exactly},
    network::{evaluate_batch, trace_batch},
    resize::{Outgoing, project_to, refit, refit_exactly, resize_on_data, resize_refitted},
    scalar::{Field, Mp, Rational, Real},
};

use super::{inputs, network};

type Q = Rational;

fn q(p: i64, of: i64) -> Q {
    Q::ratio(p, of).expect("not 0")
}

/// e_1 … e_p of n dimensions.
fn first_axes<S: Field>(n: usize, p: usize) -> Matrix<S> {
    Matrix::from_fn(n, p, |i, j| if i == j { S::one() } else { S::zero() })
}

/// (h; γ; 1) of hidden layer `l`, (n_l + 2) × N.
fn features<S: isotropic::Scalar>(network: &Network<S>, l: usize, x: &Matrix<S>) -> Matrix<S> {
    let trace = trace_batch(network, x, l + 1).expect("finite");
    let h = &trace.activations[l - 1];
    Matrix::from_fn(h.nrows() + 2, x.ncols(), |i, j| match i {
        i if i < h.nrows() => h[(i, j)].clone(),
        i if i == h.nrows() => trace.gains[l - 1][j].clone(),
        _ => S::one(),
    })
}

#[test]
fn a_neuron_that_depends_on_the_others_costs_exactly_nothing() {
    // Linear gain: z_3 = 2 z_1 - z_2/3 + 1 can be read off the others, once the next layer is told.
    let mut whole = network::<Q>(&[2, 3, 2], Gain::Linear, 1);
    let mut layers = whole.layers().to_vec();
    for j in 0..2 {
        layers[0].weight[(2, j)] =
            q(2, 1) * &layers[0].weight[(0, j)] - q(1, 3) * &layers[0].weight[(1, j)];
    }
    layers[0].bias[2] = q(2, 1) * &layers[0].bias[0] - q(1, 3) * &layers[0].bias[1] + q(1, 1);
    whole = Network::new(layers, Gain::Linear, None).expect("valid");
    let x = inputs::<Q>(2, 9);
    let y = evaluate_batch(&whole, &x).expect("rational");
    let cut = project_to(&whole, 1, &first_axes(3, 2), &vec![q(0, 1); 3]).expect("fits");
    assert_ne!(
        evaluate_batch(&cut, &x).expect("rational"),
        y,
        "something to mend"
    );
    let refitted = refit_exactly(&cut, 1, &x, &y).expect("solves");
    assert_eq!(evaluate_batch(&refitted, &x).expect("rational"), y);
    // Everywhere, not on the data alone: the dependence is of the neurons.
    let elsewhere = x.map(|x| x * q(7, 1) + q(1, 5));
    assert_eq!(
        evaluate_batch(&refitted, &elsewhere).expect("rational"),
        evaluate_batch(&whole, &elsewhere).expect("rational")
    );
}

#[test]
fn what_is_left_is_orthogonal_to_the_features_and_the_change_is_the_smallest() {
    let whole = network::<Q>(&[3, 4, 3, 2], Gain::Rational, 1);
    // More rows than features (4), as many, and fewer.
    for count in [9, 4, 2] {
        let x = inputs::<Q>(3, count);
        let aims = trace_batch(&whole, &x, 2)
            .expect("rational")
            .pre_activations;
        let cut = project_to(&whole, 1, &first_axes(4, 2), &vec![q(1, 7); 4]).expect("fits");
        let refitted = refit_exactly(&cut, 1, &x, &aims[1]).expect("solves");
        let f = features(&refitted, 1, &x);
        let now = trace_batch(&refitted, &x, 2)
            .expect("rational")
            .pre_activations;
        let left = &aims[1] - &now[1];
        let correlation = &left * f.transpose();
        assert!(correlation.iter().all(|x| *x == q(0, 1)), "{count} rows");
        assert_eq!(
            left.iter().all(|x| *x == q(0, 1)),
            count <= 4,
            "{count} rows"
        );
        // Control: before the refit it is not.
        let before = trace_batch(&cut, &x, 2).expect("rational").pre_activations;
        let before = (&aims[1] - &before[1]) * f.transpose();
        assert!(before.iter().any(|x| *x != q(0, 1)), "{count} rows");
        // Δ lies in the span of the features' columns: no smaller change does the same.
        let (old, new) = (cut.layer(2), refitted.layer(2));
        let mut change = (&new.weight - &old.weight).transpose().as_slice().to_vec();
        let columns = Matrix::from_vec(2, 3, std::mem::take(&mut change));
        let psi = new.psi_or_zero() - old.psi_or_zero();
        let bias = &new.bias - &old.bias;
        let delta = Matrix::from_fn(4, 3, |i, j| match i {
            0 | 1 => columns[(i, j)].clone(),
            2 => psi[j].clone(),
            _ => bias[j].clone(),
        });
        let rank = independent_columns(&f).len();
        assert_eq!(rank, count.min(4));
        let mut both = f.as_slice().to_vec();
        both.extend_from_slice(delta.as_slice());
        let both = Matrix::from_vec(4, count + 3, both);
        assert_eq!(independent_columns(&both).len(), rank, "{count} rows");
    }
}

/// ‖refit in S - refit over ℚ‖ relative to the parameters, at most over the row counts.
fn off<S: Real>() -> f64 {
    let mut most = 0.0;
    for count in [12, 3] {
        let whole = network::<Q>(&[3, 4, 3, 2], Gain::Rational, 1);
        let x = inputs::<Q>(3, count);
        let y = evaluate_batch(&whole, &x).expect("rational");
        let cut = project_to(&whole, 2, &first_axes(3, 2), &vec![q(1, 7); 3]).expect("fits");
        let exact = refit_exactly(&cut, 2, &x, &y).expect("solves");
        let cast = |m: &Matrix<Q>| m.map(|x| S::from_rational(&x));
        let rounded = cut.cast::<S>().expect("finite");
        let found = refit(&rounded, 2, &cast(&x), &cast(&y)).expect("solves");
        let apart: Vec<Q> = (found.parameters().zip(exact.parameters()))
            .map(|(a, b)| a.to_rational().expect("finite") - b)
            .collect();
        let size = |v: &[Q]| Mp::<1024>::from_rational(&Q::dot(v, v)).sqrt();
        let all: Vec<Q> = exact.parameters().cloned().collect();
        most = f64::max(most, (size(&apart) / size(&all)).to_f64());
    }
    most
}

#[test]
fn in_floating_point_it_is_the_exact_one_to_rounding() {
    // The precision law: one bit of the difference for each bit of precision.
    let ladder = [
        (53.0, off::<f64>()),
        (128.0, off::<Mp<128>>()),
        (256.0, off::<Mp<256>>()),
        (512.0, off::<Mp<512>>()),
    ];
    println!("{ladder:?}");
    for pair in ladder.windows(2) {
        let slope = (pair[1].1.log2() - pair[0].1.log2()) / (pair[1].0 - pair[0].0);
        assert!((slope + 1.0).abs() < 0.1, "{slope} in {ladder:?}");
    }
}

#[test]
fn of_many_solutions_the_smallest_is_found() {
    // Rank 2 of 4 columns, 5 rows.
    let a = Matrix::<Q>::from_fn(5, 4, |i, j| {
        let (i, j) = (i as i64, j as i64);
        q((i + 1) * (j + 2) + (i * i - 3) * (j - 1), 7)
    });
    assert_eq!(independent_columns(&a).len(), 2);
    let b = Matrix::from_fn(5, 2, |i, j| q(i as i64 * 3 - j as i64 * 5 + 1, 4));
    let exact = least_squares_exactly(&a, &b);
    // The normal equations, and orthogonality to the null space.
    let rest = a.transpose() * (&a * &exact - &b);
    assert!(rest.iter().all(|x| *x == q(0, 1)));
    let cast = |m: &Matrix<Q>| m.map(|x| x.to_f64());
    let found = least_squares(&cast(&a), &cast(&b));
    let scale = frobenius(&cast(&exact));
    // 16 entries' worth of roundings at a condition below 100.
    assert!(frobenius(&(found - cast(&exact))) < 1600.0 * f64::EPSILON * scale);
    let empty = least_squares(&Matrix::<f64>::zeros(3, 0), &Matrix::zeros(3, 2));
    assert_eq!(empty.shape(), (0, 2));
    let none = least_squares(
        &Matrix::<f64>::zeros(3, 2),
        &Matrix::from_element(3, 1, 1.0),
    );
    assert!(
        none.iter().all(|x| *x == 0.0),
        "nothing can be done with zeros"
    );
}

#[test]
fn resizing_with_a_refit_errs_less_on_the_data() {
    let whole = network::<f64>(&[4, 9, 7, 3], Gain::Tanh, 1);
    let x = inputs::<f64>(4, 60);
    let y = evaluate_batch(&whole, &x).expect("finite");
    let error = |n: &Network<f64>| (evaluate_batch(n, &x).expect("finite") - &y).norm();
    for widths in [[4, 6, 5, 3], [4, 4, 4, 3], [4, 2, 3, 3], [4, 9, 3, 3]] {
        let plain = resize_on_data(&whole, &widths, &x, Outgoing::Zero, 0).expect("cuts");
        let fitted = resize_refitted(&whole, &widths, &x, Outgoing::Zero, 0).expect("cuts");
        assert_eq!(fitted.network.widths(), widths);
        let (plain, fitted) = (error(&plain.network), error(&fitted.network));
        assert!(
            fitted <= plain + 1e4 * f64::EPSILON,
            "{widths:?}: {fitted} and {plain}"
        );
    }
}

#[test]
fn targets_that_do_not_fit_are_refused() {
    let whole = network::<f64>(&[2, 3, 2], Gain::Tanh, 1);
    let x = inputs::<f64>(2, 5);
    let refused = refit(&whole, 1, &x, &Matrix::zeros(2, 4)).expect_err("four columns");
    assert!(
        matches!(refused, Error::Shape { layer: 2, .. }),
        "{refused}"
    );
    let empty = Matrix::zeros(2, 0);
    assert_eq!(
        refit(&whole, 1, &empty, &empty).expect_err("no rows"),
        Error::NoData
    );
    assert!(matches!(
        refit(&whole, 2, &x, &Matrix::zeros(2, 5)),
        Err(Error::NoSuchLayer { layer: 2, .. })
    ));
}
