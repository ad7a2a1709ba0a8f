//! Which option is best: counted world by world, for all states together and for each party.

use crate::engine::model::Model;
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::question::{REGION, View};
use crate::engine::outcome::{
    HyperscalerMetric, OutcomeLayout, Relation, StateMetric, TotalMetric,
};
use crate::study::results::question::{BestShare, BestShares, ChoiceOption, QuestionResult};
use crate::study::results::run::{Metrics, Results};
use crate::theory::stats::summary::Stat;

/// Whether an arm is switched off in every world: no event switches it on.
pub(crate) fn is_off(model: &Model, arm: usize) -> bool {
    let slot = model.layout.index(Slot::Arm(arm, ArmKey::Active));
    let mut set = model.events.iter().flat_map(|event| &event.set);
    model.base[slot] == 0.0
        && model.uncertain.iter().all(|one| one.slot != slot)
        && !set.any(|setting| setting.may_raise(slot))
}

/// The arms to choose from: those of the question that are not switched off in every world; the reference where none is left.
pub fn options(model: &Model) -> Vec<usize> {
    let options = model.question.options.iter().copied();
    let shown: Vec<usize> = options.filter(|&arm| !is_off(model, arm)).collect();
    match shown.is_empty() {
        true => vec![0],
        false => shown,
    }
}

/// The arm that a reader's differences are taken to where none is named: the first, if it is an option, else the first option.
pub fn default_reference(model: &Model) -> usize {
    let options = options(model);
    match options.contains(&0) {
        true => 0,
        false => options[0],
    }
}

/// Path of the result of each world that decides for whoever chooses, in an arm.
pub fn decides(model: &Model, arm: usize, view: View) -> String {
    let name = &model.arms[arm].name;
    match view {
        View::Region => format!("{name}.total.payoff"),
        View::State(i) => format!("{name}.state.{}.payoff", model.states[i].id),
        View::Hyperscaler(h) => {
            format!("{name}.hyperscaler.{}.profit", model.hyperscalers[h].id)
        }
    }
}

/// The option besides the reference that brings a party most on average: the first of those that bring the same; none if there is no other.
pub fn best_other(model: &Model, results: &Results, reference: usize, view: View) -> Option<usize> {
    let mean = |stat: Option<&Stat>| stat.map_or(f64::NEG_INFINITY, |stat| stat.mean);
    let brings = |arm: usize| {
        let result = &results.arms[&model.arms[arm].name];
        let payoff = |metrics: &Metrics| mean(metrics[StateMetric::Payoff.name()].as_ref());
        match view {
            View::Region => payoff(&result.totals.metrics),
            View::State(i) => payoff(&result.states[&model.states[i].id].metrics),
            View::Hyperscaler(h) => mean(
                result.hyperscalers[&model.hyperscalers[h].id]
                    .profit
                    .as_ref(),
            ),
        }
    };
    let others = options(model).into_iter().filter(|&arm| arm != reference);
    others.reduce(|most, one| {
        if brings(one) > brings(most) {
            one
        } else {
            most
        }
    })
}

/// The word for a view: "region", or an id.
pub fn view_name(view: View, model: &Model) -> &str {
    match view {
        View::Region => REGION,
        View::State(i) => &model.states[i].id,
        View::Hyperscaler(h) => &model.hyperscalers[h].id,
    }
}

/// Counts of worlds in which each option is best.
#[derive(Debug)]
pub(super) struct BestCounts {
    options: Vec<usize>,
    /// Where a row holds what each party gets.
    positions: Vec<usize>,
    /// Best, and better than all others, by party and option.
    counts: Vec<[u64; 2]>,
    worlds: u64,
}

impl BestCounts {
    pub fn new(model: &Model, layout: &OutcomeLayout) -> BestCounts {
        let options = options(model);
        let states = (0..layout.states).map(|i| layout.state(i, StateMetric::Payoff));
        let hyperscalers = 0..layout.hyperscalers;
        let profits = hyperscalers.map(|h| layout.hyperscaler(h, HyperscalerMetric::Profit));
        let all = [layout.total(TotalMetric::Payoff)].into_iter();
        let positions: Vec<usize> = all.chain(states).chain(profits).collect();
        BestCounts {
            counts: vec![[0; 2]; positions.len() * options.len()],
            options,
            positions,
            worlds: 0,
        }
    }

