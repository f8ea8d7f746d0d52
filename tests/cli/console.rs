//! What the documents show of the command is what the command prints.
//!
//! Every block of ```` ```text ```` or ```` ```sh ```` in README, `docs/` and the other documents for people is one of these,
//! and says so in a comment on the line before it, which Markdown does not show:
//!
//! * a session, known by its lines `$ command`: each is run, in the order of the document and in one folder, and what
//!   it writes to standard output is compared. `…` stands for any text, on a line of its own for any lines;
//! * `<!-- rows of: command -->`: lines of what the command writes, in that order;
//! * `<!-- usage -->`: lines that begin with `isotropic` name commands and options that exist;
//! * `<!-- not run: reason -->`.
//!
//! `<!-- campaign -->` and `<!-- campaign, rows of: command -->` are run with `ISOTROPIC_CAMPAIGN=1`: they take more than
//! five seconds.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use isotropic::{gauge::rotate, io, linalg::haar, network::Network};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use crate::command::isotropic;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The documents with output of the command in them, and what they must have at least.
const DOCUMENTS: [(&str, usize); 5] = [
    ("README.md", 3),
    ("docs/command.md", 8),
    ("docs/checks.md", 1),
    ("docs/PORTING.md", 4),
    ("docs/what-is-true.md", 2),
];

/// All documents for people.
fn documents() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md", "DESIGN.md"]
        .iter()
        .map(|name| Path::new(ROOT).join(name))
        .collect();
    for folder in ["docs", "proofs", "data", "benches"] {
        let entries = fs::read_dir(Path::new(ROOT).join(folder)).unwrap();
        found.extend(entries.map(|entry| entry.unwrap().path()));
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.sort();
    found
}

#[derive(Debug, PartialEq)]
enum Kind {
    Session,
    RowsOf(String),
    Usage,
    NotRun,
}

#[derive(Debug)]
struct Block {
    /// Document and line.
    place: String,
    kind: Kind,
    campaign: bool,
    lines: Vec<String>,
}

/// The blocks of a document; an error for one that is nothing of all this.
fn blocks(name: &str, text: &str) -> Result<Vec<Block>, String> {
    let mut found = vec![];
    let mut lines = (1..).zip(text.lines());
    let mut before = "";
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            if !line.is_empty() {
                before = line;
            }
            continue;
        };
        let inside = lines.by_ref().map(|(_, line)| line);
        let inside: Vec<String> = inside
            .take_while(|line| *line != "```")
            .map(Into::into)
            .collect();
        let mark = before
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        before = "";
        if !matches!(language, "text" | "sh" | "") {
            continue;
        }
        let place = format!("{name}:{number}");
        let (campaign, mark) = match mark.and_then(|mark| mark.strip_prefix("campaign")) {
            Some(rest) => (true, Some(rest.trim_start_matches(", "))),
            None => (false, mark),
        };
        let kind = match mark {
            Some("usage") => Kind::Usage,
            Some(mark) if mark.starts_with("not run: ") => Kind::NotRun,
            Some(mark) if mark.starts_with("rows of: ") => Kind::RowsOf(mark[9..].into()),
            Some("") | None if inside.iter().any(|line| line.starts_with("$ ")) => Kind::Session,
            mark => return Err(format!("{place}: neither run nor said why not ({mark:?})")),
        };
        found.push(Block {
            place,
            kind,
            campaign,
            lines: inside,
        });
    }
    Ok(found)
}

/// Whether the line is the pattern, in which `…` stands for any text.
fn matches(pattern: &str, line: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('…') else {
        return pattern == line;
    };
    let Some(line) = line.strip_prefix(start) else {
        return false;
    };
    let ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
    ends.into_iter().any(|at| matches(rest, &line[at..]))
}

/// Whether the lines are the patterns, in which `…` stands for any lines.
fn all_match(patterns: &[String], lines: &[&str]) -> bool {
    match patterns.split_first() {
        None => lines.is_empty(),
        Some((any, rest)) if any == "…" => {
            (0..=lines.len()).any(|at| all_match(rest, &lines[at..]))
        }
        Some((first, rest)) => lines
            .split_first()
            .is_some_and(|(line, lines)| matches(first, line) && all_match(rest, lines)),
    }
}

