//! `mufakat discover`: which combinations of uncertain values make a condition true.

use crate::cli::args::common::Common;
use crate::cli::args::discover::DiscoverArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::factors::factors_or_results;
use crate::cli::identity::{identity, reference};
use crate::cli::world_source::WorldSource;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::discover::text;
use crate::scenario::Loaded;
use crate::study::discover::{Discover, Payoffs};
use crate::study::outputs::{of_each_world, paths};
use crate::study::results::condition::Condition;
use crate::study::results::discover::DiscoveryResults;
use std::path::Path;

/// A condition, with the scenario or run that it is asked of.
pub struct AskedDiscover {
    study: Discover,
    source: WorldSource,
}

/// The condition that is asked for.
pub fn ask(args: &DiscoverArgs, common: &Common) -> Result<AskedDiscover, Error> {
    let (source, loaded) = WorldSource::open(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = reference(args.reference.as_deref(), model)?;
    let condition = Condition::parse(&args.when, model).map_err(Error::When)?;
    for path in condition.paths() {
        of_each_world("--when", &path.describe(model), &path)?;
    }
    let settings = vec![
        format!("when {}", args.when),
        format!("reference {}", model.arms[reference].name),
        format!("factors {}", args.factors.join(" ")),
        format!("restrictions {}", args.restrictions),
        format!("density {:?}", args.density),
        format!("robustness {}", args.robustness),
    ];
    let (drawn, results) = factors_or_results(model, &args.factors)?;
    let mut study = Discover {
        identity: identity(&loaded, &args.scenario.layers, "discover", settings),
        factors: drawn,
        results,
        payoffs: payoffs(args, model)?,
        restrictions: args.restrictions as usize,
        density: args.density,
        from_run: None,
        reference,
        condition,
        loaded,
    };
    let (read, model) = (study.read(), &study.loaded.model);
    study.from_run = source.readings(model, &read, &study.factors, reference)?;
    Ok(AskedDiscover { study, source })
}

/// Payoffs of all arms, of all states together and of each, if they are asked for.
fn payoffs(args: &DiscoverArgs, model: &Model) -> Result<Vec<Payoffs>, Error> {
    if !args.robustness {
        return Ok(Vec::new());
    }
    let of = |who: &str, kind: &str| {
        let names = model
            .arms
            .iter()
            .map(|arm| format!("{}.{kind}.payoff", arm.name));
        let arms = paths(&names.collect::<Vec<String>>(), model)?;
        Ok(Payoffs {
            who: who.to_owned(),
            arms,
        })
    };
    let states = model.states.iter();
    let states = states.map(|state| of(&state.name, &format!("state.{}", state.id)));
    [of("all states", "total")]
        .into_iter()
        .chain(states)
        .collect()
}

impl Asked for AskedDiscover {
    type Study = Discover;

    fn study(&self) -> &Discover {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn check(&self, planned: bool, out: Option<&Path>) -> Result<(), Error> {
        self.source.check(planned, out)
    }

    fn shown(&self, results: &DiscoveryResults, _: usize) -> Shown {
        Shown::Document(text(results).into())
    }
}
