//! `mufakat sweep`: a grid of scenarios on the same draws, streamed as cells finish.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::args::sweep::SweepArgs;
use crate::cli::cells::{Cells, Change};
use crate::cli::cluster::old as plan;
use crate::cli::cluster::old::{Merging, Part, not_of_this_study};
use crate::cli::driver::fold::in_pool;
use crate::cli::driver::job::Survey;
use crate::cli::driver::probe::Probe;
use crate::cli::exit::Status;
use crate::cli::identity::arm_index;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::source;
use crate::cli::store::beside::write_whole;
use crate::cli::store::directory::{CELLS, MAP, RESULTS};
use crate::cli::store::journal::Journal;
use crate::cli::store::merged::Merged;
use crate::cli::store::old::RunDirectory;
use crate::cli::study;
use crate::cli::study::Opening;
use crate::engine::simulate::End;
use crate::error::Error;
use crate::report::sections::sweep::SweepView;
use crate::scenario::Loaded;
use crate::scenario::base::Base;
use crate::scenario::grid::{Axis, Combination, Grid};
use crate::study::pieces::{Pieces, Unit};
use crate::study::results::columns::file_name;
use crate::study::results::sheet::{self, Format, Sheet};
use crate::study::results::sweep::{
    CLOSING, CellEstimate, Sign, SweepAxis, SweepCell, SweepHead, SweepResults, axis_value,
    headings, plain, write_row,
};
use crate::theory::spelling::units::{count, duration};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Plays a grid of scenarios.
///
/// # Errors
/// Why there is no result; [`Error::Cells`] where some cells have none.
pub fn run(args: &SweepArgs, common: &Common) -> Result<Status, Error> {
    with_job(args, common, None, |job| {
        if args.out.dry_run {
            let text = in_pool(common, || planned(job))?;
            output::result(&text)?;
            return Ok(Status::Done);
        }
        study::warn_of_few_worlds(&job.loaded.model, common);
        job.cells.stop = interrupt::watch();
        job.answer(args)
    })
}

/// What a plan needs to know of a sweep.
///
/// # Errors
/// As [`run`].
pub fn survey(args: &SweepArgs, common: &Common) -> Result<Survey, Error> {
    with_job(args, common, None, |job| {
        study::warn_of_few_worlds(&job.loaded.model, common);
        let (count, worlds) = (job.cells.count, job.cells.trials);
        let probe = in_pool(common, || {
            Ok(Probe::of(count.saturating_mul(worlds), job.rate()?))
        })?;
        Ok(Survey {
            identity: job.head.manifest.clone(),
            pieces: Pieces {
                of: Unit::Cells,
                count,
                each: 1,
                worlds,
                chained: false,
            },
            probe,
        })
    })
}

/// Plays some cells; each is handed on as its line of the journal.
///
/// # Errors
/// As [`run`], or what takes them in.
pub fn play_part(args: &SweepArgs, part: Part<'_>, common: &Common) -> Result<(), Error> {
    with_job(args, common, None, |job| {
        let Part { range, stop, push } = part;
        job.cells.stop = stop;
        in_pool(common, || {
            job.cells.play_some(range, |_, cell| {
                let line = serde_json::to_vec(&cell);
                push(&line.expect("keys are strings and numbers are finite"))
            })
        })?;
        Ok(())
    })
}

/// Writes and prints what the sweep of one machine does.
///
/// # Errors
/// As [`run`].
pub fn merge(args: &SweepArgs, merging: &Merging<'_>, common: &Common) -> Result<Status, Error> {
    let args = SweepArgs {
        out: OutArgs {
            json: merging.json,
            ..merging.out.clone()
        },
        ..args.clone()
    };
    with_job(&args, common, Some(merging.merged), |job| {
        job.cells.stop = interrupt::watch();
        job.answer(&args)
    })
}

