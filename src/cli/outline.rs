//! What `--dry-run` prints: what would run, and from a short probe how long it would take and how much it would write.

use crate::cli::driver::probe::estimate_by;
use crate::cli::output::width;
use crate::engine::model::Model;
use crate::engine::model::words::Vocabulary;
use crate::engine::simulate::{SimulateError, Trial, Watch, simulate};
use crate::error::Error;
use crate::report::amounts::counted;
use crate::report::wrap::wrapped;
use crate::study::pieces::TableSet;
use crate::study::results::assemble::{manifest, results};
use crate::study::results::choice::is_off;
use crate::study::results::collect::Collector;
use crate::study::results::columns::Columns;
use crate::study::results::json::document;
use crate::study::results::magnitude::NumericError;
use crate::theory::spelling::units::{bytes, count};
use std::fmt::Write as _;
use std::io;
use std::sync::atomic::AtomicBool;

/// Columns of the labels.
const LABEL: usize = 13;

/// Worlds that tell how much a run writes.
const SAMPLE: u64 = 32;

/// The plan of a run of `model` that keeps these tables, if it keeps any, as text.
pub fn outline(model: &Model, keep: Option<TableSet>) -> Result<String, Error> {
    let names = |names: Vec<&str>| format!("{} ({})", names.len(), names.join(", "));
    let ids = |of: &[crate::engine::model::Identity]| {
        names(of.iter().map(|one| one.id.as_str()).collect())
    };
    let arms = model.arms.iter().enumerate().map(|(index, arm)| {
        let mode = arm.mode.key();
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

fn estimate(model: &Model) -> Result<String, Error> {
    estimate_by(model.simulation.trials, |trials| {
        play(model, trials, |_| Ok(()))
    })
}

/// How much a run writes: what a few worlds come to, scaled.
fn disk(model: &Model, TableSet { keep, format, .. }: TableSet) -> Result<String, Error> {
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
    let document = document(&results(
        &collector,
        manifest(model, String::new(), Vec::new()),
    )?);
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
