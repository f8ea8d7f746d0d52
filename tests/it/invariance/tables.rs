//! The tables of the invariance experiment, of numbers made by hand: every format shows them as they are.

use isotropic::{
    invariance::{Cell, Invariance, Row, Table, to_csv, to_json, to_latex, to_text},
    resize::Rule,
    statement::Magnitude,
};

fn size(x: f64) -> Magnitude {
    Magnitude::from_float(&rug::Float::with_val(64, x))
}

fn cell(rule: Rule, right: usize) -> Cell {
    Cell {
        rule,
        right: Some(right),
        epsilon: size(12.5),
        divergence: size(0.0625),
        largest: size(0.5),
        bound: size(2.0),
        ratio: size(0.25),
        unchanged: Some(3),
        margin: Some(-size(0.125)),
    }
}

/// Two layers: one that grows, stays and shrinks, one without anything to show.
fn tables() -> Invariance {
    let rules = vec![Rule::Neither, Rule::Both];
    let row = |change, removed| Row {
        change,
        removed: size(removed),
        floor: if removed > 0.0 { 0.25 } else { 0.0 },
        cells: vec![cell(Rule::Neither, 2), cell(Rule::Both, 5)],
    };
    let mut beyond = row(-1, 1.5);
    // Beyond f64, and not a number: each is said.
    beyond.cells[0].largest = size(1e300) * size(1e300);
    beyond.cells[0].bound = size(f64::INFINITY);
    beyond.cells[1].ratio = size(f64::NAN);
    beyond.cells[1].unchanged = None;
    beyond.cells[1].margin = None;
    beyond.cells[1].right = None;
    Invariance {
        scalar: "f64".into(),
        widths: vec![2, 3, 2, 2],
        inputs: 4,
        right: Some(3),
        rules,
        tables: vec![
            Table {
                layer: 1,
                width: 3,
                free: 1,
                rows: vec![row(2, 0.0), row(0, 0.0), beyond],
            },
            Table {
                layer: 2,
                width: 2,
                free: 0,
                rows: vec![],
            },
        ],
    }
}

#[test]
fn text() {
    let text = to_text(&tables());
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(rows[0], "network 2-3-2-2 in f64, 4 inputs, accuracy 0.7500");
    assert!(rows.contains(&"hidden layer 1, 3 neurons"));
    assert!(rows.contains(&"hidden layer 2, 2 neurons"));
    // A row is named once, at its first measure; a removal on the line of what it removes.
    let named: Vec<&str> = rows
        .iter()
        .filter(|row| row.len() > 7 && !row[..7].trim().is_empty() && row.starts_with(' '))
        .map(|row| row.split_whitespace().next().unwrap())
        .filter(|first| first.parse::<i64>().is_ok())
        .collect();
    assert_eq!(named, ["+2", "0", "-1"]);
    let of = |name: &str| -> Vec<Vec<&str>> {
        let lines = rows
            .iter()
            .filter(|row| row.len() > 27 && row.contains(name) && !row.contains(':'));
        lines
            .map(|row| row.split(name).nth(1).unwrap().split_whitespace().collect())
            .collect()
    };
    assert_eq!(
        of("Δaccuracy"),
        [
            ["-0.2500", "+0.5000"],
            ["-0.2500", "+0.5000"],
            ["-0.2500", "-"]
        ]
    );
    assert_eq!(of("scaled ε, %"), [["12.5", "12.5"]; 3]);
    assert_eq!(
        of("largest ‖y - y'‖"),
        [
            ["0.500", "0.500"],
            ["0.500", "0.500"],
            ["1.00e600", "0.500"]
        ]
    );
    assert_eq!(
        of("measured / bound"),
        [["0.250", "0.250"], ["0.250", "0.250"], ["0.250", "NaN"]]
    );
    assert_eq!(
        of("smallest margin"),
        [["-0.125", "-0.125"], ["-0.125", "-0.125"], ["-0.125", "-"]]
    );
    assert!(rows.contains(
        &"     -1  Σσ removed 1.50; no network with 2 neurons there is off by less than 0.250 (root mean square)"
    ));
}

