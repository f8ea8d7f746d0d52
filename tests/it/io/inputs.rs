//! Tables and arrays of inputs, their headers and labels.

mod arrays;

use crate::support::command::{npy, npz};
use isotropic::{
    io::inputs::{InputOptions, Inputs, Standard, read_bytes},
    linalg::Matrix,
    scalar::Rational,
};

fn read(bytes: &[u8], options: &InputOptions) -> Result<Inputs<f64>, String> {
    read_bytes("t", bytes, options).map_err(|why| why.to_string())
}

fn plain() -> InputOptions {
    InputOptions::default()
}

/// For a network of that many inputs and outputs.
fn network(width: usize, outputs: usize) -> InputOptions {
    InputOptions {
        width: Some(width),
        outputs: Some(outputs),
        ..plain()
    }
}

fn labelled(name: &str) -> InputOptions {
    InputOptions {
        label: Some(name.into()),
        ..plain()
    }
}

/// The message has all these parts.
fn refused(bytes: &[u8], options: &InputOptions, parts: &[&str]) {
    let text = String::from_utf8_lossy(bytes);
    let message = match read(bytes, options) {
        Ok(accepted) => panic!("{text}: accepted: {accepted:?}"),
        Err(message) => message,
    };
    for part in parts {
        assert!(message.contains(part), "{text}: `{part}` in {message}");
    }
}

#[test]
fn a_first_row_without_a_number_is_a_header_only_if_it_looks_like_one() {
    let missing = include_bytes!("../../data/first_row_missing.csv");
    refused(missing, &network(64, 10), &["line 1, column 1", "`NA`"]);
    for (row, parts) in [
        ("NA,NA", &["line 1, column 1", "`NA`", "missing"][..]),
        ("a,NA", &["line 1, column 2", "`NA`"]),
        ("a,N/A", &["line 1, column 2", "`N/A`"]),
        ("null,b", &["line 1, column 1", "`null`"]),
        ("a,", &["line 1, column 2", "``"]),
        (",", &["line 1, column 1", "``"]),
        ("?,?", &["line 1, column 1", "`?`"]),
        ("a,a", &["line 1, column 2", "`a`", "once"]),
        (
            "\"1,5\",\"2,5\"",
            &["line 1, column 1", "`1,5`", "decimal points: 1.5"],
        ),
        (
            "\"-1,5e3\",x",
            &["line 1, column 1", "decimal points: -1.5e3"],
        ),
        (
            "1 000,2 000",
            &["line 1, column 1", "`1 000`", "plain numbers"],
        ),
        ("5%,6%", &["line 1, column 1", "`5%`"]),
    ] {
        refused(format!("{row}\n3,4\n").as_bytes(), &plain(), parts);
    }
    // The index of a data frame has no name.
    refused(
        b",a,b\n0,1,2\n1,3,4\n",
        &plain(),
        &["line 1, column 1", "the index of a data frame"],
    );
    let headed = read(b"a,2nd one\n3,4\n", &plain()).unwrap();
    assert_eq!(
        (headed.x.as_slice(), &headed.lines[..]),
        (&[3.0, 4.0][..], &[2][..])
    );
    assert_eq!(headed.notes.len(), 1, "said aloud: {:?}", headed.notes);
    assert!(
        headed.notes[0].contains("line 1 is a header"),
        "{:?}",
        headed.notes
    );
    let labelled = read(b"a,label\n3,4\n", &plain()).unwrap();
    assert_eq!(
        labelled.notes,
        Vec::<String>::new(),
        "nothing that was not meant"
    );
}

