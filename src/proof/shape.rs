//! Trusted. Shapes: every term has one, or is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::{Dimension, Op, Problem, Term, pretty};

/// Rows and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The number of rows.
    pub rows: Dimension,
    /// The number of columns.
    pub columns: Dimension,
}

impl Shape {
    pub(super) fn scalar() -> Self {
        let one = || Dimension::number(1);
        Shape {
            rows: one(),
            columns: one(),
        }
    }
}

/// The names that terms may use.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// The names of dimensions.
    pub dimensions: BTreeSet<String>,
    /// The names of matrices, with their shapes.
    pub variables: BTreeMap<String, Shape>,
    /// The names of functions from scalars to scalars.
    pub functions: BTreeSet<String>,
}

impl Signature {
    /// The shape of a term.
    ///
    /// # Errors
    /// [`Problem::IllTyped`] with the position and the shapes that do not fit; [`Problem::Unknown`].
    pub fn shape(&self, term: &Term) -> Result<Shape, Problem> {
        self.shape_below(term, &mut vec![])
    }

    fn shape_below(&self, term: &Term, at: &mut Vec<usize>) -> Result<Shape, Problem> {
        let (op, children) = match term {
            Term::Variable(name) => {
                let shape = self.variables.get(name).cloned();
                return shape.ok_or_else(|| Problem::unknown("variable", name));
            }
            Term::Zero(rows, columns) => return self.known(rows.clone(), columns.clone()),
            Term::Identity(n) => return self.known(n.clone(), n.clone()),
            Term::Node(op, children) => (op, children),
        };
        let mut shapes = vec![];
        for (index, child) in children.iter().enumerate() {
            at.push(index);
            shapes.push(self.shape_below(child, at)?);
            at.pop();
        }
        let scalar = Shape::scalar();
        let of = |rows: &Dimension, columns: &Dimension| {
            let (rows, columns) = (rows.clone(), columns.clone());
            Some(Shape { rows, columns })
        };
        let found = match (op, shapes.as_slice()) {
            (Op::Add, [a, b]) if a == b => of(&a.rows, &a.columns),
            (Op::Mul, [a, b]) if a.columns == b.rows => of(&a.rows, &b.columns),
            (Op::Scale, [s, a]) if *s == scalar => of(&a.rows, &a.columns),
            (Op::Transpose, [a]) => of(&a.columns, &a.rows),
            (Op::Hcat, [a, b]) if a.rows == b.rows => {
                let columns = a.columns.plus(&b.columns);
                columns.and_then(|columns| of(&a.rows, &columns))
            }
            (Op::Vcat, [a, b]) if a.columns == b.columns => {
                let rows = a.rows.plus(&b.rows);
                rows.and_then(|rows| of(&rows, &a.columns))
            }
            (Op::Apply(g), [s]) if *s == scalar && self.functions.contains(g) => Some(scalar),
            _ => None,
        };
        found.ok_or_else(|| Problem::IllTyped {
            term: pretty(term, self),
            at: at.clone(),
            shapes: shapes.iter().map(Shape::to_string).collect(),
        })
    }

    /// The shape, if its dimensions have been declared.
    fn known(&self, rows: Dimension, columns: Dimension) -> Result<Shape, Problem> {
        for name in rows.names.keys().chain(columns.names.keys()) {
            if !self.dimensions.contains(name) {
                return Err(Problem::unknown("dimension", name));
            }
        }
        Ok(Shape { rows, columns })
    }
}
