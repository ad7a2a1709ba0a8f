//! `discover`: in which worlds a condition holds. A piece is a world: the results that the condition reads, and payoffs where they are asked for.

use crate::engine::simulate::End;
use crate::scenario::Loaded;
use crate::study::factors::other_events;
use crate::study::outputs::as_output;
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, read_numbers, write_numbers,
};
use crate::study::readings::{Output, ReadingValues, WorldReadings, drawn, read_each};
use crate::study::results::condition::Condition;
use crate::study::results::discover::{AskedSearch, DiscoveryResults, robustness_of};
use crate::study::results::path::ResultPath;
use crate::study::results::run::Manifest;
use crate::study::run::BLOCK;
use crate::study::search::{Wanted, search};
use crate::theory::discovery::{Cases, DiscoveryError};
use crate::theory::sensitivity::estimate::varies;
use std::sync::atomic::AtomicBool;

/// Payoffs of somebody in every arm.
pub struct Payoffs {
    /// Who.
    pub who: String,
    /// Of each arm.
    pub arms: Vec<ResultPath>,
}

/// A result of each world that is taken for a factor.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultFactor {
    /// Its path as it was named.
    pub name: String,
    /// The same.
    pub path: ResultPath,
}

/// Most restrictions of a box, unless another number is asked for.
pub const RESTRICTIONS: u64 = 4;

/// A condition, and the quantities by which its worlds are told from others.
pub struct Discover {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// Index of the arm that differences are taken to.
    pub reference: usize,
    /// The condition.
    pub condition: Condition,
    /// Indices of the quantities and events, as of [`Model::draw_name`](crate::engine::model::Model::draw_name).
    pub factors: Vec<usize>,
    /// Results of each world that are taken for factors too: who was a member, who voted yes.
    pub results: Vec<ResultFactor>,
    /// Most restrictions of a box.
    pub restrictions: usize,
    /// Least share of worlds in a box in which the condition holds.
    pub density: Option<f64>,
    /// Whose payoffs are looked at in every arm.
    pub payoffs: Vec<Payoffs>,
    /// The worlds, where a finished run has them: results that are read, and draws of the quantities.
    pub from_run: Option<WorldReadings>,
}

impl Discover {
    /// Results that are read of each world.
    pub fn read(&self) -> Vec<ResultPath> {
        let of_arms = self.payoffs.iter().flat_map(|one| &one.arms);
        self.condition
            .paths()
            .iter()
            .chain(self.results.iter().map(|one| &one.path))
            .chain(of_arms)
            .copied()
            .collect()
    }

    fn outputs(&self) -> Vec<Output> {
        let model = &self.loaded.model;
        let paths = self.read();
        let outputs = paths
            .iter()
            .map(|path| as_output(path, model, self.reference));
        outputs.collect()
    }

    /// Searches the worlds.
    fn found(
        &self,
        worlds: &WorldReadings,
        stop: &AtomicBool,
    ) -> Result<DiscoveryResults, StudyError> {
        let model = &self.loaded.model;
        let paths = self.condition.paths();
        let hits = self.hits(&paths, worlds);
        let (_, after) = worlds.values.split_at(paths.len());
        let (results, of_arms) = after.split_at(self.results.len());
        let columns: Vec<&[f64]> = (worlds.draws.iter().chain(results))
            .map(Vec::as_slice)
            .collect();
        self.check_results(results)?;
        let cases = Cases::new(&columns, &hits);
        let cases = cases.map_err(|error| self.of_steady(error, &paths, worlds))?;
        let wanted = Wanted {
            restrictions: self.restrictions,
            density: self.density,
            seed: model.simulation.seed,
        };
        let found = search(&cases, wanted, stop)?;
        let names = self.factors.iter();
        let names = names.map(|&factor| model.draw_name(factor).into_owned());
        let results = self.results.iter().map(|one| one.name.clone());
        let names: Vec<String> = names.chain(results).collect();
        let asked = AskedSearch {
            manifest: self.identity.clone(),
            reference: model.arms[self.reference].name.clone(),
            condition: self.condition.text().to_owned(),
            factors: names.len() as u64,
            events: other_events(model, &self.factors),
        };
        let arms: Vec<&str> = model.arms.iter().map(|arm| arm.name.as_str()).collect();
        let values = of_arms.chunks(arms.len());
        let judged = self.payoffs.iter().zip(values).filter_map(|(one, values)| {
            let robustness = robustness_of(&arms, self.reference, values)?;
            Some((one.who.clone(), robustness))
        });
        Ok(DiscoveryResults {
            robustness: judged.collect(),
            ..DiscoveryResults::new(asked, &names, &cases, &found)
        })
    }

