//! Undelayed payoffs u_i(C) of a window for the accords C that the talks consider, each played once (model, section 7; (32)).
//!
//! Not here: who agrees to C or leaves it (`formation`), and values of the cooperative game, which are in the module `coalition`.

use crate::engine::model::arm::{Mode, StateSet};
use crate::engine::negotiation::cache::payoffs::{CoalitionPayoffs, PayoffCache};
use crate::engine::negotiation::payoff::PayoffParts;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::coalition::CoalitionError;

/// What one state weighed in a poll or before leaving.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemberWeighing {
    /// Index of the state that weighs.
    pub state: usize,
    /// u_i(C) inside; u_i(C∪j) where j applies.
    pub inside: f64,
    /// alone_i in a poll and before an accord dissolves, u_i(C∖i) before leaving, u_i(C) where another applies.
    pub outside: f64,
    /// Political noise in a vote; minus the penalty before leaving.
    pub shift: f64,
    /// Whether it says yes, or leaves.
    pub acts: bool,
}

/// One step of the talks, for those who follow them.
#[derive(Debug, Clone, PartialEq)]
pub enum TalkRecord {
    /// A poll of a coalition in a round (from 1).
    Poll {
        /// Number of the round, from 1.
        round: u32,
        /// C, the states that are polled.
        coalition: StateSet,
        /// Each member's comparison.
        weighed: Vec<MemberWeighing>,
    },
    /// A look at who would leave a coalition (31).
    Leaving {
        /// C, the states that could leave.
        coalition: StateSet,
        /// Each member's comparison.
        weighed: Vec<MemberWeighing>,
        /// Who left, if anyone.
        leaver: Option<usize>,
    },
    /// A state that applies to an accord that stands.
    Accession {
        /// C, without the applicant.
        coalition: StateSet,
        /// What the applicant compares.
        applicant: MemberWeighing,
        /// What each member compares, if they are asked.
        consent: Vec<MemberWeighing>,
        /// Whether it is let in.
        admitted: bool,
    },
    /// An accord that stood until every member would rather be alone.
    Dissolving {
        /// C, whose accord ends.
        coalition: StateSet,
        /// Each member's comparison.
        weighed: Vec<MemberWeighing>,
    },
}

/// Payoffs of coalitions already played in this window, and the steps of the talks about them.
#[derive(Debug, Clone)]
pub struct Coalitions {
    /// Steps of the talks; filled only if `follow` is set.
    pub records: Vec<TalkRecord>,
    /// Whether to fill `records`.
    pub follow: bool,
    cache: PayoffCache,
    /// The play of the accord that was last considered, so that it need not be played again.
    kept: WindowPlay,
    kept_accord: Option<StateSet>,
    /// Scratch for a game.
    pub(crate) game: Vec<f64>,
    /// Scratch for the members and the value of each.
    pub(crate) players: Vec<usize>,
    pub(crate) values: Vec<f64>,
    /// Largest standard error of a sampled share in this window; NaN where all are exact.
    pub share_error: f64,
    /// Why shares could not be found, if so.
    pub failure: Option<CoalitionError>,
}

impl Coalitions {
    /// Room for n states, m hyperscalers and K terms.
    pub fn new(n: usize, m: usize, k: usize) -> Coalitions {
        Coalitions {
            records: Vec::new(),
            follow: false,
            cache: PayoffCache::new(n),
            kept: WindowPlay::new(n, m, k),
            kept_accord: None,
            game: Vec::new(),
            players: Vec::with_capacity(n),
            values: Vec::with_capacity(n),
            share_error: f64::NAN,
            failure: None,
        }
    }

    /// Forgets everything: a new window begins.
    pub fn clear(&mut self) {
        self.cache.clear();
        self.reopen();
    }

    /// Forgets all but payoffs: another arm begins to talk about the same window.
    pub fn reopen(&mut self) {
        self.cache.forget_shares();
        self.records.clear();
        self.kept_accord = None;
        self.share_error = f64::NAN;
    }

    /// Exchanges the payoffs that are remembered.
    pub fn trade(&mut self, cache: &mut PayoffCache) {
        std::mem::swap(&mut self.cache, cache);
    }

