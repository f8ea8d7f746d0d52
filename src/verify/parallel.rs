//! Work on all cores, with results in the order of the jobs.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

/// `work` of every job, on all cores. `done` hears of every finished job: how many are, and which.
/// The results do not depend on the number of cores.
pub(crate) fn in_parallel<J: Sync, T: Send>(
    jobs: &[J],
    work: impl Fn(&J) -> T + Sync,
    done: impl Fn(usize, &J) + Sync,
) -> Vec<T> {
    let slots: Vec<Mutex<Option<T>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let worker = || {
        while let Some((job, slot)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            jobs.get(at).zip(slots.get(at))
        } {
            let result = work(job);
            if let Ok(mut slot) = slot.lock() {
                *slot = Some(result);
            }
            done(finished.fetch_add(1, Ordering::Relaxed) + 1, job);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(worker);
        }
    });
    let results = slots.into_iter();
    results
        .filter_map(|slot| slot.into_inner().ok().flatten())
        .collect()
}
