//! The tables of `docs/learning.md` are made of the results in `experiments/results/`: `ISOTROPIC_WRITE=1` writes them.

use std::{fs, path::PathBuf};

use isotropic::{
    experiment::{Claim, NAMES, Results, columns, config, mean, standard_error},
    learning::Epoch,
};

const END: &str = "<!-- end of results -->";

/// Where the runs of `isotropic train` with its defaults are.
const DEFAULTS: &str = "defaults";

fn beside(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(beside(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

fn results(name: &str) -> Results {
    let text = read(&format!("experiments/results/{name}.json"));
    Results::from_json(&text).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// How many and which, tables, and claims, those that fail first.
fn of_experiment(name: &str) -> String {
    let results = results(name);
    let setup = config(name).expect("parses").expect("exists").shipped;
    let done = results.seeds_done().len() as u64;
    let mut text = match results.missing().as_slice() {
        [] => format!("{done} seeds.\n"),
        missing => format!("{done} of {} seeds, without {missing:?}.\n", results.seeds),
    };
    let tables = results.tables(&setup).expect("readable");
    for table in &tables {
        text += &format!("\n{}", table.markdown());
    }
    let mut claims: Vec<&Claim> = tables.iter().flat_map(|table| &table.claims).collect();
    claims.sort_by_key(|claim| claim.verdict);
    text.push('\n');
    for claim in claims {
        text += &format!("* {}: {}\n", claim.verdict.word(), claim.text);
    }
    text
}

/// One run a line, the last of its log.
fn of_defaults() -> String {
    let log = read(&format!("experiments/results/{DEFAULTS}.jsonl"));
    let runs: Vec<Epoch> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of a log"))
        .collect();
    let percent = |share: Option<f64>| 100.0 * share.expect("labels");
    let rows: Vec<Vec<f64>> = runs
        .iter()
        .map(|run| vec![percent(run.accuracy), percent(run.held_out_accuracy)])
        .collect();
    let mut text =
        "| seed | learnt from, % right | held out, % right |\n|---|---|---|\n".to_string();
    for (seed, row) in rows.iter().enumerate() {
        text += &format!("| {seed} | {:.2} | {:.2} |\n", row[0], row[1]);
    }
    let shown = |x: &Vec<f64>| format!("{:.2} ± {:.2}", mean(x), standard_error(x));
    let columns: Vec<String> = columns(&rows).iter().map(shown).collect();
    text + &format!("| mean | {} |\n", columns.join(" | "))
}

/// The document with what the results make of every part between markers, and the names in the order met.
fn made(document: &str) -> (String, Vec<String>) {
    let (mut whole, mut rest, mut names) = (String::new(), document, vec![]);
    while let Some((before, after)) = rest.split_once("<!-- results: ") {
        let (name, after) = after.split_once(" -->").expect("a marker ends");
        let (_, after) = after.split_once(END).expect("what is between markers ends");
        let table = match name {
            DEFAULTS => of_defaults(),
            name => of_experiment(name),
        };
        whole += &format!("{before}<!-- results: {name} -->\n\n{table}\n{END}");
        names.push(name.to_string());
        rest = after;
    }
    (whole + rest, names)
}

#[test]
fn the_tables_are_those_of_the_results() {
    let shown = read("docs/learning.md");
    let (expected, mut names) = made(&shown);
    if std::env::var_os("ISOTROPIC_WRITE").is_some() {
        fs::write(beside("docs/learning.md"), &expected).expect("written");
        return;
    }
    let differ = shown.lines().zip(expected.lines()).find(|(a, b)| a != b);
    assert!(
        shown == expected,
        "docs/learning.md is stale, from {differ:?}: ISOTROPIC_WRITE=1 cargo test --test it experiment::document"
    );
    // Every experiment is in the document.
    names.sort();
    let mut all: Vec<&str> = NAMES.into_iter().chain([DEFAULTS]).collect();
    all.sort_unstable();
    assert_eq!(names, all);
}

/// The file of each is as the command wrote it: its tables are those of its numbers, its claim, rule and settings those of today.
#[test]
fn the_results_are_of_the_experiments_as_they_are() {
    for name in NAMES {
        let config = config(name).expect("parses").expect("exists");
        let data = isotropic::experiment::digits().expect("shipped");
        let asked = Results::new(&config, &config.shipped, &data, config.seeds);
        let kept = results(name);
        let now = kept
            .clone()
            .begun(asked)
            .unwrap_or_else(|why| panic!("{name}: {why}"));
        let text = now.to_json(&config.shipped).expect("readable");
        let path = format!("experiments/results/{name}.json");
        assert!(
            text == read(&path),
            "{path} is not what the experiment of today makes of its numbers"
        );
    }
}
