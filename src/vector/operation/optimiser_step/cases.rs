//! Tensors to step with.

use super::super::draft::{Draft, Source, ratio};
use crate::{
    learning::Optimiser,
    linalg::Matrix,
    scalar::{Field, Rational},
    vector::{
        draw::{Digits, Stream},
        input::Input,
    },
};

/// Every optimiser from the start and on its way, on square, tall, wide and narrow tensors.
pub(super) fn drafts(source: &Source) -> Vec<Draft> {
    let mut drafts = vec![];
    for optimiser in Optimiser::<Rational>::NAMES {
        for (shape, step, decay) in [
            ((3, 3), 1, true),
            ((4, 2), 7, true),
            ((2, 5), 7, false),
            ((3, 1), 2, true),
        ] {
            let decays = if decay { "decay" } else { "no-decay" };
            let (m, n) = shape;
            let name = format!("{optimiser}-{m}-{n}-step-{step}-{decays}");
            let mut stream = source.stream(&name, Digits::Single);
            let input = drawn(&mut stream, optimiser, shape, step, decay);
            let comment = match step {
                1 => "The first step, from a state of zeros.",
                2 => "A vector: a matrix of one column.",
                _ => "A step with something to remember.",
            };
            let draft = Draft::new(source.id(&name), comment, "F1", input);
            drafts.push(flagged(draft, optimiser, shape, step, decay));
        }
        let name = format!("{optimiser}-nothing-yet");
        let mut stream = source.stream(&name, Digits::Single);
        let still = Matrix::from_element(2, 2, Rational::from(0));
        let input = drawn(&mut stream, optimiser, (2, 2), 1, false);
        let input = input.with_matrix("gradient", &still);
        let comment = "No gradient, and nothing remembered: the parameter stays.";
        drafts.push(Draft::new(source.id(&name), comment, "C3", input));
    }
    for optimiser in ["adam-tensor", "adamw"] {
        let name = format!("{optimiser}-large-epsilon");
        let mut stream = source.stream(&name, Digits::Single);
        let input = drawn(&mut stream, optimiser, (2, 3), 3, false);
        let input = input.with_number("epsilon", &ratio(1, 4));
        let comment = "ε of 1/4: beside the root, not under it.";
        let draft = Draft::new(source.id(&name), comment, "F1", input);
        drafts.push(draft.flags(&["EpsilonInsideRoot"]));
    }
    let name = "muon-rank-1";
    let mut stream = source.stream(name, Digits::Single);
    let input = drawn(&mut stream, "muon", (3, 3), 1, false);
    let column = stream.matrix(3, 1);
    let direction = Matrix::from_fn(3, 3, |i, j| column[i].clone() * ratio(1 - j as i64, 2));
    let input = input.with_matrix("gradient", &direction);
    let comment = "M of rank 1: null directions stay null.";
    drafts.push(Draft::new(source.id(name), comment, "F1", input).double());
    let name = "adam-tensor-grown";
    let mut stream = source.stream(name, Digits::Single);
    let input = drawn(&mut stream, "adam-tensor", (4, 3), 5, false).with("count", 6);
    let comment = "A tensor that had 6 entries at the start and has 12: N stays 6.";
    drafts.push(Draft::new(source.id(name), comment, "F3", input).flags(&["CountOfNow"]));
    drafts
}

/// Inputs for an optimiser; the state is 0 at the first step.
fn drawn(
    stream: &mut Stream,
    optimiser: &str,
    (m, n): (usize, usize),
    step: usize,
    decay: bool,
) -> Input {
    let still = || Matrix::from_element(m, n, Rational::from(0));
    let single = |p: i64, q: i64| {
        let exact = ratio(p, q);
        f32::from_rational(&exact).to_rational().unwrap_or(exact)
    };
    let mut input = Input::default()
        .with("optimiser", optimiser)
        .with_matrix("parameter", &stream.matrix(m, n))
        .with_matrix("gradient", &stream.matrix(m, n))
        .with("step", step)
        .with_number("rate", &ratio(1, 16))
        .with_number("decay", &if decay { ratio(1, 8) } else { ratio(0, 1) });
    if optimiser != "sgd" {
        let momentum = if step == 1 {
            still()
        } else {
            stream.matrix(m, n)
        };
        input = input.with_matrix("momentum", &momentum);
    }
    if ["momentum", "nesterov", "muon"].contains(&optimiser) {
        input = input.with_number("friction", &ratio(7, 8));
    }
    if optimiser.starts_with("adam") {
        input = input
            .with_number("beta_1", &single(9, 10))
            .with_number("beta_2", &single(999, 1000))
            .with_number("epsilon", &single(1, 100_000_000));
    }
    let positive = |x: Rational| x.clone() * x;
    match optimiser {
        "adam-tensor" => {
            let sum = if step == 1 {
                ratio(0, 1)
            } else {
                single(k_of(stream), 97)
            };
            input.with_number("second", &sum).with("count", m * n)
        }
        "adamw" => {
            let moments = stream.matrix(m, n).map(positive);
            let moments = moments.map(|x| f32::from_rational(&x).to_rational().unwrap_or(x));
            input.with_matrix("second_moments", &if step == 1 { still() } else { moments })
        }
        _ => input,
    }
}

/// A whole number above 0.
fn k_of(stream: &mut Stream) -> i64 {
    1 + stream.whole(80).abs()
}

/// The mistakes that a drawn case shows.
fn flagged(
    draft: Draft,
    optimiser: &str,
    (m, n): (usize, usize),
    step: usize,
    decay: bool,
) -> Draft {
    let coupled = ["sgd", "momentum", "nesterov"].contains(&optimiser);
    let adam = optimiser.starts_with("adam");
    draft
        .flag_if(decay && coupled && optimiser != "sgd", "DecayDecoupled")
        .flag_if(decay && !coupled, "DecayCoupled")
        .flag_if(adam, "BiasCorrectionLost")
        .flag_if(optimiser == "momentum" && step > 1, "MomentumBefore")
        .flag_if(optimiser == "nesterov", "NesterovIsHeavyBall")
        .flag_if(optimiser == "muon" && m > n, "MuonFactorLost")
}
