//! What becomes of an optimiser's state.

use super::{
    allow::{Allowances, abs, column, of_product, size, whole},
    draft::{Allow, Draft, Source, Wide, ratio},
    question::Question,
};
use crate::{
    Error,
    linalg::{Matrix, product, product_nt, remove_column, remove_row},
    scalar::{Field, Rational, Real},
    vector::{
        answer::Answer,
        draw::Digits,
        input::{Input, Refusal},
        part::{Kind, Part},
    },
};
use serde_json::Value;

pub(super) struct Cases;

impl Question for Cases {
    const DESCRIPTION: &'static str = include_str!("optimiser_state.txt");
    const INPUTS: &'static [Part] = &[
        ("action", Kind::Word, true),
        ("weight", Kind::Matrix, false),
        ("bias", Kind::Vector, false),
        ("psi", Kind::Vector, false),
        ("next_weight", Kind::Matrix, false),
        ("rotation", Kind::Matrix, false),
        ("count", Kind::Index, false),
        ("neuron", Kind::Index, false),
        ("parameter", Kind::Vector, false),
        ("momentum", Kind::Vector, false),
        ("gradient", Kind::Vector, false),
        ("rate", Kind::Number, false),
        ("friction", Kind::Number, false),
        ("frozen", Kind::Word, false),
    ];
    const OUTPUTS: &'static [Part] = &[
        ("weight", Kind::Matrix, false),
        ("bias", Kind::Vector, false),
        ("psi", Kind::Vector, false),
        ("next_weight", Kind::Matrix, false),
        ("parameter", Kind::Vector, false),
        ("momentum", Kind::Vector, false),
    ];

    fn drafts(source: &Source) -> Result<Vec<Draft>, Error> {
        let mut drafts = vec![];
        for (n, m, k) in [(2, 2, 2), (3, 2, 2), (3, 4, 1), (4, 3, 3)] {
            let shape = format!("{m}-{n}-{k}");
            for action in ["rotate", "grow", "remove"] {
                let name = format!("{action}-{shape}");
                let digits = if n == 2 {
                    Digits::Short
                } else {
                    Digits::Single
                };
                let mut stream = source.stream(&name, digits);
                let input = Input::default()
                    .with("action", action)
                    .with_matrix("weight", &stream.matrix(n, m))
                    .with_vector("bias", &stream.vector(n))
                    .with_vector("psi", &stream.vector(n))
                    .with_matrix("next_weight", &stream.matrix(k, n));
                let (input, comment, flags): (_, &str, &[&str]) = match action {
                    "rotate" => (
                        input.with_matrix("rotation", &stream.orthogonal(n)),
                        "The momentum of a rotated layer.",
                        &["DiagonalState", "StateOrphaned", "RotateTransposed"],
                    ),
                    "grow" => (
                        input.with("count", 1 + n % 2),
                        "New neurons start at rest.",
                        &["StateOrphaned"],
                    ),
                    _ => (
                        input.with("neuron", n - 1),
                        "A removed neuron takes its state with it.",
                        &["StateOrphaned"],
                    ),
                };
                drafts.push(Draft::new(source.id(&name), comment, "F3", input).flags(flags));
            }
            for frozen in ["no", "yes"] {
                let name = format!("step-{shape}-frozen-{frozen}");
                let mut stream = source.stream(&name, Digits::Single);
                let input = Input::default()
                    .with("action", "step")
                    .with_vector("parameter", &stream.vector(n))
                    .with_vector("momentum", &stream.vector(n))
                    .with_vector("gradient", &stream.vector(n))
                    .with_number("rate", &ratio(1, 16))
                    .with_number("friction", &ratio(7, 8))
                    .with("frozen", frozen);
                let comment = match frozen {
                    "yes" => "A ψ that is declared constant.",
                    _ => "One step of SGD with momentum.",
                };
                let draft = Draft::new(source.id(&name), comment, "F1", input);
                drafts.push(draft.flag_if(frozen == "yes", "ConstantPsiTrained"));
            }
        }
        Ok(drafts)
    }

    fn answer<S: Real>(input: &Input) -> Result<Answer, Refusal> {
        answer::<S>(input)
    }

    fn exact(input: &Input) -> Option<Answer> {
        answer::<Rational>(input).ok()
    }

    fn allowances(input: &Input) -> Allowances {
        if input.word("action")? == "step" {
            if input.word("frozen")? == "yes" {
                return Ok(vec![
                    ("parameter", Allow::Exact),
                    ("momentum", Allow::Exact),
                ]);
            }
            let [p, m, g]: [Vec<Wide>; 3] = [
                input.vector("parameter")?,
                input.vector("momentum")?,
                input.vector("gradient")?,
            ];
            let (rate, friction): (Wide, Wide) = (input.number("rate")?, input.number("friction")?);
            // A product and a sum, twice.
            let of_momentum = whole(2) * (size(&m) * friction + size(&g));
            let of_parameter = size(&p) + whole(2) * rate * &of_momentum;
            return Ok(vec![
                ("parameter", Allow::Units(of_parameter)),
                ("momentum", Allow::Units(of_momentum)),
            ]);
        }
        if input.word("action")? != "rotate" {
            let names = ["weight", "bias", "psi", "next_weight"];
            return Ok(names.map(|name| (name, Allow::Exact)).to_vec());
        }
        let Momentum {
            weight,
            bias,
            psi,
            next,
        } = Momentum::<Wide>::read(input)?;
        let r = abs(&input.matrix::<Wide>("rotation")?);
        Ok(vec![
            ("weight", Allow::Units(of_product(&r, &weight, 1))),
            ("bias", Allow::Units(of_product(&r, &column(&bias), 1))),
            ("psi", Allow::Units(of_product(&r, &column(&psi), 1))),
            (
                "next_weight",
                Allow::Units(of_product(&next, &r.transpose(), 1)),
            ),
        ])
    }
}

