//! `mufakat explain`: one world step by step.

use crate::cli::args::common::Common;
use crate::cli::args::explain::ExplainArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{arm_index, identity};
use crate::cli::output;
use crate::cli::source;
use crate::cli::store::directory::SCENARIO;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::explain;
use crate::report::wrap::hanging;
use crate::study::explain::Explain;
use crate::study::results::world::ExplainedWorld;
use crate::theory::spelling::units::count;

/// How much further than its beginning the rest of a long line is set in.
const HANGING: usize = 4;

/// A world that is explained, with its text.
pub struct AskedExplain {
    study: Explain,
    text: String,
}

/// The world that is asked for.
pub fn ask(args: &ExplainArgs, common: &Common) -> Result<AskedExplain, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let arms: Vec<usize> = match &args.arm {
        None => (0..model.arms.len()).collect(),
        Some(name) => vec![arm_index(model, name)?],
    };
    let trials = model.simulation.trials;
    if args.trial >= trials {
        let note = format!(
            "a run of this scenario plays worlds 0 to {}; this one is beyond\n",
            count(trials - 1)
        );
        output::note(common, &note);
    }
    let names = arms
        .iter()
        .map(|&arm| format!("arm {}", model.arms[arm].name));
    let settings = [format!("trial {}", args.trial)].into_iter().chain(names);
    let identity = identity(
        &loaded,
        &args.scenario.layers,
        "explain",
        settings.collect(),
    );
    let study = Explain {
        loaded,
        identity,
        trial: args.trial,
        arms,
    };
    let text = text(&study)?;
    Ok(AskedExplain { study, text })
}

fn text(study: &Explain) -> Result<String, Error> {
    let model = &study.loaded.model;
    let layout = model.outcome_layout();
    let found = study.follow(explain::window)?;
    let mut body = String::new();
    for (arm, row, windows) in &found.arms {
        body.push_str(&format!("\nArm `{}`\n", model.arms[*arm].name));
        body.push_str(&explain::outcome(model, layout, row));
        for window in windows {
            body.push('\n');
            body.push_str(window);
        }
    }
    let world = explain::draws(model, study.trial, &found.draws, &found.happened);
    Ok(format!("{world}\n{}{body}", explain::LEGEND))
}

impl Asked for AskedExplain {
    type Study = Explain;

    fn study(&self) -> &Explain {
        &self.study
    }

    fn model(&self) -> &Model {
        &self.study.loaded.model
    }

    fn scenarios(&self) -> Vec<(String, &str)> {
        vec![(SCENARIO.to_owned(), &self.study.loaded.resolved)]
    }

    fn few(&self) -> u64 {
        0
    }

    fn shown(&self, _: &ExplainedWorld, width: usize) -> Shown {
        Shown::Text(hanging(&self.text, width, HANGING))
    }
}
