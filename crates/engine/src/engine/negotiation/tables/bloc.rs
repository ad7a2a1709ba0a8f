//! The table of a whole bloc and one hyperscaler: who hosts, on which terms (model, section 6, bloc; (30)).
//!
//! Not here: who belongs to the bloc (`formation`) and how it divides what it wins (`sharing`).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::network::expected::TIE;
use crate::engine::negotiation::tables::placing::Placing;
use crate::engine::negotiation::tables::play::{
    JointScratch, TableOutcome, TableRecord, WindowPlay,
};
use crate::engine::negotiation::tables::talks::{Bargainer, Talks};
use crate::theory::bargaining::Frontier;

impl Talks<'_> {
    /// The bloc meets h: all members leave S_h and those of G enter again if the two sides agree.
    pub(crate) fn meet_bloc(&self, play: &mut WindowPlay, h: usize) {
        let economy = self.economy;
        let bloc = play.accord;
        play.signed.remove(economy, &play.service, h, bloc);
        if play.bids[h].is_nan() && self.arm.shortlist.is_some() {
            play.record(|| TableRecord::without_talks(bloc, h, TableOutcome::Refused));
            return;
        }
        let Some(Placing {
            placed,
            gains,
            pressure,
        }) = self.place(play, h, economy.foresight, play.budget[h])
        else {
            play.record(|| TableRecord::without_talks(bloc, h, TableOutcome::NobodyPlaced));
            return;
        };
        let stake = members(bloc)
            .map(|l| economy.margin[l * economy.m + h])
            .sum();
        play.erosion
            .note(play.signed.hosts[h].count_ones() as usize, pressure, stake);
        self.weigh_terms(play, h, placed);
        let protocol = self.protocol(self.joint_side(placed, bloc), h);
        let reserve = if self.arm.shortlist.is_some() {
            play.reserve
        } else {
            f64::NEG_INFINITY
        };
        let frontier = self.joint_frontier(&play.joint);
        let agreement = self.settle(&frontier, gains, protocol, reserve, None);
        play.tally.bargains += 1;
        let ended = agreement.map_or(TableOutcome::NoDeal, TableOutcome::Agreed);
        play.record(|| TableRecord {
            table: bloc,
            hyperscaler: h,
            placed,
            gains,
            pressure,
            ended,
        });
        if let Some(agreement) = agreement {
            for k in 0..economy.k {
                let level = self.joint_frontier(&play.joint).level(k, agreement.lambda);
                play.joint.levels[k] = level;
            }
            self.sign_bloc(play, h, placed, agreement.transfer);
        }
    }

    fn sign_bloc(&self, play: &mut WindowPlay, h: usize, placed: StateSet, transfer: f64) {
        let economy = self.economy;
        let total: f64 = members(placed)
            .map(|i| economy.size[i * economy.m + h])
            .sum();
        for i in members(placed) {
            let p = i * economy.m + h;
            let (value, cost) = self.pair_frontier(i, h, true).evaluate(&play.joint.levels);
            play.bundle[p * economy.k..(p + 1) * economy.k].copy_from_slice(&play.joint.levels);
            play.value[p] = value;
            play.cost[p] = cost;
            let share = if total > 0.0 {
                economy.size[p] / total
            } else {
                1.0 / f64::from(placed.count_ones())
            };
            play.transfer[p] = transfer * share;
        }
        play.budget[h] -= total;
        play.signed.add(economy, &play.service, h, placed);
    }

    /// Bids of a shortlist: s* of each table with ρ = 1 and the full budget. Those refused lose their bid; R is the highest refused.
    pub(crate) fn invite_bids(&self, play: &mut WindowPlay) {
        let Some(places) = self.arm.shortlist else {
            return;
        };
        for h in 0..self.economy.m {
            play.bids[h] = f64::NAN;
            let Some(placing) = self.place(play, h, 1.0, self.economy.budget[h]) else {
                continue;
            };
            self.weigh_terms(play, h, placing.placed);
            if let Some(bid) =
                self.most_for_states(&self.joint_frontier(&play.joint), placing.gains)
            {
                play.bids[h] = bid;
            }
        }
        let bids = &mut play.bids;
        let queue = &mut play.joint.queue;
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
        play.reserve = queue[met..].iter().map(|&h| bids[h]).fold(0.0, f64::max);
        for &h in &queue[met..] {
            bids[h] = f64::NAN;
        }
    }

    /// Z-weighted sums of the coefficients over G.
    pub(crate) fn weigh_terms(&self, play: &mut WindowPlay, h: usize, placed: StateSet) {
        let economy = self.economy;
        let total: f64 = members(placed)
            .map(|i| economy.size[i * economy.m + h])
            .sum();
        let joint = &mut play.joint;
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
            min: &self.arm_economy.floored_min,
            max: &self.economy.max,
            scale: 1.0,
        }
    }

    /// β_B and the discounting of the bloc (30): V-weighted means over G, plain where Σ V = 0, and the strongest member's weight.
    pub(crate) fn joint_side(&self, placed: StateSet, accord: StateSet) -> Bargainer {
        let values: f64 = members(placed)
            .map(|i| self.arm_economy.value(i, accord))
            .sum();
        let count = f64::from(placed.count_ones());
        let mean = |of: &dyn Fn(usize) -> f64| -> f64 {
            members(placed)
                .map(|i| {
                    if values > 0.0 {
                        self.arm_economy.value(i, accord) / values * of(i)
                    } else {
                        of(i) / count
                    }
                })
                .sum()
        };
        let strongest = members(placed)
            .map(|i| self.arm_economy.bargaining_power[i])
            .fold(0.0, f64::max);
        let pooling = self.arm_economy.rules.pooling;
        let log_rate = |i: usize| self.economy.state_log_rate[i];
        Bargainer {
            bargaining_power: (1.0 - pooling) * mean(&|i| self.arm_economy.bargaining_power[i])
                + pooling * strongest,
            log_rate: mean(&log_rate),
            impatience: mean(&|i| self.impatience(log_rate(i))),
        }
    }
}
