//! Neurons go, and a certificate says what that may change: rigorously, from the two files alone.
//!
//! ```text
//! cargo run --release --example certified_prune
//! ```

use std::fs;

use isotropic::{
    certificate::{Region, certify, observe},
    io::{ReadOptions, WriteOptions, read_network, shipped, write_network},
    network::Network,
    resize::{Outgoing, resize},
    scalar::{Field, Rational},
};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A network trained on real digits, and twenty digits that it has not seen.
    let stored = shipped::networks()?.swap_remove(0);
    let network: Network<f64> = stored.network()?;
    let digits = shipped::test_digits::<f64>()?.rows(0..20);

    // 48-32 hidden neurons become 40-28: the directions of the smallest singular values go, what they had of
    // bias is absorbed by o and ψ.
    let pruned = resize(&network, &[64, 40, 28, 10], Outgoing::Zero, 0)?.network;

    // The certificate is about files: what is written is what is read again.
    let folder = std::env::temp_dir().join(format!("isotropic-prune-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let file = folder.join("pruned.yaml");
    write_network(&file, &pruned, &WriteOptions::default())?;
    let read = read_network(&file, &ReadOptions::default());
    fs::remove_dir_all(&folder)?;
    let after = read?;

    let inputs: Vec<Vec<f64>> = digits
        .x
        .column_iter()
        .map(|x| x.iter().copied().collect())
        .collect();
    let exact = |x: &Vec<f64>| {
        x.iter()
            .map(Field::to_rational)
            .collect::<Option<Vec<Rational>>>()
    };
    let exact: Vec<Vec<Rational>> = inputs.iter().filter_map(exact).collect();
    let certified = certify::<f64>(&stored, &after, &Region::Inputs(exact), None)?;
    let observed = observe::largest((&network, &after.network::<f64>()?), &inputs);

    println!("{:?} -> {:?}", network.widths(), pruned.widths());
    println!(
        "certified |y - y'| <= {:.3e} for these 20 digits, observed {observed:.3e}",
        certified.bound()
    );
    if let Some(labels) = &certified.labels {
        println!("labels certified unchanged: {} of 20", labels.unchanged);
    }

    assert!(observed <= certified.bound(), "a certified bound holds");
    assert!(
        certified.bound() < 2.0 * observed,
        "and it is not loose on given inputs"
    );
    Ok(())
}
