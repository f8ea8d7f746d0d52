//! Layers that are not there: everything public that takes the number of a layer refuses them, and nothing panics.

use isotropic::{
    Error, Gain, Network,
    bound::{lipschitz_above, reach_below},
    gauge::{self, Gauge},
    invariance,
    learning::{LengthMode, Optimiser, Trainee},
    linalg::Matrix,
    resize::{self, Rule},
    scalar::{Field, Rational},
};

use crate::support;

type Ask = fn(&Network<f64>, usize) -> Result<(), Error>;

/// Some n × n matrix: the layer is looked at first.
fn square() -> Matrix<f64> {
    Matrix::identity(4, 4)
}

fn data(columns: usize) -> Matrix<f64> {
    Matrix::from_vec(3, columns, support::input(3 * columns, 1))
}

/// What works on a hidden layer, by name.
fn of_hidden_layers() -> Vec<(&'static str, Ask)> {
    vec![
        ("rotate", |n, l| gauge::rotate(n, l, &square()).map(drop)),
        ("left", |n, l| gauge::left(n, l).map(drop)),
        ("full", |n, l| gauge::full(n, l).map(drop)),
        ("triangular", |n, l| gauge::triangular(n, l).map(drop)),
        ("diagonalise", |n, l| {
            gauge::diagonalise(n, Gauge::Left, &[l]).map(drop)
        }),
        ("grow", |n, l| {
            resize::grow(n, l, &Matrix::zeros(5, 1)).map(drop)
        }),
        ("grow with a bias", |n, l| {
            resize::grow_with_bias(n, l, &0.1, &Matrix::zeros(5, 1)).map(drop)
        }),
        ("remove", |n, l| resize::remove(n, l, 1).map(drop)),
        ("project", |n, l| resize::project(n, l, &square()).map(drop)),
        ("project by", |n, l| {
            resize::project_by(n, l, &square(), Rule::Both, &0.5).map(drop)
        }),
        ("project to", |n, l| {
            resize::project_to(n, l, &square(), &[0.0; 4]).map(drop)
        }),
        ("truncate", |n, l| resize::truncate(n, l, 1).map(drop)),
        ("truncate as reached", |n, l| {
            resize::truncate_reached(n, l, 1).map(drop)
        }),
        ("cut by values", |n, l| {
            resize::cut_by_values(n, l, 1).map(drop)
        }),
        ("truncate on data", |n, l| {
            resize::truncate_on_data(n, l, 1, &data(6)).map(drop)
        }),
        ("cut on data", |n, l| {
            resize::cut_on_data(n, l, 1, &data(6)).map(drop)
        }),
        ("sensitive axes", |n, l| {
            resize::sensitive_axes(n, l, &data(6), &Matrix::zeros(4, 6)).map(drop)
        }),
        ("refit", |n, l| {
            resize::refit(n, l, &data(6), &Matrix::zeros(2, 6)).map(drop)
        }),
        ("rank", |n, l| resize::layer_rank(n, l).map(drop)),
        ("ends of the free neurons", |n, l| {
            invariance::ends_of_free(n, &[l]).map(drop)
        }),
        ("curve", |n, l| invariance::curve(n, &[l]).map(drop)),
        ("grow while learning", |n, l| {
            trainee(n).grow(l, &Matrix::zeros(5, 1))
        }),
        ("rotate while learning", |n, l| {
            trainee(n).rotate(l, &square(), &Optimiser::adam_tensor())
        }),
        ("project while learning", |n, l| {
            trainee(n).project_to(l, &square(), &[0.0; 4], &Optimiser::adam_tensor())
        }),
    ]
}

fn trainee(network: &Network<f64>) -> Trainee<f64> {
    Trainee::new(network.clone(), LengthMode::Root, &Optimiser::adam_tensor()).expect("o > 0")
}

/// What has an answer for the output's layer, too.
fn of_all_layers() -> Vec<(&'static str, Ask)> {
    vec![
        ("Lipschitz constant", |n, l| lipschitz_above(n, l).map(drop)),
        ("reach", |n, l| reach_below(n, l).map(drop)),
    ]
}

fn refuses(name: &str, ask: Ask, network: &Network<f64>, layers: &[usize]) {
    for &l in layers {
        let answer = ask(network, l);
        assert!(
            matches!(answer, Err(Error::NoSuchLayer { layer, .. }) if layer == l),
            "{name}, layer {l}: {answer:?}"
        );
    }
}

#[test]
fn a_layer_that_is_not_there_is_refused_by_its_number() {
    for widths in [&[3, 4, 5, 2][..], &[3, 2]] {
        let network = support::network::<f64>(widths, Gain::Tanh, 3);
        let depth = network.depth();
        for (name, ask) in of_hidden_layers() {
            refuses(name, ask, &network, &[0, depth, depth + 1, usize::MAX]);
        }
        for (name, ask) in of_all_layers() {
            refuses(name, ask, &network, &[0, depth + 1, usize::MAX]);
        }
        let exact = network
            .map(&|x: &f64| Rational::from_f64(*x))
            .expect("finite");
        let points = data(6).map(Rational::from_f64);
        for l in [0, depth, depth + 1] {
            let target = Matrix::from_element(2, 6, Rational::from(0));
            assert!(resize::refit_exactly(&exact, l, &points, &target).is_err());
        }
        assert_eq!(network.length_squared(0), 0.0);
        assert_eq!(network.length_squared(depth), 0.0);
    }
}
