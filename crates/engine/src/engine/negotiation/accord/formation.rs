//! How an accord comes about in a window: joining, votes, leaving (31), delay (model, section 7, steps 1 to 4).
//!
//! Not here: the rules of voting, a file each in `voting`, what an accord is worth to whom (`coalitions`), and `side_payments`.

use crate::engine::model::arm::{Mode, StateSet, members};
use crate::engine::model::world::Streams;
use crate::engine::negotiation::accord::coalitions::{Coalitions, MemberWeighing, TalkRecord};
use crate::engine::negotiation::accord::voting::{self, ballot::Ballot};
use crate::engine::negotiation::network::expected::TIE;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::talks::Talks;

/// Ties stay and agree: the slack of votes and of leaving, relative to max(1, |alone_i|).
const ALLOWANCE: f64 = 1e-9;

/// What the talks of a window led to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Formed {
    /// M, empty without an accord.
    pub accord: StateSet,
    /// Those whose uniform let them join.
    pub joined: StateSet,
    /// J: those who joined and talked.
    pub talked: StateSet,
    /// Those who left in step 3.
    pub left: StateSet,
    /// Rounds of talks until the accord, or until the talks were given up.
    pub rounds: u32,
    /// f of J.
    pub delay: f64,
}

/// The noise of a window.
#[derive(Debug, Clone, Copy)]
pub struct Noise<'a> {
    /// Keyed uniforms of the model: votes and orders of joining.
    pub streams: &'a Streams,
    /// Index of the trial, part of every key.
    pub trial: u64,
    /// Index of the window, part of every key.
    pub window: usize,
    /// By state, the uniform below whose probability it joins.
    pub joining: &'a [f64],
}

/// The talks about an accord in one window.
pub struct Assembly<'a> {
    /// What every play of the window reads, under whatever accord.
    pub talks: Talks<'a>,
    /// What is drawn about joining and votes.
    pub noise: Noise<'a>,
    /// E_h, the hosts that both sides expect of each hyperscaler.
    pub expected: &'a [StateSet],
    /// L, over which rounds of talks postpone gains.
    pub window_years: f64,
}

