//! What `prune` has to say: lines, a table, JSON.

use serde_json::{Value, json};

use crate::{
    certificate::Labels,
    cli::short,
    network::Network,
    prune::{Measured, Pruned},
    scalar::Real,
};

fn dashed(widths: &[usize]) -> String {
    let shown: Vec<String> = widths.iter().map(usize::to_string).collect();
    shown.join("-")
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole as f64)
}

/// What a pruned network is, in lines.
pub(super) fn facts<S: Real>(before: &Network<S>, found: &Pruned<S>) -> String {
    let measured = &found.measured;
    let whole = before.parameter_count();
    let mut text = format!(
        "parameters: {whole} -> {} ({})\nwidths: {} -> {}\nerror on {} rows it never saw: root mean square {}, worst {}; \
         the outputs spread by {}\n",
        found.parameters,
        percent(found.parameters, whole),
        dashed(&before.widths()),
        dashed(&found.network.widths()),
        measured.rows,
        short(&measured.rms),
        short(&measured.worst),
        short(&measured.spread),
    );
    if let Some(bound) = found.certified {
        text += &format!("certified bound: |y - y'| <= {}\n", short(&bound));
    }
    if let Some(labels) = measured.labels {
        if let Some((right, now)) = labels.right {
            text += &format!(
                "accuracy on them: {} before, {} now\n",
                percent(right, measured.rows),
                percent(now, measured.rows)
            );
        }
        text += &format!("labels changed: {} of {}\n", labels.changed, measured.rows);
    }
    text
}

/// The trade-off, one network a line.
pub(super) fn table<S: Real>(found: &[Pruned<S>], before: usize) -> String {
    let accuracies = found.iter().any(|found| {
        found
            .measured
            .labels
            .is_some_and(|labels| labels.right.is_some())
    });
    let labelled = found.iter().any(|found| found.measured.labels.is_some());
    let mut rows = vec![vec![
        "parameters".to_string(),
        "of all".into(),
        "widths".into(),
    ]];
    rows[0].extend(["error".into(), "relative".into(), "worst".into()]);
    if labelled {
        rows[0].push("labels changed".into());
    }
    if accuracies {
        rows[0].push("accuracy".into());
    }
    for found in found {
        let measured = &found.measured;
        let mut row = vec![
            found.parameters.to_string(),
            percent(found.parameters, before),
            dashed(&found.network.widths()),
            short(&measured.rms),
            short(&measured.relative()),
            short(&measured.worst),
        ];
        if let Some(labels) = measured.labels {
            row.push(labels.changed.to_string());
            if let Some((_, right)) = labels.right {
                row.push(percent(right, measured.rows));
            }
        }
        rows.push(row);
    }
    let columns = rows[0].len();
    let widest = |c: usize| {
        rows.iter()
            .filter_map(|row| row.get(c))
            .map(String::len)
            .max()
    };
    let widths: Vec<usize> = (0..columns).map(|c| widest(c).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:>width$}"));
        text += &format!("{}\n", cells.collect::<Vec<_>>().join("  "));
    }
    text
}

pub(super) fn measured_json<S: Real>(found: &Pruned<S>) -> Value {
    let Measured {
        rows,
        rms,
        worst,
        spread,
        labels,
    } = found.measured;
    let right = labels.and_then(|labels| labels.right);
    json!({
        "parameters": found.parameters,
        "widths": found.network.widths(),
        "rows": rows,
        "error": rms,
        "relative_error": found.measured.relative(),
        "worst_error": worst,
        "spread": spread,
        "labels_changed": labels.map(|labels| labels.changed),
        "right_before": right.map(|(before, _)| before),
        "right": right.map(|(_, now)| now),
        "certified_bound": found.certified,
    })
}

pub(super) fn whole_json<S: Real>(
    found: &Pruned<S>,
    before: usize,
    labels: Option<&Labels>,
    floor: f64,
) -> Value {
    let mut value = measured_json(found);
    if let Value::Object(map) = &mut value {
        map.insert("within".into(), json!(true));
        map.insert("parameters_before".into(), json!(before));
        map.insert("floor".into(), json!(floor));
        map.insert(
            "unseen_labels".into(),
            labels.map_or(Value::Null, |labels| {
                json!({
                    "inputs": labels.inputs,
                    "certified_unchanged": labels.unchanged,
                    "certified_changed": labels.changed,
                    "smallest_margin": labels.margin.is_finite().then_some(labels.margin),
                    "smallest_margin_at": labels.at,
                })
            }),
        );
    }
    value
}
