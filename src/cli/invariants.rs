//! `isotropic invariants`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::{Failure, FileMeaning, Outcome, ScalarName, print, with_scalar};
use crate::{
    identity::{
        ExactInvariants, ExactNetwork, Factor, Invariants as Matrices, digest, exact_invariants,
        factors, invariants,
    },
    io::Stored,
    linalg::Matrix,
    scalar::{Field, Rational},
};

/// Print N_1 … N_(L-1) and V_L, which a tanh network's function determines, and which determine every function.
///
/// Exact by default, each entry p/q, whatever the file. Columns: the inputs, then the constants c_(l,1) … c_(l,l).
#[derive(Debug, Args)]
pub(crate) struct Invariants {
    /// Network (.safetensors, .yaml)
    #[arg(value_name = "NET")]
    network: PathBuf,
    /// Print JSON: `gram`, a list of matrices by rows, and `output`
    #[arg(long)]
    json: bool,
    /// One layer: N_l for a hidden one, V_L for the last
    #[arg(long, value_name = "L")]
    layer: Option<usize>,
    /// Print the normal form without roots in place of N_l: N_l = Uᵀ D U + o e eᵀ, U in row echelon form, o as large as can be
    #[arg(long, conflicts_with_all = ["scalar", "id"])]
    factors: bool,
    /// Print a digest of the exact invariants alone: the same for rotated, grown, absorbed and (B8) scaled rational copies
    #[arg(long, conflicts_with_all = ["scalar", "layer", "json", "factors"])]
    id: bool,
    /// Another arithmetic than the exact one
    #[arg(long, value_enum)]
    scalar: Option<ScalarName>,
    #[command(flatten)]
    meaning: FileMeaning,
}

impl Invariants {
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let stored = self.meaning.read(&self.network)?;
        let depth = stored.widths().len() - 1;
        if let Some(l) = self.layer.filter(|l| !(1..=depth).contains(l)) {
            return Err(Failure::Usage(format!(
                "there is no layer {l}: the layers are 1 to {depth}"
            )));
        }
        let unreachable =
            |why| Failure::Usage(format!("{}: {why}; use --scalar mp1024", stored.file()));
        if self.id {
            let digest = digest(&ExactNetwork::from(&stored)).map_err(unreachable)?;
            print(&format!("{digest}\n"))?;
            return Ok(Outcome::Done);
        }
        let shown = match self.scalar {
            None if self.factors => {
                let exact = exact_invariants(&ExactNetwork::from(&stored)).map_err(unreachable)?;
                Shown::factored(&exact)
            }
            None | Some(ScalarName::Rational) => {
                let exact = exact_invariants(&ExactNetwork::from(&stored)).map_err(unreachable)?;
                Shown::of("rational".into(), &exact.rational, &exact.exponents)
            }
            Some(scalar) => with_scalar!(scalar, S => {
                Shown::of(S::name(), &invariants(&stored.network::<S>()?), &[])
            }),
        };
        print(&if self.json {
            format!("{:#}\n", shown.json(&stored, self.layer))
        } else {
            shown.text(self.layer)
        })?;
        Ok(Outcome::Done)
    }
}

/// An entry in words; with an exponent it is q + e^a.
type Cell = (String, Option<String>);

/// A matrix by rows.
type Table = Vec<Vec<Cell>>;

/// What is printed of hidden layers: N_l, or its factors.
enum Hidden {
    Gram(Vec<Table>),
    /// U_l, D_l in one row, and o_l.
    Factors(Vec<[Table; 3]>),
}

impl Hidden {
    fn layers(&self) -> usize {
        match self {
            Hidden::Gram(grams) => grams.len(),
            Hidden::Factors(all) => all.len(),
        }
    }
}

/// The matrices by rows.
struct Shown {
    scalar: String,
    hidden: Hidden,
    output: Table,
}

/// A matrix by rows, in words.
fn table<S: Field>(m: &Matrix<S>) -> Table {
    m.row_iter()
        .map(|row| row.iter().map(|x| (x.to_string(), None)).collect())
        .collect()
}

impl Shown {
    fn of<S: Field>(scalar: String, of: &Matrices<S>, exponents: &[Option<Rational>]) -> Self {
        let mut gram: Vec<_> = of.gram.iter().map(table).collect();
        for (n, a) in gram.iter_mut().zip(exponents) {
            if let Some((_, exponent)) = n.last_mut().and_then(|row| row.last_mut()) {
                *exponent = a.as_ref().map(ToString::to_string);
            }
        }
        Shown {
            scalar,
            hidden: Hidden::Gram(gram),
            output: table(&of.output),
        }
    }

