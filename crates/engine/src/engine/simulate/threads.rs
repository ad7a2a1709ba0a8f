//! How many threads work, how a caller watches and ends them, and how it ended.

use std::sync::atomic::AtomicBool;

/// How a caller watches and ends a simulation.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Ends the simulation soon after it becomes true.
    pub stop: &'a AtomicBool,
    /// Told of every trial played, from any thread.
    pub on_trial: &'a (dyn Fn() + Sync),
}

/// Why a simulation ended without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All trials were played and handed on.
    Finished,
    /// The stop flag was set: trials below `next` were handed on.
    Stopped {
        /// First trial that was not handed on.
        next: u64,
    },
}

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
