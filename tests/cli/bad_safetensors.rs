//! Safetensors files that are refused.

use std::fs;

use crate::{
    bad_network,
    command::{self, SMALL, raw, safetensors, small_with},
    done, folder, refused,
};

fn bad_tensors(tensors: &[command::Tensor], parts: &[&str]) {
    bad_network("bad.safetensors", &safetensors(tensors, &[]), parts);
}

#[test]
fn tensors_that_are_missing_or_too_many() {
    bad_tensors(
        &small_with(("weight_parameters.0", &[], &[])),
        &["`weight_parameters.0`", "no such tensor"],
    );
    bad_tensors(
        &small_with(("weight_parameters.1", &[], &[])),
        &["`weight_parameters.1`", "no such tensor"],
    );
    bad_tensors(
        &small_with(("bias_parameters.1", &[], &[])),
        &["`bias_parameters.1`", "no such tensor"],
    );
    bad_tensors(&[], &["`bias_parameters.0`", "no such tensor"]);
    bad_tensors(
        &small_with(("psi_parameters.1", &[1], &[1.0])),
        &["`psi_parameters.1`", "extra", "the tensors of one network"],
    );
    // ψ numbered from 1: to remove it would change the function.
    let from_one: Vec<_> = (SMALL.into_iter())
        .map(|tensor| match tensor {
            ("psi_parameters.0", shape, values) => ("psi_parameters.1", shape, values),
            other => other,
        })
        .collect();
    bad_tensors(
        &from_one,
        &[
            "`psi_parameters.1`",
            "number the tensors of each kind from 0",
        ],
    );
    bad_tensors(
        &small_with(("bias_parameters.01", &[1], &[1.0])),
        &["`bias_parameters.01`", "rename it if it is a parameter"],
    );
    bad_tensors(
        &small_with(("momentum", &[1], &[1.0])),
        &["`momentum`", "weight_parameters.{i}", "have it ignored"],
    );
    bad_tensors(
        &small_with(("activation.0.o_const", &[], &[1.0])),
        &["`activation.0.o_const`", "only one of it"],
    );
    bad_tensors(
        &small_with(("bias_parameters.18446744073709551615", &[1], &[1.0])),
        &["no such tensor", "save all tensors again"],
    );
    let three = [
        ("weight_parameters.0", &[1, 1][..], &[1.0][..]),
        ("weight_parameters.1", &[1, 1], &[1.0]),
        ("weight_parameters.2", &[1, 1], &[1.0]),
        ("bias_parameters.0", &[1], &[1.0]),
        ("bias_parameters.1", &[1], &[1.0]),
        ("bias_parameters.2", &[1], &[1.0]),
    ];
    let with = |tensor| [&three[..], &[tensor]].concat();
    bad_tensors(
        &with(("psi_parameters.1", &[1], &[1.0])),
        &["`psi_parameters.0`", "no such tensor"],
    );
    bad_tensors(
        &with(("activation.0.o_const", &[], &[1.0])),
        &["`activation.1.o_const`", "no such tensor"],
    );
}

#[test]
fn tensors_of_wrong_shapes() {
    let four = [0.0; 4];
    bad_tensors(
        &small_with(("weight_parameters.1", &[1, 4], &four)),
        &[
            "`weight_parameters.1`, shape",
            "[1, 4]",
            "[1, 3]",
            "`weight_parameters.0`",
        ],
    );
    bad_tensors(
        &small_with(("weight_parameters.1", &[4], &four)),
        &["`weight_parameters.1`", "[4]", "two dimensions"],
    );
    bad_tensors(
        &small_with(("bias_parameters.0", &[4], &four)),
        &["`bias_parameters.0`", "[4]", "[3]"],
    );
    bad_tensors(
        &small_with(("psi_parameters.0", &[4], &four)),
        &["`psi_parameters.0`", "[4]", "[1]"],
    );
    bad_tensors(
        &small_with(("activation.0.intrinsic_length", &[4], &four)),
        &["`activation.0.intrinsic_length`", "a scalar"],
    );
    let empty: Vec<command::Tensor> = SMALL
        .into_iter()
        .map(|t| {
            if t.0 == "weight_parameters.0" {
                (t.0, &[0, 2][..], &[][..])
            } else {
                t
            }
        })
        .collect();
    bad_tensors(&empty, &["`weight_parameters.0`", "[0, 2]", "at least 1"]);
}

#[test]
fn values_that_no_parameter_may_have() {
    let weight = |x| [1.0, 2.0, 3.0, x, 5.0, 6.0];
    for (x, shown) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        let tensors = small_with(("weight_parameters.0", &[3, 2], &[0.0]));
        let values = weight(x);
        let tensors: Vec<_> = tensors
            .into_iter()
            .map(|t| {
                if t.0 == "weight_parameters.0" {
                    (t.0, t.1, &values[..])
                } else {
                    t
                }
            })
            .collect();
        bad_tensors(
            &tensors,
            &["`weight_parameters.0`, row 2, column 2", shown, "finite"],
        );
    }
    bad_tensors(
        &small_with(("activation.0.intrinsic_length", &[], &[1e30])),
        &["hidden layer 1", "1e30", "--intrinsic-length squared"],
    );
    let constant = [
        &[("activation.0.o_const", &[][..], &[-0.25][..])],
        &SMALL[1..],
    ]
    .concat();
    bad_tensors(&constant, &["`activation.0.o_const`", "-0.25", "o ≥ 0"]);

    let folder = folder();
    let negative = safetensors(
        &small_with(("activation.0.intrinsic_length", &[], &[-2.0])),
        &[],
    );
    fs::write(folder.path().join("n.safetensors"), negative).unwrap();
    done(folder.path(), &["info", "n.safetensors"]);
    let squared = ["info", "n.safetensors", "--intrinsic-length", "squared"];
    refused(
        folder.path(),
        &squared,
        &[
            "`activation.0.intrinsic_length`",
            "-2",
            "o ≥ 0",
            "--intrinsic-length log",
        ],
    );
}

