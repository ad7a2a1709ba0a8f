//! Trials in parallel, outcomes in order: the only user of rayon.
//!
//! Trials are cut into fixed chunks; each chunk is played by one thread with one [`Player`], and chunks come in waves so
//! that memory stays bounded however many trials there are. A wave is handed on in the order of trials. A trial depends on
//! its own index alone and is consumed in its place, so results are the same bytes on any number of threads.
//!
//! The number of threads is that of the current rayon pool.

use crate::model::Model;
use crate::trial::{ArmSet, Player, TrialError};
use core::time::Duration;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Memory of the rows of one wave, at most (one trial may need more).
const WAVE_BYTES: usize = 64 << 20;
/// Most trials of one wave.
const WAVE_TRIALS: usize = 1024;
/// Most trials of one chunk.
const CHUNK_TRIALS: usize = 64;
/// Chunks of a wave, where it has enough trials: several per thread, so that no thread waits long for the last.
const WAVE_CHUNKS: usize = 64;

/// Pieces of work, per thread, that are under way or wait for their turn: enough that no thread waits long for the slowest.
const AHEAD_PER_THREAD: usize = 4;
/// How long a thread without work waits before it looks for some.
const PATIENCE: Duration = Duration::from_millis(1);

/// What came out of one trial.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// Index of the trial.
    pub index: u64,
    /// One row per arm, each as [`crate::outcome::OutcomeLayout`] says, arm by arm.
    pub rows: &'a [f64],
    /// The draw of each of `model.uncertain`.
    pub draws: &'a [f64],
}

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

/// Why a simulation failed.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError<E> {
    /// A trial has no result; it is the lowest that fails.
    #[error("{error}")]
    Trial {
        /// Which trial, or point of the caller's own making.
        index: u64,
        /// Why; its trial is the one whose noise it has.
        error: TrialError,
    },
    /// The consumer of trials failed.
    #[error(transparent)]
    Sink(E),
}

/// Plays `trials` and hands each to `sink` in order. Trials before one that fails are handed on first.
///
/// # Errors
/// The lowest trial that has no result, or what `sink` returns.
pub fn simulate<E>(
    model: &Model,
    trials: Range<u64>,
    watch: Watch<'_>,
    sink: impl FnMut(Trial<'_>) -> Result<(), E>,
) -> Result<End, SimulateError<E>> {
    let all = Selection {
        arms: ArmSet::MAX,
        points: None,
    };
    simulate_selected(model, trials, all, watch, sink)
}

/// Which arms are played, and in which worlds.
#[derive(Clone, Copy)]
pub struct Selection<'a> {
    /// The arms; rows of others hold nothing that may be read.
    pub arms: ArmSet,
    /// Worlds of the caller's own making instead of those of the model's design: writes the uniforms of point k, one per uncertain
    /// quantity, and returns the trial whose events and noise it has.
    pub points: Option<&'a Points<'a>>,
}

/// What writes the uniforms of a point and returns the trial of its noise.
pub type Points<'a> = dyn Fn(u64, &mut [f64]) -> u64 + Sync + 'a;

