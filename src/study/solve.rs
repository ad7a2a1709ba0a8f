//! `threshold`: where outcomes cross levels as a number of the scenario moves. A piece is a point of a curve; where the next one lies hangs on
//! those before it.

use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::scenario::base::Base;
use crate::study::outputs::OutputError;
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, collected, of_piece, to_piece,
};
use crate::study::readings::{Output, read, read_each};
use crate::study::results::path::ResultPath;
use crate::study::results::run::Manifest;
use crate::study::results::threshold::{ThresholdResults, solution};
use crate::study::threshold::{Level, LevelPoint, Over, trace};

/// A curve with its level.
#[derive(Debug, Clone)]
pub struct LevelQuestion {
    /// Whose answer it is.
    pub of: String,
    /// The number that moves.
    pub solve: String,
    /// As it was asked.
    pub equation: String,
    /// The result.
    pub result: String,
    /// What is taken of it over worlds.
    pub over: Over,
    /// The level that it should have.
    pub level: f64,
}

/// Curves, and where they cross their levels.
pub struct Threshold {
    /// The scenario.
    pub loaded: Loaded,
    /// The same, to be varied.
    pub base: Base,
    /// Its identity.
    pub identity: Manifest,
    /// Name of the arm that differences are taken to.
    pub reference: String,
    /// What is solved for; `*` stands for the state of a solution.
    pub solve: String,
    /// The curves.
    pub questions: Vec<LevelQuestion>,
    /// Where to search.
    pub range: (f64, f64),
    /// Points of a curve before it is refined.
    pub points: u64,
}

/// Why a curve ends before its end.
enum Halt {
    Stopped,
    Failed(StudyError),
}

impl Threshold {
    /// Questions that share their points.
    fn groups(&self) -> Vec<&[LevelQuestion]> {
        let mut solve = self.questions.iter().map(|one| &one.solve);
        match solve.all(|solve| *solve == self.questions[0].solve) {
            true => vec![&self.questions[..]],
            false => self.questions.chunks(1).collect(),
        }
    }

    fn trials(&self) -> u64 {
        self.loaded.model.simulation.trials
    }

    /// g of every question at x; none if it was stopped.
    fn at(
        &self,
        questions: &[LevelQuestion],
        x: f64,
        watch: Watch<'_>,
    ) -> Result<Option<Vec<Option<Level>>>, StudyError> {
        let name = format!("{}={x}", questions[0].solve);
        let loaded = self.base.with(std::slice::from_ref(&name));
        let model = loaded
            .map_err(|error| StudyError::Load { name, error })?
            .model;
        let reference = model.arms.iter().position(|arm| arm.name == self.reference);
        let reference = reference.ok_or(StudyError::Foreign)?;
        let outputs = questions.iter().map(|question| {
            let path = ResultPath::parse(&question.result, &model);
            let path = path.map_err(|source| OutputError {
                flag: "--where",
                path: question.result.clone(),
                source,
            })?;
            Ok(Output {
                name: question.result.clone(),
                reading: path.reading(&model, reference),
            })
        });
        let outputs = outputs.collect::<Result<Vec<_>, OutputError>>()?;
        let Some(values) = read(&model, &outputs, watch)? else {
            return Ok(None);
        };
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        let levels = values.iter().zip(questions);
        let levels = levels.map(|(values, one)| Level::of(values, one.over, one.level, groups));
        Ok(Some(levels.collect()))
    }
}

impl Study for Threshold {
    type Results = ThresholdResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces::chained(self.groups().len() as u64 * self.points * self.trials())
    }

    fn held(&self) -> u64 {
        let most = self.groups().iter().map(|group| group.len()).max();
        self.trials().saturating_mul(most.unwrap_or(0) as u64)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let mut next = 0;
        for group in self.groups() {
            let traced = trace(group.len(), self.range, self.points as usize, |x| {
                if let Some(known) = part.before.get(next) {
                    next += 1;
                    (0..self.trials()).for_each(|_| (part.watch.on_trial)());
                    return known_at(known, x, group.len()).map_err(Halt::Failed);
                }
                let levels = self.at(group, x, part.watch).map_err(Halt::Failed)?;
                let levels = levels.ok_or(Halt::Stopped)?;
                let point = LevelPoint { x, levels };
                match push(&to_piece(&point)) {
                    true => {
                        next += 1;
                        Ok(point.levels)
                    }
                    false => Err(Halt::Stopped),
                }
            });
            match traced {
                Ok(_) => {}
                Err(Halt::Stopped) => return Ok(End::Stopped { next: next as u64 }),
                Err(Halt::Failed(error)) => return Err(error),
            }
        }
        Ok(End::Finished)
    }

    fn assemble(&self) -> Box<dyn Assemble<ThresholdResults> + '_> {
        let point = |piece: &[u8]| Ok(piece.to_vec());
        collected(point, |points: Vec<Vec<u8>>| {
            let mut points = points.iter();
            let mut solutions = Vec::new();
            for group in self.groups() {
                let steps = self.points as usize;
                let curves = trace(group.len(), self.range, steps, |x| {
                    let piece = points.next().ok_or(StudyError::Foreign)?;
                    known_at(piece, x, group.len())
                })?;
                for (index, one) in group.iter().enumerate() {
                    solutions.push(solution(&one.of, &one.equation, &curves, index, one.level));
                }
            }
            Ok(ThresholdResults {
                manifest: self.identity.clone(),
                path: self.solve.clone(),
                reference: self.reference.clone(),
                from: self.range.0,
                to: self.range.1,
                solutions,
            })
        })
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        // The first point: what is solved for may be a draw in the scenario itself.
        let name = format!("{}={}", self.questions[0].solve, self.range.0);
        let loaded = self.base.with(std::slice::from_ref(&name));
        let model = &loaded
            .map_err(|error| StudyError::Load { name, error })?
            .model;
        let reference = model.arms.iter().position(|arm| arm.name == self.reference);
        let outputs = self.questions.iter().filter_map(|question| {
            let path = ResultPath::parse(&question.result, model).ok()?;
            Some(Output {
                name: question.result.clone(),
                reading: path.reading(model, reference?),
            })
        });
        let outputs: Vec<Output> = outputs.collect();
        read_each(model, &outputs, 0..worlds, watch, |_| true)?;
        Ok(None)
    }
}

/// What a piece says of so many questions at x.
fn known_at(piece: &[u8], x: f64, questions: usize) -> Result<Vec<Option<Level>>, StudyError> {
    let point: LevelPoint = of_piece(piece)?;
    match point.x == x && point.levels.len() == questions {
        true => Ok(point.levels),
        false => Err(StudyError::Foreign),
    }
}
