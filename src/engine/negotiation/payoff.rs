//! What a played window is worth to each state, before delay and sharing, in parts (32).
//!
//! Not here: hyperscalers' profits and suppliers' gains (`account`), delay (`formation`), side payments (`sharing`).

use crate::engine::model::arm::StateSet;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::board::WindowPlay;
use crate::engine::negotiation::network::best_server;
use crate::engine::negotiation::reach::ServiceMatrix;
use crate::engine::negotiation::scene::{ArmEconomy, Standing};

/// The parts of a state's undelayed payoff of a window, USD bn; the delay factor multiplies the first three.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
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

impl Parts {
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
    scene: &ArmEconomy,
    standing: &Standing,
    board: &WindowPlay,
    i: usize,
) -> Parts {
    let m = economy.m;
    let lacking = 1.0 - standing.compute[i];
    let value = scene.value(i, board.accord);
    let outside = economy.uncovered_outside[i];
    let covered = board.signed.uncovered_by_all(i);
    let mut parts = Parts {
        access: value * lacking * (outside - covered),
        own: value * (1.0 - lacking * outside)
            - scene.first_value[i] * (1.0 - (1.0 - standing.first_compute[i]) * outside),
        ..Parts::default()
    };
    for h in 0..m {
        let p = i * m + h;
        parts.terms += board.value[p];
        parts.cash += board.transfer[p];
        let lost = standing.had[h] >> i & 1 == 1 && board.signed.hosts[h] >> i & 1 == 0;
        if lost {
            parts.switching -= scene.switching_cost(economy, i, h, board.accord);
        }
    }
    parts
}

/// The host of l with h: l itself if it hosts h, else the host that serves it best, none if the outside serves as well (model, section 8).
pub fn host_of(
    economy: &Economy,
    reach: &ServiceMatrix,
    l: usize,
    hosts: StateSet,
) -> Option<usize> {
    if hosts >> l & 1 == 1 {
        return Some(l);
    }
    best_server(economy, reach, l, hosts).0
}
