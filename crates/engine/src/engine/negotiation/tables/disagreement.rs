//! What both sides of a table have if nothing is agreed at it: the disagreement of (18), (19) in parts.
//!
//! Both look at the signed network with weight 1 − ρ and at the expected one with weight ρ, the table being outside both. Deals in random order
//! (38) are shown against the expected network too, the one in which all other parties have signed.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::lane;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::network::hosts::{Network, access};
use crate::engine::negotiation::network::peers::behind;
use crate::engine::negotiation::network::worth::regime;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::problem::BargainingProblem;
use crate::engine::negotiation::tables::talks::Talks;
use wide::f64x4;

/// From where h would serve a state instead, on one of the two networks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Substitute {
    /// The state that is served.
    pub state: usize,
    /// Of h's hosts outside the table the one that serves most of its demand; none where it is served from outside the region alone.
    pub host: Option<usize>,
    /// ψ (12), 1 being service from the state itself.
    pub quality: f64,
    /// Weight of the network times D_lh, USD bn.
    pub weight: f64,
}

/// What some states of a table and its hyperscaler have without a deal at it, USD bn of the window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Disagreement {
    /// Σ V_l·compute_l: what the states cover alone (16).
    pub own: f64,
    /// Σ of what the other suppliers cover of the rest.
    pub others: f64,
    /// Σ of what h covers from elsewhere of what is then left.
    pub elsewhere: f64,
    /// −Σ of what falling behind others with access to h costs (16).
    pub behind: f64,
    /// −Σ Λ_lh of the states that would host (20).
    pub switching: f64,
    /// Σ U_l with the deal, before terms, less the repricing that is foreseen (40).
    pub with_deal: f64,
    /// Margin of h on the states' demand, served from elsewhere (14).
    pub home_margin: f64,
    /// Margin of h on all other demand.
    pub other_margin: f64,
    /// −Σ F of h's hosts outside the table, and the capital that serves states without a host.
    pub hosting: f64,
    /// −comp_h of them (15).
    pub compliance: f64,
    /// −Σ Θ_lh of the states that would host (45).
    pub stranded: f64,
    /// From where h would serve each of the states.
    pub substitutes: Vec<Substitute>,
    /// Share of the states that host each hyperscaler; 0 at h itself.
    pub hosted: Vec<f64>,
}

impl Disagreement {
    /// own + others + elsewhere + behind + switching: what the states have.
    pub fn states(&self) -> f64 {
        self.own + self.others + self.elsewhere + self.behind + self.switching
    }

    /// What h has.
    pub fn hyperscaler(&self) -> f64 {
        self.home_margin + self.other_margin + self.hosting + self.compliance + self.stranded
    }
}

/// A table on one of the two networks.
#[derive(Clone, Copy)]
struct TableOnNetwork<'a> {
    problem: &'a BargainingProblem,
    /// M.
    accord: StateSet,
    /// h.
    h: usize,
    /// Whose disagreement it is.
    of: StateSet,
    /// Weight of the network: 1 − ρ of the signed one, ρ of the expected one.
    weight: f64,
    network: &'a Network,
    /// Hosts of h without the table, ψ and the cost of capital with them.
    outside: StateSet,
    without: &'a [f64x4],
    capital: f64,
    /// ψ with those who would host.
    with: &'a [f64x4],
    /// y_ij with the hosts outside the table, n × n.
    shares: &'a [f64],
}

impl TableOnNetwork<'_> {
    /// r_lh without the deal.
    fn access_without(&self, economy: &Economy, l: usize) -> f64 {
        access(economy, self.outside, self.without, l)
    }

    /// r_lh with it.
    fn access_with(&self, economy: &Economy, l: usize) -> f64 {
        let hosts = self.outside | self.problem.placed;
        access(economy, hosts, self.with, l)
    }
}

