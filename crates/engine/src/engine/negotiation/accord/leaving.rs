//! Who leaves an accord (31), and when one that stands dissolves (model, section 7, step 3).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::accord::coalitions::{Coalitions, MemberWeighing, TalkRecord};
use crate::engine::negotiation::accord::formation::Assembly;
use crate::engine::negotiation::accord::polls::allowance;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;

impl Assembly<'_> {
    /// The member with the largest gain from leaving leaves, until nobody gains; the accord, 0 without two members, and those who left.
    pub(super) fn leave(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        agreed: StateSet,
    ) -> (StateSet, StateSet) {
        let (mut accord, mut left) = (agreed, 0);
        loop {
            let (mut largest, mut acting) = (0.0f64, 0);
            let mut record = Vec::new();
            for i in members(accord) {
                if !coalitions.follow && self.surely_stays(play, coalitions, accord, i) {
                    continue;
                }
                let weighed = self.weigh_leaving(play, coalitions, accord, i);
                if weighed.acts {
                    largest = largest.max(gain(&weighed));
                    acting |= 1 << i;
                }
                if coalitions.follow {
                    record.push(weighed);
                }
            }
            let leaver = self.leaver(play, coalitions, accord, acting, largest);
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

    /// Of those who gain by leaving, the earliest whose gain is the largest within its own tolerance.
    fn leaver(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        acting: StateSet,
        largest: f64,
    ) -> Option<usize> {
        members(acting).find(|&i| {
            let weighed = self.weigh_leaving(play, coalitions, accord, i);
            let alone = self.alone(play, coalitions, i);
            gain(&weighed) >= largest - allowance(alone)
        })
    }

    /// (31): u_i(C∖i) − u_i(C) − binding·penalty·V_i·(1−compute_i).
    pub fn weigh_leaving(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        i: usize,
    ) -> MemberWeighing {
        let inside = self.undelayed(play, coalitions, accord, i);
        coalitions.keep(play, accord);
        let alone = self.alone(play, coalitions, i);
        let rest = accord & !(1 << i);
        let outside = if rest.count_ones() < 2 {
            alone
        } else {
            let slot = coalitions.weigh(&self.talks, play, Setting::whole(rest));
            coalitions.payoffs(slot).delayed(i, 1.0)
        };
        let penalty = self.penalty(i);
        MemberWeighing {
            state: i,
            inside,
            outside,
            shift: -penalty,
            acts: outside - inside - penalty > allowance(alone),
        }
    }

    /// binding·penalty·V_i·(1−compute_i), V_i as with M = ∅: what leaving costs i (31).
    fn penalty(&self, i: usize) -> f64 {
        let arm_economy = self.talks.arm_economy;
        let share = arm_economy.rules.binding * arm_economy.rules.penalty;
        share * arm_economy.value_out[i] * (1.0 - self.talks.standing.compute[i])
    }

    /// Whether i would not gain by leaving whatever it got outside: then there is no need to play what it would.
    fn surely_stays(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        i: usize,
    ) -> bool {
        let rest = accord & !(1 << i);
        if rest.count_ones() < 2 || coalitions.knows(&self.talks, Setting::whole(rest)) {
            return false;
        }
        let inside = self.undelayed(play, coalitions, accord, i);
        let alone = self.alone(play, coalitions, i);
        coalitions.keep(play, accord);
        let most = self.talks.most_outside(play, rest, i);
        most.is_some_and(|most| most - inside - self.penalty(i) <= allowance(alone))
    }

    /// Whether every member of an accord that stands would rather be alone: u_i(C) < alone_i. Ties stay; nobody has left by that.
    pub(super) fn dissolves(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
    ) -> bool {
        if accord == 0 {
            return false;
        }
        let mut weighed = Vec::new();
        for i in members(accord) {
            let alone = self.alone(play, coalitions, i);
            let inside = self.undelayed(play, coalitions, accord, i);
            if inside >= alone - allowance(alone) {
                return false;
            }
            if coalitions.follow {
                weighed.push(MemberWeighing {
                    state: i,
                    inside,
                    outside: alone,
                    shift: 0.0,
                    acts: true,
                });
            }
        }
        if coalitions.follow {
            coalitions.records.push(TalkRecord::Dissolving {
                coalition: accord,
                weighed,
            });
        }
        true
    }
}

/// What the state gains by leaving (31).
fn gain(weighed: &MemberWeighing) -> f64 {
    weighed.outside - weighed.inside + weighed.shift
}
