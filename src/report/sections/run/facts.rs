//! What a document of a run is made of, read and computed before anything is written.

use crate::engine::model::arm::{EXACT_MEMBERS, Mode};
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::question::View;
use crate::engine::model::{Identity, Model};
use crate::engine::outcome::{CauseMetric, TotalMetric};
use crate::report::amounts::{present_value, unit};
use crate::report::document::{Span, Text, code};
use crate::report::numbers::{Pair, Quote};
use crate::report::sections::causes::Split;
use crate::report::sections::run::rules::framework_of;
use crate::report::sections::run::worlds::WorldTables;
use crate::study::results::choice::{best_other, is_off};
use crate::study::results::discover::DiscoveryResults;
use crate::study::results::run::{ArmResult, Results};
use crate::study::results::sensitivity::SensitivityResults;
use crate::study::results::stability::StabilityResults;
use crate::study::results::sweep::SweepResults;
use crate::study::results::theories::TheoryResults;
use crate::study::results::threshold::ThresholdResults;
use crate::theory::stats::summary::Stat;

/// States times arms, at most, for which every state has its panels in every arm.
const MOST_PANELS: usize = 100;

/// The metric of what states get.
const PAYOFF: &str = "payoff";

/// Errors of amounts that are less than this, a dollar in US$ bn, are rounding.
const LEAST_ERROR: f64 = 1e-9;

/// A run with everything that its page shows.
#[derive(Debug)]
pub struct Facts<'a> {
    pub model: &'a Model,
    pub results: &'a Results,
    /// Index of the arm that others are compared with.
    pub reference: usize,
    /// What was read from the tables; none where they were not kept.
    pub worlds: Option<WorldTables>,
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
    /// Whether a reader moves its settings on a page, where searches stand for commands.
    pub explored: bool,
}

/// A finished study of the same scenario.
#[derive(Debug)]
pub enum StudyResults {
    Sensitivity(SensitivityResults),
    Discover(DiscoveryResults),
    Sweep(SweepResults),
    Threshold(ThresholdResults),
    Theories(TheoryResults),
    Stability(Box<StabilityResults>),
}

impl Facts<'_> {
    /// The studies of stability among those of the same scenario, each with its name on the page.
    pub(super) fn stability(&self) -> impl Iterator<Item = (String, &StabilityResults)> {
        let studies = (1..).zip(&self.studies);
        studies.filter_map(|(at, study)| match study {
            StudyResults::Stability(results) => Some((format!("study-{at}"), &**results)),
            _ => None,
        })
    }
}

