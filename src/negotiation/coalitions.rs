//! Undelayed payoffs u_i(C) of a window for the accords C that the talks consider, each played once.

use crate::model::arm::{Mode, Sharing, StateSet, members};
use crate::negotiation::board::Board;
use crate::negotiation::network::Network;
use crate::negotiation::payoff::state_parts;
use crate::negotiation::table::Talks;

/// How many coalitions are remembered in a window; beyond, the oldest is forgotten and played again if needed.
const REMEMBERED: usize = 512;

/// Payoffs of coalitions already played in this window.
#[derive(Debug, Clone)]
pub struct Coalitions {
    n: usize,
    masks: Vec<StateSet>,
    next: usize,
    /// gross and rest of every state, 2n per coalition.
    payoffs: Vec<f64>,
}

/// Gross (delayed) and rest (not delayed) parts of payoffs, n each.
#[derive(Debug, Clone, Copy)]
pub struct Payoffs<'a> {
    /// access + terms + cash.
    pub gross: &'a [f64],
    /// own + switching.
    pub rest: &'a [f64],
}

impl Payoffs<'_> {
    /// u_i with delay factor f.
    pub fn delayed(&self, i: usize, factor: f64) -> f64 {
        factor * self.gross[i] + self.rest[i]
    }
}

impl Coalitions {
    /// Room for n states.
    pub fn new(n: usize) -> Coalitions {
        Coalitions {
            n,
            masks: Vec::with_capacity(REMEMBERED),
            next: 0,
            payoffs: vec![0.0; REMEMBERED * 2 * n],
        }
    }

    /// Forgets everything: a new window begins.
    pub fn clear(&mut self) {
        self.masks.clear();
        self.next = 0;
    }

    /// The slot of C's payoffs, playing the window if it is new.
    pub fn play(
        &mut self,
        talks: &Talks,
        board: &mut Board,
        expected: &Network,
        coalition: StateSet,
    ) -> usize {
        if let Some(slot) = self.masks.iter().position(|&mask| mask == coalition) {
            return slot;
        }
        talks.play(board, expected, coalition);
        let slot = self.claim(coalition);
        for i in 0..self.n {
            let parts = state_parts(talks.economy, talks.scene, talks.standing, board, i);
            self.payoffs[slot * 2 * self.n + i] = parts.gross();
            self.payoffs[(slot * 2 + 1) * self.n + i] = parts.rest();
        }
        slot
    }

    fn claim(&mut self, coalition: StateSet) -> usize {
        if self.masks.len() < REMEMBERED {
            self.masks.push(coalition);
            return self.masks.len() - 1;
        }
        // Slot 0 is the window without an accord, which every comparison needs.
        self.next = self.next % (REMEMBERED - 1) + 1;
        self.masks[self.next] = coalition;
        self.next
    }

    /// Stores payoffs that are known without playing: those of the window without an accord.
    pub fn store(&mut self, coalition: StateSet, gross: &[f64], rest: &[f64]) {
        let slot = self.claim(coalition);
        self.payoffs[slot * 2 * self.n..(slot * 2 + 1) * self.n].copy_from_slice(gross);
        self.payoffs[(slot * 2 + 1) * self.n..(slot * 2 + 2) * self.n].copy_from_slice(rest);
    }

    /// The payoffs in a slot.
    pub fn payoffs(&self, slot: usize) -> Payoffs<'_> {
        Payoffs {
            gross: &self.payoffs[slot * 2 * self.n..(slot * 2 + 1) * self.n],
            rest: &self.payoffs[(slot * 2 + 1) * self.n..(slot * 2 + 2) * self.n],
        }
    }
}

/// u_i after sharing (model, section 7, step 5) for a member of `accord`, with everybody's delay factors:
/// (1−ς)u_i + ς(alone_i + share_i·Σ_{j∈B}(u_j − alone_j)).
pub fn shared_payoff(
    talks: &Talks,
    played: Payoffs,
    alone: Payoffs,
    accord: StateSet,
    factor: impl Fn(usize) -> f64,
    i: usize,
) -> f64 {
    let own = played.delayed(i, factor(i));
    let sigma = talks.scene.rules.side_payments;
    let pooled = talks.arm.mode == Mode::Bloc && talks.arm.sharing != Sharing::None && sigma > 0.0;
    if !pooled || accord >> i & 1 == 0 {
        return own;
    }
    let pool: f64 = members(accord)
        .map(|j| played.delayed(j, factor(j)) - alone.delayed(j, factor(j)))
        .sum();
    (1.0 - sigma) * own + sigma * (alone.delayed(i, factor(i)) + share(talks, accord, i) * pool)
}

fn share(talks: &Talks, accord: StateSet, i: usize) -> f64 {
    let weight = |j: usize| match talks.arm.sharing {
        Sharing::None => 0.0,
        Sharing::Equal => 1.0,
        Sharing::Gdp => talks.economy.gdp[j],
        Sharing::Population => talks.economy.population[j],
    };
    weight(i) / members(accord).map(weight).sum::<f64>()
}
