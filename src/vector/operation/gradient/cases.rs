//! Networks, inputs and targets to differentiate at.

use super::{
    super::{
        draft::{Draft, Source, bent, gains, joined, power, ratio},
        model,
    },
    drawn::drawn,
    origin,
};
use crate::{
    Error,
    network::{Gain, Network, gradient::Loss},
    scalar::Rational,
    vector::{draw::Digits, input::Input},
};

/// Both losses, with and without ψ and o; exact ones; at the origin; at the ends; a trained network.
pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    let shapes: [(&[usize], usize, Loss, bool); 4] = [
        (&[2, 3, 2], 3, Loss::Squared, true),
        (&[3, 4, 3, 2], 2, Loss::CrossEntropy, true),
        (&[3, 3, 3], 3, Loss::Squared, false),
        (&[2, 3, 3, 3], 1, Loss::CrossEntropy, true),
    ];
    for gain in bent() {
        for (widths, rows, loss, parts) in shapes {
            let kind = if parts { "psi-o" } else { "plain" };
            let name = format!("{}-{}-{}-{kind}", gain.name(), joined(widths), loss.name());
            let mut stream = source.stream(&name, Digits::Single);
            let network = stream.network(widths, &gain, (parts, parts))?;
            let comment = match parts {
                true => format!("{rows} rows; ψ and o are there."),
                false => {
                    format!("{rows} rows; neither ψ nor o: ∂L/∂o is asked for all the same.")
                }
            };
            let draft = drawn(source, &name, comment, &mut stream, &network, rows, loss);
            drafts.push(flagged(draft, &network, rows, loss));
        }
    }
    for gain in gains().into_iter().filter(Gain::is_rational) {
        let name = format!("{}-2-2-3-2-exact", gain.name());
        let mut stream = source.stream(&name, Digits::Short);
        let network = stream.network(&[2, 2, 3, 2], &gain, (true, true))?;
        let comment = "Short numbers: every derivative is rational.";
        let draft = drawn(
            source,
            &name,
            comment,
            &mut stream,
            &network,
            2,
            Loss::Squared,
        );
        drafts.push(flagged(draft, &network, 2, Loss::Squared));
    }
    for gain in gains() {
        drafts.push(origin::at_the_origin(source, &gain)?);
    }
    for gain in bent().into_iter().filter(|gain| gain.threshold().is_none()) {
        drafts.push(origin::near_the_origin(source, &gain, &origin::NEAR)?);
        if gain != Gain::Log1p {
            drafts.push(origin::near_the_origin(source, &gain, &origin::NEARER)?);
        }
    }
    drafts.extend(ends(source)?);
    let network = model::network()?;
    let input = Input::default()
        .with_network(&network)
        .with_matrix("inputs", &model::images(20)?)
        .with_matrix("targets", &model::targets(20)?)
        .with("loss", Loss::CrossEntropy.name());
    let draft = Draft::new(source.id("digits-20-images"), model::COMMENT, "F1", input);
    drafts.push(draft.flags(&["SumForMean", "OGradientOfLength"]));
    Ok(drafts)
}

/// The mistakes that a drawn case shows.
fn flagged(draft: Draft, network: &Network<Rational>, rows: usize, loss: Loss) -> Draft {
    let widths = network.widths();
    let square = widths[1..].windows(2).any(|pair| pair[0] == pair[1]) || widths[0] == widths[1];
    let psi = network.layers().iter().any(|layer| layer.psi.is_some());
    draft
        .flag_if(square, "WeightGradientTransposed")
        .flag_if(loss == Loss::Squared, "HalfLost")
        .flag_if(loss == Loss::Squared, "MeanOverEntries")
        .flag_if(rows > 1, "SumForMean")
        .flags(&["GainHeldConstant"])
        .flag_if(psi, "PsiGradientWithoutGain")
        .flag_if(psi, "GainPathLost")
        .flag_if(network.has_lengths(), "OGradientOfLength")
}

/// No hidden layer, wide layers, large outputs, a saturated layer, dead neurons, another threshold.
fn ends(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    for loss in [Loss::Squared, Loss::CrossEntropy] {
        let name = format!("tanh-no-hidden-{}", loss.name());
        let mut stream = source.stream(&name, Digits::Single);
        let network = stream.network(&[3, 3], &Gain::Tanh, (false, false))?;
        let draft = drawn(
            source,
            &name,
            "No hidden layer.",
            &mut stream,
            &network,
            2,
            loss,
        );
        drafts.push(draft.flags(&["WeightGradientTransposed", "SumForMean"]));
    }
    let name = "algebraic-5-17-33-3-large";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[5, 17, 33, 3], &Gain::Algebraic, (true, true))?;
    let comment = "Widths that are no multiple of a register's.";
    let draft = drawn(
        source,
        name,
        comment,
        &mut stream,
        &network,
        3,
        Loss::CrossEntropy,
    );
    drafts.push(flagged(draft, &network, 3, Loss::CrossEntropy));
    let name = "tanh-2-3-3-outputs-of-1000";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[2, 3, 3], &Gain::Tanh, (true, true))?;
    let (mut layers, gain, o) = network.into_parts();
    layers[1].weight *= power(10);
    let network = Network::new(layers, gain, Some(o))?;
    let comment =
        "Outputs of about 1000, whose exponentials overflow unless the largest is taken out first.";
    let draft = drawn(
        source,
        name,
        comment,
        &mut stream,
        &network,
        2,
        Loss::CrossEntropy,
    );
    drafts.push(draft.flags(&["SoftmaxUnshifted"]));
    for gain in gains() {
        let name = format!("{}-2-3-2-saturated", gain.name());
        let mut stream = source.stream(&name, Digits::Single);
        let network = stream.network(&[2, 3, 2], &gain, (true, true))?;
        let (mut layers, gain, o) = network.into_parts();
        layers[0].weight *= power(12);
        let network = Network::new(layers, gain, Some(o))?;
        let comment = "ρ of some thousands: the gain is nearly that of its limit, and h turns without growing.";
        let draft = drawn(
            source,
            &name,
            comment,
            &mut stream,
            &network,
            2,
            Loss::Squared,
        );
        drafts.push(draft.flags(&["GainHeldConstant", "SumForMean"]));
    }
    let name = "soft-threshold-2-3-2-dead";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(
        &[2, 3, 2],
        &Gain::SoftThreshold { t: ratio(64, 1) },
        (true, true),
    )?;
    let comment = "Below the threshold: nothing reaches the first layer, and its gradient is 0.";
    drafts.push(drawn(
        source,
        name,
        comment,
        &mut stream,
        &network,
        2,
        Loss::Squared,
    ));
    let name = "linear-2-3-2-squared-psi-o";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[2, 3, 2], &Gain::Linear, (true, true))?;
    let comment = "g = 1: o is of no consequence, and its gradient is 0.";
    drafts.push(drawn(
        source,
        name,
        comment,
        &mut stream,
        &network,
        2,
        Loss::Squared,
    ));
    Ok(drafts)
}
