//! What the tables say of a layer, in a sentence.

use super::{Invariance, Row, Table, render::short};
use crate::{
    error::Error,
    network::Network,
    resize::{Rule, layer_rank},
    scalar::Real,
    statement::Magnitude,
};

/// How many neurons of a layer go for nothing, what the next one costs, and how far accuracy holds.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The hidden layer l.
    pub layer: usize,
    /// n_l.
    pub width: usize,
    /// Neurons above the width ceiling.
    pub free: usize,
    /// The largest ‖y - y'‖ without one neuron more, if that was measured.
    pub next: Option<Magnitude>,
    /// The fewest neurons left, among the removals that were measured, down to which as many inputs are classified as
    /// labelled as before; `None` without labels.
    pub accurate: Option<usize>,
}

impl Finding {
    /// Of one table, by the rule that absorbs everything.
    pub fn of(all: &Invariance, table: &Table) -> Self {
        let mut removals: Vec<&Row> = table.rows.iter().filter(|row| row.change < 0).collect();
        removals.sort_by_key(|row| -row.change);
        let cell = |row: &&Row| {
            row.cells
                .iter()
                .find(|cell| cell.rule == Rule::Both)
                .cloned()
        };
        let next = removals
            .iter()
            .find(|row| row.change.unsigned_abs() == table.free as u64 + 1)
            .and_then(cell)
            .map(|cell| cell.largest);
        let holds = |row: &&&Row| cell(row).is_some_and(|cell| cell.right == all.right);
        let accurate = all.right.map(|_| {
            let last = removals.iter().take_while(holds).last();
            table.width - last.map_or(0, |row| row.change.unsigned_abs() as usize)
        });
        Finding {
            layer: table.layer,
            width: table.width,
            free: table.free,
            next,
            accurate,
        }
    }

    /// The sentence.
    ///
    /// ```
    /// use isotropic::{invariance::Finding, scalar::{Field, Mp}};
    ///
    /// let found = Finding { layer: 1, width: 48, free: 18, next: Some(Mp::from_f64(0.02)), accurate: Some(23) };
    /// assert_eq!(
    ///     found.sentence(),
    ///     "18 of 48 neurons of layer 1 are free; the next costs 0.0200; accuracy unchanged down to 23 neurons"
    /// );
    /// ```
    pub fn sentence(&self) -> String {
        let free = match self.free {
            0 => format!(
                "none of the {} neurons of layer {} is free",
                self.width, self.layer
            ),
            1 => format!(
                "1 of {} neurons of layer {} is free",
                self.width, self.layer
            ),
            free => format!(
                "{free} of {} neurons of layer {} are free",
                self.width, self.layer
            ),
        };
        let next = self.next.as_ref().map_or(String::new(), |next| {
            let which = if self.free == 0 { "one" } else { "the next" };
            format!("; {which} costs {}", short(next))
        });
        let accuracy = match self.accurate {
            None => String::new(),
            Some(width) if width == self.width => {
                "; accuracy changes with the first removal measured".into()
            }
            Some(1) => "; accuracy unchanged down to 1 neuron".into(),
            Some(width) => format!("; accuracy unchanged down to {width} neurons"),
        };
        free + &next + &accuracy
    }
}

/// The removals at which the free neurons of the layers end, and one more: where the cliffs are.
///
/// # Errors
/// [`Error::NoSuchLayer`]; those of [`svd`](crate::linalg::svd()).
pub fn ends_of_free<S: Real>(network: &Network<S>, hidden: &[usize]) -> Result<Vec<i64>, Error> {
    let mut ends = vec![];
    for &l in hidden {
        let ceiling = layer_rank(network, l)?.width();
        let free = (network.layer(l).width() - ceiling) as i64;
        ends.extend([-free, -free - 1]);
    }
    Ok(ends)
}