    /// An error if some world lacks a result that is taken for a factor.
    fn check_results(&self, results: &[Vec<f64>]) -> Result<(), StudyError> {
        let mut lacking = self.results.iter().zip(results);
        let lacking = lacking.find(|(_, values)| values.iter().any(|value| value.is_nan()));
        lacking.map_or(Ok(()), |(one, _)| {
            let path = one.name.clone();
            Err(StudyError::NoFactor { path })
        })
    }

    /// The error of a search; where results of the condition alone are at fault, which differ by no more than rounding, it says so.
    fn of_steady(
        &self,
        error: DiscoveryError,
        paths: &[ResultPath],
        worlds: &WorldReadings,
    ) -> StudyError {
        let (model, values) = (&self.loaded.model, &worlds.values);
        let is_steady = |values: &Vec<f64>| steady(values).is_some();
        match error {
            DiscoveryError::OneKind { hits, worlds }
                if !paths.is_empty() && values[..paths.len()].iter().all(is_steady) =>
            {
                let paths = paths.iter().map(|path| path.describe(model));
                let paths = paths.map(|path| path.trim_end_matches(".mean").to_owned());
                StudyError::Steady {
                    results: paths.collect::<Vec<_>>().join(" and "),
                    hits,
                    worlds,
                }
            }
            error => error.into(),
        }
    }

    /// In which worlds the condition holds; not where a number is missing. What differs by rounding alone is the same in all of them.
    fn hits(&self, paths: &[ResultPath], worlds: &WorldReadings) -> Vec<bool> {
        let first = worlds.draws.first().or(worlds.values.first());
        let count = first.map_or(0, Vec::len);
        let known = worlds.values[..paths.len()].iter();
        let known: Vec<Option<f64>> = known.map(|values| steady(values)).collect();
        let holds = |world: usize| {
            let value = |path: &ResultPath| {
                let place = paths.iter().position(|one| one == path)?;
                let value = known[place].unwrap_or(worlds.values[place][world]);
                Some(value).filter(|value| !value.is_nan())
            };
            self.condition.holds(&value).unwrap_or(false)
        };
        (0..count).map(holds).collect()
    }
}

/// The number that all worlds have, but for rounding; none where they differ, or one lacks it.
fn steady(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    let is_steady = values.iter().all(|value| value.is_finite()) && !varies(values);
    is_steady.then_some(first)
}

impl Study for Discover {
    type Results = DiscoveryResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        let worlds = match self.from_run {
            Some(_) => 0,
            None => self.loaded.model.simulation.trials,
        };
        Pieces::of_worlds(worlds, BLOCK)
    }

    fn held(&self) -> u64 {
        let columns = self.read().len() + self.factors.len();
        self.pieces().count.saturating_mul(columns as u64)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let mut bytes = Vec::new();
        let end = read_each(
            &self.loaded.model,
            &self.outputs(),
            pieces,
            watch,
            |values| {
                bytes.clear();
                write_numbers(&mut bytes, values);
                push(&bytes)
            },
        );
        Ok(end?)
    }

    fn assemble(&self) -> Box<dyn Assemble<DiscoveryResults> + '_> {
        let read = self.read().len();
        Box::new(DiscoverAssembler {
            study: self,
            values: vec![Vec::new(); read],
            numbers: vec![0.0; read],
        })
    }
}

struct DiscoverAssembler<'a> {
    study: &'a Discover,
    values: ReadingValues,
    numbers: Vec<f64>,
}

impl Assemble<DiscoveryResults> for DiscoverAssembler<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        read_numbers(piece, &mut self.numbers)?;
        let columns = self.values.iter_mut().zip(&self.numbers);
        columns.for_each(|(column, number)| column.push(*number));
        Ok(())
    }

    fn results(self: Box<Self>, stop: &AtomicBool) -> Result<DiscoveryResults, StudyError> {
        let study = self.study;
        if let Some(worlds) = &study.from_run {
            return study.found(worlds, stop);
        }
        let model = &study.loaded.model;
        let draws = drawn(model, model.simulation.trials, &study.factors, stop)?;
        let worlds = WorldReadings {
            values: self.values,
            draws: draws.ok_or(StudyError::Stopped)?,
        };
        study.found(&worlds, stop)
    }
}
