//! Cells that are separated by something else than commas.

use super::super::FileError;

/// What tables are separated by where it is not the comma, and how to call it.
const OTHERS: [(char, &str); 4] = [
    (';', "`;`"),
    ('\t', "a tab"),
    ('|', "`|`"),
    (' ', "a space"),
];

/// An error that names the separator of the line at that byte, if it is not the comma.
pub fn of(file: &str, text: &str, at: usize) -> Option<FileError> {
    let rest = text.get(at..)?;
    let start = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let line = rest.get(start..)?.lines().next()?.trim();
    let number = 1 + text.get(..at + start)?.matches('\n').count();
    let bare = outside_quotes(line);
    let (separator, name) = OTHERS
        .into_iter()
        .find(|(separator, _)| bare.contains(*separator) && splits(&bare, *separator))?;
    let cells: Vec<&str> = bare.split(separator).map(str::trim).collect();
    let commas = separator != ',' && cells.iter().any(|cell| cell.contains(','));
    let (found, remedy) = if commas {
        (
            format!("cells separated by {name}, and decimal commas"),
            "save the file with commas between the cells and decimal points",
        )
    } else {
        (
            format!("cells separated by {name}"),
            "save the file with commas between the cells",
        )
    };
    Some(FileError::content(
        file,
        format!("line {number}"),
        found,
        "commas",
        remedy,
    ))
}

/// Whether the separator makes of the line what commas do not: more cells than one, none of which holds a comma but
/// between two digits.
fn splits(line: &str, separator: char) -> bool {
    let cells: Vec<&str> = line
        .split(separator)
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    let plain = |cell: &&str| {
        let mut parts = cell.split(',');
        let (whole, fraction) = (parts.next().unwrap_or(""), parts.next());
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        match fraction {
            None => true,
            Some(fraction) => {
                let signless = whole.trim_start_matches(['+', '-']);
                parts.next().is_none()
                    && digits(signless)
                    && digits(fraction.split(['e', 'E']).next().unwrap_or(""))
            }
        }
    };
    // A space stands inside names too: it separates only what looks like numbers.
    let numeric = |cell: &&str| cell.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let spaced = separator != ' ' || (!line.contains(',') && cells.iter().all(numeric));
    cells.len() > 1 && cells.iter().all(plain) && spaced
}

fn outside_quotes(line: &str) -> String {
    let mut inside = false;
    line.chars()
        .filter(|c| {
            inside ^= *c == '"';
            !inside && *c != '"'
        })
        .collect()
}
