//! The lines of a parameter that are judged by themselves, and what of them rounding explains.

use std::ops::Range;

use super::{Blur, Leeway, Line};
use crate::{
    linalg::{Matrix, frobenius, norm2, product},
    network::Layer,
    scalar::Real,
};

/// The columns of N, in order.
pub(super) const PARAMETERS: [&str; 3] = ["weight", "bias", "ψ"];

/// [W X, b, ψ], ψ = 0 where none is stored.
pub(super) fn joined<S: Real>(layer: &Layer<S>, reach: &Matrix<S>) -> Matrix<S> {
    let mut data = product(&layer.weight, reach).as_slice().to_vec();
    data.extend(layer.bias.iter().cloned());
    data.extend(layer.psi_or_zero().iter().cloned());
    Matrix::from_vec(layer.width(), reach.ncols() + 2, data)
}

/// The columns of N that belong to each parameter, W X having so many.
pub(super) fn blocks(reached: usize) -> [(&'static str, Range<usize>); 3] {
    let [weight, bias, psi] = PARAMETERS;
    [
        (weight, 0..reached),
        (bias, reached..reached + 1),
        (psi, reached + 1..reached + 2),
    ]
}

/// One line of a parameter: its residual, its size, and the norm of the weights that it belongs to.
pub(super) struct Judged<S> {
    pub(super) line: Line,
    pub(super) residual: S,
    pub(super) size: S,
    beside: S,
    entries: usize,
}

/// Columns of N that one error is known of.
pub(super) struct Columns<S> {
    pub(super) parameter: &'static str,
    pub(super) columns: Range<usize>,
    pub(super) error: S,
}

/// One layer of two networks, and what rounding explains there.
pub(super) struct Judge<'a, S> {
    pub(super) l: usize,
    /// Whether this is the first layer, and the last.
    pub(super) ends: (bool, bool),
    pub(super) layer: &'a Layer<S>,
    pub(super) leeway: Leeway,
    pub(super) blur: &'a Blur<S>,
    /// m + n.
    pub(super) dimensions: S,
    /// The error of what arrives.
    pub(super) arriving: S,
    /// λ = √o of the layer before, 0 for the first.
    pub(super) length_before: S,
    /// λ of this layer, 0 for the last.
    pub(super) length: S,
}

impl<S: Real> Judge<'_, S> {
    /// What rounding at unit roundoff 1 explains of a line of a parameter.
    ///
    /// ψ may have taken up a bias: β² ≤ o, so that what it took is at most of the size of its weights times λ.
    /// Rounding that moves z no more than that of the weights does, since γ λ ≤ 1 where the profile is bounded by 1. And b was
    /// as large as (‖b‖² + o)^½ before o took up a part of it.
    pub(super) fn allowed(&self, parameter: &str, judged: &Judged<S>) -> S {
        let blur = self.blur.of(self.l, parameter, judged.line, judged.entries);
        let through = match (parameter, judged.line) {
            // What arrives at the first layer is exact, and nothing arrives through b and ψ.
            ("weight", Line::Whole | Line::Row(_)) => judged.beside.clone(),
            _ => S::zero(),
        };
        let size = match parameter {
            "bias" => norm2(&[judged.size.clone(), self.length.clone()]),
            "ψ" => norm2(&[
                judged.size.clone(),
                judged.beside.clone() * &self.length_before,
            ]),
            _ => judged.size.clone(),
        };
        self.leeway
            .allowed(&size, &self.dimensions, &through, &self.arriving)
            + blur
    }

    /// What rounding at unit roundoff 1 explains of o: it may have taken up ‖b_⊥‖² ≤ o of a bias that a rotation rounds.
    pub(super) fn of_length(&self) -> S {
        let bias = norm2(&[norm2(self.layer.bias.as_slice()), self.length.clone()]);
        let size = S::from_int(2) * &self.length * bias;
        self.leeway.alone(&size, &self.dimensions) + self.blur.of(self.l, "o", Line::Whole, 1)
    }

    /// All of a parameter, as the worst line of it is to be found beside.
    pub(super) fn whole(
        &self,
        columns: &Range<usize>,
        residual: &Matrix<S>,
        n: &Matrix<S>,
    ) -> Judged<S> {
        let all = 0..n.nrows();
        Judged {
            line: Line::Whole,
            residual: norm(residual, &all, columns),
            size: norm(n, &all, columns),
            beside: frobenius(&self.layer.weight),
            entries: n.nrows() * columns.len(),
        }
    }

    /// The lines that are judged by themselves: columns at the input, rows at the output, entries where both ends meet.
    pub(super) fn lines(
        &self,
        parameter: &str,
        columns: &Range<usize>,
        residual: &Matrix<S>,
        (n, n_image): (&Matrix<S>, &Matrix<S>),
    ) -> Vec<Judged<S>> {
        let judged = |line, rows: Range<usize>, columns: Range<usize>| {
            let beside = match line {
                Line::Row(i) => {
                    let row = self.layer.weight.row(i - 1);
                    norm2(&row.iter().cloned().collect::<Vec<S>>())
                }
                Line::Whole | Line::Column(_) | Line::Entry(..) => S::zero(),
            };
            Judged {
                line,
                residual: norm(residual, &rows, &columns),
                size: S::larger(norm(n, &rows, &columns), norm(n_image, &rows, &columns)),
                beside,
                entries: rows.len() * columns.len(),
            }
        };
        let all = 0..n.nrows();
        match (self.ends.0 && parameter == PARAMETERS[0], self.ends.1) {
            (true, true) => columns
                .clone()
                .flat_map(|j| all.clone().map(move |i| (i, j)))
                .map(|(i, j)| judged(Line::Entry(i + 1, j + 1), i..i + 1, j..j + 1))
                .collect(),
            (true, false) => columns
                .clone()
                .map(|j| judged(Line::Column(j + 1), all.clone(), j..j + 1))
                .collect(),
            (false, true) => all
                .map(|i| judged(Line::Row(i + 1), i..i + 1, columns.clone()))
                .collect(),
            (false, false) => vec![],
        }
    }

    /// The columns of N with their errors: one by one those of W_1, the others by blocks.
    pub(super) fn errors(
        &self,
        blocks: &[(&'static str, Range<usize>)],
        n: &Matrix<S>,
    ) -> Vec<Columns<S>> {
        let mut parts = vec![];
        for (parameter, columns) in blocks {
            let apart = self.ends.0 && *parameter == PARAMETERS[0];
            let step = if apart { 1 } else { columns.len().max(1) };
            for start in columns.clone().step_by(step) {
                let part = start..(start + step).min(columns.end);
                let mut judged = self.whole(&part, n, n);
                if apart {
                    judged.line = Line::Column(start + 1);
                }
                parts.push(Columns {
                    parameter,
                    error: self.allowed(parameter, &judged),
                    columns: part,
                });
            }
        }
        parts
    }
}

/// ‖·‖_F of some rows and columns.
fn norm<S: Real>(m: &Matrix<S>, rows: &Range<usize>, columns: &Range<usize>) -> S {
    if *rows == (0..m.nrows()) {
        return norm2(&m.as_slice()[columns.start * m.nrows()..columns.end * m.nrows()]);
    }
    let entries = columns
        .clone()
        .flat_map(|j| rows.clone().map(move |i| (i, j)));
    norm2(&entries.map(|at| m[at].clone()).collect::<Vec<S>>())
}
