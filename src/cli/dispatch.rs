//! From the name of a scalar to the type: the one place where the list of scalars is spelled out.

/// `with_scalar!(name, S => expression)`: the expression with `S` standing for the scalar.
macro_rules! with_scalar {
    ($name:expr, $S:ident => $body:expr) => {
        $crate::cli::with_real!($name, $S => $body, rational => {
            type $S = $crate::scalar::Rational;
            $body
        })
    };
}

/// The same for floating-point scalars; for `rational` the second expression.
macro_rules! with_real {
    ($name:expr, $S:ident => $body:expr, rational => $rational:expr) => {
        $crate::cli::with_real!(@arms $name, $S, $body, $rational,
            F32 f32, F64 f64, Mp64 $crate::scalar::Mp<64>, Mp128 $crate::scalar::Mp<128>,
            Mp256 $crate::scalar::Mp<256>, Mp512 $crate::scalar::Mp<512>, Mp1024 $crate::scalar::Mp<1024>)
    };
    (@arms $name:expr, $S:ident, $body:expr, $rational:expr, $($variant:ident $type:ty),*) => {
        match $name {
            $($crate::cli::ScalarName::$variant => {
                type $S = $type;
                $body
            })*
            $crate::cli::ScalarName::Rational => $rational,
        }
    };
}

pub(crate) use {with_real, with_scalar};