#[test]
fn csv() {
    let text = to_csv(&tables());
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|row| row.len() == 14), "{text}");
    let number = |x: &str| -> f64 { x.parse().unwrap() };
    assert_eq!(
        (rows[1][0], rows[1][1], rows[1][2], rows[1][4]),
        ("1", "3", "2", "neither")
    );
    assert_eq!(rows[2][4], "both");
    let numbers: Vec<f64> = [5, 6, 7, 8, 9, 10, 12]
        .iter()
        .map(|at| number(rows[1][*at]))
        .collect();
    assert_eq!(numbers, [-0.25, 12.5, 0.0625, 0.5, 2.0, 0.25, -0.125]);
    assert_eq!(rows[1][11], "3");
    // Infinite is `inf`, and what f64 alone cannot hold keeps its digits.
    assert_eq!(rows[5][9], "inf");
    assert!(
        rows[5][8].starts_with("1.00000000000000") && rows[5][8].ends_with("e600"),
        "{}",
        rows[5][8]
    );
    assert_eq!(
        (rows[6][5], rows[6][10], rows[6][11], rows[6][12]),
        ("", "nan", "", "")
    );
    assert_eq!((number(rows[5][3]), number(rows[5][13])), (1.5, 0.25));
}

#[test]
fn latex() {
    let text = to_latex(&tables());
    assert_eq!(text.matches("\\begin{tabular}{rlrr}").count(), 2);
    assert_eq!(text.matches("\\midrule").count(), 3);
    // One name a row, and eight measures each.
    for name in ["$+2$", "$0$", "$-1$"] {
        assert_eq!(text.matches(name).count(), 1, "{name}\n{text}");
    }
    assert_eq!(text.matches("smallest margin").count(), 3);
    let removed = text.lines().find(|line| line.contains("removed")).unwrap();
    assert!(
        removed.starts_with("$-1$") && removed.contains("1.50"),
        "{removed}"
    );
}

#[test]
fn json() {
    let json = to_json(&tables());
    assert_eq!(json["cells"].as_array().unwrap().len(), 6);
    assert_eq!(json["verdict"], "unknown");
    let verdicts: Vec<&str> = json["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(
        verdicts,
        [
            "verified", "verified", "verified", "verified", "unknown", "unknown"
        ]
    );
    assert_eq!(json["right"], 3);
    assert_eq!(json["cells"][4]["certified_bound"], "inf");
}

/// Each cell alone, and all of them together.
#[test]
fn verdicts() {
    use isotropic::judge::Verdict;
    let whole = tables();
    let verdict = |cells: Vec<Cell>| {
        let mut one = whole.clone();
        one.tables[0].rows = vec![Row {
            change: 0,
            removed: size(0.0),
            floor: 0.0,
            cells,
        }];
        one.verdict()
    };
    let good = cell(Rule::Both, 3);
    let with = |edit: fn(&mut Cell)| {
        let mut cell = good.clone();
        edit(&mut cell);
        cell
    };
    let exceeded = with(|cell| cell.ratio = size(1.0 + f64::EPSILON));
    let at_the_bound = with(|cell| cell.ratio = size(1.0));
    let no_bound = with(|cell| cell.bound = size(f64::INFINITY));
    let overflowed = with(|cell| cell.largest = size(f64::INFINITY));
    let no_ratio = with(|cell| cell.ratio = size(f64::NAN));
    assert_eq!(verdict(vec![]), Verdict::Unknown);
    assert_eq!(verdict(vec![good.clone(), at_the_bound]), Verdict::Verified);
    for unknown in [&no_bound, &overflowed, &no_ratio] {
        assert_eq!(unknown.verdict(), Verdict::Unknown);
        assert_eq!(
            verdict(vec![good.clone(), unknown.clone()]),
            Verdict::Unknown
        );
    }
    assert_eq!(verdict(vec![good, no_bound, exceeded]), Verdict::Refuted);
}

#[test]
fn findings_count_in_words() {
    use isotropic::invariance::Finding;
    let sentence = |free, next: Option<f64>, accurate| {
        let next = next.map(size);
        Finding {
            layer: 2,
            width: 5,
            free,
            next,
            accurate,
        }
        .sentence()
    };
    assert_eq!(
        sentence(0, Some(0.5), Some(5)),
        "none of the 5 neurons of layer 2 is free; one costs 0.500; accuracy changes with the first removal measured"
    );
    assert_eq!(
        sentence(1, Some(0.5), Some(1)),
        "1 of 5 neurons of layer 2 is free; the next costs 0.500; accuracy unchanged down to 1 neuron"
    );
    assert_eq!(
        sentence(3, None, Some(2)),
        "3 of 5 neurons of layer 2 are free; accuracy unchanged down to 2 neurons"
    );
    assert_eq!(
        sentence(3, None, None),
        "3 of 5 neurons of layer 2 are free"
    );
}
