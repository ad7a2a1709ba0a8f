//! The expected network E (17): which deals both sides count on.
//!
//! Pairs leave one after the other; after each, only what hangs on it is computed again. Not here: which deals are signed (`board`); E is
//! fixed before the first table meets.

use crate::model::arm::{StateSet, members};
use crate::model::lanes::LANE;
use crate::model::service::between;
use crate::model::valuation::Economy;
use crate::negotiation::reach::Reach;
use crate::negotiation::scene::{Scene, Standing};

/// Quantities this close are tied; pairs leave the expected network while their joint gain lies below its negative.
pub const TIE: f64 = 1e-12;

/// The best server of a state and the quality if it fell away.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ranked {
    /// Best host, none where the outside serves at least as well.
    host: Option<usize>,
    /// ψ with it.
    best: f64,
    /// ψ without it.
    second: f64,
}

const UNRANKED: Ranked = Ranked {
    host: None,
    best: 0.0,
    second: 0.0,
};

/// What a network sheds until every pair in it has a joint gain: scratch of [`expected_network`]. Pairs lie at l·m + h.
#[derive(Debug, Clone)]
pub struct Shedding {
    hosts: Vec<StateSet>,
    ranked: Vec<Ranked>,
    /// The states whose best server for h is i, at i·m + h.
    serves: Vec<StateSet>,
    /// What h loses in l without its best server there.
    captured: Vec<f64>,
    /// What l loses in access without hosting h, 0 where it does not host.
    access: Vec<f64>,
    /// 1 − r_lh·q_lh.
    uncovered: Vec<f64>,
    /// The part of Γ that no other pair changes.
    fixed: Vec<f64>,
    /// Γ_lh, infinity outside the network.
    joint: Vec<f64>,
    /// (1 − δ)·Σ_g m_lg + δ·Σ_g m_lg·ψ_lg.
    crowd: Vec<f64>,
}

/// Fills `hosts` with E: it starts as P_h for every h; the pair with the lowest joint gain Γ leaves while Γ < −1e-12.
///
/// Γ_ih = \[Π_h(E_h) − Π_h(E_h∖i)\] + \[U_i at E less U_i without the pair\] + v*_ih + Λ_ih, all with M = ∅. Of pairs tied within 1e-12 of the
/// lowest the last in the order state by state leaves.
pub fn expected_network(
    economy: &Economy,
    scene: &Scene,
    standing: &Standing,
    shedding: &mut Shedding,
    hosts: &mut [StateSet],
) {
    let view = View {
        economy,
        scene,
        standing,
    };
    shedding.start(view);
    while let Some(leaving) = shedding.lowest() {
        shedding.remove(view, leaving / economy.m, leaving % economy.m);
    }
    hosts.copy_from_slice(&shedding.hosts);
}

#[derive(Clone, Copy)]
struct View<'a> {
    economy: &'a Economy,
    scene: &'a Scene,
    standing: &'a Standing,
}

impl Shedding {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Shedding {
        let pairs = || vec![0.0; n * m];
        Shedding {
            hosts: vec![0; m],
            ranked: vec![UNRANKED; n * m],
            serves: vec![0; n * m],
            captured: pairs(),
            access: pairs(),
            uncovered: pairs(),
            fixed: pairs(),
            joint: pairs(),
            crowd: vec![0.0; n],
        }
    }

    fn start(&mut self, view: View) {
        let View { economy, scene, .. } = view;
        self.hosts.copy_from_slice(&economy.feasible);
        self.serves.fill(0);
        for l in 0..economy.n {
            for h in 0..economy.m {
                let p = l * economy.m + h;
                let known = (0..h).find(|&g| self.hosts[g] == self.hosts[h]);
                let ranked = match known {
                    Some(g) => self.ranked[l * economy.m + g],
                    None => rank(economy, &scene.reach_out, l, self.hosts[h]),
                };
                self.ranked[p] = ranked;
                if let Some(host) = ranked.host {
                    self.serves[host * economy.m + h] |= 1 << l;
                }
                self.fixed[p] = scene.term_surplus[p] + scene.switching_cost(economy, l, h, 0)
                    - scene.hosting_cost[p]
                    - economy.compliance[p];
                self.cover(economy, l, h);
            }
            self.weigh_row(view, l);
        }
        for h in 0..economy.m {
            for i in 0..economy.n {
                self.sum_up(economy, i, h);
            }
        }
    }

    /// The pair that leaves next, or none where every pair stays.
    fn lowest(&self) -> Option<usize> {
        let lowest = self.joint.iter().copied().fold(f64::INFINITY, f64::min);
        if lowest >= -TIE {
            return None;
        }
        self.joint.iter().rposition(|&gain| gain <= lowest + TIE)
    }

