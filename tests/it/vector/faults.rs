//! The defects of the peers, as faulty implementations: each fails the cases that carry its flag, and the
//! outputs that it gets right stay those of this crate, so that nothing else can be the reason.

use std::collections::BTreeMap;

use isotropic::{
    Layer, Network,
    linalg::{remove_column, remove_row, singular_values, svd},
    network::evaluate,
    resize::{Outgoing, grow, project, truncate},
    scalar::text::{hex, parse},
    vector::{
        Operation, Tree,
        case::{Case, Verdict},
        input::Input,
        judge::{Outcome, Reply, judge},
    },
};
use rand::SeedableRng;
use serde_json::Value;

use super::{files, operation_of, own};

type Outputs = BTreeMap<String, Tree<String>>;

fn spelled(x: f64) -> Tree<String> {
    Tree::Leaf(hex(&x).unwrap_or_else(|| "nan".into()))
}

fn vector(x: &[f64]) -> Tree<String> {
    Tree::List(x.iter().map(|&x| spelled(x)).collect())
}

fn outputs(case: &Case) -> Outputs {
    match own(case, "f64") {
        Reply::Given { outputs, .. } => outputs,
        other => panic!("{other:?}"),
    }
}

/// The answer with some outputs replaced.
fn but(case: &Case, changes: impl IntoIterator<Item = (&'static str, Tree<String>)>) -> Reply {
    let mut outputs = outputs(case);
    outputs.extend(
        changes
            .into_iter()
            .map(|(name, tree)| (name.to_string(), tree)),
    );
    Reply::Given {
        outputs,
        refused: None,
    }
}

/// The answer to an input in which every number of a part was changed first.
fn on_changed(case: &Case, part: &str, f: impl Fn(f64) -> f64 + Copy) -> Reply {
    fn edit(value: &mut Value, f: impl Fn(f64) -> f64 + Copy) {
        match value {
            Value::String(text) => *text = hex(&f(parse::<f64>(text).unwrap())).unwrap(),
            Value::Array(items) => items.iter_mut().for_each(|item| edit(item, f)),
            _ => {}
        }
    }
    let mut parts = Value::Object(case.input.parts().clone());
    if let Some(value) = parts.get_mut(part) {
        edit(value, f);
    }
    if let Some(value) = parts
        .get_mut("network")
        .and_then(|network| network.get_mut(part))
    {
        edit(value, f);
    }
    let input: Input = serde_json::from_value(parts).unwrap();
    operation_of(case).reply::<f64>(&input, case.result == Verdict::Invalid)
}

fn network(case: &Case) -> Network<f64> {
    case.input.network().unwrap()
}

fn output(case: &Case, network: &Network<f64>) -> Tree<String> {
    vector(
        evaluate(network, &case.input.vector("x").unwrap())
            .unwrap()
            .as_slice(),
    )
}

/// Cases of these operations that carry the flag must all fail.
fn caught(flag: &str, operations: &[Operation], fault: impl Fn(&Case) -> Reply) {
    let mut seen = 0;
    for file in files(operations) {
        for case in file
            .cases
            .iter()
            .filter(|case| case.flags.iter().any(|name| name == flag))
        {
            let right = judge(case, "f64", Some(&own(case, "f64")));
            assert!(
                matches!(right, Outcome::Passed(_)),
                "{}: {right:?}",
                case.id
            );
            let wrong = judge(case, "f64", Some(&fault(case)));
            assert!(
                matches!(wrong, Outcome::Failed(_)),
                "{flag} passes {}",
                case.id
            );
            seen += 1;
        }
    }
    assert!(seen > 0, "no case of {flag}");
}

/// Defect 1 of the author's class, and D6.
#[test]
fn the_svd_of_w_alone() {
    caught("PsiTrap", &[Operation::Truncate], |case| {
        let (network, l) = (network(case), case.input.index("layer").unwrap());
        let u = svd(&network.layer(l).weight).unwrap().u_complete();
        let kept = u
            .columns(0, case.input.index("width").unwrap())
            .into_owned();
        let narrow = project(&network, l, &kept).unwrap();
        but(case, [("y", output(case, &narrow))])
    });
}

/// Defect 2.
#[test]
fn a_constant_psi_that_is_trained() {
    caught("ConstantPsiTrained", &[Operation::OptimiserState], |case| {
        operation_of(case).reply::<f64>(&case.input.clone().with("frozen", "no"), false)
    });
}

/// Defect 3.
#[test]
fn an_o_in_single_precision() {
    caught(
        "OCastToSingle",
        &[Operation::Activation, Operation::Forward],
        |case| on_changed(case, "o", |o| f64::from(o as f32)),
    );
}

/// Defect 4.
#[test]
fn a_ball_around_zero() {
    caught("EpsilonBall", &[Operation::Activation], |case| {
        let z: Vec<f64> = case.input.vector("z").unwrap();
        assert!(z.iter().map(|z| z * z).sum::<f64>().sqrt() < 1e-3);
        but(case, [("h", vector(&z)), ("gamma", spelled(1.0))])
    });
}

/// Defect 5.
#[test]
fn a_negative_o() {
    caught("NegativeO", &[Operation::Invalid], |_| Reply::Given {
        outputs: Outputs::new(),
        refused: None,
    });
}

/// Defect 6.
#[test]
fn nan_gradients_at_zero() {
    caught("NanAtZero", &[Operation::Jacobian], |case| {
        let nan = || Tree::List(vec![Tree::Leaf("nan".to_string()); 2]);
        but(case, [("jacobian", Tree::List(vec![nan(), nan()]))])
    });
}

/// Defect 7.
#[test]
fn overflow_to_the_zero_vector() {
    caught("OverflowToZero", &[Operation::Activation], |case| {
        let z: Vec<f64> = case.input.vector("z").unwrap();
        but(case, [("h", vector(&vec![0.0; z.len()]))])
    });
}

/// Defect 8.
#[test]
fn counting_the_smaller_side() {
    caught("CountsMinOfShape", &[Operation::Adapt], |case| {
        let (mut network, theta) = (network(case), case.input.number::<f64>("theta").unwrap());
        let buffer = case.input.index("buffer").unwrap();
        for l in network.hidden() {
            let sigma = singular_values(&network.layer(l).augmented()).unwrap();
            let small = sigma.iter().filter(|sigma| **sigma <= theta).count();
            let width = network.layer(l).width();
            if small < buffer {
                let rows = network.layer(l + 1).width();
                let columns = isotropic::linalg::Matrix::zeros(rows, buffer - small);
                network = grow(&network, l, &columns).unwrap();
            } else if small > buffer {
                network = truncate(&network, l, width - small + buffer).unwrap().0;
            }
        }
        let widths = network
            .widths()
            .into_iter()
            .map(|n| Tree::Leaf(n.to_string()));
        but(
            case,
            [
                ("widths", Tree::List(widths.collect())),
                ("y", output(case, &network)),
            ],
        )
    });
}

/// Defect 9: null directions dropped with their biases.
#[test]
fn null_vectors_and_their_biases() {
    caught("NullVectorBiasLost", &[Operation::Truncate], |case| {
        let (network, l) = (network(case), case.input.index("layer").unwrap());
        let u = svd(&network.layer(l).augmented()).unwrap().u_complete();
        let turned = isotropic::gauge::rotate(&network, l, &u.transpose()).unwrap();
        let mut layers: Vec<Layer<f64>> = turned.layers().to_vec();
        for row in (case.input.index("width").unwrap()..turned.layer(l).width()).rev() {
            layers[l - 1].weight = remove_row(&layers[l - 1].weight, row);
            layers[l - 1].bias = layers[l - 1].bias.clone().remove_row(row);
            layers[l - 1].psi = layers[l - 1].psi.clone().map(|psi| psi.remove_row(row));
            layers[l].weight = remove_column(&layers[l].weight, row);
        }
        let o = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        let narrow = Network::new(layers, network.gain().clone(), Some(o)).unwrap();
        but(case, [("y", output(case, &narrow))])
    });
}

/// Defect 10: refused, and changed all the same.
#[test]
fn a_refusal_that_is_not_atomic() {
    caught("NotAtomic", &[Operation::Invalid], |case| {
        let network = network(case);
        let mut layers = network.layers().to_vec();
        layers[0].bias.fill(0.0);
        let o = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        let changed = Network::new(layers, network.gain().clone(), Some(o)).unwrap();
        Reply::Given {
            outputs: [("y".to_string(), output(case, &changed))].into(),
            refused: Some("no".into()),
        }
    });
}

/// Defect 11: width 0, and tensors in the wrong order of memory.
#[test]
fn width_zero_and_strides() {
    caught("WidthZero", &[Operation::Invalid], |case| Reply::Given {
        outputs: outputs(case),
        refused: None,
    });
    caught("ColumnMajor", &[Operation::Import], |case| {
        let mut parts = case.input.parts().clone();
        for (name, tensor) in parts["tensors"].as_object_mut().unwrap() {
            if !name.starts_with("weight") {
                continue;
            }
            let rows = tensor["shape"][0].as_u64().unwrap() as usize;
            let columns = tensor["shape"][1].as_u64().unwrap() as usize;
            let data = tensor["data"].as_array().unwrap().clone();
            let at = |i: usize, j: usize| data[j * rows + i].clone();
            let turned = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j)));
            tensor["data"] = turned.map(|(i, j)| at(i, j)).collect();
        }
        let input = serde_json::from_value(Value::Object(parts)).unwrap();
        Operation::Import.reply::<f64>(&input, false)
    });
}

