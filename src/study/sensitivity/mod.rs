//! `sensitivity`: which uncertain quantities decide results. A piece is a world of the method's design, or of the scenario's own: the results
//! that are explained.

pub(in crate::study) mod given_data;
pub mod method;
mod methods;

pub use methods::Method;

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::study::discover::ResultFactor;
use crate::study::factors::{Factor, FactorError, FactorStudy, REPLICATES, other_events};
use crate::study::outputs::as_output;
use crate::study::pieces::{
    Assemble, Open, Out, Part, Pieces, Push, Study, StudyError, TableSet, Tables, read_numbers,
    write_numbers,
};
use crate::study::readings::{
    Keeper, Output, ReadError, ReadingValues, WorldReadings, drawn, read_each,
};
use crate::study::results::columns::file_name;
use crate::study::results::path::ResultPath;
use crate::study::results::run::Manifest;
use crate::study::results::sensitivity::{OutputResult, Resolution, SensitivityResults};
use crate::study::results::sensitivity_cells::{CellsOf, write_cells};
use crate::study::results::sheet::Format;
use crate::study::results::sweep::CELLS;
use crate::study::run::BLOCK;
use crate::study::sensitivity::given_data::given_data;
use crate::study::sensitivity::method::{Estimates, FactorJudge, OwnWorlds, Size, WorldsOfMethod};
use crate::theory::sensitivity::estimate::varies;
use crate::theory::sensitivity::morris::Trajectory;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, OnceLock};

/// The name of a member of a factor: of a number that a world draws, or behind those of a result of each world.
pub fn member_name<'a>(
    model: &'a Model,
    results: &'a [ResultFactor],
    member: usize,
) -> Cow<'a, str> {
    match member.checked_sub(model.draws_len()) {
        None => model.draw_name(member),
        Some(result) => Cow::Borrowed(&results[result].name),
    }
}

/// What is asked of a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodOptions {
    /// The method.
    pub method: Method,
    /// Whether nobody named it, so that it was chosen here.
    pub chosen: bool,
    /// Second-order Sobol' indices too.
    pub second_order: bool,
    /// For a tornado, the other quantities stay at their medians.
    pub at_medians: bool,
    /// Trajectories of a screening.
    pub trajectories: u64,
}

/// Which quantities decide results.
pub struct Sensitivity {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// The method.
    pub options: MethodOptions,
    /// Index of the arm that differences are taken to.
    pub reference: usize,
    /// Results that are explained, as they were asked for.
    pub names: Vec<String>,
    /// The same.
    pub paths: Vec<ResultPath>,
    /// The factors.
    pub factors: Vec<Factor>,
    /// Results of each world that are members of factors too: who was a member, who voted yes.
    pub results: Vec<ResultFactor>,
    /// The worlds, where a finished run has them.
    pub from_run: Option<WorldReadings>,
    /// The worlds that results were made of, for the table of cells.
    pub played: OnceLock<WorldReadings>,
    /// The trajectories of a screening, once they are laid out.
    pub walks: OnceLock<Vec<Trajectory>>,
}

impl Sensitivity {
    /// What is read of each world: the results to explain, and behind them those that are members of factors.
    pub fn read(&self) -> Vec<ResultPath> {
        let members = self.results.iter().map(|one| &one.path);
        self.paths.iter().chain(members).copied().collect()
    }

    /// The same, as they are read.
    fn outputs(&self) -> Vec<Output> {
        let model = &self.loaded.model;
        let read = self.read();
        let outputs = read
            .iter()
            .map(|path| as_output(path, model, self.reference));
        outputs.collect()
    }

    /// Indices of what all factors have that a world draws: quantities and events.
    pub fn members(&self) -> Vec<usize> {
        let members = self.factors.iter().flat_map(|factor| &factor.members);
        let drawn = self.loaded.model.draws_len();
        members.copied().filter(|&member| member < drawn).collect()
    }

