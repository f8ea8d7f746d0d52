//! D11: no narrower network does better, on a sample of inputs and over a ball.
//!
//! On a sample the floor is compared with the error of every narrower network at hand: cuts, a network of its own, and the
//! outputs that come closest of all, which attain it. The network itself, of p neurons, has no floor at p: it is there that
//! a count of p for p + 1 shows. The ball is in [`antipodes`](super::antipodes).

use num_traits::{One, Zero};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{
    Case, Magnitude, Measurement, Statement, Variant, antipodes,
    case::{matrix, size_of, vector},
    d10::sample,
    support::*,
};
use crate::{
    error::Error,
    linalg::{Matrix, Vector, column, independent_columns, product, product_tn, svd},
    network::{Network, evaluate},
    resize::{truncate, truncate_on_data},
    scalar::{Field, Rational, Real, Residue},
};

pub(super) struct D11;

controls! {
    OneLess = "one-less",
    Uncentred = "uncentred",
    Unrestricted = "unrestricted",
    GainAtCentre = "gain-at-centre",
}

/// The widest last hidden layer that is given more outputs than it has neurons: a sample has twelve inputs.
const WIDEST: usize = 6;

impl Statement for D11 {
    type Control = Control;
    const DECLARATION: &'static str = include_str!("../../proofs/D11.yaml");

    fn prepare(case: &mut Case, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        case.ensure_hidden(1, rng)?;
        case.ensure_width(1, 3, rng)?;
        case.ensure_psi(rng)?;
        case.ensure_curved()
    }

    fn real<S: Real>(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        if case.network.depth() == 1 {
            return Ok(None);
        }
        if !of_the_ball(variant) {
            let network = with_outputs(&case.network, &mut rng)?.cast::<S>()?;
            let (_, inputs) = case.cast::<S>()?;
            let data = sample(&inputs, &mut rng);
            if !on_sample(&mut measurement, variant, &network, &data, &mut rng)? {
                return Ok(None);
            }
        }
        if !of_the_sample(variant) {
            antipodes::floors::<S>(&mut measurement, mistake(variant), case)?;
        }
        Ok(Some(measurement))
    }

    fn exact(variant: Variant<Control>, case: &Case) -> Result<Option<Measurement>, Error> {
        let mut rng = case.rng();
        let mut measurement = Measurement::default();
        if case.network.depth() == 1 {
            return Ok(None);
        }
        if !of_the_ball(variant) {
            ranks(&mut measurement, variant, case, &mut rng)?;
        }
        if !of_the_sample(variant) {
            antipodes::exactly(&mut measurement, mistake(variant), case)?;
        }
        Ok(Some(measurement))
    }
}

fn of_the_sample(variant: Variant<Control>) -> bool {
    variant.is(Control::OneLess) || variant.is(Control::Uncentred)
}

fn of_the_ball(variant: Variant<Control>) -> bool {
    variant.is(Control::Unrestricted) || variant.is(Control::GainAtCentre)
}

fn mistake(variant: Variant<Control>) -> antipodes::Mistake {
    antipodes::Mistake {
        unrestricted: variant.is(Control::Unrestricted),
        gain_at_centre: variant.is(Control::GainAtCentre),
    }
}

/// How many singular values the floor passes over for a network of p neurons.
fn passed_over(variant: Variant<Control>, p: usize) -> usize {
    p + usize::from(!variant.is(Control::OneLess))
}

/// The network with p + 3 outputs at least, p its last hidden width: with p + 1 there is nothing to say.
fn with_outputs(
    network: &Network<Rational>,
    rng: &mut ChaCha8Rng,
) -> Result<Network<Rational>, Error> {
    let last = network.layer(network.depth());
    let (have, p) = last.weight.shape();
    if p > WIDEST || have >= p + 3 {
        return Ok(network.clone());
    }
    let more = p + 3 - have;
    let size = size_of(last);
    let depth = network.depth();
    altered(network, |layers, _, _| {
        let layer = &mut layers[depth - 1];
        let mut longer = |v: &Vector<Rational>| {
            let fresh = vector(more, rng);
            let fresh = fresh.iter().map(|x| x.clone() * &size);
            Vector::from_vec(v.iter().cloned().chain(fresh).collect())
        };
        let psi = longer(&layer.psi_or_zero());
        layer.bias = longer(&layer.bias);
        let fresh = matrix(more, p, rng).map(|x| x * &size);
        layer.weight = Matrix::from_fn(have + more, p, |i, j| match layer.weight.get((i, j)) {
            Some(x) => x.clone(),
            None => fresh[(i - have, j)].clone(),
        });
        layer.psi = Some(psi);
    })
}