    fn factored(exact: &ExactInvariants) -> Self {
        let found = factors(&exact.rational);
        let of = |(factor, a): (&Factor<Rational>, &Option<Rational>)| {
            let numbers = |x: &[Rational]| x.iter().map(|x| (x.to_string(), None)).collect();
            let o = (
                factor.length.to_string(),
                a.as_ref().map(ToString::to_string),
            );
            [
                table(&factor.rows),
                vec![numbers(&factor.weights)],
                vec![vec![o]],
            ]
        };
        Shown {
            scalar: "rational".into(),
            hidden: Hidden::Factors(found.iter().zip(&exact.exponents).map(of).collect()),
            output: table(&exact.rational.output),
        }
    }

    /// Which matrices are asked for, by name: those of hidden layers, and whether V_L is among them.
    fn chosen(&self, layer: Option<usize>) -> (Vec<(String, &Table)>, bool) {
        let wanted = |l: &usize| layer.is_none_or(|layer| layer == *l);
        let layers = (1..=self.hidden.layers()).filter(wanted);
        let chosen = match &self.hidden {
            Hidden::Gram(grams) => layers.map(|l| (format!("N_{l}"), &grams[l - 1])).collect(),
            Hidden::Factors(all) => layers
                .flat_map(|l| {
                    let names = ["U", "D", "o"].map(|name| format!("{name}_{l}"));
                    names.into_iter().zip(&all[l - 1])
                })
                .collect(),
        };
        (chosen, wanted(&(self.hidden.layers() + 1)))
    }

    fn json(&self, stored: &Stored, layer: Option<usize>) -> Value {
        let cell = |(q, a): &Cell| match a {
            Some(a) => json!({ "q": q, "exp": a }),
            None => json!(q),
        };
        let rows = |m: &Table| -> Vec<Vec<Value>> {
            m.iter().map(|row| row.iter().map(cell).collect()).collect()
        };
        let (_, output) = self.chosen(layer);
        let mut object = Map::new();
        object.insert("scalar".into(), json!(self.scalar));
        object.insert("widths".into(), json!(stored.widths()));
        object.insert("gain".into(), json!(stored.gain().name()));
        if let Some(t) = stored.gain().threshold() {
            object.insert("threshold".into(), json!(t.to_string()));
        }
        if let Some(layer) = layer {
            object.insert("layer".into(), json!(layer));
        }
        let wanted = |l: usize| layer.is_none_or(|layer| layer == l);
        match &self.hidden {
            Hidden::Gram(grams) => {
                let grams = (1..).zip(grams).filter(|(l, _)| wanted(*l));
                let gram: Vec<_> = grams.map(|(_, n)| rows(n)).collect();
                if layer.is_none() || !gram.is_empty() {
                    object.insert("gram".into(), json!(gram));
                }
            }
            Hidden::Factors(all) => {
                let all = (1..).zip(all).filter(|(l, _)| wanted(*l));
                let layers: Vec<_> = all
                    .map(|(_, [u, d, o])| {
                        json!({ "rows": rows(u), "weights": rows(d)[0], "length": rows(o)[0][0] })
                    })
                    .collect();
                if layer.is_none() || !layers.is_empty() {
                    object.insert("factors".into(), json!(layers));
                }
            }
        }
        if output {
            object.insert("output".into(), json!(rows(&self.output)));
        }
        Value::Object(object)
    }

    fn text(&self, layer: Option<usize>) -> String {
        let (hidden, output) = self.chosen(layer);
        let mut text = String::new();
        let mut add = |name: String, m: &Table| {
            text += &format!("{name}, {} × {}:\n", m.len(), m.first().map_or(0, Vec::len));
            for row in m {
                let cells: Vec<String> = row
                    .iter()
                    .map(|(q, a)| match a {
                        Some(a) => format!("{q} + e^({a})"),
                        None => q.clone(),
                    })
                    .collect();
                text += &format!("  {}\n", cells.join("  "));
            }
        };
        for (name, m) in hidden {
            add(name, m);
        }
        if output {
            add(format!("V_{}", self.hidden.layers() + 1), &self.output);
        }
        text
    }
}
