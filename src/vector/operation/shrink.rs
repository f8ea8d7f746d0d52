//! Narrower layers: truncation, the width ceiling, the scaffold-buffer rule.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::{
    allow::{Allowances, factorised, of_sigma, size, whole, zero},
    diagonal::nearly_dependent,
    draft::{Allow, Draft, Source, Wide, gains, joined, ratio},
    grow::lengths,
    model,
};
use crate::{
    Error,
    bound::{ParameterError, Units, any_order_units},
    linalg::{Matrix, Vector, frobenius, norm2, singular_values},
    network::{Layer, Network, evaluate},
    resize::{self, Outgoing, Removal, Resized},
    scalar::{Field, Rational, Real},
    vector::{
        answer::Answer,
        draw::{Digits, Stream},
        input::{Input, Refusal},
    },
};

pub(super) const TRUNCATE: &str = "Inputs: network, layer l, width p < n_l, x. The layer keeps the p leading left singular directions of the augmented [W_l ψ_l] (of W_1 for l = 1) and the rest's bias is absorbed: o_l → o_l + ‖b_⊥‖², ψ_{l+1} → ψ_{l+1} + W_{l+1} b_⊥. Outputs: widths, sigma (the n_l singular values of [W_l ψ_l], zeros included), o (all) and next_psi (ψ_{l+1}) where the dropped singular values are not all 0 or the layer keeps exactly its range, y (of the narrower network), change = ‖y - y'‖, at most the bound.";
pub(super) const COMPRESS: &str = "Inputs: network, x. Every hidden layer, in forward order and each after its predecessor, is reduced exactly to rank [W_l ψ_l] neurons (at least 1). Outputs: widths, y, which stays what it was.";
pub(super) const ADAPT: &str = "Inputs: network, theta, buffer s, x. Hidden layers in forward order: of the n_l singular values of [W_l ψ_l] (zero-padded) exactly s shall be ≤ θ; grow with zero rows and ZERO outgoing columns, or truncate the smallest. A layer keeps at least one neuron. Outputs: widths, y (of the adapted network).";

/// The share of ‖A‖_F that a singular value, or a gap at a cut, has in a drawn case at least.
fn clear() -> Wide {
    Wide::from_rational(&ratio(1, 16))
}

pub(super) fn truncate_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    let shapes: [(&[usize], usize, usize); 6] = [
        (&[3, 3, 2], 1, 2),
        (&[2, 4, 2], 1, 2),
        (&[3, 3, 3, 2], 2, 2),
        (&[2, 2, 5, 2], 2, 3),
        (&[4, 4, 4, 2], 2, 1),
        (&[2, 3, 4, 2], 2, 3),
    ];
    for gain in gains() {
        for (widths, l, p) in shapes {
            let name = format!("{}-{}-layer-{l}-to-{p}", gain.name(), joined(widths));
            let mut stream = source.stream(&name, Digits::Single);
            let network = cut_clearly(&mut stream, widths, &gain, (l, p))?;
            let columns = widths[l - 1] + usize::from(l > 1);
            let input = Input::default()
                .with_network(&network)
                .with("layer", l)
                .with("width", p)
                .with_vector("x", &stream.vector(widths[0]));
            let exact = p >= columns;
            let comment = match exact {
                true => "The dropped directions are null: y stays what it was.",
                false => "The dropped directions carry something: y changes.",
            };
            let statement = if exact { "D5" } else { "D4" };
            drafts.push(
                Draft::new(source.id(&name), comment, statement, input)
                    .flag_if(exact, "NullVectorBiasLost")
                    .flag_if(l > 1, "PsiTrap")
                    .flags(&["PsiNotUpdated", "ONotUpdated"]),
            );
        }
    }
    // `change` as the number that it is.
    for gain in gains() {
        let (widths, l, p): (&[usize], usize, usize) = (&[3, 4, 4, 2], 2, 2);
        let name = format!("{}-{}-layer-{l}-to-{p}-change", gain.name(), joined(widths));
        let mut stream = source.stream(&name, Digits::Single);
        let network = cut_clearly(&mut stream, widths, &gain, (l, p))?;
        let input = Input::default()
            .with_network(&network)
            .with("layer", l)
            .with("width", p)
            .with_vector("x", &stream.vector(widths[0]));
        let comment = "The dropped directions carry something: by how much y changes.";
        let draft = Draft::new(source.id(&name), comment, "D4", input);
        let flags = ["PsiTrap", "PsiNotUpdated", "ONotUpdated"];
        drafts.push(draft.flags(&flags).two_sided());
    }
    let name = "tanh-2-3-2-nearly-dependent";
    let mut stream = source.stream(name, Digits::Single);
    let network = nearly_dependent(&mut stream)?;
    let input = Input::default()
        .with_network(&network)
        .with("layer", 1)
        .with("width", 1)
        .with_vector("x", &stream.vector(2));
    let comment = "Columns (1, ε, 0) and (1, 0, ε), ε = 2^-30: ε is lost in WᵀW (Läuchli).";
    let draft = Draft::new(source.id(name), comment, "D4", input);
    drafts.push(draft.flags(&["SigmaByGram"]));
    drafts.push(model::draft(source, 10, "D4", |input| {
        input.with("layer", 2).with("width", 24)
    })?);
    Ok(drafts)
}

