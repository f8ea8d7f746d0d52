//! Tables of inputs that are refused.

use std::fs;

use crate::{folder, refused};

#[test]
fn tables_that_are_no_inputs() {
    let folder = folder();
    let folder = folder.path();
    let bad = |bytes: &[u8], extra: &[&str], parts: &[&str]| {
        fs::write(folder.join("bad.csv"), bytes).unwrap();
        fs::write(folder.join("y.csv"), "precious").unwrap();
        let arguments = [
            &["eval", "small.yaml", "--inputs", "bad.csv", "-o", "y.csv"],
            extra,
        ]
        .concat();
        refused(folder, &arguments, &[parts, &["bad.csv", "; "]].concat());
        assert_eq!(fs::read(folder.join("y.csv")).unwrap(), b"precious");
    };
    bad(b"", &[], &["no rows"]);
    bad(b"a,b\n", &[], &["a header and no rows"]);
    bad(
        b"1,2,3\n",
        &[],
        &["line 1", "3 columns", "2, the inputs", "`label`"],
    );
    bad(b"1\n", &[], &["line 1", "1 columns"]);
    bad(
        b"a,b,label\n1,2\n",
        &[],
        &["line 2", "2 cells", "3, as in the first row"],
    );
    bad(b"1,2\r\n\r\n3,4,5\r\n", &[], &["line 3", "3 cells"]);
    bad(
        b"a,b\n1,2\n3,x\n",
        &[],
        &["line 3, column 2 (b)", "`x`", "correct the cell"],
    );
    bad(
        b"a,2\n",
        &[],
        &["line 1, column 1", "`a`", "a header has no numeric cell"],
    );
    bad(b"1,nan\n", &[], &["line 1, column 2", "`nan`", "finite"]);
    bad(
        b"nan,nan\n1,2\n",
        &[],
        &["line 1, column 1", "`nan`", "finite"],
    );
    bad(
        b"1,2\n3,-Infinity\n",
        &[],
        &["line 2, column 2", "`-Infinity`", "finite"],
    );
    bad(b"1,\n", &[], &["line 1, column 2", "``"]);
    bad(
        b"1,1e400\n",
        &[],
        &[
            "line 1, column 2",
            "`1e400`, expected a number within the range of f64",
            "wider arithmetic (--scalar)",
        ],
    );
    bad(
        b"a,b,label\n1,2,-1\n",
        &[],
        &["line 2, column 3 (label)", "label -1", "expected 0"],
    );
    bad(
        b"a,b,label\n1,2,1.5\n",
        &[],
        &["line 2, column 3 (label)", "`1.5`"],
    );
    bad(
        b"label,a,label\n1,2,1\n",
        &[],
        &["line 1, column 3", "second column headed `label`"],
    );
    bad(
        b"1,2,\n3,4,\n",
        &[],
        &["line 1", "3 columns", "2, the inputs"],
    );
    bad(b"\"1,2\n3,4\n", &[], &["line 1", "1 columns"]);
    // What a cell holds cannot act on the terminal or break the line.
    bad(b"1,\"a\nb\"\n", &[], &["line 1, column 2", "`a\\nb`"]);
    bad(
        b"1,\x1b[31m2\n",
        &[],
        &["line 1, column 2", "`\\u{1b}[31m2`"],
    );
    bad(
        b"1,1e9999999\n",
        &[],
        &["line 1, column 2", "less extreme", "correct the cell"],
    );
    bad(b"label\n1\n", &[], &["line 1", "0 columns"]);
    bad(b"1,\xff\n", &[], &["byte 2", "UTF-8"]);
    bad(
        b"\x1f\x8b\x08\x00rubbish",
        &[],
        &["cannot read", "compress"],
    );
    bad(
        b"1,2\n",
        &["--divide", "0"],
        &["the divisor", "other than 0"],
    );
    bad(b"1,2\n", &["--divide", "-nan"], &["the divisor", "`-nan`"]);
    bad(
        b"1,2\n",
        &["--divide", "1e-400"],
        &["the divisor", "other than 0"],
    );
    bad(
        b"1,1e300\n",
        &["--divide", "1e-100"],
        &[
            "line 1, column 2",
            "1e300",
            "larger divisor or a wider arithmetic (--divide, --scalar)",
        ],
    );
    bad(
        b"1,2\n1e308,1e308\n",
        &["--gain", "linear"],
        &["line 2", "layer 1, row", "overflows f64"],
    );
    refused(
        folder,
        &["eval", "small.yaml", "--inputs", "none.csv"],
        &["none.csv", "cannot read", "check the name"],
    );
}
