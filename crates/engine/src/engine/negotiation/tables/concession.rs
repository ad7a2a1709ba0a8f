//! A supplier that would lose (42): all at its tables concede in the same proportion, and where that does not suffice it leaves.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::network::worth::worth;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::record::ConcessionRecord;
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::{Agreement, Arc, Frontier, Gains, cash_total};

/// A supplier concedes nothing for a loss this small, relative to max(1, |Π_h(S_h)|).
const ALLOWANCE: f64 = 1e-9;

impl Talks<'_> {
    /// Asks of each hyperscaler in turn whether what it signed is worth it, rivals' hosts as they stand.
    pub(crate) fn concede(&self, play: &mut WindowPlay) {
        for h in 0..self.economy.m {
            if play.signed.hosts[h] == 0 {
                continue;
            }
            let (fixed, whole) = self.worth_of_hosts(play, h);
            let left = fixed - self.given_up(play, h);
            if left < -ALLOWANCE * whole.abs().max(1.0) {
                let kept = self.share_the_loss(play, h, fixed);
                if play.follow {
                    play.concessions.push(ConcessionRecord {
                        hyperscaler: h,
                        loss: left,
                        kept,
                    });
                }
            }
        }
    }

    /// Π_h(S_h) − Π_h(∅) + Σ Θ_ih, and Π_h(S_h) itself.
    fn worth_of_hosts(&self, play: &mut WindowPlay, h: usize) -> (f64, f64) {
        let economy = self.economy;
        let hosts = play.signed.hosts[h];
        let WindowPlay {
            accord,
            service,
            signed,
            nothing,
            ..
        } = play;
        let arm_economy = self.arm_economy;
        let gained = worth(economy, arm_economy, service, signed, *accord, h, hosts);
        let served_from_outside =
            (signed.market(economy, h)).demand(&economy.outside_lanes, nothing);
        let stranded = members(hosts).map(|i| arm_economy.stranded[i * economy.m + h]);
        (gained + stranded.sum::<f64>(), gained + served_from_outside)
    }

    /// Σ (g + T − loss) of what h signed.
    fn given_up(&self, play: &WindowPlay, h: usize) -> f64 {
        let m = self.economy.m;
        let of = |i: usize| {
            let p = i * m + h;
            play.cost[p] + play.transfer[p] - play.loss[p]
        };
        members(play.signed.hosts[h]).map(of).sum()
    }

    /// Finds the largest τ at which h does not lose, by bisection to the last bit, or has it leave: then none.
    fn share_the_loss(&self, play: &mut WindowPlay, h: usize, fixed: f64) -> Option<f64> {
        let left = |play: &mut WindowPlay, share: f64| {
            self.concede_to(play, h, share);
            fixed - self.given_up(play, h)
        };
        if left(play, 0.0) < 0.0 {
            play.strike(self.economy, h);
            return None;
        }
        let (mut low, mut high) = (0.0, 1.0);
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if left(play, middle) >= 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.concede_to(play, h, low);
        Some(low)
    }

    /// Moves every deal that h signed to the smallest λ of its arc that leaves the states' side the share τ of its gain.
    fn concede_to(&self, play: &mut WindowPlay, h: usize, share: f64) {
        let m = self.economy.m;
        let together = play.joint_hosts(h);
        for i in members(play.dealt[h] & !together) {
            let p = i * m + h;
            let (gains, target) = (play.signed_gains[p], share * play.state_gains[p]);
            self.weigh_pair_again(play, i, h);
            let agreement = self.conceded(&play.joint.frontier(), gains, target);
            let deal = self.deal(play, i, h, agreement);
            play.book_deal(p, deal);
        }
        if together != 0 {
            self.concede_together(play, h, together, share);
        }
    }

    fn concede_together(&self, play: &mut WindowPlay, h: usize, placed: StateSet, share: f64) {
        let (gains, target) = (play.joint_gains[h], share * play.joint_state_gains[h]);
        self.weigh_terms(play, h, placed);
        let agreement = self.conceded(&play.joint.frontier(), gains, target);
        self.book_bloc(play, h, placed, agreement);
    }

    fn conceded(&self, frontier: &Frontier, gains: Gains, target: f64) -> Agreement {
        if self.arm_economy.transfers {
            let total = cash_total(frontier, gains);
            return Agreement::with_cash(frontier, gains, total, target);
        }
        // A deal exists, but rounding may deny it its arc where it leaves next to nothing.
        let Arc { low, high, .. } = frontier.arc(gains).unwrap_or(Arc {
            low: 0.0,
            high: 1.0,
            state_best: 0.0,
            hyperscaler_best: 0.0,
        });
        let lambda = frontier.smallest_with_state_gain(gains, target, low, high);
        Agreement::on_frontier(frontier, gains, lambda)
    }
}
