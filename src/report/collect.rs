//! From rows to results, part one: takes in trials in order and keeps what the results need, in bounded memory.
//!
//! While all values of all distributions fit into 512 MiB, they are kept and quantiles are exact; beyond, only
//! moments and counts are kept and quantiles have the relative error of [`crate::stats::sketch`]. Which of the two is
//! decided by the size of the run alone, and the manifest says it.

use crate::model::Model;
use crate::outcome::{HyperscalerMetric, OutcomeLayout};
use crate::report::quantity::Quantity;
use crate::simulate::Trial;
use crate::stats::sketch::RELATIVE_ERROR;
use crate::stats::summary::{Stat, Streamed, summarise};

/// Memory for the values of all distributions, at most.
const EXACT_BYTES: u64 = 512 << 20;

/// Two values are the same within this share of max(1, |reference|).
const SAME_BAND: f64 = 1e-9;

/// A result that is not a number a reader could use.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NumericError {
    /// A trial gave infinity, or nothing where there must be a number.
    #[error("trial {trial}: {path} is not a finite number ({value})")]
    Trial {
        /// Result path.
        path: String,
        /// Trial.
        trial: u64,
        /// The value.
        value: f64,
    },
    /// Values are too large for their mean or spread.
    #[error("{path}: values are too large to summarise")]
    Summary {
        /// Result path.
        path: String,
    },
}

/// The values of one distribution, in the order of trials; NaN means none.
#[derive(Debug)]
enum Series {
    Kept(Vec<f64>),
    Streamed(Box<Streamed>),
}

impl Series {
    fn push(&mut self, value: f64) {
        match self {
            Series::Kept(values) => values.push(value),
            Series::Streamed(streamed) => streamed.push(value),
        }
    }

    fn stat(&self) -> Option<Stat> {
        match self {
            Series::Kept(values) => summarise(values.iter().copied()),
            Series::Streamed(streamed) => streamed.stat(),
        }
    }
}

/// How often the arm was above, level with and below the reference, over trials in which both have the number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub better: u64,
    pub same: u64,
    pub worse: u64,
}

impl Tally {
    fn push(&mut self, value: f64, reference: f64) {
        let difference = value - reference;
        let band = SAME_BAND * reference.abs().max(1.0);
        if difference > band {
            self.better += 1;
        } else if difference < -band {
            self.worse += 1;
        } else if !difference.is_nan() {
            self.same += 1;
        }
    }
}

/// What is kept of a run.
pub struct Collector<'m> {
    pub(crate) model: &'m Model,
    pub(crate) layout: OutcomeLayout,
    pub(crate) trials: u64,
    exact: bool,
    quantities: Vec<Quantity>,
    /// Place of a quantity among them, by its position in a row.
    columns: Vec<usize>,
    compared: usize,
    /// By arm and quantity.
    series: Vec<Series>,
    /// By pair of arms and compared quantity; only where values are not kept.
    differences: Vec<(Streamed, Tally)>,
    /// Sums by arm and position, for numbers of which only the mean is reported.
    sums: Vec<f64>,
    /// Trials with a loss, by arm and hyperscaler.
    losses: Vec<u64>,
    /// Windows in which l is served by h from j, by arm, l, h, j.
    served: Vec<u64>,
}

/// Whether the quantiles of `trials` trials of `model` are exact.
pub fn is_exact(model: &Model, trials: u64) -> bool {
    let columns = model.arms.len() * Quantity::summarised(&model.outcome_layout()).len();
    let bytes = trials.saturating_mul(columns as u64 * 8);
    bytes <= EXACT_BYTES
}

/// What the manifest says about quantiles.
pub fn quantiles(model: &Model, trials: u64) -> String {
    if is_exact(model, trials) {
        "exact".to_owned()
    } else {
        format!("relative error {RELATIVE_ERROR}")
    }
}

/// Every pair of arms (later, earlier) in the order of the file.
pub(crate) fn pairs_of_arms(arms: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..arms).flat_map(|later| (0..later).map(move |earlier| (later, earlier)))
}

