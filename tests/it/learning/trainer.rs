//! Epochs: widths that follow, events within their bounds, checkpoints that lose no bit, schedules, F9.

use isotropic::{
    Gain,
    learning::{
        Checkpoint, Data, Descent, Epoch, LengthMode, Optimiser, Plan, Settings, Source, Trainee,
        Trainer, TrainingError, Widths, angular_momenta, epochs_to_fall, fresh,
    },
    linalg::{Matrix, singular_values},
    network::gradient::{Loss, Targets},
    scalar::{Field, Residue},
};

use crate::support::{network, rng};

/// Rows and rows held out of the shipped digits.
fn digits(rows: usize, held_out: usize) -> (Data<f64>, Data<f64>) {
    let inputs = isotropic::io::shipped::digits::<f64>().expect("shipped");
    let part = |range: std::ops::Range<usize>| {
        let inputs = inputs.rows(range);
        Data {
            x: inputs.x,
            targets: Targets::Labels(inputs.labels.expect("labels")),
        }
    };
    (part(0..rows), part(rows..rows + held_out))
}

fn begin<'a>(
    settings: &Settings,
    widths: &[usize],
    data: &'a Data<f64>,
    held_out: &'a Data<f64>,
) -> Trainer<'a, f64> {
    let net = fresh(widths, Gain::Tanh, &0.01, &mut rng(1)).expect("valid");
    let plan = settings
        .plan::<f64>(&widths[1..widths.len() - 1])
        .expect("a plan");
    let mode = settings.length_mode().expect("a mode");
    let trainee = Trainee::new(net, mode, &plan.descent.optimiser).expect("trains");
    Trainer::new(plan, trainee, 0, data, Some(held_out)).expect("a training")
}

fn text(x: &str) -> Option<String> {
    Some(x.into())
}

#[test]
fn every_optimiser_learns_and_every_gain_is_trained() {
    let (data, held_out) = digits(300, 100);
    for optimiser in Optimiser::<f64>::NAMES {
        let settings = Settings {
            optimiser: text(optimiser),
            epochs: Some(20),
            ..Settings::default()
        };
        let mut trainer = begin(&settings, &[64, 10, 8, 10], &data, &held_out);
        let mut last = None;
        while !trainer.is_finished() {
            last = Some(trainer.advance().expect("finite"));
        }
        let accuracy = last
            .and_then(|epoch| epoch.held_out_accuracy)
            .expect("labels");
        assert!(accuracy > 0.5, "{optimiser}: {accuracy}");
    }
    for gain in Gain::all(&0.2) {
        let net = fresh(&[64, 8, 10], gain.clone(), &0.01, &mut rng(2)).expect("valid");
        let descent = Descent::plain(Optimiser::adam_tensor());
        let plan = Plan::new(Loss::CrossEntropy, descent, 0.02, 60);
        let trainee = Trainee::new(net, LengthMode::Log, &plan.descent.optimiser).expect("trains");
        let mut trainer = Trainer::new(plan, trainee, 0, &data, None).expect("a training");
        let first = trainer.advance().expect("finite").loss;
        let mut last = first;
        while !trainer.is_finished() {
            last = trainer.advance().expect("finite").loss;
        }
        assert!(last < 0.6 * first, "{}: {first} -> {last}", gain.name());
    }
}

/// Growth changes no bit; every removal stays within its bound; the count of unused directions is exact after every epoch.
#[test]
fn widths_follow_exactly_and_every_change_is_within_its_bound() {
    let (data, held_out) = digits(300, 60);
    for (removal, certified) in [("data", false), ("svd", true)] {
        let settings = Settings {
            optimiser: text("momentum"),
            weight_decay: text("0.02"),
            scaffold_threshold: text("0.3"),
            adapt: Some(3),
            removal: text(removal),
            certified,
            epochs: Some(12),
            ..Settings::default()
        };
        let mut trainer = begin(&settings, &[64, 14, 12, 10], &data, &held_out);
        let (mut growths, mut removals) = (0, 0);
        while !trainer.is_finished() {
            let epoch = trainer.advance().expect("finite");
            for event in &epoch.events {
                assert!(event.within, "{event:?}");
                if event.what == "growth" {
                    growths += 1;
                    assert_eq!(event.change, 0.0);
                } else {
                    removals += 1;
                    assert!(event.from > event.to);
                }
                if certified {
                    // It encloses the exact outputs; the change is of computed ones.
                    let certified = event.certified.expect("asked for");
                    assert!(certified + event.rounding >= event.change, "{event:?}");
                }
            }
            let net = trainer.trainee().network();
            for l in net.hidden() {
                let sigma = singular_values(&net.layer(l).augmented()).expect("finite");
                let large = sigma.iter().filter(|s| **s > 0.3).count();
                let unused = net.layer(l).width() - large;
                // Layers after the first look at ψ and columns that a later layer's change leaves alone.
                assert_eq!(unused, 3, "layer {l} after epoch {}", epoch.epoch);
            }
        }
        assert!(growths + removals > 2, "{growths} {removals}");
    }
}