/// A network with a clear gap after the p leading singular values of layer l.
fn cut_clearly(
    stream: &mut Stream,
    widths: &[usize],
    gain: &crate::Gain<Rational>,
    (l, p): (usize, usize),
) -> Result<Network<Rational>, Error> {
    loop {
        let network = stream.network(widths, gain, (true, true))?;
        let sigma = padded(&network.cast::<Wide>()?, l)?;
        let least = clear() * frobenius(&network.cast::<Wide>()?.layer(l).augmented());
        if sigma[p - 1].clone() - &sigma[p] > least {
            return Ok(network);
        }
    }
}

pub(super) fn compress_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    let wide: [&[usize]; 3] = [&[2, 5, 6, 2], &[1, 4, 4, 1], &[2, 4, 3, 2]];
    for gain in gains() {
        for widths in wide {
            let name = format!("{}-{}", gain.name(), joined(widths));
            let comment = "Wider than its input allows: n_1 ≤ n_0 and n_l ≤ n_{l-1} + 1.";
            let input = until_clear(source.stream(&name, Digits::Single), |stream| {
                stream.network(widths, &gain, (true, true))
            })?;
            let draft = Draft::new(source.id(&name), comment, "D5", input);
            // W_l alone keeps a neuron fewer than [W_l ψ_l].
            let trap = widths[2] > widths[1].min(widths[0]) + 1;
            drafts.push(
                draft
                    .flags(&["NullVectorBiasLost"])
                    .flag_if(trap, "PsiTrap"),
            );
        }
        let name = format!("{}-3-4-4-2-low-rank", gain.name());
        let comment = "Whole numbers of rank 2 in [W_l ψ_l].";
        let input = until_clear(source.stream(&name, Digits::Short), |stream| {
            low_rank(stream, &[3, 4, 4, 2], 2, &gain)
        })?;
        let draft = Draft::new(source.id(&name), comment, "D5", input);
        drafts.push(draft.flags(&["NullVectorBiasLost"]));
    }
    let name = "tanh-2-3-2-rank-0";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[2, 3, 2], &crate::Gain::Tanh, (true, true))?;
    let lengths = network.has_lengths();
    let (mut layers, gain, o) = network.into_parts();
    layers[0].weight = Matrix::from_element(3, 2, Rational::from(0));
    let network = Network::new(layers, gain, lengths.then_some(o))?;
    let input = Input::default()
        .with_network(&network)
        .with_vector("x", &stream.vector(2));
    let comment = "W_1 = 0: every neuron is constant, and one stays.";
    let draft = Draft::new(source.id(name), comment, "D5", input);
    drafts.push(draft.flags(&["NullVectorBiasLost"]));
    drafts.push(model::draft(source, 12, "D5", |input| input)?);
    Ok(drafts)
}

/// A network in which every hidden [W_l ψ_l] is of that rank.
fn low_rank(
    stream: &mut Stream,
    widths: &[usize],
    rank: usize,
    gain: &crate::Gain<Rational>,
) -> Result<Network<Rational>, Error> {
    let plain = stream.network(widths, gain, (true, true))?;
    let (mut layers, gain, lengths) = plain.into_parts();
    let hidden = layers.len() - 1;
    for (l, layer) in layers[..hidden].iter_mut().enumerate() {
        let (m, n) = layer.weight.shape();
        let joint = stream.of_rank(m, n + usize::from(l > 0), rank);
        *layer = Layer {
            weight: joint.columns(0, n).into_owned(),
            bias: layer.bias.clone(),
            psi: (l > 0).then(|| Vector::from_column_slice(joint.column(n).as_slice())),
        };
    }
    Network::new(layers, gain, Some(lengths))
}

