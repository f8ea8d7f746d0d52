//! How precise the numbers of a file are.

use rug::Integer;

use super::Stored;
use crate::scalar::Rational;

/// Numbers with at most so many bits have not been rounded to single precision: somebody chose them.
const CHOSEN_BITS: u32 = 20;

/// From so many numbers on, even fewer bits mean that they were rounded: to half precision.
const MANY: usize = 64;

/// Bits of the formats that networks are computed and stored in: bfloat16, half, single and double.
const FORMATS: [u32; 4] = [8, 11, 24, 53];

impl Stored {
    /// The precision that the numbers of the file were rounded to, in bits: 8, 11, 24 or 53 for the binary formats
    /// (decimals of up to 9 and 17 digits count as the last two), more for wider ones. `None` if they are whole,
    /// short or p/q, as written by hand: then nothing has been rounded.
    ///
    /// It is read off the numbers themselves: single precision stored in a file of doubles is still single.
    pub fn precision(&self) -> Option<u32> {
        let (mut most, mut count) = (None, 0);
        for bits in self.parameters().filter_map(|x| bits(&x)) {
            most = most.max(Some(bits));
            count += 1;
        }
        let most = most?;
        let format = FORMATS.into_iter().find(|format| most <= *format);
        match format.unwrap_or(most) {
            8 | 11 | 24 if most <= CHOSEN_BITS && count < MANY => None,
            24 if most <= CHOSEN_BITS => None,
            format => Some(format),
        }
    }
}

/// Bits of a number that is not zero: of its mantissa if it is dyadic, what its digits are worth if it is decimal;
/// `None` for other fractions, which are exact.
fn bits(x: &Rational) -> Option<u32> {
    let (p, q) = (x.0.numer(), x.0.denom());
    if p.is_zero() {
        return None;
    }
    if q.is_power_of_two() {
        return Some(p.significant_bits() - p.find_one(0).unwrap_or(0));
    }
    // q divides a power of ten: p/q = digits / 10^k.
    let mut rest = q.clone();
    let (twos, fives) = (
        rest.remove_factor_mut(&Integer::from(2)),
        rest.remove_factor_mut(&Integer::from(5)),
    );
    if rest != 1 {
        return None;
    }
    let k = twos.max(fives);
    let digits: Integer = p.clone() * Integer::from(Integer::u_pow_u(10, k)) / q;
    match digits.abs().to_string().len() {
        // Chosen, not rounded: a file of rounded numbers has some that are longer.
        ..=6 => Some(CHOSEN_BITS),
        7..=9 => Some(24),
        10..=17 => Some(53),
        digits => Some((digits as f64 * 10f64.log2()) as u32),
    }
}
