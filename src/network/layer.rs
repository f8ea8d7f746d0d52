//! One layer: a weight, a bias and a linear correction.

use crate::{
    error::Error,
    linalg::{Matrix, Vector},
    scalar::Field,
};

/// z = W h + b + γ ψ, for W of n_l × n_{l-1}.
#[derive(Clone, PartialEq)]
pub struct Layer<S> {
    /// W_l, n_l × n_{l-1}.
    pub weight: Matrix<S>,
    /// b_l, n_l entries.
    pub bias: Vector<S>,
    /// ψ_l, n_l entries, for l ≥ 2; `None` means ψ_l = 0 and not stored.
    pub psi: Option<Vector<S>>,
}

impl<S: Field> Layer<S> {
    /// n_l, the number of rows.
    pub fn width(&self) -> usize {
        self.weight.nrows()
    }

    /// ψ_l, with zeros where none is stored.
    pub fn psi_or_zero(&self) -> Vector<S> {
        self.psi
            .clone()
            .unwrap_or_else(|| Vector::from_element(self.width(), S::zero()))
    }

    /// [W_l ψ_l], or W_l alone where no ψ is stored: n_l × (n_{l-1} + 1) or n_l × n_{l-1}.
    pub fn augmented(&self) -> Matrix<S> {
        let mut data = self.weight.as_slice().to_vec();
        data.extend(self.psi.iter().flat_map(|psi| psi.iter().cloned()));
        let columns = self.weight.ncols() + usize::from(self.psi.is_some());
        Matrix::from_vec(self.width(), columns, data)
    }

    /// Every stored parameter: W by columns, b, ψ.
    pub fn parameters(&self) -> impl Iterator<Item = &S> {
        self.weight
            .iter()
            .chain(self.bias.iter())
            .chain(self.psi.iter().flat_map(|psi| psi.iter()))
    }

    pub(super) fn map<T: Field>(&self, f: &impl Fn(&S) -> T) -> Layer<T> {
        Layer {
            weight: self.weight.map_with_location(|_, _, x| f(&x)),
            bias: self.bias.map(|x| f(&x)),
            psi: self.psi.as_ref().map(|psi| psi.map(|x| f(&x))),
        }
    }

    pub(super) fn check_finite(&self, l: usize) -> Result<(), Error> {
        let refuse = |what: String, value: &S| {
            Err(Error::Value {
                layer: l,
                what,
                value: value.to_string(),
                expected: "every parameter must be finite",
            })
        };
        if let Some(at) = self.weight.iter().position(|x| !x.is_finite()) {
            let (row, column) = (at % self.width() + 1, at / self.width() + 1);
            let what = format!("the weight in row {row}, column {column}");
            return refuse(what, &self.weight[at]);
        }
        for (name, vector) in [("bias", Some(&self.bias)), ("ψ", self.psi.as_ref())] {
            let Some(vector) = vector else { continue };
            if let Some(at) = vector.iter().position(|x| !x.is_finite()) {
                return refuse(format!("{name} in row {}", at + 1), &vector[at]);
            }
        }
        Ok(())
    }
}
