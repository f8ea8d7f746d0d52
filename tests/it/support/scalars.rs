//! Every scalar with an oracle for its rounding and with the values where scalars go wrong.

use isotropic::scalar::{Field, Mp, Rational, Real};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::{Integer, Rational as Q};

// ---------------------------------------------------------------- the oracle

/// A binary floating-point format: precision, and the exponents of its smallest normal and its
/// largest number where they matter.
#[derive(Clone, Copy)]
pub struct Format {
    pub digits: i64,
    pub range: Option<(i64, i64)>,
}

/// The exact value of a float, or the sign of an infinity.
#[derive(Debug, PartialEq)]
pub enum Value {
    Finite(Q),
    Infinite { negative: bool },
}

/// ⌊log₂ q⌋ for q > 0, by integers alone.
pub fn floor_log2(q: &Q) -> i64 {
    let bits = i64::from(q.numer().significant_bits()) - i64::from(q.denom().significant_bits());
    // 2^(bits-1) < q < 2^(bits+1)
    if *q >= power(bits) { bits } else { bits - 1 }
}

pub fn power(e: i64) -> Q {
    Q::from(1) << i32::try_from(e).unwrap()
}

impl Format {
    /// `q` rounded to nearest, ties to even, with gradual underflow: the definition, spelt out.
    pub fn round(self, q: &Q) -> Value {
        let magnitude = q.clone().abs();
        if magnitude == 0 {
            return Value::Finite(Q::new());
        }
        let (bottom, top) = self.range.unwrap_or((i64::MIN / 2, i64::MAX / 2));
        let quantum = floor_log2(&magnitude).max(bottom) - (self.digits - 1);
        let multiple = magnitude / power(quantum);
        let below = multiple.clone().floor();
        let rest = multiple - &below;
        let half = Q::from((1, 2));
        let up = rest > half || (rest == half && below.numer().is_odd());
        let nearest = (below + u32::from(up)) * power(quantum);
        let negative = *q < 0;
        if nearest != 0 && floor_log2(&nearest) > top {
            return Value::Infinite { negative };
        }
        Value::Finite(if negative { -nearest } else { nearest })
    }
}

/// A scalar with its format and the values where formats go wrong.
pub trait Case: Field {
    fn format() -> Option<Format>;
    fn edges() -> Vec<Self>;
}

fn with_signs<S: Field>(values: Vec<S>) -> Vec<S> {
    values.into_iter().flat_map(|x| [-x.clone(), x]).collect()
}

macro_rules! hardware_case {
    ($float:ty, $bottom:expr, $top:expr) => {
        impl Case for $float {
            fn format() -> Option<Format> {
                let digits = i64::from(<$float>::MANTISSA_DIGITS);
                Some(Format {
                    digits,
                    range: Some(($bottom, $top)),
                })
            }

            fn edges() -> Vec<Self> {
                let (least, normal, one) = (<$float>::from_bits(1), <$float>::MIN_POSITIVE, 1.0);
                with_signs(vec![
                    0.0,
                    least,
                    least * 2.0,
                    least * 3.0,
                    normal / 2.0,
                    <$float>::from_bits(normal.to_bits() - 1),
                    normal,
                    <$float>::from_bits(normal.to_bits() + 1),
                    normal.sqrt(),
                    <$float>::EPSILON,
                    <$float>::EPSILON / 2.0,
                    1.0 / 3.0,
                    one - <$float>::EPSILON / 2.0,
                    one,
                    one + <$float>::EPSILON,
                    3.0,
                    <$float>::MAX.sqrt(),
                    <$float>::MAX / 2.0,
                    <$float>::from_bits(<$float>::MAX.to_bits() - 1),
                    <$float>::MAX,
                ])
            }
        }
    };
}

hardware_case!(f32, -126, 127);
hardware_case!(f64, -1022, 1023);

impl<const BITS: u32> Case for Mp<BITS> {
    fn format() -> Option<Format> {
        Some(Format {
            digits: i64::from(BITS),
            range: None,
        })
    }