impl Talks<'_> {
    /// The disagreement of the states `of`, members of a table that h and they have just come to, and of h.
    pub fn disagreement(
        &self,
        play: &mut WindowPlay,
        problem: &BargainingProblem,
        h: usize,
        of: StateSet,
    ) -> Disagreement {
        let economy = self.economy;
        let mut disagreement = Disagreement {
            hosted: vec![0.0; economy.m],
            ..Disagreement::default()
        };
        for l in members(of & problem.placed) {
            let p = l * economy.m + h;
            disagreement.switching -= self.arm_economy.switching_cost(economy, l, h, play.accord);
            disagreement.with_deal -=
                self.arm_economy
                    .foreseen_repricing(economy, l, h, play.accord);
            disagreement.stranded -= self.arm_economy.stranded[p];
        }
        let foresight = economy.foresight;
        let mut shares = vec![0.0; economy.n * economy.n];
        for (weight, expected) in [(1.0 - foresight, false), (foresight, true)] {
            if weight <= 0.0 {
                continue;
            }
            let WindowPlay {
                accord,
                service,
                signed,
                expected: awaited,
                columns: [without, with],
                ..
            } = play;
            let network = if expected { &*awaited } else { &*signed };
            let outside = network.hosts[h] & !problem.table;
            let capital = service.write_quality(economy, h, outside, without);
            service.write_quality(economy, h, outside | problem.placed, with);
            service.shares(h, outside, &mut shares);
            let view = TableOnNetwork {
                problem,
                accord: *accord,
                h,
                of,
                weight,
                network,
                outside,
                without,
                capital,
                with,
                shares: &shares,
            };
            self.add_states(&mut disagreement, view);
            self.add_hyperscaler(&mut disagreement, view);
        }
        disagreement
    }

    fn add_states(&self, disagreement: &mut Disagreement, view: TableOnNetwork<'_>) {
        let economy = self.economy;
        let TableOnNetwork {
            h,
            of,
            weight,
            network,
            ..
        } = view;
        let n = economy.n;
        let count = f64::from(of.count_ones());
        for l in members(of) {
            let p = l * economy.m + h;
            let value = self.arm_economy.value(l, view.accord);
            let compute = self.standing.compute[l];
            let uncovered = network.uncovered_by_rivals(l, h);
            let rest = weight * value * (1.0 - compute);
            let coverage = economy.coverage[p];
            disagreement.own += weight * value * compute;
            disagreement.others += rest * (1.0 - uncovered);
            let elsewhere = coverage * view.access_without(economy, l);
            disagreement.elsewhere += rest * uncovered * elsewhere;
            let hosted = coverage * view.access_with(economy, l);
            disagreement.with_deal +=
                weight * value * compute + rest * (1.0 - uncovered * (1.0 - hosted));
            if economy.peers > 0.0 {
                let lag = rest * economy.peers * coverage;
                disagreement.behind -=
                    lag * behind(economy, l, |j| view.access_without(economy, j));
                disagreement.with_deal -=
                    lag * behind(economy, l, |j| view.access_with(economy, j));
            }
            let served = |&j: &usize| view.shares[l * n + j];
            let most = (0..n).max_by(|one, other| served(one).total_cmp(&served(other)));
            disagreement.substitutes.push(Substitute {
                state: l,
                host: most.filter(|j| served(j) > 0.0),
                quality: lane(view.without, l),
                weight: weight * economy.margin[p],
            });
            for g in (0..economy.m).filter(|&g| g != h) {
                if network.hosts[g] >> l & 1 == 1 {
                    disagreement.hosted[g] += weight / count;
                }
            }
        }
    }

    fn add_hyperscaler(&self, disagreement: &mut Disagreement, view: TableOnNetwork<'_>) {
        let economy = self.economy;
        let TableOnNetwork {
            h,
            of,
            weight,
            network,
            outside,
            ..
        } = view;
        for l in 0..economy.n {
            let psi = lane(view.without, l);
            let margin = weight * network.capture(economy, l, h, psi, 0.0);
            match of >> l & 1 == 1 {
                true => disagreement.home_margin += margin,
                false => disagreement.other_margin += margin,
            }
        }
        let hosting = members(outside).map(|j| self.arm_economy.hosting_cost[j * economy.m + h]);
        disagreement.hosting -= weight * (hosting.sum::<f64>() + view.capital);
        disagreement.compliance -=
            weight * regime(economy, self.arm_economy, view.accord, h, outside);
    }
}
