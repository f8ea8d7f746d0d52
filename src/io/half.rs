//! Numbers of 16 bits. Every one is a number of single precision, exactly.

/// IEEE binary16: one bit of sign, five of exponent, ten of fraction.
pub fn from_binary16(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (bits >> 10 & 0x1f, f32::from(bits & 0x3ff));
    let power = |e: i32| f32::from_bits(((e + 127) as u32) << 23);
    sign * match exponent {
        0 => fraction * power(-24),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1024.0 + fraction) * power(i32::from(exponent) - 25),
    }
}

/// bfloat16: the upper half of a number of single precision.
pub fn from_bfloat16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}
