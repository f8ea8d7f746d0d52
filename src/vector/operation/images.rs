//! Other operations on a network that was trained, seen through many images.

use super::{
    Operation,
    allow::{Allowances, size},
    batch::{of_rows, outputs, summed},
    draft::{Allow, Draft, Source, Wide, ratio},
    model,
    question::{LAYER, NETWORK, Question, WIDTHS},
};
use crate::{
    Error,
    bound::Units,
    network::Network,
    scalar::{Rational, Real},
    vector::{
        answer::Answer,
        input::{Input, Refusal},
        part::{
            Kind::{Index, Matrix as Rows, Number, Vector as List, Word},
            Part,
        },
    },
};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("images.txt");
    const INPUTS: &'static [Part] = &[
        ("operation", Word, true),
        NETWORK,
        ("inputs", Rows, true),
        (LAYER.0, Index, false),
        ("rotation", Rows, false),
        ("columns", Rows, false),
        ("beta", Number, false),
        ("column", List, false),
        ("width", Index, false),
        ("theta", Number, false),
        ("buffer", Index, false),
    ];
    const OUTPUTS: &'static [Part] = &[WIDTHS, ("y", Rows, true)];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let (network, images) = (model::network()?, model::images(20)?);
        let (others, constants) = (model::images_of(20..40)?, model::with_constants()?);
        let draft = |operation: &'static str,
                     statement: &'static str,
                     flags: &[&'static str],
                     more: &dyn Fn(Input) -> Input| {
            let input = Input::default()
                .with("operation", operation)
                .with_network(&network)
                .with_matrix("inputs", &images);
            let id = source.id(&format!("{operation}-digits"));
            Draft::new(id, model::COMMENT, statement, more(input)).flags(flags)
        };
        // The bounds of twenty rows taken together by their norm, and cuts where nothing is lost: clear in f32.
        let single = |operation: &'static str,
                      statement: &'static str,
                      flags: &[&'static str],
                      network: &Network<Rational>,
                      more: &dyn Fn(Input) -> Input| {
            let input = Input::default()
                .with("operation", operation)
                .with_network(network)
                .with_matrix("inputs", &others);
            let id = source.id(&format!("{operation}-digits-single"));
            let draft = Draft::new(id, SINGLE, statement, more(input));
            draft.flags(flags).allowing(together)
        };
        Ok(vec![
            draft("rotate", "B1", &["RotateTransposed"], &|input| {
                let turned = input.with("layer", 2);
                turned.with_matrix("rotation", &model::blocks(32))
            }),
            draft("grow", "C1", &["GrowRandomRow"], &|input| {
                let columns = model::columns(10, 3);
                input.with("layer", 2).with_matrix("columns", &columns)
            }),
            draft("grow-with-bias", "C2", &["BetaNotCompensated"], &|input| {
                let column: Vec<Rational> = model::columns(32, 1).iter().cloned().collect();
                let input = input.with("layer", 1).with_number("beta", &ratio(1, 64));
                input.with_vector("column", &column)
            }),
            draft("left", "B2", &["RotateWithoutBias"], &|input| {
                input.with("layer", 1)
            }),
            draft("full", "B3", &["InnerNotRotated"], &|input| {
                input.with("layer", 2)
            }),
            draft("alternate", "B4", &[], &|input| input),
            draft("triangular", "B5", &["RotateWithoutBias"], &|input| input),
            draft(
                "truncate",
                "D4",
                &["PsiNotUpdated", "ONotUpdated"],
                &|input| input.with("layer", 2).with("width", 24),
            ),
            draft("compress", "D5", &[], &|input| input),
            draft("adapt", "F4", &[], &|input| {
                input.with_number("theta", &ratio(1, 2)).with("buffer", 2)
            }),
            single("left", "B2", &["RotateWithoutBias"], &network, &|input| {
                input.with("layer", 1)
            }),
            single("full", "B3", &["InnerNotRotated"], &network, &|input| {
                input.with("layer", 2)
            }),
            single(
                "triangular",
                "B5",
                &["RotateWithoutBias"],
                &network,
                &|input| input,
            ),
            single(
                "truncate",
                "D4",
                &["PsiNotUpdated", "ONotUpdated"],
                &constants,
                &|input| input.with("layer", 2).with("width", 33),
            ),
            single("adapt", "F4", &[], &constants, &|input| {
                input.with_number("theta", &ratio(1, 16)).with("buffer", 1)
            }),
        ])
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network = Operation::named(input)?.edited::<S>(input)?;
        let y = outputs(&network, &input.matrix("inputs")?)?;
        Answer::default()
            .counts("widths", &network.widths())?
            .matrix("y", &y)
    }

    fn allowances(input: &Input) -> Allowances {
        let mut allowances = vec![("widths", Allow::Exact)];
        allowances.extend(summed(of_images(input)?).map(|units| ("y", Allow::Carried(units))));
        Ok(allowances)
    }
}

const SINGLE: &str =
    "Twenty other digits, in single precision as well; where neurons go they are constant.";

/// What each image's output may be off by.
fn of_images(input: &Input) -> Result<Vec<Units<Wide>>, Refusal> {
    let (network, errors) = Operation::named(input)?.errors(input)?;
    Ok(of_rows(
        &network,
        &errors,
        &input.matrix::<Wide>("inputs")?,
    )?)
}

/// The rows' bounds by their norm, which is that of the bound on all of them: nearer than their sum.
fn together(input: &Input) -> Allowances {
    let rows = of_images(input)?;
    let norm = |of: &dyn Fn(&Units<Wide>) -> Wide| size(&rows.iter().map(of).collect::<Vec<_>>());
    let of_y = Units {
        rounding: norm(&|units| units.rounding.clone()),
        underflow: norm(&|units| units.underflow.clone()),
    };
    Ok(vec![("widths", Allow::Exact), ("y", Allow::Carried(of_y))])
}
