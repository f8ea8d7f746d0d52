//! What every page must keep to, whatever it says. Each check returns what is wrong.

use std::collections::HashSet;

use roxmltree::{Document, Node, ParsingOptions};

/// Everything that is wrong with a page.
pub fn page(html: &str) -> Vec<String> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    // Well-formed XML is well-formed HTML, for a page without void elements left open.
    let document = match Document::parse_with_options(html, options) {
        Ok(document) => document,
        Err(why) => return vec![format!("not well formed: {why}")],
    };
    let elements: Vec<Node> = document.descendants().filter(Node::is_element).collect();
    let mut wrong = links(&elements);
    wrong.extend(loads(&elements));
    wrong.extend(headings(&elements));
    wrong.extend(tables(&elements));
    wrong.extend(figures(&elements));
    wrong
}

/// Ids are unique, and everything that points at one finds it.
fn links(elements: &[Node]) -> Vec<String> {
    let mut wrong = vec![];
    let mut ids = HashSet::new();
    for id in elements.iter().filter_map(|e| e.attribute("id")) {
        if !ids.insert(id) {
            wrong.push(format!("the id {id} is there twice"));
        }
    }
    for element in elements {
        let named = element.attribute("aria-labelledby").unwrap_or_default();
        let link = element
            .attribute("href")
            .and_then(|href| href.strip_prefix('#'));
        for id in named.split_whitespace().chain(link) {
            if !ids.contains(id) {
                wrong.push(format!("nothing has the id {id}"));
            }
        }
    }
    wrong
}

/// Nothing is loaded from anywhere, and nothing runs.
fn loads(elements: &[Node]) -> Vec<String> {
    let mut wrong = vec![];
    for element in elements {
        let name = element.tag_name().name();
        if [
            "script", "link", "img", "iframe", "object", "embed", "video", "audio", "form",
        ]
        .contains(&name)
        {
            wrong.push(format!("an element {name}"));
        }
        for attribute in element.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            let loads = ["src", "href", "srcset", "data", "action", "background"].contains(&key);
            if loads && !value.starts_with('#') || key.starts_with("on") || value.contains("url(") {
                wrong.push(format!("the attribute {key} = {value}"));
            }
        }
        let text = element.text().unwrap_or_default();
        if name == "style" && (text.contains("url(") || text.contains("@import")) {
            wrong.push("a style that loads something".into());
        }
    }
    wrong
}

/// One h1, and no level skipped on the way down.
fn headings(elements: &[Node]) -> Vec<String> {
    let level = |e: &Node| e.tag_name().name().strip_prefix('h')?.parse::<u32>().ok();
    let levels: Vec<u32> = elements.iter().filter_map(level).collect();
    let mut wrong = vec![];
    if levels.iter().filter(|level| **level == 1).count() != 1 || levels.first() != Some(&1) {
        wrong.push(format!("not one h1 that comes first: {levels:?}"));
    }
    if levels.windows(2).any(|pair| pair[1] > pair[0] + 1) {
        wrong.push(format!("a heading level is skipped: {levels:?}"));
    }
    wrong
}

/// Every table has a caption, every header a scope, every row as many cells as the header.
fn tables(elements: &[Node]) -> Vec<String> {
    let mut wrong = vec![];
    for table in elements.iter().filter(|e| e.has_tag_name("table")) {
        let inside: Vec<Node> = table.descendants().filter(Node::is_element).collect();
        if !inside.iter().any(|e| e.has_tag_name("caption")) {
            wrong.push("a table without caption".into());
        }
        let bare = inside
            .iter()
            .filter(|e| e.has_tag_name("th") && e.attribute("scope").is_none());
        wrong.extend(bare.map(|th| format!("a header without scope: {:?}", th.text())));
        let rows: Vec<usize> = inside
            .iter()
            .filter(|e| e.has_tag_name("tr"))
            .map(cells)
            .collect();
        let spanned = inside.iter().any(|e| e.attribute("rowspan").is_some());
        let columns = rows.first().copied().unwrap_or(0);
        if columns == 0
            || rows
                .iter()
                .any(|n| *n != columns && !(spanned && n + 1 == columns))
        {
            wrong.push(format!("rows of different lengths: {rows:?}"));
        }
    }
    wrong
}

fn cells(row: &Node) -> usize {
    let span = |cell: Node| {
        cell.attribute("colspan")
            .and_then(|n| n.parse().ok())
            .unwrap_or(1)
    };
    row.children().filter(Node::is_element).map(span).sum()
}

/// Every figure has a caption and an image with title, description and something in it.
fn figures(elements: &[Node]) -> Vec<String> {
    let mut wrong = vec![];
    for figure in elements.iter().filter(|e| e.has_tag_name("figure")) {
        let inside = |name: &str| figure.descendants().any(|e| e.has_tag_name(name));
        for part in ["figcaption", "svg", "title", "desc", "polyline"] {
            if !inside(part) {
                wrong.push(format!("a figure without {part}"));
            }
        }
    }
    for svg in elements.iter().filter(|e| e.has_tag_name("svg")) {
        let decoration = svg.attribute("aria-hidden") == Some("true");
        let named =
            svg.attribute("role") == Some("img") && svg.attribute("aria-labelledby").is_some();
        if !named && !decoration {
            wrong.push("an image without role or name".into());
        }
        let colours = svg
            .descendants()
            .flat_map(|e| e.attributes().map(|a| a.value()).collect::<Vec<_>>());
        if let Some(colour) = colours.into_iter().find(|value| value.starts_with("#0")) {
            wrong.push(format!("a colour that does not follow the theme: {colour}"));
        }
    }
    wrong
}
