//! From played windows to the row of an outcome: discounted sums, shares and means over a trial of one arm.

use crate::engine::dynamics::dependency::mean_dependency;
use crate::engine::model::arm::members;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::accord::causes::Counterfactuals;
use crate::engine::negotiation::accord::formation::Formed;
use crate::engine::negotiation::account::{Accounts, factor_of, gini, leverage};
use crate::engine::negotiation::payoff::PayoffParts;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::{ErosionTally, WindowPlay};
use crate::engine::outcome::{
    CauseMetric, HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric, WindowMetric,
    WindowStateMetric,
};

/// What a window's play left for the ledger.
#[derive(Debug, Clone, Copy)]
pub struct LedgerInputs<'a> {
    /// Prices, sizes and discount factors of the window.
    pub economy: &'a Economy,
    /// The play under the accord that held; its books are what is booked.
    pub play: &'a WindowPlay,
    /// Accounts of hyperscalers and hosts.
    pub accounts: &'a Accounts,
    /// Who joined, talked and left, and what the talks cost in time.
    pub formed: Formed,
    /// Undelayed parts of each state's payoff.
    pub parts: &'a [PayoffParts],
    /// Net side payment of each state, with delay.
    pub side_payments: &'a [f64],
    /// What each state would have got otherwise.
    pub causes: &'a [Counterfactuals],
    /// Largest standard error of a sampled share; NaN where all are exact.
    pub share_error: f64,
}

/// Running sums of a trial of one arm.
#[derive(Debug, Clone)]
pub struct Ledger {
    layout: OutcomeLayout,
    /// L, years.
    window_years: f64,
    /// Σ_w X_i, discounted (34).
    gain: Vec<f64>,
    signed_size: Vec<f64>,
    conceded: Vec<f64>,
    /// Σ(s + T − loss).
    won: Vec<f64>,
    /// Σ market·m·L, what is spent on AI.
    spent: Vec<f64>,
    payoff: Vec<f64>,
    /// X_i of the window (34), undiscounted.
    window_gain: Vec<f64>,
    term_levels: Vec<f64>,
    total_size: f64,
    erosion: ErosionTally,
}

impl Ledger {
    /// Room for outcomes of a layout, in windows of so many years.
    pub fn new(layout: OutcomeLayout, window_years: f64) -> Ledger {
        Ledger {
            layout,
            window_years,
            gain: vec![0.0; layout.states],
            signed_size: vec![0.0; layout.states],
            conceded: vec![0.0; layout.states],
            won: vec![0.0; layout.states],
            spent: vec![0.0; layout.states],
            payoff: vec![0.0; layout.states],
            window_gain: vec![0.0; layout.states],
            term_levels: vec![0.0; layout.terms],
            total_size: 0.0,
            erosion: ErosionTally::new(layout.states),
        }
    }

    /// Starts a trial: zeroes the sums and the row.
    pub fn start(&mut self, row: &mut [f64]) {
        row.fill(0.0);
        row[self.layout.share_error()] = f64::NAN;
        for sums in [
            &mut self.gain,
            &mut self.signed_size,
            &mut self.conceded,
            &mut self.won,
            &mut self.spent,
            &mut self.term_levels,
        ] {
            sums.fill(0.0);
        }
        self.total_size = 0.0;
        self.erosion.clear();
    }

    /// Adds window w to the sums and writes its own numbers; windows come in order.
    pub fn book(&mut self, w: usize, played: LedgerInputs, row: &mut [f64]) {
        for i in 0..self.layout.states {
            self.book_state(w, &played, row, i);
        }
        self.book_hyperscalers(&played, row);
        self.book_window(w, &played, row);
        self.erosion.absorb(&played.play.erosion);
    }

