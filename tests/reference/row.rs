//! What the reference says of each number of an engine's row: where it lies, what it is called, and its value.

use super::account::leverage;
use super::given::{Given, Mode, Set, count, has, list};
use super::network::Economy;
use super::table::{Seating, Table};
use super::tables::{Record, places};
use super::{Played, Run};
use mufakat::engine::outcome::{
    CauseMetric, HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric, WindowMetric,
    WindowStateMetric,
};

/// A number of a row: its name, its position, its value (NaN: none).
pub type Entry = (String, usize, f64);

/// Payoffs whose sum is below this share of their sizes add up to nothing: rounding alone would make a Gini of it.
const NOTHING: f64 = 1e-12;

/// All numbers of an arm's row but votes and the error of sampled shares.
pub fn row(given: &Given, arm: usize, run: &Run, layout: OutcomeLayout) -> Vec<Entry> {
    let rows = Rows {
        given,
        arm,
        run,
        layout,
    };
    let mut entries = Vec::new();
    rows.states(&mut entries);
    rows.hyperscalers(&mut entries);
    rows.totals(&mut entries);
    rows.accord(&mut entries);
    rows.windows(&mut entries);
    rows.services(&mut entries);
    rows.erosion(&mut entries);
    entries
}

struct Rows<'a> {
    given: &'a Given,
    arm: usize,
    run: &'a Run,
    layout: OutcomeLayout,
}

fn ratio(above: f64, below: f64) -> f64 {
    if below == 0.0 { 0.0 } else { above / below }
}

fn gini(payoffs: &[f64], population: &[f64]) -> f64 {
    let people: f64 = population.iter().sum();
    let mean = payoffs.iter().sum::<f64>() / people;
    let sizes: f64 = payoffs.iter().map(|payoff| payoff.abs()).sum();
    if mean * people <= NOTHING * sizes {
        return f64::NAN;
    }
    let mut sum = 0.0;
    for (y, p) in payoffs.iter().zip(population) {
        for (z, q) in payoffs.iter().zip(population) {
            sum += p * q * (y / p - z / q).abs();
        }
    }
    sum / (2.0 * mean * people * people)
}

