//! `mufakat discover`: which combinations of uncertain values make a condition true.

use crate::cli::args::{Common, HELP, ScenarioArgs};
use crate::cli::given::{Given, Source, factors};
use crate::cli::run::in_pool;
use crate::cli::study::{self, OutArgs, Start};
use crate::cli::{Status, interrupt, output};
use crate::discovery::cart::{CartOptions, cart};
use crate::discovery::prim::PrimOptions;
use crate::discovery::robustness::robustness;
use crate::discovery::significance::{quasi_p_values, reproducibility};
use crate::discovery::trade_off::{choose, cover, trade_off};
use crate::discovery::{Candidate, Cases, DiscoveryError};
use crate::draws::rng::Stream;
use crate::error::Error;
use crate::model::Model;
use crate::report::condition::Condition;
use crate::report::discover::{BoxResult, DiscoveryResults, RobustnessResult, TreeResult};
use crate::report::discover_text;
use crate::report::path::ResultPath;
use crate::stats::quantile::quantile;
use indexmap::IndexMap;
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

/// A box with fewer restrictions is preferred if its balance is within this share of the best.
const SIMPLER: f64 = 0.95;

/// How much denser than all worlds a box is, if it is not said.
const DENSER: f64 = 1.25;

/// Random halves of the worlds that are searched again.
const HALVES: usize = 10;

/// Most quantities that are searched; of more, those that tell the worlds apart best by themselves. Among hundreds, chance alone
/// offers restrictions that look good.
const SEARCHED: usize = 25;

