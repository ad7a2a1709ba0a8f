//! Every coalition of one window in one world as a game of joining and leaving, and what makes a coalition stable in it.
//!
//! A coalition is a bit mask of the k invited states, the players. At most one accord exists at a time; all others stand outside it, each
//! alone. With fewer than two members there is no accord: a coalition of one or none means that all are alone. u_i(C) is undelayed
//! and after the arm's sharing rule (model, section 7), so members' payoffs add up to what they get before sharing.
//!
//! | notion | a coalition C has it if | source |
//! | --- | --- | --- |
//! | internal stability | no member gains by leaving: u_i(C∖i) − u_i(C) − penalty_i <= 0, as model (31); also without the penalty | d'Aspremont et al. 1983; Barrett 1994 |
//! | held by side payments | members' gains from leaving add up to no more than 0, so that transfers among them keep all | Carraro, Eyckmans and Finus 2006 |
//! | external stability, open membership | no outsider gains by joining: u_j(C∪j) <= u_j(C) | d'Aspremont et al. 1983 |
//! | external stability, exclusive membership | no outsider gains by joining such that no member loses by it | Finus and Rundshagen 2003 |
//! | external stability, the arm's rule | no outsider gains by joining whom the members let in under the rule, each saying yes where it does not lose | model, section 7, step 0 |
//! | not dissolved | not every member would rather be alone: some u_i(C) >= alone_i | model, section 7, step 3 |
//! | core | no part S of C gets more if it is the accord and everybody else stands alone: Σ_{i∈S} u_i(C) >= Σ_{i∈S} u_i(S) | the γ-core of Chander and Tulkens 1997 |
//!
//! Ties stay and do not join: comparisons allow 1e-9·max(1, |alone_i|), as those of the model.
//!
//! # References
//! d'Aspremont, Jacquemin, Gabszewicz and Weymark 1983, <https://doi.org/10.2307/134972>; Barrett 1994,
//! <https://doi.org/10.1093/oep/46.Supplement_1.878>; Carraro, Eyckmans and Finus 2006, <https://doi.org/10.1007/s11558-006-0162-5>; Finus and
//! Rundshagen, Endogenous coalition formation in global pollution control, FEEM working paper 43.2003; Chander and Tulkens, The core of
//! an economy with multilateral environmental externalities (1997), <https://doi.org/10.1007/BF01263279>.

use crate::engine::model::arm::members;

/// Ties do not move anyone: the slack of every comparison, relative to max(1, |alone_i|).
const ALLOWANCE: f64 = 1e-9;

/// One accord that any of k players may join or leave.
#[derive(Debug, Clone, Default)]
pub struct AccordGame {
    players: usize,
    /// u_p(C) at mask·k + p; masks with fewer than two players hold alone_p.
    payoffs: Vec<f64>,
    /// What leaving costs besides, by player.
    penalties: Vec<f64>,
    /// What counts as a tie, by player.
    slack: Vec<f64>,
    /// Scratch for the parts of a coalition.
    parts: Vec<usize>,
    paid: Vec<f64>,
}

impl AccordGame {
    /// A game of `players`, at most 16, from `payoffs` (u_p(C) at mask·k + p) and the `penalties` of leaving.
    ///
    /// # Panics
    /// If the lengths do not fit.
    pub fn new(players: usize, payoffs: Vec<f64>, penalties: Vec<f64>) -> AccordGame {
        let mut game = AccordGame::default();
        game.refill(players, &payoffs, &penalties);
        game
    }

    /// The game of another world, in the same memory.
    ///
    /// # Panics
    /// If the lengths do not fit.
    pub fn refill(&mut self, players: usize, payoffs: &[f64], penalties: &[f64]) {
        assert!(
            payoffs.len() == players << players && penalties.len() == players,
            "{players} players, {} payoffs, {} penalties",
            payoffs.len(),
            penalties.len()
        );
        self.players = players;
        self.payoffs.clear();
        self.payoffs.extend_from_slice(payoffs);
        self.penalties.clear();
        self.penalties.extend_from_slice(penalties);
        self.slack.clear();
        let alone = payoffs[..players].iter();
        self.slack
            .extend(alone.map(|alone| ALLOWANCE * alone.abs().max(1.0)));
    }

