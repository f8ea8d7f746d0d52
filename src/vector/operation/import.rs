//! State dictionaries of the papers' author, in all of their modes.

use super::{
    absorbed::lengths,
    allow::{Allowances, whole},
    draft::{Allow, Draft, Source, Wide},
    question::{GAIN, LENGTHS, Question, WIDTHS, X, Y},
};
use crate::{
    Error,
    bound::{ParameterError, any_order_units},
    io::{LengthReading, ReadOptions, Stored, safetensors},
    network::{Gain, Network, evaluate},
    scalar::{Rational, Real},
    vector::{
        answer::Answer,
        draw::{Digits, Stream},
        input::{Input, Refusal},
        part::{Kind, Part},
        text::spell,
    },
};
use serde_json::{Map, Value, json};

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("import.txt");
    const INPUTS: &'static [Part] = &[
        GAIN,
        ("tensors", Kind::Tensors, true),
        ("lengths", Kind::Word, false),
        X,
    ];
    const OUTPUTS: &'static [Part] = &[WIDTHS, LENGTHS, Y];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        let modes = [
            (
                Mode::Log,
                "log",
                "intrinsic_length holds ln o: the author's default.",
            ),
            (
                Mode::Squared,
                "squared",
                "intrinsic_length holds o itself: trainable and not kept positive.",
            ),
            (Mode::Constant, "constant", "o_const holds o."),
            (Mode::Absent, "absent", "No intrinsic lengths: o = 0."),
        ];
        let shapes: [(&[usize], bool); 6] = [
            (&[2, 3, 2], true),
            (&[3, 3, 3, 3], true),
            (&[2, 3, 4, 1], false),
            (&[4, 2, 3, 3, 2], true),
            (&[2, 1, 2], false),
            // The names of twelve layers do not sort as numbers: weight_parameters.10 stands before .2.
            (&[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], true),
        ];
        for (mode, mode_name, comment) in modes {
            for (k, (widths, psi)) in shapes.into_iter().enumerate() {
                let kind = if psi { "psi" } else { "no-psi" };
                let shape: Vec<String> = widths.iter().map(usize::to_string).collect();
                let name = format!("{mode_name}-{}-{kind}", shape.join("-"));
                let mut stream = source.stream(&name, Digits::Single);
                let network = stream.network(widths, &Gain::Tanh, (psi, true))?;
                let tensors = dictionary(&mut stream, &network, mode, k % 2 == 0);
                let mut input = Input::default()
                    .with("gain", "tanh")
                    .with("tensors", tensors);
                if mode == Mode::Squared {
                    input = input.with("lengths", "squared");
                }
                let input = input.with_vector("x", &stream.vector(widths[0]));
                let square = widths.len() == 4 && widths[1] == 3 && widths[2] == 3;
                drafts.push(
                    Draft::new(source.id(&name), comment, "B1", input)
                        .flag_if(widths[1] > 1, "ColumnMajor")
                        .flag_if(mode == Mode::Log, "LogReadAsO")
                        .flag_if(psi && square, "PsiOffByOne")
                        .flag_if(mode == Mode::Constant, "OSquaredTwice"),
                );
            }
        }
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        let network: Network<S> = network(input)?;
        let y = evaluate(&network, &input.vector("x")?)?;
        Answer::default()
            .counts("widths", &network.widths())?
            .vector("o", &lengths(&network))?
            .vector("y", y.as_slice())
    }

    /// An exponential within 4 ulps (8 u) and its rounding, where o is given by its logarithm.
    fn allowances(input: &Input) -> Allowances {
        let network: Network<Wide> = stored(input)?.network()?;
        let mut errors = ParameterError::none_for(&network);
        let mut all = whole(0);
        for l in network.hidden() {
            errors[l - 1].length = network.length_squared(l) * whole(9);
            all += &errors[l - 1].length;
        }
        let of_y = any_order_units(&network, &input.vector::<Wide>("x")?, &errors)?;
        Ok(vec![
            ("widths", Allow::Exact),
            ("o", Allow::Units(all)),
            ("y", Allow::Carried(of_y)),
        ])
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Log,
    Squared,
    Constant,
    Absent,
}

