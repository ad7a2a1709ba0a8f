//! The table of a whole bloc and one hyperscaler: who hosts, on which terms (model, section 6, bloc; (30)).
//!
//! Not here: who belongs to the bloc (`formation`) and how it divides what it wins (`sharing`).

use crate::bargaining::{Frontier, Gains};
use crate::model::arm::{StateSet, members};
use crate::model::lanes::{LANE, indicate, sum};
use crate::model::service::compliance;
use crate::negotiation::board::{Board, Costliest, Ended, JointNetwork, JointScratch, TableRecord};
use crate::negotiation::expected::TIE;
use crate::negotiation::network::Network;
use crate::negotiation::table::{Side, Talks};
use wide::f64x4;

/// A joint table after placing: who hosts, and the gains before terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placing {
    pub placed: StateSet,
    pub gains: Gains,
    pub pressure: f64,
}

impl Talks<'_> {
    /// The bloc meets h: all members leave S_h and those of G enter again if the two sides agree.
    pub(crate) fn meet_bloc(&self, board: &mut Board, h: usize) {
        let economy = self.economy;
        let bloc = board.accord;
        board.signed.remove(economy, &board.reach, h, bloc);
        if board.bids[h].is_nan() && self.arm.shortlist.is_some() {
            board.record(|| TableRecord::without_talks(bloc, h, Ended::Refused));
            return;
        }
        let Some(Placing {
            placed,
            gains,
            pressure,
        }) = self.place(board, h, economy.foresight, board.budget[h])
        else {
            board.record(|| TableRecord::without_talks(bloc, h, Ended::NobodyPlaced));
            return;
        };
        let stake = members(bloc)
            .map(|l| economy.margin[l * economy.m + h])
            .sum();
        board
            .erosion
            .note(board.signed.hosts[h].count_ones() as usize, pressure, stake);
        self.weigh_terms(board, h, placed);
        let protocol = self.protocol(self.joint_side(placed, bloc), h);
        let reserve = if self.arm.shortlist.is_some() {
            board.reserve
        } else {
            f64::NEG_INFINITY
        };
        let frontier = self.joint_frontier(&board.joint);
        let agreement = self.settle(&frontier, gains, protocol, reserve, None);
        let ended = agreement.map_or(Ended::NoDeal, Ended::Agreed);
        board.record(|| TableRecord {
            table: bloc,
            hyperscaler: h,
            placed,
            gains,
            pressure,
            ended,
        });
        if let Some(agreement) = agreement {
            for k in 0..economy.k {
                let level = self.joint_frontier(&board.joint).level(k, agreement.lambda);
                board.joint.levels[k] = level;
            }
            self.sign_bloc(board, h, placed, agreement.transfer);
        }
    }

    fn sign_bloc(&self, board: &mut Board, h: usize, placed: StateSet, transfer: f64) {
        let economy = self.economy;
        let total: f64 = members(placed)
            .map(|i| economy.size[i * economy.m + h])
            .sum();
        for i in members(placed) {
            let p = i * economy.m + h;
            let (value, cost) = self.pair_frontier(i, h, true).evaluate(&board.joint.levels);
            board.bundle[p * economy.k..(p + 1) * economy.k].copy_from_slice(&board.joint.levels);
            board.value[p] = value;
            board.cost[p] = cost;
            let share = if total > 0.0 {
                economy.size[p] / total
            } else {
                1.0 / f64::from(placed.count_ones())
            };
            board.transfer[p] = transfer * share;
        }
        board.budget[h] -= total;
        board.signed.add(economy, &board.reach, h, placed);
    }

    /// Bids of a shortlist: s* of each table with ρ = 1 and the full budget. Those refused lose their bid; R is the highest refused.
    pub(crate) fn invite_bids(&self, board: &mut Board) {
        let Some(places) = self.arm.shortlist else {
            return;
        };
        for h in 0..self.economy.m {
            board.bids[h] = f64::NAN;
            let Some(placing) = self.place(board, h, 1.0, self.economy.budget[h]) else {
                continue;
            };
            self.weigh_terms(board, h, placing.placed);
            if let Some(bid) =
                self.most_for_states(&self.joint_frontier(&board.joint), placing.gains)
            {
                board.bids[h] = bid;
            }
        }
        let bids = &mut board.bids;
        let queue = &mut board.joint.queue;
        queue.clear();
        queue.extend((0..self.economy.m).filter(|&h| !bids[h].is_nan()));
        let mut met = 0;
        while met < (places as usize).min(queue.len()) {
            let highest = queue[met..]
                .iter()
                .map(|&h| bids[h])
                .fold(f64::NEG_INFINITY, f64::max);
            let tied = queue[met..].iter().position(|&h| bids[h] >= highest - TIE);
            let best = met + tied.expect("the highest is among them");
            queue[met..=best].rotate_right(1);
            met += 1;
        }
        board.reserve = queue[met..].iter().map(|&h| bids[h]).fold(0.0, f64::max);
        for &h in &queue[met..] {
            bids[h] = f64::NAN;
        }
    }

    /// Admits members by size within the budget, lets those with a negative joint gain go unless all are to be covered, and gives
    /// ΔΠ and Σ ΔU_l of the rest; none where nobody is left. Members are outside S_h, or ρ = 1.
    pub(crate) fn place(
        &self,
        board: &mut Board,
        h: usize,
        foresight: f64,
        budget: f64,
    ) -> Option<Placing> {
        let mut placed = self.admit(board, h, budget);
        if placed == 0 {
            return None;
        }
        self.strip_members(board, h, foresight);
        self.rank_hosts(board, h, foresight, placed, None);
        loop {
            if self.arm.cover_all {
                break;
            }
            self.fall_of_each(board, h, foresight, placed);
            let lowest = members(placed)
                .map(|i| board.joint.loss[i])
                .fold(f64::INFINITY, f64::min);
            if lowest >= -TIE {
                break;
            }
            let leaving = members(placed)
                .filter(|&i| board.joint.loss[i] <= lowest + TIE)
                .last()
                .expect("the lowest is among them");
            placed &= !(1 << leaving);
            if placed == 0 {
                return None;
            }
            self.rank_hosts(board, h, foresight, placed, Some(leaving));
        }
        Some(self.joint_gains(board, h, foresight, placed))
    }

    /// Members that h may deal with, in descending size, each if it fits what the ones before left of the budget.
    fn admit(&self, board: &mut Board, h: usize, mut budget: f64) -> StateSet {
        let economy = self.economy;
        let size = |i: usize| economy.size[i * economy.m + h];
        let candidates = board.accord & economy.feasible[h];
        let all: f64 = members(candidates).map(size).sum();
        // Far from the limit no order matters.
        if all <= 0.999 * budget {
            return candidates;
        }
        let order = &mut board.joint.order;
        order.clear();
        order.extend(members(candidates));
        order.sort_unstable_by(|&i, &j| size(j).total_cmp(&size(i)).then(i.cmp(&j)));
        let mut admitted = 0;
        for &i in order.iter() {
            if size(i) <= budget {
                admitted |= 1 << i;
                budget -= size(i);
            }
        }
        admitted
    }

    /// ψ of every state from X⁻ = X∖B on both networks, and what access is worth to members.
    fn strip_members(&self, board: &mut Board, h: usize, foresight: f64) {
        let Board {
            accord,
            inside,
            worth,
            reach,
            rivals,
            signed,
            expected,
            joint,
            ..
        } = board;
        let networks = [
            (1.0 - foresight, &*signed, &mut joint.signed, None),
            (foresight, &*expected, &mut joint.expected, Some(rivals)),
        ];
        for (weight, network, joint, known) in networks {
            if weight > 0.0 {
                let outsiders = network.hosts[h] & !*accord;
                let outside = &self.economy.outside_lanes;
                for (at, (psi, &outside)) in joint.without.iter_mut().zip(outside).enumerate() {
                    *psi = reach.best(at, outside, outsiders);
                }
                let coverage = self.economy.covered.column(h);
                for (at, access) in joint.access.iter_mut().enumerate() {
                    let rivals = match &known {
                        Some(rivals) => rivals.lane(h, at),
                        None => network.uncovered_lane(at, h),
                    };
                    *access = inside[at] * worth[at] * coverage[at] * rivals;
                }
            }
        }
    }

    /// Best and second-best server of every state among X⁻ ∪ G on both networks, and what h would lose without the best; after a host has
    /// left G, only where it was one of the two.
    fn rank_hosts(
        &self,
        board: &mut Board,
        h: usize,
        foresight: f64,
        placed: StateSet,
        left: Option<usize>,
    ) {
        let Board {
            accord,
            reach,
            signed,
            expected,
            joint,
            ..
        } = board;
        indicate(placed, &mut joint.placed);
        let networks = [
            (1.0 - foresight, &*signed, &mut joint.signed),
            (foresight, &*expected, &mut joint.expected),
        ];
        for (weight, network, joint) in networks {
            if weight <= 0.0 {
                continue;
            }
            let hosts = network.hosts[h] & !*accord | placed;
            let market = network.market(self.economy, h);
            for (at, &outside) in self.economy.outside_lanes.iter().enumerate() {
                let stale = |i| joint.ranks.hang_on(0, at, reach, i);
                if left.is_none_or(stale) {
                    joint.ranks.fill_lane(0, at, outside, reach, hosts);
                    let best = joint.ranks.best.lane(0, at);
                    let second = joint.ranks.second.lane(0, at);
                    joint.captured[at] = market.capture(at, best, second);
                }
            }
        }
    }

    /// Γ of each member of G: the fall in ΔΠ + Σ_{l∈B} ΔU_l + Σ_{l∈G} v*_lh when G loses it.
    fn fall_of_each(&self, board: &mut Board, h: usize, foresight: f64, placed: StateSet) {
        let economy = self.economy;
        for i in members(placed) {
            let p = i * economy.m + h;
            board.joint.loss[i] = self.scene.term_surplus[p]
                + self.scene.switching_cost(economy, i, h, board.accord)
                - self.scene.hosting_cost[p];
        }
        let Board {
            accord,
            signed,
            expected,
            joint,
            ..
        } = board;
        let loss = &mut joint.loss;
        for (weight, network, joint) in [
            (1.0 - foresight, &*signed, &joint.signed),
            (foresight, &*expected, &joint.expected),
        ] {
            if weight > 0.0 {
                let hosts = network.hosts[h] & !*accord | placed;
                self.add_regimes(loss, hosts, placed, *accord, h, weight);
                self.add_fall(loss, joint, weight, placed, *accord);
            }
        }
    }

    fn add_fall(
        &self,
        loss: &mut [f64],
        joint: &JointNetwork,
        weight: f64,
        placed: StateSet,
        bloc: StateSet,
    ) {
        let remote = self.economy.remote_value;
        let ranks = joint.ranks.host.column(0).iter();
        let ranks = ranks.zip(joint.ranks.best.column(0));
        let ranks = ranks.zip(joint.ranks.second.column(0));
        let worth = joint.captured.iter().zip(&joint.access);
        for (at, (((hosts, best), second), (captured, access))) in ranks.zip(worth).enumerate() {
            let (hosts, best, second) = (hosts.to_array(), best.to_array(), second.to_array());
            let (captured, access) = (captured.to_array(), access.to_array());
            for k in 0..LANE {
                let l = LANE * at + k;
                let host = hosts[k] as i64;
                let is_placed = host >= 0 && placed >> host & 1 == 1;
                if is_placed {
                    loss[host as usize] += weight * captured[k];
                }
                if placed >> l & 1 == 1 {
                    let without = if host == l as i64 { second[k] } else { best[k] };
                    loss[l] += weight * access[k] * (1.0 - remote * without);
                } else if is_placed && bloc >> l & 1 == 1 {
                    let fall = remote * (best[k] - second[k]);
                    loss[host as usize] += weight * access[k] * fall;
                }
            }
        }
    }

    /// Takes off what compliance costs less when h leaves a member.
    fn add_regimes(
        &self,
        loss: &mut [f64],
        hosts: StateSet,
        placed: StateSet,
        bloc: StateSet,
        h: usize,
        weight: f64,
    ) {
        let economy = self.economy;
        let costs = &economy.compliance[h..];
        let eta = self.scene.rules.harmonisation;
        let costliest = Costliest::of(economy, h, hosts & bloc);
        for i in members(placed) {
            let own = costs[i * economy.m];
            let largest = costliest.without(i);
            loss[i] -= weight * ((1.0 - eta) * own + eta * (largest.max(own) - largest));
        }
    }

    fn joint_gains(&self, board: &Board, h: usize, foresight: f64, placed: StateSet) -> Placing {
        let economy = self.economy;
        let mut gains = Gains {
            state: 0.0,
            hyperscaler: 0.0,
        };
        for i in members(placed) {
            gains.state += self.scene.switching_cost(economy, i, h, board.accord);
            gains.hyperscaler -= self.scene.hosting_cost[i * economy.m + h];
        }
        let mut pressure = 0.0;
        for (weight, network, joint) in [
            (1.0 - foresight, &board.signed, &board.joint.signed),
            (foresight, &board.expected, &board.joint.expected),
        ] {
            if weight > 0.0 {
                let (demand, access) = self.network_gain(board, network, joint, h);
                pressure += weight * demand;
                gains.state += weight * access;
                let regime = self.regime_of(network.hosts[h], placed, board.accord, h);
                gains.hyperscaler -= weight * regime;
            }
        }
        gains.hyperscaler += pressure;
        Placing {
            placed,
            gains,
            pressure,
        }
    }

    /// The change in compliance cost when G hosts h instead of no member.
    fn regime_of(&self, hosts: StateSet, placed: StateSet, bloc: StateSet, h: usize) -> f64 {
        let economy = self.economy;
        let outsiders = hosts & !bloc;
        let costs = &economy.compliance[h..];
        let eta = self.scene.rules.harmonisation;
        compliance(outsiders | placed, bloc, eta, costs, economy.m)
            - compliance(outsiders, bloc, eta, costs, economy.m)
    }

    /// On one network: demand captured by G, and Σ_{l∈B} of the gain in access.
    fn network_gain(
        &self,
        board: &Board,
        network: &Network,
        joint: &JointNetwork,
        h: usize,
    ) -> (f64, f64) {
        let remote = f64x4::splat(self.economy.remote_value);
        let market = network.market(self.economy, h);
        let (mut demand, mut rises) = (f64x4::ZERO, f64x4::ZERO);
        for (at, &best) in joint.ranks.best.column(0).iter().enumerate() {
            let without = joint.without[at];
            demand += market.capture(at, best, without);
            let better = (remote * best).fast_max(board.joint.placed[at]);
            rises += joint.access[at] * (better - remote * without);
        }
        (sum(demand), sum(rises))
    }

    /// Z-weighted sums of the coefficients over G.
    pub(crate) fn weigh_terms(&self, board: &mut Board, h: usize, placed: StateSet) {
        let economy = self.economy;
        let total: f64 = members(placed)
            .map(|i| economy.size[i * economy.m + h])
            .sum();
        let joint = &mut board.joint;
        for k in 0..economy.k {
            joint.a[k] = members(placed)
                .map(|i| economy.size[i * economy.m + h] * economy.a[i * economy.stride + k])
                .sum();
            joint.b[k] = total * economy.b[k];
            joint.c[k] = total * economy.c[h * economy.stride + k];
            joint.d[k] = total * economy.d[k];
        }
    }

    pub(crate) fn joint_frontier<'b>(&'b self, joint: &'b JointScratch) -> Frontier<'b> {
        Frontier {
            a: &joint.a,
            b: &joint.b,
            c: &joint.c,
            d: &joint.d,
            min: &self.scene.floored_min,
            max: &self.economy.max,
            scale: 1.0,
        }
    }

    /// β_B and the discounting of the bloc (30): V-weighted means over G, plain where Σ V = 0, and the strongest member's weight.
    pub(crate) fn joint_side(&self, placed: StateSet, accord: StateSet) -> Side {
        let values: f64 = members(placed).map(|i| self.scene.value(i, accord)).sum();
        let count = f64::from(placed.count_ones());
        let mean = |of: &dyn Fn(usize) -> f64| -> f64 {
            members(placed)
                .map(|i| {
                    if values > 0.0 {
                        self.scene.value(i, accord) / values * of(i)
                    } else {
                        of(i) / count
                    }
                })
                .sum()
        };
        let strongest = members(placed)
            .map(|i| self.scene.bargaining_power[i])
            .fold(0.0, f64::max);
        let pooling = self.scene.rules.pooling;
        let log_rate = |i: usize| self.economy.state_log_rate[i];
        Side {
            bargaining_power: (1.0 - pooling) * mean(&|i| self.scene.bargaining_power[i])
                + pooling * strongest,
            log_rate: mean(&log_rate),
            impatience: mean(&|i| self.impatience(log_rate(i))),
        }
    }
}
