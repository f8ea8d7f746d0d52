//! The graph of the modules, drawn from the paths in the sources: no circle, neither among the modules of the
//! crate nor among those of any folder. What two rooms both need lies below both.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// `["network", "gain"]`.
type Module = Vec<String>;
/// Module → the modules it names.
type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// The sources below `src/`, by module; `lib.rs` and `main.rs` stand above all of them and are left out.
fn sources() -> BTreeMap<Module, String> {
    fn walk(folder: &Path, module: &Module, found: &mut BTreeMap<Module, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let mut inner = module.clone();
            inner.push(name.clone());
            if path.is_dir() {
                walk(&path, &inner, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let at = if name == "mod" { module.clone() } else { inner };
                let text = fs::read_to_string(&path).expect("text");
                found.insert(at, text);
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &vec![],
        &mut found,
    );
    found.retain(|module, _| {
        !matches!(
            module.first().map(String::as_str),
            None | Some("lib" | "main")
        )
    });
    found
}

/// Without comments, strings and the tests at the end of a file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let mut code = String::new();
    for line in lines {
        // Every other piece between quotes is a string; none in these sources holds a path across lines.
        let pieces: Vec<&str> = line.split('"').step_by(2).collect();
        code.push_str(&pieces.join(" "));
        code.push(' ');
    }
    code
}

/// Names, `::`, braces and commas; all else separates.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = vec![];
    let mut name = String::new();
    let mut symbols = code.chars().peekable();
    while let Some(c) = symbols.next() {
        if c.is_alphanumeric() || c == '_' {
            name.push(c);
            continue;
        }
        if !name.is_empty() {
            tokens.push(std::mem::take(&mut name));
        }
        if c == ':' && symbols.peek() == Some(&':') {
            symbols.next();
            tokens.push("::".into());
        } else if !c.is_whitespace() {
            tokens.push(c.into());
        }
    }
    tokens
}

/// Every path that begins with `crate`, `super` or `self`, use trees spread out.
fn paths(tokens: &[String]) -> Vec<Module> {
    /// Reads one path or tree at `at` behind `prefix`; returns where it ends.
    fn tree(tokens: &[String], mut at: usize, prefix: &Module, found: &mut Vec<Module>) -> usize {
        let word = |at: usize| tokens.get(at).map(String::as_str);
        let mut path = prefix.clone();
        loop {
            match word(at) {
                Some("{") => {
                    at += 1;
                    while word(at).is_some_and(|token| token != "}") {
                        let next = tree(tokens, at, &path, found);
                        at = next.max(at + 1);
                    }
                    return at + 1;
                }
                Some(name) if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                    path.push(name.into());
                    at += 1;
                }
                _ => break,
            }
            if word(at) != Some("::") {
                break;
            }
            at += 1;
        }
        found.push(path);
        at
    }
    let mut found = vec![];
    let mut at = 0;
    while at < tokens.len() {
        let begins = matches!(tokens[at].as_str(), "crate" | "super" | "self");
        let is_path = tokens.get(at + 1).is_some_and(|token| token == "::");
        at = match begins && is_path {
            true => tree(tokens, at, &vec![], &mut found),
            false => at + 1,
        };
    }
    found
}

/// Which module names which.
fn graph(sources: &BTreeMap<Module, String>) -> Graph {
    let mut graph = Graph::new();
    for (module, text) in sources {
        let named = graph.entry(module.clone()).or_default();
        for path in paths(&tokens(&code(text))) {
            let mut target = if path[0] == "crate" {
                vec![]
            } else {
                module.clone()
            };
            for step in &path {
                match step.as_str() {
                    "crate" | "self" => {}
                    "super" => drop(target.pop()),
                    name => target.push(name.into()),
                }
            }
            // The longest beginning that is a module: the rest are its items.
            while !target.is_empty() && !sources.contains_key(&target) {
                target.pop();
            }
            named.insert(target);
        }
    }
    graph
}

/// The circles among the children of `folder`: a module that reaches itself through others, with the way.
fn circles(graph: &Graph, folder: &Module) -> Vec<String> {
    let child = |module: &Module| {
        let inside = module.len() > folder.len() && module.starts_with(folder);
        inside.then(|| module[folder.len()].clone())
    };
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, named) in graph {
        let Some(from) = child(module) else { continue };
        let to = named.iter().filter_map(child).filter(|to| *to != from);
        arrows.entry(from.clone()).or_default().extend(to);
    }
    let mut found = vec![];
    for start in arrows.keys() {
        // Breadth first, so that the way shown is a shortest one.
        let mut ways: Vec<Vec<&String>> = vec![vec![start]];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.first().cloned() {
            ways.remove(0);
            for next in way
                .last()
                .and_then(|last| arrows.get(*last))
                .into_iter()
                .flatten()
            {
                if next == start {
                    let names: Vec<&str> = way.iter().map(|name| name.as_str()).collect();
                    found.push(format!(
                        "{}: {} → {start}",
                        folder.join("::"),
                        names.join(" → ")
                    ));
                    ways.clear();
                    break;
                }
                if seen.insert(next) {
                    ways.push([way.clone(), vec![next]].concat());
                }
            }
        }
    }
    found
}

