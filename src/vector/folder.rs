//! A folder of vector files: written with its manifest and schemas, and read however broken it is.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    case::{FORMAT, VERSION, VectorFile},
    exchange,
    generate::{GenerateError, generate},
    operation::Operation,
    schema,
};
use crate::io::{FileError, atomic};

/// The manifest's name.
pub const MANIFEST: &str = "MANIFEST.json";

/// The additions to this version so far.
pub const MINOR: u32 = 3;

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Counts the additions to this version; what was there before them stays as it was.
    #[serde(default)]
    pub minor: u32,
    /// The seed of every file.
    pub seed: u64,
    /// Cases of all files.
    pub number_of_cases: usize,
    /// The files, in the order of [`Operation::ALL`].
    pub files: Vec<Entry>,
}

/// One file and its schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Entry {
    /// The file's name.
    pub file: String,
    /// Its cases.
    pub number_of_cases: usize,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// SHA-256 of its schema's bytes.
    pub schema_sha256: String,
}

/// The name of an operation's file.
pub fn file_name(operation: Operation) -> String {
    format!("{}.json", operation.name())
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A vector file as text: the head indented, then one case a line, so that changes can be read.
pub fn render(file: &VectorFile) -> String {
    let mut head = file.clone();
    head.cases.clear();
    // Serialising strings and maps with string keys does not fail.
    let head = serde_json::to_string_pretty(&head).unwrap_or_default();
    let cases: Vec<String> = file
        .cases
        .iter()
        .map(|case| format!("    {}", serde_json::to_string(case).unwrap_or_default()))
        .collect();
    let body = format!("\"cases\": [\n{}\n  ]", cases.join(",\n"));
    head.replacen("\"cases\": []", &body, 1) + "\n"
}

/// Every file of the folder for a seed: names from the folder, and contents; the manifest last.
///
/// # Errors
/// [`GenerateError`].
pub fn contents(seed: u64) -> Result<Vec<(String, String)>, GenerateError> {
    let mut files = vec![];
    let mut entries = vec![];
    for operation in Operation::ALL {
        let file = generate(operation, seed)?;
        let text = render(&file);
        let schema = schema::render(operation);
        entries.push(Entry {
            file: file_name(operation),
            number_of_cases: file.number_of_cases,
            sha256: sha256(text.as_bytes()),
            schema_sha256: sha256(schema.as_bytes()),
        });
        files.push((file_name(operation), text));
        files.push((file.schema, schema));
    }
    files.extend(exchange::schemas());
    let manifest = Manifest {
        format: FORMAT.into(),
        version: VERSION,
        minor: MINOR,
        seed,
        number_of_cases: entries.iter().map(|entry| entry.number_of_cases).sum(),
        files: entries,
    };
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
    files.push((MANIFEST.into(), text));
    Ok(files)
}

/// Writes the files of [`contents`] into a folder, which is made if it is not there.
///
/// # Errors
/// [`FileError`] with the file that could not be written.
pub fn write(folder: &Path, files: &[(String, String)]) -> Result<(), FileError> {
    let schemas = folder.join("schemas");
    fs::create_dir_all(&schemas).map_err(|why| {
        let shown = schemas.display().to_string();
        FileError::access(&shown, "make", &why, "choose another folder")
    })?;
    files
        .iter()
        .try_for_each(|(name, text)| atomic::write(&folder.join(name), text.as_bytes()))
}

/// The vector files of a folder, and what is wrong with those that could not be read.
#[derive(Debug, Default)]
pub struct Folder {
    /// The good ones.
    pub files: Vec<VectorFile>,
    /// Name and reason of the others.
    pub broken: Vec<(String, String)>,
    /// Files that are not those of the manifest, if there is one.
    pub changed: Vec<String>,
}

/// Reads the files of these operations. A file that is missing, of another version or malformed is named
/// among the broken ones; the rest is read all the same.
pub fn read(folder: &Path, operations: &[Operation]) -> Folder {
    let mut found = Folder::default();
    let manifest = fs::read_to_string(folder.join(MANIFEST)).ok();
    let manifest = manifest.and_then(|text| serde_json::from_str::<Manifest>(&text).ok());
    let entries = manifest.map(|manifest| manifest.files).unwrap_or_default();
    for &operation in operations {
        let name = file_name(operation);
        let read = fs::read_to_string(folder.join(&name)).map_err(|why| why.to_string());
        let entry = entries.iter().find(|entry| entry.file == name);
        if let (Ok(text), Some(entry)) = (&read, entry)
            && sha256(text.as_bytes()) != entry.sha256
        {
            found.changed.push(name.clone());
        }
        match read.and_then(|text| parse(&text)) {
            Ok(file) if file.operation == operation.name() => found.files.push(file),
            Ok(file) => {
                let why = format!("it is about `{}`", file.operation);
                found.broken.push((name, why));
            }
            Err(why) => found.broken.push((name, why)),
        }
    }
    found
}

/// One vector file.
///
/// # Errors
/// A line that says what is wrong, the version first.
pub fn parse(text: &str) -> Result<VectorFile, String> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<String>,
        version: Option<u32>,
    }
    let head: Head = serde_json::from_str(text).map_err(|why| format!("it is not JSON: {why}"))?;
    if head.format.as_deref() != Some(FORMAT) {
        return Err(format!("its format is not `{FORMAT}`"));
    }
    if head.version != Some(VERSION) {
        let found = head
            .version
            .map_or("none".into(), |version| version.to_string());
        return Err(format!(
            "its version is {found}; this program reads version {VERSION}"
        ));
    }
    serde_json::from_str(text).map_err(|why| why.to_string())
}
