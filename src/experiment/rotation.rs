//! What turning the layers does to a training that goes on: exactly nothing for optimisers that commute with rotations, and for
//! AdamW what its second moments make of it.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{
    Activation, Data, Experiment, Fit, Paired, Recipe, Table, Told, Verdict, columns, mean,
    standard_error,
};
use crate::{
    learning::{AdamRotation, Optimiser, TrainingError},
    linalg::{Matrix, frobenius, haar},
    network::gradient::{Loss, loss, outputs},
};

/// `experiments/rotation.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hidden widths.
    pub hidden: Vec<usize>,
    /// The rate of heavy ball, μ = 0.9.
    pub momentum: f64,
    /// The rate of Adam with one second moment a tensor.
    pub adam_tensor: f64,
    /// The rate of Muon.
    pub muon: f64,
    /// The rate of AdamW.
    pub adamw: f64,
    /// Epochs before the turn, the shortest first.
    pub epochs: Vec<u64>,
    /// Epochs after it.
    pub after: u64,
    /// Rows in a batch.
    pub batch: usize,
}

/// What is measured of each way: how far outputs are from those of the training without a turn, and what loss and accuracy
/// are, turned and not.
const NUMBERS: usize = 5;

impl Settings {
    fn ways(&self) -> Vec<(&'static str, Optimiser<f64>, f64)> {
        let diagonal = match Optimiser::adamw() {
            Optimiser::AdamW { betas, epsilon, .. } => Optimiser::AdamW {
                betas,
                epsilon,
                rotation: AdamRotation::Diagonal,
            },
            other => other,
        };
        vec![
            ("heavy ball", Optimiser::Momentum { mu: 0.9 }, self.momentum),
            (
                "Adam, one second moment a tensor",
                Optimiser::adam_tensor(),
                self.adam_tensor,
            ),
            ("Muon", Optimiser::muon(0.9), self.muon),
            ("AdamW, second moments kept", Optimiser::adamw(), self.adamw),
            ("AdamW, (R∘R) v", diagonal, self.adamw),
        ]
    }
}

impl Experiment for Settings {
    fn measure(&self, data: &Data, seed: u64, told: Told<'_>) -> Result<Vec<f64>, TrainingError> {
        let mut widths = vec![data.inputs()];
        widths.extend(&self.hidden);
        widths.push(data.classes);
        let mut found = vec![];
        for &epochs in &self.epochs {
            for (name, optimiser, rate) in self.ways() {
                let mut recipe = Recipe::new(optimiser.clone(), rate, epochs + self.after);
                recipe.plan.batch = Some(self.batch);
                let mut plain = Fit::new(&widths, Activation::Isotropic, &recipe, seed)?;
                plain.train(&data.train, epochs)?;
                let mut turned = plain.clone();
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                for (l, width) in (1..).zip(&self.hidden) {
                    let r: Matrix<f64> = haar(*width, &mut rng);
                    turned.trainee.rotate(l, &r, &optimiser)?;
                }
                let y = [&mut plain, &mut turned].map(|fit| {
                    fit.train(&data.train, self.after)?;
                    Ok::<_, TrainingError>(outputs(fit.trainee.network(), &data.test.x)?)
                });
                let [y, z] = y;
                let (y, z) = (y?, z?);
                let differ = frobenius(&(y.clone() - &z)) / frobenius(&y);
                told(&format!(
                    "{epochs} epochs, {name}: outputs differ by {differ:.1e}"
                ));
                found.push(differ);
                for y in [&y, &z] {
                    found.push(1000.0 * loss(Loss::CrossEntropy, y, &data.test.targets)?);
                }
                found.push(plain.accuracy(&data.test)?);
                found.push(turned.accuracy(&data.test)?);
            }
        }
        Ok(found)
    }

    fn tables(&self, found: &[Vec<f64>]) -> Vec<Table> {
        let mut table = Table::new(
            "every hidden layer turned, then trained on: outputs, loss and accuracy on the test rows against the same training \
             without a turn",
            &[
                "epochs before",
                "optimiser",
                "relative difference of the outputs",
                "loss, thousandths",
                "accuracy, points",
            ],
        );
        let mut columns = columns(found).into_iter();
        let (mut nearer, mut cheaper) = (vec![], vec![]);
        for &epochs in &self.epochs {
            let mut ways: Vec<[Vec<f64>; NUMBERS]> = vec![];
            for (name, ..) in self.ways() {
                let numbers: [Vec<f64>; NUMBERS] =
                    std::array::from_fn(|_| columns.next().unwrap_or_default());
                table.row([
                    epochs.to_string(),
                    name.to_string(),
                    format!(
                        "{:.1e} ± {:.0e}",
                        mean(&numbers[0]),
                        standard_error(&numbers[0])
                    ),
                    Paired::of(&numbers[2], &numbers[1]).to_string(),
                    Paired::of(&numbers[4], &numbers[3]).to_string(),
                ]);
                ways.push(numbers);
            }
            if let [.., kept, diagonal] = ways.as_slice() {
                nearer.push(Paired::of(&kept[0], &diagonal[0]).sign());
                cheaper.push(Paired::of(&kept[2], &diagonal[2]).sign());
            }
        }
        table.judge(
            "AdamW: after a turn (R∘R) v stays nearer to the training without a turn than second moments that are kept",
            Verdict::all(nearer),
        );
        table.judge(
            "AdamW: after a turn (R∘R) v has a lower loss than second moments that are kept",
            Verdict::all(cheaper),
        );
        vec![table]
    }
}