    fn book_state(&mut self, w: usize, played: &LedgerInputs, row: &mut [f64], i: usize) {
        let (layout, economy) = (self.layout, played.economy);
        let discount = economy.state_discount[i];
        let parts = played.parts[i];
        let factor = factor_of(played.formed.talked, played.formed.delay, i);
        let gain = factor * parts.gross();
        let payoff = gain + parts.rest() + played.side_payments[i];
        for (metric, value) in [
            (StateMetric::Payoff, payoff),
            (StateMetric::Access, parts.access),
            (StateMetric::Terms, parts.terms),
            (StateMetric::Cash, parts.cash),
            (StateMetric::Repricing, parts.repricing),
            (StateMetric::Own, parts.own),
            (StateMetric::Delay, (factor - 1.0) * parts.gross()),
            (StateMetric::Switching, parts.switching),
            (StateMetric::Sharing, played.side_payments[i]),
            (StateMetric::SupplierGain, played.accounts.supplier_gain[i]),
        ] {
            row[layout.state(i, metric)] += discount * value;
        }
        let invested = played.accounts.investment[i];
        row[layout.state(i, StateMetric::Investment)] += invested;
        row[layout.state(i, StateMetric::InvestmentPresent)] += discount * invested;
        self.gain[i] += discount * gain;
        self.window_gain[i] = gain;
        self.payoff[i] = payoff;
        row[layout.window_state(w, i, WindowStateMetric::Payoff)] = payoff;
        row[layout.window_state(w, i, WindowStateMetric::Investment)] = invested;
        row[layout.window_state(w, i, WindowStateMetric::Leverage)] =
            leverage(gain, played.accounts.supplier_gain[i]);
        self.book_causes(played, row, i, (factor - 1.0) * parts.gross());
        self.book_deals(w, played, row, i);
        self.book_membership(w, played, row, i);
    }

    /// (43) and (44), discounted; `delay` is what talks postponed.
    fn book_causes(&self, played: &LedgerInputs, row: &mut [f64], i: usize, delay: f64) {
        let cause = played.causes[i];
        let (apart, whole) = match cause.swapped {
            Some(swapped) => (swapped.apart, swapped.whole),
            None => (f64::NAN, f64::NAN),
        };
        for (metric, value) in [
            (CauseMetric::Alone, cause.alone),
            (CauseMetric::Rules, cause.rules()),
            (CauseMetric::Table, cause.table()),
            (CauseMetric::Sharing, played.side_payments[i]),
            (CauseMetric::Delay, delay),
            (CauseMetric::Members, cause.members().unwrap_or(f64::NAN)),
            (CauseMetric::RulesSwapped, apart - cause.alone),
            (CauseMetric::TableSwapped, whole - apart),
        ] {
            let value = played.economy.state_discount[i] * value;
            row[self.layout.cause(i, metric)] += value;
            row[self.layout.total_cause(metric)] += value;
        }
    }

    fn book_deals(&mut self, w: usize, played: &LedgerInputs, row: &mut [f64], i: usize) {
        let (layout, play) = (self.layout, played.play);
        for h in 0..layout.hyperscalers {
            let p = i * layout.hyperscalers + h;
            self.spent[i] += played.economy.market[i] * played.economy.share[p] * self.window_years;
            self.book_service(played, row, i, h);
            if play.signed.hosts[h] >> i & 1 == 0 {
                continue;
            }
            let size = played.economy.size[p];
            let conceded = play.value[p] + play.transfer[p];
            self.signed_size[i] += size;
            self.conceded[i] += conceded;
            self.won[i] += conceded - play.loss[p];
            self.total_size += size;
            for k in 0..layout.terms {
                self.term_levels[k] += size * played.play.bundle[p * layout.terms + k];
            }
            row[layout.state(i, StateMetric::Deals)] += 1.0;
            row[layout.signed(i, h)] += 1.0;
            row[layout.window(w, WindowMetric::Deals)] += 1.0;
        }
    }

    /// From where l is served by h.
    fn book_service(&self, played: &LedgerInputs, row: &mut [f64], l: usize, h: usize) {
        let (layout, n) = (self.layout, self.layout.states);
        let served = &played.accounts.served[(h * n + l) * n..][..n];
        let means = &mut row[layout.served_from(l, h)..][..n];
        for j in members(played.play.signed.hosts[h]) {
            means[j] += served[j];
        }
    }

