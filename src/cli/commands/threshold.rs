//! `mufakat threshold`: where an outcome crosses a level as one number of the scenario moves.

use crate::cli::args::common::Common;
use crate::cli::args::threshold::{By, ThresholdArgs};
use crate::cli::driver::fold::{in_pool, is_progress_wanted};
use crate::cli::exit::Status;
use crate::cli::given::interrupted;
use crate::cli::identity::arm_index;
use crate::cli::interrupt;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::store::journal::Journal;
use crate::cli::study;
use crate::cli::study::{Opening, Start};
use crate::engine::model::keys::{Range, range_of};
use crate::engine::model::{Model, path_of};
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::report::sections::threshold;
use crate::scenario::Loaded;
use crate::scenario::base::Base;
use crate::study::readings::{Output, ReadError, read};
use crate::study::results::condition::Condition;
use crate::study::results::path::ResultPath;
use crate::study::results::sheet::Format;
use crate::study::results::threshold::{SolutionResult, ThresholdResults, solution};
use crate::study::threshold::{Level, LevelPoint, Over, trace};
use crate::theory::spelling::nearest;
use indicatif::ProgressBar;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Solves for where an outcome crosses a level.
///
/// # Errors
/// Why there is no answer.
pub fn run(args: &ThresholdArgs, common: &Common) -> Result<Status, Error> {
    let (base, loaded) = source::load_base(&args.scenario, common)?;
    let questions = questions(args, &loaded.model)?;
    let range = range(args, &loaded)?;
    let reference = match &args.reference {
        Some(name) => arm_index(&loaded.model, name)?,
        None => 0,
    };
    let study = Study {
        args,
        base: &base,
        loaded: &loaded,
        reference: &loaded.model.arms[reference].name,
        questions,
        range,
        stop: interrupt::watch(),
        common,
    };
    study::warn_of_few_worlds(&loaded.model, common);
    let results = in_pool(common, || study.results())?;
    let document = || threshold::text(&loaded.model, &results, None).into();
    study::show(common, args.out.json, || results.to_json(), document)?;
    Ok(Status::Done)
}

/// A curve with its level.
#[derive(Debug, Clone)]
struct Question {
    of: String,
    solve: String,
    equation: String,
    result: String,
    over: Over,
    level: f64,
}

fn questions(args: &ThresholdArgs, model: &Model) -> Result<Vec<Question>, Error> {
    let one = |of: &str, solve: String, equation: String| {
        let condition = Condition::parse(&equation, model).map_err(Error::Where)?;
        let refused = |reason| Error::NoEquation {
            text: equation.clone(),
            reason,
        };
        let (path, level) = condition
            .equation()
            .ok_or_else(|| refused("expected RESULT = VALUE"))?;
        let over = path
            .over()
            .ok_or_else(|| refused("a standard error crosses nothing; name another statistic"))?;
        Ok(Question {
            of: of.to_owned(),
            solve,
            result: path.describe(model),
            equation,
            over,
            level,
        })
    };
    match args.by {
        None if args.solve.contains(".*") && args.equation.contains(".*") => {
            Err(Error::NoEquation {
                text: args.equation.clone(),
                reason: "with * name what it stands for: --by state",
            })
        }
        None => Ok(vec![one("all", args.solve.clone(), args.equation.clone())?]),
        Some(By::State) => {
            let states = model.states.iter().map(|state| {
                let id = &state.id;
                let own = |text: &str| {
                    text.replace("state.*.", &format!("state.{id}."))
                        .replace(".total.", &format!(".state.{id}."))
                };
                one(
                    id,
                    args.solve.replace("state.*.", &format!("state.{id}.")),
                    own(&args.equation),
                )
            });
            states.collect()
        }
    }
}

/// Where to search: as asked, else the range of the number.
fn range(args: &ThresholdArgs, loaded: &Loaded) -> Result<(f64, f64), Error> {
    let number = range_of(&args.solve).filter(|known| *known != Range::Switch);
    let known = number.ok_or_else(|| {
        let written = loaded.origins.iter().map(|one| one.path.clone());
        let layout = &loaded.model.layout;
        let all = layout.slots().map(|slot| path_of(&loaded.model, slot));
        let paths: Vec<String> = all.chain(written).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let near = nearest(&args.solve, &paths).filter(|near| *near != args.solve);
        Error::NotANumber {
            path: args.solve.clone(),
            near: near.map(str::to_owned),
        }
    })?;
    let (lowest, highest) = closed_bounds(known);
    let (from, to) = (args.from.unwrap_or(lowest), args.to.unwrap_or(highest));
    if !(from.is_finite() && to.is_finite() && from < to) {
        return Err(Error::Range {
            path: args.solve.clone(),
            expected: known.describe(),
        });
    }
    Ok((from, to))
}

/// The ends of a range that belong to it; infinite where there is none.
fn closed_bounds(range: Range) -> (f64, f64) {
    let (low, high) = range.bounds();
    (
        if range.contains(low) {
            low
        } else {
            f64::NEG_INFINITY
        },
        high,
    )
}

struct Study<'a> {
    args: &'a ThresholdArgs,
    base: &'a Base,
    loaded: &'a Loaded,
    reference: &'a str,
    questions: Vec<Question>,
    range: (f64, f64),
    stop: Arc<AtomicBool>,
    common: &'a Common,
}

