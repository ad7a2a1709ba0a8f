//! Tenders by elimination (model, section 6, shortlist): whom a party refuses before any talks, and what those it keeps must match.
//!
//! # References
//! Ho and Lee, Equilibrium Provider Networks: Bargaining and Exclusion in Health Care Markets, American Economic Review 109 (2019).

use crate::engine::model::arm::{Mode, StateSet, full_set, members};
use crate::engine::model::lanes::lane;
use crate::engine::model::service::most_between;
use crate::engine::negotiation::cache::expectations::ExpectationKey;
use crate::engine::negotiation::network::expected::{Expectation, TIE};
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::record::TenderRound;
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::negotiation::tables::talks::Talks;

/// Who tenders: T, and whether it is the bloc.
#[derive(Debug, Clone, Copy)]
struct Tender {
    table: StateSet,
    jointly: bool,
}

/// Hyperscalers as a bitmask.
type Suppliers = u64;

impl Talks<'_> {
    /// Holds every party's tender: who refuses whom, and the reserves of those who are kept.
    pub(crate) fn invite_tenders(&self, play: &mut WindowPlay, setting: Setting) {
        play.refused.fill(0);
        play.bids.fill(f64::NAN);
        play.joint_reserves.fill(f64::NEG_INFINITY);
        play.reserves.fill(f64::NEG_INFINITY);
        play.rounds.clear();
        let Some(most) = self.arm.shortlist else {
            return;
        };
        if setting.apart || !self.arm_economy.rules.active {
            return;
        }
        let alone = match self.arm.mode {
            Mode::Bilateral => full_set(self.economy.n),
            Mode::Framework => setting.accord,
            _ => 0,
        };
        let tenders = members(alone).map(|i| Tender {
            table: 1 << i,
            jointly: false,
        });
        let joint = (play.bloc != 0).then_some(Tender {
            table: play.bloc,
            jointly: true,
        });
        let mut refused = std::mem::take(&mut play.tenders.refused);
        refused.fill(0);
        for tender in tenders.chain(joint) {
            let feasible = self.feasible_for(tender.table);
            if most < feasible.count_ones() {
                let list = self.hold_tender(play, tender, feasible, most);
                for h in members(feasible & !list) {
                    refused[h] |= tender.table;
                }
            }
        }
        play.refused.copy_from_slice(&refused);
        play.tenders.refused = refused;
    }

    fn feasible_for(&self, table: StateSet) -> Suppliers {
        let feasible = self.economy.feasible.iter().enumerate();
        feasible
            .filter(|(_, states)| **states & table != 0)
            .fold(0, |set, (h, _)| set | 1 << h)
    }

    /// Eliminates until at most `most` are left, all of whom bid; writes their reserves, those of a bloc as numbers that are to be found where they
    /// count. The list.
    fn hold_tender(
        &self,
        play: &mut WindowPlay,
        tender: Tender,
        feasible: Suppliers,
        most: u32,
    ) -> Suppliers {
        let m = self.economy.m;
        let mut list = feasible;
        let mut bids = std::mem::take(&mut play.tenders.bids);
        bids.fill(f64::NAN);
        loop {
            self.bid_all(play, tender, list, list, &mut bids);
            if play.follow {
                let listed = |h: usize| {
                    if list >> h & 1 == 1 {
                        bids[h]
                    } else {
                        f64::NAN
                    }
                };
                play.rounds.push(TenderRound {
                    party: tender.table,
                    bids: (0..m).map(listed).collect(),
                    list,
                });
            }
            if let Some(silent) = members(list).filter(|&h| bids[h].is_nan()).last() {
                list &= !(1 << silent);
            } else if list.count_ones() > most {
                let lowest = members(list).map(|h| bids[h]).fold(f64::INFINITY, f64::min);
                let tied = members(list).filter(|&h| bids[h] <= lowest + TIE);
                list &= !tied.last().map_or(0, |h| 1 << h);
            } else {
                break;
            }
        }
        for h in members(list) {
            if tender.jointly {
                // Whoever follows is shown all reserves.
                play.joint_reserves[h] = match play.follow {
                    true => self.find_reserve(play, tender, feasible, list, h),
                    false => f64::NAN,
                };
                play.bids[h] = bids[h];
            } else {
                let reserve = self.find_reserve(play, tender, feasible, list, h);
                for i in members(tender.table) {
                    play.reserves[i * m + h] = reserve;
                }
            }
        }
        play.tenders.bids = bids;
        list
    }

    /// R_h: the highest bid that anyone who is not on the list makes in the place of h.
    fn find_reserve(
        &self,
        play: &mut WindowPlay,
        tender: Tender,
        feasible: Suppliers,
        list: Suppliers,
        h: usize,
    ) -> f64 {
        let mut others = std::mem::take(&mut play.tenders.others);
        others.fill(f64::NAN);
        let mut reserve = 0.0f64;
        for g in members(feasible & !list) {
            let replaced = list & !(1 << h) | 1 << g;
            self.bid_all(play, tender, replaced, 1 << g, &mut others);
            if others[g] > reserve {
                reserve = others[g];
            }
        }
        play.tenders.others = others;
        reserve
    }

    /// Whether R_h of the bloc's list is not known yet and may exceed `gain`: only then is it worth looking for.
    pub(crate) fn may_be_reserved(&self, play: &WindowPlay, h: usize, gain: f64) -> bool {
        /// Rounding of sums.
        const SLACK: f64 = 1e-9;
        let refuses = |g: usize| play.refused[g] & play.bloc != 0;
        let listed = (0..self.economy.m).filter(|&g| g != h && !refuses(g));
        let rivals = listed.fold(0, |set, g| set | 1 << g);
        play.joint_reserves[h].is_nan()
            && members(self.feasible_for(play.bloc))
                .filter(|&g| refuses(g))
                .any(|g| self.most_that_is_bid(play, rivals, g) * (1.0 + SLACK) + SLACK > gain)
    }

    /// More than the bloc's bid of g can be where it refuses all but g and `rivals`: more than both sides gain together. All members gain
    /// access to g, all that may host it have the terms that bring most, and demand of all states is served at its best from then on; rivals
    /// are where they surely are. What is foreseen of repricing moves between the sides, and compliance only costs.
    fn most_that_is_bid(&self, play: &WindowPlay, rivals: Suppliers, g: usize) -> f64 {
        let (economy, accord, service) = (self.economy, play.accord, &play.service);
        if !service.is_monotone() {
            return f64::INFINITY;
        }
        let m = economy.m;
        let mut most = 0.0;
        for l in 0..economy.n {
            let seated = play.bloc >> l & 1 == 1;
            let surely = |k: usize| {
                let listed = !seated || rivals >> k & 1 == 1;
                let refuses = play.refused[k] >> l & 1 == 1 && !seated;
                listed && !refuses && play.assured.hosts[k] >> l & 1 == 1
            };
            let (outside, best) = (economy.outside[l], service.best(l));
            let slack = lane(&economy.slack, l);
            let (mut crowd, mut left) = ([slack, slack], 1.0);
            for k in (0..m).filter(|&k| k != g) {
                let pull = economy.pull.get(k, l);
                let (quality, access) = match surely(k) {
                    true => (1.0, 1.0),
                    false => (outside, economy.remote_value * outside),
                };
                crowd = [crowd[0] + pull * quality, crowd[1] + pull];
                left *= 1.0 - access * economy.coverage[l * m + k];
            }
            let (pull, stake) = (economy.pull.get(g, l), economy.stake.get(g, l));
            let captured = |better, worse| stake * most_between(crowd, pull, better, worse);
            if !seated {
                most += captured(best, outside);
                continue;
            }
            let p = l * m + g;
            most += play.entry(economy).at_home(l, g, crowd, outside);
            let access = left * (1.0 - economy.remote_value * outside) + economy.peers;
            most += lane(&play.worth, l) * economy.coverage[p] * access;
            if economy.feasible[g] >> l & 1 == 1 {
                let own = self.arm_economy.own_gains(economy, l, g, accord);
                let terms = self.arm_economy.term_surplus[p];
                most += (own.state + own.hyperscaler + terms).max(0.0);
            }
        }
        most
    }

    /// Finds R_h of the bloc's list, after which the bloc is to look at its table with h again.
    pub(crate) fn find_joint_reserve(&self, play: &mut WindowPlay, h: usize) {
        let tender = Tender {
            table: play.bloc,
            jointly: true,
        };
        let mut expected = std::mem::take(&mut play.tenders.expected);
        let mut refused = std::mem::take(&mut play.tenders.kept);
        expected.copy_from_slice(&play.expected.hosts);
        refused.copy_from_slice(&play.refused);
        let feasible = self.feasible_for(play.bloc);
        let listed = members(feasible).filter(|&g| refused[g] & play.bloc == 0);
        let list = listed.fold(0, |list, g| list | 1 << g);
        play.joint_reserves[h] = self.find_reserve(play, tender, feasible, list, h);
        play.refused.copy_from_slice(&refused);
        play.set_expected(self.economy, |g| expected[g]);
        play.tenders.expected = expected;
        play.tenders.kept = refused;
    }

    /// Writes the bids of `bidders` where T refuses all that are not on `list`: s* at each table with ρ = 1 and the full budget; NaN where
    /// no deal exists.
    fn bid_all(
        &self,
        play: &mut WindowPlay,
        tender: Tender,
        list: Suppliers,
        bidders: Suppliers,
        bids: &mut [f64],
    ) {
        for h in 0..self.economy.m {
            play.refused[h] = if list >> h & 1 == 1 { 0 } else { tender.table };
        }
        self.expect(play);
        play.refused.fill(0);
        for h in members(bidders) {
            let bid = match tender.jointly {
                true => self.joint_bid(play, h),
                false => self.bid_of_pair(play, tender.table.trailing_zeros() as usize, h),
            };
            bids[h] = bid.unwrap_or(f64::NAN);
        }
    }

    fn joint_bid(&self, play: &mut WindowPlay, h: usize) -> Option<f64> {
        let placing = self.place(play, h, 1.0, self.economy.budget[h])?;
        self.weigh_terms(play, h, placing.placed);
        self.most_for_states(&play.joint.frontier(), placing.table.gains)
    }

    fn bid_of_pair(&self, play: &mut WindowPlay, i: usize, h: usize) -> Option<f64> {
        let economy = self.economy;
        let dear = economy.size[i * economy.m + h] > economy.budget[h];
        if dear || economy.feasible[h] >> i & 1 == 0 {
            return None;
        }
        let gains = self.pair_gains(play, i, h, 1.0).gains;
        if self.has_clause(play) {
            play.dealt.fill(0);
            return self.bid_under_clause(play, i, h, gains);
        }
        self.weigh_pair(play, i, h);
        self.most_for_states(&play.joint.frontier(), gains)
    }

    /// Finds E (17) under M with the refusals of `play`, and makes it the expected network.
    pub(crate) fn expect(&self, play: &mut WindowPlay) {
        let WindowPlay {
            accord,
            refused,
            service,
            assured,
            shedding,
            expectations,
            follow,
            ..
        } = play;
        // Whoever follows is shown each pair that leaves.
        shedding.follow = *follow;
        let key = ExpectationKey::of(*accord, refused).filter(|_| !*follow);
        if !key.is_some_and(|key| expectations.find(key, &mut shedding.hosts)) {
            let view = Expectation {
                economy: self.economy,
                arm_economy: self.arm_economy,
                standing: self.standing,
                accord: *accord,
                refused,
                assured,
            };
            shedding.expect(view, service);
            if let Some(key) = key {
                expectations.keep(key, &shedding.hosts);
            }
        }
        let hosts = std::mem::take(&mut play.shedding.hosts);
        play.set_expected(self.economy, |h| hosts[h]);
        play.shedding.hosts = hosts;
    }

    /// Opens the window's books after the tenders: E with the refusals of all, nobody signed but by contracts that run.
    pub(crate) fn start(&self, play: &mut WindowPlay) {
        self.expect(play);
        play.open_books(self.economy, self.standing);
    }
}
