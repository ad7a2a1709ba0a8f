//! What a played window is worth to each state, before delay and sharing, in parts (32).
//!
//! Not here: hyperscalers' profits and suppliers' gains (`account`), delay (`formation`), side payments (`sharing`).

use crate::engine::model::arm::StateSet;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::network::hosts::best_server;
use crate::engine::negotiation::network::service::ServiceMatrix;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// The parts of a state's undelayed payoff of a window, USD bn; the delay factor multiplies the first three.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PayoffParts {
    /// U_i(S) − U_i(∅).
    pub access: f64,
    /// Σ_h s_ih.
    pub terms: f64,
    /// Σ_h T_ih.
    pub cash: f64,
    /// U_i(∅) − U⁰_i.
    pub own: f64,
    /// −Σ of Λ_ih over lost hosts.
    pub switching: f64,
}

impl PayoffParts {
    /// access + terms + cash, what a delay postpones.
    pub fn gross(&self) -> f64 {
        self.access + self.terms + self.cash
    }

    /// own + switching.
    pub fn rest(&self) -> f64 {
        self.own + self.switching
    }
}

/// The parts of state i's payoff after a play.
pub fn state_parts(
    economy: &Economy,
    arm_economy: &ArmEconomy,
    standing: &Standing,
    play: &WindowPlay,
    i: usize,
) -> PayoffParts {
    let m = economy.m;
    let lacking = 1.0 - standing.compute[i];
    let value = arm_economy.value(i, play.accord);
    let outside = economy.uncovered_outside[i];
    let covered = play.signed.uncovered_by_all(i);
    let mut parts = PayoffParts {
        access: value * lacking * (outside - covered),
        own: value * (1.0 - lacking * outside)
            - arm_economy.first_value[i] * (1.0 - (1.0 - standing.first_compute[i]) * outside),
        ..PayoffParts::default()
    };
    for h in 0..m {
        let p = i * m + h;
        parts.terms += play.value[p];
        parts.cash += play.transfer[p];
        let lost = standing.had[h] >> i & 1 == 1 && play.signed.hosts[h] >> i & 1 == 0;
        if lost {
            parts.switching -= arm_economy.switching_cost(economy, i, h, play.accord);
        }
    }
    parts
}

/// The host of l with h: l itself if it hosts h, else the host that serves it best, none if the outside serves as well (model, section 8).
pub fn host_of(
    economy: &Economy,
    service: &ServiceMatrix,
    l: usize,
    hosts: StateSet,
) -> Option<usize> {
    if hosts >> l & 1 == 1 {
        return Some(l);
    }
    best_server(economy, service, l, hosts).0
}
