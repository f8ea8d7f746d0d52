//! The hard families are what they say: drawn at random and by proptest, and after shrinking.

use isotropic::{
    family::{Draw, Family, Spec},
    strategy,
};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

#[test]
fn every_draw_is_of_its_family() {
    for spec in [Spec::exact(), Spec::real()] {
        for family in Family::ALL {
            let mut rng = ChaCha8Rng::seed_from_u64(family as u64);
            for index in 0..40 {
                let built = Draw::random(&spec, index, &mut rng)
                    .build(&spec, family)
                    .expect("every family builds from every draw");
                assert!(
                    family.describes(&built.network, std::slice::from_ref(&built.input)),
                    "{}: {built:#?}",
                    family.name()
                );
            }
        }
    }
}

#[test]
fn the_definitions_tell_the_families_apart() {
    // A typical network is of no other family, so that no definition is empty words.
    let spec = Spec::real();
    for family in Family::ALL.into_iter().filter(|f| *f != Family::Typical) {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let typical = |index| {
            let mut draw = Draw::random(&spec, index, &mut rng);
            draw.depth = 3;
            draw.widths = vec![3, 5, 3, 4, 2];
            draw.build(&spec, Family::Typical).expect("valid")
        };
        let found = (0..30)
            .map(typical)
            .filter(|built| family.describes(&built.network, std::slice::from_ref(&built.input)))
            .count();
        // A bias or a length can be zero by luck.
        assert!(
            found <= 2,
            "{}: {found} of 30 typical networks",
            family.name()
        );
    }
}

#[test]
fn strategies_stay_in_their_family() {
    for family in Family::ALL {
        strategy::check(
            "strategies_stay_in_their_family",
            8,
            strategy::family(family, Spec::exact()),
            |case| {
                let inputs = std::slice::from_ref(&case.input);
                prop_assert!(family.describes(&case.network, inputs), "{}", family.name());
                Ok(())
            },
        );
    }
}

#[test]
fn a_fully_shrunk_draw_is_still_of_its_family() {
    // What a failure shrinks to: the smallest dimensions, no ψ, no lengths, and zeros in the pool.
    let spec = Spec::exact();
    for family in Family::ALL {
        let draw = Draw {
            depth: 1,
            widths: vec![1; 8],
            psi: false,
            lengths: false,
            gain: 0,
            pool: vec![],
        };
        let built = draw.build(&spec, family).expect("valid");
        assert!(
            family.describes(&built.network, std::slice::from_ref(&built.input)),
            "{}: {:#?}",
            family.name(),
            built.network
        );
    }
}

#[test]
fn names_are_unique_and_read_back() {
    for family in Family::ALL {
        assert_eq!(Family::from_name(family.name()), Some(family));
    }
    assert_eq!(Family::from_name("hard"), None);
}