    /// Keeps a play if it is a whole play of `accord` of this window.
    pub fn keep(&mut self, play: &WindowPlay, accord: StateSet) {
        if play.shows == Some(Setting::whole(accord)) && self.kept_accord != Some(accord) {
            self.kept.copy_play(play);
            self.kept_accord = Some(accord);
        }
    }

    /// Copies the kept play of `accord` to `play`; whether there is one.
    pub fn restore(&self, play: &mut WindowPlay, accord: StateSet) -> bool {
        let kept = self.kept_accord == Some(accord);
        if kept {
            play.copy_play(&self.kept);
        }
        kept
    }

    /// The slot of the payoffs in a setting, playing the window if it is new.
    pub fn weigh(&mut self, talks: &Talks, play: &mut WindowPlay, setting: Setting) -> usize {
        let setting = simplest(talks, setting);
        if let Some(slot) = self.cache.find(setting) {
            return slot;
        }
        talks.play(play, setting);
        self.cache.note(talks, play, setting)
    }

    /// Whether the payoffs in a setting are known.
    pub fn knows(&self, talks: &Talks, setting: Setting) -> bool {
        self.cache.find(simplest(talks, setting)).is_some()
    }

    /// Stores payoffs that are known without playing: those of the window without an accord.
    pub fn store(&mut self, coalition: StateSet, parts: &[PayoffParts]) {
        let setting = Setting::whole(coalition);
        if self.cache.find(setting).is_none() {
            let slot = self.cache.claim(setting);
            self.cache.write(slot, parts.iter().copied());
        }
    }

    /// The payoffs in a slot.
    pub fn payoffs(&self, slot: usize) -> CoalitionPayoffs<'_> {
        self.cache.payoffs(slot)
    }

    /// i's share of the pool of a coalition, if the coalition's shares were kept in this window.
    pub(crate) fn share(&self, coalition: StateSet, i: usize) -> Option<f64> {
        self.cache.share(coalition, i)
    }

    /// Keeps the members' shares, in ascending order of members, if there is room for the coalition.
    pub(crate) fn keep_shares(&mut self, coalition: StateSet, shares: &[f64]) {
        self.cache.keep_shares(coalition, shares);
    }
}

/// The setting that is played alike and asks for least: apart is as well together where nobody sits at one table and nobody tenders.
fn simplest(talks: &Talks, setting: Setting) -> Setting {
    let arm = talks.arm;
    let differs = match arm.mode {
        Mode::Bloc => arm.joint_table(setting.accord) != 0,
        _ => arm.shortlist.is_some() && setting.accord != 0,
    };
    Setting {
        apart: setting.apart && differs,
        ..setting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coalitions_are_found_in_their_window_alone() {
        let mut coalitions = Coalitions::new(2, 1, 0);
        let parts = |access: f64, own: f64| PayoffParts {
            access,
            own,
            ..PayoffParts::default()
        };
        for window in 0..3 {
            coalitions.clear();
            let stored = 3000 - 1000 * window;
            for mask in 0..stored {
                assert!(
                    !coalitions.cache.knows(Setting::whole(mask)),
                    "window {window}"
                );
                coalitions.store(mask, &[parts(mask as f64, 0.5), parts(1.0, 0.0)]);
            }
            for mask in 0..stored {
                let slot = coalitions.cache.find(Setting::whole(mask)).expect("stored");
                assert_eq!(
                    coalitions.payoffs(slot).delayed(0, 2.0),
                    2.0 * mask as f64 + 0.5
                );
            }
            assert!(!coalitions.cache.knows(Setting::whole(stored)));
        }
    }

    #[test]
    fn a_memory_is_traded_whole() {
        let (mut coalitions, mut cache) = (Coalitions::new(1, 1, 0), PayoffCache::new(1));
        coalitions.clear();
        cache.clear();
        let parts = PayoffParts {
            access: 2.0,
            ..PayoffParts::default()
        };
        coalitions.store(3, &[parts]);
        coalitions.trade(&mut cache);
        let three = Setting::whole(3);
        assert!(cache.knows(three) && !coalitions.cache.knows(three));
        let apart = Setting {
            apart: true,
            ..three
        };
        assert!(!cache.knows(apart));
        coalitions.cache.copy_of(&cache, three);
        let slot = coalitions.cache.find(three).expect("copied");
        assert_eq!(coalitions.payoffs(slot).gross, [2.0]);
    }
}
