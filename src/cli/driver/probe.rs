//! How long a study would take, from a short probe.

use crate::cli::driver::asked::Asked;
use crate::engine::simulate::{Watch, threads};
use crate::error::Error;
use crate::report::amounts::counted;
use crate::study::pieces::{Pieces, Study, Unit};
use crate::theory::spelling::units::{count, duration};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A probe of about this many seconds tells the rate.
const PROBE_SECONDS: f64 = 0.5;

/// A shard that carries so many seconds of work outweighs what a queue takes to start it.
pub const SHARD_SECONDS: f64 = 45.0;

/// Most shards unless more are asked for: each is a task and a file.
const MOST_SHARDS: u64 = 1_000_000;

/// How long a plan takes, as this machine measured it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    pub processor_seconds: f64,
    /// Bytes of all shards, where that can be told before they are played.
    #[serde(default)]
    pub bytes: Option<f64>,
}

impl Probe {
    /// How many shards carry [`SHARD_SECONDS`] each with so many processors.
    pub fn shards(&self, blocks: u64, processors: u64) -> u64 {
        let seconds = self.processor_seconds / processors.max(1) as f64;
        ((seconds / SHARD_SECONDS).ceil() as u64).clamp(1, blocks.clamp(1, MOST_SHARDS))
    }
}

/// How long all pieces of a study take on the threads of the pool that this is called in.
pub fn measured(study: &impl Study) -> Result<Probe, Error> {
    let pieces = study.pieces();
    let worlds = pieces.all_worlds();
    let bytes = Cell::new(None);
    let most = worlds.min(study.identity().trials).max(1);
    let (played, rate) = rate_of(most, |worlds| {
        let watch = Watch {
            stop: &AtomicBool::new(false),
            on_trial: &|| {},
        };
        bytes.set(study.probe(worlds, watch)?);
        Ok(())
    })?;
    // A piece has its length before it.
    let each = bytes.get().map(|bytes| 4.0 + bytes as f64 / played as f64);
    Ok(Probe {
        processor_seconds: worlds as f64 / rate * threads() as f64,
        bytes: each.map(|each| each * pieces.count as f64),
    })
}

/// How many of `trials` a probe played, and how many it played in a second; `play` plays the first so many.
pub fn rate_of(trials: u64, play: impl Fn(u64) -> Result<(), Error>) -> Result<(u64, f64), Error> {
    let timed = |count: u64| {
        let started = Instant::now();
        play(count).map(|()| started.elapsed().as_secs_f64())
    };
    let mut played = (threads() as u64).min(trials);
    let mut seconds = timed(played)?;
    // The first worlds take longer than others: they fill tables that all use.
    while seconds < PROBE_SECONDS / 2.0 && played < trials {
        let factor = (PROBE_SECONDS / seconds.max(1e-6)).ceil() as u64;
        played = played.saturating_mul(factor).min(trials);
        seconds = timed(played)?;
    }
    Ok((played, played as f64 / seconds.max(1e-9)))
}

/// How long `trials` take, from a short probe by `play`, which plays the first so many.
pub fn estimate_by(trials: u64, play: impl Fn(u64) -> Result<(), Error>) -> Result<String, Error> {
    let (played, rate) = rate_of(trials, play)?;
    let rate_text = if rate < 10.0 {
        format!("{rate:.1}")
    } else {
        count(rate as u64)
    };
    let time = duration(trials as f64 / rate);
    let about = if trials as f64 / rate < 1.0 {
        ""
    } else {
        "about "
    };
    Ok(format!(
        "{about}{time} ({rate_text} worlds a second on {}, from a probe of {})",
        counted(threads(), "thread"),
        count(played)
    ))
}

/// What would be played and how long it takes.
pub fn outlined(asked: &impl Asked, writes: bool) -> Result<String, Error> {
    if let Some(text) = asked.outline(writes)? {
        return Ok(text);
    }
    let pieces = asked.study().pieces();
    let seconds = measured(asked.study())?.processor_seconds / threads() as f64;
    let about = if seconds < 1.0 { "" } else { "about " };
    Ok(format!(
        "{}: {about}{}\n",
        amount(&pieces),
        duration(seconds)
    ))
}

/// How much is played, in words.
pub fn amount(pieces: &Pieces) -> String {
    let of = match pieces.count {
        1 => pieces.of.one(),
        _ => pieces.of.name(),
    };
    let all = format!("{} {of}", count(pieces.count));
    match (pieces.of, pieces.worlds) {
        (_, worlds) if pieces.chained => format!("about {} worlds", count(worlds)),
        (_, 1) => all,
        (Unit::Worlds, times) => format!("{all} (each played {} times)", count(times)),
        (_, worlds) => format!("{all} of {} worlds", count(worlds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_told_in_words() {
        let told = |of, count, worlds, chained| {
            amount(&Pieces {
                of,
                count,
                each: 1,
                worlds,
                chained,
            })
        };
        assert_eq!(told(Unit::Worlds, 1, 1, false), "1 world");
        assert_eq!(told(Unit::Cells, 3, 50, false), "3 cells of 50 worlds");
        let nine_times = told(Unit::Worlds, 30, 9, false);
        assert_eq!(nine_times, "30 worlds (each played 9 times)");
        assert_eq!(told(Unit::Points, 1, 1100, true), "about 1,100 worlds");
    }

    #[test]
    fn a_shard_carries_its_seconds() {
        let probe = Probe {
            processor_seconds: 900.0,
            bytes: None,
        };
        assert_eq!(probe.shards(1000, 1), 20);
        assert_eq!(probe.shards(1000, 4), 5);
        assert_eq!(probe.shards(8, 1), 8);
        assert_eq!(probe.shards(0, 1), 1);
        let long = Probe {
            processor_seconds: 1e18,
            bytes: None,
        };
        assert_eq!(long.shards(u64::MAX, 1), MOST_SHARDS);
    }
}
