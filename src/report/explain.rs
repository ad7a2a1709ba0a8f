//! One world of one arm step by step, each number with its equation: how a reader checks the engine by hand.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::words::Vocabulary;
use crate::engine::negotiation::accord::coalitions::{MemberWeighing, TalkRecord};
use crate::engine::negotiation::account::{factor_of, leverage};
use crate::engine::negotiation::tables::play::{TableOutcome, TableRecord};
use crate::engine::outcome::{OutcomeLayout, StateMetric};
use crate::engine::trial::PlayedWindow;
use std::fmt::Write as _;

/// Writes to a string cannot fail.
const STRING: &str = "a string takes all that is written";

macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($arg:tt)*) => { writeln!($out, $($arg)*).expect(STRING) };
}

/// A number to six significant digits.
fn n(value: f64) -> String {
    // Less than a thousandth of a dollar is what rounding leaves of zero.
    if value.abs() < 1e-12 {
        return "0".to_owned();
    }
    let digits = 5 - libm::floor(libm::log10(value.abs())) as i32;
    if !value.is_finite() || !(-6..=12).contains(&digits) {
        return format!("{value:.5e}");
    }
    let text = format!("{value:.*}", digits.max(0) as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// What is drawn for a trial, before any arm plays.
pub fn draws(model: &Model, trial: u64, draws: &[f64], happened: &[bool]) -> String {
    let mut out = String::new();
    line!(
        out,
        "World {trial} of `{}`, seed {}",
        model.name,
        model.simulation.seed
    );
    line!(out);
    if draws.is_empty() {
        line!(out, "Nothing is drawn: every quantity is a constant.");
    } else {
        line!(
            out,
            "Drawn quantities (inverse distribution function of the uniform keyed by seed, trial and path)"
        );
    }
    for (uncertain, value) in model.uncertain.iter().zip(draws) {
        line!(out, "  {} = {}", uncertain.path, n(*value));
    }
    for (event, happened) in model.events.iter().zip(happened) {
        let verdict = if *happened {
            format!("happens, from window {}", event.window)
        } else {
            "does not happen".to_owned()
        };
        line!(out, "  event `{}` {verdict}", event.name);
    }
    out
}

/// What the symbols mean, for readers who do not have the model at hand.
pub const LEGEND: &str = "\
Symbols (numbers in parentheses are equations of the model document, which is
src/docs/model.md and in `cargo doc`)
  V        AI value to a state that deals can unlock, USD bn
  β        bargaining power of the state
  σ        how well one state is served from another (1: as from itself)
  M = ∅    without an accord
  m, D, Z  market share; margin at stake and deal size (capital), USD bn
  F, C     cost of hosting; cost of the state's own regime, USD bn
  q        share of AI work covered
  Λ        cost of switching supplier
  E, S     deals that both sides count on; deals signed
  ΔU, ΔΠ   what the deal adds for the state, for the hyperscaler, before terms
  λ        weight of the state along the frontier
  x, T     levels of the terms; cash to the state
  u, v     payoff of the state; profit of the hyperscaler
  X, Y     gains from deals made in the state that stay, and that go
";

/// What each state has after the last window, with the parts that add up to its payoff (32).
pub fn outcome(model: &Model, layout: OutcomeLayout, row: &[f64]) -> String {
    let mut out = String::new();
    line!(
        out,
        "What came of it: sums over all windows, discounted to the start, USD bn"
    );
    for (i, state) in model.states.iter().enumerate() {
        let at = |metric| n(row[layout.state(i, metric)]);
        line!(
            out,
            "  {}: payoff {} = access {} + terms {} + cash {} + own {} + delay {} + switching {} + sharing {}   (32)",
            state.id,
            at(StateMetric::Payoff),
            at(StateMetric::Access),
            at(StateMetric::Terms),
            at(StateMetric::Cash),
            at(StateMetric::Own),
            at(StateMetric::Delay),
            at(StateMetric::Switching),
            at(StateMetric::Sharing)
        );
        line!(
            out,
            "      leverage {}, supplier gain Y {}   (34); investment {}; exposure {}",
            at(StateMetric::Leverage),
            at(StateMetric::SupplierGain),
            at(StateMetric::Investment),
            at(StateMetric::Exposure)
        );
    }
    out
}

/// One window of one arm.
pub fn window(model: &Model, arm: usize, played: &PlayedWindow) -> String {
    let mut out = String::new();
    let year = model.horizon.start_year + played.window as f64 * model.horizon.window_years;
    line!(
        out,
        "Window {} of `{}`, from {year}",
        played.window,
        model.arms[arm].name
    );
    let page = Page { model, arm, played };
    page.economy(&mut out);
    page.pairs(&mut out);
    page.expected(&mut out);
    page.talks(&mut out);
    page.tables(&mut out);
    page.payoffs(&mut out);
    page.hyperscalers(&mut out);
    out
}

struct Page<'a> {
    model: &'a Model,
    arm: usize,
    played: &'a PlayedWindow<'a>,
}

