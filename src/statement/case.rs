//! Cases: a network, inputs and a seed, exact, so that every arithmetic measures the same one.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    error::Error,
    family::{Draw, Family, Spec},
    linalg::{Matrix, Vector},
    network::{Gain, Layer, Network, Scalar},
    scalar::{Field, Rational, Real},
};

/// Where the network of a case comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Drawn anew for each case, and given the structure that the statement speaks of.
    Generated,
    /// Drawn anew for each case from a hard family, and left as it is.
    Family(Family),
    /// This network, with these inputs (a few are taken for each case).
    Given {
        /// The network.
        network: Network<Rational>,
        /// Inputs, each of n₀ entries; none: random ones.
        inputs: Vec<Vec<Rational>>,
    },
}

/// One case: exact data, cast to the arithmetic under test with one rounding for each number.
#[derive(Clone, Debug)]
pub struct Case {
    /// The network, with whatever structure the statement needs.
    pub network: Network<Rational>,
    /// Inputs of n₀ entries each.
    pub inputs: Vec<Vec<Rational>>,
    /// Seeds whatever else the measurement draws, the same in every arithmetic.
    pub seed: u64,
}

/// Inputs of a case on a generated network, and on a given one.
const INPUTS: usize = 4;

/// Random entries are k/97: exact rationals of few digits, with a full mantissa in every binary float.
const DENOMINATOR: i64 = 97;

impl Case {
    /// The case of that index, before the statement has prepared it, and the generator to go on with.
    pub(super) fn draw(
        origin: &Origin,
        id: &str,
        exact: bool,
        seed: u64,
        index: usize,
    ) -> Result<(Self, ChaCha8Rng), Error> {
        // Every (statement, index) has a stream of its own, so that a single statement replays alone.
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let stream = id
            .bytes()
            .fold(0u64, |hash, byte| hash * 131 + u64::from(byte));
        rng.set_stream(stream << 32 | index as u64);
        let (network, pool) = match origin {
            Origin::Generated => (generate(index, exact, &mut rng)?, vec![]),
            Origin::Family(family) => return Self::of_family(*family, exact, index, rng),
            Origin::Given { network, inputs } => (network.clone(), inputs.clone()),
        };
        let n0 = network.layer(1).weight.ncols();
        let inputs = (0..INPUTS)
            .map(|_| match pool.len() {
                0 => (0..n0).map(|_| entry(&mut rng)).collect(),
                n => pool[rng.random_range(0..n)].clone(),
            })
            .collect();
        let case = Case {
            network,
            inputs,
            seed: rng.random(),
        };
        Ok((case, rng))
    }

    fn of_family(
        family: Family,
        exact: bool,
        index: usize,
        mut rng: ChaCha8Rng,
    ) -> Result<(Self, ChaCha8Rng), Error> {
        let spec = if exact { Spec::exact() } else { Spec::real() };
        let mut draw = Draw::random(&spec, index, &mut rng);
        if family == Family::Typical {
            // Two hidden layers of some width, so that there is something to say about every case.
            draw.depth = draw.depth.max(3);
            draw.widths.iter_mut().for_each(|n| *n = (*n).max(3));
        }
        let built = draw.build(&spec, family)?;
        let mut inputs = vec![built.input];
        if family != Family::ZeroInput {
            let n0 = inputs[0].len();
            inputs.push((0..n0).map(|_| entry(&mut rng)).collect());
        }
        let case = Case {
            network: built.network,
            inputs,
            seed: rng.random(),
        };
        Ok((case, rng))
    }