/// Does `work` with the sweep that the arguments ask for.
pub fn with_job<R>(
    args: &SweepArgs,
    common: &Common,
    merged: Option<&Merged>,
    work: impl FnOnce(&mut Job<'_>) -> Result<R, Error>,
) -> Result<R, Error> {
    let (mut base, loaded) = source::load_base(&args.scenario, common)?;
    let grid = grid(args, &loaded)?;
    check_values(&mut base, &grid)?;
    let head = head(args, &loaded, &grid)?;
    let change = |index| change(&grid, index);
    let cells = Cells {
        base: &base,
        count: grid.cells(),
        trials: loaded.model.simulation.trials,
        change: &change,
        outputs: &head.outputs,
        reference: &head.reference,
        stop: Arc::default(),
        common,
    };
    work(&mut Job {
        cells,
        loaded: &loaded,
        head: &head,
        merged,
        common,
    })
}

/// The grid of `--vary`, else of the scenario.
fn grid(args: &SweepArgs, loaded: &Loaded) -> Result<Grid, Error> {
    let of_scenario = loaded.sweep.clone().transpose()?;
    let grid = if args.vary.is_empty() {
        of_scenario.ok_or(Error::NoAxis)?
    } else {
        let axes = args.vary.iter().map(|text| Axis::parse(text));
        Grid::new(axes.collect::<Result<_, _>>()?, Combination::Cross)?
    };
    if args.one_at_a_time {
        return Ok(Grid::new(grid.axes, Combination::OneAtATime)?);
    }
    Ok(grid)
}

/// Every value of an axis must be valid by itself; what contradicts another axis fails in its cells.
fn check_values(base: &mut Base, grid: &Grid) -> Result<(), Error> {
    for axis in &grid.axes {
        for value in &axis.values {
            let assignment = format!("{}={value}", axis.path);
            let loaded = base.with(std::slice::from_ref(&assignment));
            let loaded = loaded.map_err(|error| Error::from_load(&assignment, error))?;
            base.compare_with(&loaded.model);
        }
    }
    Ok(())
}

fn planned(job: &Job<'_>) -> Result<String, Error> {
    let trials = job.cells.trials;
    let seconds = (trials * job.cells.count) as f64 / job.rate()?;
    Ok(format!(
        "{} cells of {} worlds: about {}\n",
        count(job.cells.count),
        count(trials),
        duration(seconds)
    ))
}

fn head(args: &SweepArgs, loaded: &Loaded, grid: &Grid) -> Result<SweepHead, Error> {
    let model = &loaded.model;
    let reference = match &args.reference {
        Some(name) => arm_index(model, name)?,
        None => 0,
    };
    let outputs = match args.output.is_empty() {
        true => study::default_outputs(model, reference),
        false => args.output.clone(),
    };
    study::outputs(&outputs, model, reference)?;
    let design = match grid.combination {
        Combination::Cross => "cross",
        Combination::OneAtATime => "one-at-a-time",
    };
    let reference = &model.arms[reference].name;
    let mut settings = vec![format!("design {design}"), format!("reference {reference}")];
    let axes = grid.axes.iter();
    settings.extend(axes.map(|axis| format!("vary {}={}", axis.path, axis.values.join(","))));
    settings.extend(outputs.iter().map(|output| format!("output {output}")));
    let axes = grid.axes.iter().map(|axis| SweepAxis {
        path: axis.path.clone(),
        values: axis.values.iter().map(|value| axis_value(value)).collect(),
    });
    Ok(SweepHead {
        manifest: study::identity(loaded, &args.scenario.layers, "sweep", settings),
        reference: reference.clone(),
        design: design.to_owned(),
        axes: axes.collect(),
        outputs,
    })
}

/// Outputs of the text: those asked for, else the totals of all arms, the headline first.
fn shown(head: &SweepHead, loaded: &Loaded, args: &SweepArgs) -> Vec<usize> {
    let count = match args.output.len() {
        0 => loaded.model.arms.len().saturating_sub(1).max(1),
        asked => asked,
    };
    let first = match args.output.is_empty() {
        true => study::headline(&head.outputs, &loaded.model),
        false => 0,
    };
    let others = (0..count).filter(|&output| output != first);
    [first].into_iter().chain(others).collect()
}

/// What cell `index` of a grid changes.
fn change(grid: &Grid, index: u64) -> Change {
    let axes = grid.axes.iter().zip(grid.cell(index));
    let values = axes.filter_map(|(axis, value)| {
        let value = &axis.values[value?];
        Some((axis.path.clone(), axis_value(value)))
    });
    Change {
        values: values.collect(),
        assignments: grid.assignments(index),
    }
}

pub struct Job<'a> {
    cells: Cells<'a>,
    loaded: &'a Loaded,
    pub head: &'a SweepHead,
    /// Shards that hold all its cells.
    merged: Option<&'a Merged>,
    common: &'a Common,
}

