//! NumPy arrays and archives, and files that are something else.

use super::*;

#[test]
fn arrays_of_every_type_and_order() {
    let expected = Matrix::from_row_slice(2, 3, &[1.0, 3.0, 5.0, 2.0, 4.0, 100.0]);
    let values = [1.0, 2.0, 3.0, 4.0, 5.0, 100.0];
    for kind in [
        "<f8", ">f8", "<f4", ">f4", "<f2", ">f2", "<i8", ">i8", "<i4", "<i2", "|i1", "<u8", "<u4",
        ">u2", "|u1",
    ] {
        let read = read(&npy(kind, "(3, 2)", false, &values), &network(2, 1)).unwrap();
        assert_eq!(read.x, expected, "{kind}");
        assert_eq!(read.lines, [1, 2, 3]);
    }
    let columns = npy("<f8", "(3, 2)", true, &[1.0, 3.0, 5.0, 2.0, 4.0, 100.0]);
    assert_eq!(
        read(&columns, &plain()).unwrap().x,
        expected,
        "Fortran order"
    );
    let negative = npy("<i2", "(1, 2)", false, &[-3.0, -300.0]);
    assert_eq!(
        read(&negative, &plain()).unwrap().x.as_slice(),
        [-3.0, -300.0]
    );
    let divided = InputOptions {
        divide: Some("2".into()),
        ..plain()
    };
    assert_eq!(
        read(&negative, &divided).unwrap().x.as_slice(),
        [-1.5, -150.0]
    );
}

#[test]
fn archives_bring_their_labels() {
    let x = npy("<f4", "(3, 2)", false, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let y = npy("<i8", "(3,)", false, &[2.0, 0.0, 1.0]);
    let both = npz(&[("x", &x), ("y", &y)]);
    assert_eq!(
        read(&both, &network(2, 3)).unwrap().labels,
        Some(vec![2, 0, 1])
    );
    refused(
        &both,
        &network(2, 2),
        &["array `y`, row 1", "label 2", "0 … 1"],
    );
    let other = npz(&[("pixels", &x), ("kind", &y)]);
    assert_eq!(
        read(&other, &plain()).unwrap().labels,
        None,
        "`kind` was not asked for"
    );
    assert_eq!(
        read(&other, &labelled("kind")).unwrap().labels,
        Some(vec![2, 0, 1])
    );
    refused(
        &other,
        &labelled("y"),
        &["no array `y`", "pixels [3, 2], kind [3]"],
    );
    refused(
        &npz(&[("a", &x), ("b", &x)]),
        &plain(),
        &["a [3, 2], b [3, 2]", "an array `x`"],
    );
    let short = npy("<i8", "(2,)", false, &[0.0, 1.0]);
    refused(
        &npz(&[("x", &x), ("y", &short)]),
        &plain(),
        &["array `y`, shape", "[2]", "[3]"],
    );
    // What is not wanted of an archive need not be readable.
    let object = npy("|O", "(1,)", false, &[]);
    let more = npz(&[("x", &x), ("y", &y), ("meta", &object)]);
    assert_eq!(read(&more, &plain()).unwrap().labels, Some(vec![2, 0, 1]));
    refused(&npz(&[("x", &object)]), &plain(), &["array `x`", "`|O`"]);
    refused(&more, &labelled("meta"), &["array `meta`", "`|O`"]);
    // Labels of a lone array are another.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("y.npy");
    std::fs::write(&path, &y).unwrap();
    let beside = labelled(path.to_str().unwrap());
    assert_eq!(read(&x, &beside).unwrap().labels, Some(vec![2, 0, 1]));
}

#[test]
fn arrays_that_are_no_inputs() {
    let six = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let good = npy("<f8", "(3, 2)", false, &six);
    refused(
        &good,
        &network(3, 1),
        &["the array", "2 columns of inputs", "3, the inputs"],
    );
    refused(
        &npy("<f8", "(6,)", false, &six),
        &plain(),
        &["[6]", "two dimensions", "reshape"],
    );
    refused(
        &npy("<f8", "(1, 2, 3)", false, &six),
        &plain(),
        &["[1, 2, 3]", "two dimensions"],
    );
    refused(&npy("<f8", "(0, 2)", false, &[]), &plain(), &["[0, 2]"]);
    refused(
        &good[..good.len() - 1],
        &plain(),
        &["47 bytes", "truncated"],
    );
    refused(&good[..40], &plain(), &["no header", "truncated"]);
    // Products beyond 64 bits, which a reader must not multiply out.
    let huge = npy("<f8", "(4294967296, 4294967296)", false, &[]);
    refused(&huge, &plain(), &["0 bytes of numbers"]);
    refused(
        &npy("<f8", "(1, 2)", false, &[1.0, f64::NAN]),
        &plain(),
        &["row 1, column 2", "NaN", "finite"],
    );
    refused(
        &npy("<c16", "(1, 1)", false, &six[..2]),
        &plain(),
        &["`<c16`", "astype(float)"],
    );
    let text = String::from_utf8_lossy(&good).replace("'<f8'", "[('a', '<f8')]");
    assert!(read(text.as_bytes(), &plain()).is_err());
}

#[test]
fn other_files_say_what_they_are() {
    for (bytes, what) in [
        (
            &include_bytes!("../../../data/st_zip.safetensors")[..],
            "a zip archive",
        ),
        (
            include_bytes!("../../../data/st_gitlfs.safetensors"),
            "a Git LFS pointer",
        ),
        (
            include_bytes!("../../../data/st_f16.safetensors"),
            "a safetensors file",
        ),
        (b"\x80\x04\x95\x00\x00", "a Python pickle"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
    ] {
        refused(bytes, &plain(), &["t: the file: found", what]);
    }
}
