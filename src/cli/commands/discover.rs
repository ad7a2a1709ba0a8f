//! `mufakat discover`: which combinations of uncertain values make a condition true.

use crate::cli::args::common::Common;
use crate::cli::args::discover::DiscoverArgs;
use crate::cli::driver::fold::in_pool;
use crate::cli::exit::Status;
use crate::cli::given;
use crate::cli::given::{Source, factors};
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::store::kept::Kept;
use crate::cli::study;
use crate::cli::study::{Opening, Start};
use crate::error::Error;
use crate::report::sections::discover;
use crate::study::readings::WorldReadings;
use crate::study::results::condition::Condition;
use crate::study::results::discover::{Asked, DiscoveryResults, robustness_of};
use crate::study::results::path::ResultPath;
use crate::study::results::run::Manifest;
use crate::study::results::sheet::Format;
use crate::study::search::{Wanted, search, worth_searching};
use crate::theory::discovery::Cases;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Searches the worlds in which the condition holds.
///
/// # Errors
/// Why there is no answer.
pub fn run(args: &DiscoverArgs, common: &Common) -> Result<Status, Error> {
    let source = Source::open(&args.scenario, common)?;
    source.spare(args.out.out.as_deref())?;
    let model = source.model();
    let reference = source.reference(args.reference.as_deref())?;
    let condition = Condition::parse(&args.when, model).map_err(Error::When)?;
    for path in condition.paths() {
        study::of_each_world("--when", &path.describe(model), &path)?;
    }
    let factors = factors(model, &args.factors)?;
    let job = Job {
        args,
        source: &source,
        reference,
        condition,
        factors,
        stop: interrupt::watch(),
        common,
    };
    study::warn_of_few_worlds(model, common);
    let results = in_pool(common, || job.results())?;
    let document = || discover::text(&results).into();
    study::show(common, args.out.json, || results.to_json(), document)?;
    Ok(Status::Done)
}

struct Job<'a> {
    args: &'a DiscoverArgs,
    source: &'a Source,
    reference: usize,
    condition: Condition,
    factors: Vec<usize>,
    stop: Arc<AtomicBool>,
    common: &'a Common,
}

impl Job<'_> {
    fn results(&self) -> Result<DiscoveryResults, Error> {
        let model = self.source.model();
        let args = self.args;
        let settings = vec![
            format!("when {}", args.when),
            format!("reference {}", model.arms[self.reference].name),
            format!("factors {}", args.factors.join(" ")),
            format!("restrictions {}", args.restrictions),
            format!("density {:?}", args.density),
            format!("robustness {}", args.robustness),
        ];
        let layers = &args.scenario.layers;
        let manifest = study::identity(&self.source.loaded, layers, "discover", settings);
        let opening = Opening {
            identity: &manifest,
            resolved: &self.source.loaded.resolved,
            format: Format::Csv,
            files: &[],
        };
        let opened = match args.out.start(opening, self.common)? {
            Start::Anew(directory) => directory,
            Start::Complete(results) => return Ok(results),
        };
        let Some(mut directory) = opened else {
            return self.found(manifest, None);
        };
        let kept = directory.kept()?;
        directory.resumed_from(kept.count());
        let results = self.found(manifest, Some(&kept))?;
        directory.complete(&results.to_json())?;
        Ok(results)
    }

    /// Plays or reads the worlds and searches them.
    fn found(&self, manifest: Manifest, kept: Option<&Kept>) -> Result<DiscoveryResults, Error> {
        let model = self.source.model();
        let paths = self.condition.paths();
        let payoffs = self.payoffs()?;
        let of_arms = payoffs.iter().flat_map(|one| &one.arms);
        let read: Vec<ResultPath> = paths.iter().chain(of_arms).copied().collect();
        let asked = given::Asked {
            paths: &read,
            draws: &self.factors,
            reference: self.reference,
        };
        let source = self.source;
        let given = source.given(asked, &self.stop, self.common, kept)?;
        let hits = self.hits(&paths, &given);
        let columns: Vec<&[f64]> = given.draws.iter().map(Vec::as_slice).collect();
        let worth = worth_searching(&Cases::new(&columns, &hits)?);
        let columns: Vec<&[f64]> = worth.iter().map(|&at| columns[at]).collect();
        let cases = Cases::new(&columns, &hits)?;
        let wanted = Wanted {
            restrictions: self.args.restrictions as usize,
            density: self.args.density,
            seed: model.simulation.seed,
        };
        let found = output::timed(self.common, "boxes searched", || search(&cases, wanted))?;
        let name = |&at: &usize| model.uncertain[self.factors[at]].path.clone();
        let asked = Asked {
            manifest,
            reference: model.arms[self.reference].name.clone(),
            condition: self.args.when.clone(),
            factors: self.factors.len() as u64,
        };
        let arms: Vec<&str> = model.arms.iter().map(|arm| arm.name.as_str()).collect();
        let of_each = payoffs
            .iter()
            .zip(given.values[paths.len()..].chunks(arms.len()));
        let judged = of_each.filter_map(|(one, values)| {
            Some((
                one.who.clone(),
                robustness_of(&arms, self.reference, values)?,
            ))
        });
        Ok(DiscoveryResults {
            robustness: judged.collect(),
            ..DiscoveryResults::new(asked, worth.iter().map(name).collect(), &cases, &found)
        })
    }

    /// In which worlds the condition holds; not where a number is missing.
    fn hits(&self, paths: &[ResultPath], given: &WorldReadings) -> Vec<bool> {
        let worlds = given
            .draws
            .first()
            .or(given.values.first())
            .map_or(0, Vec::len);
        let holds = |world: usize| {
            let value = |path: &ResultPath| {
                let place = paths.iter().position(|one| one == path)?;
                Some(given.values[place][world]).filter(|value| !value.is_nan())
            };
            self.condition.holds(&value).unwrap_or(false)
        };
        (0..worlds).map(holds).collect()
    }

    /// Payoffs of all arms, of all states together and of each, if they are asked for.
    fn payoffs(&self) -> Result<Vec<Payoffs>, Error> {
        if !self.args.robustness {
            return Ok(Vec::new());
        }
        let model = self.source.model();
        let of = |who: &str, kind: &str| {
            let names = model
                .arms
                .iter()
                .map(|arm| format!("{}.{kind}.payoff", arm.name));
            let arms = study::paths(&names.collect::<Vec<String>>(), model)?;
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
}

/// Payoffs of somebody in every arm.
struct Payoffs {
    who: String,
    arms: Vec<ResultPath>,
}
