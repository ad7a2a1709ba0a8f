//! A table of one state and one hyperscaler: gains (18), (19) and the deal (model, section 6, bilateral and framework).
//!
//! Not here: tables of several states (`bloc`), auctions (`contest`), and what a clause or repricing makes of the terms (`terms`, `clause`).

use crate::engine::model::Others;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{lane, set_lane};
use crate::engine::model::service::{added_compliance, member_compliance};
use crate::engine::negotiation::cache::repriced::{RepricedCache, RepricedPoints};
use crate::engine::negotiation::network::peers::behind;
use crate::engine::negotiation::tables::gains::{Change, TableGains};
use crate::engine::negotiation::tables::play::{
    JointScratch, TableOutcome, TableRecord, WindowPlay,
};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::{Agreement, Gains, cash_total};
use wide::f64x4;

impl Talks<'_> {
    /// The turn of pair (i, h): i leaves S_h and enters it again if the two agree.
    pub(crate) fn meet_pair(&self, play: &mut WindowPlay, i: usize, h: usize) {
        let economy = self.economy;
        let p = i * economy.m + h;
        play.signed.remove(economy, &mut play.service, h, 1 << i);
        if let Some(ended) = self.pair_obstacle(play, i, h) {
            play.record(|| TableRecord::without_talks(1 << i, h, ended));
            return;
        }
        let TableGains { gains, pressure } = self.pair_gains(play, i, h, economy.foresight);
        let hosts = play.signed.hosts[h].count_ones() as usize;
        play.erosion.note(hosts, pressure, economy.margin[p]);
        play.tally.pair_tables += 1;
        let agreement = self.agree(play, i, h, gains);
        let ended = agreement.map_or(TableOutcome::NoDeal, TableOutcome::Agreed);
        if play.follow {
            let together = self.together(play, i, h, gains);
            play.record(|| TableRecord::of_pair(i, h, gains, together, pressure, ended));
        }
        if let Some(agreement) = agreement {
            self.sign_pair(play, i, h, gains, agreement);
        }
    }

    /// ΔU + ΔΠ + s − g at λ = ½ of a pair that has just bargained.
    fn together(&self, play: &mut WindowPlay, i: usize, h: usize, gains: Gains) -> f64 {
        if self.has_clause(play) || self.has_repricing() {
            // A bargain that was settled before left the terms of another table weighed.
            self.weigh_pair_again(play, i, h);
            return cash_total(&play.joint.frontier(), gains);
        }
        let floored = play.accord >> i & 1 == 1;
        cash_total(&self.pair_frontier(i, h, floored), gains)
    }

    /// The bargain of a pair over `gains`: on plain terms, or on those that repricing and the clause of the accord leave.
    fn agree(&self, play: &mut WindowPlay, i: usize, h: usize, gains: Gains) -> Option<Agreement> {
        let p = i * self.economy.m + h;
        if self.has_clause(play) {
            play.tally.bargains += 1;
            return self.settle_under_clause(play, i, h, gains, play.reserves[p]);
        }
        let floored = play.accord >> i & 1 == 1;
        let reserve = play.reserves[p];
        let WindowPlay {
            accord,
            agreements,
            repriced,
            joint,
            tally,
            ..
        } = play;
        let mut settle = || {
            tally.bargains += 1;
            match self.has_repricing() {
                true => self.settle_repriced(joint, repriced, *accord, i, h, gains, reserve),
                false => self.settle_pair(i, h, floored, gains, reserve),
            }
        };
        if reserve > f64::NEG_INFINITY {
            settle()
        } else {
            agreements.agreement(p, floored, gains, settle)
        }
    }

    /// The bargain of a pair whose terms protect against repricing, refused before it begins where they could not leave both sides a gain.
    #[allow(clippy::too_many_arguments)]
    fn settle_repriced(
        &self,
        joint: &mut JointScratch,
        repriced: &mut RepricedCache,
        accord: StateSet,
        i: usize,
        h: usize,
        gains: Gains,
        reserve: f64,
    ) -> Option<Agreement> {
        let (p, inside) = (i * self.economy.m + h, accord >> i & 1 == 1);
        let points = repriced.points(p, inside, || {
            self.weigh_pair_under(joint, accord, i, h);
            RepricedPoints::of(&joint.frontier())
        });
        if !self.arm_economy.transfers && !points.could_deal(gains) {
            return None;
        }
        self.weigh_pair_under(joint, accord, i, h);
        let protocol = self.protocol(self.side_of(i), h);
        let frontier = joint.frontier();
        self.settle(&frontier, gains, protocol, reserve, Some(points.middle))
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
        if play.refused[h] >> i & 1 == 1 {
            return Some(TableOutcome::Refused);
        }
        (economy.size[i * economy.m + h] > play.budget[h]).then_some(TableOutcome::OverBudget)
    }

    /// Enters a signed pair into the network and the books; on plain terms its bundle is written down when the play is over.
    pub(crate) fn sign_pair(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        gains: Gains,
        agreement: Agreement,
    ) {
        let economy = self.economy;
        let p = i * economy.m + h;
        play.signed_gains[p] = gains;
        play.state_gains[p] = agreement.state_gain;
        play.budget[h] -= economy.size[p];
        play.dealt[h] |= 1 << i;
        self.book_pair(play, i, h, agreement);
        play.signed.add(economy, &mut play.service, h, 1 << i);
    }

    /// Writes what an agreement brings into the books.
    pub(crate) fn book_pair(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        agreement: Agreement,
    ) {
        let economy = self.economy;
        let p = i * economy.m + h;
        play.lambda[p] = agreement.lambda;
        play.transfer[p] = agreement.transfer;
        if self.has_clause(play) || self.has_repricing() {
            self.weigh_pair_again(play, i, h);
            play.joint.write_levels(agreement.lambda);
            self.book_levels(play, i, h, 0);
        } else {
            play.value[p] = agreement.value;
            play.cost[p] = agreement.cost;
        }
    }

    /// Writes the bundles of all pairs signed on plain terms at their own tables (23).
    pub fn write_bundles(&self, play: &mut WindowPlay) {
        if self.has_clause(play) || self.has_repricing() {
            return;
        }
        let economy = self.economy;
        for h in 0..economy.m {
            for i in members(play.dealt[h] & !play.bloc) {
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
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        foresight: f64,
    ) -> TableGains {
        let mut gains = self.own_gains(play, h, 1 << i);
        let mut pressure = 0.0;
        let mut add = |weight: f64, change: Change| {
            pressure += weight * change.demand;
            gains.hyperscaler += weight * change.hyperscaler;
            gains.state += weight * change.states;
        };
        if foresight < 1.0 {
            add(1.0 - foresight, self.signed_change(play, i, h));
        }
        if foresight > 0.0 {
            let change = match self.arm_economy.others {
                Others::NashInNash => self.expected_change(play, i, h),
                Others::RandomOrder => self.random_order_change(play, i, h),
            };
            add(foresight, change);
        }
        TableGains { gains, pressure }
    }

    /// What i entering S_h changes on the signed network.
    fn signed_change(&self, play: &mut WindowPlay, i: usize, h: usize) -> Change {
        let economy = self.economy;
        let hosts = play.signed.hosts[h];
        let regime = self.regime_cost(play, i, h, hosts);
        let uncovered = play.signed.uncovered_by_rivals(i, h);
        let WindowPlay {
            service,
            signed,
            columns: [with, without],
            ..
        } = play;
        let capital = service.write_quality(economy, h, hosts | 1 << i, with);
        without.copy_from_slice(signed.quality.column(h));
        let demand = signed.market(economy, h).demand(with, without);
        Change {
            demand,
            hyperscaler: demand - (capital - signed.capital[h]) - regime,
            states: self.access_of(play, i, h, uncovered, hosts),
        }
    }

    /// The same on the expected network, whether i is in E_h or not.
    fn expected_change(&self, play: &mut WindowPlay, i: usize, h: usize) -> Change {
        let economy = self.economy;
        let regime = self.expected_regime_cost(play, i, h);
        let uncovered = play.rivals.get(h, i);
        let WindowPlay {
            service,
            expected,
            columns: [with, without],
            ..
        } = play;
        let hosts = expected.hosts[h] & !(1 << i);
        let capital = service.write_quality(economy, h, hosts | 1 << i, with);
        let capital_without = service.write_quality(economy, h, hosts, without);
        let demand = expected.market(economy, h).demand(with, without);
        Change {
            demand,
            hyperscaler: demand - (capital - capital_without) - regime,
            states: self.access_of(play, i, h, uncovered, hosts),
        }
    }

    /// What i gains in access by hosting h beside `hosts`, ψ without it being in the second scratch column.
    fn access_of(&self, play: &WindowPlay, i: usize, h: usize, uncovered: f64, hosts: u64) -> f64 {
        let economy = self.economy;
        let [with, without] = &play.columns;
        let remote = economy.remote_value;
        let worth = lane(&play.worth, i) * economy.coverage[i * economy.m + h];
        let mut access = worth * uncovered * (1.0 - remote * lane(without, i));
        if economy.peers > 0.0 {
            let r = |column: &[f64x4], hosts: u64, l: usize| match hosts >> l & 1 {
                1 => 1.0,
                _ => remote * lane(column, l),
            };
            let before = behind(economy, i, |l| r(without, hosts, l));
            let after = behind(economy, i, |l| r(with, hosts | 1 << i, l));
            access += economy.peers * worth * (before - after);
        }
        access
    }

    fn random_order_change(&self, play: &mut WindowPlay, i: usize, h: usize) -> Change {
        let access = lane(&play.worth, i)
            * self.economy.coverage[i * self.economy.m + h]
            * play.rivals.get(h, i);
        let column = &mut play.joint.expected.access;
        column.fill(f64x4::ZERO);
        set_lane(column, i, access);
        self.change_in_random_order(play, h, 1 << i, 1 << i)
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
