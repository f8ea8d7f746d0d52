//! Every cell of the experiment on a fixed set of networks, as it is kept.

use isotropic::{
    Gain,
    invariance::{self, Finding, Invariance, Plan, to_csv, to_json, to_latex, to_text},
    io::inputs::Inputs,
    linalg::Matrix,
    resize::Rule,
    scalar::{Field, Mp, Real},
};

use crate::support::{
    self,
    snapshot::{compare, exactly},
};

fn found<S: Real>(widths: &[usize], gain: Gain<S>, labelled: bool) -> Invariance {
    let network = support::network::<S>(widths, gain, 11);
    let count = 6;
    let columns: Vec<S> = (0..count)
        .flat_map(|seed| support::input(widths[0], 80 + seed))
        .collect();
    let x = Matrix::from_vec(widths[0], count as usize, columns);
    let outputs = widths[widths.len() - 1];
    let labels = labelled.then(|| (0..count as usize).map(|k| k % outputs).collect());
    let hidden: Vec<usize> = network.hidden().collect();
    let plan = Plan {
        changes: vec![3, 1, 0, -1, -2, -3, -4],
        rules: Rule::ALL.to_vec(),
        seed: 5,
        hidden,
    };
    invariance::run(&network, &Inputs::of(x, labels), &plan).expect("it runs")
}

fn cells(all: &Invariance, lines: &mut Vec<String>) {
    for table in &all.tables {
        let name = format!("{} {:?} layer {}", all.scalar, all.widths, table.layer);
        lines.push(format!(
            "{name}: {} free; {}",
            table.free,
            Finding::of(all, table).sentence()
        ));
        for row in &table.rows {
            lines.push(format!(
                "{name} {:+}: removed {} floor {}",
                row.change,
                exactly(&row.removed),
                exactly(&row.floor)
            ));
            for cell in &row.cells {
                let margin = cell.margin.as_ref().map(exactly);
                // Divergences take exponentials, whose last digit differs between systems at 53 bits.
                lines.push(format!(
                    "{name} {:+} {}: right {:?} ε {} KL {:.6e} largest {} bound {} ratio {} labels {:?} {margin:?}",
                    row.change,
                    cell.rule.name(),
                    cell.right,
                    exactly(&cell.epsilon),
                    cell.divergence.to_f64(),
                    exactly(&cell.largest),
                    exactly(&cell.bound),
                    exactly(&cell.ratio),
                    cell.unchanged,
                ));
            }
        }
    }
}

#[test]
fn cells_are_as_kept() {
    let mut lines = vec![];
    cells(
        &found::<Mp<128>>(&[3, 5, 4, 3], Gain::Tanh, true),
        &mut lines,
    );
    cells(
        &found::<Mp<64>>(&[4, 6, 3, 5, 2], Gain::Algebraic, true),
        &mut lines,
    );
    cells(
        &found::<Mp<256>>(&[2, 4, 1], Gain::Rational, false),
        &mut lines,
    );
    cells(
        &found::<f64>(&[2, 6, 5, 4], Gain::Rational, true),
        &mut lines,
    );
    let network = support::network::<f64>(&[2, 6, 5, 4], Gain::Rational, 11);
    lines.push(format!("curve {:?}", invariance::curve(&network, &[1, 2])));
    // Of no layer there is no curve.
    assert_eq!(invariance::curve(&network, &[]), Ok(vec![]));
    lines.push(format!(
        "ends {:?}",
        invariance::ends_of_free(&network, &[1, 2])
    ));
    compare("invariance-cells", &lines);
}

#[test]
fn tables_are_as_kept() {
    let all = found::<Mp<128>>(&[3, 5, 4, 3], Gain::Linear, true);
    let mut lines = vec![];
    for text in [to_text(&all), to_csv(&all), to_latex(&all)] {
        lines.extend(text.lines().map(str::to_owned));
    }
    let json = serde_json::to_string_pretty(&to_json(&all)).expect("it writes");
    lines.extend(json.lines().map(str::to_owned));
    compare("invariance-tables", &lines);
}
