//! `mufakat sweep`: a grid of scenarios on the same draws.

use crate::cli::args::common::Common;
use crate::cli::args::sweep::SweepArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::exit::Status;
use crate::cli::identity::{identity, reference};
use crate::cli::source;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::sweep::SweepView;
use crate::scenario::Loaded;
use crate::scenario::base::Base;
use crate::scenario::grid::{Axis, AxisError, Combination, Grid};
use crate::study::cells::Cells;
use crate::study::outputs::{default_outputs, headline, outputs};
use crate::study::results::columns::{Keep, draw_heading};
use crate::study::results::sheet::{Format, SheetHeading};
use crate::study::results::sweep::{CellStatus, SweepAxis, SweepHead, SweepResults, axis_value};
use crate::study::sweep::Sweep;
use std::path::Path;

/// A sweep, with what its text shows.
pub struct AskedSweep {
    study: Sweep,
    /// Indices of the outputs that its text shows, and how many of them it gives tables.
    shown: Vec<usize>,
    tables: usize,
    format: Option<Format>,
}

/// The sweep that is asked for.
pub fn ask(args: &SweepArgs, common: &Common) -> Result<AskedSweep, Error> {
    let (mut base, loaded) = source::load_base(&args.scenario, common)?;
    let grid = grid(args, &loaded)?;
    let draws = check_values(&mut base, &grid, &loaded.model)?;
    let head = head(args, &loaded, &grid)?;
    let draws = (args.keep == Keep::Trials).then_some(draws);
    if let Some(draws) = &draws {
        check_size(&head, draws)?;
    }
    let shown = shown(&head, &loaded, args);
    let cells = Cells {
        base,
        outputs: head.outputs.clone(),
        reference: head.reference.clone(),
        kept: draws
            .as_ref()
            .map(|draws| draws.iter().map(|draw| draw.name.clone()).collect()),
    };
    Ok(AskedSweep {
        study: Sweep {
            first: shown[0],
            loaded,
            grid,
            cells,
            head,
            draws,
        },
        shown,
        tables: args.output.len().max(1),
        format: args.tables.format,
    })
}

/// The grid of `--vary`, else of the scenario.
fn grid(args: &SweepArgs, loaded: &Loaded) -> Result<Grid, Error> {
    let seed = loaded.model.simulation.seed;
    let combination = match args.latin {
        Some(cells) => Some(Combination::LatinHypercube { cells, seed }),
        None if args.one_at_a_time => Some(Combination::OneAtATime),
        None if args.zip => Some(Combination::Zip),
        None => None,
    };
    let (axes, own) = if args.vary.is_empty() {
        loaded.sweep.clone().ok_or(Error::NoAxis)?
    } else {
        let axes = args.vary.iter().map(|text| Axis::parse(text));
        let axes: Vec<Axis> = axes.collect::<Result<_, _>>()?;
        let has_steps = |axis: &&Axis| axis.range.is_some_and(|range| range.steps.is_some());
        if let Some(axis) = axes.iter().find(has_steps).filter(|_| args.latin.is_some()) {
            return Err(AxisError::HasSteps(axis.path.clone()).into());
        }
        (axes, Combination::Cross)
    };
    Ok(Grid::new(axes, combination.unwrap_or(own))?)
}

/// Every value of an axis must be valid by itself; what contradicts another axis fails in its cells. Returns the columns of what is drawn in
/// some cell: first what the scenario draws that no axis fixes in all of them, then what a value makes uncertain.
fn check_values(base: &mut Base, grid: &Grid, own: &Model) -> Result<Vec<SheetHeading>, Error> {
    let columns = |model: &Model| {
        (0..model.draws_len())
            .map(|at| draw_heading(model, at))
            .collect::<Vec<_>>()
    };
    let has = |all: &[SheetHeading], name: &str| all.iter().any(|one| one.name == name);
    let own = columns(own);
    let (mut draws, mut made) = (own.clone(), Vec::new());
    for (number, axis) in grid.axes.iter().enumerate() {
        let mut with_axis: Vec<SheetHeading> = Vec::new();
        for value in grid.checked(axis) {
            let assignment = format!("{}={value}", axis.path);
            let loaded = base.with(std::slice::from_ref(&assignment));
            let loaded = loaded.map_err(|error| match takes_whole(base, grid, axis, &value) {
                true => AxisError::Whole(axis.path.clone()).into(),
                false => Error::from_load(&assignment, error),
            })?;
            base.compare_with(&loaded.model);
            with_axis.extend(columns(&loaded.model));
        }
        // A later axis may make uncertain again what this one fixes, under another spelling of its path.
        let later = grid.axes[number + 1..].iter();
        let is_last_word = later
            .flat_map(|axis| &axis.values)
            .all(|value| !value.contains('{'));
        if is_last_word && grid.combination != Combination::OneAtATime {
            draws.retain(|draw| has(&with_axis, &draw.name));
        }
        for draw in with_axis {
            if !has(&own, &draw.name) && !has(&made, &draw.name) {
                made.push(draw);
            }
        }
    }
    draws.extend(made);
    Ok(draws)
}

