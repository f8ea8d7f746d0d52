//! What the comparison of two networks allows, measures and leaves out: exact numbers, worked out by hand.
//!
//! The weights have one entry in a row and in a column where a factorisation sees them, so that Q, R, σ
//! and the rotations come out exactly; norms are powers of two or from Pythagorean triples.

use isotropic::{
    Layer, Network,
    gauge::{Blur, Comparison, Leeway, Line, Part, compare},
    linalg::{Matrix, Vector},
    network::Gain,
    scalar::{Field, Mp, Real},
};

type Wide = Mp<256>;

fn wide(x: f64) -> Wide {
    Wide::from_f64(x)
}

fn layer(columns: usize, weight: &[f64], bias: &[f64], psi: Option<&[f64]>) -> Layer<Wide> {
    let vector = |x: &[f64]| Vector::from_iterator(x.len(), x.iter().map(|x| wide(*x)));
    Layer {
        weight: Matrix::from_row_slice(bias.len(), columns, weight).map(wide),
        bias: vector(bias),
        psi: psi.map(vector),
    }
}

fn network(layers: Vec<Layer<Wide>>, lengths: &[f64]) -> Network<Wide> {
    let lengths = lengths.iter().map(|o| wide(*o)).collect();
    Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid")
}

/// Widths 1, 2, 3, 2. With X_0 = 1 and each X_l of columns that are divided by their errors, in powers of two (below), and
/// then by the largest of them:
///
/// N_1 = [4 0 0; 0 4 0] with 4/2⁷ and 4/2⁷: X_1 = diag(1, 1), size 1/32;
/// W_2 X_1 has one entry, 8, b_2 has 1, ψ_2 has 7, with 8/2¹¹, 1/2⁶, 7/2¹⁰: X_2 = diag(1/4, 1, 7/16), size 1/64;
/// W_3 X_2 has the one column (12, 16) 7/16 = (5.25, 7) of norm 8.75.
fn by_hand(first_length: f64) -> Network<Wide> {
    network(
        vec![
            layer(1, &[4.0, 0.0], &[0.0, 4.0], None),
            layer(
                2,
                &[0.0, 8.0, 0.0, 0.0, 0.0, 0.0],
                &[0.0, 1.0, 0.0],
                Some(&[0.0, 0.0, 7.0]),
            ),
            layer(
                3,
                &[0.0, 0.0, 12.0, 0.0, 0.0, 16.0],
                &[3.0, 4.0],
                Some(&[0.0, 8.0]),
            ),
        ],
        &[first_length, 0.5625],
    )
}

/// An allowance is 8 (m + n) ‖block of N‖, and for W ‖W‖ e more for an error e of what arrives: e_0 = 0, and
/// e_l is twice the sum of the layer's three allowances, each divided by the power of two above it, divided by the size of X_l.
/// ψ has the size of what it may have absorbed, ‖W_l‖ λ_{l-1}, beside its own, b that of what o took, λ_l, and o errs by 2 λ times
/// what such a b does.
#[test]
fn an_allowance_is_eight_per_dimension_and_what_arrives_wrong() {
    let comparison = compare(&by_hand(4.0), &by_hand(9.0)).expect("converges");
    // Layer 1: 8 (2 + 1) = 24, λ_1 = 3; e_1 = 2 (96/2⁷ + 120/2⁷ + 0) 32 = 108.
    // Layer 2: 8 (3 + 2) = 40, ‖W_2‖ = 8, 8 · 108 = 864, 8 λ_1 = 24, λ_2 = 3/4; e_2 = 2 (1184/2¹¹ + 50/2⁶ + 1000/2¹⁰) 64 = 299.
    // Layer 3: 8 (2 + 3) = 40, ‖W_3‖ = 20, 20 · 299 = 5980, 20 λ_2 = 15.
    let expected = [
        (1, "weight", 24.0 * 4.0),
        (1, "bias", 24.0 * 5.0),
        (1, "ψ", 0.0),
        (1, "o", 24.0 * 2.0 * 3.0 * 5.0),
        (2, "weight", 40.0 * 8.0 + 864.0),
        (2, "bias", 40.0 * 1.25),
        (2, "ψ", 40.0 * 25.0),
        (2, "o", 40.0 * 2.0 * 0.75 * 1.25),
        (3, "weight", 40.0 * 8.75 + 5980.0),
        (3, "bias", 40.0 * 5.0),
        (3, "ψ", 40.0 * 17.0),
    ];
    let found: Vec<_> = comparison
        .parts
        .iter()
        .map(|part| (part.layer, part.parameter, part.scale.clone()))
        .collect();
    assert_eq!(
        found,
        expected.map(|(layer, parameter, scale)| (layer, parameter, wide(scale)))
    );
    // Only o_1 differs, by 5.
    for part in &comparison.parts {
        let differs = part.parameter == "o" && part.layer == 1;
        assert_eq!(part.residual, wide(if differs { 5.0 } else { 0.0 }));
    }
    // 5 of 720 u, for u = 1/4; and allowed where 720 u is more than 5.
    assert_eq!(comparison.ratio(&wide(0.25)), wide(5.0) / wide(180.0));
    assert!(comparison.agrees(&wide(5.0 / 64.0)));
    assert!(!comparison.agrees(&wide(1.0 / 256.0)));
    // [W b ψ] of each layer spans all of its neurons.
    let nothing = (wide(0.0), wide(0.0));
    assert_eq!(comparison.unreachable, vec![nothing; 3]);
}

