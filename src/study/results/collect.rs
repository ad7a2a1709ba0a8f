//! From rows to results, part one: takes in trials in order and keeps what the results need, in bounded memory.
//!
//! Means, spreads, extremes and counts are of all trials. Quantiles come from what [`ValueMemory`] says is kept, which is decided
//! by the size of the run alone; the manifest says it.

use crate::engine::model::Model;
use crate::engine::outcome::{HyperscalerMetric, OutcomeLayout, Relation};
use crate::engine::simulate::Trial;
use crate::study::results::choice::BestCounts;
use crate::study::results::magnitude::{NumericError, RowCheck};
use crate::study::results::quantity::{CauseDifference, Quantity};
use crate::study::results::question::QuestionResult;
use crate::study::results::value_memory::ValueMemory;
use crate::theory::stats::groups::Groups;
use crate::theory::stats::sketch::Sketch;
use crate::theory::stats::summary::{Stat, Streamed};

/// What is kept of one distribution.
#[derive(Debug)]
struct DistributionSeries {
    streamed: Streamed,
    values: KeptValues,
}

/// What is kept of values.
#[derive(Debug)]
enum KeptValues {
    /// The first, in the order of trials; NaN means none.
    First(Vec<f64>),
    Counts(Sketch),
}

impl DistributionSeries {
    /// Takes in the value of the next trial, which is kept while there is room for so many.
    fn push(&mut self, value: f64, room: usize) {
        self.streamed.push(value);
        match &mut self.values {
            KeptValues::First(values) if values.len() < room => values.push(value),
            KeptValues::Counts(sketch) if !value.is_nan() => sketch.push(value),
            _ => {}
        }
    }

    fn stat(&self) -> Option<Stat> {
        match &self.values {
            KeptValues::First(values) => self.streamed.stat_of_values(values.iter().copied()),
            KeptValues::Counts(sketch) => self.streamed.stat(|p| sketch.quantile(p)),
        }
    }
}

/// How often the arm was above, level with and below the reference, over trials in which both have the number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ComparisonCounts {
    pub better: u64,
    pub same: u64,
    pub worse: u64,
}

impl ComparisonCounts {
    fn push(&mut self, value: f64, reference: f64) {
        match Relation::of(value, reference) {
            Some(Relation::Better) => self.better += 1,
            Some(Relation::Same) => self.same += 1,
            Some(Relation::Worse) => self.worse += 1,
            None => {}
        }
    }
}

/// What is kept of the difference of two arms, where it does not follow from all their values.
#[derive(Debug, Clone, Default)]
struct DifferenceSeries {
    streamed: Streamed,
    tally: ComparisonCounts,
    /// Of no values where the first are kept.
    sketch: Sketch,
}

impl DifferenceSeries {
    /// Takes in the numbers of the next trial; their difference is counted by size where `counts`.
    fn push(&mut self, value: f64, reference: f64, counts: bool) {
        self.streamed.push(value - reference + 0.0);
        self.tally.push(value, reference);
        if counts && !(value - reference).is_nan() {
            self.sketch.push(value - reference);
        }
    }
}

/// What is kept of a run.
pub struct Collector<'m> {
    pub(crate) model: &'m Model,
    pub(crate) layout: OutcomeLayout,
    pub(crate) trials: u64,
    rows: RowCheck<'m>,
    memory: ValueMemory,
    /// How many values a series keeps.
    room: usize,
    quantities: Vec<Quantity>,
    /// Place of a quantity among them, by its position in a row.
    columns: Vec<usize>,
    compared: usize,
    causes: Vec<CauseDifference>,
    /// By arm and quantity.
    series: Vec<DistributionSeries>,
    /// The groups of trials that are independent of each other.
    groups: Groups,
    /// By pair of arms and compared quantity, causes behind the others; none where all values are kept.
    differences: Vec<DifferenceSeries>,
    /// Sums by arm and position, for numbers of which only the mean is reported.
    sums: Vec<f64>,
    /// Trials with a loss, by arm and hyperscaler.
    losses: Vec<u64>,
    /// Trials in which each option is best.
    best: BestCounts,
}

