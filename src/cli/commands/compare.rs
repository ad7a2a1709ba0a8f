//! `mufakat compare`: scenarios against each other on the same draws.

use crate::cli::args::common::Common;
use crate::cli::args::compare::CompareArgs;
use crate::cli::driver::fold::{in_pool, is_progress_wanted};
use crate::cli::exit::Status;
use crate::cli::given::interrupted;
use crate::cli::identity::{arm_index, circumstance, sha256_hex};
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::store::directory::Existing;
use crate::cli::store::old::{Opened, RunDirectory};
use crate::cli::study::{identity, outputs, warn_of_few_worlds};
use crate::engine::model::{Model, dimension_paths};
use crate::engine::outcome::TotalMetric;
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::report::compare_text;
use crate::scenario::Loaded;
use crate::scenario::inspect::differences;
use crate::study::compare::beside;
use crate::study::readings::{ReadingValues, read, stats};
use crate::study::results::compare::{CompareResults, ScenarioComparison, ScenarioResults};
use crate::study::results::precision::{arm_of_headline, is_off};
use crate::study::results::run::Manifest;
use crate::study::results::sheet::Format;
use indexmap::IndexMap;
use std::path::Path;
use std::time::Instant;

/// One of the scenarios.
struct Side {
    label: String,
    loaded: Loaded,
    reference: usize,
    /// Paths of results.
    names: Vec<String>,
}

/// Compares scenarios.
///
/// # Errors
/// A scenario that is not valid, an arm that one of them does not have, or why there is no result.
pub fn run(args: &CompareArgs, common: &Common) -> Result<Status, Error> {
    let sides = sides(args, common)?;
    let first = &sides[0];
    warn_of_few_worlds(&first.loaded.model, common);
    let reference = first.loaded.model.arms[first.reference].name.clone();
    let others = sides[1..].iter();
    let mut settings = vec![format!("reference {reference}")];
    settings.extend(others.map(|side| {
        format!(
            "scenario {} {}",
            side.label,
            sha256_hex(&side.loaded.resolved)
        )
    }));
    let manifest = identity(&first.loaded, &args.layers, "compare", settings);
    let compare = || {
        let values = played(&sides, common)?;
        Ok(document(
            &sides,
            &values,
            manifest.clone(),
            reference.clone(),
        ))
    };
    let results = in_pool(common, || match &args.out {
        None => compare(),
        Some(path) => in_directory(path, args, &manifest, &sides, compare),
    })?;
    match args.json {
        true => output::result(&results.to_json())?,
        false => output::result(&compare_text::text(
            &first.loaded.model,
            &results,
            output::width(),
        ))?,
    }
    Ok(Status::Done)
}

/// Loads all scenarios for the draws of the first.
fn sides(args: &CompareArgs, common: &Common) -> Result<Vec<Side>, Error> {
    let mut layers = args.layers.clone();
    let mut sides: Vec<Side> = Vec::new();
    for name in &args.scenarios {
        let loaded = source::load_named(name, &layers, common)?;
        let simulation = loaded.model.simulation;
        layers.trials = Some(simulation.trials);
        layers.seed = Some(simulation.seed);
        let reference = match (&args.reference, sides.first()) {
            (Some(name), _) => arm_index(&loaded.model, name)?,
            (None, None) => 0,
            (None, Some(first)) => arm_index(
                &loaded.model,
                &first.loaded.model.arms[first.reference].name,
            )?,
        };
        sides.push(Side {
            label: label(name, &sides),
            names: names(&loaded.model, reference),
            loaded,
            reference,
        });
    }
    let sampler = sides[0].loaded.model.simulation.sampler;
    let paths = dimension_paths(sides.iter().map(|side| &side.loaded.model));
    for side in &mut sides {
        side.loaded.model.simulation.sampler = sampler;
        side.loaded.model.number_dimensions(&paths);
    }
    Ok(sides)
}

/// What a scenario is called: its name or the stem of its file, with a number where that is taken.
fn label(name: &str, sides: &[Side]) -> String {
    let stem = Path::new(name)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.unwrap_or_else(|| name.to_owned());
    let taken = |label: &str| sides.iter().any(|side| side.label == label);
    let mut numbered = (2..).map(|k| format!("{stem}-{k}"));
    match taken(&stem) {
        false => stem,
        true => numbered.find(|label| !taken(label)).unwrap_or(stem),
    }
}

/// Paths of what is compared: totals, states and hyperscalers of every arm, and what each arm adds.
fn names(model: &Model, reference: usize) -> Vec<String> {
    let mut names = Vec::new();
    for arm in (0..model.arms.len()).filter(|&arm| arm == reference || !is_off(model, arm)) {
        let name = &model.arms[arm].name;
        names.extend(
            TotalMetric::ALL
                .iter()
                .map(|metric| format!("{name}.total.{}", metric.name())),
        );
        for state in &model.states {
            names.extend(
                ["payoff", "leverage", "investment"]
                    .map(|metric| format!("{name}.state.{}.{metric}", state.id)),
            );
        }
        for one in &model.hyperscalers {
            names.extend(
                ["profit", "compliance_cost"]
                    .map(|metric| format!("{name}.hyperscaler.{}.{metric}", one.id)),
            );
        }
        if arm != reference {
            names.push(format!("{name}.total.payoff.difference"));
            names.extend(
                model
                    .states
                    .iter()
                    .map(|state| format!("{name}.state.{}.payoff.difference", state.id)),
            );
        }
    }
    names
}

