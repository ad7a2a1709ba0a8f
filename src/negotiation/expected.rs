//! The expected network E (17): which deals both sides count on.
//!
//! Not here: which deals are signed (`board`); E is fixed before the first table meets.

use crate::model::arm::members;
use crate::model::valuation::Economy;
use crate::negotiation::network::{Network, uncovered_by_rivals};
use crate::negotiation::scene::{Scene, Standing};

/// Quantities this close are tied; pairs leave the expected network while their joint gain lies below its negative.
pub const TIE: f64 = 1e-12;

/// Fills `network` with E: it starts as P_h for every h; the pair with the lowest joint gain Γ leaves while Γ < −1e-12.
///
/// Γ_ih = \[Π_h(E_h) − Π_h(E_h∖i)\] + \[U_i at E less U_i without the pair\] + v*_ih + Λ_ih, all with M = ∅. Of pairs tied within 1e-12 of the
/// lowest the last in the order state by state leaves. `joint` is scratch of n·m numbers.
pub fn expected_network(
    economy: &Economy,
    scene: &Scene,
    standing: &Standing,
    network: &mut Network,
    joint: &mut [f64],
) {
    network.set(economy, &scene.reach_out, |h| economy.feasible[h]);
    loop {
        joint_gains(economy, scene, standing, network, joint);
        let lowest = joint.iter().copied().fold(f64::INFINITY, f64::min);
        if lowest >= -TIE || lowest == f64::INFINITY {
            return;
        }
        let leaving = joint
            .iter()
            .rposition(|&gain| gain <= lowest + TIE)
            .expect("the lowest is among them");
        network.remove(
            economy,
            &scene.reach_out,
            leaving % economy.m,
            1 << (leaving / economy.m),
        );
    }
}

/// Γ_ih of every pair of the network, infinity for pairs outside it.
///
/// A state's hosting matters to h only where it is the best server, so one pass over (l, h) gives all margins.
fn joint_gains(
    economy: &Economy,
    scene: &Scene,
    standing: &Standing,
    network: &Network,
    joint: &mut [f64],
) {
    let m = economy.m;
    joint.fill(f64::INFINITY);
    for h in 0..m {
        for i in members(network.hosts[h]) {
            let p = i * m + h;
            joint[p] = scene.term_surplus[p] + scene.switching_cost(economy, i, h, 0)
                - scene.hosting_cost[p]
                - economy.compliance[p];
        }
        for l in 0..economy.n {
            let ranked = Network::rank(economy, &scene.reach_out, l, network.hosts[h]);
            if let Some(host) = ranked.best_host {
                joint[host * m + h] += network.capture(economy, l, h, ranked.best, ranked.second);
            }
            if network.hosts[h] >> l & 1 == 1 {
                let p = l * m + h;
                let without = if ranked.best_host == Some(l) {
                    ranked.second
                } else {
                    ranked.best
                };
                joint[p] += scene.value_out[l]
                    * (1.0 - standing.compute[l])
                    * uncovered_by_rivals(economy, network, l, h)
                    * economy.coverage[p]
                    * (1.0 - economy.remote_value * without);
            }
        }
    }
}
