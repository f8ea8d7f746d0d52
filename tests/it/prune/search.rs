//! The search over widths, against all of them.

use std::env;

use isotropic::{
    Gain, Network,
    certificate::{Region, certify},
    io::{WriteOptions, as_written, inputs::Inputs, shipped},
    linalg::Matrix,
    network::{evaluate, evaluate_batch},
    prune::{
        Budget, Cuts, Outcome, PruneError, Pruned, Rows, Settled, parameters, prune,
        smallest_within, tradeoff,
    },
    resize::{Outgoing, compress, resize_on_data},
    scalar::{Field, Mp, Rational},
};

use super::{inputs, network};

fn rms(a: &Network<f64>, b: &Network<f64>, x: &Matrix<f64>) -> f64 {
    let apart = evaluate_batch(a, x).expect("finite") - evaluate_batch(b, x).expect("finite");
    apart.norm() / (x.ncols() as f64).sqrt()
}

fn pruned(network: &Network<f64>, rows: &Rows<f64>, budget: Budget) -> Pruned<f64> {
    match outcome(network, rows, budget).expect("searches") {
        Outcome::Within(found) => found,
        Outcome::Unreachable(nearest) => panic!("{budget:?}: {:?}", nearest.measured),
    }
}

fn outcome(
    network: &Network<f64>,
    rows: &Rows<f64>,
    budget: Budget,
) -> Result<Outcome<f64>, PruneError> {
    prune(
        network,
        rows,
        &budget,
        &mut |network| Ok(Settled::of(network)),
        &|_| (),
    )
}

/// The fewest parameters at any widths with an error within the limit, on the rows that choose; all are tried.
fn exhaustive(cuts: &mut Cuts<f64>, ceilings: &[usize], limit: f64) -> usize {
    let widths = cuts.network().widths();
    let mut hidden = vec![1; ceilings.len()];
    let mut best = usize::MAX;
    loop {
        if cuts.error(&hidden).expect("cuts") <= limit {
            let mut all = widths.clone();
            all[1..=hidden.len()].copy_from_slice(&hidden);
            best = best.min(parameters(&all));
        }
        // The next one, the last layer first.
        let Some(l) = (0..hidden.len()).rev().find(|&l| hidden[l] < ceilings[l]) else {
            return best;
        };
        hidden[l] += 1;
        hidden[l + 1..].fill(1);
    }
}

/// Ratio of the parameters found to the fewest there are.
fn ratio(network: &Network<f64>, rows: &Rows<f64>, share: f64) -> f64 {
    let mut cuts = Cuts::new(network, rows.fit.clone(), rows.choose.clone()).expect("evaluates");
    let widths = compress(network).expect("converges").network.widths();
    let ceilings = &widths[1..widths.len() - 1];
    let least = cuts.error(&vec![1; ceilings.len()]).expect("cuts");
    let limit = share * least;
    // Found first, so that nothing is known to it.
    let found = smallest_within(&mut cuts, ceilings, limit, &|_| ())
        .expect("cuts")
        .expect("fits");
    assert!(cuts.error(&found).expect("cuts") <= limit);
    let tried = cuts.made();
    let mut all = widths.clone();
    all[1..=found.len()].copy_from_slice(&found);
    let best = exhaustive(&mut cuts, ceilings, limit);
    let ratio = parameters(&all) as f64 / best as f64;
    println!(
        "{share}: {found:?}, {} parameters of {best}, {tried} cuts of {}",
        parameters(&all),
        cuts.made()
    );
    assert!(ratio >= 1.0);
    ratio
}

#[test]
fn the_search_finds_nearly_the_fewest_parameters_there_are() {
    let three = network::<f64>(&[5, 8, 7, 6, 3], Gain::Tanh, 1);
    let two = network::<f64>(&[6, 10, 9, 4], Gain::Algebraic, 2);
    for network in [&three, &two] {
        let data = Inputs::of(inputs::<f64>(network.widths()[0], 90), None);
        let rows = Rows::split(&data, Some(15), 0).expect("enough");
        for share in [0.5, 0.1, 0.02] {
            assert!(ratio(network, &rows, share) <= 1.1);
        }
    }
}

/// `make campaign`: every one of 1536 pairs of widths of the smaller shipped network.
#[test]
fn on_the_shipped_network_the_search_finds_nearly_the_fewest_parameters() {
    if env::var_os("ISOTROPIC_CAMPAIGN").is_none() {
        return;
    }
    let rows =
        Rows::split(&shipped::digits::<f64>().expect("reads"), Some(360), 0).expect("enough");
    let network = shipped::networks().expect("read")[0]
        .network::<f64>()
        .expect("finite");
    for share in [0.2, 0.05, 0.01, 0.002] {
        assert!(ratio(&network, &rows, share) <= 1.1);
    }
}

