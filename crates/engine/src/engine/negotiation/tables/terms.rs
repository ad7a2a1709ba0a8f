//! The terms of a table in numbers: what of them is foreseen to be taken back by repricing (39), (40), a schedule for each member of a bloc,
//! and what a bundle brings into the books.
//!
//! Pairs on plain terms do not come here: their coefficients lie in the economy.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::tables::play::{JointScratch, WindowPlay};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::Frontier;

impl JointScratch {
    /// The frontier of the table's terms.
    pub(crate) fn frontier(&self) -> Frontier<'_> {
        let used = ..self.terms;
        let foreseen = [&self.foreseen_c[used], &self.foreseen_d[used]];
        Frontier {
            a: &self.a[used],
            b: &self.b[used],
            c: &self.c[used],
            d: &self.d[used],
            min: &self.min[used],
            max: &self.max[used],
            scale: 1.0,
            foreseen: self.looks_ahead.then_some(foreseen),
        }
    }

    /// Writes the levels of the table's terms at λ.
    pub(crate) fn write_levels(&mut self, lambda: f64) {
        for k in 0..self.terms {
            self.levels[k] = self.frontier().level(k, lambda);
        }
    }
}

impl Talks<'_> {
    /// Whether contracts are repriced after signing, so that terms that protect against it count for more.
    pub(crate) fn has_repricing(&self) -> bool {
        self.economy.repricing > 0.0
    }

    /// The terms of pair (i, h) with what repricing makes of their slopes.
    pub(crate) fn weigh_pair(&self, play: &mut WindowPlay, i: usize, h: usize) {
        let (stride, floored) = (self.economy.stride, play.accord >> i & 1 == 1);
        play.joint.looks_ahead = false;
        play.joint.terms = stride;
        self.clear_terms(play, stride);
        self.add_terms(play, i, h, 0);
        let min = match floored {
            true => &self.arm_economy.floored_min,
            false => &self.economy.min,
        };
        play.joint.min[..stride].copy_from_slice(min);
        play.joint.max[..stride].copy_from_slice(&self.economy.max);
    }

    /// As [`weigh_pair`](Self::weigh_pair), with what the clause made of them when the pair met.
    pub(crate) fn weigh_pair_again(&self, play: &mut WindowPlay, i: usize, h: usize) {
        self.weigh_pair(play, i, h);
        if self.has_clause(play) {
            self.apply_clause(play, i, h);
        }
    }

    /// The terms of the bloc's table: Z-weighted sums over G, or those of each of G one after the other where each has its annex.
    pub(crate) fn weigh_terms(&self, play: &mut WindowPlay, h: usize, placed: StateSet) {
        let economy = self.economy;
        let stride = economy.stride;
        let tables = match self.arm.annexes {
            true => placed.count_ones() as usize,
            false => 1,
        };
        play.joint.looks_ahead = false;
        play.joint.terms = tables * stride;
        self.clear_terms(play, tables * stride);
        for (place, i) in members(placed).enumerate() {
            let at = if self.arm.annexes { place * stride } else { 0 };
            self.add_terms(play, i, h, at);
        }
        for at in 0..tables {
            let part = at * stride..(at + 1) * stride;
            play.joint.min[part.clone()].copy_from_slice(&self.arm_economy.floored_min);
            play.joint.max[part].copy_from_slice(&economy.max);
        }
    }

    fn clear_terms(&self, play: &mut WindowPlay, count: usize) {
        let joint = &mut play.joint;
        for column in [&mut joint.a, &mut joint.b, &mut joint.c, &mut joint.d] {
            column[..count].fill(0.0);
        }
    }

    /// Adds the coefficients of (i, h), times Z, to the terms from `at` on; slopes rise by φ·B·price_effect (40).
    fn add_terms(&self, play: &mut WindowPlay, i: usize, h: usize, at: usize) {
        let economy = self.economy;
        let (stride, size) = (economy.stride, economy.size[i * economy.m + h]);
        let foreseen = self.foreseen_repricing(play, i, h);
        let joint = &mut play.joint;
        for k in 0..stride {
            let protected = foreseen * economy.price_effect[k];
            joint.a[at + k] += size * economy.a[i * stride + k] + protected;
            joint.b[at + k] += size * economy.b[k];
            joint.c[at + k] += size * economy.c[h * stride + k] + protected;
            joint.d[at + k] += size * economy.d[k];
        }
    }

    /// Books the levels of (i, h) that begin at `at`: s (21), g (22) on plain slopes, and what repricing takes (40).
    pub(crate) fn book_levels(&self, play: &mut WindowPlay, i: usize, h: usize, at: usize) {
        let economy = self.economy;
        let p = i * economy.m + h;
        let levels = &play.joint.levels[at..at + economy.k];
        let (value, cost) = self.pair_frontier(i, h, false).evaluate(levels);
        play.value[p] = value;
        play.cost[p] = cost;
        if self.has_repricing() {
            let effects = economy.price_effect.iter().zip(levels);
            let protected: f64 = effects.map(|(effect, level)| effect * level).sum();
            let taken = self.arm_economy.repriced(economy, i, h, play.accord);
            play.loss[p] = taken * (1.0 - protected);
        }
        play.bundle[p * economy.k..(p + 1) * economy.k].copy_from_slice(levels);
    }
}
