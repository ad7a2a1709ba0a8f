//! `mufakat run --design FILE`: the worlds of a scenario as a table, without playing them.

use crate::cli::args::common::{Common, ScenarioArgs};
use crate::cli::args::run::RunArgs;
use crate::cli::commands::run::layers;
use crate::cli::exit::Status;
use crate::cli::output;
use crate::cli::places;
use crate::cli::source;
use crate::cli::store::atomic::{settle, temporary};
use crate::cli::worlds::format_of;
use crate::engine::model::world::{Streams, World};
use crate::engine::model::{Model, NewDraw, NewValue};
use crate::engine::trial::TrialError;
use crate::error::Error;
use crate::study::results::columns::draw_heading;
use crate::study::results::sheet::{Sheet, SheetHeading};
use crate::theory::spelling::shell::words;
use crate::theory::spelling::units::count;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes the worlds that a run would play, a column for each uncertain quantity and for whether each event came, without playing them.
///
/// # Errors
/// The file is there and `--force` is not given; what loading and writing meet; a scenario in which nothing is uncertain.
pub fn design(args: &RunArgs, common: &Common) -> Result<Status, Error> {
    let path = args.design.as_deref().unwrap_or(Path::new("worlds.csv"));
    if !args.out.force && path.exists() {
        return Err(Error::Unwritable {
            name: path.display().to_string(),
            reason: "it is there already; name another file, or replace it with --force".to_owned(),
        });
    }
    let layers = layers(args, common)?;
    let loaded = source::load_named(&args.scenario.scenario, &layers, common)?;
    // Worlds that are laid over others may take the place of their file.
    let read = loaded.sources.iter();
    let read = read.map(|source| PathBuf::from(&source.name));
    let read = read.filter(|read| Some(read) != args.worlds.as_ref());
    places::check(&[("--design", path)], &read.collect::<Vec<_>>())?;
    let model = loaded.model;
    if model.draws_len() == 0 || !model.is_uncertain() {
        return Err(Error::NothingUncertain);
    }
    check_events(&model)?;
    let unwritable = |error| Error::unwritable(path)(error);
    let file = temporary(path).map_err(unwritable)?;
    let mut sheet = sheet(&model, path, BufWriter::new(file)).map_err(unwritable)?;
    let streams = Streams::new(&model);
    let mut world = World::new(&model);
    let mut draws = vec![0.0; model.draws_len()];
    for trial in 0..model.simulation.trials {
        let drawn = world.draw(&model, &streams, trial, &mut draws);
        drawn.map_err(TrialError::from)?;
        let written = draws.iter().try_for_each(|&value| sheet.number(value));
        written.and_then(|()| sheet.end_row()).map_err(unwritable)?;
    }
    let file = sheet.finish().and_then(|mut writer| {
        writer.flush()?;
        writer.into_inner().map_err(|error| error.into_error())
    });
    let settled = file.and_then(|file| settle(file, path));
    settled.map_err(unwritable)?;
    let worlds = model.simulation.trials;
    let (quantities, events) = (model.uncertain.len() as u64, model.events.len() as u64);
    let columns = match (quantities, events) {
        (_, 0) => counted(quantities, "uncertain quantity"),
        (0, _) => counted(events, "event"),
        _ => format!(
            "{} and {}",
            counted(quantities, "uncertain quantity"),
            counted(events, "event")
        ),
    };
    let said = format!(
        "{}: {} of {columns}, none played; `{}` plays them\n",
        path.display(),
        counted(worlds, "world"),
        played_by(&args.scenario, path),
    );
    output::note(common, &said);
    Ok(Status::Done)
}

/// The command that plays the worlds of a table with all that lies over the scenario, which draws the same as the run would have; as many as there
/// are rows.
fn played_by(args: &ScenarioArgs, table: &Path) -> String {
    let layers = &args.layers;
    let mut given = vec![
        "mufakat".to_owned(),
        "run".to_owned(),
        args.scenario.clone(),
    ];
    let mut add = |option: &str, value: String| given.extend([option.to_owned(), value]);
    for overlay in &layers.overlays {
        add("-f", overlay.display().to_string());
    }
    for set in &layers.sets {
        add("-S", set.clone());
    }
    if let Some(seed) = layers.seed {
        add("--seed", seed.to_string());
    }
    add("--worlds", table.display().to_string());
    words(given)
}

/// An error if an event draws what a table of worlds cannot give again: where a quantity is drawn from rows of a file, at the rank of its value among them,
/// which its value in a table does not tell.
fn check_events(model: &Model) -> Result<(), Error> {
    let settings = model.events.iter().flat_map(|event| &event.set);
    let mut draws = settings.filter_map(|setting| match &setting.to {
        NewValue::Drawn(draw) => Some(draw.as_ref()),
        NewValue::Number(_) => None,
    });
    let by_rows = |draw: &&NewDraw| model.correlation.is_drawn_by_rows(draw.uniform);
    match draws.find(by_rows) {
        None => Ok(()),
        Some(draw) => Err(Error::Design {
            draw: draw.path.clone(),
            path: model.draw_name(draw.uniform).into_owned(),
        }),
    }
}

fn counted(number: u64, what: &str) -> String {
    match (number, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{} {stem}ies", count(number)),
        _ => format!("{} {what}s", count(number)),
    }
}

fn sheet<W: Write + Send>(model: &Model, path: &Path, writer: W) -> io::Result<Sheet<W>> {
    let headings = (0..model.draws_len()).map(|index| draw_heading(model, index));
    let headings: Vec<SheetHeading> = headings.collect();
    Sheet::new(format_of(path), &headings, writer)
}
