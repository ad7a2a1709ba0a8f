//! The most that a state outside an accord can get of a window, found without playing it.
//!
//! An outsider bargains alone. Under Nash's solution what it gets of the terms falls in its own gain ΔU and rises in the hyperscaler's ΔΠ (F of
//! [`nash_from_middle`](crate::theory::bargaining::solution::nash::nash_from_middle) rises in the one and falls in the other), so that a bargain
//! at the least ΔU and the most ΔΠ that any network makes brings at least as much as the one that is struck. Which deals are struck is left open: access to all
//! that may be signed is counted, and what would be gained by refusing one.
//!
//! Not here: who leaves an accord, which asks for it (`leaving`).

use crate::engine::model::arm::{StateSet, Turn, members};
use crate::engine::model::lanes::lane;
use crate::engine::model::{Others, Solution};
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::prospect::Prospect;
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::Gains;

/// Rounding: a bound holds to this share of what it is the sum of.
const MARGIN: f64 = 1e-9;

impl Talks<'_> {
    /// The most of u_i (32) undelayed in the play under `accord`, in which i is not; none where no bound is known. What `play` showed is lost.
    pub(crate) fn most_outside(
        &self,
        play: &mut WindowPlay,
        accord: StateSet,
        i: usize,
    ) -> Option<f64> {
        let (economy, arm_economy) = (self.economy, self.arm_economy);
        let nash = arm_economy.solution == Solution::Nash && !arm_economy.transfers;
        let nash = nash && self.protection_rises(i);
        let counted = economy.foresight == 0.0 || arm_economy.others == Others::NashInNash;
        if !nash || !counted || economy.peers > 0.0 || arm_economy.rules.most_favoured > 0.0 {
            return None;
        }
        play.shows = None;
        self.set_parties(play, Setting::whole(accord));
        if !play.service.is_monotone() {
            return None;
        }
        let mut prospects = std::mem::take(&mut play.prospects);
        for h in 0..economy.m {
            prospects[h].signing = self.surely_signing(play, h);
        }
        for h in 0..economy.m {
            self.look_forward(play, i, h, &mut prospects);
        }
        for h in 0..economy.m {
            if prospects[h].signs {
                self.weigh_terms_of(play, i, h, &mut prospects);
            }
        }
        let most = self.most_of(play, i, &prospects);
        play.prospects = prospects;
        Some(most)
    }

    /// Whether every term that protects i against repricing rises along its frontiers, a·d + b·c >= 0 in (23): then s − loss rises too.
    fn protection_rises(&self, i: usize) -> bool {
        let economy = self.economy;
        let rises = |h: usize, k: usize| {
            let [a, c] = [
                economy.a[i * economy.stride + k],
                economy.c[h * economy.stride + k],
            ];
            economy.price_effect[k] == 0.0 || a * economy.d[k] + economy.b[k] * c >= 0.0
        };
        !self.has_repricing() || (0..economy.m).all(|h| (0..economy.k).all(|k| rises(h, k)))
    }

    /// The states that sign with h at tables of their own whatever others do: at λ = ½ both sides gain at the least, and the budget suffices for all.
    fn surely_signing(&self, play: &mut WindowPlay, h: usize) -> StateSet {
        let economy = self.economy;
        let tendering = self.tendering(play.accord);
        let size = |j: usize| economy.size[j * economy.m + h];
        let all: f64 = members(economy.feasible[h]).map(size).sum();
        if all > 0.999 * economy.budget[h] {
            return 0;
        }
        let mut sure = 0;
        for j in members(economy.feasible[h] & !play.bloc & !tendering) {
            let p = j * economy.m + h;
            let own = self.arm_economy.own_gains(economy, j, h, play.accord);
            let (inside, worth) = (play.accord >> j & 1 == 1, lane(&play.worth, j));
            let least = play.assured.least_gains(p, inside, own, worth);
            let middle = self.middle(play, j, h);
            if least.state + middle.value > 0.0 && least.hyperscaler - middle.cost > 0.0 {
                sure |= 1 << j;
            }
        }
        sure
    }

    /// Members that hold tenders, so that anyone may be refused.
    fn tendering(&self, accord: StateSet) -> StateSet {
        match self.arm.shortlist {
            Some(_) => accord,
            None => 0,
        }
    }

    /// The hosts of h, but for i, that are signed in any case when i and h meet: contracts that run and come up later, and who signs surely before.
    fn surely_signed(&self, play: &WindowPlay, i: usize, h: usize, signing: StateSet) -> StateSet {
        let m = self.economy.m;
        let turn = self.places[i * m + h];
        let mut sure = 0;
        for j in members((self.standing.had[h] | signing) & self.economy.feasible[h] & !(1 << i)) {
            let later = match play.bloc >> j & 1 {
                1 => self.bloc_meets_after(play, h, turn),
                _ => self.places[j * m + h] > turn,
            };
            let kept = if later { self.standing.had[h] } else { signing };
            sure |= kept & 1 << j;
        }
        sure
    }

    /// Whether the bloc meets h after a pair whose place is `turn`.
    fn bloc_meets_after(&self, play: &WindowPlay, h: usize, turn: usize) -> bool {
        match self.arm.turn {
            Turn::First => false,
            Turn::Middle => play.joint.places[h].is_some_and(|place| place > turn),
            Turn::Last => true,
        }
    }

    /// Whether i hosts g in any case when it meets h.
    fn surely_hosts(&self, i: usize, g: usize, h: usize, signing: StateSet) -> bool {
        let m = self.economy.m;
        let later = self.places[i * m + g] > self.places[i * m + h];
        let kept = if later {
            self.standing.had[g] & self.economy.feasible[g]
        } else {
            signing
        };
        kept >> i & 1 == 1
    }

    /// What there may be between i and h before terms.
    fn look_forward(&self, play: &mut WindowPlay, i: usize, h: usize, prospects: &mut [Prospect]) {
        let (economy, arm_economy) = (self.economy, self.arm_economy);
        let p = i * economy.m + h;
        prospects[h] = Prospect {
            signing: prospects[h].signing,
            ..Prospect::default()
        };
        if economy.feasible[h] >> i & 1 == 0 {
            return;
        }
        let signed = self.surely_signed(play, i, h, prospects[h].signing);
        let expected = play.assured.hosts[h] & !self.tendering(play.accord) & !(1 << i);
        let worth = lane(&play.worth, i);
        let (mut earned, mut access) = ([0.0; 2], [0.0; 2]);
        for (at, hosts) in [signed, expected].into_iter().enumerate() {
            let cell = play.service.locate(economy, h, hosts);
            let covers = |g: usize| match at {
                0 => self.surely_hosts(i, g, h, prospects[g].signing),
                _ => play.assured.hosts[g] >> i & 1 == 1,
            };
            let (margin, reach) = play.entry(economy).most(i, h, cell, hosts, covers);
            (earned[at], access[at]) = (margin, worth * reach);
        }
        let own = arm_economy.own_gains(economy, i, h, play.accord);
        let fixed = own.hyperscaler - economy.compliance[p];
        let terms = arm_economy.term_surplus[p];
        let scale = worth + earned[0] + earned[1] + own.state.abs() + own.hyperscaler.abs();
        let rounding = MARGIN * (scale + terms.abs() + economy.compliance[p]);
        let weights = [1.0 - economy.foresight, economy.foresight];
        let mean = |two: [f64; 2]| weights[0] * two[0] + weights[1] * two[1];
        let most = Gains {
            state: own.state + mean(access) + rounding,
            hyperscaler: fixed + mean(earned) + rounding,
        };
        let together = own.state + fixed + earned[1] + access[1] + terms + rounding;
        let one = &mut prospects[h];
        one.expected = together > 0.0;
        one.most = most;
        // What is expected does not ask for budgets.
        let surely = one.signing >> i & 1 == 1;
        let may =
            economy.size[p] <= economy.budget[h] && most.state + most.hyperscaler + terms > 0.0;
        one.signs = surely || may && self.bargain(play, i, h, most, f64::NEG_INFINITY).is_some();
    }

    /// The most of s_ih − loss_ih, ΔU being at least what it is where all who may cover the rest do.
    fn weigh_terms_of(
        &self,
        play: &mut WindowPlay,
        i: usize,
        h: usize,
        prospects: &mut [Prospect],
    ) {
        let economy = self.economy;
        let m = economy.m;
        let elsewhere = economy.remote_value * play.service.best(i);
        let left = |may: &dyn Fn(usize) -> bool| -> f64 {
            let others = (0..m).filter(|&g| g != h);
            let uncovered = others.map(|g| match may(g) {
                true => 1.0 - economy.coverage[i * m + g],
                false => 1.0 - economy.coverage[i * m + g] * elsewhere,
            });
            uncovered.product()
        };
        let had = |g: usize| self.standing.had[g] >> i & 1 == 1;
        let left = (1.0 - economy.foresight) * left(&|g| prospects[g].signs || had(g))
            + economy.foresight * left(&|g| prospects[g].expected);
        let access = lane(&play.worth, i) * economy.coverage[i * m + h] * (1.0 - elsewhere);
        let own = self.arm_economy.own_gains(economy, i, h, play.accord).state;
        let least = own + access * left;
        let gains = Gains {
            state: least - MARGIN * (access + own.abs()),
            hyperscaler: prospects[h].most.hyperscaler,
        };
        let booked = match self.bargain(play, i, h, gains, f64::NEG_INFINITY) {
            Some(deal) => deal.booked,
            // At a larger ΔU there is one: what the state gets of the terms is most where the hyperscaler gains nothing.
            None => self.booked_at_most(play, i, h, gains),
        };
        prospects[h].terms = booked.value - booked.loss;
    }

    /// The most of u_i where it may sign as `prospects` say: with all that may be signed, and with what not to sign one more would bring at the most, as
    /// access has diminishing returns.
    fn most_of(&self, play: &WindowPlay, i: usize, prospects: &[Prospect]) -> f64 {
        let (economy, arm_economy) = (self.economy, self.arm_economy);
        let m = economy.m;
        let elsewhere = economy.remote_value * play.service.best(i);
        let uncovered = |h: usize| match prospects[h].signs {
            true => 1.0 - economy.coverage[i * m + h],
            false => 1.0 - economy.coverage[i * m + h] * elsewhere,
        };
        let worth = lane(&play.worth, i);
        let all: f64 = (0..m).map(uncovered).product();
        let outside = economy.uncovered_outside[i];
        let (value, first) = (
            arm_economy.value(i, play.accord),
            arm_economy.first_value[i],
        );
        let first_lacking = 1.0 - self.standing.first_compute[i];
        let own = value - worth * outside - first * (1.0 - first_lacking * outside);
        let mut most = own + worth * (outside - all);
        let mut scale = value + first;
        for (h, one) in prospects.iter().enumerate() {
            let lost = match self.standing.had[h] >> i & 1 {
                1 => arm_economy.switching_cost(economy, i, h, play.accord),
                _ => 0.0,
            };
            if !one.signs {
                most -= lost;
                continue;
            }
            let coverage = economy.coverage[i * m + h];
            let rivals: f64 = (0..m).filter(|&g| g != h).map(uncovered).product();
            let access = worth * coverage * (1.0 - elsewhere) * rivals;
            most += one.terms + (-one.terms - access - lost).max(0.0);
            scale += one.terms.abs() + lost;
        }
        most + MARGIN * scale
    }
}
