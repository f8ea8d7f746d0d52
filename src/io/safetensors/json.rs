//! The JSON of a header; duplicate keys, which a plain map would fold, are refused.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};

use super::super::error::shortened;

/// What the header says of a tensor, unchecked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Described {
    pub dtype: String,
    pub shape: Vec<u64>,
    pub data_offsets: [u64; 2],
}

/// The whole header, unchecked.
pub struct Header {
    pub tensors: BTreeMap<String, Described>,
    pub metadata: BTreeMap<String, String>,
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Header;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of tensor descriptions")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let mut tensors = BTreeMap::new();
                let mut metadata = None;
                while let Some(key) = map.next_key::<String>()? {
                    let repeated = if key == "__metadata__" {
                        metadata.replace(map.next_value::<Strings>()?.0).is_some()
                    } else {
                        tensors
                            .insert(key.clone(), map.next_value::<Described>()?)
                            .is_some()
                    };
                    if repeated {
                        return Err(A::Error::custom(format!(
                            "duplicate key `{}`",
                            shortened(&key)
                        )));
                    }
                }
                Ok(Header {
                    tensors,
                    metadata: metadata.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// The metadata.
struct Strings(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Strings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Strings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strings, A::Error> {
                let mut strings = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, String>()? {
                    if strings.insert(key.clone(), value).is_some() {
                        return Err(A::Error::custom(format!(
                            "duplicate key `{}`",
                            shortened(&key)
                        )));
                    }
                }
                Ok(Strings(strings))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