/// Few digits, to be quick; `ISOTROPIC_CAMPAIGN=1` takes all and both networks.
#[test]
fn a_pruned_network_errs_less_than_one_resized_on_the_same_data() {
    let whole = env::var_os("ISOTROPIC_CAMPAIGN").is_some();
    let digits = shipped::digits::<f64>().expect("reads");
    let data = if whole {
        digits
    } else {
        digits.rows(1197..1797)
    };
    let rows = Rows::split(&data, Some(data.lines.len() / 5), 0).expect("enough");
    let seen: Vec<f64> = [rows.fit.as_slice(), rows.choose.as_slice()].concat();
    let seen = Matrix::from_vec(64, seen.len() / 64, seen);
    let networks = shipped::networks().expect("read");
    for stored in &networks[..if whole { 2 } else { 1 }] {
        let network = stored.network::<f64>().expect("finite");
        for limit in if whole {
            vec![0.02, 0.1, 0.5]
        } else {
            vec![0.1]
        } {
            let found = pruned(&network, &rows, Budget::Error { limit });
            assert!(found.measured.rms <= limit);
            // Two sums of as many squares as there are outputs.
            let again = rms(&network, &found.network, &rows.unseen);
            let terms = 10.0 * rows.unseen.ncols() as f64;
            assert!((found.measured.rms - again).abs() <= 2.0 * terms * f64::EPSILON * again);
            let widths = found.network.widths();
            let resized =
                resize_on_data(&network, &widths, &seen, Outgoing::Zero, 0).expect("cuts");
            let other = rms(&network, &resized.network, &rows.unseen);
            println!(
                "{} within {limit}: {widths:?}, {} of {} parameters, error {:.4}; resize --data {other:.4}",
                stored.file(),
                found.parameters,
                network.parameter_count(),
                found.measured.rms
            );
            assert!(found.measured.rms < other, "{widths:?}");
        }
    }
}

#[test]
fn every_budget_is_kept() {
    let network = network::<f64>(&[5, 9, 8, 4], Gain::Tanh, 1);
    let x = inputs::<f64>(5, 120);
    // The labels are its own: every one is right before.
    let y = evaluate_batch(&network, &x).expect("finite");
    let labels = (0..120).map(|j| y.column(j).argmax().0).collect();
    let rows = Rows::split(&Inputs::of(x, Some(labels)), None, 3).expect("enough");
    assert_eq!(
        (rows.unseen.ncols(), rows.choose.ncols(), rows.fit.ncols()),
        (24, 20, 76)
    );
    let before = network.parameter_count();
    let by_error = pruned(&network, &rows, Budget::Error { limit: 0.05 });
    assert!(by_error.measured.rms <= 0.05 && by_error.parameters < before);
    let looser = pruned(&network, &rows, Budget::Error { limit: 0.2 });
    assert!(looser.parameters <= by_error.parameters);
    let relative = pruned(&network, &rows, Budget::Relative { limit: 0.1 });
    assert!(relative.measured.rms <= 0.1 * relative.measured.spread);
    for share in [0.8, 0.4] {
        let kept = pruned(&network, &rows, Budget::Keep { share });
        assert!(kept.parameters as f64 <= share * before as f64);
    }
    let same = pruned(&network, &rows, Budget::UnchangedLabels);
    let counted = same.measured.labels.expect("four outputs");
    assert_eq!((counted.changed, counted.right), (0, Some((24, 24))));
    let dropped = pruned(&network, &rows, Budget::AccuracyDrop { points: 20.0 });
    assert!(dropped.measured.accuracy_drop().expect("labels") <= 20.0);
    assert!(dropped.parameters <= same.parameters);
    // The same seed gives the same bits.
    let again = pruned(&network, &rows, Budget::Error { limit: 0.05 });
    assert!(again.network.parameters().eq(by_error.network.parameters()));
}

