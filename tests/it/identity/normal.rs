//! The normal form: one for each function, as narrow as can be, and never from a rank that rounding made.

use isotropic::{
    Error, Gain, Layer, Network, Scalar,
    gauge::{NormalForm, normal_form, rotate},
    identity::{Factor, Invariants, factors, invariants, least_widths, pivots},
    judge::{Slope, Tally, Verdict},
    linalg::{Matrix, Vector},
    network::evaluate,
    resize::grow,
    scalar::{Field, Mp, Rational, Real, Residue},
    statement::{Magnitude, Measurement, Sample, magnitude},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::pairs::{draw, step};

fn image(network: &Network<Rational>) -> Network<Residue> {
    network.cast().expect("no denominator is a multiple")
}

fn form<S: Real>(network: &Network<Rational>) -> NormalForm<S> {
    let known = pivots(&image(network));
    let wide = network.cast::<S>().expect("finite");
    normal_form(&wide, Some(&known), &S::zero()).expect("a normal form")
}

/// The largest difference of a parameter, beside the largest parameter.
fn apart<S: Real>(a: &Network<S>, b: &Network<S>) -> Sample {
    let largest = |x: Magnitude, y: &S| Magnitude::larger(x, magnitude(y));
    let differences = a.parameters().zip(b.parameters());
    let zero = Magnitude::from_int(0);
    Sample {
        residual: differences.fold(zero.clone(), |most, (x, y)| largest(most, &(x.clone() - y))),
        allowance: Magnitude::from_int(1),
        size: a.parameters().fold(zero, largest),
    }
}

/// Networks of one function by every exact operation.
fn pairs(count: u64) -> impl Iterator<Item = (Network<Rational>, Network<Rational>)> {
    (0..count).map(|seed| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let drawn = draw(&mut rng, Gain::Tanh);
        let mut copy = drawn.clone();
        if drawn.depth() > 1 {
            for _ in 0..4 {
                copy = step(&copy, &mut rng);
            }
        }
        (drawn, copy)
    })
}

type Parts = (Vec<Layer<Rational>>, Gain<Rational>, Vec<Rational>);

fn parts(network: &Network<Rational>) -> Parts {
    let lengths = network.hidden().map(|l| network.length_squared(l));
    (
        network.layers().to_vec(),
        network.gain().clone(),
        lengths.collect(),
    )
}

fn tally(samples: Vec<Sample>) -> Tally {
    let mut tally = Tally::default();
    let measurement = Measurement {
        samples,
        ..Measurement::default()
    };
    tally.add(0, Ok(Some(measurement)));
    tally
}

fn at<S: Real>(count: u64) -> (Tally, Tally) {
    let (mut forms, mut outputs) = (vec![], vec![]);
    for (drawn, copy) in pairs(count) {
        let (a, b) = (form::<S>(&drawn).network, form::<S>(&copy).network);
        assert_eq!(a.widths(), b.widths());
        assert_eq!(Some(a.widths()), least_widths(&image(&copy)));
        forms.push(apart(&a, &b));
        let x: Vec<S> = (0..drawn.widths()[0])
            .map(|i| S::from_rational(&Rational::ratio(3 * i as i64 - 2, 7).expect("not 0")))
            .collect();
        let y = evaluate(&drawn.cast::<S>().expect("finite"), &x).expect("an output");
        let image = evaluate(&a, &x).expect("an output");
        let largest = |v: &[S]| {
            v.iter()
                .map(magnitude)
                .fold(Magnitude::from_int(0), Magnitude::larger)
        };
        let difference: Vec<S> = y
            .iter()
            .zip(image.iter())
            .map(|(a, b)| a.clone() - b)
            .collect();
        outputs.push(Sample {
            residual: largest(&difference),
            allowance: Magnitude::from_int(1),
            size: largest(y.as_slice()),
        });
    }
    (tally(forms), tally(outputs))
}