#[test]
fn headers_that_lie() {
    let bad = |bytes: &[u8], parts: &[&str]| bad_network("bad.safetensors", bytes, parts);
    let good = safetensors(&SMALL, &[]);
    let tensor = |body: &str| raw(&format!("{{\"weight_parameters.0\":{{{body}}}}}"), &[0; 8]);
    bad(b"", &["0 bytes", "at least 8"]);
    bad(&good[..5], &["5 bytes", "at least 8"]);
    bad(
        &good[..100],
        &["the header length", "at most 92", "truncated"],
    );
    bad(&good[..good.len() - 3], &["data_offsets", "truncated"]);
    bad(
        &[&good[..], &[0; 3]].concat(),
        &["the data", "where the last tensor ends"],
    );
    bad(
        &[&u64::MAX.to_le_bytes()[..], b"{}"].concat(),
        &["the header length", "18446744073709551615", "100000000"],
    );
    bad(&raw("[1]", &[]), &["the header", "0x5b", "JSON object"]);
    bad(&raw("{\"a\":", &[]), &["the header", "EOF"]);
    bad(
        &tensor(r#""dtype":"I16","shape":[4],"data_offsets":[0,8]"#),
        &["`weight_parameters.0`, dtype", "I16", "F32 or F64"],
    );
    bad(
        &tensor(r#""dtype":"F64","shape":[1],"data_offsets":[0,16]"#),
        &["[0, 16]", "within the 8 bytes"],
    );
    bad(
        &tensor(r#""dtype":"F64","shape":[1],"data_offsets":[8,0]"#),
        &["[8, 0]", "within the 8 bytes"],
    );
    bad(
        &tensor(r#""dtype":"F64","shape":[2],"data_offsets":[0,8]"#),
        &["`weight_parameters.0`, size", "8 bytes", "16 for F64"],
    );
    bad(
        &tensor(r#""dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8]"#),
        &["`weight_parameters.0`, shape", "4294967296", "64 bits"],
    );
    bad(
        &tensor(r#""dtype":"F64","shape":[-1],"data_offsets":[0,8]"#),
        &["the header", "-1"],
    );
    bad(
        &tensor(r#""dtype":"F64","dtype":"F64","shape":[1],"data_offsets":[0,8]"#),
        &["the header", "duplicate field `dtype`"],
    );
    bad(
        &tensor(r#""dtype":"F64","shape":[1],"data_offsets":[0,8],"x":1"#),
        &["the header", "unknown field `x`"],
    );
    let entry = r#""weight_parameters.0":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#;
    bad(
        &raw(&format!("{{{entry},{entry}}}"), &[0; 4]),
        &["duplicate key `weight_parameters.0`"],
    );
    let second = r#""bias_parameters.0":{"dtype":"F32","shape":[1],"data_offsets":"#;
    bad(
        &raw(&format!("{{{entry},{second}[2,6]}}}}"), &[0; 6]),
        &[
            "`bias_parameters.0`",
            "[2, 6]",
            "an overlap",
            "a start at 4",
        ],
    );
    bad(
        &raw(&format!("{{{entry},{second}[5,9]}}}}"), &[0; 9]),
        &["`bias_parameters.0`", "[5, 9]", "a gap", "a start at 4"],
    );
}

#[test]
fn metadata_that_lies() {
    let bad = |metadata: &[(&str, &str)], parts: &[&str]| {
        bad_network("bad.safetensors", &safetensors(&SMALL, metadata), parts);
    };
    bad(
        &[("isotropic.format", "2")],
        &["`isotropic.format`", "2", "1, the version"],
    );
    bad(
        &[("isotropic.widths", "2,4,1")],
        &["`isotropic.widths`", "2,4,1", "2,3,1"],
    );
    bad(&[("isotropic.gain", "relu")], &["relu", "rational-tanh"]);
    bad(
        &[("isotropic.gain", "soft-threshold")],
        &["soft-threshold", "threshold t > 0"],
    );
    bad(
        &[
            ("isotropic.gain", "soft-threshold"),
            ("isotropic.threshold", "x"),
        ],
        &["`isotropic.threshold`", "`x`"],
    );
    bad(
        &[("isotropic.intrinsic_length", "root")],
        &["`isotropic.intrinsic_length`", "root", "log or squared"],
    );
    bad(
        &[("isotropic.speed", "1")],
        &["`isotropic.speed`", "unknown key"],
    );
    bad(
        &[("isotropic.gain", "tanh"), ("isotropic.gain", "tanh")],
        &["duplicate key `isotropic.gain`"],
    );
    let folder = folder();
    fs::write(
        folder.path().join("pt.safetensors"),
        safetensors(&SMALL, &[("format", "pt")]),
    )
    .unwrap();
    done(folder.path(), &["info", "pt.safetensors"]);
}
