//! `gradient`.

use std::fs;

use crate::{folder, train::run};

#[test]
fn the_gradient_over_the_rationals_is_exact() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("l.csv"), "a,b,label\n1,2,0\n-1/2,1/3,0\n").unwrap();
    let line = "gradient small.yaml --inputs l.csv --loss squared --gain rational --scalar rational --json g.json";
    let (code, out, err) = run(at, line);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("loss "), "{out}");
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(at.join("g.json")).unwrap()).unwrap();
    assert!(json["loss"].as_str().unwrap().contains('/'), "{json}");
    let line = "gradient small.yaml --inputs l.csv --gain rational --scalar rational";
    let (code, _, err) = run(at, line);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("cross-entropy needs exponentials"), "{err}");
}
