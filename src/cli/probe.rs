//! What `--dry-run` prints: what would run, and from a short probe how long it would take and how much it would write.

use crate::cli::commands::inspect::counted;
use crate::cli::output::width;
use crate::engine::model::Model;
use crate::engine::model::arm::Mode;
use crate::engine::simulate::{SimulateError, Trial, Watch, simulate, threads};
use crate::error::Error;
use crate::report::wrap::wrapped;
use crate::study::readings::{Output, WorldSelection, read_with_draws};
use crate::study::results::assemble::{manifest, results};
use crate::study::results::collect::{Collector, NumericError};
use crate::study::results::columns::{Columns, Keep};
use crate::study::results::precision::is_off;
use crate::study::results::sheet::Format;
use crate::theory::spelling::units::{bytes, count, duration};
use std::fmt::Write as _;
use std::io;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A probe of about this many seconds tells the rate.
const PROBE_SECONDS: f64 = 0.5;

/// Columns of the labels.
const LABEL: usize = 13;

/// Worlds that tell how much a run writes.
const SAMPLE: u64 = 32;

/// The plan of a run of `model` that keeps these tables, if it keeps any, as text.
///
/// # Errors
/// A draw of the probe that leaves its range.
pub fn plan(model: &Model, keep: Option<(Keep, Format)>) -> Result<String, Error> {
    let names = |names: Vec<&str>| format!("{} ({})", names.len(), names.join(", "));
    let ids = |of: &[crate::engine::model::Identity]| {
        names(of.iter().map(|one| one.id.as_str()).collect())
    };
    let arms = model.arms.iter().enumerate().map(|(index, arm)| {
        let mode = match arm.mode {
            Mode::Bilateral => "bilateral",
            Mode::Framework => "framework",
            Mode::Bloc => "bloc",
            Mode::Contest => "contest",
        };
        let off = if is_off(model, index) {
            ", switched off"
        } else {
            ""
        };
        format!("{} [{mode}{off}]", arm.name)
    });
    let arms: Vec<String> = arms.collect();
    let horizon = &model.horizon;
    let mut text = String::new();
    let mut line = |label: &str, value: String| {
        let value = wrapped(&value, width().saturating_sub(LABEL + 1));
        let indent = format!("\n{:LABEL$} ", "");
        let value = value.trim_end().replace('\n', &indent);
        let _ = writeln!(text, "{label:<LABEL$} {value}");
    };
    line("scenario", model.name.clone());
    line("states", ids(&model.states));
    line("hyperscalers", ids(&model.hyperscalers));
    line("terms", ids(&model.terms));
    line("arms", names(arms.iter().map(String::as_str).collect()));
    line(
        "windows",
        format!(
            "{} of {} years from {}",
            horizon.windows, horizon.window_years, horizon.start_year
        ),
    );
    line(
        "uncertain",
        format!(
            "{}, {}",
            counted(model.uncertain.len(), "number"),
            counted(model.events.len(), "event")
        ),
    );
    line("worlds", count(model.simulation.trials));
    line("seed", model.simulation.seed.to_string());
    line("time", estimate(model)?);
    line(
        "disk",
        match keep {
            Some(keep) => disk(model, keep)?,
            None => "nothing is written without --out".to_owned(),
        },
    );
    Ok(text)
}

/// Worlds of `model` that are played in a second, from a short probe.
///
/// # Errors
/// A trial of the probe without a result.
pub fn rate(model: &Model) -> Result<f64, Error> {
    let measured = measured(model.simulation.trials, |trials| {
        play(model, trials, |_| Ok(()))
    });
    measured.map(|(_, rate)| rate)
}

/// As [`rate`], if nothing is played but the arms that `outputs` read.
///
/// # Errors
/// As [`rate`].
pub fn rate_of(model: &Model, outputs: &[Output]) -> Result<f64, Error> {
    let measured = measured(model.simulation.trials, |count| {
        let worlds = WorldSelection {
            count,
            points: None,
            keeper: None,
            draws: &[],
        };
        let watch = Watch {
            stop: &AtomicBool::new(false),
            on_trial: &|| {},
        };
        read_with_draws(model, outputs, worlds, watch)?;
        Ok(())
    });
    measured.map(|(_, rate)| rate)
}

fn estimate(model: &Model) -> Result<String, Error> {
    estimate_by(model.simulation.trials, |trials| {
        play(model, trials, |_| Ok(()))
    })
}

/// How many of `trials` a probe played, and how many it played in a second; `play` plays the first so many.
pub(crate) fn measured(
    trials: u64,
    play: impl Fn(u64) -> Result<(), Error>,
) -> Result<(u64, f64), Error> {
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
///
/// # Errors
/// What `play` returns.
pub(crate) fn estimate_by(
    trials: u64,
    play: impl Fn(u64) -> Result<(), Error>,
) -> Result<String, Error> {
    let (played, rate) = measured(trials, play)?;
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
        match threads() {
            1 => "1 thread".to_owned(),
            more => format!("{more} threads"),
        },
        count(played)
    ))
}

/// How much a run writes: what a few worlds come to, scaled.
fn disk(model: &Model, (keep, format): (Keep, Format)) -> Result<String, Error> {
    const COUNTED: &str = "counting bytes does not fail";
    let trials = model.simulation.trials;
    let sample = trials.min(SAMPLE);
    let columns = || Columns::new(model, keep.files(), format, |_| Ok(Counted(0))).expect(COUNTED);
    let written = |columns: Columns<'_, Counted>| -> f64 {
        let files = columns.finish().expect(COUNTED);
        files.iter().map(|(_, counted)| counted.0 as f64).sum()
    };
    let (mut filled, mut collector) = (columns(), Collector::new(model, sample));
    let mut block = 0.0;
    play(model, sample, |trial| {
        filled.push(trial).expect(COUNTED);
        block += (size_of_val(trial.rows) + size_of_val(trial.draws)) as f64;
        collector.push(trial)
    })?;
    let header = written(columns());
    let scale = trials as f64 / sample as f64;
    let document = results(&collector, manifest(model, String::new(), Vec::new()))?.to_json();
    let kept = header + scale * (written(filled) - header) + document.len() as f64;
    Ok(format!(
        "about {} in the end, and {} more while it runs",
        bytes(kept),
        bytes(scale * block)
    ))
}

/// Counts what is written to it.
struct Counted(u64);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn play(
    model: &Model,
    trials: u64,
    sink: impl FnMut(Trial<'_>) -> Result<(), NumericError>,
) -> Result<(), Error> {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    match simulate(model, 0..trials, watch, sink) {
        Err(SimulateError::Trial { error, .. }) => Err(error.into()),
        Err(SimulateError::Sink(error)) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}
