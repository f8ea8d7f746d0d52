//! At which precision two files are judged, and why.

/// The coarser of two precisions in bits, `most` where nothing was rounded or both are finer.
pub fn coarser(held: [Option<u32>; 2], most: u32) -> u32 {
    held.into_iter()
        .flatten()
        .min()
        .map_or(most, |bits| bits.min(most))
}

/// Which of the two files, by name, sets the precision: `b.safetensors holds single precision (24 bits)`.
pub fn holders(files: [&str; 2], held: [Option<u32>; 2], bits: u32) -> String {
    let format = match bits {
        8 => "bfloat16 (8 bits)".into(),
        11 => "half precision (11 bits)".into(),
        24 => "single precision (24 bits)".into(),
        53 => "double precision (53 bits)".into(),
        bits => format!("{bits} bits"),
    };
    match held {
        [None, None] => "nothing in either file has been rounded".into(),
        [Some(a), Some(b)] if a == bits && b == bits => format!("both files hold {format}"),
        [Some(a), _] if a == bits => format!("{} holds {format}", files[0]),
        [_, Some(b)] if b == bits => format!("{} holds {format}", files[1]),
        _ => format!("{format} is the most that is judged at"),
    }
}
