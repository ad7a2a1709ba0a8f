//! `mufakat sensitivity`: which uncertain quantities decide a result.

use crate::cli::args::common::Common;
use crate::cli::args::sensitivity::{Method, SensitivityArgs};
use crate::cli::driver::fold::{in_pool, is_progress_wanted};
use crate::cli::exit::Status;
use crate::cli::given::{Asked, Source, as_output, interrupted};
use crate::cli::grouped::grouped;
use crate::cli::interrupt;
use crate::cli::progress;
use crate::cli::store::directory::CELLS;
use crate::cli::store::kept::Kept;
use crate::cli::store::merged::Merged;
use crate::cli::store::old::RunDirectory;
use crate::cli::study;
use crate::cli::study::{FEW_WORLDS, Opening, Start};
use crate::engine::model::Model;
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::report::sections::sensitivity;
use crate::study::factors::{Answer, Factor, FactorError, FactorStudy, MOST_FACTORS, REPLICATES};
use crate::study::learned::{Learning, learn};
use crate::study::readings::{Keeper, Output, WorldReadings};
use crate::study::results::columns::file_name;
use crate::study::results::path::ResultPath;
use crate::study::results::precision::arm_of_headline;
use crate::study::results::run::Manifest;
use crate::study::results::sensitivity::{OutputResult, SensitivityResults};
use crate::study::results::sensitivity_cells::{CellsOf, write_cells};
use crate::study::results::sheet::Format;
use crate::theory::draws::sobol::POINTS;
use crate::theory::sensitivity::PlanError;
use std::io::BufWriter;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Fewer worlds than this leave the replicates of a design too few rows for an index.
const LEAST_ROWS: u64 = 512;

/// Trajectories of a screening, if it is not said how many.
const TRAJECTORIES: u64 = 20;

/// Judges the factors.
///
/// # Errors
/// Why there is no answer.
pub fn run(args: &SensitivityArgs, common: &Common) -> Result<Status, Error> {
    with_job(args, common, None, |job| {
        job.stop = interrupt::watch();
        warn_of_few_worlds(args, job.source.model(), common);
        let results = in_pool(common, || job.results())?;
        print(args, &results, common)
    })
}

/// Says where the worlds are too few for the method.
pub(crate) fn warn_of_few_worlds(args: &SensitivityArgs, model: &Model, common: &Common) {
    if args.method != Method::Morris && !args.at_medians {
        let designed = matches!(args.method, Method::Sobol | Method::Shapley);
        let least = if designed { LEAST_ROWS } else { FEW_WORLDS };
        study::warn_below(least, model, common);
    }
}

/// Prints results as document or text.
pub(crate) fn print(
    args: &SensitivityArgs,
    results: &SensitivityResults,
    common: &Common,
) -> Result<Status, Error> {
    let document = || sensitivity::text(results, None).into();
    study::show(common, args.out.json, || results.to_json(), document)?;
    Ok(Status::Done)
}