impl Job<'_> {
    /// Worlds of a cell that are played in a second, from a short probe of the scenario itself.
    fn rate(&self) -> Result<f64, Error> {
        let model = &self.loaded.model;
        let reference = arm_index(model, self.cells.reference)?;
        plan::rate_of(
            model,
            &study::outputs(self.cells.outputs, model, reference)?,
        )
    }

    /// Plays all cells, or takes them from the shards, and says what came out.
    fn answer(&self, args: &SweepArgs) -> Result<Status, Error> {
        let mut view = {
            let shown = shown(self.head, self.loaded, args);
            SweepView::new(self.head, shown, args.output.len().max(1))
        };
        in_pool(self.common, || match &args.out.out {
            None => self.in_memory(args.out.json, &mut view),
            Some(path) => self.to_directory(path, args, &mut view),
        })?;
        if !args.out.json {
            study::show(self.common, false, String::new, || view.text().into())?;
        }
        match view.failures() {
            0 => Ok(Status::Done),
            failed => Err(Error::Cells {
                failed,
                cells: self.cells.count,
            }),
        }
    }

    /// Hands the cells from `first` on to the journal.
    fn fill(&self, journal: &mut Journal<SweepCell>) -> Result<End, Error> {
        let Some(merged) = self.merged else {
            let first = journal.count();
            return self.cells.play(first, |_, cell| journal.push(&cell));
        };
        merged.pieces(journal.count(), &mut |_, bytes| {
            if self.cells.stop.load(Ordering::Relaxed) {
                return Err(study::merge_interrupted(
                    self.cells.count * self.cells.trials,
                ));
            }
            let cell = serde_json::from_slice(bytes).map_err(|_| not_of_this_study())?;
            journal.push(&cell)
        })?;
        Ok(End::Finished)
    }

    fn in_memory(&self, json: bool, view: &mut SweepView<'_>) -> Result<(), Error> {
        let mut document = self.head.opening();
        let end = self.cells.play(0, |index, cell| {
            if json {
                document += &cell.line(index == 0);
            }
            view.push(&cell);
            Ok(())
        })?;
        if let End::Stopped { next } = end {
            return Err(self.cells.interrupted(next, None));
        }
        if json {
            output::result(&(document + CLOSING))?;
        }
        Ok(())
    }

    fn to_directory(
        &self,
        path: &Path,
        args: &SweepArgs,
        view: &mut SweepView<'_>,
    ) -> Result<(), Error> {
        let format: Format = args.tables.format.into();
        let map = (self.head.axes.len() == 2).then(|| MAP.to_owned());
        let files: Vec<String> = [file_name(CELLS, format)].into_iter().chain(map).collect();
        let opening = Opening {
            identity: &self.head.manifest,
            resolved: &self.loaded.resolved,
            format,
            files: &files,
        };
        let opened = args.out.open(path, opening, self.common)?;
        let results = path.join(RESULTS);
        if let Some(mut directory) = opened {
            let mut journal = directory.journal()?;
            directory.resumed_from(journal.count() * self.cells.trials);
            let end = self.fill(&mut journal)?;
            if let End::Stopped { next } = end {
                return Err(self.cells.interrupted(next, Some(path)));
            }
            directory.complete_by(|directory| self.write(directory, &journal, format, view))?;
        } else {
            let document: SweepResults = study::stored(path)?;
            document.cells.iter().for_each(|cell| view.push(cell));
        }
        if args.out.json {
            let text = fs::read_to_string(&results).map_err(Error::unreadable(&results))?;
            output::result(&text)?;
        }
        Ok(())
    }

    /// Writes the files of a complete sweep from its journal; `results.json` last.
    fn write(
        &self,
        directory: &RunDirectory,
        journal: &Journal<SweepCell>,
        format: Format,
        view: &mut SweepView<'_>,
    ) -> Result<(), Error> {
        let failed = || Error::unwritable(directory.path());
        let results = directory.beside(RESULTS)?;
        let cells = directory.beside(&file_name(CELLS, format))?;
        let mut document = BufWriter::new(results.file());
        let table = BufWriter::new(cells.file());
        let mut sheet = Sheet::new(format, &headings(self.head), table).map_err(failed())?;
        let mut map = Map::new(self.head, view.first());
        let mut index = 0;
        document
            .write_all(self.head.opening().as_bytes())
            .map_err(failed())?;
        journal.replay(|cell| {
            let line = cell.line(index == 0);
            document.write_all(line.as_bytes()).map_err(failed())?;
            write_row(&mut sheet, self.head, index, &cell).map_err(failed())?;
            map.push(&cell);
            view.push(&cell);
            index += 1;
            Ok(())
        })?;
        document.write_all(CLOSING.as_bytes()).map_err(failed())?;
        document.flush().map_err(failed())?;
        sheet
            .finish()
            .and_then(|mut table| table.flush())
            .map_err(failed())?;
        drop(document);
        if let Some(text) = map.text() {
            write_whole(&directory.path().join(MAP), text.as_bytes())?;
        }
        cells.keep()?;
        results.keep()
    }
}

