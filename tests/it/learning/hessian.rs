//! Hessian–vector products by dual numbers: linear, symmetric and flat along rotations over ℚ, and against
//! differences of gradients.

use isotropic::{
    Gain, Network,
    linalg::{Matrix, product},
    network::gradient::{Loss, Tangent, Targets, Trainable, gradient, hessian_product},
    scalar::{Field, Mp, Rational, Real, Residue},
};

use crate::support::{input, network};

fn data<S: Field>(n: usize, count: usize) -> (Matrix<S>, Targets<S>) {
    let x: Vec<S> = (0..count).flat_map(|j| input(n, j as u64)).collect();
    let labels = (0..count).map(|j| j % 2).collect();
    (Matrix::from_vec(n, count, x), Targets::Labels(labels))
}

/// A direction of small integers.
fn direction<S: Field>(network: &Network<S>, seed: i64) -> Tangent<S> {
    let mut v = Tangent::zeros(network);
    let mut k = seed;
    for x in v.tensors_mut().into_iter().flatten() {
        k = (k * 7 + 3) % 11;
        *x = S::from_int(k - 5);
    }
    v
}

fn dot<S: Field>(a: &Tangent<S>, b: &Tangent<S>) -> S {
    let pairs = a.tensors().concat().into_iter().zip(b.tensors().concat());
    pairs.fold(S::zero(), |sum, (a, b)| sum + a * b)
}

fn is_symmetric<S: Trainable>() {
    for gain in [Gain::Rational, Gain::RationalTanh] {
        let net = network::<S>(&[2, 3, 2, 2], gain, 3);
        let (x, targets) = data(2, 2);
        let run =
            |v: &Tangent<S>| hessian_product(&net, v, &x, &targets, Loss::Squared).expect("runs");
        let (u, v) = (direction(&net, 1), direction(&net, 2));
        let (found, of_u) = run(&u);
        let (_, of_v) = run(&v);
        assert_eq!(dot(&u, &of_v), dot(&v, &of_u));
        let plain = gradient(&net, &x, &targets, Loss::Squared).expect("runs");
        assert_eq!(found, plain);
    }
}

#[test]
fn the_hessian_is_symmetric_over_the_rationals_and_modulo_a_prime() {
    is_symmetric::<Rational>();
    is_symmetric::<Residue>();
}

/// ∇²L (ξθ) = ξ ∇L for a skew ξ acting on a hidden layer (THEORY F8).
#[test]
fn rotations_are_flat_up_to_the_gradient() {
    let net = network::<Rational>(&[2, 3, 2], Gain::Rational, 4);
    let (x, targets) = data(2, 2);
    let xi = Matrix::from_fn(3, 3, |i, j| Rational::from(i as i64 - j as i64));
    let act = |layers: &[isotropic::Layer<Rational>]| {
        let mut moved = Tangent::zeros(&net);
        moved.layers[0].weight = product(&xi, &layers[0].weight);
        moved.layers[0].bias = &xi * &layers[0].bias;
        moved.layers[1].weight = -product(&layers[1].weight, &xi);
        moved
    };
    let along = act(net.layers());
    let (found, product_found) =
        hessian_product(&net, &along, &x, &targets, Loss::Squared).expect("runs");
    assert_eq!(product_found, act(&found.parameters.layers));
    // Control: a symmetric ξ.
    let symmetric = Matrix::from_fn(3, 3, |i, j| Rational::from((i + j) as i64));
    let mut wrong = Tangent::zeros(&net);
    wrong.layers[0].weight = product(&symmetric, &net.layer(1).weight);
    let (_, of_wrong) = hessian_product(&net, &wrong, &x, &targets, Loss::Squared).expect("runs");
    let mut expected = Tangent::zeros(&net);
    expected.layers[0].weight = product(&symmetric, &found.parameters.layers[0].weight);
    assert_ne!(of_wrong, expected);
}

/// Central differences of the gradient with step 2^{-p/3}: within 2^{-2p/3 + 10} at 256 bits, for every gain and both losses.
#[test]
fn products_are_differences_of_gradients() {
    type M = Mp<256>;
    let t = M::from_f64(0.2);
    for gain in [
        Gain::Tanh,
        Gain::Algebraic,
        Gain::Rational,
        Gain::RationalTanh,
        Gain::SoftThreshold { t },
        Gain::Linear,
    ] {
        for scale in [1.0, 8.0] {
            let net = network::<M>(&[2, 3, 3, 2], gain.clone(), 6);
            let net = net.map(&|x| x.clone() * M::from_f64(scale)).expect("valid");
            let (x, targets) = data::<M>(2, 3);
            for loss in [Loss::Squared, Loss::CrossEntropy] {
                let v = direction(&net, 3);
                let (_, found) = hessian_product(&net, &v, &x, &targets, loss).expect("runs");
                let h = M::from_int(1).scale_by_power_of_two(-85);
                let at = |step: &M| {
                    let mut layers = net.layers().to_vec();
                    let mut lengths: Vec<M> = net.hidden().map(|l| net.length_squared(l)).collect();
                    for (layer, v) in layers.iter_mut().zip(&v.layers) {
                        M::axpy(layer.weight.as_mut_slice(), step, v.weight.as_slice());
                        M::axpy(layer.bias.as_mut_slice(), step, v.bias.as_slice());
                        if let (Some(psi), Some(v)) = (&mut layer.psi, &v.psi) {
                            M::axpy(psi.as_mut_slice(), step, v.as_slice());
                        }
                    }
                    M::axpy(&mut lengths, step, &v.lengths);
                    let net =
                        Network::new(layers, net.gain().clone(), Some(lengths)).expect("valid");
                    gradient(&net, &x, &targets, loss).expect("runs").parameters
                };
                let mut difference = at(&h);
                difference.add_scaled(&M::from_int(-1), &at(&-h.clone()));
                difference.scale(&(M::from_int(1) / (h.clone() + &h)));
                difference.add_scaled(&M::from_int(-1), &found);
                let off = difference.norm_squared().sqrt()
                    / (found.norm_squared().sqrt() + M::from_int(1));
                // h² times third derivatives, which 8 and the steps of up to 5 make large: 40 bits of 170.
                assert!(
                    off < M::from_int(1).scale_by_power_of_two(-130),
                    "{} {}: {off:.3}",
                    gain.name(),
                    loss.name()
                );
            }
        }
    }
}
