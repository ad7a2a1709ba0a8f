//! What is asked about a table: who sits at it, in which arm and window, and whose page it is.

use crate::engine::model::Model;
use crate::engine::model::arm::{Mode, StateSet};
use crate::engine::model::keys::{ArmKey, PairKey};
use crate::engine::model::layout::Slot;
use crate::engine::negotiation::tables::problem::Party;
use crate::study::brief::error::BriefError;
use crate::theory::bargaining::Gains;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Side {
    /// That of the state or the bloc.
    #[serde(rename = "state", alias = "State")]
    States,
    /// That of the hyperscaler.
    #[serde(rename = "hyperscaler", alias = "Hyperscaler")]
    Hyperscaler,
}

impl Side {
    /// Both.
    pub const ALL: [Side; 2] = [Side::States, Side::Hyperscaler];

    /// Its name, as it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Side::States => "state",
            Side::Hyperscaler => "hyperscaler",
        }
    }

    /// The side across the table.
    pub fn across(self) -> Side {
        match self {
            Side::States => Side::Hyperscaler,
            Side::Hyperscaler => Side::States,
        }
    }

    /// Of the gains of both sides, the own.
    pub fn own(self, gains: Gains) -> f64 {
        match self {
            Side::States => gains.state,
            Side::Hyperscaler => gains.hyperscaler,
        }
    }

    /// Of the gains of both sides, those of the other.
    pub fn other(self, gains: Gains) -> f64 {
        self.across().own(gains)
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefQuestion {
    /// Who sits on the side of the states.
    pub party: Party,
    /// The hyperscaler.
    pub hyperscaler: usize,
    /// The arm.
    pub arm: usize,
    /// The window.
    pub window: usize,
    /// Whose page it is.
    pub side: Side,
}

impl BriefQuestion {
    /// A question about a table that the model has.
    ///
    /// # Errors
    /// What is wrong with it and what to ask instead.
    pub fn checked(self, model: &Model) -> Result<BriefQuestion, BriefError> {
        let arm = &model.arms[self.arm];
        match (self.party, arm.mode) {
            (_, Mode::Contest) => return Err(BriefError::contest(model, self.arm)),
            (Party::Bloc, Mode::Bloc) => {}
            (Party::Bloc, _) => return Err(BriefError::no_joint_table(model, self.arm)),
            (Party::State(i), Mode::Bloc) if arm.members & arm.table & 1 << i != 0 => {
                return Err(BriefError::inside(model, self.arm, i, self.hyperscaler));
            }
            (Party::State(_), _) => {}
        }
        if self.window >= model.horizon.windows {
            return Err(BriefError::NoWindow {
                window: self.window,
                last: model.horizon.windows - 1,
            });
        }
        if let Party::State(i) = self.party
            && !may_deal(model, i, self.hyperscaler)
        {
            return Err(BriefError::may_not_deal(model, i, self.hyperscaler));
        }
        Ok(self)
    }

    /// The states on this side of the table: one, or all that are invited to a bloc's table.
    pub fn states(&self, model: &Model) -> StateSet {
        match self.party {
            Party::State(i) => 1 << i,
            Party::Bloc => model.arms[self.arm].members & model.arms[self.arm].table,
        }
    }

    /// States that may deal with the hyperscaler too, in the order of the scenario: those after which a state's table may come. A bloc's
    /// tables come before or after all pairs of outsiders, so that it has none.
    pub fn neighbours(&self, model: &Model) -> Vec<usize> {
        match self.party {
            Party::Bloc => Vec::new(),
            Party::State(i) => (0..model.states.len())
                .filter(|&j| j != i && may_deal(model, j, self.hyperscaler))
                .collect(),
        }
    }

    /// The first bloc that invites the state to its table and is in force, for comparison with its own table.
    pub fn joint_arm(&self, model: &Model) -> Option<usize> {
        let Party::State(i) = self.party else {
            return None;
        };
        (0..model.arms.len()).find(|&a| {
            let arm = &model.arms[a];
            let slot = Slot::Arm(a, ArmKey::Active);
            let active = model.base[model.layout.index(slot)] != 0.0;
            arm.mode == Mode::Bloc && arm.members & arm.table & 1 << i != 0 && active
        })
    }
}

/// Whether a pair may deal in some world: its switch is on, or uncertain, or an event turns it on.
pub fn may_deal(model: &Model, i: usize, h: usize) -> bool {
    let slot = model.layout.index(Slot::Pair(i, h, PairKey::Feasible));
    model.base[slot] != 0.0
        || model.uncertain.iter().any(|one| one.slot == slot)
        || model
            .events
            .iter()
            .any(|event| event.set.iter().any(|setting| setting.may_raise(slot)))
}
