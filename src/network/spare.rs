//! Buffers that a thread keeps from one batch to the next: pages fresh from the system cost a tenth of an evaluation.

use std::{any::Any, cell::Cell};

use crate::scalar::Field;

/// More than so many bytes are given back to the system.
const MOST: usize = 1 << 24;

thread_local! {
    /// A `Pair<S>` for the scalar that was last evaluated in.
    static KEPT: Cell<Option<Box<dyn Any>>> = const { Cell::new(None) };
}

/// Two buffers; what they hold means nothing.
pub(super) type Pair<S> = (Vec<S>, Vec<S>);

/// Those that this thread has kept, or new ones.
pub(super) fn take<S: Field>() -> Pair<S> {
    let kept = KEPT.take().and_then(|kept| kept.downcast().ok());
    kept.map_or_else(|| (vec![], vec![]), |kept| *kept)
}

/// Keeps them for the next batch, if they are of hardware floats and not large.
pub(super) fn keep<S: Field>(pair: Pair<S>) {
    let plain = S::precision().is_some_and(|bits| bits <= 53);
    let numbers = pair.0.capacity() + pair.1.capacity();
    if plain && numbers.saturating_mul(size_of::<S>()) <= MOST {
        KEPT.set(Some(Box::new(pair)));
    }
}
