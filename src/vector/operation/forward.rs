//! y, and every gain on the way.

use super::{
    allow::{Allowances, of_output, whole},
    draft::{Allow, Draft, Source, Wide, bent, joined, ratio},
    model,
    question::{NETWORK, Question, X, Y},
};
use crate::{
    Error,
    bound::{ParameterError, Units, any_order_units, gain_units},
    linalg::norm2,
    network::{Gain, Layer, Network, trace},
    scalar::{Rational, Real},
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("forward.txt");
    const INPUTS: &'static [Part] = &[NETWORK, X];
    const OUTPUTS: &'static [Part] = &[Y, ("gammas", Kind::Vector, false)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let shapes: [&[usize]; 5] = [
            &[2, 3, 2],
            &[3, 4, 3, 2],
            &[1, 1, 1, 1],
            &[2, 3, 4, 5, 2],
            &[4, 3, 2, 3],
        ];
        for gain in bent() {
            for widths in shapes {
                for (psi, lengths) in [(true, true), (true, false), (false, true), (false, false)] {
                    let (parts, comment) = match (psi, lengths) {
                        (true, true) => (
                            "psi-o",
                            "ψ on each layer after the first, o on each hidden layer.",
                        ),
                        (true, false) => ("psi", "ψ and no o."),
                        (false, true) => ("o", "o and no ψ."),
                        (false, false) => ("plain", "Neither ψ nor o."),
                    };
                    let name = format!("{}-{}-{parts}", gain.name(), joined(widths));
                    let mut stream = source.stream(&name, Digits::Single);
                    let network = stream.network(widths, &gain, (psi, lengths))?;
                    let input = input(&network, &stream.vector(widths[0]));
                    let wide = widths.len() > 2 && widths[1] > 1;
                    drafts.push(
                        Draft::new(source.id(&name), comment, "B1", input)
                            .flags(&["ActivationOnOutput"])
                            .flag_if(lengths, "OSquaredTwice")
                            .flag_if(lengths, "ORooted")
                            .flag_if(psi, "PsiDropped")
                            .flag_if(psi, "PsiWithoutGain")
                            .flag_if(psi && widths.len() > 3, "PsiOwnGain")
                            .flag_if(wide && gain == Gain::Tanh, "Elementwise"),
                    );
                }
            }
            let name = format!("{}-2-3-2-exact", gain.name());
            let mut stream = source.stream(&name, Digits::Short);
            let network = stream.network(&[2, 3, 2], &gain, (true, true))?;
            let given = input(&network, &stream.vector(2));
            let comment = "Short numbers: the reference is rational where the gain is.";
            let draft = Draft::new(source.id(&name), comment, "B1", given);
            drafts.push(draft.flags(&["OSquaredTwice", "PsiWithoutGain"]));
        }
        for k in 1..=2 {
            let name = format!("tanh-double-o-{k}");
            let mut stream = source.stream(&name, Digits::Double);
            let network = stream.network(&[2, 3, 2], &Gain::Tanh, (true, true))?;
            let given = input(&network, &stream.vector(2));
            let comment = "Every number has 53 significant bits, o included.";
            let draft = Draft::new(source.id(&name), comment, "B1", given);
            drafts.push(draft.flags(&["OCastToSingle"]).double());
        }
        let name = "tanh-no-hidden";
        let mut stream = source.stream(name, Digits::Single);
        let network = stream.network(&[3, 2], &Gain::Tanh, (false, false))?;
        let given = input(&network, &stream.vector(3));
        let draft = Draft::new(
            source.id(name),
            "No hidden layer: y = W x + b.",
            "B1",
            given,
        );
        drafts.push(draft.flags(&["ActivationOnOutput"]).without("gammas"));
        drafts.push(silent(source)?);
        drafts.extend(large(source)?);
        let other = Gain::SoftThreshold { t: ratio(1, 2) };
        let name = format!("{}-3-4-3-2-other-threshold", other.name());
        let mut stream = source.stream(&name, Digits::Single);
        let network = stream.network(&[3, 4, 3, 2], &other, (true, true))?;
        let given = input(&network, &stream.vector(3));
        let comment = "Another threshold than the other cases have.";
        drafts.push(Draft::new(source.id(&name), comment, "B1", given));
        drafts.push(model::draft(source, 1, "B1", |input| input)?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        let (network, x): (Network<Wide>, Vec<Wide>) = (input.network()?, input.vector("x")?);
        Ok(vec![
            ("y", of_output(&network, &x)?),
            ("gammas", Allow::Carried(of_gains(&network, &x)?)),
        ])
    }
}