impl Assembly<'_> {
    /// Joining, votes, leaving and delay. `formed_before` says whether an accord survived in an earlier window.
    pub fn form(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        formed_before: bool,
    ) -> Formed {
        let joined = self.joined();
        let mut formed = Formed {
            joined,
            delay: 1.0,
            ..Formed::default()
        };
        if joined.count_ones() < 2 {
            return formed;
        }
        let agreed = if !voting::has_talks(self.talks.arm.rule) {
            joined
        } else {
            formed.talked = joined;
            let (accord, rounds) = self.vote(play, coalitions, joined);
            formed.rounds = rounds;
            accord
        };
        formed.accord = agreed;
        if agreed != 0 && self.talks.arm.defection {
            (formed.accord, formed.left) = self.leave(play, coalitions, agreed);
        }
        if !formed_before {
            let rules = &self.talks.arm_economy.rules;
            let lost = (f64::from(formed.rounds) * rules.round_years / self.window_years).min(1.0);
            formed.delay = 1.0 - (1.0 - rules.interim) * lost;
        }
        formed
    }

    /// Step 1: invited members join if their uniform is below will_i (bloc) or binding + (1−binding)·goodwill_i (framework).
    fn joined(&self) -> StateSet {
        let economy = self.talks.economy;
        let binding = self.talks.arm_economy.rules.binding;
        members(self.talks.arm.members)
            .filter(|&i| {
                let probability = match self.talks.arm.mode {
                    Mode::Bloc => economy.will[i],
                    _ => binding + (1.0 - binding) * economy.goodwill[i],
                };
                self.noise.joining[i] < probability
            })
            .fold(0, |set, i| set | 1 << i)
    }

    /// Step 2: rounds until one succeeds; the accord (0 if none) and the number of rounds.
    fn vote(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        joined: StateSet,
    ) -> (StateSet, u32) {
        let most = self.talks.arm.max_rounds;
        if !voting::can_succeed(self.talks.arm, joined) {
            return (0, most);
        }
        // Without political noise every round repeats the first.
        let distinct = if self.talks.arm_economy.rules.political_noise > 0.0 {
            most
        } else {
            1
        };
        for round in 0..distinct {
            let accord = self.poll(play, coalitions, joined, round);
            if accord != 0 {
                return (accord, round + 1);
            }
        }
        (0, most)
    }

    /// One round: the accord that succeeds, or 0.
    fn poll(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        joined: StateSet,
        round: u32,
    ) -> StateSet {
        voting::decide(&self.ballot(), joined, |coalition| {
            self.yes_votes(play, coalitions, coalition, round)
        })
    }

    fn ballot(&self) -> Ballot<'_> {
        Ballot {
            arm: self.talks.arm,
            quota: self.talks.arm_economy.rules.quota,
            gdp: &self.talks.economy.gdp,
            population: &self.talks.economy.population,
        }
    }

    /// Weight of i's vote.
    pub fn weight(&self, i: usize) -> f64 {
        self.ballot().weight(i)
    }

    /// i says yes if u_i(C) + political_noise·ε·|alone_i| >= alone_i.
    fn yes_votes(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        coalition: StateSet,
        round: u32,
    ) -> StateSet {
        let mut yes = 0;
        let mut record = Vec::new();
        for i in members(coalition) {
            let weighed = self.weigh_joining(play, coalitions, coalition, round, i);
            if weighed.acts {
                yes |= 1 << i;
            }
            if coalitions.follow {
                record.push(weighed);
            }
        }
        if coalitions.follow {
            coalitions.records.push(TalkRecord::Poll {
                round: round + 1,
                coalition,
                weighed: record,
            });
        }
        yes
    }

    fn weigh_joining(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        coalition: StateSet,
        round: u32,
        i: usize,
    ) -> MemberWeighing {
        let alone = self.alone(play, coalitions, i);
        let inside = self.shared_payoff(play, coalitions, coalition, |_| 1.0, i);
        let noise = self.talks.arm_economy.rules.political_noise;
        let shift = if noise > 0.0 {
            noise * self.vote_noise(i, round) * alone.abs()
        } else {
            0.0
        };
        let acts = inside + shift >= alone - allowance(alone);
        MemberWeighing {
            state: i,
            inside,
            outside: alone,
            shift,
            acts,
        }
    }

    fn vote_noise(&self, i: usize, round: u32) -> f64 {
        self.noise
            .streams
            .vote(self.noise.trial, i, self.noise.window, round)
    }

    /// Step 3: the member with the largest gain from leaving (31) leaves, until nobody gains; the accord and those who left.
    fn leave(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        agreed: StateSet,
    ) -> (StateSet, StateSet) {
        let mut accord = agreed;
        let mut left = 0;
        loop {
            let (mut leaver, mut largest) = (None, 0.0);
            let mut record = Vec::new();
            for i in members(accord) {
                let weighed = self.weigh_leaving(play, coalitions, accord, i);
                let gain = weighed.outside - weighed.inside + weighed.shift;
                // Of equal gains (equal shares of one pool) rounding must not choose: the earlier member leaves.
                if weighed.acts && gain > largest + TIE {
                    (leaver, largest) = (Some(i), gain);
                }
                if coalitions.follow {
                    record.push(weighed);
                }
            }
            if coalitions.follow {
                coalitions.records.push(TalkRecord::Leaving {
                    coalition: accord,
                    weighed: record,
                    leaver,
                });
            }
            let Some(leaver) = leaver else {
                return (accord, left);
            };
            accord &= !(1 << leaver);
            left |= 1 << leaver;
            if accord.count_ones() < 2 {
                return (0, left);
            }
        }
    }

    /// (31): u_i(C∖i) − u_i(C) − binding·penalty·V_i·(1−compute_i).
    pub fn weigh_leaving(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        i: usize,
    ) -> MemberWeighing {
        let inside = self.shared_payoff(play, coalitions, accord, |_| 1.0, i);
        coalitions.keep(play, accord);
        let alone = self.alone(play, coalitions, i);
        let rest = accord & !(1 << i);
        let outside = if rest.count_ones() < 2 {
            alone
        } else {
            let slot = coalitions.weigh(&self.talks, play, self.expected, rest);
            coalitions.payoffs(slot).delayed(i, 1.0)
        };
        let rules = &self.talks.arm_economy.rules;
        let penalty = rules.binding
            * rules.penalty
            * self.talks.arm_economy.value_out[i]
            * (1.0 - self.talks.standing.compute[i]);
        let acts = outside - inside - penalty > allowance(alone);
        MemberWeighing {
            state: i,
            inside,
            outside,
            shift: -penalty,
            acts,
        }
    }

    /// alone_i = u_i(∅).
    fn alone(&self, play: &mut WindowPlay, coalitions: &mut Coalitions, i: usize) -> f64 {
        let slot = coalitions.weigh(&self.talks, play, self.expected, 0);
        coalitions.payoffs(slot).delayed(i, 1.0)
    }
}

fn allowance(alone: f64) -> f64 {
    ALLOWANCE * alone.abs().max(1.0)
}