    fn book_membership(&self, w: usize, played: &LedgerInputs, row: &mut [f64], i: usize) {
        let layout = self.layout;
        let formed = played.formed;
        for (set, metric, of_arm) in [
            (
                formed.accord,
                WindowStateMetric::Member,
                Some(layout.member(i)),
            ),
            (formed.joined, WindowStateMetric::Joined, None),
            (formed.yes, WindowStateMetric::Yes, None),
            (formed.left, WindowStateMetric::Left, Some(layout.left(i))),
        ] {
            if set >> i & 1 == 1 {
                row[layout.window_state(w, i, metric)] = 1.0;
                if let Some(of_arm) = of_arm {
                    row[of_arm] += 1.0;
                }
            }
        }
    }

    fn book_hyperscalers(&self, played: &LedgerInputs, row: &mut [f64]) {
        let (layout, accounts) = (self.layout, played.accounts);
        for h in 0..layout.hyperscalers {
            let discount = played.economy.hyperscaler_discount[h];
            row[layout.hyperscaler(h, HyperscalerMetric::Profit)] += discount * accounts.profit[h];
            row[layout.hyperscaler(h, HyperscalerMetric::ComplianceCost)] +=
                discount * accounts.compliance_cost[h];
            row[layout.hyperscaler(h, HyperscalerMetric::Capex)] += accounts.capex[h];
            row[layout.hyperscaler(h, HyperscalerMetric::CapexPresent)] +=
                discount * accounts.capex[h];
        }
    }

    fn book_window(&self, w: usize, played: &LedgerInputs, row: &mut [f64]) {
        let layout = self.layout;
        let size = f64::from(played.formed.accord.count_ones());
        let rounds = f64::from(played.formed.rounds);
        row[layout.window(w, WindowMetric::AccordSize)] = size;
        row[layout.window(w, WindowMetric::Rounds)] = rounds;
        row[layout.window(w, WindowMetric::Gini)] =
            gini(|i| self.payoff[i], &played.economy.population);
        let accounts = played.accounts;
        let Concentration { total, squares, .. } =
            concentration(layout.states, |i| accounts.investment[i]);
        row[layout.window(w, WindowMetric::RegionInvestment)] = total;
        row[layout.window(w, WindowMetric::Herfindahl)] = squares;
        row[layout.window(w, WindowMetric::RegionLeverage)] = leverage(
            self.window_gain.iter().sum(),
            accounts.supplier_gain.iter().sum(),
        );
        row[layout.size()] += size;
        row[layout.rounds()] += rounds;
        row[layout.share_error()] = row[layout.share_error()].max(played.share_error);
        if played.formed.accord != 0 {
            row[layout.formed()] = 1.0;
        }
    }

    /// Completes the row after the last window, with the standing that it leaves, the last window's economy and window 0's population.
    pub fn close(
        &self,
        economy: &Economy,
        standing: &Standing,
        population: &[f64],
        row: &mut [f64],
    ) {
        let layout = self.layout;
        for i in 0..layout.states {
            let supplier_gain = row[layout.state(i, StateMetric::SupplierGain)];
            row[layout.state(i, StateMetric::Leverage)] = leverage(self.gain[i], supplier_gain);
            row[layout.state(i, StateMetric::DealSize)] = self.signed_size[i];
            row[layout.state(i, StateMetric::Concessions)] = if self.signed_size[i] > 0.0 {
                self.conceded[i] / self.signed_size[i]
            } else {
                0.0
            };
            row[layout.state(i, StateMetric::BillShare)] = share_of(self.won[i], self.spent[i]);
            row[layout.state(i, StateMetric::Talent)] = standing.talent[i];
            row[layout.state(i, StateMetric::Compute)] = standing.compute[i];
            row[layout.state(i, StateMetric::Dependency)] = mean_dependency(economy, standing, i);
            row[layout.state(i, StateMetric::Exposure)] = exposure(economy, standing, i);
        }
        self.close_totals(population, row);
        self.close_means(row);
        for k in 0..layout.terms {
            row[layout.term(k)] = if self.total_size > 0.0 {
                self.term_levels[k] / self.total_size
            } else {
                f64::NAN
            };
        }
        for hosts in 0..layout.states {
            let stake = self.erosion.stake[hosts];
            row[layout.erosion_tables(hosts)] = self.erosion.tables[hosts];
            row[layout.erosion_pressure(hosts)] = if stake > 0.0 {
                self.erosion.lost[hosts] / stake
            } else {
                f64::NAN
            };
        }
    }

