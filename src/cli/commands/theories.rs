//! `mufakat theories`: the same worlds under every theory of bargaining.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::args::theories::TheoriesArgs;
use crate::cli::cells::{Cells, Change};
use crate::cli::driver::fold::in_pool;
use crate::cli::exit::Status;
use crate::cli::identity::arm_index;
use crate::cli::interrupt;
use crate::cli::source;
use crate::cli::study;
use crate::cli::study::Opening;
use crate::engine::model::Model;
use crate::engine::model::keys::BargainingKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::words::{Mode, Solution, Turn, Vocabulary};
use crate::engine::simulate::End;
use crate::error::Error;
use crate::report::sections::theories;
use crate::scenario::Loaded;
use crate::study::results::run::Manifest;
use crate::study::results::sheet::Format;
use crate::study::results::sweep::{CellStatus, SweepCell};
use crate::study::results::theories::{Choice, Theory, TheoryResults, headline};
use serde_json::Value;
use std::path::Path;

/// What leaves a choice as the scenario has it.
const DRAWN: &str = "drawn";

/// Plays every theory.
///
/// # Errors
/// Why there is no result; [`Error::Cells`] where some theories have none.
pub fn run(args: &TheoriesArgs, common: &Common) -> Result<Status, Error> {
    let (base, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let arm = judged(args, model)?;
    let reference = match &args.reference {
        Some(name) => arm_index(model, name)?,
        None => 0,
    };
    if arm == reference {
        return Err(Error::SameArm {
            arm: model.arms[arm].name.clone(),
        });
    }
    let choices = choices(model, arm);
    let count = choices
        .iter()
        .map(|choice| choice.values.len() as u64)
        .product();
    let outputs = outputs(model, arm);
    let change = |index| change(&choices, index);
    let cells = Cells {
        base: &base,
        count,
        trials: model.simulation.trials,
        change: &change,
        outputs: &outputs,
        reference: &model.arms[reference].name,
        stop: interrupt::watch(),
        common,
    };
    let settings = vec![
        format!("arm {}", model.arms[arm].name),
        format!("reference {}", model.arms[reference].name),
    ];
    let manifest = study::identity(&loaded, &args.scenario.layers, "theories", settings);
    study::warn_of_few_worlds(model, common);
    let results = in_pool(common, || {
        let build =
            |manifest, cells| results(manifest, &choices, &outputs, model, (arm, reference), cells);
        match &args.out.out {
            None => in_memory(&cells, manifest, build),
            Some(path) => to_directory(&cells, manifest, &loaded, (path, &args.out), build),
        }
    })?;
    let document = || theories::text(model, &results).into();
    study::show(common, args.out.json, || results.to_json(), document)?;
    let failed = results
        .theories
        .iter()
        .filter(|one| one.cell.status == CellStatus::Failed);
    match failed.count() {
        0 => Ok(Status::Done),
        failed => Err(Error::Cells {
            failed,
            cells: count,
        }),
    }
}

/// The arm that is judged.
fn judged(args: &TheoriesArgs, model: &Model) -> Result<usize, Error> {
    let bloc = model.arms.iter().position(|arm| arm.mode == Mode::Bloc);
    match &args.arm {
        Some(name) => arm_index(model, name),
        None => Ok(bloc.unwrap_or(model.arms.len() - 1)),
    }
}

/// What theories choose; the place in the order only for a bloc.
fn choices(model: &Model, arm: usize) -> Vec<Choice> {
    let choice = |path: String, values: Vec<Value>| Choice { path, values };
    let words = |words: &[&str]| words.iter().map(|&word| Value::from(word)).collect();
    let mut choices = vec![
        choice("bargaining.solution".to_owned(), words(Solution::KEYS)),
        choice(
            "bargaining.transfers".to_owned(),
            vec![false.into(), true.into()],
        ),
        choice("bargaining.foresight".to_owned(), foresights(model)),
    ];
    if model.arms[arm].mode == Mode::Bloc {
        let path = format!("arm.{}.turn", model.arms[arm].name);
        choices.push(choice(path, words(Turn::KEYS)));
    }
    choices
}

/// No foresight, as the scenario has it, full; the middle one only where it is another than the ends.
fn foresights(model: &Model) -> Vec<Value> {
    let slot = model
        .layout
        .index(Slot::Bargaining(BargainingKey::Foresight));
    let fixed = model.base[slot];
    let drawn = model.uncertain.iter().any(|one| one.slot == slot);
    let set = model.events.iter().flat_map(|event| &event.set);
    let set = set.into_iter().any(|&(changed, _)| changed == slot);
    match !drawn && !set && (fixed == 0.0 || fixed == 1.0) {
        true => vec![0.0.into(), 1.0.into()],
        false => vec![0.0.into(), DRAWN.into(), 1.0.into()],
    }
}

/// What theory `index` changes; the last choice moves fastest.
fn change(choices: &[Choice], index: u64) -> Change {
    let mut rest = index;
    let mut chosen: Vec<(&Choice, &Value)> = Vec::with_capacity(choices.len());
    for choice in choices.iter().rev() {
        let length = choice.values.len() as u64;
        chosen.push((choice, &choice.values[(rest % length) as usize]));
        rest /= length;
    }
    chosen.reverse();
    let mut change = Change::default();
    for (choice, value) in chosen {
        change.values.insert(choice.path.clone(), value.clone());
        if value != DRAWN {
            change.assignments.push(format!("{}={value}", choice.path));
        }
    }
    change
}

/// The differences of the region and of each state.
fn outputs(model: &Model, arm: usize) -> Vec<String> {
    let name = &model.arms[arm].name;
    let states = model.states.iter();
    let of_states = states.map(|state| format!("{name}.state.{}.payoff.difference", state.id));
    let total = format!("{name}.total.payoff.difference");
    [total].into_iter().chain(of_states).collect()
}

fn results(
    manifest: Manifest,
    choices: &[Choice],
    outputs: &[String],
    model: &Model,
    (arm, reference): (usize, usize),
    cells: Vec<SweepCell>,
) -> TheoryResults {
    let theories: Vec<Theory> = cells.into_iter().map(Theory::new).collect();
    let headlines = outputs
        .iter()
        .map(|output| headline(output, choices, &theories));
    TheoryResults {
        manifest,
        arm: model.arms[arm].name.clone(),
        reference: model.arms[reference].name.clone(),
        choices: choices.to_vec(),
        headlines: headlines.collect(),
        theories,
    }
}

fn in_memory(
    cells: &Cells<'_>,
    manifest: Manifest,
    build: impl FnOnce(Manifest, Vec<SweepCell>) -> TheoryResults,
) -> Result<TheoryResults, Error> {
    let mut played = Vec::new();
    let end = cells.play(0, |_, cell| {
        played.push(cell);
        Ok(())
    })?;
    match end {
        End::Finished => Ok(build(manifest, played)),
        End::Stopped { next } => Err(cells.interrupted(next, None)),
    }
}

fn to_directory(
    cells: &Cells<'_>,
    manifest: Manifest,
    loaded: &Loaded,
    (path, out): (&Path, &OutArgs),
    build: impl FnOnce(Manifest, Vec<SweepCell>) -> TheoryResults,
) -> Result<TheoryResults, Error> {
    let opening = Opening {
        identity: &manifest,
        resolved: &loaded.resolved,
        format: Format::Csv,
        files: &[],
    };
    let Some(mut directory) = out.open(path, opening, cells.common)? else {
        return study::stored(path);
    };
    let mut journal = directory.journal()?;
    directory.resumed_from(journal.count() * cells.trials);
    let end = cells.play(journal.count(), |_, cell| journal.push(&cell))?;
    if let End::Stopped { next } = end {
        return Err(cells.interrupted(next, Some(path)));
    }
    let mut played = Vec::new();
    journal.replay(|cell| {
        played.push(cell);
        Ok(())
    })?;
    let results = build(manifest, played);
    directory.complete(&results.to_json())?;
    Ok(results)
}