/// The tensors of a network; in log mode ln o is drawn afresh, as the logarithm of a drawn o is no short
/// number.
fn dictionary(stream: &mut Stream, network: &Network<Rational>, mode: Mode, scalar: bool) -> Value {
    let mut tensors = Map::new();
    let mut push = |name: String, shape: Vec<usize>, data: Vec<&Rational>| {
        let data: Vec<String> = data.into_iter().map(spell).collect();
        tensors.insert(name, json!({ "shape": shape, "data": data }));
    };
    for l in network.hidden() {
        let (name, value) = match mode {
            Mode::Log => ("intrinsic_length", stream.number()),
            Mode::Squared => ("intrinsic_length", network.length_squared(l)),
            Mode::Constant => ("o_const", network.length_squared(l)),
            Mode::Absent => continue,
        };
        let shape = if scalar { vec![] } else { vec![1] };
        push(format!("activation.{}.{name}", l - 1), shape, vec![&value]);
    }
    for (i, layer) in network.layers().iter().enumerate() {
        push(
            format!("bias_parameters.{i}"),
            vec![layer.width()],
            layer.bias.iter().collect(),
        );
        if let Some(psi) = &layer.psi {
            push(
                format!("psi_parameters.{}", i - 1),
                vec![layer.width()],
                psi.iter().collect(),
            );
        }
        let (m, n) = layer.weight.shape();
        let transposed = layer.weight.transpose();
        push(
            format!("weight_parameters.{i}"),
            vec![m, n],
            transposed.iter().collect(),
        );
    }
    Value::Object(tensors)
}

/// The dictionary as a safetensors file: what the reader of this crate takes.
fn stored(input: &Input) -> Result<Stored, Refusal> {
    let refuse = |why: &str| Refusal::Input {
        name: "tensors".into(),
        why: why.into(),
    };
    let tensors = input.parts().get("tensors").and_then(Value::as_object);
    let tensors = tensors.ok_or_else(|| refuse("it is missing"))?;
    let (mut header, mut data) = (Map::new(), vec![]);
    for (name, tensor) in tensors {
        let begin = data.len();
        let entries = tensor.get("data").and_then(Value::as_array);
        for entry in entries.ok_or_else(|| refuse("a tensor has no data"))? {
            let text = entry
                .as_str()
                .ok_or_else(|| refuse("an entry is no string"))?;
            let x: f64 = match text {
                "nan" => f64::NAN,
                text => crate::scalar::text::parse(text).map_err(|why| Refusal::Number {
                    name: name.clone(),
                    why,
                })?,
            };
            data.extend(x.to_le_bytes());
        }
        let shape = tensor.get("shape").cloned().unwrap_or_default();
        let offsets = json!([begin, data.len()]);
        header.insert(
            name.clone(),
            json!({ "dtype": "F64", "shape": shape, "data_offsets": offsets }),
        );
    }
    let header = Value::Object(header).to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.into_bytes());
    bytes.extend(data);
    let lengths = match input.has("lengths") {
        false => None,
        true => match input.word("lengths")?.as_str() {
            "log" => Some(LengthReading::Logarithm),
            "squared" => Some(LengthReading::Squared),
            _ => return Err(refuse("lengths is neither log nor squared")),
        },
    };
    let options = ReadOptions {
        gain: Some(input.word("gain")?),
        lengths,
        ..ReadOptions::default()
    };
    Ok(safetensors::read("tensors", &bytes, &options)?)
}

/// The network that the dictionary holds.
pub(super) fn network<S: Real>(input: &Input) -> Result<Network<S>, Refusal> {
    Ok(stored(input)?.network()?)
}