    /// k.
    pub fn players(&self) -> usize {
        self.players
    }

    /// The coalition of all players.
    pub fn grand(&self) -> usize {
        (1 << self.players) - 1
    }

    /// u_p(C).
    pub fn payoff(&self, coalition: usize, p: usize) -> f64 {
        self.payoffs[coalition * self.players + p]
    }

    /// alone_p.
    pub fn alone(&self, p: usize) -> f64 {
        self.payoffs[p]
    }

    /// The penalty of leaving.
    pub fn penalty(&self, p: usize) -> f64 {
        self.penalties[p]
    }

    /// What p counts as a tie.
    pub fn slack(&self, p: usize) -> f64 {
        self.slack[p]
    }

    /// u_p(C∖p) − u_p(C): what a member gains by leaving, the penalty aside.
    pub fn gain_from_leaving(&self, coalition: usize, p: usize) -> f64 {
        self.payoff(coalition & !(1 << p), p) - self.payoff(coalition, p)
    }

    /// Whether a member leaves in spite of the penalty (31).
    pub fn leaves(&self, coalition: usize, p: usize) -> bool {
        self.gain_from_leaving(coalition, p) - self.penalties[p] > self.slack[p]
    }

    /// Whether an outsider gains by joining. Joining one or none is joining nobody: then there is nothing to gain.
    pub fn joins(&self, coalition: usize, p: usize) -> bool {
        self.payoff(coalition | 1 << p, p) - self.payoff(coalition, p) > self.slack[p]
    }

    /// Whether no member gains by leaving, with or without the penalty.
    pub fn is_internal(&self, coalition: usize, with_penalty: bool) -> bool {
        members(coalition as u64).all(|p| match with_penalty {
            true => !self.leaves(coalition, p),
            false => self.gain_from_leaving(coalition, p) <= self.slack[p],
        })
    }

    /// Whether side payments among members could keep all of them: what leaving is worth, net of penalties, adds up to 0 or less.
    pub fn is_held_by_side_payments(&self, coalition: usize) -> bool {
        let wanted = members(coalition as u64)
            .map(|p| self.gain_from_leaving(coalition, p) - self.penalties[p] - self.slack[p]);
        wanted.sum::<f64>() <= 0.0
    }

    /// Whether no outsider gains by joining, if none can be kept out.
    pub fn is_external_open(&self, coalition: usize) -> bool {
        self.outsiders(coalition).all(|p| !self.joins(coalition, p))
    }

    /// Whether no outsider gains by joining such that no member loses, if members must agree to a newcomer.
    pub fn is_external_exclusive(&self, coalition: usize) -> bool {
        self.outsiders(coalition)
            .all(|p| !(self.joins(coalition, p) && self.welcomes(coalition, p)))
    }

    /// Whether no member loses by the newcomer p.
    fn welcomes(&self, coalition: usize, p: usize) -> bool {
        self.agreeing(coalition, p) == coalition
    }

    /// The members that do not lose by the newcomer p.
    pub fn agreeing(&self, coalition: usize, p: usize) -> usize {
        let larger = coalition | 1 << p;
        let keeps =
            |&i: &usize| self.payoff(larger, i) >= self.payoff(coalition, i) - self.slack[i];
        let agreeing = members(coalition as u64).filter(keeps);
        agreeing.fold(0, |all, i| all | 1 << i)
    }

    /// Whether every member would rather be alone.
    pub fn is_dissolved(&self, coalition: usize) -> bool {
        let rather_alone = |i: usize| self.payoff(coalition, i) < self.alone(i) - self.slack[i];
        coalition != 0 && members(coalition as u64).all(rather_alone)
    }

