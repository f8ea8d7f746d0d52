//! A matrix seen as it is or transposed, for the kernels.

use std::ops::Range;

/// A matrix stored by columns, or the transpose of one, without a copy.
#[derive(Debug)]
pub struct View<'a, S> {
    data: &'a [S],
    /// From one stored column to the next.
    apart: usize,
    /// Rows of the matrix as stored.
    stored_rows: usize,
    /// Columns of the matrix as stored.
    stored_columns: usize,
    transposed: bool,
}

// Not derived: a view is copied whatever its entries are.
impl<S> Clone for View<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for View<'_, S> {}

impl<'a, S> View<'a, S> {
    /// The `rows` × `columns` matrix whose columns follow each other in `data`.
    ///
    /// # Panics
    /// If `data` does not have rows · columns entries.
    pub fn new(data: &'a [S], rows: usize, columns: usize) -> Self {
        assert_eq!(data.len(), rows * columns, "entries of a matrix");
        View {
            data,
            apart: rows,
            stored_rows: rows,
            stored_columns: columns,
            transposed: false,
        }
    }

    /// The `rows` × `columns` matrix whose columns begin `apart` entries from each other in `data`.
    ///
    /// # Panics
    /// If `apart` is less than `rows`, or `data` ends before the last column does.
    pub fn apart(data: &'a [S], rows: usize, columns: usize, apart: usize) -> Self {
        assert!(rows <= apart, "columns that overlap");
        assert!(
            columns == 0 || (columns - 1) * apart + rows <= data.len(),
            "entries of a matrix"
        );
        View {
            data,
            apart,
            stored_rows: rows,
            stored_columns: columns,
            transposed: false,
        }
    }

    /// The same entries as the transpose.
    pub fn transpose(self) -> Self {
        View {
            transposed: !self.transposed,
            ..self
        }
    }

    /// The number of rows.
    pub fn nrows(&self) -> usize {
        if self.transposed {
            self.stored_columns
        } else {
            self.stored_rows
        }
    }

    /// The number of columns.
    pub fn ncols(&self) -> usize {
        if self.transposed {
            self.stored_rows
        } else {
            self.stored_columns
        }
    }

    /// The distance in `data` from a row to the next and from a column to the next.
    pub(super) fn strides(&self) -> (usize, usize) {
        if self.transposed {
            (self.apart, 1)
        } else {
            (1, self.apart)
        }
    }

    /// These columns alone.
    ///
    /// # Panics
    /// As slice indexing, for columns that are not there.
    pub fn columns(self, columns: Range<usize>) -> Self {
        let (first, count) = (columns.start, columns.len());
        if self.transposed {
            View {
                data: &self.data[first..],
                stored_rows: count,
                ..self
            }
        } else {
            View {
                data: &self.data[first * self.apart..],
                stored_columns: count,
                ..self
            }
        }
    }

    /// The entries as stored, and whatever lies between and after them.
    pub(super) fn data(&self) -> &'a [S] {
        self.data
    }

    /// The entries, where columns are stored one after the other with nothing between.
    pub(super) fn whole(&self) -> Option<&'a [S]> {
        let whole = !self.transposed && self.apart == self.stored_rows;
        whole.then(|| &self.data[..self.stored_rows * self.stored_columns])
    }

    /// The entry in row i and column j, counting from 0.
    pub fn get(&self, i: usize, j: usize) -> &'a S {
        let (of_row, of_column) = self.strides();
        &self.data[i * of_row + j * of_column]
    }

    /// Column j, where columns are stored one after the other.
    pub(super) fn column(&self, j: usize) -> Option<&'a [S]> {
        let range = j * self.apart..j * self.apart + self.stored_rows;
        (!self.transposed).then(|| &self.data[range])
    }
}