/// `map.csv`: two axes, the headline output and whether it is told from zero.
struct Map<'a> {
    head: &'a SweepHead,
    output: &'a str,
    rows: Vec<[String; 6]>,
}

impl<'a> Map<'a> {
    fn new(head: &'a SweepHead, output: &'a str) -> Map<'a> {
        Map {
            head,
            output,
            rows: Vec::new(),
        }
    }

    fn push(&mut self, cell: &SweepCell) {
        let [first, second] = &self.head.axes[..] else {
            return;
        };
        let value = |axis: &SweepAxis| cell.values.get(&axis.path).map_or_else(String::new, plain);
        let estimate = cell
            .results
            .get(self.output)
            .and_then(Option::as_ref)
            .map(CellEstimate::of);
        let [mean, low, high, sign] = match estimate {
            None => [const { String::new() }; 4],
            Some(one) => {
                let (low, high) = one.interval();
                let sign = match one.sign() {
                    Sign::Above => "above zero",
                    Sign::Below => "below zero",
                    Sign::Open => "spans zero",
                };
                [
                    one.mean.to_string(),
                    low.to_string(),
                    high.to_string(),
                    sign.to_owned(),
                ]
            }
        };
        self.rows
            .push([value(first), value(second), mean, low, high, sign]);
    }

    /// The file, if there are two axes.
    fn text(&self) -> Option<String> {
        let [first, second] = &self.head.axes[..] else {
            return None;
        };
        let output = self.output;
        let header = [
            first.path.clone(),
            second.path.clone(),
            format!("{output}.mean"),
            "low90".to_owned(),
            "high90".to_owned(),
            "sign".to_owned(),
        ];
        Some(sheet::text(&header, &self.rows))
    }
}
