//! Polls: what a state compares before it says yes, and rounds of talks until one succeeds (model, section 7, step 2).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::accord::coalitions::{Coalitions, MemberWeighing, TalkRecord};
use crate::engine::negotiation::accord::formation::{Assembly, Formed, Noise};
use crate::engine::negotiation::accord::voting::{self, ballot::Ballot};
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;

/// Ties stay and agree: the slack of votes and of leaving, relative to max(1, |alone_i|).
const ALLOWANCE: f64 = 1e-9;

/// 1e-9·max(1, |alone_i|).
pub(super) fn allowance(alone: f64) -> f64 {
    ALLOWANCE * alone.abs().max(1.0)
}

impl Assembly<'_> {
    /// Step 2: rounds until one succeeds; the accord, 0 if none does.
    pub(super) fn vote(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        formed: &mut Formed,
    ) -> StateSet {
        let most = self.talks.arm.max_rounds;
        formed.rounds = most;
        if !voting::can_succeed(self.talks.arm, formed.joined) {
            return 0;
        }
        // Without political noise every round repeats the first.
        let distinct = if self.talks.arm_economy.rules.political_noise > 0.0 {
            most
        } else {
            1
        };
        for round in 0..distinct {
            let accord = voting::decide(&self.ballot(), formed.joined, |coalition| {
                formed.yes = self.yes_votes(play, coalitions, coalition, round);
                formed.yes
            });
            if accord != 0 {
                formed.rounds = round + 1;
                return accord;
            }
        }
        0
    }

    pub(super) fn ballot(&self) -> Ballot<'_> {
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

    /// Those of a coalition that say yes: u_i(C) + political_noise·ε·|alone_i| >= alone_i.
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
            let alone = self.alone(play, coalitions, i);
            let inside = self.undelayed(play, coalitions, coalition, i);
            let shift = self.political_noise(i, round, alone);
            let weighed = weigh_vote(i, inside, alone, shift, alone);
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

    /// political_noise·ε·|alone_i|, ε its normal of the round, counted from 0.
    pub(super) fn political_noise(&self, i: usize, round: u32, alone: f64) -> f64 {
        let noise = self.talks.arm_economy.rules.political_noise;
        if noise > 0.0 {
            let Noise {
                streams,
                trial,
                window,
                ..
            } = self.noise;
            noise * streams.vote(trial, i, window, round) * alone.abs()
        } else {
            0.0
        }
    }

    /// alone_i = u_i(∅).
    pub(super) fn alone(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        i: usize,
    ) -> f64 {
        let slot = coalitions.weigh(&self.talks, play, Setting::default());
        coalitions.payoffs(slot).delayed(i, 1.0)
    }

    /// u_i(C) after sharing.
    pub(super) fn undelayed(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        i: usize,
    ) -> f64 {
        self.shared_payoff(play, coalitions, accord, |_| 1.0, i)
    }
}

/// A vote of i on what it gets `inside` against `outside`; ties agree.
pub(super) fn weigh_vote(
    i: usize,
    inside: f64,
    outside: f64,
    shift: f64,
    alone: f64,
) -> MemberWeighing {
    MemberWeighing {
        state: i,
        inside,
        outside,
        shift,
        acts: inside + shift >= outside - allowance(alone),
    }
}