impl<'a> Facts<'a> {
    /// A run by itself: its results, without single worlds and other studies.
    pub fn new(model: &'a Model, results: &'a Results, reference: usize) -> Facts<'a> {
        Facts {
            model,
            results,
            reference,
            worlds: None,
            studies: Vec::new(),
            inputs: Vec::new(),
            circumstance: Vec::new(),
            repeat: Vec::new(),
            shipped: Vec::new(),
            explored: false,
        }
    }

    pub(in crate::report::sections) fn trials(&self) -> u64 {
        self.results.manifest.trials
    }

    pub(in crate::report::sections) fn is_single(&self) -> bool {
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

    /// Whose choice the question is.
    pub(in crate::report::sections) fn view(&self) -> View {
        self.model.question.view
    }

    /// The arm that the headline is about: the best of the options for whoever chooses, besides the reference; none if there is no other.
    pub(in crate::report::sections) fn headline(&self) -> Option<usize> {
        self.best_other(self.view())
    }

    /// The option besides the reference that brings a party most.
    pub(in crate::report::sections) fn best_other(&self, view: View) -> Option<usize> {
        best_other(self.model, self.results, self.reference, view)
    }

    /// The framework with the same rules as a bloc.
    pub(super) fn framework(&self, bloc: usize) -> Option<usize> {
        framework_of(self.model, self.reference, bloc, &self.shown())
    }

    /// Arms that are not switched off, and the reference.
    pub(in crate::report::sections) fn shown(&self) -> Vec<usize> {
        let arms = 0..self.model.arms.len();
        arms.filter(|&arm| arm == self.reference || !is_off(self.model, arm))
            .collect()
    }

    /// Arms that are shown, but for the reference.
    pub(in crate::report::sections) fn others(&self) -> Vec<usize> {
        let shown = self.shown().into_iter();
        shown.filter(|&arm| arm != self.reference).collect()
    }

    /// The reference and the arm of the headline.
    pub(super) fn pair_of_arms(&self) -> Vec<usize> {
        [self.reference]
            .into_iter()
            .chain(self.headline())
            .collect()
    }

    /// Indices of the states, by falling value.
    pub(super) fn states_by(&self, value: impl Fn(usize) -> f64) -> Vec<usize> {
        let mut states: Vec<usize> = (0..self.model.states.len()).collect();
        states.sort_by(|&one, &other| value(other).total_cmp(&value(one)));
        states
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

    pub(in crate::report::sections) fn accords(&self) -> Vec<usize> {
        let shown = self.shown().into_iter();
        shown
            .filter(|&arm| self.model.arms[arm].is_accord())
            .collect()
    }

    pub(super) fn of_mode(&self, mode: Mode) -> Vec<usize> {
        let shown = self.shown().into_iter();
        shown
            .filter(|&arm| self.model.arms[arm].mode == mode)
            .collect()
    }

    pub(in crate::report::sections) fn name(&self, arm: usize) -> &'a str {
        &self.model.arms[arm].name
    }

    /// Name of an arm as it is typed.
    pub(in crate::report::sections) fn arm(&self, arm: usize) -> Span {
        code(self.name(arm))
    }

    pub(in crate::report::sections) fn result(&self, arm: usize) -> &'a ArmResult {
        &self.results.arms[self.name(arm)]
    }

    pub(in crate::report::sections) fn state(&self, i: usize) -> &'a Identity {
        &self.model.states[i]
    }

    /// What payoffs and profits are, but for their unit.
    pub(in crate::report::sections) fn money(&self) -> String {
        present_value(&self.model.horizon)
    }

    /// Unit of payoffs and profits.
    pub(in crate::report::sections) fn unit(&self) -> String {
        format!("US$ bn, {}", self.money())
    }

    pub(super) fn short_unit(&self) -> String {
        unit(&self.model.horizon)
    }

    pub(in crate::report::sections) fn year(&self, window: usize) -> f64 {
        let horizon = &self.model.horizon;
        horizon.start_year + window as f64 * horizon.window_years
    }

    pub(in crate::report::sections) fn of_state(
        &self,
        arm: usize,
        i: usize,
        metric: &str,
    ) -> Quote {
        let id = &self.state(i).id;
        let stat = self.result(arm).states[id]
            .metrics
            .get(metric)
            .copied()
            .flatten();
        let path = format!("arms.{}.states.{id}.{metric}", self.name(arm));
        let error = (metric == PAYOFF).then(|| self.sampling_error(&[arm]));
        Quote::new(stat, path).known_to(error.flatten())
    }

    /// The largest standard error of a sampled share of an arm's gain; none where all shares are exact.
    pub(super) fn share_error(&self, arm: usize) -> Option<f64> {
        let is_sampled = self.model.states.len() > EXACT_MEMBERS as usize;
        let error = self.result(arm).accord.share_error.filter(|_| is_sampled)?;
        Some(error.mean)
    }

    /// The standard error that sampled shares leave in the payoff of a member in these arms, US$ bn, in one world: that of its share times what is pooled, what
    /// states get together beyond what they get alone, summed over windows. Over many worlds it is part of their spread.
    fn sampling_error(&self, arms: &[usize]) -> Option<f64> {
        let of_arm = |&arm: &usize| {
            let totals = &self.result(arm).totals;
            let mean = |stat: Option<&Option<Stat>>| Some(stat.copied().flatten()?.mean);
            let payoff = mean(totals.metrics.get(PAYOFF))?;
            let alone = mean(totals.causes.get(CauseMetric::Alone.name()))?;
            let slot = Slot::Arm(arm, ArmKey::SidePayments);
            let pooled = self.model.base[self.model.layout.index(slot)];
            Some(self.share_error(arm)? * pooled * (payoff - alone).abs())
        };
        let errors = arms.iter().filter(|_| self.is_single()).filter_map(of_arm);
        let error = errors.map(|error| error * error).sum::<f64>().sqrt();
        (error > LEAST_ERROR).then_some(error)
    }

    pub(in crate::report::sections) fn total(&self, arm: usize, metric: TotalMetric) -> Quote {
        let name = metric.name();
        let stat = self.result(arm).totals.metrics.get(name).copied().flatten();
        Quote::new(stat, format!("arms.{}.totals.{name}", self.name(arm)))
    }

    pub(super) fn of_hyperscaler(&self, arm: usize, h: usize, metric: &str) -> Quote {
        let id = &self.model.hyperscalers[h].id;
        let result = &self.result(arm).hyperscalers[id];
        let stat = match metric {
            "profit" => result.profit,
            "compliance_cost" => result.compliance_cost,
            "capex_present" => result.capex_present,
            _ => result.capex,
        };
        Quote::new(
            stat,
            format!("arms.{}.hyperscalers.{id}.{metric}", self.name(arm)),
        )
    }

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
    pub(in crate::report::sections) fn state_pair(
        &self,
        arm: usize,
        reference: usize,
        i: usize,
        metric: &str,
    ) -> Pair {
        let id = &self.state(i).id;
        let (at, turned) = self.compared(arm, reference);
        let paired = &self.results.comparisons[at].states[id].metrics[metric];
        let path = format!("comparisons.{at}.states.{id}.{metric}");
        let error = (metric == PAYOFF).then(|| self.sampling_error(&[arm, reference]));
        Pair::new(paired, path, turned, self.trials()).known_to(error.flatten())
    }

    pub(in crate::report::sections) fn total_pair(
        &self,
        arm: usize,
        reference: usize,
        metric: TotalMetric,
    ) -> Pair {
        let (at, turned) = self.compared(arm, reference);
        let name = metric.name();
        let paired = &self.results.comparisons[at].totals.metrics[name];
        Pair::new(
            paired,
            format!("comparisons.{at}.totals.{name}"),
            turned,
            self.trials(),
        )
    }

    /// The difference of payoff between two arms, of a state or of all together, with what each cause is worth.
    pub(in crate::report::sections) fn split(
        &self,
        arm: usize,
        reference: usize,
        state: Option<usize>,
        label: Text,
    ) -> Split {
        let (at, turned) = self.compared(arm, reference);
        let compared = &self.results.comparisons[at];
        let (both, place) = match state {
            None => (&compared.totals, "totals".to_owned()),
            Some(i) => {
                let id = &self.state(i).id;
                (&compared.states[id], format!("states.{id}"))
            }
        };
        let place = format!("comparisons.{at}.{place}");
        let error = state.and_then(|_| self.sampling_error(&[arm, reference]));
        Split::of_arms(label, both, &place, turned, self.trials()).known_to(error)
    }

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
        let found = self
            .results
            .comparison(self.name(arm), self.name(reference));
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
