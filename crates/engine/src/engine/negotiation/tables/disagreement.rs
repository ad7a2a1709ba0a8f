//! What both sides of a table have if nothing is agreed at it: the disagreement of (18), (19) in parts.
//!
//! Both look at the signed network with weight 1 − ρ and at the expected one with weight ρ, the table being outside both.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::service::compliance;
use crate::engine::negotiation::network::hosts::{Network, best_server, quality_from};
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::problem::BargainingProblem;
use crate::engine::negotiation::tables::talks::Talks;

/// From where h would serve a state instead, on one of the two networks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Substitute {
    /// The state that is served.
    pub state: usize,
    /// Its best server among h's hosts outside the table; none where the outside of the region serves as well.
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
    /// −Σ Λ_lh of the states that would host (20).
    pub switching: f64,
    /// Σ U_l with the deal, before terms.
    pub with_deal: f64,
    /// Margin of h on the states' demand, served from elsewhere (14).
    pub home_margin: f64,
    /// Margin of h on all other demand.
    pub other_margin: f64,
    /// −Σ F of h's hosts outside the table.
    pub hosting: f64,
    /// −comp_h of them (15).
    pub compliance: f64,
    /// From where h would serve each of the states.
    pub substitutes: Vec<Substitute>,
    /// Share of the states that host each hyperscaler; 0 at h itself.
    pub hosted: Vec<f64>,
}

impl Disagreement {
    /// own + others + elsewhere + switching: what the states have.
    pub fn states(&self) -> f64 {
        self.own + self.others + self.elsewhere + self.switching
    }

    /// What h has.
    pub fn hyperscaler(&self) -> f64 {
        self.home_margin + self.other_margin + self.hosting + self.compliance
    }
}

/// A table on one of the two networks.
#[derive(Clone, Copy)]
struct TableOnNetwork<'a> {
    play: &'a WindowPlay,
    problem: &'a BargainingProblem,
    /// h.
    h: usize,
    /// Whose disagreement it is.
    of: StateSet,
    /// Weight of the network: 1 − ρ of the signed one, ρ of the expected one.
    weight: f64,
    network: &'a Network,
}

impl TableOnNetwork<'_> {
    /// Hosts of h without the table.
    fn outside(&self) -> StateSet {
        self.network.hosts[self.h] & !self.problem.table
    }
}

impl Talks<'_> {
    /// The disagreement of the states `of`, members of a table that h and they have just come to, and of h.
    pub fn disagreement(
        &self,
        play: &WindowPlay,
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
            disagreement.switching -= self.arm_economy.switching_cost(economy, l, h, play.accord);
        }
        let networks = [
            (1.0 - economy.foresight, &play.signed),
            (economy.foresight, &play.expected),
        ];
        for (weight, network) in networks.into_iter().filter(|(weight, _)| *weight > 0.0) {
            let view = TableOnNetwork {
                play,
                problem,
                h,
                of,
                weight,
                network,
            };
            self.add_states(&mut disagreement, view);
            self.add_hyperscaler(&mut disagreement, view);
        }
        disagreement
    }

    fn add_states(&self, disagreement: &mut Disagreement, view: TableOnNetwork<'_>) {
        let economy = self.economy;
        let outside = view.outside();
        let TableOnNetwork {
            play,
            problem,
            h,
            of,
            weight,
            network,
            ..
        } = view;
        let count = f64::from(of.count_ones());
        for l in members(of) {
            let p = l * economy.m + h;
            let value = self.arm_economy.value(l, play.accord);
            let compute = self.standing.compute[l];
            let (host, best) = best_server(economy, &play.service, l, outside);
            let uncovered = network.uncovered_by_rivals(l, h);
            let rest = weight * value * (1.0 - compute);
            let remote = economy.remote_value * economy.coverage[p];
            disagreement.own += weight * value * compute;
            disagreement.others += rest * (1.0 - uncovered);
            disagreement.elsewhere += rest * uncovered * remote * best;
            let hosted = if problem.placed >> l & 1 == 1 {
                economy.coverage[p]
            } else {
                remote * quality_from(economy, &play.service, l, outside | problem.placed)
            };
            disagreement.with_deal +=
                weight * value * compute + rest * (1.0 - uncovered * (1.0 - hosted));
            disagreement.substitutes.push(Substitute {
                state: l,
                host,
                quality: best,
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
        let outside = view.outside();
        let TableOnNetwork {
            play,

            h,
            of,
            weight,
            network,
            ..
        } = view;
        for l in 0..economy.n {
            let psi = quality_from(economy, &play.service, l, outside);
            let margin = weight * network.capture(economy, l, h, psi, 0.0);
            match of >> l & 1 == 1 {
                true => disagreement.home_margin += margin,
                false => disagreement.other_margin += margin,
            }
        }
        let hosting = members(outside).map(|j| self.arm_economy.hosting_cost[j * economy.m + h]);
        disagreement.hosting -= weight * hosting.sum::<f64>();
        disagreement.compliance -= weight
            * compliance(
                outside,
                play.accord,
                self.arm_economy.rules.harmonisation,
                &economy.compliance[h..],
                economy.m,
            );
    }
}
