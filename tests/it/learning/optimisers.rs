//! Optimisers: against their formulas written out entry by entry, and which of them commute with rotations.

use isotropic::{
    Gain, Network,
    bound::Running,
    gauge::rotate,
    learning::{
        AdamRotation, Denominator, Descent, LengthMode, Optimiser, Orthogonaliser, Trainee, train,
    },
    linalg::Matrix,
    network::{
        Scalar,
        gradient::{Loss, Targets, Trainable},
    },
    scalar::{Field, Rational, Residue},
};

use crate::support::{input, network, rng};

fn q<S: Field>(n: i64, d: i64) -> S {
    S::from_rational(&Rational::ratio(n, d).expect("not over 0"))
}

fn data<S: Field>(n: usize, count: usize) -> (Matrix<S>, Targets<S>) {
    let x: Vec<S> = (0..count).flat_map(|j| input(n, j as u64)).collect();
    let labels = (0..count).map(|j| j % 2).collect();
    (Matrix::from_vec(n, count, x), Targets::Labels(labels))
}

/// All that are exact, without decay and with it.
fn exact_rules<S: Field>() -> Vec<Descent<S>> {
    let mu = || q::<S>(9, 10);
    let optimisers = vec![
        Optimiser::Sgd,
        Optimiser::Momentum { mu: mu() },
        Optimiser::Nesterov { mu: mu() },
        Optimiser::Muon {
            mu: mu(),
            orthogonaliser: Orthogonaliser::Cubic { steps: 2 },
        },
        Optimiser::AdamTensor {
            betas: (mu(), q(99, 100)),
            epsilon: q(1, 100),
            denominator: Denominator::Plain,
        },
    ];
    let with_decay = |decay: S| {
        optimisers
            .clone()
            .into_iter()
            .map(move |optimiser| Descent {
                optimiser,
                weight_decay: decay.clone(),
                clip: None,
            })
    };
    with_decay(S::zero()).chain(with_decay(q(1, 50))).collect()
}

/// Trains `network` and its rotation; the rotation of the trained one, and the trained rotation.
fn both_ways<S: Trainable>(
    descent: &Descent<S>,
    mode: LengthMode,
    steps: usize,
    turns: &[Matrix<S>],
) -> (Network<S>, Network<S>) {
    let start = network::<S>(&[2, 3, 3, 2], Gain::Rational, 5);
    // Eighths, so that numbers over ℚ stay short.
    let eighth = |x: &S| q::<S>((8.0 * x.to_f64()).round() as i64, 8);
    let start = if S::name() == "rational" {
        start.map(&eighth).expect("valid")
    } else {
        start
    };
    let (mut x, targets) = data(2, 2);
    if S::name() == "rational" {
        x = x.map(|x| eighth(&x));
    }
    let turned = |network: &Network<S>| {
        let once = rotate(network, 1, &turns[0]).expect("fits");
        rotate(&once, 2, &turns[1]).expect("fits")
    };
    let trained = |network: Network<S>| {
        // λ is given, so that no root is needed.
        let mut trainee = match mode {
            LengthMode::Root => {
                Trainee::with_roots(network, vec![q(1, 2), q(2, 3)], &descent.optimiser)
            }
            _ => Trainee::new(network, mode, &descent.optimiser),
        }
        .expect("trains");
        let rates = vec![q::<S>(1, 20); steps];
        train(&mut trainee, descent, &x, &targets, Loss::Squared, &rates).expect("trains");
        trainee.network().clone()
    };
    (turned(&trained(start.clone())), trained(turned(&start)))
}

fn turns<S: Trainable>() -> Vec<Matrix<S>> {
    (0..2)
        .map(|l| <S as Scalar>::orthogonal(3, &mut rng(l)))
        .collect()
}

#[test]
fn training_commutes_with_rotations_modulo_a_prime() {
    for descent in exact_rules::<Residue>() {
        for mode in [LengthMode::Direct, LengthMode::Root, LengthMode::Fixed] {
            let (a, b) = both_ways(&descent, mode, 100, &turns::<Residue>());
            assert_eq!(a, b, "{} {}", descent.optimiser.name(), mode.name());
        }
    }
}

#[test]
fn training_commutes_with_rotations_over_the_rationals() {
    for descent in exact_rules::<Rational>() {
        let one = matches!(
            descent.optimiser,
            Optimiser::Muon { .. } | Optimiser::AdamTensor { .. }
        );
        let (a, b) = both_ways(
            &descent,
            LengthMode::Direct,
            if one { 1 } else { 2 },
            &turns::<Rational>(),
        );
        assert_eq!(a, b, "{}", descent.optimiser.name());
    }
}

