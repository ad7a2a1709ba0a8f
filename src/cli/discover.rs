//! `mufakat discover`: which combinations of uncertain values make a condition true.

use crate::cli::args::{Common, HELP, ScenarioArgs};
use crate::cli::given::{self, Source, factors};
use crate::cli::kept::Kept;
use crate::cli::run::in_pool;
use crate::cli::study::{self, Opening, OutArgs, Start};
use crate::cli::{Status, interrupt, output};
use crate::error::Error;
use crate::report::discover_text;
use crate::study::readings::Played;
use crate::study::results::condition::Condition;
use crate::study::results::discover::{Asked, DiscoveryResults, robustness_of};
use crate::study::results::path::ResultPath;
use crate::study::results::run::Manifest;
use crate::study::results::sheet::Format;
use crate::study::search::{Wanted, search, worth_searching};
use crate::theory::discovery::Cases;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const EXAMPLES: &str = "\
Examples:
  mufakat discover asean-2027 --when 'bloc.state.ID.payoff.difference < 0'
  mufakat discover runs/baseline --when 'bloc.total.payoff.difference < 0'
  mufakat discover asean-2027 --factors 'market.*' --factors 'bargaining.*' \\
      --when 'bloc.total.payoff.difference < framework.total.payoff.difference'";

/// Most restrictions of a box that is offered.
const RESTRICTIONS: u64 = 4;

/// `discover`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct DiscoverArgs {
    /// The condition on the results of a world, such as 'bloc.state.ID.payoff.difference < 0', with and, or, not
    #[arg(long, value_name = "CONDITION")]
    pub when: String,
    /// Only quantities whose path matches, * for any text (repeatable; default: all that are uncertain)
    #[arg(long, value_name = "GLOB")]
    pub factors: Vec<String>,
    /// Most restrictions of a box
    #[arg(long, value_name = "N", default_value_t = RESTRICTIONS, value_parser = clap::value_parser!(u64).range(1..=20))]
    pub restrictions: u64,
    /// Least share of worlds in a box in which the condition holds, in (0, 1] (default: a quarter more than in all worlds, or where that is much, a quarter of the way to all)
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub density: Option<f64>,
    /// Also how arms do without trusting the probabilities: regret, worst case, worlds that are good enough
    #[arg(long)]
    pub robustness: bool,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
    /// Where it writes.
    #[command(flatten)]
    pub out: OutArgs,
    /// The scenario, or the directory of a finished run.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

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
    let text = |width| discover_text::text(&results, width);
    study::print(args.json, || results.to_json(), text)?;
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
    fn hits(&self, paths: &[ResultPath], given: &Played) -> Vec<bool> {
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

/// A share from above 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|&share: &f64| share > 0.0 && share <= 1.0);
    share.ok_or_else(|| "expected a share above 0 and up to 1, for example 0.8".to_owned())
}
