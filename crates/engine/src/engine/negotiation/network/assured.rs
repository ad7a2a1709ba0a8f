//! Pairs that stay in every network: whatever others do, their joint gain is not negative.
//!
//! A least joint gain (17) is found from the inputs alone, in a few steps. It holds where a host more never worsens the service of others
//! ([`ServiceCache::is_monotone`]); elsewhere no pair is assured. What it leaves in doubt is weighed one by one (`expected`, and the placing of
//! a bloc).
//!
//! Why it holds: where i leaves, it is served from elsewhere at its best at most; nobody else is served better; and what h earns by serving others
//! with the help of i pays the capital for it but for a share (`unpaid`) of what i's own demand and room take. Access is worth
//! least where all rivals host i.

use crate::engine::model::arm::StateSet;
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
    /// By hyperscaler, what it earns at the least of what a better service is worth with δ = 0, and the share of capital that it may not pay.
    earned: Vec<f64>,
    unpaid: Vec<f64>,
    /// By hyperscaler, the most that it earns by a unit of better service to one unit of demand anywhere, USD bn per USD bn of yearly spending.
    dearest: Vec<f64>,
    /// How often the shares that are not paid changed.
    changes: u64,
    /// Whether demand was looked at since the window began, and whether rivals who leave never make a pair gain less, as far as demand says.
    is_open: bool,
    rivals_pay: bool,
    /// What is known of each state outside and inside the accord while an arm's window is played.
    known: [KnownStates; 2],
}

/// What a least gain is the sum of, while an arm's window is played: it hangs on the best service that the state gets from elsewhere and on what capital may
/// not pay.
#[derive(Debug, Clone)]
struct KnownStates {
    /// By state, that service, and the number of the shares that were not paid.
    best: Vec<f64>,
    change: Vec<u64>,
    /// By pair, what i's own demand and access to h are worth, access per unit of V_i·(1 − compute_i); what hosting costs h at the most, F aside; Γ_ih at the least.
    own_demand: Vec<f64>,
    access: Vec<f64>,
    costs: Vec<f64>,
    least: Vec<f64>,
}