    /// Takes in the rows of a world, arm after arm.
    pub fn push(&mut self, rows: &[f64], width: usize) {
        let options = &self.options;
        let of_parties = self.counts.chunks_mut(options.len());
        for (&position, counts) in self.positions.iter().zip(of_parties) {
            let gets = |arm: usize| rows[arm * width + position];
            let most = options
                .iter()
                .map(|&arm| gets(arm))
                .fold(f64::MIN, f64::max);
            let is_best = |arm: usize| Relation::of(gets(arm), most) == Some(Relation::Same);
            let alone = options.iter().filter(|&&arm| is_best(arm)).count() == 1;
            for (&arm, count) in options.iter().zip(counts) {
                let best = is_best(arm);
                count[0] += u64::from(best);
                count[1] += u64::from(best && alone);
            }
        }
        self.worlds += 1;
    }

    pub fn choice(&self, model: &Model) -> QuestionResult {
        let worlds = self.worlds as f64;
        let name = |arm: usize| model.arms[arm].name.clone();
        let of_parties = self.counts.chunks(self.options.len());
        let mut shares = of_parties.map(|counts| {
            let share = |&[best, alone]: &[u64; 2]| BestShare {
                best: best as f64 / worlds,
                alone: alone as f64 / worlds,
            };
            let names = self.options.iter().map(|&arm| name(arm));
            names.zip(counts.iter().map(share)).collect::<BestShares>()
        });
        let region = shares.next().unwrap_or_default();
        let mut by_id = |ids: Vec<String>| ids.into_iter().zip(shares.by_ref()).collect();
        let states = model.states.iter().map(|one| one.id.clone());
        let states = by_id(states.collect());
        let hyperscalers = model.hyperscalers.iter().map(|one| one.id.clone());
        QuestionResult {
            text: model.question.text.clone(),
            view: view_name(model.question.view, model).to_owned(),
            options: (self.options.iter())
                .map(|&arm| ChoiceOption {
                    arm: name(arm),
                    title: model.arms[arm].title.clone(),
                    what: model.arms[arm].what.clone(),
                })
                .collect(),
            region,
            states,
            hyperscalers: by_id(hyperscalers.collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::study::results::fixture::{PAYOFFS, model, results};

    #[test]
    fn the_best_of_each_world_by_hand() {
        let choice = results(&model(), &PAYOFFS).question.expect("counted");
        // Totals by world: 2, 2.5, 3.5; 0, 0, 0; 3, 3.5, 2.5; 3, 3.5, 5.
        let region = |arm: &str| (choice.region[arm].best, choice.region[arm].alone);
        assert_eq!(region("bilateral"), (0.25, 0.0));
        assert_eq!(region("framework"), (0.5, 0.25));
        assert_eq!(region("bloc"), (0.75, 0.5));
        // A: 1, 1.5, 2; 0, 0, 0; 2, 2, 1; 1, 1, 2.
        let state = |arm: &str| (choice.states["A"][arm].best, choice.states["A"][arm].alone);
        assert_eq!(state("bilateral"), (0.5, 0.0));
        assert_eq!(state("bloc"), (0.75, 0.5));
        // Profit is what the states leave of 3.
        assert_eq!(choice.hyperscalers["H"]["bilateral"].best, 0.75);
        assert_eq!(choice.hyperscalers["H"]["bloc"].alone, 0.25);
    }

    #[test]
    fn only_options_are_counted() {
        let mut model = model();
        model.question.options = vec![0, 1];
        let choice = results(&model, &PAYOFFS).question.expect("counted");
        assert_eq!(choice.options.len(), 2);
        assert_eq!(choice.region["framework"].alone, 0.75);
        assert!(!choice.region.contains_key("bloc"));
    }
}
