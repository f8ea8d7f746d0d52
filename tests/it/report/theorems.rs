//! The page of the theorems: each formula, read back from its MathML, is the term that the kernel checked.

use isotropic::{
    proof::{Proved, Signature, Term, check, parse_equation, parse_term},
    report::theorems,
    statement::{declarations, rocq},
};
use roxmltree::{Document, Node, ParsingOptions};

use super::check;

/// MathML as the kernel's own text, from the structure alone.
fn text(node: Node) -> String {
    let children: Vec<Node> = node.children().filter(Node::is_element).collect();
    let inside = |children: &[Node]| {
        children
            .iter()
            .map(|c| text(*c))
            .collect::<Vec<_>>()
            .join(" ")
    };
    // A name like z_next has its subscript in letters.
    let subscript = |text: &str| -> String {
        if !text.chars().all(|c| c.is_ascii_digit()) {
            return format!("_{text}");
        }
        let lowered = text.chars().filter_map(|c| {
            let digit = c.to_digit(10)?;
            char::from_u32(u32::from('₀') + digit)
        });
        lowered.collect()
    };
    match (node.tag_name().name(), children.as_slice()) {
        ("mi" | "mn" | "mo" | "mtext", _) => node.text().unwrap_or_default().into(),
        ("mspace", _) => String::new(),
        ("msub", [base, below]) if below.has_tag_name("mrow") => {
            format!("{}[{}]", text(*base), text(*below))
        }
        ("msub", [base, below]) => format!("{}{}", text(*base), subscript(&text(*below))),
        ("msubsup", [base, below, primes]) => {
            format!(
                "{}{}{}",
                text(*base),
                subscript(&text(*below)),
                text(*primes)
            )
        }
        ("msup", [base, above]) if above.has_tag_name("mi") => format!("({})ᵀ", text(*base)),
        ("msup", [base, above]) if above.has_tag_name("mn") => format!("{}²", text(*base)),
        ("msup", [base, primes]) => format!("{}{}", text(*base), text(*primes)),
        ("mtable", rows) => {
            let rows: Vec<String> = rows.iter().map(|row| text(*row)).collect();
            rows.join(" ; ")
        }
        ("mtr", cells) => cells
            .iter()
            .map(|cell| text(*cell))
            .collect::<Vec<_>>()
            .join(" , "),
        (_, children) => inside(children),
    }
}

fn read(math: Node, signature: &Signature) -> Term {
    let written = text(math);
    let written = written.trim_start().trim_start_matches('=');
    parse_term(written, signature).unwrap_or_else(|why| panic!("{written}: {why}"))
}

/// The formulas of a proof as the page has them, in order.
fn walks<'a>(section: Node<'a, 'a>) -> Vec<Vec<Node<'a, 'a>>> {
    let lists = section
        .descendants()
        .filter(|e| e.attribute("class").is_some_and(|c| c.starts_with("walk")));
    lists
        .map(|list| {
            list.descendants()
                .filter(|e| e.has_tag_name("math"))
                .collect()
        })
        .collect()
}

#[test]
fn every_formula_is_the_term_that_was_checked() {
    let html = theorems(&[]).expect("all check");
    let wrong = check::page(&html);
    assert_eq!(wrong, [""; 0]);
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(&html, options).expect("well formed");
    let (mut formulas, mut statements) = (0, 0);
    for declaration in declarations().expect("readable") {
        let section = document
            .descendants()
            .find(|e| e.attribute("id") == Some(declaration.id.as_str()))
            .unwrap_or_else(|| panic!("{} is missing", declaration.id));
        statements += 1;
        let proved: Vec<Proved> = (declaration.theorems.iter())
            .map(|theorem| check(theorem).expect("it checks"))
            .collect();
        let claims: Vec<Node> = section
            .descendants()
            .filter(|e| e.attribute("aria-label") == Some("Claim"))
            .collect();
        assert_eq!(claims.len(), proved.len(), "{}", declaration.id);
        for (claim, proved) in claims.iter().zip(&proved) {
            let signature = &proved.context.signature;
            let math = claim
                .descendants()
                .find(|e| e.has_tag_name("math"))
                .expect("a formula");
            let (left, right) = parse_equation(&text(math), signature).expect("an equation");
            assert_eq!(Some((&left, &right)), proved.claim(), "{}", declaration.id);
        }
        let mut shown = walks(section).into_iter();
        for proved in &proved {
            for derivation in &proved.derivations {
                let walk = shown.next().expect("a proof");
                assert_eq!(walk.len(), derivation.terms.len(), "{}", derivation.name);
                for (math, term) in walk.iter().zip(&derivation.terms) {
                    assert_eq!(
                        &read(*math, &proved.context.signature),
                        term,
                        "{}",
                        derivation.name
                    );
                    formulas += 1;
                }
            }
        }
        assert!(shown.next().is_none(), "{} shows more", declaration.id);
    }
    assert!(
        formulas > 900 && statements >= 46,
        "{formulas} of {statements}"
    );
    // What Rocq says stands beside it, whole.
    for theorem in rocq().expect("readable").values().flatten() {
        let named = |e: &Node| {
            e.has_tag_name("code") && e.text().is_some_and(|t| t.contains(&theorem.theorem))
        };
        let kernel = ["rocq/axioms.v", "rocq/network.v"].contains(&theorem.file.as_str());
        assert!(
            kernel || document.descendants().any(|e| named(&e)),
            "{}",
            theorem.theorem
        );
    }
}

#[test]
fn the_statements_that_are_asked_for_and_no_others() {
    let html = theorems(&["d2".into(), "A5".into()]).expect("they check");
    assert_eq!(check::page(&html), [""; 0]);
    assert!(
        html.contains("id=\"D2\"") && html.contains("id=\"A5\"") && !html.contains("id=\"D3\"")
    );
    // D1 has the proof of C1, which is not on this page: then there is no link.
    let html = theorems(&["D1".into()]).expect("it checks");
    assert_eq!(check::page(&html), [""; 0]);
    assert!(html.contains("The proof is that of C1"));
    assert!(theorems(&["Z9".into()]).is_err_and(|why| why.to_string().contains("Z9")));
}

/// The reading itself sees a formula that is not the term: a factor gone, a subscript changed, a transpose lost.
#[test]
fn a_formula_that_differs_is_seen() {
    let declaration = declarations()
        .expect("readable")
        .into_iter()
        .find(|d| d.id == "B1")
        .expect("there");
    let proved = check(&declaration.theorems[0]).expect("it checks");
    let signature = &proved.context.signature;
    let (left, right) = proved.claim().expect("a claim");
    let html = theorems(&["B1".into()]).expect("it checks");
    let start = html.find("aria-label=\"Claim\"").expect("a claim");
    let from = start + html[start..].find("<math>").expect("a formula");
    let math = &html[from..from + html[from..].find("</math>").expect("closed") + 7];
    let of = |math: &str| {
        let document = Document::parse(math).expect("well formed");
        parse_equation(&text(document.root_element()), signature)
    };
    assert_eq!(of(math), Ok((left.clone(), right.clone())));
    let mut changes = 0;
    for (old, new) in [
        ("<mn>2</mn>", "<mn>3</mn>"),
        ("<mo>+</mo>", "<mo>·</mo>"),
        ("<mo>′</mo>", "<mo>′′</mo>"),
    ] {
        let changed = math.replacen(old, new, 1);
        if changed != math {
            changes += 1;
            assert_ne!(of(&changed), Ok((left.clone(), right.clone())), "{old}");
        }
    }
    assert!(changes > 0, "{math}");
}