/// The floors over the columns of `data`; false where an output is not finite.
fn on_sample<S: Real>(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    network: &Network<S>,
    data: &Matrix<S>,
    rng: &mut ChaCha8Rng,
) -> Result<bool, Error> {
    let last = network.depth() - 1;
    let p = network.layer(last).width();
    let (y, own_rounding) = outputs(network, data)?;
    if !y.iter().all(S::is_finite) || !S::dot(y.as_slice(), y.as_slice()).is_finite() {
        return Ok(false);
    }
    let (rows, count) = y.shape();
    let whole = size(y.as_slice());
    let scale = match whole.is_zero() {
        true => Magnitude::one(),
        false => whole.clone(),
    };
    // Each σ is off by 8 (n + m) u of the largest, and there are fewer than n of them; a mean by m + 2 roundings.
    let of_values = 8.0 * (rows + count) as f64 * (rows.min(count) as f64).sqrt();
    let computing = roundings::<S>(of_values + count as f64 + 2.0) * &whole;
    // Sums of squares in magnitudes are rounded too, which shows where a floor is attained: a root of so many squares each.
    let entries = Magnitude::from_int((rows * count + 8) as i64);
    let computing = computing + Magnitude::unit_roundoff() * entries * &whole;
    if passed_over(variant, p) < rows.min(count) {
        let floor = floor(&y, variant, p)?;
        measurement.push(floor, own_rounding + &computing, scale.clone());
    }
    // Y - b 1ᵀ has rank n₀ + L - 1 at most (E1): beyond, the floor is 0, and says nothing.
    let reached = (network.layer(1).weight.ncols() + network.depth()).saturating_sub(3);
    let most = (rows.min(count))
        .saturating_sub(2)
        .min(p.saturating_sub(1))
        .min(reached);
    if most == 0 {
        return Ok(true);
    }
    let q = rng.random_range(1..=most);
    let lowest = floor(&y, variant, q)?;
    let mut narrower = vec![];
    if absorbs(network) {
        narrower.push(truncate(network, last, q)?.0);
        let points = outputs(&head(network, last)?, data)?.0;
        if S::dot(points.as_slice(), points.as_slice()).is_finite() {
            narrower.push(truncate_on_data(network, last, q, data)?.0);
        }
    }
    for other in narrower {
        let (found, rounding) = outputs(&other, data)?;
        let apart = distance(y.as_slice(), found.as_slice());
        measurement.push(lowest.clone(), apart + rounding + &computing, scale.clone());
    }
    // What comes closest: the mean, and the q + 1 leading directions about it. A network with H and γ of its own has it.
    let (centred, mean) = centred(&y);
    let leading = svd(&centred)?.u.columns(0, q + 1).into_owned();
    let closest = product(&leading, &product_tn(&leading, &centred));
    let closest = Matrix::from_fn(rows, count, |i, j| closest[(i, j)].clone() + &mean[i]);
    let apart = distance(y.as_slice(), closest.as_slice());
    measurement.push(
        lowest.clone(),
        apart.clone() + &computing + &computing,
        scale.clone(),
    );
    // And so no floor is higher.
    if variant == Variant::Faithful {
        measurement.push(apart, lowest + &computing + &computing, scale);
    }
    Ok(true)
}

/// Y, and √Σ of what rounding may have done to each column.
fn outputs<S: Real>(
    network: &Network<S>,
    data: &Matrix<S>,
) -> Result<(Matrix<S>, Magnitude), Error> {
    let (mut entries, mut squares) = (vec![], Magnitude::zero());
    for j in 0..data.ncols() {
        let x = column(data, j);
        entries.extend(evaluate(network, x)?.iter().cloned());
        let units = units(network, x, &[])?;
        squares += units.clone() * units;
    }
    let rows = network.layer(network.depth()).width();
    let y = Matrix::from_vec(rows, data.ncols(), entries);
    Ok((y, times_u::<S>(&squares.sqrt())))
}

/// √Σ_{j > p+1} σ_j² of the centred outputs.
fn floor<S: Real>(y: &Matrix<S>, variant: Variant<Control>, p: usize) -> Result<Magnitude, Error> {
    let about = match variant.is(Control::Uncentred) {
        true => y.clone(),
        false => centred(y).0,
    };
    let sigma = svd(&about)?.sigma;
    let from = passed_over(variant, p).min(sigma.len());
    Ok(size(&sigma[from..]))
}

/// Y less the mean of its columns, and that.
fn centred<S: Real>(y: &Matrix<S>) -> (Matrix<S>, Vec<S>) {
    let count = S::from_int(y.ncols() as i64);
    let mean = |i: usize| y.row(i).iter().fold(S::zero(), |sum, x| sum + x) / &count;
    let mean: Vec<S> = (0..y.nrows()).map(mean).collect();
    let centred = Matrix::from_fn(y.nrows(), y.ncols(), |i, j| y[(i, j)].clone() - &mean[i]);
    (centred, mean)
}

/// Over ℚ: outputs of a network with p neurons have rank at most p + 1 about their mean, seen modulo a prime.
fn ranks(
    measurement: &mut Measurement,
    variant: Variant<Control>,
    case: &Case,
    rng: &mut ChaCha8Rng,
) -> Result<(), Error> {
    let network = with_outputs(&case.network, rng)?;
    let p = network.layer(network.depth()).weight.ncols();
    let n0 = network.layer(1).weight.ncols();
    let count = p.min(WIDEST) + 4;
    let mut y = vec![];
    for _ in 0..count {
        let x = vector(n0, rng);
        let outputs = evaluate(&network, x.as_slice())?;
        y.extend(outputs.iter().map(Residue::from_rational));
    }
    let y = Matrix::from_vec(y.len() / count, count, y);
    let total = Residue::from_int(count as i64);
    let about = Matrix::from_fn(y.nrows(), count, |i, j| {
        let sum = y.row(i).iter().fold(Residue::zero(), |sum, x| sum + x);
        match variant.is(Control::Uncentred) {
            true => y[(i, j)],
            // m times the difference: no division.
            false => total * y[(i, j)] - sum,
        }
    });
    let rank = independent_columns(&about).len();
    measurement.push_count(rank.saturating_sub(passed_over(variant, p)));
    Ok(())
}
