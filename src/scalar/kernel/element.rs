//! The two hardware formats, as the kernels see them.

use std::cell::Cell;

use pulp::Simd;

/// Where a product packs its factors: kept by the thread from one product to the next, for pages fresh from the system cost as
/// much as the multiplications of a small product.
#[derive(Default)]
pub struct Room<T> {
    pub(super) a: Vec<T>,
    pub(super) b: Vec<T>,
}

/// `f32` or `f64`: a float with vectors of itself.
pub trait Element: Copy + PartialOrd + Send + Sync + 'static {
    /// Several floats in one register.
    type Vector<D: Simd>: Copy;

    /// +0.
    const ZERO: Self;

    /// The largest finite number.
    const LARGEST: Self;

    /// The room of this thread, which has none until it is put back.
    fn take_room() -> Room<Self>;

    /// Gives the room back.
    fn put_room(room: Room<Self>);

    /// How many floats a vector holds.
    fn lanes<D: Simd>() -> usize;

    /// Whole vectors from the front, and what is left.
    fn split<D: Simd>(x: &[Self]) -> (&[Self::Vector<D>], &[Self]);

    /// [`split`](Self::split), to be written to.
    fn split_mut<D: Simd>(x: &mut [Self]) -> (&mut [Self::Vector<D>], &mut [Self]);

    /// The same float in every lane.
    fn splat<D: Simd>(simd: D, x: Self) -> Self::Vector<D>;

    /// a + b, rounded.
    fn add<D: Simd>(simd: D, a: Self::Vector<D>, b: Self::Vector<D>) -> Self::Vector<D>;

    /// a - b, rounded.
    fn sub<D: Simd>(simd: D, a: Self::Vector<D>, b: Self::Vector<D>) -> Self::Vector<D>;

    /// a b, rounded.
    fn mul<D: Simd>(simd: D, a: Self::Vector<D>, b: Self::Vector<D>) -> Self::Vector<D>;

    /// a b + c, fused or not: for numbers of which every product and sum is exact.
    fn exact_mul_add<D: Simd>(
        simd: D,
        a: Self::Vector<D>,
        b: Self::Vector<D>,
        c: Self::Vector<D>,
    ) -> Self::Vector<D>;

    /// x + a b, the product rounded before the sum.
    fn plus_product(x: Self, a: Self, b: Self) -> Self;

    /// (c x - s y, s x + c y).
    fn rotated(x: Self, y: Self, c: Self, s: Self) -> (Self, Self);

    /// a + b.
    fn plus(a: Self, b: Self) -> Self;

    /// a - b.
    fn minus(a: Self, b: Self) -> Self;

    /// a b.
    fn times(a: Self, b: Self) -> Self;

    /// |a|.
    fn size(a: Self) -> Self;
}

macro_rules! element {
    ($float:ty, $room:ident, $vector:ident, $lanes:ident, $split:ident, $split_mut:ident, $splat:ident, $add:ident, $sub:ident, $mul:ident, $mul_add:ident) => {
        thread_local! {
            static $room: Cell<Room<$float>> = const {
                Cell::new(Room {
                    a: Vec::new(),
                    b: Vec::new(),
                })
            };
        }

        impl Element for $float {
            type Vector<D: Simd> = D::$vector;

            const ZERO: Self = 0.0;

            const LARGEST: Self = <$float>::MAX;

            fn take_room() -> Room<Self> {
                $room.take()
            }

            fn put_room(room: Room<Self>) {
                $room.set(room);
            }

            #[inline(always)]
            fn lanes<D: Simd>() -> usize {
                D::$lanes
            }

            #[inline(always)]
            fn split<D: Simd>(x: &[Self]) -> (&[Self::Vector<D>], &[Self]) {
                D::$split(x)
            }

            #[inline(always)]
            fn split_mut<D: Simd>(x: &mut [Self]) -> (&mut [Self::Vector<D>], &mut [Self]) {
                D::$split_mut(x)
            }

            #[inline(always)]
            fn splat<D: Simd>(simd: D, x: Self) -> Self::Vector<D> {
                simd.$splat(x)
            }

            #[inline(always)]
            fn add<D: Simd>(simd: D, a: Self::Vector<D>, b: Self::Vector<D>) -> Self::Vector<D> {
                simd.$add(a, b)
            }

            #[inline(always)]
            fn sub<D: Simd>(simd: D, a: Self::Vector<D>, b: Self::Vector<D>) -> Self::Vector<D> {
                simd.$sub(a, b)
            }

            #[inline(always)]
            fn mul<D: Simd>(simd: D, a: Self::Vector<D>, b: Self::Vector<D>) -> Self::Vector<D> {
                simd.$mul(a, b)
            }

            #[inline(always)]
            fn exact_mul_add<D: Simd>(
                simd: D,
                a: Self::Vector<D>,
                b: Self::Vector<D>,
                c: Self::Vector<D>,
            ) -> Self::Vector<D> {
                simd.$mul_add(a, b, c)
            }

            #[inline(always)]
            fn plus_product(x: Self, a: Self, b: Self) -> Self {
                x + a * b
            }

            #[inline(always)]
            fn rotated(x: Self, y: Self, c: Self, s: Self) -> (Self, Self) {
                (c * x - s * y, s * x + c * y)
            }

            #[inline(always)]
            fn plus(a: Self, b: Self) -> Self {
                a + b
            }

            #[inline(always)]
            fn minus(a: Self, b: Self) -> Self {
                a - b
            }

            #[inline(always)]
            fn times(a: Self, b: Self) -> Self {
                a * b
            }

            #[inline(always)]
            fn size(a: Self) -> Self {
                a.abs()
            }
        }
    };
}

element!(
    f64,
    ROOM_OF_DOUBLES,
    f64s,
    F64_LANES,
    as_simd_f64s,
    as_mut_simd_f64s,
    splat_f64s,
    add_f64s,
    sub_f64s,
    mul_f64s,
    mul_add_e_f64s
);
element!(
    f32,
    ROOM_OF_SINGLES,
    f32s,
    F32_LANES,
    as_simd_f32s,
    as_mut_simd_f32s,
    splat_f32s,
    add_f32s,
    sub_f32s,
    mul_f32s,
    mul_add_e_f32s
);