/// Draws until every singular value that counts is well above 0, so that every sound notion of numerical
/// rank finds the same.
fn until_clear(
    mut stream: Stream,
    draw: impl Fn(&mut Stream) -> Result<Network<Rational>, Error>,
) -> Result<Input, Error> {
    loop {
        let network = draw(&mut stream)?;
        let compressed = resize::compress(&network.cast::<Wide>()?)?.network;
        let mut clear_enough = true;
        for l in compressed.hidden() {
            let augmented = compressed.layer(l).augmented();
            let sigma = singular_values(&augmented)?;
            let least = sigma.last().cloned().unwrap_or_else(zero);
            clear_enough &= least > clear() * frobenius(&augmented);
        }
        if clear_enough {
            let x = stream.vector(network.widths()[0]);
            return Ok(Input::default().with_network(&network).with_vector("x", &x));
        }
    }
}

pub(super) fn adapt_drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let mut drafts = vec![];
    let shapes: [(&[usize], usize); 4] = [
        (&[3, 3, 2], 1),
        (&[2, 4, 2], 1),
        (&[2, 4, 2], 3),
        (&[3, 4, 2, 2], 0),
    ];
    for gain in gains() {
        for (widths, buffer) in shapes {
            let name = format!("{}-{}-buffer-{buffer}", gain.name(), joined(widths));
            let mut stream = source.stream(&name, Digits::Single);
            let theta = ratio(3, 4);
            let (network, widths_after) = loop {
                let network = stream.network(widths, &gain, (true, true))?;
                if let Some(after) = settled(&network, &theta, buffer)? {
                    break (network, after);
                }
            };
            let input = Input::default()
                .with_network(&network)
                .with_number("theta", &theta)
                .with("buffer", buffer)
                .with_vector("x", &stream.vector(widths[0]));
            let comment = format!("{} becomes {}.", joined(widths), joined(&widths_after));
            // Counting min(m, n) sees no zeros where a layer is wider than [W ψ] is long.
            let wide = widths[1] > widths[0];
            let draft = Draft::new(source.id(&name), comment, "F4", input);
            drafts.push(draft.flag_if(wide, "CountsMinOfShape"));
        }
    }
    // θ = 0 is a threshold like any other: only dead directions count as spare.
    for widths in [&[3, 3, 2][..], &[4, 3, 3, 2]] {
        let name = format!("tanh-{}-threshold-0", joined(widths));
        let mut stream = source.stream(&name, Digits::Single);
        let network = stream.network(widths, &crate::Gain::Tanh, (true, true))?;
        let input = Input::default()
            .with_network(&network)
            .with_number("theta", &Rational::from(0))
            .with("buffer", 1)
            .with_vector("x", &stream.vector(widths[0]));
        let comment = "θ = 0 and no dead direction: every hidden layer grows by one.";
        drafts.push(Draft::new(source.id(&name), comment, "F4", input));
    }
    let name = "tanh-3-3-2-all-small";
    let mut stream = source.stream(name, Digits::Single);
    let network = cut_clearly(&mut stream, &[3, 3, 2], &crate::Gain::Tanh, (1, 1))?;
    let input = Input::default()
        .with_network(&network)
        .with_number("theta", &ratio(100, 1))
        .with("buffer", 0)
        .with_vector("x", &stream.vector(3));
    let comment = "Every σ is ≤ θ and no spare is wanted: one neuron stays.";
    drafts.push(Draft::new(source.id(name), comment, "F4", input));
    let name = "tanh-3-2-2-grows-by-3";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[3, 2, 2], &crate::Gain::Tanh, (true, true))?;
    let input = Input::default()
        .with_network(&network)
        .with_number("theta", &Rational::from(0))
        .with("buffer", 3)
        .with_vector("x", &stream.vector(3));
    let comment = "No dead direction and three wanted: the hidden layer grows from 2 to 5.";
    drafts.push(Draft::new(source.id(name), comment, "F4", input));
    drafts.push(equal_to_threshold(source)?);
    let theta = ratio(1, 2);
    drafts.push(model::draft(source, 11, "F4", |input| {
        input.with_number("theta", &theta).with("buffer", 2)
    })?);
    Ok(drafts)
}