fn answer<S: Field>(input: &Input) -> Result<Answer, Refusal> {
    let action = input.word("action")?;
    if action == "step" {
        return step::<S>(input);
    }
    let momentum = Momentum::<S>::read(input)?;
    let n = momentum.bias.len();
    let refuse = |name: &str, why: String| {
        Err(Refusal::Input {
            name: name.into(),
            why,
        })
    };
    let fits =
        momentum.weight.nrows() == n && momentum.next.ncols() == n && momentum.psi.len() == n;
    if !fits {
        return refuse("bias", format!("{n} entries do not fit the other parts"));
    }
    let momentum = match action.as_str() {
        "rotate" => {
            let r: Matrix<S> = input.matrix("rotation")?;
            if r.shape() != (n, n) {
                return refuse(
                    "rotation",
                    format!("it is {}×{}, expected {n}×{n}", r.nrows(), r.ncols()),
                );
            }
            momentum.rotated(&r)
        }
        "grow" => momentum.grown(input.index("count")?),
        "remove" => match input.index("neuron")? {
            row if row == 0 || row > n => {
                return refuse("neuron", format!("{row} is not one of 1 to {n}"));
            }
            row => momentum.without(row - 1),
        },
        other => {
            return refuse(
                "action",
                format!("`{other}` is none of rotate, grow, remove, step"),
            );
        }
    };
    Answer::default()
        .matrix("weight", &momentum.weight)?
        .vector("bias", &momentum.bias)?
        .vector("psi", &momentum.psi)?
        .matrix("next_weight", &momentum.next)
}

struct Momentum<S> {
    weight: Matrix<S>,
    bias: Vec<S>,
    psi: Vec<S>,
    next: Matrix<S>,
}

impl<S: Field> Momentum<S> {
    fn read(input: &Input) -> Result<Self, Refusal> {
        Ok(Momentum {
            weight: input.matrix("weight")?,
            bias: input.vector("bias")?,
            psi: input.vector("psi")?,
            next: input.matrix("next_weight")?,
        })
    }

    fn rotated(self, r: &Matrix<S>) -> Self {
        let image = |v: &[S]| {
            let v = Matrix::from_column_slice(v.len(), 1, v);
            product(r, &v).as_slice().to_vec()
        };
        Momentum {
            weight: product(r, &self.weight),
            bias: image(&self.bias),
            psi: image(&self.psi),
            next: product_nt(&self.next, r),
        }
    }

    fn grown(self, q: usize) -> Self {
        let (n, zero) = (self.bias.len(), S::zero());
        let padded = |mut v: Vec<S>| {
            v.resize(n + q, zero.clone());
            v
        };
        let entry = |a: &Matrix<S>, i: usize, j: usize| match i < a.nrows() && j < a.ncols() {
            true => a[(i, j)].clone(),
            false => zero.clone(),
        };
        Momentum {
            weight: Matrix::from_fn(n + q, self.weight.ncols(), |i, j| entry(&self.weight, i, j)),
            next: Matrix::from_fn(self.next.nrows(), n + q, |i, j| entry(&self.next, i, j)),
            bias: padded(self.bias),
            psi: padded(self.psi),
        }
    }

    fn without(mut self, row: usize) -> Self {
        self.bias.remove(row);
        self.psi.remove(row);
        Momentum {
            weight: remove_row(&self.weight, row),
            next: remove_column(&self.next, row),
            ..self
        }
    }
}

fn step<S: Field>(input: &Input) -> Result<Answer, Refusal> {
    let (mut parameter, mut momentum): (Vec<S>, Vec<S>) =
        (input.vector("parameter")?, input.vector("momentum")?);
    if input.parts().get("frozen") != Some(&Value::from("yes")) {
        let gradient: Vec<S> = input.vector("gradient")?;
        S::scale(&mut momentum, &input.number("friction")?);
        S::axpy(&mut momentum, &S::one(), &gradient);
        S::axpy(&mut parameter, &-input.number::<S>("rate")?, &momentum);
    }
    Answer::default()
        .vector("parameter", &parameter)?
        .vector("momentum", &momentum)
}
