//! `mufakat threshold`: where an outcome crosses a level as one number of the scenario moves.

use crate::cli::args::common::Common;
use crate::cli::args::threshold::{By, ThresholdArgs};
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{identity, reference};
use crate::cli::source;
use crate::engine::model::keys::{Range, range_of};
use crate::engine::model::{Model, path_of};
use crate::error::Error;
use crate::report::sections::threshold::text;
use crate::scenario::Loaded;
use crate::study::results::condition::Condition;
use crate::study::results::threshold::ThresholdResults;
use crate::study::solve::{LevelQuestion, Threshold};
use crate::theory::spelling::nearest;

/// The curves that are asked for.
pub fn ask(args: &ThresholdArgs, common: &Common) -> Result<Threshold, Error> {
    let (base, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let questions = questions(args, model)?;
    let (from, to) = range(args, &loaded)?;
    let reference = model.arms[reference(args.reference.as_deref(), model)?]
        .name
        .clone();
    let by = if args.by.is_some() { "state" } else { "all" };
    let settings = vec![
        format!("solve {}", args.solve),
        format!("where {}", args.equation),
        format!("by {by}"),
        format!("from {from}"),
        format!("to {to}"),
        format!("points {}", args.points),
        format!("reference {reference}"),
    ];
    Ok(Threshold {
        identity: identity(&loaded, &args.scenario.layers, "threshold", settings),
        solve: args.solve.clone(),
        points: args.points,
        range: (from, to),
        loaded,
        base,
        reference,
        questions,
    })
}

fn questions(args: &ThresholdArgs, model: &Model) -> Result<Vec<LevelQuestion>, Error> {
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
        Ok(LevelQuestion {
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

impl Asked for Threshold {
    type Study = Threshold;

    fn study(&self) -> &Threshold {
        self
    }

    fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    fn shown(&self, results: &ThresholdResults, _: usize) -> Shown {
        Shown::Document(text(self.model(), results, None).into())
    }
}
