//! Rules of voting, a file each (model, section 7, step 2).

pub mod ballot;
mod consensus;
mod lead;
mod mandate;
mod minus_x;
mod no_vote;
mod qualified_majority;

use crate::engine::model::arm::{Arm, StateSet, VotingRule};
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};
use crate::theory::coalition::CoalitionError;

/// `$body` with `$Rule` as the type that holds a rule: a row for each.
macro_rules! by_rule {
    ($rule:expr, $Rule:ident => $body:expr) => {
        by_rule!($rule, $Rule => $body,
            Consensus = consensus::Consensus;
            MinusX = minus_x::MinusX;
            QualifiedMajority = qualified_majority::QualifiedMajority;
            Lead = lead::Lead;
            None = no_vote::NoVote;
            Mandate = mandate::Mandate;
        )
    };
    ($rule:expr, $Rule:ident => $body:expr, $($Variant:ident = $type:ty;)+) => {
        match $rule {
            $(VotingRule::$Variant => {
                type $Rule = $type;
                $body
            })+
        }
    };
}

/// Whether those who joined an arm's accord talk at all.
pub fn has_talks(rule: VotingRule) -> bool {
    by_rule!(rule, Rule => Rule::HAS_TALKS)
}

/// Whether all who are invited are the accord, whatever they want.
pub fn is_mandated(rule: VotingRule) -> bool {
    by_rule!(rule, Rule => Rule::MANDATED)
}

/// Whether talks can succeed among those who joined.
pub fn can_succeed(arm: &Arm, joined: StateSet) -> bool {
    by_rule!(arm.rule, Rule => Rule::can_succeed(arm, joined))
}

/// The accord of one round by the arm's rule, 0 if it fails; `yes` polls a coalition and gives those of it that agree.
pub fn decide(
    ballot: &Ballot<'_>,
    joined: StateSet,
    yes: impl FnMut(StateSet) -> StateSet,
) -> StateSet {
    by_rule!(ballot.arm.rule, Rule => Rule::decide(ballot, joined, yes))
}

/// Whether the members of an accord that stands consent to one who applies; `yes` polls them and gives those that agree.
pub fn consents(ballot: &Ballot<'_>, coalition: StateSet, yes: impl FnOnce() -> StateSet) -> bool {
    by_rule!(ballot.arm.rule, Rule => Rule::consents(ballot, coalition, yes))
}

/// How often each player's vote decides under the arm's rule if all others vote yes or no with even odds (Banzhaf), all invited having
/// joined. None where nobody votes.
///
/// # Errors
/// Weights or a quota that are no voting game.
pub fn pivotal_shares(
    arm: &Arm,
    players: &[usize],
    weights: &[f64],
    quota: f64,
) -> Result<Option<Vec<f64>>, CoalitionError> {
    by_rule!(arm.rule, Rule => Rule::pivotal(arm, players, weights, quota))
}
