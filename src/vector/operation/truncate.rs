//! A layer cut to its leading directions.

use super::{
    absorbed::lengths,
    allow::{Allowances, of_sigma, zero},
    draft::{Allow, Draft, Source, Wide, gains, joined},
    in_gauge::nearly_dependent,
    model,
    question::{Edited, LAYER, LENGTHS, NETWORK, NEXT_PSI, Question, WIDTHS, X, Y},
    shrunk::{cut_clearly, of_shrunk, padded, tiny},
};
use crate::{
    Error,
    bound::{ParameterError, any_order_units},
    linalg::norm2,
    network::{Network, evaluate},
    resize::{self, Resized},
    scalar::{Field, Real},
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("truncate.txt");
    const INPUTS: &'static [Part] = &[NETWORK, LAYER, ("width", Kind::Index, true), X];
    const OUTPUTS: &'static [Part] = &[
        WIDTHS,
        ("sigma", Kind::Vector, true),
        LENGTHS,
        NEXT_PSI,
        ("change", Kind::Number, true),
        Y,
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
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

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
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

    fn allowances(input: &Input) -> Allowances {
        let (network, x): (Network<Wide>, Vec<Wide>) = (input.network()?, input.vector("x")?);
        let l = input.index("layer")?;
        let (narrow, removal) = resize::truncate(&network, l, input.index("width")?)?;
        let after = Resized {
            network: narrow,
            removals: vec![removal],
        };
        let errors = of_shrunk(&network, &after);
        let of_y = any_order_units(&after.network, &x, &errors)?;
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

    fn edited<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
        let (l, p) = (input.index("layer")?, input.index("width")?);
        Ok(resize::truncate(&input.network::<S>()?, l, p)?.0)
    }

    fn errors(input: &Input) -> Result<Edited, Refusal> {
        let network: Network<Wide> = input.network()?;
        let (l, p) = (input.index("layer")?, input.index("width")?);
        let (narrow, removal) = resize::truncate(&network, l, p)?;
        let after = Resized {
            network: narrow,
            removals: vec![removal],
        };
        let errors = of_shrunk(&network, &after);
        Ok((after.network, errors))
    }
}
