//! The comparison that a verdict is made of.

use crate::{
    Error, Network,
    cli::remark,
    gauge::{
        AtCeilings, Comparison, Leeway, compare_allowing, compare_at_ceilings, compare_in_doubles,
        is_wide,
    },
    scalar::Real,
};

/// A comparison that decides, of the networks as they are or at their ceilings.
pub(super) struct Found<S> {
    pub(super) a: Network<S>,
    pub(super) b: Network<S>,
    pub(super) comparison: Comparison<S>,
    pub(super) ceilings: String,
    pub(super) arithmetic: String,
    /// Whether it was made in f64.
    pub(super) quick: bool,
}

/// The comparison of the networks as they are, and at their ceilings where that leaves them apart.
pub(super) fn compared<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    u: &S,
    bits: u32,
) -> Result<Found<S>, Error> {
    let (before, after) = (a.widths(), b.widths());
    let mut arithmetic = S::name();
    let mut quick = false;
    let comparison = match in_doubles(a, b, u, bits)? {
        Some(comparison) => {
            arithmetic = "f64".into();
            quick = true;
            comparison
        }
        None => compare_allowing(a, b, Leeway::Usual)?,
    };
    let mut found = Found {
        a: a.clone(),
        b: b.clone(),
        comparison,
        ceilings: String::new(),
        arithmetic,
        quick,
    };
    // Different widths, or neurons that do nothing: the ceilings decide.
    let ends_equal = before.len() == after.len()
        && before.first() == after.first()
        && before.last() == after.last()
        && a.gain() == b.gain();
    let open = found.comparison.structure.is_some() || !found.comparison.agrees(u);
    if ends_equal && open && !(before == after && is_wide(a)) {
        let at = compare_at_ceilings(a, b, u, Leeway::Usual)?;
        // Of equal widths that part at the ceilings too, the parameters as they are say more.
        let decides = before != after || at.comparison.agrees(u);
        if decides && at.reduced(a, b) {
            found.ceilings = reduction(&at, (&before, &after), bits);
            (found.a, found.b, found.comparison) = (at.a, at.b, at.comparison);
            found.quick = false;
        }
    }
    Ok(found)
}

/// The comparison of wide layers in f64, if that is clear; said aloud.
pub(super) fn in_doubles<S: Real>(
    a: &Network<S>,
    b: &Network<S>,
    u: &S,
    bits: u32,
) -> Result<Option<Comparison<S>>, Error> {
    if bits > 53 || a.widths() != b.widths() || !is_wide(a) {
        return Ok(None);
    }
    remark("comparing wide layers: in f64 first");
    let fast = compare_in_doubles(a, b, u)?;
    if fast.is_none() {
        remark(&format!(
            "f64 leaves it open: comparing in {}, which takes minutes",
            S::name()
        ));
    }
    Ok(fast)
}

/// What the ceilings made of the widths.
pub(super) fn reduction<S: Real>(
    at: &AtCeilings<S>,
    before: (&[usize], &[usize]),
    bits: u32,
) -> String {
    let shown = |widths: &[usize]| {
        let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
        widths.join("-")
    };
    format!(
        "compared at their width ceilings: {} is {}, and {} is {}, by ranks at {bits} bits\n",
        shown(before.0),
        shown(&at.a.widths()),
        shown(before.1),
        shown(&at.b.widths()),
    )
}