/// 200 networks and their rotated, grown and absorbed copies: differences of the normal forms, and of the functions, fall by a
/// bit for every bit.
#[test]
fn one_function_has_one_normal_form() {
    let rungs = [
        (53, at::<f64>(200)),
        (128, at::<Mp<128>>(200)),
        (256, at::<Mp<256>>(200)),
    ];
    for which in [0, 1] {
        let of = |(bits, tallies): &(u32, (Tally, Tally))| {
            (
                *bits,
                if which == 0 {
                    tallies.0.clone()
                } else {
                    tallies.1.clone()
                },
            )
        };
        let rungs: Vec<(u32, Tally)> = rungs.iter().map(of).collect();
        let slope = Slope::fit(-1.0, rungs.iter().map(|(bits, tally)| (*bits, tally)));
        assert_eq!(slope.verdict(), Verdict::Verified, "{which}: {slope:?}");
        let exact = Tally::default();
        assert_ne!(
            rungs[2].1.relative, exact.relative,
            "something was measured"
        );
    }
}

/// The control: another function has another normal form, at every precision.
#[test]
fn another_function_has_another_normal_form() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for (drawn, copy) in pairs(40).filter(|(drawn, _)| drawn.depth() > 1) {
        let (mut layers, gain, mut lengths) = parts(&copy);
        let l = rng.random_range(0..lengths.len());
        // o alone, which neither widths nor weights show.
        lengths[l] += Rational::ratio(1, 1000).expect("not 0");
        let other =
            Network::new(layers.clone(), gain.clone(), Some(lengths.clone())).expect("valid");
        let (a, b) = (
            form::<Mp<256>>(&drawn).network,
            form::<Mp<256>>(&other).network,
        );
        let least = Magnitude::from_int(1) / Magnitude::from_int(2000);
        assert!(apart(&a, &b).residual > least);
        lengths[l] -= Rational::ratio(1, 1000).expect("not 0");
        // b of the last layer.
        let last = layers.len() - 1;
        layers[last].bias[0] += Rational::ratio(1, 1000).expect("not 0");
        let other = Network::new(layers, gain, Some(lengths)).expect("valid");
        assert!(apart(&a, &form::<Mp<256>>(&other).network).residual > least);
    }
}

/// Copies over-wide and rotated in `S`, whose ranks are full by rounding alone: how many of them are refused by exact ranks, and
/// how far off the normal form is that is seen through the rounding.
fn over_wide<S: Scalar + Real>() -> (usize, Tally) {
    let (mut refused, mut off) = (0, vec![]);
    let wide = |n: &Network<S>| n.cast::<Mp<256>>().expect("finite");
    let unit = Mp::<256>::from_rational(&S::unit_roundoff().to_rational().expect("finite"));
    let seen = |n: &Network<S>| {
        let found = normal_form(&wide(n), None, &unit);
        found.expect("a normal form").network
    };
    for (drawn, _) in pairs(60).filter(|(drawn, _)| drawn.depth() > 1) {
        let small = drawn.cast::<S>().expect("finite");
        let mut rng = ChaCha8Rng::seed_from_u64(9);
        let next = small.layer(2).width();
        let columns = Matrix::from_fn(next, 2, |i, j| S::from_int((1 + i + 2 * j) as i64));
        let grown = grow(&small, 1, &columns).expect("room");
        let r = S::orthogonal(grown.layer(1).width(), &mut rng);
        let rotated = rotate(&grown, 1, &r).expect("orthogonal");
        let known = pivots(&rotated.cast().expect("binary fractions"));
        if known[0].len() > small.layer(1).width() {
            let found = normal_form(&wide(&rotated), Some(&known), &unit);
            assert!(matches!(found, Err(Error::Undecided { .. })), "{found:?}");
            refused += 1;
        }
        let (own, copy) = (seen(&small), seen(&rotated));
        assert_eq!(own.widths(), copy.widths());
        off.push(apart(&own, &copy));
    }
    (refused, tally(off))
}

/// Refused, or seen through at the digits that the copies were computed in: off by what those digits round, which falls with
/// them.
#[test]
fn a_rank_that_rounding_made_is_refused() {
    let (narrow, wide) = (over_wide::<f64>(), over_wide::<Mp<128>>());
    assert!(narrow.0 >= 5 && wide.0 >= 5, "{} {}", narrow.0, wide.0);
    let slope = Slope::fit(-1.0, [(53, &narrow.1), (128, &wide.1)]);
    assert_eq!(slope.verdict(), Verdict::Verified, "{slope:?}");
}