impl KnownStates {
    fn new(n: usize, m: usize) -> KnownStates {
        let pair = || vec![0.0; n * m];
        KnownStates {
            best: vec![f64::NAN; n],
            change: vec![0; n],
            own_demand: pair(),
            access: pair(),
            costs: pair(),
            least: pair(),
        }
    }
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
            earned: vec![0.0; m],
            unpaid: vec![0.0; m],
            dearest: vec![0.0; m],
            changes: 0,
            is_open: false,
            rivals_pay: false,
            known: [(); 2].map(|()| KnownStates::new(n, m)),
        }
    }

    /// Another window, arm or world begins.
    pub fn forget(&mut self) {
        self.is_open = false;
        for known in &mut self.known {
            known.best.fill(f64::NAN);
        }
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
        if !service.is_monotone() {
            self.least.fill(f64::NEG_INFINITY);
            return;
        }
        if !self.is_open {
            self.open(economy);
        }
        self.by_rivals &= self.rivals_pay;
        self.find_unpaid(service);
        let m = economy.m;
        for i in 0..economy.n {
            let inside = (accord >> i & 1) as usize;
            let moved = self.known[inside].best[i] != service.best(i);
            if moved {
                self.look_at(economy, service, i, inside);
            }
            if moved || self.known[inside].change[i] != self.changes {
                let worth = arm_economy.value(i, accord) * (1.0 - standing.compute[i]);
                for h in 0..m {
                    let kept = arm_economy.term_surplus[i * m + h]
                        + arm_economy.switching_cost(economy, i, h, accord)
                        + arm_economy.stranded[i * m + h];
                    let hosting = arm_economy.hosting_cost[i * m + h];
                    self.weigh(economy, service, (i, h, inside), [worth, kept, hosting]);
                }
                self.known[inside].change[i] = self.changes;
            }
            let row = i * m..(i + 1) * m;
            self.least[row.clone()].copy_from_slice(&self.known[inside].least[row]);
            for h in 0..m {
                self.hosts[h] |= u64::from(self.least[i * m + h] > 0.0) << i;
            }
        }
    }

    /// Finds the least gain of a pair that may deal: `worth` is V_i·(1 − compute_i), `kept` v* + Λ + Θ, `hosting` F.
    fn weigh(
        &mut self,
        economy: &Economy,
        service: &ServiceCache,
        (i, h, inside): (usize, usize, usize),
        [worth, kept, hosting]: [f64; 3],
    ) {
        let p = i * economy.m + h;
        let known = &mut self.known[inside];
        if economy.feasible[h] >> i & 1 == 0 {
            known.least[p] = f64::NEG_INFINITY;
            return;
        }
        known.costs[p] = economy.compliance[p] + self.unpaid[h] * service.most_capital(i, h);
        let costs = hosting + known.costs[p];
        let gain = kept + known.own_demand[p] + worth * known.access[p] - costs;
        let scale = worth + costs + kept.abs() + economy.stake.get(h, i).abs();
        known.least[p] = gain - MARGIN * scale;
    }

    /// ΔU and ΔΠ at a table of i alone at the least, i being inside the accord or not, `own` what hangs on no network and `worth` V_i·(1 − compute_i); for those
    /// who may deal.
    pub fn least_gains(&self, p: usize, inside: bool, own: Gains, worth: f64) -> Gains {
        let known = &self.known[usize::from(inside)];
        let (access, own_demand, costs) = (known.access[p], known.own_demand[p], known.costs[p]);
        let state = own.state + worth * access;
        let hyperscaler = own.hyperscaler + own_demand - costs;
        let scale = worth + own.state.abs() + own.hyperscaler.abs() + costs;
        Gains {
            state: state - MARGIN * scale,
            hyperscaler: hyperscaler - MARGIN * (scale + own_demand),
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

    /// The most that h earns by a unit of better service to one unit of demand anywhere, USD bn per USD bn of yearly spending: D_lh over
    /// market_l·m_lh times the steepest slope of (13), A·Σm/(A + p·ψ)² at ψ = σ_l0.
    pub fn dearest(&self, h: usize) -> f64 {
        self.dearest[h]
    }

    /// Finds what of demand hangs on no rules.
    fn open(&mut self, economy: &Economy) {
        self.rivals_pay = true;
        for l in 0..economy.n {
            let pulls: f64 = economy.pull.across(l).sum();
            let slack = lane(&economy.slack, l);
            self.fullest[l] = slack + pulls;
            self.emptiest[l] = slack + economy.outside[l] * pulls;
        }
        for h in 0..economy.m {
            let (mut earned, mut steepest) = (1.0f64, 0.0f64);
            for l in 0..economy.n {
                let pull = economy.pull.get(h, l);
                let [low, high] = self.rivals(economy, l, h).map(|one| one.max(NOTHING));
                earned = earned.min(low / (low + pull));
                // What (13) makes of a better service falls in A from A = p on.
                self.rivals_pay &= low >= pull;
                let worst = pull * economy.outside[l];
                let a = worst.clamp(low, high.max(low));
                steepest = steepest.max(economy.share_sum[l] * a / ((a + worst) * (a + worst)));
            }
            self.earned[h] = earned;
            self.dearest[h] =
                economy.operating_margin[h] * economy.hyperscaler_annuity[h] * steepest;
        }
        self.is_open = true;
    }

    /// Finds the share of the capital by which each h serves others that what it earns there may not pay: a match that pays is worth its capital at
    /// D·w, and h earns A/(A + p) of that at least (13).
    fn find_unpaid(&mut self, service: &ServiceCache) {
        let mut changed = false;
        for (h, unpaid) in self.unpaid.iter_mut().enumerate() {
            let needed = service.dearest(h);
            let share = match needed > 0.0 {
                true => (1.0 - self.earned[h] / needed).max(0.0),
                false => 0.0,
            };
            changed |= share != *unpaid;
            *unpaid = share;
        }
        self.changes += u64::from(changed);
    }

    /// Finds what hangs on the best service of i from elsewhere alone.
    fn look_at(&mut self, economy: &Economy, service: &ServiceCache, i: usize, inside: usize) {
        let m = economy.m;
        let best = service.best(i);
        let row = &economy.coverage[i * m..(i + 1) * m];
        let left = |rivals: &[f64]| rivals.iter().fold(1.0, |left, q| left * (1.0 - q));
        for h in 0..m {
            let left = left(&row[..h]) * left(&row[h + 1..]);
            let own_demand = self.own_demand(economy, i, h, best);
            let known = &mut self.known[inside];
            known.access[i * m + h] = row[h] * (1.0 - economy.remote_value * best) * left;
            known.own_demand[i * m + h] = own_demand;
        }
        self.known[inside].best[i] = best;
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
}
