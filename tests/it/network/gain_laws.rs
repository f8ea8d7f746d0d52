//! What the gains declare of themselves, searched for violations: one suite over every gain there is.
//!
//! Each number a gain declares is a supremum of something that can be measured at a point. The suite
//! climbs towards that supremum at 256 bits: it must not pass the declared number and must come to it.
//! Controls: a declaration that is off by a hundredth, or says "no" for "yes", is found out by name.

mod declarations;
mod derivatives;

use isotropic::{
    Gain,
    network::{Contraction, Course, Profile, Properties},
    scalar::{Field, Interval, Mp, Rational, Real},
};
use num_traits::{One, Signed, Zero};

type M = Mp<256>;

/// How near a climb comes to a supremum that is attained at 0, at ∞ or at a kink alone.
const NEAR: f64 = 1e-6;

fn int(n: i64) -> M {
    M::from_int(n)
}

fn power(e: i64) -> M {
    M::one().scale_by_power_of_two(e)
}

/// Every gain, the soft threshold with three thresholds.
fn gains() -> Vec<Gain<M>> {
    let mut gains = Gain::all(&int(1));
    for t in [0.25, 3.0] {
        gains.push(Gain::SoftThreshold {
            t: Field::from_f64(t),
        });
    }
    gains
}

/// γ, σ', dγ/dρ and g' at ρ.
struct Local {
    gamma: M,
    sigma_slope: M,
    slope: M,
    derivative: M,
}

fn local(gain: &Gain<M>, rho: &M) -> Local {
    let gamma = gain.value(&(rho.clone() * rho));
    Local {
        sigma_slope: gamma.clone() + gain.stretch(rho),
        slope: gain.slope(rho),
        derivative: gain.derivative(rho),
        gamma,
    }
}

/// γ and the radial eigenvalue γ + 2 g'(r) s² at ‖z‖ = s.
fn eigenvalues(gain: &Gain<M>, o: &M, s: &M) -> (M, M) {
    let rho = (s.clone() * s + o).sqrt();
    let Local {
        gamma, derivative, ..
    } = local(gain, &rho);
    let radial = gamma.clone() + int(2) * derivative * s * s;
    (gamma, radial)
}

/// sup f over ρ ≥ 0, from below: the best of a grid over eighty octaves, both sides of the kink among them,
/// then smaller and smaller steps from there.
fn supremum(gain: &Gain<M>, f: impl Fn(&M) -> M) -> M {
    supremum_within(40, gain, f)
}

/// The same over 2^-octaves … 2^octaves.
fn supremum_within(octaves: i32, gain: &Gain<M>, f: impl Fn(&M) -> M) -> M {
    let mut starts: Vec<M> = (-2 * octaves..=2 * octaves)
        .map(|k| Field::from_f64(2f64.powf(f64::from(k) / 2.0)))
        .collect();
    if let Some(t) = gain.threshold() {
        starts.push(t.clone() * (M::one() + power(-60)));
        starts.push(t.clone() * (M::one() - power(-60)));
    }
    let (mut at, mut best) = (int(0), f(&int(0)));
    for rho in starts {
        let found = f(&rho);
        if found > best {
            (at, best) = (rho, found);
        }
    }
    let mut step: M = Field::from_f64(0.25);
    for _ in 0..40 {
        for turn in [M::one() + &step, M::one() / (M::one() + &step)] {
            let rho = at.clone() * turn;
            let found = f(&rho);
            if found > best {
                (at, best) = (rho, found);
            }
        }
        step *= M::from_f64(0.7);
    }
    best
}

fn lengths() -> Vec<M> {
    [0.0, 1e-6, 0.3, 2.5, 1e4].map(Field::from_f64).to_vec()
}

/// What is wrong with a declaration: names, empty if nothing is.
fn violations(gain: &Gain<M>, declared: &Properties<M>) -> Vec<&'static str> {
    violations_of(gain, declared, &|_| true)
}

