//! `explain`: one world step by step. It is one piece, whatever arms are followed.

use crate::engine::model::Model;
use crate::engine::simulate::End;
use crate::engine::trial::{PlayedWindow, Player, TrialError};
use crate::scenario::Loaded;
use crate::study::pieces::{Assemble, Part, Pieces, Push, Study, StudyError, Unit};
use crate::study::results::run::Manifest;
use crate::study::results::world::{self, ExplainedWorld};

/// A world of a scenario.
pub struct Explain {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// The world.
    pub trial: u64,
    /// Indices of the arms that are followed.
    pub arms: Vec<usize>,
}

/// Arms of a world that were followed, with what was made of each window.
pub struct Followed<T> {
    /// Index of the arm, its row of the outcome, its windows.
    pub arms: Vec<(usize, Vec<f64>, Vec<T>)>,
    /// Draws.
    pub draws: Vec<f64>,
    /// Which events happened.
    pub happened: Vec<bool>,
}

impl Explain {
    /// Follows the arms and makes something of each window.
    ///
    /// # Errors
    /// A draw outside its range.
    pub fn follow<T>(
        &self,
        window: impl Fn(&Model, usize, &PlayedWindow) -> T,
    ) -> Result<Followed<T>, TrialError> {
        let model = &self.loaded.model;
        let mut player = Player::new(model);
        let mut draws = vec![0.0; model.uncertain.len()];
        let mut arms = Vec::new();
        for &arm in &self.arms {
            let mut row = vec![0.0; model.outcome_layout().len()];
            let mut windows = Vec::new();
            player.follow(
                model,
                self.trial,
                arm,
                &mut row,
                &mut draws,
                &mut |played| {
                    windows.push(window(model, arm, &played));
                },
            )?;
            arms.push((arm, row, windows));
        }
        Ok(Followed {
            arms,
            draws,
            happened: player.world().happened.clone(),
        })
    }

    fn world(&self) -> Result<ExplainedWorld, TrialError> {
        let model = &self.loaded.model;
        let layout = model.outcome_layout();
        let found = self.follow(world::window)?;
        let uncertain = model.uncertain.iter().zip(found.draws);
        let events = model.events.iter().zip(found.happened);
        let arms = found.arms.into_iter().map(|(arm, row, windows)| {
            let name = model.arms[arm].name.clone();
            (name, world::arm(model, layout, &row, windows))
        });
        Ok(ExplainedWorld {
            scenario: model.name.clone(),
            seed: model.simulation.seed,
            trial: self.trial,
            draws: uncertain
                .map(|(one, draw)| (one.path.clone(), draw))
                .collect(),
            events: events
                .map(|(event, happened)| (event.name.clone(), happened))
                .collect(),
            arms: arms.collect(),
        })
    }
}

impl Study for Explain {
    type Results = ExplainedWorld;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces {
            of: Unit::Worlds,
            count: 1,
            each: 1,
            worlds: 1,
            chained: false,
        }
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        for next in part.pieces {
            let world = serde_json::to_vec(&self.world()?);
            if !push(&world.expect("keys are strings and numbers are finite")) {
                return Ok(End::Stopped { next });
            }
            (part.watch.on_trial)();
        }
        Ok(End::Finished)
    }

    fn assemble(&self) -> Box<dyn Assemble<ExplainedWorld> + '_> {
        Box::new(Assembler(None))
    }
}

struct Assembler(Option<ExplainedWorld>);

impl Assemble<ExplainedWorld> for Assembler {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        self.0 = serde_json::from_slice(piece).map_err(|_| StudyError::Foreign)?;
        Ok(())
    }

    fn results(self: Box<Self>) -> Result<ExplainedWorld, StudyError> {
        self.0.ok_or(StudyError::Foreign)
    }
}
