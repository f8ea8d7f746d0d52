//! Data-aware truncation on the trained networks: axes from the digits they were trained on, errors on the
//! 360 they were not.

use isotropic::{
    Error, Network,
    io::shipped,
    linalg::Matrix,
    network::evaluate,
    resize::{Outgoing, resize, resize_on_data, truncate_on_data},
    scalar::{Field, Mp},
};

fn column(x: &Matrix<f64>, j: usize) -> Vec<f64> {
    x.column(j).iter().copied().collect()
}

/// The root mean square of ‖y - y'‖ over the columns of x.
fn error(a: &Network<f64>, b: &Network<f64>, x: &Matrix<f64>) -> f64 {
    let squared = (0..x.ncols()).map(|j| {
        let x = column(x, j);
        (evaluate(a, &x).expect("finite") - evaluate(b, &x).expect("finite")).norm_squared()
    });
    (squared.sum::<f64>() / x.ncols() as f64).sqrt()
}

/// How many labels are the index of the largest output.
fn right(network: &Network<f64>, x: &Matrix<f64>, labels: &[usize]) -> usize {
    let is = |j: usize| evaluate(network, &column(x, j)).expect("finite").argmax().0 == labels[j];
    (0..x.ncols()).filter(|j| is(*j)).count()
}

#[test]
fn on_unseen_digits_it_beats_the_singular_values_at_every_width() {
    let all = shipped::digits::<f64>().expect("the data read");
    let data = all.rows(0..shipped::TEST_ROWS.start).x;
    let test = all.rows(shipped::TEST_ROWS);
    let labels = test.labels.as_ref().expect("labels");
    assert_eq!((data.ncols(), test.x.ncols()), (1437, 360));
    let plans: [&[[usize; 2]]; 2] = [
        &[[40, 28], [32, 24], [24, 16], [16, 12], [12, 8], [8, 8]],
        &[[64, 48], [48, 32], [32, 24], [24, 16], [16, 12], [8, 8]],
    ];
    for (stored, plan) in shipped::networks()
        .expect("the networks read")
        .iter()
        .zip(plans)
    {
        let network = stored.network::<f64>().expect("finite");
        let widths = network.widths();
        println!(
            "{}: right {}",
            stored.file(),
            right(&network, &test.x, labels)
        );
        println!(
            "| hidden widths | data: RMS | right | [W ψ]: RMS | right | ratio |\n|---|---|---|---|---|---|"
        );
        for hidden in plan {
            let target = [widths[0], hidden[0], hidden[1], widths[3]];
            let by_data =
                resize_on_data(&network, &target, &data, Outgoing::Zero, 0).expect("cuts");
            let by_values = resize(&network, &target, Outgoing::Zero, 0)
                .expect("cuts")
                .network;
            assert_eq!(by_data.network.widths(), target);
            let (ours, theirs) = (
                error(&network, &by_data.network, &test.x),
                error(&network, &by_values, &test.x),
            );
            println!(
                "| {hidden:?} | {ours:.3e} | {} | {theirs:.3e} | {} | {:.1} |",
                right(&by_data.network, &test.x, labels),
                right(&by_values, &test.x, labels),
                theirs / ours
            );
            assert!(ours < theirs, "{hidden:?}: {ours} and {theirs}");
            // On the data themselves the bound holds.
            let on_data = error(&network, &by_data.network, &data);
            assert!(on_data <= by_data.rms_bound(), "{hidden:?}: {on_data}");
        }
    }
}

#[test]
fn without_variance_nothing_is_lost() {
    // One input: z does not vary at all, and one neuron holds it.
    let network = shipped::networks().expect("the networks read")[0]
        .network::<Mp<256>>()
        .expect("finite");
    let x: Matrix<Mp<256>> = shipped::test_digits().expect("the data read").rows(0..1).x;
    let one: Vec<Mp<256>> = x.iter().cloned().collect();
    let (cut, removal) = truncate_on_data(&network, 1, 1, &x).expect("cuts");
    assert_eq!((removal.from, removal.to, cut.layer(1).width()), (48, 1, 1));
    assert!(removal.dropped.to_f64() < 1e-70 && removal.spread.to_f64() < 1e-70);
    let (y, y_cut) = (
        evaluate(&network, &one).unwrap(),
        evaluate(&cut, &one).unwrap(),
    );
    let apart = (y - y_cut)
        .iter()
        .map(|d| d.to_f64().abs())
        .fold(0.0, f64::max);
    assert!(apart < 1e-70, "{apart}");
}

#[test]
fn what_cannot_be_cut_is_refused() {
    let network = shipped::networks().expect("the networks read")[0]
        .network::<f64>()
        .expect("finite");
    let x = shipped::test_digits::<f64>().expect("the data read").x;
    let refusal = |l, width, x: &Matrix<f64>| truncate_on_data(&network, l, width, x).unwrap_err();
    let none = x.columns(0, 0).into_owned();
    assert_eq!(refusal(1, 5, &none), Error::NoData);
    assert!(matches!(refusal(1, 0, &x), Error::Widths { .. }));
    assert!(matches!(refusal(1, 48, &x), Error::Widths { .. }));
    assert!(matches!(
        refusal(3, 5, &x),
        Error::NoSuchLayer { layer: 3, .. }
    ));
    let short = x.rows(0, 63).into_owned();
    assert!(matches!(
        refusal(1, 5, &short),
        Error::InputLength { found: 63, .. }
    ));
}
