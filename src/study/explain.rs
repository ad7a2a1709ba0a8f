//! `explain`: one world step by step. It is one piece, whatever arms are followed.

use crate::engine::simulate::End;
use crate::engine::trial::{PlayedWindow, Player};
use crate::scenario::Loaded;
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, collected, of_piece, to_piece,
};
use crate::study::results::magnitude::RowCheck;
use crate::study::results::run::Manifest;
use crate::study::results::world::{ExplainedWorld, writer};
use indexmap::IndexMap;

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

impl Explain {
    /// The world, step by step.
    ///
    /// # Errors
    /// It has no result.
    pub fn world(&self) -> Result<ExplainedWorld, StudyError> {
        let model = &self.loaded.model;
        let layout = model.outcome_layout();
        let mut player = Player::new(model);
        let mut draws = vec![0.0; model.uncertain.len()];
        let mut arms = IndexMap::new();
        let rows = RowCheck::new(model);
        for &arm in &self.arms {
            let mut row = vec![0.0; layout.len()];
            let mut windows = Vec::new();
            let mut follow = |played: PlayedWindow<'_>| {
                windows.push(writer::window(model, arm, &played));
            };
            player.follow(model, self.trial, arm, &mut row, &mut draws, &mut follow)?;
            rows.check(arm, &row, self.trial)?;
            let name = model.arms[arm].name.clone();
            arms.insert(name, writer::arm(model, layout, &row, windows));
        }
        let uncertain = model.uncertain.iter().zip(draws);
        let events = model.events.iter().zip(&player.world().happened);
        let drawn = player.world().drawn_by_events(model);
        Ok(ExplainedWorld {
            scenario: model.name.clone(),
            seed: model.simulation.seed,
            trial: self.trial,
            draws: uncertain
                .map(|(one, draw)| (one.path.clone(), draw))
                .collect(),
            events: events
                .map(|(event, happened)| (event.name.clone(), *happened))
                .collect(),
            drawn_by_events: drawn
                .map(|(path, value)| (path.to_owned(), value))
                .collect(),
            arms,
        })
    }
}

impl Study for Explain {
    type Results = ExplainedWorld;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces::of_worlds(1, 1)
    }

    fn held(&self) -> u64 {
        0
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        for next in part.pieces {
            if !push(&to_piece(&self.world()?)) {
                return Ok(End::Stopped { next });
            }
            (part.watch.on_trial)();
        }
        Ok(End::Finished)
    }

    fn assemble(&self) -> Box<dyn Assemble<ExplainedWorld> + '_> {
        collected(of_piece, |mut worlds: Vec<ExplainedWorld>| {
            worlds.pop().ok_or(StudyError::Foreign)
        })
    }
}
