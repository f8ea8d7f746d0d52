//! Labels, margins and the spread of outputs.

use super::*;

#[test]
fn two_outputs_have_labels_and_one_has_none() {
    let of = |outputs: usize| {
        let row = "[\"1\"]";
        let rows = vec![row; outputs].join(", ");
        let zeros = vec!["\"0\""; outputs].join(", ");
        let a = stored(&format!(
            "isotropic: 1\nwidths: [1, 1, {outputs}]\ngain: tanh\nlayers:\n  - weight: [[\"1\"]]\n    bias: [\"0\"]\n    \
             intrinsic_length_squared: \"0\"\n  - weight: [{rows}]\n    bias: [{zeros}]\n"
        ));
        let inputs = Region::Inputs(vec![vec![Rational::from(1)], vec![Rational::from(2)]]);
        certify::<f64>(&a, &a, &inputs, None)
            .expect("fits")
            .labels
            .map(|labels| labels.inputs)
    };
    assert_eq!([of(1), of(2), of(3)], [None, Some(2), Some(2)]);
}

/// Where there is no input there is no margin, and none is said to be the smallest.
#[test]
fn no_input_has_the_smallest_margin_of_none() {
    let a = stored(
        "isotropic: 1\nwidths: [1, 1, 2]\ngain: linear\nlayers:\n  - weight: [[\"1\"]]\n    bias: [\"0\"]\n    \
         intrinsic_length_squared: \"0\"\n  - weight: [[\"0\"], [\"1\"]]\n    bias: [\"0\", \"0\"]\n",
    );
    let at = |inputs: Vec<Vec<Rational>>| {
        let certified = certify::<f64>(&a, &a, &Region::Inputs(inputs), None);
        certified
            .expect("fits")
            .labels
            .map(|labels| (labels.inputs, labels.at))
    };
    assert_eq!(at(vec![]), Some((0, 0)));
    let (one, two) = (vec![Rational::from(1)], vec![Rational::from(2)]);
    assert_eq!(at(vec![two, one.clone()]), Some((2, 2)));
    // The first of those that are equally near.
    assert_eq!(at(vec![one.clone(), one]), Some((2, 1)));
}

/// What is seen of a range is within it, and not nothing: y = v tanh(w x), one hidden neuron of two inputs.
#[test]
fn the_spread_of_outputs_is_seen() {
    let a = stored(
        "isotropic: 1\nwidths: [2, 1, 1]\ngain: tanh\nlayers:\n  - weight: [[\"1\", \"2\"]]\n    bias: [\"0\"]\n    \
         intrinsic_length_squared: \"0\"\n  - weight: [[\"3\"]]\n    bias: [\"0\"]\n",
    );
    let spread = observe::spread::<f64>(&a.network().expect("in range"), &Rational::from(1));
    // tanh √5 at the most, on either side.
    assert!(
        spread > 3.0 && spread <= 6.0 * 5f64.sqrt().tanh(),
        "{spread}"
    );
}

/// The f64 next to 1/10 is above it, and so no lower bound on a margin of 1/10.
#[test]
fn a_margin_of_labels_is_rounded_down() {
    let a = stored(
        "isotropic: 1\nwidths: [1, 1, 2]\ngain: linear\nlayers:\n  - weight: [[\"1\"]]\n    bias: [\"0\"]\n    \
         intrinsic_length_squared: \"0\"\n  - weight: [[\"0\"], [\"0.1\"]]\n    bias: [\"0\", \"0\"]\n",
    );
    let inputs = Region::Inputs(vec![vec![Rational::from(1)]]);
    let certified = certify::<Mp<1024>>(&a, &a, &inputs, None).expect("fits");
    let margin = certified.labels.expect("two outputs").margin;
    assert_eq!(margin, 0.1f64.next_down());
}
