//! Degenerate parameters: the rank is still that of the invariants, and no network of the function is narrower.

use super::*;

/// A network where something is missing.
fn degenerate(widths: &[usize], kind: usize, rng: &mut ChaCha8Rng) -> Network<Rational> {
    let n = rational(widths, Gain::Tanh, rng);
    let zero = Rational::from(0);
    let mut layers = n.layers().to_vec();
    let mut lengths: Vec<Rational> = n.hidden().map(|l| n.length_squared(l)).collect();
    let l = rng.random_range(0..layers.len());
    match kind {
        0 => {
            // Rank one.
            let first = layers[l].weight.row(0).into_owned();
            for i in 1..layers[l].width() {
                let factor = Rational::from(i as i64 + 1);
                layers[l]
                    .weight
                    .row_mut(i)
                    .copy_from(&first.map(|x| x * &factor));
            }
        }
        1 => layers[l.max(1)].weight.fill(zero),
        2 => layers
            .iter_mut()
            .for_each(|layer| layer.bias.fill(zero.clone())),
        3 => {
            let all = layers.iter_mut().flat_map(|layer| &mut layer.psi);
            all.for_each(|psi| psi.fill(zero.clone()));
        }
        4 => lengths.fill(zero),
        5 => {
            layers[0].bias.fill(zero.clone());
            layers[0].weight.column_mut(0).fill(zero);
        }
        6 => {
            // No bias, no ψ, no length: an affine map up to a scalar (E2).
            for layer in &mut layers {
                layer.bias.fill(zero.clone());
                layer.psi.iter_mut().for_each(|psi| psi.fill(zero.clone()));
            }
            lengths.fill(zero);
        }
        7 => {
            // An isometry, or part of one: equal singular values.
            let (m, n) = layers[l].weight.shape();
            let whole = cayley(m.max(n), rng);
            layers[l].weight = whole.view((0, 0), (m, n)).into_owned();
        }
        8 => {
            // One hidden layer with neither b nor ψ.
            let l = l.min(layers.len() - 2);
            layers[l].bias.fill(zero.clone());
            layers[l]
                .psi
                .iter_mut()
                .for_each(|psi| psi.fill(zero.clone()));
        }
        9 => {
            // W_{l+1} turns ψ_l away, or b_1: what it adds is in r alone.
            let l = l.min(layers.len() - 2);
            let turned = layers[l].psi.clone().unwrap_or(layers[l].bias.clone());
            let square = Rational::dot(turned.as_slice(), turned.as_slice());
            for mut row in layers[l + 1].weight.row_iter_mut() {
                let along = row.iter().zip(turned.iter());
                let along = along.fold(zero.clone(), |sum, (a, b)| sum + a.clone() * b);
                for (x, t) in row.iter_mut().zip(turned.iter()) {
                    *x -= &(along.clone() / &square * t);
                }
            }
        }
        _ => {
            // A neuron that is dead, and one that nothing reads.
            layers[0].weight.row_mut(0).fill(zero.clone());
            layers[0].bias[0] = zero.clone();
            layers[1].weight.column_mut(0).fill(zero);
        }
    }
    Network::new(layers, Gain::Tanh, Some(lengths)).expect("valid")
}

/// Ways to be degenerate.
const KINDS: usize = 11;

/// Architectures small enough for singular values of 512 bits by the thousand.
const SMALL: [&[usize]; 20] = [
    &[1, 1, 1],
    &[2, 2, 1],
    &[1, 2, 1],
    &[2, 1, 2],
    &[2, 2, 2],
    &[1, 1, 1, 1],
    &[1, 2, 2, 1],
    &[2, 2, 2, 1],
    &[1, 1, 2, 1],
    &[2, 1, 2, 1],
    &[1, 2, 1, 1],
    &[1, 1, 1, 1, 1],
    &[3, 2, 1],
    &[1, 3, 1],
    &[2, 3, 1],
    &[1, 2, 2],
    &[1, 1, 2, 2],
    &[2, 2, 1, 1],
    &[1, 2, 1, 2],
    &[1, 1, 2, 1, 1],
];

/// Degenerate networks of every architecture, `seeds` of every kind; with `share` one in so many.
fn degenerates(seeds: u64, share: usize) -> impl Iterator<Item = (Network<Rational>, ChaCha8Rng)> {
    let chosen = SMALL.into_iter().enumerate().flat_map(move |(at, widths)| {
        let kinds = (0..KINDS).filter(move |kind| (at + kind) % share == 0);
        kinds.flat_map(move |kind| (0..seeds).map(move |seed| (at, widths, kind, seed)))
    });
    chosen.map(|(at, widths, kind, seed)| {
        let stream = 1000 * seed + 10 * at as u64 + kind as u64;
        let mut rng = ChaCha8Rng::seed_from_u64(stream);
        (degenerate(widths, kind, &mut rng), rng)
    })
}

