//! What a page may ask to be done, by its role.

use crate::cli::tabletop::codes::TableRole;
use crate::explore::messages::Refusal;
use crate::explore::tabletop::log::{
    TabletopAnswer, TabletopClose, TabletopEnd, TabletopEvent, TabletopProposal, TabletopSeat,
};
use indexmap::IndexMap;
use serde::Deserialize;

/// What a page asks; whose seat it is, its code says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum TableDeed {
    /// Sits down.
    Seat,
    /// Answers.
    Answer {
        /// Whether it joins.
        join: bool,
        /// What it would rather have.
        #[serde(default)]
        wish: IndexMap<String, String>,
    },
    /// Puts something to the vote.
    Proposal {
        /// What.
        proposal: TabletopProposal,
    },
    /// Closes a round.
    Close {
        /// Which.
        round: usize,
    },
    /// Ends the exercise.
    End {
        /// After how many rounds.
        rounds: usize,
    },
}

impl TableDeed {
    /// What happens then.
    ///
    /// # Errors
    /// The role may not do it.
    pub fn event(self, role: &TableRole) -> Result<TabletopEvent, Refusal> {
        let own = || {
            let state = role.state().map(str::to_owned);
            state.ok_or_else(|| Refusal::new("only a delegation may do this"))
        };
        let facilitated = |event: TabletopEvent| match role.facilitates() {
            true => Ok(event),
            false => Err(Refusal::new("only the facilitator may do this")),
        };
        match self {
            TableDeed::Seat => Ok(TabletopEvent::Seat(TabletopSeat { state: own()? })),
            TableDeed::Answer { join, wish } => Ok(TabletopEvent::Answer(TabletopAnswer {
                state: own()?,
                join,
                wish,
            })),
            TableDeed::Proposal { proposal } => facilitated(TabletopEvent::Proposal(proposal)),
            TableDeed::Close { round } => {
                facilitated(TabletopEvent::Close(TabletopClose { round }))
            }
            TableDeed::End { rounds } => facilitated(TabletopEvent::End(TabletopEnd { rounds })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_does_what_it_may() {
        let delegation = TableRole::Delegation("ID".to_owned());
        let alone = TableRole::Alone("ID".to_owned());
        let may = |role: &TableRole, deed: &TableDeed| deed.clone().event(role).is_ok();
        let (seat, close) = (TableDeed::Seat, TableDeed::Close { round: 1 });
        for (role, seats, closes) in [
            (&TableRole::Facilitator, false, true),
            (&TableRole::Board, false, false),
            (&delegation, true, false),
            (&alone, true, true),
        ] {
            assert_eq!(
                (may(role, &seat), may(role, &close)),
                (seats, closes),
                "{role:?}"
            );
        }
    }
}