    fn study<'a>(
        &'a self,
        outputs: &'a [Output],
        watch: Watch<'a>,
        keeper: Option<&'a dyn Keeper>,
    ) -> FactorStudy<'a> {
        FactorStudy {
            model: &self.loaded.model,
            factors: &self.factors,
            outputs,
            watch,
            keeper,
            draws: true,
            walks: &self.walks,
        }
    }

    fn size(&self) -> Size {
        let trials = self.loaded.model.simulation.trials as usize;
        Size {
            rows: trials.div_ceil(REPLICATES).next_power_of_two().max(2),
            walks: self.options.trajectories as usize,
            worlds: if self.options.at_medians { 0 } else { trials },
            second_order: self.options.second_order,
        }
    }

    /// How many worlds the method plays.
    fn worlds(&self) -> u64 {
        let WorldsOfMethod::Own(design) = self.options.method.description().worlds else {
            return self.loaded.model.simulation.trials;
        };
        let unwatched = Watch {
            stop: &AtomicBool::new(false),
            on_trial: &|| {},
        };
        (design.count)(&self.study(&[], unwatched, None), &self.size()) as u64
    }

    /// Plays a design and estimates; none if only a part of it was played, or it was stopped.
    fn estimates(
        &self,
        design: OwnWorlds,
        study: &FactorStudy<'_>,
    ) -> Result<Option<Estimates>, StudyError> {
        (design.estimates)(study, &self.size()).map_err(|error| match error {
            FactorError::Read(error) => error.into(),
            other => StudyError::Method {
                method: self.options.method.name(),
                reason: other.to_string(),
            },
        })
    }

    /// What worlds say that were played for something else, or as in a run.
    fn by_given_data(
        &self,
        judge: FactorJudge,
        worlds: &WorldReadings,
        stop: &AtomicBool,
    ) -> Result<Vec<Option<OutputResult>>, StudyError> {
        let columns = self.columns(worlds)?;
        let seed = self.loaded.model.simulation.seed;
        let outputs = worlds.values[..self.paths.len()].iter().map(|y| {
            let about = self.options.method.description();
            given_data(about, judge, &self.factors, &columns, y, seed, stop)
        });
        outputs.collect()
    }

    /// The values of each factor's members, world by world.
    fn columns<'a>(&self, worlds: &'a WorldReadings) -> Result<Vec<Vec<&'a [f64]>>, StudyError> {
        let (model, members) = (&self.loaded.model, self.members());
        let column = |&member: &usize| match member.checked_sub(model.draws_len()) {
            None => {
                let place = members.iter().position(|&one| one == member);
                Ok(worlds.draws[place.expect("it is a member")].as_slice())
            }
            Some(result) => {
                let values = &worlds.values[self.paths.len() + result];
                let lacking = values.iter().any(|value| value.is_nan());
                let path = || self.results[result].name.clone();
                match lacking {
                    true => Err(StudyError::NoFactor { path: path() }),
                    false => Ok(values.as_slice()),
                }
            }
        };
        let factors = self.factors.iter();
        factors
            .map(|factor| factor.members.iter().map(column).collect())
            .collect()
    }

    /// How many uncertain quantities are held at their medians.
    fn held(&self) -> u64 {
        let holds = self.options.method.description().holds_others || self.options.at_medians;
        match !holds {
            true => 0,
            false => {
                let quantities = self.loaded.model.uncertain.len();
                let mut moved = self.members();
                moved.retain(|&member| member < quantities);
                (quantities - moved.len()) as u64
            }
        }
    }

    /// What so many worlds can tell from chance.
    fn resolution(&self, worlds: u64) -> Option<Resolution> {
        let is_asked = self.options.method.description().told_by_ranks;
        is_asked.then(|| Resolution::of(worlds, self.factors.len()))
    }

    fn results(&self, outputs: Vec<Option<OutputResult>>, worlds: u64) -> SensitivityResults {
        let model = &self.loaded.model;
        let factors = self.factors.iter().map(|factor| {
            let members = factor.members.iter();
            let members = members.map(|&index| member_name(model, &self.results, index));
            let members = members.map(Cow::into_owned);
            (factor.name.clone(), members.collect())
        });
        SensitivityResults {
            manifest: self.identity.clone(),
            method: self.options.method.name().to_owned(),
            chosen: self.options.chosen,
            reference: model.arms[self.reference].name.clone(),
            worlds,
            held: self.held(),
            resolution: self.resolution(worlds),
            factors: factors.collect(),
            events: other_events(model, &self.members()),
            outputs: self.names.iter().cloned().zip(outputs).collect(),
        }
    }
}

impl Study for Sensitivity {
    type Results = SensitivityResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        let worlds = match self.from_run {
            Some(_) => 0,
            None => self.worlds(),
        };
        Pieces::of_worlds(worlds, BLOCK)
    }

    fn held(&self) -> u64 {
        // A world has its numbers in a list of its own, and again by result.
        let columns = 2 * self.read().len() + self.members().len() + 3;
        self.pieces().count.saturating_mul(columns as u64)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let outputs = self.outputs();
        let WorldsOfMethod::Own(design) = self.options.method.description().worlds else {
            let mut bytes = Vec::new();
            let end = read_each(&self.loaded.model, &outputs, pieces, watch, |values| {
                bytes.clear();
                write_numbers(&mut bytes, values);
                push(&bytes)
            });
            return Ok(end?);
        };
        if pieces.is_empty() {
            return Ok(End::Finished);
        }
        let keeper = PartOfDesign {
            part: pieces.clone(),
            taken: Mutex::new((pieces.start, push)),
        };
        let played = self.estimates(design, &self.study(&outputs, watch, Some(&keeper)));
        let next = keeper
            .taken
            .into_inner()
            .expect("nothing panics while it is held")
            .0;
        match played {
            Err(StudyError::Read(ReadError::NotKept)) => Ok(End::Stopped { next }),
            Err(error) => Err(error),
            Ok(_) if next == pieces.end => Ok(End::Finished),
            Ok(_) => Ok(End::Stopped { next }),
        }
    }

    fn assemble(&self) -> Box<dyn Assemble<SensitivityResults> + '_> {
        Box::new(SensitivityAssembler {
            study: self,
            worlds: Vec::new(),
        })
    }

    fn files(&self, set: TableSet) -> Vec<String> {
        vec![file_name(CELLS, set.format)]
    }

    fn tables<'a>(
        &'a self,
        set: TableSet,
        open: &mut Open<'_>,
    ) -> Result<Box<dyn Tables<SensitivityResults> + 'a>, StudyError> {
        Ok(Box::new(SensitivityWriter {
            study: self,
            format: set.format,
            file: open(&file_name(CELLS, set.format))?,
        }))
    }
}

