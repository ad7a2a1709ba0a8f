//! A table: the talks that are going on, and how a bargain over given gains is settled (model, section 5; reserve of section 6).
//!
//! Not here: the gains that are bargained over (`pairs`, `bloc`) and the solutions themselves, which are in `bargaining`.

use crate::bargaining::{
    Agreement, Frontier, Gains, Protocol, cash_total, impatience, solve, solve_with_cash,
};
use crate::model::Solution;
use crate::model::arm::Arm;
use crate::model::valuation::Economy;
use crate::negotiation::scene::{Scene, Standing};

/// What a play of a window reads: fixed while the window is played under any accord.
#[derive(Debug, Clone, Copy)]
pub struct Talks<'a> {
    /// Economy of the window.
    pub economy: &'a Economy,
    /// Scene of arm and window.
    pub scene: &'a Scene,
    /// Standing at the start of the window.
    pub standing: &'a Standing,
    /// The arm's fixed rules.
    pub arm: &'a Arm,
    /// All pairs in the order in which they meet.
    pub sequence: &'a [usize],
    /// Place of each pair in it.
    pub places: &'a [usize],
}

/// The side of the states at a table, in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Side {
    /// β.
    pub bargaining_power: f64,
    /// ln(1 + r_S) per year.
    pub log_rate: f64,
    /// 1 − δ_S per round.
    pub impatience: f64,
}

impl Talks<'_> {
    /// The side of state i alone.
    pub(crate) fn side_of(&self, i: usize) -> Side {
        let log_rate = self.economy.state_log_rate[i];
        Side {
            bargaining_power: self.scene.bargaining_power[i],
            log_rate,
            impatience: self.impatience(log_rate),
        }
    }

    /// 1 − δ per round at ln(1+r) per year; only alternating offers ask for it.
    pub(crate) fn impatience(&self, log_rate: f64) -> f64 {
        if self.scene.solution == Solution::Rubinstein {
            impatience(log_rate, self.economy.round_years)
        } else {
            0.0
        }
    }

    /// The protocol between a side and h.
    pub(crate) fn protocol(&self, side: Side, h: usize) -> Protocol {
        match self.scene.solution {
            Solution::Nash => Protocol::Nash {
                bargaining_power: side.bargaining_power,
            },
            Solution::KalaiSmorodinsky => Protocol::KalaiSmorodinsky,
            Solution::Egalitarian => Protocol::Egalitarian,
            Solution::Rubinstein => Protocol::alternating_offers(
                self.economy.round_years,
                side.log_rate,
                self.economy.hyperscaler_log_rate[h],
                side.impatience,
            ),
        }
    }

    /// The frontier of pair (i, h), with floors where `floored`.
    pub(crate) fn pair_frontier(&self, i: usize, h: usize, floored: bool) -> Frontier<'_> {
        let economy = self.economy;
        Frontier {
            a: &economy.a[i * economy.k..(i + 1) * economy.k],
            b: &economy.b,
            c: &economy.c[h * economy.k..(h + 1) * economy.k],
            d: &economy.d,
            min: if floored {
                &self.scene.floored_min
            } else {
                &economy.min
            },
            max: &economy.max,
            scale: economy.size[i * economy.m + h],
        }
    }

    /// Settles a bargain, with or without cash; a side of states that is promised at least `reserve` elsewhere gets
    /// min(reserve, s*) (model, section 6, shortlist).
    pub(crate) fn settle(
        &self,
        frontier: &Frontier,
        gains: Gains,
        protocol: Protocol,
        reserve: f64,
    ) -> Option<Agreement> {
        if self.scene.transfers {
            let agreement = solve_with_cash(frontier, gains, protocol)?;
            if agreement.state_gain >= reserve {
                return Some(agreement);
            }
            let total = cash_total(frontier, gains);
            return Some(Agreement::with_cash(
                frontier,
                gains,
                total,
                reserve.min(total),
            ));
        }
        let agreement = solve(frontier, gains, protocol)?;
        if agreement.state_gain >= reserve {
            return Some(agreement);
        }
        let arc = frontier.arc(gains)?;
        let target = reserve.min(arc.state_best);
        let from = agreement.lambda.min(arc.high);
        let lambda = frontier.smallest_with_state_gain(gains, target, from, arc.high);
        Some(Agreement::on_frontier(frontier, gains, lambda))
    }

    /// The most the states' side can get, s* of section 5, or none without a deal.
    pub(crate) fn most_for_states(&self, frontier: &Frontier, gains: Gains) -> Option<f64> {
        if self.scene.transfers {
            let total = cash_total(frontier, gains);
            return (total > 0.0).then_some(total);
        }
        frontier.arc(gains).map(|arc| arc.state_best)
    }

    /// The most the hyperscaler can get, h*, or none without a deal.
    pub(crate) fn most_for_hyperscaler(&self, frontier: &Frontier, gains: Gains) -> Option<f64> {
        if self.scene.transfers {
            let total = cash_total(frontier, gains);
            return (total > 0.0).then_some(total);
        }
        frontier.arc(gains).map(|arc| arc.hyperscaler_best)
    }
}
