//! Networks of other programs, and files that are to be like the one they come from.

use std::fs;

use isotropic::{
    Gain, Layer, Network,
    io::{
        Dtype, LengthWriting, ReadOptions, Stored, WriteOptions, atomic, read_network, safetensors,
    },
    linalg::{Matrix, Vector},
    network::evaluate,
    scalar::{Field, Mp, Rational},
};

use crate::support::command::{self, SMALL, raw, small_with};

fn read(bytes: &[u8], ignore: &[&str]) -> Result<Stored, String> {
    let options = ReadOptions {
        ignore: ignore.iter().map(|pattern| pattern.to_string()).collect(),
        ..ReadOptions::default()
    };
    safetensors::read("t", bytes, &options).map_err(|why| why.to_string())
}

fn refused(bytes: &[u8], parts: &[&str]) {
    let message = read(bytes, &[]).map(|stored| stored.widths()).unwrap_err();
    for part in parts {
        assert!(message.contains(part), "`{part}` in {message}");
    }
}

/// The network that all the small cases hold.
fn small() -> Stored {
    read(include_bytes!("../../data/st_meta_null.safetensors"), &[]).unwrap()
}

#[test]
fn half_precision_is_read_exactly_and_written_as_single() {
    let single = small().network::<f64>().unwrap();
    for (bytes, u) in [
        (
            &include_bytes!("../../data/st_f16.safetensors")[..],
            2f64.powi(-11),
        ),
        (
            include_bytes!("../../data/st_bf16.safetensors"),
            2f64.powi(-8),
        ),
    ] {
        let stored = read(bytes, &[]).unwrap();
        let network = stored.network::<f64>().unwrap();
        // The same network, each number rounded to 16 bits.
        let differences = network.parameters().zip(single.parameters());
        for (x, y) in differences.take(network.parameter_count() - 1) {
            assert!((x - y).abs() <= u * y.abs(), "{x} for {y}");
        }
        let like = WriteOptions {
            like: Some(stored.form().clone()),
            ..WriteOptions::default()
        };
        let written = safetensors::write("out", &network, &like).unwrap();
        assert!(
            written.notes[0].contains("16 bits are written as F32"),
            "{:?}",
            written.notes
        );
        let again = read(&written.bytes, &[]).unwrap();
        assert_eq!(again.network::<f64>().unwrap(), network, "nothing is lost");
    }
}

/// Every number of 16 bits, by another way: sign, exponent and fraction as powers of two over ℚ.
#[test]
fn every_number_of_16_bits_is_itself() {
    let exact = |bits: u32, exponent_bits: u32, fraction_bits: u32| -> Option<Rational> {
        let bias = (1i32 << (exponent_bits - 1)) - 1;
        let exponent = (bits >> fraction_bits & ((1 << exponent_bits) - 1)) as i32;
        let fraction = (bits & ((1 << fraction_bits) - 1)) as i64;
        let (digits, power) = match exponent {
            0 => (fraction, 1 - bias - fraction_bits as i32),
            all if all == (1 << exponent_bits) - 1 => return None,
            _ => (
                fraction + (1 << fraction_bits),
                exponent - bias - fraction_bits as i32,
            ),
        };
        let digits = if bits >> 15 == 1 { -digits } else { digits };
        let two = Rational::from_f64(2f64.powi(power));
        Some(Rational::from_int(digits) * two)
    };
    for (dtype, exponent_bits, fraction_bits) in [("F16", 5, 10), ("BF16", 8, 7)] {
        let all: Vec<(u16, Rational)> = (0..=u16::MAX)
            .filter_map(|bits| Some((bits, exact(u32::from(bits), exponent_bits, fraction_bits)?)))
            .collect();
        let (n, mut data) = (all.len(), vec![]);
        data.extend(all.iter().flat_map(|(bits, _)| bits.to_le_bytes()));
        data.extend([0, 0]);
        let header = format!(
            r#"{{"weight_parameters.0":{{"dtype":"{dtype}","shape":[1,{n}],"data_offsets":[0,{}]}},
               "bias_parameters.0":{{"dtype":"{dtype}","shape":[1],"data_offsets":[{},{}]}}}}"#,
            2 * n,
            2 * n,
            2 * n + 2
        );
        let stored = read(&raw(&header, &data), &[]).unwrap();
        for (value, (bits, expected)) in stored.parameters().zip(&all) {
            assert_eq!(value, *expected, "{dtype} {bits:#06x}");
        }
        assert!(n > 63_000, "{dtype}: {n}");
    }
}