/// The same, of the properties with a wanted name.
fn violations_of(
    gain: &Gain<M>,
    declared: &Properties<M>,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<&'static str> {
    let mut wrong = vec![];
    let mut check = |name, holds: &dyn Fn() -> bool| {
        if wanted(name) && !holds() {
            wrong.push(name);
        }
    };
    let near = M::from_f64(NEAR);
    let slack = M::one() + power(-200);
    // Never above, and come to.
    let is = |found: &M, declared: &M| {
        *found <= declared.clone() * &slack
            && *found >= declared.clone() * (M::one() - &near) - power(-300)
    };
    // Infinite: half as much again, at least, when ρ goes from twenty octaves to forty.
    let finite_or_not = |f: &dyn Fn(&M) -> M, declared: &Option<M>| {
        let found = supremum(gain, f);
        match declared {
            Some(declared) => is(&found, declared),
            None => found > supremum_within(20, gain, f) * M::from_f64(1.5),
        }
    };
    let sup = |f: &dyn Fn(Local, &M) -> M| supremum(gain, |rho| f(local(gain, rho), rho));

    check("K", &|| {
        let k = sup(&|at, _| M::larger(at.gamma, at.sigma_slope.abs()));
        is(&k, &declared.k)
    });
    check("G", &|| is(&sup(&|at, _| at.slope.abs()), &declared.g));
    let d = |rho: &M| local(gain, rho).derivative.abs();
    check("D", &|| finite_or_not(&d, &declared.d));
    check("P", &|| {
        let p = sup(&|at, _| {
            let radial = at.sigma_slope.clone() * &at.sigma_slope + at.slope.clone() * &at.slope;
            M::larger(at.gamma, radial.sqrt())
        });
        is(&p, &declared.p)
    });
    let reach = |rho: &M| local(gain, rho).gamma * (rho.clone() * rho + M::one()).sqrt();
    check("reach", &|| finite_or_not(&reach, &declared.reach));

    check("g(0)", &|| gain.value(&int(0)) == declared.at_zero);
    check("g(∞)", &|| {
        let outermost = gain.value(&power(200));
        (outermost - &declared.limit).abs() <= power(-90)
    });

    // The wrong way at the steepest: 0 if g never goes there.
    check("course", &|| {
        let falls = sup(&|at, _| -at.derivative);
        let rises = sup(&|at, _| at.derivative);
        match declared.course {
            Course::Falls => !rises.above_zero() && falls.above_zero(),
            Course::Rises => !falls.above_zero(),
        }
    });

    for o in lengths() {
        let size = |s: &M| gain.value(&(s.clone() * s + &o)) * s;
        // Far out γ and 2 g'(r) s² cancel to their roundings.
        let lowest = || -supremum(gain, |s| -eigenvalues(gain, &o, s).1);
        match &declared.profile {
            Profile::Rises { supremum: most } => {
                check("profile", &|| lowest() > -power(-200));
                // The supremum of ‖h‖ is come to from below, at o = 0 within reach of the search.
                check("sup ‖h‖", &|| match most {
                    Some(most) if !o.is_zero() => supremum(gain, size) <= *most,
                    None if !o.is_zero() => true,
                    Some(_) | None => finite_or_not(&size, most),
                });
            }
            Profile::Crested(crest) => {
                check("profile", &|| lowest() < -power(-200));
                check("crest", &|| is(&supremum(gain, size), &crest(&o)));
            }
        }
        check("contraction", &|| {
            let largest = supremum(gain, |s| {
                let (gamma, radial) = eigenvalues(gain, &o, s);
                M::larger(gamma, radial.abs())
            });
            match declared.contraction {
                Contraction::ByValue => is(&largest, &gain.value(&o)),
                Contraction::ByK => largest <= declared.k.clone() * &slack,
            }
        });
        if let Some(tau_squared) = &declared.tau_squared {
            check("τ²", &|| {
                let stretched = supremum(gain, |s| {
                    let rho = (s.clone() * s + &o).sqrt();
                    let (_, radial) = eigenvalues(gain, &o, s);
                    let of_gamma = int(2) * gain.derivative(&rho) * s;
                    radial.clone() * radial + of_gamma.clone() * of_gamma * tau_squared
                });
                stretched <= gain.value(&o) * gain.value(&o) * &slack
            });
        }
    }
    wrong.dedup();
    wrong
}

trait Kinked {
    fn threshold_matters(&self) -> bool;
}

impl Kinked for Properties<M> {
    /// Whether g moves at all: a constant one falls as little as it rises.
    fn threshold_matters(&self) -> bool {
        self.at_zero != self.limit
    }
}
