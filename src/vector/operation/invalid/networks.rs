//! Files that do not hold a network: a value that is not finite, shapes that do not fit.

use serde_json::Value;

use super::super::draft::{Draft, Source};
use crate::{
    Error,
    network::{Gain, Network},
    scalar::Rational,
    vector::{
        draw::{Digits, Stream},
        input::{Input, network_value},
    },
};

/// A good network with one thing wrong.
struct Spoilt {
    name: &'static str,
    comment: &'static str,
    flag: &'static str,
    /// Which part of its text, as a JSON pointer, and what stands there in its place.
    at: &'static str,
    text: &'static str,
}

const fn of(
    name: &'static str,
    comment: &'static str,
    flag: &'static str,
    at: &'static str,
    text: &'static str,
) -> Spoilt {
    Spoilt {
        name,
        comment,
        flag,
        at,
        text,
    }
}

/// What is wrong with a network of widths 2, 3, 2 with ψ and o.
const SPOILT: &[Spoilt] = &[
    of(
        "nan-weight",
        "A weight is NaN.",
        "NotFiniteAccepted",
        "/layers/0/weight/1/0",
        r#""nan""#,
    ),
    of(
        "infinite-bias",
        "A bias is infinite.",
        "NotFiniteAccepted",
        "/layers/1/bias/0",
        r#""-inf""#,
    ),
    of(
        "nan-psi",
        "An entry of ψ is NaN.",
        "NotFiniteAccepted",
        "/layers/1/psi/1",
        r#""nan""#,
    ),
    of(
        "infinite-o",
        "o is infinite.",
        "NotFiniteAccepted",
        "/o/0",
        r#""inf""#,
    ),
    of(
        "negative-o",
        "o is -1.",
        "NegativeO",
        "/o/0",
        r#""-0x1p+0""#,
    ),
    of(
        "short-bias",
        "A bias of 2 entries for 3 rows.",
        "ShapeUnchecked",
        "/layers/0/bias",
        r#"["0x1p+0", "0x1p+0"]"#,
    ),
    of(
        "long-psi",
        "A ψ of 3 entries for 2 rows.",
        "ShapeUnchecked",
        "/layers/1/psi",
        r#"["0x1p+0", "0x1p+0", "0x1p+0"]"#,
    ),
    of(
        "ragged-weight",
        "Rows of different lengths.",
        "ShapeUnchecked",
        "/layers/0/weight/1",
        r#"["0x1p+0"]"#,
    ),
    of(
        "two-lengths",
        "Two o for one hidden layer.",
        "ShapeUnchecked",
        "/o",
        r#"["0x1p+0", "0x1p+0"]"#,
    ),
    of(
        "first-psi",
        "The first layer has no gain before it, so no ψ.",
        "ShapeUnchecked",
        "/layers/0/psi",
        r#"["0x1p+0", "0x1p+0", "0x1p+0"]"#,
    ),
    of(
        "unknown-gain",
        "There is no gain `relu`.",
        "UnknownAccepted",
        "/gain",
        r#""relu""#,
    ),
    of(
        "narrow-weight",
        "Two columns of W_2 for a hidden layer of 3.",
        "ShapeUnchecked",
        "/layers/1/weight",
        r#"[["0x1p+0", "0x1p+0"], ["0x1p+0", "0x1p+0"]]"#,
    ),
];

/// The same of a network without hidden layers.
const SPOILT_WITHOUT_HIDDEN: Spoilt = of(
    "unknown-gain-no-hidden",
    "There is no gain `relu`, though no layer asks for it.",
    "UnknownAccepted",
    "/gain",
    r#""relu""#,
);

/// Files that do not hold a network: a value that is not finite, shapes that do not fit.
pub(super) fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
    let whole = |stream: &mut Stream| stream.network(&[2, 3, 2], &Gain::Tanh, (true, true));
    let mut drafts = vec![];
    for spoilt in SPOILT {
        drafts.push(spoilt.draft(source, whole)?);
    }
    let name = "forward-short-input";
    let mut stream = source.stream(name, Digits::Single);
    let input = Input::default()
        .with("operation", "forward")
        .with_network(&whole(&mut stream)?)
        .with_vector("x", &stream.vector(1));
    let draft = Draft::new(source.id(name), "One number for two inputs.", "B1", input);
    drafts.push(draft.without("y").flags(&["ShapeUnchecked"]));
    let bare = |stream: &mut Stream| stream.network(&[3, 2], &Gain::Tanh, (false, false));
    drafts.push(SPOILT_WITHOUT_HIDDEN.draft(source, bare)?);
    Ok(drafts)
}

impl Spoilt {
    fn draft(
        &self,
        source: &Source,
        drawn: impl FnOnce(&mut Stream) -> Result<Network<Rational>, Error>,
    ) -> Result<Draft, Error> {
        let name = format!("forward-{}", self.name);
        let mut stream = source.stream(&name, Digits::Single);
        let network = drawn(&mut stream)?;
        let x = stream.vector(network.widths()[0]);
        let input = Input::default()
            .with("operation", "forward")
            .with("network", self.spoil(network_value(&network)))
            .with_vector("x", &x);
        let draft = Draft::new(source.id(&name), self.comment, "B1", input);
        Ok(draft.without("y").flags(&[self.flag]))
    }

    /// The network with `text` at `at`, whether something stands there or not.
    fn spoil(&self, mut network: Value) -> Value {
        // A text that is no JSON gives null, and a pointer to nothing the network as it was: neither makes the bytes that are shipped.
        let value: Value = serde_json::from_str(self.text).unwrap_or_default();
        let (parent, key) = self.at.rsplit_once('/').unwrap_or_default();
        match network.pointer_mut(parent) {
            Some(Value::Object(parts)) => {
                parts.insert(key.into(), value);
            }
            Some(Value::Array(items)) => {
                let at = key.parse::<usize>().ok();
                if let Some(item) = at.and_then(|at| items.get_mut(at)) {
                    *item = value;
                }
            }
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {}
        }
        network
    }
}
