//! The fixed rules of an arm: how states negotiate, who is invited, how they decide and what they share.

/// A set of states or hosts as a bitmask: bit i is state i.
pub type StateSet = u64;

/// A mode of negotiating (model, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Each pair by itself.
    Bilateral,
    /// Common rules, separate tables.
    Framework,
    /// Common rules, one table.
    Bloc,
    /// Each hyperscaler auctions one hub.
    Contest,
}

/// How an accord is adopted (model, section 7, step 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VotingRule {
    /// All must say yes.
    Consensus,
    /// Those who say no may leave, up to `opt_outs`.
    MinusX,
    /// A weighted quota binds all.
    QualifiedMajority,
    /// The lead member decides.
    Lead,
    /// No talks: those who joined are the accord.
    None,
}

/// Weights of votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// One state, one vote.
    Equal,
    /// By GDP of the window.
    Gdp,
    /// By population.
    Population,
}

/// When a bloc's tables come (model, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Before all other pairs.
    First,
    /// At the lower median of its pairs' places.
    Middle,
    /// After all other pairs.
    Last,
}

/// How a bloc divides its members' gains (model, section 7, step 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Nothing is shared.
    None,
    /// Equal shares.
    Equal,
    /// By GDP of the window.
    Gdp,
    /// By population.
    Population,
    /// By the Shapley value of the members' game.
    Shapley,
    /// By the nucleolus of the members' game.
    Nucleolus,
}

/// Most members of a bloc whose game is written out for [`Sharing::Shapley`] and [`Sharing::Nucleolus`]: 2^16 coalitions. Beyond, the Shapley
/// value is sampled.
pub const EXACT_MEMBERS: u32 = 16;

/// The fixed rules of an arm. Its numbers (binding, pooling, floors, ...) are slots of the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// Name, unique in the scenario.
    pub name: String,
    /// Mode of negotiating.
    pub mode: Mode,
    /// Invited states.
    pub members: StateSet,
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
    /// Whether members may leave.
    pub defection: bool,
    /// When a bloc's tables come.
    pub turn: Turn,
    /// Whether a bloc places hosts in all admitted members.
    pub cover_all: bool,
    /// How many hyperscalers a bloc meets at most.
    pub shortlist: Option<u32>,
    /// How a bloc divides gains.
    pub sharing: Sharing,
}

impl Arm {
    /// An arm with the defaults of the scenario contract for `count` states, all of them invited.
    pub fn new(name: &str, mode: Mode, count: usize) -> Arm {
        Arm {
            name: name.to_owned(),
            mode,
            members: full_set(count),
            rule: VotingRule::Consensus,
            opt_outs: 0,
            weights: Weights::Equal,
            lead: None,
            max_rounds: 1,
            defection: true,
            turn: Turn::Middle,
            cover_all: false,
            shortlist: None,
            sharing: Sharing::None,
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
    fn sets_hold_up_to_sixty_four() {
        assert_eq!(full_set(0), 0);
        assert_eq!(full_set(64).count_ones(), 64);
        assert_eq!(members(0b1011).collect::<Vec<_>>(), vec![0, 1, 3]);
        assert_eq!(members(full_set(64)).last(), Some(63));
    }
}