/// Whether a value of a Latin hypercube that is refused would be valid as a whole number.
fn takes_whole(base: &Base, grid: &Grid, axis: &Axis, value: &str) -> bool {
    let is_between = matches!(grid.combination, Combination::LatinHypercube { .. });
    let number = value
        .parse::<f64>()
        .ok()
        .filter(|number| number.fract() != 0.0);
    let whole = number.filter(|_| is_between).map(f64::round);
    whole.is_some_and(|whole| base.with(&[format!("{}={whole}", axis.path)]).is_ok())
}

/// The most that the worlds of a cell may take: a cell is one piece, which is played in memory.
const LARGEST_CELL: u64 = 1 << 30;

/// An error if the numbers of the worlds of a cell are too many to be kept.
fn check_size(head: &SweepHead, draws: &[SheetHeading]) -> Result<(), Error> {
    let columns = (draws.len() + head.outputs.len()) as u64;
    let most = LARGEST_CELL / size_of::<f64>() as u64 / columns.max(1);
    match head.manifest.trials {
        worlds if worlds > most => Err(Error::KeptWorlds {
            worlds,
            columns,
            most,
        }),
        _ => Ok(()),
    }
}

fn head(args: &SweepArgs, loaded: &Loaded, grid: &Grid) -> Result<SweepHead, Error> {
    let model = &loaded.model;
    let reference = reference(args.reference.as_deref(), model)?;
    let names = match args.output.is_empty() {
        true => default_outputs(model, reference),
        false => args.output.clone(),
    };
    outputs(&names, model, reference)?;
    let design = grid.combination.name();
    let of_cells = match grid.combination {
        Combination::LatinHypercube { cells, .. } => format!(" of {cells} cells"),
        _ => String::new(),
    };
    let reference = &model.arms[reference].name;
    let mut settings = vec![
        format!("design {design}{of_cells}"),
        format!("reference {reference}"),
    ];
    let axes = grid.axes.iter();
    settings.extend(axes.map(|axis| match (&axis.range, grid.combination) {
        (Some(range), Combination::LatinHypercube { .. }) => format!("vary {}={range}", axis.path),
        _ => format!("vary {}={}", axis.path, axis.values.join(",")),
    }));
    settings.extend(names.iter().map(|output| format!("output {output}")));
    if args.keep == Keep::Trials {
        settings.push("keep trials".to_owned());
    }
    let axes = grid.axes.iter().map(|axis| SweepAxis {
        path: axis.path.clone(),
        values: axis.values.iter().map(|value| axis_value(value)).collect(),
    });
    Ok(SweepHead {
        manifest: identity(loaded, &args.scenario.layers, "sweep", settings),
        reference: reference.clone(),
        design: design.to_owned(),
        axes: axes.collect(),
        outputs: names,
    })
}

/// Outputs of the text: those asked for, else the totals of all arms, the headline first.
fn shown(head: &SweepHead, loaded: &Loaded, args: &SweepArgs) -> Vec<usize> {
    let count = match args.output.len() {
        0 => loaded.model.arms.len().saturating_sub(1).max(1),
        asked => asked,
    };
    let first = match args.output.is_empty() {
        true => headline(&head.outputs, &loaded.model),
        false => 0,
    };
    let others = (0..count).filter(|&output| output != first);
    [first].into_iter().chain(others).collect()
}

impl Asked for AskedSweep {
    type Study = Sweep;

    fn study(&self) -> &Sweep {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn is_uncertain(&self) -> bool {
        let mut values = self.study.grid.axes.iter().flat_map(|axis| &axis.values);
        self.model().is_uncertain() || values.any(|value| value.contains('{'))
    }

    fn format(&self) -> Option<Format> {
        self.format
    }

    fn shown(&self, results: &SweepResults, _: usize) -> Shown {
        let mut view = SweepView::new(&results.head, self.shown.clone(), self.tables);
        results.cells.iter().for_each(|cell| view.push(cell));
        Shown::Document(view.text().into())
    }

    fn ended(&self, results: &SweepResults, _: Option<&Path>, _: &Common) -> Result<Status, Error> {
        let cells = results.cells.iter();
        failures(cells.map(|cell| cell.status).collect())
    }
}

/// How a command ends some of whose cells may have failed.
pub fn failures(cells: Vec<CellStatus>) -> Result<Status, Error> {
    let failed = cells.iter().filter(|status| **status == CellStatus::Failed);
    match failed.count() {
        0 => Ok(Status::Done),
        failed => Err(Error::Cells {
            failed,
            cells: cells.len() as u64,
        }),
    }
}
