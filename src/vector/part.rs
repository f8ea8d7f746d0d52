//! What a part of an input or of an answer looks like.

/// The kind of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string that spells a number.
    Number,
    /// A list of numbers.
    Vector,
    /// A list of lists of numbers.
    Matrix,
    /// A whole number.
    Index,
    /// A word.
    Word,
    /// A network.
    Network,
    /// Tensors by name.
    Tensors,
}

/// A part: name, kind, and whether it must be there.
pub type Part = (&'static str, Kind, bool);
