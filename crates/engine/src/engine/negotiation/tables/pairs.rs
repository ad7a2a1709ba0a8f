//! A table of one state and one hyperscaler: gains (18), (19) and the deal (model, section 6, bilateral and framework).
//!
//! Not here: tables of several states (`bloc`), auctions (`contest`), and what a clause or repricing makes of the terms (`terms`, `clause`).

use crate::engine::model::Others;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{lane, set_lane};
use crate::engine::model::service::{added_compliance, member_compliance};
use crate::engine::negotiation::cache::repriced::{FrontierEnds, RepricedCache};
use crate::engine::negotiation::network::hosts::{Network, access};
use crate::engine::negotiation::network::peers::behind;
use crate::engine::negotiation::network::service::ServiceCache;
use crate::engine::negotiation::tables::deal::{Booked, Deal};
use crate::engine::negotiation::tables::gains::{Change, TableGains};
use crate::engine::negotiation::tables::play::{JointScratch, WindowPlay};
use crate::engine::negotiation::tables::record::{TableOutcome, TableRecord};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::{Agreement, FrontierPoint, Gains, cash_total};
use wide::f64x4;

/// A state that may host a hyperscaler beside `hosts`: V_i·(1 − compute_i), what rivals leave uncovered, and what its regime would cost.
#[derive(Debug, Clone, Copy)]
struct Entrant {
    hosts: StateSet,
    worth: f64,
    uncovered: f64,
    regime: f64,
}