#[test]
fn a_constant_function_has_none() {
    let (drawn, _) = pairs(20)
        .find(|(drawn, _)| drawn.depth() > 1)
        .expect("deep");
    let (mut layers, gain, lengths) = parts(&drawn);
    layers[0].weight.fill(Rational::from(0));
    let constant = Network::new(layers, gain, Some(lengths)).expect("valid");
    let found = normal_form(
        &constant.cast::<f64>().expect("finite"),
        None,
        &f64::EPSILON,
    );
    assert!(
        matches!(found, Err(Error::Constant { layer: 1 })),
        "{found:?}"
    );
}

/// The network that N_1 … N_{L-1} and V_L alone determine (IDENTITY: "D5 is optimal"): by Cholesky's recursion on N_l in row
/// echelon form, o what is left of its last entry, [W ψ] by back substitution. It has seen no parameter.
fn rebuilt<S: Real>(found: &Invariants<S>, pivots: &[Vec<usize>], gain: Gain<S>) -> Network<S> {
    let (mut layers, mut lengths): (Vec<Layer<S>>, Vec<S>) = (vec![], vec![]);
    // T and q of V = [T q] of the layer before, with its pivots.
    let mut before: Option<(Matrix<S>, Vec<S>, &[usize])> = None;
    let layer = |b: &Matrix<S>, bias: Vec<S>, before: &Option<(Matrix<S>, Vec<S>, &[usize])>| {
        let Some((t, q, pivots)) = before else {
            return Layer {
                weight: b.clone(),
                bias: Vector::from_vec(bias),
                psi: None,
            };
        };
        let (rows, rank) = (b.nrows(), pivots.len());
        let mut weight = Matrix::from_element(rows, rank, S::zero());
        let mut psi = vec![S::zero(); rows];
        for i in 0..rows {
            for (k, &j) in pivots.iter().enumerate() {
                let known = (0..k).map(|m| weight[(i, m)].clone() * &t[(m, j)]);
                let rest = known.fold(b[(i, j)].clone(), |rest, x| rest - x);
                weight[(i, k)] = rest / &t[(k, j)];
            }
            let carried = (0..rank).map(|k| weight[(i, k)].clone() * &q[k]);
            psi[i] = carried.fold(b[(i, b.ncols() - 1)].clone(), |rest, x| rest - x);
        }
        Layer {
            weight,
            bias: Vector::from_vec(bias),
            psi: Some(Vector::from_vec(psi)),
        }
    };
    for (n, pivots) in found.gram.iter().zip(pivots) {
        let last = n.ncols() - 1;
        let mut v = Matrix::from_element(pivots.len(), last + 1, S::zero());
        for (r, &j) in pivots.iter().enumerate() {
            let less = |v: &Matrix<S>, c: usize| {
                let known = (0..r).map(|i| v[(i, j)].clone() * &v[(i, c)]);
                known.fold(n[(j, c)].clone(), |rest, x| rest - x)
            };
            let lead = less(&v, j).sqrt();
            for c in j..=last {
                v[(r, c)] = less(&v, c) / &lead;
            }
        }
        let q: Vec<S> = v.column(last).iter().cloned().collect();
        lengths.push(
            q.iter()
                .fold(n[(last, last)].clone(), |o, x| o - x.clone() * x),
        );
        let t = v.columns(0, last).into_owned();
        layers.push(layer(&t, q.clone(), &before));
        before = Some((t, q, pivots));
    }
    let v = &found.output;
    let last = v.ncols() - 1;
    let bias = v.column(last).iter().cloned().collect();
    layers.push(layer(&v.columns(0, last).into_owned(), bias, &before));
    Network::new(layers, gain, Some(lengths)).expect("a network")
}

/// 500 networks rebuilt from their invariants alone are their normal forms, by another way.
#[test]
fn the_normal_form_is_what_the_invariants_alone_determine() {
    fn at<S: Real>() -> Tally {
        let deep = pairs(500).filter(|(drawn, _)| drawn.depth() > 1);
        let sample = |(drawn, copy): (Network<Rational>, Network<Rational>)| {
            let known = pivots(&image(&drawn));
            let exact = invariants(&copy);
            let rounded = |m: &Matrix<Rational>| m.map(|x| S::from_rational(&x));
            let exact = Invariants {
                gram: exact.gram.iter().map(rounded).collect(),
                output: rounded(&exact.output),
            };
            let (alone, own) = (
                rebuilt(&exact, &known, Gain::Tanh),
                form::<S>(&drawn).network,
            );
            assert_eq!(alone.widths(), own.widths());
            assert_eq!(alone.parameter_count(), own.parameter_count());
            apart(&own, &alone)
        };
        tally(deep.map(sample).collect())
    }
    let rungs = [
        (128, at::<Mp<128>>()),
        (256, at::<Mp<256>>()),
        (512, at::<Mp<512>>()),
    ];
    let slope = Slope::fit(-1.0, rungs.iter().map(|(bits, tally)| (*bits, tally)));
    assert_eq!(slope.verdict(), Verdict::Verified, "{slope:?}");
}