    /// Whether no part of a coalition gets more by itself, the others then being alone. At most 2^|C| steps.
    pub fn is_in_core(&mut self, coalition: usize) -> bool {
        let k = self.players;
        self.parts.clear();
        self.parts.push(0);
        self.paid.clear();
        self.paid.push(0.0);
        for p in members(coalition as u64) {
            let own = self.payoffs[coalition * k + p] + self.slack[p];
            for at in 0..self.parts.len() {
                let part = self.parts[at] | 1 << p;
                let paid = self.paid[at] + own;
                let base = part * k;
                let apart: f64 = members(part as u64).map(|i| self.payoffs[base + i]).sum();
                if part != coalition && apart > paid {
                    return false;
                }
                self.parts.push(part);
                self.paid.push(paid);
            }
        }
        true
    }

    fn outsiders(&self, coalition: usize) -> impl Iterator<Item = usize> + use<> {
        members((self.grand() & !coalition) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A game from a function of coalition and player.
    fn game(players: usize, payoff: impl Fn(usize, usize) -> f64, penalty: f64) -> AccordGame {
        let payoffs = (0..1usize << players).flat_map(|mask| {
            let mask = if mask.count_ones() < 2 { 0 } else { mask };
            (0..players).map(move |p| (mask, p))
        });
        let payoffs = payoffs.map(|(mask, p)| payoff(mask, p)).collect();
        AccordGame::new(players, payoffs, vec![penalty; players])
    }

    #[test]
    fn a_cartel_by_hand() {
        // Four firms. Members get their number, outsiders one and a half times the members' number less 1, all alone 0.
        let cartel = |mask: usize, p: usize| {
            let size = f64::from(mask.count_ones());
            match (mask, mask >> p & 1) {
                (0, _) => 0.0,
                (_, 1) => size,
                _ => 1.5 * size - 1.0,
            }
        };
        let cartel = game(4, cartel, 0.0);
        let stable = |mask| {
            (
                cartel.is_internal(mask, true),
                cartel.is_external_open(mask),
            )
        };
        assert_eq!(
            stable(0b0011),
            (true, false),
            "outside 2, in a larger one 3"
        );
        assert_eq!(
            stable(0b0111),
            (true, false),
            "outside 3.5, in a larger one 4"
        );
        assert_eq!(stable(0b1111), (true, true), "inside 4, outside three 3.5");
        assert!(!cartel.joins(0, 1) && !cartel.joins(0b1000, 3));
    }

    #[test]
    fn ties_stay_and_do_not_join() {
        let level = game(3, |_, _| 5.0, 0.0);
        for mask in [0b011, 0b101, 0b111] {
            assert!(level.is_internal(mask, false) && level.is_external_open(mask));
        }
    }

    #[test]
    fn the_penalty_keeps_and_side_payments_may() {
        // Player 0 gains 2 by leaving the three, the others lose 3 each.
        let payoff = |mask: usize, p: usize| match (mask, p) {
            (0b110, 0) => 2.0,
            (0b111, 0) => 0.0,
            (0b111, _) => 3.0,
            _ => 0.0,
        };
        let mut free = game(3, payoff, 0.0);
        assert!(!free.is_internal(0b111, true) && free.is_held_by_side_payments(0b111));
        assert!(free.is_in_core(0b111), "no part gets more than 0");
        let bound = game(3, payoff, 2.0);
        assert!(bound.is_internal(0b111, true) && !bound.is_internal(0b111, false));
        assert!(bound.leaves(0b111, 0) != free.leaves(0b111, 0));
    }

    #[test]
    fn members_may_keep_a_newcomer_out() {
        // The third gains 1 by joining the pair, which loses 1 each by it.
        let payoff = |mask: usize, p: usize| match (mask, p) {
            (0b011, 0 | 1) => 3.0,
            (0b111, 2) => 1.0,
            (0b111, _) => 2.0,
            _ => 0.0,
        };
        let mut game = game(3, payoff, 0.0);
        assert!(!game.is_external_open(0b011) && game.is_external_exclusive(0b011));
        assert!(
            !game.is_in_core(0b111),
            "the pair gets 6 by itself, 4 with the third"
        );
        assert_eq!(
            (game.agreeing(0b011, 2), game.agreeing(0b101, 1)),
            (0, 0b101)
        );
        assert!(!game.is_dissolved(0b011), "nobody has less than alone");
        assert!(game.is_in_core(0b011) && game.is_in_core(0b101));
        assert!(game.is_internal(0b111, true), "each has 0 outside of it");
    }
}