/// σ = θ counts as small. The weight is diagonal, so that an SVD finds its singular values without a rounding.
fn equal_to_threshold(source: &Source) -> Result<Draft, Error> {
    let name = "tanh-3-3-2-equal-to-threshold";
    let mut stream = source.stream(name, Digits::Single);
    let network = stream.network(&[3, 3, 2], &crate::Gain::Tanh, (true, true))?;
    let lengths = network.has_lengths();
    let (mut layers, gain, o) = network.into_parts();
    let sigma = [ratio(2, 1), ratio(3, 4), ratio(1, 4)];
    layers[0].weight = Matrix::from_fn(3, 3, |i, j| match i == j {
        true => sigma[i].clone(),
        false => Rational::from(0),
    });
    let network = Network::new(layers, gain, lengths.then_some(o))?;
    let input = Input::default()
        .with_network(&network)
        .with_number("theta", &ratio(3, 4))
        .with("buffer", 1)
        .with_vector("x", &stream.vector(3));
    let comment = "σ = 2, 3/4, 1/4 and θ = 3/4: two are ≤ θ, and one of them goes.";
    Ok(Draft::new(source.id(name), comment, "F4", input))
}

/// The widths after adaptation, if every decision and every cut on the way is clear.
fn settled(
    network: &Network<Rational>,
    theta: &Rational,
    buffer: usize,
) -> Result<Option<Vec<usize>>, Error> {
    let network: Network<Wide> = network.cast()?;
    let at = |percent: i64| {
        let theta = Wide::from_rational(&(theta.clone() * ratio(percent, 100)));
        adapted(&network, &theta, buffer)
    };
    let (low, high, here) = (at(90)?, at(110)?, at(100)?);
    let widths = here.network.widths();
    if low.network.widths() != widths || high.network.widths() != widths {
        return Ok(None);
    }
    let clear_cut = |removal: &Removal<Wide>| removal.dropped < tiny() || removal.gap() > clear();
    Ok(here.removals.iter().all(clear_cut).then_some(widths))
}

/// What 512 bits leave of a singular value that is 0.
fn tiny() -> Wide {
    Wide::from_int(1).scale_by_power_of_two(-400)
}

fn adapted<S: Real>(network: &Network<S>, theta: &S, buffer: usize) -> Result<Resized<S>, Error> {
    // No column is drawn: they are 0.
    let mut unused = ChaCha8Rng::seed_from_u64(0);
    resize::adapt(network, theta, buffer, Outgoing::Zero, &mut unused)
}

/// The singular values of [W_l ψ_l], n_l of them.
fn padded<S: Real>(network: &Network<S>, l: usize) -> Result<Vec<S>, Error> {
    let mut sigma = singular_values(&network.layer(l).augmented())?;
    sigma.resize(network.layer(l).width(), S::zero());
    Ok(sigma)
}

pub(super) fn truncate_answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
    let (network, x): (Network<S>, Vec<S>) = (input.network()?, input.vector("x")?);
    let l = input.index("layer")?;
    let (narrow, _) = resize::truncate(&network, l, input.index("width")?)?;
    let (y, y_narrow) = (evaluate(&network, &x)?, evaluate(&narrow, &x)?);
    Answer::default()
        .counts("widths", &narrow.widths())?
        .vector("sigma", &padded(&network, l)?)?
        .vector("o", &lengths(&narrow))?
        .vector("next_psi", narrow.layer(l + 1).psi_or_zero().as_slice())?
        .vector("y", y_narrow.as_slice())?
        .number("change", &norm2((y - y_narrow).as_slice()))
}

pub(super) fn truncate_allowances(input: &Input) -> Allowances {
    let (network, x): (Network<Wide>, Vec<Wide>) = (input.network()?, input.vector("x")?);
    let l = input.index("layer")?;
    let (narrow, removal) = resize::truncate(&network, l, input.index("width")?)?;
    let after = Resized {
        network: narrow,
        removals: vec![removal],
    };
    let (errors, of_y) = of_shrunk(&network, &after, &x)?;
    let exact = ParameterError::none_for(&network);
    let before = any_order_units(&network, &x, &exact)?;
    let limit = after.bound(&norm2(&x));
    let limit = if limit < tiny() { zero() } else { limit };
    let limit = limit.to_rational().unwrap_or_default();
    Ok(vec![
        ("widths", Allow::Exact),
        (
            "sigma",
            Allow::Units(of_sigma(&network.layer(l).augmented())),
        ),
        ("o", Allow::Units(errors[l - 1].length.clone())),
        ("next_psi", Allow::Units(errors[l].psi.clone())),
        ("change", Allow::AtMost(limit, before.plus(&of_y))),
        ("y", Allow::Carried(of_y)),
    ])
}

