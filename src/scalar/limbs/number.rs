//! Floats of whole limbs: products and sums, rounded to nearest, ties to even, as MPFR rounds them.

/// A float of N limbs: ± 0.limbs · 2^exponent with the top bit of the top limb set; all limbs 0 for zero.
#[derive(Clone, Copy)]
pub(super) struct Number<const N: usize> {
    /// The least significant first.
    pub(super) limbs: [u64; N],
    pub(super) exponent: i32,
    pub(super) negative: bool,
}

impl<const N: usize> Number<N> {
    pub(super) const ZERO: Self = Number {
        limbs: [0; N],
        exponent: 0,
        negative: false,
    };

    #[inline(always)]
    pub(super) fn is_zero(&self) -> bool {
        self.limbs[N - 1] == 0
    }
}

/// a b + c + carry: its low and its high limb.
#[inline(always)]
fn mac(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    let t = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(carry);
    (t as u64, (t >> 64) as u64)
}

/// Columns from `from` on of a b.
#[inline(always)]
fn columns<const N: usize, const M: usize>(a: &[u64; N], b: &[u64; N], from: usize) -> [u64; M] {
    let mut p = [0u64; M];
    for i in 0..N {
        let mut carry = 0;
        for j in from.saturating_sub(i)..N {
            let (low, high) = mac(a[i], b[j], p[i + j], carry);
            p[i + j] = low;
            carry = high;
        }
        p[i + N] = carry;
    }
    p
}

const HALF: u64 = 1 << 63;

/// Rounds to the even limbs beside what follows them; 1 if that makes the next power of two.
#[inline(always)]
fn round<const N: usize>(limbs: &mut [u64; N], guard: u64) -> i32 {
    let mut carry = (guard > HALF) | ((guard == HALF) & (limbs[0] & 1 == 1));
    for limb in limbs.iter_mut() {
        let (sum, next) = limb.overflowing_add(u64::from(carry));
        *limb = sum;
        carry = next;
    }
    if carry {
        limbs[N - 1] = HALF;
    }
    i32::from(carry)
}

/// a b rounded, neither zero; M = 2 N.
#[inline(always)]
pub(super) fn times<const N: usize, const M: usize>(a: &Number<N>, b: &Number<N>) -> Number<N> {
    let p = columns::<N, M>(&a.limbs, &b.limbs, N.saturating_sub(2));
    let shift = u32::from(p[M - 1] >> 63 == 0);
    let guard = p[N - 1] << shift;
    if N > 2 {
        // What the columns left out hold is below N in the unit of the guard, 2 N after the shift: where that could make a half of
        // less or end a tie, all of them are asked. Elsewhere it changes nothing: a guard that it carries out of had been rounded
        // up, and is rounded down then.
        let margin = 2 * (N as u64 + 1);
        if guard.wrapping_sub(HALF - margin) <= margin {
            return exactly::<N, M>(a, b);
        }
    }
    rounded(a, b, &p, shift)
}

#[cold]
#[inline(never)]
fn exactly<const N: usize, const M: usize>(a: &Number<N>, b: &Number<N>) -> Number<N> {
    let p = columns::<N, M>(&a.limbs, &b.limbs, 0);
    rounded(a, b, &p, u32::from(p[M - 1] >> 63 == 0))
}

/// The upper half of the product p, moved up by `shift`, 0 or 1, and rounded.
#[inline(always)]
fn rounded<const N: usize, const M: usize>(
    a: &Number<N>,
    b: &Number<N>,
    p: &[u64; M],
    shift: u32,
) -> Number<N> {
    let moved = 0u64.wrapping_sub(u64::from(shift));
    let mut limbs = [0; N];
    for i in 0..N {
        limbs[i] = p[N + i] << shift | (p[N + i - 1] >> 63) & moved;
    }
    let lost = p[..N - 1].iter().fold(0, |lost, limb| lost | limb);
    let guard = p[N - 1] << shift | u64::from(lost != 0);
    let more = round(&mut limbs, guard);
    Number {
        limbs,
        exponent: a.exponent + b.exponent - shift as i32 + more,
        negative: a.negative != b.negative,
    }
}

/// x where `mask` is 0, y where it is all ones.
#[inline(always)]
fn select<const N: usize>(x: &[u64; N], y: &[u64; N], mask: u64) -> [u64; N] {
    std::array::from_fn(|i| x[i] ^ ((x[i] ^ y[i]) & mask))
}