fn answer<S: crate::Scalar>(input: &Input) -> Result<Answer, Refusal> {
    let trace = trace(&input.network::<S>()?, &input.vector::<S>("x")?)?;
    Answer::default()
        .vector("y", trace.output())?
        .vector("gammas", &trace.gains)
}

/// Widths past the ends of vector registers, and depths past one digit.
fn large(source: &Source) -> Result<Vec<Draft>, Error> {
    let shapes: [&[usize]; 4] = [
        &[5, 17, 33, 3],
        &[33, 65, 2],
        &[2, 3, 2, 3, 2, 3, 2],
        &[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
    ];
    let mut drafts = vec![];
    for (k, widths) in shapes.into_iter().enumerate() {
        // Wide sums make a bounded gain flat: the gains that stay alive there.
        let gain = if k < 2 { Gain::Algebraic } else { Gain::Tanh };
        let name = format!("{}-{}-large", gain.name(), joined(widths));
        let mut stream = source.stream(&name, Digits::Single);
        let network = stream.network(widths, &gain, (true, true))?;
        let given = input(&network, &stream.vector(widths[0]));
        let comment = match k < 2 {
            true => "Widths that are no multiple of a register's.",
            false => "Many layers.",
        };
        drafts.push(Draft::new(source.id(&name), comment, "B1", given).flags(&["PsiDropped"]));
    }
    Ok(drafts)
}

/// A network whose hidden layer is exactly 0, with o = 0.
fn silent(source: &Source) -> Result<Draft, Error> {
    let name = "tanh-silent";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[2, 3, 2], &Gain::Tanh, (true, false))?;
    let (mut layers, gain, _) = network.into_parts();
    let zero = Rational::from(0);
    layers[0] = Layer {
        weight: layers[0].weight.clone(),
        bias: layers[0].bias.map(|_| zero.clone()),
        psi: None,
    };
    let network = Network::new(layers, gain, None)?;
    let given = input(&network, &[zero.clone(), zero]);
    let comment = "z_1 = 0 with o = 0: y = b_2 + g(0) ψ_2.";
    Ok(Draft::new(source.id(name), comment, "A5", given).flags(&["NanAtZero"]))
}

fn input(network: &Network<Rational>, x: &[Rational]) -> Input {
    Input::default().with_network(network).with_vector("x", x)
}

/// The gains: each is off by what its z is off by, |dγ/dρ| ‖δz‖, and by its own evaluation.
pub(super) fn of_gains(network: &Network<Wide>, x: &[Wide]) -> Result<Units<Wide>, Error> {
    let trace = trace(network, x)?;
    let (mut rounding, mut underflow) = (vec![], vec![]);
    for l in network.hidden() {
        // z_l is the output of the network cut after layer l.
        let lengths = (1..l).map(|l| network.length_squared(l)).collect();
        let cut = Network::new(
            network.layers()[..l].to_vec(),
            network.gain().clone(),
            Some(lengths),
        )?;
        let of_z = any_order_units(&cut, x, &ParameterError::none_for(&cut))?;
        let z = &trace.pre_activations[l - 1];
        let rho = norm2(&[norm2(z), network.length_squared(l).sqrt()]);
        let gamma = &trace.gains[l - 1];
        let slope = num_traits::Signed::abs(&network.gain().slope(&rho));
        let of_gain = gain_units(network.gain(), gamma, &rho, z.len());
        rounding.push(slope.clone() * of_z.rounding + of_gain);
        underflow.push(slope.clone() * of_z.underflow + slope + whole(1));
    }
    Ok(Units {
        rounding: norm2(&rounding),
        underflow: norm2(&underflow),
    })
}