/// The independent replication, on removal: o alone.
#[test]
fn psi_not_updated() {
    caught("PsiNotUpdated", &[Operation::Remove], |case| {
        let (network, l) = (network(case), case.input.index("layer").unwrap());
        let neuron = case.input.index("neuron").unwrap();
        let removed = isotropic::resize::remove(&network, l, neuron).unwrap();
        let mut layers = removed.layers().to_vec();
        layers[l].psi = network.layer(l + 1).psi.clone();
        let o = removed
            .hidden()
            .map(|l| removed.length_squared(l))
            .collect();
        let wrong = Network::new(layers, removed.gain().clone(), Some(o)).unwrap();
        but(case, [("y", output(case, &wrong))])
    });
}

/// The same, on growth: β² > o is clipped.
#[test]
fn beta_clipped() {
    caught("BetaClipped", &[Operation::Invalid], |case| Reply::Given {
        outputs: outputs(case),
        refused: None,
    });
}

/// The same, on diagonalisation: a thin SVD of a wide layer.
#[test]
fn a_thin_svd() {
    caught("ThinSvd", &[Operation::Left], |case| {
        let (network, l) = (network(case), case.input.index("layer").unwrap());
        let u = svd(&network.layer(l).weight).unwrap().u;
        let mut layers = network.layers().to_vec();
        let bias = layers[l - 1].bias.clone();
        layers[l - 1].weight = u.transpose() * &layers[l - 1].weight;
        layers[l - 1].bias = u.transpose() * bias;
        layers[l - 1].psi = layers[l - 1].psi.clone().map(|psi| u.transpose() * psi);
        layers[l].weight = &layers[l].weight * &u;
        let o = network
            .hidden()
            .map(|l| network.length_squared(l))
            .collect();
        let wrong = Network::new(layers, network.gain().clone(), Some(o)).unwrap();
        but(case, [("y", output(case, &wrong))])
    });
}

/// A port that mixes lengths and squared lengths.
#[test]
fn o_is_a_squared_length() {
    let operations = [
        Operation::Activation,
        Operation::Jacobian,
        Operation::Forward,
    ];
    caught("OSquaredTwice", &operations, |case| {
        on_changed(case, "o", |o| o * o)
    });
    let operations = [Operation::Activation, Operation::Forward];
    caught("ORooted", &operations, |case| {
        on_changed(case, "o", f64::sqrt)
    });
}

/// Growth is seeded: the same seed, the same network (defect 11 again, which no vector can show).
#[test]
fn growth_is_seeded() {
    let file = files(&[Operation::Adapt]).remove(0);
    let network: Network<f64> = file.cases[0].input.network().unwrap();
    let adapt = |seed| {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        isotropic::resize::adapt(&network, &0.0, 2, Outgoing::Random, &mut rng)
            .unwrap()
            .network
    };
    assert_eq!(adapt(3), adapt(3));
    assert_ne!(adapt(3), adapt(4));
}