fn all_circles(sources: &BTreeMap<Module, String>) -> Vec<String> {
    let graph = graph(sources);
    let folders: BTreeSet<Module> = sources
        .keys()
        .flat_map(|module| (0..module.len()).map(|k| module[..k].to_vec()))
        .collect();
    folders
        .iter()
        .flat_map(|folder| circles(&graph, folder))
        .collect()
}

#[test]
fn no_module_reaches_itself() {
    let sources = sources();
    assert!(sources.len() > 200, "{} modules only", sources.len());
    let arrows: usize = graph(&sources).values().map(BTreeSet::len).sum();
    assert!(arrows > 500, "{arrows} arrows only");
    let circles = all_circles(&sources);
    assert!(circles.is_empty(), "{circles:#?}");
}

/// A line that closes a circle is seen, in every way a path can be written; in a comment, a string or a test it is none.
#[test]
fn an_arrow_back_is_seen() {
    let upward = [
        "use crate::statement::Case;",
        "use crate::{scalar::Field, statement::{Case, Origin}};",
        "fn f() -> crate::statement::Case { todo!() }",
        "use super::statement::Case;",
    ];
    let silent = [
        "// use crate::statement::Case;",
        "const TEXT: &str = \"crate::statement::Case\";",
        "#[cfg(test)]\nmod tests { use crate::statement::Case; }",
    ];
    let with = |line: &str| {
        let mut sources = sources();
        let text = sources
            .get_mut(&vec!["family".to_string()])
            .expect("family");
        *text = format!("{line}\n{text}");
        all_circles(&sources)
    };
    for line in upward {
        let found = with(line);
        let named = |circle: &String| {
            circle.contains("family → statement") || circle.contains("statement → family")
        };
        assert!(found.iter().any(named), "{line}: {found:?}");
    }
    for line in silent {
        let mut sources = sources();
        let text = sources
            .get_mut(&vec!["family".to_string()])
            .expect("family");
        // What is a test's stands at the end of a file.
        *text = format!("{text}\n{line}\n");
        let found = all_circles(&sources);
        assert!(found.is_empty(), "{line}: {found:?}");
    }
}

/// The lines outside of `cli` that name a command's option. `strategy::replay` prints a line for cargo, whose options
/// those are.
fn options_named(sources: &BTreeMap<Module, String>) -> Vec<String> {
    let mut named = vec![];
    for (module, text) in sources {
        let cargo = module[..] == ["strategy", "replay"];
        if cargo || module.first().is_some_and(|first| first == "cli") {
            continue;
        }
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for line in text.lines() {
            let code = line.split("//").next().unwrap_or_default();
            let option = code.match_indices("--").any(|(at, _)| {
                let (before, after) = (&code[..at], &code[at + 2..]);
                let begins = after.starts_with(|c: char| c.is_ascii_lowercase());
                // A colour of a style sheet is none.
                begins && !before.ends_with('-') && !before.ends_with("var(")
            });
            if option {
                named.push(format!("{}: {}", module.join("::"), line.trim()));
            }
        }
    }
    named
}

/// The library says what is wrong and what to do; by which option, the command adds.
#[test]
fn no_error_of_the_library_names_an_option() {
    let mut sources = sources();
    let named = options_named(&sources);
    assert!(named.is_empty(), "{named:#?}");
    let text = sources.get_mut(&vec!["error".to_string()]).expect("error");
    text.insert_str(0, "#[error(\"{0} overflows; use a wider --scalar\")]\n");
    assert_eq!(options_named(&sources).len(), 1);
}

/// What the sources take in is part of the package: `cargo publish` would fail otherwise, and nothing before it.
#[test]
fn the_package_has_what_the_sources_include() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = std::process::Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    let listed = String::from_utf8(listed.stdout).expect("text");
    let listed: BTreeSet<&str> = listed.lines().collect();
    let mut included = 0;
    for text in sources().values() {
        for part in text
            .split("include_str!(")
            .chain(text.split("include_bytes!("))
            .skip(1)
        {
            let part = part.trim_start();
            let Some(path) = part
                .strip_prefix("\"../../")
                .and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            if root.join(path).is_file() {
                included += 1;
                assert!(listed.contains(path), "{path} is not in the package");
            }
        }
    }
    assert!(included > 50, "{included}");
}
