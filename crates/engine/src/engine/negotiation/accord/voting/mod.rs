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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::arm::{Mode, Weights};

    /// Whether C = {0, 1, 2} lets another in where those of `yes` agree.
    fn lets_in(arm: &Arm, quota: f64, yes: StateSet) -> bool {
        let ballot = Ballot {
            arm,
            quota,
            gdp: &[1.0, 2.0, 3.0, 90.0],
            population: &[5.0, 1.0, 1.0, 90.0],
        };
        consents(&ballot, 0b0111, || yes)
    }

    #[test]
    fn members_consent_by_the_rule_of_their_accord() {
        use VotingRule::{Consensus, Lead, MinusX, QualifiedMajority};
        for (rule, opt_outs, lead, yes, consent) in [
            (VotingRule::None, 0, None, 0b000, true),
            (Consensus, 0, None, 0b111, true),
            (Consensus, 0, None, 0b101, false),
            (MinusX, 0, None, 0b101, false),
            (MinusX, 1, None, 0b101, true),
            (MinusX, 1, None, 0b100, false),
            (MinusX, 3, None, 0b000, true),
            (QualifiedMajority, 0, None, 0b110, true),
            (QualifiedMajority, 0, None, 0b001, false),
            (Lead, 0, Some(1), 0b010, true),
            (Lead, 0, Some(1), 0b101, false),
            // The lead is not in C: what it says does not count.
            (Lead, 0, Some(3), 0b1111, false),
        ] {
            let mut arm = Arm::new("accord", Mode::Framework, 4);
            (arm.rule, arm.opt_outs, arm.lead) = (rule, opt_outs, lead);
            assert_eq!(lets_in(&arm, 0.5, yes), consent, "{arm:?} {yes:b}");
        }
    }

    #[test]
    fn a_majority_counts_the_weights_of_the_members_alone() {
        for (weights, quota, yes, consent) in [
            // A third of three votes, to the last bit and beyond.
            (Weights::Equal, 1.0 / 3.0, 0b001, true),
            (Weights::Equal, 1.0 / 3.0 + 1e-13, 0b001, true),
            (Weights::Equal, 1.0 / 3.0 + 1e-11, 0b001, false),
            (Weights::Gdp, 0.5, 0b011, true),
            (Weights::Gdp, 0.51, 0b011, false),
            (Weights::Gdp, 0.5, 0b100, true),
            (Weights::Population, 0.7, 0b001, true),
            (Weights::Population, 0.3, 0b110, false),
        ] {
            let mut arm = Arm::new("accord", Mode::Framework, 4);
            (arm.rule, arm.weights) = (VotingRule::QualifiedMajority, weights);
            assert_eq!(lets_in(&arm, quota, yes), consent, "{weights:?} {quota}");
        }
    }

    #[test]
    fn nobody_is_asked_where_nobody_votes() {
        let arm = Arm {
            rule: VotingRule::None,
            ..Arm::new("guide", Mode::Framework, 4)
        };
        let ballot = Ballot {
            arm: &arm,
            quota: 0.5,
            gdp: &[],
            population: &[],
        };
        assert!(consents(&ballot, 0b0111, || panic!("nobody votes")));
    }
}
