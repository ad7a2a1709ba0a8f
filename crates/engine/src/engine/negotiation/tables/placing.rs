//! Which members of a bloc host a hyperscaler, and what that is worth to both sides before terms (model, section 6, bloc).
//!
//! Members leave G one after the other; after each, only the lanes in which it served or was served are weighed again. Not here: the
//! bargain over the terms (`bloc`).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, indicate, sum};
use crate::engine::model::service::{added_compliance, compliance};
use crate::engine::negotiation::network::expected::TIE;
use crate::engine::negotiation::network::hosts::Network;
use crate::engine::negotiation::tables::play::{Costliest, JointNetwork, WindowPlay};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::Gains;
use wide::f64x4;

/// A joint table after placing: who hosts, and the gains before terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placing {
    pub placed: StateSet,
    pub gains: Gains,
    pub pressure: f64,
}

impl Talks<'_> {
    /// Admits members by size within the budget, lets those with a negative joint gain go unless all are to be covered, and gives
    /// ΔΠ and Σ ΔU_l of the rest; none where nobody is left. Members are outside S_h, or ρ = 1.
    pub(crate) fn place(
        &self,
        play: &mut WindowPlay,
        h: usize,
        foresight: f64,
        budget: f64,
    ) -> Option<Placing> {
        play.tally.joint_tables += 1;
        let mut placed = self.admit(play, h, budget);
        if placed == 0 {
            return None;
        }
        self.strip_members(play, h, foresight);
        self.weigh_lanes(play, h, foresight, placed, None);
        if !self.arm.cover_all {
            self.write_own_losses(play, h, placed);
            while let Some(leaving) = self.leaving(play, h, placed) {
                placed &= !(1 << leaving);
                if placed == 0 {
                    return None;
                }
                self.weigh_lanes(play, h, foresight, placed, Some(leaving));
            }
        }
        Some(self.joint_gains(play, h, foresight, placed))
    }

    /// Members that h may deal with, in descending size, each if it fits what the ones before left of the budget.
    fn admit(&self, play: &mut WindowPlay, h: usize, mut budget: f64) -> StateSet {
        let economy = self.economy;
        let size = |i: usize| economy.size[i * economy.m + h];
        let candidates = play.accord & economy.feasible[h];
        let all: f64 = members(candidates).map(size).sum();
        // Far from the limit no order matters.
        if all <= 0.999 * budget {
            return candidates;
        }
        let order = &mut play.joint.order;
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
    fn strip_members(&self, play: &mut WindowPlay, h: usize, foresight: f64) {
        let WindowPlay {
            accord,
            inside,
            worth,
            service,
            rivals,
            signed,
            expected,
            joint,
            ..
        } = play;
        let networks = [
            (1.0 - foresight, &*signed, &mut joint.signed, None),
            (foresight, &*expected, &mut joint.expected, Some(rivals)),
        ];
        for (weight, network, joint, known) in networks {
            if weight > 0.0 {
                let outsiders = network.hosts[h] & !*accord;
                let outside = &self.economy.outside_lanes;
                for (at, (psi, &outside)) in joint.without.iter_mut().zip(outside).enumerate() {
                    *psi = service.best(at, outside, outsiders);
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

    /// The part of Γ of each of G that no other member changes: v* + Λ − F.
    fn write_own_losses(&self, play: &mut WindowPlay, h: usize, placed: StateSet) {
        let economy = self.economy;
        for i in members(placed) {
            let p = i * economy.m + h;
            play.joint.own_loss[i] = self.arm_economy.term_surplus[p]
                + self.arm_economy.switching_cost(economy, i, h, play.accord)
                - self.arm_economy.hosting_cost[p];
        }
    }

    /// What the two sides would lose lane by lane without each of G; after a host has left, only where it mattered.
    fn weigh_lanes(
        &self,
        play: &mut WindowPlay,
        h: usize,
        foresight: f64,
        placed: StateSet,
        left: Option<usize>,
    ) {
        let WindowPlay {
            accord,
            service,
            signed,
            expected,
            joint,
            ..
        } = play;
        let n = self.economy.n;
        for (at, &outside) in self.economy.outside_lanes.iter().enumerate() {
            let networks = [
                (1.0 - foresight, &*signed, &mut joint.signed),
                (foresight, &*expected, &mut joint.expected),
            ];
            let mut changed = false;
            for (weight, network, joint) in networks {
                let matters = |i| joint.ranks.hang_on(0, at, service, i);
                if weight > 0.0 && left.is_none_or(matters) {
                    let hosts = network.hosts[h] & !*accord | placed;
                    joint.ranks.fill_lane(0, at, outside, service, hosts);
                    let best = joint.ranks.best.lane(0, at);
                    let second = joint.ranks.second.lane(0, at);
                    let market = network.market(self.economy, h);
                    joint.captured[at] = market.capture(at, best, second);
                    changed = true;
                }
            }
            if changed {
                let losses = &mut joint.losses[at * n..(at + 1) * n];
                losses.fill(0.0);
                let networks = [
                    (1.0 - foresight, &joint.signed),
                    (foresight, &joint.expected),
                ];
                for (weight, joint) in networks.into_iter().filter(|(weight, _)| *weight > 0.0) {
                    self.add_losses(losses, joint, weight, at, placed, *accord);
                }
            }
        }
    }

    /// Adds the losses in the states of one lane on one network.
    fn add_losses(
        &self,
        losses: &mut [f64],
        joint: &JointNetwork,
        weight: f64,
        at: usize,
        placed: StateSet,
        bloc: StateSet,
    ) {
        let remote = self.economy.remote_value;
        let hosts = joint.ranks.host.lane(0, at).to_array();
        let best = joint.ranks.best.lane(0, at).to_array();
        let second = joint.ranks.second.lane(0, at).to_array();
        let (captured, access) = (joint.captured[at].to_array(), joint.access[at].to_array());
        for k in 0..LANE {
            let l = LANE * at + k;
            let host = hosts[k] as i64;
            let is_placed = host >= 0 && placed >> host & 1 == 1;
            if is_placed {
                losses[host as usize] += weight * captured[k];
            }
            if placed >> l & 1 == 1 {
                let without = if host == l as i64 { second[k] } else { best[k] };
                losses[l] += weight * access[k] * (1.0 - remote * without);
            } else if is_placed && bloc >> l & 1 == 1 {
                let fall = remote * (best[k] - second[k]);
                losses[host as usize] += weight * access[k] * fall;
            }
        }
    }

    /// The member of G with the lowest Γ, the fall in ΔΠ + Σ_{l∈B} ΔU_l + Σ_{l∈G} v*_lh when G loses it, if that is below zero; of those
    /// tied the last.
    fn leaving(&self, play: &mut WindowPlay, h: usize, placed: StateSet) -> Option<usize> {
        let (n, m) = (self.economy.n, self.economy.m);
        let joint = &mut play.joint;
        let eta = self.arm_economy.rules.harmonisation;
        // Hosts inside the accord are those of G, on both networks.
        let costliest = Costliest::of(self.economy, h, placed);
        let mut lowest = f64::INFINITY;
        for i in members(placed) {
            let own = self.economy.compliance[i * m + h];
            let regime = added_compliance(own, costliest.without(i), eta);
            let elsewhere: f64 = joint.losses.chunks_exact(n).map(|lane| lane[i]).sum();
            joint.loss[i] = joint.own_loss[i] - regime + elsewhere;
            lowest = lowest.min(joint.loss[i]);
        }
        if lowest >= -TIE {
            return None;
        }
        members(placed)
            .filter(|&i| joint.loss[i] <= lowest + TIE)
            .last()
    }

    fn joint_gains(
        &self,
        play: &mut WindowPlay,
        h: usize,
        foresight: f64,
        placed: StateSet,
    ) -> Placing {
        let economy = self.economy;
        indicate(placed, &mut play.joint.placed);
        let play = &*play;
        let mut gains = Gains {
            state: 0.0,
            hyperscaler: 0.0,
        };
        for i in members(placed) {
            gains.state += self.arm_economy.switching_cost(economy, i, h, play.accord);
            gains.hyperscaler -= self.arm_economy.hosting_cost[i * economy.m + h];
        }
        let mut pressure = 0.0;
        for (weight, network, joint) in [
            (1.0 - foresight, &play.signed, &play.joint.signed),
            (foresight, &play.expected, &play.joint.expected),
        ] {
            if weight > 0.0 {
                let (demand, access) = self.network_gain(play, network, joint, h);
                pressure += weight * demand;
                gains.state += weight * access;
                let regime = self.regime_of(network.hosts[h], placed, play.accord, h);
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
        let eta = self.arm_economy.rules.harmonisation;
        compliance(outsiders | placed, bloc, eta, costs, economy.m)
            - compliance(outsiders, bloc, eta, costs, economy.m)
    }

    /// On one network: demand captured by G, and Σ_{l∈B} of the gain in access.
    fn network_gain(
        &self,
        play: &WindowPlay,
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
            let better = (remote * best).fast_max(play.joint.placed[at]);
            rises += joint.access[at] * (better - remote * without);
        }
        (sum(demand), sum(rises))
    }
}