/// The largest |a - b| over what rounding may do to both sides, and the largest |a - b| over the largest |a|.
fn apart(
    (a, b): (&Network<f64>, &Network<f64>),
    (of_a, of_b): (&Network<Running>, &Network<Running>),
) -> (f64, f64) {
    let (mut ratio, mut difference, mut size) = (0.0f64, 0.0f64, 0.0f64);
    let errors = of_a.parameters().zip(of_b.parameters());
    for ((a, b), (of_a, of_b)) in a.parameters().zip(b.parameters()).zip(errors) {
        // Twice: the bounds are of first order.
        let allowed = f64::EPSILON * (of_a.error() + of_b.error());
        let off = (a - b).abs();
        ratio = ratio.max(if off == 0.0 { 0.0 } else { off / allowed });
        difference = difference.max(off);
        size = size.max(a.abs());
    }
    (ratio, difference / size)
}

fn in_running(descent: &Descent<f64>) -> Descent<Running> {
    let of = |x: f64| Running::with_error(x, 0.0);
    let optimiser = match &descent.optimiser {
        Optimiser::Nesterov { mu } => Optimiser::Nesterov { mu: of(*mu) },
        Optimiser::Momentum { mu } => Optimiser::Momentum { mu: of(*mu) },
        Optimiser::Muon { mu, .. } => Optimiser::muon(of(*mu)),
        Optimiser::AdamTensor { .. } => Optimiser::adam_tensor(),
        Optimiser::AdamW { .. } => Optimiser::adamw(),
        Optimiser::Sgd => Optimiser::Sgd,
    };
    Descent {
        optimiser,
        weight_decay: of(descent.weight_decay),
        clip: descent.clip.map(of),
    }
}

#[test]
fn in_floating_point_all_but_elementwise_adam_commute_with_rotations() {
    let rules = [
        (Descent::plain(Optimiser::Momentum { mu: 0.9 }), 100),
        (Descent::plain(Optimiser::Nesterov { mu: 0.9 }), 100),
        (Descent::plain(Optimiser::muon(0.9)), 2),
        (
            Descent {
                optimiser: Optimiser::adam_tensor(),
                weight_decay: 0.1,
                clip: Some(0.01),
            },
            100,
        ),
    ];
    let turns = turns::<f64>();
    // Computed rotations are off by 4 n u.
    let inexact = |r: &Matrix<f64>| r.map(|x| Running::with_error(x, 12.0));
    let of_turns: Vec<Matrix<Running>> = turns.iter().map(inexact).collect();
    let measure = |descent: &Descent<f64>, mode, steps| {
        let (a, b) = both_ways(descent, mode, steps, &turns);
        let (of_a, of_b) = both_ways(&in_running(descent), mode, steps, &of_turns);
        apart((&a, &b), (&of_a, &of_b))
    };
    for (descent, steps) in &rules {
        for mode in [LengthMode::Log, LengthMode::Root, LengthMode::Direct] {
            // A hundred steps take o itself below 0.
            let most = if mode == LengthMode::Direct { 10 } else { 100 };
            let (ratio, off) = measure(descent, mode, *steps.min(&most));
            println!(
                "{} {} {ratio:.3} {off:e}",
                descent.optimiser.name(),
                mode.name()
            );
            assert!(ratio <= 1.0, "{} {ratio}", descent.optimiser.name());
        }
    }
    let (ratio, off) = measure(&Descent::plain(Optimiser::adamw()), LengthMode::Log, 2);
    assert!(ratio > 1e3, "elementwise Adam commutes: {ratio} {off:e}");
}

