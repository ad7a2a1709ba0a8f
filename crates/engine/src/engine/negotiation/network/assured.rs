//! Pairs that stay in every network: whatever others do, their joint gain is not negative.
//!
//! A least joint gain (17) is found from the inputs alone, in a few steps. It holds where a host more never worsens the service of others
//! ([`ServiceCache::is_monotone`]); elsewhere no pair is assured. What it leaves in doubt is weighed one by one (`expected`, and the placing of
//! a bloc).
//!
//! Why it holds: where i leaves, it is served from elsewhere at its best at most; nobody else is served better; and what h earns by serving others
//! with the help of i pays the capital for it but for a share (`unpaid`) of what i's own demand and room take. Access is worth
//! least where all rivals host i.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::lane;
use crate::engine::model::service::NOTHING;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::network::service::ServiceCache;
use crate::engine::negotiation::standing::Standing;
use crate::theory::bargaining::Gains;

/// The least joint gain must exceed this share of what it is the difference of.
const MARGIN: f64 = 1e-9;

/// The states that stay with each hyperscaler, and the least joint gain of any pair.
#[derive(Debug, Clone)]
pub struct Assured {
    /// By hyperscaler.
    pub hosts: Vec<StateSet>,
    /// Γ_ih at the least, minus infinity where nothing is known. Pairs lie at i·m + h.
    pub least: Vec<f64>,
    /// Whether no joint gain of a pair falls when a pair of a rival leaves.
    pub by_rivals: bool,
    /// (1 − δ)·Σ_g m_lg + δ·Σ_g m_lg·ψ_lg where all serve l best, and where nobody hosts.
    fullest: Vec<f64>,
    emptiest: Vec<f64>,
    /// What of a least gain hangs on nothing but the service that its state gets from elsewhere at best, while an arm's window is played: that service, and by
    /// pair what i's own demand and access to h are worth, access per unit of V_i·(1 − compute_i).
    best: Vec<f64>,
    own_demand: Vec<f64>,
    access: Vec<f64>,
    /// By pair, what hosting costs h at the most, F aside: compliance, and capital that may not pay.
    costs: Vec<f64>,
}

impl Assured {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Assured {
        Assured {
            hosts: vec![0; m],
            least: vec![f64::NEG_INFINITY; n * m],
            by_rivals: false,
            fullest: vec![0.0; n],
            emptiest: vec![0.0; n],
            best: vec![f64::NAN; n],
            own_demand: vec![0.0; n * m],
            access: vec![0.0; n * m],
            costs: vec![0.0; n * m],
        }
    }

    /// Another window, arm or world begins.
    pub fn forget(&mut self) {
        self.best.fill(f64::NAN);
    }

    /// Finds them under M = `accord`, whose rules are those of `service`.
    pub fn find(
        &mut self,
        economy: &Economy,
        arm_economy: &ArmEconomy,
        standing: &Standing,
        accord: StateSet,
        service: &ServiceCache,
    ) {
        self.hosts.fill(0);
        self.by_rivals = service.is_monotone();
        self.least.fill(f64::NEG_INFINITY);
        if !service.is_monotone() {
            return;
        }
        for l in 0..economy.n {
            if service.best(l) != self.best[l] {
                self.look_at(economy, service, l);
            }
        }
        for h in 0..economy.m {
            let unpaid = self.unpaid(economy, service, h);
            for i in members(economy.feasible[h]) {
                let p = i * economy.m + h;
                let worth = arm_economy.value(i, accord) * (1.0 - standing.compute[i]);
                self.costs[p] = economy.compliance[p] + unpaid * service.most_capital(i, h);
                let costs = arm_economy.hosting_cost[p] + self.costs[p];
                let kept = arm_economy.term_surplus[p]
                    + arm_economy.switching_cost(economy, i, h, accord)
                    + arm_economy.stranded[p];
                let gain = kept + self.own_demand[p] + worth * self.access[p] - costs;
                let scale = worth + costs + kept.abs() + economy.stake.get(h, i).abs();
                self.least[p] = gain - MARGIN * scale;
                if self.least[p] > 0.0 {
                    self.hosts[h] |= 1 << i;
                }
            }
        }
    }

    /// ΔU and ΔΠ at a table of i alone at the least, `own` being what hangs on no network and `worth` V_i·(1 − compute_i); for those who may deal.
    pub fn least_gains(&self, p: usize, own: Gains, worth: f64) -> Gains {
        let state = own.state + worth * self.access[p];
        let hyperscaler = own.hyperscaler + self.own_demand[p] - self.costs[p];
        let scale = worth + own.state.abs() + own.hyperscaler.abs() + self.costs[p];
        Gains {
            state: state - MARGIN * scale,
            hyperscaler: hyperscaler - MARGIN * (scale + self.own_demand[p]),
        }
    }

    /// The least and the most that rivals of h leave of the demand in l: A of (13) where nobody hosts and where all serve l best.
    pub fn rivals(&self, economy: &Economy, l: usize, h: usize) -> [f64; 2] {
        let pull = economy.pull.get(h, l);
        [
            self.emptiest[l] - pull * economy.outside[l],
            self.fullest[l] - pull,
        ]
    }

    /// Finds what hangs on the best service of i from elsewhere alone.
    fn look_at(&mut self, economy: &Economy, service: &ServiceCache, i: usize) {
        let m = economy.m;
        let best = service.best(i);
        let pulls: f64 = economy.pull.across(i).sum();
        let slack = lane(&economy.slack, i);
        self.best[i] = best;
        self.fullest[i] = slack + pulls;
        self.emptiest[i] = slack + economy.outside[i] * pulls;
        let row = &economy.coverage[i * m..(i + 1) * m];
        let left = |rivals: &[f64]| rivals.iter().fold(1.0, |left, q| left * (1.0 - q));
        for h in 0..m {
            let left = left(&row[..h]) * left(&row[h + 1..]);
            self.access[i * m + h] = row[h] * (1.0 - economy.remote_value * best) * left;
            self.own_demand[i * m + h] = self.own_demand(economy, i, h, best);
        }
    }

    /// D_ih·(1 − ω_ih) at the least: i is served best from elsewhere. What of (13) hangs on rivals, A/((A + p)·(A + p·ψ)), first rises in A and
    /// then falls, so that it is least at one end.
    fn own_demand(&self, economy: &Economy, i: usize, h: usize, best: f64) -> f64 {
        let pull = economy.pull.get(h, i);
        let captured = |rivals: f64| {
            let rivals = rivals.max(NOTHING);
            rivals / ((rivals + pull) * (rivals + pull * best))
        };
        let fullest = captured(self.fullest[i] - pull);
        let emptiest = captured(self.emptiest[i] - pull * economy.outside[i]);
        economy.stake.get(h, i) * (1.0 - best) * fullest.min(emptiest)
    }

    /// The share of the capital by which h serves others that what it earns there may not pay: a match that pays is worth its capital at
    /// D·w, and h earns A/(A + p) of that at least (13).
    fn unpaid(&mut self, economy: &Economy, service: &ServiceCache, h: usize) -> f64 {
        let mut earned = 1.0f64;
        for l in 0..economy.n {
            let pull = economy.pull.get(h, l);
            let rivals = (self.emptiest[l] - pull * economy.outside[l]).max(NOTHING);
            earned = earned.min(rivals / (rivals + pull));
            // What (13) makes of a better service falls in A from A = p on.
            self.by_rivals &= rivals >= pull;
        }
        let needed = service.dearest(h);
        if needed > 0.0 {
            (1.0 - earned / needed).max(0.0)
        } else {
            0.0
        }
    }
}
