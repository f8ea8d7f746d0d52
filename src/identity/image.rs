//! V_1, V_2, … of a network modulo a prime.

use std::ops::Range;

use super::{modulus::Modulus, network::ExactNetwork, number::Number};

/// V_l modulo p.
pub(super) struct Image<'a> {
    network: &'a ExactNetwork,
    modulus: &'a Modulus,
    level: usize,
    rows: usize,
    /// By columns, n₀ + l of them.
    v: Vec<u64>,
}

/// Rows of W that are taken together, so that a column of V is read from memory once for all of them.
const ROWS: usize = 8;

impl<'a> Image<'a> {
    /// V_1 = [W_1 b_1].
    pub(super) fn first(network: &'a ExactNetwork, modulus: &'a Modulus) -> Self {
        let layer = &network.layers()[0];
        let mut v = vec![0; layer.rows * layer.columns];
        for i in 0..layer.rows {
            for (j, w) in layer.row(i).iter().enumerate() {
                v[j * layer.rows + i] = modulus.number(w);
            }
        }
        v.extend(layer.bias.iter().map(|b| modulus.number(b)));
        Image {
            network,
            modulus,
            level: 1,
            rows: layer.rows,
            v,
        }
    }

    /// From V_l to V_{l+1}, l < L.
    pub(super) fn advance(&mut self) {
        let layer = &self.network.layers()[self.level];
        let modulus = self.modulus;
        let columns = self.v.len() / self.rows;
        let mut next = vec![0; columns * layer.rows];
        for start in (0..layer.rows).step_by(ROWS) {
            let rows = start..(start + ROWS).min(layer.rows);
            let weights: Vec<Vec<u64>> = rows
                .clone()
                .map(|i| layer.row(i).iter().map(|w| modulus.number(w)).collect())
                .collect();
            for (j, column) in self.v.chunks_exact(self.rows).enumerate() {
                for (i, row) in rows.clone().zip(&weights) {
                    next[j * layer.rows + i] = modulus.dot(row, column);
                }
            }
        }
        let last = (columns - 1) * layer.rows;
        for (entry, psi) in next[last..].iter_mut().zip(&layer.psi) {
            *entry = modulus.sum(*entry, modulus.number(psi));
        }
        next.extend(layer.bias.iter().map(|b| modulus.number(b)));
        self.level += 1;
        self.rows = layer.rows;
        self.v = next;
    }

    /// l.
    pub(super) fn level(&self) -> usize {
        self.level
    }

    /// V_l by columns.
    pub(super) fn entries(&self) -> &[u64] {
        &self.v
    }

    /// Whether B_l, all of V_l but its last column, is 0.
    pub(super) fn constant(&self) -> bool {
        self.v[..self.v.len() - self.rows].iter().all(|x| *x == 0)
    }

    /// Some columns of V_l.
    pub(super) fn columns(&self, columns: &Range<usize>) -> &[u64] {
        &self.v[columns.start * self.rows..columns.end * self.rows]
    }

    /// The upper triangle of N_l for l < L, by columns: N_11, N_12, N_22, …; of o its rational part.
    pub(super) fn gram(&self) -> Vec<u64> {
        let columns: Vec<&[u64]> = self.v.chunks_exact(self.rows).collect();
        let mut gram = Vec::with_capacity(columns.len() * (columns.len() + 1) / 2);
        for (j, right) in columns.iter().enumerate() {
            let above = &columns[..=j];
            gram.extend(above.iter().map(|left| self.modulus.dot(left, right)));
        }
        if let (Some(corner), Some(o)) =
            (gram.last_mut(), self.network.lengths().get(self.level - 1))
        {
            let o = self.modulus.number(&Number::of(&o.rational));
            *corner = self.modulus.sum(*corner, o);
        }
        gram
    }
}

/// The row and column of an entry of the upper triangle, from 0.
pub(super) fn triangle(at: usize) -> (usize, usize) {
    let mut column = 0;
    let mut before = 0;
    while before + column < at {
        column += 1;
        before += column;
    }
    (at - before, column)
}

#[cfg(test)]
mod tests {
    use super::triangle;

    #[test]
    fn the_triangle_is_walked_by_columns() {
        let mut at = 0;
        for column in 0..20 {
            for row in 0..=column {
                assert_eq!(triangle(at), (row, column));
                at += 1;
            }
        }
    }
}
