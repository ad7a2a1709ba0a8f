//! The terms of a table in numbers: what of them is foreseen to be taken back by repricing (39), (40), a schedule for each member of a bloc,
//! and what a bundle brings into the books.
//!
//! Pairs on plain terms do not come here: their coefficients lie in the economy.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::tables::deal::Booked;
use crate::engine::negotiation::tables::play::{JointScratch, WindowPlay};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::Frontier;

/// The next number but three above 1.
const ABOVE: f64 = 1.0 + 4.0 * f64::EPSILON;

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
        let mut levels = std::mem::take(&mut self.levels);
        self.frontier().bundle(lambda, &mut levels[..self.terms]);
        self.levels = levels;
    }
}

impl Talks<'_> {
    /// Whether contracts are repriced after signing, so that terms that protect against it count for more.
    pub(crate) fn has_repricing(&self) -> bool {
        self.economy.repricing > 0.0
    }

    /// The terms of pair (i, h) with what repricing makes of their slopes.
    pub(crate) fn weigh_pair(&self, play: &mut WindowPlay, i: usize, h: usize) {
        self.weigh_pair_under(&mut play.joint, play.accord, i, h);
    }

    /// The same with M = `accord`, as far as it matters: whether i is inside.
    pub(crate) fn weigh_pair_under(
        &self,
        joint: &mut JointScratch,
        accord: StateSet,
        i: usize,
        h: usize,
    ) {
        let stride = self.economy.stride;
        joint.looks_ahead = false;
        joint.terms = stride;
        self.write_terms(joint, accord, i, h);
        let min = self.arm_economy.least_levels(self.economy, i, accord);
        joint.min[..stride].copy_from_slice(min);
        joint.max[..stride].copy_from_slice(&self.economy.max);
    }

    /// As [`weigh_pair`](Self::weigh_pair), with what the clause made of them when the pair met.
    pub(crate) fn weigh_pair_again(&self, play: &mut WindowPlay, i: usize, h: usize) {
        self.weigh_pair(play, i, h);
        if self.has_clause(play) {
            self.apply_clause(play, i, h);
        }
    }

    /// The terms of the bloc's table: of one bundle for all of G, or of a bundle for each where each has its annex.
    pub(crate) fn weigh_terms(&self, play: &mut WindowPlay, h: usize, placed: StateSet) {
        let bundles = match self.arm.annexes {
            true => placed.count_ones() as usize,
            false => 1,
        };
        self.weigh_bundles(play, h, placed, bundles);
    }

    /// The same of one bundle in any case: Z-weighted sums over G.
    pub(crate) fn weigh_bundle(&self, play: &mut WindowPlay, h: usize, placed: StateSet) {
        self.weigh_bundles(play, h, placed, 1);
    }

    /// The terms of one bundle for all of G, or of as many as there are of G, one after the other.
    fn weigh_bundles(&self, play: &mut WindowPlay, h: usize, placed: StateSet, bundles: usize) {
        let economy = self.economy;
        let stride = economy.stride;
        play.joint.looks_ahead = false;
        play.joint.terms = bundles * stride;
        self.clear_terms(&mut play.joint, bundles * stride);
        for (place, i) in members(placed).enumerate() {
            let at = place.min(bundles - 1) * stride;
            self.add_terms(&mut play.joint, play.accord, i, h, at);
        }
        for at in 0..bundles {
            let part = at * stride..(at + 1) * stride;
            play.joint.min[part.clone()].copy_from_slice(&self.arm_economy.floored_min);
            play.joint.max[part].copy_from_slice(&economy.max);
        }
    }

    fn clear_terms(&self, joint: &mut JointScratch, count: usize) {
        for column in [&mut joint.a, &mut joint.b, &mut joint.c, &mut joint.d] {
            column[..count].fill(0.0);
        }
    }

    /// Writes the coefficients of (i, h) alone, as [`add_terms`](Self::add_terms) adds them.
    fn write_terms(&self, joint: &mut JointScratch, accord: StateSet, i: usize, h: usize) {
        let economy = self.economy;
        let stride = economy.stride;
        let (size, foreseen, felt) = self.weights(accord, i, h);
        let effects = &economy.price_effect[..stride];
        let slopes = [
            (&mut joint.a, &economy.a[i * stride..][..stride], foreseen),
            (&mut joint.c, &economy.c[h * stride..][..stride], felt),
        ];
        for (sum, own, foreseen) in slopes {
            for ((sum, own), effect) in sum[..stride].iter_mut().zip(own).zip(effects) {
                *sum = size * own + foreseen * effect;
            }
        }
        for (sum, own) in [(&mut joint.b, &economy.b), (&mut joint.d, &economy.d)] {
            for (sum, own) in sum[..stride].iter_mut().zip(&own[..stride]) {
                *sum = size * own;
            }
        }
    }

    /// Z_ih, φ·B_ih (40), and the same as the hyperscaler's slopes feel it.
    fn weights(&self, accord: StateSet, i: usize, h: usize) -> (f64, f64, f64) {
        let size = self.economy.size[i * self.economy.m + h];
        let foreseen = (self.arm_economy).foreseen_repricing(self.economy, i, h, accord);
        let felt = if size > 0.0 {
            foreseen
        } else {
            foreseen * ABOVE
        };
        (size, foreseen, felt)
    }

    /// Adds the coefficients of (i, h), times Z, to the terms from `at` on; slopes rise by φ·B·price_effect (40). Without a size these have no
    /// curvature and jump at λ = ½; that they do so just above it leaves ½, where bargains begin, on a flat piece.
    fn add_terms(&self, joint: &mut JointScratch, accord: StateSet, i: usize, h: usize, at: usize) {
        let economy = self.economy;
        let stride = economy.stride;
        let (size, foreseen, felt) = self.weights(accord, i, h);
        let part = at..at + stride;
        let effects = &economy.price_effect[..];
        let slopes = [
            (
                &mut joint.a,
                &economy.a[i * stride..(i + 1) * stride],
                foreseen,
            ),
            (&mut joint.c, &economy.c[h * stride..(h + 1) * stride], felt),
        ];
        for (sum, own, foreseen) in slopes {
            let sums = sum[part.clone()].iter_mut();
            for ((sum, own), effect) in sums.zip(own).zip(effects) {
                *sum += size * own + foreseen * effect;
            }
        }
        let curvatures = [(&mut joint.b, &economy.b), (&mut joint.d, &economy.d)];
        for (sum, own) in curvatures {
            for (sum, own) in sum[part.clone()].iter_mut().zip(own) {
                *sum += size * own;
            }
        }
    }

    /// Books the levels of (i, h) at the bloc's table that begin at `at`.
    pub(crate) fn book_levels(&self, play: &mut WindowPlay, i: usize, h: usize, at: usize) {
        let economy = self.economy;
        let p = i * economy.m + h;
        let levels = &play.joint.levels[at..at + economy.k];
        let booked = self.books_of(play.accord, i, h, levels);
        play.bundle[p * economy.k..(p + 1) * economy.k].copy_from_slice(levels);
        play.book(p, booked);
    }

    /// What levels of (i, h) bring into the books: s (21), g (22) on plain slopes, and what repricing takes (40).
    pub(crate) fn books_of(&self, accord: StateSet, i: usize, h: usize, levels: &[f64]) -> Booked {
        let economy = self.economy;
        let (value, cost) = self.pair_frontier(i, h, false).evaluate(levels);
        let mut loss = 0.0;
        if self.has_repricing() {
            let effects = economy.price_effect.iter().zip(levels);
            let protected: f64 = effects.map(|(effect, level)| effect * level).sum();
            loss = self.arm_economy.repriced(economy, i, h, accord) * (1.0 - protected);
        }
        Booked { value, cost, loss }
    }
}
