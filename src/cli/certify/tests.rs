//! Bounds and observations as they are said.

use serde_json::json;

use super::{finding::tests::finding, *};
use crate::io::{ReadOptions, read_network};

/// A bound too small, planted where a command has just computed it: exit 1, the numbers are kept, and no certificate is
/// written nor an older one replaced.
#[test]
fn an_exceeded_bound_ends_in_exit_1_and_without_a_certificate() {
    let folder = std::env::temp_dir().join(format!("isotropic-exceeded-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let at = |name: &str| folder.join(name);
    let text = "isotropic: 1\nwidths: [1, 1]\ngain: linear\nlayers:\n  - weight:\n      - [\"1\"]\n    bias: [\"0\"]\n";
    std::fs::write(at("a.yaml"), text).unwrap();
    let network = read_network(&at("a.yaml"), &ReadOptions::default()).unwrap();
    let bounding = Bounding {
        ball: Some(Rational::from(1)),
        inputs: None,
        json: Some(at("found.json")),
        certificate: Some(at("certificate.yaml")),
        tabling: Tabling::default(),
    };
    let conclude = |observed| {
        let path = at("a.yaml");
        let side = (&network, path.as_path());
        let region = Region::Ball(Rational::from(1));
        let outcome = bounding.conclude(finding(0.5, observed), region, side, side);
        let json = std::fs::read_to_string(at("found.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        (outcome.unwrap(), json)
    };
    let (outcome, json) = conclude(0.8);
    assert_eq!(outcome, Outcome::Refuted);
    assert_eq!(outcome.code(), std::process::ExitCode::from(1));
    assert_eq!(
        (&json["verdict"], &json["observed"]),
        (&json!("refuted"), &json!(0.8))
    );
    assert!(!at("certificate.yaml").exists());
    let (outcome, json) = conclude(0.7);
    assert_eq!(
        (outcome, &json["verdict"]),
        (Outcome::Done, &json!("verified"))
    );
    let written = std::fs::read(at("certificate.yaml")).unwrap();
    conclude(0.8);
    assert_eq!(std::fs::read(at("certificate.yaml")).unwrap(), written);
    std::fs::remove_dir_all(&folder).unwrap();
}
