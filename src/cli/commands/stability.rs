//! `mufakat stability`: every coalition of an arm, in every world.

use crate::cli::args::common::Common;
use crate::cli::args::stability::StabilityArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::driver::probe::estimate_by;
use crate::cli::identity::{arm_index, identity};
use crate::cli::source;
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::report::sections::stability::{text, warnings};
use crate::scenario::Loaded;
use crate::study::pieces::Study;
use crate::study::results::stability::StabilityResults;
use crate::study::stability::whole::Stability;
use crate::study::stability::{StabilityQuestion, default_arm};
use crate::theory::spelling::units::count;
use std::sync::atomic::AtomicBool;

/// The question that is asked.
pub fn ask(args: &StabilityArgs, common: &Common) -> Result<Stability, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let arm = match &args.arm {
        Some(name) => arm_index(model, name)?,
        None => default_arm(model)?,
    };
    let question = StabilityQuestion {
        arm,
        window: args.window,
        secure: args.secure,
        farsighted: args.farsighted,
    }
    .checked(model)?;
    let settings = vec![
        format!("arm {}", model.arms[question.arm].name),
        format!("window {}", question.window),
        format!("farsighted {}", question.farsighted),
        format!("secure {}", question.secure),
    ];
    let identity = identity(&loaded, &args.scenario.layers, "stability", settings);
    Ok(Stability {
        loaded,
        identity,
        question,
    })
}

impl Asked for Stability {
    type Study = Stability;

    fn study(&self) -> &Stability {
        self
    }

    fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    fn outline(&self, _: bool) -> Result<Option<String>, Error> {
        let (model, question) = (self.model(), self.question);
        let invited = question.invited(model).count_ones();
        let trials = model.simulation.trials;
        let time = estimate_by(trials, |worlds| {
            let watch = Watch {
                stop: &AtomicBool::new(false),
                on_trial: &|| {},
            };
            self.probe(worlds, watch)?;
            Ok(())
        })?;
        Ok(Some(format!(
            "scenario      {}\narm           {}\nwindow        {}\ncoalitions    {} of {invited} invited states\ntrials        {}\nseed          {}\ntime          {time}\n",
            model.name,
            model.arms[question.arm].name,
            question.window,
            count((1 << invited) - u64::from(invited) - 1),
            count(trials),
            model.simulation.seed,
        )))
    }

    fn shown(&self, results: &StabilityResults, _: usize) -> Shown {
        Shown::Document(text(self.model(), results))
    }

    fn warnings(&self, results: &StabilityResults) -> Vec<String> {
        warnings(results)
    }
}
