//! Any work in parallel, handed on in order as it is done.

use crate::engine::simulate::threads::{End, help_or_wait, on_each_thread, threads};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Pieces of work, per thread, that are under way or wait for their turn: enough that no thread waits long for the slowest.
const AHEAD_PER_THREAD: usize = 4;

/// Does `work` for every index of `range` on all threads and hands what comes out to `sink` in order, each as soon as all before it are
/// done. No more than a few per thread wait for their turn, so that memory stays bounded however long the range is.
///
/// `work` returns `None` if the stop flag ended it; then, or if the flag is set, indices from the first without a result on are not
/// handed on.
///
/// # Errors
/// What `sink` returns; nothing is handed on after it.
pub fn in_order<R: Send, E: Send>(
    range: Range<u64>,
    stop: &AtomicBool,
    work: impl Fn(u64) -> Option<R> + Sync,
    sink: impl FnMut(u64, R) -> Result<(), E> + Send,
) -> Result<End, E> {
    let line = Mutex::new(WorkQueue {
        take: range.start,
        next: range.start,
        waiting: VecDeque::new(),
        sink,
        stopped: false,
        failed: None,
    });
    let held = || {
        line.lock()
            .expect("no thread panics while it holds the lock")
    };
    let ahead = (AHEAD_PER_THREAD * threads()) as u64;
    on_each_thread(|| {
        loop {
            let taken = held().take(range.end, ahead);
            match taken {
                NextStep::Over => return,
                // Somebody else's piece is slow: help with what it is made of.
                NextStep::Full => help_or_wait(),
                NextStep::Take(index) => {
                    // A piece that panics must not leave others waiting for it; the panic goes on when all have ended.
                    let ended = Ending(|| held().stopped = true);
                    let stopped = stop.load(Ordering::Relaxed);
                    let result = if stopped { None } else { work(index) };
                    std::mem::forget(ended);
                    held().put(index, result);
                }
            }
        }
    });
    let line = line.into_inner();
    let line = line.expect("no thread panics while it holds the lock");
    match line.failed {
        Some(error) => Err(error),
        None if line.next < range.end => Ok(End::Stopped { next: line.next }),
        None => Ok(End::Finished),
    }
}

/// What `work` gives for each of `count` indices, on all threads.
///
/// # Errors
/// The stop flag was set: how many were done.
pub fn in_parallel<R: Send>(
    count: usize,
    stop: &AtomicBool,
    work: impl Fn(usize) -> R + Sync,
) -> Result<Vec<R>, u64> {
    let mut found = Vec::with_capacity(count);
    let end = in_order(
        0..count as u64,
        stop,
        |index| Some(work(index as usize)),
        |_, one| {
            found.push(one);
            Ok::<(), u64>(())
        },
    )?;
    match end {
        End::Finished => Ok(found),
        End::Stopped { next } => Err(next),
    }
}

/// Does something when it goes, unless it is forgotten.
struct Ending<F: FnMut()>(F);

impl<F: FnMut()> Drop for Ending<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Pieces of work in a line: taken in order, done in any order, handed on in order.
struct WorkQueue<R, E, S> {
    /// The next to be taken.
    take: u64,
    /// The next to be handed on.
    next: u64,
    /// Those from `next` on that are done; none where one is not.
    waiting: VecDeque<Option<R>>,
    sink: S,
    /// Whether the stop flag ended a piece.
    stopped: bool,
    /// What the sink returned.
    failed: Option<E>,
}

/// What a thread may do next.
enum NextStep {
    /// This piece.
    Take(u64),
    /// Nothing: too much waits for a slow piece.
    Full,
    /// Nothing any more.
    Over,
}

impl<R, E, S: FnMut(u64, R) -> Result<(), E>> WorkQueue<R, E, S> {
    fn take(&mut self, end: u64, ahead: u64) -> NextStep {
        if self.stopped || self.failed.is_some() || self.take >= end {
            return NextStep::Over;
        }
        if self.take - self.next >= ahead {
            return NextStep::Full;
        }
        self.take += 1;
        NextStep::Take(self.take - 1)
    }

