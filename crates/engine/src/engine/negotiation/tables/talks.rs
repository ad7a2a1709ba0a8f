//! A table: the talks that are going on, and how a bargain over given gains is settled (model, section 5; reserve of section 6).
//!
//! Not here: the gains that are bargained over (`pairs`, `bloc`) and the solutions themselves, which are in `bargaining`.

use crate::engine::model::arm::Arm;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::frontiers::FrontierCache;
use crate::engine::negotiation::standing::Standing;
use crate::theory::bargaining::{
    Agreement, Frontier, FrontierPoint, Gains, Protocol, Sides, cash_total, impatience, solve,
    solve_from_middle, solve_with_cash,
};

/// What a play of a window reads: fixed while the window is played under any accord.
#[derive(Debug, Clone, Copy)]
pub struct Talks<'a> {
    /// What no negotiation changes in the window.
    pub economy: &'a Economy,
    /// What hangs on the arm in this window.
    pub arm_economy: &'a ArmEconomy,
    /// Standing at the start of the window.
    pub standing: &'a Standing,
    /// The arm's fixed rules.
    pub arm: &'a Arm,
    /// Points of the pairs' frontiers without floors.
    pub open: &'a FrontierCache,
    /// Points with the accord's floors; read only where an accord can be in force.
    pub floored: &'a FrontierCache,
    /// All pairs in the order in which they meet.
    pub sequence: &'a [usize],
    /// Place of each pair in it.
    pub places: &'a [usize],
}

/// The side of the states at a table, in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bargainer {
    /// β.
    pub bargaining_power: f64,
    /// ln(1 + r_S) per year.
    pub log_rate: f64,
    /// 1 − δ_S per round.
    pub impatience: f64,
}

impl Talks<'_> {
    /// The side of state i alone.
    pub(crate) fn side_of(&self, i: usize) -> Bargainer {
        let log_rate = self.economy.state_log_rate[i];
        Bargainer {
            bargaining_power: self.arm_economy.bargaining_power[i],
            log_rate,
            impatience: self.impatience(log_rate),
        }
    }

    /// 1 − δ per round at ln(1+r) per year, where the solution asks for it.
    pub(crate) fn impatience(&self, log_rate: f64) -> f64 {
        if self.arm_economy.solution.is_impatient() {
            impatience(log_rate, self.economy.round_years)
        } else {
            0.0
        }
    }

    /// The protocol between a side and h.
    pub(crate) fn protocol(&self, side: Bargainer, h: usize) -> Protocol {
        self.protocol_with_rounds(side, h, self.economy.round_years)
    }

    /// The same with rounds of so many years.
    pub(crate) fn protocol_with_rounds(
        &self,
        side: Bargainer,
        h: usize,
        round_years: f64,
    ) -> Protocol {
        self.arm_economy.solution.protocol(&Sides {
            bargaining_power: side.bargaining_power,
            round_years,
            state_log_rate: side.log_rate,
            hyperscaler_log_rate: self.economy.hyperscaler_log_rate[h],
            state_impatience: side.impatience,
        })
    }

    /// The frontier of pair (i, h), with floors where `floored`.
    pub(crate) fn pair_frontier(&self, i: usize, h: usize, floored: bool) -> Frontier<'_> {
        let economy = self.economy;
        Frontier {
            a: &economy.a[i * economy.stride..(i + 1) * economy.stride],
            b: &economy.b,
            c: &economy.c[h * economy.stride..(h + 1) * economy.stride],
            d: &economy.d,
            min: if floored {
                &self.arm_economy.floored_min
            } else {
                &economy.min
            },
            max: &economy.max,
            scale: economy.size[i * economy.m + h],
            foreseen: None,
        }
    }

    /// The bargain of pair (i, h) over `gains`, refused before it begins where terms could not leave both sides a gain.
    pub(crate) fn settle_pair(
        &self,
        i: usize,
        h: usize,
        floored: bool,
        gains: Gains,
        reserve: f64,
    ) -> Option<Agreement> {
        let points = if floored { self.floored } else { self.open };
        if !self.arm_economy.transfers && !points.could_deal(self.economy, i, h, gains) {
            return None;
        }
        let frontier = self.pair_frontier(i, h, floored);
        let protocol = self.protocol(self.side_of(i), h);
        let middle = points.middle(self.economy, i, h);
        self.settle(&frontier, gains, protocol, reserve, Some(middle))
    }

    /// Settles a bargain, with or without cash; a side of states that is promised at least `reserve` elsewhere gets
    /// min(reserve, s*) (model, section 6, shortlist). `middle` is the frontier's point at λ = ½ if it is known that both could gain.
    pub(crate) fn settle(
        &self,
        frontier: &Frontier,
        gains: Gains,
        protocol: Protocol,
        reserve: f64,
        middle: Option<FrontierPoint>,
    ) -> Option<Agreement> {
        if self.arm_economy.transfers {
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
        let agreement = match middle {
            Some(middle) => solve_from_middle(frontier, gains, protocol, middle)?,
            None => solve(frontier, gains, protocol)?,
        };
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
        if self.arm_economy.transfers {
            let total = cash_total(frontier, gains);
            return (total > 0.0).then_some(total);
        }
        frontier.arc(gains).map(|arc| arc.state_best)
    }

    /// The most the hyperscaler can get, h*, or none without a deal.
    pub(crate) fn most_for_hyperscaler(&self, frontier: &Frontier, gains: Gains) -> Option<f64> {
        if self.arm_economy.transfers {
            let total = cash_total(frontier, gains);
            return (total > 0.0).then_some(total);
        }
        frontier.arc(gains).map(|arc| arc.hyperscaler_best)
    }
}