impl<'m> Collector<'m> {
    /// A collector for `trials` trials of `model`.
    pub fn new(model: &'m Model, trials: u64) -> Collector<'m> {
        Self::with_memory(model, trials, is_exact(model, trials))
    }

    fn with_memory(model: &'m Model, trials: u64, exact: bool) -> Collector<'m> {
        let layout = model.outcome_layout();
        let arms = model.arms.len();
        let quantities = Quantity::summarised(&layout);
        let compared = quantities.iter().filter(|q| q.is_compared()).count();
        let mut columns = vec![usize::MAX; layout.len()];
        for (column, quantity) in quantities.iter().enumerate() {
            columns[quantity.position(&layout)] = column;
        }
        let new_series = || {
            if exact {
                Series::Kept(Vec::with_capacity(trials as usize))
            } else {
                Series::Streamed(Box::default())
            }
        };
        let streamed_pairs = if exact {
            0
        } else {
            pairs_of_arms(arms).count()
        };
        let served = arms * layout.states * layout.hyperscalers * layout.states;
        Collector {
            model,
            layout,
            trials: 0,
            exact,
            columns,
            compared,
            series: (0..arms * quantities.len()).map(|_| new_series()).collect(),
            quantities,
            differences: vec![Default::default(); streamed_pairs * compared],
            sums: vec![0.0; arms * layout.len()],
            losses: vec![0; arms * layout.hyperscalers],
            served: vec![0; served],
        }
    }

    /// Takes in the next trial.
    ///
    /// # Errors
    /// A number that is infinite, or missing where it never is.
    pub fn push(&mut self, trial: Trial<'_>) -> Result<(), NumericError> {
        let len = self.layout.len();
        for (arm, row) in trial.rows.chunks(len).enumerate() {
            self.check(arm, row, trial.index)?;
            self.push_row(arm, row);
        }
        if !self.exact {
            self.push_differences(trial.rows);
        }
        self.trials += 1;
        Ok(())
    }

    fn check(&self, arm: usize, row: &[f64], trial: u64) -> Result<(), NumericError> {
        let fine = |quantity: &Quantity| {
            let value = row[quantity.position(&self.layout)];
            value.is_finite() || (value.is_nan() && quantity.may_be_none())
        };
        match self.quantities.iter().find(|quantity| !fine(quantity)) {
            None => Ok(()),
            Some(&quantity) => Err(NumericError::Trial {
                path: self.path(arm, quantity),
                trial,
                value: row[quantity.position(&self.layout)],
            }),
        }
    }

    fn path(&self, arm: usize, quantity: Quantity) -> String {
        format!(
            "{}.{}",
            self.model.arms[arm].name,
            quantity.name(self.model)
        )
    }

    fn push_row(&mut self, arm: usize, row: &[f64]) {
        let layout = self.layout;
        let count = self.quantities.len();
        let series = &mut self.series[arm * count..][..count];
        for (series, quantity) in series.iter_mut().zip(&self.quantities) {
            // Adding 0 turns −0 into 0, which readers should not see.
            series.push(row[quantity.position(&layout)] + 0.0);
        }
        let sums = &mut self.sums[arm * layout.len()..][..layout.len()];
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
        for h in 0..layout.hyperscalers {
            let loss = row[layout.hyperscaler(h, HyperscalerMetric::Profit)] < 0.0;
            self.losses[arm * layout.hyperscalers + h] += u64::from(loss);
        }
        for l in 0..layout.states {
            for h in 0..layout.hyperscalers {
                let from = &row[layout.served_from(l, h)..][..layout.windows];
                let first = self.served_at(arm, l, h);
                for &host in from.iter().filter(|&&host| host >= 0.0) {
                    self.served[first + host as usize] += 1;
                }
            }
        }
    }

    fn served_at(&self, arm: usize, l: usize, h: usize) -> usize {
        let layout = self.layout;
        ((arm * layout.states + l) * layout.hyperscalers + h) * layout.states
    }

    fn push_differences(&mut self, rows: &[f64]) {
        let len = self.layout.len();
        let pairs = pairs_of_arms(self.model.arms.len());
        let by_pair = self.differences.chunks_mut(self.compared.max(1));
        for ((later, earlier), differences) in pairs.zip(by_pair) {
            for ((streamed, tally), quantity) in differences.iter_mut().zip(&self.quantities) {
                let position = quantity.position(&self.layout);
                let (value, reference) =
                    (rows[later * len + position], rows[earlier * len + position]);
                streamed.push(value - reference + 0.0);
                tally.push(value, reference);
            }
        }
    }

    fn column(&self, quantity: Quantity) -> usize {
        self.columns[quantity.position(&self.layout)]
    }

    /// The distribution of a quantity in an arm; `None` if no trial has it.
    pub(crate) fn stat(
        &self,
        arm: usize,
        quantity: Quantity,
    ) -> Result<Option<Stat>, NumericError> {
        let series = &self.series[arm * self.quantities.len() + self.column(quantity)];
        self.checked(series.stat(), || self.path(arm, quantity))
    }

    fn checked(
        &self,
        stat: Option<Stat>,
        path: impl FnOnce() -> String,
    ) -> Result<Option<Stat>, NumericError> {
        match stat {
            Some(stat) if !stat.is_finite() => Err(NumericError::Summary { path: path() }),
            other => Ok(other),
        }
    }

    /// The paired difference of a quantity between two arms; `pair` is their place in [`pairs_of_arms`].
    pub(crate) fn difference(
        &self,
        pair: usize,
        (later, earlier): (usize, usize),
        quantity: Quantity,
    ) -> Result<(Option<Stat>, Tally), NumericError> {
        let column = self.column(quantity);
        let count = self.quantities.len();
        let series = |arm: usize| &self.series[arm * count + column];
        let (stat, tally) = match (series(later), series(earlier)) {
            (Series::Kept(values), Series::Kept(references)) => {
                let both = || values.iter().zip(references);
                let mut tally = Tally::default();
                both().for_each(|(&value, &reference)| tally.push(value, reference));
                (summarise(both().map(|(x, y)| x - y)), tally)
            }
            _ => {
                let (streamed, tally) = &self.differences[pair * self.compared + column];
                (streamed.stat(), *tally)
            }
        };
        let path = || format!("{}.difference", self.path(later, quantity));
        Ok((self.checked(stat, path)?, tally))
    }

    /// Mean over trials of a number that every trial has.
    pub(crate) fn mean(&self, arm: usize, position: usize) -> f64 {
        self.sums[arm * self.layout.len() + position] / self.trials as f64
    }

    /// Share of trials in which a hyperscaler makes a loss.
    pub(crate) fn loss(&self, arm: usize, h: usize) -> f64 {
        self.losses[arm * self.layout.hyperscalers + h] as f64 / self.trials as f64
    }

    /// Shares of windows and trials in which l is served by h from each state.
    pub(crate) fn served_from(&self, arm: usize, l: usize, h: usize) -> impl Iterator<Item = f64> {
        let all = (self.trials * self.layout.windows as u64) as f64;
        let counts = &self.served[self.served_at(arm, l, h)..][..self.layout.states];
        counts.iter().map(move |&count| count as f64 / all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::StateMetric;
    use crate::report::fixture::{PAYOFFS, model, rows};

    fn collect(model: &Model, exact: bool) -> Collector<'_> {
        let mut collector = Collector::with_memory(model, 4, exact);
        for (index, payoffs) in PAYOFFS.iter().enumerate() {
            let rows = rows(model, payoffs);
            let trial = Trial {
                index: index as u64,
                rows: &rows,
                draws: &[],
            };
            collector.push(trial).expect("finite rows");
        }
        collector
    }

    #[test]
    fn streamed_results_differ_in_quantiles_alone() {
        let model = model();
        let (kept, streamed) = (collect(&model, true), collect(&model, false));
        let quantity = Quantity::State(0, StateMetric::Payoff);
        for (pair, of) in pairs_of_arms(3).enumerate() {
            let (left, tally) = kept.difference(pair, of, quantity).expect("finite");
            let (right, other) = streamed.difference(pair, of, quantity).expect("finite");
            let (left, right) = (left.expect("values"), right.expect("values"));
            assert_eq!((left.mean, left.sd, tally), (right.mean, right.sd, other));
            assert!((left.p75 - right.p75).abs() <= RELATIVE_ERROR * left.p75.abs());
        }
    }

    #[test]
    fn exactness_depends_on_size_alone() {
        let model = model();
        assert!(is_exact(&model, 1000));
        assert!(!is_exact(&model, 10_000_000));
        assert_eq!(quantiles(&model, 1 << 40), "relative error 0.001");
    }

    #[test]
    fn infinities_and_missing_numbers_are_refused() {
        let model = model();
        let layout = model.outcome_layout();
        for value in [f64::INFINITY, f64::NAN] {
            let mut rows = rows(&model, &PAYOFFS[0]);
            rows[layout.len() + layout.state(1, StateMetric::Payoff)] = value;
            let trial = Trial {
                index: 7,
                rows: &rows,
                draws: &[],
            };
            let error = Collector::new(&model, 1).push(trial).expect_err("refused");
            let text = error.to_string();
            assert!(
                text.starts_with("trial 7: framework.state.B.payoff"),
                "{text}"
            );
        }
    }
}