/// The ratio is the largest of all parts; one without a residual has none, though its scale be 0.
#[test]
fn the_ratio_is_that_of_the_worst_part() {
    let part = |residual: f64, scale: f64| Part {
        layer: 1,
        parameter: "weight",
        residual: wide(residual),
        rows: vec![],
        scale: wide(scale),
        size: wide(1.0),
        line: Line::Whole,
    };
    let comparison = Comparison {
        leeway: Leeway::Certain,
        blur: Blur::none(),
        structure: None,
        parts: vec![part(1.0, 16.0), part(3.0, 24.0), part(0.0, 0.0)],
        unreachable: vec![],
    };
    // 1/(16/4), 3/(24/4) and 0.
    assert_eq!(comparison.ratio(&wide(0.25)), wide(0.5));
}

/// Nothing compared is no agreement, and neither are equal parts of different structures.
#[test]
fn agreement_needs_equal_structure_and_something_compared() {
    let compared = compare(&by_hand(3.0), &by_hand(3.0)).expect("converges");
    let u = wide(2f64.powi(-53));
    assert!(compared.agrees(&u));
    let empty = Comparison {
        parts: vec![],
        ..compared.clone()
    };
    assert!(!empty.agrees(&u), "no part at all");
    let different = Comparison {
        structure: Some("the widths differ".into()),
        ..compared
    };
    assert!(!different.agrees(&u), "another structure");
}

// ---------------------------------------------------------------- what nothing reaches

/// Layer 1 reaches its first two neurons: of (3, 5, 4) the 4 is idle, and of (6, 5, 8) the 8.
#[test]
fn idle_weights_are_measured_exactly() {
    let with = |last: &[f64]| {
        let first = layer(1, &[4.0, 0.0, 0.0], &[0.0, 2.0, 0.0], None);
        network(vec![first, layer(3, last, &[1.0], Some(&[1.0]))], &[1.0])
    };
    let comparison = compare(&with(&[3.0, 5.0, 4.0]), &with(&[6.0, 5.0, 8.0])).expect("converges");
    let nothing = (wide(0.0), wide(0.0));
    assert_eq!(comparison.unreachable, [nothing, (wide(4.0), wide(8.0))]);
}

#[test]
fn behind_a_layer_of_zeros_every_weight_is_idle() {
    let layers = vec![
        layer(2, &[0.0; 4], &[0.0; 2], None),
        layer(2, &[3.0, 4.0], &[1.0], Some(&[1.0])),
    ];
    let silent = network(layers, &[1.0]);
    let comparison = compare(&silent, &silent).expect("converges");
    let nothing = (wide(0.0), wide(0.0));
    assert_eq!(comparison.unreachable, [nothing, (wide(5.0), wide(5.0))]);
}

/// [W_1 b_1] = x (1, 3, 7) is of rank one, but not its computed factors: what rounding left in them, up to
/// n u of the largest column, reaches nothing. The weights x_i e_1 - x_1 e_i behind it are all idle.
#[test]
fn rounding_reaches_nothing() {
    for n in [3, 8, 16] {
        for shift in [1, 2, 5, 12] {
            let x: Vec<f64> = (0..n).map(|i| f64::from(i + shift)).collect();
            let first = Matrix::from_fn(x.len(), 2, |i, j| x[i] * [1.0, 3.0][j]);
            let bias: Vec<f64> = x.iter().map(|x| 7.0 * x).collect();
            let last = Matrix::from_fn(x.len() - 1, x.len(), |i, j| {
                if j == 0 {
                    x[i + 1]
                } else if j == i + 1 {
                    -x[0]
                } else {
                    0.0
                }
            });
            let squared: f64 = last.iter().map(|x| x * x).sum();
            let rows = |m: &Matrix<f64>| m.transpose().as_slice().to_vec();
            let none = vec![0.0; x.len() - 1];
            let network = network(
                vec![
                    layer(2, &rows(&first), &bias, None),
                    layer(x.len(), &rows(&last), &none, Some(&none)),
                ],
                &[1.0],
            );
            let comparison = compare(&network, &network).expect("converges");
            let norm = wide(squared).sqrt();
            // W - (W q) qᵀ: the 8 roundings in each dimension that the comparison counts itself.
            let dimensions = wide(8.0 * (2 * x.len() - 1) as f64);
            let allowed = norm.clone() * Wide::unit_roundoff() * dimensions;
            for idle in [&comparison.unreachable[1].0, &comparison.unreachable[1].1] {
                let error = num_traits::Signed::abs(&(idle.clone() - &norm));
                assert!(error <= allowed, "n = {n}, from {shift}: {idle} of {norm}");
            }
        }
    }
}
