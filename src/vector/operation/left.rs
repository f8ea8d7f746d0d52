//! Rows that are orthogonal to each other: U absorbed.

use super::{
    allow::Allowances,
    draft::{Draft, Source},
    in_gauge::{drafts_for, in_gauge, nearly_dependent, of_diagonal, output_of, turned},
    model,
    question::{Edited, LAYER, NETWORK, OFF_DIAGONAL, Question, WIDTHS, X, Y},
    rotate::relative,
    shrunk::of_image,
};
use crate::{
    Error,
    gauge::Gauge,
    linalg::{column, frobenius, norm2, product_nt},
    network::Network,
    scalar::Real,
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("left.txt");
    const INPUTS: &'static [Part] = &[NETWORK, LAYER, X];
    const OUTPUTS: &'static [Part] = &[WIDTHS, ("sigma", Kind::Vector, true), OFF_DIAGONAL, Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let shapes: [(&[usize], Option<usize>); 5] = [
            (&[3, 3, 2], Some(1)),
            (&[2, 4, 2], Some(1)),
            (&[4, 3, 2], Some(1)),
            (&[2, 3, 4, 2], Some(2)),
            (&[1, 3, 1], Some(1)),
        ];
        let flags = |widths: &[usize], layer: Option<usize>| {
            let l = layer.unwrap_or(1);
            let mut flags = vec!["RotateWithoutBias"];
            if widths[l] > widths[l - 1] {
                flags.push("ThinSvd");
            }
            if l > 1 {
                flags.push("RotateWithoutPsi");
            }
            flags
        };
        let mut drafts = drafts_for(source, &shapes, 5, flags, "B2")?;
        let name = "tanh-2-3-2-nearly-dependent";
        let mut stream = source.stream(name, Digits::Single);
        let network = nearly_dependent(&mut stream)?;
        let input = Input::default()
            .with_network(&network)
            .with("layer", 1)
            .with_vector("x", &stream.vector(2));
        let comment = "Columns (1, ε, 0) and (1, 0, ε), ε = 2^-30: ε is lost in WᵀW (Läuchli).";
        let draft = Draft::new(source.id(name), comment, "B2", input);
        drafts.push(draft.flags(&["SigmaByGram"]));
        drafts.push(model::draft(source, 4, "B2", |input| {
            input.with("layer", 1)
        })?);
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = in_gauge(input, Gauge::Left)?;
        let weight = &network.layer(input.index("layer")?).weight;
        let rows = weight.transpose();
        let sigma: Vec<S> = (0..rows.ncols()).map(|i| norm2(column(&rows, i))).collect();
        let mut gram = product_nt(weight, weight);
        gram.fill_diagonal(S::zero());
        // Over ‖W‖_F²: once for each factor.
        let half = relative(gram.as_slice(), weight);
        let size = frobenius(weight);
        let off = if size.is_zero() { half } else { half / size };
        let answer = Answer::default()
            .counts("widths", &network.widths())?
            .vector("sigma", &sigma)?
            .number("off_diagonal", &off)?;
        output_of(answer, &network, input)
    }

    fn allowances(input: &Input) -> Allowances {
        let l = input.index("layer")?;
        let mut allowances = of_diagonal(input, l)?;
        allowances.extend(of_image(input, &Self::errors(input)?)?);
        Ok(allowances)
    }

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        in_gauge(input, Gauge::Left)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        turned(input, Gauge::Left, &[input.index("layer")?])
    }
}