/// x + y rounded.
#[inline(always)]
pub(super) fn plus<const N: usize>(x: &Number<N>, y: &Number<N>) -> Number<N> {
    if x.is_zero() {
        let negative = y.negative && (x.negative || !y.is_zero());
        return Number { negative, ..*y };
    }
    if y.is_zero() {
        return *x;
    }
    // Which is larger in size: no branch that depends on the numbers but where they are far apart or cancel.
    let mut borrow = false;
    for i in 0..N {
        let (d, b1) = x.limbs[i].overflowing_sub(y.limbs[i]);
        let (_, b2) = d.overflowing_sub(u64::from(borrow));
        borrow = b1 | b2;
    }
    let difference = x.exponent - y.exponent;
    let swap = (difference < 0) | ((difference == 0) & borrow);
    let mask = 0u64.wrapping_sub(u64::from(swap));
    let (large, small) = (
        select(&x.limbs, &y.limbs, mask),
        select(&y.limbs, &x.limbs, mask),
    );
    let exponent = if swap { y.exponent } else { x.exponent };
    let negative = if swap { y.negative } else { x.negative };
    let distance = difference.unsigned_abs();
    // The smaller in the unit of the larger.
    let mut shifted = [0; N];
    let mut guard;
    let mut lost = 0;
    if distance < 64 {
        let back = 63 - distance;
        for i in 0..N {
            let above = if i + 1 < N { small[i + 1] } else { 0 };
            shifted[i] = small[i] >> distance | (above << 1) << back;
        }
        guard = (small[0] << 1) << back;
    } else {
        if distance > 64 * N as u32 + 2 {
            return Number {
                limbs: large,
                exponent,
                negative,
            };
        }
        (shifted, guard, lost) = far(&small, distance);
    }
    // large ± (shifted, guard, lost), where lost is worth less than anything else and has a sign of its own.
    let apart = x.negative != y.negative;
    let turned = 0u64.wrapping_sub(u64::from(apart));
    // - (guard + lost) = !guard + 1 - lost: without the 1 if something is lost, which then is positive again.
    let (low, mut carry) = (guard ^ turned).overflowing_add(u64::from(apart & (lost == 0)));
    guard = low;
    let mut limbs = [0; N];
    for i in 0..N {
        let (s, c1) = large[i].overflowing_add(shifted[i] ^ turned);
        let (s, c2) = s.overflowing_add(u64::from(carry));
        limbs[i] = s;
        carry = c1 | c2;
    }
    // One bit down, so that there is room for the carry.
    let top = u64::from(carry & !apart);
    lost |= guard & 1;
    guard = guard >> 1 | limbs[0] << 63;
    for i in 0..N {
        let above = if i + 1 < N { limbs[i + 1] } else { top };
        limbs[i] = limbs[i] >> 1 | above << 63;
    }
    if limbs[N - 1] == 0 {
        return cancelled(limbs, guard, exponent + 1, negative);
    }
    let up = limbs[N - 1].leading_zeros();
    let back = 63 - up;
    for i in (0..N).rev() {
        let below = if i > 0 { limbs[i - 1] } else { guard };
        limbs[i] = limbs[i] << up | (below >> 1) >> back;
    }
    let more = round(&mut limbs, guard << up | u64::from(lost != 0));
    Number {
        limbs,
        exponent: exponent + 1 - up as i32 + more,
        negative,
    }
}

/// y moved down by 64 bits or more, what follows its limbs then, and whether anything follows that.
#[cold]
#[inline(never)]
fn far<const N: usize>(y: &[u64; N], distance: u32) -> ([u64; N], u64, u64) {
    let (whole, distance) = ((distance / 64) as usize, distance % 64);
    let back = 63 - distance;
    let limb = |i: usize| y.get(i).copied().unwrap_or(0);
    let mut shifted = [0; N];
    for (i, to) in shifted.iter_mut().enumerate() {
        *to = limb(i + whole) >> distance | (limb(i + whole + 1) << 1) << back;
    }
    let guard = limb(whole - 1) >> distance | (limb(whole) << 1) << back;
    let mut lost = (limb(whole - 1) << 1) << back;
    for i in 0..whole - 1 {
        lost |= limb(i);
    }
    (shifted, guard, u64::from(lost != 0))
}

/// What is left where the top limb has cancelled: exact, for y was shifted by one bit at most.
#[cold]
#[inline(never)]
fn cancelled<const N: usize>(
    limbs: [u64; N],
    guard: u64,
    mut exponent: i32,
    negative: bool,
) -> Number<N> {
    let mut digits = limbs;
    let mut guard = guard;
    for _ in 0..N {
        if digits[N - 1] != 0 {
            break;
        }
        for i in (1..N).rev() {
            digits[i] = digits[i - 1];
        }
        digits[0] = guard;
        guard = 0;
        exponent -= 64;
    }
    if digits[N - 1] == 0 {
        return Number::ZERO;
    }
    let up = digits[N - 1].leading_zeros();
    let back = 63 - up;
    for i in (0..N).rev() {
        let below = if i > 0 { digits[i - 1] } else { guard };
        digits[i] = digits[i] << up | (below >> 1) >> back;
    }
    Number {
        limbs: digits,
        exponent: exponent - up as i32,
        negative,
    }
}
