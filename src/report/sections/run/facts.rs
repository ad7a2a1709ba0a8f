//! What a page of a run is made of, read and computed before anything is written.

use crate::engine::model::arm::Mode;
use crate::engine::model::{Identity, Model};
use crate::engine::outcome::TotalMetric;
use crate::report::document::{Span, code};
use crate::report::headline::headline_arm;
use crate::report::numbers::{Pair, Quote};
use crate::report::split::framework_of;
use crate::report::tables::View;
use crate::study::results::discover::DiscoveryResults;
use crate::study::results::run::{ArmResult, Results};
use crate::study::results::sensitivity::SensitivityResults;
use crate::study::results::stability::StabilityResults;
use crate::study::results::sweep::SweepResults;
use crate::study::results::theories::TheoryResults;
use crate::study::results::threshold::ThresholdResults;
use crate::theory::stats::density::density;
use crate::theory::stats::quantile::quantile;

/// Worlds that densities and bands of totals are made of, at most: the first ones.
pub const MOST_WORLDS: u64 = 20_000;

/// States times arms, at most, for which every state has its panels in every arm.
const MOST_PANELS: usize = 100;

/// A run with everything that its page shows.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The scenario.
    pub model: &'a Model,
    /// The results.
    pub results: &'a Results,
    /// Index of the arm that others are compared with.
    pub reference: usize,
    /// What was read from the tables; none where they were not kept.
    pub worlds: Option<Worlds>,
    /// Finished studies of the same scenario.
    pub studies: Vec<StudyResults>,
    /// Keys of the scenario with their values, in its order.
    pub inputs: Vec<(String, String)>,
    /// How it was run: what and the words for it.
    pub circumstance: Vec<(String, String)>,
    /// The command that repeats it.
    pub repeat: Vec<String>,
    /// Shipped scenarios that could be compared with this one.
    pub shipped: Vec<String>,
}

/// A finished study of the same scenario.
#[derive(Debug)]
pub enum StudyResults {
    /// Which factors decide.
    Sensitivity(SensitivityResults),
    /// In which worlds a condition holds.
    Discover(DiscoveryResults),
    /// A grid.
    Sweep(SweepResults),
    /// Where a level is crossed.
    Threshold(ThresholdResults),
    /// What the theories say.
    Theories(TheoryResults),
    /// Which coalitions hold.
    Stability(Box<StabilityResults>),
}

/// What is made of the tables of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worlds {
    /// How many worlds it is made of.
    pub count: u64,
    /// Density of each state's paired difference of payoff to the reference, by arm and state; empty where nothing varies.
    pub differences: Vec<Vec<Vec<(f64, f64)>>>,
    /// Payoff of all states by arm and window: 5%, 25%, 50%, 75%, 95% points.
    pub payoff: Vec<Vec<[f64; 5]>>,
    /// Leverage, mean of the states, by arm and window.
    pub leverage: Vec<Vec<[f64; 5]>>,
}

/// A table of a run as it is read: rows in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct WorldRows {
    /// payoff by trial, arm and state.
    pub payoff: Vec<f64>,
    /// payoff by trial, arm, window and state.
    pub window_payoff: Vec<f64>,
    /// leverage likewise.
    pub window_leverage: Vec<f64>,
}

impl Worlds {
    /// Makes densities and bands of what was read.
    pub fn new(model: &Model, rows: &WorldRows, reference: usize) -> Worlds {
        let (arms, states, windows) = (model.arms.len(), model.states.len(), model.horizon.windows);
        let count = rows.payoff.len() / (arms * states).max(1);
        let at =
            |trial: usize, arm: usize, i: usize| rows.payoff[(trial * arms + arm) * states + i];
        let difference = |arm: usize, i: usize| -> Vec<(f64, f64)> {
            let worlds = (0..count).map(|trial| at(trial, arm, i) - at(trial, reference, i));
            density(&worlds.collect::<Vec<_>>())
        };
        let bands = |of: &dyn Fn(&[f64]) -> f64, column: &[f64]| -> Vec<Vec<[f64; 5]>> {
            let band = |arm: usize, window: usize| {
                let worlds = (0..count).filter_map(|trial| {
                    let start = ((trial * arms + arm) * windows + window) * states;
                    column.get(start..start + states).map(of)
                });
                points(worlds.filter(|x| x.is_finite()).collect())
            };
            let of_arm = |arm| (0..windows).map(|window| band(arm, window)).collect();
            (0..arms).map(of_arm).collect()
        };
        let mean = |values: &[f64]| {
            let known = values.iter().copied().filter(|x| x.is_finite());
            known.clone().sum::<f64>() / known.count() as f64
        };
        Worlds {
            count: count as u64,
            differences: (0..arms)
                .map(|arm| (0..states).map(|i| difference(arm, i)).collect())
                .collect(),
            payoff: bands(&|values| values.iter().sum(), &rows.window_payoff),
            leverage: bands(&mean, &rows.window_leverage),
        }
    }
}