#[test]
fn other_separators_and_decimal_commas_are_named() {
    let semicolon = include_bytes!("../../data/csv_semicolon.csv");
    refused(
        semicolon,
        &network(2, 1),
        &["line 1", "separated by `;`, and decimal commas"],
    );
    for (text, name) in [
        ("1;2\n3;4\n", "`;`"),
        ("1\t2\n", "a tab"),
        ("1|2\n", "`|`"),
        ("1 2\n", "a space"),
        ("a;b\n1;2\n", "`;`"),
        ("a\tb\n1\t2\n", "a tab"),
        ("\r\n1;2\n", "`;`"),
    ] {
        refused(text.as_bytes(), &network(2, 1), &["separated by", name]);
    }
    // Without a network the header of one name is accepted, and the next line tells.
    refused(b"a;b\n1;2\n", &plain(), &["line 2", "separated by `;`"]);
    refused(
        b"1,2\n\"3,5\",4\n",
        &plain(),
        &["line 2, column 1", "decimal points: 3.5"],
    );
    // A semicolon in a name, and a cell that is simply wrong, are no separators.
    assert!(read(b"\"a;b\",c\n1,2\n", &network(2, 1)).is_ok());
    refused(b"1,2\n3,x y\n", &plain(), &["line 2, column 2", "`x y`"]);
}

#[test]
fn labels_are_classes_of_the_network() {
    let digits = include_bytes!("../../data/labels_1to10.csv");
    refused(
        digits,
        &network(64, 10),
        &[
            "(label)",
            "label 10",
            "0 … 9",
            "10 outputs",
            "a label base of 1",
        ],
    );
    let from_one = InputOptions {
        label_base: Some(1),
        ..network(64, 10)
    };
    let labels = read(digits, &from_one).unwrap().labels.unwrap();
    assert_eq!((labels.len(), labels.iter().max()), (39, Some(&9)));
    assert_eq!(labels[..2], [0, 1]);

    let text = |label: &str| format!("a,label\n1,0\n2,{label}\n");
    for (label, class) in [("1", 1), ("1.0", 1), ("1e0", 1), ("0", 0), ("-0", 0)] {
        let read = read(text(label).as_bytes(), &network(1, 2)).unwrap();
        assert_eq!(read.labels, Some(vec![0, class]), "{label}");
    }
    for label in ["2", "-1", "1.5", "nan", "NA", "", "1e30", "x"] {
        refused(
            text(label).as_bytes(),
            &network(1, 2),
            &["line 3, column 2 (label)"],
        );
    }
    refused(
        b"a,label\n1,0\n",
        &InputOptions {
            label_base: Some(1),
            ..plain()
        },
        &["line 2", "1 or more"],
    );
    refused(
        b"a,b\n1,0\n",
        &InputOptions {
            label_base: Some(1),
            ..plain()
        },
        &["no column of labels"],
    );
}

#[test]
fn words_are_labels_in_their_order() {
    let iris = b"a,species\n1,virginica\n2,setosa\n3,versicolor\n4,setosa\n";
    let read_as = |options: &InputOptions| read(iris, options);
    let inputs = read_as(&labelled("species")).unwrap();
    assert_eq!(inputs.labels, Some(vec![2, 0, 1, 0]));
    assert_eq!(inputs.classes, ["setosa", "versicolor", "virginica"]);
    assert_eq!(inputs.class_count(), 3);
    assert!(
        inputs.notes[0].contains("0 setosa, 1 versicolor, 2 virginica"),
        "{:?}",
        inputs.notes
    );
    let message = read_as(&InputOptions {
        outputs: Some(2),
        ..labelled("species")
    })
    .unwrap_err();
    assert!(message.contains("3 different words"), "{message}");
    let message = read_as(&InputOptions {
        label_base: Some(1),
        ..labelled("species")
    })
    .unwrap_err();
    assert!(message.contains("words"), "{message}");
    refused(
        b"a,label\n1,0\n2,cat\n",
        &plain(),
        &["line 3, column 2 (label)", "the word `cat`"],
    );
    refused(
        b"a,label\n1,cat\n2,0\n",
        &plain(),
        &["line 3, column 2 (label)", "the number 0"],
    );
    refused(
        iris,
        &labelled("kind"),
        &["the header", "no column `kind`", "a, species"],
    );
    refused(b"1,2\n", &labelled("kind"), &["line 1", "names of columns"]);
}