/// As [`simulate`], but plays only some arms, or points instead of trials.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_selected<E>(
    model: &Model,
    trials: Range<u64>,
    selection: Selection<'_>,
    watch: Watch<'_>,
    mut sink: impl FnMut(Trial<'_>) -> Result<(), E>,
) -> Result<End, SimulateError<E>> {
    let mut waves = Waves::new(model);
    let mut next = trials.start;
    while next < trials.end {
        let count = (trials.end - next).min(waves.trials as u64) as usize;
        waves.play(model, next, count, selection, watch);
        next += waves
            .consume(next, &mut sink)
            .map_err(SimulateError::Sink)?;
        match waves.first_incomplete() {
            None => {}
            Some(None) => return Ok(End::Stopped { next }),
            Some(Some(error)) => return Err(SimulateError::Trial { index: next, error }),
        }
    }
    Ok(End::Finished)
}

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
    let line = Mutex::new(Line {
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
    rayon::broadcast(|_| {
        loop {
            let taken = held().take(range.end, ahead);
            match taken {
                Turn::Over => return,
                // Somebody else's piece is slow: help with what it is made of.
                Turn::Full => match rayon::yield_now() {
                    Some(rayon::Yield::Executed) => {}
                    _ => std::thread::sleep(PATIENCE),
                },
                Turn::Take(index) => {
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
struct Line<R, E, S> {
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
enum Turn {
    /// This piece.
    Take(u64),
    /// Nothing: too much waits for a slow piece.
    Full,
    /// Nothing any more.
    Over,
}

impl<R, E, S: FnMut(u64, R) -> Result<(), E>> Line<R, E, S> {
    fn take(&mut self, end: u64, ahead: u64) -> Turn {
        if self.stopped || self.failed.is_some() || self.take >= end {
            return Turn::Over;
        }
        if self.take - self.next >= ahead {
            return Turn::Full;
        }
        self.take += 1;
        Turn::Take(self.take - 1)
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

/// Does `work` for each of `trials`, so many at a time, and hands what came out of each to `sink` in the order of trials.
///
/// A thread takes what `worker` makes and keeps it from trial to trial; `work` fills what came out, which is used again for later
/// trials. Where the stop flag is set, trials below `next` were handed on.
///
/// # Errors
/// What `work` returns for the lowest trial that fails; trials before it are handed on first.
pub fn map_trials<W: Send, R: Default + Send, E: Send>(
    trials: Range<u64>,
    at_a_time: usize,
    watch: Watch<'_>,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, u64, &mut R) -> Result<(), E> + Sync,
    mut sink: impl FnMut(u64, &R),
) -> Result<End, E> {
    let workers = Mutex::new(Vec::new());
    let mut slots: Vec<R> = Vec::new();
    let mut ends: Vec<Option<Result<(), E>>> = Vec::new();
    let mut next = trials.start;
    while next < trials.end {
        let count = (trials.end - next).min(at_a_time.max(1) as u64) as usize;
        slots.resize_with(count, R::default);
        let one = |(k, slot): (usize, &mut R)| {
            if watch.stop.load(Ordering::Relaxed) {
                return None;
            }
            let mut own = take_or_make(&workers, &worker);
            let end = work(&mut own, next + k as u64, slot);
            put_back(&workers, own);
            (watch.on_trial)();
            Some(end)
        };
        let parallel = slots.par_iter_mut().enumerate().with_max_len(1);
        parallel.map(one).collect_into_vec(&mut ends);
        for (slot, end) in slots.iter().zip(ends.drain(..)) {
            match end {
                None => return Ok(End::Stopped { next }),
                Some(end) => end?,
            }
            sink(next, slot);
            next += 1;
        }
    }
    Ok(End::Finished)
}

fn take_or_make<W>(waiting: &Mutex<Vec<W>>, make: impl Fn() -> W) -> W {
    let taken = waiting
        .lock()
        .expect("no thread panics while it holds the lock")
        .pop();
    taken.unwrap_or_else(make)
}

fn put_back<W>(waiting: &Mutex<Vec<W>>, own: W) {
    waiting
        .lock()
        .expect("no thread panics while it holds the lock")
        .push(own);
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

/// How many trials of `model` fit into `bytes`: a power of two, at least 1 and at most 1024.
pub fn trials_in(model: &Model, bytes: usize) -> usize {
    let fit = (bytes / trial_bytes(model)).clamp(1, WAVE_TRIALS);
    1 << fit.ilog2()
}

fn trial_bytes(model: &Model) -> usize {
    let row = model.outcome_layout().len();
    (row * model.arms.len() + model.uncertain.len()) * size_of::<f64>()
}

/// The buffers of a wave, used again for every wave.
struct Waves {
    trials: usize,
    chunk: usize,
    rows_len: usize,
    draws_len: usize,
    rows: Vec<f64>,
    draws: Vec<f64>,
    /// Trials completed in each chunk, and why it ended early.
    ends: Vec<(usize, Option<TrialError>)>,
    players: Mutex<Vec<Player>>,
}

impl Waves {
    fn new(model: &Model) -> Waves {
        let trials = trials_in(model, WAVE_BYTES);
        Waves {
            trials,
            chunk: (trials / WAVE_CHUNKS).clamp(1, CHUNK_TRIALS),
            rows_len: model.outcome_layout().len() * model.arms.len(),
            draws_len: model.uncertain.len(),
            rows: Vec::new(),
            draws: Vec::new(),
            ends: Vec::new(),
            players: Mutex::new(Vec::new()),
        }
    }

    /// Plays `count` trials from `first` on.
    fn play(
        &mut self,
        model: &Model,
        first: u64,
        count: usize,
        selection: Selection<'_>,
        watch: Watch<'_>,
    ) {
        // A scenario without uncertain quantities has no draws; its chunks still need one number each to be cut.
        let (chunk, rows_len, width) = (self.chunk, self.rows_len, self.draws_len.max(1));
        let (draws_len, players) = (self.draws_len, &self.players);
        self.rows.resize(count * rows_len, 0.0);
        self.draws.resize(count * width, 0.0);
        self.rows
            .par_chunks_mut(chunk * rows_len)
            .zip(self.draws.par_chunks_mut(chunk * width))
            .enumerate()
            .map(|(index, (rows, draws))| {
                let start = first + (index * chunk) as u64;
                let rows = rows.chunks_mut(rows_len);
                let draws = draws.chunks_mut(width).map(|draw| &mut draw[..draws_len]);
                let mut player = take_or_make(players, || Player::new(model));
                let end = play_chunk(model, &mut player, start, selection, rows.zip(draws), watch);
                put_back(players, player);
                end
            })
            .collect_into_vec(&mut self.ends);
    }

    /// How many trials chunk `index` has.
    fn chunk_len(&self, index: usize) -> usize {
        self.chunk
            .min(self.rows.len() / self.rows_len - index * self.chunk)
    }

    /// The error of the first chunk that did not complete, if any; no error if it was stopped.
    fn first_incomplete(&mut self) -> Option<Option<TrialError>> {
        let index = (0..self.ends.len()).find(|&k| self.ends[k].0 < self.chunk_len(k))?;
        Some(self.ends[index].1.take())
    }

    /// Hands on the trials before the first that was not completed, and counts them.
    fn consume<E>(
        &self,
        first: u64,
        sink: &mut impl FnMut(Trial<'_>) -> Result<(), E>,
    ) -> Result<u64, E> {
        let width = self.draws_len.max(1);
        let mut consumed = 0;
        for (index, &(completed, _)) in self.ends.iter().enumerate() {
            let start = index * self.chunk;
            for k in start..start + completed {
                sink(Trial {
                    index: first + k as u64,
                    rows: &self.rows[k * self.rows_len..][..self.rows_len],
                    draws: &self.draws[k * width..][..self.draws_len],
                })?;
                consumed += 1;
            }
            if completed < self.chunk_len(index) {
                break;
            }
        }
        Ok(consumed)
    }
}

fn play_chunk<'a>(
    model: &Model,
    player: &mut Player,
    first: u64,
    selection: Selection<'_>,
    buffers: impl Iterator<Item = (&'a mut [f64], &'a mut [f64])>,
    watch: Watch<'_>,
) -> (usize, Option<TrialError>) {
    let Selection { arms, points } = selection;
    let mut uniforms = vec![0.5; points.map_or(0, |_| model.uncertain.len())];
    let mut completed = 0;
    for (rows, draws) in buffers {
        if watch.stop.load(Ordering::Relaxed) {
            return (completed, None);
        }
        let index = first + completed as u64;
        let played = match points {
            None => player.play_arms(model, index, arms, rows, draws),
            Some(points) => {
                let noise = points(index, &mut uniforms);
                player.play_at(model, noise, &uniforms, arms, rows, draws)
            }
        };
        if let Err(error) = played {
            return (completed, Some(error));
        }
        completed += 1;
        (watch.on_trial)();
    }
    (completed, None)
}

#[cfg(test)]
mod tests {
    use super::*;

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
