//! A network of hosts and the service that follows from it: ψ (12), Q and what a change of hosts captures (13), (14).
//!
//! Not here: costs of hosting and compliance, which gains (18) add, and whether a network is signed or expected.

use crate::model::arm::{StateSet, members};
use crate::model::service::captured;
use crate::model::valuation::Economy;

/// The hosts of every hyperscaler with the qualities of service. Pairs lie at l·m + h.
#[derive(Debug, Clone)]
pub struct Network {
    /// S_h.
    pub hosts: Vec<StateSet>,
    /// ψ_lh.
    pub quality: Vec<f64>,
    /// Σ_g m_lg·ψ_lg.
    weighted: Vec<f64>,
}

/// The best server of a state and the quality if it fell away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Best host, none where the outside serves at least as well.
    pub best_host: Option<usize>,
    /// ψ with it.
    pub best: f64,
    /// ψ without it.
    pub second: f64,
}

impl Network {
    /// An empty network of n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Network {
        Network {
            hosts: vec![0; m],
            quality: vec![0.0; n * m],
            weighted: vec![0.0; n],
        }
    }

    /// Sets all hosts at once under the reach σ (n × n).
    pub fn set(&mut self, economy: &Economy, reach: &[f64], hosts: impl Fn(usize) -> StateSet) {
        for h in 0..economy.m {
            self.hosts[h] = hosts(h);
        }
        for l in 0..economy.n {
            let mut weighted = 0.0;
            for h in 0..economy.m {
                let psi = quality_from(economy, reach, l, self.hosts[h]);
                self.quality[l * economy.m + h] = psi;
                weighted += economy.share[l * economy.m + h] * psi;
            }
            self.weighted[l] = weighted;
        }
    }

    /// Copies another network of the same size.
    pub fn copy_from(&mut self, other: &Network) {
        self.hosts.copy_from_slice(&other.hosts);
        self.quality.copy_from_slice(&other.quality);
        self.weighted.copy_from_slice(&other.weighted);
    }

    /// Removes states from S_h.
    pub fn remove(&mut self, economy: &Economy, reach: &[f64], h: usize, leaving: StateSet) {
        let leaving = leaving & self.hosts[h];
        if leaving == 0 {
            return;
        }
        self.hosts[h] &= !leaving;
        for l in 0..economy.n {
            let served_by_leaver = members(leaving)
                .any(|j| reach[l * economy.n + j] >= self.quality[l * economy.m + h]);
            if served_by_leaver {
                self.update(
                    economy,
                    l,
                    h,
                    quality_from(economy, reach, l, self.hosts[h]),
                );
            }
        }
    }

    /// Adds states to S_h.
    pub fn add(&mut self, economy: &Economy, reach: &[f64], h: usize, entering: StateSet) {
        self.hosts[h] |= entering;
        for l in 0..economy.n {
            let old = self.quality[l * economy.m + h];
            let new = members(entering).fold(old, |psi, j| psi.max(reach[l * economy.n + j]));
            if new > old {
                self.update(economy, l, h, new);
            }
        }
    }

    fn update(&mut self, economy: &Economy, l: usize, h: usize, psi: f64) {
        self.quality[l * economy.m + h] = psi;
        let row = l * economy.m..(l + 1) * economy.m;
        self.weighted[l] = economy.share[row.clone()]
            .iter()
            .zip(&self.quality[row])
            .map(|(m, psi)| m * psi)
            .sum();
    }

    /// D_lh·(ω_lh at `better` − ω_lh at `worse`), rivals as they are: what h captures in l by the better service.
    #[inline]
    pub fn capture(&self, economy: &Economy, l: usize, h: usize, better: f64, worse: f64) -> f64 {
        let p = l * economy.m + h;
        let sum = economy.share_sum[l];
        if sum == 0.0 || better == worse {
            return 0.0;
        }
        let share = economy.share[p];
        let rest = self.weighted[l] - share * self.quality[p];
        let omega = |psi: f64| captured(psi, (rest + share * psi) / sum, economy.diversion);
        economy.margin[p] * (omega(better) - omega(worse))
    }

    /// Q_l: mean quality of service in l over all hyperscalers, 0 where no hyperscaler has a share.
    pub fn mean_quality(&self, economy: &Economy, l: usize) -> f64 {
        if economy.share_sum[l] > 0.0 {
            self.weighted[l] / economy.share_sum[l]
        } else {
            0.0
        }
    }

    /// The best and second-best server of l among `hosts` of h, with the outside.
    pub fn rank(economy: &Economy, reach: &[f64], l: usize, hosts: StateSet) -> Ranked {
        let mut ranked = Ranked {
            best_host: None,
            best: economy.outside[l],
            second: economy.outside[l],
        };
        for j in members(hosts) {
            let sigma = reach[l * economy.n + j];
            if sigma > ranked.best {
                ranked.second = ranked.best;
                ranked.best = sigma;
                ranked.best_host = Some(j);
            } else if sigma > ranked.second {
                ranked.second = sigma;
            }
        }
        ranked
    }
}

/// ψ_lh = max(σ_l0, max_{j∈hosts} σ_lj) (12).
pub fn quality_from(economy: &Economy, reach: &[f64], l: usize, hosts: StateSet) -> f64 {
    members(hosts).fold(economy.outside[l], |psi, j| {
        psi.max(reach[l * economy.n + j])
    })
}

/// ∏_{g≠h} (1 − r_lg·q_lg), what rivals leave uncovered in l, with r_lg = 1 if l hosts g else remote_value·ψ_lg (16).
pub fn uncovered_by_rivals(economy: &Economy, network: &Network, l: usize, h: usize) -> f64 {
    let mut product = 1.0;
    for g in 0..economy.m {
        if g != h {
            product *= uncovered(economy, network, l, g);
        }
    }
    product
}

/// ∏_h (1 − r_lh·q_lh) over all hyperscalers.
pub fn uncovered_by_all(economy: &Economy, network: &Network, l: usize) -> f64 {
    (0..economy.m)
        .map(|g| uncovered(economy, network, l, g))
        .product()
}

/// ∏_h (1 − remote_value·σ_l0·q_lh): nobody hosts anybody.
pub fn uncovered_from_outside(economy: &Economy, l: usize) -> f64 {
    let remote = economy.remote_value * economy.outside[l];
    (0..economy.m)
        .map(|h| 1.0 - remote * economy.coverage[l * economy.m + h])
        .product()
}

fn uncovered(economy: &Economy, network: &Network, l: usize, g: usize) -> f64 {
    let p = l * economy.m + g;
    let r = if network.hosts[g] >> l & 1 == 1 {
        1.0
    } else {
        economy.remote_value * network.quality[p]
    };
    1.0 - r * economy.coverage[p]
}
