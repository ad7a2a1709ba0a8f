//! `compare`: scenarios against each other on the same draws. A piece is a world of one of them, those of the first scenario first: what is
//! compared in it.

use crate::engine::simulate::End;
use crate::scenario::Loaded;
use crate::scenario::inspect::differences;
use crate::study::paired::paired;
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, read_numbers, write_numbers,
};
use crate::study::readings::{Output, ReadingValues, read_each, stats};
use crate::study::results::choice::is_off;
use crate::study::results::compare::{CompareResults, ScenarioComparison, ScenarioResults};
use crate::study::results::precision::arm_of_headline;
use crate::study::results::run::Manifest;
use crate::study::run::BLOCK;
use indexmap::IndexMap;
use std::sync::atomic::AtomicBool;

/// One of the scenarios.
pub struct ComparedScenario {
    /// What it is called.
    pub label: String,
    /// The scenario.
    pub loaded: Loaded,
    /// SHA-256 of it after all layers.
    pub sha256: String,
    /// Index of the arm that its differences are taken to.
    pub reference: usize,
    /// What is compared.
    pub outputs: Vec<Output>,
}

/// Scenarios, each of which is compared with the first.
pub struct Compare {
    /// Their identity.
    pub identity: Manifest,
    /// The scenarios.
    pub scenarios: Vec<ComparedScenario>,
}

impl Compare {
    fn worlds(&self) -> u64 {
        self.scenarios[0].loaded.model.simulation.trials
    }
}

impl Study for Compare {
    type Results = CompareResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        let worlds = self.worlds().saturating_mul(self.scenarios.len() as u64);
        Pieces::of_worlds(worlds, BLOCK)
    }

    fn held(&self) -> u64 {
        self.pieces()
            .count
            .saturating_mul(self.scenarios[0].outputs.len() as u64)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let worlds = self.worlds();
        let mut bytes = Vec::new();
        for (one, first) in self.scenarios.iter().zip((0..).step_by(worlds as usize)) {
            let (from, to) = (pieces.start.max(first), pieces.end.min(first + worlds));
            if from >= to {
                continue;
            }
            let range = from - first..to - first;
            let end = read_each(&one.loaded.model, &one.outputs, range, watch, |values| {
                bytes.clear();
                write_numbers(&mut bytes, values);
                push(&bytes)
            })?;
            if let End::Stopped { next } = end {
                return Ok(End::Stopped { next: first + next });
            }
        }
        Ok(End::Finished)
    }

    fn assemble(&self) -> Box<dyn Assemble<CompareResults> + '_> {
        let columns = |one: &ComparedScenario| vec![Vec::new(); one.outputs.len()];
        Box::new(CompareAssembler {
            study: self,
            values: self.scenarios.iter().map(columns).collect(),
            next: 0,
        })
    }
}

struct CompareAssembler<'a> {
    study: &'a Compare,
    /// By scenario, result and world.
    values: Vec<ReadingValues>,
    next: u64,
}

impl Assemble<CompareResults> for CompareAssembler<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        let scenario = (self.next / self.study.worlds()) as usize;
        let columns = self.values.get_mut(scenario).ok_or(StudyError::Foreign)?;
        let mut numbers = vec![0.0; columns.len()];
        read_numbers(piece, &mut numbers)?;
        for (column, number) in columns.iter_mut().zip(numbers) {
            column.push(number);
        }
        self.next += 1;
        Ok(())
    }

    fn results(self: Box<Self>, _: &AtomicBool) -> Result<CompareResults, StudyError> {
        Ok(document(self.study, &self.values))
    }
}

/// The document of what was played.
fn document(study: &Compare, values: &[ReadingValues]) -> CompareResults {
    let compared = &study.scenarios;
    let (first, own) = (&compared[0], &values[0]);
    let simulation = first.loaded.model.simulation;
    let groups = simulation.sampler.groups(simulation.trials);
    let scenarios = compared.iter().zip(values).map(|(one, values)| {
        let model = &one.loaded.model;
        let shown =
            (0..model.arms.len()).filter(|&arm| arm == one.reference || !is_off(model, arm));
        let names = one.outputs.iter().map(|output| output.name.clone());
        ScenarioResults {
            label: one.label.clone(),
            name: model.name.clone(),
            description: model.description.clone(),
            scenario_sha256: one.sha256.clone(),
            arms: shown.map(|arm| model.arms[arm].name.clone()).collect(),
            results: names.zip(stats(values, groups)).collect(),
        }
    });
    let comparisons = compared[1..].iter().zip(&values[1..]).map(|(one, values)| {
        let place = |name: &str| one.outputs.iter().position(|other| other.name == name);
        let both = first.outputs.iter().zip(own).filter_map(|(output, own)| {
            let values = &values[place(&output.name)?];
            Some((output.name.clone(), paired(values, own, groups)))
        });
        ScenarioComparison {
            scenario: one.label.clone(),
            reference: first.label.clone(),
            differs: differs(&first.loaded, &one.loaded),
            results: both.collect(),
        }
    });
    CompareResults {
        manifest: study.identity.clone(),
        reference: first.loaded.model.arms[first.reference].name.clone(),
        arm: common_arm(compared),
        scenarios: scenarios.collect(),
        comparisons: comparisons.collect(),
    }
}

/// The headline of the first scenario, if all have it; else its reference.
fn common_arm(compared: &[ComparedScenario]) -> Option<String> {
    let first = &compared[0];
    let model = &first.loaded.model;
    let headline = arm_of_headline(model, first.reference);
    let names = headline
        .into_iter()
        .chain([first.reference])
        .map(|arm| model.arms[arm].name.clone());
    let has = |one: &ComparedScenario, name: &str| {
        let arms = &one.loaded.model.arms;
        arms.iter()
            .position(|arm| arm.name == name)
            .is_some_and(|arm| !is_off(&one.loaded.model, arm))
    };
    names
        .into_iter()
        .find(|name| compared.iter().all(|one| has(one, name)))
}

/// Keys that two scenarios give different values.
fn differs(first: &Loaded, other: &Loaded) -> IndexMap<String, [String; 2]> {
    let found = differences(&first.origins, &other.origins);
    let found = found.into_iter();
    found
        .map(|one| (one.path, [one.first, one.second]))
        .collect()
}
