//! What `--dry-run` prints: what would run, and from a short probe how long it would take.

use crate::cli::output::width;
use crate::error::Error;
use crate::model::Model;
use crate::model::arm::Mode;
use crate::report::text::wrapped;
use crate::report::units::{count, duration};
use crate::simulate::{SimulateError, Watch, simulate, threads};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A probe of about this many seconds tells the rate.
const PROBE_SECONDS: f64 = 0.5;

/// Columns of the labels.
const LABEL: usize = 13;

/// The plan of a run of `model`, as text.
///
/// # Errors
/// A draw of the probe that leaves its range.
pub fn plan(model: &Model) -> Result<String, Error> {
    let names = |names: Vec<&str>| format!("{} ({})", names.len(), names.join(", "));
    let ids = |of: &[crate::model::Identity]| names(of.iter().map(|one| one.id.as_str()).collect());
    let arms = model.arms.iter().map(|arm| {
        let mode = match arm.mode {
            Mode::Bilateral => "bilateral",
            Mode::Framework => "framework",
            Mode::Bloc => "bloc",
            Mode::Contest => "contest",
        };
        format!("{} [{mode}]", arm.name)
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
            "{} quantities, {} events",
            model.uncertain.len(),
            model.events.len()
        ),
    );
    line("trials", count(model.simulation.trials));
    line("seed", model.simulation.seed.to_string());
    line("time", estimate(model)?);
    Ok(text)
}

fn estimate(model: &Model) -> Result<String, Error> {
    estimate_by(model.simulation.trials, |trials| probe(model, trials))
}

/// How long `trials` take, from a short probe by `play`, which plays the first so many.
///
/// # Errors
/// What `play` returns.
pub(crate) fn estimate_by(
    trials: u64,
    play: impl Fn(u64) -> Result<(), Error>,
) -> Result<String, Error> {
    let timed = |count: u64| {
        let started = Instant::now();
        play(count).map(|()| started.elapsed().as_secs_f64())
    };
    let mut played = (threads() as u64).min(trials);
    let mut seconds = timed(played)?;
    if seconds < PROBE_SECONDS && played < trials {
        let factor = (PROBE_SECONDS / seconds.max(1e-6)).ceil() as u64;
        played = played.saturating_mul(factor).min(trials);
        seconds = timed(played)?;
    }
    let rate = played as f64 / seconds.max(1e-9);
    let rate_text = if rate < 10.0 {
        format!("{rate:.1}")
    } else {
        count(rate as u64)
    };
    Ok(format!(
        "about {} ({rate_text} worlds a second on {} threads, from a probe of {})",
        duration(trials as f64 / rate),
        threads(),
        count(played)
    ))
}

/// Plays the first `trials` trials.
fn probe(model: &Model, trials: u64) -> Result<(), Error> {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    match simulate(model, 0..trials, watch, |_| Ok::<(), Infallible>(())) {
        Err(SimulateError::Draw(error)) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}