/// Where documents have their sessions: the data of the repository, the quickstart's files, and a copy with a mistake.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let data = Path::new(ROOT).join("data");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&data, at.join("data")).unwrap();
    for name in ["net.safetensors", "data.csv"] {
        let quickstart = Path::new(ROOT).join("tests/data/quickstart");
        fs::copy(quickstart.join(name), at.join(name)).unwrap();
    }
    let digits = data.join("digits-64-48-32-10.safetensors");
    let stored = io::read_network(&digits, &io::ReadOptions::default()).unwrap();
    let network: Network<f64> = stored.network().unwrap();
    let rotation = haar::<f64>(32, &mut ChaCha8Rng::seed_from_u64(1));
    let rotated = rotate(&network, 2, &rotation).unwrap();
    let mut layers = rotated.layers().to_vec();
    let lengths = rotated
        .hidden()
        .map(|l| rotated.length_squared(l))
        .collect();
    layers[1].psi = network.layer(2).psi.clone();
    let forgotten = Network::new(layers, network.gain().clone(), Some(lengths)).unwrap();
    io::write_network(
        &at.join("forgotten.yaml"),
        &forgotten,
        &io::WriteOptions::default(),
    )
    .unwrap();
    folder
}

/// Standard output of a line of a shell, in which `isotropic` is this command.
fn output(folder: &Path, command: &str) -> Result<String, String> {
    let built = Path::new(env!("CARGO_BIN_EXE_isotropic"));
    let path = env::join_paths(
        std::iter::once(built.parent().unwrap().to_path_buf())
            .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    );
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", path.unwrap())
        .output()
        .map_err(|why| why.to_string())?;
    match output.status.code() {
        Some(0 | 1 | 3) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        code => Err(format!(
            "`{command}` ends with {code:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}

/// The commands of a session, each with what is shown of its output.
fn steps(lines: &[String]) -> Vec<(String, Vec<String>)> {
    let mut steps: Vec<(String, Vec<String>)> = vec![];
    let mut goes_on = false;
    for line in lines {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push((command.to_string(), vec![]));
        } else if let Some((command, shown)) = steps.last_mut() {
            if goes_on {
                *command += &format!("\n{line}");
            } else {
                shown.push(line.clone());
            }
        }
        let in_command = steps.last().is_some_and(|(_, shown)| shown.is_empty());
        goes_on = in_command && line.ends_with('\\');
    }
    steps
}

/// What differs.
fn run(folder: &Path, block: &Block) -> Result<(), String> {
    let place = &block.place;
    let differ = |command: &str, found: &str| {
        let shown = block.lines.join("\n");
        Err(format!(
            "{place}: `{command}` prints\n{found}\nwhere is shown\n{shown}\n"
        ))
    };
    match &block.kind {
        Kind::NotRun => Ok(()),
        Kind::Usage => usage(folder, block),
        Kind::Session => {
            for (command, shown) in steps(&block.lines) {
                let found = output(folder, &command).map_err(|why| format!("{place}: {why}"))?;
                let lines: Vec<&str> = found.lines().collect();
                if !all_match(&shown, &lines) {
                    return differ(&command, &found);
                }
            }
            Ok(())
        }
        Kind::RowsOf(command) => {
            let found = output(folder, command).map_err(|why| format!("{place}: {why}"))?;
            let mut rest = found.lines();
            let shown = |line: &String| rest.any(|found| matches(line, found.trim_end()));
            match block.lines.iter().all(shown) {
                true => Ok(()),
                false => differ(command, &found),
            }
        }
    }
}

/// Every command and option that the lines name is one of the program's.
fn usage(folder: &Path, block: &Block) -> Result<(), String> {
    let mut help = String::new();
    for line in &block.lines {
        let mut words = line.split_whitespace().peekable();
        if words.next_if_eq(&"isotropic").is_some() {
            let name: Vec<&str> = match (words.next(), words.peek()) {
                (Some("vectors"), Some(inner)) => {
                    vec!["vectors", inner.split('|').next().unwrap()]
                }
                (Some(name), _) => vec![name],
                (None, _) => vec![],
            };
            let said = isotropic(folder, &[&name[..], &["--help"]].concat());
            help = String::from_utf8_lossy(&said.stdout).into_owned();
            if !said.status.success() {
                return Err(format!("{}: no such command: {line}", block.place));
            }
        }
        // What follows two spaces says what the line is for.
        let line = line.trim_start();
        let line = line.split("  ").next().unwrap_or_default();
        let options = line.split(|c: char| !c.is_ascii_lowercase() && c != '-');
        for option in options.filter(|word| word.starts_with("--")) {
            let known = help.match_indices(option).any(|(at, _)| {
                !help[at + option.len()..].starts_with(|c: char| c.is_ascii_lowercase() || c == '-')
            });
            if !known {
                return Err(format!("{}: no {option}: {line}", block.place));
            }
        }
    }
    Ok(())
}

fn run_document(path: &Path) -> (usize, Vec<String>) {
    let name = path.strip_prefix(ROOT).unwrap().display().to_string();
    let text = fs::read_to_string(path).unwrap();
    let blocks = blocks(&name, &text).unwrap();
    let all = env::var_os("ISOTROPIC_CAMPAIGN").is_some();
    let folder = folder();
    let mut wrong = vec![];
    for block in &blocks {
        if block.campaign && !all {
            continue;
        }
        let began = std::time::Instant::now();
        wrong.extend(run(folder.path(), block).err());
        println!("{}: {:.1} s", block.place, began.elapsed().as_secs_f64());
    }
    (blocks.len(), wrong)
}

#[test]
fn what_the_documents_show_is_what_is_printed() {
    let mut all = vec![];
    for path in documents() {
        let (count, wrong) = run_document(&path);
        all.extend(wrong);
        let name = path.strip_prefix(ROOT).unwrap().display().to_string();
        let least = DOCUMENTS.iter().find(|(document, _)| *document == name);
        assert!(
            least.is_none_or(|(_, least)| count >= *least),
            "{name}: {count} blocks"
        );
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// A stale figure, a line too many, an option that is gone, and a block of no kind are seen.
#[test]
fn what_is_not_printed_is_seen() {
    let folder = folder();
    let judged = |text: &str| {
        let blocks = blocks("text", text)?;
        assert_eq!(blocks.len(), 1);
        run(folder.path(), &blocks[0])
    };
    let shown =
        |output: &str| format!("```text\n$ isotropic info net.safetensors\n{output}\n```\n");
    let head = "widths         4-12-8-3\nwidth ceiling  4-4-5-3\n";
    assert_eq!(judged(&shown(&format!("{head}…"))), Ok(()));
    assert_eq!(judged(&shown("widths         4-…-3\n…")), Ok(()));
    for stale in [head, "widths         4-12-8-4\n…", "…\nwidths 4-…-3\n…", ""] {
        assert!(judged(&shown(stale)).is_err(), "{stale}");
    }
    let rows = "<!-- rows of: isotropic info net.safetensors -->\n```text\n";
    assert_eq!(judged(&format!("{rows}gain           tanh\n```\n")), Ok(()));
    assert!(judged(&format!("{rows}gain           linear\n```\n")).is_err());
    let swapped = "width ceiling  4-4-5-3\nwidths         4-12-8-3\n```\n";
    assert!(judged(&format!("{rows}{swapped}")).is_err());
    let usage = "<!-- usage -->\n```text\nisotropic info NET [--json";
    assert_eq!(judged(&format!("{usage}]  facts\n```\n")), Ok(()));
    assert!(judged(&format!("{usage}l]\n```\n")).is_err());
    assert!(judged("<!-- usage -->\n```sh\nisotropic guess NET\n```\n").is_err());
    assert!(judged("```text\n$ isotropic info gone.safetensors\n```\n").is_err());
    assert!(judged("\n```text\nwidths 1-2-3\n```\n").is_err());
}
