//! Work on several threads, with results in the order of the jobs: they do not depend on the number of threads.

use std::{panic::resume_unwind, sync::Mutex, thread};

#[cfg(feature = "verify")]
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::scalar::Field;

/// How many threads this machine runs at once.
#[cfg(feature = "verify")]
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Below so many multiplications of doubles, threads take longer to start than they save: one is started in
/// 20 to 60 µs, which are as many thousand multiply-adds each on a slow core.
const LEAST: usize = 1 << 21;

/// Numbers that a job of an elementwise pass takes: they stay in the nearest caches, and there are jobs for every thread.
pub(crate) const PIECE: usize = 1 << 13;

/// How many of `threads` to use for so many multiply-adds, or passes over a number.
pub(crate) fn worth<S: Field>(threads: usize, work: usize) -> usize {
    // An operation on MPFR floats or rationals takes as long as some fifty on doubles.
    let weight = match S::precision() {
        Some(bits) if bits <= 53 => 1,
        Some(_) | None => 50,
    };
    if work.saturating_mul(weight) < LEAST {
        1
    } else {
        threads
    }
}

/// `work` of every job, on so many threads, this one included. The next free thread takes the next job.
pub(crate) fn run<J: Send, T: Send>(
    threads: usize,
    jobs: Vec<J>,
    work: impl Fn(J) -> T + Sync,
) -> Vec<T> {
    let threads = threads.min(jobs.len());
    if threads <= 1 {
        return jobs.into_iter().map(work).collect();
    }
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let worker = || {
        let mut done = vec![];
        // A lock that a panic has poisoned ends the others; the panic goes on below.
        while let Some((at, job)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
            done.push((at, work(job)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// `work` of every job, on all cores. `done` hears of every finished job: how many are, and which.
#[cfg(feature = "verify")]
pub(crate) fn in_parallel<J: Sync, T: Send>(
    jobs: &[J],
    work: impl Fn(&J) -> T + Sync,
    done: impl Fn(usize, &J) + Sync,
) -> Vec<T> {
    let finished = AtomicUsize::new(0);
    run(cores(), jobs.iter().collect(), |job| {
        let result = work(job);
        done(finished.fetch_add(1, Ordering::Relaxed) + 1, job);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn results_are_in_the_order_of_the_jobs() {
        for threads in [0, 1, 2, 3, 9] {
            let jobs: Vec<u64> = (0..100).collect();
            let slow = |job: u64| (0..(100 - job) * 100).fold(job, |a, b| (a + b) - b);
            assert_eq!(run(threads, jobs.clone(), slow), jobs);
            assert!(run(threads, Vec::<u64>::new(), slow).is_empty());
        }
    }
}
