//! The most that a host more can bring a hyperscaler (13), (14), whatever network it comes to.
//!
//! It holds where a host more never worsens the service of others ([`ServiceCache::is_monotone`]). Not here: the least (`assured`).

use crate::engine::model::arm::StateSet;
use crate::engine::model::lanes::lane;
use crate::engine::model::service::most_between;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::network::assured::Assured;
use crate::engine::negotiation::network::service::ServiceCache;

/// What is known of the networks to which a host in i may come.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// What no negotiation changes.
    pub economy: &'a Economy,
    /// Who is served from where under the rules in force.
    pub service: &'a ServiceCache,
    /// What is known of demand at the rules in force.
    pub assured: &'a Assured,
}

impl Entry<'_> {
    /// The most that h earns by a host in i before costs of hosting and compliance, and the most of access that i gains per unit of V_i·(1 − compute_i),
    /// where `hosts` host h and the hyperscalers that `covers` says i.
    pub fn most(
        &self,
        i: usize,
        h: usize,
        cell: usize,
        hosts: StateSet,
        covers: impl Fn(usize) -> bool,
    ) -> (f64, f64) {
        let economy = self.economy;
        let quality = |l: usize| lane(self.service.quality(cell), l);
        let (outside, m) = (economy.outside[i], economy.m);
        let mut rivals = self.assured.rivals(economy, i, h);
        let mut left = 1.0;
        for g in (0..m).filter(|&g| g != h) {
            let covered = economy.coverage[i * m + g];
            if covers(g) {
                rivals[0] += economy.pull.get(g, i) * (1.0 - outside);
                left *= 1.0 - covered;
            } else {
                left *= 1.0 - economy.remote_value * outside * covered;
            }
        }
        let others = self.others(i, h, hosts, quality).min(self.spread(i, h));
        let earned = self.at_home(i, h, rivals, quality(i)) + others;
        let access = economy.coverage[i * m + h] * (1.0 - economy.remote_value * quality(i)) * left;
        (earned, access)
    }

    /// The most that h earns in i by a host there, i being served at `least` at the least without it and rivals leaving A of (13) between
    /// `rivals`: D_ih·(1 − ω_ih) and the capital that serves i from elsewhere no longer, USD bn.
    ///
    /// With the share y of i's demand that is served from elsewhere, ψ_ih is σ_i0 + w·y at the least, w being the least that pays, and what h earns
    /// is convex in y on both sides of where that reaches `least`: so it is most there or at y = 1.
    pub fn at_home(&self, i: usize, h: usize, rivals: [f64; 2], least: f64) -> f64 {
        let economy = self.economy;
        let (pull, stake) = (economy.pull.get(h, i), economy.stake.get(h, i));
        let earned = |psi: f64| stake * most_between(rivals, pull, 1.0, psi);
        let Some(added) = self.service.least_paying(h) else {
            return earned(least);
        };
        let capital = self.service.own_capital(i, h);
        let outside = economy.outside[i];
        let share = ((least - outside) / added).min(1.0);
        (earned(least) + capital * share).max(earned(least.max(outside + added)) + capital)
    }

    /// The most that h earns by serving others with the help of a host in i, USD bn: all that it may spread is worth what it is where it is worth most.
    fn spread(&self, i: usize, h: usize) -> f64 {
        let spread = self.service.most_spread(self.economy, i, h);
        self.assured.dearest(h) * self.economy.market_share[h] * spread
    }

    /// The most that h earns in states without one of its hosts, but for i, by serving them best instead of as `hosts` do, USD bn; `quality` is ψ with these
    /// hosts, who stay.
    fn others(&self, i: usize, h: usize, hosts: StateSet, quality: impl Fn(usize) -> f64) -> f64 {
        let economy = self.economy;
        let mut most = 0.0;
        for l in (0..economy.n).filter(|&l| l != i && hosts >> l & 1 == 0) {
            let (worse, best) = (quality(l), self.service.best(l));
            if best > worse {
                let pull = economy.pull.get(h, l);
                let rivals = self.assured.rivals(economy, l, h);
                most += economy.stake.get(h, l) * most_between(rivals, pull, best, worse);
            }
        }
        most
    }
}
