//! `mufakat explain`: one world step by step.

use crate::cli::args::common::Common;
use crate::cli::args::explain::ExplainArgs;
use crate::cli::exit::Status;
use crate::cli::identity::arm_index;
use crate::cli::output;
use crate::cli::source;
use crate::engine::model::Model;
use crate::engine::trial::{PlayedWindow, Player};
use crate::error::Error;
use crate::report::explain;
use crate::report::wrap::hanging;
use crate::study::results::json::document;
use crate::study::results::world::{self, ExplainedWorld};
use crate::theory::spelling::units::count;

/// How much further than its beginning the rest of a long line is set in.
const HANGING: usize = 4;

/// Explains a trial.
///
/// # Errors
/// A scenario that cannot be loaded, an unknown arm, a draw outside its range.
pub fn run(args: &ExplainArgs, common: &Common) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let arms: Vec<usize> = match &args.arm {
        None => (0..model.arms.len()).collect(),
        Some(name) => vec![arm_index(model, name)?],
    };
    if args.trial >= model.simulation.trials {
        let trials = model.simulation.trials;
        let note = format!(
            "a run of this scenario plays worlds 0 to {}; this one is beyond\n",
            count(trials - 1)
        );
        output::note(common, &note);
    }
    let text = match args.json {
        true => document(&world(model, args.trial, &arms)?),
        false => hanging(&text(model, args.trial, &arms)?, output::width(), HANGING),
    };
    output::result(&text)?;
    Ok(Status::Done)
}

/// Arms of a trial that were followed, with what was made of each window.
struct Followed<T> {
    /// Index of the arm, its row of the outcome, its windows.
    arms: Vec<(usize, Vec<f64>, Vec<T>)>,
    draws: Vec<f64>,
    happened: Vec<bool>,
}

fn followed<T>(
    model: &Model,
    trial: u64,
    arms: &[usize],
    window: impl Fn(&Model, usize, &PlayedWindow) -> T,
) -> Result<Followed<T>, Error> {
    let mut player = Player::new(model);
    let mut draws = vec![0.0; model.uncertain.len()];
    let mut played = Vec::new();
    for &arm in arms {
        let mut row = vec![0.0; model.outcome_layout().len()];
        let mut windows = Vec::new();
        player.follow(model, trial, arm, &mut row, &mut draws, &mut |played| {
            windows.push(window(model, arm, &played));
        })?;
        played.push((arm, row, windows));
    }
    Ok(Followed {
        arms: played,
        draws,
        happened: player.world().happened.clone(),
    })
}

fn world(model: &Model, trial: u64, arms: &[usize]) -> Result<ExplainedWorld, Error> {
    let layout = model.outcome_layout();
    let found = followed(model, trial, arms, world::window)?;
    let uncertain = model.uncertain.iter().zip(found.draws);
    let events = model.events.iter().zip(found.happened);
    let arms = found.arms.into_iter().map(|(arm, row, windows)| {
        let name = model.arms[arm].name.clone();
        (name, world::arm(model, layout, &row, windows))
    });
    Ok(ExplainedWorld {
        scenario: model.name.clone(),
        seed: model.simulation.seed,
        trial,
        draws: uncertain
            .map(|(one, draw)| (one.path.clone(), draw))
            .collect(),
        events: events
            .map(|(event, happened)| (event.name.clone(), happened))
            .collect(),
        arms: arms.collect(),
    })
}

fn text(model: &Model, trial: u64, arms: &[usize]) -> Result<String, Error> {
    let layout = model.outcome_layout();
    let found = followed(model, trial, arms, explain::window)?;
    let mut body = String::new();
    for (arm, row, windows) in &found.arms {
        body.push_str(&format!("\nArm `{}`\n", model.arms[*arm].name));
        body.push_str(&explain::outcome(model, layout, row));
        for window in windows {
            body.push('\n');
            body.push_str(window);
        }
    }
    let world = explain::draws(model, trial, &found.draws, &found.happened);
    Ok(format!("{world}\n{}{body}", explain::LEGEND))
}
