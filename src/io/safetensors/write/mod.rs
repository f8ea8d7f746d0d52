//! Writing a network: the same network and options give the same bytes.
//!
//! A first pass plans: the header, whether every number fits, what to say. A second writes the numbers, row by row, so that
//! the bytes of a large file never stand in memory as a whole.

mod header;
mod lengths;
mod numbers;

use std::io::{self, Write};

use super::{
    super::{Dtype, FileError, WriteOptions, Written},
    names::Kind,
};
use crate::{
    linalg::Matrix,
    network::Network,
    scalar::{Field, Rational},
};
use header::Header;
use lengths::WrittenLengths;
use numbers::{Survey, encode};

/// The bytes of a safetensors file that holds the network, every number rounded once to the dtype, and what to say
/// about it; `file` is the name for messages.
///
/// Where only some layers have a ψ, the others get zeros: the format has all or none.
///
/// # Errors
/// [`FileError::Content`] naming the tensor and entry that overflows the dtype, or the layer whose
/// o = 0 has no logarithm.
pub fn write<S: Field>(
    file: &str,
    network: &Network<S>,
    options: &WriteOptions,
) -> Result<Written, FileError> {
    let planned = plan(file, network, options)?;
    let mut bytes = vec![];
    // Writing to memory does not fail.
    let _ = planned.write_to(&mut bytes);
    Ok(Written {
        bytes,
        notes: planned.notes,
    })
}

/// The format of the numbers: as asked for, else as in the file that the network comes from, else double.
pub fn dtype(options: &WriteOptions) -> Dtype {
    let inherited = options.like.as_ref().and_then(|form| form.dtype);
    options.dtype.or(inherited).unwrap_or(Dtype::F64)
}

/// A file that can be written: every number has been looked at.
pub(crate) struct Planned<'a, S> {
    /// Length and text of the header.
    start: Vec<u8>,
    dtype: Dtype,
    lengths: Vec<Rational>,
    tensors: Vec<Tensor<'a, S>>,
    /// What whoever asked should hear.
    pub notes: Vec<String>,
}

/// The numbers of one tensor after those of o, in the order of the file.
enum Tensor<'a, S> {
    Vector(&'a [S]),
    /// So many of them: the ψ of a layer that has none.
    Zeros(usize),
    /// By rows.
    Matrix(&'a Matrix<S>),
}

impl<S: Field> Tensor<'_, S> {
    fn shape(&self) -> Vec<usize> {
        match self {
            Tensor::Vector(values) => vec![values.len()],
            Tensor::Zeros(count) => vec![*count],
            Tensor::Matrix(matrix) => vec![matrix.nrows(), matrix.ncols()],
        }
    }

    /// Passes the rows one after another, with the index of their first number.
    fn rows<E>(&self, mut row: impl FnMut(usize, &[S]) -> Result<(), E>) -> Result<(), E> {
        match self {
            Tensor::Vector(values) => row(0, values),
            Tensor::Zeros(count) => row(0, &vec![S::zero(); *count]),
            Tensor::Matrix(matrix) => {
                let (rows, columns) = matrix.shape();
                let mut values = Vec::with_capacity(columns);
                for i in 0..rows {
                    values.clear();
                    values.extend(matrix.row(i).iter().cloned());
                    row(i * columns, &values)?;
                }
                Ok(())
            }
        }
    }
}

/// Plans the file: as [`write`], whose errors it has.
pub(crate) fn plan<'a, S: Field>(
    file: &str,
    network: &'a Network<S>,
    options: &WriteOptions,
) -> Result<Planned<'a, S>, FileError> {
    let dtype = dtype(options);
    let mut notes = vec![];
    let half = options.like.as_ref().is_some_and(|form| form.half);
    if half && options.dtype.is_none() {
        let name = dtype.name();
        notes.push(format!("{file}: numbers of 16 bits are written as {name}"));
    }
    let lengths = WrittenLengths::of(file, network, options, &mut notes)?;
    let mut header = Header::of(network, &lengths, dtype);
    let mut survey = Survey::new(file, dtype);
    for (i, value) in lengths.values.iter().enumerate() {
        let name = header.tensor(lengths.kind, i, &[]);
        survey.look(&name, &[], 0, std::slice::from_ref(value))?;
    }
    let tensors = tensors(network);
    for (kind, index, tensor) in &tensors {
        let shape = tensor.shape();
        let name = header.tensor(*kind, *index, &shape);
        tensor.rows(|first, row| survey.look(&name, &shape, first, row))?;
    }
    notes.extend(survey.note());
    Ok(Planned {
        start: header.finish(),
        dtype,
        lengths: lengths.values,
        tensors: tensors.into_iter().map(|(_, _, tensor)| tensor).collect(),
        notes,
    })
}

/// Biases, then ψ, then weights, which are the large ones.
fn tensors<S: Field>(network: &Network<S>) -> Vec<(Kind, usize, Tensor<'_, S>)> {
    let layers = || network.layers().iter().enumerate();
    let mut all: Vec<_> = layers()
        .map(|(i, layer)| (Kind::Bias, i, Tensor::Vector(layer.bias.as_slice())))
        .collect();
    if network.layers().iter().any(|layer| layer.psi.is_some()) {
        all.extend(layers().skip(1).map(|(i, layer)| {
            let psi = match &layer.psi {
                Some(psi) => Tensor::Vector(psi.as_slice()),
                None => Tensor::Zeros(layer.width()),
            };
            (Kind::Psi, i - 1, psi)
        }));
    }
    all.extend(layers().map(|(i, layer)| (Kind::Weight, i, Tensor::Matrix(&layer.weight))));
    all
}

impl<S: Field> Planned<'_, S> {
    /// Writes the file.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.start)?;
        let mut bytes = vec![];
        for o in &self.lengths {
            encode(self.dtype, std::slice::from_ref(o), &mut bytes);
            out.write_all(&bytes)?;
        }
        for tensor in &self.tensors {
            tensor.rows(|_, row| {
                encode(self.dtype, row, &mut bytes);
                out.write_all(&bytes)
            })?;
        }
        Ok(())
    }
}
