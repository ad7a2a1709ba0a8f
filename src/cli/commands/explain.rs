//! `mufakat explain`: one world step by step.

use crate::cli::args::common::Common;
use crate::cli::args::explain::ExplainArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{arm_index, identity};
use crate::cli::output;
use crate::cli::source;
use crate::error::Error;
use crate::report::document::{Block, Document, code};
use crate::report::render::terminal::Rendered;
use crate::report::sections::explain;
use crate::report::sections::story::story;
use crate::report::sentence::say;
use crate::scenario::Loaded;
use crate::study::explain::Explain;
use crate::study::results::choice::default_reference;
use crate::study::results::precision::arm_of_headline;
use crate::study::results::world::ExplainedWorld;
use crate::theory::spelling::shell::word;
use crate::theory::spelling::units::count;

/// All arms of a world whose numbers take more lines than this are told in sentences, unless every number is asked for.
const FEW_LINES: usize = 400;

/// A world that is asked for.
pub struct AskedWorld {
    study: Explain,
    args: ExplainArgs,
}

/// The world that is asked for.
pub fn ask(args: &ExplainArgs, common: &Common) -> Result<AskedWorld, Error> {
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
    Ok(AskedWorld {
        study: Explain {
            loaded,
            identity,
            trial: args.trial,
            arms,
        },
        args: args.clone(),
    })
}

impl AskedWorld {
    /// Every number, where they are wanted: asked for, or of one arm, or few.
    fn numbers(&self, world: &ExplainedWorld, width: usize) -> Option<Rendered> {
        if self.args.story {
            return None;
        }
        let numbers = explain::lines(self.model(), world, width);
        let asked = self.args.full || self.args.arm.is_some();
        (asked || numbers.text.lines().count() <= FEW_LINES).then_some(numbers)
    }

    /// The world in sentences, in the arm that is asked for or the headline's, against the one that others are compared with.
    fn told(&self, world: &ExplainedWorld) -> Document {
        let model = self.model();
        let reference = default_reference(model);
        let other = match &self.args.arm {
            Some(name) => Some(name.as_str()),
            None => arm_of_headline(model, reference).map(|arm| model.arms[arm].name.as_str()),
        };
        let reference = model.arms[reference].name.as_str();
        let arms = match other {
            Some(other) if world.arms.contains_key(reference) && other != reference => {
                [Some(reference), Some(other)]
            }
            other => [other.or(Some(reference)), None],
        };
        let items = story(model, world, model.question.view, arms, "");
        let name = word(&self.args.scenario.scenario);
        let trial = self.args.trial;
        Document {
            title: world.scenario.clone(),
            lead: vec![say!(
                "World {} of {}, seed {}.",
                trial.to_string(),
                code(world.scenario.as_str()),
                world.seed.to_string()
            )],
            opening: vec![Block::List { items }],
            footer: vec![say!(
                "Next: {} for every number of it with its equation.",
                code(format!("mufakat explain {name} --trial {trial} --full"))
            )],
            ..Document::default()
        }
    }
}

impl Asked for AskedWorld {
    type Study = Explain;

    fn study(&self) -> &Explain {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn few(&self) -> u64 {
        0
    }

    fn shown(&self, world: &ExplainedWorld, width: usize) -> Shown {
        match self.numbers(world, width) {
            Some(numbers) => Shown::Lines(numbers),
            None => Shown::Document(self.told(world)),
        }
    }
}