#[test]
fn a_prefix_that_all_tensors_share_is_stripped_aloud() {
    let stored = read(
        include_bytes!("../../data/st_prefix_module__orig_mod_.safetensors"),
        &[],
    )
    .unwrap();
    assert_eq!(
        stored.network::<f64>().unwrap(),
        small().network::<f64>().unwrap()
    );
    assert!(
        stored.notes()[0].contains("`module._orig_mod.`"),
        "{:?}",
        stored.notes()
    );
    let renamed = |rename: &dyn Fn(&str) -> String| {
        let names: Vec<String> = SMALL.iter().map(|(name, ..)| rename(name)).collect();
        let tensors: Vec<_> = (names.iter().zip(SMALL))
            .map(|(name, (_, shape, values))| (name.as_str(), shape, values))
            .collect();
        command::safetensors(&tensors, &[])
    };
    for prefix in ["module.", "model.", "net.0."] {
        assert_eq!(
            read(&renamed(&|name| format!("{prefix}{name}")), &[])
                .unwrap()
                .widths(),
            [2, 3, 1]
        );
    }
    // Not all of them, and not as part of a name.
    let half = renamed(&|name| {
        if name.starts_with("bias") {
            format!("ema.{name}")
        } else {
            name.into()
        }
    });
    refused(
        &half,
        &["under `` and under `ema.`", "one network", "pattern"],
    );
    refused(
        &renamed(&|name| format!("x{name}")),
        &["the tensors", "`xactivation.0.intrinsic_length`"],
    );
}

#[test]
fn tensors_that_no_layer_has_are_refused_by_name_before_their_type() {
    let bytes = include_bytes!("../../data/st_buffer.safetensors");
    refused(
        bytes,
        &[
            "`num_batches_tracked`",
            "weight_parameters.{i}",
            "have it ignored",
        ],
    );
    for pattern in ["num_batches_tracked", "num_*", "*tracked", "*", "n*m_b*"] {
        let read = read(bytes, &[pattern]);
        if pattern == "*" {
            assert!(read.is_err(), "nothing is left");
            continue;
        }
        let stored = read.unwrap();
        assert_eq!(
            stored.network::<f64>().unwrap(),
            small().network::<f64>().unwrap(),
            "{pattern}"
        );
        assert!(
            stored.notes()[0].contains("1 tensor like"),
            "{:?}",
            stored.notes()
        );
    }
    let stored = read(bytes, &["num*", "exp_avg*"]).unwrap();
    assert!(
        stored.notes()[1].contains("no tensor is like `exp_avg*`"),
        "{:?}",
        stored.notes()
    );
    let state = command::safetensors(
        &small_with(("state.weight.exp_avg", &[2], &[1.0, 2.0])),
        &[],
    );
    refused(
        &state,
        &["`state.weight.exp_avg`", "the state of an optimiser"],
    );
    assert_eq!(read(&state, &["state.*"]).unwrap().widths(), [2, 3, 1]);
}

#[test]
fn metadata_of_any_kind_is_passed_over() {
    let plain = command::safetensors(&SMALL, &[]);
    let length = u64::from_le_bytes(plain[..8].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&plain[8..8 + length]).unwrap();
    for metadata in [
        "null",
        "{}",
        "[]",
        "[1,{}]",
        "7",
        "-7",
        "1.5",
        "true",
        "\"x\"",
        "{\"epoch\":3,\"tags\":[1],\"none\":null}",
    ] {
        let header = header.replacen('{', &format!("{{\"__metadata__\":{metadata},"), 1);
        let stored = read(&raw(&header, &plain[8 + length..]), &[]).unwrap();
        assert_eq!(stored.widths(), [2, 3, 1], "{metadata}");
    }
    // What is ours is not passed over, and nothing may be said twice.
    for (metadata, part) in [
        ("{\"isotropic.format\":2}", "`isotropic.format`"),
        ("{\"isotropic.gain\":null}", "null"),
        ("{\"a\":1,\"a\":2}", "duplicate key `a`"),
    ] {
        let header = header.replacen('{', &format!("{{\"__metadata__\":{metadata},"), 1);
        refused(&raw(&header, &plain[8 + length..]), &[part]);
    }
}

