//! τ of `proofs/tau.md`, on a grid.

use isotropic::{
    Gain,
    scalar::{Field, Interval, Rational},
};

type Narrow = Interval<f64>;

/// (1) of `proofs/tau.md` for o and s on a grid: (γ + 2g's²)² + 4τ²g'²s² ≤ g(o)², with τ² times `factor`.
fn tau_holds(factor: f64) -> Result<(), String> {
    for name in ["tanh", "algebraic", "rational", "rational-tanh"] {
        let gain: Gain<Narrow> = Gain::from_name(name, None).expect("a gain");
        let tau_squared = gain.tau_squared().expect("proved") * Narrow::from_f64(factor);
        for o in (0..40).map(|k| Narrow::from_f64(0.2 * f64::from(k))) {
            for s in (1..200).map(|k| Narrow::from_f64(0.03 * f64::from(k))) {
                let squared = s.square();
                let r = squared.clone() + &o;
                let (gamma, slope) = (gain.enclose(&r), gain.enclose_derivative(&r));
                let two = Narrow::from_int(2);
                let radial = gamma + two.clone() * &slope * &squared;
                let across = Narrow::from_int(4) * &tau_squared * slope.square() * squared;
                let (left, right) = (radial.square() + across, gain.enclose(&o).square());
                if left.lo() > right.hi() {
                    return Err(format!("{name}, o = {o}, s = {s}: {left} > {right}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn tau_is_a_lipschitz_weight_and_no_larger_one_is() {
    tau_holds(1.0).expect("proved");
    tau_holds(1.02).expect_err("τ a hundredth larger");
}

#[test]
fn tau_squared_is_three_halves_over_d() {
    for name in ["tanh", "algebraic", "rational", "rational-tanh"] {
        let gain: Gain<Narrow> = Gain::from_name(name, None).expect("a gain");
        let d: f64 = Gain::<f64>::from_name(name, None)
            .expect("a gain")
            .d()
            .expect("finite");
        let product = gain.tau_squared().expect("proved") * Narrow::from_f64(d);
        let three_halves = Rational::ratio(3, 2).expect("a ratio");
        assert!(
            (product.to_f64() - three_halves.to_f64()).abs() < 1e-15,
            "{name}"
        );
    }
}
