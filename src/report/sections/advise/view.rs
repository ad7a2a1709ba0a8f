//! What every part of an advice starts from.

use crate::engine::model::Model;
use crate::engine::model::question::View;
use crate::report::sections::run::facts::Facts;
use crate::study::results::advise::AdviceResults;
use crate::study::results::run::Input;

pub(super) struct AdviceView<'a> {
    pub model: &'a Model,
    pub results: &'a AdviceResults,
    pub view: View,
    /// The run behind it.
    pub facts: Facts<'a>,
    /// The options, the best first.
    pub ranked: Vec<usize>,
}

impl<'a> AdviceView<'a> {
    pub fn new(model: &'a Model, results: &'a AdviceResults, view: View) -> AdviceView<'a> {
        let arm = |name: &String| model.arms.iter().position(|arm| arm.name == *name);
        let reference = arm(&results.reference).unwrap_or(0);
        AdviceView {
            facts: Facts::new(model, &results.run, reference),
            ranked: results.ranked.iter().filter_map(arm).collect(),
            model,
            results,
            view,
        }
    }

    /// The best option besides the reference.
    pub fn best_other(&self) -> Option<usize> {
        let mut others = self.ranked.iter().copied();
        others.find(|&arm| arm != self.facts.reference)
    }

    /// What the scenario says of the input at a path.
    pub fn input(&self, path: &str) -> Option<&'a Input> {
        self.results.run.inputs.iter().find(|one| one.path == path)
    }

    pub fn state_name(&self, id: &str) -> &'a str {
        let state = self.model.states.iter().find(|one| one.id == id);
        state.map_or("", |one| &one.name)
    }
}
