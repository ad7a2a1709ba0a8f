//! A table of one state and one hyperscaler: gains (18), (19) and the deal (model, section 6, bilateral and framework).
//!
//! Not here: tables of several states (`bloc`) and auctions (`contest`).

use crate::engine::model::arm::{Mode, members};
use crate::engine::model::lanes::lane;
use crate::engine::model::service::{added_compliance, member_compliance};
use crate::engine::negotiation::tables::play::{TableOutcome, TableRecord, WindowPlay};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::{Agreement, Gains};

/// Gains of a pair before terms, and the margin that a refusal costs the hyperscaler.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PairGains {
    pub gains: Gains,
    pub pressure: f64,
}

impl Talks<'_> {
    /// The turn of pair (i, h): i leaves S_h and enters it again if the two agree.
    pub(crate) fn meet_pair(&self, play: &mut WindowPlay, i: usize, h: usize) {
        let economy = self.economy;
        let p = i * economy.m + h;
        play.signed.remove(economy, &play.service, h, 1 << i);
        if let Some(ended) = self.pair_obstacle(play, i, h) {
            play.record(|| TableRecord::without_talks(1 << i, h, ended));
            return;
        }
        if play.draft && self.no_deal.hopeless[h] >> i & 1 == 1 {
            return;
        }
        let PairGains { gains, pressure } = self.pair_gains(play, i, h, economy.foresight);
        play.erosion.note(
            play.signed.hosts[h].count_ones() as usize,
            pressure,
            economy.margin[p],
        );
        play.tally.pair_tables += 1;
        let floored = play.accord >> i & 1 == 1;
        let WindowPlay {
            agreements, tally, ..
        } = play;
        let agreement = agreements.agreement(p, floored, gains, || {
            tally.bargains += 1;
            self.settle_pair(i, h, floored, gains)
        });
        let ended = agreement.map_or(TableOutcome::NoDeal, TableOutcome::Agreed);
        play.record(|| TableRecord::of_pair(i, h, gains, pressure, ended));
        if let Some(agreement) = agreement {
            self.sign_pair(play, i, h, agreement);
        }
    }

    /// What keeps i and h from talks, if anything does; i is outside S_h.
    pub(crate) fn pair_obstacle(
        &self,
        play: &WindowPlay,
        i: usize,
        h: usize,
    ) -> Option<TableOutcome> {
        let economy = self.economy;
        if economy.feasible[h] >> i & 1 == 0 {
            return Some(TableOutcome::NotFeasible);
        }
        (economy.size[i * economy.m + h] > play.budget[h]).then_some(TableOutcome::OverBudget)
    }

    /// Enters a signed pair into the network and the books; its bundle is written down when the play is over.
    pub(crate) fn sign_pair(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        agreement: Agreement,
    ) {
        let economy = self.economy;
        let p = i * economy.m + h;
        play.lambda[p] = agreement.lambda;
        play.value[p] = agreement.value;
        play.cost[p] = agreement.cost;
        play.transfer[p] = agreement.transfer;
        play.budget[h] -= economy.size[p];
        play.signed.add(economy, &play.service, h, 1 << i);
    }

    /// Writes the bundles of all pairs signed at their own tables (23).
    pub fn write_bundles(&self, play: &mut WindowPlay) {
        let economy = self.economy;
        let bloc = if self.arm.mode == Mode::Bloc {
            play.accord
        } else {
            0
        };
        for h in 0..economy.m {
            for i in members(play.signed.hosts[h] & !bloc) {
                let p = i * economy.m + h;
                let frontier = self.pair_frontier(i, h, play.accord >> i & 1 == 1);
                let levels = &mut play.bundle[p * economy.k..(p + 1) * economy.k];
                frontier.bundle(play.lambda[p], levels);
            }
        }
    }

    /// ΔΠ (18) and ΔU (19) of T = G = {i} with foresight ρ, i outside S_h.
    pub(crate) fn pair_gains(
        &self,
        play: &WindowPlay,
        i: usize,
        h: usize,
        foresight: f64,
    ) -> PairGains {
        let economy = self.economy;
        let (mut captured, mut uncovered, mut regime) = (0.0, 0.0, 0.0);
        if foresight < 1.0 {
            let (demand, access) = self.signed_gain(play, i, h);
            captured += (1.0 - foresight) * demand;
            uncovered += (1.0 - foresight) * access;
            regime += (1.0 - foresight) * self.regime_cost(play, i, h, play.signed.hosts[h]);
        }
        if foresight > 0.0 {
            let (demand, access) = self.expected_gain(play, i, h);
            captured += foresight * demand;
            uncovered += foresight * access;
            regime += foresight * self.expected_regime_cost(play, i, h);
        }
        let p = i * economy.m + h;
        let state = lane(&play.worth, i) * economy.coverage[p] * uncovered
            + self.arm_economy.switching_cost(economy, i, h, play.accord);
        let hyperscaler = captured - self.arm_economy.hosting_cost[p] - regime;
        PairGains {
            gains: Gains { state, hyperscaler },
            pressure: captured,
        }
    }

    /// Demand captured by entering i into S_h, and ∏ of rivals' uncovered times the gain in r.
    fn signed_gain(&self, play: &WindowPlay, i: usize, h: usize) -> (f64, f64) {
        let network = &play.signed;
        let market = network.market(self.economy, h);
        let demand = market.demand(&play.service, i, |at| network.quality.lane(h, at));
        let remote = self.economy.remote_value * network.quality.get(h, i);
        (demand, network.uncovered_by_rivals(i, h) * (1.0 - remote))
    }

    /// The same on the expected network, whether i is in E_h or not.
    fn expected_gain(&self, play: &WindowPlay, i: usize, h: usize) -> (f64, f64) {
        let market = play.expected.market(self.economy, h);
        let ranks = &play.ranks;
        let demand = market.demand(&play.service, i, ranks.without(h, i));
        let own = if ranks.host.get(h, i) == i as f64 {
            ranks.second.get(h, i)
        } else {
            ranks.best.get(h, i)
        };
        (
            demand,
            play.rivals.get(h, i) * (1.0 - self.economy.remote_value * own),
        )
    }

    /// comp_h(E_h∪{i}) − comp_h(E_h∖i) (15).
    fn expected_regime_cost(&self, play: &WindowPlay, i: usize, h: usize) -> f64 {
        let own = self.economy.compliance[i * self.economy.m + h];
        let eta = self.arm_economy.rules.harmonisation;
        if play.accord >> i & 1 == 0 || eta == 0.0 {
            return own;
        }
        added_compliance(own, play.costliest[h].without(i), eta)
    }

    /// comp_h(X∪{i}) − comp_h(X) for hosts X without i (15).
    fn regime_cost(&self, play: &WindowPlay, i: usize, h: usize, hosts: u64) -> f64 {
        let economy = self.economy;
        let costs = &economy.compliance[h..];
        let eta = self.arm_economy.rules.harmonisation;
        if play.accord >> i & 1 == 0 || eta == 0.0 {
            return costs[i * economy.m];
        }
        member_compliance(hosts, play.accord, eta, costs, economy.m, i)
    }
}