/// Plays every scenario; values by scenario, result and world.
fn played(sides: &[Side], common: &Common) -> Result<Vec<ReadingValues>, Error> {
    let trials = sides[0].loaded.model.simulation.trials;
    let total = trials * sides.len() as u64;
    let stop = interrupt::watch();
    let bar = progress::bar(total, 0, is_progress_wanted(common));
    let watch = Watch {
        stop: &stop,
        on_trial: &|| bar.inc(1),
    };
    let mut all = Vec::with_capacity(sides.len());
    for side in sides {
        let model = &side.loaded.model;
        let outputs = outputs(&side.names, model, side.reference)?;
        let values = output::timed(common, &side.label, || read(model, &outputs, watch));
        match values? {
            Some(values) => all.push(values),
            None => return Err(interrupted(bar.position(), total, None)),
        }
    }
    bar.finish_and_clear();
    Ok(all)
}

/// The document of what was played.
fn document(
    sides: &[Side],
    values: &[ReadingValues],
    manifest: Manifest,
    reference: String,
) -> CompareResults {
    let simulation = sides[0].loaded.model.simulation;
    let groups = simulation.sampler.groups(simulation.trials);
    let scenarios = sides.iter().zip(values).map(|(side, values)| {
        let model = &side.loaded.model;
        let shown =
            (0..model.arms.len()).filter(|&arm| arm == side.reference || !is_off(model, arm));
        ScenarioResults {
            label: side.label.clone(),
            name: model.name.clone(),
            description: model.description.clone(),
            scenario_sha256: sha256_hex(&side.loaded.resolved),
            arms: shown.map(|arm| model.arms[arm].name.clone()).collect(),
            results: side
                .names
                .iter()
                .cloned()
                .zip(stats(values, groups))
                .collect(),
        }
    });
    let (first, own) = (&sides[0], &values[0]);
    let comparisons = sides[1..].iter().zip(&values[1..]).map(|(side, values)| {
        let place = |name: &String| side.names.iter().position(|one| one == name);
        let both = first
            .names
            .iter()
            .enumerate()
            .filter_map(|(at, name)| Some((name, at, place(name)?)));
        let paired = both.map(|(name, at, other)| {
            (
                name.clone(),
                beside(&values[other], &own[at], groups).into(),
            )
        });
        ScenarioComparison {
            scenario: side.label.clone(),
            reference: first.label.clone(),
            differs: differs(&first.loaded, &side.loaded),
            results: paired.collect(),
        }
    });
    CompareResults {
        manifest,
        reference,
        arm: common_arm(sides),
        scenarios: scenarios.collect(),
        comparisons: comparisons.collect(),
    }
}

/// The headline of the first scenario, if all have it; else its reference.
fn common_arm(sides: &[Side]) -> Option<String> {
    let first = &sides[0];
    let model = &first.loaded.model;
    let headline = arm_of_headline(model, first.reference);
    let names = headline
        .into_iter()
        .chain([first.reference])
        .map(|arm| model.arms[arm].name.clone());
    let has = |side: &Side, name: &str| {
        let arms = &side.loaded.model.arms;
        arms.iter()
            .position(|arm| arm.name == name)
            .is_some_and(|arm| !is_off(&side.loaded.model, arm))
    };
    names
        .into_iter()
        .find(|name| sides.iter().all(|side| has(side, name)))
}

/// Keys that two scenarios give different values.
fn differs(first: &Loaded, other: &Loaded) -> IndexMap<String, [String; 2]> {
    let found = differences(&first.origins, &other.origins);
    let found = found.into_iter();
    found
        .map(|one| (one.path, [one.first, one.second]))
        .collect()
}

/// Compares into a directory: manifest and scenarios first, results last, then the page.
fn in_directory(
    path: &Path,
    args: &CompareArgs,
    manifest: &Manifest,
    sides: &[Side],
    compare: impl FnOnce() -> Result<CompareResults, Error>,
) -> Result<CompareResults, Error> {
    let existing = if args.force {
        Existing::Replace
    } else {
        Existing::Refuse
    };
    let directory = match RunDirectory::open(path, existing, manifest)? {
        Opened::Ready(directory) | Opened::Lacking { directory, .. } => directory,
        Opened::Complete(..) => unreachable!("only a resumed run is found complete"),
    };
    let started = Instant::now();
    let mut circumstance = circumstance(None, Format::Csv);
    let name = |side: &Side| format!("{}.resolved.toml", side.label);
    circumstance.files = sides[1..].iter().map(name).collect();
    directory.start(&circumstance, &sides[0].loaded.resolved)?;
    for side in &sides[1..] {
        directory.write_whole(&name(side), side.loaded.resolved.as_bytes())?;
    }
    let results = compare()?;
    circumstance.wall_time_s = Some(started.elapsed().as_secs_f64());
    directory.write_manifest(&circumstance, &serde_json::Value::Null)?;
    directory.complete_with(&results.to_json())?;
    #[cfg(feature = "html")]
    {
        let (page, files) =
            crate::report::sections::compare::page(&sides[0].loaded.model, &results);
        crate::cli::commands::report::put(path, &page, &files, None)?;
    }
    Ok(results)
}
