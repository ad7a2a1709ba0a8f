//! Whether somebody outside an accord would be better off inside: external stability of what forms.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, full_set, members};
use crate::engine::simulate::{End, Watch, map_trials};
use crate::engine::trial::{CoalitionWorld, Player, TrialError};
use crate::study::pieces::StudyError;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What one world says of an accord in its last window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OutsideWorld {
    /// Whether an accord forms.
    pub formed: bool,
    /// Whether a state outside gets more if it is a member too: u_j(C ∪ j), after sharing, above u_j(C).
    pub wants_in: bool,
}

/// Worlds that are looked at together.
const WAVE: usize = 64;

/// Looks at the last window of an arm in some worlds; none if it was stopped.
///
/// # Errors
/// A world without a result.
pub fn look_outside(
    model: &Model,
    arm: usize,
    worlds: Range<u64>,
    watch: Watch<'_>,
) -> Result<Option<Vec<OutsideWorld>>, StudyError> {
    let window = model.horizon.windows - 1;
    let all = full_set(model.states.len());
    let mut found = Vec::new();
    let end = map_trials(
        worlds,
        WAVE,
        watch,
        || (Player::new(model), vec![0.0; model.uncertain.len()]),
        |(player, draws), trial, said: &mut OutsideWorld| {
            let look = |world: &mut CoalitionWorld<'_>| look(world, all);
            *said = player.coalitions(model, trial, arm, window, draws, look)?;
            Ok::<(), TrialError>(())
        },
        |_, said| found.push(*said),
    );
    let end = end.map_err(crate::study::readings::ReadError::Trial)?;
    Ok((end == End::Finished).then_some(found))
}

fn look(world: &mut CoalitionWorld<'_>, all: StateSet) -> OutsideWorld {
    if !world.rules().active {
        return OutsideWorld::default();
    }
    let accord = world.form().accord;
    let wants = |j: usize| {
        let outside = world.payoff(accord, j);
        let inside = world.shared_payoff(accord | 1 << j, j);
        inside > outside + 1e-9 * outside.abs().max(1.0)
    };
    OutsideWorld {
        formed: accord != 0,
        wants_in: accord != 0 && members(all & !accord).any(wants),
    }
}
