//! Where the answer turns, over two sliders.

use super::whole::{alone, answered, identity, in_words, told};
use crate::engine::simulate::Watch;
use crate::explore::messages::{FoundAnswer, MapAxis, Refusal};
use crate::explore::played::PlayedSetting;
use crate::report::document::Document;
use crate::report::sections::sweep::SweepView;
use crate::scenario::Request;
use crate::scenario::base::Base;
use crate::scenario::grid::{Axis, Combination, Grid};
use crate::study::cells::Cells;
use crate::study::results::sweep::{SweepAxis, SweepHead, axis_value};
use crate::study::sweep::Sweep;

/// Worlds of each cell, at most.
const MOST_WORLDS: u64 = 60;
/// Values of each axis.
const STEPS: usize = 6;

/// What the arm brings all states more than the reference, over a grid of two inputs.
pub fn map(
    played: &PlayedSetting,
    axes: [&MapAxis; 2],
    watch: Watch<'_>,
) -> Result<FoundAnswer, Refusal> {
    let run = alone(played, MOST_WORLDS)?;
    let model = &run.loaded.model;
    let arm = played.chosen.arm;
    let arm = arm.ok_or_else(|| Refusal::new("there is one arm only: nothing to compare"))?;
    let output = format!("{}.total.payoff.difference", model.arms[arm].name);
    let reference = model.arms[played.chosen.reference].name.clone();
    let grid = grid(axes)?;
    let mut request = Request::new("scenario.toml", run.loaded.resolved.as_str());
    request.trials = Some(model.simulation.trials);
    let mut read = |_: &str| Err("it extends no file".to_owned());
    let (mut base, _) = Base::load(request, &mut read).map_err(|error| Refusal::of(&error))?;
    for axis in &grid.axes {
        for value in &axis.values {
            let with = base.with(&[format!("{}={value}", axis.path)]);
            base.compare_with(&with.map_err(|error| Refusal::of(&error))?.model);
        }
    }
    let head = SweepHead {
        manifest: identity(&run, "sweep"),
        reference: reference.clone(),
        design: grid.combination.name().to_owned(),
        axes: grid.axes.iter().map(shown).collect(),
        outputs: vec![output],
    };
    let study = Sweep {
        first: 0,
        cells: Cells {
            base,
            outputs: head.outputs.clone(),
            reference,
            kept: None,
        },
        loaded: run.loaded,
        grid,
        head,
        draws: None,
    };
    let results = answered(&study, watch)?;
    let mut view = SweepView::new(&results.head, vec![0], 1);
    results.cells.iter().for_each(|cell| view.push(cell));
    let model = &study.loaded.model;
    let (sentence, blocks) = told(model, Document::from(view.text()));
    let words = format!(
        "what {} brings all states more than {}",
        model.arms[arm].title, model.arms[played.chosen.reference].title
    );
    let output = &study.cells.outputs[0];
    Ok(FoundAnswer {
        sentence: in_words(sentence, output, &words),
        blocks,
        sets: None,
        worlds: Vec::new(),
    })
}

fn shown(axis: &Axis) -> SweepAxis {
    SweepAxis {
        path: axis.path.clone(),
        values: axis.values.iter().map(|value| axis_value(value)).collect(),
    }
}

fn grid(axes: [&MapAxis; 2]) -> Result<Grid, Refusal> {
    let axis =
        |one: &MapAxis| Axis::parse(&format!("{}={}:{}:{STEPS}", one.path, one.from, one.to));
    let axes = axes.into_iter().map(axis).collect::<Result<Vec<_>, _>>();
    let axes = axes.map_err(|error| Refusal::new(error.to_string()))?;
    Grid::new(axes, Combination::Cross).map_err(|error| Refusal::new(error.to_string()))
}
