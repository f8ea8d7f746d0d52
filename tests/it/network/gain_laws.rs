//! What the gains declare of themselves, searched for violations: one suite over every gain there is.
//!
//! Each number a gain declares is a supremum of something that can be measured at a point. The suite
//! climbs towards that supremum at 256 bits: it must not pass the declared number and must come to it.
//! Controls: a declaration that is off by a hundredth, or says "no" for "yes", is found out by name.

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

// ---------------------------------------------------------------- at a point

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

// ---------------------------------------------------------------- the search

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

// ---------------------------------------------------------------- declarations

#[test]
fn every_declaration_holds_and_is_sharp() {
    for gain in gains() {
        let found = violations(&gain, &gain.properties());
        assert!(found.is_empty(), "{}: {found:?}", gain.name());
    }
}

#[test]
fn a_declaration_that_is_off_is_found_out_by_name() {
    let less = |x: &M| x.clone() * M::from_f64(0.99);
    let more = |x: &M| x.clone() * M::from_f64(1.01) + M::from_f64(0.01);
    for gain in gains() {
        let truth = gain.properties();
        let mut seen = 0;
        let mut expect = |name: &str, change: &dyn Fn(&mut Properties<M>)| {
            let mut declared = truth.clone();
            change(&mut declared);
            let found = violations_of(&gain, &declared, &|other| other == name);
            let named = found.contains(&name);
            assert!(named, "{}: {name} is not in {found:?}", gain.name());
            seen += 1;
        };
        expect("K", &|p| p.k = less(&p.k));
        expect("K", &|p| p.k = more(&p.k));
        if truth.g.above_zero() {
            expect("G", &|p| p.g = less(&p.g));
        }
        expect("G", &|p| p.g = more(&p.g));
        expect("P", &|p| p.p = less(&p.p));
        expect("D", &|p| {
            p.d = Some(more(&p.d.clone().unwrap_or_else(M::one)))
        });
        if truth.d.is_some() {
            expect("D", &|p| p.d = None);
        }
        expect("reach", &|p| match &p.reach {
            Some(reach) => p.reach = Some(less(reach)),
            None => p.reach = Some(int(1000)),
        });
        expect("g(0)", &|p| p.at_zero = more(&p.at_zero));
        expect("g(∞)", &|p| p.limit = more(&p.limit));
        if truth.course == Course::Falls || truth.threshold_matters() {
            expect("course", &|p| {
                p.course = match p.course {
                    Course::Falls => Course::Rises,
                    Course::Rises => Course::Falls,
                }
            });
        }
        match &truth.profile {
            Profile::Rises { supremum } => {
                let finite = supremum.as_ref().map_or_else(|| int(1000), less);
                expect("sup ‖h‖", &|p| {
                    p.profile = Profile::Rises {
                        supremum: Some(finite.clone()),
                    }
                });
                expect("profile", &|p| p.profile = Profile::Crested(|o| o.clone()));
            }
            Profile::Crested(_) => {
                expect("profile", &|p| {
                    p.profile = Profile::Rises { supremum: None };
                });
                expect("crest", &|p| {
                    p.profile = Profile::Crested(|o| M::one() / (M::one() + o).sqrt());
                });
            }
        }
        if let Some(tau_squared) = &truth.tau_squared {
            expect("τ²", &|p| p.tau_squared = Some(more(tau_squared)));
        }
        if truth.contraction == Contraction::ByK && gain.threshold().is_some() {
            expect("contraction", &|p| p.contraction = Contraction::ByValue);
        }
        assert!(seen >= 9, "{}: {seen} changes only", gain.name());
    }
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

/// The plain constants lie in the enclosed ones, and those are a few ulps wide.
#[test]
fn plain_and_enclosed_constants_are_the_same_numbers() {
    for (plain, narrow) in Gain::<M>::all(&int(3))
        .iter()
        .zip(Gain::<Interval<f64>>::all(&Interval::from_int(3)))
    {
        let (plain, narrow) = (plain.properties(), narrow.properties());
        let pairs = [
            (Some(plain.k), Some(narrow.k)),
            (Some(plain.g), Some(narrow.g)),
            (plain.d, narrow.d),
            (Some(plain.p), Some(narrow.p)),
            (plain.reach, narrow.reach),
            (plain.tau_squared, narrow.tau_squared),
            (Some(plain.at_zero), Some(narrow.at_zero)),
            (Some(plain.limit), Some(narrow.limit)),
        ];
        for (plain, narrow) in pairs {
            assert_eq!(plain.is_some(), narrow.is_some());
            if let (Some(plain), Some(narrow)) = (plain, narrow) {
                let plain = plain.to_rational().expect("finite");
                // The 256-bit number is itself rounded: by far less than an ulp of f64.
                let room = narrow.clone()
                    * (Interval::one() + Interval::symmetric(&Interval::from_f64(1e-60)));
                assert!(room.contains_rational(&plain), "{narrow} {plain}");
                let wide = narrow.radius() / narrow.magnitude().max(1.0);
                assert!(wide <= 8.0 * f64::EPSILON, "{narrow}");
            }
        }
        assert!(plain.proof.contains("network/gain/"), "{}", plain.proof);
    }
}

// ---------------------------------------------------------------- derivatives

fn radii(gain: &Gain<M>) -> Vec<M> {
    let all = [
        1e-9, 1e-3, 0.02, 0.24, 0.26, 0.7, 0.999, 1.0, 1.001, 1.7, 2.9, 3.1, 20.0, 1e3, 1e9,
    ];
    let away = |rho: &M| {
        gain.threshold()
            .is_none_or(|t| (rho.clone() - t).abs() > M::from_f64(1e-3))
    };
    all.map(Field::from_f64).into_iter().filter(away).collect()
}

/// Central differences with the step h = 2^-80 ρ err by h² times third derivatives, and by roundings over h: 2^-150 of
/// the sizes involved leaves room for both.
#[test]
fn derivatives_are_those_of_the_values() {
    let mut compared = 0;
    for gain in gains() {
        for rho in radii(&gain) {
            let step = rho.clone() * power(-80);
            let ahead = rho.clone() + &step;
            let behind = rho.clone() - &step;
            let difference =
                |f: &dyn Fn(&M) -> M| (f(&ahead) - f(&behind)) / (int(2) * &step) * &rho;
            let value = |rho: &M| gain.value(&(rho.clone() * rho));
            let stretch = difference(&value);
            // ρ dT/dρ = 2T + 4 r² g'' for T = 2 r g'.
            let bend = difference(&|rho| gain.stretch(rho)) - int(2) * gain.stretch(&rho);
            let allowed = power(-150) * M::larger(value(&rho), M::one());
            for (name, found, expected) in [
                ("2 r g'", gain.stretch(&rho), stretch),
                ("4 r² g''", gain.bend(&rho), bend),
            ] {
                let error = (found.clone() - &expected).abs();
                assert!(
                    error <= allowed,
                    "{} at {rho:.4}: {name} is {found:.20}, not {expected:.20}",
                    gain.name()
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 150, "{compared}");
}

/// In f64, against 256 bits, from the least to the largest ρ: the error of 2 r g' and 4 r² g'' is a few u of γ at most,
/// that of g' and g'' a few u of themselves for the smooth gains near 0, where differences would cancel.
#[test]
fn derivatives_are_safe_in_floating_point() {
    let u = power(-53);
    let wide = |x: f64| <M as Field>::from_f64(x);
    for (narrow, gain) in Gain::all(&3.0).iter().zip(Gain::all(&int(3))) {
        for k in -1000..=1000 {
            let rho = 2f64.powf(f64::from(k) + 0.3);
            if (rho - 3.0).abs() < 1e-6 {
                continue;
            }
            let at = wide(rho);
            let value = gain.value(&(at.clone() * &at));
            // What 1/ρ² loses where it is subnormal, times the constants of the formulas.
            let eta = int(32) * power(-1074);
            for (name, found, expected) in [
                ("2 r g'", narrow.stretch(&rho), gain.stretch(&at)),
                ("4 r² g''", narrow.bend(&rho), gain.bend(&at)),
            ] {
                let error = (wide(found) - &expected).abs();
                let allowed = int(24) * &u * (value.clone() + expected.abs()) + &eta;
                assert!(
                    found.is_finite() && error <= allowed,
                    "{} at 2^{k}.3: {name} is {found}, not {expected:.20}",
                    gain.name()
                );
            }
            if rho > 1.0 {
                continue;
            }
            for (name, found, expected) in [
                ("g'", narrow.derivative(&rho), gain.derivative(&at)),
                (
                    "g''",
                    narrow.second_derivative(&rho),
                    gain.second_derivative(&at),
                ),
            ] {
                if expected.abs() >= power(1023) {
                    // g'' of a gain with an infinite slope leaves the range before ρ does.
                    continue;
                }
                let error = (wide(found) - &expected).abs();
                let allowed = int(24) * &u * expected.abs() + &eta;
                assert!(
                    found.is_finite() && error <= allowed,
                    "{} at 2^{k}.3: {name} is {found}, not {expected:.20}",
                    gain.name()
                );
            }
        }
    }
}

/// g = p/q with p and q of degree 1 at most: g(s) - g(r) = g'(r) (s - r) q(r)/q(s), and g'' q = -2 g' q'. Over ℚ.
#[test]
fn exact_derivatives_are_those_of_the_exact_values() {
    let q = |a: i64, b: i64| Rational::ratio(a, b).expect("not over 0");
    let mut exact = 0;
    for gain in Gain::all(&q(1, 2)) {
        if !gain.is_rational() {
            assert!(gain.rational_value(&q(1, 3)).is_err());
            assert!(gain.rational_derivative(&q(1, 3)).is_err());
            assert!(gain.rational_second_derivative(&q(1, 3)).is_err());
            continue;
        }
        exact += 1;
        for (r, s) in [
            (q(0, 1), q(2, 3)),
            (q(1, 7), q(9, 2)),
            (q(100, 1), q(5, 11)),
        ] {
            let value = |r: &Rational| gain.rational_value(r).expect("rational");
            let below = |r: &Rational| gain.denominator(r).expect("rational");
            let first = gain.rational_derivative(&r).expect("rational");
            let second = gain.rational_second_derivative(&r).expect("rational");
            let rise = value(&s) - value(&r);
            assert_eq!(
                rise,
                first.clone() * (s.clone() - &r) * below(&r) / below(&s)
            );
            let of_denominator = below(&(r.clone() + q(1, 1))) - below(&r);
            assert_eq!(second * below(&r), q(-2, 1) * first * of_denominator);
        }
    }
    assert_eq!(exact, 3);
}

/// The third derivative along lines, from third differences with the step 2^-40 at 256 bits: never above the bound,
/// and within a factor 500 of it somewhere.
#[test]
fn third_derivatives_stay_below_their_bound() {
    let step = power(-40);
    let directions = [(1.0, 0.0), (0.0, 1.0), (0.6, 0.8)];
    for gain in gains().into_iter().filter(|gain| *gain != Gain::Linear) {
        let mut largest = 0f64;
        for o in lengths() {
            for rho in radii(&gain) {
                for (along, across) in directions {
                    let at = |k: i64| {
                        let t = step.clone() * int(k);
                        let x = rho.clone() + t.clone() * M::from_f64(along);
                        let y = t * M::from_f64(across);
                        let gamma = gain.value(&(x.clone() * &x + y.clone() * &y + &o));
                        [x * &gamma, y * gamma]
                    };
                    let points = [at(-2), at(-1), at(1), at(2)];
                    let third = |i: usize| {
                        let [b2, b1, a1, a2] = &points;
                        let twice = int(2) * (a1[i].clone() - &b1[i]);
                        (a2[i].clone() - &b2[i] - twice) / (int(2) * &step * &step * &step)
                    };
                    let found = (third(0) * third(0) + third(1) * third(1)).sqrt();
                    let radius = (rho.clone() * &rho + &o).sqrt() - int(2) * &step;
                    let nearly = gain
                        .threshold()
                        .is_some_and(|t| (radius.clone() - t).abs() <= M::from_f64(1e-6));
                    if nearly || radius.below_zero() {
                        continue;
                    }
                    let bound = gain.third(&radius);
                    // Third differences err by 5/12 h² of the fifth derivative, here below 2^-50.
                    assert!(
                        found <= bound.clone() + power(-50),
                        "{} at ρ = {rho:.4}, o = {o:.4}: {found:.6} above {bound:.6}",
                        gain.name()
                    );
                    if bound.above_zero() {
                        largest = largest.max((found / bound).to_f64());
                    }
                }
            }
        }
        assert!(largest > 0.002, "{}: {largest}", gain.name());
    }
}

/// g² (1+r)^κ = 1 for the declared κ, and for no κ up to 4 where none is declared.
#[test]
fn a_power_is_declared_where_there_is_one() {
    // g is within 8 u (A5), twice in g²; six more roundings in the rest.
    let allowance = int(32) * M::unit_roundoff();
    for gain in gains() {
        let is_one = |kappa: u32, r: &M| {
            let g = gain.value(r);
            let product = (0..kappa).fold(g.clone() * g, |x, _| x * (M::one() + r));
            (product - M::one()).abs() <= allowance
        };
        let points = [1, 2, 10, 300].map(|n| int(n) / int(3));
        let found = (1..=4).find(|kappa| points.iter().all(|r| is_one(*kappa, r)));
        assert_eq!(gain.power(), found, "{}", gain.name());
        assert!(
            gain.is_algebraic() || !gain.is_rational(),
            "{}",
            gain.name()
        );
    }
}