#[test]
fn a_checkpoint_goes_on_with_the_same_bits() {
    let (data, held_out) = digits(200, 50);
    for (optimiser, length) in [
        ("adam-tensor", "log"),
        ("adamw", "root"),
        ("momentum", "fixed"),
    ] {
        let settings = Settings {
            optimiser: text(optimiser),
            length: text(length),
            weight_decay: text("0.01"),
            schedule: text("cosine"),
            widths_schedule: text("2:12,8;5:6,9"),
            epochs: Some(6),
            ..Settings::default()
        };
        let source = Source::default();
        let mut whole = begin(&settings, &[64, 9, 8, 10], &data, &held_out);
        let mut kept = vec![];
        let mut records: Vec<Epoch> = vec![];
        while !whole.is_finished() {
            records.push(whole.advance().expect("finite"));
            let done = whole.epochs_done();
            let checkpoint = Checkpoint::new(whole.trainee(), &settings, &source, done, &[]);
            kept.push(checkpoint.to_json().expect("text"));
        }
        for (done, text) in (1u64..).zip(&kept[..5]) {
            let checkpoint = Checkpoint::from_json(text).expect("a checkpoint");
            let trainee = checkpoint.trainee::<f64>().expect("a trainee");
            let plan = checkpoint.settings.plan(&[9, 8]).expect("a plan");
            let mut rest =
                Trainer::new(plan, trainee, done, &data, Some(&held_out)).expect("goes on");
            let record = rest.advance().expect("finite");
            assert_eq!(record, records[done as usize], "{optimiser} after {done}");
            let again = Checkpoint::new(rest.trainee(), &settings, &source, done + 1, &[]);
            assert_eq!(again.to_json().expect("text"), kept[done as usize]);
        }
        // A checkpoint that is cut short, of another version, or none.
        let text = &kept[0];
        assert!(Checkpoint::from_json(&text[..text.len() / 2]).is_err());
        let other = text.replacen("\"version\":1", "\"version\":2", 1);
        let why = Checkpoint::from_json(&other).expect_err("another version");
        assert!(why.to_string().contains("version 2"), "{why}");
    }
}

#[test]
fn divergence_says_where() {
    let (data, held_out) = digits(100, 10);
    let settings = Settings {
        optimiser: text("sgd"),
        rate: text("1e200"),
        loss: text("squared"),
        ..Settings::default()
    };
    let mut trainer = begin(&settings, &[64, 9, 8, 10], &data, &held_out);
    let why = (0..3)
        .find_map(|_| trainer.advance().err())
        .expect("1e200 is too large");
    assert!(
        matches!(why, TrainingError::Diverged { epoch: 1, .. }),
        "{why}"
    );
    assert!(why.to_string().contains("layer"), "{why}");
}

/// From M = 0, exactly modulo a prime: nothing for ever for heavy ball, nothing for two steps and something in the third for
/// Nesterov (THEORY F6).
#[test]
fn heavy_ball_has_no_angular_momentum_and_nesterov_has_some_in_the_third_step() {
    let net = network::<Residue>(&[3, 4, 3, 2], Gain::Rational, 2);
    let x = Matrix::from_fn(3, 5, |i, j| {
        Residue::from_int((i * i + 3 * j) as i64 % 7 - 3)
    });
    let targets = Targets::Labels(vec![0, 1, 1, 0, 1]);
    let nothing = |optimiser: Optimiser<Residue>, steps: usize| -> Vec<bool> {
        let descent = Descent {
            weight_decay: Residue::from_int(1) / Residue::from_int(50),
            ..Descent::plain(optimiser)
        };
        let mut trainee =
            Trainee::new(net.clone(), LengthMode::Direct, &descent.optimiser).expect("trains");
        let rate = Residue::from_int(1) / Residue::from_int(20);
        let mut step = || {
            let before = trainee.network().clone();
            let found = trainee
                .gradient(&x, &targets, Loss::Squared)
                .expect("exact");
            let step = trainee
                .step(&descent, found.parameters, &rate)
                .expect("exact");
            let momenta = angular_momenta(&before, &step);
            momenta.iter().flatten().all(|a| *a == Residue::from_int(0))
        };
        (0..steps).map(|_| step()).collect()
    };
    let mu = Residue::from_int(9) / Residue::from_int(10);
    assert_eq!(nothing(Optimiser::Momentum { mu }, 100), [true; 100]);
    assert_eq!(nothing(Optimiser::Nesterov { mu }, 3), [true, true, false]);
}