impl Page<'_> {
    fn names(&self, set: StateSet) -> String {
        let ids: Vec<&str> = members(set)
            .map(|i| self.model.states[i].id.as_str())
            .collect();
        if ids.is_empty() {
            "nobody".to_owned()
        } else {
            ids.join(", ")
        }
    }

    fn economy(&self, out: &mut String) {
        let (economy, scratch) = (self.played.economy, self.played.scratch);
        line!(
            out,
            "  States: market (2), V and β with M = ∅ (7), (9), talent, compute, σ from outside (11)"
        );
        for (i, state) in self.model.states.iter().enumerate() {
            line!(
                out,
                "    {}: gdp {}, market {} a year, V {}, β {}, talent {}, compute {}, σ_0 {}",
                state.id,
                n(economy.gdp[i]),
                n(economy.market[i]),
                n(scratch.arm_economy.value_out[i]),
                n(scratch.arm_economy.bargaining_power[i]),
                n(scratch.standing.talent[i]),
                n(scratch.standing.compute[i]),
                n(economy.outside[i])
            );
        }
        line!(
            out,
            "  Served from another state j: σ_ij with M = ∅ (10), row i, column j"
        );
        let count = economy.n;
        for (i, state) in self.model.states.iter().enumerate() {
            let row: Vec<String> = (0..count)
                .map(|j| n(scratch.arm_economy.service_out.get(j, i)))
                .collect();
            line!(out, "    {}: {}", state.id, row.join("  "));
        }
    }

    fn pairs(&self, out: &mut String) {
        let (economy, scratch) = (self.played.economy, self.played.scratch);
        line!(
            out,
            "  Pairs: share m, margin D (3), size Z (4), hosting cost F (5), regime C (6), coverage q (8), v* (17), Λ with M = ∅ (20)"
        );
        for (i, state) in self.model.states.iter().enumerate() {
            for (h, hyperscaler) in self.model.hyperscalers.iter().enumerate() {
                let p = i * economy.m + h;
                if economy.feasible[h] >> i & 1 == 0 {
                    line!(out, "    {}-{}: not feasible", state.id, hyperscaler.id);
                    continue;
                }
                line!(
                    out,
                    "    {}-{}: m {}, D {}, Z {}, F {}, C {}, q {}, v* {}, Λ {}",
                    state.id,
                    hyperscaler.id,
                    n(economy.share[p]),
                    n(economy.margin[p]),
                    n(economy.size[p]),
                    n(scratch.arm_economy.hosting_cost[p]),
                    n(economy.compliance[p]),
                    n(economy.coverage[p]),
                    n(scratch.arm_economy.term_surplus[p]),
                    n(scratch.arm_economy.switching_cost(economy, i, h, 0))
                );
            }
        }
    }

    fn expected(&self, out: &mut String) {
        line!(out, "  Expected hosts E_h (17)");
        for (h, hyperscaler) in self.model.hyperscalers.iter().enumerate() {
            line!(
                out,
                "    {}: {}",
                hyperscaler.id,
                self.names(self.played.scratch.expected[h])
            );
        }
    }

    fn talks(&self, out: &mut String) {
        let formed = self.played.formed;
        if !self
            .played
            .scratch
            .arm_economy
            .has_accord(&self.model.arms[self.arm])
        {
            return;
        }
        line!(out, "  Talks about an accord (model, section 7)");
        line!(out, "    step 1: {} join", self.names(formed.joined));
        for record in &self.played.scratch.coalitions.records {
            self.talk(out, record);
        }
        line!(
            out,
            "    accord: {}; rounds {}, step 4: f = {} for {}",
            self.names(formed.accord),
            formed.rounds,
            n(formed.delay),
            self.names(formed.talked)
        );
    }

    fn talk(&self, out: &mut String, record: &TalkRecord) {
        match record {
            TalkRecord::Poll {
                round,
                coalition,
                weighed,
            } => {
                let polled = self.names(*coalition);
                line!(out, "    step 2, round {round}: poll of {polled}");
                for one in weighed {
                    let verdict = if one.acts { "yes" } else { "no" };
                    self.weighed(out, one, "alone", verdict);
                }
            }
            TalkRecord::Leaving {
                coalition,
                weighed,
                leaver,
            } => {
                let inside = self.names(*coalition);
                line!(out, "    step 3 (31): who would leave {inside}");
                for one in weighed {
                    let verdict = match leaver {
                        Some(i) if *i == one.state => "leaves",
                        _ if one.acts => "would gain",
                        _ => "stays",
                    };
                    self.weighed(out, one, "outside", verdict);
                }
            }
        }
    }

    fn weighed(&self, out: &mut String, one: &MemberWeighing, against: &str, verdict: &str) {
        let id = &self.model.states[one.state].id;
        line!(
            out,
            "      {id}: inside {}, {against} {}, shift {}: {verdict}",
            n(one.inside),
            n(one.outside),
            n(one.shift)
        );
    }

    fn tables(&self, out: &mut String) {
        let order = self.model.order.key();
        let word = self.model.solution.word();
        let (solution, equation) = match self.model.transfers {
            false => (word.key, word.equation),
            true => ("with cash", "(29)"),
        };
        line!(
            out,
            "  Tables in the order in which they meet ({order}): ΔU (19), ΔΠ (18), then the bargain, {solution} {equation}"
        );
        let play = &self.played.scratch.play;
        if self.model.arms[self.arm].shortlist.is_some() && self.played.formed.accord != 0 {
            let bids = self
                .model
                .hyperscalers
                .iter()
                .zip(&play.bids)
                .filter(|(_, bid)| !bid.is_nan());
            let bids: Vec<String> = bids
                .map(|(hyperscaler, bid)| format!("{} {}", hyperscaler.id, n(*bid)))
                .collect();
            line!(
                out,
                "    short list by bids s*: {}; highest refused R {}",
                bids.join(", "),
                n(play.reserve)
            );
        }
        for record in &self.played.scratch.play.records {
            self.table(out, record);
        }
    }

    fn table(&self, out: &mut String, record: &TableRecord) {
        let hyperscaler = &self.model.hyperscalers[record.hyperscaler].id;
        let who = format!("    {} with {hyperscaler}", self.names(record.table));
        let without_talks = match record.ended {
            TableOutcome::NotFeasible => Some("may not deal"),
            TableOutcome::OverBudget => Some("the deal is larger than what is left of the budget"),
            TableOutcome::Refused => Some("not on the short list"),
            TableOutcome::NobodyPlaced => Some("no member is worth a host"),
            TableOutcome::Agreed(_) | TableOutcome::NoDeal => None,
        };
        if let Some(reason) = without_talks {
            line!(out, "{who}: {reason}");
            return;
        }
        let placed = if record.placed == record.table {
            String::new()
        } else {
            format!(", hosts placed in {}", self.names(record.placed))
        };
        let head = format!(
            "{who}{placed}: ΔU {}, ΔΠ {}, margin at risk {}",
            n(record.gains.state),
            n(record.gains.hyperscaler),
            n(record.pressure)
        );
        let Some(agreement) = record.agreement() else {
            line!(out, "{head}: no deal");
            return;
        };
        let transfer = if self.model.transfers {
            format!(", T {}", n(agreement.transfer))
        } else {
            String::new()
        };
        line!(
            out,
            "{head}: λ {}, u_S {}, u_H {}{transfer}",
            n(agreement.lambda),
            n(agreement.state_gain),
            n(agreement.hyperscaler_gain)
        );
        if let Some(i) = members(record.placed).next() {
            let terms = self.model.terms.len();
            let p = i * self.played.economy.m + record.hyperscaler;
            let levels = &self.played.scratch.play.bundle[p * terms..(p + 1) * terms];
            let bundle: Vec<String> = self
                .model
                .terms
                .iter()
                .zip(levels)
                .map(|(term, level)| format!("{} {}", term.id, n(*level)))
                .collect();
            if !bundle.is_empty() {
                line!(out, "      x (23): {}", bundle.join(", "));
            }
        }
    }

    fn payoffs(&self, out: &mut String) {
        let (scratch, formed) = (self.played.scratch, self.played.formed);
        line!(
            out,
            "  Payoffs of the window (32): f·(access + terms + cash) + own + switching + sharing; X and Y (34)"
        );
        for (i, state) in self.model.states.iter().enumerate() {
            let parts = scratch.parts[i];
            let factor = factor_of(formed.talked, formed.delay, i);
            let gain = factor * parts.gross();
            line!(
                out,
                "    {}: u {} = {}·({} + {} + {}) + {} + {} + {}; X {}, Y {}, leverage {}, investment {}",
                state.id,
                n(gain + parts.rest() + scratch.side_payments[i]),
                n(factor),
                n(parts.access),
                n(parts.terms),
                n(parts.cash),
                n(parts.own),
                n(parts.switching),
                n(scratch.side_payments[i]),
                n(gain),
                n(scratch.accounts.supplier_gain[i]),
                n(leverage(gain, scratch.accounts.supplier_gain[i])),
                n(scratch.accounts.investment[i])
            );
        }
    }

    fn hyperscalers(&self, out: &mut String) {
        let scratch = self.played.scratch;
        line!(
            out,
            "  Hyperscalers: hosts S_h, v_h (33), comp_h (15), capital"
        );
        for (h, hyperscaler) in self.model.hyperscalers.iter().enumerate() {
            line!(
                out,
                "    {}: hosts {}; v {}, comp {}, capital {}",
                hyperscaler.id,
                self.names(scratch.play.signed.hosts[h]),
                n(scratch.accounts.profit[h]),
                n(scratch.accounts.compliance_cost[h]),
                n(scratch.accounts.capex[h])
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_significant_digits_without_trailing_zeros() {
        for (value, text) in [
            (0.0, "0"),
            (-1.4e-17, "0"),
            (1.0, "1"),
            (0.075, "0.075"),
            (123456.7, "123457"),
            (-0.000123456789, "-0.000123457"),
        ] {
            assert_eq!(n(value), text);
        }
        assert_eq!(n(1e-9), "1.00000e-9");
    }
}