#[test]
fn a_budget_out_of_reach_gives_the_nearest() {
    let network = network::<f64>(&[3, 3, 2], Gain::Tanh, 1);
    let rows = Rows::split(&Inputs::of(inputs(3, 40), None), None, 0).expect("enough");
    let nearest = |budget| match outcome(&network, &rows, budget).expect("searches") {
        Outcome::Unreachable(nearest) => nearest,
        Outcome::Within(found) => panic!("{:?}", found.network.widths()),
    };
    // Three neurons of three inputs are all needed; without one the error is least.
    assert_eq!(
        nearest(Budget::Error { limit: 0.0 }).network.widths(),
        [3, 2, 2]
    );
    assert_eq!(
        nearest(Budget::Keep { share: 0.01 }).network.widths(),
        [3, 1, 2]
    );
}

#[test]
fn budgets_that_make_no_sense_are_refused() {
    let one = network::<f64>(&[3, 3, 1], Gain::Tanh, 1);
    let two = network::<f64>(&[3, 3, 2], Gain::Tanh, 1);
    let rows = Rows::split(&Inputs::of(inputs(3, 40), None), None, 0).expect("enough");
    let refused = |network, budget| outcome(network, &rows, budget).expect_err("refused");
    assert_eq!(
        refused(&one, Budget::UnchangedLabels),
        PruneError::OneOutput
    );
    assert_eq!(
        refused(&two, Budget::AccuracyDrop { points: 1.0 }),
        PruneError::NoLabels
    );
    for budget in [
        Budget::Error { limit: -1.0 },
        Budget::Relative { limit: f64::NAN },
        Budget::Keep { share: 0.0 },
        Budget::Keep { share: 1.5 },
        Budget::AccuracyDrop { points: -2.0 },
    ] {
        assert!(
            matches!(refused(&two, budget), PruneError::Budget { .. }),
            "{budget:?}"
        );
    }
    let few = |rows: usize, held_out| {
        let data: Inputs<f64> = Inputs::of(inputs(3, rows), None);
        Rows::split(&data, held_out, 0).map(|_| ())
    };
    assert_eq!(few(3, None), Ok(()));
    for (rows, held_out) in [(2, None), (10, Some(0)), (10, Some(9)), (10, Some(11))] {
        assert!(
            matches!(few(rows, held_out), Err(PruneError::Rows { .. })),
            "{rows}"
        );
    }
}

#[test]
fn the_trade_off_falls_on_both_sides() {
    let network = network::<f64>(&[5, 9, 8, 4], Gain::Tanh, 1);
    let rows = Rows::split(&Inputs::of(inputs(5, 100), None), None, 0).expect("enough");
    let settle = &mut |network| Ok::<_, PruneError>(Settled::of(network));
    let found = tradeoff(&network, &rows, settle, &|_| ()).expect("cuts");
    assert!(found.len() > 4);
    assert_eq!(found.last().expect("some").network.widths(), [5, 1, 1, 4]);
    for pair in found.windows(2) {
        assert!(pair[0].parameters > pair[1].parameters);
        assert!(pair[0].measured.rms < pair[1].measured.rms);
    }
}

#[test]
fn labels_certified_unchanged_are_so_at_256_bits() {
    let digits = shipped::digits::<f64>().expect("reads").rows(1497..1797);
    let rows = Rows::split(&digits, Some(60), 0).expect("enough");
    let stored = &shipped::networks().expect("read")[0];
    let network = stored.network::<f64>().expect("finite");
    let found = pruned(&network, &rows, Budget::Error { limit: 0.5 });
    let options = WriteOptions::default();
    let written =
        as_written("small.safetensors".as_ref(), &found.network, &options).expect("encodes");
    let exact: Vec<Vec<Rational>> = (0..60)
        .map(|j| {
            rows.unseen
                .column(j)
                .iter()
                .map(|x| Rational::from_f64(*x))
                .collect()
        })
        .collect();
    let labels = certify::<f64>(stored, &written, &Region::Inputs(exact.clone()), None)
        .expect("evaluates")
        .labels
        .expect("ten outputs");
    let wide = |n: isotropic::Network<Mp<256>>, x: &[Rational]| {
        let x: Vec<Mp<256>> = x.iter().map(Mp::from_rational).collect();
        let y = evaluate(&n, &x).expect("finite");
        (0..y.len()).fold(0, |best, i| if y[i] > y[best] { i } else { best })
    };
    let same = exact.iter().filter(|x| {
        wide(stored.network().expect("finite"), x) == wide(written.network().expect("finite"), x)
    });
    let same = same.count();
    println!(
        "{} of {} certified, {same} the same",
        labels.unchanged, labels.inputs
    );
    assert!(labels.unchanged <= same && same <= 60 - labels.changed);
    assert_eq!(labels.undecided(), 0, "256 bits decide");
}
