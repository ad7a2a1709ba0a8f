//! A table of one state and one hyperscaler: gains (18), (19) and the deal (model, section 6, bilateral and framework).
//!
//! Not here: tables of several states (`bloc`) and auctions (`contest`).

use crate::bargaining::{Agreement, Frontier, Gains};
use crate::model::service::compliance;
use crate::negotiation::board::{Board, Ended, TableRecord};
use crate::negotiation::network::uncovered_by_rivals;
use crate::negotiation::table::Talks;

/// Gains of a pair before terms, and the margin that a refusal costs the hyperscaler.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PairGains {
    pub gains: Gains,
    pub pressure: f64,
}

impl Talks<'_> {
    /// The turn of pair (i, h): i leaves S_h and enters it again if the two agree.
    pub(crate) fn meet_pair(&self, board: &mut Board, i: usize, h: usize) {
        let economy = self.economy;
        let p = i * economy.m + h;
        board.signed.remove(economy, &board.reach, h, 1 << i);
        if let Some(ended) = self.pair_obstacle(board, i, h) {
            board.record(|| TableRecord::without_talks(1 << i, h, ended));
            return;
        }
        let PairGains { gains, pressure } = self.pair_gains(board, i, h, economy.foresight);
        board.erosion.note(
            board.signed.hosts[h].count_ones() as usize,
            pressure,
            economy.margin[p],
        );
        let floored = board.accord >> i & 1 == 1;
        let frontier = self.pair_frontier(i, h, floored);
        let agreement = board.settled.agreement(p, floored, gains, || {
            let protocol = self.protocol(self.side_of(i), h);
            self.settle(&frontier, gains, protocol, f64::NEG_INFINITY)
        });
        let ended = agreement.map_or(Ended::NoDeal, Ended::Agreed);
        board.record(|| TableRecord::of_pair(i, h, gains, pressure, ended));
        if let Some(agreement) = agreement {
            self.sign_pair(board, i, h, &frontier, agreement);
        }
    }

    /// What keeps i and h from talks, if anything does; i is outside S_h.
    pub(crate) fn pair_obstacle(&self, board: &Board, i: usize, h: usize) -> Option<Ended> {
        let economy = self.economy;
        if economy.feasible[h] >> i & 1 == 0 {
            return Some(Ended::NotFeasible);
        }
        (economy.size[i * economy.m + h] > board.budget[h]).then_some(Ended::OverBudget)
    }

    /// Enters a signed pair into the network and the books.
    pub(crate) fn sign_pair(
        &self,
        board: &mut Board,
        i: usize,
        h: usize,
        frontier: &Frontier,
        agreement: Agreement,
    ) {
        let economy = self.economy;
        let p = i * economy.m + h;
        let levels = &mut board.bundle[p * economy.k..(p + 1) * economy.k];
        frontier.bundle(agreement.lambda, levels);
        let (value, cost) = frontier.evaluate(levels);
        board.value[p] = value;
        board.cost[p] = cost;
        board.transfer[p] = agreement.transfer;
        board.budget[h] -= economy.size[p];
        board.signed.add(economy, &board.reach, h, 1 << i);
    }

    /// ΔΠ (18) and ΔU (19) of T = G = {i} with foresight ρ, i outside S_h.
    pub(crate) fn pair_gains(
        &self,
        board: &Board,
        i: usize,
        h: usize,
        foresight: f64,
    ) -> PairGains {
        let economy = self.economy;
        let (mut captured, mut uncovered, mut regime) = (0.0, 0.0, 0.0);
        if foresight < 1.0 {
            let (demand, access) = self.signed_gain(board, i, h);
            captured += (1.0 - foresight) * demand;
            uncovered += (1.0 - foresight) * access;
            regime += (1.0 - foresight) * self.regime_cost(board, i, h, board.signed.hosts[h]);
        }
        if foresight > 0.0 {
            let (demand, access) = self.expected_gain(board, i, h);
            captured += foresight * demand;
            uncovered += foresight * access;
            regime +=
                foresight * self.regime_cost(board, i, h, board.expected.hosts[h] & !(1 << i));
        }
        let p = i * economy.m + h;
        let alone = self.scene.value(i, board.accord) * (1.0 - self.standing.compute[i]);
        let state = alone * economy.coverage[p] * uncovered
            + self.scene.switching_cost(economy, i, h, board.accord);
        let hyperscaler = captured - self.scene.hosting_cost[p] - regime;
        PairGains {
            gains: Gains { state, hyperscaler },
            pressure: captured,
        }
    }

    /// Demand captured by entering i into S_h, and ∏ of rivals' uncovered times the gain in r.
    fn signed_gain(&self, board: &Board, i: usize, h: usize) -> (f64, f64) {
        let economy = self.economy;
        let network = &board.signed;
        let mut demand = 0.0;
        for l in 0..economy.n {
            let without = network.quality[l * economy.m + h];
            let with = board.reach[l * economy.n + i];
            if with > without {
                demand += network.capture(economy, l, h, with, without);
            }
        }
        let remote = economy.remote_value * network.quality[i * economy.m + h];
        (
            demand,
            uncovered_by_rivals(economy, network, i, h) * (1.0 - remote),
        )
    }

    /// The same on the expected network, whether i is in E_h or not.
    fn expected_gain(&self, board: &Board, i: usize, h: usize) -> (f64, f64) {
        let economy = self.economy;
        let network = &board.expected;
        let mut demand = 0.0;
        for l in 0..economy.n {
            let ranked = board.ranked[l * economy.m + h];
            let without = if ranked.best_host == Some(i) {
                ranked.second
            } else {
                ranked.best
            };
            let with = board.reach[l * economy.n + i];
            if with > without {
                demand += network.capture(economy, l, h, with, without);
            }
        }
        let own = board.ranked[i * economy.m + h];
        let without = if own.best_host == Some(i) {
            own.second
        } else {
            own.best
        };
        (
            demand,
            uncovered_by_rivals(economy, network, i, h) * (1.0 - economy.remote_value * without),
        )
    }

    /// comp_h(X∪{i}) − comp_h(X) for hosts X without i (15).
    fn regime_cost(&self, board: &Board, i: usize, h: usize, hosts: u64) -> f64 {
        let economy = self.economy;
        let costs = &economy.compliance[h..];
        let eta = self.scene.rules.harmonisation;
        if board.accord >> i & 1 == 0 || eta == 0.0 {
            return costs[i * economy.m];
        }
        compliance(hosts | 1 << i, board.accord, eta, costs, economy.m)
            - compliance(hosts, board.accord, eta, costs, economy.m)
    }
}
