//! Means and deviations of inputs, and inputs made standard by them.

use std::path::Path;

use super::{InputOptions, Inputs, read_inputs};
use crate::{
    io::{FileError, source},
    scalar::{Field, Mp, Rational, Real},
};

/// Means and standard deviations of each input, in double precision: x becomes (x - mean) / deviation.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    means: Vec<f64>,
    deviations: Vec<f64>,
}

/// Bits of the sums of squares: the mean and the deviation are right to their last place in double precision
/// unless a column agrees in more than 140 bits.
type Wide = Mp<256>;

impl Standard {
    /// Means, and deviations √(Σ (x - mean)² / N), of inputs n₀ × N; of an input that never changes the
    /// deviation is taken as 1.
    pub fn of<S: Field>(inputs: &Inputs<S>) -> Self {
        let count = Wide::from_int(inputs.x.ncols().max(1) as i64);
        let (mut means, mut deviations) = (vec![], vec![]);
        for row in inputs.x.row_iter() {
            let values: Vec<Wide> = (row.iter())
                .map(|x| Wide::from_rational(&x.to_rational().unwrap_or_default()))
                .collect();
            let sum = values.iter().fold(Wide::from_int(0), |sum, x| sum + x);
            let mean = sum / &count;
            let squares = values.iter().fold(Wide::from_int(0), |sum, x| {
                let apart = x.clone() - &mean;
                sum + apart.clone() * apart
            });
            let constant = values.windows(2).all(|pair| pair[0] == pair[1]);
            let deviation = (squares / &count).sqrt().to_f64();
            means.push(mean.to_f64());
            deviations.push(if constant || deviation == 0.0 {
                1.0
            } else {
                deviation
            });
        }
        Standard { means, deviations }
    }

    /// Reads the file that [`Standard::to_csv`] gives: columns `mean` and `deviation`, one row an input.
    ///
    /// # Errors
    /// [`FileError`], also for a deviation that is not above 0.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let file = source::name(path);
        let options = InputOptions {
            width: Some(2),
            ..InputOptions::default()
        };
        let read = read_inputs::<f64>(path, &options)?;
        for (pair, line) in read.x.column_iter().zip(&read.lines) {
            if pair[1] <= 0.0 {
                return Err(FileError::content(
                    &file,
                    format!("line {line}, column 2 (deviation)"),
                    pair[1].to_string(),
                    "a number above 0",
                    "use a file of means and deviations",
                ));
            }
        }
        Ok(Standard {
            means: read.x.row(0).iter().copied().collect(),
            deviations: read.x.row(1).iter().copied().collect(),
        })
    }

    /// The file, which reads back to the same numbers.
    pub fn to_csv(&self) -> String {
        let rows = self.means.iter().zip(&self.deviations);
        let rows: String = rows
            .map(|(mean, deviation)| format!("{mean:?},{deviation:?}\n"))
            .collect();
        format!("mean,deviation\n{rows}")
    }

    /// x ← (x - mean) / deviation: two roundings in the scalar.
    ///
    /// # Errors
    /// [`FileError`] for another number of inputs and for results beyond the scalar's range; `file` is the name of
    /// the inputs.
    pub fn apply<S: Field>(&self, file: &str, inputs: &mut Inputs<S>) -> Result<(), FileError> {
        if inputs.x.nrows() != self.means.len() {
            return Err(FileError::content(
                file,
                "the means and deviations",
                format!("{} of each", self.means.len()),
                format!("{}, one for each input", inputs.x.nrows()),
                "use those that belong to the inputs",
            ));
        }
        let exact = |x: &f64| S::from_rational(&Rational::from_f64(*x));
        let (means, deviations): (Vec<S>, Vec<S>) = (
            self.means.iter().map(exact).collect(),
            self.deviations.iter().map(exact).collect(),
        );
        for (mut x, line) in inputs.x.column_iter_mut().zip(&inputs.lines) {
            for (i, x) in x.iter_mut().enumerate() {
                *x = (x.clone() - &means[i]) / &deviations[i];
                if !x.is_finite() {
                    return Err(FileError::content(
                        file,
                        format!("line {line}, input {}, standardised", i + 1),
                        "an overflow",
                        format!("a number within the range of {}", S::name()),
                        "use other means and deviations",
                    ));
                }
            }
        }
        Ok(())
    }
}
