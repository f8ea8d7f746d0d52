//! The truncation bound in a form that covers every operation at once.
//!
//! Let the second network B be *embedded* in the first, A, by affine maps z'_k ↦ E_k z'_k + β_k of its hidden
//! pre-activations, with E_k of n_k × n'_k (A padded with dead neurons where it is the narrower), orthonormal
//! columns and E_kᵀ β_k = 0; E_0 = E_L = I. As E_k is isometric, A's r at the embedded state is ‖z'‖² + ‖β‖² + o. Let
//! G_k be the function that runs B up to z'_k, embeds, and goes on with A: G_0 = A, G_L = B, and
//!
//! ```text
//! ‖y - y'‖ ≤ Σ_k ‖G_{k-1} - G_k‖ ≤ Σ_k Λ_k ‖D_k h'_{k-1} + γ'_{k-1} p_k + c_k‖ + Σ_k Λ_{k+1} τ_k μ_k
//! D_k = W_k E_{k-1} - E_k W'_k,   p_k = ψ_k + W_k β_{k-1} - E_k ψ'_k,   c_k = b_k - E_k b'_k - β_k
//! μ_k = |√(o_k + ‖β_k‖²) - √o'_k|
//! τ_k = min( ‖[W_{k+1} ψ_{k+1}]‖ (P + G‖β_k‖),  ‖W_{k+1}‖ K + G (‖W_{k+1}‖ ‖β_k‖ + ‖ψ_{k+1}‖) )
//! ```
//!
//! with Λ_k the Lipschitz constant of A's z_k ↦ y, h' and γ' those of B. For a truncation E_k is the basis that was
//! kept and β_k the bias that was absorbed: D_k is the dropped part of W, ‖[D_k p_k]‖ = s_{p+1}, the rest
//! vanishes, and this is THEORY D4 with several layers at once. For a rotation E_k = Rᵀ and everything vanishes
//! but rounding. μ_k weighs what o failed to absorb: (z, λ) ↦ γ(z, λ) has the Lipschitz constant K and
//! (z, λ) ↦ (γz, γ) the constant P, since r = ‖(z, λ)‖² (D3). A soft threshold t that differs adds |t - t'| to μ_k.
//!
//! What D_k meets is not any h' but γ' z' with z' = W'h'' + b' + γ''ψ': pushed back so, layer by layer, or restricted to the
//! subspace that z' lies in, weights that nothing reaches do not count (module `residual`).
//!
//! E_k is never exactly orthonormal. Its polar factor Ê_k is, ‖E_k - Ê_k‖ ≤ d_k is certified, and so is what Ê_k and
//! β̂_k = (I - Ê_k Ê_kᵀ) β_k change above: d_{k-1} ‖W_k‖ ‖h'‖ + ‖W_k‖ t_{k-1} γ' + d_k ‖z'_k‖ + t_k, t = ‖Eᵀβ‖ + d ‖β‖. So any
//! E_k and β_k give a true bound; good ones a small one.

use num_traits::{Signed, Zero};

use super::residual::{Image, Residual};
use crate::{
    bound::{sensitivity::Sensitivity, svd::orthogonality},
    linalg::{Matrix, Vector, product, product_tn},
    network::{Gain, Network},
    scalar::{
        Enclosure, Field, Mp,
        interval::{Interval, norm},
    },
};

/// z' ↦ E z' + β at one hidden layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// E, n × n' with n ≥ n'; `None` for the first n' columns of the identity.
    pub matrix: Option<Matrix<Mp<256>>>,
    /// β, n entries.
    pub shift: Vector<Mp<256>>,
}

/// A map for each hidden layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// Hidden layers 1 … L-1.
    pub maps: Vec<Map>,
}

/// A map with its certified distance from what it stands for.
struct Certified {
    matrix: Option<Matrix<Enclosure>>,
    shift: Vec<Enclosure>,
    /// d ≥ ‖E - Ê‖.
    distance: Enclosure,
    /// t ≥ ‖β - β̂‖.
    tilt: Enclosure,
    rows: usize,
    columns: usize,
}