/// Most boxes that cover one after the other.
const COVER: usize = 4;

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
    /// Least share of worlds in a box in which the condition holds (default: a quarter more than in all worlds, or where that is much, a quarter of the way to all)
    #[arg(long, value_name = "SHARE")]
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
    let model = source.model();
    let reference = source.reference(args.reference.as_deref())?;
    let condition = Condition::parse(&args.when, model).map_err(Error::When)?;
    if let Some(given) = args
        .density
        .filter(|density| !(*density > 0.0 && *density <= 1.0))
    {
        return Err(Error::Discovery(DiscoveryError::Option {
            option: "--density",
            range: "(0, 1]",
            given,
        }));
    }
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
        let resolved = &self.source.loaded.resolved;
        let opened = match args.out.start(&manifest, resolved, self.common)? {
            Start::Anew(directory) => directory,
            Start::Complete(results) => return Ok(results),
        };
        let paths = self.condition.paths();
        let payoffs = self.payoffs()?;
        let read: Vec<ResultPath> = paths
            .iter()
            .chain(payoffs.iter().flat_map(|one| &one.arms))
            .copied()
            .collect();
        let given = self
            .source
            .given(&read, self.reference, &self.stop, self.common)?;
        let hits = self.hits(&paths, &given);
        let names: Vec<String> = self
            .factors
            .iter()
            .map(|&index| model.uncertain[index].path.clone())
            .collect();
        let columns: Vec<&[f64]> = self
            .factors
            .iter()
            .map(|&index| given.draws[index].as_slice())
            .collect();
        let all = Cases::new(&columns, &hits)?;
        let searched = searched(&all);
        let names: Vec<String> = searched.iter().map(|&at| names[at].clone()).collect();
        let columns: Vec<&[f64]> = searched.iter().map(|&at| columns[at]).collect();
        let cases = Cases::new(&columns, &hits)?;
        let found = output::timed(self.common, "boxes searched", || {
            self.search(&cases, &names)
        })?;
        let results = DiscoveryResults {
            manifest,
            reference: model.arms[self.reference].name.clone(),
            condition: args.when.clone(),
            factors: self.factors.len() as u64,
            searched: names,
            worlds: hits.len() as u64,
            share: cases.total_hits() as f64 / hits.len() as f64,
            boxes: found.boxes,
            cover: found.cover,
            trade_off: found.front.iter().map(Into::into).collect(),
            tree: found.tree,
            robustness: robust(
                model,
                self.reference,
                &payoffs,
                &given.values[paths.len()..],
            ),
        };
        if let Some(directory) = opened {
            directory.complete_with(&results.to_json())?;
        }
        Ok(results)
    }

    /// In which worlds the condition holds; not where a number is missing.
    fn hits(&self, paths: &[ResultPath], given: &Given) -> Vec<bool> {
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

    fn search(&self, cases: &Cases<'_>, names: &[String]) -> Result<Found, DiscoveryError> {
        let options = PrimOptions::default();
        let front = trade_off(cases, &options)?;
        let share = cases.total_hits() as f64 / cases.worlds() as f64;
        let usual = (DENSER * share).min(share + (1.0 - share) / 4.0);
        let density = self.args.density.unwrap_or(usual);
        let most = self.args.restrictions as usize;
        let mut best: Vec<&Candidate> = (1..=most)
            .filter_map(|restrictions| {
                let simple = front.iter().filter(|one| one.restricted() == restrictions);
                let simple: Vec<Candidate> = simple.cloned().collect();
                let chosen = choose(&simple, density)?.clone();
                front.iter().find(|one| **one == chosen)
            })
            .collect();
        let highest = best.iter().map(|one| one.balance()).fold(0.0, f64::max);
        if let Some(first) = best
            .iter()
            .position(|one| one.balance() >= SIMPLER * highest)
        {
            best[..=first].rotate_right(1);
        }
        let as_result =
            |one: &Candidate| BoxResult::new(one, names, &quasi_p_values(cases, &one.rule));
        let mut boxes: Vec<BoxResult> = best.iter().map(|one| as_result(one)).collect();
        if let (Some(first), Some(result)) = (best.first(), boxes.first_mut()) {
            let stream = Stream::new(self.source.model().simulation.seed, "discovery.halves");
            let again = reproducibility(cases, first, &options, HALVES, &stream)?;
            let of = first.rule.restrictions.iter();
            result.reproducibility = of
                .filter_map(|one| {
                    let found = again.iter().find(|found| found.factor == one.factor)?;
                    Some((names[one.factor].clone(), found.at_coverage))
                })
                .collect();
        }
        let covered = cover(cases, &options, density, most, COVER)?;
        let grown = cart(cases, &CartOptions::default())?;
        let tree = TreeResult {
            validated_error: grown.validated_error,
            boxes: grown.rules().map(as_result).collect(),
        };
        Ok(Found {
            boxes,
            cover: covered.iter().map(as_result).collect(),
            tree,
            front,
        })
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

/// The factors worth searching, by rising index.
fn searched(cases: &Cases<'_>) -> Vec<usize> {
    let mut factors: Vec<usize> = (0..cases.factors()).collect();
    if factors.len() > SEARCHED {
        let separation: Vec<f64> = factors.iter().map(|&one| cases.separation(one)).collect();
        factors.sort_by(|&x, &y| separation[y].total_cmp(&separation[x]));
        factors.truncate(SEARCHED);
        factors.sort_unstable();
    }
    factors
}

/// Payoffs of somebody in every arm.
struct Payoffs {
    who: String,
    arms: Vec<ResultPath>,
}

/// What a search found.
struct Found {
    boxes: Vec<BoxResult>,
    cover: Vec<BoxResult>,
    tree: TreeResult,
    front: Vec<Candidate>,
}

/// How arms do, by who; `values` are those of all payoffs, arm by arm.
fn robust(
    model: &Model,
    reference: usize,
    payoffs: &[Payoffs],
    values: &[Vec<f64>],
) -> IndexMap<String, IndexMap<String, RobustnessResult>> {
    const LEVEL: f64 = 0.9;
    let of_each = payoffs.iter().zip(values.chunks(model.arms.len()));
    let judged = of_each.filter_map(|(one, columns)| {
        let mut sorted = columns[reference].clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let found = robustness(&columns, Some(quantile(&sorted, 0.5)), LEVEL)?;
        let arms = model.arms.iter().zip(found).map(|(arm, one)| {
            let result = RobustnessResult {
                worst: one.worst,
                mean_regret: one.mean_regret,
                p95_regret: one.p95_regret,
                max_regret: one.max_regret,
                best: one.best_share,
                satisficing: one.satisficing.map_or(0.0, |share| share.value),
            };
            (arm.name.clone(), result)
        });
        Some((one.who.clone(), arms.collect()))
    });
    judged.collect()
}
