//! What a report says of a network: its spectra, its zeros in each gauge, and what removals do to it.
//! Computed in f64.

use num_traits::Zero;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::{
    error::Error,
    gauge::{Gauge, diagonalise},
    invariance::{self, Invariance, Plan},
    io::inputs::Inputs,
    linalg::{Matrix, singular_values},
    network::Network,
    resize::{Rule, compress},
};

/// Removals measured in each layer: enough for a curve.
const CUTS: i64 = 24;

/// Inputs on which removals are measured.
const INPUTS: usize = 60;

/// Everything a report says of one network.
#[derive(Clone, Debug)]
pub struct Portrait {
    /// What the network is called.
    pub name: String,
    /// The gain's name.
    pub gain: String,
    /// What the removals were measured on.
    pub inputs: String,
    /// One for each hidden layer.
    pub spectra: Vec<Spectrum>,
    /// The same function in other gauges and widths.
    pub forms: Vec<Form>,
    /// Removals from each hidden layer.
    pub removals: Invariance,
}

/// The singular values of one hidden layer.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// l.
    pub layer: usize,
    /// n_l of them, in falling order, zero-padded: those of \[W_l ψ_l\], of W_1 for l = 1.
    pub sigma: Vec<f64>,
}

impl Spectrum {
    /// The matrix, as the theory writes it.
    pub fn matrix(&self) -> &'static str {
        if self.layer == 1 { "W₁" } else { "[W ψ]" }
    }
}

/// One way of writing the network.
#[derive(Clone, Debug)]
pub struct Form {
    /// Which.
    pub name: &'static str,
    /// n₀ … n_L.
    pub widths: Vec<usize>,
    /// Entries of all weights.
    pub weights: usize,
    /// Entries that are 0.
    pub zeros: usize,
    /// Entries of W, b and ψ, and the o.
    pub parameters: usize,
}

impl Portrait {
    /// The portrait of a network; without inputs, removals are measured on standard normal ones.
    ///
    /// # Errors
    /// Those of the operations it goes through.
    pub fn of(
        name: &str,
        network: &Network<f64>,
        inputs: Option<&Inputs<f64>>,
    ) -> Result<Self, Error> {
        let (inputs, what) = match inputs {
            Some(inputs) => {
                let inputs = inputs.rows(0..INPUTS);
                let what = format!("{} of the test inputs", inputs.lines.len());
                (inputs, what)
            }
            None => (normal(network), format!("{INPUTS} standard normal inputs")),
        };
        let spectrum = |l| {
            let layer = network.layer(l);
            let mut sigma = singular_values(&layer.augmented())?;
            sigma.resize(layer.width(), 0.0);
            Ok(Spectrum { layer: l, sigma })
        };
        Ok(Portrait {
            name: name.into(),
            gain: network.gain().name().into(),
            inputs: what,
            spectra: network
                .hidden()
                .map(spectrum)
                .collect::<Result<_, Error>>()?,
            forms: forms(network)?,
            removals: removals(network, &inputs)?,
        })
    }
}

fn normal(network: &Network<f64>) -> Inputs<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let inputs = network.layer(1).weight.ncols();
    let x = Matrix::from_fn(inputs, INPUTS, |_, _| rng.sample(StandardNormal));
    Inputs::of(x, None)
}

/// Removals from each hidden layer at evenly spaced cuts.
fn removals(network: &Network<f64>, inputs: &Inputs<f64>) -> Result<Invariance, Error> {
    let widest = network.hidden().map(|l| network.layer(l).width()).max();
    let most = widest.unwrap_or(1) as i64 - 1;
    let step = (most / CUTS).max(1);
    let hidden: Vec<usize> = network.hidden().collect();
    let mut changes: Vec<i64> = (1..=most / step).map(|i| -i * step).collect();
    // A cliff lies between two evenly spaced cuts.
    let ends = invariance::ends_of_free(network, &hidden)?;
    changes.extend(ends.into_iter().filter(|change| *change < 0));
    changes.sort_unstable_by_key(|change| -change);
    changes.dedup();
    let plan = Plan {
        hidden,
        changes,
        rules: vec![Rule::Both],
        seed: 0,
    };
    invariance::run(network, inputs, &plan)
}

fn forms(network: &Network<f64>) -> Result<Vec<Form>, Error> {
    let mut forms = vec![Form::of("as given", network)];
    if network.depth() > 2 {
        let alternate = diagonalise(network, Gauge::Alternate, &[])?;
        forms.push(Form::of("alternate diagonalisation", &alternate));
    }
    if network.depth() > 1 {
        let triangular = diagonalise(network, Gauge::Triangular, &[])?;
        forms.push(Form::of("triangular gauge", &triangular));
        let compressed = compress(network)?.network;
        forms.push(Form::of("width ceiling", &compressed));
        let both = diagonalise(&compressed, Gauge::Triangular, &[])?;
        forms.push(Form::of("width ceiling, triangular", &both));
    }
    Ok(forms)
}

impl Form {
    fn of(name: &'static str, network: &Network<f64>) -> Self {
        let weights = || {
            network
                .layers()
                .iter()
                .flat_map(|layer| layer.weight.iter())
        };
        Form {
            name,
            widths: network.widths(),
            weights: weights().count(),
            zeros: weights().filter(|x| x.is_zero()).count(),
            parameters: network.parameter_count(),
        }
    }
}