impl Certified {
    fn of(map: &Map, columns: usize) -> Self {
        let matrix = map.matrix.as_ref().map(|m| m.map(Interval::point));
        let shift: Vec<_> = map.shift.iter().cloned().map(Interval::point).collect();
        let distance = matrix.as_ref().map_or_else(Enclosure::zero, orthogonality);
        let along = match &matrix {
            Some(matrix) => {
                let shift = Matrix::from_column_slice(shift.len(), 1, &shift);
                norm(product_tn(matrix, &shift).as_slice())
            }
            None => norm(&shift[..columns.min(shift.len())]),
        };
        let tilt = along + distance.clone() * norm(&shift);
        let rows = shift.len();
        Certified {
            matrix,
            shift,
            distance,
            tilt,
            rows,
            columns,
        }
    }

    /// z' = z: the input and the output.
    fn nothing(n: usize) -> Self {
        Certified {
            matrix: None,
            shift: vec![Enclosure::zero(); n],
            distance: Enclosure::zero(),
            tilt: Enclosure::zero(),
            rows: n,
            columns: n,
        }
    }

    /// M E.
    fn after(&self, m: &Matrix<Enclosure>) -> Matrix<Enclosure> {
        match &self.matrix {
            Some(matrix) => product(m, matrix),
            None => m.columns(0, self.columns).into_owned(),
        }
    }

    /// E M.
    fn before(&self, m: &Matrix<Enclosure>) -> Matrix<Enclosure> {
        match &self.matrix {
            Some(matrix) => product(matrix, m),
            None => Matrix::from_fn(self.rows, m.ncols(), |i, j| {
                if i < m.nrows() {
                    m[(i, j)].clone()
                } else {
                    Enclosure::zero()
                }
            }),
        }
    }

    fn image(&self, v: &Vector<Enclosure>) -> Vector<Enclosure> {
        let image = self.before(&Matrix::from_column_slice(v.len(), 1, v.as_slice()));
        Vector::from_column_slice(image.as_slice())
    }
}

/// The bound over the ball of `image`. `a` has been padded, so that every n_k ≥ n'_k; `of_a` are its constants (padding
/// does not change them). `None` if the shapes do not fit.
pub(super) fn bound(
    (a, of_a): (&Network<Enclosure>, &Sensitivity<Mp<256>>),
    image: &Image,
    embedding: &Embedding,
) -> Option<Enclosure> {
    let b = image.network;
    let depth = a.depth();
    if embedding.maps.len() + 1 != depth || b.depth() != depth {
        return None;
    }
    let fits = |(map, (n, m)): (&Map, (&usize, &usize))| {
        let fits = |matrix: &Matrix<_>| matrix.shape() == (*n, *m);
        map.shift.len() == *n && n >= m && map.matrix.as_ref().is_none_or(fits)
    };
    let (widths, widths_b) = (a.widths(), b.widths());
    let hidden = widths[1..depth].iter().zip(&widths_b[1..depth]);
    if !embedding.maps.iter().zip(hidden).all(fits) {
        return None;
    }
    let gain = narrower(a.gain(), b.gain())?;
    let mut total = Enclosure::zero();
    let mut before = Certified::nothing(widths[0]);
    for k in 1..=depth {
        let (la, lb) = (a.layer(k), b.layer(k));
        let here = match embedding.maps.get(k - 1) {
            Some(map) => Certified::of(map, lb.width()),
            None => Certified::nothing(lb.width()),
        };
        let shift = Vector::from_column_slice(&before.shift);
        let residual = Residual {
            d: before.after(&la.weight) - here.before(&lb.weight),
            p: la.psi_or_zero() + &la.weight * shift - here.image(&lb.psi_or_zero()),
            c: la.bias.clone() - here.image(&lb.bias) - Vector::from_column_slice(&here.shift),
        };
        let mut moved = residual.bound(image, k - 1);
        let weight = &of_a.norms[k - 1].weight;
        if let Some(below) = k.checked_sub(2).and_then(|at| image.reached.get(at)) {
            moved += weight.clone() * &before.distance * &below.activation;
            moved += weight.clone() * &before.tilt * &below.gain;
        }
        moved += here.distance.clone() * &image.sizes[k - 1] + &here.tilt;
        total += moved * &of_a.lipschitz[k - 1];
        if k < depth {
            total += unabsorbed(a, of_a, b, k, &here, &gain) * &of_a.lipschitz[k];
        }
        before = here;
    }
    Some(total.abs())
}

