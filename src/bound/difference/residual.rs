//! What does not fit of one layer, and how much of it an input can bring to bear.

use num_traits::{One, Zero};

use crate::{
    bound::{
        norm::norm_above,
        reached::{Reachable, reachable},
        sensitivity::Sensitivity,
        svd::orthogonality,
    },
    linalg::{Matrix, Vector, product, product_nt},
    network::{Network, Reached},
    scalar::{
        Enclosure, Mp, Real,
        interval::{Interval, norm},
    },
};

/// The second network and what its states can be over the ball.
pub(super) struct Image<'a> {
    pub network: &'a Network<Enclosure>,
    /// Upper bounds on ‖z'_l‖, l = 1 … L.
    pub sizes: Vec<Enclosure>,
    /// On what leaves hidden layers 1 … L-1.
    pub reached: Vec<Reached<Mp<256>>>,
    /// The subspaces that z'_l lies in, as far as they are known.
    pub reachable: Vec<Reachable<Mp<256>>>,
    within: Vec<Vec<Within>>,
    radius: &'a Enclosure,
}

/// A basis Q, near enough to orthonormal: ‖Q‖ ≤ `size`.
struct Within {
    basis: Matrix<Enclosure>,
    size: Enclosure,
}

/// Directions shorter than this, beside the longest, are no reason to call a subspace larger: what they bring is bounded
/// apart, whatever this is.
const TOLERANCE: i64 = -44;

impl<'a> Image<'a> {
    pub fn of(
        network: &'a Network<Enclosure>,
        of: &Sensitivity<Mp<256>>,
        middle: &Network<Mp<256>>,
        radius: &'a Enclosure,
    ) -> Self {
        let (sizes, reached) = of.reach(network, radius);
        let tolerance = Mp::one().scale_by_power_of_two(TOLERANCE);
        let reachable = reachable(middle, network.depth() - 1, &tolerance);
        let within = |reachable: &Reachable<Mp<256>>| {
            [&reachable.basis, &reachable.varying]
                .into_iter()
                .filter(|basis| basis.ncols() < basis.nrows())
                .map(|basis| {
                    let basis = basis.map(Interval::point);
                    let size = Enclosure::one() + orthogonality(&basis);
                    Within { basis, size }
                })
                .collect()
        };
        Image {
            network,
            sizes,
            reached,
            within: reachable.iter().map(within).collect(),
            reachable,
            radius,
        }
    }
}

/// D, p and c of one layer, and what they meet: ‖D h' + γ'p + c‖ with (h', γ') from layer `below` of the image.
pub(super) struct Residual {
    pub d: Matrix<Enclosure>,
    pub p: Vector<Enclosure>,
    pub c: Vector<Enclosure>,
}

impl Residual {
    /// The least of: the bound by norms; the same with h' = γ'(W'h'' + b' + γ''ψ') put in; the same within a subspace
    /// that h' all but lies in (see [`Residual::within`]).
    pub fn bound(self, image: &Image, below: usize) -> Enclosure {
        let constant = norm(self.c.as_slice());
        if below == 0 {
            let whole: Vec<_> = (self.p.iter().zip(self.c.iter()))
                .map(|(p, c)| p.clone() + c)
                .collect();
            return norm_above(&self.d) * image.radius + norm(&whole);
        }
        let mut least = by_norms(&self.d, &self.p, &image.reached[below - 1]);
        if least.is_zero() {
            return constant;
        }
        for within in &image.within[below - 1] {
            least = Interval::smaller(least, self.within(image, below, within));
        }
        let layer = image.network.layer(below);
        let deeper = Residual {
            p: &self.d * layer.psi_or_zero(),
            c: &self.d * &layer.bias + &self.p,
            d: product(&self.d, &layer.weight),
        };
        let through = deeper.bound(image, below - 1) * &image.reached[below - 1].gain;
        Interval::smaller(least, through) + constant
    }

    /// With D = DQQᵀ + D_⊥ and h' = γ'(W'h'' + b' + γ''ψ') in the second part,
    ///
    /// ```text
    /// D h' + γ'p = DQ (Qᵀh') + γ'(p + D_⊥ b') + γ' D_⊥ (W'h'' + γ''ψ'),   ‖(Qᵀh', γ')‖ ≤ max(1, ‖Q‖) ‖(h', γ')‖.
    /// ```
    ///
    /// Any Q will do; with one that spans what W'h'' + γ''ψ' can be, the last part is rounding.
    fn within(&self, image: &Image, below: usize, within: &Within) -> Enclosure {
        let reach = &image.reached[below - 1];
        let layer = image.network.layer(below);
        let inside = product(&self.d, &within.basis);
        let outside = &self.d - product_nt(&inside, &within.basis);
        let p = &self.p + &outside * &layer.bias;
        let first = by_norms(&inside, &p, reach) * &within.size;
        let d = product(&outside, &layer.weight);
        let second = match below.checked_sub(2).map(|at| &image.reached[at]) {
            None => norm_above(&d) * image.radius,
            Some(reach) => by_norms(&d, &(&outside * layer.psi_or_zero()), reach),
        };
        first + second * &reach.gain
    }
}

/// ‖D h' + γ'p‖ ≤ min(‖[D p]‖ ‖(h', γ')‖, ‖D‖ ‖h'‖ + ‖p‖ γ').
fn by_norms(d: &Matrix<Enclosure>, p: &Vector<Enclosure>, reach: &Reached<Mp<256>>) -> Enclosure {
    let mut joined = d.as_slice().to_vec();
    joined.extend(p.iter().cloned());
    let joined = Matrix::from_vec(d.nrows(), d.ncols() + 1, joined);
    let jointly = norm_above(&joined) * &reach.joint;
    if jointly.is_zero() {
        return jointly;
    }
    let apart = norm_above(d) * &reach.activation + norm(p.as_slice()) * &reach.gain;
    Interval::smaller(jointly, apart)
}