/// The 5%, 25%, 50%, 75% and 95% points; NaN without values.
fn points(mut values: Vec<f64>) -> [f64; 5] {
    if values.is_empty() {
        return [f64::NAN; 5];
    }
    values.sort_by(f64::total_cmp);
    [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| quantile(&values, p))
}

impl<'a> Facts<'a> {
    /// The same for tables.
    pub(super) fn view(&self) -> View<'a> {
        View {
            model: self.model,
            results: self.results,
            reference: self.reference,
            width: usize::MAX,
        }
    }

    /// Number of worlds.
    pub(super) fn trials(&self) -> u64 {
        self.results.manifest.trials
    }

    /// Whether there is but one world.
    pub(super) fn is_single(&self) -> bool {
        self.trials() == 1
    }

    /// What a sentence about means ends with.
    pub(super) fn of_means(&self) -> &'static str {
        if self.is_single() {
            "."
        } else {
            " (mean over worlds)."
        }
    }

    /// The arm of the headline.
    pub(super) fn headline(&self) -> Option<usize> {
        headline_arm(&self.view())
    }

    /// The framework with the same rules as a bloc.
    pub(super) fn framework(&self, bloc: usize) -> Option<usize> {
        framework_of(&self.view(), bloc)
    }

    /// Arms that are shown, but for the reference.
    pub(super) fn others(&self) -> Vec<usize> {
        self.view().others().collect()
    }

    /// Arms that are shown.
    pub(super) fn shown(&self) -> Vec<usize> {
        self.view().shown().collect()
    }

    /// The arms that matter most: the reference, the framework and bloc of the headline, and contests.
    pub(super) fn principal(&self) -> Vec<usize> {
        let headline = self.headline();
        let framework = headline.and_then(|bloc| self.framework(bloc));
        let contests = self.of_mode(Mode::Contest);
        let kept = |arm: &usize| {
            *arm == self.reference
                || Some(*arm) == headline
                || Some(*arm) == framework
                || contests.contains(arm)
        };
        self.shown().into_iter().filter(kept).collect()
    }

    /// The arms in which every state has its own panels: all of them, unless a page of so many would be too large.
    pub(super) fn with_panels(&self) -> Vec<usize> {
        let all = self.shown();
        match all.len() * self.model.states.len() <= MOST_PANELS {
            true => all,
            false => self.principal(),
        }
    }

    /// Arms of accord that are shown.
    pub(super) fn accords(&self) -> Vec<usize> {
        let shown = self.shown().into_iter();
        shown
            .filter(|&arm| self.model.arms[arm].is_accord())
            .collect()
    }

    /// Arms of a mode that are shown.
    pub(super) fn of_mode(&self, mode: Mode) -> Vec<usize> {
        let shown = self.shown().into_iter();
        shown
            .filter(|&arm| self.model.arms[arm].mode == mode)
            .collect()
    }

    /// Name of an arm.
    pub(super) fn name(&self, arm: usize) -> &'a str {
        &self.model.arms[arm].name
    }

    /// Name of an arm as it is typed.
    pub(super) fn arm(&self, arm: usize) -> Span {
        code(self.name(arm))
    }

    /// Results of an arm.
    pub(super) fn result(&self, arm: usize) -> &'a ArmResult {
        &self.results.arms[self.name(arm)]
    }

    /// A state.
    pub(super) fn state(&self, i: usize) -> &'a Identity {
        &self.model.states[i]
    }

    /// Unit of payoffs and profits.
    pub(super) fn unit(&self) -> String {
        let horizon = &self.model.horizon;
        format!(
            "US$ bn, present value at the start of {}, prices of {}",
            horizon.start_year, horizon.price_year
        )
    }

    /// The same in short.
    pub(super) fn short_unit(&self) -> String {
        format!("US$ bn of {}", self.model.horizon.price_year)
    }

    /// First year of a window.
    pub(super) fn year(&self, window: usize) -> f64 {
        let horizon = &self.model.horizon;
        horizon.start_year + window as f64 * horizon.window_years
    }

    /// A metric of a state in an arm.
    pub(super) fn of_state(&self, arm: usize, i: usize, metric: &str) -> Quote {
        let id = &self.state(i).id;
        let stat = self.result(arm).states[id].get(metric).copied().flatten();
        Quote::new(
            stat,
            format!("arms.{}.states.{id}.{metric}", self.name(arm)),
        )
    }

    /// A total of an arm.
    pub(super) fn total(&self, arm: usize, metric: TotalMetric) -> Quote {
        let name = metric.name();
        let stat = self.result(arm).totals.get(name).copied().flatten();
        Quote::new(stat, format!("arms.{}.totals.{name}", self.name(arm)))
    }

    /// A metric of a hyperscaler in an arm.
    pub(super) fn of_hyperscaler(&self, arm: usize, h: usize, metric: &str) -> Quote {
        let id = &self.model.hyperscalers[h].id;
        let result = &self.result(arm).hyperscalers[id];
        let stat = match metric {
            "profit" => result.profit,
            "compliance_cost" => result.compliance_cost,
            _ => result.capex,
        };
        Quote::new(
            stat,
            format!("arms.{}.hyperscalers.{id}.{metric}", self.name(arm)),
        )
    }

    /// A metric of a state in a window of an arm.
    pub(super) fn of_window(&self, arm: usize, window: usize, metric: &str, i: usize) -> Quote {
        let id = &self.state(i).id;
        let result = &self.result(arm).windows[window];
        let metrics = if metric == "payoff" {
            &result.payoff
        } else {
            &result.leverage
        };
        let path = format!("arms.{}.windows.{window}.{metric}.{id}", self.name(arm));
        Quote::new(metrics.get(id).copied().flatten(), path)
    }

    /// The paired difference of a state's metric between two arms.
    pub(super) fn state_pair(&self, arm: usize, reference: usize, i: usize, metric: &str) -> Pair {
        let id = &self.state(i).id;
        let (at, turned) = self.compared(arm, reference);
        let paired = &self.results.comparisons[at].states[id][metric];
        let path = format!("comparisons.{at}.states.{id}.{metric}");
        Pair::new(paired, path, turned, self.trials())
    }

    /// The paired difference of a total.
    pub(super) fn total_pair(&self, arm: usize, reference: usize, metric: TotalMetric) -> Pair {
        let (at, turned) = self.compared(arm, reference);
        let name = metric.name();
        let paired = &self.results.comparisons[at].totals[name];
        Pair::new(
            paired,
            format!("comparisons.{at}.totals.{name}"),
            turned,
            self.trials(),
        )
    }

    /// The paired difference of a hyperscaler's metric.
    pub(super) fn hyperscaler_pair(
        &self,
        arm: usize,
        reference: usize,
        h: usize,
        metric: &str,
    ) -> Pair {
        let id = &self.model.hyperscalers[h].id;
        let (at, turned) = self.compared(arm, reference);
        let paired = &self.results.comparisons[at].hyperscalers[id][metric];
        let path = format!("comparisons.{at}.hyperscalers.{id}.{metric}");
        Pair::new(paired, path, turned, self.trials())
    }

    /// Which comparison is that of two arms, and whether it is the other way round.
    fn compared(&self, arm: usize, reference: usize) -> (usize, bool) {
        let names = (self.name(arm), self.name(reference));
        let mut comparisons = self.results.comparisons.iter().enumerate();
        let found = comparisons.find_map(|(at, one)| {
            let own = (one.arm.as_str(), one.reference.as_str());
            match own == names {
                true => Some((at, false)),
                false => (own == (names.1, names.0)).then_some((at, true)),
            }
        });
        found.expect("every pair of arms is compared")
    }

    /// States by falling difference of payoff between two arms; those without one come last.
    pub(super) fn ranked(&self, arm: usize, reference: usize) -> Vec<(usize, Pair)> {
        let states = 0..self.model.states.len();
        let pairs = states.map(|i| (i, self.state_pair(arm, reference, i, "payoff")));
        let mut ranked: Vec<(usize, Pair)> = pairs.collect();
        let value = |pair: &Pair| {
            let value = pair.value();
            if value.is_finite() {
                value
            } else {
                f64::NEG_INFINITY
            }
        };
        ranked.sort_by(|one, other| value(&other.1).total_cmp(&value(&one.1)));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::model;

    #[test]
    fn rows_become_bands_by_arm_and_window() {
        let model = model();
        let (arms, states, windows) = (model.arms.len(), model.states.len(), model.horizon.windows);
        let mut rows = WorldRows::default();
        for trial in 0..5 {
            for arm in 0..arms {
                rows.payoff
                    .extend((0..states).map(|i| (trial * (arm + 1) + i) as f64));
                for window in 0..windows {
                    rows.window_payoff
                        .extend((0..states).map(|i| (trial + window + i) as f64));
                    rows.window_leverage.extend(
                        (0..states).map(|i| if i == 0 { f64::NAN } else { 0.1 * trial as f64 }),
                    );
                }
            }
        }
        let worlds = Worlds::new(&model, &rows, 0);
        assert_eq!(worlds.count, 5);
        assert!(worlds.differences[0].iter().all(Vec::is_empty));
        assert!(
            worlds.differences[1]
                .iter()
                .all(|density| !density.is_empty())
        );
        // Two states: trial + window, and one more; the median trial is 2.
        assert_eq!(states, 2);
        assert_eq!(worlds.payoff[1][0][2], 5.0);
        assert!((worlds.leverage[0][0][2] - 0.2).abs() < 1e-12);
    }
}
