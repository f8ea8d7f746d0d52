//! Threads change no bit of a gradient, of a step or of a whole training.

use isotropic::{
    Gain,
    learning::{Data, Descent, LengthMode, Optimiser, Plan, Settings, Trainee, Trainer, fresh},
    linalg::Matrix,
    network::gradient::{Loss, Room, Targets, gradient, outputs},
    scalar::{Mp, Real},
};
use rand::RngExt;

use crate::support::rng;

/// Data<f64> with labels, and widths whose products are shared out.
fn drawn<S: Real>(rows: usize, widths: &[usize]) -> Data<S> {
    let mut rng = rng(5);
    Data {
        x: Matrix::from_fn(widths[0], rows, |_, _| {
            S::from_f64(rng.random_range(-1.0..1.0))
        }),
        targets: Targets::Labels(
            (0..rows)
                .map(|_| rng.random_range(0..widths[widths.len() - 1]))
                .collect(),
        ),
    }
}

#[test]
fn gradients_have_the_same_bits_on_any_number_of_threads() {
    let widths = [61, 97, 80, 10];
    let data: Data<f64> = drawn(211, &widths);
    let net = fresh(&widths, Gain::Tanh, &0.01, &mut rng(2)).expect("valid");
    let of = |data: &Data<f64>| gradient(&net, &data.x, &data.targets, Loss::CrossEntropy);
    let expected = of(&data).expect("finite");
    for threads in [1, 2, 3, 7] {
        let mut room = Room::new(threads);
        // Twice: what is left in the room changes nothing. The second time the batch is shorter in between.
        for _ in 0..2 {
            let found = room.gradient(&net, &data.x, &data.targets, Loss::CrossEntropy);
            let found = found.expect("finite");
            assert!(found == expected, "{threads} threads");
            room.recycle(found.parameters);
            let few = data.select(&[3, 1, 4]);
            let found = room.gradient(&net, &few.x, &few.targets, Loss::CrossEntropy);
            assert!(found.expect("finite") == of(&few).expect("finite"));
        }
        let y = room.outputs(&net, &data.x).expect("finite");
        assert!(y == outputs(&net, &data.x).expect("finite"));
    }
    // Sums over the rows in another order have other bits: the comparison would see it.
    let backwards: Vec<usize> = (0..data.rows()).rev().collect();
    let other = of(&data.select(&backwards)).expect("finite");
    assert!(other.parameters.layers[0].weight != expected.parameters.layers[0].weight);
    assert!(other.parameters.lengths != expected.parameters.lengths);
    assert!(other.loss != expected.loss);
}

#[test]
fn the_first_overflow_is_named_whoever_meets_it() {
    let widths = [61, 97, 80, 10];
    let net = fresh(&widths, Gain::Linear, &0.0, &mut rng(2)).expect("valid");
    let mut data: Data<f64> = drawn(211, &widths);
    data.x.column_mut(200).fill(f64::MAX);
    let expected = outputs(&net, &data.x).expect_err("overflows");
    for threads in [2, 3, 7] {
        let found = Room::new(threads).outputs(&net, &data.x);
        assert_eq!(found.expect_err("overflows"), expected);
    }
}

/// A training of two epochs, on so many threads.
fn trained<S: Real>(name: &str, threads: usize, data: &Data<S>, widths: &[usize]) -> Trainee<S> {
    let settings = Settings {
        optimiser: Some(name.into()),
        epochs: Some(2),
        batch: Some("40".into()),
        weight_decay: Some("0.01".into()),
        clip: Some("1".into()),
        adapt: Some(2),
        scaffold_threshold: Some("0.5".into()),
        ..Settings::default()
    };
    let hidden = &widths[1..widths.len() - 1];
    let mut plan: Plan<S> = settings.plan(hidden).expect("a plan");
    plan.measured = 3;
    let o = S::from_f64(0.01);
    let net = fresh(widths, Gain::Tanh, &o, &mut rng(3)).expect("valid");
    let mode = LengthMode::Log;
    let trainee = Trainee::new(net, mode, &plan.descent.optimiser).expect("trains");
    let trainer = Trainer::new(plan, trainee, 0, data, None).expect("a training");
    let mut trainer = trainer.on_threads(threads);
    while !trainer.is_finished() {
        trainer.advance().expect("finite");
    }
    trainer.into_trainee()
}

#[test]
fn trainings_have_the_same_bits_on_any_number_of_threads() {
    // Operations on 64 bits weigh enough for steps, too, to be shared out.
    let widths = [24, 80, 60, 5];
    let data: Data<Mp<64>> = drawn(60, &widths);
    for name in Optimiser::<f64>::NAMES {
        let expected = trained(name, 1, &data, &widths);
        for threads in [2, 3] {
            assert!(trained(name, threads, &data, &widths) == expected, "{name}");
        }
    }
}

#[test]
fn a_step_has_the_same_bits_on_any_number_of_threads() {
    let widths = [700, 400, 5];
    let net = fresh(&widths, Gain::Tanh, &0.01, &mut rng(4)).expect("valid");
    let data: Data<f64> = drawn(3, &widths);
    let momentum = Optimiser::Momentum { mu: 0.9 };
    for (optimiser, decay) in [
        (momentum, 0.1),
        (Optimiser::adam_tensor(), 0.0),
        (Optimiser::adamw(), 0.1),
    ] {
        let descent = Descent {
            optimiser,
            weight_decay: decay,
            clip: None,
        };
        let after = |threads: usize| {
            let mut trainee =
                Trainee::new(net.clone(), LengthMode::Root, &descent.optimiser).expect("trains");
            for _ in 0..2 {
                let found = trainee.gradient(&data.x, &data.targets, Loss::CrossEntropy);
                let gradient = found.expect("finite").parameters;
                let step = trainee.step_on(threads, &descent, gradient, &0.01);
                step.expect("finite");
            }
            trainee
        };
        let expected = after(1);
        for threads in [2, 3] {
            assert!(after(threads) == expected, "{threads} threads");
        }
    }
}
