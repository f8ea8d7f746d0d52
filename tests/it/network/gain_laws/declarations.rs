//! What a gain declares holds, is sharp, and is found out where it is off.

use super::*;

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