impl Study<'_> {
    fn results(&self) -> Result<ThresholdResults, Error> {
        let (from, to) = self.range;
        let settings = vec![
            format!("solve {}", self.args.solve),
            format!("where {}", self.args.equation),
            format!(
                "by {}",
                if self.args.by.is_some() {
                    "state"
                } else {
                    "all"
                }
            ),
            format!("from {from}"),
            format!("to {to}"),
            format!("points {}", self.args.points),
            format!("reference {}", self.reference),
        ];
        let layers = &self.args.scenario.layers;
        let manifest = study::identity(self.loaded, layers, "threshold", settings);
        let opening = Opening {
            identity: &manifest,
            resolved: &self.loaded.resolved,
            format: Format::Csv,
            files: &[],
        };
        let opened = match self.args.out.start(opening, self.common)? {
            Start::Anew(directory) => directory,
            Start::Complete(results) => return Ok(results),
        };
        let results = |solutions| ThresholdResults {
            manifest: manifest.clone(),
            path: self.args.solve.clone(),
            reference: self.reference.to_owned(),
            from,
            to,
            solutions,
        };
        let Some(mut directory) = opened else {
            return Ok(results(self.solutions(Points::default())?));
        };
        let points = Points::of(directory.journal()?)?;
        directory.resumed_from(points.known.len() as u64 * self.trials());
        let results = results(self.solutions(points)?);
        directory.complete(&results.to_json())?;
        Ok(results)
    }

    fn trials(&self) -> u64 {
        self.loaded.model.simulation.trials
    }

    fn solutions(&self, mut points: Points) -> Result<Vec<SolutionResult>, Error> {
        let mut solve = self.questions.iter().map(|one| &one.solve);
        let shared = solve.all(|solve| *solve == self.questions[0].solve);
        let curves = if shared { 1 } else { self.questions.len() };
        let worlds = curves as u64 * self.args.points * self.trials();
        let bar = progress::bar(worlds, 0, is_progress_wanted(self.common));
        let groups: Vec<&[Question]> = match shared {
            true => vec![&self.questions[..]],
            false => self.questions.chunks(1).collect(),
        };
        let mut solutions = Vec::new();
        for group in groups {
            let steps = self.args.points as usize;
            let curves = trace(group.len(), self.range, steps, |x| {
                if let Some(levels) = points.known(x, group.len())? {
                    bar.inc(self.trials());
                    return Ok(levels);
                }
                let levels = self.at(group, x, &bar)?;
                points.keep(LevelPoint { x, levels })
            })?;
            for (index, question) in group.iter().enumerate() {
                let (of, equation) = (&question.of, &question.equation);
                solutions.push(solution(of, equation, &curves, index, question.level));
            }
        }
        bar.finish_and_clear();
        Ok(solutions)
    }

    /// g of every question at x.
    fn at(
        &self,
        questions: &[Question],
        x: f64,
        bar: &ProgressBar,
    ) -> Result<Vec<Option<Level>>, Error> {
        let assignment = format!("{}={x}", questions[0].solve);
        let loaded = self.base.with(std::slice::from_ref(&assignment));
        let model = loaded
            .map_err(|error| Error::from_load(&assignment, error))?
            .model;
        let reference = arm_index(&model, self.reference)?;
        let outputs = questions.iter().map(|question| {
            let path = ResultPath::parse(&question.result, &model);
            let path = path.map_err(|source| Error::Result {
                flag: "--where",
                path: question.result.clone(),
                source,
            })?;
            Ok(Output {
                name: question.result.clone(),
                reading: path.reading(&model, reference),
            })
        });
        let outputs = outputs.collect::<Result<Vec<_>, Error>>()?;
        let watch = Watch {
            stop: &self.stop,
            on_trial: &|| bar.inc(1),
        };
        let values = read(&model, &outputs, watch).map_err(|error| match error {
            ReadError::Trial(error) => Error::from(error),
            other => Error::Read(other),
        })?;
        let values = values.ok_or_else(|| {
            let worlds = bar.length().unwrap_or(0);
            interrupted(bar.position(), worlds, self.args.out.out.as_deref())
        })?;
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        let levels = values.iter().zip(questions);
        Ok(levels
            .map(|(values, question)| Level::of(values, question.over, question.level, groups))
            .collect())
    }
}

/// Points of curves, in the order in which they are asked for, which the same question always repeats.
#[derive(Default)]
struct Points {
    /// Those that an earlier invocation played.
    known: VecDeque<LevelPoint>,
    journal: Option<Journal<LevelPoint>>,
}

impl Points {
    fn of(journal: Journal<LevelPoint>) -> Result<Points, Error> {
        let mut known = VecDeque::new();
        journal.replay(|point| {
            known.push_back(point);
            Ok(())
        })?;
        Ok(Points {
            known,
            journal: Some(journal),
        })
    }

    /// What is known at x of so many questions; points that do not fit, and all after them, are forgotten.
    fn known(&mut self, x: f64, questions: usize) -> Result<Option<Vec<Option<Level>>>, Error> {
        let next = self.known.pop_front();
        let fits = |point: &LevelPoint| point.x == x && point.levels.len() == questions;
        match next {
            Some(point) if fits(&point) => Ok(Some(point.levels)),
            None => Ok(None),
            Some(_) => {
                let left = self.known.len() as u64 + 1;
                self.known.clear();
                if let Some(journal) = &mut self.journal {
                    journal.truncate(journal.count() - left)?;
                }
                Ok(None)
            }
        }
    }

    fn keep(&mut self, point: LevelPoint) -> Result<Vec<Option<Level>>, Error> {
        if let Some(journal) = &mut self.journal {
            journal.push(&point)?;
        }
        Ok(point.levels)
    }
}