    fn remove(&mut self, view: View, i: usize, h: usize) {
        let economy = view.economy;
        self.hosts[h] &= !(1 << i);
        for l in 0..economy.n {
            let p = l * economy.m + h;
            let before = self.ranked[p];
            if l != i && view.scene.reach_out.get(i, l) < before.second {
                continue;
            }
            let ranked = rank(economy, &view.scene.reach_out, l, self.hosts[h]);
            self.ranked[p] = ranked;
            for (host, serves) in [(before.host, false), (ranked.host, true)] {
                if let Some(host) = host {
                    let of_host = &mut self.serves[host * economy.m + h];
                    *of_host = *of_host & !(1 << l) | u64::from(serves) << l;
                }
            }
            if l == i || self.ranked[p].best != before.best {
                self.cover(economy, l, h);
                self.weigh_row(view, l);
                for g in (0..economy.m).filter(|&g| g != h) {
                    self.sum_up(economy, l, g);
                    if let Some(host) = self.ranked[l * economy.m + g].host.filter(|&j| j != l) {
                        self.sum_up(economy, host, g);
                    }
                }
            } else {
                let rivals = self.rivals(economy, l, h);
                self.weigh(view, l, h, rivals);
            }
        }
        for j in 0..economy.n {
            self.sum_up(economy, j, h);
        }
    }

    fn cover(&mut self, economy: &Economy, l: usize, h: usize) {
        let p = l * economy.m + h;
        let access = if self.hosts[h] >> l & 1 == 1 {
            1.0
        } else {
            economy.remote_value * self.ranked[p].best
        };
        self.uncovered[p] = 1.0 - access * economy.coverage[p];
    }

    /// ∏_{g≠h} (1 − r_lg·q_lg).
    fn rivals(&self, economy: &Economy, l: usize, h: usize) -> f64 {
        let row = &self.uncovered[l * economy.m..(l + 1) * economy.m];
        let (before, after) = (&row[..h], &row[h + 1..]);
        before.iter().product::<f64>() * after.iter().rev().product::<f64>()
    }

    /// Weighs every hyperscaler in l, after the service of one changed there: products of the others run from both ends.
    fn weigh_row(&mut self, view: View, l: usize) {
        let m = view.economy.m;
        let mut crowd = (1.0 - view.economy.diversion) * view.economy.share_sum[l];
        let mut product = 1.0;
        for h in 0..m {
            let p = l * m + h;
            crowd += view.economy.pull.get(h, l) * self.ranked[p].best;
            self.access[p] = product;
            product *= self.uncovered[p];
        }
        self.crowd[l] = crowd;
        let mut product = 1.0;
        for h in (0..m).rev() {
            let rivals = self.access[l * m + h] * product;
            self.weigh(view, l, h, rivals);
            product *= self.uncovered[l * m + h];
        }
    }

    /// What h would lose in l without its best server there, and what l would lose in access without hosting h.
    fn weigh(&mut self, view: View, l: usize, h: usize, rivals: f64) {
        let View {
            economy,
            scene,
            standing,
        } = view;
        let p = l * economy.m + h;
        let Ranked { host, best, second } = self.ranked[p];
        self.captured[p] = if host.is_some() {
            let pull = economy.pull.get(h, l);
            let others = self.crowd[l] - pull * best;
            economy.stake.get(h, l) * between(others, pull, best, second)
        } else {
            0.0
        };
        self.access[p] = if self.hosts[h] >> l & 1 == 1 {
            let without = if host == Some(l) { second } else { best };
            scene.value_out[l]
                * (1.0 - standing.compute[l])
                * rivals
                * economy.coverage[p]
                * (1.0 - economy.remote_value * without)
        } else {
            0.0
        };
    }

    /// Γ_ih from its parts, always in the same order.
    fn sum_up(&mut self, economy: &Economy, i: usize, h: usize) {
        let p = i * economy.m + h;
        if self.hosts[h] >> i & 1 == 0 {
            self.joint[p] = f64::INFINITY;
            return;
        }
        let mut sum = self.fixed[p];
        for l in members(self.serves[p]) {
            sum += self.captured[l * economy.m + h];
        }
        self.joint[p] = sum + self.access[p];
    }
}

/// The best and second-best server of l among `hosts`, with the outside.
fn rank(economy: &Economy, reach: &Reach, l: usize, hosts: StateSet) -> Ranked {
    let mut ranked = Ranked {
        host: None,
        best: economy.outside[l],
        second: economy.outside[l],
    };
    for j in members(hosts & reach.serving(l / LANE)) {
        let sigma = reach.get(j, l);
        if sigma > ranked.best {
            ranked.second = ranked.best;
            ranked.best = sigma;
            ranked.host = Some(j);
        } else if sigma > ranked.second {
            ranked.second = sigma;
        }
    }
    ranked
}
