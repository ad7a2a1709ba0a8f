//! `mufakat sensitivity`: which uncertain quantities decide a result.

use crate::analysis::factors::{
    Factor, FactorError, MOST_FACTORS, NoiseFloor, REPLICATES, Study, bootstrap, noise_floor,
};
use crate::analysis::readings::{Keeper, Output, ReadError};
use crate::cli::args::{Common, HELP, ScenarioArgs};
use crate::cli::given::{Given, Source, as_output, factors, interrupted, matches};
use crate::cli::kept::Kept;
use crate::cli::run::{in_pool, is_progress_wanted};
use crate::cli::study::{self, OutArgs, Start};
use crate::cli::{Status, interrupt, progress};
use crate::draws::rng::Stream;
use crate::error::Error;
use crate::model::Model;
use crate::report::path::ResultPath;
use crate::report::precision::arm_of_headline;
use crate::report::sensitivity::{FactorResult, Interval, OutputResult, SensitivityResults};
use crate::report::sensitivity_text;
use crate::sensitivity::classes::dummy_factor;
use crate::sensitivity::estimate::Estimate;
use crate::sensitivity::given::{evpi, evppi, given_first_order};
use crate::sensitivity::moment_free::{borgonovo, pawn};
use crate::simulate::Watch;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const EXAMPLES: &str = "\
Examples:
  mufakat sensitivity asean-2027 --method delta          every factor, no extra worlds
  mufakat sensitivity runs/baseline --method pawn        from a finished run
  mufakat sensitivity asean-2027 --method sobol --factors 'market.*' \\
      --factors 'bargaining.*' -n 256
  mufakat sensitivity asean-2027 --method sobol --group SG='state.SG.*' \\
      --group terms='term.*' -n 64
  mufakat sensitivity asean-2027 --method tornado --factors 'market.*' -n 50";

/// Trajectories of a screening, if it is not said how many.
const TRAJECTORIES: u64 = 20;

/// `sensitivity`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct SensitivityArgs {
    /// tornado, morris, sobol, shapley: play worlds of their own; pawn, delta, evppi: learn from any worlds
    #[arg(long, value_enum, value_name = "METHOD", hide_possible_values = true)]
    pub method: Method,
    /// Only quantities whose path matches, * for any text (repeatable; default: all that are uncertain)
    #[arg(long, value_name = "GLOB")]
    pub factors: Vec<String>,
    /// Take all quantities that match as one factor (repeatable; not for pawn, delta, evppi, morris)
    #[arg(long, value_name = "NAME=GLOB")]
    pub group: Vec<String>,
    /// A result to explain (repeatable; default: the headline's difference for all states and for each)
    #[arg(long, value_name = "RESULT")]
    pub output: Vec<String>,
    /// Second-order Sobol' indices too: twice the worlds
    #[arg(long)]
    pub second_order: bool,
    /// For tornado, keep the other quantities at their medians instead of as drawn in each world
    #[arg(long)]
    pub at_medians: bool,
    /// Trajectories of morris
    #[arg(long, value_name = "N", default_value_t = TRAJECTORIES, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    pub trajectories: u64,
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

/// How factors are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[allow(missing_docs)] // named as in the literature
pub enum Method {
    Tornado,
    Morris,
    Sobol,
    Pawn,
    Delta,
    Shapley,
    Evppi,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Method::Tornado => "tornado",
            Method::Morris => "morris",
            Method::Sobol => "sobol",
            Method::Pawn => "pawn",
            Method::Delta => "delta",
            Method::Shapley => "shapley",
            Method::Evppi => "evppi",
        }
    }

    /// Whether it learns from any worlds, without a design of its own.
    fn is_given(self) -> bool {
        matches!(self, Method::Pawn | Method::Delta | Method::Evppi)
    }
}

