//! What the three test binaries share: small files to read, good and bad, and the command run on them.

#![allow(dead_code)]

use std::{
    path::{Path, PathBuf},
    process::Output,
};

/// One tensor of a safetensors file in the making.
pub type Tensor<'a> = (&'a str, &'a [usize], &'a [f64]);

/// The tensors of a 2-3-1 network with ψ and ln o.
pub const SMALL: [Tensor; 6] = [
    ("activation.0.intrinsic_length", &[], &[0.5]),
    ("bias_parameters.0", &[3], &[0.25, -0.5, 1.0]),
    ("bias_parameters.1", &[1], &[2.0]),
    ("psi_parameters.0", &[1], &[-1.5]),
    (
        "weight_parameters.0",
        &[3, 2],
        &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    ),
    ("weight_parameters.1", &[1, 3], &[0.1, 0.2, 0.3]),
];

/// [`SMALL`] as YAML, with o in place of ln o.
pub const SMALL_YAML: &str = r#"isotropic: 1
widths: [2, 3, 1]
gain: rational
layers:
  - weight:
      - ["1", "2"]
      - ["3", "4"]
      - ["5", "6"]
    bias: ["0.25", "-0x1p-1", "1"]
    intrinsic_length_squared: "2"
  - weight:
      - ["1/10", "0.2", "3e-1"]
    bias: ["2"]
    psi: ["-3/2"]
"#;

/// A safetensors file of F64 tensors.
pub fn safetensors(tensors: &[Tensor], metadata: &[(&str, &str)]) -> Vec<u8> {
    let mut entries = vec![];
    let mut data = vec![];
    if !metadata.is_empty() {
        let pairs: Vec<String> = metadata
            .iter()
            .map(|(k, v)| format!("\"{k}\":\"{v}\""))
            .collect();
        entries.push(format!("\"__metadata__\":{{{}}}", pairs.join(",")));
    }
    for (name, shape, values) in tensors {
        let begin = data.len();
        data.extend(values.iter().flat_map(|x| x.to_le_bytes()));
        entries.push(format!(
            "\"{name}\":{{\"dtype\":\"F64\",\"shape\":{shape:?},\"data_offsets\":[{begin},{}]}}",
            data.len()
        ));
    }
    raw(&format!("{{{}}}", entries.join(",")), &data)
}

/// A safetensors file from header and data as they are.
pub fn raw(header: &str, data: &[u8]) -> Vec<u8> {
    [
        &(header.len() as u64).to_le_bytes(),
        header.as_bytes(),
        data,
    ]
    .concat()
}

/// [`SMALL`] with one tensor replaced (same name), added (new name) or, with no values, removed.
pub fn small_with<'a>(tensor: Tensor<'a>) -> Vec<Tensor<'a>> {
    let mut tensors: Vec<Tensor<'a>> = SMALL
        .into_iter()
        .filter(|(name, ..)| *name != tensor.0)
        .collect();
    if !tensor.2.is_empty() {
        tensors.push(tensor);
    }
    tensors
}

/// The command with these arguments, in this folder.
#[cfg(feature = "cli")]
pub fn isotropic(folder: &Path, arguments: &[&str]) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_isotropic"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command starts")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8 on standard output")
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8 on standard error")
}

/// A file of data/.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}

/// An array of NumPy with elements of that name; `shape` as Python writes it.
pub fn npy(kind: &str, shape: &str, by_columns: bool, values: &[f64]) -> Vec<u8> {
    let order = if by_columns { "True" } else { "False" };
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}");
    while !(header.len() + 11).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let number = |x: &f64| -> Vec<u8> {
        let mut bytes = match &kind[1..] {
            "f8" => x.to_le_bytes().to_vec(),
            "f4" => (*x as f32).to_le_bytes().to_vec(),
            // Exact for the whole numbers up to 100 that are tested.
            "f2" if *x == 0.0 => vec![0, 0],
            "f2" => {
                let bits = (*x as f32).to_bits();
                let exponent = (bits >> 23 & 0xff) as i32 - 127 + 15;
                let half = (bits >> 31 << 15) | (exponent as u32) << 10 | (bits >> 13 & 0x3ff);
                (half as u16).to_le_bytes().to_vec()
            }
            "c16" => x.to_le_bytes().repeat(2),
            whole => {
                let size: usize = whole[1..].parse().unwrap();
                (*x as i64).to_le_bytes()[..size].to_vec()
            }
        };
        if kind.starts_with('>') {
            bytes.reverse();
        }
        bytes
    };
    let length = (header.len() as u16).to_le_bytes();
    let start = [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes()].concat();
    [start, values.iter().flat_map(number).collect()].concat()
}

/// An archive of arrays, every other one compressed.
pub fn npz(arrays: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};
    let mut writer = ZipWriter::new(std::io::Cursor::new(vec![]));
    for (at, (name, bytes)) in arrays.iter().enumerate() {
        let methods = [CompressionMethod::Deflated, CompressionMethod::Stored];
        let options = SimpleFileOptions::default().compression_method(methods[at % 2]);
        writer.start_file(format!("{name}.npy"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