    fn edges() -> Vec<Self> {
        let (one, ulp) = (Self::from_int(1), Self::unit_roundoff() * Self::from_int(2));
        let half_ulp = Self::unit_roundoff();
        let mut values = vec![
            Self::from_int(0),
            one.clone(),
            one.clone() + &ulp,
            one.clone() - &half_ulp,
        ];
        values.extend([
            ulp,
            half_ulp,
            Self::from_int(3),
            one.clone() / Self::from_int(3),
        ]);
        values
            .extend([-3000, -1075, -1023, 1023, 1024, 3000].map(|e| one.scale_by_power_of_two(e)));
        with_signs(values)
    }
}

impl Case for Rational {
    fn format() -> Option<Format> {
        None
    }

    fn edges() -> Vec<Self> {
        let ratio = |p, q| Rational::ratio(p, q).unwrap();
        let far = Rational(power(2000) + Q::from((1, 3)));
        with_signs(vec![
            ratio(0, 1),
            ratio(1, 1),
            ratio(1, 3),
            ratio(i64::MAX, 7),
            ratio(1, i64::MAX),
            far,
        ])
    }
}

/// Whether `computed` is fl(exact); the error shows both.
pub fn is_rounded<S: Case>(computed: &S, exact: &Q) -> Result<(), String> {
    let expected = S::format().map_or_else(
        || Value::Finite(exact.clone()),
        |format| format.round(exact),
    );
    let found = match computed.to_rational() {
        Some(Rational(q)) => Some(Value::Finite(q)),
        None if computed.partial_cmp(computed).is_none() => None,
        None => Some(Value::Infinite {
            negative: computed < &S::zero(),
        }),
    };
    if found.as_ref() == Some(&expected) {
        return Ok(());
    }
    Err(format!(
        "{}: computed {computed}, expected {expected:?}, for {exact}",
        S::name()
    ))
}

pub fn exact<S: Field>(x: &S) -> Q {
    x.to_rational().expect("a finite value").0
}

/// Where `from_f64` of two traits would do.
pub fn scalar<S: Field>(x: f64) -> S {
    S::from_f64(x)
}

pub fn u<S: Field>() -> Q {
    exact(&S::unit_roundoff())
}

// ---------------------------------------------------------------- the cases

/// Random values of all signs and full mantissas with exponents within ±`span`.
pub fn random<S: Case>(rng: &mut impl Rng, span: i64) -> S {
    let mut numerator = Integer::from(rng.random::<u64>());
    for _ in 0..S::precision().unwrap_or(0) / 64 {
        numerator = (numerator << 64) + rng.random::<u64>();
    }
    let bits = i64::from(numerator.significant_bits());
    let sign = if rng.random() { 1 } else { -1 };
    let q = match S::precision() {
        Some(_) => Q::from(numerator) * power(rng.random_range(-span..=span) - bits) * sign,
        None => Q::from((numerator, rng.random_range(1u32..1000))) * sign / u32::MAX,
    };
    S::from_rational(&Rational(q))
}

pub fn randoms<S: Case>(seed: u64, count: usize, span: i64) -> Vec<S> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| random(&mut rng, span)).collect()
}

/// Edges and random values of every size the format has (and beyond f64 where it has no limit).
pub fn values<S: Case>() -> Vec<S> {
    let span = S::format()
        .and_then(|format| format.range)
        .map_or(1100, |(_, top)| top);
    let mut all = S::edges();
    all.extend(randoms(1, 60, span));
    all.extend(randoms(2, 60, 3));
    assert!(
        all.iter().all(S::is_finite) && all.len() > 120,
        "the cases promised"
    );
    all
}

/// Every pair of edges, and random pairs that interact.
pub fn pairs<S: Case>() -> Vec<(S, S)> {
    let edges = S::edges();
    let mut all: Vec<_> = edges
        .iter()
        .flat_map(|a| edges.iter().map(move |b| (a.clone(), b.clone())))
        .collect();
    let close = randoms::<S>(3, 400, 4);
    all.extend(
        close
            .chunks(2)
            .map(|pair| (pair[0].clone(), pair[1].clone())),
    );
    let values = values::<S>();
    all.extend(
        values
            .iter()
            .zip(values.iter().rev())
            .map(|(a, b)| (a.clone(), b.clone())),
    );
    assert!(all.len() > 300, "the cases promised");
    all
}
