//! The widths with the fewest parameters within an error.

use super::Cuts;
use crate::{error::Error, scalar::Real};

/// W, b, ψ and o at these widths n_0 … n_L: Σ n_l (n_{l-1} + 1) + Σ_{l>1} n_l + L - 1.
///
/// ```
/// assert_eq!(isotropic::prune::parameters(&[3, 5, 2]), 5 * 4 + 2 * 6 + 2 + 1);
/// ```
pub fn parameters(widths: &[usize]) -> usize {
    let weights: usize = widths.windows(2).map(|n| n[1] * (n[0] + 1)).sum();
    let hidden = widths.len().saturating_sub(2);
    weights + widths.iter().skip(2).sum::<usize>() + hidden
}

/// The hidden widths with the fewest parameters that the search finds whose cut changes the outputs by at most `limit`
/// (root mean square over the rows that choose); `None` if that of `ceilings`, the widest it looks at, changes them
/// more.
///
/// From the ceilings down: half a layer at a time, then a quarter, … then one neuron, each time in the layer that saves
/// most parameters for the error it costs; then exchanges, in which one layer gives up neurons and another takes back as
/// few as keep the error within the limit, until no exchange saves a parameter. For a single hidden layer, and for two if
/// the error never rises with a width, nothing smaller is missed along any exchange; in general it is a heuristic.
///
/// # Errors
/// Those of [`Cuts::error`].
pub fn smallest_within<S: Real>(
    cuts: &mut Cuts<'_, S>,
    ceilings: &[usize],
    limit: f64,
    watch: &dyn Fn(usize),
) -> Result<Option<Vec<usize>>, Error> {
    let mut search = Search {
        widths: cuts.network().widths(),
        cuts,
        limit,
        watch,
    };
    if !search.fits(ceilings)? {
        return Ok(None);
    }
    let mut hidden = ceilings.to_vec();
    for share in [2, 4, 8, 16, usize::MAX] {
        search.descend(&mut hidden, share)?;
    }
    while search.exchange(&mut hidden, ceilings)? {}
    Ok(Some(hidden))
}

struct Search<'c, 'a, S> {
    cuts: &'c mut Cuts<'a, S>,
    /// n_0 … n_L of the network.
    widths: Vec<usize>,
    limit: f64,
    watch: &'c dyn Fn(usize),
}

impl<S: Real> Search<'_, '_, S> {
    fn size(&self, hidden: &[usize]) -> usize {
        let mut widths = self.widths.clone();
        widths[1..=hidden.len()].copy_from_slice(hidden);
        parameters(&widths)
    }

    fn fits(&mut self, hidden: &[usize]) -> Result<bool, Error> {
        let error = self.cuts.error(hidden)?;
        (self.watch)(self.cuts.made());
        Ok(error <= self.limit)
    }

    /// Takes neurons away, a `share`th of a layer at a time (at least one), while the error allows it.
    fn descend(&mut self, hidden: &mut Vec<usize>, share: usize) -> Result<(), Error> {
        loop {
            let (here, size) = (self.cuts.error(hidden)?, self.size(hidden));
            let mut best: Option<(f64, Vec<usize>)> = None;
            for l in (0..hidden.len()).filter(|&l| hidden[l] > 1) {
                let mut next = hidden.clone();
                next[l] -= (next[l] / share).max(1);
                if !self.fits(&next)? {
                    continue;
                }
                let saved = (size - self.size(&next)) as f64;
                // What costs nothing is worth most.
                let cost = (self.cuts.error(&next)? - here).max(self.limit * 1e-6);
                let worth = saved / cost.max(f64::MIN_POSITIVE);
                if best.as_ref().is_none_or(|(most, _)| worth > *most) {
                    best = Some((worth, next));
                }
            }
            match best {
                Some((_, next)) => *hidden = next,
                None => return Ok(()),
            }
        }
    }

    /// One exchange that saves parameters, if there is any.
    fn exchange(&mut self, hidden: &mut Vec<usize>, most: &[usize]) -> Result<bool, Error> {
        for from in 0..hidden.len() {
            let mut given = 1;
            while given < hidden[from] {
                let mut next = hidden.clone();
                next[from] -= given;
                if self.fits(&next)? || self.make_up(&mut next, from, self.size(hidden), most)? {
                    *hidden = next;
                    return Ok(true);
                }
                given *= 2;
            }
        }
        Ok(false)
    }

    /// Widens one layer other than `from` by as few neurons as bring the error within the limit, below `size` parameters.
    fn make_up(
        &mut self,
        hidden: &mut Vec<usize>,
        from: usize,
        size: usize,
        most: &[usize],
    ) -> Result<bool, Error> {
        for to in (0..hidden.len()).filter(|&to| to != from) {
            let mut next = hidden.clone();
            while next[to] < most[to] && {
                next[to] += 1;
                self.size(&next) < size
            } {}
            if self.size(&next) >= size {
                next[to] -= 1;
            }
            if next[to] <= hidden[to] || !self.fits(&next)? {
                continue;
            }
            // Bisection: `next` fits, `low` does not.
            let mut low = hidden[to];
            while next[to] - low > 1 {
                let mut middle = next.clone();
                middle[to] = low + (next[to] - low) / 2;
                if self.fits(&middle)? {
                    next = middle;
                } else {
                    low = middle[to];
                }
            }
            *hidden = next;
            return Ok(true);
        }
        Ok(false)
    }
}
