//! Operations that a good network does not admit.

use serde_json::json;

use super::super::{
    draft::{Draft, Source, ratio},
    remove::constant,
};
use crate::{
    Error,
    network::Gain,
    vector::{draw::Digits, input::Input},
};

/// A good network and an operation on layer `layer` that it does not admit.
struct Bad {
    name: &'static str,
    comment: &'static str,
    flags: &'static [&'static str],
    statement: &'static str,
    operation: &'static str,
    layer: Option<usize>,
    part: Part,
}

/// What the operation is given beside its layer.
enum Part {
    None,
    Index(&'static str, usize),
    /// Numbers by rows.
    Matrix(&'static str, &'static [&'static [&'static str]]),
    /// β and its column.
    Beta(&'static str, &'static [&'static str]),
    /// A column and its β: the order in which a file has had them stays.
    Column(&'static [&'static str], &'static str),
    /// θ and its buffer.
    Threshold(&'static str, usize),
}

const UNKNOWN: &[&str] = &["UnknownAccepted"];
const ONE: &str = "0x1p+0";
const SWAP: &[&[&str]] = &[&["0x0p+0", ONE], &[ONE, "0x0p+0"]];
const NOT_HIDDEN: [&str; 2] = [
    "The input layer is not hidden.",
    "The output layer is not hidden.",
];

const fn bad(
    (name, comment): (&'static str, &'static str),
    flags: &'static [&'static str],
    statement: &'static str,
    (operation, layer): (&'static str, Option<usize>),
    part: Part,
) -> Bad {
    Bad {
        name,
        comment,
        flags,
        statement,
        operation,
        layer,
        part,
    }
}

/// In the order of the file.
const BAD: &[Bad] = &[
    bad(
        ("remove-not-constant", "The neuron's row is not 0."),
        &["NotConstantRemoved", "NotAtomic"],
        "D2",
        ("remove", Some(1)),
        Part::Index("neuron", 2),
    ),
    bad(
        (ONLY_NEURON, "The only neuron of its layer."),
        &["WidthZero", "NotAtomic"],
        "D2",
        ("remove", Some(1)),
        Part::Index("neuron", 1),
    ),
    bad(
        ("remove-neuron-0", "Neurons count from 1."),
        UNKNOWN,
        "D2",
        ("remove", Some(1)),
        Part::Index("neuron", 0),
    ),
    bad(
        ("remove-neuron-4", "There are 3."),
        UNKNOWN,
        "D2",
        ("remove", Some(1)),
        Part::Index("neuron", 4),
    ),
    bad(
        ("truncate-to-0", "A layer keeps at least one neuron."),
        &["WidthZero", "NotAtomic"],
        "D4",
        ("truncate", Some(1)),
        Part::Index("width", 0),
    ),
    bad(
        ("truncate-to-more", "Truncation does not grow."),
        UNKNOWN,
        "D4",
        ("truncate", Some(1)),
        Part::Index("width", 5),
    ),
    bad(
        ("truncate-output", NOT_HIDDEN[1]),
        UNKNOWN,
        "D4",
        ("truncate", Some(2)),
        Part::Index("width", 1),
    ),
    bad(
        ("grow-beta-2", "β² is more than o has."),
        &["BetaClipped", "NotAtomic"],
        "C2",
        ("grow-with-bias", Some(1)),
        Part::Beta("0x1p+1", &[ONE, "-0x1p-1"]),
    ),
    bad(
        ("grow-beta-minus-2", "β² is more than o has."),
        &["BetaClipped", "NotAtomic"],
        "C2",
        ("grow-with-bias", Some(1)),
        Part::Beta("-0x1p+1", &[ONE, "-0x1p-1"]),
    ),
    bad(
        (
            "grow-short-column",
            "An outgoing column of 1 entry for 2 rows.",
        ),
        &["ShapeUnchecked"],
        "C1",
        ("grow", Some(1)),
        Part::Matrix("columns", &[&[ONE]]),
    ),
    bad(
        ("grow-infinite-column", "Outgoing weights must be finite."),
        &["NotFiniteAccepted"],
        "C1",
        ("grow", Some(1)),
        Part::Matrix("columns", &[&[ONE], &["inf"]]),
    ),
    bad(
        ("rotate-wrong-size", "R is 2 × 2 for a layer of 3."),
        &["ShapeUnchecked"],
        "B1",
        ("rotate", Some(1)),
        Part::Matrix("rotation", SWAP),
    ),
    bad(
        ("rotate-layer-0", NOT_HIDDEN[0]),
        UNKNOWN,
        "B1",
        ("rotate", Some(0)),
        Part::Matrix("rotation", SWAP),
    ),
    bad(
        (
            "full-layer-1",
            "The full gauge needs a hidden layer before it.",
        ),
        UNKNOWN,
        "B3",
        ("full", Some(1)),
        Part::None,
    ),
    bad(
        ("left-layer-3", "There is no layer 3."),
        UNKNOWN,
        "B2",
        ("left", Some(3)),
        Part::None,
    ),
    // Layer 0 is the input and layer 2 the output: an index from the end must be refused as well.
    bad(
        ("grow-layer-0", NOT_HIDDEN[0]),
        UNKNOWN,
        "C1",
        ("grow", Some(0)),
        Part::Matrix("columns", &[&[ONE], &[ONE], &[ONE]]),
    ),
    bad(
        ("grow-with-bias-layer-0", NOT_HIDDEN[0]),
        UNKNOWN,
        "C2",
        ("grow-with-bias", Some(0)),
        Part::Column(&[ONE, ONE, ONE], "0x1p-10"),
    ),
    bad(
        ("remove-layer-0", NOT_HIDDEN[0]),
        UNKNOWN,
        "D2",
        ("remove", Some(0)),
        Part::Index("neuron", 1),
    ),
    bad(
        ("left-layer-0", NOT_HIDDEN[0]),
        UNKNOWN,
        "B2",
        ("left", Some(0)),
        Part::None,
    ),
    bad(
        ("grow-layer-2", NOT_HIDDEN[1]),
        UNKNOWN,
        "C1",
        ("grow", Some(2)),
        Part::Matrix("columns", &[&[ONE], &[ONE]]),
    ),
    bad(
        ("grow-with-bias-layer-2", NOT_HIDDEN[1]),
        UNKNOWN,
        "C2",
        ("grow-with-bias", Some(2)),
        Part::Column(&[ONE, ONE], "0x1p-10"),
    ),
    bad(
        ("remove-layer-2", NOT_HIDDEN[1]),
        UNKNOWN,
        "D2",
        ("remove", Some(2)),
        Part::Index("neuron", 1),
    ),
    bad(
        ("left-layer-2", NOT_HIDDEN[1]),
        UNKNOWN,
        "B2",
        ("left", Some(2)),
        Part::None,
    ),
    bad(
        ("truncate-layer-0", NOT_HIDDEN[0]),
        UNKNOWN,
        "D4",
        ("truncate", Some(0)),
        Part::Index("width", 1),
    ),
    bad(
        ("adapt-negative", "θ must not be negative."),
        UNKNOWN,
        "F4",
        ("adapt", None),
        Part::Threshold("-0x1p+0", 1),
    ),
    bad(
        ("truncate-to-its-width", "p = n: there is nothing to drop."),
        UNKNOWN,
        "D4",
        ("truncate", Some(1)),
        Part::Index("width", 3),
    ),
];

/// Its layer has a single neuron; the others have three.
const ONLY_NEURON: &str = "remove-last-neuron";

pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    BAD.iter().map(|bad| draft(source, bad)).collect()
}

fn draft(source: &Source, bad: &Bad) -> Result<Draft, Error> {
    let widths = match bad.name {
        ONLY_NEURON => [2, 1, 2],
        _ => [2, 3, 2],
    };
    let mut stream = source.stream(bad.name, Digits::Single);
    let network = stream.network(&widths, &Gain::Tanh, (true, true))?;
    let network = constant(&network, 1, 1, &ratio(3, 4))?;
    // The last one as well: an index from the end must be refused as an index.
    let network = constant(&network, 1, widths[1], &ratio(3, 4))?;
    let input = Input::default()
        .with_network(&network)
        .with_vector("x", &stream.vector(widths[0]))
        .with("operation", bad.operation);
    let input = match bad.layer {
        Some(l) => input.with("layer", l),
        None => input,
    };
    let input = match bad.part {
        Part::None => input,
        Part::Index(name, index) => input.with(name, index),
        Part::Matrix(name, rows) => input.with(name, json!(rows)),
        Part::Beta(beta, column) => input.with("beta", beta).with("column", json!(column)),
        Part::Column(column, beta) => input.with("column", json!(column)).with("beta", beta),
        Part::Threshold(theta, buffer) => input.with("theta", theta).with("buffer", buffer),
    };
    Ok(Draft::new(source.id(bad.name), bad.comment, bad.statement, input).flags(bad.flags))
}