pub(super) fn compress_answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
    let compressed = resize::compress(&input.network::<S>()?)?.network;
    let y = evaluate(&compressed, &input.vector("x")?)?;
    Answer::default()
        .counts("widths", &compressed.widths())?
        .vector("y", y.as_slice())
}

pub(super) fn compress_allowances(input: &Input) -> Allowances {
    let (network, x): (Network<Wide>, Vec<Wide>) = (input.network()?, input.vector("x")?);
    let (_, of_y) = of_shrunk(&network, &resize::compress(&network)?, &x)?;
    Ok(vec![("widths", Allow::Exact), ("y", Allow::Carried(of_y))])
}

pub(super) fn adapt_answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
    let network: Network<S> = input.network()?;
    let after = adapted(&network, &input.number("theta")?, input.index("buffer")?)?.network;
    let y = evaluate(&after, &input.vector("x")?)?;
    Answer::default()
        .counts("widths", &after.widths())?
        .vector("y", y.as_slice())
}

pub(super) fn adapt_allowances(input: &Input) -> Allowances {
    let (network, x): (Network<Wide>, Vec<Wide>) = (input.network()?, input.vector("x")?);
    let after = adapted(&network, &input.number("theta")?, input.index("buffer")?)?;
    let (_, of_y) = of_shrunk(&network, &after, &x)?;
    Ok(vec![("widths", Allow::Exact), ("y", Allow::Carried(of_y))])
}

/// What a port may be off by after removals, parameter by parameter and in y.
///
/// A computed subspace of A = [W_l ψ_l] is off by an angle of at most θ = 2 ‖E‖/gap (Wedin 1972), E the
/// backward error of the factorisation together with what an earlier layer's θ brought in. W, b and ψ of the
/// layer, and W of the next, move by θ of their norms; b_⊥ by θ ‖b‖, hence o_l by 2 ‖b_⊥‖ θ ‖b‖ and ψ_{l+1}
/// by ‖W_{l+1}‖ θ ‖b‖. Where the dropped singular values are 0 no gap is needed for y: whatever directions are
/// dropped, they are constant to within E, and o and ψ fit them.
fn of_shrunk(
    before: &Network<Wide>,
    after: &Resized<Wide>,
    x: &[Wide],
) -> Result<(Vec<ParameterError<Wide>>, Units<Wide>), Error> {
    let network = &after.network;
    let mut errors = ParameterError::none_for(network);
    let mut incoming = zero();
    for removal in &after.removals {
        let l = removal.layer;
        let (layer, next) = (before.layer(l), before.layer(l + 1));
        let a = layer.augmented();
        let bias = size(layer.bias.as_slice());
        let length = network.length_squared(l);
        let dropped = size(&[length.clone().sqrt()]);
        let e = frobenius(&a) * factorised(a.nrows() + 1, a.ncols() + 1) + &incoming;
        let gap = match removal.dropped < tiny() {
            true if removal.kept < tiny() => frobenius(&a),
            true => removal.kept.clone(),
            false => removal.gap(),
        };
        // A weight that is 0 has every basis.
        let theta = match gap.above_zero() {
            true => whole(2) * e / gap,
            false => zero(),
        };
        let w = frobenius(&layer.weight);
        let psi = size(layer.psi_or_zero().as_slice());
        let (into, out) = (&mut errors[l - 1], theta.clone() + whole(4 * a.nrows() + 8));
        into.weight += w * &out;
        into.bias += bias.clone() * &out;
        into.psi += psi * &out;
        into.length += whole(2) * dropped * &out * &bias + length * whole(a.nrows() + 4);
        let w_next = frobenius(&next.weight);
        let of_psi =
            w_next.clone() * &out * &bias + size(network.layer(l + 1).psi_or_zero().as_slice());
        errors[l].weight += w_next.clone() * &out;
        errors[l].psi += of_psi;
        incoming = w_next * &out * (whole(1) + bias);
    }
    for l in 1..=network.depth() {
        // The forward pass in a basis that is the port's own.
        let n = network.layer(l).weight.ncols();
        errors[l - 1].relative(network, l, &whole(n + 8));
    }
    let of_y = any_order_units(network, x, &errors)?;
    Ok((errors, of_y))
}