#[test]
fn widths_go_along_straight_lines() {
    let widths =
        Widths::new(&[48, 40], vec![(9, vec![48, 40]), (54, vec![8, 10])], 60).expect("rises");
    assert_eq!(widths.after(0), [48, 40]);
    assert_eq!(widths.after(9), [48, 40]);
    // 48 - 40 · 1/45 = 47.1; 40 - 30/45 = 39.3.
    assert_eq!(widths.after(10), [47, 39]);
    assert_eq!(widths.after(54), [8, 10]);
    assert_eq!(widths.after(60), [8, 10]);
    for knots in [
        vec![],
        vec![(0, vec![1, 1])],
        vec![(3, vec![1, 1]), (3, vec![2, 2])],
        vec![(61, vec![1, 1])],
        vec![(3, vec![1])],
        vec![(3, vec![1, 0])],
    ] {
        assert!(Widths::new(&[48, 40], knots, 60).is_err());
    }
}

/// 1 - ηλ = 1 - 0.05 · 0.005 / (1 - 0.9) = 1 - 0.0025 a step: ln(2/0.3) / 0.0025031 = 757.9 steps, 30 an epoch.
#[test]
fn the_time_to_shrink_is_said() {
    let plan = |decay: f64, mu: f64| {
        let mut descent = Descent::plain(Optimiser::Momentum { mu });
        descent.weight_decay = decay;
        Plan::new(Loss::CrossEntropy, descent, 0.05, 60)
    };
    assert_eq!(epochs_to_fall(&plan(0.005, 0.9), 30, 2.0, 0.3), Some(26));
    assert_eq!(epochs_to_fall(&plan(0.0, 0.9), 30, 2.0, 0.3), None);
    assert_eq!(epochs_to_fall(&plan(0.005, 0.9), 30, 0.2, 0.3), Some(0));
}

/// What the momentum of Nesterov, and heavy ball, make of a size on which decay alone works, against what is said.
#[test]
fn the_time_to_shrink_is_what_momentum_takes() {
    for (mu, decay, rate) in [(0.9, 0.005, 0.05), (0.5, 0.1, 0.1), (0.95, 0.001, 0.1)] {
        for nesterov in [false, true] {
            let optimiser = match nesterov {
                true => Optimiser::Nesterov { mu },
                false => Optimiser::Momentum { mu },
            };
            let mut descent = Descent::plain(optimiser);
            descent.weight_decay = decay;
            let plan = Plan::new(Loss::CrossEntropy, descent, rate, 10_000);
            let (mut size, mut v, mut steps) = (2.0, 0.0, 0u64);
            while size > 0.3 {
                let g = decay * size;
                v = mu * v + g;
                size -= rate * if nesterov { g + mu * v } else { v };
                steps += 1;
            }
            let said = epochs_to_fall(&plan, 1, 2.0, 0.3).expect("it falls");
            // To a first order: the momentum's start is late by some 1/(1-μ), and the next order is ηλ/(1-μ)² of the time.
            let off = 2.0 / (1.0 - mu) + said as f64 * rate * decay / (1.0 - mu).powi(2);
            let difference = steps as f64 - said as f64;
            assert!(difference.abs() <= off, "{mu} {nesterov}: {steps}, {said}");
            // Without the momentum's factor it would be another time.
            let plain = (2.0f64 / 0.3).ln() / (rate * decay);
            assert!((plain - steps as f64).abs() > 4.0 * off);
        }
    }
}

#[test]
fn settings_that_have_no_effect_are_refused() {
    let refused = [
        Settings {
            optimiser: text("sgd"),
            momentum: text("0.5"),
            ..Settings::default()
        },
        Settings {
            momentum: text("0.5"),
            ..Settings::default()
        },
        Settings {
            optimiser: text("muon"),
            betas: Some(vec!["0.9".into(), "0.99".into()]),
            ..Settings::default()
        },
        Settings {
            adam_rotation: text("diagonal"),
            ..Settings::default()
        },
        Settings {
            removal: text("svd"),
            ..Settings::default()
        },
        Settings {
            certified: true,
            ..Settings::default()
        },
        Settings {
            scaffold_threshold: text("0.1"),
            ..Settings::default()
        },
        Settings {
            adapt_every: Some(2),
            ..Settings::default()
        },
        Settings {
            adapt: Some(2),
            widths_schedule: text("2:3"),
            ..Settings::default()
        },
        Settings {
            rate: text("0"),
            ..Settings::default()
        },
        Settings {
            rate: text("nan"),
            ..Settings::default()
        },
        Settings {
            batch: text("0"),
            ..Settings::default()
        },
        Settings {
            epochs: Some(0),
            ..Settings::default()
        },
        Settings {
            weight_decay: text("-1"),
            ..Settings::default()
        },
        Settings {
            optimiser: text("momentum"),
            momentum: text("1"),
            ..Settings::default()
        },
        Settings {
            widths_schedule: text("2;3"),
            ..Settings::default()
        },
        Settings {
            clip: text("0"),
            ..Settings::default()
        },
    ];
    for settings in refused {
        assert!(settings.plan::<f64>(&[4]).is_err(), "{settings:?}");
    }
    assert!(Settings::default().plan::<f64>(&[4]).is_ok());
}
