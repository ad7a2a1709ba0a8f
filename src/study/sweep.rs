//! `sweep`: a grid of scenarios. A piece is a cell.

use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::scenario::grid::Grid;
use crate::study::cells::{CellChange, Cells};
use crate::study::pieces::{
    Assemble, Open, Out, Part, Pieces, Push, Study, StudyError, TableSet, Tables, collected,
    read_numbers,
};
use crate::study::results::columns::file_name;
use crate::study::results::run::Manifest;
use crate::study::results::sheet::{self, Sheet, SheetHeading};
use crate::study::results::sweep::{
    CELLS, CellEstimate, CellStatus, MAP, Sign, SweepAxis, SweepCell, SweepHead, SweepResults,
    WORLDS, axis_value, headings, plain, read_piece, world_headings, write_row, write_worlds,
};
use std::io::Write;

/// A grid of scenarios.
pub struct Sweep {
    /// The scenario.
    pub loaded: Loaded,
    /// What varies.
    pub grid: Grid,
    /// How cells are played.
    pub cells: Cells,
    /// Its identity, and what it is before any cell.
    pub head: SweepHead,
    /// Index of the output of the map.
    pub first: usize,
    /// What is drawn in some cell, if the numbers of every world are kept: columns of their table.
    pub draws: Option<Vec<SheetHeading>>,
}

impl Study for Sweep {
    type Results = SweepResults;

    fn identity(&self) -> &Manifest {
        &self.head.manifest
    }

    fn pieces(&self) -> Pieces {
        Pieces::of_cells(self.grid.cells(), self.loaded.model.simulation.trials)
    }

    fn held(&self) -> u64 {
        self.cells.held(&self.loaded.model)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        self.cells
            .play(part, &|index| change(&self.grid, index), push)
    }

    fn assemble(&self) -> Box<dyn Assemble<SweepResults> + '_> {
        let cell = |piece: &[u8]| read_piece(piece).map(|(cell, _)| cell);
        collected(cell, |cells| {
            let head = self.head.clone();
            Ok(SweepResults { head, cells })
        })
    }

    fn document(&self, results: &SweepResults) -> String {
        results.to_json()
    }

    fn files(&self, set: TableSet) -> Vec<String> {
        let map = (self.head.axes.len() == 2).then(|| MAP.to_owned());
        let worlds = self.draws.iter().map(|_| file_name(WORLDS, set.format));
        [file_name(CELLS, set.format)]
            .into_iter()
            .chain(worlds)
            .chain(map)
            .collect()
    }

    fn tables<'a>(
        &'a self,
        set: TableSet,
        open: &mut Open<'_>,
    ) -> Result<Box<dyn Tables<SweepResults> + 'a>, StudyError> {
        let cells = open(&file_name(CELLS, set.format))?;
        let map = (self.head.axes.len() == 2).then(|| open(MAP)).transpose()?;
        let worlds = self.draws.as_ref().map(|draws| {
            let file = open(&file_name(WORLDS, set.format))?;
            let sheet = Sheet::new(set.format, &world_headings(&self.head, draws), file)?;
            let columns = draws.len() + self.head.outputs.len();
            let worlds = self.head.manifest.trials as usize;
            Ok::<_, StudyError>((sheet, vec![0.0; columns * worlds]))
        });
        Ok(Box::new(SweepWriter {
            head: &self.head,
            worlds: worlds.transpose()?,
            sheet: Sheet::new(set.format, &headings(&self.head), cells)?,
            map: map.map(|file| (Map::new(&self.head, &self.head.outputs[self.first]), file)),
            next: 0,
        }))
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        // A cell may fail where others do not: the first that plays is the measure.
        let cell = |index| {
            self.cells
                .probe(&self.grid.assignments(index), worlds, watch)
        };
        let cells = 0..self.grid.cells().min(PROBED);
        let (mut failed, mut played) = (None, false);
        for index in cells {
            match cell(index) {
                Ok(()) => {
                    played = true;
                    break;
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed.filter(|_| !played) {
            Some(error) => Err(error),
            None => Ok(None),
        }
    }
}

/// How many cells a probe tries at most.
const PROBED: u64 = 8;

/// What cell `index` of a grid changes.
fn change(grid: &Grid, index: u64) -> CellChange {
    let axes = grid.axes.iter().zip(grid.cell(index));
    let values = axes.filter_map(|(axis, value)| {
        let value = &axis.values[value?];
        Some((axis.path.clone(), axis_value(value)))
    });
    CellChange {
        values: values.collect(),
        assignments: grid.assignments(index),
    }
}

struct SweepWriter<'a> {
    head: &'a SweepHead,
    sheet: Sheet<Out>,
    /// The table of worlds, and room for the numbers of a cell.
    worlds: Option<(Sheet<Out>, Vec<f64>)>,
    map: Option<(Map<'a>, Out)>,
    next: u64,
}

impl Tables<SweepResults> for SweepWriter<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        let (cell, worlds) = read_piece(piece)?;
        write_row(&mut self.sheet, self.head, self.next, &cell)?;
        if let Some((sheet, numbers)) = &mut self.worlds
            && cell.status == CellStatus::Done
        {
            read_numbers(worlds, numbers)?;
            write_worlds(sheet, self.head, self.next, &cell, numbers)?;
        }
        if let Some((map, _)) = &mut self.map {
            map.push(&cell);
        }
        self.next += 1;
        Ok(())
    }

    fn finish(self: Box<Self>, _: &SweepResults) -> Result<(), StudyError> {
        self.sheet.finish()?.flush()?;
        if let Some((sheet, _)) = self.worlds {
            sheet.finish()?.flush()?;
        }
        if let Some((map, mut file)) = self.map
            && let Some(text) = map.text()
        {
            file.write_all(text.as_bytes())?;
            file.flush()?;
        }
        Ok(())
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
