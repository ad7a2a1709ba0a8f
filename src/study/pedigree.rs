//! `pedigree`: how well each uncertain input is known, against what it decides. A piece is a world: what every option brings whoever chooses.
//!
//! The answer is the difference of the best option from the reference. What an input decides is Borgonovo's δ on it, told from chance by ranks, as
//! [`crate::study::sensitivity`] finds them; what it is worth to know one is the value of information in the choice among all options.

use crate::engine::model::Model;
use crate::engine::simulate::{End, in_parallel};
use crate::scenario::Loaded;
use crate::study::factors::{Factor, bootstrap};
use crate::study::outputs::{as_output, outputs};
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, read_numbers, write_numbers,
};
use crate::study::readings::{Output, drawn, read_each, stats};
use crate::study::results::choice::{decides, options, view_name};
use crate::study::results::path::ResultPath;
use crate::study::results::pedigree::{InputMarks, JudgedInput, PedigreeResults, ordered, weight};
use crate::study::results::run::Manifest;
use crate::study::results::sensitivity::{FactorResult, Resolution};
use crate::study::run::BLOCK;
use crate::study::sensitivity::given_data::given_data;
use crate::study::sensitivity::{Method, columns};
use crate::theory::draws::rng::Stream;
use crate::theory::sensitivity::given_data::{evpi, evppi};
use std::sync::atomic::AtomicBool;

/// How many inputs say what it is worth to know them.
const WORTH: usize = 10;

/// How well inputs are known, against what they decide.
pub struct Diagnosis {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// Index of the arm that the best option is compared with.
    pub reference: usize,
    /// The result that inputs are set against instead, if one is asked for, as it is written.
    pub output: Option<(String, ResultPath)>,
}

impl Diagnosis {
    fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// The options, and behind them the reference, if it is none.
    fn arms(&self) -> Vec<usize> {
        let mut arms = options(self.model());
        if !arms.contains(&self.reference) {
            arms.push(self.reference);
        }
        arms
    }

    /// What is read of each world: what each of the arms brings, and behind that what is asked for.
    fn outputs(&self) -> Result<Vec<Output>, StudyError> {
        let model = self.model();
        let view = model.question.view;
        let names: Vec<String> = (self.arms().iter())
            .map(|&arm| decides(model, arm, view))
            .collect();
        let mut read = outputs(&names, model, self.reference)?;
        let asked = self.output.iter();
        read.extend(asked.map(|(_, path)| as_output(path, model, self.reference)));
        Ok(read)
    }

    /// Every number that a world draws: quantities, and events that may come or not.
    fn factors(&self) -> Vec<Factor> {
        let model = self.model();
        let may_come_or_not = model.may_come_or_not();
        let moves = |index: &usize| {
            let event = index.checked_sub(model.uncertain.len());
            event.is_none_or(|event| may_come_or_not[event])
        };
        let factors = (0..model.draws_len()).filter(moves).map(|index| Factor {
            name: model.draw_name(index).into_owned(),
            members: vec![index],
        });
        factors.collect()
    }