/// Judges the factors.
///
/// # Errors
/// Why there is no answer.
pub fn run(args: &SensitivityArgs, common: &Common) -> Result<Status, Error> {
    let source = Source::open(&args.scenario, common)?;
    let reference = source.reference(args.reference.as_deref())?;
    let (names, paths) = paths(args, source.model(), reference)?;
    let factors = chosen(args, source.model())?;
    check(args, &source, &factors, &paths)?;
    let job = Job {
        args,
        source: &source,
        reference,
        names,
        paths,
        factors,
        stop: interrupt::watch(),
        common,
    };
    let results = in_pool(common, || job.results())?;
    let text = |width| sensitivity_text::text(&results, width);
    study::print(args.json, || results.to_json(), text)?;
    Ok(Status::Done)
}

/// The results to explain.
fn paths(
    args: &SensitivityArgs,
    model: &Model,
    reference: usize,
) -> Result<(Vec<String>, Vec<ResultPath>), Error> {
    let names = match args.output.is_empty() {
        false => args.output.clone(),
        true => {
            let arm = arm_of_headline(model, reference).unwrap_or(reference);
            let (name, end) = (
                &model.arms[arm].name,
                if arm == reference { "" } else { ".difference" },
            );
            let states = model.states.iter();
            let states = states.map(|state| format!("{name}.state.{}.payoff{end}", state.id));
            [format!("{name}.total.payoff{end}")]
                .into_iter()
                .chain(states)
                .collect()
        }
    };
    let paths = study::paths(&names, model)?;
    Ok((names, paths))
}

/// The factors: groups as asked for, else every quantity by itself.
fn chosen(args: &SensitivityArgs, model: &Model) -> Result<Vec<Factor>, Error> {
    let mut groups = Vec::new();
    let mut taken = vec![false; model.uncertain.len()];
    for text in &args.group {
        let Some((name, glob)) = text.split_once('=') else {
            return Err(Error::Group {
                text: text.clone(),
                reason: "expected NAME=GLOB".to_owned(),
            });
        };
        let uncertain = model.uncertain.iter().enumerate();
        let members: Vec<usize> = uncertain
            .filter(|(_, one)| matches(glob, &one.path))
            .map(|(index, _)| index)
            .collect();
        if let Some(&twice) = members.iter().find(|&&member| taken[member]) {
            return Err(Error::Group {
                text: text.clone(),
                reason: format!(
                    "{} is in another group already",
                    model.uncertain[twice].path
                ),
            });
        }
        let is_path = model.uncertain.iter().any(|one| one.path == name);
        if name.is_empty() || is_path || groups.iter().any(|one: &Factor| one.name == name) {
            return Err(Error::Group {
                text: text.clone(),
                reason: "every group needs a name of its own".to_owned(),
            });
        }
        if members.is_empty() {
            return Err(Error::NoFactor {
                flag: "--group",
                glob: glob.to_owned(),
            });
        }
        members.iter().for_each(|&member| taken[member] = true);
        groups.push(Factor {
            name: name.to_owned(),
            members,
        });
    }
    if !groups.is_empty() && args.factors.is_empty() {
        return Ok(groups);
    }
    let single = factors(model, &args.factors)?
        .into_iter()
        .filter(|&index| !taken[index]);
    groups.extend(single.map(|index| Factor {
        name: model.uncertain[index].path.clone(),
        members: vec![index],
    }));
    Ok(groups)
}

