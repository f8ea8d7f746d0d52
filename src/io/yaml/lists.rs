//! Lists of numbers, kept as their text in one piece while they are read.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
};

use super::super::numbers::Texts;

/// A list of numbers.
#[derive(Debug, Default)]
pub struct List(pub Texts);

/// A list of rows of numbers.
#[derive(Debug, Default)]
pub struct Rows {
    /// All numbers, row by row.
    pub numbers: Texts,
    /// How many each row has.
    pub lengths: Vec<usize>,
}

/// Appends a list, and tells how long it was.
struct Appended<'a>(&'a mut Texts);

impl<'de> DeserializeSeed<'de> for Appended<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Appended<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
        let before = self.0.len();
        while let Some(text) = list.next_element::<String>()? {
            self.0.push(&text);
        }
        Ok(self.0.len() - before)
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut list = List::default();
        Appended(&mut list.0).deserialize(deserializer)?;
        list.0.shrink();
        Ok(list)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Lists;
        impl<'de> Visitor<'de> for Lists {
            type Value = Rows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of rows")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows, A::Error> {
                let mut rows = Rows::default();
                while let Some(length) = list.next_element_seed(Appended(&mut rows.numbers))? {
                    rows.lengths.push(length);
                }
                rows.numbers.shrink();
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(Lists)
    }
}