    fn results(
        &self,
        worlds: &[Vec<f64>],
        stop: &AtomicBool,
    ) -> Result<PedigreeResults, StudyError> {
        let model = self.model();
        let arms = self.arms();
        let values = columns(worlds, arms.len() + usize::from(self.output.is_some()));
        let sum = |place: usize| values[place].iter().sum::<f64>();
        let others = (0..arms.len()).filter(|&place| arms[place] != self.reference);
        let best = others.reduce(|most, one| if sum(one) > sum(most) { one } else { most });
        let at = arms.iter().position(|&arm| arm == self.reference);
        let at = at.expect("the reference is read");
        let (output, y) = match (&self.output, best) {
            (Some((name, _)), _) => (name.clone(), values[arms.len()].clone()),
            (None, Some(best)) => {
                let pairs = values[best].iter().zip(&values[at]);
                let name = decides(model, arms[best], model.question.view);
                (
                    format!("{name}.difference"),
                    pairs.map(|(best, reference)| best - reference).collect(),
                )
            }
            (None, None) => (
                decides(model, self.reference, model.question.view),
                values[at].clone(),
            ),
        };
        let factors = self.factors();
        let members: Vec<usize> = factors.iter().map(|one| one.members[0]).collect();
        let draws = drawn(model, worlds.len() as u64, &members, stop)?;
        let draws = draws.ok_or(StudyError::Stopped)?;
        let (about, judge) = (Method::Delta.description(), Method::Delta.judge());
        let judge = judge.expect("\u{3b4} takes any worlds");
        let single: Vec<Vec<&[f64]>> = draws.iter().map(|x| vec![x.as_slice()]).collect();
        let seed = model.simulation.seed;
        let found = given_data(about, judge, &factors, &single, &y, seed, stop)?;
        let effect = |factor: &Factor| {
            let found = found.as_ref()?.factors.get(&factor.name);
            found.copied()
        };
        let inputs = factors.iter().map(|one| self.input(one, effect(one)));
        let mut inputs = ordered(inputs.collect());
        // The reference is a choice only where it is an option.
        let allowed = options(model);
        let choices = arms.iter().zip(&values);
        let choices = choices.filter(|(arm, _)| allowed.contains(arm));
        let choices: Vec<&[f64]> = choices.map(|(_, values)| values.as_slice()).collect();
        let stream = Stream::new(seed, "pedigree.bootstrap");
        let is_choice = choices.len() > 1;
        if is_choice {
            let worth = in_parallel(WORTH.min(inputs.len()), stop, |index| {
                let at = factors
                    .iter()
                    .position(|one| one.name == inputs[index].path)?;
                evppi(&draws[at], &choices, &bootstrap(&stream))
            });
            let worth = worth.map_err(|_| StudyError::Stopped)?;
            for (input, worth) in inputs.iter_mut().zip(worth) {
                input.evppi = worth.map(Into::into);
            }
        }
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        Ok(PedigreeResults {
            manifest: self.identity.clone(),
            view: view_name(model.question.view, model).to_owned(),
            reference: model.arms[self.reference].name.clone(),
            best: best.map(|place| model.arms[arms[place]].name.clone()),
            output,
            result: stats(&vec![y], groups).remove(0),
            worlds: worlds.len() as u64,
            resolution: Resolution::of(worlds.len() as u64, factors.len()),
            evpi: match is_choice {
                true => evpi(&choices, &bootstrap(&stream)).map(Into::into),
                false => None,
            },
            inputs,
        })
    }

    /// How well an input is known, and what it decides.
    fn input(&self, factor: &Factor, found: Option<FactorResult>) -> JudgedInput {
        let model = self.model();
        let pedigree = model.pedigree.get(factor.members[0]);
        let pedigree = pedigree.and_then(Option::as_ref);
        let strength = pedigree.map(|one| one.strength());
        let delta = found.and_then(|one| one.delta);
        let origin = model.provenance.iter().find(|one| one.path == factor.name);
        JudgedInput {
            path: factor.name.clone(),
            grade: origin.and_then(|one| one.grade.clone()),
            marks: pedigree.map(InputMarks::from),
            strength,
            weight: delta.map(|delta| weight(delta.value, strength)),
            delta,
            first: found.and_then(|one| one.first),
            chance: found.and_then(|one| one.chance),
            evppi: None,
        }
    }
}

impl Study for Diagnosis {
    type Results = PedigreeResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces::of_worlds(self.model().simulation.trials, BLOCK)
    }

    fn held(&self) -> u64 {
        let columns = 2 * self.arms().len() + self.model().draws_len() + 3;
        self.pieces().count.saturating_mul(columns as u64)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let outputs = self.outputs()?;
        let mut bytes = Vec::new();
        let end = read_each(self.model(), &outputs, pieces, watch, |values| {
            bytes.clear();
            write_numbers(&mut bytes, values);
            push(&bytes)
        });
        Ok(end?)
    }

    fn assemble(&self) -> Box<dyn Assemble<PedigreeResults> + '_> {
        Box::new(DiagnosisAssembler {
            study: self,
            worlds: Vec::new(),
        })
    }
}

struct DiagnosisAssembler<'a> {
    study: &'a Diagnosis,
    /// By world and reading.
    worlds: Vec<Vec<f64>>,
}

impl Assemble<PedigreeResults> for DiagnosisAssembler<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        let asked = usize::from(self.study.output.is_some());
        let mut numbers = vec![0.0; self.study.arms().len() + asked];
        read_numbers(piece, &mut numbers)?;
        self.worlds.push(numbers);
        Ok(())
    }

    fn results(self: Box<Self>, stop: &AtomicBool) -> Result<PedigreeResults, StudyError> {
        self.study.results(&self.worlds, stop)
    }
}
