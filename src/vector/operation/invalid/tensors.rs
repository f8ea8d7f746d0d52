//! State dictionaries that hold no network.

use serde_json::{Map, Value};

use super::super::draft::{Draft, Source};
use crate::vector::{draw::Digits, input::Input};

const ONE: &str = r#"["0x1p+0"]"#;
const TWO: &str = r#"["0x1p+0", "-0x1p-1"]"#;

/// A tensor: name, shape and data.
type Tensor = (&'static str, &'static str, &'static str);

/// A good state dictionary, of widths 2, 1, 2.
const GOOD: [Tensor; 6] = [
    ("activation.0.o_const", "[]", ONE),
    ("bias_parameters.0", "[1]", ONE),
    ("bias_parameters.1", "[2]", TWO),
    ("psi_parameters.0", "[2]", TWO),
    ("weight_parameters.0", "[1, 2]", TWO),
    ("weight_parameters.1", "[2, 1]", TWO),
];

/// What is wrong with it: a tensor in the place of the one of that name or beside the good ones, or one that is missing.
struct Spoilt {
    name: &'static str,
    comment: &'static str,
    /// Empty for none.
    flag: &'static str,
    at: &'static str,
    /// Shape and data.
    tensor: Option<(&'static str, &'static str)>,
}

const fn of(
    name: &'static str,
    comment: &'static str,
    flag: &'static str,
    at: &'static str,
    tensor: Option<(&'static str, &'static str)>,
) -> Spoilt {
    Spoilt {
        name,
        comment,
        flag,
        at,
        tensor,
    }
}

const SPOILT: &[Spoilt] = &[
    of(
        "missing-bias",
        "A tensor is missing.",
        "ShapeUnchecked",
        "bias_parameters.1",
        None,
    ),
    of(
        "two-rows",
        "The outputs of layer 1 are not the inputs of layer 2.",
        "ShapeUnchecked",
        "weight_parameters.1",
        Some(("[1, 2]", TWO)),
    ),
    of(
        "nan",
        "A weight is NaN.",
        "NotFiniteAccepted",
        "weight_parameters.0",
        Some(("[1, 2]", r#"["nan", "0x1p+0"]"#)),
    ),
    of(
        "negative-o",
        "o_const is negative.",
        "NegativeO",
        "activation.0.o_const",
        Some(("[]", r#"["-0x1p+0"]"#)),
    ),
    of(
        "width-0",
        "A layer without neurons.",
        "",
        "weight_parameters.0",
        Some(("[0, 2]", "[]")),
    ),
    of(
        "unknown-name",
        "A tensor that no part of a network is stored in.",
        "ShapeUnchecked",
        "scale_parameters.0",
        Some(("[1]", ONE)),
    ),
    of(
        "weight-without-bias",
        "A third weight, without its bias.",
        "ShapeUnchecked",
        "weight_parameters.2",
        Some(("[1, 2]", TWO)),
    ),
    of(
        "psi-too-many",
        "Two ψ for two layers: the first layer has none.",
        "ShapeUnchecked",
        "psi_parameters.1",
        Some(("[2]", TWO)),
    ),
    of(
        "o-too-many",
        "Two o for one hidden layer.",
        "ShapeUnchecked",
        "activation.1.o_const",
        Some(("[]", ONE)),
    ),
    of(
        "o-twice",
        "o_const and intrinsic_length of one layer.",
        "ShapeUnchecked",
        "activation.0.intrinsic_length",
        Some(("[]", ONE)),
    ),
    of(
        "o-two-entries",
        "An o of two entries.",
        "ShapeUnchecked",
        "activation.0.o_const",
        Some(("[2]", r#"["0x1p+0", "0x1p-1"]"#)),
    ),
    of(
        "bias-matrix",
        "A bias of 1 × 1.",
        "ShapeUnchecked",
        "bias_parameters.0",
        Some(("[1, 1]", ONE)),
    ),
    of(
        "weight-vector",
        "A weight of one dimension.",
        "ShapeUnchecked",
        "weight_parameters.0",
        Some(("[2]", TWO)),
    ),
];

/// State dictionaries that hold no network.
pub(super) fn drafts(source: &Source) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = SPOILT.iter().map(|spoilt| spoilt.draft(source)).collect();
    let name = "import-unknown-lengths";
    let [_, bias, _, _, weight, _] = GOOD;
    let input = dictionary([weight, bias]).with("lengths", "cubed");
    let comment = "`lengths` is neither log nor squared.";
    let draft = Draft::new(
        source.id(name),
        comment,
        "B1",
        at_a_point(source, name, input),
    );
    drafts.push(draft.without("y").flags(&["UnknownAccepted"]));
    drafts
}

impl Spoilt {
    fn draft(&self, source: &Source) -> Draft {
        let name = format!("import-{}", self.name);
        let bad = self.tensor.map(|(shape, data)| (self.at, shape, data));
        let known = GOOD.iter().any(|(name, ..)| *name == self.at);
        let first = bad.filter(|_| !known);
        let in_place = |good: Tensor| if good.0 == self.at { bad } else { Some(good) };
        let tensors = first
            .into_iter()
            .chain(GOOD.into_iter().filter_map(in_place));
        let input = at_a_point(source, &name, dictionary(tensors));
        let draft = Draft::new(source.id(&name), self.comment, "B1", input).without("y");
        draft.flag_if(!self.flag.is_empty(), self.flag)
    }
}

/// An input of `import` with these tensors.
fn dictionary(tensors: impl IntoIterator<Item = Tensor>) -> Input {
    // A text that is no JSON gives null, and not the bytes that are shipped.
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let tensor = |(name, shape, data): Tensor| {
        let parts = [("shape", shape), ("data", data)];
        let parts = parts.map(|(part, text)| (part.to_string(), json(text)));
        (name.to_string(), Value::Object(Map::from_iter(parts)))
    };
    let tensors = tensors.into_iter().map(tensor).collect();
    Input::default()
        .with("operation", "import")
        .with("gain", "tanh")
        .with("tensors", Value::Object(tensors))
}

fn at_a_point(source: &Source, name: &str, input: Input) -> Input {
    input.with_vector("x", &source.stream(name, Digits::Single).vector(2))
}
