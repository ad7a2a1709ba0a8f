//! How many threads work, how a caller watches and ends them, and how it ended.

#[cfg(not(target_family = "wasm"))]
mod many;
#[cfg(any(test, target_family = "wasm"))]
#[cfg_attr(
    test,
    allow(dead_code, reason = "a test compares a part of it with many")
)]
mod one;

#[cfg(not(target_family = "wasm"))]
pub use many::{on_threads, threads};
#[cfg(target_family = "wasm")]
pub use one::{on_threads, threads};

#[cfg(not(target_family = "wasm"))]
pub(super) use many::{for_each, for_each_chunk, help_or_wait, on_each_thread};
#[cfg(target_family = "wasm")]
pub(super) use one::{for_each, for_each_chunk, help_or_wait, on_each_thread};

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

#[cfg(test)]
mod tests {
    use super::{many, one};

    #[test]
    fn one_thread_finds_what_many_find() {
        let both = |len: usize| {
            let mut items: Vec<usize> = (0..len).map(|k| k * k).collect();
            let mut again = items.clone();
            let add = |index: usize, item: &mut usize| {
                *item += index;
                *item % 7
            };
            // What was found before makes room.
            let (mut found, mut alone) = (vec![1, 2], vec![3]);
            many::for_each(&mut items, add, &mut found);
            one::for_each(&mut again, add, &mut alone);
            assert_eq!((items, found), (again, alone));

            let (mut rows, mut draws) = (vec![1.0; 3 * len], vec![2.0; len]);
            let (mut own_rows, mut own_draws) = (rows.clone(), draws.clone());
            let fill = |index: usize, rows: &mut [f64], draws: &mut [f64]| {
                rows[0] = index as f64;
                draws[0] = rows.len() as f64;
                rows.len() + draws.len()
            };
            let (mut found, mut alone) = (vec![1, 2], vec![3]);
            many::for_each_chunk((&mut rows, 6), (&mut draws, 2), fill, &mut found);
            one::for_each_chunk((&mut own_rows, 6), (&mut own_draws, 2), fill, &mut alone);
            assert_eq!((rows, draws, found), (own_rows, own_draws, alone));
        };
        for len in [0, 1, 2, 7, 64] {
            both(len);
        }
    }
}
