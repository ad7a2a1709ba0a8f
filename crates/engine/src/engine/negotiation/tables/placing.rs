//! Which members of a bloc host a hyperscaler, and what that is worth to both sides before terms (model, section 6, bloc).
//!
//! Not here: the bargain over the terms (`bloc`).

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::network::expected::TIE;
use crate::engine::negotiation::tables::gains::TableGains;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::talks::Talks;

/// A joint table after placing: who hosts, and the gains before terms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placing {
    pub placed: StateSet,
    pub table: TableGains,
}

impl Talks<'_> {
    /// Admits members by size within the budget, lets those with a negative joint gain go unless all are to be covered, and gives
    /// ΔΠ and Σ ΔU_l of the rest; none where nobody is left. Members are outside S_h, or ρ = 1.
    pub(crate) fn place(
        &self,
        play: &mut WindowPlay,
        h: usize,
        foresight: f64,
        budget: f64,
    ) -> Option<Placing> {
        play.tally.joint_tables += 1;
        let mut placed = self.admit(play, h, budget);
        if placed == 0 {
            return None;
        }
        self.look(play, h, foresight);
        let mut table = self.gains_if(play, h, placed);
        if self.arm.cover_all {
            return Some(Placing { placed, table });
        }
        while let Some((leaving, rest)) = self.leaving(play, h, placed, table) {
            placed &= !(1 << leaving);
            table = rest;
            if placed == 0 {
                return None;
            }
        }
        Some(Placing { placed, table })
    }

    /// Members that h may deal with, in descending size, each if it fits what the ones before left of the budget.
    fn admit(&self, play: &mut WindowPlay, h: usize, mut budget: f64) -> StateSet {
        let economy = self.economy;
        let size = |i: usize| economy.size[i * economy.m + h];
        let candidates = play.bloc & economy.feasible[h];
        let all: f64 = members(candidates).map(size).sum();
        // Far from the limit no order matters.
        if all <= 0.999 * budget {
            return candidates;
        }
        let order = &mut play.joint.order;
        order.clear();
        order.extend(members(candidates));
        order.sort_unstable_by(|&i, &j| size(j).total_cmp(&size(i)).then(i.cmp(&j)));
        let mut admitted = 0;
        for &i in order.iter() {
            if size(i) <= budget {
                admitted |= 1 << i;
                budget -= size(i);
            }
        }
        admitted
    }

    /// Members of G that may leave it: another whose service is better may be envied, so that where peers count no pair is assured.
    fn doubtful(&self, play: &WindowPlay, h: usize, placed: StateSet) -> StateSet {
        match self.economy.peers > 0.0 {
            true => placed,
            false => placed & !play.assured.hosts[h],
        }
    }

    /// The member of G with the lowest Γ, the fall in ΔΠ + Σ_{l∈B} ΔU_l + Σ_{l∈G} v*_lh when G loses it, if that is below zero, with the
    /// gains of the rest; of those tied the last.
    fn leaving(
        &self,
        play: &mut WindowPlay,
        h: usize,
        placed: StateSet,
        table: TableGains,
    ) -> Option<(usize, TableGains)> {
        let m = self.economy.m;
        let whole = table.gains.state + table.gains.hyperscaler;
        let mut lowest = f64::INFINITY;
        let doubtful = self.doubtful(play, h, placed);
        for i in members(doubtful) {
            let rest = self.gains_if(play, h, placed & !(1 << i)).gains;
            let fall = whole - (rest.state + rest.hyperscaler);
            play.joint.loss[i] = fall + self.arm_economy.term_surplus[i * m + h];
            lowest = lowest.min(play.joint.loss[i]);
        }
        if lowest >= -TIE {
            return None;
        }
        let tied = |&i: &usize| play.joint.loss[i] <= lowest + TIE;
        let leaving = members(doubtful).filter(tied).last()?;
        let rest = self.gains_if(play, h, placed & !(1 << leaving));
        Some((leaving, rest))
    }
}
