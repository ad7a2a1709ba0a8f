//! `run`: every arm of a scenario in every world. A piece is a world: the rows of all arms, and the draws.

use crate::engine::model::Model;
use crate::engine::simulate::{End, SimulateError, Trial, simulate};
use crate::scenario::Loaded;
use crate::study::pieces::{
    Assemble, Open, Out, Part, Pieces, Push, Study, StudyError, TableSet, Tables, read_numbers,
    write_numbers,
};
use crate::study::results::assemble::results;
use crate::study::results::collect::Collector;
use crate::study::results::columns::{Columns, file_name};
use crate::study::results::run::{Manifest, Results};
use std::io::Write;
use std::sync::atomic::AtomicBool;

/// Worlds of a block: few enough that shards can be cut finely.
pub const BLOCK: u64 = 64;

/// Every arm of a scenario.
pub struct Run {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
}

impl Study for Run {
    type Results = Results;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces::of_worlds(self.loaded.model.simulation.trials, BLOCK)
    }

    fn held(&self) -> u64 {
        0
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let mut bytes = Vec::new();
        let end = simulate(&self.loaded.model, part.pieces, part.watch, |trial| {
            bytes.clear();
            write_numbers(&mut bytes, trial.rows.iter().chain(trial.draws));
            push(&bytes).then_some(()).ok_or(trial.index)
        });
        match end {
            Ok(end) => Ok(end),
            Err(SimulateError::Sink(next)) => Ok(End::Stopped { next }),
            Err(SimulateError::Trial { error, .. }) => Err(error.into()),
        }
    }

    fn assemble(&self) -> Box<dyn Assemble<Results> + '_> {
        let model = &self.loaded.model;
        Box::new(RunAssembler {
            identity: &self.identity,
            collector: Collector::new(model, model.simulation.trials),
            worlds: WorldReader::of(model),
        })
    }

    fn files(&self, set: TableSet) -> Vec<String> {
        let names = set.keep.files().iter();
        names.map(|name| file_name(name, set.format)).collect()
    }

    fn tables<'a>(
        &'a self,
        set: TableSet,
        open: &mut Open<'_>,
    ) -> Result<Box<dyn Tables<Results> + 'a>, StudyError> {
        let model = &self.loaded.model;
        let files = set.keep.files().iter().copied();
        let files: Vec<&str> = files
            .filter(|&file| set.only.is_none_or(|only| only == file))
            .collect();
        let columns = Columns::new(model, &files, set.format, open)?;
        let worlds = WorldReader::of(model);
        Ok(Box::new(RunWriter { columns, worlds }))
    }
}

/// The worlds of pieces, one after the other.
struct WorldReader {
    next: u64,
    rows: usize,
    numbers: Vec<f64>,
}

impl WorldReader {
    fn of(model: &Model) -> WorldReader {
        let rows = model.outcome_layout().len() * model.arms.len();
        WorldReader {
            next: 0,
            rows,
            numbers: vec![0.0; rows + model.draws_len()],
        }
    }

    fn read(&mut self, piece: &[u8]) -> Result<Trial<'_>, StudyError> {
        read_numbers(piece, &mut self.numbers)?;
        let index = self.next;
        self.next += 1;
        let (rows, draws) = self.numbers.split_at(self.rows);
        Ok(Trial { index, rows, draws })
    }
}

struct RunAssembler<'a> {
    identity: &'a Manifest,
    collector: Collector<'a>,
    worlds: WorldReader,
}

impl Assemble<Results> for RunAssembler<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        Ok(self.collector.push(self.worlds.read(piece)?)?)
    }

    fn results(self: Box<Self>, _: &AtomicBool) -> Result<Results, StudyError> {
        Ok(results(&self.collector, self.identity.clone())?)
    }
}

struct RunWriter<'a> {
    columns: Columns<'a, Out>,
    worlds: WorldReader,
}

impl Tables<Results> for RunWriter<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        Ok(self.columns.push(self.worlds.read(piece)?)?)
    }

    fn finish(self: Box<Self>, _: &Results) -> Result<(), StudyError> {
        for (_, mut file) in self.columns.finish()? {
            file.flush()?;
        }
        Ok(())
    }
}