impl Rows<'_> {
    fn population(&self, w: usize) -> Vec<f64> {
        let states = &self.given.windows[w].states;
        states.iter().map(|state| state.population).collect()
    }

    fn economy<'a>(
        &'a self,
        w: usize,
        standing: &'a super::network::Standing,
        accord: Set,
    ) -> Economy<'a> {
        Economy::new(self.given, w, self.arm, standing, accord)
    }

    /// Σ over windows, discounted by state i.
    fn present(&self, i: usize, of: &dyn Fn(&Played) -> f64) -> f64 {
        let windows = self.run.windows.iter().enumerate();
        windows
            .map(|(w, played)| {
                let rate = self.given.windows[w].states[i].discount_rate;
                (1.0 + rate).powf(-(w as f64 * self.given.years)) * of(played)
            })
            .sum()
    }

    fn sum(&self, of: impl Fn(usize, &Played) -> f64) -> f64 {
        let windows = self.run.windows.iter().enumerate();
        windows.map(|(w, played)| of(w, played)).sum()
    }

    fn size(&self, w: usize, i: usize, h: usize) -> f64 {
        let played = &self.run.windows[w];
        self.economy(w, &played.standing, 0).size[i][h]
    }

    fn signed_size(&self, i: usize) -> f64 {
        self.sum(|w, played| {
            (0..self.given.m())
                .filter(|&h| has(played.play.hosts[h], i))
                .map(|h| self.size(w, i, h))
                .sum()
        })
    }

    fn conceded(&self, i: usize) -> f64 {
        self.sum(|_, played| {
            let deals = played.play.signed[i].iter().flatten();
            deals.map(|deal| deal.value + deal.transfer).sum()
        })
    }

    fn states(&self, entries: &mut Vec<Entry>) {
        let (run, last) = (self.run, self.given.windows.len() - 1);
        let end = self.economy(last, &run.last, 0);
        for i in 0..self.given.n() {
            let part =
                |of: fn(&super::Parts) -> f64| self.present(i, &|played| of(&played.parts[i]));
            let able: Vec<usize> = (0..end.m).filter(|&h| has(end.feasible(h), i)).collect();
            let dependency: f64 = able.iter().map(|&h| run.last.dependency[i][h]).sum();
            let values = [
                (StateMetric::Payoff, run.payoff[i]),
                (StateMetric::Leverage, run.leverage[i]),
                (StateMetric::Investment, run.investment[i]),
                (StateMetric::DealSize, self.signed_size(i)),
                (
                    StateMetric::Concessions,
                    ratio(self.conceded(i), self.signed_size(i)),
                ),
                (
                    StateMetric::Deals,
                    self.sum(|_, played| played.play.signed[i].iter().flatten().count() as f64),
                ),
                (StateMetric::Talent, run.last.talent[i]),
                (StateMetric::Compute, run.last.compute[i]),
                (
                    StateMetric::Dependency,
                    ratio(dependency, able.len() as f64),
                ),
                (
                    StateMetric::SupplierGain,
                    self.present(i, &|played| played.supplier_gain[i]),
                ),
                (StateMetric::Exposure, end.switching[i].iter().sum()),
                (StateMetric::Access, part(|parts| parts.access)),
                (StateMetric::Terms, part(|parts| parts.terms)),
                (StateMetric::Cash, part(|parts| parts.cash)),
                (StateMetric::Repricing, part(|parts| parts.repricing)),
                (StateMetric::Own, part(|parts| parts.own)),
                (StateMetric::Switching, part(|parts| parts.switching)),
                (StateMetric::Delay, run.causes[i].delay),
                (StateMetric::Sharing, run.causes[i].sharing),
                (StateMetric::BillShare, run.bill_share[i]),
                (
                    StateMetric::InvestmentPresent,
                    self.present(i, &|played| played.investment[i]),
                ),
            ];
            let name = &self.given.states[i];
            for (metric, value) in values {
                let what = format!("{name} {metric:?}");
                entries.push((what, self.layout.state(i, metric), value));
            }
            for (cause, value) in self.causes(i) {
                let what = format!("{name} cause {cause:?}");
                entries.push((what, self.layout.cause(i, cause), value));
            }
        }
    }

    /// (43), and what (44) gives before the other arm's rules and table are taken off.
    fn causes(&self, i: usize) -> Vec<(CauseMetric, f64)> {
        let causes = &self.run.causes[i];
        let mut values = vec![
            (CauseMetric::Alone, causes.alone),
            (CauseMetric::Rules, causes.rules),
            (CauseMetric::Table, causes.table),
            (CauseMetric::Sharing, causes.sharing),
            (CauseMetric::Delay, causes.delay),
        ];
        let swapped = [
            CauseMetric::Members,
            CauseMetric::RulesSwapped,
            CauseMetric::TableSwapped,
        ];
        let computed = self.run.against.is_some();
        values.extend(swapped.into_iter().enumerate().map(|(k, cause)| {
            let value = if computed {
                self.present(i, &|played| {
                    played.swapped.as_ref().expect("in every window")[i][k]
                })
            } else {
                f64::NAN
            };
            (cause, value)
        }));
        values
    }

    fn hyperscalers(&self, entries: &mut Vec<Entry>) {
        for (h, name) in self.given.hyperscalers.iter().enumerate() {
            let compliance = self.sum(|w, played| {
                let economy = self.economy(w, &played.standing, played.play.accord);
                let rate = self.given.windows[w].hyperscalers[h].discount_rate;
                (1.0 + rate).powf(-(w as f64 * self.given.years))
                    * economy.compliance_of(h, played.play.hosts[h])
            });
            let signed = |w: usize, played: &Played| -> f64 {
                list(played.play.hosts[h]).map(|i| self.size(w, i, h)).sum()
            };
            let capex_present = self.sum(|w, played| {
                let rate = self.given.windows[w].hyperscalers[h].discount_rate;
                (1.0 + rate).powf(-(w as f64 * self.given.years)) * signed(w, played)
            });
            let capex = self.sum(signed);
            for (metric, value) in [
                (HyperscalerMetric::Profit, self.run.profit[h]),
                (HyperscalerMetric::ComplianceCost, compliance),
                (HyperscalerMetric::Capex, capex),
                (HyperscalerMetric::CapexPresent, capex_present),
            ] {
                let what = format!("{name} {metric:?}");
                entries.push((what, self.layout.hyperscaler(h, metric), value));
            }
        }
    }

    fn totals(&self, entries: &mut Vec<Entry>) {
        let (run, n) = (self.run, self.given.n());
        let invested: f64 = run.investment.iter().sum();
        let shares = run.investment.iter().map(|one| ratio(*one, invested));
        let gains: f64 = (0..n)
            .map(|i| self.present(i, &|played| played.delays[i] * played.parts[i].deals()))
            .sum();
        let theirs: f64 = (0..n)
            .map(|i| self.present(i, &|played| played.supplier_gain[i]))
            .sum();
        let won: f64 = (0..n)
            .map(|i| self.sum(|_, played| super::account::won(&played.play, i)))
            .sum();
        let spent: f64 = (0..n)
            .map(|i| self.sum(|_, played| played.spending[i]))
            .sum();
        for (metric, value) in [
            (TotalMetric::Payoff, run.payoff.iter().sum()),
            (TotalMetric::Profit, run.profit.iter().sum()),
            (TotalMetric::Leverage, leverage(gains, theirs)),
            (TotalMetric::Investment, invested),
            (
                TotalMetric::Deals,
                self.sum(|_, played| played.deals() as f64),
            ),
            (
                TotalMetric::Herfindahl,
                shares.clone().map(|share| share * share).sum(),
            ),
            (TotalMetric::LargestShare, shares.fold(0.0, f64::max)),
            (TotalMetric::Gini, gini(&run.payoff, &self.population(0))),
            (TotalMetric::BillShare, ratio(won, spent)),
        ] {
            let what = format!("total {metric:?}");
            entries.push((what, self.layout.total(metric), value));
        }
        for k in 0..self.given.windows[0].terms.len() {
            let (mut levels, mut sizes) = (0.0, 0.0);
            for (w, played) in run.windows.iter().enumerate() {
                for (i, row) in played.play.signed.iter().enumerate() {
                    for (h, deal) in row.iter().enumerate() {
                        if let Some(deal) = deal {
                            levels += self.size(w, i, h) * deal.levels[k];
                            sizes += self.size(w, i, h);
                        }
                    }
                }
            }
            let mean = if sizes > 0.0 {
                levels / sizes
            } else {
                f64::NAN
            };
            entries.push((format!("term {k}"), self.layout.term(k), mean));
        }
    }

    fn accord(&self, entries: &mut Vec<Entry>) {
        let windows = self.run.windows.len() as f64;
        let mean = |of: &dyn Fn(&Played) -> f64| self.sum(|_, played| of(played)) / windows;
        let ever = self
            .run
            .windows
            .iter()
            .any(|played| played.formed.accord != 0);
        let mut push = |what: &str, position: usize, value: f64| {
            entries.push((what.to_owned(), position, value));
        };
        push("formed", self.layout.formed(), f64::from(u8::from(ever)));
        let size = mean(&|played| count(played.formed.accord) as f64);
        push("size", self.layout.size(), size);
        let rounds = mean(&|played| played.formed.rounds as f64);
        push("rounds", self.layout.rounds(), rounds);
        let share = |of: &dyn Fn(&Played) -> Set, i: usize| {
            mean(&|played| f64::from(u8::from(has(of(played), i))))
        };
        for i in 0..self.given.n() {
            let member = share(&|played| played.formed.accord, i);
            push("member", self.layout.member(i), member);
            let left = share(&|played| played.formed.left, i);
            push("left", self.layout.left(i), left);
        }
    }

    fn windows(&self, entries: &mut Vec<Entry>) {
        for (w, played) in self.run.windows.iter().enumerate() {
            let invested: f64 = played.investment.iter().sum();
            let shares = played.investment.iter().map(|one| ratio(*one, invested));
            let gains = (0..self.given.n()).map(|i| played.delays[i] * played.parts[i].deals());
            for (metric, value) in [
                (WindowMetric::RegionInvestment, invested),
                (
                    WindowMetric::Herfindahl,
                    shares.map(|share| share * share).sum(),
                ),
                (
                    WindowMetric::RegionLeverage,
                    leverage(gains.sum(), played.supplier_gain.iter().sum()),
                ),
                (WindowMetric::Deals, played.deals() as f64),
                (WindowMetric::AccordSize, count(played.formed.accord) as f64),
                (WindowMetric::Rounds, played.formed.rounds as f64),
                (
                    WindowMetric::Gini,
                    gini(&played.payoff, &self.population(w)),
                ),
            ] {
                let what = format!("window {w} {metric:?}");
                entries.push((what, self.layout.window(w, metric), value));
            }
            for i in 0..self.given.n() {
                let is_in = |set: Set| f64::from(u8::from(has(set, i)));
                let gain = played.delays[i] * played.parts[i].deals();
                for (metric, value) in [
                    (WindowStateMetric::Payoff, played.payoff[i]),
                    (WindowStateMetric::Investment, played.investment[i]),
                    (
                        WindowStateMetric::Leverage,
                        leverage(gain, played.supplier_gain[i]),
                    ),
                    (WindowStateMetric::Member, is_in(played.formed.accord)),
                    (WindowStateMetric::Left, is_in(played.formed.left)),
                ] {
                    let what = format!("window {w} {} {metric:?}", self.given.states[i]);
                    entries.push((what, self.layout.window_state(w, i, metric), value));
                }
            }
        }
    }

    fn services(&self, entries: &mut Vec<Entry>) {
        let windows = self.run.windows.len() as f64;
        for (l, state) in self.given.states.iter().enumerate() {
            for (h, hyperscaler) in self.given.hyperscalers.iter().enumerate() {
                let signed =
                    self.sum(|_, played| f64::from(u8::from(has(played.play.hosts[h], l))));
                let what = format!("{state} {hyperscaler} signed");
                entries.push((what, self.layout.signed(l, h), signed / windows));
                for j in 0..self.given.n() {
                    let served = self.sum(|w, played| {
                        let economy = self.economy(w, &played.standing, played.play.accord);
                        economy.service(h, played.play.hosts[h]).served[l][j]
                    });
                    let what = format!("{state} served by {hyperscaler} from {j}");
                    let position = self.layout.served_from(l, h) + j;
                    entries.push((what, position, served / windows));
                }
            }
        }
    }

    /// Erosion (section 10): tables by the number of states that host h already.
    fn erosion(&self, entries: &mut Vec<Entry>) {
        let n = self.given.n();
        let (mut tables, mut lost, mut stake) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        for (w, played) in self.run.windows.iter().enumerate() {
            let economy = self.economy(w, &played.standing, played.play.accord);
            for record in &played.play.records {
                if record.table == 0 || record.placed == 0 {
                    continue;
                }
                let hosts = count(record.signed[record.h] & !record.table);
                tables[hosts] += 1.0;
                lost[hosts] += self.pressure(w, played, &economy, record);
                stake[hosts] += list(record.table)
                    .map(|l| economy.demand[l][record.h])
                    .sum::<f64>();
            }
        }
        for hosts in 0..n {
            let what = format!("tables at {hosts}");
            entries.push((what, self.layout.erosion_tables(hosts), tables[hosts]));
            let pressure = if stake[hosts] > 0.0 {
                lost[hosts] / stake[hosts]
            } else {
                f64::NAN
            };
            let what = format!("pressure at {hosts}");
            entries.push((what, self.layout.erosion_pressure(hosts), pressure));
        }
    }

    fn pressure(&self, w: usize, played: &Played, economy: &Economy, record: &Record) -> f64 {
        let (numbers, play) = (&self.given.windows[w], &played.play);
        let rules = &self.given.arms[self.arm];
        let contest = rules.mode == Mode::Contest && numbers.arms[self.arm].active;
        let places = places(economy);
        let seating = Seating {
            economy,
            arm: rules,
            bloc: play.bloc,
            places: &places,
        };
        let table = Table {
            states: record.table,
            h: record.h,
            signed: &record.signed,
            expected: &play.expected,
            foresight: if contest { 0.0 } else { numbers.foresight },
            claims: &[],
        };
        seating.pressure(&table, record.placed)
    }
}