#[test]
fn an_index_column_is_named() {
    let text = b"id,a,b\n0,5,6\n1,7,8\n2,9,1\n";
    refused(
        text,
        &network(2, 1),
        &["line 1", "3 columns", "counts the rows", "an index"],
    );
    // Without the counting it is only a column too many.
    refused(
        b"id,a,b\n0,5,6\n0,7,8\n",
        &network(2, 1),
        &["line 1", "3 columns", "`label`"],
    );
}

#[test]
fn rows_are_cut_after_all_are_read() {
    let text = b"1,2\n3,4\n5,6\n";
    let inputs = read(
        text,
        &InputOptions {
            rows: Some(1..2),
            ..plain()
        },
    )
    .unwrap();
    assert_eq!(
        (inputs.x.as_slice(), &inputs.lines[..]),
        (&[3.0, 4.0][..], &[2][..])
    );
    let message = read(
        text,
        &InputOptions {
            rows: Some(3..9),
            ..plain()
        },
    )
    .unwrap_err();
    assert!(
        message.contains("a first row 3") && message.contains("3 rows"),
        "{message}"
    );
}

#[test]
fn standardised_inputs_have_mean_0_and_deviation_1() {
    let text = b"1,7,1e200\n2,7,3e200\n4,7,8e200\n";
    let inputs = read(text, &plain()).unwrap();
    let standard = Standard::of(&inputs);
    // Means 7/3, 7, 4e200; deviations √(14/9), 1 for a column that never changes, √(26/3) 1e200.
    let expected = [
        (7.0 / 3.0, (14.0f64 / 9.0).sqrt()),
        (7.0, 1.0),
        (4e200, (26.0f64 / 3.0).sqrt() * 1e200),
    ];
    let rows: String = expected
        .iter()
        .map(|(m, d)| format!("{m:?},{d:?}\n"))
        .collect();
    let parse = |text: &str| -> Vec<f64> {
        text.lines()
            .skip(1)
            .flat_map(|line| line.split(',').map(|cell| cell.parse::<f64>().unwrap()))
            .collect()
    };
    let (ours, theirs) = (
        parse(&standard.to_csv()),
        parse(&format!("mean,deviation\n{rows}")),
    );
    for (a, b) in ours.iter().zip(&theirs) {
        // The expectation itself is two roundings from the truth, and the product a third.
        assert!((a - b).abs() <= 4.0 * f64::EPSILON * b.abs(), "{a} {b}");
    }
    let options = InputOptions {
        standard: Some(standard.clone()),
        ..plain()
    };
    let scaled = read(text, &options).unwrap();
    for (i, row) in scaled.x.row_iter().enumerate() {
        let (sum, squares): (f64, f64) = (row.sum(), row.iter().map(|x| x * x).sum());
        let wanted = if i == 1 { 0.0 } else { 3.0 };
        // Numbers of size at most 2, each right to 3 roundings; sums of three of them.
        assert!(sum.abs() <= 32.0 * f64::EPSILON, "row {i}: sum {sum}");
        assert!(
            (squares - wanted).abs() <= 64.0 * f64::EPSILON,
            "row {i}: {squares}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("means.csv");
    std::fs::write(&path, standard.to_csv()).unwrap();
    assert_eq!(
        Standard::read(&path).unwrap(),
        standard,
        "reads back to the same numbers"
    );
    std::fs::write(&path, "mean,deviation\n1,0\n").unwrap();
    let message = Standard::read(&path).unwrap_err().to_string();
    assert!(
        message.contains("line 2") && message.contains("above 0"),
        "{message}"
    );
    refused(
        b"1,2\n",
        &options,
        &[
            "the means and deviations",
            "3 of each",
            "2, one for each input",
        ],
    );
    // Divided first, standardised then; over ℚ it is exact.
    let half = InputOptions {
        divide: Some("2".into()),
        standard: Some(Standard::of(&read(b"0\n2\n", &plain()).unwrap())),
        ..plain()
    };
    let exact = read_bytes::<Rational>("t", b"1\n", &half).unwrap();
    assert_eq!(exact.x[0], Rational::ratio(-1, 2).unwrap(), "(1/2 - 1) / 1");
}
