//! Numbers that bound their rounding errors whatever the order of their sums.

use isotropic::{
    Gain, Layer, Network,
    bound::{Counted, Running},
    linalg::{Matrix, Vector},
    network::gradient::{Loss, Targets, gradient},
    scalar::{Field, Mp, Rational, Real},
};
use num_traits::Zero;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

type Wide = Mp<256>;

fn counted(x: f64) -> Counted<Wide> {
    Counted::exact(Wide::from_f64(x))
}

fn units(x: &Counted<Wide>) -> f64 {
    x.units().rounding.to_f64()
}

/// By hand: the formulas at the top of the module.
#[test]
fn each_operation_is_charged_what_it_says() {
    let sum = counted(1.0) + counted(2.0) + counted(-4.0);
    // One addition whose result is at most 7, and the last, whose result is -1.
    assert_eq!(units(&sum), 7.0 + 1.0);
    // |a| e_b + |b| e_a + |a b|: the sum is settled by what is made of it.
    let product = sum.clone() * counted(3.0);
    assert_eq!(units(&product), 8.0 * 3.0 + 3.0);
    let quotient = counted(6.0) / sum.clone();
    assert_eq!(units(&quotient), (8.0 * 6.0) / 1.0 + 6.0);
    // A factor of 1 is no rounding, and what is added to 0 is none.
    assert_eq!(
        units(&(Counted::zero() + counted(5.0) * counted(-1.0))),
        0.0
    );
    // What is open stays open through a sign: k - 2 of 3 + 1 terms.
    let longer = -sum + counted(2.0);
    assert_eq!(units(&longer), 2.0 * 9.0 + 3.0);
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let shorter = permutations(n - 1);
    let places = (0..n).flat_map(|at| {
        shorter.iter().map(move |order| {
            let mut order = order.clone();
            order.insert(at, n - 1);
            order
        })
    });
    places.collect()
}

/// No order of a sum is off by more; some are by more than the bound for one order says.
#[test]
fn no_order_of_a_sum_exceeds_the_bound() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let unit = f64::from(f32::EPSILON) / 2.0;
    let (mut largest, mut of_one_order) = (0.0f64, 0.0f64);
    for _ in 0..200 {
        let terms: Vec<f32> = (0..5)
            .map(|_| {
                let size: i32 = rng.next_u32() as i32 % 12;
                (rng.next_u32() as f32 / 2f32.powi(31) - 1.0) * 2f32.powi(size)
            })
            .collect();
        let exact: f64 = terms.iter().map(|t| f64::from(*t)).sum();
        let sum = terms
            .iter()
            .fold(Counted::zero(), |sum, t| sum + counted(f64::from(*t)));
        let running = terms.iter().fold(Running::zero(), |sum, t| {
            sum + Running::from_f64(f64::from(*t))
        });
        for order in permutations(terms.len()) {
            let mut found = 0f32;
            for &k in &order {
                found += terms[k];
            }
            let off = (f64::from(found) - exact).abs() / unit;
            largest = largest.max(off / units(&sum));
            of_one_order = of_one_order.max(off / running.error());
        }
    }
    assert!(largest <= 1.0, "{largest}");
    assert!(largest > 0.05, "vacuous: {largest}");
    assert!(of_one_order > 1.0, "the control passes: {of_one_order}");
}

fn network<S: Real>(rng: &mut ChaCha8Rng, gain: &Gain<S>) -> Network<S> {
    let mut number = || S::from_f64(f64::from(rng.next_u32() as f32 / 2f32.powi(31) - 1.0));
    let widths = [3, 4, 3, 2];
    let mut layers = vec![];
    for (l, pair) in widths.windows(2).enumerate() {
        layers.push(Layer {
            weight: Matrix::from_fn(pair[1], pair[0], |_, _| number()),
            bias: Vector::from_fn(pair[1], |_, _| number()),
            psi: (l > 0).then(|| Vector::from_fn(pair[1], |_, _| number())),
        });
    }
    let o = vec![S::from_f64(0.5), S::from_f64(0.25)];
    Network::new(layers, gain.clone(), Some(o)).expect("valid")
}

/// The gradient of both losses in single precision, against the exact one and twice the bound; a gain at every distance.
#[test]
fn gradients_stay_within_twice_the_bound() {
    let unit = f64::from(f32::EPSILON) / 2.0;
    let mut largest = 0.0f64;
    for seed in 0..40 {
        for (k, loss) in [Loss::Squared, Loss::CrossEntropy].into_iter().enumerate() {
            let rng = || ChaCha8Rng::seed_from_u64(seed * 2 + k as u64);
            let scale = 2f64.powi(seed as i32 % 7 - 3);
            let names = ["tanh", "algebraic", "rational", "rational-tanh", "log1p"];
            let name = names[seed as usize % names.len()];
            let x = |i: usize, j: usize| scale * ((i * 5 + j * 3) % 7) as f64 / 4.0 - scale;
            let targets = Targets::Labels(vec![0, 1]);
            let single = network::<f32>(&mut rng(), &Gain::from_name(name, None).expect("a gain"));
            let found = gradient(
                &single,
                &Matrix::from_fn(3, 2, |i, j| x(i, j) as f32),
                &targets,
                loss,
            )
            .expect("finite");
            let exact: Network<Counted<Wide>> = single
                .cast::<Rational>()
                .and_then(|network| network.cast())
                .expect("finite");
            let targets = Targets::Labels(vec![0, 1]);
            let inputs = Matrix::from_fn(3, 2, |i, j| Counted::from_f64(x(i, j)));
            let bound = gradient(&exact, &inputs, &targets, loss).expect("finite");
            let pairs = found.parameters.tensors().concat();
            for (found, bound) in pairs.iter().zip(bound.parameters.tensors().concat()) {
                let off = (f64::from(*found) - bound.value().to_f64()).abs();
                largest = largest.max(off / unit / (2.0 * units(&bound)).max(f64::MIN_POSITIVE));
            }
        }
    }
    assert!(largest <= 1.0, "{largest}");
    assert!(largest > 1e-3, "vacuous: {largest}");
}
