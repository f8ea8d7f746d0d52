//! State that follows the network: through rotations, growth and removal (THEORY F3).

use isotropic::{
    Gain,
    learning::{Descent, LengthMode, Optimiser, Trainee, train},
    linalg::Matrix,
    network::{
        Scalar,
        gradient::{Loss, Targets},
    },
    scalar::Residue,
};

use crate::support::{input, network, rng};

fn data<S: isotropic::scalar::Field>(n: usize, count: usize) -> (Matrix<S>, Targets<S>) {
    let x: Vec<S> = (0..count).flat_map(|j| input(n, j as u64)).collect();
    let labels = (0..count).map(|j| j % 2).collect();
    (Matrix::from_vec(n, count, x), Targets::Labels(labels))
}

#[test]
fn a_rotation_in_the_middle_of_training_is_no_event_if_the_state_follows() {
    let mu = Residue::new(9) / Residue::new(10);
    let descent = Descent::plain(Optimiser::Momentum { mu });
    let (x, targets) = data::<Residue>(2, 3);
    let rates = vec![Residue::new(1) / Residue::new(20); 5];
    let start = || {
        let network = network(&[2, 3, 3, 2], Gain::Rational, 5);
        let mut trainee =
            Trainee::new(network, LengthMode::Direct, &descent.optimiser).expect("trains");
        train(&mut trainee, &descent, &x, &targets, Loss::Squared, &rates).expect("trains");
        trainee
    };
    let r = <Residue as Scalar>::orthogonal(3, &mut rng(1));
    let more = |trainee: &mut Trainee<Residue>| {
        train(trainee, &descent, &x, &targets, Loss::Squared, &rates).expect("trains");
    };
    let mut first = start();
    first.rotate(1, &r, &descent.optimiser).expect("fits");
    more(&mut first);
    let mut second = start();
    more(&mut second);
    second.rotate(1, &r, &descent.optimiser).expect("fits");
    assert_eq!(first, second);
    // Control: the momentum left as it was.
    let mut left = start();
    let momentum = left.state().first.clone();
    left.rotate(1, &r, &descent.optimiser).expect("fits");
    left.state_mut().first = momentum;
    more(&mut left);
    assert_ne!(left.network(), second.network());
}

/// Neurons with zero rows and zero outgoing columns stay zero, and nothing else changes a bit.
#[test]
fn growing_by_nothing_changes_no_bit_of_the_training() {
    let (x, targets) = data::<f64>(5, 20);
    for optimiser in [
        Optimiser::Sgd,
        Optimiser::Momentum { mu: 0.9 },
        Optimiser::Nesterov { mu: 0.9 },
        Optimiser::adam_tensor(),
        Optimiser::adamw(),
    ] {
        let descent = Descent {
            optimiser,
            weight_decay: 0.01,
            clip: Some(0.5),
        };
        let rates = vec![0.05; 10];
        let start = || {
            let network = network::<f64>(&[5, 11, 7, 2], Gain::Tanh, 5);
            let mut trainee =
                Trainee::new(network, LengthMode::Log, &descent.optimiser).expect("trains");
            train(
                &mut trainee,
                &descent,
                &x,
                &targets,
                Loss::CrossEntropy,
                &rates,
            )
            .expect("trains");
            trainee
        };
        let mut plain = start();
        let mut grown = start();
        grown.grow(1, &Matrix::zeros(7, 3)).expect("fits");
        grown.grow(2, &Matrix::zeros(2, 2)).expect("fits");
        for trainee in [&mut plain, &mut grown] {
            train(trainee, &descent, &x, &targets, Loss::CrossEntropy, &rates).expect("trains");
        }
        let name = descent.optimiser.name();
        for (l, layer) in (1..).zip(plain.network().layers()) {
            let wide = grown.network().layer(l);
            let (rows, columns) = layer.weight.shape();
            let part = wide.weight.view((0, 0), (rows, columns)).into_owned();
            assert_eq!(part, layer.weight, "{name} {l}");
            assert_eq!(
                wide.bias.as_slice()[..rows],
                *layer.bias.as_slice(),
                "{name}"
            );
            let rest = wide.weight.sum() - part.sum();
            assert!(wide.bias.as_slice()[rows..].iter().all(|x| *x == 0.0));
            assert!(rest.abs() < 1e-9, "{name}: the new neurons moved by {rest}");
        }
        assert_eq!(plain.trained_lengths(), grown.trained_lengths());
    }
}