/// What a method cannot do is said before anything is played.
fn check(
    args: &SensitivityArgs,
    source: &Source,
    factors: &[Factor],
    paths: &[ResultPath],
) -> Result<(), Error> {
    let method = args.method.name();
    let refuse = |reason: String| Err(Error::Method { method, reason });
    let model = source.model();
    if factors.is_empty() {
        return refuse("nothing is uncertain in this scenario".to_owned());
    }
    if !args.method.is_given() && source.is_run() {
        return refuse("it plays worlds of its own: give the scenario instead of a run".to_owned());
    }
    let grouped = factors.iter().any(|factor| factor.members.len() > 1);
    if grouped && (args.method.is_given() || args.method == Method::Morris) {
        return refuse("it takes single quantities: leave out --group".to_owned());
    }
    let independent = !args.method.is_given();
    if independent && !model.correlation.is_empty() {
        return refuse("it needs independent quantities, and this scenario has [[correlation]]: use --method delta or pawn".to_owned());
    }
    let members: usize = factors.iter().map(|factor| factor.members.len()).sum();
    if matches!(args.method, Method::Sobol | Method::Shapley) && members > MOST_FACTORS {
        return refuse(format!(
            "{members} quantities are more than the {MOST_FACTORS} of its design: screen them with --method morris or delta, and name the \
             largest with --factors"
        ));
    }
    if args.method == Method::Evppi && paths.iter().any(|path| !path.difference) {
        return refuse("its results are differences of the two arms to choose from, such as bloc.total.payoff.difference".to_owned());
    }
    Ok(())
}

struct Job<'a> {
    args: &'a SensitivityArgs,
    source: &'a Source,
    reference: usize,
    names: Vec<String>,
    paths: Vec<ResultPath>,
    factors: Vec<Factor>,
    stop: Arc<AtomicBool>,
    common: &'a Common,
}

/// Estimates by result, and how many worlds they come from.
type Estimated = (Vec<Option<OutputResult>>, u64);

