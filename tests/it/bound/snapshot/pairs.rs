//! Bounds on the difference of two networks.

use isotropic::{
    Network,
    bound::{
        Embedding, Relation, difference_at, difference_over_ball, difference_over_ball_by,
        difference_with, enclose,
    },
    certificate::fingerprint,
    scalar::{Enclosure, Field},
};

use super::{images, inputs, networks, said};
use crate::support::snapshot::{compare, ends, exactly};

pub fn of_relation(relation: &Relation) -> String {
    match relation {
        Relation::Unrelated => "unrelated".into(),
        Relation::Embedded(embedding) => {
            let maps = format!(
                "{:?}",
                embedding
                    .maps
                    .iter()
                    .map(|map| (
                        map.matrix
                            .as_ref()
                            .map(|m| m.iter().map(exactly).collect::<Vec<_>>()),
                        map.shift.iter().map(exactly).collect::<Vec<_>>(),
                    ))
                    .collect::<Vec<_>>()
            );
            format!("embedded {}", &fingerprint(maps.as_bytes())[..8])
        }
    }
}

fn of_pairs(lines: &mut Vec<String>) {
    for (name, network) in networks::<f64>() {
        let a: Network<Enclosure> = enclose(&network).expect("in range");
        for (what, image, suggested) in images(&network) {
            let b: Network<Enclosure> = enclose(&image).expect("in range");
            let name = format!("{name}, {what}");
            let at: Vec<String> = inputs(&a)
                .iter()
                .map(|x| said(difference_at(&a, &b, x), ends))
                .collect();
            lines.push(format!("{name}: at inputs {}", at.join(" ")));
            for radius in [0.5, 4.0] {
                let ball = Enclosure::from_f64(radius);
                let found = difference_over_ball(&a, &b, &ball).expect("fits");
                lines.push(format!(
                    "{name}, radius {radius}: {} {}",
                    ends(&found.difference),
                    of_relation(&found.relation)
                ));
                let back = said(difference_over_ball(&b, &a, &ball), |x| ends(&x.difference));
                lines.push(format!("{name}, radius {radius}: backwards {back}"));
                let by = said(difference_over_ball_by(&a, &b, &ball, &suggested), |x| {
                    ends(&x.difference)
                });
                lines.push(format!("{name}, radius {radius}: by its own {by}"));
                let inclusion = Relation::Embedded(Embedding::inclusion(&b.widths()));
                for relation in [&Relation::Unrelated, &inclusion, &found.relation] {
                    let by = said(difference_with(&a, &b, &ball, relation), ends);
                    lines.push(format!(
                        "{name}, radius {radius}: {} {by}",
                        of_relation(relation)
                    ));
                }
            }
        }
    }
}

#[test]
fn differences_are_as_kept() {
    let mut lines = vec![];
    of_pairs(&mut lines);
    compare("bound-differences", &lines);
}