    /// Makes of sums over windows their means: divided once, so that what holds in every window is 1 to the last bit.
    fn close_means(&self, row: &mut [f64]) {
        let layout = self.layout;
        let mut divide = |position: usize| row[position] /= layout.windows as f64;
        divide(layout.size());
        divide(layout.rounds());
        for i in 0..layout.states {
            divide(layout.member(i));
            divide(layout.left(i));
            for h in 0..layout.hyperscalers {
                divide(layout.signed(i, h));
                (0..layout.states).for_each(|j| divide(layout.served_from(i, h) + j));
            }
        }
    }

    fn close_totals(&self, population: &[f64], row: &mut [f64]) {
        let layout = self.layout;
        let sum = |row: &[f64], metric| -> f64 {
            (0..layout.states)
                .map(|i| row[layout.state(i, metric)])
                .sum()
        };
        let Concentration {
            total: investment,
            squares,
            largest,
        } = concentration(layout.states, |i| {
            row[layout.state(i, StateMetric::Investment)]
        });
        let profit = (0..layout.hyperscalers)
            .map(|h| row[layout.hyperscaler(h, HyperscalerMetric::Profit)])
            .sum();
        let totals = [
            (TotalMetric::Payoff, sum(row, StateMetric::Payoff)),
            (TotalMetric::Profit, profit),
            (
                TotalMetric::Leverage,
                leverage(self.gain.iter().sum(), sum(row, StateMetric::SupplierGain)),
            ),
            (TotalMetric::Investment, investment),
            (TotalMetric::Deals, sum(row, StateMetric::Deals)),
            (
                TotalMetric::BillShare,
                share_of(self.won.iter().sum(), self.spent.iter().sum()),
            ),
            (TotalMetric::Herfindahl, squares),
            (TotalMetric::LargestShare, largest),
            (
                TotalMetric::Gini,
                gini(|i| row[layout.state(i, StateMetric::Payoff)], population),
            ),
        ];
        for (metric, value) in totals {
            row[layout.total(metric)] = value;
        }
    }
}

/// How investment divides among states.
struct Concentration {
    /// Σ_i investment, USD bn.
    total: f64,
    /// Σ of squared shares, 0 without any investment.
    squares: f64,
    /// The largest share, 0 without any.
    largest: f64,
}

fn concentration(states: usize, investment: impl Fn(usize) -> f64) -> Concentration {
    let total: f64 = (0..states).map(&investment).sum();
    let shares = (0..states).map(|i| share_of(investment(i), total));
    let (squares, largest) = shares.fold((0.0, 0.0_f64), |(squares, largest), share| {
        (squares + share * share, largest.max(share))
    });
    Concentration {
        total,
        squares,
        largest,
    }
}

/// A part of a whole, 0 of nothing.
fn share_of(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Σ_h Λ_ih (20) as it would stand after the last window, with M = ∅: dependency, talent and compute are those that the window leaves,
/// everything else is that of the last window.
fn exposure(economy: &Economy, standing: &Standing, i: usize) -> f64 {
    let skill = libm::pow(standing.talent[i], economy.talent_elasticity);
    let value = economy.value_base[i] * skill * (1.0 - economy.drag[i]);
    let mut sum = 0.0;
    for h in (0..economy.m).filter(|&h| standing.had[h] >> i & 1 == 1) {
        let p = i * economy.m + h;
        sum += standing.dependency[p] * economy.coverage[p];
    }
    economy.lock_in * value * (1.0 - standing.compute[i]) * sum
}