impl Job<'_> {
    fn results(&self) -> Result<SensitivityResults, Error> {
        let model = self.source.model();
        let args = self.args;
        let names = self.names.clone();
        let mut settings = vec![
            format!("method {}", args.method.name()),
            format!("reference {}", model.arms[self.reference].name),
            format!("second order {}", args.second_order),
            format!("at medians {}", args.at_medians),
            format!("trajectories {}", args.trajectories),
        ];
        settings.extend(self.factors.iter().map(|factor| {
            let members = factor.members.iter();
            let members = members.map(|&index| model.uncertain[index].path.as_str());
            format!(
                "factor {}: {}",
                factor.name,
                members.collect::<Vec<_>>().join(" ")
            )
        }));
        settings.extend(names.iter().map(|name| format!("output {name}")));
        let layers = &args.scenario.layers;
        let manifest = study::identity(&self.source.loaded, layers, "sensitivity", settings);
        let resolved = &self.source.loaded.resolved;
        let opened = match args.out.start(&manifest, resolved, self.common)? {
            Start::Anew(directory) => directory,
            Start::Complete(results) => return Ok(results),
        };
        let (outputs, worlds) = match (args.method.is_given(), &opened) {
            (true, _) => self.learned()?,
            (false, None) => self.designed(None)?,
            (false, Some(directory)) => {
                let keeper = Kept::open(&directory.journal(), &directory.key())?;
                self.designed(Some(&keeper))?
            }
        };
        let factors = self.factors.iter().map(|factor| {
            let members = factor.members.iter();
            let members = members.map(|&index| model.uncertain[index].path.clone());
            (factor.name.clone(), members.collect())
        });
        let results = SensitivityResults {
            manifest,
            method: args.method.name().to_owned(),
            reference: model.arms[self.reference].name.clone(),
            worlds,
            factors: factors.collect(),
            outputs: names.into_iter().zip(outputs).collect(),
        };
        if let Some(directory) = opened {
            directory.complete_with(&results.to_json())?;
            directory.remove_journal();
        }
        Ok(results)
    }

    /// From worlds that were played for something else, or are played as in a run.
    fn learned(&self) -> Result<Estimated, Error> {
        let given = self
            .source
            .given(&self.paths, self.reference, &self.stop, self.common)?;
        let worlds = given.values.first().map_or(0, Vec::len);
        let seed = self.source.model().simulation.seed;
        let stream = Stream::new(seed, "sensitivity.bootstrap");
        let outputs = given.values.iter();
        let outputs = outputs.map(|y| self.judged(&given, y, &stream));
        Ok((outputs.collect::<Result<_, _>>()?, worlds as u64))
    }

    /// Estimates of one result; `None` where some world lacks it or it does not vary.
    fn judged(
        &self,
        given: &Given,
        y: &[f64],
        stream: &Stream,
    ) -> Result<Option<OutputResult>, Error> {
        if y.iter().any(|value| !value.is_finite()) || y.iter().all(|value| *value == y[0]) {
            return Ok(None);
        }
        let bootstrap = bootstrap(stream);
        let zeros = vec![0.0; y.len()];
        let method = self.args.method;
        let judge = |x: &[f64]| -> Option<(Estimate, FactorResult)> {
            let mut result = FactorResult::default();
            let main = match method {
                Method::Pawn => {
                    let found = pawn(x, y, &bootstrap)?;
                    result.pawn = Some(found.median.into());
                    result.pawn_max = Some(found.max.into());
                    found.median
                }
                Method::Delta => {
                    let found = borgonovo(x, y, &bootstrap)?;
                    result.delta = Some(found.into());
                    result.first = given_first_order(x, y, &bootstrap).map(Interval::from);
                    found
                }
                _ => {
                    let found = evppi(x, &[&zeros, y], &bootstrap)?;
                    result.evppi = Some(found.into());
                    found
                }
            };
            Some((main, result))
        };
        let seed = self.source.model().simulation.seed;
        let dummy = |k: usize| {
            let column = dummy_factor(
                y.len(),
                &Stream::new(seed, &format!("sensitivity.dummy.{k}")),
            );
            judge(&column).map(|(main, _)| main.value)
        };
        let found = study::in_parallel(self.factors.len(), &self.stop, |index| {
            judge(&given.draws[self.factors[index].members[0]])
        })?;
        let dummies = study::in_parallel(NoiseFloor::DUMMIES, &self.stop, dummy)?;
        let dummies: Vec<f64> = dummies.into_iter().flatten().collect();
        let floor = noise_floor(&dummies, self.factors.len());
        Ok(Some(OutputResult {
            noise_floor: floor.map(|floor| Interval {
                value: floor.mean,
                low: None,
                high: Some(floor.high),
            }),
            evpi: match method {
                Method::Evppi => evpi(&[&zeros, y], &bootstrap).map(Interval::from),
                _ => None,
            },
            ..OutputResult::new(&self.factors, |index| {
                found[index].map(|(_, result)| result)
            })
        }))
    }

    /// From worlds played for the method.
    fn designed(&self, keeper: Option<&Kept>) -> Result<Estimated, Error> {
        let model = self.source.model();
        let outputs: Vec<Output> = self
            .paths
            .iter()
            .map(|path| as_output(path, model, self.reference))
            .collect();
        let trials = model.simulation.trials as usize;
        let rows = trials.div_ceil(REPLICATES).next_power_of_two().max(2);
        let plain = Study {
            model,
            factors: &self.factors,
            outputs: &outputs,
            watch: Watch {
                stop: &self.stop,
                on_trial: &|| {},
            },
            keeper: keeper.map(|keeper| keeper as &dyn Keeper),
        };
        let (walks, at_medians) = (self.args.trajectories as usize, self.args.at_medians);
        let worlds = match self.args.method {
            Method::Sobol => plain.sobol_worlds(rows, self.args.second_order),
            Method::Shapley => plain.shapley_worlds(rows),
            Method::Morris => plain.morris_worlds(walks),
            _ => plain.tornado_worlds(if at_medians { 1 } else { trials }),
        };
        let bar = progress::bar(worlds as u64, 0, is_progress_wanted(self.common));
        let on_trial = || bar.inc(1);
        let study = Study {
            watch: Watch {
                stop: &self.stop,
                on_trial: &on_trial,
            },
            ..plain
        };
        let found = match self.args.method {
            Method::Sobol => self.sobol(&study, rows),
            Method::Shapley => self.shapley(&study, rows),
            Method::Morris => self.morris(&study, walks),
            _ => self.tornado(&study, if at_medians { 0 } else { trials }),
        };
        let played = bar.position();
        bar.finish_and_clear();
        let found = found.map_err(|error| match error {
            FactorError::Read(ReadError::Trial(error)) => Error::from(error),
            FactorError::Read(error) => Error::from(error),
            other => Error::Method {
                method: self.args.method.name(),
                reason: other.to_string(),
            },
        })?;
        if let Some(keeper) = keeper {
            keeper
                .flush()
                .map_err(|reason| Error::from(ReadError::Kept(reason)))?;
        }
        let outputs = found.ok_or_else(|| match &self.args.out.out {
            None => interrupted(played, worlds as u64),
            Some(path) => Error::Interrupted {
                played,
                trials: worlds as u64,
                kept: format!(
                    "what is finished in {} is kept, continue with --resume",
                    path.display()
                ),
            },
        })?;
        Ok((outputs, worlds as u64))
    }

    fn sobol(&self, study: &Study<'_>, rows: usize) -> Found {
        let found = study.sobol(rows, self.args.second_order)?;
        Ok(found.map(|outputs| {
            let result = |indices: crate::sensitivity::sobol::SobolIndices<_>| {
                let of = |index: usize| {
                    Some(FactorResult {
                        first: Some(Interval::from(indices.first[index])),
                        total: Some(Interval::from(indices.total[index])),
                        ..FactorResult::default()
                    })
                };
                let second = indices.second.iter().map(|pair| {
                    let name = format!(
                        "{} & {}",
                        self.factors[pair.i].name, self.factors[pair.j].name
                    );
                    (name, Interval::from(pair.index))
                });
                OutputResult {
                    second: second.collect(),
                    ..OutputResult::new(&self.factors, of)
                }
            };
            outputs.into_iter().map(|one| one.map(result)).collect()
        }))
    }

    fn shapley(&self, study: &Study<'_>, rows: usize) -> Found {
        let found = study.shapley_effects(rows)?;
        Ok(found.map(|outputs| {
            let result = |effects: Vec<_>| {
                OutputResult::new(&self.factors, |index| {
                    Some(FactorResult {
                        shapley: Some(Interval::from(effects[index])),
                        ..FactorResult::default()
                    })
                })
            };
            outputs.into_iter().map(|one| one.map(result)).collect()
        }))
    }

    fn morris(&self, study: &Study<'_>, walks: usize) -> Found {
        let found = study.morris(walks)?;
        Ok(found.map(|outputs| {
            let result = |effects: Vec<crate::sensitivity::morris::MorrisEffect>| {
                OutputResult::new(&self.factors, |index| {
                    Some(FactorResult {
                        mu: Some(effects[index].mu.into()),
                        mu_star: Some(effects[index].mu_star.into()),
                        sigma: Some(effects[index].sigma.into()),
                        ..FactorResult::default()
                    })
                })
            };
            outputs.into_iter().map(|one| one.map(result)).collect()
        }))
    }

    fn tornado(&self, study: &Study<'_>, worlds: usize) -> Found {
        let found = study.tornado(worlds)?;
        let exact = |value: f64| Interval {
            value,
            low: None,
            high: None,
        };
        Ok(found.map(|outputs| {
            let result = |bars: Vec<crate::sensitivity::tornado::Bar>| {
                OutputResult::new(&self.factors, |index| {
                    let bar = bars.iter().find(|bar| bar.factor == index)?;
                    Some(FactorResult {
                        at_low: Some(exact(bar.low)),
                        at_high: Some(exact(bar.high)),
                        swing: Some(bar.swing.map_or(exact(bar.high - bar.low), Interval::from)),
                        interacts: bar.interaction.map(|_| bar.interacts),
                        ..FactorResult::default()
                    })
                })
            };
            outputs.into_iter().map(|one| one.map(result)).collect()
        }))
    }
}

/// Estimates by result; `None` if a signal came.
type Found = Result<Option<Vec<Option<OutputResult>>>, FactorError>;