#[test]
fn files_of_other_programs_say_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for (bytes, parts) in [
        (
            &include_bytes!("../../data/st_zip.safetensors")[..],
            &["a zip archive, as torch.save", "save_file"][..],
        ),
        (
            include_bytes!("../../data/st_gitlfs.safetensors"),
            &["a Git LFS pointer", "git lfs pull"],
        ),
        (
            b"PK\x03\x04\x14\x00\x08\x08archive/data.pklFB\x00",
            &["a zip archive of torch.save"],
        ),
        (b"PK\x03\x04\x14\x00\x00\x00\x00\x00", &["a zip archive"]),
        (
            b"\x80\x02\x8a\x0al\xfc\x9c",
            &["a Python pickle", "torch.load"],
        ),
        (b"\n <!DOCTYPE HTML>\n<html>", &["a web page", "download"]),
        (b"<html lang=\"en\">", &["a web page"]),
        (b"\x08\x07\x12\x07pytorch\x1a\x051.9.0", &["an ONNX model"]),
        (b"\x93NUMPY\x01\x00v\x00{'descr'", &["a NumPy array"]),
        (b"\x89HDF\r\n\x1a\n\x00", &["an HDF5 file"]),
        (b"\x1f\x8b\x08\x00\x00", &["compressed by gzip"]),
        (b"GGUF\x03\x00", &["a GGUF file"]),
    ] {
        // Whatever the file is called.
        for name in ["n.safetensors", "n.yaml", "n.pt"] {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            let message = read_network(&path, &ReadOptions::default())
                .unwrap_err()
                .to_string();
            for part in parts {
                assert!(message.contains(part), "{name}: `{part}` in {message}");
            }
        }
    }
}

/// Written in the form of what was read, at the arithmetic of the argument.
fn like<S: Field>(stored: &Stored, network: &Network<S>) -> (Stored, Vec<String>) {
    let options = WriteOptions {
        like: Some(stored.form().clone()),
        ..WriteOptions::default()
    };
    let written = safetensors::write("out", network, &options).unwrap();
    (read(&written.bytes, &[]).unwrap(), written.notes)
}

#[test]
fn a_file_keeps_the_form_of_the_one_it_comes_from() {
    let single = include_bytes!("../../data/n_lowrank32.safetensors");
    for bytes in [&single[..], &command::safetensors(&SMALL, &[])] {
        let stored = read(bytes, &[]).unwrap();
        // e^(ln o) is rounded, and its logarithm would be rounded again: the stored one is kept.
        let (again, notes) = like(&stored, &stored.network::<f64>().unwrap());
        assert!(notes.is_empty(), "{notes:?}");
        assert!(
            again.parameters().eq(stored.parameters()),
            "every number, ln o included"
        );
        assert_eq!(again.form(), stored.form());
        assert!(
            like(&stored, &stored.network::<Mp<256>>().unwrap())
                .0
                .parameters()
                .eq(stored.parameters())
        );
    }
    let stored = read(single, &[]).unwrap();
    let written = like(&stored, &stored.network::<f64>().unwrap());
    assert_eq!(written.0.form(), stored.form(), "F32 stays F32");

    // o that changed: as it is, aloud.
    let stored = read(&command::safetensors(&SMALL, &[]), &[]).unwrap();
    let network = stored.network::<f64>().unwrap();
    for (o, why) in [(0.3, "would be rounded"), (0.0, "has no logarithm")] {
        let changed = Network::new(network.layers().to_vec(), Gain::Tanh, Some(vec![o])).unwrap();
        let (again, notes) = like(&stored, &changed);
        assert_eq!(again.network::<f64>().unwrap(), changed);
        assert!(
            notes[0].contains("o_const") && notes[0].contains(why),
            "{notes:?}"
        );
        // Unless asked for.
        if o > 0.0 {
            let options = WriteOptions {
                like: Some(stored.form().clone()),
                lengths: Some(LengthWriting::Logarithm),
                ..WriteOptions::default()
            };
            let written = safetensors::write("out", &changed, &options).unwrap();
            assert!(written.notes.is_empty(), "{:?}", written.notes);
        }
    }
    // intrinsic_length that holds o goes on holding o.
    let squared = command::safetensors(&SMALL, &[("isotropic.intrinsic_length", "squared")]);
    let stored = read(&squared, &[]).unwrap();
    let text = String::from_utf8_lossy(&like_bytes(&stored)).into_owned();
    assert!(
        text.contains("activation.0.intrinsic_length") && text.contains("squared"),
        "{text}"
    );
}