/// The formulas again, entry by entry, on a function of one parameter after the other: steps of a trainee whose gradient is
/// known are compared with them.
#[test]
fn each_optimiser_follows_its_formula() {
    let (mu, decay, rate, clip) = (0.9, 0.125, 0.0625, 0.5);
    let (b1, b2, epsilon) = (0.9, 0.999, 1e-8);
    let start = network::<f64>(&[2, 3, 2], Gain::Tanh, 3);
    let (x, targets) = data::<f64>(2, 4);
    let betas = (b1, b2);
    let optimisers = [
        Optimiser::Sgd,
        Optimiser::Momentum { mu },
        Optimiser::Nesterov { mu },
        Optimiser::AdamTensor {
            betas,
            epsilon,
            denominator: Denominator::Root,
        },
        Optimiser::AdamW {
            betas,
            epsilon,
            rotation: AdamRotation::Keep,
        },
    ];
    for optimiser in optimisers {
        let descent = Descent {
            optimiser,
            weight_decay: decay,
            clip: Some(clip),
        };
        let mut trainee =
            Trainee::new(start.clone(), LengthMode::Root, &descent.optimiser).expect("trains");
        let tensors = trainee.state().first.tensors().len();
        let (mut v, mut s) = (vec![], vec![vec![]; tensors]);
        for t in 1..=3 {
            let theta: Vec<Vec<f64>> = parameters(&trainee);
            let gradient = trainee
                .gradient(&x, &targets, Loss::Squared)
                .expect("finite")
                .parameters;
            let mut g: Vec<Vec<f64>> = gradient.tensors().iter().map(|t| t.to_vec()).collect();
            let norm = g.iter().flatten().map(|x| x * x).sum::<f64>().sqrt();
            let factor = if norm > clip { clip / norm } else { 1.0 };
            g.iter_mut().flatten().for_each(|x| *x *= factor);
            if v.is_empty() {
                v = g.iter().map(|t| vec![0.0; t.len()]).collect();
                s = v.clone();
            }
            trainee.step(&descent, gradient, &rate).expect("finite");
            let after = parameters(&trainee);
            for k in 0..tensors {
                // The last tensor is λ, which does not decay.
                let lambda = if k + 1 == tensors { 0.0 } else { decay };
                let mean = g[k].iter().map(|x| x * x).sum::<f64>() / g[k].len() as f64;
                for i in 0..g[k].len() {
                    let old = theta[k][i];
                    let mut decayed = 0.0;
                    let u = match descent.optimiser {
                        Optimiser::Sgd => g[k][i] + lambda * old,
                        Optimiser::Momentum { .. } => {
                            v[k][i] = mu * v[k][i] + (g[k][i] + lambda * old);
                            v[k][i]
                        }
                        Optimiser::Nesterov { .. } => {
                            let full = g[k][i] + lambda * old;
                            v[k][i] = mu * v[k][i] + full;
                            full + mu * v[k][i]
                        }
                        Optimiser::AdamTensor { .. } | Optimiser::AdamW { .. } => {
                            decayed = rate * lambda * old;
                            let square = match descent.optimiser {
                                Optimiser::AdamW { .. } => g[k][i] * g[k][i],
                                _ => mean,
                            };
                            v[k][i] = b1 * v[k][i] + (1.0 - b1) * g[k][i];
                            s[k][i] = b2 * s[k][i] + (1.0 - b2) * square;
                            let hat = s[k][i] / (1.0 - b2.powi(t));
                            v[k][i] / (1.0 - b1.powi(t)) / (hat.sqrt() + epsilon)
                        }
                        Optimiser::Muon { .. } => unreachable!("not in the list"),
                    };
                    let expected = old - decayed - rate * u;
                    let off = (after[k][i] - expected).abs();
                    // A dozen roundings of numbers below 1; the powers of β are a few more.
                    assert!(
                        off <= 100.0 * f64::EPSILON * (old.abs() + rate * u.abs()),
                        "{} step {t} tensor {k}: {} instead of {expected}",
                        descent.optimiser.name(),
                        after[k][i]
                    );
                }
            }
        }
    }
}

fn parameters(trainee: &Trainee<f64>) -> Vec<Vec<f64>> {
    let mut all = vec![];
    for layer in trainee.network().layers() {
        all.push(layer.weight.as_slice().to_vec());
        all.push(layer.bias.as_slice().to_vec());
        all.push(
            layer
                .psi
                .as_ref()
                .map_or(vec![], |psi| psi.as_slice().to_vec()),
        );
    }
    all.extend(trainee.trained_lengths().iter().map(|x| vec![*x]));
    all
}

/// Singular values come to about 1, and a direction that is not there stays away.
#[test]
fn muon_steps_have_singular_values_near_one() {
    let start = network::<f64>(&[6, 5, 4, 3], Gain::Tanh, 8);
    let (x, targets) = data::<f64>(6, 2);
    let descent = Descent::plain(Optimiser::muon(0.9));
    let mut trainee = Trainee::new(start, LengthMode::Log, &descent.optimiser).expect("trains");
    let gradient = trainee
        .gradient(&x, &targets, Loss::Squared)
        .expect("finite")
        .parameters;
    let direction = trainee.step(&descent, gradient, &0.01).expect("finite");
    // Two rows of data: the gradient of W_1 has rank 2.
    let sigma = isotropic::linalg::singular_values(&direction.layers[0].weight).expect("finite");
    assert!(
        sigma[..2].iter().all(|s| (0.6..1.2).contains(s)),
        "{sigma:?}"
    );
    assert!(sigma[2] < 1e-12, "{sigma:?}");
}
