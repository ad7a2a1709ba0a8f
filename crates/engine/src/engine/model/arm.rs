//! The fixed rules of an arm: how states negotiate, who is invited, how they decide and what they share.

pub use crate::engine::model::words::{Joining, Mode, Sharing, Turn, VotingRule, Weights};

use crate::engine::model::words::Vocabulary;

/// A set of states or hosts as a bitmask: bit i is state i.
pub type StateSet = u64;

/// Most members of a bloc whose game is written out for [`Sharing::Shapley`] and [`Sharing::Nucleolus`]: 2^16 coalitions. Beyond, the Shapley
/// value is sampled.
pub const EXACT_MEMBERS: u32 = 16;

/// The fixed rules of an arm. Its numbers (binding, pooling, floors, ...) are slots of the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// Name, unique in the scenario.
    pub name: String,
    /// What it is in a few words, for readers; its name where the scenario gives none.
    pub title: String,
    /// What it is in a sentence; empty where the scenario does not say.
    pub what: String,
    /// How its states meet hyperscalers: apart, apart under common rules, at one table, or bidding.
    pub mode: Mode,
    /// Invited states; who is in the accord is found in each window.
    pub members: StateSet,
    /// By which of their probabilities states join, where no number is given ([`ArmKey::Join`](crate::engine::model::keys::ArmKey::Join)).
    pub joining: Joining,
    /// Whether the accord of one window stands in the next (section 7, step 0).
    pub standing: bool,
    /// How the accord is adopted.
    pub rule: VotingRule,
    /// How many may opt out under minus-x.
    pub opt_outs: u32,
    /// Weights of a qualified majority.
    pub weights: Weights,
    /// The lead state; present exactly where the rule is `Lead`.
    pub lead: Option<usize>,
    /// Most rounds of talks, at least 1.
    pub max_rounds: u32,
    /// Whether members may leave once the accord is adopted (section 7, step 3).
    pub defection: bool,
    /// When a bloc's tables come.
    pub turn: Turn,
    /// Whether a bloc places hosts in all admitted members.
    pub cover_all: bool,
    /// Whether a bloc has a schedule of terms for each member.
    pub annexes: bool,
    /// The members that sit at a bloc's joint table; all of `members` unless the arm names some.
    pub table: StateSet,
    /// How many hyperscalers each table of the arm meets at most; none for a contest.
    pub shortlist: Option<u32>,
    /// How a bloc divides gains.
    pub sharing: Sharing,
}

impl Arm {
    /// An arm with the defaults of the scenario contract for `count` states, all of them invited.
    pub fn new(name: &str, mode: Mode, count: usize) -> Arm {
        Arm {
            name: name.to_owned(),
            title: name.to_owned(),
            what: String::new(),
            mode,
            members: full_set(count),
            joining: Joining::Will,
            standing: true,
            rule: VotingRule::Consensus,
            opt_outs: 0,
            weights: Weights::Equal,
            lead: None,
            max_rounds: 1,
            defection: true,
            turn: Turn::Middle,
            cover_all: false,
            annexes: false,
            table: full_set(count),
            shortlist: None,
            sharing: Sharing::None,
        }
    }

    /// How its accord is adopted, for a reader.
    pub fn adopted_by(&self) -> String {
        let name = self.rule.word().name;
        name.replace("{opt_outs}", &self.opt_outs.to_string())
    }

    /// Whether all members sit at a bloc's joint table.
    pub fn seats_all(&self) -> bool {
        self.members & !self.table == 0
    }

    /// B: those of an accord that sit at a bloc's joint table, two at least; all of the accord where all members are seated, whoever
    /// they are.
    pub fn joint_table(&self, accord: StateSet) -> StateSet {
        let together = if self.seats_all() {
            accord
        } else {
            accord & self.table
        };
        if self.mode == Mode::Bloc && together.count_ones() >= 2 {
            together
        } else {
            0
        }
    }

    /// Whether the arm is one of the two kinds of accord.
    pub fn is_accord(&self) -> bool {
        matches!(self.mode, Mode::Framework | Mode::Bloc)
    }
}

/// The set of the first `count` members; `count` is at most 64.
pub fn full_set(count: usize) -> StateSet {
    if count >= 64 {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}

/// The members of a set in ascending order.
pub fn members(mut set: StateSet) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if set == 0 {
            return None;
        }
        let member = set.trailing_zeros() as usize;
        set &= set - 1;
        Some(member)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_at_least_sit_at_a_joint_table() {
        let mut arm = Arm::new("bloc", Mode::Bloc, 4);
        assert_eq!(
            (arm.joint_table(0b0110), arm.joint_table(0b0100)),
            (0b0110, 0)
        );
        arm.table = 0b0011;
        assert_eq!(
            (arm.joint_table(0b1011), arm.joint_table(0b1110)),
            (0b0011, 0)
        );
        arm.mode = Mode::Framework;
        assert_eq!(arm.joint_table(0b1011), 0);
    }

    #[test]
    fn sets_hold_up_to_sixty_four() {
        assert_eq!(full_set(0), 0);
        assert_eq!(full_set(64).count_ones(), 64);
        assert_eq!(members(0b1011).collect::<Vec<_>>(), vec![0, 1, 3]);
        assert_eq!(members(full_set(64)).last(), Some(63));
    }
}
