//! The most-favoured clause among members of an accord (41): what one may claim of what another got, and what h foresees of it.
//!
//! # References
//! Cooper and Fries, The Most-favored-nation Pricing Policy and Negotiated Prices, International Journal of Industrial Organization 9 (1991).

use crate::engine::model::arm::members;
use crate::engine::negotiation::network::expected::TIE;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::talks::{Bargainer, Talks};
use crate::theory::bargaining::{Agreement, Gains, Protocol};

impl Talks<'_> {
    /// Whether members may claim what others got.
    pub(crate) fn has_clause(&self, play: &WindowPlay) -> bool {
        play.accord != 0 && self.arm_economy.rules.most_favoured > 0.0
    }

    /// The bargain of (i, h) where the clause is in force: with what i claims, or without it where no deal would exist so.
    pub(crate) fn settle_under_clause(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        gains: Gains,
        reserve: f64,
    ) -> Option<Agreement> {
        self.open_clause(play, i, h);
        let claimed = self.claim(play, i, h);
        let agreement = self.settle_claimed(play, i, h, gains, reserve);
        if agreement.is_some() || !claimed {
            return agreement;
        }
        self.unclaim(play, i, h);
        self.settle_claimed(play, i, h, gains, reserve)
    }

    /// The most that the states' side can get at the table of (i, h) before anything is signed.
    pub(crate) fn bid_under_clause(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        gains: Gains,
    ) -> Option<f64> {
        self.open_clause(play, i, h);
        self.weigh_pair(play, i, h);
        self.apply_clause_at(play, i, h, 1.0);
        self.most_for_states(&play.joint.frontier(), gains)
    }

    fn settle_claimed(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        gains: Gains,
        reserve: f64,
    ) -> Option<Agreement> {
        self.weigh_pair_again(play, i, h);
        let side = self.side_of(i);
        // Offers of two that look ahead have no path of their own: their limit is taken.
        let protocol = match play.joint.looks_ahead && self.economy.foresight > 0.0 {
            true => self.limit_protocol(side, h),
            false => self.protocol(side, h),
        };
        self.settle(&play.joint.frontier(), gains, protocol, reserve, None)
    }

    fn limit_protocol(&self, side: Bargainer, h: usize) -> Protocol {
        let patient = Bargainer {
            impatience: 0.0,
            ..side
        };
        self.protocol_with_rounds(patient, h, 0.0)
    }

    /// Writes the lowest levels without any claim, and what h foresees at this table.
    fn open_clause(&self, play: &mut WindowPlay, i: usize, h: usize) {
        let economy = self.economy;
        let (p, stride) = (i * economy.m + h, economy.stride);
        self.unclaim(play, i, h);
        let foreseen = p * stride;
        play.foreseen[foreseen..foreseen + stride].fill(0.0);
        let alone = play.accord >> i & 1 == 1 && play.bloc >> i & 1 == 0;
        if !alone || economy.size[p] <= 0.0 {
            return;
        }
        let share = self.arm_economy.rules.most_favoured;
        for k in 0..economy.k {
            if economy.c[h * stride + k] <= 0.0 || economy.min[k] < 0.0 {
                continue;
            }
            let middle = self.plain_middle(i, h, k);
            if middle <= 0.0 {
                continue;
            }
            let follows = |&l: &usize| {
                l != i
                    && economy.a[l * stride + k] > 0.0
                    && self.places[l * economy.m + h] > self.places[p]
                    && self.plain_middle(l, h, k) < share * middle - TIE
            };
            let others = play.accord & !play.bloc & play.expected.hosts[h];
            let sizes = members(others)
                .filter(follows)
                .map(|l| economy.size[l * economy.m + h]);
            play.foreseen[foreseen + k] = sizes.sum::<f64>() / economy.size[p];
        }
    }

    /// x_k(½) with plain slopes, floors not applied.
    fn plain_middle(&self, i: usize, h: usize, k: usize) -> f64 {
        self.pair_frontier(i, h, false).level(k, 0.5)
    }

    /// Lowest levels of (i, h) without a claim.
    fn unclaim(&self, play: &mut WindowPlay, i: usize, h: usize) {
        let economy = self.economy;
        let at = (i * economy.m + h) * economy.stride;
        let min = self.arm_economy.least_levels(economy, i, play.accord);
        play.claims[at..at + economy.stride].copy_from_slice(min);
    }

    /// Raises the lowest levels of a member at its own table to what it claims; whether any rises.
    fn claim(&self, play: &mut WindowPlay, i: usize, h: usize) -> bool {
        let economy = self.economy;
        let (m, stride) = (economy.m, economy.stride);
        if play.accord >> i & 1 == 0 {
            return false;
        }
        let at = (i * m + h) * stride;
        let share = self.arm_economy.rules.most_favoured;
        let mut rises = false;
        for j in members(play.accord & play.dealt[h] & !(1 << i)) {
            for k in 0..economy.k {
                let level = play.bundle[(j * m + h) * economy.k + k];
                let counts = economy.c[h * stride + k] > 0.0 && economy.a[i * stride + k] > 0.0;
                if !counts || level <= 0.0 {
                    continue;
                }
                let claimed = economy.max[k].min(share * level);
                if claimed > play.claims[at + k] {
                    play.claims[at + k] = claimed;
                    rises = true;
                }
            }
        }
        rises
    }

    /// Gives the weighed terms of (i, h) the lowest levels and the foreseen costs that were found when the pair met: c·(1 + ρ·μ·Σ Z_l/Z_i),
    /// d·(1 + ρ·μ²·Σ Z_l/Z_i).
    pub(crate) fn apply_clause(&self, play: &mut WindowPlay, i: usize, h: usize) {
        self.apply_clause_at(play, i, h, self.economy.foresight);
    }

    /// The same with foresight ρ.
    fn apply_clause_at(&self, play: &mut WindowPlay, i: usize, h: usize, rho: f64) {
        let economy = self.economy;
        let stride = economy.stride;
        let p = i * economy.m + h;
        let mu = self.arm_economy.rules.most_favoured;
        let size = economy.size[p];
        let joint = &mut play.joint;
        joint.looks_ahead = false;
        for k in 0..stride {
            joint.min[k] = play.claims[p * stride + k];
            let sizes = play.foreseen[p * stride + k];
            joint.looks_ahead |= sizes > 0.0 && rho > 0.0;
            let slope = size * economy.c[h * stride + k] * rho * mu * sizes;
            let curvature = size * economy.d[k] * rho * mu * mu * sizes;
            joint.foreseen_c[k] = joint.c[k] + slope;
            joint.foreseen_d[k] = joint.d[k] + curvature;
        }
    }
}