    /// Takes in what came of a piece, and hands on what is next.
    fn put(&mut self, index: u64, result: Option<R>) {
        if self.failed.is_some() {
            return;
        }
        let Some(result) = result else {
            self.stopped = true;
            return;
        };
        let place = (index - self.next) as usize;
        if self.waiting.len() <= place {
            self.waiting.resize_with(place + 1, || None);
        }
        self.waiting[place] = Some(result);
        while let Some(Some(_)) = self.waiting.front() {
            let result = self.waiting.pop_front().flatten();
            let result = result.expect("the first that waits is done");
            if let Err(error) = (self.sink)(self.next, result) {
                self.failed = Some(error);
                return;
            }
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::simulate::threads::on_threads;
    use rayon::prelude::*;

    /// Plays pieces of very different length; what was handed on, and how it ended.
    fn handed_on(
        threads: usize,
        stop_at: Option<u64>,
        refuse: Option<u64>,
    ) -> (Vec<u64>, Result<End, u64>) {
        let stop = AtomicBool::new(false);
        let mut seen = Vec::new();
        let work = |index: u64| {
            // The first piece of each dozen takes longest.
            let length = if index.is_multiple_of(12) { 40 } else { 1 };
            let sum: f64 = (0..length)
                .into_par_iter()
                .map(|k| (0..2000).map(|j| f64::from(k + j)).sum::<f64>())
                .sum();
            assert!(sum > 0.0);
            if stop_at == Some(index) {
                stop.store(true, Ordering::Relaxed);
                return None;
            }
            Some(index * 10)
        };
        let sink = |index: u64, result: u64| {
            assert_eq!(result, index * 10);
            seen.push(index);
            if refuse == Some(index) {
                Err(index)
            } else {
                Ok(())
            }
        };
        let end = on_threads(Some(threads), || in_order(5..100, &stop, work, sink));
        (seen, end.expect("threads start"))
    }

    #[test]
    fn pieces_are_handed_on_in_order() {
        for threads in [1, 2, 5] {
            let (seen, end) = handed_on(threads, None, None);
            assert_eq!(seen, (5..100).collect::<Vec<_>>());
            assert_eq!(end, Ok(End::Finished));
        }
    }

    #[test]
    fn a_stop_loses_only_what_is_not_done() {
        for threads in [1, 2, 5] {
            let (seen, end) = handed_on(threads, Some(40), None);
            let Ok(End::Stopped { next }) = end else {
                panic!("it was stopped: {end:?}");
            };
            // Pieces before the one that stops are done, but for those that no thread had begun.
            assert!(next <= 40 && next + threads as u64 > 40, "{next}");
            assert_eq!(seen, (5..next).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_panic_ends_all_threads_and_goes_on() {
        for threads in [1, 2, 5] {
            let stop = AtomicBool::new(false);
            let work = |index: u64| {
                assert!(index != 5, "a piece that panics");
                Some(())
            };
            let played = std::panic::catch_unwind(|| {
                on_threads(Some(threads), || {
                    in_order(0..100, &stop, work, |_, ()| Ok::<(), ()>(()))
                })
            });
            assert!(played.is_err());
        }
    }

    #[test]
    fn an_empty_range_ends_at_once() {
        let stop = AtomicBool::new(false);
        let (from, to) = (5, 3);
        let end = in_order(from..to, &stop, |_| Some(()), |_, ()| Ok::<(), ()>(()));
        assert_eq!(end, Ok(End::Finished));
        assert_eq!(
            in_parallel(4, &stop, |index| index * 2),
            Ok(vec![0, 2, 4, 6])
        );
        stop.store(true, Ordering::Relaxed);
        assert_eq!(in_parallel(4, &stop, |index| index), Err(0));
    }

    #[test]
    fn nothing_is_handed_on_after_a_refusal() {
        for threads in [1, 2, 5] {
            let (seen, end) = handed_on(threads, None, Some(33));
            assert_eq!(seen, (5..=33).collect::<Vec<_>>());
            assert_eq!(end, Err(33));
        }
    }
}