fn like_bytes(stored: &Stored) -> Vec<u8> {
    let options = WriteOptions {
        like: Some(stored.form().clone()),
        ..WriteOptions::default()
    };
    safetensors::write("out", &stored.network::<f64>().unwrap(), &options)
        .unwrap()
        .bytes
}

#[test]
fn single_precision_is_rounded_once_keeps_the_sign_of_0_and_says_what_underflowed() {
    let weight = Matrix::from_row_slice(2, 2, &[-0.0, 1e-60, 0.0, -1e-50]);
    let layer = Layer {
        weight,
        bias: Vector::from_vec(vec![1.0 + 2f64.powi(-24), 1e-45]),
        psi: None,
    };
    let network = Network::new(vec![layer], Gain::Tanh, None).unwrap();
    let options = WriteOptions {
        dtype: Some(Dtype::F32),
        ..WriteOptions::default()
    };
    fn check<S: Field>(network: &Network<S>, options: &WriteOptions) {
        let written = safetensors::write("out", network, options).unwrap();
        let expected = "2 numbers that are not 0 are 0 in F32, the first in tensor `weight_parameters.0`, row 1, column 2";
        assert!(written.notes[0].contains(expected), "{:?}", written.notes);
        let read = read(&written.bytes, &[]).unwrap().network::<f32>().unwrap();
        let bits: Vec<u32> = read.parameters().map(|x| x.to_bits()).collect();
        // By columns: -0, 0, then what underflowed, with its sign; a tie to even; the smallest number there is.
        let expected = [-0.0f32, 0.0, 0.0, -0.0, 1.0, f32::from_bits(1)].map(f32::to_bits);
        assert_eq!(bits, expected, "{}", S::name());
    }
    check(&network, &options);
    check(
        &network.map(&|x| Mp::<128>::from_f64(*x)).unwrap(),
        &options,
    );
    // Read in another arithmetic, a zero keeps its sign.
    let written = safetensors::write("out", &network, &options).unwrap();
    let stored = read(&written.bytes, &[]).unwrap();
    assert!(stored.network::<f64>().unwrap().layer(1).weight[0].is_sign_negative());
}

#[test]
fn a_stored_network_says_the_same_in_every_arithmetic() {
    let stored = read(&command::safetensors(&SMALL, &[]), &[]).unwrap();
    let exact = stored.exact(300).unwrap();
    assert_eq!(
        exact.cast::<f64>().unwrap().layers(),
        stored.network::<f64>().unwrap().layers()
    );
    let parameters: Vec<Rational> = stored.parameters().collect();
    let expected: Vec<&Rational> = exact.parameters().collect();
    assert_eq!(parameters.len(), expected.len());
    assert!(
        parameters
            .iter()
            .zip(&expected)
            .take(14)
            .all(|(x, y)| x == *y),
        "in one order"
    );
    let y = evaluate(&stored.network::<f64>().unwrap(), &[1.0, -2.0]).unwrap();
    assert_eq!(y.len(), 1);
}

/// What a replaced file was allowed stays, and what a link leads to is replaced.
#[cfg(unix)]
#[test]
fn mode_and_owner_of_a_replaced_file_stay() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n");
    for mode in [0o600, 0o640, 0o755, 0o2640] {
        fs::write(&path, "old").unwrap();
        // Only root may give it away; others keep their own.
        let _ = chown(&path, Some(12345), Some(23456));
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let before = fs::metadata(&path).unwrap();
        atomic::write(&path, b"new").unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(
            (before.mode(), before.uid(), before.gid()),
            (after.mode(), after.uid(), after.gid())
        );
        fs::remove_file(&path).unwrap();
    }
}
