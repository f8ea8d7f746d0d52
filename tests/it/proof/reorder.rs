//! The rule `ac`: any sum in any order and any brackets, and nothing else.

use isotropic::proof::{Step, Theorem, check};
use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::rng;

/// The summands with random brackets.
fn bracketed(summands: &[String], rng: &mut ChaCha8Rng) -> String {
    match summands {
        [] => String::new(),
        [one] => one.clone(),
        more => {
            let cut = rng.random_range(1..more.len());
            let (left, right) = more.split_at(cut);
            format!("({} + {})", bracketed(left, rng), bracketed(right, rng))
        }
    }
}

/// The same summands in another order, with other brackets.
fn shuffled(summands: &[String], rng: &mut ChaCha8Rng) -> String {
    let mut summands = summands.to_vec();
    summands.shuffle(rng);
    bracketed(&summands, rng)
}

fn theorem(left: &str, right: &str, step: Step) -> Theorem {
    Theorem {
        name: "reordered".into(),
        says: "a sum in another order".into(),
        dimensions: vec!["n".into()],
        variables: ["a", "b", "c", "d", "e"]
            .map(|name| (name.into(), "n×n".into()))
            .into(),
        functions: vec![],
        definitions: vec![],
        hypotheses: [].into(),
        lemmas: vec![],
        claim: format!("{left} = {right}"),
        proof: vec![step],
        model: None,
        draws: vec![],
    }
}

fn ac(to: &str, at: &[usize]) -> Step {
    Step {
        rule: "ac".into(),
        at: at.to_vec(),
        with: [("S".into(), to.into())].into(),
        ..Step::default()
    }
}

/// Two to seven summands, some of them equal, some of them sums within a product or under a transpose.
fn draw(rng: &mut ChaCha8Rng) -> (Vec<String>, Vec<String>) {
    let letter =
        |rng: &mut ChaCha8Rng| ["a", "b", "c", "d", "e"][rng.random_range(0..5)].to_string();
    let pair = |rng: &mut ChaCha8Rng| match rng.random_range(0..4) {
        0 => {
            let inner: Vec<String> = (0..rng.random_range(2..4)).map(|_| letter(rng)).collect();
            let factor = letter(rng);
            let side = |rng: &mut ChaCha8Rng| format!("{factor} {}ᵀ", shuffled(&inner, rng));
            (side(rng), side(rng))
        }
        _ => {
            let one = letter(rng);
            (one.clone(), one)
        }
    };
    (0..rng.random_range(2..8)).map(|_| pair(rng)).unzip()
}

#[test]
fn every_order_and_every_bracket_is_reached() {
    let mut rng = rng(18);
    for case in 0..400 {
        let (left, right) = draw(&mut rng);
        let (left, right) = (bracketed(&left, &mut rng), shuffled(&right, &mut rng));
        let whole = theorem(&left, &right, ac(&right, &[]));
        assert!(
            check(&whole).is_ok(),
            "{case}: {left} = {right}: {:?}",
            check(&whole).err()
        );
        // The same below the root.
        let (outer, inner) = (format!("c {left}"), format!("c {right}"));
        let below = theorem(&outer, &inner, ac(&right, &[1]));
        assert!(
            check(&below).is_ok(),
            "{case}: {outer} = {inner}: {:?}",
            check(&below).err()
        );
    }
}

#[test]
fn nothing_else_is() {
    let mut rng = rng(81);
    let mut refused = 0;
    for _ in 0..400 {
        let (left, mut right) = draw(&mut rng);
        let at = rng.random_range(0..right.len());
        match rng.random_range(0..3) {
            // Another summand, one more, one less.
            0 => right[at] = format!("{}ᵀ", right[at].replace(' ', " a ")),
            1 => right.push(right[at].clone()),
            _ if right.len() > 1 => {
                right.remove(at);
            }
            _ => continue,
        }
        let (left, right) = (bracketed(&left, &mut rng), shuffled(&right, &mut rng));
        assert!(
            check(&theorem(&left, &right, ac(&right, &[]))).is_err(),
            "{left} = {right}"
        );
        refused += 1;
    }
    assert!(refused > 300, "{refused}");
    // Products do not commute, and a difference of brackets in them is mul-assoc's business.
    assert!(check(&theorem("a b", "b a", ac("b a", &[]))).is_err());
    assert!(check(&theorem("a (b c)", "a b c", ac("a b c", &[]))).is_err());
}

#[test]
fn what_the_rule_does_not_take_is_said() {
    let told = |step: Step| {
        check(&theorem("a + b", "b + a", step))
            .expect_err("refused")
            .to_string()
    };
    assert!(
        told(Step {
            rule: "ac".into(),
            ..Step::default()
        })
        .contains("`S`")
    );
    assert!(
        told(Step {
            back: true,
            ..ac("b + a", &[])
        })
        .contains("takes a place and `S`")
    );
    assert!(
        told(Step {
            everywhere: true,
            ..ac("b + a", &[])
        })
        .contains("takes a place and `S`")
    );
    assert!(told(ac("b + a", &[7])).contains("no position"));
    assert!(told(ac("b + c", &[])).contains("found `a + b`, expected `b + c`"));
    // No name of a theorem stands in its way.
    let mut named = theorem("a + b", "b + a", ac("b + a", &[]));
    named.hypotheses = [("ac".to_string(), "a = b".to_string())].into();
    assert!(
        check(&named)
            .expect_err("refused")
            .to_string()
            .contains("`ac`")
    );
}
