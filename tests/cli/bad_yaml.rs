//! YAML files that are refused.

use crate::{bad_network, command::SMALL_YAML};

#[test]
fn yaml_that_is_no_network() {
    let bad = |text: &str, parts: &[&str]| bad_network("bad.yaml", text.as_bytes(), parts);
    let edit = |from: &str, to: &str| {
        assert!(SMALL_YAML.contains(from));
        SMALL_YAML.replacen(from, to, 1)
    };
    bad("", &["line", "isotropic convert"]);
    bad("a: [", &["line 1"]);
    bad(
        &edit("gain: rational\n", "gain: rational\ngain: tanh\n"),
        &["line 4", "gain", "duplicate"],
    );
    bad(
        &edit("    psi:", "    bias: [\"2\"]\n    psi:"),
        &["bias", "duplicate"],
    );
    bad(
        &edit("gain:", "speed: 1\ngain:"),
        &["line 3", "unknown field", "speed"],
    );
    bad(
        &edit("    psi:", "    phi:"),
        &["line 14", "unknown field", "phi"],
    );
    bad(&edit("gain: rational\n", ""), &["missing field", "gain"]);
    bad(
        &edit("isotropic: 1", "isotropic: 2"),
        &["isotropic, the version", "2", "expected 1"],
    );
    bad(
        &edit("[2, 3, 1]", "[2, 3]"),
        &["widths", "2 widths", "3, one for the input"],
    );
    bad(
        &edit("[2, 3, 1]", "[2, 4, 1]"),
        &["layer 1, weight", "3 rows", "4, as widths says"],
    );
    bad(
        &edit("[2, 3, 1]", "[2, 0, 1]"),
        &["layer 1, weight", "widths of at least 1"],
    );
    bad(
        &edit("[2, 3, 1]", "[2, 99999999999999999999, 1]"),
        &["line 2"],
    );
    bad(
        &edit("[2, 3, 1]", "[2, 18446744073709551615, 1]"),
        &["layer 1, weight", "3 rows"],
    );
    bad(
        &edit("[\"3\", \"4\"]", "[\"3\"]"),
        &["layer 1, weight, row 2", "1 numbers", "expected 2"],
    );
    bad(
        &edit("\"4\"", "\"four\""),
        &["layer 1, weight, row 2, column 2", "`four`", "hex float"],
    );
    bad(
        &edit("\"4\"", "\"NaN\""),
        &["layer 1, weight, row 2, column 2", "`NaN`", "finite"],
    );
    bad(
        &edit("\"4\"", "\"1/0\""),
        &[
            "layer 1, weight, row 2, column 2",
            "`1/0`",
            "a denominator other than 0",
        ],
    );
    bad(
        &edit("\"4\"", "\"1e999999999\""),
        &["layer 1, weight, row 2, column 2", "exponent"],
    );
    bad(
        &edit("bias: [\"2\"]", "bias: [\"2\", \"3\"]"),
        &["layer 2, bias", "2 numbers", "expected 1"],
    );
    bad(
        &edit("[\"-3/2\"]", "[\"-3/2\", \"inf\"]"),
        &["layer 2, psi", "2 numbers"],
    );
    bad(
        &edit("    bias", "    psi: [\"1\", \"1\", \"1\"]\n    bias"),
        &["layer 1, psi", "none in the first layer"],
    );
    bad(
        &edit("squared: \"2\"", "squared: \"-2\""),
        &["layer 1", "-2", "not negative", "o"],
    );
    bad(
        &edit("    psi:", "    intrinsic_length_squared: \"1\"\n    psi:"),
        &["layer 2, intrinsic_length_squared", "last layer"],
    );
    bad(
        &edit("gain: rational", "gain: relu"),
        &["relu", "rational-tanh"],
    );
    bad(
        &edit("gain: rational", "gain: rational\nthreshold: \"1\""),
        &["rational", "takes no threshold"],
    );
    bad(
        &format!("{SMALL_YAML}---\n{SMALL_YAML}"),
        &["a second document"],
    );
    // The parser's advice to programmers is not for somebody with a file.
    bad(
        &edit("\"4\"", "null"),
        &["line 7", "nothing where a value belongs;"],
    );
    bad(
        &edit("[2, 3, 1]", "[2.5, 3, 1]"),
        &["line 2", "not a whole number;"],
    );
    bad(&edit("bias: [\"2\"]", "bias: 2"), &["expected a list;"]);
    for threshold in ["0", "-1/2"] {
        bad(
            &edit(
                "gain: rational",
                &format!("gain: soft-threshold\nthreshold: \"{threshold}\""),
            ),
            &["the threshold", threshold, "a number above 0"],
        );
    }
    bad_network("bad.yml", &[0xff, 0xfe, 0x00, 0xd8], &["UTF-8"]);
}

#[test]
fn yaml_bombs() {
    let bad = |text: &str, parts: &[&str]| bad_network("bad.yaml", text.as_bytes(), parts);
    let mut aliases = String::from("a0: &a0 [\"1\", \"1\"]\n");
    for i in 1..40 {
        aliases += &format!("a{i}: &a{i} [*a{0}, *a{0}, *a{0}, *a{0}]\n", i - 1);
    }
    bad(&aliases, &["without anchors or aliases"]);
    bad(
        &SMALL_YAML
            .replace("bias: [\"2\"]", "bias: &b [\"2\"]")
            .replace("[\"-3/2\"]", "*b"),
        &["without anchors or aliases"],
    );
    bad(
        &format!("isotropic: {}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        &["line 1"],
    );
    let nested: String = (0..500)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    bad(&nested, &["line"]);
    bad(
        &SMALL_YAML.replace("    bias: [\"2\"]", "    <<: {bias: [\"2\"]}"),
        &["merge"],
    );
}
