//! How an accord comes about in a window: who joins, what is agreed, who leaves, what talks cost in time (model, section 7, steps 0 to 4).
//!
//! Not here: polls (`polls`), accession to a standing accord (`accession`), leaving (`leaving`), the rules of voting, a file each in
//! `voting`, what an accord is worth to whom (`coalitions`), and `side_payments`.

use crate::engine::model::arm::{Joining, StateSet, members};
use crate::engine::model::world::Streams;
use crate::engine::negotiation::accord::coalitions::Coalitions;
use crate::engine::negotiation::accord::voting;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::talks::Talks;

/// What the talks of a window led to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Formed {
    /// M, empty without an accord.
    pub accord: StateSet,
    /// Those whose uniform let them join, or apply to an accord that stands.
    pub joined: StateSet,
    /// J: those who joined and talked.
    pub talked: StateSet,
    /// Those whose last vote of the window was yes, on an accord or on an applicant; nobody votes under a mandate.
    pub yes: StateSet,
    /// Those who left in step 3.
    pub left: StateSet,
    /// Rounds of talks until the accord, or until the talks were given up.
    pub rounds: u32,
    /// f of J.
    pub delay: f64,
}

/// What the windows before left of an arm's accord.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Precedent {
    /// C of window w−1, empty without one and before window 0.
    pub accord: StateSet,
    /// Whether an accord survived in any window before.
    pub formed: bool,
}

impl Precedent {
    /// What the next window finds.
    pub fn after(self, formed: &Formed) -> Precedent {
        Precedent {
            accord: formed.accord,
            formed: self.formed || formed.accord != 0,
        }
    }
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
    /// L, over which rounds of talks postpone gains.
    pub window_years: f64,
}

impl Assembly<'_> {
    /// Joining or accession, votes, leaving and delay.
    pub fn form(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        before: Precedent,
    ) -> Formed {
        let arm = self.talks.arm;
        let mut formed = Formed {
            delay: 1.0,
            ..Formed::default()
        };
        if voting::is_mandated(arm.rule) {
            formed.accord = arm.members;
            return formed;
        }
        let stands = arm.standing && before.accord.count_ones() >= 2;
        formed.accord = if stands {
            self.accede(play, coalitions, before.accord, &mut formed)
        } else {
            self.found(play, coalitions, &mut formed)
        };
        if formed.accord != 0 && arm.defection {
            (formed.accord, formed.left) = self.leave(play, coalitions, formed.accord);
            if stands && self.dissolves(play, coalitions, formed.accord) {
                formed.accord = 0;
            }
        }
        if !before.formed {
            formed.delay = self.delay(formed.rounds);
        }
        formed
    }

    /// Steps 1 and 2: who joins, and what they agree on; 0 where there is no accord.
    fn found(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        formed: &mut Formed,
    ) -> StateSet {
        let arm = self.talks.arm;
        let joined = members(arm.members).filter(|&i| self.would_join(i));
        formed.joined = joined.fold(0, |set, i| set | 1 << i);
        if formed.joined.count_ones() < 2 {
            return 0;
        }
        if !voting::has_talks(arm.rule) {
            return formed.joined;
        }
        formed.talked = formed.joined;
        self.vote(play, coalitions, formed)
    }

    /// Whether i's uniform is below its probability of joining: its own will or goodwill, or the arm's number.
    pub(super) fn would_join(&self, i: usize) -> bool {
        let economy = self.talks.economy;
        let own = match self.talks.arm.joining {
            Joining::Will => economy.will[i],
            Joining::Goodwill => economy.goodwill[i],
        };
        self.noise.joining[i] < self.talks.arm_economy.rules.join.unwrap_or(own)
    }

    /// Step 4: f = 1 − (1−interim)·min(1, rounds·round_years/L).
    fn delay(&self, rounds: u32) -> f64 {
        let rules = &self.talks.arm_economy.rules;
        let lost = (f64::from(rounds) * rules.round_years / self.window_years).min(1.0);
        1.0 - (1.0 - rules.interim) * lost
    }
}
