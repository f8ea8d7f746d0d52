//! One step of each optimiser.

mod cases;
mod muon;

use muon::of_muon;

use super::{
    allow::Allowances,
    draft::{Allow, Draft, Source, Wide},
    gradient::together,
    question::Question,
};
use crate::{
    Error,
    bound::Counted,
    learning::{AdamRotation, Denominator, Descent, LengthMode, Optimiser, Second, Trainee},
    linalg::{Matrix, Vector},
    network::{
        Gain, Layer, Network,
        gradient::{Tangent, Trainable},
    },
    scalar::{Rational, Real},
    vector::{
        answer::Answer,
        input::{Input, Refusal},
        part::{
            Kind::{Index, Matrix as Rows, Number, Word},
            Part,
        },
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("../optimiser_step.txt");
    const INPUTS: &'static [Part] = &[
        ("optimiser", Word, true),
        ("parameter", Rows, true),
        ("gradient", Rows, true),
        ("momentum", Rows, false),
        ("step", Index, true),
        ("rate", Number, true),
        ("decay", Number, true),
        ("friction", Number, false),
        ("beta_1", Number, false),
        ("beta_2", Number, false),
        ("epsilon", Number, false),
        ("second", Number, false),
        ("count", Index, false),
        ("second_moments", Rows, false),
    ];
    const OUTPUTS: &'static [Part] = &[
        ("parameter", Rows, true),
        ("momentum", Rows, false),
        ("second", Number, false),
        ("second_moments", Rows, false),
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        Ok(cases::drafts(source))
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        let after = stepped::<Counted<Wide>>(input)?;
        // A port may group the same few operations otherwise: twice as many roundings a term.
        let all = |entries: &[&Counted<Wide>]| {
            let units = together(entries);
            Allow::Carried(units.plus(&units))
        };
        let entries = |a: &'_ Matrix<Counted<Wide>>| all(&a.iter().collect::<Vec<_>>());
        let parameter = match after.optimiser {
            Optimiser::Muon { .. } => Allow::Carried(of_muon(input)?),
            Optimiser::Sgd
            | Optimiser::Momentum { .. }
            | Optimiser::Nesterov { .. }
            | Optimiser::AdamTensor { .. }
            | Optimiser::AdamW { .. } => entries(&after.parameter),
        };
        let mut allowances = vec![("parameter", parameter)];
        if after.optimiser != Optimiser::Sgd {
            allowances.push(("momentum", entries(&after.momentum)));
        }
        match &after.second {
            Second::None => {}
            Second::Tensors { sums, .. } => allowances.push(("second", all(&[&sums[0]]))),
            Second::Entries(moments) => {
                allowances.push(("second_moments", entries(&moments.layers[0].weight)));
            }
        }
        Ok(allowances)
    }
}

/// What a step leaves.
struct After<S> {
    optimiser: Optimiser<S>,
    parameter: Matrix<S>,
    momentum: Matrix<S>,
    second: Second<S>,
}

fn optimiser<S: Trainable>(input: &Input) -> Result<Optimiser<S>, Refusal> {
    let mu = || input.number("friction");
    let betas = || Ok::<_, Refusal>((input.number("beta_1")?, input.number("beta_2")?));
    Ok(match input.word("optimiser")?.as_str() {
        "sgd" => Optimiser::Sgd,
        "momentum" => Optimiser::Momentum { mu: mu()? },
        "nesterov" => Optimiser::Nesterov { mu: mu()? },
        "muon" => Optimiser::muon(mu()?),
        "adam-tensor" => Optimiser::AdamTensor {
            betas: betas()?,
            epsilon: input.number("epsilon")?,
            denominator: Denominator::Root,
        },
        "adamw" => Optimiser::AdamW {
            betas: betas()?,
            epsilon: input.number("epsilon")?,
            rotation: AdamRotation::Keep,
        },
        other => {
            return Err(Refusal::Input {
                name: "optimiser".into(),
                why: format!("`{other}` is none of {}", Optimiser::<S>::NAMES.join(", ")),
            });
        }
    })
}

/// The step of a network that has this one tensor, its first layer's weight.
fn stepped<S: Trainable>(input: &Input) -> Result<After<S>, Refusal> {
    let optimiser = optimiser::<S>(input)?;
    let weight: Matrix<S> = input.matrix("parameter")?;
    let shape = weight.shape();
    let (m, _) = shape;
    let of_shape = |name: &str| -> Result<Matrix<S>, Refusal> {
        let a: Matrix<S> = input.matrix(name)?;
        if a.shape() == shape {
            return Ok(a);
        }
        let why = format!(
            "{}×{}, the parameter is {}×{}",
            a.nrows(),
            a.ncols(),
            m,
            shape.1
        );
        Err(Refusal::Input {
            name: name.into(),
            why,
        })
    };
    let bias = Vector::from_element(m, S::zero());
    let layer = Layer {
        weight,
        bias,
        psi: None,
    };
    let network = Network::new(vec![layer], Gain::Linear, None)?;
    let mut gradient = Tangent::zeros(&network);
    gradient.layers[0].weight = of_shape("gradient")?;
    let mut trainee = Trainee::new(network, LengthMode::Fixed, &optimiser)?;
    let state = trainee.state_mut();
    if optimiser != Optimiser::Sgd {
        state.first.layers[0].weight = of_shape("momentum")?;
    }
    match &mut state.second {
        Second::None => {}
        Second::Tensors { sums, sizes } => {
            sums[0] = input.number("second")?;
            sizes[0] = input.index("count")?;
        }
        Second::Entries(moments) => moments.layers[0].weight = of_shape("second_moments")?,
    }
    let step = input.index("step")?;
    if step == 0 {
        return Err(Refusal::Input {
            name: "step".into(),
            why: "steps count from 1".into(),
        });
    }
    if let Optimiser::AdamTensor { betas, .. } | Optimiser::AdamW { betas, .. } = &optimiser {
        for _ in 1..step {
            state.powers.0 *= &betas.0;
            state.powers.1 *= &betas.1;
        }
    }
    let descent = Descent {
        optimiser: optimiser.clone(),
        weight_decay: input.number("decay")?,
        clip: None,
    };
    trainee.step(&descent, gradient, &input.number("rate")?)?;
    Ok(After {
        optimiser,
        parameter: trainee.network().layer(1).weight.clone(),
        momentum: trainee.state().first.layers[0].weight.clone(),
        second: trainee.state().second.clone(),
    })
}

fn answer<S: Trainable>(input: &Input) -> Result<Answer, Refusal> {
    let after = stepped::<S>(input)?;
    let mut answer = Answer::default().matrix("parameter", &after.parameter)?;
    if after.optimiser != Optimiser::Sgd {
        answer = answer.matrix("momentum", &after.momentum)?;
    }
    match &after.second {
        Second::None => Ok(answer),
        Second::Tensors { sums, .. } => answer.number("second", &sums[0]),
        Second::Entries(moments) => answer.matrix("second_moments", &moments.layers[0].weight),
    }
}