/// Seeds of every kind, and which share of them, in a campaign and in a test.
fn effort() -> (u64, usize) {
    match std::env::var_os("ISOTROPIC_CAMPAIGN") {
        Some(_) => (12, 1),
        None => (1, 7),
    }
}

/// (iv): at every θ with a function that is not constant the rank of ∂(outputs)/∂θ is that of d(N, V_L).
#[test]
fn at_degenerate_parameters_too_the_rank_is_that_of_the_invariants() {
    type Fine = Mp<512>;
    let (seeds, share) = effort();
    let (mut compared, mut below) = (0, 0);
    for (n, mut rng) in degenerates(seeds, share) {
        let widths = n.widths();
        let found = dimension(&n).expect("no denominator");
        if !found.of_function {
            continue;
        }
        let fine = n.cast::<Fine>().expect("finite");
        let mut draw = || Fine::from_f64(rng.random_range(-1.5..1.5));
        let sigma = singular_values(&stacked(&fine, &mut draw)).expect("converges");
        // In 512 bits what is 0 is 0 to 2^-400, and what is not stays above.
        let floor = sigma[0].scale_by_power_of_two(-330);
        let rank = sigma.iter().filter(|s| **s > floor).count();
        assert_eq!(rank, found.rank, "{n:?}");
        compared += 1;
        below += usize::from(rank < generic_dimension(&widths, Parameters::All));
    }
    println!("{compared} degenerate networks, {below} of them below the generic dimension");
    assert!(below > 0 && compared >= 20);
}

/// The control: for 1/(1+r) the invariants say too much, at every θ: B8's scaling of a layer moves N_l and no output.
#[test]
fn for_a_gain_with_scalings_the_ranks_differ() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let generic = [&[2, 2, 1][..], &[1, 1, 1], &[3, 2, 2, 2], &[2, 3, 1]];
    let generic: Vec<Network<Rational>> = generic
        .map(|widths| rational(widths, Gain::Rational, &mut rng))
        .into();
    let (seeds, share) = effort();
    let degenerate = degenerates(seeds.min(2), share)
        .map(|(n, _)| n.with_gain(Gain::Rational).expect("every gain"));
    let mut unequal = 0;
    for n in generic.into_iter().chain(degenerate) {
        let image = n.map(&Residue::from_rational).expect("no denominator");
        let outputs = independent_columns(&stacked(&image, || Residue::new(rng.random()))).len();
        let found = dimension(&n).expect("no denominator");
        assert!(!found.of_function);
        let hidden = n.hidden().count();
        // One direction for each hidden layer, and they are independent: each moves its own N_l.
        assert!(
            outputs + hidden <= found.rank,
            "{n:?}: {outputs} and {}",
            found.rank
        );
        unequal += 1;
    }
    println!("{unequal} of {unequal} unequal");
}

fn image(network: &Network<Rational>) -> Network<Residue> {
    network.cast().expect("no denominator is a multiple")
}

/// Whatever was grown and turned, the least widths are those of what it was made of, and `compress` attains them.
#[test]
fn no_network_of_the_function_is_narrower() {
    for (seed, widths) in (0..).zip([
        &[2, 2, 1][..],
        &[3, 2, 3, 2],
        &[2, 6, 6, 1],
        &[1, 3, 4, 2, 2],
        &[4, 3, 3, 1],
    ]) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = rational(widths, Gain::Tanh, &mut rng);
        let expected: Vec<usize> =
            widths
                .iter()
                .enumerate()
                .fold(vec![], |mut found, (l, width)| {
                    let room = match l {
                        0 => *width,
                        1 => found[0],
                        _ if l == widths.len() - 1 => *width,
                        _ => found[l - 1] + 1,
                    };
                    found.push(room.min(*width));
                    found
                });
        assert_eq!(
            least_widths(&image(&n)).as_ref(),
            Some(&expected),
            "{widths:?}"
        );
        let column = Matrix::from_element(widths[2], 1, Rational::from(3));
        let half = Rational::ratio(1, 32).expect("not 0");
        let grown = grow_with_bias(&n, 1, &half, &column).expect("β² ≤ o");
        let turned = rotate(&grown, 1, &cayley(widths[1] + 1, &mut rng)).expect("orthogonal");
        assert_eq!(
            least_widths(&image(&turned)).as_ref(),
            Some(&expected),
            "{widths:?}"
        );
        let wide = turned.cast::<M>().expect("finite");
        let small = compress(&wide).expect("converges").network;
        assert_eq!(small.widths(), expected, "{widths:?}");
        // What a neuron holds is no more than o at the ceiling.
        for l in wide.hidden() {
            assert!(wide.length_squared(l) <= small.length_squared(l));
        }
        // No theorem, no claim.
        assert_eq!(
            least_widths(&image(&n.with_gain(Gain::Rational).expect("exact"))),
            None
        );
    }
}
