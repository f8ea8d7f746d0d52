//! The JSON of a header; duplicate keys, which a plain map would fold, are refused.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

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
    /// The metadata that is an object; strings as they are, anything else as JSON.
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
                        metadata.replace(map.next_value::<Metadata>()?.0).is_some()
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

/// The metadata. The format says strings, and its reference reader passes over anything else.
struct Metadata(BTreeMap<String, String>);

/// What a header says whose metadata is no object.
fn nothing<E>() -> Result<Metadata, E> {
    Ok(Metadata(BTreeMap::new()))
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Metadata;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("metadata")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    let text = match value {
                        Value::String(text) => text,
                        other => other.to_string(),
                    };
                    if entries.insert(key.clone(), text).is_some() {
                        return Err(A::Error::custom(format!(
                            "duplicate key `{}`",
                            shortened(&key)
                        )));
                    }
                }
                Ok(Metadata(entries))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Metadata, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                nothing()
            }

            fn visit_unit<E>(self) -> Result<Metadata, E> {
                nothing()
            }

            fn visit_bool<E>(self, _: bool) -> Result<Metadata, E> {
                nothing()
            }

            fn visit_i64<E>(self, _: i64) -> Result<Metadata, E> {
                nothing()
            }

            fn visit_u64<E>(self, _: u64) -> Result<Metadata, E> {
                nothing()
            }

            fn visit_f64<E>(self, _: f64) -> Result<Metadata, E> {
                nothing()
            }

            fn visit_str<E>(self, _: &str) -> Result<Metadata, E> {
                nothing()
            }
        }
        deserializer.deserialize_any(Entries)
    }
}
