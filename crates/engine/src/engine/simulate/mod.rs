//! Trials in parallel, outcomes in order: the only user of rayon.
//!
//! Trials are cut into fixed chunks; each chunk is played by one thread with one [`Player`], and chunks come in waves so
//! that memory stays bounded however many trials there are. A wave is handed on in the order of trials. A trial depends on
//! its own index alone and is consumed in its place, so results are the same bytes on any number of threads.
//!
//! The number of threads is that of the current rayon pool. WebAssembly has one thread, which plays one piece after the other.

mod line;
mod threads;

pub use line::{in_order, in_parallel};
pub use threads::{End, Watch, on_threads, threads};

use crate::engine::model::Model;
use crate::engine::simulate::threads::{for_each, for_each_chunk};
use crate::engine::trial::{ArmSet, Player, TrialError};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

/// Memory of the rows of one wave, at most (one trial may need more).
const WAVE_BYTES: usize = 64 << 20;
/// Most trials of one wave.
const WAVE_TRIALS: usize = 1024;
/// Most trials of one chunk.
const CHUNK_TRIALS: usize = 64;
/// Chunks of a wave, where it has enough trials: several per thread, so that no thread waits long for the last.
const WAVE_CHUNKS: usize = 64;

/// What came out of one trial.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// Index of the trial, or of the point where points are played.
    pub index: u64,
    /// One row per arm, each as [`crate::engine::outcome::OutcomeLayout`] says, arm by arm.
    pub rows: &'a [f64],
    /// The draw of each of `model.uncertain`; behind them, 1 for each of `model.events` that came and 0 for others.
    pub draws: &'a [f64],
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
    /// Worlds of the caller's own making instead of those of the model's design: writes the uniforms of point k, as many as
    /// [`Model::uniforms_len`] and all NaN before, and returns the trial whose noise it has, and those events that it leaves NaN.
    pub points: Option<&'a PointWriter<'a>>,
}

/// What writes the uniforms of a point and returns the trial of its noise.
pub type PointWriter<'a> = dyn Fn(u64, &mut [f64]) -> u64 + Sync + 'a;

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
        let one = |k: usize, slot: &mut R| {
            if watch.stop.load(Ordering::Relaxed) {
                return None;
            }
            let mut own = take_or_make(&workers, &worker);
            let end = work(&mut own, next + k as u64, slot);
            put_back(&workers, own);
            (watch.on_trial)();
            Some(end)
        };
        for_each(&mut slots, one, &mut ends);
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

/// How many trials of `model` fit into `bytes`: a power of two, at least 1 and at most 1024.
pub fn trials_in(model: &Model, bytes: usize) -> usize {
    let fit = (bytes / trial_bytes(model)).clamp(1, WAVE_TRIALS);
    1 << fit.ilog2()
}

fn trial_bytes(model: &Model) -> usize {
    let row = model.outcome_layout().len();
    (row * model.arms.len() + model.draws_len()) * size_of::<f64>()
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
            draws_len: model.draws_len(),
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
        let rows = (&mut self.rows[..], chunk * rows_len);
        let draws = (&mut self.draws[..], chunk * width);
        let play = |index: usize, rows: &mut [f64], draws: &mut [f64]| {
            let start = first + (index * chunk) as u64;
            let rows = rows.chunks_mut(rows_len);
            let draws = draws.chunks_mut(width).map(|draw| &mut draw[..draws_len]);
            let mut player = take_or_make(players, || Player::new(model));
            let end = play_chunk(model, &mut player, start, selection, rows.zip(draws), watch);
            put_back(players, player);
            end
        };
        for_each_chunk(rows, draws, play, &mut self.ends);
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
    let mut uniforms = vec![f64::NAN; points.map_or(0, |_| model.uniforms_len())];
    let mut completed = 0;
    for (rows, draws) in buffers {
        if watch.stop.load(Ordering::Relaxed) {
            return (completed, None);
        }
        let index = first + completed as u64;
        let played = match points {
            None => player.play_arms(model, index, arms, rows, draws),
            Some(points) => {
                uniforms.fill(f64::NAN);
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