impl Talks<'_> {
    /// The turn of pair (i, h): i leaves S_h and enters it again if the two agree.
    pub(crate) fn meet_pair(&self, play: &mut WindowPlay, i: usize, h: usize) {
        let economy = self.economy;
        let rest = play.signed.hosts[h] & !(1 << i);
        if let Some(ended) = self.pair_obstacle(play, i, h) {
            play.signed.set_hosts(economy, &mut play.service, h, rest);
            play.record(|| TableRecord::without_talks(1 << i, h, ended));
            return;
        }
        let TableGains { gains, pressure } = self.pair_gains(play, i, h, economy.foresight);
        let stake = economy.margin[i * economy.m + h];
        play.erosion
            .note(rest.count_ones() as usize, pressure, stake);
        play.tally.pair_tables += 1;
        let deal = self.agree(play, i, h, gains);
        let agreed = |deal: Deal| TableOutcome::Agreed(deal.agreement);
        let ended = deal.map_or(TableOutcome::NoDeal, agreed);
        if play.follow {
            let together = self.together(play, i, h, gains);
            play.record(|| TableRecord::of_pair(i, h, gains, together, pressure, ended));
        }
        match deal {
            Some(deal) => self.sign_pair(play, i, h, gains, deal),
            None => play.signed.set_hosts(economy, &mut play.service, h, rest),
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
    fn agree(&self, play: &mut WindowPlay, i: usize, h: usize, gains: Gains) -> Option<Deal> {
        let p = i * self.economy.m + h;
        if self.has_clause(play) {
            play.tally.bargains += 1;
            let agreement = self.settle_under_clause(play, i, h, gains, play.reserves[p])?;
            return Some(self.clause_deal(play, i, h, agreement));
        }
        let (inside, reserve) = (play.accord >> i & 1 == 1, play.reserves[p]);
        if reserve > f64::NEG_INFINITY {
            return self.bargain(play, i, h, gains, reserve);
        }
        let known = play.agreements.find(p, inside, gains);
        known.unwrap_or_else(|| {
            let deal = self.bargain(play, i, h, gains, reserve);
            play.agreements.keep(p, inside, gains, deal);
            deal
        })
    }

    /// The bargain of a pair over `gains` where no clause is in force.
    pub(super) fn bargain(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        gains: Gains,
        reserve: f64,
    ) -> Option<Deal> {
        let WindowPlay {
            accord,
            repriced,
            joint,
            tally,
            ..
        } = play;
        tally.bargains += 1;
        if !self.has_repricing() {
            let agreement = self.settle_pair(i, h, *accord >> i & 1 == 1, gains, reserve)?;
            return Some(Deal::on_plain_terms(agreement));
        }
        let agreement = self.settle_repriced(joint, repriced, *accord, i, h, gains, reserve)?;
        Some(self.repriced_deal(joint, *accord, i, h, agreement))
    }

    /// The books of (i, h) at the largest λ that leaves the hyperscaler no loss, where no clause is in force.
    pub(super) fn booked_at_most(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        gains: Gains,
    ) -> Booked {
        self.weigh_pair(play, i, h);
        let frontier = play.joint.frontier();
        let lambda = frontier.largest_with_hyperscaler_gain(gains, 0.0, 0.0, 1.0);
        play.joint.write_levels(lambda);
        self.books_of(play.accord, i, h, &play.joint.levels[..self.economy.k])
    }

    /// The point at λ = ½ of the frontier of (i, h), where no clause is in force.
    pub(super) fn middle(&self, play: &mut WindowPlay, i: usize, h: usize) -> FrontierPoint {
        if self.has_repricing() {
            let WindowPlay {
                accord,
                repriced,
                joint,
                ..
            } = play;
            return self.repriced_middle(joint, repriced, *accord, i, h);
        }
        let points = match play.accord >> i & 1 {
            1 => self.floored,
            _ => self.open,
        };
        points.middle(self.economy, i, h)
    }

    /// A bargain of (i, h) in numbers for the books.
    pub(crate) fn deal(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        agreement: Agreement,
    ) -> Deal {
        if self.has_clause(play) {
            self.clause_deal(play, i, h, agreement)
        } else if self.has_repricing() {
            self.weigh_pair(play, i, h);
            self.repriced_deal(&mut play.joint, play.accord, i, h, agreement)
        } else {
            Deal::on_plain_terms(agreement)
        }
    }

    /// The same under the clause, where the bundle is written at once: others may claim it.
    fn clause_deal(&self, play: &mut WindowPlay, i: usize, h: usize, agreement: Agreement) -> Deal {
        let economy = self.economy;
        self.weigh_pair_again(play, i, h);
        let deal = self.repriced_deal(&mut play.joint, play.accord, i, h, agreement);
        let p = i * economy.m + h;
        play.bundle[p * economy.k..(p + 1) * economy.k]
            .copy_from_slice(&play.joint.levels[..economy.k]);
        deal
    }

    /// The same where the terms of the pair are weighed: a bundle is worth what its plain slopes say.
    fn repriced_deal(
        &self,
        joint: &mut JointScratch,
        accord: StateSet,
        i: usize,
        h: usize,
        agreement: Agreement,
    ) -> Deal {
        joint.write_levels(agreement.lambda);
        let levels = &joint.levels[..self.economy.k];
        let booked = self.books_of(accord, i, h, levels);
        Deal { agreement, booked }
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
        let middle = self.repriced_middle(joint, repriced, accord, i, h);
        let both_gain = gains.state + middle.value > 0.0 && gains.hyperscaler - middle.cost > 0.0;
        if !self.arm_economy.transfers && !both_gain {
            let (p, inside) = (i * self.economy.m + h, accord >> i & 1 == 1);
            let ends = repriced.ends(p, inside, || {
                self.weigh_pair_under(joint, accord, i, h);
                FrontierEnds::of(&joint.frontier())
            });
            if !ends.could_deal(gains) {
                return None;
            }
        }
        self.weigh_pair_under(joint, accord, i, h);
        let protocol = self.protocol(self.side_of(i), h);
        let frontier = joint.frontier();
        self.settle(&frontier, gains, protocol, reserve, Some(middle))
    }

    /// The point at λ = ½ of the frontier of a pair whose terms protect against repricing.
    fn repriced_middle(
        &self,
        joint: &mut JointScratch,
        repriced: &mut RepricedCache,
        accord: StateSet,
        i: usize,
        h: usize,
    ) -> FrontierPoint {
        let (p, inside) = (i * self.economy.m + h, accord >> i & 1 == 1);
        repriced.middle(p, inside, || {
            self.weigh_pair_under(joint, accord, i, h);
            joint.frontier().at(0.5)
        })
    }

    /// What keeps i and h from talks, if anything does.
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

    /// Enters a signed pair into the network and the books; but for the clause its bundle is written down when the play is over.
    pub(crate) fn sign_pair(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        gains: Gains,
        deal: Deal,
    ) {
        let economy = self.economy;
        let p = i * economy.m + h;
        play.signed_gains[p] = gains;
        play.state_gains[p] = deal.agreement.state_gain;
        play.budget[h] -= economy.size[p];
        play.dealt[h] |= 1 << i;
        play.book_deal(p, deal);
        play.signed.add(economy, &mut play.service, h, 1 << i);
    }

    /// Writes the bundles of all pairs signed at their own tables (23); under the clause they are written already.
    pub fn write_bundles(&self, play: &mut WindowPlay) {
        if self.has_clause(play) {
            return;
        }
        let economy = self.economy;
        for h in 0..economy.m {
            for i in members(play.dealt[h] & !play.bloc) {
                let p = i * economy.m + h;
                let bundle = p * economy.k..(p + 1) * economy.k;
                if self.has_repricing() {
                    self.weigh_pair(play, i, h);
                    let frontier = play.joint.frontier();
                    frontier.bundle(play.lambda[p], &mut play.bundle[bundle]);
                } else {
                    let frontier = self.pair_frontier(i, h, play.accord >> i & 1 == 1);
                    frontier.bundle(play.lambda[p], &mut play.bundle[bundle]);
                }
            }
        }
    }

    /// ΔΠ (18) and ΔU (19) of T = G = {i} with foresight ρ, whether i is in S_h still or not.
    pub(crate) fn pair_gains(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        foresight: f64,
    ) -> TableGains {
        let own = (self.arm_economy).own_gains(self.economy, i, h, play.accord);
        let mut table = TableGains::of(own);
        if foresight < 1.0 {
            table.add(1.0 - foresight, self.signed_change(play, i, h));
        }
        if foresight > 0.0 {
            let change = match self.arm_economy.others {
                Others::NashInNash => self.expected_change(play, i, h),
                Others::RandomOrder => self.random_order_change(play, i, h),
            };
            table.add(foresight, change);
        }
        table
    }

    /// What i entering S_h changes on the signed network.
    fn signed_change(&self, play: &mut WindowPlay, i: usize, h: usize) -> Change {
        let hosts = play.signed.hosts[h] & !(1 << i);
        let entrant = Entrant {
            hosts,
            worth: lane(&play.worth, i),
            uncovered: play.signed.uncovered_by_rivals(i, h),
            regime: self.regime_cost(play, i, h, hosts),
        };
        self.change_by(&mut play.service, &play.signed, i, h, entrant)
    }

    /// The same on the expected network, whether i is in E_h or not.
    fn expected_change(&self, play: &mut WindowPlay, i: usize, h: usize) -> Change {
        let entrant = Entrant {
            hosts: play.expected.hosts[h] & !(1 << i),
            worth: lane(&play.worth, i),
            uncovered: play.rivals.get(h, i),
            regime: self.expected_regime_cost(play, i, h),
        };
        self.change_by(&mut play.service, &play.expected, i, h, entrant)
    }

    /// What i changes by hosting h beside others, rivals as in `network`.
    fn change_by(
        &self,
        service: &mut ServiceCache,
        network: &Network,
        i: usize,
        h: usize,
        entrant: Entrant,
    ) -> Change {
        let economy = self.economy;
        let (before, after) = (entrant.hosts, entrant.hosts | 1 << i);
        let cells = [before, after].map(|hosts| service.locate(economy, h, hosts));
        let [without, with] = cells.map(|cell| service.quality(cell));
        let demand = network.market(economy, h).demand(with, without);
        let capital = service.capital(h, cells[1]) - service.capital(h, cells[0]);
        let worth = entrant.worth * economy.coverage[i * economy.m + h];
        let gained = 1.0 - economy.remote_value * lane(without, i);
        let mut states = worth * entrant.uncovered * gained;
        if economy.peers > 0.0 {
            let lag = behind(economy, i, |l| access(economy, before, without, l));
            let rest = behind(economy, i, |l| access(economy, after, with, l));
            states += economy.peers * worth * (lag - rest);
        }
        Change {
            demand,
            hyperscaler: demand - capital - entrant.regime,
            states,
        }
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
        added_compliance(own, own, play.costliest[h].without(i), eta)
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