/// Does `work` with the study that the arguments ask for.
///
/// # Errors
/// Why it cannot be played, or what `work` returns.
pub(crate) fn with_job<R>(
    args: &SensitivityArgs,
    common: &Common,
    merged: Option<&Merged>,
    work: impl FnOnce(&mut Job<'_>) -> Result<R, Error>,
) -> Result<R, Error> {
    let source = Source::open(&args.scenario, common)?;
    source.spare(args.out.out.as_deref())?;
    let reference = source.reference(args.reference.as_deref())?;
    let (names, paths) = paths(args, source.model(), reference)?;
    let factors = grouped(&args.group, &args.factors, source.model())?;
    check(args, &source, &factors, &paths)?;
    work(&mut Job {
        args,
        source: &source,
        reference,
        names,
        paths,
        factors,
        merged,
        stop: Arc::default(),
        common,
    })
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
    if args.method.learning().is_none() && source.is_run() {
        return refuse("it plays worlds of its own: give the scenario instead of a run".to_owned());
    }
    let grouped = factors.iter().any(|factor| factor.members.len() > 1);
    if grouped && (args.method.learning().is_some() || args.method == Method::Morris) {
        return refuse("it takes single quantities: leave out --group".to_owned());
    }
    let independent = matches!(
        args.method,
        Method::Morris | Method::Sobol | Method::Shapley
    );
    let members = || factors.iter().flat_map(|factor| &factor.members);
    let tied = members().find(|&&index| model.correlation.ties(index));
    if let Some(&tied) = tied.filter(|_| independent) {
        return refuse(format!(
            "it needs independent quantities, and [[correlation]] ties {}: use --method delta, pawn or tornado, or name others with --factors",
            model.uncertain[tied].path
        ));
    }
    let unused = [
        (
            "--second-order",
            args.second_order,
            args.method == Method::Sobol,
        ),
        (
            "--at-medians",
            args.at_medians,
            args.method == Method::Tornado,
        ),
        (
            "--trajectories",
            args.trajectories.is_some(),
            args.method == Method::Morris,
        ),
    ];
    if let Some((option, ..)) = unused.iter().find(|(_, given, used)| *given && !used) {
        return refuse(format!("it does not use {option}: leave it out"));
    }
    let one_world = args.method == Method::Morris || args.at_medians;
    if one_world && args.scenario.layers.trials.is_some() {
        let instead = match args.method {
            Method::Morris => "use --trajectories N instead",
            _ => "with --at-medians it plays one world for each end of a factor",
        };
        return refuse(format!("it does not use -n: {instead}"));
    }
    let members = members().count();
    let is_designed = matches!(args.method, Method::Sobol | Method::Shapley);
    let rows = model.simulation.trials.div_ceil(REPLICATES as u64);
    if is_designed && rows > POINTS {
        let most = PlanError::TooManyRows {
            given: usize::try_from(rows).unwrap_or(usize::MAX),
            most: POINTS as usize,
            replicates: REPLICATES,
        };
        return refuse(most.to_string());
    }
    if is_designed && members > MOST_FACTORS {
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

/// A study of sensitivity.
pub(crate) struct Job<'a> {
    args: &'a SensitivityArgs,
    pub(crate) source: &'a Source,
    reference: usize,
    names: Vec<String>,
    paths: Vec<ResultPath>,
    factors: Vec<Factor>,
    /// Shards that hold all its worlds.
    merged: Option<&'a Merged>,
    pub(crate) stop: Arc<AtomicBool>,
    common: &'a Common,
}

/// Estimates by result, with the worlds that they come from.
pub(crate) struct Estimated {
    outputs: Vec<Option<OutputResult>>,
    played: WorldReadings,
    worlds: u64,
}

impl Job<'_> {
    /// Its identity.
    pub(crate) fn identity(&self) -> Manifest {
        study::identity(
            &self.source.loaded,
            &self.args.scenario.layers,
            "sensitivity",
            self.settings(),
        )
    }

    pub(crate) fn results(&self) -> Result<SensitivityResults, Error> {
        let args = self.args;
        let manifest = self.identity();
        let format: Format = args.tables.format.into();
        let table = file_name(CELLS, format);
        let opening = Opening {
            identity: &manifest,
            resolved: &self.source.loaded.resolved,
            format,
            files: std::slice::from_ref(&table),
        };
        let opened = match args.out.start(opening, self.common)? {
            Start::Anew(directory) => directory,
            Start::Complete(results) => return Ok(results),
        };
        let Some(mut directory) = opened else {
            return Ok(self.document(manifest, self.estimated(None)?).0);
        };
        let kept = match self.merged {
            Some(merged) => Kept::merged(directory.path(), merged, self.names.len(), &self.stop)?,
            None => directory.kept()?,
        };
        directory.resumed_from(kept.count());
        let found = self.estimated(Some(&kept))?;
        let (results, played) = self.document(manifest, found);
        directory.complete_by(|directory| {
            self.write_cells(directory, &table, &played, format)?;
            directory.complete_with(&results.to_json())
        })?;
        Ok(results)
    }

    fn settings(&self) -> Vec<String> {
        let (model, args) = (self.source.model(), self.args);
        let mut settings = vec![
            format!("method {}", args.method.name()),
            format!("reference {}", model.arms[self.reference].name),
            format!("second order {}", args.second_order),
            format!("at medians {}", args.at_medians),
            format!("trajectories {}", args.trajectories.unwrap_or(TRAJECTORIES)),
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
        settings.extend(self.names.iter().map(|name| format!("output {name}")));
        settings
    }

    fn document(
        &self,
        manifest: Manifest,
        found: Estimated,
    ) -> (SensitivityResults, WorldReadings) {
        let model = self.source.model();
        let factors = self.factors.iter().map(|factor| {
            let members = factor.members.iter();
            let members = members.map(|&index| model.uncertain[index].path.clone());
            (factor.name.clone(), members.collect())
        });
        let names = self.names.iter().cloned();
        let results = SensitivityResults {
            manifest,
            method: self.args.method.name().to_owned(),
            reference: model.arms[self.reference].name.clone(),
            worlds: found.worlds,
            held: self.held(),
            factors: factors.collect(),
            outputs: names.zip(found.outputs).collect(),
        };
        (results, found.played)
    }

    /// How many uncertain quantities are held at their medians.
    fn held(&self) -> u64 {
        let drawn = self.args.method.learning().is_some()
            || (self.args.method == Method::Tornado && !self.args.at_medians);
        let members: usize = self.factors.iter().map(|one| one.members.len()).sum();
        match drawn {
            true => 0,
            false => (self.source.model().uncertain.len() - members) as u64,
        }
    }

    /// Writes the table of cells: every world that was played, with its factors and results.
    fn write_cells(
        &self,
        directory: &RunDirectory,
        name: &str,
        played: &WorldReadings,
        format: Format,
    ) -> Result<(), Error> {
        let cells = CellsOf {
            model: self.source.model(),
            factors: &self.factors,
            outputs: &self.names,
            played,
        };
        let beside = directory.beside(name)?;
        let written = write_cells(&cells, format, BufWriter::new(beside.file()));
        written.map_err(Error::unwritable(directory.path()))?;
        beside.keep()
    }

    pub(crate) fn estimated(&self, kept: Option<&Kept>) -> Result<Estimated, Error> {
        match self.args.method.learning() {
            Some(learning) => self.learned(learning, kept),
            None => self.designed(kept),
        }
    }

    /// From worlds that were played for something else, or are played as in a run.
    fn learned(&self, learning: Learning, kept: Option<&Kept>) -> Result<Estimated, Error> {
        let source = self.source;
        let members = self.factors.iter().flat_map(|factor| &factor.members);
        let asked = Asked {
            paths: &self.paths,
            draws: &members.copied().collect::<Vec<usize>>(),
            reference: self.reference,
        };
        let given = source.given(asked, &self.stop, self.common, kept)?;
        let columns: Vec<&[f64]> = given.draws.iter().map(Vec::as_slice).collect();
        let seed = source.model().simulation.seed;
        let worlds = given.values.first().map_or(0, Vec::len) as u64;
        let outputs = given.values.iter().map(|y| {
            let lesson = learn(learning, &columns, y, seed, &self.stop);
            let lesson = lesson.map_err(|_| interrupted(worlds, worlds, kept.map(Kept::path)))?;
            Ok(lesson.map(|lesson| OutputResult::of_lesson(&self.factors, &lesson)))
        });
        Ok(Estimated {
            outputs: outputs.collect::<Result<_, Error>>()?,
            worlds,
            played: given,
        })
    }

    /// The results to explain, as they are read.
    pub(crate) fn outputs(&self) -> Vec<Output> {
        let (model, paths) = (self.source.model(), self.paths.iter());
        let outputs = paths.map(|path| as_output(path, model, self.reference));
        outputs.collect()
    }

    /// From worlds played for the method.
    fn designed(&self, kept: Option<&Kept>) -> Result<Estimated, Error> {
        let (outputs, size) = (self.outputs(), self.size());
        let worlds = self.worlds();
        let bar = progress::bar(worlds, 0, is_progress_wanted(self.common));
        let on_trial = || bar.inc(1);
        let study = FactorStudy {
            watch: Watch {
                stop: &self.stop,
                on_trial: &on_trial,
            },
            keeper: kept.map(|kept| kept as &dyn Keeper),
            draws: kept.is_some(),
            ..self.study(&outputs)
        };
        let found = self.estimates(&study, size);
        let played = bar.position();
        bar.finish_and_clear();
        if let Some(kept) = kept {
            kept.flush()?;
        }
        let found = found.map_err(|error| match error {
            FactorError::Read(error) => Error::from(error),
            other => Error::Method {
                method: self.args.method.name(),
                reason: other.to_string(),
            },
        })?;
        let (outputs, read) =
            found.ok_or_else(|| interrupted(played, worlds, kept.map(Kept::path)))?;
        Ok(Estimated {
            outputs,
            played: read,
            worlds,
        })
    }

    /// The study without anybody who watches or keeps.
    fn study<'b>(&'b self, outputs: &'b [Output]) -> FactorStudy<'b> {
        FactorStudy {
            model: self.source.model(),
            factors: &self.factors,
            outputs,
            watch: Watch {
                stop: &self.stop,
                on_trial: &|| {},
            },
            keeper: None,
            draws: false,
        }
    }

    fn size(&self) -> Size {
        let trials = self.source.model().simulation.trials as usize;
        Size {
            rows: trials.div_ceil(REPLICATES).next_power_of_two().max(2),
            walks: self.args.trajectories.unwrap_or(TRAJECTORIES) as usize,
            worlds: if self.args.at_medians { 0 } else { trials },
        }
    }

    /// How many worlds the method plays.
    pub(crate) fn worlds(&self) -> u64 {
        let (study, size) = (self.study(&[]), self.size());
        if self.args.method.learning().is_some() {
            return self.source.model().simulation.trials;
        }
        let worlds = match self.args.method {
            Method::Sobol => study.sobol_worlds(size.rows, self.args.second_order),
            Method::Shapley => study.shapley_worlds(size.rows),
            Method::Morris => study.morris_worlds(size.walks),
            _ => study.tornado_worlds(size.worlds.max(1)),
        };
        worlds as u64
    }

    /// Plays the design of the method and estimates.
    fn estimates(&self, study: &FactorStudy<'_>, size: Size) -> Result<Option<Found>, FactorError> {
        let factors = &self.factors;
        Ok(match self.args.method {
            Method::Sobol => study
                .sobol(size.rows, self.args.second_order)?
                .map(|answer| found(answer, |one| OutputResult::of_sobol(factors, &one))),
            Method::Shapley => study
                .shapley_effects(size.rows)?
                .map(|answer| found(answer, |one| OutputResult::of_shapley(factors, &one))),
            Method::Morris => study
                .morris(size.walks)?
                .map(|answer| found(answer, |one| OutputResult::of_morris(factors, &one))),
            _ => study
                .tornado(size.worlds)?
                .map(|answer| found(answer, |one| OutputResult::of_tornado(factors, &one))),
        })
    }
}

/// How large the designs are.
#[derive(Debug, Clone, Copy)]
struct Size {
    /// Rows of a replicate.
    rows: usize,
    /// Trajectories.
    walks: usize,
    /// Worlds of a tornado; 0 for medians.
    worlds: usize,
}

/// Estimates by result with the worlds that were played.
type Found = (Vec<Option<OutputResult>>, WorldReadings);

fn found<T>(answer: Answer<T>, result: impl Fn(T) -> OutputResult) -> Found {
    let estimates = answer.estimates.into_iter();
    let outputs = estimates.map(|one| one.map(&result)).collect();
    (outputs, answer.played)
}
