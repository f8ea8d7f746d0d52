//! How long an unused direction takes to fall below the scaffold threshold (THEORY F9): an estimate.

use super::{Optimiser, Plan};
use crate::scalar::Field;

/// Epochs until a direction of size `size` that the loss does not look at has decayed below `threshold`; `None` if it never
/// does within a million epochs, as without decay.
///
/// One step multiplies it by 1 - ηλ, η by the schedule; with momentum by the larger root of ρ² - (1 + μ - ηλ) ρ + μ = 0 (coupled
/// heavy ball) or ρ² - (1+μ)(1-ηλ) ρ + μ(1-ηλ) = 0 (Nesterov). Put ρ = 1 - ε: both are ε(1-μ) = ηλ to first order, so that
/// 1 - ηλ/(1-μ) is taken for both, for ηλ ≪ (1-√μ)² and ηλ ≪ ((1-μ)/(1+μ))², where the roots become complex.
pub fn epochs_to_fall<S: Field>(
    plan: &Plan<S>,
    steps: u64,
    size: f64,
    threshold: f64,
) -> Option<u64> {
    if size <= threshold {
        return Some(0);
    }
    let decay = plan.descent.weight_decay.to_f64();
    let slowed = match &plan.descent.optimiser {
        Optimiser::Momentum { mu } | Optimiser::Nesterov { mu } => 1.0 - mu.to_f64(),
        Optimiser::Sgd
        | Optimiser::Muon { .. }
        | Optimiser::AdamTensor { .. }
        | Optimiser::AdamW { .. } => 1.0,
    };
    let strength = plan.rate.to_f64() * decay / slowed;
    if strength <= 0.0 || threshold <= 0.0 {
        return None;
    }
    let total = plan.epochs.saturating_mul(steps);
    let mut left = (size / threshold).ln();
    // By whole epochs: the last one counts.
    for epoch in 0..1_000_000u64 {
        if epoch > plan.epochs && plan.schedule != super::Schedule::Constant {
            return None;
        }
        for step in 0..steps {
            let factor = plan.schedule.factor(epoch * steps + step, total);
            left += (-(strength * factor).min(1.0)).ln_1p();
            if left <= 0.0 {
                return Some(epoch + 1);
            }
        }
    }
    None
}