    /// The generator for what the measurement draws.
    pub(super) fn rng(&self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed)
    }

    /// Network and inputs in another arithmetic.
    pub(super) fn cast<S: Scalar>(&self) -> Result<(Network<S>, Vec<Vec<S>>), Error> {
        let cast = |x: &Vec<Rational>| x.iter().map(S::from_rational).collect();
        Ok((self.network.cast()?, self.inputs.iter().map(cast).collect()))
    }

    /// Takes the network apart, lets `edit` change layers, gain and lengths, and puts it together.
    pub(super) fn edit(
        &mut self,
        edit: impl FnOnce(&mut Vec<Layer<Rational>>, &mut Gain<Rational>, &mut Vec<Rational>),
    ) -> Result<(), Error> {
        let (mut layers, mut gain, mut lengths) = self.network.clone().into_parts();
        edit(&mut layers, &mut gain, &mut lengths);
        self.network = Network::new(layers, gain, Some(lengths))?;
        Ok(())
    }

    /// At least `count` hidden layers: the output layer becomes hidden and a new one follows.
    pub(super) fn ensure_hidden(&mut self, count: usize, rng: &mut impl Rng) -> Result<(), Error> {
        while self.network.depth() <= count {
            self.edit(|layers, _, lengths| {
                let n = layers.last().map_or(1, Layer::width);
                layers.push(Layer {
                    weight: matrix(n, n, rng),
                    bias: vector(n, rng),
                    psi: Some(vector(n, rng)),
                });
                lengths.push(Rational::from(1));
            })?;
        }
        Ok(())
    }

    /// A ψ for every layer after the first.
    pub(super) fn ensure_psi(&mut self, rng: &mut impl Rng) -> Result<(), Error> {
        self.edit(|layers, _, _| {
            for layer in layers.iter_mut().skip(1) {
                if layer
                    .psi
                    .as_ref()
                    .is_none_or(|psi| psi.iter().all(num_traits::Zero::is_zero))
                {
                    layer.psi = Some(vector(layer.width(), rng));
                }
            }
        })
    }

    /// o > 0 for every hidden layer.
    pub(super) fn ensure_lengths(&mut self) -> Result<(), Error> {
        self.edit(|_, _, lengths| {
            for o in lengths.iter_mut().filter(|o| num_traits::Zero::is_zero(*o)) {
                *o = Rational(rug::Rational::from((3, 2)));
            }
        })
    }

    /// A gain that is not linear, for what the linear gain cannot show.
    pub(super) fn ensure_curved(&mut self) -> Result<(), Error> {
        if *self.network.gain() == Gain::Linear {
            self.edit(|_, gain, _| *gain = Gain::Rational)?;
        }
        Ok(())
    }

    /// Hidden layer `l` has at least `width` neurons: random ones are appended.
    pub(super) fn ensure_width(
        &mut self,
        l: usize,
        width: usize,
        rng: &mut impl Rng,
    ) -> Result<(), Error> {
        let have = self.network.layer(l).width();
        if have >= width {
            return Ok(());
        }
        self.edit(|layers, _, _| {
            let inputs = layers[l - 1].weight.ncols();
            let next = layers[l].width();
            let (here, after) = (size_of(&layers[l - 1]), size_of(&layers[l]));
            layers[l - 1].weight = extend(&layers[l - 1].weight, (width, inputs), &here, rng);
            layers[l].weight = extend(&layers[l].weight, (next, width), &after, rng);
            layers[l - 1].bias = lengthen(&layers[l - 1].bias, width, &here, rng);
            let psi = layers[l - 1].psi.take();
            layers[l - 1].psi = psi.map(|psi| lengthen(&psi, width, &here, rng));
        })
    }
}

/// What is added to a layer is of the layer's own size: a power of two near its largest weight, 1 for ordinary ones.
pub(super) fn size_of(layer: &Layer<Rational>) -> Rational {
    let sizes = layer.weight.iter().map(super::magnitude);
    let largest = sizes.fold(super::Magnitude::from_int(0), super::Magnitude::larger);
    match largest.exponent() {
        Some(e) if e.abs() > ORDINARY => {
            let one = rug::Rational::from(1);
            let e = e.clamp(-FARTHEST, FARTHEST) as i32;
            Rational(one << e)
        }
        _ => Rational::from(1),
    }
}

/// Binary exponents of ordinary weights, and of any that a file can hold.
const ORDINARY: i64 = 32;
const FARTHEST: i64 = 1 << 20;

fn extend(
    old: &Matrix<Rational>,
    (rows, columns): (usize, usize),
    size: &Rational,
    rng: &mut impl Rng,
) -> Matrix<Rational> {
    let fresh = matrix(rows, columns, rng);
    Matrix::from_fn(rows, columns, |i, j| match old.get((i, j)) {
        Some(old) => old.clone(),
        None => fresh[(i, j)].clone() * size,
    })
}

