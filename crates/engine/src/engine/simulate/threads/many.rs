//! Work on all threads of the current rayon pool.

use core::time::Duration;
use rayon::prelude::*;

/// How long a thread without work waits before it looks for some.
const PATIENCE: Duration = Duration::from_millis(1);

/// Runs `work` with so many threads, or as many as there are processors.
///
/// # Errors
/// Threads that cannot be started, with what the system said.
pub fn on_threads<R: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> R + Send,
) -> Result<R, String> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .build()
        .map_err(|error| error.to_string())?;
    Ok(pool.install(work))
}

/// How many threads the current pool has.
pub fn threads() -> usize {
    rayon::current_num_threads()
}

/// Does `work` once on every thread, and returns when all are done.
pub(crate) fn on_each_thread(work: impl Fn() + Sync) {
    rayon::broadcast(|_| work());
}

/// Does a part of what other threads are at, or waits a moment.
pub(crate) fn help_or_wait() {
    match rayon::yield_now() {
        Some(rayon::Yield::Executed) => {}
        _ => std::thread::sleep(PATIENCE),
    }
}

/// What `work` gives for each of `items` and its index, in their order; each is a piece of work of its own.
pub(crate) fn for_each<T: Send, R: Send>(
    items: &mut [T],
    work: impl Fn(usize, &mut T) -> R + Sync,
    found: &mut Vec<R>,
) {
    let parallel = items.par_iter_mut().enumerate().with_max_len(1);
    let parallel = parallel.map(|(index, item)| work(index, item));
    parallel.collect_into_vec(found);
}

/// What `work` gives for each chunk of `first`, the same of `second`, and its index, in their order. A chunk of each is so many numbers.
pub(crate) fn for_each_chunk<R: Send>(
    (first, first_len): (&mut [f64], usize),
    (second, second_len): (&mut [f64], usize),
    work: impl Fn(usize, &mut [f64], &mut [f64]) -> R + Sync,
    found: &mut Vec<R>,
) {
    first
        .par_chunks_mut(first_len)
        .zip(second.par_chunks_mut(second_len))
        .enumerate()
        .map(|(index, (first, second))| work(index, first, second))
        .collect_into_vec(found);
}