/// τ_k μ_k.
fn unabsorbed(
    a: &Network<Enclosure>,
    of_a: &Sensitivity<Mp<256>>,
    b: &Network<Enclosure>,
    k: usize,
    map: &Certified,
    gain: &Gain<Enclosure>,
) -> Enclosure {
    let size = norm(&map.shift) + Interval::symmetric(&map.tilt);
    let (o, o_image) = (a.length_squared(k), b.length_squared(k));
    // Nothing absorbed and the same point: the difference of two enclosures of one root is not 0.
    let mut moved = if size.is_zero() && o.is_point() && o == o_image {
        Enclosure::zero()
    } else {
        ((o + size.square()).sqrt() - o_image.sqrt()).abs()
    };
    // As numbers, not as enclosures: two thresholds inside one interval are as far apart as it is wide.
    if let (Some(t), Some(t_image)) = (a.gain().threshold(), b.gain().threshold()) {
        moved += (t.clone() - t_image).abs();
    }
    if moved.is_zero() {
        return moved;
    }
    let next = &of_a.norms[k];
    let size = size.abs();
    let jointly = next.joint.clone() * (gain.joint_lipschitz() + gain.steepness() * &size);
    let apart = next.weight.clone() + gain.steepness() * (next.weight.clone() * &size + &next.psi);
    moved * Interval::smaller(jointly, apart)
}

/// The gain of both, with the smaller threshold, whose constants are the larger; `None` if they differ.
fn narrower(a: &Gain<Enclosure>, b: &Gain<Enclosure>) -> Option<Gain<Enclosure>> {
    match (a, b) {
        (Gain::SoftThreshold { t }, Gain::SoftThreshold { t: t_image }) => {
            let t = Interval::smaller(t.clone(), t_image.clone());
            Some(Gain::SoftThreshold { t })
        }
        // No other gain has a parameter: the same name is the same function.
        _ => (a.name() == b.name()).then(|| a.clone()),
    }
}

impl Embedding {
    /// The maps of cuts, as an operation knows them: of hidden layer l it kept the columns of a basis, held what it
    /// dropped at β, and left the layers that are not named as they were. Whether they describe two networks is for a
    /// bound to tell.
    ///
    /// `widths` are those of the first network.
    pub fn of_cuts<'a, S: Field>(
        widths: &[usize],
        cuts: impl Iterator<Item = (usize, &'a Matrix<S>, &'a [S])>,
    ) -> Self {
        let wide = |x: &S| {
            x.to_rational()
                .map_or_else(Mp::zero, |q| Mp::from_rational(&q))
        };
        let mut embedding = Self::inclusion(widths);
        for (l, basis, shift) in cuts {
            if let Some(map) = l.checked_sub(1).and_then(|at| embedding.maps.get_mut(at)) {
                map.matrix = Some(basis.map(|x| wide(&x)));
                map.shift = Vector::from_iterator(shift.len(), shift.iter().map(wide));
            }
        }
        embedding
    }

    /// B's neurons are A's first ones: no rotation, no absorbed bias.
    pub fn inclusion(widths: &[usize]) -> Self {
        let hidden = widths.len().saturating_sub(1).max(1);
        let map = |n: &usize| Map {
            matrix: None,
            shift: Vector::from_element(*n, Mp::zero()),
        };
        Embedding {
            maps: widths[1..hidden].iter().map(map).collect(),
        }
    }
}
