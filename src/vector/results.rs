//! A port's answers in a file.
//!
//! ```json
//! {"format": "isotropic-results", "version": 1, "precision": "f64",
//!  "results": {"gain/tanh-zero": {"outputs": {"gamma": "1.0"}}}}
//! ```

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::{judge::Reply, text::without_literals};

/// `format` of a results file.
pub const FORMAT: &str = "isotropic-results";

/// The version of the format that this program reads.
pub const VERSION: u32 = 1;

/// The answers of a port.
#[derive(Debug, Default)]
pub struct Results {
    /// `f64` or `f32`.
    pub precision: String,
    /// Replies by case id; an id that was answered twice is broken.
    pub replies: BTreeMap<String, Reply>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "version")]
    _version: u32,
    precision: Option<String>,
    results: Pairs,
}

/// The entries of an object in order, repeated keys included.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keep;
        impl<'de> Visitor<'de> for Keep {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object from case ids to answers")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = vec![];
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Keep)
    }
}

/// The answers in a results file.
///
/// # Errors
/// A line that says what is wrong with the file as a whole.
pub fn parse(text: &str) -> Result<Results, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (text, head): (Cow<'_, str>, Value) = match serde_json::from_str(text) {
        Ok(head) => (text.into(), head),
        Err(why) => {
            let mended = without_literals(text);
            let head = serde_json::from_str(&mended);
            (
                mended.into(),
                head.map_err(|_| format!("it is not JSON: {why}"))?,
            )
        }
    };
    if head.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(format!("its format is not `{FORMAT}`"));
    }
    match head.get("version") {
        Some(version) if version.as_u64() == Some(u64::from(VERSION)) => {}
        Some(other) => {
            return Err(format!(
                "its version is {other}; this program reads version {VERSION}"
            ));
        }
        None => {
            return Err(format!(
                "it states no version; this program reads version {VERSION}"
            ));
        }
    }
    let file: File = serde_json::from_str(&text).map_err(|why| why.to_string())?;
    let precision = file.precision.unwrap_or_else(|| "f64".into());
    if !["f64", "f32"].contains(&precision.as_str()) {
        return Err(format!(
            "its precision is `{precision}`, which is neither f64 nor f32"
        ));
    }
    let mut replies = BTreeMap::new();
    for (id, value) in file.results.0 {
        let reply = match replies.contains_key(&id) {
            true => Reply::Broken("it was answered twice".into()),
            false => Reply::read(&value),
        };
        replies.insert(id, reply);
    }
    Ok(Results { precision, replies })
}