fn lengthen(
    old: &Vector<Rational>,
    entries: usize,
    size: &Rational,
    rng: &mut impl Rng,
) -> Vector<Rational> {
    let fresh = vector(entries, rng);
    Vector::from_fn(entries, |i, _| match old.get(i) {
        Some(old) => old.clone(),
        None => fresh[i].clone() * size,
    })
}

/// A random number of size up to 3/2.
pub(super) fn entry(rng: &mut impl Rng) -> Rational {
    let most = DENOMINATOR * 3 / 2;
    Rational(rug::Rational::from((
        rng.random_range(-most..=most),
        DENOMINATOR,
    )))
}

/// A random number of size between 1/4 and 3/2, for biases and columns that must show.
pub(super) fn sizeable(rng: &mut impl Rng) -> Rational {
    let k = rng.random_range(DENOMINATOR / 4..=DENOMINATOR * 3 / 2);
    Rational(rug::Rational::from((
        if rng.random() { k } else { -k },
        DENOMINATOR,
    )))
}

/// A multiple of 1/8 up to 3/4: products of two are exact in every float.
fn eighths(rng: &mut impl Rng) -> Rational {
    Rational(rug::Rational::from((rng.random_range(-6..=6), 8)))
}

pub(super) fn matrix(m: usize, n: usize, rng: &mut impl Rng) -> Matrix<Rational> {
    Matrix::from_fn(m, n, |_, _| entry(rng))
}

pub(super) fn vector(n: usize, rng: &mut impl Rng) -> Vector<Rational> {
    Vector::from_fn(n, |_, _| entry(rng))
}

/// A weight of one of several kinds; all but the dense one lose rank, in numbers that every float
/// holds exactly, so that the rank survives the cast.
fn weight(m: usize, n: usize, rng: &mut impl Rng) -> Matrix<Rational> {
    match rng.random_range(0..10) {
        0 => {
            let (u, v): (Vec<_>, Vec<_>) = (
                (0..m).map(|_| eighths(rng)).collect(),
                (0..n).map(|_| eighths(rng)).collect(),
            );
            Matrix::from_fn(m, n, |i, j| u[i].clone() * &v[j])
        }
        1 => Matrix::from_fn(m, n, |_, _| Rational::from(rng.random_range(-2..=2))),
        2 => {
            let row = rng.random_range(0..m);
            let mut weight = matrix(m, n, rng);
            weight.row_mut(row).fill(Rational::from(0));
            weight
        }
        _ => matrix(m, n, rng),
    }
}

/// A random network. The index cycles through the gains, so that a handful of cases sees them all.
fn generate(index: usize, exact: bool, rng: &mut impl Rng) -> Result<Network<Rational>, Error> {
    let half = Rational(rug::Rational::from((1, 2)));
    // Without those of infinite D, which would draw every case of a seed anew: `verify NET` measures them.
    let mut gains = Gain::all(&half);
    gains.retain(|gain| *gain != Gain::Log1p);
    if exact {
        // The linear gain once for two of each of the others: few statements have more to say of it.
        gains.retain(|gain| gain.is_rational() && *gain != Gain::Linear);
        gains = [gains.clone(), gains, vec![Gain::Linear]].concat();
    }
    let gain = gains.swap_remove(index % gains.len());
    let depth = rng.random_range(1..=4);
    let widest = if exact { 4 } else { 6 };
    let widths: Vec<usize> = (0..=depth).map(|_| rng.random_range(1..=widest)).collect();
    let with_psi = rng.random_bool(0.7);
    let layers = (1..=depth)
        .map(|l| Layer {
            weight: weight(widths[l], widths[l - 1], rng),
            bias: vector(widths[l], rng),
            psi: (l > 1 && with_psi).then(|| vector(widths[l], rng)),
        })
        .collect();
    let lengths = (1..depth)
        .map(|_| match rng.random_range(0..4) {
            0 => Rational::from(0),
            _ => Rational(rug::Rational::from((
                rng.random_range(1..=2 * DENOMINATOR),
                DENOMINATOR,
            ))),
        })
        .collect();
    Network::new(layers, gain, Some(lengths))
}