/// Worlds of a design that are played here, where others play the rest.
struct PartOfDesign<'a, 'b> {
    part: Range<u64>,
    /// The next one, and what takes it.
    taken: Mutex<(u64, &'a mut Push<'b>)>,
}

impl Keeper for PartOfDesign<'_, '_> {
    fn known(&self) -> &[Vec<f64>] {
        &[]
    }

    fn keep(&self, values: &[f64]) -> bool {
        let mut bytes = Vec::new();
        write_numbers(&mut bytes, values);
        let mut taken = self.taken.lock().expect("nothing panics while it is held");
        let goes_on = (taken.1)(&bytes);
        taken.0 += u64::from(goes_on);
        goes_on
    }

    fn part(&self) -> Option<Range<u64>> {
        Some(self.part.clone())
    }
}

/// All worlds of a design, which were played before.
struct WholeDesign(Vec<Vec<f64>>);

impl Keeper for WholeDesign {
    fn known(&self) -> &[Vec<f64>] {
        &self.0
    }

    fn keep(&self, _: &[f64]) -> bool {
        true
    }
}

struct SensitivityAssembler<'a> {
    study: &'a Sensitivity,
    /// By world and result.
    worlds: Vec<Vec<f64>>,
}

impl Assemble<SensitivityResults> for SensitivityAssembler<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        let mut numbers = vec![0.0; self.study.read().len()];
        read_numbers(piece, &mut numbers)?;
        self.worlds.push(numbers);
        Ok(())
    }

    fn results(self: Box<Self>, stop: &AtomicBool) -> Result<SensitivityResults, StudyError> {
        let study = self.study;
        let (outputs, played) = match study.options.method.description().worlds {
            WorldsOfMethod::Any(judge) => {
                let worlds = match &study.from_run {
                    Some(worlds) => worlds.clone(),
                    None => {
                        let model = &study.loaded.model;
                        let count = self.worlds.len() as u64;
                        let draws = drawn(model, count, &study.members(), stop)?;
                        WorldReadings {
                            values: columns(&self.worlds, study.read().len()),
                            draws: draws.ok_or(StudyError::Stopped)?,
                        }
                    }
                };
                (study.by_given_data(judge, &worlds, stop)?, worlds)
            }
            WorldsOfMethod::Own(design) => {
                let outputs = study.outputs();
                let keeper = WholeDesign(self.worlds);
                let silent = Watch {
                    stop,
                    on_trial: &|| {},
                };
                let found =
                    study.estimates(design, &study.study(&outputs, silent, Some(&keeper)))?;
                let (mut outputs, played) = found.ok_or(StudyError::Stopped)?;
                for (output, y) in outputs.iter_mut().zip(&played.values) {
                    output.take_if(|_| !varies(y));
                }
                (outputs, played)
            }
        };
        let worlds = played.values.first().map_or(0, Vec::len) as u64;
        // Nobody else has made results of the same study.
        let _ = study.played.set(played);
        Ok(study.results(outputs, worlds))
    }
}

/// Values by result and world.
pub(in crate::study) fn columns(worlds: &[Vec<f64>], results: usize) -> ReadingValues {
    let column = |result: usize| worlds.iter().map(|world| world[result]).collect();
    (0..results).map(column).collect()
}

struct SensitivityWriter<'a> {
    study: &'a Sensitivity,
    format: Format,
    file: Out,
}

impl Tables<SensitivityResults> for SensitivityWriter<'_> {
    fn take(&mut self, _: &[u8]) -> Result<(), StudyError> {
        Ok(())
    }

    fn finish(self: Box<Self>, _: &SensitivityResults) -> Result<(), StudyError> {
        let study = self.study;
        let model = &study.loaded.model;
        let played = study.played.get().ok_or(StudyError::Foreign)?;
        let members = study.factors.iter().flat_map(|factor| &factor.members);
        let names = members.map(|&member| member_name(model, &study.results, member).into_owned());
        let factors = study.columns(played)?.into_iter().flatten();
        let outputs = study.names.iter().zip(&played.values);
        let outputs = outputs.map(|(name, values)| (name.as_str(), values.as_slice()));
        let cells = CellsOf {
            factors: names.zip(factors).collect(),
            outputs: outputs.collect(),
        };
        Ok(write_cells(&cells, self.format, self.file)?)
    }
}
