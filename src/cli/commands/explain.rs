//! `mufakat explain`: one world step by step.

use crate::cli::args::common::Common;
use crate::cli::args::explain::ExplainArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{arm_index, identity};
use crate::cli::output;
use crate::cli::source;
use crate::error::Error;
use crate::report::sections::explain;
use crate::scenario::Loaded;
use crate::study::explain::Explain;
use crate::study::results::world::ExplainedWorld;
use crate::theory::spelling::units::count;

/// The world that is asked for.
pub fn ask(args: &ExplainArgs, common: &Common) -> Result<Explain, Error> {
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
    Ok(Explain {
        loaded,
        identity,
        trial: args.trial,
        arms,
    })
}

impl Asked for Explain {
    type Study = Explain;

    fn study(&self) -> &Explain {
        self
    }

    fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    fn few(&self) -> u64 {
        0
    }

    fn shown(&self, world: &ExplainedWorld, width: usize) -> Shown {
        Shown::Lines(explain::lines(self.model(), world, width))
    }
}