/// Over ℚ, with no root taken: the factors of two networks of one function are the same numbers, and those of another function
/// are not.
#[test]
fn over_the_rationals_one_function_has_the_same_factors_bit_for_bit() {
    let of = |n: &Network<Rational>| (factors(&invariants(n)), invariants(n).output);
    let (mut equal, mut copies) = (0, 0);
    for (drawn, copy) in pairs(200) {
        let (own, output) = of(&drawn);
        assert_eq!((own.clone(), output.clone()), of(&copy));
        equal += 1;
        copies += usize::from(drawn.widths() != copy.widths());
        let n = invariants(&drawn).gram;
        assert_eq!(own.iter().map(Factor::gram).collect::<Vec<_>>(), n);
        let steps: Vec<_> = own.iter().map(|factor| factor.pivots.clone()).collect();
        assert_eq!(steps, pivots(&image(&copy)));
        for (l, factor) in (1..).zip(&own) {
            assert!(factor.weights.iter().all(|d| *d > Rational::from(0)));
            // No network of the function has a longer o.
            assert!(copy.length_squared(l) <= factor.length);
            for (row, &j) in factor.rows.row_iter().zip(&factor.pivots) {
                assert!(row.iter().take(j).all(|x| *x == Rational::from(0)));
                assert_eq!(row[j], Rational::from(1));
            }
        }
        if drawn.depth() > 1 {
            let (layers, gain, mut lengths) = parts(&copy);
            lengths[0] += Rational::ratio(1, 1000).expect("not 0");
            let other = Network::new(layers, gain, Some(lengths)).expect("valid");
            assert_ne!(of(&other).0, own);
        }
    }
    assert!(equal == 200 && copies > 50, "{equal} {copies}");
}

/// √d times the rows, and o: what the normal form of floats has, by a bit for every bit.
#[test]
fn the_factors_are_those_of_the_normal_form() {
    fn at<S: Real>() -> Tally {
        let deep = pairs(200).filter(|(drawn, _)| drawn.depth() > 1);
        let sample = |(drawn, copy): (Network<Rational>, Network<Rational>)| {
            let found = form::<S>(&copy).network;
            let own = factors(&invariants(&drawn));
            let root = |q: &Rational| S::from_rational(q).sqrt();
            let first = &own[0];
            let rows = first.weights.iter().zip(first.rows.row_iter());
            let expected = rows.flat_map(|(d, row)| {
                let root = root(d);
                let count = row.len() - 1;
                let all: Vec<S> = row.iter().map(|x| S::from_rational(x) * &root).collect();
                all.into_iter().take(count)
            });
            let weight = &found.layer(1).weight;
            let entries = (0..weight.nrows())
                .flat_map(|i| (0..weight.ncols()).map(move |j| weight[(i, j)].clone()));
            let lengths = (1..)
                .zip(&own)
                .map(|(l, factor)| (found.length_squared(l), S::from_rational(&factor.length)));
            let both: Vec<(S, S)> = entries.zip(expected).chain(lengths).collect();
            let zero = Magnitude::from_int(0);
            Sample {
                residual: both.iter().fold(zero.clone(), |most, (a, b)| {
                    Magnitude::larger(most, magnitude(&(a.clone() - b)))
                }),
                allowance: Magnitude::from_int(1),
                size: both
                    .iter()
                    .fold(zero, |most, (a, _)| Magnitude::larger(most, magnitude(a))),
            }
        };
        tally(deep.map(sample).collect())
    }
    let rungs = [
        (128, at::<Mp<128>>()),
        (256, at::<Mp<256>>()),
        (512, at::<Mp<512>>()),
    ];
    let slope = Slope::fit(-1.0, rungs.iter().map(|(bits, tally)| (*bits, tally)));
    assert_eq!(slope.verdict(), Verdict::Verified, "{slope:?}");
}