/// Every pair of arms (later, earlier) in the order of the file.
pub(crate) fn pairs_of_arms(arms: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..arms).flat_map(|later| (0..later).map(move |earlier| (later, earlier)))
}

impl<'m> Collector<'m> {
    /// A collector for `trials` trials of `model`.
    pub fn new(model: &'m Model, trials: u64) -> Collector<'m> {
        Self::with_memory(model, trials, ValueMemory::of(model, trials))
    }

    fn with_memory(model: &'m Model, trials: u64, memory: ValueMemory) -> Collector<'m> {
        let layout = model.outcome_layout();
        let arms = model.arms.len();
        let quantities = Quantity::summarised(&layout);
        let compared = quantities.iter().filter(|q| q.is_compared()).count();
        let causes: Vec<CauseDifference> = CauseDifference::all(layout.states).collect();
        let mut columns = vec![usize::MAX; layout.len()];
        for (column, quantity) in quantities.iter().enumerate() {
            columns[quantity.position(&layout)] = column;
        }
        let room = match memory {
            ValueMemory::All => trials as usize,
            ValueMemory::Counts => 0,
            ValueMemory::First(room) => room as usize,
        };
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        let new_series = || DistributionSeries {
            streamed: Streamed::new(groups),
            values: match memory {
                ValueMemory::Counts => KeptValues::Counts(Sketch::default()),
                _ => KeptValues::First(Vec::with_capacity(room)),
            },
        };
        let pairs = match memory {
            ValueMemory::All => 0,
            _ => pairs_of_arms(arms).count(),
        };
        let new_difference = || DifferenceSeries {
            streamed: Streamed::new(groups),
            ..DifferenceSeries::default()
        };
        Collector {
            model,
            layout,
            trials: 0,
            rows: RowCheck::new(model),
            memory,
            room,
            columns,
            compared,
            series: (0..arms * quantities.len()).map(|_| new_series()).collect(),
            quantities,
            differences: vec![new_difference(); pairs * (compared + causes.len())],
            causes,
            groups,
            sums: vec![0.0; arms * layout.len()],
            losses: vec![0; arms * layout.hyperscalers],
            best: BestCounts::new(model, &layout),
        }
    }

    /// Takes in the next trial.
    ///
    /// # Errors
    /// A number that is infinite, or missing where it never is.
    pub fn push(&mut self, trial: Trial<'_>) -> Result<(), NumericError> {
        let len = self.layout.len();
        for (arm, row) in trial.rows.chunks(len).enumerate() {
            self.rows.check(arm, row, trial.index)?;
            self.push_row(arm, row);
        }
        self.push_differences(trial.rows);
        self.best.push(trial.rows, len);
        self.trials += 1;
        Ok(())
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
            series.push(row[quantity.position(&layout)] + 0.0, self.room);
        }
        let sums = &mut self.sums[arm * layout.len()..][..layout.len()];
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
        for h in 0..layout.hyperscalers {
            let loss = row[layout.hyperscaler(h, HyperscalerMetric::Profit)] < 0.0;
            self.losses[arm * layout.hyperscalers + h] += u64::from(loss);
        }
    }

    fn push_differences(&mut self, rows: &[f64]) {
        let len = self.layout.len();
        let at = |arm: usize, quantity: Quantity| rows[arm * len + quantity.position(&self.layout)];
        let counts = self.memory == ValueMemory::Counts;
        let pairs = pairs_of_arms(self.model.arms.len());
        let width = self.compared + self.causes.len();
        let by_pair = self.differences.chunks_mut(width);
        for ((later, earlier), differences) in pairs.zip(by_pair) {
            let (plain, of_causes) = differences.split_at_mut(self.compared);
            for (difference, &quantity) in plain.iter_mut().zip(&self.quantities) {
                difference.push(at(later, quantity), at(earlier, quantity), counts);
            }
            for (difference, cause) in of_causes.iter_mut().zip(&self.causes) {
                if let Some((own, other)) = cause.terms(self.model, (later, earlier)) {
                    let reference = other.map_or(0.0, |other| at(earlier, other));
                    difference.push(at(later, own), reference, counts);
                }
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
    ) -> Result<(Option<Stat>, ComparisonCounts), NumericError> {
        let place = self.column(quantity);
        let (stat, tally) =
            self.paired((pair, place), (later, quantity), Some((earlier, quantity)));
        let path = || format!("{}.difference", self.path(later, quantity));
        Ok((self.checked(stat, path)?, tally))
    }

    /// The paired difference of two arms in a cause; `None` where it is not computed.
    pub(crate) fn difference_of_cause(
        &self,
        pair: usize,
        (later, earlier): (usize, usize),
        cause: CauseDifference,
    ) -> Result<Option<Stat>, NumericError> {
        let Some((own, other)) = cause.terms(self.model, (later, earlier)) else {
            return Ok(None);
        };
        let place = self.compared + cause.place(self.layout.states);
        let other = other.map(|other| (earlier, other));
        let (stat, _) = self.paired((pair, place), (later, own), other);
        let arm = &self.model.arms[later].name;
        self.checked(stat, || {
            format!("{arm}.{}.difference", cause.name(self.model))
        })
    }

    /// One number of an arm less another of another, or nothing; `at` is the pair of arms and the place of what is kept of it.
    fn paired(
        &self,
        at: (usize, usize),
        (arm, quantity): (usize, Quantity),
        less: Option<(usize, Quantity)>,
    ) -> (Option<Stat>, ComparisonCounts) {
        let series = |arm: usize, quantity: Quantity| {
            &self.series[arm * self.quantities.len() + self.column(quantity)].values
        };
        let width = self.compared + self.causes.len();
        let kept = self.differences.get(at.0 * width + at.1);
        let KeptValues::First(values) = series(arm, quantity) else {
            let kept = kept.expect("it is kept where values are not");
            return (kept.streamed.stat(|p| kept.sketch.quantile(p)), kept.tally);
        };
        let references = match less.map(|(arm, quantity)| series(arm, quantity)) {
            Some(KeptValues::First(references)) => references.as_slice(),
            _ => &[],
        };
        let reference = |k: usize| references.get(k).copied().unwrap_or(0.0);
        let both = values.iter().enumerate();
        let both = both.map(|(k, &value)| (value, reference(k)));
        let (streamed, tally) = match kept {
            Some(kept) => (kept.streamed.clone(), kept.tally),
            None => compared(self.groups, both.clone()),
        };
        let differences = both.map(|(value, reference)| value - reference);
        (streamed.stat_of_values(differences), tally)
    }

    /// Mean over trials of a number that every trial has.
    pub(crate) fn mean(&self, arm: usize, position: usize) -> f64 {
        self.sums[arm * self.layout.len() + position] / self.trials as f64
    }

    /// How often each option is best.
    pub(crate) fn choice(&self) -> QuestionResult {
        self.best.choice(self.model)
    }

    /// Share of trials in which a hyperscaler makes a loss.
    pub(crate) fn loss(&self, arm: usize, h: usize) -> f64 {
        self.losses[arm * self.layout.hyperscalers + h] as f64 / self.trials as f64
    }

    /// Mean over windows and trials of the share of l's demand for h that each state serves.
    pub(crate) fn served_from(&self, arm: usize, l: usize, h: usize) -> impl Iterator<Item = f64> {
        let first = self.layout.served_from(l, h);
        (first..first + self.layout.states).map(move |position| self.mean(arm, position))
    }
}

/// Moments and tally of pairs of a value and its reference.
fn compared(
    groups: Groups,
    both: impl Iterator<Item = (f64, f64)>,
) -> (Streamed, ComparisonCounts) {
    let (mut streamed, mut tally) = (Streamed::new(groups), ComparisonCounts::default());
    for (value, reference) in both {
        streamed.push(value - reference);
        tally.push(value, reference);
    }
    (streamed, tally)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::outcome::{DifferenceCause, StateMetric};
    use crate::study::results::fixture::{PAYOFFS, model, rows};
    use crate::study::results::value_memory::MEMORY;
    use crate::theory::stats::sketch::{CELL_BYTES, MOST_CELLS, RELATIVE_ERROR};

    fn collect(model: &Model, memory: ValueMemory) -> Collector<'_> {
        let mut collector = Collector::with_memory(model, 4, memory);
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
    fn what_is_kept_changes_quantiles_alone() {
        let model = model();
        let all = collect(&model, ValueMemory::All);
        let quantity = Quantity::State(0, StateMetric::Payoff);
        for memory in [ValueMemory::Counts, ValueMemory::First(3)] {
            let other = collect(&model, memory);
            for (pair, of) in pairs_of_arms(3).enumerate() {
                let (left, tally) = all.difference(pair, of, quantity).expect("finite");
                let (right, same) = other.difference(pair, of, quantity).expect("finite");
                let (left, right) = (left.expect("values"), right.expect("values"));
                assert_eq!((left.mean, left.sd, tally), (right.mean, right.sd, same));
                assert_eq!((left.min, left.max), (right.min, right.max));
                if memory == ValueMemory::Counts {
                    assert!((left.p75 - right.p75).abs() <= RELATIVE_ERROR * left.p75.abs());
                }
            }
        }
        let of_cause = |cause| CauseDifference { of: Some(0), cause };
        for memory in [ValueMemory::All, ValueMemory::Counts, ValueMemory::First(3)] {
            let kept = collect(&model, memory);
            let stat = |cause| {
                let stat = kept.difference_of_cause(1, (2, 0), of_cause(cause));
                stat.expect("finite")
            };
            // What the framework brings A beyond what it has alone: 0.5, 0, 0, 0; and the bloc beyond the framework: 0.5, 0, -1, 1.
            let rules = stat(DifferenceCause::Rules).expect("values");
            assert_eq!((rules.mean, rules.max), (0.125, 0.5), "{memory:?}");
            let table = stat(DifferenceCause::Table).expect("values");
            assert_eq!((table.mean, table.min), (0.125, -1.0), "{memory:?}");
            // Not computed.
            assert_eq!(stat(DifferenceCause::Members), None);
        }
        let first = collect(&model, ValueMemory::First(3));
        let stat = first.stat(2, quantity).expect("finite").expect("values");
        // Payoffs of A in the bloc: 2, 0, 1, 2; the quantiles are of the first three.
        assert_eq!((stat.mean, stat.p50), (1.25, 1.0));
    }

    /// Bytes that are kept of values.
    fn bytes(collector: &Collector<'_>) -> u64 {
        let series = collector.series.iter().map(|series| match &series.values {
            KeptValues::First(values) => (values.capacity() * size_of::<f64>()) as u64,
            KeptValues::Counts(sketch) => sketch.bytes(),
        });
        let differences = collector.differences.iter().map(|one| one.sketch.bytes());
        series.chain(differences).sum()
    }

    #[test]
    fn many_trials_stay_within_their_memory() {
        const TRIALS: u64 = 10_000;
        let model = model();
        for memory in [ValueMemory::Counts, ValueMemory::First(1000)] {
            let mut collector = Collector::with_memory(&model, TRIALS, memory);
            let (series, pairs) = (collector.series.len(), collector.differences.len());
            let most = match memory {
                ValueMemory::First(room) => 8 * room * series as u64,
                _ => CELL_BYTES * MOST_CELLS.min(TRIALS) * (series + pairs) as u64,
            };
            let layout = collector.layout;
            let summarised = collector.quantities.iter();
            let in_row = summarised.map(|quantity| quantity.position(&layout));
            let places: Vec<usize> = in_row.collect();
            let mut rows = rows(&model, &PAYOFFS[0]);
            let mut state = 1u64;
            for index in 0..TRIALS {
                for &place in &places {
                    state = state
                        .wrapping_mul(6364136223846793005)
                        .wrapping_add(1442695040888963407);
                    // Of both signs, dense around zero and far from it: as many cells as differences have.
                    let uniform = (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
                    rows[place] = 1e3 * uniform * uniform * uniform;
                }
                let trial = Trial {
                    index,
                    rows: &rows,
                    draws: &[],
                };
                collector.push(trial).expect("finite rows");
            }
            assert!(most < MEMORY);
            let bytes = bytes(&collector);
            assert!(bytes <= most, "{memory:?}: {bytes} bytes");
        }
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
                text.starts_with("world 7 (--trial 7): framework.state.B.payoff"),
                "{text}"
            );
        }
    }
}
