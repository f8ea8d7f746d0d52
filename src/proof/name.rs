//! Trusted. Which words can name something, and which text can stand beside what was proved.
//!
//! What is printed is what has been proved only if it is read as it was meant. So a name is made of letters that
//! cannot be taken for one another, two names of a theorem differ to the eye, and no text moves the cursor, turns
//! the direction of writing or holds letters that nobody sees.

use super::Problem;

/// Greek letters; those that look like Latin ones (Α, ο, υ, …) are left out.
const GREEK: &str = "αβγδεζηθκλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ";

/// Beyond ASCII and Greek: what mathematics and its prose are written with.
const SIGNS: &str =
    "²³·×±½°§«»éèüöäßçñ‖′″…–—‘’“”•∂∇∈∉∞√∑∏∫≠≤≥≡≈∼⊕⊗⊥⊂⊆∪∩∅∀∃∧∨¬⋯→←↔↦⇒⇔⟨⟩⌈⌉⌊⌋ℝℚℤℕℓ𝔽ᵀ⁻⁰¹⁴⁵⁶⁷⁸⁹ⁿ₊₋ₙₖₗ∘";

/// Letters of different alphabets that one glance does not tell apart, and the Latin one for both.
const ALIKE: [(char, char); 7] = [
    ('ν', 'v'),
    ('ρ', 'p'),
    ('ω', 'w'),
    ('χ', 'x'),
    ('1', 'l'),
    ('I', 'l'),
    ('0', 'O'),
];

/// Whether a word can name something: a letter, then letters, digits, subscripts, primes.
pub(super) fn is_name(word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| in_name(c, i == 0)) && !["", "I"].contains(&word)
}

/// Whether a character can stand in a name, at its beginning or later.
pub(super) fn in_name(c: char, first: bool) -> bool {
    match c {
        '′' | '_' => !first,
        c if c.is_ascii_alphabetic() || GREEK.contains(c) => true,
        c => !first && (c.is_ascii_digit() || matches!(c, '₀'..='₉')),
    }
}

/// What the eye sees of a name: two names with the same outline are taken for one.
pub(super) fn outline(name: &str) -> String {
    let seen = |c: char| {
        ALIKE
            .iter()
            .find(|(like, _)| *like == c)
            .map_or(c, |(_, latin)| *latin)
    };
    name.chars().map(seen).collect()
}

/// Text for a message, with an escape for every character that could not stand in a [`line`].
pub(super) fn shown(text: &str) -> String {
    let escaped = text.chars().map(|c| match plain(c) {
        true => c.to_string(),
        false => c.escape_unicode().to_string(),
    });
    escaped.collect()
}

fn plain(c: char) -> bool {
    matches!(c, ' '..='~' | '₀'..='₉') || GREEK.contains(c) || SIGNS.contains(c)
}

/// Text that stands beside a proof: a line of visible characters.
///
/// # Errors
/// [`Problem::Unprintable`] with the character and its place.
pub(crate) fn line(text: &str) -> Result<(), Problem> {
    match text.chars().enumerate().find(|(_, c)| !plain(*c)) {
        None => Ok(()),
        Some((at, c)) => Err(Problem::Unprintable {
            at: at + 1,
            code: u32::from(c),
        }),
    }
}
